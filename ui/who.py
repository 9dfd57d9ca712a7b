"""Who is reading: the name that is kept with what a reader says or decides."""

from __future__ import annotations

import streamlit as st

from ui.editing.editor import NAME

_NAMELESS = "a reader at this machine"


def reader_name() -> str:
    """The name that the reader gave in this session or signed in with, else that it was somebody at this machine."""
    given = str(st.session_state.get(NAME) or "").strip()
    return given or str(st.user.get("name") or st.user.get("email") or _NAMELESS)
