"""Which budgets are locked, the way to withdraw one, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from costlib import money
from costlib.errors import CostError
from costlib.periods import Window, day_name, window_name
from costlib.state.budgets import LockedBudget, last_withdrawn, unlock_budget
from costlib.state.roles import LOCK_BUDGET
from ui.editing.editor import Editor, barred, refuses_role
from ui.editing.form import SAID
from ui.guard import Page
from ui.markdown import literal
from ui.panels import refusal
from ui.tables import figures_table
from ui.who import reader_name

HEADER: Final = ("Budget", "Of", "Total", "Months", "Teams", "Locked", "By")


def finding(held: list[LockedBudget]) -> str:
    """How many budgets are locked, and the newest."""
    if not held:
        return "No budget is locked yet, so spend has nothing to be held against"
    last = held[0]
    count = f"{money.counted(len(held), 'budget')} locked"
    return f"{count}; the newest is {last.budget.version}, {_total(last)} of {last.scope}"


def locked_panel(page: Page, held: list[LockedBudget], editor: Editor) -> None:
    """The locked versions, the way to withdraw one, and the way back."""
    with st.container(border=True, key="locked-budgets"):
        st.header(
            "Locked versions", anchor=False, help="A locked budget never changes; a corrected one has a new name."
        )
        if held:
            caption = (
                "Newest first; pages use the newest of a whole fiscal year, without one the newest of a part of it"
            )
            figures_table(caption, HEADER, [_row(one) for one in held])
            _withdraw(page, held, editor)
        else:
            st.write("Bring one in below, or with: python -m costlib budget import FILE --name FY26")
        _undo(page, editor)


def _withdraw(page: Page, held: list[LockedBudget], editor: Editor) -> None:
    with st.popover("Withdraw a budget", type="tertiary", key="withdraw"):
        st.write("No page holds spend against it then. The history keeps it, and undo brings it back.")
        for one in held:
            version = one.budget.version
            bar = barred(editor, LOCK_BUDGET)
            if st.button(f"Withdraw {literal(version)}", key=f"withdraw {version}", **bar):
                change = partial(unlock_budget, page.workspace.state(), version, who=reader_name())
                _done(change, editor, f"{version} is withdrawn")


def _undo(page: Page, editor: Editor) -> None:
    """The last budget that was withdrawn, and the way back."""
    state = page.workspace.state()
    last = last_withdrawn(state)
    if last is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        said = f"{last.key} was withdrawn by {last.who} on {day_name(last.at.date())}"
        st.caption(literal(said), width="content")
        if st.button("Undo", key=f"undo-withdrawal-{last.seq}", type="tertiary", **barred(editor, LOCK_BUDGET)):
            _done(partial(state.undo, last.seq, who=reader_name()), editor, f"{last.key} is back")


def _done(change: Callable[[], object], editor: Editor, said: str) -> None:
    """Make the change and draw the page again, saying so; a refusal is said where it was asked for."""
    if refuses_role(editor, LOCK_BUDGET):
        return
    try:
        change()
    except CostError as error:
        refusal(error)
    else:
        st.session_state[SAID] = said
        st.rerun()


def _row(one: LockedBudget) -> list[str]:
    budget = one.budget
    months = sorted({line.month for line in budget.lines})
    window = Window(months[0], budget.after(months[-1]))
    teams = money.count(len(budget.teams))
    return [budget.version, one.scope, _total(one), window_name(window), teams, day_name(budget.locked_on), one.who]


def _total(one: LockedBudget) -> str:
    return money.short(one.budget.total(line.month for line in one.budget.lines), one.budget.currency)
