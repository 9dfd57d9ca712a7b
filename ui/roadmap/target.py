"""The target of a plan: so much less spend in a month than a reference, set and taken away on the page.

Conventions: a reduction is a share in the plan and per cent on the screen; no reduction is no target. What was opened
is kept for the session, so that a save which somebody else overtook is noticed and never written over unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from costlib.briefs.exhibits import segment_name
from costlib.briefs.words import roadmap as words
from costlib.errors import CostError, InputError
from costlib.roadmap.plan_file import held, plan_from
from costlib.roadmap.plan_model import Plan
from costlib.state.errors import Conflict
from costlib.state.roles import EDIT_PLAN
from ui.editing.editor import Editor, barred, conflict_panel, is_same, refuses
from ui.editing.form import SAID
from ui.editing.scope import ask_scope
from ui.markdown import literal
from ui.panels import refusal
from ui.plan import ChosenPlan, plans_of

_OPENED: Final = "target-opened"
#: What a reduction is measured against, as the plan calls it and as a reader does.
REFERENCES: Final = {"last_quarter": "The last closed quarter", "baseline": "That month without the plan"}
_HELP: Final = "The chance of the target and the approval of the plan are held against it."


@dataclass(frozen=True)
class _Opened:
    """The version that the reader's form shows; ``count`` tells one opening of it from the next."""

    plan: str
    version: int
    count: int

    def key(self, name: str) -> str:
        """The key of a widget of this opening."""
        return f"target-{self.count}-{name}"


def target_words(plan: Plan) -> str:
    """What the plan is to reach, as its button says it.

    >>> aim, head = {"reduction": 0.3, "by": "2026-06", "scope": {"x_Team": ["Ads"]}}, {"start": "2026-01", "months": 6}
    >>> target_words(Plan(plan={**head, "target": aim})), target_words(Plan(plan=head))
    ('Target: Ads 30% less in Jun 2026', 'Set a target')
    """
    target = held(plan)["plan"].get("target")
    if target is None:
        return "Set a target"
    values = [segment_name(column, value) for column, chosen in target.get("scope", {}).items() for value in chosen]
    whose = f"{' and '.join(values)} " if 0 < len(values) <= 2 else ""
    return f"Target: {whose}{target['reduction'] * 100:g}% less in {words.month_words(target['by'])}"


def with_target(
    plan: Plan, per_cent: float | None, by: str | None, reference: str, scope: Mapping[str, list[str]]
) -> Plan:
    """The plan with the target that was entered, or without one; raises InputError and PlanError.

    A reference that was frozen stays with a target of the same scope against the same reference.
    """
    body = held(plan)
    head = dict(body["plan"])
    before = head.pop("target", {})
    if per_cent is not None:
        if not 0 <= per_cent < 100:
            raise InputError(
                f"A target of {per_cent:g}% less cannot be met", expected="0 to below 100", fix="Correct it."
            )
        if by is None:
            raise InputError("A target needs its month", expected="a month of the plan", fix="Choose one.")
        wanted = {"reduction": round(per_cent / 100, 8), "by": by, "reference": reference}
        chosen = {column: values for column, values in scope.items() if values}
        same = (before.get("reference", "last_quarter"), before.get("scope", {})) == (reference, chosen)
        frozen = before.get("reference_value") if same else None
        head["target"] = wanted | {
            name: value for name, value in (("scope", chosen), ("reference_value", frozen)) if value
        }
    return plan_from(body | {"plan": head}, plan.plan.name)


def target_menu(chosen: ChosenPlan, editor: Editor) -> None:
    """Draw the target of the plan and the form that sets it."""
    with st.popover(literal(target_words(chosen.saved.plan)), key="target", help=_HELP):
        opened = _opened_on(chosen)
        if chosen.saved.version != opened.version:
            st.info(literal(f"{chosen.saved.changed_by} saved this plan after you opened it."))
            if st.button("Show what is saved", key=opened.key("theirs")):
                st.session_state.pop(_OPENED, None)
                st.rerun()
        _form(chosen, opened, editor)


def _opened_on(chosen: ChosenPlan) -> _Opened:
    kept: _Opened | None = st.session_state.get(_OPENED)
    if kept and kept.plan == chosen.saved.id:
        return kept
    count = (kept.count if kept else int(st.session_state.get("target-openings", 0))) + 1
    st.session_state["target-openings"] = count
    found = st.session_state[_OPENED] = _Opened(chosen.saved.id, chosen.saved.version, count)
    return found


def _form(chosen: ChosenPlan, opened: _Opened, editor: Editor) -> None:
    target: dict[str, Any] = held(chosen.saved.plan)["plan"].get("target", {})
    months = list(chosen.saved.plan.months)
    by = target.get("by", months[-1])
    names = list(REFERENCES)
    usual = names[0] if chosen.saved.plan.baseline is None else "baseline"  # its own spend has no closed quarter
    with st.form(opened.key("form"), border=False):
        share = target.get("reduction")
        before = None if share is None else round(share * 100, 6)
        per_cent = st.number_input("Less spend, %", value=before, step=1.0, format="%g", key=opened.key("share"))
        month = st.selectbox(
            "In",
            months if by in months else [by, *months],
            index=months.index(by) if by in months else 0,
            format_func=words.month_words,
            key=opened.key("by"),
        )
        against = st.selectbox(
            "Than",
            names,
            index=names.index(target.get("reference", names[0] if target else usual)),
            format_func=REFERENCES.__getitem__,
            key=opened.key("reference"),
        )
        st.caption("Whose spend: nothing chosen is all of it.")
        scope = ask_scope(chosen, target, opened.key)
        why = st.text_input(
            "Why", key=opened.key("why"), placeholder="Needed where the plan is approved", max_chars=300
        )
        with st.container(horizontal=True):
            kept_out = barred(editor, EDIT_PLAN)
            pressed = st.form_submit_button("Save the target", type="primary", **kept_out)
            removed = bool(target) and st.form_submit_button("Take it away", type="tertiary", **kept_out)
    if (pressed or removed) and not refuses(editor, EDIT_PLAN):
        try:
            if not removed and per_cent is None:
                raise InputError("A target says how much less is to be spent", expected="per cent", fix="Fill it in.")
            wanted = with_target(chosen.saved.plan, None if removed else per_cent, month, against or names[0], scope)
            _save(chosen, opened, wanted, editor, why or "")
        except CostError as error:
            refusal(error)


def _save(chosen: ChosenPlan, opened: _Opened, wanted: Plan, editor: Editor, why: str) -> None:
    name = chosen.saved.plan.plan.name
    try:
        plans_of(chosen.page).save_head(chosen.saved.id, wanted, who=editor.name, why=why, expected=opened.version)
    except Conflict as conflict:
        if not is_same(conflict):
            conflict_panel(conflict, name)
            return
    st.session_state.pop(_OPENED, None)
    st.session_state[SAID] = f"{name}: {target_words(wanted).removeprefix('Target: ')}"
    if wanted.plan.target is None:
        st.session_state[SAID] = f"{name} has no target now"
    st.rerun()
