"""How the plan stands, on the Overview: what it saves, what was truly saved, and which decisions wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Final

import streamlit as st

from costlib.briefs.one_pager import headline, situation
from costlib.briefs.words import savings as words
from costlib.briefs.words.outlook import bridged_words
from costlib.briefs.words.waiting import (
    Asks,
    Waiting,
    asks_waiting,
    launches_waiting,
    plans_waiting,
    savings_waiting,
    waiting_finding,
)
from costlib.periods import day_name
from costlib.state.asks import OpenAsk, open_asks
from costlib.state.decisions import Ledger
from costlib.state.saved import SavedPlan
from ui.guard import Page
from ui.launches.page import shown_launches
from ui.markdown import literal
from ui.moment import moment
from ui.navigation import page_of
from ui.plan import ChosenPlan, address_of, has_work_left, leading, plans_of, saved_plans
from ui.remembered import once
from ui.savings.page import Savings, savings_of
from ui.tables import figures_table

NO_PLAN = "No plan yet, so what could be saved is not known"
#: Columns of the table of savings that the Overview has room for: initiative, promised, saved, signed off.
_COLUMNS: Final = (0, 2, 3, 4)
_LINKS: Final = {
    "launch_review": "Launch review",
    "portfolio": "Portfolio: decisions",
    "roadmap": "Roadmap",
    "savings": "Savings",
}
#: What the address of a page says, so that the link leads to where it is decided.
_PARTS: Final = {"portfolio": {"show": "Decisions"}}


def standing_panel(page: Page, currency: str, limits: str) -> None:
    """Draw what the leading plan saves and what was saved so far, and beside it every open decision.

    ``limits`` is what the page has said already of days of unknown cost, which the plan then does not say again.
    """
    left, right = st.columns([3, 2], gap="small")
    with left, st.container(border=True, height="stretch", key="standing"):
        _plan_part(leading_plan(page), limits)
        _savings_part(page, currency)
    with right, st.container(border=True, height="stretch", key="waiting"):
        _waiting_part(page, currency)


def leading_plan(page: Page) -> ChosenPlan | None:
    """The plan with work left that leads; None where there is none."""
    chosen = leading(one for one in saved_plans(page).values() if has_work_left(one))
    return ChosenPlan(page, chosen) if chosen else None


def waiting(page: Page, savings: Savings) -> list[Waiting]:
    """Every open decision: on models, on asks, on savings, on plans."""
    launches = launches_waiting([one.reviewed for one in shown_launches(page)])
    said = (words.alarm(one.name, one.checks, savings.currency) for one in savings.measured)
    unsigned = sum(one.provisional for one in savings.standings)
    signing = savings_waiting([one for one in said if one], unsigned, savings.currency)
    return [*launches, *asks_waiting(_asks(page)), *signing, *plans_waiting(*_plans(saved_plans(page)))]


def _asks(page: Page) -> list[Asks]:
    """The open asks of all plans, by currency."""
    book = Ledger(page.workspace.state())
    found: dict[str, list[OpenAsk]] = {}
    for name, one in saved_plans(page).items():
        if held := book.all(name):
            known = {entry.key.partition("/")[2] for entry in plans_of(page).history(name)} | {*one.initiatives}
            found.setdefault(one.plan.plan.currency, []).extend(open_asks(held, known, page.today))
    return [
        Asks(code, tuple(one.what for one in asks), sum(one.amount for one in asks), sum(one.overdue for one in asks))
        for code, asks in found.items()
        if asks
    ]


def _plans(saved: Mapping[str, SavedPlan]) -> tuple[list[str], list[str]]:
    """Names of the plans that nobody approved, and of those that changed since."""
    left = [one for one in saved.values() if has_work_left(one)]
    fresh = [one.plan.plan.name for one in left if one.approval is None]
    return fresh, [one.plan.plan.name for one in left if one.approval and one.changed_since_approval]


@st.fragment(parallel=True)
def _plan_part(chosen: ChosenPlan | None, limits: str) -> None:
    if chosen is None:
        st.header(NO_PLAN, anchor=False)
        st.page_link(page_of("roadmap"), label="Start one on the Roadmap")
        return
    found, plan = chosen.found, chosen.saved.plan.plan
    if found is None:
        st.header(literal(f"{plan.name}: what it saves is not known yet"), anchor=False)
        st.write(literal(chosen.problem.problem if chosen.problem else ""))
    else:
        st.header(literal(headline(found).text), anchor=False)
        approval = chosen.saved.approval
        stands = f"approved by {approval.by} for {approval.cycle}" if approval else "not approved yet"
        now = f" Spend a month today: {found.now_words}." if found.is_forecast else ""
        said = limits == bridged_words(found.setting.bridged_days)
        setting = found.setting.bridging(0) if said else found.setting
        source = replace(setting, missing=()).source  # the line under the title names them
        st.caption(literal(f"{plan.name}, {stands}. {source}{now}"))
        st.write(literal(situation(found).text))
    st.page_link(
        page_of("roadmap"), label="Roadmap of this plan", query_params=address_of(chosen.page, chosen.saved.id)
    )


@st.fragment(parallel=True)
def _savings_part(page: Page, currency: str) -> None:
    savings = savings_of(page, currency)
    st.header(literal(savings.finding()), anchor=False, help=words.SAVED_HELP)
    if savings.measured:
        stages = {one.key: one.told_stage for one in savings.live}
        sides = savings.promised, savings.realised
        rows = words.standing_rows(savings.standings, savings.names, stages, *sides, savings.currency)
        caption = f"Since go-live, effective cost, {savings.currency}, bills to {day_name(page.today)}"
        figures_table(caption, _few(words.STANDING_HEADER), [_few(row) for row in rows])
    st.page_link(page_of("savings"), label="Savings: what proves them")


@st.fragment(parallel=True)
def _waiting_part(page: Page, currency: str) -> None:
    savings = savings_of(page, currency)
    found = once(partial(waiting, page, savings), "open decisions", moment(page), currency)
    st.header(waiting_finding(found), anchor=False)
    for name, group in groupby(found, key=lambda one: one.page):
        for one in group:
            st.markdown(literal(one.said))
        st.page_link(page_of(name), label=_LINKS[name], query_params=_PARTS.get(name))


def _few(row: Sequence[str]) -> list[str]:
    return [row[at] for at in _COLUMNS]
