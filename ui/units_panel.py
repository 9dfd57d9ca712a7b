"""The parts of Unit costs below its trend: what moved a model, and every unit."""

from __future__ import annotations

import streamlit as st

from costlib.analysis.units import Moved
from costlib.briefs.unit_words import (
    STEP_HELP,
    STEP_NAMES,
    moved_chart,
    moved_finding,
    signed_price,
    unit_price,
)
from costlib.charts.spec import Caption
from costlib.periods import Window
from ui.exhibit import Exhibit, draw
from ui.panels import literal
from ui.tables import figures_table
from ui.units import OneUnit, Units, every_unit

_HOW = (
    "Metrics tell what models did and what it was worth: a CSV or Parquet file with day, metric, value, and where "
    "known team, model and unit."
)


def how_to_load() -> None:
    """What to do where nothing is counted."""
    st.write(_HOW)
    st.code("python -m costlib metrics load FILE", language="bash")


def moved_panel(one: OneUnit) -> None:
    """Draw what moved the cost of a unit from the period before: sentence, bridge, and all models."""
    found = one.moved()
    if not found or one.earlier is None:
        return
    page, currency = one.page, one.page.selection.currency
    dearest = max(found, key=lambda name: abs(found[name].cost1 - found[name].cost0))
    names = list(found)
    chosen = st.selectbox("What moved", names, index=names.index(dearest), key="moved", bind="query-params", width=260)
    way = found[chosen or dearest]
    said = page.said(one.earlier), page.said(one.period)
    title = moved_finding(way, chosen or dearest, currency, *said)
    basis = page.selection.basis
    both = Window(page.days(one.earlier).start, page.days(one.period).end)
    subtitle = basis.subtitle(f"Cost of the work, {chosen}, allocation basis", both)
    ends = (page.name(one.earlier), page.name(one.period))
    short = ends if max(map(len, ends)) <= 11 else ("Before", "Now")
    chart = moved_chart(way, Caption(title, subtitle, basis.source), currency, short)
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
    with st.expander("Every unit, model and period", key="every-unit"):
        st.dataframe(
            every_unit(page),
            hide_index=True,
            key="units",
            column_config={
                name: st.column_config.NumberColumn(format="%.6g") for name in ("Allocation basis", "Usage basis")
            }
            | {name: st.column_config.NumberColumn(format="localized") for name in ("Cost", "Count")},
            alt="Unit costs of every unit, model and period on both bases",
        )
