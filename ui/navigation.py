"""The pages, in the order of the navigation."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

_FOLDER = Path(__file__).parent.parent / "pages"


def pages() -> dict[str, list[StreamlitPage]]:
    """Pages by section; the first is where the address without a path leads."""
    return {
        "": [st.Page(_FOLDER / "overview.py", title="Overview", default=True)],
        "Explore": [st.Page(_FOLDER / "trends.py", title="Trends", url_path="trends")],
        "Data": [st.Page(_FOLDER / "sources.py", title="Sources", url_path="sources")],
    }
