"""Plans come and go: the plan file down and up, a new plan, a variant, and the approval of a plan."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import streamlit as st

from costlib import money
from costlib.errors import CostError, InputError
from costlib.periods import add_months, month_start
from costlib.roadmap.plan_file import parse_plan, plan_text
from costlib.roadmap.plan_model import Header, Plan
from costlib.state.edits import plan_name
from costlib.state.importing import name_for
from ui.editing.amount import typed
from ui.editing.editor import Editor, asks_for_name
from ui.editing.form import SAID, close_form
from ui.guard import Page
from ui.panels import refusal
from ui.plan import NEXT_PLAN, ChosenPlan, plan_selection, plans_of, saved_plans

#: Letters of a title.
_LONGEST: Final = 120
_HELP = "A plan file is YAML: people read it, git shows what changed in it, and docs/plan-file.md says every field."


def plan_menu(page: Page, chosen: ChosenPlan | None, editor: Editor) -> None:
    """Draw the menu of plans: download, upload, new, variant, approval."""
    with st.popover("Plans", key="plans"):
        if chosen:
            st.download_button(
                "Download the plan file",
                data=lambda: plan_text(chosen.saved.plan),
                file_name=f"{chosen.saved.id}.yaml",
                mime="application/yaml",
                on_click="ignore",
                key="plan-download",
                help=_HELP,
            )
        _upload(page, editor)
        _new(page, editor)
        if chosen:
            _variant(chosen, editor)
            _approve(chosen, editor)


def _upload(page: Page, editor: Editor) -> None:
    with st.form("plan-upload", clear_on_submit=True):
        file = st.file_uploader("Bring in a plan file", type=["yaml", "yml"], key="plan-file", help=_HELP)
        why = st.text_input("Why", key="upload-why", placeholder="Needed where something approved changes")
        if not st.form_submit_button("Bring it in") or file is None or asks_for_name(editor):
            return
    try:
        plan = parse_plan(file.getvalue().decode("utf-8", "replace"), file.name)
        plans = plans_of(page)
        name = name_for(plan, file.name.rpartition(".")[0], plans.titles())
        done = plans.import_plan(name, plan, who=editor.name, why=why or "")
    except CostError as error:
        refusal(error)
        return
    said = f"{len(done.created)} new, {len(done.changed)} changed, {len(done.removed)} removed"
    kept = f"; {len(done.stages_kept)} kept their stage, which no file confers" if done.stages_kept else ""
    _go(name, f"{done.plan.plan.plan.name}: {said}{kept}")


def _new(page: Page, editor: Editor) -> None:
    with st.form("plan-new", clear_on_submit=True):
        title = st.text_input(
            "Start a new plan", placeholder="What it is to be called", key="new-plan", max_chars=_LONGEST
        )
        months = st.number_input("Months", 1, 120, 12, key="new-months")
        if not st.form_submit_button("Start it") or not title or asks_for_name(editor):
            return
    start = add_months(month_start(page.today), 1)
    fiscal, currency = page.settings.fiscal_year_start, plan_selection(page).currency
    plan = Plan(
        plan=Header(name=title.strip(), start=start, months=months, currency=currency, fiscal_year_start=fiscal)
    )
    try:
        plans_of(page).create(free_name(page, title), plan, who=editor.name)
    except CostError as error:
        refusal(error)
        return
    _go(plan_name(title), f"{title} begins in {start:%b %Y}; add initiatives or proposals")


def _variant(chosen: ChosenPlan, editor: Editor) -> None:
    with st.form("plan-variant", clear_on_submit=True):
        title = st.text_input(
            "Make a variant of this plan", placeholder="What it is to be called", key="variant", max_chars=_LONGEST
        )
        if not st.form_submit_button("Make it") or not title or asks_for_name(editor):
            return
    try:
        name = free_name(chosen.page, title)
        plans_of(chosen.page).duplicate(chosen.saved.id, name, title=title.strip(), who=editor.name)
    except CostError as error:
        refusal(error)
        return
    _go(plan_name(title), f"{title} is a variant of {chosen.saved.plan.plan.name}")


def _approve(chosen: ChosenPlan, editor: Editor) -> None:
    """The approval of the whole plan: its target's reference is frozen for a cycle."""
    held = chosen.saved.approval
    if held:
        st.caption(f"Approved by {held.by} for {held.cycle}")
    found = chosen.found
    reference = found.case.recommended.result.reference if found else None
    if chosen.saved.plan.plan.target is None:
        st.caption("A plan is approved against a target, and this one has none: set it beside this menu.")
    if reference is None or chosen.saved.plan.plan.target is None:
        return
    with st.form("plan-approve"):
        amount = money.cents(Decimal(repr(reference)))
        st.write("Approve the plan: its target is measured against one amount from then on.")
        label = f"Measured against, {chosen.currency} a month"
        value = st.number_input(label, 0.0, None, float(amount), format="%.2f", key="plan-reference")
        cycle = st.text_input("For which cycle", placeholder="FY27 budget", key="plan-cycle")
        if not st.form_submit_button("Approve") or asks_for_name(editor):
            return
    try:
        frozen = typed(value, "An approval")
        plans_of(chosen.page).approve(
            chosen.saved.id,
            reference=frozen,
            cycle=cycle or "",
            who=editor.name,
            role=editor.role,
            expected=chosen.saved.version,
        )
    except CostError as error:
        refusal(error)
        return
    st.session_state[SAID] = f"{chosen.saved.plan.plan.name} is approved for {cycle}"
    st.rerun()


def free_name(page: Page, title: str) -> str:
    """The name of a plan of this title; raises InputError where it would have none, or that of another plan."""
    name = plan_name(title)
    if not name:
        raise InputError(f'"{title}" is no title for a plan', expected="a letter or a digit", fix="Call it otherwise.")
    if name in saved_plans(page):
        taken = saved_plans(page)[name].plan.plan.name
        raise InputError(f'There is a plan "{taken}" already, saved as {name}', fix="Choose another title.")
    return name


def _go(name: str, said: str) -> None:
    """Show the plan of this name next."""
    close_form()
    st.session_state[SAID], st.session_state[NEXT_PLAN] = said, name
    st.rerun()
