"""A page in parts: one tab each, of which only the open one is worked out and drawn.

The open part is in the address by its name, so that a link opens it; a name that is none opens the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st


def draw_open_part(parts: Mapping[str, Callable[[], None]]) -> None:
    """Draw the tabs of these names and what stands in the open one."""
    tabs = st.tabs(list(parts), key="show", bind="query-params")
    for tab, draw_part in zip(tabs, parts.values(), strict=True):
        if tab.open:
            with tab:
                draw_part()
