"""Who is reading: the name that is kept with what a reader says or decides, and what their role lets them do."""

from __future__ import annotations

import streamlit as st

from costlib.state.roles import Act, check_role
from ui.editing.editor import NAME, ROLE, Barred, Editor, barred
from ui.editing.known import known_editor

_NAMELESS = "a reader at this machine"


def reader() -> Editor:
    """The name and role that the reader gave here, signed in with or gave before; without a name, one for nobody."""
    known, usual = known_editor()
    given = str(st.session_state.get(NAME) or "").strip()
    return Editor(given or known or _NAMELESS, st.session_state.get(ROLE) or usual)


def reader_name() -> str:
    """The name that the reader gave here or signed in with, else that it was somebody at this machine."""
    return reader().name


def reader_for(act: Act) -> str:
    """The reader's name for the history of an act; raises NotAllowed where their role may not do it."""
    check_role(reader().role, act)
    return reader_name()


def barred_here(act: Act, said: str | None = None) -> Barred:
    """How a control for the reader's act is drawn, as ``barred`` says it."""
    return barred(reader(), act, said)
