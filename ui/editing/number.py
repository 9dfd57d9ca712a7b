"""A number of a form that may be left empty, and emptied again.

A number input that starts with a value cannot be emptied in the browser: it puts the value back. One that starts
without and is given its value by the session can.
"""

from __future__ import annotations

from typing import Any

import streamlit as st


def optional_number(
    place: Any, label: str, held: float | None, *, key: str, needed: bool = False, **look: Any
) -> float | None:
    """What the reader entered, first ``held``; None where nothing is stated, which one that is ``needed`` never is.

    ``place`` draws the input and ``look`` is the rest of what it takes: bounds, step, format and help.
    """
    if not needed:
        st.session_state.setdefault(key, held)
    found: float | None = place.number_input(label, value=held if needed else None, key=key, **look)
    return found
