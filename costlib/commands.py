"""Commands of ``python -m costlib``: arguments in, one document out; ``workspace`` and ``store`` do the work."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from costlib import money
from costlib.focus import CURRENCY, DAY, EFFECTIVE
from costlib.periods import Grain, Window
from costlib.settings import read_settings
from costlib.store.load import Loaded
from costlib.store.query import Question, dimension, measure
from costlib.store.query_text import filters_of
from costlib.store.status import status_document
from costlib.workspace import Progress, Workspace

app = typer.Typer(
    name="costlib",
    help="Glidepath: from cloud bills to a plan that brings AI spend down.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

StoreOption = Annotated[
    Path | None, typer.Option("--store", help="Folder that holds everything [default: data/store].")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]


class Format(StrEnum):
    """How a table is printed."""

    CSV = "csv"
    JSON = "json"
    TABLE = "table"


@app.callback()
def settings(context: typer.Context, store: StoreOption = None) -> None:
    """Glidepath: from cloud bills to a plan that brings AI spend down."""
    context.obj = store


@app.command()
def demo(context: typer.Context, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Write the sample company's bills under the store and load them."""
    console = Console(stderr=True)
    with console.status("Writing the sample company") as status:
        done = _workspace(context, store).demo(_progress(console, status.update))
    _report(done, as_json)


@app.command()
def load(
    context: typer.Context,
    where: Annotated[list[Path], typer.Argument(help="Files or folders of an export.")],
    source: Annotated[
        str | None, typer.Option(help="Name of the connection [default: type and name of the export].")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--type", help="Kind of export, where it is not to be recognised by content.")
    ] = None,
    supersede: Annotated[
        bool, typer.Option("--supersede", help="Replace other sources for the same account and period.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load bills: all of the files or none, published in one step and tied out to the cent."""
    console = Console(stderr=True)
    with console.status("Looking at the files") as status:
        done = _workspace(context, store).load(
            where, source=source, kind=kind, supersede=supersede, progress=_progress(console, status.update)
        )
    _report(done, as_json)


@app.command()
def status(
    context: typer.Context,
    store: StoreOption = None,
    as_json: JsonOption = False,
    history: Annotated[
        bool, typer.Option("--history", help="Every state that was ever current, oldest first.")
    ] = False,
) -> None:
    """What is loaded, and how it ties out to the bills."""
    workspace = _workspace(context, store)
    current = workspace.store.current()
    document = status_document(current)
    if history:
        document["history"] = [status_document(state) for state in workspace.store.history()]
    if as_json:
        _print_json(document)
        return
    table = Table("Source", "Account", "Period", "Rows", "Quarantined", "Billed", "Ties out")
    for entry in document["loads"]:
        billed = f"{entry['sums_store']['BilledCost']} {entry['currency']}"
        tied = "yes" if entry["tied_out"] else "NO"
        cells = (
            entry["source"],
            entry["account"],
            entry["period"],
            entry["rows_loaded"],
            entry["rows_quarantined"],
            billed,
            tied,
        )
        table.add_row(*map(str, cells))
    Console().print(table)


@app.command()
def query(
    context: typer.Context,
    by: Annotated[str, typer.Option(help="Dimensions, separated by commas; empty for the total.")] = "",
    measure_name: Annotated[str, typer.Option("--measure", help="Cost measure or quantity.")] = EFFECTIVE,
    grain: Annotated[Grain, typer.Option(help="Period of each sum; year is the fiscal year.")] = Grain.TOTAL,
    start: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First usage day.")] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Day after the last usage day.")
    ] = None,
    where: Annotated[list[str] | None, typer.Option(help="Filter such as x_Team=Search; repeat it for more.")] = None,
    form: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = Format.TABLE,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sum a measure by any dimensions; exact, in the billing currency."""
    form = Format.JSON if as_json else form
    asked = dict.fromkeys(dimension(name.strip()) for name in by.split(",") if name.strip())
    names = tuple(name for name in asked if grain is Grain.TOTAL or name != DAY)
    question = Question(
        by=names,
        measure=measure(measure_name),
        grain=grain,
        window=Window(start.date() if start else date.min, end.date() if end else date.max) if start or end else None,
        filters=filters_of(where or []),
        fiscal_start=read_settings().fiscal_year_start,
    )
    rows = _workspace(context, store).snapshot().reader.ask(question)
    period = () if grain is Grain.TOTAL else (DAY,)
    header = [*period, *(name for name in names if name != CURRENCY), CURRENCY, question.measure]
    shown = [
        dict(zip(names, row.values, strict=True))
        | ({DAY: row.period.isoformat() if row.period else None} if period else {})
        | {CURRENCY: row.currency, question.measure: money.exact(row.amount)}
        for row in rows
    ]
    if form is Format.JSON:
        ordered = [{name: row[name] for name in header} for row in shown]
        _print_json(
            {"measure": question.measure, "rows": ordered, "unknown_line_items": sum(row.unknown for row in rows)}
        )
    elif form is Format.CSV:
        writer = csv.DictWriter(sys.stdout, header)
        writer.writeheader()
        writer.writerows(shown)
    else:
        table = Table(*header)
        for row in shown:
            table.add_row(*("unknown" if row[name] is None else str(row[name]) for name in header))
        Console().print(table)


def _workspace(context: typer.Context, store: Path | None) -> Workspace:
    return Workspace(store or context.obj or read_settings().store)


def _progress(console: Console, update: Callable[[str], None]) -> Progress:
    def tell(message: str) -> None:
        update(message)
        console.print(message, highlight=False, markup=False)

    return tell


def _report(done: list[Loaded], as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "source": item.export,
                "changed": item.changed,
                "rows_loaded": item.rows_loaded,
                "rows_quarantined": item.rows_quarantined,
                "tied_out": all(entry.tied_out for part in item.parts for entry in part.tie_outs),
            }
            for item in done
        ]
        _print_json({"loads": rows})
        return
    console = Console(stderr=True)
    loaded, aside = sum(item.rows_loaded for item in done), sum(item.rows_quarantined for item in done)
    tied = all(entry.tied_out for item in done for part in item.parts for entry in part.tie_outs)
    verdict = "tied out to the bill" if tied else "DOES NOT TIE OUT: see status"
    console.print(f"{loaded:,} rows in the store, {aside:,} in quarantine; {verdict}")


def _print_json(document: object) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False))
