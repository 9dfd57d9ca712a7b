"""The panel of Unit costs that sets cost against what models are worth: in all, and for one outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from costlib.analysis.units import Volume, is_value
from costlib.analysis.units.value import Worth, worths
from costlib.briefs.words.value import (
    EACH_HEADER,
    HEADER,
    HELP,
    NO_VALUE,
    each_chart,
    each_finding,
    each_rows,
    elsewhere_words,
    worth_chart,
    worth_finding,
    worth_rows,
)
from costlib.charts.spec import Caption
from costlib.periods import Grain, Window, month_start, window_name
from ui.exhibit import Exhibit, draw
from ui.tables import figures_table
from ui.units.page import Units, period_words

ALL, ONE = "All of it", "One outcome"


def value_panel(page: Units) -> None:
    """Draw cost against value in the last full period, where a metric in the currency says what models are worth."""
    found = page.once(lambda: _worths(page), "value")
    if words := elsewhere_words(_elsewhere(page)):
        st.caption(words)
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


def _elsewhere(page: Units) -> tuple[str, ...]:
    """Other currencies in which something is worth in the period."""
    return page.once(lambda: _other_currencies(page), "value elsewhere")


def _other_currencies(page: Units) -> tuple[str, ...]:
    days = page.now
    inside = (one for one in page.base if days.start <= one.day < days.end and is_value(one.unit, one.metric))
    return tuple(sorted({one.unit for one in inside if one.unit and one.unit != page.selection.currency}))


def _choose() -> str | None:
    return st.segmented_control("Value of", (ALL, ONE), default=ALL, required=True, key="value-of", bind="query-params")


def _worths(page: Units) -> tuple[Worth, ...]:
    days, currency = page.now, page.selection.currency
    if not any(one.unit == currency for one in page.base):
        return ()
    costs = replace(page.questions, grain=Grain.DAY).costs(days)
    unknown = (cost for one in page.unbilled for cost in one.by_day(days))
    return tuple(worths(_billed(page, days), [*costs, *unknown], days, currency))


def _billed(page: Units, days: Window) -> Sequence[Volume]:
    """The metrics of months whose bill is loaded, or all where none of the days lies in one."""
    missing = page.selection.page.missing
    billed = [one for one in page.base if month_start(one.day) not in missing]
    return billed if any(days.start <= one.day < days.end for one in billed) else page.base
