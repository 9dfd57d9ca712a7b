"""An exhibit: a chart with its finding, what it measures, where it comes from, and its downloads."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from costlib import sample
from costlib.charts.screen import CONFIG, figure
from costlib.charts.spec import Chart
from costlib.charts.words import alt_text, table
from costlib.store.query import Filter
from ui.panels import literal
from ui.selection import Selection
from ui.style import palette


@dataclass(frozen=True)
class Exhibit:
    """A chart and what its figures were asked for: the selection, and the dimension they are split by."""

    chart: Chart
    selection: Selection
    by: str | None = None


def draw(exhibit: Exhibit, key: str, *, height: int = 380, titled: bool = True) -> None:
    """Draw the chart with its words and downloads; ``titled`` is False where the page's own title is the chart's."""
    chart = exhibit.chart
    with st.container(border=True, key=f"exhibit-{key}"):
        if titled:
            st.header(literal(chart.caption.title), anchor=False)
        st.caption(literal(chart.caption.subtitle))
        drawn = figure(chart, palette())
        st.plotly_chart(drawn, height=height, config=CONFIG, theme=None, key=f"chart-{key}", alt=alt_text(chart))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(literal(chart.caption.source))
            st.space("stretch")
            _downloads(exhibit, key)


def _downloads(exhibit: Exhibit, key: str) -> None:
    name = file_name(exhibit.chart.caption.title)
    with st.popover("Download", type="tertiary", key=f"download-{key}"):
        st.download_button(
            "PowerPoint, editable chart",
            data=lambda: slide(exhibit),
            file_name=f"{name}.pptx",
            mime="application/vnd.openxmlformats-officedocument.presentationml.presentation",
            on_click="ignore",
            key=f"pptx-{key}",
            width="stretch",
        )
        st.download_button(
            "CSV, the figures",
            data=lambda: csv_text(exhibit.chart),
            file_name=f"{name}.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"csv-{key}",
            width="stretch",
        )


def slide(exhibit: Exhibit) -> bytes:
    """The chart as a presentation of one slide, its trace inside."""
    from costlib.charts.slide import presentation  # only who downloads pays for loading the library

    page = exhibit.selection.page
    eyebrow = sample.NAME if page.is_sample else "Cost of AI"
    return presentation([exhibit.chart], eyebrow=eyebrow, trace=trace(exhibit), made_on=page.today)


def trace(exhibit: Exhibit) -> dict[str, Any]:
    """What made the figures: state, rules, engine, measure, currency, filters, split and periods."""
    selection, periods = exhibit.selection, exhibit.chart.periods
    state = selection.page.snapshot.state
    return {
        "generation": state.generation,
        "sequence": state.sequence,
        "rules": state.rules,
        "engine": state.engine,
        "data_date": selection.page.today.isoformat(),
        "measure": selection.measure,
        "currency": selection.currency,
        "filters": [_filter_text(item) for item in selection.conditions],
        "by": exhibit.by,
        "grain": str(periods.grain),
        "periods": [start.isoformat() for start in periods.starts],
        "figures": exhibit.chart.caption.subtitle,
    }


def csv_text(chart: Chart) -> str:
    """The chart's figures as CSV that no spreadsheet takes for formulas."""
    header, rows = table(chart)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    return text.getvalue()


def file_name(title: str) -> str:
    """A file name from a title.

    >>> file_name("AI spend was $512K in Sep 2026, 11% more")
    'ai-spend-was-512k-in-sep-2026-11-more'
    """
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "chart"


def _filter_text(item: Filter) -> str:
    values: Sequence[str] = ["unknown" if value is None else value for value in item.values]
    return f"{item.dimension} {'not ' if item.exclude else ''}in {', '.join(values)}"


def harmless(cell: str | None) -> str:
    """Text that begins like a formula gets an apostrophe; numbers, negative ones too, stay numbers."""
    if cell is None:
        return ""
    is_number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell)
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not is_number else cell
