"""What a reader is told whose file was saved by somebody else meanwhile, and the two ways on."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from costlib import money
from costlib.state.errors import Conflict
from ui.markdown import literal
from ui.rules.merge import changes, on_top

ON_TOP = "Put my changes on top of theirs"
TAKE = "Take what is saved"
#: What is told after either, where the file's panel tells what was done.
ON_TOP_DONE = "Your changes stand on top of what is saved. Nothing is saved yet."
TAKE_DONE = "This is what is saved. Your changes are given up."


def text_conflict(
    conflict: Conflict, name: str, texts: tuple[str, str, str], key: str, go_on: Callable[[str], None]
) -> None:
    """Draw who saved the file and what differs, with the way to keep the reader's changes and the way to give them up.

    ``texts`` are the file as it was opened, as it is saved now, and as the reader wants it; ``go_on`` takes the text
    that the editor is to show from then on, on top of what is saved. What was done is left under ``<key>-told``.
    """
    before, saved, yours = texts
    merged = on_top(before, yours, saved)
    st.error(literal(conflict.of(name)))
    st.write("Nothing of yours was saved, and nothing of it is lost: your text is still in the editor below.")
    for title, text in (("What they changed since you opened it", saved), ("What you changed", yours)):
        st.caption(title)
        st.code(changes(before, text) or "nothing", language="diff", wrap_lines=True)
    if merged.both:
        places = money.counted(merged.both, "place")
        st.caption(f"In {places} both of you changed the same lines: there yours would stand, and theirs be gone.")
    with st.container(horizontal=True):
        for label, end, text, done in (
            (ON_TOP, "on-top", merged.text, ON_TOP_DONE),
            (TAKE, "theirs", saved, TAKE_DONE),
        ):
            st.button(label, key=f"{key}-{end}", on_click=_go_on, args=(go_on, text, f"{key}-told", done))


def _go_on(go_on: Callable[[str], None], text: str, told: str, done: str) -> None:
    go_on(text)
    st.session_state[told] = done
