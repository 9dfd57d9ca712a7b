"""What a scope would have cost without the initiative, with an 80 % interval.

Conventions: money is the currency of the cost handed in; an interval is 80 %: one true value in ten lies below it, one
above. The model is fitted on the periods before go-live and driven by the volume measured after it, so that a rise or
fall in volume is not taken for a saving:

    cost = level x (fixed share + (1 - fixed share) x volume / mean volume before) x growth x weekday x noise

Without a volume the untouched segments take its place, without those the scope's own growth alone; each is less certain
than the one before, and the interval says so. What is known of such costs enters as priors (``_MOVING``, ``_GROWTH``),
stated judgements that any real history outweighs. The noise is correlated over time (``noise``). The interval is then
held against the past: the same method is asked for periods before go-live, when nothing was done (``placebos``), and
widened or narrowed by how far off it was there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from costlib.periods import day_name
from costlib.roadmap.ranges import Range
from costlib.roadmap.savings.measured import (
    DAY,
    LEAST_BEFORE,
    WEEK,
    Basis,
    Measured,
    TooLittleHistory,
    driver,
    usable,
)
from costlib.roadmap.savings.noise import Prior, outlook

Floats = NDArray[np.float64]

#: Longest history used: a year; what is older belongs to another system.
_LONGEST_DAYS = 364
#: Share of the cost that moves with its driver: mean and standard deviation of the prior.
_MOVING = {Basis.VOLUME: (0.8, 0.4), Basis.PANEL: (0.6, 0.4), Basis.TREND: (0.0, 1e-6)}
#: Relative standard deviation for each e-fold that the driver leaves the range it had: cost may follow otherwise there.
_BEND = 0.04
#: Growth a year beyond the driver's, as a logarithm: standard deviation of the prior around none.
_GROWTH = {Basis.VOLUME: 0.2, Basis.PANEL: 0.3, Basis.TREND: 0.5}
#: The share that moves, from which the fit begins, and how often it is set right.
_ROUNDS = 2
#: How many placebos the priors on the interval weigh as much as, and how many are tried.
_TRUST, _PLACEBOS = 6.0, 3
_TAIL = 0.9
#: What the width is multiplied by, from 4,080 generated scopes: averaging over settings makes it too wide.
_WIDTH = {DAY: 0.86, WEEK: 0.86}


@dataclass(frozen=True)
class Placebo:
    """The method at a past date when nothing had been done: what it found missing, as a share of the cost.

    ``off`` is actual / expected - 1 (0 is perfect), ``sd`` how far off the model itself thought it would be.
    """

    at: date
    off: float
    sd: float


@dataclass(frozen=True)
class Counterfactual:
    """Expected cost without the initiative in every period after the ramp, and what was spent.

    ``spread`` is the joint covariance of the periods relative to what is expected; ``moving`` the share of the cost
    that follows the driver; ``inflation`` what the placebos did to the noise.
    """

    measured: Measured
    first: int
    expected: Floats
    actual: Floats
    spread: Floats
    freedom: float
    basis: Basis
    moving: float
    inflation: float
    placebos: tuple[Placebo, ...]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Periods after the ramp in which both sides are known; the others are counted nowhere."""
        found: NDArray[np.bool_] = np.isfinite(self.actual) & np.isfinite(self.expected)
        return found

    def dates(self) -> list[date]:
        """First day of every period after the ramp."""
        return [self.measured.date_of(self.first + at) for at in range(len(self.actual))]

    def within(self, start: date, end: date) -> NDArray[np.bool_]:
        """Known periods that begin in ``[start, end)``."""
        inside = np.array([start <= day < end for day in self.dates()], dtype=bool)
        return inside & self.known

    def total(self, periods: NDArray[np.bool_]) -> Range:
        """What the chosen periods would have cost together; nothing where none is chosen."""
        chosen = self.expected[periods]
        likely = float(chosen.sum())
        if not likely:
            return Range(0.0, 0.0, 0.0)
        share = chosen / likely
        width = float(student.ppf(_TAIL, self.freedom)) * float(
            np.sqrt(share @ self.spread[np.ix_(periods, periods)] @ share)
        )
        return Range(likely * float(np.exp(-width)), likely, likely * float(np.exp(width)))


