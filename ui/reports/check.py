"""Is a document that was exported earlier still true? The file is read, every figure is computed again."""

from __future__ import annotations

import streamlit as st

from costlib.errors import CostError
from costlib.recompute import Difference, ending_of, recomputed, trace_of
from ui.guard import Page
from ui.markdown import literal
from ui.panels import refusal
from ui.tables import figures_table

HEADER = ("What", "The document shows", "Now")
_MOST_MEGABYTES = 20
_HELP = "Every figure and chart of the file is computed again from today's bills and plans, and its words are compared."


def check_panel(page: Page) -> None:
    """The way a document comes back, and what has changed since it was exported."""
    with st.container(border=True, key="check"):
        st.header("Is an earlier document still true?", anchor=False, help=_HELP)
        file = st.file_uploader(
            "A PDF or PowerPoint that was exported here",
            type=["pdf", "pptx"],
            max_upload_size=_MOST_MEGABYTES,
            key="check-file",
        )
        if file is None:
            return
        data = file.getvalue()
        try:
            with st.spinner("Computing every figure again"):
                found = recomputed(page.workspace, data)
            shown = trace_of(data, ending_of(data))
        except CostError as error:
            refusal(error)
            return
        counted = f"{len(shown['figures'])} figures and {len(shown['charts'])} charts computed again"
        verdict(file.name, found, counted)


def verdict(name: str, found: list[Difference], counted: str) -> None:
    """That everything holds, or what does not."""
    if not found:
        st.success(literal(f"Every figure of {name} holds: {counted} from today's bills and plans."))
        return
    differ = "one thing is" if len(found) == 1 else f"{len(found)} things are"
    st.warning(literal(f"{name}: {differ} different by now. Download the document again for today's figures."))
    figures_table(f"{counted}; what differs", HEADER, [(one.what, one.shown, one.now) for one in found])
