"""What Trends shows: the choices it offers, its questions to the cube, put into the words and charts of ``briefs``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from costlib import money
from costlib.analysis import trend, windows
from costlib.analysis.trend import Amount, Change, Series
from costlib.briefs import exhibits
from costlib.briefs.exhibits import Timeline, segment_name
from costlib.briefs.words import findings
from costlib.briefs.words.rounding import rounding_words
from costlib.charts.spec import Chart
from costlib.fiscal import WeekCalendar
from costlib.focus import LABELS, label
from costlib.periods import (
    Grain,
    Window,
    day_name,
    meets,
    next_period,
    period_name,
    period_start,
    period_starts,
    window_name,
)
from costlib.store.question import Filter
from ui.guard import Page
from ui.selection import Selection

DIMENSIONS = tuple(name for name in LABELS if name != "x_Scope")
FILTERED = ("x_Team", "x_Model", "x_Stage", "x_Environment", "ServiceName", "ServiceProviderName", "SubAccountName")
GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
#: With fiscal years of whole weeks, months of the calendar (as invoices have them) and fiscal periods are two things.
_WEEK_GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.PERIOD, Grain.QUARTER, Grain.YEAR)
_GRAIN_NAMES = {Grain.PERIOD: "Fiscal period", Grain.YEAR: "Fiscal year"}
_MONTHS = {"3 months": 2, "6 months": 5, "12 months": 11, "24 months": 23}
YEAR_TO_DATE, EVERYTHING, CUSTOM = "Fiscal year to date", "All data", "Custom"
SPANS = (*_MONTHS, YEAR_TO_DATE, EVERYTHING, CUSTOM)
NOTHING, PREVIOUS_PERIOD, PREVIOUS_YEAR = "Nothing", "Period before", "Year before"
COLUMNS, LINES = "Columns", "Lines"
BEFORE = "Before"


@dataclass(frozen=True)
class Choices:
    """What the reader chose: how to split and cut, over which days, compared with what, drawn how."""

    dimension: str
    grain: Grain
    window: Window
    earlier: Window | None
    against: str
    shape: str
    asked: Window | None = None

    @property
    def widened(self) -> str | None:
        """What to say where the days shown begin earlier than the days asked for; None where they do not."""
        if self.asked is None or self.asked.start == self.window.start:
            return None
        return (
            f"Shown from {day_name(self.window.start)}, not {day_name(self.asked.start)}: a {self.grain} is never "
            "shown in part at its beginning. Choose Day to see exactly the days you asked for."
        )

    @property
    def lacks_comparison(self) -> bool:
        """Whether the reader asked for a comparison that the data does not reach back to."""
        return self.against != NOTHING and self.earlier is None


def choose_view(page: Page) -> Choices:
    """The choices of the page, each bound to the address."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dimension = st.selectbox(
            "Split by", DIMENSIONS, format_func=label, key="by", bind="query-params", width=200, index=1
        )
        grain = st.segmented_control(
            "Period",
            _WEEK_GRAINS if isinstance(page.settings.fiscal, WeekCalendar) else GRAINS,
            default=Grain.MONTH,
            format_func=lambda one: _GRAIN_NAMES.get(one, one.value.capitalize()),
            required=True,
            key="grain",
            bind="query-params",
            wrap=True,
        )
        span = st.selectbox("Over", SPANS, index=2, key="over", bind="query-params", width=190)
        versus = st.selectbox(
            "Compare with", (NOTHING, PREVIOUS_PERIOD, PREVIOUS_YEAR), key="versus", bind="query-params", width=170
        )
        shape = st.segmented_control(
            "Draw", (COLUMNS, LINES), default=COLUMNS, required=True, key="draw", bind="query-params"
        )
    grain = Grain(grain or Grain.MONTH)
    asked = _window(page, span or EVERYTHING)
    window = _from_period_start(page, asked, grain)
    earlier = _earlier(page, window, grain, versus or NOTHING)
    custom = asked if span == CUSTOM else None
    return Choices(dimension or DIMENSIONS[0], grain, window, earlier, versus or NOTHING, shape or COLUMNS, custom)


def _earlier(page: Page, window: Window, grain: Grain, versus: str) -> Window | None:
    """The window to compare with, where one is wanted and the bills cover it and the one that is seen."""
    if versus == NOTHING:
        return None
    fiscal = page.settings.fiscal
    earlier = windows.year_before if versus == PREVIOUS_YEAR else windows.previous_window
    before = earlier(window, grain, fiscal)
    return None if meets(window, page.incomplete) else windows.within(page.window, before, page.incomplete)


def _from_period_start(page: Page, window: Window, grain: Grain) -> Window:
    """The window from the start of its first period, so that no period is cut by the choice of days."""
    if grain is Grain.DAY:
        return window
    start = period_start(window.start, grain, page.settings.fiscal)
    return Window(max(start, page.window.start), window.end)


def _window(page: Page, span: str) -> Window:
    data = page.window
    if span in _MONTHS:
        return Window(max(windows.earliest(data, _MONTHS[span]), data.start), data.end)
    if span == YEAR_TO_DATE:
        return Window(max(period_start(data.last, Grain.YEAR, page.settings.fiscal), data.start), data.end)
    if span == CUSTOM:
        chosen = st.date_input(
            "Days, first and last",
            (windows.earliest(data, 0), data.last),
            min_value=data.start,
            max_value=data.last,
            key="days",
            bind="query-params",
            width=260,
        )
        if isinstance(chosen, tuple) and len(chosen) == 2:
            return Window(chosen[0], date.fromordinal(chosen[1].toordinal() + 1))
        st.stop()
    return data


