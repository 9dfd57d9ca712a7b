"""The panel of Unit costs that sets cost against what models are worth: in all, and for one outcome."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from costlib.analysis.units.value import Worth, worths
from costlib.briefs.words.value import (
    EACH_HEADER,
    HEADER,
    HELP,
    NO_VALUE,
    each_chart,
    each_finding,
    each_rows,
    worth_chart,
    worth_finding,
    worth_rows,
)
from costlib.charts.spec import Caption
from costlib.periods import Grain, window_name
from ui.exhibit import Exhibit, draw
from ui.tables import figures_table
from ui.units.page import Units, period_words

ALL, ONE = "All of it", "One outcome"


def value_panel(page: Units) -> None:
    """Draw cost against value in the last full period, where a metric in the currency says what models are worth."""
    found = page.once(lambda: _worths(page), "value")
    if not found:
        st.caption(NO_VALUE)
        return
    currency, window = page.selection.currency, page.now
    each = each_rows(found, currency)
    shown = _choose() if each else ALL
    what = f"Cost and value {'of one outcome ' if shown == ONE else ''}by model, allocation basis"
    title = (each_finding if shown == ONE else worth_finding)(found, currency, period_words(page))
    caption = Caption(title, page.basis.subtitle(what, window), page.basis.source)
    chart = (each_chart if shown == ONE else worth_chart)(found, caption, currency)
    if chart:
        draw(Exhibit(chart, page.selection, "x_Model"), "value")
    with st.container(border=True, key="value-table"):
        st.header("Cost against value", anchor=False, help=HELP)
        figures_table(
            f"{window_name(window)}, {currency}; margin is value less cost", HEADER, worth_rows(found, currency)
        )
        if each:
            figures_table(f"One outcome, {window_name(window)}, {currency}", EACH_HEADER, each)


def _choose() -> str | None:
    return st.segmented_control("Value of", (ALL, ONE), default=ALL, required=True, key="value-of", bind="query-params")


def _worths(page: Units) -> tuple[Worth, ...]:
    days, currency = page.now, page.selection.currency
    if not any(one.unit == currency for one in page.base):
        return ()
    costs = replace(page.questions, grain=Grain.DAY).costs(days)
    return tuple(worths(page.base, costs, days, currency))
