"""Tables on a page: small ones of figures, and those whose cells hold words.

Conventions: a table of figures is a real HTML table: a screen reader can read it, and any text shows as it is. Figures
stand at the right and are never broken over two lines; a column of words stands at the left. A table of words scrolls
on a narrow screen, where words in columns would become towers.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from ui.markdown import literal

#: Letters of the longest figure: what is longer is a sentence.
_LONGEST: Final = 24
#: Letters of the longest words that need no room of their own in a table that is wider than its place.
_SHORT: Final = 18
#: Stands where there is no figure.
_NOTHING: Final = "–"


def figures_table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Draw a table whose first column names the row and whose other columns hold figures or words."""
    kinds = ["" if at == 0 else _kind([row[at] for row in rows]) for at in range(len(header))]
    head = "".join(f'<th scope="col"{kind}>{escape(cell)}</th>' for cell, kind in zip(header, kinds, strict=True))
    body = "".join(_row(row, kinds) for row in rows)
    st.html(
        f'<div class="figures" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f'<table class="figures{_width(rows)}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def words_table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], key: str) -> None:
    """Draw a table of words under its caption."""
    st.caption(literal(caption))
    shown = [dict(zip(header, row, strict=True)) for row in rows]
    st.dataframe(shown, hide_index=True, key=key, alt=caption)


def is_words(cells: Sequence[str]) -> bool:
    """Whether a column holds words: a cell longer than any figure, or no digit in what it says.

    >>> is_words(["$1.20K", "unknown"]), is_words(["Head of Search", "CFO"]), is_words(["none"])
    (False, True, True)
    >>> is_words(["less than 5 of each 100 requests", "–"])
    True
    >>> is_words(["–", ""])
    False
    """
    if not cells or any(len(cell) > _LONGEST for cell in cells):
        return True
    said = "".join(cells).replace(_NOTHING, "")
    return bool(said) and not any(letter.isdigit() for letter in said)


def _width(rows: Sequence[Sequence[str]]) -> str:
    """The class that gives long names of rows room where the table is wider than its place."""
    return " named" if _is_long([row[0] for row in rows]) else ""


def _kind(cells: Sequence[str]) -> str:
    """The class of a column: words that are long are broken over lines, in a column that is not too narrow."""
    if not is_words(cells):
        return ""
    return f' class="words{" long" if _is_long(cells) else ""}"'


def _is_long(cells: Sequence[str]) -> bool:
    return any(len(cell) > _SHORT for cell in cells)


def _row(cells: Sequence[str], kinds: Sequence[str]) -> str:
    pairs = zip(cells[1:], kinds[1:], strict=True)
    figures = "".join(f"<td{kind}>{escape(cell)}</td>" for cell, kind in pairs)
    return f'<tr><th scope="row">{escape(cells[0])}</th>{figures}</tr>'
