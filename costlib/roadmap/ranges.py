"""A likely amount with its cautious and its hopeful end: 80 % lies between them, one in ten below, one in ten above.

Conventions: money of one currency. Ranges are never added up: the range of a sum is worked out from paths or a joint
covariance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

#: Ends of the range, as percentiles.
LOW, HIGH = 10, 90


@dataclass(frozen=True)
class Range:
    """Low end, likely value and high end, money."""

    low: float
    likely: float
    high: float

    def less(self, amount: float) -> Range:
        """The range less a known amount.

        >>> Range(80, 100, 130).less(50)
        Range(low=30, likely=50, high=80)
        """
        return Range(self.low - amount, self.likely - amount, self.high - amount)


def range_of(paths: ArrayLike) -> Range:
    """Mean of the paths, and the ends between which 80 % of them lie.

    >>> range_of(range(101))
    Range(low=10.0, likely=50.0, high=90.0)
    """
    amounts = np.asarray(paths, dtype=float)
    low, high = np.percentile(amounts, [LOW, HIGH])
    return Range(float(low), float(amounts.mean()), float(high))
