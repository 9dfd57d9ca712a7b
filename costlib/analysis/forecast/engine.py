"""Forecasts of many series at once: quantiles a period, totals over the horizon, and joint sample paths.

Conventions: ``y`` is ``[series, period]`` in one currency or unit, the newest period in the last column for every
series, NaN before a series begins and for a period that is not known (0 means 0). Results are in the same unit,
``[series, step]`` for the periods after the last column. A level is per cent (80: from the 10 % to the 90 % quantile).
Pure: no clock, no randomness without a seed that is an argument.

Series are forecast together: ranges, the common drift and what the panel does together are learnt from all of them, so
an answer depends a little on its companions, never on their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.charges import Charges, fixed_charges
from costlib.analysis.forecast.intermittent import ComesAndGoes, comes_and_goes
from costlib.analysis.forecast.kinds import Kinds, begun, fitted_part, kinds_of, notes_of
from costlib.analysis.forecast.past import past_of
from costlib.analysis.forecast.portions import portions
from costlib.analysis.forecast.rhythm import DAILY, RHYTHMS, Frequency, Rhythm
from costlib.analysis.forecast.scale import Scale
from costlib.analysis.forecast.spread import Spread, spread_of

Array = NDArray[np.float64]
Positions = NDArray[np.intp]

#: The middle third of the outcomes: its mean is the mean that is reported.
_MIDDLE = (np.arange(12) + 0.5) / 36 + 1 / 3
CHARGED = "Holds charges that come on one day of every month, quarter or year: forecast by themselves, on their day"
#: Places inside each past origin's rank at which totals are read.
_JITTER = (0.25, 0.75)


@dataclass(frozen=True)
class Totals:
    """The sum over the horizon, one figure a series: ``mean``, ``p50``, and the interval's ends."""

    mean: Array
    p50: Array
    lower: Array
    upper: Array


@dataclass(frozen=True)
class Forecast:
    """A forecast of every series. ``methods`` and ``notes`` are for the reader, one entry a series."""

    horizon: int
    methods: tuple[str, ...]
    notes: tuple[tuple[str, ...], ...]
    _now: Array
    _scale: Scale
    _spread: Spread
    _kinds: Kinds
    stepped: NDArray[np.bool_]
    """The series whose level stepped once and stayed."""
    _going: tuple[ComesAndGoes, ...] = ()
    _charges: Charges | None = None

    @property
    def series(self) -> int:
        """How many series."""
        return len(self._now)

    @property
    def ended(self) -> NDArray[np.bool_]:
        """The series that have ended: what is forecast of them is 0."""
        return self._kinds.ended

    @property
    def p50(self) -> Array:
        """As likely too high as too low, ``[series, step]``."""
        return self.quantiles([0.5])[:, :, 0]

    @property
    def mean(self) -> Array:
        """The mean of the middle third of the outcomes, ``[series, step]``.

        Outcomes that grow in logs have a long upper tail which history cannot measure; their full mean follows that
        tail. The mean of the middle third does not. A series that comes and goes has its full mean.
        """
        middle: Array = self.quantiles(_MIDDLE).mean(axis=2)
        for going in self._going:
            middle[going.rows] = going.mean
            if self._charges is not None:
                middle[going.rows] += self._charges.likely[going.rows]
        return middle

    def quantiles(self, probabilities: Sequence[float] | Array) -> Array:
        """Quantiles, ``[series, step, probability]``; probabilities rise."""
        wanted = np.asarray(probabilities, dtype=np.float64)
        money = self._scale.back(self._now[:, :, None] + self._spread.at(wanted))
        flipped = self._scale.sign < 0
        if flipped.any():
            mirrored = self._scale.back(self._now[:, :, None] + self._spread.at(1.0 - wanted))
            money = np.where(flipped[:, None, None], mirrored, money)
        for going in self._going:
            money[going.rows] = going.at(wanted)
        settled = self._settled(money)
        return settled if self._charges is None else settled + self._charges.at(wanted)

    def interval(self, level: float) -> tuple[Array, Array]:
        """Lower and upper end at ``level`` per cent, ``[series, step]`` each."""
        tail = (1.0 - level / 100.0) / 2
        both = self.quantiles([tail, 1.0 - tail])
        return both[:, :, 0], both[:, :, 1]

    def paths(self, count: int, seed: int) -> Array:
        """``count`` equally likely futures, ``[series, path, step]``, the same past origin for all series on a path.

        Any cut is the sum of its series on each path, so sums agree path by path.
        """
        return self.sums(count, seed, range(self.horizon)).transpose(0, 2, 1)

    def sums(self, count: int, seed: int, starts: Sequence[int], out: Array | None = None) -> Array:
        """The same futures summed over the steps from each start to the next, ``[series, start, path]``.

        They are written into ``out`` where it is given.
        """
        origins, jitter = self._drawn(count, seed)
        stretches = [slice(*ends) for ends in pairwise((*starts, self.horizon))]
        sums = np.empty((self.series, len(stretches), count)) if out is None else out
        for rows in self._portions(count):
            money = self._paths(rows, origins, jitter)
            for place, steps in enumerate(stretches):
                sums[rows, place] = money[:, steps].sum(axis=1)
        return sums

    def _portions(self, count: int) -> Iterator[Positions]:
        """The series in portions, few enough for so many paths each."""
        return (np.arange(one.start, one.stop) for one in portions(self.series, count * self.horizon))

    def _drawn(self, count: int, seed: int) -> tuple[Positions, Array]:
        """Past origins and places in their rank for so many paths: each origin as often as any other, in any order."""
        random = np.random.default_rng(seed)
        order = random.permutation(count)
        return order * self._spread.origins // count, random.random(count)

    def totals(self, level: float) -> Totals:
        """The sum over the horizon of each series, with its interval at ``level`` per cent."""
        return self.totals_of([[row] for row in range(self.series)], level)

    def totals_of(self, groups: Sequence[Sequence[int]], level: float) -> Totals:
        """The sum over the horizon of each group of series, with its interval at ``level`` per cent."""
        tail = (1.0 - level / 100.0) / 2
        sums = self._horizon_sums()
        mean = self.mean.sum(axis=1)
        rows = [np.asarray(group, dtype=np.intp) for group in groups]
        grouped = np.array([sums[row].sum(axis=0) for row in rows]).reshape(len(rows), sums.shape[1])
        lower, p50, upper = np.quantile(grouped, [tail, 0.5, 1.0 - tail], axis=1)
        return Totals(np.array([mean[row].sum() for row in rows]), p50, lower, upper)

    def _horizon_sums(self) -> Array:
        """The horizon's sum of each series on each past origin and place in its rank, ``[series, path]``."""
        origins = np.tile(np.arange(self._spread.origins), len(_JITTER))
        jitter = np.repeat(_JITTER, self._spread.origins)
        sums = [self._paths(rows, origins, jitter).sum(axis=1) for rows in self._portions(origins.size)]
        return np.concatenate(sums) if sums else np.empty((0, origins.size))

    def _paths(self, rows: Positions, origins: Positions, jitter: Array) -> Array:
        """Paths of some of the series, ``[series, step, path]``."""
        spread, scale = self._spread.of(rows), self._scale.of(rows)
        errors = spread.along(origins, jitter)
        errors += self._now[rows][:, :, None]
        money = scale.back(errors)
        lived = self._lived(money, rows, origins, jitter)
        if self._charges is not None:
            lived += self._charges.along(rows, (origins + jitter) / spread.origins)
        return lived

    def _lived(self, money: Array, rows: Positions, origins: Positions, jitter: Array) -> Array:
        """Series that come and go have paths of their own; what is known without a model is set."""
        for going in self._going:
            _, some, here = np.intersect1d(going.rows, rows, assume_unique=True, return_indices=True)
            money[here] = going.along(some, (origins + jitter) / self._spread.origins)
        return self._settled(money, rows)

    def _settled(self, money: Array, rows: Positions | None = None) -> Array:
        """What is known without a model: an ended series costs 0, one without history is not known."""
        kinds = self._kinds
        ended, empty = (kinds.ended, kinds.empty) if rows is None else (kinds.ended[rows], kinds.empty[rows])
        money[ended] = 0.0
        money[empty] = np.nan
        return money


