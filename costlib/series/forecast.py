"""Forecast and backtest of a long table, for the command line: a file in, tables or a document out.

Conventions: input as in read.py. Every series is forecast for ``horizon`` periods after its own last date. ``lo-80``
and ``hi-80`` are the ends of the 80 per cent prediction interval, and so on for every level; ``p50`` is as likely too
high as too low; ``mean`` is the mean of the middle third of the outcomes (engine.py says why). In the totals,
``mean`` is the sum of the means; quantiles of a sum are not sums of quantiles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from costlib.analysis.backtest import backtest
from costlib.analysis.forecast.engine import Forecast, forecast
from costlib.analysis.forecast.rhythm import Frequency, frequency
from costlib.errors import InputError
from costlib.series.calendar import unit
from costlib.series.read import Panel, read_panel

#: Periods ahead where no horizon is given.
DEFAULT_HORIZON: Mapping[Frequency, int] = {Frequency.DAY: 30, Frequency.WEEK: 13, Frequency.MONTH: 12}
#: Periods ahead that can be asked for: ten years of days; and past forecasts that are made again.
MOST_AHEAD, MOST_WINDOWS = 3_660, 1_000


class LongForecast(NamedTuple):
    """``periods``: unique_id, ds, mean, p50, lo-80, hi-80; ``totals``: the same for the sum over the horizon, no ds.

    ``series``: unique_id, method, notes (text, empty where there is nothing to say).
    """

    periods: pa.Table
    totals: pa.Table
    series: pa.Table


def forecast_table(
    input: Path, horizon: int | None = None, freq: str | None = None, levels: Sequence[int] = (80,)
) -> LongForecast:
    """Forecast every series of a long table.

    Raises children of ``InputError`` where the table, the frequency, the horizon or a level cannot be used.
    """
    _refuse_levels(levels)
    panel = read_panel(input, None if freq is None else frequency(freq))
    steps = DEFAULT_HORIZON[panel.frequency] if horizon is None else horizon
    _refuse_count(steps, "horizon", MOST_AHEAD)
    ahead = forecast(panel.y, steps, panel.frequency)
    return LongForecast(_periods(panel, ahead, levels), _totals(panel, ahead, levels), _series(panel, ahead))


def backtest_table(input: Path, horizon: int, windows: int, freq: str | None = None) -> dict[str, Any]:
    """The record of the method on a long table's own past, beside what it has to beat, as a JSON document.

    ``windows`` rolling origins, ``horizon`` periods apart, the newest ending with each series' last date.
    """
    _refuse_count(horizon, "horizon", MOST_AHEAD)
    _refuse_count(windows, "windows", MOST_WINDOWS)
    panel = read_panel(input, None if freq is None else frequency(freq))
    record = backtest(panel.y, horizon, windows, panel.frequency)
    return {"frequency": panel.frequency.value, **record.document([str(one) for one in panel.ids.to_pylist()])}


def _periods(panel: Panel, ahead: Forecast, levels: Sequence[int]) -> pa.Table:
    rows = np.repeat(np.arange(ahead.series), ahead.horizon)
    columns = {
        "unique_id": panel.ids.take(pa.array(rows)),
        "ds": pa.array(panel.dates_after(ahead.horizon).ravel()),
        "mean": pa.array(ahead.mean.ravel()),
        "p50": pa.array(ahead.p50.ravel()),
    }
    for level in levels:
        lower, upper = ahead.interval(level)
        columns[f"lo-{level}"], columns[f"hi-{level}"] = pa.array(lower.ravel()), pa.array(upper.ravel())
    return pa.table(columns)


def _totals(panel: Panel, ahead: Forecast, levels: Sequence[int]) -> pa.Table:
    by_level = {level: ahead.totals(level) for level in levels}
    first = next(iter(by_level.values()))
    columns = {"unique_id": panel.ids, "mean": pa.array(first.mean), "p50": pa.array(first.p50)}
    for level, total in by_level.items():
        columns[f"lo-{level}"], columns[f"hi-{level}"] = pa.array(total.lower), pa.array(total.upper)
    return pa.table(columns)


def _series(panel: Panel, ahead: Forecast) -> pa.Table:
    newest = panel.last.max()
    dates = panel.last_dates()
    notes = []
    for row, said in enumerate(ahead.notes):
        behind = int(newest - panel.last[row])
        late = [f"Last date {dates[row]}, {unit(panel.frequency, behind)} before the newest of the table"] * (
            behind > 0
        )
        notes.append(". ".join([*said, *late]))
    return pa.table({"unique_id": panel.ids, "method": pa.array(ahead.methods), "notes": pa.array(notes)})


def _refuse_levels(levels: Sequence[int]) -> None:
    wrong = [level for level in levels if not 0 < level < 100]
    if wrong or not levels:
        raise InputError(
            f"Level {wrong[0]} is not possible" if wrong else "No level is given",
            expected="per cent above 0 and below 100",
            fix="Try 80 or 95.",
        )


def _refuse_count(count: int, name: str, most: int) -> None:
    if not 1 <= count <= most:
        raise InputError(f"{name} is {count}", expected=f"a whole number from 1 to {most:,}", fix=f"Try --{name} 12.")
