"""The last step of a drill-down: the line items of the bill behind one figure."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import streamlit as st

from costlib import money
from costlib.charts.csv_file import harmless
from costlib.focus import CURRENCY, label
from costlib.periods import Window
from costlib.store.line_items import LineItems
from ui.markdown import literal
from ui.selection import Selection

SHOWN = 200


def line_items_panel(name: str, selection: Selection, window: Window, key: str = "line-items") -> None:
    """Draw the line items behind the figure, largest first, with their sum."""
    page = selection.page
    with st.container(border=True, key=key):
        st.header(literal(f"Line items of {name}"), anchor=False)
        with st.spinner("Reading the line items from the export"):
            found = page.workspace.line_items(
                page.snapshot, selection.conditions, window, selection.currency, selection.measure, SHOWN
            )
        if not found.rows:
            st.write("No line item is behind this figure.")
            return
        st.caption(literal(_words(found, selection)))
        st.dataframe(
            [dict(zip(map(label, found.columns), map(_cell, row), strict=True)) for row in found.rows],
            hide_index=True,
            placeholder="–",
            key=f"{key}-table",
            alt=f"Line items of {name}, largest first",
        )
        st.download_button(
            "Download these rows as CSV",
            data=lambda: _csv_text(found, selection.currency),
            file_name="line-items.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"{key}-csv",
        )


def _words(found: LineItems, selection: Selection) -> str:
    total, items = money.full(found.total, selection.currency), money.counted(found.count, "line item")
    if found.count == 1:
        return f"{items}, which comes to {total}."
    if found.count == len(found.rows):
        return f"{items}, which add up to {total}."
    shown = money.full(money.total(row[-1] for row in found.rows), selection.currency)
    return f"The {len(found.rows)} largest of {items}, which add up to {total} in all; those shown come to {shown}."


def _cell(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _csv_text(found: LineItems, currency: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*found.columns, CURRENCY])
    for row in found.rows:
        exact = (money.exact(cell) if isinstance(cell, Decimal) else cell for cell in row)
        writer.writerow([*(harmless(None if cell is None else str(cell)) for cell in exact), currency])
    return text.getvalue()
