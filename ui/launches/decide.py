"""Deciding a launch: approve or decline with a reason, say since when it runs, take back, and what was changed when.

Conventions: a press is kept with the launch as it was shown. Where somebody else changed it meanwhile, nothing is
written, and the page says who did what.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import streamlit as st

from costlib.errors import CostError
from costlib.periods import day_name
from costlib.roadmap.portfolio.launch import Verdict
from costlib.state.compare import changed_fields
from costlib.state.launches import SavedLaunch
from costlib.state.records import Entry
from costlib.state.roles import DECIDE_LAUNCH, EDIT_LAUNCH
from ui.editing.editor import Editor, barred, field_name, refuses
from ui.editing.entry import press, pressed
from ui.editing.form import SAID
from ui.guard import Page
from ui.launches.page import NEXT_LAUNCH, Shown, launches_of
from ui.markdown import literal
from ui.panels import refusal
from ui.tables import figures_table

_VERDICTS: Final[dict[str, Verdict]] = {"Approve": "approved", "Decline": "declined"}
_NAMED: Final = 4
#: What a press on this page wants.
_DECIDE, _REOPEN, _SHIP, _UNDO = "decide", "reopen", "ship", "undo"


def decision_panel(page: Page, one: Shown, editor: Editor) -> None:
    """Draw what was decided, or the form that decides; and since when it runs."""
    launch = one.saved.launch
    is_late = _is_overtaken(page, one, editor)
    if launch.decision:
        made = launch.decision
        st.write(literal(f"{made.verdict.capitalize()} by {made.by} on {day_name(made.on)}: {made.why}"))
        _reopen(page, one, editor)
    else:
        _decide(page, one, editor, is_late=is_late)
    _ship(page, one, editor)


def _is_overtaken(page: Page, one: Shown, editor: Editor) -> bool:
    """Say who changed the launch after the reader saw what was pressed on; a second click of their own is done."""
    seen, act = pressed("launch") or (one.saved, None)
    if seen.id != one.saved.id or seen.version == one.saved.version:
        return False
    last = launches_of(page).history(one.saved.id)[0]
    if last.who == editor.name and _act_of(last) == act:
        st.success(literal(f"{one.saved.launch.what}: {change_words(last)}"))
        return True
    did = f"{one.saved.launch.what}: {change_words(last)} by {last.who} a moment before you"
    said = literal(f"{did}. Nothing of yours was saved: look at what stands there now.")
    st.info(said)
    st.toast(said)
    return True


def _decide(page: Page, one: Shown, editor: Editor, *, is_late: bool) -> None:
    with st.form(f"launch-decide-{one.saved.id}", border=False):
        st.caption("Finance decides, before it ships. The estimate stays as it was decided on.")
        verdict = st.selectbox("Decision", list(_VERDICTS), key="launch-verdict")
        why = st.text_input("Why", key="launch-why", max_chars=300)
        bar = barred(editor, DECIDE_LAUNCH)
        clicked = st.form_submit_button(
            "Record the decision", type="primary", on_click=press, args=("launch", (one.saved, _DECIDE)), **bar
        )
        if not clicked or is_late or refuses(editor, DECIDE_LAUNCH):
            return
    store = launches_of(page)
    said = _VERDICTS[verdict or "Approve"]
    _done(
        one.saved,
        f"{one.saved.launch.what} is {said}",
        lambda: store.decide(
            one.saved.id,
            said,
            who=editor.name,
            role=editor.role,
            why=why or "",
            on=store.state.now().date(),
            expected=one.saved.version,
        ),
    )


def _reopen(page: Page, one: Shown, editor: Editor) -> None:
    with st.popover("Take the decision back", type="tertiary", key="launch-reopen"):
        why = st.text_input("Why", key="launch-reopen-why")
        key, bar = f"launch-reopen-now-{one.saved.id}-{one.saved.version}", barred(editor, DECIDE_LAUNCH)
        clicked = st.button("Take it back", key=key, on_click=press, args=("launch", (one.saved, _REOPEN)), **bar)
        if not clicked or refuses(editor, DECIDE_LAUNCH):
            return
    said = f"{one.saved.launch.what} waits for a decision again"
    _done(
        one.saved,
        said,
        lambda: launches_of(page).reopen(
            one.saved.id, who=editor.name, role=editor.role, why=why or "", expected=one.saved.version
        ),
    )


def _ship(page: Page, one: Shown, editor: Editor) -> None:
    launch = one.saved.launch
    name = f"launch-ship-{one.saved.id}-{one.saved.version}"
    with st.form(name, border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        since = st.date_input(
            "Runs since",
            launch.shipped,
            min_value=date(2000, 1, 1),
            max_value=date(2099, 12, 31),
            format="YYYY-MM-DD",
            key=f"launch-shipped-{one.saved.id}-{one.saved.version}",
            help="From then on it is held against its bill, month by month. Empty: it does not run.",
            width=240,
        )
        bar = barred(editor, EDIT_LAUNCH)
        clicked = st.form_submit_button("Save the day", on_click=press, args=("launch", (one.saved, _SHIP)), **bar)
        if not clicked or refuses(editor, EDIT_LAUNCH):
            return
    said = f"{launch.what} runs since {day_name(since)}" if since else f"{launch.what} does not run"
    _done(
        one.saved,
        said,
        lambda: launches_of(page).ship(
            one.saved.id, since, who=editor.name, role=editor.role, expected=one.saved.version
        ),
    )


def history_panel(page: Page, one: Shown, editor: Editor) -> None:
    """Draw who changed what and when, and undo an edit."""
    entries = launches_of(page).history(one.saved.id)
    with st.expander("What was changed, by whom"):
        rows = [[f"{entry.at:%-d %b %Y %H:%M} UTC", entry.who, change_words(entry), entry.why] for entry in entries]
        figures_table("Changes, newest first", ("When", "Who", "What", "Why"), rows)
        key, bar = f"launch-undo-{one.saved.id}-{one.saved.version}", barred(editor, EDIT_LAUNCH)
        clicked = st.button("Undo the last change", key=key, on_click=press, args=("launch", (one.saved, _UNDO)), **bar)
        if not clicked or refuses(editor, EDIT_LAUNCH):
            return
    said = f"Undone: {change_words(entries[0])}"
    _done(one.saved, said, lambda: launches_of(page).undo(entries[0].seq, who=editor.name))


def _act_of(entry: Entry) -> str | None:
    """Which press of this page a change is what became of; None for a change of another form."""
    if entry.why.startswith("undo of change "):
        return _UNDO
    if entry.before is None or entry.after is None:
        return None
    if entry.before.get("decision") != entry.after.get("decision"):
        return _DECIDE if entry.after.get("decision") else _REOPEN
    return _SHIP if entry.before.get("shipped") != entry.after.get("shipped") else None


def change_words(entry: Entry) -> str:
    """What one change did, in a line."""
    if entry.before is None:
        return "proposed"
    if entry.after is None:
        return "withdrawn"
    before, after = (body.get("decision") for body in (entry.before, entry.after))
    if before != after:
        return str(after["verdict"]) if after else "decision taken back"
    fields = [field_name(name) for name in changed_fields(entry.before, entry.after)]
    more = f" and {len(fields) - _NAMED} more" if len(fields) > _NAMED else ""
    return f"{', '.join(fields[:_NAMED])}{more} changed"


def _done(saved: SavedLaunch, said: str, change: Callable[[], Any]) -> None:
    """Make a change and say so, or say why it was refused."""
    try:
        change()
    except CostError as error:
        refusal(error, saved.launch.what)
        return
    st.session_state[SAID], st.session_state[NEXT_LAUNCH] = said, saved.id
    st.rerun()
