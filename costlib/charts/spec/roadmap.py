"""A roadmap: what is done when, by whom, and what each initiative saves a year.

Conventions: a bar runs from the first day of work to the day from which the whole saving is reached (exclusive);
savings are amounts a year at full run, a cost negative; places are fractions of the time shown. Initiatives stand
in the order of their tracks as first named, within a track by start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from costlib import money
from costlib.charts.spec.parts import Amount, Caption, check_amount, check_currency, check_names
from costlib.charts.timeline import short_label
from costlib.errors import InputError
from costlib.periods import Grain, add_months, month_start, months_between

MOST_INITIATIVES = 14

_STEPS = (1, 2, 3, 6, 12, 24, 60)


@dataclass(frozen=True)
class Initiative:
    """One bar: its first day of work, the day from which it saves in full, and that saving a year."""

    name: str
    track: str
    owner: str
    start: date
    ramp_end: date
    saving: Amount


@dataclass(frozen=True)
class Roadmap:
    """Initiatives as bars over months, grouped by ``track_name`` (phase, track); ``today`` is marked if inside."""

    caption: Caption
    currency: str
    initiatives: tuple[Initiative, ...]
    track_name: str = "Phase"
    saving_name: str = "Saving a year"
    today: date | None = None

    def __post_init__(self) -> None:
        check_currency(self.currency)
        check_names((one.name for one in self.initiatives), "initiative")
        check_names((self.track_name, self.saving_name, "Initiative", "Owner", "Start", "Full saving from"), "column")
        if len(self.initiatives) > MOST_INITIATIVES:
            raise InputError(
                f"A roadmap has {len(self.initiatives)} initiatives",
                expected=f"at most {MOST_INITIATIVES}",
                fix="Show the largest, or one phase.",
            )
        for one in self.initiatives:
            if not one.start < one.ramp_end:
                raise InputError(
                    f"{one.name!r} starts on {one.start} and saves in full from {one.ramp_end}",
                    expected="a start before that day",
                )
            if one.saving is not None:
                check_amount(one.saving, "initiative", one.name, expected="a finite Decimal, or None")

    @property
    def tracks(self) -> tuple[str, ...]:
        """The tracks in the order they are first named."""
        return tuple(dict.fromkeys(one.track for one in self.initiatives))

    @property
    def rows(self) -> tuple[Initiative, ...]:
        """The initiatives from top to bottom."""
        order = {track: index for index, track in enumerate(self.tracks)}
        return tuple(sorted(self.initiatives, key=lambda one: (order[one.track], one.start, one.ramp_end)))

    @property
    def first(self) -> date:
        """The first day shown: of the month in which the first work begins."""
        return month_start(min(one.start for one in self.initiatives))

    @property
    def end(self) -> date:
        """The day after the last one shown: the first of a month."""
        last = max(one.ramp_end for one in self.initiatives)
        return month_start(last) if last.day == 1 else add_months(month_start(last), 1)

    @property
    def months(self) -> int:
        """How many months are shown."""
        return months_between(self.first, self.end)

    def place(self, day: date) -> float:
        """Where a day lies in the time shown: 0 at its beginning, 1 at its end."""
        return (day - self.first).days / (self.end - self.first).days

    def ticks(self, most: int) -> tuple[tuple[date, str], ...]:
        """First day and name of at most ``most`` months, evenly apart from the first one on."""
        needed = -(-self.months // most)
        step = next((step for step in _STEPS if step >= needed), needed)
        days = (add_months(self.first, count) for count in range(0, self.months, step))
        return tuple((day, short_label(day, Grain.MONTH)) for day in days)

    @property
    def now(self) -> float | None:
        """Where ``today`` lies; None if it is outside the time shown."""
        return self.place(self.today) if self.today is not None and self.first <= self.today < self.end else None

    @property
    def total(self) -> Decimal | None:
        """The known savings together; None where none is known."""
        return money.total(one.saving for one in self.initiatives)

    @property
    def total_text(self) -> str:
        """The total as it is written: with the word known in front of it where a saving is missing."""
        text = money.short(self.total, self.currency)
        return f"{text} known" if self.total is not None and self.unknown else text

    @property
    def unknown(self) -> tuple[Initiative, ...]:
        """The initiatives whose saving is not known."""
        return tuple(one for one in self.rows if one.saving is None)

    def label(self, one: Initiative) -> str:
        """The saving of an initiative as it is written."""
        return money.short(one.saving, self.currency)

    def when(self, one: Initiative) -> str:
        """From the first month of work to the last before the whole saving, as in "Dec 26–Feb 27"."""
        first = short_label(one.start, Grain.MONTH)
        last = short_label(one.ramp_end - timedelta(days=1), Grain.MONTH)
        return first if first == last else f"{first}–{last}"
