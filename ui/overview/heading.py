"""Where spend is heading, as the Overview says it: the fiscal year beside its budget, with what is planned in it."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import streamlit as st

from costlib.analysis.budget import Budget
from costlib.analysis.daily import SHORT_DAYS
from costlib.briefs.ahead import Ahead
from costlib.briefs.words.budget import LANDING_HEADER
from costlib.briefs.words.outlook import bridged_words
from costlib.periods import day_name
from ui.budgets.year import TEAM, YearEnd, budget_by_month, budget_of, covered_words, is_of, measure_words, year_end
from ui.exhibit import Exhibit, draw
from ui.forecast.ahead import bridged_days, outlook_of
from ui.forecast.page import RANGE_HELP, YEAR_END, Choices, Forecast, horizon_of
from ui.forecast.scenarios import scenarios_of
from ui.markdown import literal
from ui.navigation import page_of
from ui.selection import Selection
from ui.tables import figures_table

#: Teams that have a row up here; the Forecast has all.
TEAMS_SHOWN: Final = 10


class Heading:
    """The outlook to the end of the fiscal year under one selection, and the budget where there is one."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.horizon = horizon_of(selection.page.window, YEAR_END, selection.page.settings.fiscal)
        self.outlook = scenarios_of(selection, outlook_of(selection)).outlook()
        self.forecast = Forecast(selection, Choices(self.horizon, TEAM), self.outlook)
        self.budget = budget_of(selection)

    @property
    def found(self) -> Ahead | None:
        """The figures of the fiscal year; None where nothing can be carried on, or too little to say it up here."""
        return None if self.selection.page.window.days < SHORT_DAYS else self.forecast.found

    @property
    def limits(self) -> str:
        """That days of unknown cost are behind the outlook; nothing where there are none, or no outlook."""
        return bridged_words(bridged_days(self.selection)) if self.found else ""

    @cached_property
    def year_end(self) -> YearEnd | None:
        """The fiscal year beside its budget; None where there is none or it or the bills do not cover the year."""
        if self.budget is None or self.outlook is None or self.found is None or self.not_compared:
            return None
        return year_end(self.selection, self.budget, self.outlook, self.found)

    @property
    def not_compared(self) -> str:
        """Why the year is not held against the budget that there is; nothing where it is, or there is none."""
        today, window = self.selection.page.today, self.horizon.window
        if self.budget is None:
            return measure_words(self.selection)
        if is_of(self.budget.budget, window, today):
            return covered_words(self.budget.budget, today) or self._missing_words(self.budget.budget)
        start, version = self.budget.budget.year(today)[0], self.budget.budget.version
        return (
            f"Budget {version} is for a year from {day_name(start)}, the fiscal year here begins on "
            f"{day_name(window.start)}: they are not compared."
        )

    def _missing_words(self, budget: Budget) -> str:
        """That a bill of the budget's year is missing; nothing where all are there."""
        if not {*budget.year(self.selection.page.today)} & {*self.selection.page.missing}:
            return ""
        return f"Budget {budget.version} is not held against a year of which a bill is missing."

    def sentence(self) -> str:
        """Where the year is likely to end; nothing where it is unknown."""
        if self.year_end:
            return self.year_end.finding
        return self.forecast.finding() if self.found else ""


def heading_panel(heading: Heading) -> None:
    """Draw the way to the end of the year, and what each team is likely to cost beside its budget."""
    found = heading.found
    if found is None:
        return
    left, right = st.columns([3, 2], gap="small")
    budget = budget_by_month(heading.budget.budget) if heading.budget else None
    with left:
        made_of = {"budget": heading.budget.budget.version} if heading.budget else {}
        chart = heading.forecast.chart(budget)
        draw(Exhibit(chart, heading.selection, made_of=made_of), "heading", height=330)
    with right, st.container(border=True, height="stretch", key="year-end"):
        st.header(literal(heading.forecast.parts_finding(found)), anchor=False, help=RANGE_HELP)
        caption, header, rows = heading.forecast.parts_table(found)
        header, rows = header[:-1], [row[:-1] for row in rows]
        if heading.year_end and heading.budget:
            caption = f"{caption}; budget {heading.budget.budget.version}"
            header, rows = list(LANDING_HEADER), heading.year_end.rows
        *teams, whole = rows
        if len(teams) > TEAMS_SHOWN:
            caption = f"{caption}; the {TEAMS_SHOWN} largest of {len(teams)} teams"
        figures_table(caption, header, [*teams[:TEAMS_SHOWN], whole])
        if heading.not_compared:
            st.caption(literal(heading.not_compared))
        st.page_link(page_of("forecast"), label="Forecast: other horizons, record, planned changes")
