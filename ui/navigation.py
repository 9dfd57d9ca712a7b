"""The pages, in the order of the navigation."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

_FOLDER = Path(__file__).parent.parent / "pages"
#: Pages by section; the first is where the address without a path leads.
SECTIONS: Final = {
    "": ("overview", "reports"),
    "Explore": ("trends", "allocation", "dispute", "showback", "unit_costs", "runs"),
    "Plan": ("forecast", "roadmap", "launch_review", "savings", "portfolio"),
    "Data": ("sources", "settings", "budgets"),
}


def pages() -> dict[str, list[StreamlitPage]]:
    """Pages by section, each where its name in the address leads."""
    return {section: [page_of(name) for name in names] for section, names in SECTIONS.items()}


def page_of(name: str) -> StreamlitPage:
    """The page of that name, to register it or to link to it."""
    home = name == SECTIONS[""][0]
    title = name.replace("_", " ").capitalize()
    return st.Page(_FOLDER / f"{name}.py", title=title, url_path=None if home else name, default=home)
