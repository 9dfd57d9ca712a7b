"""Figures with their range: lines of money from paths, and estimates of low, likely and high.

Conventions: paths are ``[month, path]`` in one currency; a range is a prediction interval, ``LEVEL`` per cent unless
said otherwise. Arithmetic is in floats, money at the edge: ``amount`` gives a Decimal to the cent, None where not
known. An estimate is a three-point one with low <= likely <= high, drawn from the PERT distribution: Beta on [low,
high] with a = 1 + 4 (likely - low) / (high - low) and b = 1 + 4 (high - likely) / (high - low), of mean (low + 4 likely
+ high) / 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from costlib import money
from costlib.errors import InputError

Array = NDArray[np.float64]

#: The interval that pages show, in per cent.
LEVEL = 80
#: The values by column that a segment must carry one of; an empty scope holds every segment.
Scope = Mapping[str, Sequence[str | None]]
Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Line:
    """A forecast with its range as money, one entry a month; None where there is nothing to forecast from."""

    p50: tuple[Decimal | None, ...]
    lower: tuple[Decimal | None, ...]
    upper: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class ThreePoint:
    """A three-point estimate. ``certain(x)`` makes one without width."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not -np.inf < self.low <= self.likely <= self.high < np.inf:
            raise InputError(
                f"The estimate {self.low} / {self.likely} / {self.high} is not in order",
                expected="finite low <= likely <= high",
                fix="Sort the three figures.",
            )

    @property
    def mean(self) -> float:
        """The mean of the PERT distribution.

        >>> ThreePoint(0, 2, 10).mean
        3.0
        """
        return (self.low + 4 * self.likely + self.high) / 6

    def drawn(self, random: np.random.Generator, count: int) -> Array:
        """So many PERT draws; without width all alike."""
        if self.low == self.high:
            return np.full(count, self.likely)
        drawn: Array = self.low + (self.high - self.low) * random.beta(*self._shape, count)
        return drawn

    @property
    def _shape(self) -> tuple[float, float]:
        width = self.high - self.low
        return 1 + 4 * (self.likely - self.low) / width, 1 + 4 * (self.high - self.likely) / width


def certain(value: float) -> ThreePoint:
    """An estimate without width."""
    return ThreePoint(value, value, value)


def stream(seed: int, *names: str) -> np.random.Generator:
    """The random stream of one named thing: adding, removing or moving another leaves its draws as they are."""
    return np.random.default_rng([seed, *(crc32(name.encode()) for name in names)])


def line_of(paths: Array, level: float = LEVEL) -> Line:
    """Median and interval over the paths, ``[month, path]``, as money.

    >>> line_of(np.array([[1.0, 2.0, 3.0]])).p50
    (Decimal('2.00'),)
    """
    tail = (1.0 - level / 100.0) / 2
    lower, p50, upper = np.quantile(paths, [tail, 0.5, 1.0 - tail], axis=1)
    return Line(*(tuple(amount(one) for one in row.tolist()) for row in (p50, lower, upper)))


def amount(value: float) -> Decimal | None:
    """A figure as money to the cent; NaN is not known, None.

    >>> amount(2.345), amount(float("nan"))
    (Decimal('2.35'), None)
    """
    return None if np.isnan(value) else money.cents(Decimal(repr(float(value))))


def together(paths: Array) -> Array:
    """Paths of several segments as one: the sum over the first axis, those without a forecast left out."""
    total: Array = np.nansum(paths, axis=0)
    return total


def in_scope(scope: Scope, by: Sequence[str], keys: Sequence[Key]) -> NDArray[np.bool_]:
    """Which segments, given as values of the columns ``by``, the scope holds; none where it names another column.

    >>> in_scope({"x_Team": ["Ads"]}, ["x_Team"], [("Ads",), (None,)]).tolist()
    [True, False]
    """
    held = []
    for key in keys:
        segment = dict(zip(by, key, strict=True))
        held.append(all(column in segment and segment[column] in values for column, values in scope.items()))
    return np.array(held, dtype=bool)
