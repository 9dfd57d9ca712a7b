"""Small tables of figures as real HTML tables: a screen reader can read them, and any text shows as it is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st


def figures_table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Draw a table whose first column names the row and whose other columns hold figures."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(_row(row) for row in rows)
    st.html(
        f'<div class="figures" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f'<table class="figures"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[str]) -> str:
    figures = "".join(f"<td>{escape(cell)}</td>" for cell in cells[1:])
    return f'<tr><th scope="row">{escape(cells[0])}</th>{figures}</tr>'
