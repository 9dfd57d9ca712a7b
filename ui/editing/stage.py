"""The stage of an initiative: what the review asks before the next one, the move up with its sign-off, the way back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import streamlit as st

from costlib import money
from costlib.briefs.words import roadmap as words
from costlib.errors import CostError
from costlib.periods import Grain, Window, add_months, day_name, next_period, period_start
from costlib.roadmap.plan_model import Initiative
from costlib.state.review import Item, checklist, missing_for
from costlib.state.roles import MOVE_STAGE, SIGN_OFF, Act
from costlib.state.saved import SavedInitiative
from costlib.state.stages import APPROVED, NAMES, SIGNED_OFF, STAGES, Stage, act_of
from costlib.store.question import Filter
from ui.editing.amount import typed
from ui.editing.editor import Editor, barred, refuses
from ui.editing.entry import press, pressed
from ui.editing.form import SAID, close_form
from ui.markdown import literal
from ui.panels import refusal
from ui.plan import ChosenPlan, plans_of
from ui.tables import figures_table

_MONTHS_A_QUARTER: Final = 3


def stage_panel(chosen: ChosenPlan, saved: SavedInitiative, editor: Editor) -> None:
    """Draw where the initiative stands, what is missing for the next stage, and the moves."""
    stage = saved.initiative.stage
    _tell_overtaken(saved, editor)
    following = _following(stage)
    st.header(f"{stage}, {NAMES[stage]}", anchor=False, help=words.STAGE_HELP)
    if saved.approval:
        _approval(chosen, saved)
    _moves(saved)
    if following:
        _up(chosen, saved, following, editor)
    if stage != STAGES[0]:
        _down(chosen, saved, editor)


def _tell_overtaken(saved: SavedInitiative, editor: Editor) -> None:
    """Say who changed the initiative after the reader saw the stage that was to be moved; a second click is done."""
    seen, wanted = pressed("stage") or (saved, None)
    if seen.initiative.id != saved.initiative.id or seen.version == saved.version:
        return
    title, now = words.title_of(saved.initiative), saved.initiative.stage
    if saved.changed_by == editor.name and now == wanted:
        st.success(literal(f"{title} is at {now} now"))
        return
    did = f"moved {title} to {now}" if seen.initiative.stage != now else f"changed {title}"
    said = literal(f"{saved.changed_by} {did} a moment before you. Your move was not saved: look at it again.")
    st.info(said)
    st.toast(said)


def _following(stage: Stage) -> Stage | None:
    at = STAGES.index(stage)
    return STAGES[at + 1] if at + 1 < len(STAGES) else None


def _approval(chosen: ChosenPlan, saved: SavedInitiative) -> None:
    held = saved.approval
    assert held is not None
    reference = money.short(held.reference, chosen.currency)
    day = day_name(held.at.date())
    st.write(
        literal(f"Approved by {held.by} on {day} for {held.cycle}; its reference is frozen at {reference} a month.")
    )
    if saved.changed_since_approval:
        st.warning(literal(f"Changed since the approval: {', '.join(saved.changed_since_approval)}"))


def _moves(saved: SavedInitiative) -> None:
    if saved.moves:
        rows = [
            [f"{one.from_stage} to {one.to_stage}", day_name(one.at.date()), one.by, one.role, one.why]
            for one in reversed(saved.moves)
        ]
        figures_table("Moves and sign-offs, newest first", ("Move", "On", "By", "Role", "Why"), rows)


def segments_of(chosen: ChosenPlan, one: Initiative) -> list[dict[str, str | None]] | None:
    """The segments of the bills by the columns of the initiative's scope; None where the plan brings its own spend."""
    if chosen.saved.plan.baseline is not None:
        return None
    columns = tuple(one.scope) or ("x_Team",)
    return [dict(zip(columns, row.values, strict=True)) for row in chosen.selection.ask(columns)]


def reference_of(chosen: ChosenPlan, one: Initiative) -> Decimal | None:
    """Mean monthly spend in scope over the last closed quarter: what an approval freezes; None where any is unknown."""
    page = chosen.page
    fiscal = page.settings.fiscal_year_start
    start = add_months(period_start(page.window.end, Grain.QUARTER, fiscal), -_MONTHS_A_QUARTER)
    window = Window(start, next_period(start, Grain.QUARTER))
    if window.start < page.window.start or chosen.saved.plan.baseline is not None:
        return None
    filters = tuple(Filter(column, tuple(values)) for column, values in one.scope.items())
    rows = chosen.selection.narrowed(*filters).ask((), window)
    spent = money.total(row.amount for row in rows)
    if spent is None or any(row.unknown for row in rows):
        return None
    return money.cents(spent / _MONTHS_A_QUARTER)


