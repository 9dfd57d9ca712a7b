"""The Budgets page: the quarterly review, and the way a new budget comes in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import streamlit as st

from costlib import money
from costlib.analysis.bridge import Bridge
from costlib.analysis.budget import Budget, Variance
from costlib.analysis.review import ReviewRow
from costlib.briefs.bridge_exhibit import bridge_chart, bridge_rows, variance_chart
from costlib.briefs.exhibits import segment_name
from costlib.briefs.words.bridge import causes_finding
from costlib.briefs.words.budget import REVIEW_HEADER, review_finding, review_rows
from costlib.charts.spec import Caption
from costlib.errors import CostError, InputError
from costlib.fiscal import Fiscal, WeekCalendar
from costlib.periods import Grain, Window, period_name, window_name
from costlib.state.budget_file import COLUMNS, QUANTITIES, read_budget
from costlib.state.budgets import LockedBudget, lock_budget
from costlib.state.roles import LOCK_BUDGET
from costlib.wording import capital
from ui.budgets.year import TEAM, closed_quarters, review
from ui.editing.editor import Editor, barred, refuses_role
from ui.editing.entry import emptied, is_done
from ui.editing.form import SAID
from ui.exhibit import Exhibit, draw
from ui.guard import Page
from ui.markdown import literal
from ui.panels import refusal
from ui.selection import SCOPES, Selection
from ui.status import apart_words
from ui.tables import figures_table
from ui.who import reader_name

EXAMPLE = (
    "team,month,amount,currency,quantity,unit\nFraud,2026-01,90000,USD,13400,Hrs\nFraud,2026-01,30000,USD,,\n"
    "Search,2026-01,45000,USD,,\n,2026-01,60000,USD,,\n"
)
#: Keys of the session: the budget to review next, and how many were locked (a new number is an empty file field).
_NEXT, _LOCKED = "next-budget", "budgets-locked"
CAUSES = (
    "Volume: more or less used than budgeted, at budgeted rates. Rates: another cost of each unit than budgeted, a "
    "shift to dearer or cheaper items included. New: not budgeted. Ended: budgeted and not spent. No quantity: what "
    "the budget states in money alone."
)


def review_panel(page: Page, held: list[LockedBudget]) -> None:
    """The quarterly variance review of one budget."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="review"):
        names = {one.budget.version: one for one in held}
        if (wanted := st.session_state.pop(_NEXT, None)) in names:
            st.session_state["budget"] = wanted
        chosen = st.selectbox("Budget", list(names), key="budget", bind="query-params", width=220)
        one = names[chosen or next(iter(names))]
        selection = Selection(page, one.scope, "EffectiveCost", one.budget.currency)
        quarters = closed_quarters(selection, one.budget)
        if quarters:
            start = st.selectbox(
                "Quarter",
                quarters,
                format_func=lambda months: _quarter(one.budget, months[0]),
                key="quarter",
                width=220,
            )
    if not quarters:
        st.write(
            "No quarter of this budget has closed yet, or the budget or the bills do not cover one from end to end."
        )
        return
    reviewed = review(selection, one.budget, start)
    rows = tuple(row.variance for row in reviewed)
    period, window = f"in {_quarter(one.budget, start[0])}", Window(start[0], one.budget.after(start[-1]))
    title = review_finding(rows, one.budget.currency, one.scope, period)
    basis = selection.basis
    subtitle = basis.subtitle(f"{selection.scope}, budget {one.budget.version} to actual by team", window)
    chart = variance_chart(rows, Caption(title, subtitle, basis.source), basis.currency)
    if chart:
        draw(Exhibit(chart, selection, TEAM, {"budget": one.budget.version}), "review", height=340)
    with st.container(border=True, key="teams"):
        if chart is None:
            st.header(literal(title), anchor=False)
        _teams_table(selection, one.budget, start, rows)
    if one.budget.of_units(start):
        causes_panel(selection, reviewed, one.budget.version, period, window)


def _teams_table(selection: Selection, budget: Budget, quarter: Sequence[date], rows: Sequence[Variance]) -> None:
    """Budget and actual by team, and what the figures hold and leave out."""
    name = f"{selection.scope} in {_quarter(budget, quarter[0])} against {budget.version}"
    within = f"effective cost, {budget.currency}; within 5% of the budget is on budget"
    figures_table(f"{name}, {within}", REVIEW_HEADER, review_rows(rows, budget.currency))
    if apart := apart_words(selection, Window(quarter[0], budget.after(quarter[-1]))):
        st.caption(literal(f"{capital(apart)}."))
    if not budget.of_units(quarter):
        st.caption("The budget says no quantities, so rates and volume cannot be told apart.")


