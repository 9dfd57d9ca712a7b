"""What the Portfolio page shows of a plan: purposes over the years, business cases, reinvestment, bets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import streamlit as st

from costlib import money
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.words import portfolio as words
from costlib.briefs.words import venture as venture_words
from costlib.briefs.words.roadmap import NPV_HELP, RANGE_HELP, STAGE_HELP, amount
from costlib.periods import add_months, fiscal_year
from costlib.roadmap.leakage import Outcome, leakage
from costlib.roadmap.portfolio.bets import bets
from costlib.roadmap.portfolio.cases import BusinessCase, bound, business_cases
from costlib.roadmap.portfolio.reinvest import Funding, by_year, reinvested, reinvestment
from ui.cards import Card
from ui.exhibit import Exhibit, draw
from ui.markdown import literal
from ui.plan import ChosenPlan
from ui.savings.page import Savings, savings_of
from ui.tables import figures_table

NO_PLAN = "No plan yet: a portfolio shows what Run frees for Grow and Transform"
#: Of the bubbles and the shift beside each other.
_WIDTHS: Final = (3, 2)


@dataclass(frozen=True)
class Portfolio:
    """The figures of one plan as a portfolio."""

    chosen: ChosenPlan
    found: PlanFigures

    @cached_property
    def cases(self) -> list[BusinessCase]:
        """The business case of each initiative."""
        return business_cases(self.found.case.recommended.result)

    @cached_property
    def years(self) -> list[Funding]:
        """What flows between the purposes, by fiscal year."""
        return by_year(reinvestment(self.found.case.recommended.result), self.found.case.plan)

    def finding(self) -> str:
        """The answer on top of the page."""
        header = self.found.case.plan.plan
        last = f"{add_months(header.start, header.months - 1):%b %Y}"
        return words.portfolio_finding(self.years, last, self.chosen.currency)

    def cards(self) -> list[Card]:
        """Worth, freed, invested, asked."""
        whole, currency = bound(self.found.case.recommended.result), self.chosen.currency
        freed = sum(one.released for one in self.years)
        wanted = sum(one.wanted_grow + one.wanted_transform for one in self.years)
        ask = sum(one.ask for one in self.years)
        npv = amount(whole.npv.likely, currency)
        return [
            Card("Worth today (NPV)", npv, None, words.bound_words(whole, currency), f"{NPV_HELP} {RANGE_HELP}"),
            Card("Run frees", amount(freed, currency), None, "net of its own cost", words.BUCKET_HELP),
            Card("Grow and Transform want", amount(wanted, currency), None, "all they take", words.BUCKET_HELP),
            Card("To be asked for", amount(ask, currency), None, "not freed when it is wanted", words.BUCKET_HELP),
        ]


def charts(portfolio: Portfolio) -> None:
    """Draw the bubbles, and beside them the shift of money between the purposes."""
    bubble, shift = words.bubble_chart(portfolio.found, portfolio.cases), words.shift_chart(portfolio.found)
    found = [(chart, name) for chart, name in ((bubble, "bubble"), (shift, "shift")) if chart]
    if not found:
        return
    widths = _WIDTHS[: len(found)]
    for place, (chart, name) in zip(st.columns(widths, gap="small"), found, strict=True):
        with place:
            draw(Exhibit(chart, portfolio.chosen.selection, made_of=portfolio.chosen.made_of), name)


def flows_panel(portfolio: Portfolio) -> None:
    """Draw what Run frees and where it goes, year by year."""
    fiscal, currency = portfolio.found.case.plan.plan.fiscal_year_start, portfolio.chosen.currency
    with st.container(border=True, key="flows"):
        title = words.flow_finding(portfolio.years, fiscal, currency)
        st.header(literal(title), anchor=False, help=words.BUCKET_HELP)
        caption = f"Flows between the purposes by fiscal year, {currency}, likely"
        figures_table(caption, words.FLOW_HEADER, words.flow_rows(portfolio.years, fiscal, currency))
        _reinvested(portfolio, fiscal, currency)


def _reinvested(portfolio: Portfolio, fiscal: int, currency: str) -> None:
    """Draw where each initiative says that its saving goes, by fiscal year."""
    flows = reinvested(portfolio.found.case.recommended.result)
    if flows:
        years = [f"FY{fiscal_year(one.start, fiscal) % 100:02d}" for one in portfolio.years]
        header = ("What is freed by", "Goes to", "Share", *years, "All")
        rows = venture_words.reinvested_rows(flows, words.names_of(portfolio.found), currency)
        figures_table(f"Reinvested by the initiatives' own word, {currency}, likely", header, rows)


def objectives_panel(portfolio: Portfolio) -> None:
    """Draw the objectives and key results that the initiatives serve."""
    initiatives, currency = portfolio.found.case.plan.initiatives, portfolio.chosen.currency
    with st.container(border=True, key="objectives"):
        st.header(literal(venture_words.objective_finding(portfolio.cases, initiatives)), anchor=False)
        rows = venture_words.objective_rows(portfolio.cases, initiatives, currency)
        figures_table(f"Objectives and key results, {currency}, likely", venture_words.OBJECTIVE_HEADER, rows)


def cases_panel(portfolio: Portfolio) -> None:
    """Draw the business case of each initiative."""
    with st.container(border=True, key="cases"):
        st.header(cases_finding(portfolio.cases), anchor=False, help=f"{words.ROI_HELP} {words.CASE_HELP}")
        span = money.counted(portfolio.found.case.plan.plan.months, "month")
        over = f"{portfolio.chosen.currency}, likely over {span}"
        caption = f"Business cases, {over}; pays back and first value count from an initiative's own start"
        figures_table(caption, words.CASE_HEADER, words.case_rows(portfolio.cases, portfolio.chosen.currency))


def bets_panel(portfolio: Portfolio) -> None:
    """Draw the venture view: what is to be expected of each at the stage that it has reached."""
    currency = portfolio.chosen.currency
    leaks = leakage(outcomes(savings_of(portfolio.chosen.page, currency)))
    found = bets(portfolio.cases, portfolio.found.case.plan.initiatives, leaks, portfolio.chosen.page.today)
    names = words.names_of(portfolio.found)
    with st.container(border=True, key="bets"):
        title = venture_words.bet_finding(found, currency)
        st.header(literal(title), anchor=False, help=f"{venture_words.EXPECTED_HELP} {STAGE_HELP}")
        for flag in venture_words.flags(found, names):
            st.warning(literal(flag))
        st.markdown(literal(venture_words.stake_line(found, currency)), help=venture_words.STAKE_HELP)
        known = sum(one.outcomes for one in leaks)
        rests = money.counted(known, "signed initiative") if known else "a stated prior"
        caption = f"Bets by gate, {currency}; losses on the way rest on {rests}"
        figures_table(caption, venture_words.BET_HEADER, venture_words.bet_rows(found, names, currency))
        if bare := venture_words.without_criteria(found):
            st.write(bare)
        if rows := venture_words.criterion_rows(found, names):
            st.header("When a bet ends", anchor=False, help=venture_words.KILL_HELP)
            figures_table("Kill criteria, those that are due first", venture_words.CRITERION_HEADER, rows)


def cases_finding(cases: Sequence[BusinessCase]) -> str:
    """How many initiatives are worth more today than they take."""
    paying, unknown = sum(one.npv > 0 for one in cases), sum(not one.is_estimated for one in cases)
    are = "is worth more than it takes" if len(cases) == 1 else "are worth more than they take"
    left = f"; {unknown} {'is' if unknown == 1 else 'are'} not estimated yet" if unknown else ""
    return f"{paying} of {money.counted(len(cases), 'initiative')} {are}{left}"


def outcomes(savings: Savings) -> list[Outcome]:
    """What was promised of the months that finance signed, and what it signed: the organisation's own history."""
    signed = {(one.initiative, one.month): one.amount for one in savings.bookings}
    planned = {(one.initiative, one.month): one.amount for one in savings.promised}
    names = dict.fromkeys(name for name, _ in signed)
    found = []
    for name in names:
        months = [key for key in signed if key[0] == name and key in planned]
        promised = sum(planned[key] for key in months)
        if promised > 0:
            found.append(Outcome("L3", promised, sum(signed[key] for key in months)))
    return found
