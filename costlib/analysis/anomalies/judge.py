"""All segments judged, day after day, on expectations that look back only.

Arrays are float, [segment, day], money a day; ``watch`` says what makes a day strange.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import numpy.typing as npt

from costlib.analysis.anomalies import usual
from costlib.analysis.anomalies.event import Event, Rows
from costlib.analysis.anomalies.usual import FEWEST_DAYS, MEMORY, WEEK, Array
from costlib.analysis.anomalies.watch import Watch

#: An event must move at least this share of what the whole bill costs on the day in the middle.
_FLOOR_SHARE = 0.01
#: Residuals of the first weeks come from a fit to themselves; three values a weekday make them this much too small.
_FITTED = 1.5


@dataclass(frozen=True)
class Judged:
    """One segment judged: its events in order of time, and what was expected of each day, with its spreads."""

    events: list[Event]
    rows: Rows


def floor(costs: Array) -> float:
    """The money below which an event is small change, from the size of the bill (NaN is unknown).

    >>> floor(np.full((4, 30), 250.0))
    10.0
    """
    return _FLOOR_SHARE * float(np.median(np.abs(np.nansum(costs, axis=0)))) if costs.size else 0.0


def judged(costs: Array, dates: Sequence[date], least: float) -> list[Judged]:
    """Each segment of ``costs`` judged; NaN is unknown, ``least`` the money that counts."""
    rows = _rows(costs)
    views = [Rows(**{item.name: getattr(rows, item.name)[row] for item in fields(Rows)}) for row in range(len(costs))]
    watches = [Watch(view, dates, least) for view in views]
    for day in range(FEWEST_DAYS, len(dates)):
        _expect(rows, day)
        for watch in watches:
            watch.see(day)
    return [Judged(watch.events, view) for watch, view in zip(watches, views, strict=True)]


def _rows(costs: Array) -> Rows:
    """Fresh arrays, their first weeks cleaned."""
    known = ~np.isnan(costs)
    cost = np.where(known, costs, 0.0)
    first = np.where(known, costs, _typical(costs))[:, :FEWEST_DAYS]
    clean, residual = usual.cleaned(first)
    names = [item.name for item in fields(Rows)]
    arrays: dict[str, npt.NDArray[np.float64]] = {name: np.zeros(costs.shape) for name in names}
    arrays["history"][:, :FEWEST_DAYS] = clean
    arrays["base"][:, :FEWEST_DAYS] = first - residual
    arrays["residual"][:, :FEWEST_DAYS] = np.where(clean == first, residual, 0.0) * _FITTED
    arrays["surprise"][:, :FEWEST_DAYS] = np.where(clean == first, 0.0, residual)
    return Rows(**{**arrays, "cost": cost, "known": known})


def _typical(costs: Array) -> Array:
    """A stand-in for unknown days of the first weeks: the segment's day in the middle."""
    known = [row[~np.isnan(row)] for row in costs[:, :FEWEST_DAYS]]
    return np.array([[np.median(row) if row.size else 0.0] for row in known])


def _expect(rows: Rows, day: int) -> None:
    first = max(day - MEMORY, day % WEEK)
    rows.expected[:, day], rows.level[:, day] = usual.expected(rows.history[:, first:day])
    past = slice(max(day - MEMORY, 0), day)
    rows.base[:, day] = rows.expected[:, day]
    rows.spread[:, day], rows.weekly_spread[:, day] = usual.spreads(
        rows.residual[:, past], rows.base[:, past], rows.level[:, day], rows.expected[:, day]
    )