def causes_panel(selection: Selection, rows: Sequence[ReviewRow], version: str, period: str, window: Window) -> None:
    """What the difference is made of: rates and volume where the budget says quantities, by team."""
    whole, parts = rows[-1].variance, rows[-1].parts
    if parts is None or whole.budget is None or whole.actual is None:
        return
    basis, title = selection.basis, causes_finding(parts, selection.currency, period)
    subtitle = basis.subtitle(f"{selection.scope}, budget {version} to actual by cause", window)
    found = Bridge(whole.budget, whole.actual, parts, ())
    chart = bridge_chart(found, Caption(title, subtitle, basis.source), basis.currency, ("Budget", "Actual"))
    draw(Exhibit(chart, selection, made_of={"budget": version}), "causes", height=320)
    teams = [(segment_name(TEAM, row.variance.team), row.parts) for row in rows[:-1]]
    known = [(name, one) for name, one in teams if one is not None]
    header, cells = bridge_rows([*known, ("All", parts)], selection.currency, len(known) + 1)
    with st.container(border=True, key="cause-teams"):
        figures_table(f"Causes by team, {selection.currency}; they add up to the difference", ["Team", *header], cells)
        st.caption(CAUSES)


def upload_panel(page: Page, editor: Editor) -> None:
    """The way a budget comes in: file, preview, lock."""
    emptied("upload-budget", {"budget-name": ""})
    with st.container(border=True, key="upload-budget"):
        st.header("Bring in a budget", anchor=False)
        fiscal = page.settings.fiscal
        st.write(
            f"A CSV file with the columns {', '.join(COLUMNS)}; one line a team and {_each(fiscal)}. With the columns "
            f"{' and '.join(QUANTITIES)}, a line is for what is used in that unit of the bill, one without is for "
            "everything else of the team."
        )
        st.download_button(
            "Example file",
            data=_example(fiscal),
            file_name="budget.csv",
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
        )
        name = st.text_input("Name of the version", key="budget-name", placeholder="FY26")
        scope = st.segmented_control("Budget of", SCOPES, default=SCOPES[0], required=True, key="budget-scope")
        key = f"budget-file-{st.session_state.get(_LOCKED, 0)}"
        file = st.file_uploader("Budget file", type="csv", key=key)
        if file is None or not name:
            st.caption("Choose a file and give it a name to see what it holds.")
            return
        try:
            today = datetime.now(UTC).date()
            budget = read_budget(file.getvalue(), name, today, fiscal)
        except InputError as error:
            refusal(error)
            return
        _preview(page, budget)
        bar = barred(editor, LOCK_BUDGET)
        if st.button(f"Lock {literal(budget.version)}", type="primary", key="lock-budget", **bar):
            _lock(page, budget, scope or SCOPES[0], editor)


def _lock(page: Page, budget: Budget, scope: str, editor: Editor) -> None:
    """Lock the budget, say so, and show its review next; refused, name and file stay."""
    if refuses_role(editor, LOCK_BUDGET):
        return
    try:
        lock_budget(page.workspace.state(), budget, scope, who=reader_name())
    except CostError as error:
        refusal(error)
        return
    is_done("upload-budget")
    st.session_state[_LOCKED] = int(st.session_state.get(_LOCKED, 0)) + 1
    total = money.short(budget.total(line.month for line in budget.lines), budget.currency)
    st.session_state[SAID] = f"{budget.version} is locked: {total} of {scope}"
    st.session_state[_NEXT] = budget.version
    st.rerun()


def _preview(page: Page, budget: Budget) -> None:
    """What the file holds, by team, and teams that no bill has."""
    months = sorted({line.month for line in budget.lines})
    known = set(page.snapshot.reader.values(TEAM))
    rows = []
    for team in budget.teams:
        total = money.full(budget.of(team, months), budget.currency)
        rows.append([segment_name(TEAM, team), total, "" if team in known else "no bill has this team"])
    rows.append(["All", money.full(budget.total(months), budget.currency), ""])
    window = Window(months[0], budget.after(months[-1]))
    figures_table(f"{budget.version}, {window_name(window)}, {budget.currency}", ("Team", "Budget", "Check"), rows)
    if not budget.covers(budget.year(months[0])):
        st.caption("It has no line for some months of its fiscal year: a budget of the whole year goes before it.")


def _each(fiscal: Fiscal) -> str:
    return f"fiscal period, such as FY26-P03 ({fiscal.pattern} weeks)" if isinstance(fiscal, WeekCalendar) else "month"


def _example(fiscal: Fiscal) -> str:
    return EXAMPLE.replace("2026-01", "FY26-P01") if isinstance(fiscal, WeekCalendar) else EXAMPLE


def _quarter(budget: Budget, start: date) -> str:
    return period_name(start, Grain.QUARTER, budget.fiscal_start)
