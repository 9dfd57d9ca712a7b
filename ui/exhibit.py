"""An exhibit: a chart with its finding, what it measures, where it comes from, and its downloads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st

from costlib.charts.screen import CONFIG, figure
from costlib.charts.spec import Chart
from costlib.charts.timeline import Periods
from costlib.charts.words import alt_text
from costlib.documents.formats import FORMATS, palettes, render
from costlib.store.question import Filter
from ui.markdown import literal
from ui.selection import Selection
from ui.style import palette

_HEIGHT = 380

#: What the reader chooses as colours, and the palette it stands for.
COLOURS = {"Colour": "light", "Grey, for print": "print"}


@dataclass(frozen=True)
class Exhibit:
    """A chart and what its figures were asked for: the selection, and the dimension they are split by.

    ``made_of`` is what made them beside the bills, such as a plan or a budget and its version.
    """

    chart: Chart
    selection: Selection
    by: str | None = None
    made_of: Mapping[str, str | int] = field(default_factory=dict)


def draw(exhibit: Exhibit, key: str, *, height: int | None = None, titled: bool = True) -> None:
    """Draw the chart with its words and downloads; ``titled`` is False where the page's own title is the chart's.

    A chart that needs a height of its own, such as one row an initiative, has it unless ``height`` is given.
    """
    chart = exhibit.chart
    with st.container(border=True, height="stretch", key=f"exhibit-{key}"):
        if titled:
            st.header(literal(chart.caption.title), anchor=False)
        st.caption(literal(chart.caption.subtitle))
        drawn = figure(chart, palette())
        high = height or drawn.layout.height or _HEIGHT
        st.plotly_chart(drawn, height=high, config=CONFIG, theme=None, key=f"chart-{key}", alt=alt_text(chart))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(literal(chart.caption.source))
            st.space("stretch")
            _downloads(exhibit, key)


def _downloads(exhibit: Exhibit, key: str) -> None:
    """The formats in one list; a file is made when its button is pressed."""
    name = file_name(exhibit.chart.caption.title)
    with st.popover("Download", type="tertiary", key=f"download-{key}"):
        colours = st.segmented_control(
            "Colours", list(COLOURS), default=next(iter(COLOURS)), required=True, key=f"colours-{key}", width="stretch"
        )
        for one in FORMATS:
            st.download_button(
                one.label,
                data=partial(file, exhibit, one.name, COLOURS[colours or next(iter(COLOURS))]),
                file_name=f"{name}.{one.name}",
                mime=one.mime,
                on_click="ignore",
                key=f"{one.name}-{key}",
                width="stretch",
            )


def file(exhibit: Exhibit, name: str, colours: str = "light") -> bytes:
    """The chart as a file of the format ``name``, what made its figures inside where the format can hold it."""
    page = exhibit.selection.page
    eyebrow = page.sample_name or "Cost of AI"
    return render(
        exhibit.chart,
        name,
        palette=palettes()[colours],
        trace=trace(exhibit),
        made_on=page.today,
        eyebrow=eyebrow,
    )


def trace(exhibit: Exhibit) -> dict[str, Any]:
    """What made the figures: state, rules, engine, measure, currency, filters, split and periods, plan or budget."""
    selection = exhibit.selection
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
        **_periods(exhibit.chart),
        **exhibit.made_of,
        "figures": exhibit.chart.caption.subtitle,
    }


def _periods(chart: Chart) -> dict[str, Any]:
    """Grain and first days of a chart over time."""
    periods = getattr(chart, "periods", None)
    if not isinstance(periods, Periods):
        return {}
    return {"grain": str(periods.grain), "periods": [start.isoformat() for start in periods.starts]}


def file_name(title: str) -> str:
    """A file name from a title.

    >>> file_name("AI spend was $512K in Sep 2026, 11% more")
    'ai-spend-was-512k-in-sep-2026-11-more'
    """
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "chart"


def _filter_text(item: Filter) -> str:
    values: Sequence[str] = ["unknown" if value is None else value for value in item.values]
    return f"{item.dimension} {'not ' if item.exclude else ''}in {', '.join(values)}"
