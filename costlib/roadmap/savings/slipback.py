"""Alarms where a saving that had arrived is going away again, 30 and 90 days after the ramp.

Conventions: a saving is a share of what would have been spent, so that a change in volume raises no alarm. What arrived
is the mean share over the first ``WINDOW_DAYS`` days after the ramp; what is left is the mean share over the last
``WINDOW_DAYS`` days before the check. ``TOLERANCE`` of it may go without a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from costlib.roadmap.ranges import Range
from costlib.roadmap.savings.counterfactual import Counterfactual

CHECK_DAYS = (30, 90)
WINDOW_DAYS = 14
#: Share of what arrived that may be lost before it is said: a judgement.
TOLERANCE = 0.20


class Held(StrEnum):
    """Whether a saving is still there."""

    HELD = "held"
    WATCH = "watch"
    SLIPPED = "slipped"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """One check: the share saved on arrival and now, what the difference costs a month, and the verdict.

    ``WATCH``: more than tolerated is gone, but chance may explain it. ``SLIPPED``: it does not. ``UNKNOWN``: nothing
    was saved on arrival, or a window holds no known period.
    """

    days: int
    on: date
    verdict: Held
    arrived: float | None
    now: Range | None
    lost_a_month: float | None


def slip_back(found: Counterfactual, ramp_end: date, today: date) -> list[Check]:
    """One check for each of ``CHECK_DAYS`` that is past on ``today``, a window's end not counted."""
    due = [(days, ramp_end + timedelta(days=days)) for days in CHECK_DAYS]
    return [_check(found, ramp_end, days, on) for days, on in due if on <= today]


def _check(found: Counterfactual, ramp_end: date, days: int, on: date) -> Check:
    window = timedelta(days=WINDOW_DAYS)
    arrived, now = _share(found, ramp_end, ramp_end + window), _share(found, on - window, on)
    if arrived is None or now is None or arrived.likely <= 0:
        return Check(days, on, Held.UNKNOWN, arrived.likely if arrived else None, now, None)
    least = (1 - TOLERANCE) * arrived.likely
    verdict = Held.HELD if now.likely >= least else Held.WATCH if now.high >= least else Held.SLIPPED
    monthly = float(found.expected[found.within(on - window, on)].mean()) / found.measured.days * 365 / 12
    return Check(days, on, verdict, arrived.likely, now, max(arrived.likely - now.likely, 0.0) * monthly)


def _share(found: Counterfactual, start: date, end: date) -> Range | None:
    """Share saved in a window with its interval; None where nothing is known of it."""
    periods = found.within(start, end)
    if not periods.any():
        return None
    without, spent = found.total(periods), float(found.actual[periods].sum())
    return Range(*(1 - spent / amount for amount in (without.low, without.likely, without.high)))
