"""Commands on bills: the sample company, loading, what is loaded, sums."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from costlib import money
from costlib.briefs.words.left_out import absence_words, left_out_words, missing_words
from costlib.commands.options import (
    Format,
    FormatOption,
    FromOption,
    JsonOption,
    StoreOption,
    ToOption,
    asked_form,
    asked_window,
    existing,
    named,
    named_path,
    workspace,
)
from costlib.commands.output import print_json, print_rows, progress, say
from costlib.commands.places import ordinary
from costlib.errors import StoreError
from costlib.focus import BILLED, EFFECTIVE
from costlib.periods import Grain, Window, meets
from costlib.rates import documents
from costlib.settings import read_settings
from costlib.sources.places import WRITTEN
from costlib.store.absences import absences
from costlib.store.alike import Alike, alike
from costlib.store.alike_words import alike_lines
from costlib.store.converted import ask_in
from costlib.store.dry_run import Planned, foreseen, is_elsewhere, restated
from costlib.store.dry_run_words import plan_lines, plan_words, restated_lines
from costlib.store.load import Loaded
from costlib.store.manifest import Manifest
from costlib.store.missing import missing_months
from costlib.store.query_text import answer, dimensions_of, filters_of
from costlib.store.question import Question, measure
from costlib.store.reader import Reader
from costlib.store.status import status_document
from costlib.store.store import Store
from costlib.workspace import EXPORTS_FOLDER, Workspace

#: Columns of the states that were current.
_STATES = ("number", "published_at", "sources", "rows")


def demo(
    context: typer.Context,
    startup: Annotated[
        bool, typer.Option("--startup", help="The start-up of 50,000 USD a month instead of the sample company.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the sample company's bills under the store and load them."""
    from costlib import demo as samples  # only who wants the sample pays for loading what makes it

    place = workspace(context, store)
    _refuse_others(place)
    before = place.store.manifest()
    with progress("Writing the sample company") as tell:
        done = samples.load_startup(place, tell) if startup else samples.load_company(place, tell)
    _report(place.store, done, before, as_json)


