"""A chart as text: its figures as a table, what a reader must know, and a description for who cannot see it.

Conventions: a table holds exact amounts, a sentence the short form of ``costlib.money``; the caption is read
separately and not repeated.
"""

from __future__ import annotations

from typing import assert_never

from costlib.charts import spec
from costlib.charts.words import (
    band,
    bars,
    bridge,
    bubble,
    columns,
    heat,
    kpi,
    multiples,
    roadmap,
    scatter,
    tornado,
    trend,
)
from costlib.charts.words.parts import Table, Words

__all__ = ["Table", "alt_text", "notes", "table"]


def table(chart: spec.Chart) -> Table:
    """Header and rows of the figures behind a chart, for CSV and for a screen reader.

    One row per period, per step of a bridge or per bar. Dates are ISO, amounts exact decimal text in the named
    currency, an unknown amount is an empty cell. Names are given as they are: a writer of spreadsheets must
    store them as text.
    """
    return _words(chart).table


def notes(chart: spec.Chart) -> tuple[str, ...]:
    """What a reader must know before comparing: an open period, unknown amounts."""
    return _words(chart).notes


def alt_text(chart: spec.Chart) -> str:
    """What the chart shows: kind, span, first, last and highest figures, and what is missing."""
    words = _words(chart)
    extra = "; ".join(words.notes)
    return f"{words.said} {extra}." if extra else words.said


def _words(chart: spec.Chart) -> Words:
    match chart:
        case spec.Trend():
            return trend.words(chart)
        case spec.StackedColumns():
            return columns.words(chart)
        case spec.BandTrend():
            return band.words(chart)
        case spec.Bridge():
            return bridge.words(chart)
        case spec.RankedBars():
            return bars.words(chart)
        case spec.Roadmap():
            return roadmap.words(chart)
        case spec.Tornado():
            return tornado.words(chart)
        case spec.HeatTable():
            return heat.words(chart)
        case spec.KpiRow():
            return kpi.words(chart)
        case spec.Scatter():
            return scatter.words(chart)
        case spec.Bubble():
            return bubble.words(chart)
        case spec.SmallMultiples():
            return multiples.words(chart)
    assert_never(chart)
