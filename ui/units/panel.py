"""The parts of Unit costs about one unit: what it costs, what moved it, and every figure of the page in a table."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costlib import money
from costlib.analysis.units import Gap, Moved
from costlib.briefs.words.findings import when
from costlib.briefs.words.unit import (
    BASIS_HELP,
    STEP_HELP,
    STEP_NAMES,
    counted_words,
    moved_chart,
    moved_finding,
    signed_price,
    unit_price,
    unknown_words,
)
from costlib.charts.spec import Caption
from costlib.periods import Window
from ui.exhibit import Exhibit, draw
from ui.markdown import literal
from ui.tables import figures_table
from ui.units.one import OneUnit, every_unit
from ui.units.page import Units, period_words

FILTERED_AWAY: Final = "These filters leave nothing that was counted. Remove one, or load metrics of what they leave."
#: Pixels of the table of every unit.
_HIGH = 560
_HOW = (
    "Metrics tell what models did and what it was worth: a CSV or Parquet file with day, metric, value, and where "
    "known team, model and unit."
)


def how_to_load(*, filtered: bool = False) -> None:
    """What to do where nothing is counted, or nothing under filters."""
    if filtered:
        st.write(FILTERED_AWAY)
    st.write(_HOW)
    st.code("python -m costlib metrics load FILE", language="bash")


def cost_panel(one: OneUnit) -> None:
    """Draw what a unit costs over time, and of each model and team in the last full period."""
    page, currency = one.page, one.page.selection.currency
    if chart := one.trend():
        draw(Exhibit(chart, page.selection, "x_Model"), "units", titled=False)
    with st.container(border=True, key="models"):
        st.header(literal(f"All models: {one.unit.name}"), anchor=False, help=BASIS_HELP)
        figures_table(f"Cost of {one.one} {period_words(page)}, {currency}, on both bases", *one.table())
        with st.expander("By team", key="teams"):
            figures_table(f"Cost of {one.one} by team {period_words(page)}, {currency}", *one.teams())
        unknown = (unknown_words(one.lacking(gap), one.unit.name, gap) for gap in Gap)
        days = one.counted_days()
        covered = f"Counted {when(days)} only: cost and work done are of these days." if days else ""
        for words in filter(None, (*unknown, covered, counted_words(one.seldom()))):
            st.caption(literal(words))
    if not page.is_counted:
        how_to_load()


def moved_panel(one: OneUnit) -> None:
    """Draw what moved the cost of a unit from the period before: sentence, bridge, and all models."""
    found = one.moved()
    if not found or one.earlier is None:
        words = f"No model has a cost and a count {period_words(one.page)} and in the period before"
        st.write(literal(f"{words}, so none is compared."))
        return
    page, currency = one.page, one.page.selection.currency
    dearest = max(found, key=lambda name: abs(found[name].cost1 - found[name].cost0))
    names = list(found)
    chosen = st.selectbox("What moved", names, index=names.index(dearest), key="moved", bind="query-params", width=260)
    way = found[chosen or dearest]
    said = page.said(one.earlier), page.said(one.period)
    title = moved_finding(way, chosen or dearest, currency, *said)
    both = Window(page.days(one.earlier).start, page.days(one.period).end)
    subtitle = page.basis.subtitle(f"Cost of the work, {chosen}, allocation basis", both)
    ends = (page.name(one.earlier), page.name(one.period))
    short = ends if max(map(len, ends)) <= 11 else ("Before", "Now")
    chart = moved_chart(way, Caption(title, subtitle, page.basis.source), currency, short)
    draw(Exhibit(chart, page.selection, "x_Model"), "moved", height=340)
    with st.container(border=True, key="moved-table"):
        st.header(literal(f"What moved the cost of {one.one}"), anchor=False, help=STEP_HELP)
        caption = f"Change of the cost of one unit from {ends[0]} to {ends[1]}, {currency}; the parts add up to it"
        header = ("Model", ends[0], *(STEP_NAMES[key] for key in ("utilisation", "price", "other")), ends[1])
        figures_table(caption, header, [_moved_row(name, way, currency) for name, way in found.items()])


def _moved_row(name: str, way: Moved, currency: str) -> list[str]:
    parts = way.unit_parts
    before, now = way.amounts
    steps = (parts.utilisation, parts.price, parts.other)
    cells = [signed_price(part, currency) if part else "–" for part in steps]
    return [name, unit_price(before, currency), *cells, unit_price(now, currency)]


def every_unit_panel(page: Units) -> None:
    """Draw the table of every unit, model and period."""
    with st.container(border=True, key="every-unit"):
        st.header("Every unit, model and period", anchor=False, help=BASIS_HELP)
        st.dataframe(
            page.once(lambda: every_unit(page), "every unit"),
            height=_HIGH,
            hide_index=True,
            placeholder=money.UNKNOWN,
            key="units",
            column_config={
                "Allocation basis": st.column_config.NumberColumn(format="%.6g"),
                "Usage basis": st.column_config.NumberColumn(format="%.6g"),
                "Cost": st.column_config.NumberColumn(format="accounting"),
                "Count": st.column_config.NumberColumn(format="localized"),
            },
            alt="Unit costs of every unit, model and period on both bases",
        )
