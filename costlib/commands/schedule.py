"""Commands on documents that are made again by themselves: say which, see them, make what is due."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from costlib.commands.options import Colours, Format, JsonOption, StoreOption, existing, named, named_path
from costlib.commands.output import print_json, print_rows, progress, say
from costlib.documents.model import Shape
from costlib.errors import InputError

if TYPE_CHECKING:
    from costlib.state.schedule import Entry

schedule = typer.Typer(no_args_is_help=True, help="Documents that are made again by themselves (see docs/reports.md).")

_WHO = "the command line"
#: What stands for the files of an entry that was never made.
_NEVER = "not made yet"
_COLUMNS = ("number", "document", "files", "every", "last_data_date", "last_files")


@schedule.command("add")
def add(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="one-pager, annex, brief, deck, proposal, statement or variance.")],
    story: Annotated[str | None, typer.Option("--story", parser=named, help="The plan that it tells of.")] = None,
    team: Annotated[str | None, typer.Option("--team", parser=named, help="The team of a statement.")] = None,
    paper: Annotated[Shape | None, typer.Option("--paper", help="a4, letter or slide.")] = None,
    palette: Annotated[Colours, typer.Option("--palette", help="light or print.")] = Colours.LIGHT,
    logo: Annotated[bool, typer.Option("--logo/--no-logo", help="Whether the logo stands on it.")] = True,
    currency: Annotated[
        str | None,
        typer.Option("--currency", parser=named, metavar="CODE", help="Translate every amount (rates.yaml)."),
    ] = None,
    form: Annotated[list[str] | None, typer.Option("--as", help="pdf or pptx; may be given twice.")] = None,
    monthly: Annotated[bool, typer.Option("--monthly", help="Once a month is closed, not at every change.")] = False,
    store: StoreOption = None,
) -> None:
    """Make a document again from now on."""
    from costlib import reports  # only who exports pays for loading the arithmetic
    from costlib.state.schedule import EVERY, Scheduled
    from costlib.state.schedule import schedule as keep

    endings = tuple(dict.fromkeys(form or ("pdf",)))
    unknown = [one for one in endings if one not in reports.ENDINGS]
    if unknown:
        raise InputError(f"A document cannot be written as .{unknown[0]}", expected="pdf or pptx")
    asked = reports.order(kind, story, paper, team=team, palette=palette, logo=logo, currency=currency)
    place = existing(context, store)
    made = reports.document(place, asked)
    every = "month" if monthly else "change"
    wanted = Scheduled(
        document=kind,
        story=asked.story,
        team=team or "",
        paper=asked.shape.value,
        palette=palette.value,
        logo=logo,
        currency=currency or "",
        endings=endings,
        every=every,
    )
    keep(place.state(), wanted, who=_WHO)
    say(f"{made.title}: made {EVERY[wanted.every]}, by `schedule run`")


@schedule.command("list")
def list_entries(context: typer.Context, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """What is made again, and what was made last."""
    from costlib.state.schedule import entries

    found = list(enumerate(entries(existing(context, store).state()), start=1))
    if as_json:
        print_json({"scheduled": [_document(number, one) for number, one in found]})
    else:
        print_rows(_COLUMNS, [_row(number, one) for number, one in found], Format.TABLE)


@schedule.command("remove")
def remove(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="As schedule list counts.")],
    store: StoreOption = None,
) -> None:
    """Make a document no more; its files stay."""
    from costlib.state.schedule import entries, unschedule

    state = existing(context, store).state()
    found = entries(state)
    if not 1 <= number <= len(found):
        raise InputError(f"There is no entry {number}", expected=f"1 to {len(found)}" if found else "an entry")
    unschedule(state, found[number - 1], who=_WHO)
    say(f"{found[number - 1].wanted.name}: made no more")


@schedule.command("run")
def run(
    context: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option("--out", parser=named_path, help="The folder to write to.", show_default="documents in the store"),
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make what is due; call it after every load. Exits with 1 where a document cannot be made."""
    from costlib.scheduled import FOLDER, make_due

    place = existing(context, store)
    with progress("Looking at the schedule") as tell:
        outcomes = make_due(place, out or place.store.root / FOLDER, tell)
    if as_json:
        print_json({"scheduled": [asdict(one) for one in outcomes]})
    if not outcomes:
        say("Nothing is scheduled; `schedule add` says what is made again")
    for one in outcomes:
        say(f"{one.name}: {one.problem or ', '.join(one.files) or 'nothing new'}")
    if any(one.problem for one in outcomes):
        raise typer.Exit(1)


def _document(number: int, entry: Entry) -> dict[str, object]:
    """An entry for programs to read; what was made last is null where nothing was."""
    made = entry.made
    return {
        "number": number,
        "document": entry.wanted.name,
        "files": list(entry.wanted.endings),
        "every": entry.wanted.every,
        "last_data_date": made.data_date.isoformat() if made else None,
        "last_files": list(made.files) if made else None,
    }


def _row(number: int, entry: Entry) -> dict[str, str | int | None]:
    """An entry for people to read."""
    made = entry.made
    last = (made.data_date.isoformat(), ", ".join(made.files)) if made else (_NEVER, _NEVER)
    wanted = entry.wanted
    return dict(zip(_COLUMNS, (number, wanted.name, ", ".join(wanted.endings), wanted.every, *last), strict=True))
