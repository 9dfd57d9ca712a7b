"""The search itself: series in, anomalies out, ranked by money.

An anomaly is reported with its exact cost, what was expected (to the cent) and the range it was expected in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

import numpy as np

from costlib import money
from costlib.analysis.anomalies.event import Event
from costlib.analysis.anomalies.judge import Judged, floor, judged
from costlib.analysis.anomalies.records import Anomaly, Daily, Feedback, Found, Kind, checked
from costlib.analysis.anomalies.usual import FEWEST_DAYS, WEEK, Array
from costlib.periods import Window

#: Days over which the money of a level shift or a new segment is counted.
SETTLING = 28
#: The last days, of which a bill may not hold all yet.
UNSETTLED = 2
#: An anomaly differs from what was expected of its days by this share at least.
_LEAST_SHARE = 0.04
#: Spreads to each side of a 95 % prediction interval.
_INTERVAL = 1.96
_LASTING = (Kind.LEVEL_SHIFT, Kind.NEW)


def anomalies(series: Sequence[Daily], feedback: Iterable[Feedback] = (), least: Decimal | None = None) -> Found:
    """Days and lasting changes that cost other than expected, most money first.

    ``series`` is one row a segment, daily cost in one currency, all over the same days. ``feedback`` silences what a
    reader marked as expected: the same segment on overlapping days; of several words on an anomaly the last one counts.
    ``least`` is the money an anomaly must move; left out, one per cent of the whole bill's middle day. Judging
    starts after three weeks of data; series shorter than that come back as ``too_short``. A fall is told on its third
    day. Raises ``InputError`` where
    series cover different days.
    """
    if not series:
        return Found(())
    window = checked(series)
    if window.days <= FEWEST_DAYS:
        return Found((), too_short=tuple(one.segment for one in series))
    costs = np.array([[np.nan if cost is None else float(cost) for cost in one.costs] for one in series])
    money_floor = floor(costs) if least is None else float(least)
    dates = [window.start + timedelta(days=number) for number in range(window.days)]
    found = [
        anomaly
        for one, result in zip(series, judged(costs, dates, money_floor), strict=True)
        for anomaly in _reported(one, result)
        if _tells(anomaly, money_floor) and _is_settled(anomaly, window)
    ]
    ranked = sorted(found, key=lambda one: (-abs(one.excess), one.first, str(one.segment)))
    return _silenced(ranked, list(feedback))


def _silenced(ranked: Sequence[Anomaly], feedback: Sequence[Feedback]) -> Found:
    def expected(anomaly: Anomaly) -> bool:
        words = [word.expected for word in feedback if word.speaks_of(anomaly)]
        return bool(words) and words[-1]

    return Found(
        tuple(one for one in ranked if not expected(one)),
        expected=tuple(one for one in ranked if expected(one)),
    )


def _tells(anomaly: Anomaly, least: float) -> bool:
    return abs(anomaly.excess) >= max(Decimal(least), abs(anomaly.expected) * Decimal(str(_LEAST_SHARE)))


def _is_settled(anomaly: Anomaly, window: Window) -> bool:
    """Whether later bills will not undo it: providers go on adding to the last days, so a fall there may be none."""
    return anomaly.excess >= 0 or (window.end - anomaly.first).days > UNSETTLED


def _reported(series: Daily, result: Judged) -> list[Anomaly]:
    events = _told_once(sorted(result.events, key=lambda event: event.first))
    ends = [*(event.first for event in events), len(series.costs)][1:]
    return [_anomaly(series, result, event, end) for event, end in zip(events, ends, strict=True)]


def _told_once(events: Sequence[Event]) -> list[Event]:
    """Events without those that go on with a lasting change of the two weeks before, in the same direction."""
    found: list[Event] = []
    latest = 0
    for event in events:
        goes_on = found and found[-1].kind in _LASTING and event.kind is Kind.LEVEL_SHIFT
        if not (goes_on and event.sign == found[-1].sign and event.first - latest < 2 * WEEK):
            found.append(event)
        latest = event.first
    return found


def _anomaly(series: Daily, result: Judged, event: Event, following: int) -> Anomaly:
    first, last = event.first, _last(event, following)
    rows, days = result.rows, slice(first, last + 1)
    usual = _usual(result, event, last)
    actual = money.exact_sum(series.costs[days])
    expected = _cents(usual.sum())
    margin = _INTERVAL * _spread(result, first, last)
    settled = (rows.cost[days] - _apart(result, first, last))[-WEEK:]
    return Anomaly(
        series.segment,
        event.kind,
        series.start + timedelta(days=first),
        series.start + timedelta(days=last),
        actual,
        expected,
        _cents(usual.sum() - margin),
        _cents(usual.sum() + margin),
        _cents(usual.mean()),
        _cents(settled.mean()),
        _cents(rows.monthly[days].sum()),
        event.open,
    )


def _last(event: Event, following: int) -> int:
    """The last day whose money counts."""
    if event.kind in _LASTING:
        return max(min(event.first + SETTLING, following) - 1, event.first)
    return event.last


def _usual(result: Judged, event: Event, last: int) -> Array:
    """What was expected of the event's days; of a lasting change, what a week was expected to be, repeated.

    That week is the event's first, or the one before where the event was too slow to leave expectations alone.
    """
    rows = result.rows
    if event.kind in _LASTING:
        earlier = slice(event.first - WEEK, event.first)
        calm = event.first >= FEWEST_DAYS + WEEK and not rows.surprise[earlier].any()
        week = rows.expected[earlier] if event.slow and calm else rows.expected[event.first : event.first + WEEK]
        return np.resize(week, last + 1 - event.first) + _apart(result, event.first, last)
    days = slice(event.first, last + 1)
    return np.where(rows.known[days], rows.expected[days] + rows.monthly[days], 0.0)


def _apart(result: Judged, first: int, last: int) -> Array:
    """What was strange after a lasting change's first week, and not a week earlier: a monthly charge, no part of it.

    A further step of the change is a part of it.
    """
    surprise, days = result.rows.surprise, np.arange(first, last + 1)
    apart, earlier = surprise[first : last + 1].copy(), surprise[first - WEEK : last + 1 - WEEK]
    apart[np.abs(apart - earlier) <= np.abs(apart) / 2] = 0.0
    apart[:WEEK] = 0.0
    for event in result.events:
        if event.kind in _LASTING:
            apart[(event.first <= days) & (days <= event.last)] = 0.0
    return apart


def _spread(result: Judged, first: int, last: int) -> float:
    """Spread of the sum of the days: each day's own, and that of the level under all of them."""
    day, week = float(result.rows.spread[first]), float(result.rows.weekly_spread[first])
    count = last + 1 - first
    level = max(week**2 - day**2 / WEEK, 0.0)
    return float(np.sqrt(count * day**2 + count**2 * level))


def _cents(amount: float) -> Decimal:
    return money.cents(Decimal(repr(float(amount))))
