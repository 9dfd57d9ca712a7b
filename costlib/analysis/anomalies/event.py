"""What a watch keeps of its segment: the rows of the shared arrays, and the events found in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from costlib.analysis.anomalies.records import Kind

Row = npt.NDArray[np.floating[Any]]


@dataclass
class Event:
    """Strange days of a segment, first and last included; ``slow`` where only the mean of a week showed them."""

    kind: Kind
    first: int
    last: int
    sign: float
    strange: int = 1
    quiet: int = 0
    open: bool = True
    slow: bool = False


@dataclass(frozen=True)
class Rows:
    """A segment's rows of the shared arrays (or all segments' arrays): money a day, one value a day.

    ``cost`` as billed, 0 where it is not ``known``; ``history`` the cost without what was strange, at the level of
    today; ``expected`` with its ``spread``, and the ``weekly_spread`` of the mean of a week; ``level`` of a day;
    ``residual`` from what was expected, and that expectation at the level of today (``base``); ``surprise`` the
    residual of a strange day, else 0; ``monthly`` a monthly charge that was due and did not come.
    """

    cost: Row
    known: npt.NDArray[np.bool_]
    history: Row
    expected: Row
    spread: Row
    weekly_spread: Row
    level: Row
    residual: Row
    base: Row
    surprise: Row
    monthly: Row
