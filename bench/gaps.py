"""Drawn bills of which days are unknown: ``python -m bench.gaps``.

Fifteen months of days of two segments, one of which lacks the running month, a month between two others, or the last
two closed months and the running one. How far the likely month, the next one and the coming year were off, and how
often their 80 % ranges held, beside the same bills wholly known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from costlib.analysis.daily import DailySpend
from costlib.analysis.outlook import outlook
from costlib.periods import Window, add_months, month_start

Array = NDArray[np.float64]

BILLED = Window(date(2025, 1, 1), date(2026, 3, 21))
MONTHS, _DRAWS, _NOISE, _LEVEL = 12, 24, 0.03, (0.1, 0.9)


def _weekends(day: date) -> float:
    return 30.0 if day.weekday() > 4 else 100.0


def _charge(day: date) -> float:
    return 1200.0 if day.day == 1 else 0.0


def _grown(day: date) -> float:
    return float(_weekends(day) * np.exp(0.03 / 30 * (day - BILLED.start).days))


KINDS: dict[str, Callable[[date], float]] = {
    "quiet weekends": _weekends,
    "and a charge on the first": lambda day: _weekends(day) + _charge(day),
    "little but the charge": lambda day: 10 + _charge(day),
    "quiet weekends, 3 % more a month": _grown,
}
UNKNOWN: dict[str, Window | None] = {
    "nothing": None,
    "the running month": Window(date(2026, 3, 1), BILLED.end),
    "January between": Window(date(2026, 1, 1), date(2026, 2, 1)),
    "January on": Window(date(2026, 1, 1), BILLED.end),
}


@dataclass(frozen=True)
class Missed:
    """The mean error of the month, the next and the year, forecast over actual less one, and the ranges that held."""

    bias: tuple[float, ...]
    held: tuple[float, ...]


def missed(costs: Callable[[date], float], unknown: Window | None, draws: int = _DRAWS) -> Missed:
    """How far outlooks of such a bill were off."""
    end = add_months(month_start(BILLED.last), MONTHS)
    every = [BILLED.start + timedelta(days=at) for at in range((end - BILLED.start).days)]
    months = np.array([(day.year - 2026) * 12 + day.month - 3 for day in every])
    likely = np.array([costs(day) for day in every])
    off, held = [], []
    for seed in range(draws):
        came = likely * np.exp(_NOISE * np.random.default_rng(seed).normal(size=len(every)))
        found = _sums(outlook(_known(came, unknown, seed), MONTHS).paths[0])
        truth = _sums(np.bincount(months[months >= 0], came[months >= 0])[:, None])[:, 0]
        low, middle, high = np.quantile(found, [_LEVEL[0], 0.5, _LEVEL[1]], axis=1)
        off.append(middle / truth - 1)
        held.append((low <= truth) & (truth <= high))
    return Missed(tuple(np.mean(off, axis=0)), tuple(np.mean(held, axis=0)))


def _known(came: Array, unknown: Window | None, seed: int) -> DailySpend:
    """The days so far beside those of a steady segment, the unknown ones left out."""
    steady = 60 * np.exp(_NOISE * np.random.default_rng(1000 + seed).normal(size=BILLED.days))
    spend = np.stack([came[: BILLED.days], steady])
    daily = DailySpend(("x_Team",), (("lacking",), ("steady",)), BILLED, spend)
    return daily.unknown_in(unknown, [("lacking",)]) if unknown else daily


def _sums(months: Array) -> Array:
    """The month, the next and the year, ``[figure, path]``."""
    return np.stack([months[0], months[1], months.sum(axis=0)])


def report() -> None:
    """Measure and print every kind of bill."""
    names = ("month", "next", "year")
    columns = [f"{name} {what}" for name in names for what in ("off by", "held")]
    table = Table("bill", "unknown", *columns, title="Drawn bills with unknown days, 80 % ranges")
    for kind, costs in KINDS.items():
        for lacking, unknown in UNKNOWN.items():
            found = missed(costs, unknown)
            cells = [cell for pair in zip(found.bias, found.held, strict=True) for cell in _cells(*pair)]
            table.add_row(kind, lacking, *cells)
    Console(width=140).print(table)


def _cells(bias: float, held: float) -> tuple[str, str]:
    return f"{bias:+.1%}", f"{held:.0%}"


if __name__ == "__main__":
    report()
