"""Proposals: levers that apply to what a team or model costs, with the money each addresses, ready to be planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import streamlit as st

from costlib.briefs.words import proposal as proposal_words
from costlib.errors import CostError
from costlib.focus import CURRENCY, EFFECTIVE
from costlib.outlook import ai_filter
from costlib.periods import Grain, Window
from costlib.roadmap.levers.catalogue import read_catalogue
from costlib.roadmap.levers.propose import Proposal, propose
from costlib.roadmap.levers.rows import DIMENSIONS, spend_rows
from costlib.store.query import Filter, Question
from ui.editing.editor import Editor, asks_for_name
from ui.editing.form import SAID, close_form
from ui.guard import Page
from ui.panels import literal, refusal
from ui.plan import ChosenPlan, plans_of
from ui.roadmap.page import NEXT_INITIATIVE
from ui.tables import figures_table

#: Days that are looked through for steps that never came down.
_DAYS: Final = 400
#: Session key of what was found: the bills, currency and month it was found for, proposals and unknown line items.
_KEPT: Final = "proposals-found"
#: Line items of the month whose cost no bill says, by team and model.
_Unknown = Counter[tuple[str | None, str | None]]
_Found = tuple[list[Proposal], _Unknown]
_HELP: Final = (
    "A lever's saving is a share of the money it addresses, and of nothing else. Measured: worked out from data or a "
    "price list. Published: somebody else says so. Judgement: nobody has shown it yet. Two proposals may address the "
    "same money; together they compound and are never added up."
)


def proposals_panel(chosen: ChosenPlan, editor: Editor) -> None:
    """Draw what could be done, by team and model, and add what the reader picks."""
    found, unknown = _proposals(chosen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        team = st.selectbox("Team", _teams(found), index=None, key="for-team", placeholder="All", width=220)
        model = st.selectbox("Model", _models(found), index=None, key="for-model", placeholder="All", width=220)
    shown = [one for one in found if team in (None, one.initiative.owner) and model in (None, *_scope(one, "x_Model"))]
    st.header(literal(proposal_words.proposal_finding(shown, chosen.currency)), anchor=False, help=_HELP)
    if said := proposal_words.unknown_words(_counted(unknown, team, model)):
        st.caption(literal(said))
    if not shown:
        return
    st.dataframe(
        proposal_words.proposal_rows(shown),
        column_config=_columns(),
        hide_index=True,
        height=320,
        key="proposals",
        alt="Levers that apply, with what each addresses and may save a month",
    )
    by_id = {one.id: one for one in shown}
    name = st.selectbox(
        "Look at a proposal",
        list(by_id),
        index=None,
        format_func=lambda one: by_id[one].initiative.title,
        key="proposal",
        placeholder="Choose one",
        width=460,
    )
    if name:
        _card(chosen, by_id[name], found, editor)


def _card(chosen: ChosenPlan, one: Proposal, found: Sequence[Proposal], editor: Editor) -> None:
    """Why it applies, how we know, what else acts on the same money, and the button that plans it."""
    with st.container(border=True, key="proposal-card"):
        st.header(literal(one.initiative.title), anchor=False)
        st.write(literal(proposal_words.proposal_sentence(one, chosen.currency)))
        st.markdown("\n".join(f"- {literal(line)}" for line in proposal_words.proposal_lines(one, chosen.currency)))
        rows = proposal_words.overlap_rows(one, found, chosen.currency)
        if rows:
            figures_table(proposal_words.overlap_title(one), proposal_words.OVERLAP_HEADER, rows)
        planned = one.initiative.id in chosen.saved.initiatives
        if planned:
            st.write("It is in this plan already.")
        elif st.button("Add it to this plan", type="primary", key="add-proposal") and not asks_for_name(editor):
            _add(chosen, one, editor)


def _add(chosen: ChosenPlan, one: Proposal, editor: Editor) -> None:
    try:
        plans_of(chosen.page).save_initiative(
            chosen.saved.id, one.initiative, who=editor.name, why="proposed from the bills"
        )
    except CostError as error:
        refusal(error)
        return
    close_form()
    st.session_state[NEXT_INITIATIVE] = one.initiative.id
    st.session_state[SAID] = f"{one.initiative.title} is in the plan, at L1"
    st.rerun()


def _proposals(chosen: ChosenPlan) -> _Found:
    """The proposals for the plan's first month, kept for the session as long as the bills stay the same."""
    page = chosen.page
    asked = (page.snapshot.state.generation, chosen.currency, chosen.saved.plan.plan.start)
    held = st.session_state.get(_KEPT)
    if held is None or held[0] != asked:
        with st.spinner("Holding the levers against the bills"):
            held = (asked, _find(page, chosen))
        st.session_state[_KEPT] = held
    found: _Found = held[1]
    return found


def _find(page: Page, chosen: ChosenPlan) -> _Found:
    window = Window(max(page.window.start, page.window.end - timedelta(days=_DAYS)), page.window.end)
    filters = (Filter(CURRENCY, (chosen.currency,)), *ai_filter(page.snapshot.reader))
    asked = Question(DIMENSIONS, EFFECTIVE, Grain.DAY, window, filters)
    rows = spend_rows(DIMENSIONS, page.snapshot.reader.ask(asked), window)
    unknown: _Unknown = Counter()
    for row in rows:
        unknown[row.segment["x_Team"], row.segment["x_Model"]] += row.unknown
    return propose(rows, read_catalogue(), chosen.saved.plan.plan.start), unknown


def _counted(unknown: _Unknown, team: str | None, model: str | None) -> int:
    """Line items of unknown cost of the team and model that the reader chose; None is all of them."""
    return sum(count for (whose, what), count in unknown.items() if team in (None, whose) and model in (None, what))


def _teams(found: Sequence[Proposal]) -> list[str]:
    return sorted({one.initiative.owner for one in found if one.initiative.owner})


def _models(found: Sequence[Proposal]) -> list[str]:
    return sorted({model for one in found for model in _scope(one, "x_Model")})


def _scope(one: Proposal, column: str) -> Sequence[str]:
    return one.initiative.scope.get(column, ())


def _columns() -> dict[str, Any]:
    amounts = ("Addresses a month", "Saves a month, likely", "Low", "High")
    columns: dict[str, Any] = {name: st.column_config.NumberColumn(format="localized") for name in amounts}
    columns["Lever"] = st.column_config.TextColumn(width="large")
    return columns
