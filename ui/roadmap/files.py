"""Plans come and go: the plan file down and up, a new plan, a variant, and the approval of a plan.

Conventions: a form keeps what was entered until it is saved. Where a plan is begun by a double click, the second press
finds it begun and shows it.
"""

from __future__ import annotations

from collections.abc import Callable
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
from costlib.state.roles import APPROVE_PLAN, EDIT_PLAN
from costlib.state.saved import SavedPlan
from ui.editing.amount import typed
from ui.editing.editor import Editor, barred, refuses
from ui.editing.entry import emptied, is_done, press, pressed, times_saved
from ui.editing.form import SAID, close_form
from ui.guard import Page
from ui.markdown import literal
from ui.panels import refusal
from ui.plan import NEXT_PLAN, ChosenPlan, plan_selection, plans_of, saved_plans

#: Letters of a title.
_LONGEST: Final = 120
#: What this session began a plan with last, its title first.
_BEGUN: Final = "plan-begun"
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
    emptied("plan-upload", {"upload-why": ""})
    with st.form("plan-upload"):
        key = f"plan-file-{times_saved('plan-upload')}"
        file = st.file_uploader("Bring in a plan file", type=["yaml", "yml"], key=key, help=_HELP)
        why = st.text_input("Why", key="upload-why", placeholder="Needed where something approved changes")
        if not st.form_submit_button("Bring it in", **barred(editor, EDIT_PLAN)) or file is None:
            return
        if refuses(editor, EDIT_PLAN):
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
    is_done("plan-upload")
    _go(name, f"{done.plan.plan.plan.name}: {said}{kept}")


def _new(page: Page, editor: Editor) -> None:
    emptied("plan-new", {"new-plan": ""})
    with st.form("plan-new"):
        title = st.text_input(
            "Start a new plan", placeholder="What it is to be called", key="new-plan", max_chars=_LONGEST
        )
        months = st.number_input("Months", 1, 120, 12, key=f"new-months-{times_saved('plan-new')}")
        if not st.form_submit_button("Start it", **barred(editor, EDIT_PLAN)) or not title:
            return
        if refuses(editor, EDIT_PLAN):
            return
    start = add_months(month_start(page.today), 1)
    fiscal, currency = page.settings.fiscal_year_start, plan_selection(page).currency
    plan = Plan(
        plan=Header(name=title.strip(), start=start, months=months, currency=currency, fiscal_year_start=fiscal)
    )
    said = f"{title.strip()} begins in {start:%b %Y}; add initiatives or proposals"
    _begin(page, "plan-new", (title, months), said, lambda name: plans_of(page).create(name, plan, who=editor.name))


def _begin(page: Page, form: str, entered: tuple[str, object], said: str, create: Callable[[str], SavedPlan]) -> None:
    """Create the plan of what was entered, its title first, and show it; pressed twice, it is there and shown."""
    title, _ = entered
    if st.session_state.get(_BEGUN) != entered or plan_name(title) not in saved_plans(page):
        try:
            name = free_name(page, title)
            st.session_state[_BEGUN] = entered
            create(name)
        except CostError as error:
            st.session_state.pop(_BEGUN, None)
            refusal(error, title)
            return
    is_done(form)
    _go(plan_name(title), said)


def _variant(chosen: ChosenPlan, editor: Editor) -> None:
    emptied("plan-variant", {"variant": ""})
    with st.form("plan-variant"):
        title = st.text_input(
            "Make a variant of this plan", placeholder="What it is to be called", key="variant", max_chars=_LONGEST
        )
        if not st.form_submit_button("Make it", **barred(editor, EDIT_PLAN)) or not title:
            return
        if refuses(editor, EDIT_PLAN):
            return
    store, of = plans_of(chosen.page), chosen.saved.id
    said = f"{title.strip()} is a variant of {chosen.saved.plan.plan.name}"
    _begin(
        chosen.page,
        "plan-variant",
        (title, of),
        said,
        lambda name: store.duplicate(of, name, title=title.strip(), who=editor.name),
    )


def _approve(chosen: ChosenPlan, editor: Editor) -> None:
    """The approval of the whole plan: its target's reference is frozen for a cycle."""
    seen: SavedPlan | None = pressed("plan-approve")
    held = chosen.saved.approval
    is_late = seen is not None and seen.id == chosen.saved.id and seen.version != chosen.saved.version
    if is_late and held and held.by == editor.name and seen and seen.approval != held:
        st.success(literal(f"{chosen.saved.plan.plan.name} is approved for {held.cycle}"))
    elif is_late:
        st.error(literal(f"{chosen.saved.changed_by} saved this plan a moment before you. It was not approved by you."))
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
        bar = barred(editor, APPROVE_PLAN)
        clicked = st.form_submit_button("Approve", on_click=press, args=("plan-approve", chosen.saved), **bar)
        if not clicked or is_late or refuses(editor, APPROVE_PLAN):
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
        refusal(error, chosen.saved.plan.plan.name)
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
