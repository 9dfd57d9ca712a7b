"""Who is reading: the name that is kept with what a reader says or decides."""

from __future__ import annotations

import streamlit as st

from ui.editing.editor import NAME
from ui.editing.known import known_editor

_NAMELESS = "a reader at this machine"


def reader_name() -> str:
    """The name that the reader gave here or signed in with, else that it was somebody at this machine."""
    given = str(st.session_state.get(NAME) or "").strip()
    return given or known_editor()[0] or _NAMELESS
