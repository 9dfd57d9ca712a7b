"""The panel of Unit costs that estimates what measured use cost since the bill ends."""

from __future__ import annotations

import streamlit as st

from costlib.analysis.units.estimate import past_error
from costlib.briefs.words.estimate import (
    HEADER,
    HEADING,
    HELP,
    covered_words,
    error_words,
    estimate_finding,
    estimate_rows,
    unpriced_words,
)
from costlib.focus import MEASURE_NAMES
from costlib.metrics.since_bill import SinceBill, since_the_bill
from costlib.periods import day_name
from costlib.runs.prices import SHIPPED, read_prices
from costlib.runs.unit_prices import listed_prices
from ui.markdown import literal
from ui.moment import identity
from ui.tables import figures_table
from ui.units.page import Units


def estimate_panel(page: Units) -> None:
    """Draw today's cost before the bill arrives, or that nothing is measured after the bill."""
    found = _found(page)
    if found is None:
        st.write(literal(f"Nothing is measured after the bill, which ends on {day_name(page.selection.page.today)}."))
        return
    selection = page.selection
    with st.container(border=True, key="since-the-bill"):
        st.header(HEADING, anchor=False, help=HELP)
        st.write(f"**{literal(estimate_finding(found.found, found.amount, selection.currency))}**")
        measure = MEASURE_NAMES[selection.measure]
        caption = f"Estimate, not billed: {measure}, {selection.currency}, allocation basis"
        if found.found:
            figures_table(caption, HEADER, estimate_rows(found.found, selection.currency))
        words = [f"The bill ends on {day_name(found.billed_to)}."]
        if found.found:
            words += [error_words(past_error(found.replays)), covered_words(found.covered)]
        st.caption(literal(" ".join(filter(None, (*words, unpriced_words(found.unknown))))))


def _found(page: Units) -> SinceBill | None:
    return page.once(lambda: _estimated(page), "since the bill", identity(SHIPPED))


def _estimated(page: Units) -> SinceBill | None:
    selection = page.selection
    listed = listed_prices(read_prices(), selection.currency)
    return since_the_bill(page.questions.reader, selection.conditions, page.counted, listed, selection.measure)