def _up(chosen: ChosenPlan, saved: SavedInitiative, stage: Stage, editor: Editor) -> None:
    """The review checklist, and the button where nothing is missing."""
    segments = segments_of(chosen, saved.initiative)
    gaps = missing_for(stage, chosen.saved.plan, saved.initiative, segments)
    upto = max(stage, APPROVED)
    _checklist(checklist(upto, chosen.saved.plan, saved.initiative, segments), upto)
    if gaps:
        st.write(f"Before {stage} ({NAMES[stage]}) the review asks:")
        st.markdown("\n".join(f"- {literal(gap.sentence)}" for gap in gaps))
        return
    st.write(f"Nothing is missing for {stage} ({NAMES[stage]}).")
    with st.form(f"up-{saved.initiative.id}-{saved.version}", border=False):
        reference, cycle = None, ""
        if stage == APPROVED:
            found = reference_of(chosen, saved.initiative)
            reference = st.number_input(
                f"Measured against, {chosen.currency} a month",
                0.0,
                None,
                None if found is None else float(found),
                format="%.2f",
                help="Monthly spend in its scope in the last closed quarter; frozen with the approval.",
                key=f"reference-{saved.initiative.id}",
            )
            cycle = st.text_input("For which cycle", placeholder="FY27 budget", key=f"cycle-{saved.initiative.id}")
        bar, seen = barred(editor, act_of(stage)), ("stage", (saved, stage))
        if st.form_submit_button(f"Move to {stage}", type="primary", on_click=press, args=seen, **bar):
            try:
                frozen = None if reference is None else typed(reference, "An approval")
            except CostError as error:
                refusal(error)
                return
            if not refuses(editor, act_of(stage)):
                _move(chosen, saved, stage, editor, "", frozen, cycle or "")


def _checklist(items: Sequence[Item], stage: Stage) -> None:
    """Every question of the review up to a stage, and which are answered."""
    done = sum(not item.missing for item in items)
    with st.expander(f"Review checklist before {stage}: {done} of {len(items)} answered"):
        rows = [[item.sentence, item.stage, "missing" if item.missing else "answered"] for item in items]
        figures_table("What the review asks, from which stage on", ("Question", "From", "State"), rows)


def _down(chosen: ChosenPlan, saved: SavedInitiative, editor: Editor) -> None:
    with st.popover("Move back", type="tertiary", key="move-back"):
        below = STAGES[: STAGES.index(saved.initiative.stage)][::-1]
        stage = st.selectbox("To", below, format_func=lambda one: f"{one}, {NAMES[one]}", key="back-to")
        why = st.text_input("Why", key="back-why")
        act = _back_of(saved)
        key = f"back-{saved.initiative.id}-{saved.version}"
        moved = st.button("Move back", key=key, on_click=_press_back, args=(saved,), **barred(editor, act))
        if moved and not refuses(editor, act):
            _move(chosen, saved, stage, editor, why or "")


def _press_back(saved: SavedInitiative) -> None:
    """Keep the initiative as it was shown, and the stage that was chosen for it."""
    press("stage", (saved, st.session_state["back-to"]))


def _back_of(saved: SavedInitiative) -> Act:
    """What a move back is, as roles have it: what finance signed off, finance takes back."""
    return SIGN_OFF if saved.initiative.stage == SIGNED_OFF else MOVE_STAGE


def _move(
    chosen: ChosenPlan,
    saved: SavedInitiative,
    stage: Stage,
    editor: Editor,
    why: str,
    reference: Decimal | None = None,
    cycle: str = "",
) -> None:
    try:
        plans_of(chosen.page).move(
            chosen.saved.id,
            saved.initiative.id,
            stage,
            who=editor.name,
            role=editor.role,
            expected=saved.version,
            why=why,
            reference=reference,
            cycle=cycle,
            segments=segments_of(chosen, saved.initiative),
        )
    except CostError as error:
        refusal(error, words.title_of(saved.initiative))
        return
    close_form()
    st.session_state[SAID] = f"{words.title_of(saved.initiative)} is at {stage} now"
    st.rerun()
