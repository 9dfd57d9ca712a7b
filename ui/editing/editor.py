"""Who edits: a name and a role, and what a save that was refused says.

Until sign-in is switched on, the name is typed once and the role is chosen; the browser keeps both, and they go into
the history as they were said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypedDict

import streamlit as st

from costlib.focus import LABELS, label
from costlib.state.errors import Conflict
from costlib.state.roles import Act, NotAllowed, Role, check_role
from ui.editing.fields import as_typed
from ui.editing.known import ROLES, keep, known_editor
from ui.markdown import literal
from ui.panels import refusal
from ui.tables import figures_table

NAME, ROLE = "editor-name", "editor-role"
_HELP: Final = (
    "Nobody signs in yet, so Glidepath takes your word for it: the history says this name and role beside a change. "
    "A lead edits and moves initiatives up to L2, and from L3 to L4; finance alone approves (L3) and signs off (L5); a "
    "viewer only looks."
)
#: What people call the fields of a plan in a message.
_WORDS: Final = {
    "saving.low": "saving, low",
    "saving.likely": "saving, likely",
    "saving.high": "saving, high",
    "one_off_cost": "one-off cost",
    "running_cost": "running cost a month",
    "ramp_months": "months to full effect",
}


@dataclass(frozen=True)
class Editor:
    """Whose name a change is saved under, and what role they have."""

    name: str
    role: Role

    @property
    def is_known(self) -> bool:
        """Whether somebody said who they are."""
        return bool(self.name.strip())


class Barred(TypedDict):
    """How a control is drawn: whether it can be used, and its help."""

    disabled: bool
    help: str | None


def barred(editor: Editor, act: Act, said: str | None = None) -> Barred:
    """A control for an act: out of use where the editor's role may not, with who may; else with its own help."""
    try:
        check_role(editor.role, act)
    except NotAllowed as error:
        return Barred(disabled=True, help=str(error))
    return Barred(disabled=False, help=said)


def refuses(editor: Editor, act: Act) -> bool:
    """Say why a change is not made: the editor's role may not make it, or nobody said who they are."""
    return refuses_role(editor, act) or asks_for_name(editor)


def refuses_role(editor: Editor, act: Act) -> bool:
    """Say why a change is not made that needs no name: the editor's role may not make it."""
    try:
        check_role(editor.role, act)
    except NotAllowed as error:
        refusal(error)
        return True
    return False


def choose_editor() -> Editor:
    """Draw who is editing; the browser keeps what was said."""
    before, usual = known_editor()
    known = str(st.session_state.get(NAME, before) or "")
    said = f"{known}, {st.session_state.get(ROLE) or usual}" if known else "Who is editing?"
    at = ROLES.index(usual)
    with st.popover(literal(said), key="editor", help=_HELP):
        name = st.text_input("Your name", value=before, key=NAME, persist_state="session", max_chars=80)
        role = st.selectbox("Your role", ROLES, index=at, format_func=str.capitalize, key=ROLE, persist_state="session")
        st.caption(_HELP)
        editor = Editor((name or "").strip(), role or usual)
        keep(editor.name, editor.role)
    return editor


def asks_for_name(editor: Editor) -> bool:
    """Say that a change needs a name, where nobody gave one."""
    if editor.is_known:
        return False
    st.warning("Say who you are first, in Who is editing? at the top: the history keeps a name beside every change.")
    return True


def field_name(dotted: str) -> str:
    """A field as people call it.

    >>> field_name("initiative.saving.likely"), field_name("initiative.guardrail.detect_months")
    ('saving, likely', 'guardrail, detect months')
    >>> field_name("initiative.scope.x_Team"), field_name("plan.target.scope.ServiceName")
    ('scope, team', 'target, scope, service')
    """
    name = dotted.removeprefix("initiative.").removeprefix("plan.")
    return _WORDS.get(name, ", ".join(_step_name(step) for step in name.split(".")))


def _step_name(step: str) -> str:
    """A step of a field's path as people call it; a column by its label."""
    return label(step).lower() if step in LABELS else step.replace("_", " ")


def is_same(conflict: Conflict) -> bool:
    """Whether what is saved now is just what was to be saved, as after a second click on the button."""
    return conflict.version is not None and not conflict.differences


def conflict_panel(conflict: Conflict, name: str) -> None:
    """Who saved what meanwhile, field by field beside what the reader wants; nothing of the reader's is lost."""
    st.error(literal(conflict.of(name)))
    st.write("Nothing of yours was saved, and nothing of it is lost: your figures are still in the form below.")
    if conflict.differences:
        rows = [
            [field_name(one.field), *(as_typed(one.field, value) for value in (one.before, one.theirs, one.yours))]
            for one in conflict.differences
        ]
        figures_table("What differs", ("Field", "When you opened it", "Saved now", "Yours"), rows)
