"""Commands on long tables of series: forecast with intervals, and the record of past forecasts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import typer
from rich.table import Table

from costlib.commands.options import JsonOption
from costlib.commands.output import destination, print_json, print_table, say
from costlib.errors import InputError

#: Scores of the table to read; the JSON document has them all.
_SHOWN = ("owa", "mase", "wape", "bias", "coverage_80")

InputOption = Annotated[Path, typer.Option("--input", help="CSV or Parquet, long: unique_id, ds, y.")]
FrequencyOption = Annotated[str | None, typer.Option("--freq", help="D, W or MS.", show_default="as the dates say")]


def forecast(
    source: InputOption,
    horizon: Annotated[
        int | None, typer.Option(help="Periods ahead.", show_default="30 days, 13 weeks or 12 months")
    ] = None,
    freq: FrequencyOption = None,
    level: Annotated[
        list[int] | None, typer.Option(help="Prediction interval in per cent; repeat it for more.", show_default="80")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Where to write the forecast (CSV or Parquet).", show_default="CSV on standard output"),
    ] = None,
    totals: Annotated[Path | None, typer.Option(help="Where to write the sums over the horizon.")] = None,
) -> None:
    """Forecast every series of a long table, with prediction intervals."""
    from costlib.series.forecast import forecast_table  # only who forecasts pays for loading the engine

    for path in (out, totals):
        if path is not None:
            _check(path)
    found = forecast_table(source, horizon, freq, tuple(level or [80]))
    _write(found.periods, out)
    if totals:
        _write(found.totals, totals)
    for row in found.series.to_pylist():
        if row["notes"]:
            say(f"{row['unique_id']}: {row['notes']}")


def backtest(
    source: InputOption,
    horizon: Annotated[int, typer.Option(help="Periods ahead of each past forecast.")],
    windows: Annotated[int, typer.Option(help="Past forecasts, one horizon apart.")],
    freq: FrequencyOption = None,
    as_json: JsonOption = False,
) -> None:
    """How good forecasts of these series would have been, beside seasonal naive, run rate and linear trend."""
    from costlib.series.forecast import backtest_table  # only who forecasts pays for loading the engine

    document = backtest_table(source, horizon, windows, freq)
    if as_json:
        print_json(document)
        return
    methods = document["methods"]
    table = Table("Method", *_SHOWN, title=f"{document['series']} series, {windows} windows of {horizon} periods")
    for method, scores in methods.items():
        cells = (scores.get(name) for name in _SHOWN)
        table.add_row(method, *("unknown" if cell is None else f"{cell:.3f}" for cell in cells))
    print_table(table)


def _write(table: pa.Table, path: Path | None) -> None:
    if path is None:
        csv.write_csv(table, sys.stdout.buffer)
    elif path.suffix.lower() == ".parquet":
        pq.write_table(table, path)
    else:
        csv.write_csv(table, path)


def _check(path: Path) -> None:
    """Refuse a file that cannot be written, before anything is worked out or written."""
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise InputError(f"{path} has no known ending", expected=".csv or .parquet", fix="Name the file accordingly.")
    destination(path)