def load(
    context: typer.Context,
    where: Annotated[
        list[Path],
        typer.Argument(
            help=f"Files or folders of an export, or {', '.join(WRITTEN)} (see docs/sources.md).",
            parser=named_path,
        ),
    ],
    source: Annotated[
        str | None,
        typer.Option(parser=named, help="Name of the connection.", show_default="type and name of the export"),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--type", parser=named, help="Kind of export, where it is not to be recognised by content."),
    ] = None,
    supersede: Annotated[
        bool, typer.Option("--supersede", help="Replace other sources for the same account and period.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Say what would be fetched, what that costs and what changes; load nothing."),
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load bills: all of the files or none, published in one step and tied out to the cent."""
    place = workspace(context, store)
    for one in where:
        ordinary(one)
    if dry_run:
        _foresee(place, where, source, kind, supersede, as_json)
        return
    before = place.store.manifest()
    with progress("Looking at the files") as tell:
        done = place.load(where, source=source, kind=kind, supersede=supersede, progress=tell)
    _report(place.store, done, before, as_json)


def status(
    context: typer.Context,
    store: StoreOption = None,
    as_json: JsonOption = False,
    history: Annotated[
        bool, typer.Option("--history", help="Every state that was ever current, oldest first.")
    ] = False,
) -> None:
    """What is loaded, and how it ties out to the bills."""
    held = existing(context, store).store
    document = status_document(held.current())
    if history:
        document["history"] = [status_document(state) for state in held.history()]
    if as_json:
        print_json(document)
        return
    header = ("Source", "Account", "Period", "Rows", "Quarantined", "Billed", "Ties out")
    rows = [
        (
            entry["source"],
            entry["account"],
            entry["period"],
            str(entry["rows_loaded"]),
            str(entry["rows_quarantined"]),
            f"{entry['sums_store'][BILLED] or money.UNKNOWN} {entry['currency'] or ''}".strip(),
            "yes" if entry["tied_out"] else "NO",
        )
        for entry in document["loads"]
    ]
    print_rows(header, [dict(zip(header, row, strict=True)) for row in rows], Format.TABLE)
    if history:
        print_rows(_STATES, [_state(state) for state in document["history"]], Format.TABLE)


def query(
    context: typer.Context,
    by: Annotated[str, typer.Option(help="Dimensions, separated by commas; empty for the total.")] = "",
    measure_name: Annotated[str, typer.Option("--measure", help="Cost, or a quantity by its unit.")] = EFFECTIVE,
    grain: Annotated[Grain, typer.Option(help="Period of each sum; year is the fiscal year.")] = Grain.TOTAL,
    start: FromOption = None,
    end: ToOption = None,
    where: Annotated[list[str] | None, typer.Option(help="Filter such as x_Team=Search; repeat it for more.")] = None,
    currency: Annotated[
        str | None,
        typer.Option(
            parser=named,
            metavar="CODE",
            help="Convert to this currency by the rates of each billing month (rates.yaml).",
        ),
    ] = None,
    form: FormatOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sum a measure by any dimensions; exact, in the billing currency or, converted, in one."""
    answer_form, summed = asked_form(form, as_json), measure(measure_name)
    question = Question(
        by=dimensions_of(by, grain, summed),
        measure=summed,
        grain=grain,
        window=asked_window(start, end),
        filters=filters_of(where or []),
        fiscal_start=read_settings().fiscal,
    )
    place = existing(context, store)
    reader = place.snapshot().reader
    reader.check(question.filters)
    if currency:
        converted = ask_in(reader, question, place.rates(), currency)
        found, rates = list(converted.rows), documents(converted.rates)
    else:
        found, rates = reader.ask(question), []
    header, rows = answer(question, found)
    unknown, missing = sum(row.unknown for row in found), _missing(reader, question.window)
    if answer_form is Format.JSON:
        months = [f"{month:%Y-%m}" for month in missing]
        document = {"measure": question.measure, "rows": rows, "unknown_line_items": unknown, "missing_months": months}
        print_json(document | ({"rates": rates} if currency else {}))
        return
    print_rows(header, rows, answer_form)
    absent = absence_words([one.told for one in absences(reader) if one.meets(question.window)])
    for said in filter(None, [left_out_words(unknown, question.measure), missing_words(missing), absent]):
        say(said)
    held = reader.window() if not rows else None
    if held:
        say(f"Nothing matches; the bills hold usage from {held.start} to {held.last}")


def _missing(reader: Reader, window: Window | None) -> list[date]:
    """The months of the window of which no bill is loaded though bills of earlier and later ones are."""
    return [month for month in missing_months(reader) if window is None or meets(window, [month])]


def _refuse_others(place: Workspace) -> None:
    """Refuse a folder that holds files of something else: no store, and none that was begun."""
    root = place.store.root
    found = sorted(path.name for path in root.iterdir() if not path.name.startswith(".")) if root.exists() else []
    if found and EXPORTS_FOLDER not in found and not place.is_store:
        raise StoreError(
            f"{root} holds {found[0]} and no store",
            expected="an empty or a new folder",
            fix="Choose another folder with --store.",
        )


def _state(document: dict[str, Any]) -> dict[str, str | int | None]:
    """A state that was published, of its document, as ``_STATES`` names it."""
    sources = sorted({entry["source"] for entry in document["loads"]})
    said = (document["sequence"], document["published_at"], ", ".join(sources), document["totals"]["rows"])
    return dict(zip(_STATES, said, strict=True))


def _foresee(
    place: Workspace, where: Sequence[Path], source: str | None, kind: str | None, supersede: bool, as_json: bool
) -> None:
    """Say what would be fetched and what that costs, and of what lies here also what would change."""
    lines = place.announced(where, source=source, kind=kind)
    with progress("Reading") as tell:
        found = foreseen(place.store, where, name=source, kind=kind, supersede=supersede, progress=tell)
    if as_json:
        print_json({"would": lines, "changes": [_change(row) for row in found.changes]})
        return
    here = not all(map(is_elsewhere, where))
    say("\n".join([*lines, *plan_lines(found.changes), *([plan_words(found)] if here else [])]))


def _change(row: Planned) -> dict[str, object]:
    return vars(row) | {"billed": money.exact(row.billed), "billed_now": money.exact(row.billed_now)}


def _report(store: Store, done: Sequence[Loaded], before: Manifest | None, as_json: bool) -> None:
    """Say what a load did; usage records that the state ``before`` did not hold are new."""
    replaced = restated(done)
    state, loaded = store.manifest(), {part.key for item in done for part in item.parts}
    twice = alike(state, store.root, loaded) if state else []
    if as_json:
        changes, pairs = [_change(row) for row in replaced], [_pair(one) for one in twice]
        loads = [_loaded(item, _usage_records(item, state, before)) for item in done]
        print_json({"loads": loads, "changes": changes, "alike": pairs})
        return
    for line in (*restated_lines(replaced), *alike_lines(twice)):
        say(line)
    say(_loaded_words(done, sum(_usage_records(item, state, before) for item in done)))
    if state and not state.has_bill:
        say("No bill is loaded yet; usage records count as soon as one is")


def _usage_records(item: Loaded, state: Manifest | None, before: Manifest | None) -> int:
    """The usage records that a load brought: those of its source that the state before did not hold."""
    held = set(before.usage) if before else set()
    brought = set(state.usage) - held if state else set()
    return sum(part.rows for part in brought if part.source == item.export)


def _loaded_words(done: Sequence[Loaded], records: int) -> str:
    """What was loaded: rows of bills, which tie out or do not, and usage records, which no bill totals."""
    bills = [item for item in done if item.parts]
    usage = f"{money.counted(records, 'usage record')} loaded" if records else "usage records: nothing changed"
    if not bills and done:
        return usage
    rows, aside = sum(item.rows_loaded for item in bills), sum(item.rows_quarantined for item in bills)
    verdict = "tied out to the bill" if all(map(_tied_out, bills)) else "DOES NOT TIE OUT: see status"
    beside = f"; {usage}" if len(bills) < len(done) else ""
    return f"{money.counted(rows, 'row')} loaded, {aside:,} in quarantine; {verdict}{beside}"


def _pair(found: Alike) -> dict[str, object]:
    bills = [vars(bill) | {"billed": money.exact(bill.billed)} for bill in (found.one, found.other)]
    counts = {"charges": found.charges, "shared": found.shared, "billed_twice": money.exact(found.twice)}
    return {"period": found.period, "bills": bills, **counts}


def _loaded(item: Loaded, records: int) -> dict[str, object]:
    return {
        "source": item.export,
        "changed": item.changed,
        "rows_loaded": item.rows_loaded,
        "rows_quarantined": item.rows_quarantined,
        **({"usage_records": records} if not item.parts else {}),
        "tied_out": _tied_out(item),
    }


def _tied_out(item: Loaded) -> bool:
    return all(entry.tied_out for part in item.parts for entry in part.tie_outs)
