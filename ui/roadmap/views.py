"""Ways to look at a plan: NPV beside RICE, what moves it, the best plan within its limits, another plan beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

import streamlit as st

from costlib.briefs.less_and_more import why_less
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.words import best_plan as best_plan_words
from costlib.briefs.words import roadmap as words
from costlib.briefs.words import side_by_side
from costlib.briefs.words.swing import tornado_chart
from costlib.documents.model import read
from costlib.errors import CostError
from costlib.roadmap.figures import headline
from costlib.roadmap.optimise import Optimum, optimise
from costlib.roadmap.plan_model import Goal, Plan
from costlib.roadmap.prioritise import Priority, priorities
from costlib.roadmap.simulate import simulate
from costlib.state.roles import EDIT_PLAN
from ui.editing.editor import Editor, barred, refuses
from ui.editing.form import SAID, close_form
from ui.exhibit import Exhibit, draw
from ui.markdown import literal
from ui.panels import refusal
from ui.plan import NEXT_PLAN, ChosenPlan, figures_of, plans_of, saved_plans
from ui.roadmap.files import free_name
from ui.roadmap.history import history_panel
from ui.roadmap.proposals import proposals_panel
from ui.tables import figures_table

GOALS: Final[dict[str, Goal]] = {
    "Highest NPV": "npv",
    "Target as early as possible": "earliest",
    "Target as surely as possible": "probability",
}
_GOAL_HELP: Final = "Within the plan's people and money, with what depends on what, and one of alternatives."
#: The last optimum of the session: what it was asked of, and what was found.
_BEST: Final = "best-plan"


def priorities_panel(chosen: ChosenPlan, found: PlanFigures) -> None:
    """NPV and RICE side by side, and why they disagree."""
    ranked = priorities(found.case.recommended.result)
    plan = found.case.plan
    st.header(literal(ranked_words(plan, ranked)), anchor=False, help=f"{words.NPV_HELP} {words.RICE_HELP}")
    figures_table(
        f"Rank by NPV and by RICE, {chosen.currency}; 1 comes first",
        words.PRIORITY_HEADER,
        words.priority_rows(plan, ranked, chosen.currency),
    )


def ranked_words(plan: Plan, ranked: Sequence[Priority]) -> str:
    """What comes first and where NPV and RICE disagree; where RICE is known of none, that it is not."""
    estimated = {one.id for one in plan.initiatives if one.is_estimated}
    if not estimated or any(one.rice is not None for one in ranked if one.id in estimated):
        return words.priority_finding(plan, ranked)
    first = words.title_of(next(one for one in plan.initiatives if one.id == ranked[0].id))
    return f"{first} is worth most; RICE is unknown until somebody states the person-weeks"


def swings_panel(chosen: ChosenPlan, found: PlanFigures) -> None:
    """The tornado."""
    chart = tornado_chart(found)
    if chart is None:
        st.write("Nothing in this plan is uncertain, so nothing moves its value.")
        return
    draw(Exhibit(chart, chosen.selection, made_of=chosen.made_of), "tornado", height=110 + 40 * len(chart.swings))


def best_panel(chosen: ChosenPlan, found: PlanFigures, editor: Editor) -> None:
    """What would be best within people and money, what binds, and the way to make it a variant."""
    has_target = chosen.saved.plan.plan.target is not None
    with st.form("optimise", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        goal = st.selectbox(
            "What would be best", list(GOALS) if has_target else list(GOALS)[:1], key="goal", help=_GOAL_HELP, width=300
        )
        pressed = st.form_submit_button("Work it out", type="primary")
    asked = (chosen.page.snapshot.state.generation, chosen.saved.plan.model_dump_json(), goal)
    if pressed:
        st.session_state[_BEST] = (asked, _optimum(chosen, GOALS[goal or "Highest NPV"]))
    held = st.session_state.get(_BEST)
    if held is None or held[0] != asked:
        st.header(literal(best_plan_words.binding_finding(found.case.binding, chosen.currency)), anchor=False)
        rows = best_plan_words.binding_rows(found.case.binding, chosen.currency)
        _limits(best_plan_words.BINDING_HEADER, rows, chosen)
        return
    best = cast("Optimum | CostError", held[1])
    if isinstance(best, CostError):
        refusal(best)
        return
    _shown(chosen, found, best, editor)


def _optimum(chosen: ChosenPlan, goal: Goal) -> Optimum | CostError:
    """The best plan, its NPV as simulated: what the page will say of it once it is kept."""
    plan = chosen.saved.plan
    with st.spinner("Looking for the best plan within people and money"):
        try:
            forecast, actuals = (None, None) if plan.baseline is not None else chosen.page.workspace.baseline(plan)
            best = optimise(plan, forecast, actuals, goal)
            return replace(best, npv=headline(simulate(best.plan, forecast, actuals)).npv)
        except CostError as error:
            return error


def _shown(chosen: ChosenPlan, found: PlanFigures, best: Optimum, editor: Editor) -> None:
    plan, currency = chosen.saved.plan, chosen.currency
    standing = found.case.recommended
    said = best_plan_words.optimum_finding(best, standing.figures.npv, currency, standing.result.p_target)
    st.header(literal(said), anchor=False)
    for line in (best_plan_words.earliest_line(best), best_plan_words.breach_line(plan, best.broken, currency)):
        if line:
            st.write(literal(line))
    if best.chosen:
        caption = best_plan_words.choice_caption(best, currency)
        rows = best_plan_words.choice_rows(plan, best.chosen, currency, best.goal)
        figures_table(caption, best_plan_words.CHOICE_HEADER, rows)
    for line in best_plan_words.omission_lines(plan, best.omitted):
        st.markdown(f"- Left out: {literal(line)}")
    rows = best_plan_words.binding_rows(best.binding, currency, best.goal)
    _limits(best_plan_words.binding_header(best), rows, chosen)
    if best.binding and not rows:
        st.write(f"{best_plan_words.NOTHING_MORE}.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.text_input("Name of the variant", f"{plan.plan.name}, best", key="best-title", width=340)
        pressed = st.button("Keep it as a variant", key="apply-best", **barred(editor, EDIT_PLAN))
    if pressed and not refuses(editor, EDIT_PLAN):
        _apply(chosen, best, title or f"{plan.plan.name}, best", editor)


def _apply(chosen: ChosenPlan, best: Optimum, title: str, editor: Editor) -> None:
    """Save the optimum as a variant: the initiatives that are done, from when."""
    plan = best.plan.model_copy(update={"plan": best.plan.plan.model_copy(update={"name": title})})
    try:
        name = free_name(chosen.page, title)
        plans_of(chosen.page).create(name, plan, who=editor.name, why=f"best for {best.goal} of {chosen.saved.id}")
    except CostError as error:
        refusal(error)
        return
    close_form()
    st.session_state[SAID], st.session_state[NEXT_PLAN] = f"{title} is kept as a plan of its own", name
    st.rerun()


def _limits(header: Sequence[str], rows: Sequence[Sequence[str]], chosen: ChosenPlan) -> None:
    if rows:
        figures_table(f"Limits that hold the plan back, {chosen.currency}", header, rows)


def compare_panel(chosen: ChosenPlan, found: PlanFigures) -> None:
    """The plan beside another one, and beside less and more of itself."""
    titles = {name: one.plan.plan.name for name, one in saved_plans(chosen.page).items() if name != chosen.saved.id}
    other = st.selectbox(
        "Beside",
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        key="beside",
        placeholder="Less and more of it",
    )
    columns = {"This plan": found, **({} if other is None else {titles[other]: _figures(chosen, other)})}
    known = {name: held for name, held in columns.items() if isinstance(held, PlanFigures)}
    for held in columns.values():
        if isinstance(held, CostError):
            refusal(held)
    st.header(literal(side_by_side.compare_finding(known)), anchor=False)
    if len(columns) == 1:
        st.markdown("\n".join(f"- {literal(read(said))}" for said in why_less(found)))
    header, rows = side_by_side.compare_rows(known)
    figures_table(f"Likely figures over each plan's months, {chosen.currency}", header, rows)


def _figures(chosen: ChosenPlan, name: str) -> PlanFigures | CostError:
    with st.spinner("Simulating the other plan"):
        try:
            return figures_of(chosen.page, saved_plans(chosen.page)[name].plan)
        except CostError as error:
            return error


PRIORITIES, SWINGS, BEST, PROPOSALS, COMPARE, HISTORY = (
    "Priorities",
    "What moves it",
    "Best plan",
    "Proposals",
    "Compare",
    "History",
)
#: Views that need the plan's figures.
_SIMULATED: Final = (PRIORITIES, SWINGS, BEST, COMPARE)


def views(chosen: ChosenPlan, editor: Editor) -> None:
    """Draw the view that the reader chose, bound to the address."""
    found = chosen.found if chosen.saved.initiatives else None
    options = [one for one in (PRIORITIES, SWINGS, BEST, PROPOSALS, COMPARE, HISTORY) if found or one not in _SIMULATED]
    view = st.segmented_control(
        "Look at", options, default=options[0], required=True, key="view", bind="query-params", wrap=True
    )
    if found and view == SWINGS:
        swings_panel(chosen, found)
        return
    with st.container(border=True, key="views"):
        if view == PROPOSALS:
            proposals_panel(chosen, editor)
        elif view == HISTORY:
            history_panel(chosen, editor)
        elif found and view == BEST:
            best_panel(chosen, found, editor)
        elif found and view == COMPARE:
            compare_panel(chosen, found)
        elif found:
            priorities_panel(chosen, found)
