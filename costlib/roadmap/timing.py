"""When an initiative begins and is taken back on every path, and how strong it then is in every month.

Conventions: months are counted from the plan's first (0); ``begin`` is the month in which the initiative starts after
its delay, ``off`` the first month after a roll-back, both ``NEVER`` where it does not come to that. A ramp of r months
reaches 1 / (r + 1) in the month of the start and all of it r months later: that month is the ramp's end.
Choices that the method leaves open: a dependent's planned start is put off to the month after the last of its
predecessors' ramps has ended, and its own delay counts from there. A predecessor fails its dependents where it has no
success, never starts, or is taken back before the month in which the dependent would start. A roll-back comes
``detect_months`` after the start whether or not the initiative succeeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.draws import Draws
from costlib.roadmap.plan_model import Initiative

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = 1 << 40


@dataclass(frozen=True)
class Timing:
    """First month in force and first month after a roll-back, one entry a path."""

    begin: Ints
    off: Ints


def timings(
    initiatives: Sequence[Initiative], starts: Mapping[str, int], draws: Mapping[str, Draws]
) -> dict[str, Timing]:
    """Timing of every initiative by id; ``initiatives`` come with what they depend on before them."""
    found: dict[str, Timing] = {}
    ramps = {one.id: one.ramp_months for one in initiatives}
    for one in initiatives:
        own = draws[one.id]
        earliest: Ints = np.full(len(own.delay), starts[one.id], dtype=np.int64)
        ready = np.ones(len(own.delay), dtype=bool)
        for before in one.depends_on:
            ramp_end = found[before].begin + ramps[before]
            earliest = np.maximum(earliest, np.where(ramp_end < NEVER, ramp_end + 1, 0))
        begin = earliest + own.delay
        for before in one.depends_on:
            ready &= draws[before].success & (found[before].begin < NEVER) & (found[before].off > begin)
        begin = np.where(ready, begin, NEVER)
        detect = one.guardrail.detect_months if one.guardrail else 0
        off = np.where(ready & own.guardrail_fails, begin + detect, NEVER)
        found[one.id] = Timing(begin, off)
    return found


def strength(timing: Timing, ramp_months: int, months: int, offset: int = 0) -> Floats:
    """How far the initiative is in force, 0 to 1, ``[month, path]``: its ramp, cut off by a roll-back.

    ``offset`` months after the start the ramp begins (a benefit may come later than the change that brings it).
    """
    month = np.arange(months)[:, None]
    ramped = np.clip((month - (timing.begin + offset) + 1) / (ramp_months + 1), 0.0, 1.0)
    cut: Floats = np.where(month < timing.off, ramped, 0.0)
    return cut


def months_from(first: Ints, months: int, weights: Floats | None = None) -> Floats:
    """Share of the paths on which each month is at or after ``first``, one entry a month."""
    counts = np.bincount(np.minimum(first, months), weights, minlength=months + 1)[:months]
    total = len(first) if weights is None else weights.sum()
    shares: Floats = np.cumsum(counts) / total
    return shares