def forecast(y: Array, horizon: int, frequency: Frequency, end: date | None = None) -> Forecast:
    """Forecast ``horizon`` periods after the last column of ``y``, ``[series, period]``.

    ``end``, the day after the last column, lets days know the calendar: charges that come on one day of every month,
    quarter or year are then forecast by themselves (charges.py).

    >>> year = np.array([[100.0, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 210]])
    >>> ahead = forecast(year, 3, Frequency.MONTH)
    >>> low, high = ahead.interval(80)
    >>> bool((low <= ahead.p50).all() and (ahead.p50 <= high).all()), ahead.notes[0][0]
    (True, 'Short: 12 periods of history; no yearly pattern can be known')
    """
    if y.ndim != 2 or horizon < 1:
        raise ValueError("y must be [series, period] and the horizon at least 1")
    rhythm = RHYTHMS[frequency]
    given = np.asarray(y, dtype=np.float64)
    usual, charges = (given, None) if end is None or frequency is not Frequency.DAY else _calendar(given, end, horizon)
    history = _history(usual, rhythm)
    kinds = kinds_of(history, rhythm)
    rows = np.flatnonzero(kinds.intermittent)
    going = comes_and_goes(history, rows, horizon, rhythm)
    past = past_of(history, kinds, horizon, rhythm)
    spread = spread_of(
        past.errors, past.change, horizon, past.spacing, fitted_part(kinds, rhythm), past.together, past.room
    )
    return Forecast(
        horizon=horizon,
        methods=past.methods,
        notes=_noted(notes_of(kinds, rhythm, past.methods, horizon), charges),
        _now=past.now,
        _scale=past.scale,
        _spread=spread,
        _kinds=kinds,
        stepped=past.stepped,
        _going=going,
        _charges=charges,
    )


def _calendar(y: Array, end: date, horizon: int) -> tuple[Array, Charges | None]:
    """The newest days without charges that come again, and those ahead."""
    return fixed_charges(y[:, -DAILY.longest :], end, horizon)


def _noted(notes: tuple[tuple[str, ...], ...], charges: Charges | None) -> tuple[tuple[str, ...], ...]:
    """Notes of series with charges that come again say so."""
    if charges is None:
        return notes
    charged = charges.likely.any(axis=1) | (charges.misses != 1.0).any(axis=1)
    return tuple((*said, CHARGED) if one else said for said, one in zip(notes, charged.tolist(), strict=True))


def _history(y: Array, rhythm: Rhythm) -> Array:
    """The newest periods, without leading columns in which no series has begun; at least one column."""
    kept = begun(y[:, -rhythm.longest :])
    known = (~np.isnan(kept)).any(axis=0)
    first = int(known.argmax()) if known.any() else kept.shape[1] - 1
    trimmed = kept[:, first:]
    return trimmed if trimmed.shape[1] else np.full((len(y), 1), np.nan)
