"""The span of days that a page looks at: the last full month, some months, or all there is; bound to the address."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costlib.analysis import windows
from costlib.periods import Window
from ui.guard import Page

LAST_MONTH, EVERYTHING = "Last full month", "All data"
_MONTHS: Final = {"3 months": 2, "12 months": 11}
SPANS: Final = (LAST_MONTH, *_MONTHS, EVERYTHING)


def choose_window(page: Page, first: str) -> Window:
    """The days of the span that the reader chose, ``first`` before any choice.

    The last full month is one that has a bill; where no month is full yet, it is the month to date.
    """
    data, index = page.window, SPANS.index(first)
    span = st.selectbox("Over", SPANS, index=index, key="over", bind="query-params", width=190) or EVERYTHING
    if span == LAST_MONTH:
        return windows.last_billed_month(data, page.missing) or windows.month_to_date(data).now
    return Window(windows.earliest(data, _MONTHS[span]), data.end) if span in _MONTHS else data
