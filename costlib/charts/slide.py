"""Charts as slides: a PowerPoint deck of native charts that stay editable.

Conventions: one slide a chart, 16:9; the finding is the slide's title, the subtitle names metric, unit, cost
measure and period, the source line closes the page; speaker notes and the chart's alternative text say the
same in words. The same input gives the same bytes, ``made_on`` is the only date in the file besides the data's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from costlib.charts.fit import visible
from costlib.charts.package import read_trace, seal
from costlib.charts.palette import PRINT, Palette
from costlib.charts.slide_chart import draw
from costlib.charts.slide_page import blank_deck, write_words
from costlib.charts.spec import Chart, StackedColumns
from costlib.charts.words import alt_text, notes
from costlib.errors import InputError

__all__ = ["presentation", "read_trace"]


def presentation(
    charts: Sequence[Chart],
    *,
    eyebrow: str,
    made_on: date,
    trace: Mapping[str, object],
    palette: Palette = PRINT,
) -> bytes:
    """A PPTX file with one slide per chart and the trace of its figures; raises InputError without a chart."""
    if not charts:
        raise InputError("A presentation was asked for without a chart", fix="Choose at least one chart.")
    deck = blank_deck(palette)
    for number, chart in enumerate(charts, start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[0])
        caption = chart.caption
        source = " · ".join(part for part in (caption.source, *notes(chart), _key(chart)) if part)
        box = write_words(
            slide, eyebrow=eyebrow, title=caption.title, subtitle=caption.subtitle, source=source, number=number
        )
        draw(slide, chart, palette, box, made_on)
        slide.notes_slide.notes_text_frame.text = visible(alt_text(chart))
    return seal(deck, title=visible(charts[0].caption.title), trace=trace, made_on=made_on)


def _key(chart: Chart) -> str:
    """What the marks mean that no legend names."""
    return "Diamonds mark the net of credits" if isinstance(chart, StackedColumns) and chart.has_credits else ""
