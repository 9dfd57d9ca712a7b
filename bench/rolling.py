"""Coverage at the last cutoff of public panels and up to five before it: ``python -m bench.rolling FOLDER``.

One cutoff is one draw of history: a panel with one calendar may hold 63 % over a Christmas and 84 % a season later.
Cutoffs lie a horizon apart. A series counts at a cutoff with two years of months, or 60 weeks or days, and no less than
the horizon behind it. Even and odd series are shown apart: what helps one half only is chance.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bench.panels import LEVEL, Panel, read, thinned
from costlib.analysis import losses
from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.rhythm import Frequency

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

SERIES, CUTOFFS = 240, 6
_FEWEST_SERIES = 20
_FEWEST_PERIODS = {Frequency.MONTH: 24, Frequency.WEEK: 60, Frequency.DAY: 60}


@dataclass(frozen=True)
class Cutoff:
    """What held at one cutoff, a share a series: ``each`` of the periods, ``total`` of the horizon (0 or 1).

    ``relative`` is the mean width of the ranges over the mean forecast, ``odd`` whether the series is an odd one.
    """

    each: Array
    total: Array
    relative: Array
    odd: Flags


def cutoffs(panel: Panel) -> Iterator[Panel]:
    """The panel at its last cutoff and at those a horizon apart before it, newest first; series in the same order.

    Rows of series that are too young, or not known to the end of the horizon, are empty.
    """
    steps, fewest = panel.actual.shape[1], _FEWEST_PERIODS[panel.setting.frequency]
    whole = np.concatenate([panel.history, panel.actual], axis=1)
    for back in range(CUTOFFS):
        end = whole.shape[1] - (back + 1) * steps
        if end < steps:
            return
        history, actual = whole[:, :end].copy(), whole[:, end : end + steps].copy()
        short = (~np.isnan(history)).sum(axis=1) < max(fewest, steps)
        left_out = (short & (back > 0)) | np.isnan(actual).any(axis=1)
        if (~left_out).sum() < _FEWEST_SERIES:
            return
        history[left_out], actual[left_out] = np.nan, np.nan
        yield Panel(panel.name, panel.setting, history, actual)


def held(panel: Panel) -> Cutoff:
    """What held of the ranges that the panel's history gives."""
    rows = np.flatnonzero(~np.isnan(panel.actual).any(axis=1))
    history, actual = panel.history[rows], panel.actual[rows]
    ahead = forecast(history, actual.shape[1], panel.setting.frequency)
    lower, upper = ahead.interval(LEVEL)
    total = ahead.totals(LEVEL)
    whole = [one[:, None] for one in (actual.sum(axis=1), total.lower, total.upper)]
    relative = (upper - lower).mean(axis=1) / np.maximum(np.abs(ahead.p50).mean(axis=1), 1e-12)
    return Cutoff(losses.coverage(actual, lower, upper), losses.coverage(*whole), relative, rows % 2 == 1)


def fifths(found: Sequence[Cutoff]) -> tuple[float, float]:
    """Share of ranges that held among the fifth of the series whose ranges are narrowest, and among the widest."""
    ends = []
    for one in found:
        order, many = one.relative.argsort(), max(len(one.relative) // 5, 1)
        ends.append((one.each[order[:many]].mean(), one.each[order[-many:]].mean()))
    narrow, wide = np.mean(ends, axis=0)
    return float(narrow), float(wide)


def report(panels: Sequence[Panel]) -> None:
    """Measure and print every panel: means over its cutoffs."""
    names = ("panel", "cutoffs", "even", "odd", "apart", "total, even", "total, odd", "narrowest fifth", "widest")
    table = Table(*names, title=f"{LEVEL} % ranges held at rolling cutoffs, {SERIES} series a panel")
    rows = [_row([held(one) for one in cutoffs(thinned(panel, SERIES))]) for panel in panels]
    for panel, (count, shares) in zip(panels, rows, strict=True):
        table.add_row(panel.name, str(count), *(f"{share:.1%}" for share in shares))
    table.add_section()
    table.add_row("mean", "", *(f"{share:.1%}" for share in np.mean([shares for _, shares in rows], axis=0)))
    Console(width=120).print(table)


def _row(found: Sequence[Cutoff]) -> tuple[int, list[float]]:
    """How many cutoffs, and the shares of a row of the table."""
    apart = float(np.std([one.each.mean() for one in found]))
    each, total = (
        [float(np.mean([values[one.odd == odd].mean() for one, values in pairs])) for odd in (False, True)]
        for pairs in ([(one, one.each) for one in found], [(one, one.total) for one in found])
    )
    return len(found), [*each, apart, *total, *fifths(found)]


if __name__ == "__main__":
    found = sorted(Path(sys.argv[1]).glob("*.parquet")) if len(sys.argv) == 2 else []
    if not found:
        sys.exit("Name one folder of Parquet panels: python -m bench.rolling FOLDER")
    report([read(path) for path in found])
