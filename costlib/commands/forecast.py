"""Commands on long tables of series: forecast with intervals, and the record of past forecasts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import typer
from rich.table import Table

from costlib import money
from costlib.commands.options import JsonOption, named, named_path
from costlib.commands.output import print_json, print_table, say
from costlib.commands.places import deliver, ordinary, writable
from costlib.errors import InputError

#: Scores of the table to read; the JSON document has them all.
_SHOWN = ("owa", "mase", "wape", "bias", "coverage_80")
#: Series that a note names.
_NAMED = 3
_CSV, _PARQUET = ".csv", ".parquet"

InputOption = Annotated[
    Path, typer.Option("--input", parser=named_path, help="CSV or Parquet, long: unique_id, ds, y.")
]
FrequencyOption = Annotated[
    str | None, typer.Option("--freq", parser=named, help="D, W or MS.", show_default="as the dates say")
]


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
        typer.Option(
            parser=named_path,
            help="Where to write the forecast (CSV or Parquet).",
            show_default="CSV on standard output",
        ),
    ] = None,
    totals: Annotated[
        Path | None,
        typer.Option(parser=named_path, help="Where to write the sums over the horizon (CSV or Parquet)."),
    ] = None,
) -> None:
    """Forecast every series of a long table, with prediction intervals."""
    from costlib.series.forecast import forecast_table  # only who forecasts pays for loading the engine

    files = [path for path in (out, totals) if path is not None]
    _check(ordinary(source), files)
    found = forecast_table(source, horizon, freq, tuple(level or [80]))
    tables = ((out, found.periods), (totals, found.totals))
    deliver({path: _bytes(table, path) for path, table in tables if path is not None})
    if out is None:
        sys.stdout.buffer.write(_bytes(found.periods))
    for note, names in _by_note(found.series).items():
        say(f"{_several(names)}: {note}")


def backtest(
    source: InputOption,
    horizon: Annotated[int, typer.Option(help="Periods ahead of each past forecast.")],
    windows: Annotated[int, typer.Option(help="Past forecasts, one horizon apart.")],
    freq: FrequencyOption = None,
    as_json: JsonOption = False,
) -> None:
    """How good forecasts of these series would have been, beside seasonal naive, run rate and linear trend."""
    from costlib.series.forecast import backtest_table  # only who forecasts pays for loading the engine

    document = backtest_table(ordinary(source), horizon, windows, freq)
    if as_json:
        print_json(document)
        return
    methods = document["methods"]
    table = Table("Method", *_SHOWN, title=_windows(document["series"], document["windows"], horizon))
    for method, scores in methods.items():
        cells = (scores.get(name) for name in _SHOWN)
        table.add_row(method, *(money.UNKNOWN if cell is None else f"{cell:z.3f}" for cell in cells))
    print_table(table)


def _windows(series: int, windows: int, horizon: int) -> str:
    """What the record is of.

    >>> _windows(20, 3, 30), _windows(1, 1, 1)
    ('20 series, 3 windows of 30 periods', '1 series, 1 window of 1 period')
    """
    return f"{money.count(series)} series, {money.counted(windows, 'window')} of {money.counted(horizon, 'period')}"


def _bytes(table: pa.Table, path: Path = Path(_CSV)) -> bytes:
    """The table as the file of that name holds it."""
    held = pa.BufferOutputStream()
    (pq.write_table if path.suffix.lower() == _PARQUET else csv.write_csv)(table, held)
    data: bytes = held.getvalue().to_pybytes()
    return data


def _check(source: Path, files: Sequence[Path]) -> None:
    """Refuse files that cannot be written or would replace each other, before anything is worked out or written."""
    for path in files:
        if path.suffix.lower() not in (_CSV, _PARQUET):
            raise InputError(
                f"{path} has no known ending", expected=".csv or .parquet", fix="Name the file accordingly."
            )
        if path.resolve() == source.resolve():
            raise InputError(f"{path} is the input itself", expected="another file", fix="Choose another name.")
        writable(path)
    if len(files) > len({path.resolve() for path in files}):
        raise InputError(
            f"{files[0]} would hold both forecast and totals", expected="a file for each of --out, --totals"
        )


def _by_note(series: pa.Table) -> dict[str, list[str]]:
    """The series of each note, in their order; who has none is left out."""
    found: dict[str, list[str]] = {}
    for row in series.to_pylist():
        if row["notes"]:
            found.setdefault(row["notes"], []).append(row["unique_id"])
    return found


def _several(names: Sequence[str]) -> str:
    """Names of series; of many the first ones and how many more.

    >>> _several(["Search", "Fraud"]), _several(["a", "b", "c", "d", "e"])
    ('Search, Fraud', 'a, b, c and 2 more')
    """
    shown = ", ".join(names[:_NAMED])
    more = len(names) - _NAMED
    return f"{shown} and {money.count(more)} more" if more > 0 else shown
