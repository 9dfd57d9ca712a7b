"""Commands on FOCUS: the store written as a dataset of the specification."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from costlib import money
from costlib.commands.options import FromOption, JsonOption, StoreOption, ToOption, asked_window, existing, named_path
from costlib.commands.output import print_json, progress, say
from costlib.commands.places import writable
from costlib.focus import MEASURE_NAMES
from costlib.store.focus_columns import VERSION
from costlib.store.focus_export import Exported, focus_export

focus = typer.Typer(no_args_is_help=True, help="The loaded bills as a FOCUS dataset (docs/focus-export.md).")


@focus.callback()
def commands() -> None:
    """The loaded bills as a FOCUS dataset (docs/focus-export.md)."""


@focus.command()
def export(
    context: typer.Context,
    out: Annotated[
        Path,
        typer.Option(
            "--out", parser=named_path, help="A .parquet or .csv file, or a folder: one file a billing month."
        ),
    ],
    start: FromOption = None,
    end: ToOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the loaded bills, with who bears each cost, as FOCUS 1.2; tied out to the last digit."""
    window = asked_window(start, end)
    reader = existing(context, store).snapshot().reader
    with progress("Writing the dataset") as tell:
        done = focus_export(reader, writable(out, folder=True), window, tell)
    if as_json:
        print_json(_document(done))
    else:
        say("\n".join(_lines(out, done)))


def _document(done: Exported) -> dict[str, object]:
    totals = {
        currency: {name: money.exact(amount) for name, amount in costs.items()}
        for currency, costs in done.totals.items()
    }
    return {
        "focus_version": VERSION,
        "files": [str(file) for file in done.files],
        "rows": done.rows,
        "totals": totals,
        "gaps": [vars(gap) for gap in done.gaps],
        "offsets_left_out": done.offsets,
    }


def _lines(out: Path, done: Exported) -> list[str]:
    size = f"{money.counted(done.rows, 'row')} in {money.counted(len(done.files), 'file')}"
    lines = [f"{out}: FOCUS {VERSION}, {size}; tied out to the store"]
    for currency, costs in done.totals.items():
        said = (f"{MEASURE_NAMES[name]} {money.full(amount, currency)}" for name, amount in costs.items())
        lines.append(f"{currency}: {', '.join(said)}")
    lines += [f"{gap.column} {gap.problem}: {money.counted(gap.rows, 'row')}" for gap in done.gaps]
    if done.offsets:
        lines.append(f"{done.offsets:,} line items without any cost only offset others and are left out")
    return lines