def counterfactual(measured: Measured, go_live: date, ramp_end: date | None = None) -> Counterfactual:
    """What the scope would have cost from ``ramp_end`` (default: ``go_live``) on; raises TooLittleHistory.

    Days on which nothing is spent are added up to weeks first, because the model works on ratios.

    >>> days = 200 + 0.1 * np.sin(np.arange(120))
    >>> days[100:] *= 0.75
    >>> found = counterfactual(Measured(date(2026, 1, 1), days), date(2026, 4, 11))
    >>> round(found.total(found.known).likely), found.basis.value
    (4000, 'trend')
    """
    series = usable(measured, go_live)
    before, after = series.index(go_live), series.index(max(ramp_end or go_live, go_live))
    if after >= len(series.cost):
        raise TooLittleHistory(
            f"the series ends before the ramp does on {day_name(ramp_end or go_live)}",
            expected="at least one period after the ramp",
            fix="Come back when there is.",
        )
    predicted = _predict(series, before, np.arange(after, len(series.cost)))
    checks = _placebos(series, before, len(series.cost) - after)
    inflation = _inflation(checks)
    return Counterfactual(
        measured=series,
        first=after,
        expected=predicted.expected,
        actual=series.cost[after:],
        spread=(predicted.chance * inflation + predicted.doubt) * _WIDTH[series.days] ** 2,
        freedom=predicted.freedom,
        basis=series.basis,
        moving=predicted.moving,
        inflation=float(np.sqrt(inflation)),
        placebos=tuple(checks),
    )


@dataclass(frozen=True)
class _Prediction:
    """Expected cost of some periods, relative covariance by noise and by what is not known for sure."""

    expected: Floats
    chance: Floats
    doubt: Floats
    freedom: float
    moving: float


def _predict(series: Measured, before: int, wanted: NDArray[np.int_]) -> _Prediction:
    """Expected cost of the wanted periods from what is known before ``before``."""
    begin = max(0, before - _LONGEST_DAYS // series.days)
    drive = driver(series, before)
    drive = np.ones(len(series.cost)) if drive is None else drive
    fitted = np.flatnonzero(np.isfinite(series.cost) & np.isfinite(drive) & (np.arange(len(drive)) < before))
    fitted = fitted[fitted >= begin]
    logs = np.log(series.cost[fitted])
    moving, growth = _MOVING[series.basis], _GROWTH[series.basis]
    share = moving[0]
    for _ in range(_ROUNDS):
        slope, offset = _linear(drive, share)
        design = _design(series, slope, before)
        free = np.full(design.shape[1] - 2, np.inf)
        prior = Prior(np.r_[moving[0], np.zeros(len(free) + 1)], np.r_[moving[1], growth, free])
        ahead = outlook(design[fitted], logs - offset[fitted], fitted, design[wanted], wanted, prior)
        share = min(max(float(ahead.coefficients[0]), 0.0), 1.0)
    beyond = _beyond(drive, fitted, wanted)
    expected = np.exp(ahead.mean + offset[wanted] + ahead.variance / 2)
    return _Prediction(expected, ahead.chance, ahead.doubt + _BEND**2 * np.outer(beyond, beyond), ahead.freedom, share)


def _beyond(drive: Floats, fitted: NDArray[np.int_], wanted: NDArray[np.int_]) -> Floats:
    """How far the driver lies outside of all it was before, as a logarithm; 0 inside."""
    logs = np.log(drive)
    low, high = logs[fitted].min(), logs[fitted].max()
    found: Floats = np.maximum(np.maximum(logs[wanted] - high, low - logs[wanted]), 0.0)
    return found


def _linear(drive: Floats, share: float) -> tuple[Floats, Floats]:
    """ln(1 - s + s x drive) near s = ``share``, as slope x s + offset."""
    level = 1 - share + share * drive
    slope = (drive - 1) / level
    return slope, np.log(level) - slope * share


def _design(series: Measured, slope: Floats, before: int) -> Floats:
    """Columns: driver, growth (years), level, weekday against Sunday."""
    places = np.arange(len(slope))
    years = (places - before / 2) * series.days / 365.0
    columns = [slope, years, np.ones(len(slope))]
    if series.days == DAY:
        weekday = (places + series.start.weekday()) % WEEK
        columns += [(weekday == day).astype(float) for day in range(WEEK - 1)]
    return np.column_stack(columns)


def _placebos(series: Measured, before: int, horizon: int) -> list[Placebo]:
    """The method at past dates: stretches as long as the one after the ramp where the history is long enough."""
    least = LEAST_BEFORE[series.days]
    length = max(min(horizon, (before - least) // 2), 0)
    found = []
    for back in range(1, _PLACEBOS + 1):
        at = before - (length * (back + 1)) // 2
        wanted = np.arange(at, min(at + length, before))
        wanted = wanted[np.isfinite(series.cost[wanted])]
        if not length or at < least or len(wanted) < length / 2:
            continue
        predicted = _predict(series, at, wanted)
        known = np.isfinite(predicted.expected)
        expected, spread = predicted.expected[known], (predicted.chance + predicted.doubt)[np.ix_(known, known)]
        share = expected / expected.sum()
        off = float(series.cost[wanted][known].sum() / expected.sum()) - 1
        found.append(Placebo(series.date_of(at), off, float(np.sqrt(share @ spread @ share))))
    return found


def _inflation(checks: list[Placebo]) -> float:
    """Factor on the variance: 1 without placebos, moved by how far off they were against what was thought."""
    surprises = sum((np.log1p(one.off) / one.sd) ** 2 for one in checks)
    return float((_TRUST + surprises) / (_TRUST + len(checks)))
