"""Proposals: levers that apply to what a team or model costs, with the money each addresses, ready to be planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import streamlit as st

from costlib.briefs.words import proposal as proposal_words
from costlib.errors import CostError
from costlib.focus import CURRENCY, EFFECTIVE
from costlib.metrics.business import base_volumes
from costlib.metrics.idle import on_bill
from costlib.metrics.utilisation.readings import all_readings
from costlib.outlook import ai_filter
from costlib.periods import Grain, Window, add_months, meets
from costlib.roadmap.levers.catalogue import read_catalogue
from costlib.roadmap.levers.measured import RESOURCE, unjudged, with_metrics, with_requests
from costlib.roadmap.levers.propose import LEAST, Proposal, propose
from costlib.roadmap.levers.rows import DAYS_A_MONTH, DIMENSIONS, SpendRow, spend_rows
from costlib.state.roles import EDIT_PLAN
from costlib.store.question import Filter, Question
from costlib.store.unbilled import unbilled_accounts, unbilled_segments
from ui.editing.editor import Editor, barred, refuses
from ui.editing.form import SAID, close_form
from ui.guard import Page
from ui.markdown import literal
from ui.moment import files
from ui.panels import refusal
from ui.plan import ChosenPlan, plans_of
from ui.roadmap.page import NEXT_INITIATIVE
from ui.tables import figures_table

#: Days that are looked through for steps that never came down.
_DAYS: Final = 400
#: Session key of what was found: the bills, files, currency and month it was found for, proposals and their spend.
_KEPT: Final = "proposals-found"
_Found = tuple[list[Proposal], list[SpendRow]]
_HELP: Final = (
    "A lever's saving is a share of the money it addresses, and of nothing else. Measured: worked out from data or a "
    "price list. Published: somebody else says so. Judgement: nobody has shown it yet. Two proposals may address the "
    "same money; together they compound and are never added up."
)


def proposals_panel(chosen: ChosenPlan, editor: Editor) -> None:
    """Draw what could be done, by team and model, and add what the reader picks."""
    found, every = _proposals(chosen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        team = st.selectbox("Team", _teams(found), index=None, key="for-team", placeholder="All", width=220)
        model = st.selectbox("Model", _models(found), index=None, key="for-model", placeholder="All", width=220)
    shown = [one for one in found if team in (None, one.initiative.owner) and model in (None, *_scope(one, "x_Model"))]
    st.header(literal(proposal_words.proposal_finding(shown, chosen.currency)), anchor=False, help=_HELP)
    rows = _of(every, team, model)
    unknown = proposal_words.unknown_words(sum(row.unknown for row in rows))
    for said in filter(None, (unknown, proposal_words.unbilled_words(_lacking(chosen, team, model)))):
        st.caption(literal(said))
    if shown:
        _list(chosen, shown, found, editor)
    _unjudged(rows, chosen.currency)


def _list(chosen: ChosenPlan, shown: Sequence[Proposal], found: Sequence[Proposal], editor: Editor) -> None:
    """The proposals, the largest first, and the one that the reader looks at."""
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


def _unjudged(rows: Sequence[SpendRow], currency: str) -> None:
    """Levers that could not be judged, and what each needs."""
    found = unjudged(rows, read_catalogue(), LEAST)
    if not found:
        return
    with st.expander(literal(proposal_words.unjudged_finding(found)), key="unjudged"):
        figures_table(
            f"What each needs, and money a month that it might act on, {currency}",
            proposal_words.UNJUDGED_HEADER,
            proposal_words.unjudged_rows(found, currency),
        )
        st.caption(proposal_words.HOW_TO_JUDGE)


def _card(chosen: ChosenPlan, one: Proposal, found: Sequence[Proposal], editor: Editor) -> None:
    """Why it applies, how we know, what else acts on the same money, and the button that plans it."""
    with st.container(border=True, key="proposal-card"):
        st.header(literal(one.initiative.title), anchor=False)
        st.write(literal(proposal_words.proposal_sentence(one, chosen.currency)))
        st.markdown("\n".join(f"- {literal(line)}" for line in proposal_words.proposal_lines(one, chosen.currency)))
        rows = proposal_words.overlap_rows(one, found, chosen.currency)
        if rows:
            figures_table(proposal_words.overlap_title(one), proposal_words.OVERLAP_HEADER, rows)
        planned = chosen.saved.initiatives
        if one.initiative.id in planned:
            st.write("It is in this plan already.")
        elif rivals := proposal_words.rival_line(one, found, planned, chosen.currency):
            st.write(literal(rivals))
        elif st.button("Add it to this plan", type="primary", key="add-proposal", **barred(editor, EDIT_PLAN)):
            _add(chosen, one, editor)


def _add(chosen: ChosenPlan, one: Proposal, editor: Editor) -> None:
    if refuses(editor, EDIT_PLAN):
        return
    try:
        plans_of(chosen.page).save_initiative(
            chosen.saved.id, one.initiative, who=editor.name, why="proposed from the bills"
        )
    except CostError as error:
        refusal(error, one.initiative.title or "")
        return
    close_form()
    st.session_state[NEXT_INITIATIVE] = one.initiative.id
    st.session_state[SAID] = f"{one.initiative.title} is in the plan, at L1"
    st.rerun()


def _proposals(chosen: ChosenPlan) -> _Found:
    """The proposals for the plan's first month, kept for the session as long as bills and readings stay the same."""
    page = chosen.page
    held_files = files(page.workspace.store.root)
    asked = (page.snapshot.state.generation, held_files, chosen.currency, chosen.saved.plan.plan.start)
    held = st.session_state.get(_KEPT)
    if held is None or held[0] != asked:
        with st.spinner("Holding the levers against the bills"):
            held = (asked, _find(page, chosen))
        st.session_state[_KEPT] = held
    found: _Found = held[1]
    return found


