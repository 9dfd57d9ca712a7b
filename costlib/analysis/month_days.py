"""Months are not equally long: what is billed by the hour costs a tenth less in February than in March.

Conventions: ``spend`` is ``[segment, month]``, NaN before a segment begins and where a month is not known.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Days of a month on average.
_USUAL = 365.25 / 12


def month_lengths(months: Sequence[date]) -> Array:
    """Days of each month in parts of those of a usual month, ``[month]``.

    >>> month_lengths([date(2026, 2, 1), date(2026, 3, 1)]).round(3).tolist()
    [0.92, 1.018]
    """
    return np.array([monthrange(month.year, month.month)[1] / _USUAL for month in months])


def goes_by_days(spend: Array, lengths: Array) -> Flags:
    """The segments whose cost a day changes less from month to month than their cost a month does: usage does, a fixed
    monthly charge does not.

    >>> march = month_lengths([date(2026, month, 1) for month in (1, 2, 3)])
    >>> goes_by_days(np.array([[310.0, 280, 310], [300, 300, 300]]), march).tolist()
    [True, False]
    """
    return np.asarray(_variation(spend / lengths) < _variation(spend))


def _variation(spend: Array) -> Array:
    """Mean change from month to month in parts of the mean, one a segment; 0 where there is no change to see."""
    change = np.abs(np.diff(spend, axis=1))
    known = ~np.isnan(change)
    mean = np.where(known, change, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    level = np.nansum(np.abs(spend), axis=1) / np.maximum((~np.isnan(spend)).sum(axis=1), 1)
    relative: Array = np.divide(mean, level, out=np.zeros_like(mean), where=level > 0)
    return relative
