"""Scopes whose true saving is known: cost without the initiative is generated first, then the saving is taken off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.savings.measured import Measured

Floats = NDArray[np.float64]
START = date(2026, 1, 1)


@dataclass(frozen=True)
class Case:
    """A generated scope, when the initiative went live, when its ramp ended, and what truly was saved after that."""

    measured: Measured
    go_live: date
    ramp_end: date
    saving: float
    without: float


def wander(random: np.random.Generator, length: int, memory: float, sd: float) -> Floats:
    """Noise whose correlation from one period to the next is ``memory``; stationary from the first value."""
    fresh = random.normal(size=length) * np.sqrt(1 - memory**2)
    fresh[0] = random.normal()
    lasting = np.empty(length)
    last = 0.0
    for at, one in enumerate(fresh):
        last = memory * last + one if at else one
        lasting[at] = last
    return sd * lasting


def case(
    random: np.random.Generator, basis: str, *, days: int = 1, before: int = 112, after: int = 42, **fixed: float
) -> Case:
    """A scope driven by volume, moving with other segments or on its own; any rhythm, growth and noise.

    ``saved`` (share) and ``step`` (of the volume at go-live) are drawn unless they are given.
    """
    ramp = 14 // days
    length = before + ramp + after
    time = np.arange(length) * days / 365
    weekday = np.exp(random.normal(0, 0.08, 7))[np.arange(length) % 7] if days == 1 else np.ones(length)
    noise = np.exp(wander(random, length, random.choice([0.0, 0.4, 0.7, 0.85]), random.uniform(0.01, 0.07)))
    growth = np.exp(random.normal(0, 0.12 if basis == "volume" else 0.3) * time)
    cost = 1000 * weekday * noise * growth
    drivers: dict[str, Floats] = {}
    if basis == "volume":
        volume = 1e6 * np.exp(random.normal(0, 0.5) * time + wander(random, length, 0.9, 0.08)) * weekday
        volume[before:] *= fixed.get("step", random.choice([0.5, 0.8, 1.0, 1.0, 1.4, 2.2]))
        idle = random.uniform(0, 0.6)
        cost *= idle + (1 - idle) * volume / volume[:before].mean()
        drivers = {"volume": volume}
    if basis == "panel":
        common = wander(random, length, 0.95, 0.10)
        drivers = {"panel": np.exp(common + [wander(random, length, 0.8, 0.05) for _ in range(5)]) * weekday * 300}
        cost *= np.exp(random.uniform(0.4, 1.0) * common)
    share = fixed.get("saved", random.uniform(0.05, 0.5))
    taken = np.clip((np.arange(length) - before) / ramp, 0, 1) * share * cost
    first = before + ramp
    return Case(
        measured=Measured(START, cost - taken, days=days, **drivers),
        go_live=START + timedelta(days=before * days),
        ramp_end=START + timedelta(days=first * days),
        saving=float(taken[first:].sum()),
        without=float(cost[first:].sum()),
    )
