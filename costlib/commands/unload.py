"""The command that takes a loaded bill out again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

import typer

from costlib import money
from costlib.commands.options import Format, JsonOption, StoreOption, existing, month
from costlib.commands.output import print_json, print_rows, progress, say
from costlib.focus import BILLED
from costlib.store.manifest import Part
from costlib.store.unload import chosen
from costlib.store.unload import unload as unload_bills

_HEADER = ("account", "period", "currency", "rows", "billed")


def unload(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="Name of the connection, as `status` lists it.")],
    account: Annotated[str | None, typer.Option(help="One account of it.", show_default="all of them")] = None,
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
    files = sorted({file.path for part in gone for file in part.files})
    if as_json:
        print_json({"source": source, "unloaded": not dry_run, "bills": rows, "files": files})
        return
    print_rows(_HEADER, rows, Format.TABLE)
    say(_words(source, gone, files, dry_run=dry_run))


def _rows(gone: Sequence[Part]) -> Iterator[dict[str, str | int | None]]:
    for part in gone:
        for entry in part.tie_outs:
            billed = money.exact(entry.sums_store[BILLED])
            values = (part.account, part.period, entry.currency, entry.rows_loaded, billed)
            yield dict(zip(_HEADER, values, strict=True))


def _words(source: str, gone: Sequence[Part], files: Sequence[str], *, dry_run: bool) -> str:
    rows = money.counted(sum(entry.rows_loaded for part in gone for entry in part.tie_outs), "line item")
    if dry_run:
        return f"{source}: {rows} would go; nothing was changed"
    more = f" and {money.counted(len(files) - 1, 'more file')}" if len(files) > 1 else ""
    return f"{source}: {rows} taken out; load {files[0]}{more} to have them back"
