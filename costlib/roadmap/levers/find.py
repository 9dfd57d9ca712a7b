"""How much of a row's money a lever addresses, one finder for each way of telling.

Conventions: money a month; a finder gets a row whose conditions hold and gives the part of its cost that the lever's
saving is a share of, between 0 and that cost, with the reason in words; None where the row does not qualify or what the
finder needs is not known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from costlib.periods import day_name
from costlib.roadmap.levers.model import METRICS, SHARE, Lever
from costlib.roadmap.levers.rows import DAYS_A_MONTH, Daily, SpendRow

Floats = NDArray[np.float64]

#: Days without which a daily pattern is no pattern, and what they are called among metrics.
LEAST_DAYS, DAYS = 56, "daily costs"
#: The tenth-lowest day in a hundred is what always runs.
FLOOR_QUANTILE = 0.10
#: Working hours are 12 on 5 days, so a machine that never stops idles for these shares of a working day and a weekend.
NIGHT_SHARE, ALWAYS_ON = 0.5, 0.8
#: A step is a rise by a quarter that stayed for four weeks, against the level of the four weeks before it.
STEP, AFTER_DAYS = 1.25, 28


@dataclass(frozen=True)
class Found:
    """Addressed money a month, why, and whether an assumption stands in for a metric."""

    amount: float
    reason: str
    assumed: bool = False


def find(lever: Lever, row: SpendRow) -> Found | None:
    """What the lever addresses of the row."""
    if not _charged(lever, row):
        return None
    if not all(bound.holds(row.metrics.get(name)) for name, bound in lever.metrics.items()):
        return None
    found = _FINDERS[lever.finder](lever, row)
    return None if found is None or found.amount <= 0 else found


def unmeasured(lever: Lever, row: SpendRow) -> bool:
    """Whether the lever might apply to the row and a metric or daily costs are missing to tell."""
    return _charged(lever, row) and bool(needs(lever, row))


def needs(lever: Lever, row: SpendRow) -> list[str]:
    """Names of the metrics, and ``DAYS``, that the lever needs and nobody knows of the row."""
    missing = [name for name in lever.metrics if name not in row.metrics]
    by_days = lever.finder in ("steady_floor", "off_hours", "lasting_step")
    return [*missing, *([DAYS] if by_days and _days(row) is None else [])]


def _charged(lever: Lever, row: SpendRow) -> bool:
    """Whether the row is known to cost something, and the lever's conditions hold."""
    return row.cost is not None and row.cost > 0 and lever.matches(row.segment)


def _rows(lever: Lever, row: SpendRow) -> Found | None:
    """The whole row, or the part of it that is the base."""
    measured = ", ".join(_told(name, row.metrics[name]) for name in lever.metrics)
    if lever.eligible is None:
        return Found(row.amount, measured or lever.base)
    name = lever.eligible.metric
    share = row.metrics.get(name)
    if share is None:
        return Found(row.amount * lever.eligible.assumed, f"{lever.eligible.assumed:.0%} assumed: {lever.base}", True)
    return Found(row.amount * min(max(share, 0.0), 1.0), f"{share:.0%} measured: {lever.base}")


def _told(name: str, value: float) -> str:
    """A metric in words, a share in per cent.

    >>> _told("duty_cycle", 0.123), _told("requests", 1250.0)
    ('duty cycle 12%', 'requests 1,250')
    """
    said = f"{value:.0%}" if METRICS[name].endswith(SHARE) else f"{value:,.4g}"
    return f"{name.replace('_', ' ')} {said}"


def _unused_commitment(lever: Lever, row: SpendRow) -> Found:
    used, even = row.metrics.get("commitment_utilisation"), row.metrics.get("commitment_break_even")
    if used is None or even is None:
        return Found(row.amount, "the bill marks it as commitment that nobody used")
    side = "below" if used < even else "above"
    return Found(row.amount, f"{used:.0%} of the commitment is used, {side} its break-even of {even:.0%}")


