"""Forms that keep what was entered until it is saved, and presses that are kept as the reader saw what they pressed on.

Conventions: a form that was saved is emptied before it is drawn again; a refused one stays as it is. A press is kept
with the record as it was shown: by the next run somebody else may have been faster, and the page says who.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

_DONE: Final = "form-done"


def emptied(form: str, empty: Mapping[str, Any]) -> None:
    """Empty the form where it was saved in the run before; others keep what was entered.

    ``empty`` holds what its fields begin with, by their keys: it is there when the form is drawn first, too.
    """
    if st.session_state.get(_DONE) == form:
        del st.session_state[_DONE]
        st.session_state.update(empty)
    for key, value in empty.items():
        st.session_state.setdefault(key, value)


def is_done(form: str) -> None:
    """Have the form emptied before it is drawn again: what it held is saved."""
    st.session_state[_DONE] = form


def press(form: str, seen: object) -> None:
    """Keep what a press is about as it was shown; for ``on_click``."""
    st.session_state[_pressed(form)] = seen


def pressed(form: str) -> Any:
    """What the press of this run is about, as it was shown; None without one."""
    return st.session_state.pop(_pressed(form), None)


def _pressed(form: str) -> str:
    return f"{form}-pressed"
