"""A series' own trend, carried on in full: the straight line through its newest periods, in working scale.

Conventions: working scale without season, ``[series, period]``, NaN before a series begins; results at origins,
``[series, origin]``. In logs the line is a steady growth in per cent.

Smoothing believes in a part of a slope only, which is best for most series and always too low for one that grows by
the same per cent month after month. Whether a series is one of those its own past tells (rules.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.point import late_damped
from costlib.analysis.forecast.rhythm import Rhythm

Array = NDArray[np.float64]
Positions = NDArray[np.intp]

#: Periods without which there is no line, and the part of its window that an origin needs behind it to be evidence.
_LEAST, _LIVED = 4, 0.5


@dataclass(frozen=True)
class Line:
    """``level`` and ``slope`` at the origins and, last, at the newest period; ``lived`` where an origin is evidence."""

    level: Array
    slope: Array
    lived: NDArray[np.bool_]

    def ahead(self, horizon: int, seen: Array, rhythm: Rhythm) -> Array:
        """What it says of the coming periods, without season; it goes on for as long as the series was ``seen``."""
        step = late_damped(np.arange(1.0, horizon + 1), rhythm.year)
        reached = np.minimum(step, np.maximum(rhythm.carried * seen, 1.0)[:, None])
        said: Array = self.level[:, -1:] + self.slope[:, -1:] * reached
        return said

    def past(self, rows: Positions, steps: int, rhythm: Rhythm) -> Array:
        """What it said of some series at the origins, without season, ``[series, origin, step]``."""
        step = late_damped(np.arange(1.0, steps + 1), rhythm.year)
        said: Array = self.level[rows, :-1, None] + self.slope[rows, :-1, None] * step
        return said

    def missed(self, values: Array, origins: Positions, steps: int, rhythm: Rhythm) -> Array:
        """By how much the mean of so many steps was off at each origin; NaN where an origin is no evidence."""
        sums = np.cumsum(np.pad(np.nan_to_num(values), ((0, 0), (1, 0))), axis=1)
        came = (sums[:, origins + 1 + steps] - sums[:, origins + 1]) / steps
        step = late_damped(np.arange(1.0, steps + 1), rhythm.year).mean()
        off = np.abs(came - self.level[:, :-1] - self.slope[:, :-1] * step)
        return np.where(self.lived[:, :-1], off, np.nan)


def line_of(values: Array, origins: Positions, window: int) -> Line:
    """The least-squares line through the last ``window`` periods at each origin and at the newest period, fewer where
    the series is young.

    >>> line = line_of(np.array([[5.0, 7, 9, 11, 13, 15]]), np.array([4]), 4)
    >>> line.level.round(9).tolist(), line.slope.round(9).tolist()
    ([[13.0, 15.0]], [[2.0, 2.0]])
    """
    ends = np.append(origins, values.shape[1] - 1)
    begin = np.argmax(~np.isnan(values), axis=1)[:, None]
    first = np.minimum(np.maximum(ends + 1 - window, begin), ends)
    count = (ends + 1 - first).astype(np.float64)
    filled = np.nan_to_num(values)
    place = np.arange(values.shape[1], dtype=np.float64)
    total, by_place = (_between(np.cumsum(one, axis=1), first, ends) for one in (filled, filled * place))
    slope = 12 * (by_place - total * (ends + first) / 2) / np.maximum(count**3 - count, 1.0)
    slope = np.where(count >= _LEAST, slope, 0.0)
    level = total / count + slope * (count - 1) / 2
    return Line(level, slope, (count >= _LIVED * window) & (ends >= begin))


def _between(sums: Array, first: Positions, ends: Positions) -> Array:
    """The part of running sums that lies from ``first`` to ``ends``, both included."""
    padded = np.pad(sums, ((0, 0), (1, 0)))
    found: Array = padded[:, ends + 1] - np.take_along_axis(padded, first, axis=1)
    return found
