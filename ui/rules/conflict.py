"""What a reader is told whose file was saved by somebody else meanwhile, and the two ways on."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from costlib import money
from costlib.state.errors import Conflict
from ui.editing.editor import conflict_words
from ui.markdown import literal
from ui.rules.merge import changes, on_top

ON_TOP = "Put my changes on top of theirs"
TAKE = "Take what is saved"


def text_conflict(
    conflict: Conflict, name: str, texts: tuple[str, str, str], key: str, go_on: Callable[[str], None]
) -> None:
    """Draw who saved the file and what differs, with the way to keep the reader's changes and the way to give them up.

    ``texts`` are the file as it was opened, as it is saved now, and as the reader wants it; ``go_on`` takes the text
    that the editor is to show from then on, on top of what is saved.
    """
    before, saved, yours = texts
    merged = on_top(before, yours, saved)
    st.error(literal(conflict_words(conflict, name)))
    st.write("Nothing of yours was saved, and nothing of it is lost: your text is still in the editor below.")
    for title, text in (("What they changed since you opened it", saved), ("What you changed", yours)):
        st.caption(title)
        st.code(changes(before, text) or "nothing", language="diff")
    if merged.both:
        places = money.counted(merged.both, "place")
        st.caption(f"In {places} both of you changed the same lines: there yours would stand, and theirs be gone.")
    with st.container(horizontal=True):
        st.button(ON_TOP, key=f"{key}-on-top", on_click=go_on, args=(merged.text,))
        st.button(TAKE, key=f"{key}-theirs", on_click=go_on, args=(saved,))