def _steady_floor(lever: Lever, row: SpendRow) -> Found | None:
    """What ran on nine days in ten at least."""
    days = _days(row)
    if days is None:
        return None
    floor = float(np.quantile(days.cost[np.isfinite(days.cost)], FLOOR_QUANTILE)) * DAYS_A_MONTH
    share = min(floor / row.amount, 1.0)
    return Found(share * row.amount, f"{share:.0%} of it ran on nine days in ten and is paid on demand")


def _off_hours(lever: Lever, row: SpendRow) -> Found | None:
    """Weekends, and nights where weekends cost as much as working days: then nobody switches anything off."""
    days = _days(row)
    if days is None:
        return None
    weekday = (np.arange(len(days.cost)) + days.start.weekday()) % 7
    cost = _filled(days.cost)
    work, rest = float(cost[weekday < 5].mean()), float(cost[weekday >= 5].mean())
    if rest <= 0 or work <= 0:
        return None
    nights = NIGHT_SHARE if rest >= ALWAYS_ON * work else 0.0
    share = (5 * work * nights + 2 * rest) / (5 * work + 2 * rest)
    when = "nights and weekends" if nights else "weekends"
    return Found(row.amount * share, f"{share:.0%} of the cost falls on {when}")


def _lasting_step(lever: Lever, row: SpendRow) -> Found | None:
    """What is paid above the level before a step up that never came down, unless requests rose as much."""
    days = _days(row)
    if days is None:
        return None
    cost = _filled(days.cost)
    at, before, after = _largest_step(cost)
    now = float(np.median(cost[-14:]))
    if before <= 0 or min(after, now) < STEP * before:
        return None
    if days.requests is not None and _rose(days.requests, at) >= after / before / STEP:
        return None
    since = day_name(days.start + timedelta(days=at))
    load = "requests not known" if days.requests is None else "requests did not rise as much"
    said = f"up {after / before - 1:.0%} since {since} and never came down; {load}"
    return Found(row.amount * (1 - before / now), said)


def _largest_step(cost: Floats) -> tuple[int, float, float]:
    """Day of the largest rise of the level that came at once and lasted, with the levels before and after it."""
    weeks, months = _medians(cost, 7), _medians(cost, AFTER_DAYS)
    at = np.arange(AFTER_DAYS, len(cost) - AFTER_DAYS + 1)
    lasting = months[at] - months[at - AFTER_DAYS]
    sudden = weeks[at] - weeks[at - 7]
    rise = np.minimum(lasting, sudden)
    best = int(rise.argmax())
    place, before = int(at[best]), float(months[at[best] - AFTER_DAYS])
    nearby = np.arange(place - 3, place + 4)
    day = int(nearby[(cost[nearby] - cost[nearby - 1]).argmax()])
    return day, before, before + float(rise[best])


def _medians(values: Floats, length: int) -> Floats:
    """Median of the ``length`` days from each day on."""
    found: Floats = np.median(np.lib.stride_tricks.sliding_window_view(values, length), axis=1)
    return found


def _filled(values: Floats) -> Floats:
    """The values with unknown days drawn straight from the known ones around them."""
    known = np.flatnonzero(np.isfinite(values))
    return np.interp(np.arange(len(values)), known, values[known])


def _rose(requests: Floats, at: int) -> float:
    """Requests after the step over those before it; without bound where there were none, or nobody knows."""
    sides = [side[np.isfinite(side)] for side in (requests[max(0, at - AFTER_DAYS) : at], requests[at:])]
    if not all(side.size for side in sides):
        return float("inf")
    before, after = (float(side.mean()) for side in sides)
    return after / before if before > 0 else float("inf")


def _days(row: SpendRow) -> Daily | None:
    """Daily costs long enough to show a pattern."""
    enough = row.daily is not None and int(np.isfinite(row.daily.cost).sum()) >= LEAST_DAYS
    return row.daily if enough else None


_FINDERS: dict[str, Callable[[Lever, SpendRow], Found | None]] = {
    "rows": _rows,
    "unused_commitment": _unused_commitment,
    "steady_floor": _steady_floor,
    "off_hours": _off_hours,
    "lasting_step": _lasting_step,
}
