"""What the Forecast page shows: where spend is likely to end, in what range, and by which parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final
from weakref import WeakKeyDictionary

import streamlit as st

from costlib import money
from costlib.analysis.outlook import Outlook
from costlib.analysis.ranges import LEVEL
from costlib.analysis.trend import Amount, Series
from costlib.analysis.windows import earliest
from costlib.briefs.ahead import Ahead, ahead
from costlib.briefs.exhibits import Timeline, lines
from costlib.briefs.outlook_exhibit import outlook_chart
from costlib.briefs.words import outlook as outlook_words
from costlib.charts.spec import Chart
from costlib.fiscal import Fiscal, WeekCalendar, first_month
from costlib.focus import label
from costlib.periods import (
    Grain,
    Window,
    add_months,
    day_name,
    month_start,
    months_name,
    next_period,
    period_start,
    period_starts,
    window_name,
)
from ui.cards import Card
from ui.forecast.ahead import SPLITS, Question, bridged_days, days_of, question_of
from ui.forecast.unknown import bridged, unknown_words
from ui.guard import Page
from ui.selection import Selection

MONTH_END, QUARTER_END, YEAR_END, YEAR_AHEAD = "Month end", "Quarter end", "Fiscal year end", "12 months"
_MONTHS: Final = {YEAR_AHEAD: 12, "18 months": 18, "36 months": 36}
HORIZONS: Final = (MONTH_END, QUARTER_END, YEAR_END, *_MONTHS)
_CARDS: Final = (MONTH_END, QUARTER_END, YEAR_END, YEAR_AHEAD)
_GRAINS: Final = {MONTH_END: Grain.MONTH, QUARTER_END: Grain.QUARTER, YEAR_END: Grain.YEAR}
NOTHING_SPENT: Final = "Nothing was spent under these choices. Remove a filter, or choose another scope or currency."
#: Closed months drawn before the outlook.
PAST_MONTHS = 12
RANGE_HELP: Final = (
    f"Four in five futures lie in the range ({LEVEL}% prediction interval), as far as the past can tell. Likely "
    "amounts add up; ranges do not, because parts rarely all come high together."
)
_Known = WeakKeyDictionary[Outlook, dict[tuple[Question, Window, str], Ahead | None]]
_HORIZON_HELP: Final = (
    "Month, quarter and fiscal year count what was spent in them so far, from the first day of the bills where that is "
    "later. 12, 18 and 36 months begin with the next full month."
)


@dataclass(frozen=True)
class Horizon:
    """How far the page looks: whole months, their name, and how the title says it.

    ``since`` is the first day of the bills where they begin inside it: what was spent before is not known.
    """

    window: Window
    name: str
    goal: str
    since: date | None = None

    @property
    def covered(self) -> Window:
        """The days that its amounts are of."""
        return Window(self.since or self.window.start, self.window.end)

    def beyond(self, data: Window) -> int:
        """Months from the one that the data end in to its last."""
        return len(period_starts(Window(data.end, self.window.end), Grain.MONTH))


def horizon_of(data: Window, name: str, fiscal: Fiscal = 1) -> Horizon:
    """The horizon of a name, seen from the end of the data.

    A forecast knows calendar months only: under a calendar of weeks, quarters and years are of months, and say so.

    >>> horizon_of(Window(date(2025, 11, 1), date(2026, 10, 21)), QUARTER_END).goal
    'end Q4 FY26 at {}'
    >>> horizon_of(Window(date(2026, 2, 3), date(2026, 10, 21)), YEAR_END).goal
    'come to {} from 3 Feb 2026, the first day of the bills, to the end of FY26'
    >>> horizon_of(Window(date(2025, 11, 1), date(2026, 10, 21)), "12 months").window.start
    datetime.date(2026, 11, 1)
    """
    if name in _GRAINS:
        grain, month = _GRAINS[name], first_month(fiscal)
        start = period_start(data.end, grain, month)
        period = months_name(start, grain, fiscal)
        window = Window(start, next_period(start, grain))
        if data.start <= start:
            return Horizon(window, period, f"end {period} at {{}}")
        since = day_name(data.start)
        goal = f"come to {{}} from {since}, the first day of the bills, to the end of {period}"
        return Horizon(window, f"{period} from {since}", goal, data.start)
    running = month_start(data.end)
    start = running if running == data.end else add_months(running, 1)
    window = Window(start, add_months(start, _MONTHS[name]))
    return Horizon(window, f"Next {name}", f"come to {{}} over the next {name}, {window_name(window)}")


@dataclass(frozen=True)
class Choices:
    """What the reader chose: how far to look, and how to split what is likely."""

    horizon: Horizon
    dimension: str


def choose_outlook(page: Page) -> Choices:
    """The choices of the page, each bound to the address."""
    until = st.segmented_control(
        "Look ahead to",
        HORIZONS,
        default=YEAR_END,
        required=True,
        key="until",
        bind="query-params",
        help=_HORIZON_HELP,
        wrap=True,
    )
    dimension = st.segmented_control(
        "Split by", SPLITS, default=SPLITS[0], format_func=label, required=True, key="split", bind="query-params"
    )
    horizon = horizon_of(page.window, until or YEAR_END, page.settings.fiscal)
    return Choices(horizon, dimension or SPLITS[0])


def figures(selection: Selection, outlook: Outlook | None, horizon: Horizon, dimension: str) -> Ahead | None:
    """Figures of the outlook over the horizon; None where nothing is known that could be carried on."""
    if outlook is None:
        return None
    known, key = _known().setdefault(outlook, {}), (question_of(selection), horizon.window, dimension)
    if key not in known:
        known[key] = _figures(selection, outlook, horizon, dimension)
    return known[key]


@st.cache_resource(show_spinner=False)
def _known() -> _Known:
    """What was worked out of each outlook; it goes with its outlook."""
    return WeakKeyDictionary()


def _figures(selection: Selection, outlook: Outlook, horizon: Horizon, dimension: str) -> Ahead | None:
    closed = Window(max(horizon.window.start, selection.page.window.start), outlook.months[0])
    booked: dict[str | None, Amount] = {}
    if closed.days > 0:
        booked = {row.values[0]: row.amount for row in selection.ask((dimension,), closed)}
        for value, amount in bridged(days_of(selection), dimension, closed).items():
            booked[value] = money.exact_sum((booked.get(value), amount))
    return ahead(outlook, horizon.window.start, horizon.window.end, dimension, booked)


class Forecast:
    """The figures of one run of the page, under one selection and one set of choices."""

    def __init__(self, selection: Selection, choices: Choices, outlook: Outlook | None) -> None:
        self.selection, self.choices, self.outlook = selection, choices, outlook
        self.data = selection.page.window

    @cached_property
    def found(self) -> Ahead | None:
        """The figures over the horizon."""
        return figures(self.selection, self.outlook, self.choices.horizon, self.choices.dimension)

    def finding(self) -> str:
        """The answer on top of the page."""
        if self.outlook is None:
            return "Nothing was spent here, so there is nothing to carry on"
        if self.found is None:
            return f"What {self.selection.subject} is likely to cost is unknown"
        goal = self.choices.horizon.goal
        return outlook_words.outlook_finding(self.selection.subject, self.selection.currency, goal, self.found.total)

    def cautions(self) -> list[str]:
        """What a reader must know before trusting the figures."""
        if self.outlook is None:
            return [NOTHING_SPENT]
        if self.found is None:
            return ["The bills do not say what was spent under these choices, so there is nothing to carry on."]
        months = self.choices.horizon.beyond(self.data)
        said = outlook_words.cautions(self.data.days, months, self.found.total, self.selection.currency)
        return [*said, *unknown_words(days_of(self.selection)), *self._by_months()]

    def _by_months(self) -> list[str]:
        """That fiscal years of weeks are forecast by calendar months."""
        fiscal = self.selection.page.settings.fiscal
        if not isinstance(fiscal, WeekCalendar):
            return []
        return [
            f"Your fiscal calendar is {fiscal.pattern} weeks. A forecast knows calendar months only, so quarters and "
            "years here are of whole months. Trends and Budgets follow your fiscal periods to the day."
        ]

    def cards(self, outlook: Outlook | None) -> list[Card]:
        """The figures that everybody asks for, whatever horizon is shown."""
        fiscal = self.selection.page.settings.fiscal
        found = []
        for name in _CARDS:
            horizon = horizon_of(self.data, name, fiscal)
            seen = figures(self.selection, outlook, horizon, self.choices.dimension)
            if seen:
                value = money.short(seen.total.likely, self.selection.currency)
                against = outlook_words.between(seen.total, self.selection.currency)
                found.append(Card(f"{horizon.name}, likely", value, None, against, RANGE_HELP))
        return found

    def chart(self, budget: Mapping[date, Decimal] | None = None) -> Chart:
        """Months spent and months ahead; months spent alone where nothing can be said of those ahead."""
        what, basis = f"{self.selection.subject} by month", self.selection.basis
        past = Window(earliest(self.data, PAST_MONTHS), self.data.end)
        if self.found is None:
            timeline = Timeline(tuple(period_starts(past, Grain.MONTH)), Grain.MONTH)
            values = tuple(self._actual(past).get(start) for start in timeline.starts)
            series = [Series(self.selection.subject, values)]
            return lines(self.finding(), what, basis, timeline, past, series, "x_Scope")
        months = period_starts(Window(past.start, self.choices.horizon.window.end), Grain.MONTH)
        days = bridged_days(self.selection)
        return outlook_chart(self.finding(), what, basis, months, self._actual(past), self.found, budget, days)

    def parts_finding(self, found: Ahead) -> str:
        """Which part is likely to cost most."""
        return outlook_words.parts_finding(found.parts, found.total, self.selection.currency, self.choices.dimension)

    def parts_table(self, found: Ahead) -> tuple[str, list[str], list[list[str]]]:
        """Caption, header and rows of what each part is likely to cost over the horizon."""
        dimension, window = self.choices.dimension, self.choices.horizon.covered
        what = f"{self.selection.subject} by {label(dimension).lower()}, likely"
        header, rows = outlook_words.parts_rows(found.parts, found.total, self.selection.currency, dimension)
        return self.selection.basis.subtitle(what, window), [label(dimension), *header], rows

    def _actual(self, window: Window) -> dict[date, Amount]:
        """What each month cost: nothing in one without a charge, not known in one without a bill."""
        found: dict[date, Amount] = dict.fromkeys(period_starts(window, Grain.MONTH), Decimal(0))
        found.update({row.period: row.amount for row in self.selection.ask((), window, Grain.MONTH) if row.period})
        return found | dict.fromkeys(month for month in self.selection.page.missing if month in found)