class Trends:
    """The figures of one run of the page, under one selection and one set of choices."""

    def __init__(self, selection: Selection, choices: Choices) -> None:
        self.selection, self.choices = selection, choices
        self.fiscal_start = selection.page.settings.fiscal
        self.timeline = self._timeline(choices.window)
        self.series = self._series(choices.window, self.timeline)
        self.earlier = self._series(choices.earlier, self._timeline(choices.earlier)) if choices.earlier else []
        self.series += self._ended()

    def finding(self) -> str:
        """The answer on top of the page."""
        what, currency = self.selection.subject, self.selection.currency
        dimension = self.choices.dimension
        if self.choices.earlier:
            totals = [money.total(one.total for one in series) for series in (self.earlier, self.series)]
            names = [findings.when(window) for window in (self.choices.window, self.choices.earlier)]
            change = Change(None, totals[0], totals[1])
            return findings.spend_finding(what, currency, change, names[0], names[1], self.changes(), dimension)
        parts = [(one.name, one.total) for one in self.series]
        return findings.share_finding(parts, currency, dimension)

    def chart(self) -> Chart:
        """The chart: the comparison of totals, or the segments as columns or lines."""
        basis, choices, title = self.selection.basis, self.choices, self.finding()
        by = f"{self.selection.subject} by {_GRAIN_NAMES.get(choices.grain, choices.grain.value).lower()}"
        if choices.earlier:
            return exhibits.compared(
                title,
                by,
                basis,
                self.timeline,
                (choices.window, choices.earlier),
                self.series,
                self.earlier,
                choices.against,
            )
        draw = exhibits.stacked if choices.shape == COLUMNS else exhibits.lines
        what = f"{by} and {label(choices.dimension).lower()}"
        return draw(title, what, basis, self.timeline, choices.window, self.series, choices.dimension)

    def changes(self) -> list[Change]:
        """What each segment cost in both windows."""
        pairs = [[(one.name, None, one.total) for one in series] for series in (self.earlier, self.series)]
        return trend.changes(*pairs)

    def table(self) -> list[dict[str, Any]]:
        """Rows of the table under the chart: every segment and their sum, total and comparison and each period."""
        before = {one.name: one.total for one in self.earlier}
        rows = [
            self._row(segment_name(self.choices.dimension, one.name), one, before.get(one.name, Decimal(0)))
            for one in self.series
        ]
        everything = trend.added(self.series)
        return [*rows, self._row("All", everything, money.total(before.values()))]

    def rounding(self) -> str:
        """That cells of the table, rounded one by one, are not exactly their sums; nothing where they are."""
        columns = list(zip(*(one.values for one in self.series), strict=True))
        totals = [[one.total for one in series] for series in (self.series, self.earlier)]
        rows = [one.values for one in (*self.series, trend.added(self.series))]
        return rounding_words([*columns, *totals, *rows])

    def drill(self, row: int, column: str) -> tuple[str, Selection, Window]:
        """What a cell of the table stands for: its name, the selection narrowed to its segment, its days."""
        window = self._column_window(column)
        if row >= len(self.series):
            return f"everything, {window_name(window)}", self.selection, window
        name, dimension = self.series[row].name, self.choices.dimension
        narrowed = self.selection.narrowed(Filter(dimension, (name,)))
        return f"{segment_name(dimension, name)}, {window_name(window)}", narrowed, window

    @property
    def _period_names(self) -> list[str]:
        return [period_name(start, self.choices.grain, self.fiscal_start) for start in self.timeline.starts]

    def _column_window(self, column: str) -> Window:
        window, names, starts = self.choices.window, self._period_names, self.timeline.starts
        if column == BEFORE and self.choices.earlier:
            return self.choices.earlier
        if column not in names:
            return window
        start = starts[names.index(column)]
        return Window(
            max(start, window.start), min(next_period(start, self.choices.grain, self.fiscal_start), window.end)
        )

    def _row(self, name: str, series: Series, before: Amount) -> dict[str, Any]:
        compared = {}
        if self.choices.earlier:
            compared = {BEFORE: before, "Change": Change(None, before, series.total).amount}
        amounts = {"Total": series.total, **compared, **dict(zip(self._period_names, series.values, strict=True))}
        return {label(self.choices.dimension): name} | {key: _rounded(amount) for key, amount in amounts.items()}

    def _ended(self) -> list[Series]:
        """Segments of the earlier window that cost nothing in this one."""
        present, nothing = {one.name for one in self.series}, (Decimal(0),) * len(self.timeline.starts)
        return [Series(one.name, nothing) for one in self.earlier if one.name not in present]

    def _series(self, window: Window, timeline: Timeline) -> list[Series]:
        rows = self.selection.ask((self.choices.dimension,), window, self.choices.grain)
        missing = self.selection.page.missing
        unknown = windows.unknown_periods(timeline.starts, self.choices.grain, self.fiscal_start, missing)
        return trend.pivot([(row.values[0], row.period, row.amount) for row in rows], timeline.starts, unknown)

    def _timeline(self, window: Window) -> Timeline:
        starts = tuple(period_starts(window, self.choices.grain, self.fiscal_start))
        return Timeline(starts, self.choices.grain, self.fiscal_start)


def number_columns(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How the table writes its amounts: thousands separated, in the currency the page names."""
    names = list(rows[0])[1:] if rows else []
    return {name: st.column_config.NumberColumn(format="accounting") for name in names}


def _rounded(amount: Amount) -> float | None:
    return None if amount is None else float(money.cents(amount))
