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

    ``empty`` holds what its fields begin with, by their keys: nothing, or the first that can be chosen. A field that
    begins with anything else gets that as its ``value`` and ``times_saved`` in its key, because the browser shows a
    field of a popover that is opened later without what the session state alone holds.
    """
    if st.session_state.get(_DONE) == form:
        del st.session_state[_DONE]
        st.session_state.update(empty)
    for key, value in empty.items():
        st.session_state.setdefault(key, value)


def is_done(form: str) -> None:
    """Have the form emptied before it is drawn again: what it held is saved."""
    st.session_state[_DONE] = form
    st.session_state[_times(form)] = times_saved(form) + 1


def times_saved(form: str) -> int:
    """How often the form was saved in this session: a field with it in its key begins anew after each time."""
    return int(st.session_state.get(_times(form), 0))


def press(form: str, seen: object) -> None:
    """Keep what a press is about as it was shown; for ``on_click``."""
    st.session_state[_pressed(form)] = seen


def pressed(form: str) -> Any:
    """What the press of this run is about, as it was shown; None without one."""
    return st.session_state.pop(_pressed(form), None)


def _times(form: str) -> str:
    return f"{form}-times-saved"


def _pressed(form: str) -> str:
    return f"{form}-pressed"