def _find(page: Page, chosen: ChosenPlan) -> _Found:
    rows = _rows(page, chosen.currency)
    return propose(rows, read_catalogue(), chosen.saved.plan.plan.start), rows


def _rows(page: Page, currency: str) -> list[SpendRow]:
    """The spend that levers are held against: measured machines one by one, all else by its dimensions."""
    reader, end = page.snapshot.reader, page.window.end
    window = Window(max(page.window.start, end - timedelta(days=_DAYS)), end)
    month = Window(end - timedelta(days=DAYS_A_MONTH), end)
    readings, _ = on_bill(reader, month, all_readings(page.workspace.store.root))
    machines = tuple(sorted({one.resource for one in readings if one.resource is not None}))
    filters = (Filter(CURRENCY, (currency,)), *ai_filter(reader))
    parts = [
        (DIMENSIONS, Filter(RESOURCE, machines, exclude=True)),
        ((*DIMENSIONS, RESOURCE), Filter(RESOURCE, machines)),
    ]
    rows = []
    for columns, which in parts if machines else [(DIMENSIONS, None)]:
        asked = Question(columns, EFFECTIVE, Grain.DAY, window, (*filters, *([which] if which else [])))
        rows += spend_rows(columns, reader.ask(asked), window, page.missing, unbilled_segments(reader, asked, currency))
    return with_requests(with_metrics(rows, readings), base_volumes(page.workspace.store.root))


def _lacking(chosen: ChosenPlan, team: str | None, model: str | None) -> list[tuple[str, Window]]:
    """Accounts whose bill lacks some of the last days, and which; those with spend of the team and model on it."""
    page = chosen.page
    month = Window(page.window.end - timedelta(days=DAYS_A_MONTH), page.window.end)
    whose = ((name, value) for name, value in (("x_Team", team), ("x_Model", model)) if value is not None)
    filters = (Filter(CURRENCY, (chosen.currency,)), *ai_filter(page.snapshot.reader))
    filters += tuple(Filter(name, (value,)) for name, value in whose)
    asked = Question((), EFFECTIVE, Grain.DAY, page.window, filters)
    found = unbilled_accounts(page.snapshot.reader, asked, chosen.currency)
    months = [Window(start, add_months(start, 1)) for start in page.missing if meets(month, [start])]
    own = [(one.account, one.days) for one in found if one.segments and one.days.overlaps(month)]
    return [*(("any account", days) for days in months), *own]


def _of(rows: Sequence[SpendRow], team: str | None, model: str | None) -> list[SpendRow]:
    """The rows of the team and model that the reader chose; None is all of them."""
    whose = {"x_Team": team, "x_Model": model}
    return [row for row in rows if all(value in (None, row.segment[column]) for column, value in whose.items())]


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
