"""Drawn bills that grow by the same per cent month after month: ``python -m bench.growth``.

Fourteen months of days with a weekly rhythm and noise, three bills together, forecast over the next 30 and 90 days: how
far the likely sum was off on average, with its sign, and how often its 80 % range held. Growth in per cent a month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.rhythm import Frequency

Array = NDArray[np.float64]

KINDS = ((0.0, 0.03), (0.03, 0.03), (0.06, 0.03), (-0.03, 0.03), (0.06, 0.1), (0.03, 0.1))
HORIZONS = (30, 90)
_DAYS, _TOGETHER, _DRAWS, _LEVEL = 425, 3, 16, 80


@dataclass(frozen=True)
class Missed:
    """The mean error of horizon sums, forecast over actual less one, and the share of ranges that held."""

    bias: float
    held: float


def growing(series: int, days: int, a_month: float, noise: float, seed: int) -> Array:
    """Daily bills with a weekly rhythm that grow by so much a month, ``[series, day]``."""
    random = np.random.default_rng(seed)
    day = np.arange(days)
    level = random.uniform(50, 2000, series)[:, None] * np.exp(a_month / 30 * day)
    bills: Array = level * (1 + 0.15 * np.sin(2 * np.pi * day / 7)) * np.exp(noise * random.normal(size=(series, days)))
    return bills


def missed(a_month: float, noise: float, horizon: int, draws: int = _DRAWS) -> Missed:
    """How far forecasts of such bills were off over the horizon."""
    off, held = [], []
    for seed in range(draws):
        bills = growing(_TOGETHER, _DAYS + horizon, a_month, noise, seed)
        total = forecast(bills[:, :-horizon], horizon, Frequency.DAY).totals(_LEVEL)
        came = bills[:, -horizon:].sum(axis=1)
        off.append(total.p50 / came - 1)
        held.append((total.lower <= came) & (came <= total.upper))
    return Missed(float(np.mean(off)), float(np.mean(held)))


def report() -> None:
    """Measure and print every kind of bill."""
    columns = [f"{horizon} days {what}" for horizon in HORIZONS for what in ("off by", "held")]
    table = Table("growth a month", "noise a day", *columns, title="Drawn bills that grow, 80 % ranges of sums")
    for a_month, noise in KINDS:
        found = [missed(a_month, noise, horizon) for horizon in HORIZONS]
        cells = [cell for one in found for cell in (f"{one.bias:+.1%}", f"{one.held:.0%}")]
        table.add_row(f"{a_month:.0%}", f"{noise:.0%}", *cells)
    Console(width=120).print(table)


if __name__ == "__main__":
    report()
