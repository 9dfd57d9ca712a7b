"""One segment, watched day after day: which days are strange, and what becomes of them.

Days are numbers from the first day of the data. A segment keeps a *clean history*: what it would have cost without its
strange days, at the level that it has now. A strange day opens an event:

* the event closes after three ordinary days (a weekend and one more), and was a spike or a drop;
* or it still goes on after a week: a level shift, and the history before it is moved to the new level;
* a smaller shift shows in the mean of a week; it began where the sum of deviations speaks loudest;
* a segment that cost nothing so far is new from its first day, and is learned for three weeks before it is judged;
  so is one that costs a multiple of before, or whose weeks have another rhythm.

Known rhythms are let pass: what came on the same day of the last month comes again, what was expected twice a month
running is missed the third time, and prices by the month rise and fall with the month's length.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from costlib.analysis.anomalies import recurring, shift
from costlib.analysis.anomalies.event import Event, Rows
from costlib.analysis.anomalies.records import Kind
from costlib.analysis.anomalies.usual import FEWEST_DAYS, MEMORY, WEEK, fitted

#: A day is strange beyond this many spreads, and beyond this much more than any day of the last eight weeks let pass.
_SPREADS, _MARGIN = 5.5, 1.25
#: A week's mean has shifted beyond this many of its spreads, where its middle day shows this share of it.
_WEEK_SPREADS, _EVEN = 4.5, 0.6
#: Within an event, a day of the same sign needs fewer spreads to belong to it.
_SPREADS_WITHIN = 3.0
#: A day must leave its expectation by this share of it, a weekly mean by this share of the level.
_DAY_SHARE, _WEEK_SHARE = 0.06, 0.04
#: Ordinary days that close an event; strange days that make a week of it a level shift.
_QUIET, _SHIFT_DAYS = 3, 4
#: A segment that costs this much more than before has begun anew, and is learned like a new one.
_LAUNCH = 2.5
#: A rhythm is another one where six strange days of two weeks change their direction so often.
_RESTLESS_DAYS, _TURNS = 6, 3


class Watch:
    """The watch over one segment. ``floor`` is the money below which a week of strangeness is small change."""

    def __init__(self, rows: Rows, dates: Sequence[date], floor: float) -> None:
        self.events: list[Event] = []
        self._rows, self._dates, self._floor = rows, dates, floor
        self._open: Event | None = None
        self._unseen = not rows.cost[:FEWEST_DAYS].any()
        self._score = np.zeros(rows.cost.size)
        self._weekly_score = np.zeros(rows.cost.size)

    def see(self, day: int) -> None:
        """Judge one day; the day's expectation is in the rows."""
        rows = self._rows
        rows.history[day] = rows.expected[day]
        if self._unseen:
            self._first_seen(day)
        elif self._open and self._open.kind in (Kind.NEW, Kind.LEVEL_SHIFT):
            self._learn(day, self._open)
        elif rows.known[day]:
            self._judge(day)

    def _first_seen(self, day: int) -> None:
        if self._rows.cost[day]:
            self._unseen = False
            self._begin(Kind.NEW, day, float(self._rows.cost[day]))

    def _begin(self, kind: Kind, day: int, deviation: float) -> None:
        self._open = Event(kind, day, day, float(np.sign(deviation)))
        self.events.append(self._open)

    def _close(self, event: Event) -> None:
        event.open, self._open = False, None

    def _learn(self, day: int, event: Event) -> None:
        """Three weeks of a new segment: a charge or two were a spike, more is a level of its own."""
        if day - event.first + 1 < FEWEST_DAYS:
            return
        first, rows = event.first, self._rows
        weeks = slice(first, day + 1)
        charged = first + np.flatnonzero(rows.cost[weeks])
        event.last = int(charged[-1]) if charged.size else first
        self._close(event)
        if event.kind is Kind.NEW and (charged.size < recurring.FEWEST_CHARGES or event.last <= day - 2 * WEEK):
            event.kind = Kind.SPIKE if event.sign > 0 else Kind.DROP
            rows.history[weeks] = 0.0
            rows.surprise[weeks] = rows.cost[weeks]
            return
        line = fitted(rows.cost[weeks], first)
        rows.history[:first], rows.history[weeks] = line[:first], rows.cost[weeks]
        residual = rows.cost[weeks] - line[weeks]
        rows.base[: day + 1] = line
        rows.residual[: day + 1] = residual[np.arange(-first, FEWEST_DAYS) % FEWEST_DAYS]

    def _judge(self, day: int) -> None:
        rows = self._rows
        raw = float(rows.cost[day] - rows.expected[day])
        strange = self._strange(day, raw)
        deviation = raw - recurring.monthly_part(rows, self._dates, day, raw, strange)
        rows.surprise[day] = raw if strange else 0.0
        most = _SPREADS * float(rows.spread[day])
        rows.residual[day] = max(-most, min(deviation, most))
        strange = strange if deviation == raw else self._strange(day, deviation)
        if strange and self._restless(day):
            self._anew(day)
        elif strange and self._as_a_week_ago(day, deviation):
            self._move_weekday(day, deviation)
        elif self._open:
            self._follow(day, deviation, self._open)
        elif strange:
            self._begin(Kind.SPIKE if deviation > 0 else Kind.DROP, day, deviation)
        else:
            self._pass(day, deviation)

    def _strange(self, day: int, deviation: float) -> bool:
        size, rows = abs(deviation), self._rows
        if size * WEEK < self._floor or size < _DAY_SHARE * abs(rows.expected[day]):
            return False
        largest = float(self._score[max(day - MEMORY, 0) : day].max())
        limit = max(_SPREADS, _MARGIN * largest) * float(rows.spread[day])
        return size > limit and not recurring.known_size(rows, day, size)

    def _goes_on(self, day: int, deviation: float, event: Event) -> bool:
        size = abs(deviation)
        enough = size * WEEK >= self._floor and size > _SPREADS_WITHIN * self._rows.spread[day]
        return bool(deviation * event.sign > 0 and enough)

    def _follow(self, day: int, deviation: float, event: Event) -> None:
        """A day while an event is open: it goes on, turns round, or comes to rest."""
        if self._goes_on(day, deviation, event):
            event.last, event.quiet, event.strange = day, 0, event.strange + 1
            if day - event.first + 1 >= WEEK and event.strange >= _SHIFT_DAYS:
                self._close(event)
                self._shift(event, day)
        elif self._strange(day, deviation):
            self._close(event)
            self._begin(Kind.SPIKE if deviation > 0 else Kind.DROP, day, deviation)
        else:
            event.quiet += 1
            self._rows.history[day] = self._rows.expected[day] + deviation
            if event.quiet >= _QUIET:
                self._close(event)

    def _pass(self, day: int, deviation: float) -> None:
        """An ordinary day: it joins the history, and its week is looked at."""
        rows = self._rows
        rows.history[day] = rows.expected[day] + deviation
        rows.residual[day] = deviation
        self._score[day] = abs(deviation) / rows.spread[day] if rows.spread[day] else 0.0
        if day >= FEWEST_DAYS + WEEK:
            self._look_at_week(day)

    def _look_at_week(self, day: int) -> None:
        """A shift too small for a day, but not for the mean of a week; strange days have been told already."""
        rows, week = self._rows, shift.ordinary(self._rows, slice(day - WEEK + 1, day + 1))
        mean, spread = float(week.sum()) / WEEK, float(rows.weekly_spread[day])
        score = abs(mean) / spread if spread else 0.0
        self._weekly_score[day] = score
        largest = float(self._weekly_score[max(day - MEMORY, 0) : day - WEEK + 1].max())
        enough = abs(mean) * WEEK >= self._floor and abs(mean) >= _WEEK_SHARE * rows.level[day]
        shifted = enough and score > max(_WEEK_SPREADS, _MARGIN * largest)
        if shifted and float(np.median(week)) * np.sign(mean) >= _EVEN * abs(mean):
            first = shift.began(rows, day)
            event = Event(Kind.LEVEL_SHIFT, first, day, float(np.sign(mean)), open=False, slow=True)
            self.events.append(event)
            self._shift(event, day)

    def _shift(self, event: Event, day: int) -> None:
        """The event is a level shift: it stands for all events of its direction since it began."""
        event.kind, first = Kind.LEVEL_SHIFT, event.first
        self.events = [
            one for one in self.events if one is event or one.sign != event.sign or not first <= one.first <= day
        ]
        ratio = shift.move_level(self._rows, first, day)
        self._score[first : day + 1] = self._weekly_score[first : day + 1] = 0.0
        if ratio is not None and shift.by_month_length(self._dates[first], ratio):
            self.events.remove(event)
        elif ratio is not None and ratio > _LAUNCH:
            self._open, event.open = event, True

    def _restless(self, day: int) -> bool:
        """Whether two weeks were strange up and down and up again: the rhythm of the week is another one."""
        fortnight = self._rows.surprise[max(day + 1 - 2 * WEEK, FEWEST_DAYS) : day + 1]
        signs = np.sign(fortnight[fortnight != 0])
        return signs.size >= _RESTLESS_DAYS and int(np.count_nonzero(np.diff(signs))) >= _TURNS

    def _anew(self, day: int) -> None:
        """Learn the segment again from the first of the strange days; together they are one lasting change."""
        start = max(day + 1 - 2 * WEEK, FEWEST_DAYS)
        first = start + int(np.flatnonzero(self._rows.surprise[start : day + 1])[0])
        self.events = [one for one in self.events if one.first < first]
        self._begin(Kind.LEVEL_SHIFT, first, 0.0)

    def _as_a_week_ago(self, day: int, deviation: float) -> bool:
        """Whether the same weekday alone was as strange a week ago: a job that runs once or twice a week changed."""
        ago, rows = day - WEEK, self._rows
        within = any(one.first <= ago <= one.last and one.first < one.last for one in self.events[-3:])
        alone = rows.surprise[day - 1] == 0 or not self._open
        return bool(alone) and not within and recurring.alike(rows, day, deviation, float(rows.surprise[ago]))

    def _move_weekday(self, day: int, deviation: float) -> None:
        """The weekday has a new level; all weekdays that changed within a week are told once."""
        shift.move_weekday(self._rows, day, deviation)
        for event in self.events:
            if event.first == event.last == day - WEEK:
                event.kind = Kind.LEVEL_SHIFT
                if event is self._open:
                    self._close(event)
        shifts = [one for one in self.events if one.kind is Kind.LEVEL_SHIFT]
        self.events = [one for one in self.events if one.kind is not Kind.LEVEL_SHIFT or not _told(one, shifts)]


def _told(event: Event, shifts: Sequence[Event]) -> bool:
    """Whether a level shift of the week before, in the same direction, already tells this one."""
    return any(one.sign == event.sign and 0 < event.first - one.first < WEEK for one in shifts)
