"""The command that takes a loaded bill out again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

import typer

from costlib import money
from costlib.commands.options import Format, JsonOption, StoreOption, existing, month, named
from costlib.commands.output import print_json, print_rows, progress, say
from costlib.focus import BILLED
from costlib.store.manifest import Part
from costlib.store.unload import chosen, files_of
from costlib.store.unload import unload as unload_bills
from costlib.store.unload_words import gone_words, would_go_words

_HEADER = ("account", "period", "currency", "rows", "billed")


def unload(
    context: typer.Context,
    source: Annotated[str, typer.Argument(parser=named, help="Name of the connection, as `status` lists it.")],
    account: Annotated[
        str | None, typer.Option(parser=named, help="One account of it.", show_default="all of them")
    ] = None,
    months: Annotated[
        list[date] | None,
        typer.Option(
            "--month",
            parser=month,
            metavar="YYYY-MM",
            help="One billing month of it; repeat it for more.",
            show_default="all of them",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; change nothing.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a loaded bill out again, in one step; to load its files again brings it back."""
    place = existing(context, store)
    periods = [f"{first:%Y-%m}" for first in months or ()]
    if dry_run:
        gone = chosen(place.store.current(), source, account, periods)
    else:
        with progress("Taking it out") as tell:
            gone = unload_bills(place.store, place.rules(), source, account, periods, progress=tell)
    rows = list(_rows(gone))
    if as_json:
        print_json({"source": source, "unloaded": not dry_run, "bills": rows, "files": files_of(gone)})
        return
    print_rows(_HEADER, rows, Format.TABLE)
    say(would_go_words(source, gone) if dry_run else gone_words(source, gone))


def _rows(gone: Sequence[Part]) -> Iterator[dict[str, str | int | None]]:
    for part in gone:
        for entry in part.tie_outs:
            billed = money.exact(entry.sums_store[BILLED])
            values = (part.account, part.period, entry.currency, entry.rows_loaded, billed)
            yield dict(zip(_HEADER, values, strict=True))
