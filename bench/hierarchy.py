"""Coverage of horizon totals at every level of the sample company: ``python -m bench.hierarchy [STORE]``.

One origin a week over the whole history, at least 100 days of it behind each. At each origin the leaves are forecast
and every level is the sum of their paths; 30, 60 and 90 days by the daily engine, 6 and 12 whole months by the outlook
that the pages show. A node-origin is one node at one origin; nodes whose range has no width (ended, never changed) are
left out. Neighbouring origins share their future, so the standard error counts stretches of one horizon: origins in the
same one are one draw. It is at least that of so many independent draws a node, and none is given for a single stretch.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from costlib.analysis.daily import DailySpend
from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.rhythm import Frequency
from costlib.analysis.outlook import outlook
from costlib.analysis.replay import until
from costlib.demo import load_company
from costlib.outlook import LEAVES, ai_filter, days_of
from costlib.periods import add_months, month_start
from costlib.workspace import Workspace

Array = NDArray[np.float64]
Measure = Callable[[DailySpend, int], Iterable["Origin"]]

LEVEL, EVERY, FEWEST_DAYS, PATHS = 80, 7, 100, 400
DAYS, MONTHS = (30, 60, 90), (6, 12)
PAIRS = ("x_Team", "ServiceName")
GOAL = (0.75, 0.85)


@dataclass(frozen=True)
class Origin:
    """What was said of every node at one origin, and what happened; ``begin`` is its day from the first of history."""

    begin: int
    level: tuple[str, ...]
    node: tuple[str, ...]
    lower: Array
    upper: Array
    actual: Array


@dataclass(frozen=True)
class Held:
    """The share of ranges that held at one level; ``error`` is its standard error, None where nothing tells."""

    level: str
    share: float
    error: float | None
    node_origins: int
    stretches: int

    @property
    def verdict(self) -> str:
        """Within the goal of 75 to 85 %, within two standard errors of it, or outside."""
        away = max(GOAL[0] - self.share, self.share - GOAL[1], 0.0)
        if away == 0:
            return "within"
        return "cannot be told" if self.error is None or away <= 2 * self.error else "outside"


def held(origins: Sequence[Origin], days: int) -> list[Held]:
    """The share that held at each level, over a horizon of so many days."""
    found = []
    for level in dict.fromkeys(name for origin in origins for name in origin.level):
        inside, stretch, nodes = [], [], set()
        last = max(origin.begin for origin in origins)
        for origin in origins:
            for place in np.flatnonzero(np.array(origin.level) == level):
                if origin.upper[place] > origin.lower[place]:
                    inside.append(origin.lower[place] <= origin.actual[place] <= origin.upper[place])
                    stretch.append((last - origin.begin) // days)
                    nodes.add(origin.node[place])
        if inside:
            found.append(_held(level, np.array(inside, dtype=float), np.array(stretch), len(nodes)))
    return found


def _held(level: str, inside: Array, stretch: NDArray[np.intp], nodes: int) -> Held:
    count = len(set(stretch.tolist()))
    share = float(inside.mean())
    if count < 2:
        return Held(level, share, None, inside.size, count)
    sums = np.bincount(stretch, weights=inside - share)
    clustered = float(np.sqrt((sums**2).sum() * count / (count - 1)) / inside.size)
    least = float(np.sqrt(0.8 * 0.2 / (count * nodes)))
    return Held(level, share, max(clustered, least), inside.size, count)


def by_days(daily: DailySpend, days: int) -> Iterator[Origin]:
    """Totals of so many days by the engine, an origin a week."""
    for begin in range(daily.window.days - days, FEWEST_DAYS - 1, -EVERY):
        known = until(daily, daily.window.start + timedelta(days=begin))
        levels, nodes, groups = _nodes(known)
        ahead = forecast(known.spend, days, Frequency.DAY, known.window.end).totals_of(groups, LEVEL)
        yield Origin(begin, levels, nodes, ahead.lower, ahead.upper, _actual(daily, known, groups, begin, begin + days))


def by_months(daily: DailySpend, months: int) -> Iterator[Origin]:
    """Totals of the running month and those after it by the outlook, an origin a week."""
    start = daily.window.start
    for begin in range(daily.window.days, FEWEST_DAYS - 1, -EVERY):
        first = month_start(start + timedelta(days=begin))
        end = add_months(first, months)
        if end > daily.window.end:
            continue
        known = until(daily, start + timedelta(days=begin))
        levels, nodes, groups = _nodes(known)
        sums = outlook(known, months, paths=PATHS).paths.sum(axis=1)
        totals = np.array([sums[rows].sum(axis=0) for rows in groups])
        lower, upper = np.quantile(totals, [0.5 - LEVEL / 200, 0.5 + LEVEL / 200], axis=1)
        yield Origin(
            begin,
            levels,
            nodes,
            lower,
            upper,
            _actual(daily, known, groups, max((first - start).days, 0), (end - start).days),
        )


def _nodes(daily: DailySpend) -> tuple[tuple[str, ...], tuple[str, ...], list[list[int]]]:
    """Level, name and rows of every node: leaves, each dimension by itself, and all; of pairs only the pairs."""
    short = [name.removeprefix("x_") for name in daily.by]
    found: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(daily.keys):
        found.setdefault((" x ".join(short), str(key)), []).append(row)
        if daily.by == LEAVES:
            for name, part in zip(short, key, strict=True):
                found.setdefault((name, str(part)), []).append(row)
            found.setdefault(("Total", "all"), []).append(row)
    return tuple(level for level, _ in found), tuple(name for _, name in found), list(found.values())


def _actual(daily: DailySpend, known: DailySpend, groups: list[list[int]], first: int, end: int) -> Array:
    """What the nodes' segments cost on the days from ``first`` to before ``end``."""
    rows = [daily.keys.index(key) for key in known.keys]
    cost = np.nansum(daily.spend[rows, first:end], axis=1)
    return np.array([cost[group].sum() for group in groups])


def report(store: Path) -> None:
    """Measure and print every level and horizon."""
    reader = Workspace(store).snapshot().reader
    splits = [days_of(reader, by, filters=ai_filter(reader)) for by in (LEAVES, PAIRS)]
    table = Table("horizon", "level", "held", "standard error", "node-origins", "stretches", "75 to 85 %")
    table.title = "80 % ranges of horizon totals, sample company"
    plans: list[tuple[str, Measure, int, int]] = [(f"{days} days", by_days, days, days) for days in DAYS]
    plans += [(f"{months} months", by_months, months, 30 * months) for months in MONTHS]
    for name, measure, length, days in plans:
        for one in [row for split in splits for row in held(list(measure(split, length)), days)]:
            error = "" if one.error is None else f"{one.error:.1%}"
            counts = f"{one.node_origins:,}", str(one.stretches)
            table.add_row(name, one.level, f"{one.share:.1%}", error, *counts, one.verdict)
        table.add_section()
    Console(width=110).print(table)


def sample_report() -> None:
    """Make the sample company's store, measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        load_company(Workspace(Path(folder)))
        report(Path(folder))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        report(Path(sys.argv[1]))
    else:
        sample_report()
