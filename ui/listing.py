"""Tables whose cells hold words: they scroll on a narrow screen, where words in columns would become towers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ui.panels import literal


def words_table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], key: str) -> None:
    """Draw a table of words under its caption."""
    st.caption(literal(caption))
    shown = [dict(zip(header, row, strict=True)) for row in rows]
    st.dataframe(shown, hide_index=True, key=key, alt=caption)
