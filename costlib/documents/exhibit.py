"""One chart with its words as a page of its own: as PDF, PNG or SVG.

Conventions: lengths are points. The page is as wide as a slide is shaped, 16:9, and grows where a chart needs
more rows; PDF, PNG and SVG show the same layout. In a PDF the title is a heading, the chart a figure that is
described in words, and what made the figures is a file inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from costlib.charts.fit import visible
from costlib.charts.palette import Palette
from costlib.charts.printed import drawing, least_height
from costlib.charts.printed.face import ASCENT, fitted
from costlib.charts.printed.frame import ROW
from costlib.charts.printed.marks import Drawing, Text, moved
from costlib.charts.printed.markup import colour, drawn, points
from costlib.charts.printed.svg import svg
from costlib.charts.spec import Chart
from costlib.charts.trace import trace_json
from costlib.charts.words import alt_text, notes
from costlib.documents.typst import compiled, preamble, quoted

WIDTH, HEIGHT = 720.0, 405.0

_EDGE = 28.0
_INNER = WIDTH - 2 * _EDGE
_TITLE_SIZES, _SUBTITLE_SIZES = (20, 18, 16, 14), (12, 11, 10, 9)
_EYEBROW_SIZES, _SOURCE_SIZES = (9, 8), (9, 8)


@dataclass(frozen=True)
class _Page:
    """The words of the page from top to bottom, each a few lines, and the chart with its upper edge."""

    height: float
    eyebrow: tuple[Text, ...]
    title: tuple[Text, ...]
    subtitle: tuple[Text, ...]
    source: tuple[Text, ...]
    chart: Drawing
    top: float


def svg_page(chart: Chart, *, palette: Palette, eyebrow: str, trace: Mapping[str, object]) -> bytes:
    """The page as an SVG file; what made the figures is its metadata."""
    page = _page(chart, palette, eyebrow)
    words = (*page.eyebrow, *page.title, *page.subtitle, *page.source)
    whole = Drawing(WIDTH, page.height, (*words, *moved(page.chart.marks, _EDGE, page.top)))
    text = svg(
        whole,
        title=chart.caption.title,
        description=alt_text(chart),
        metadata=trace_json(trace),
        background=palette.background,
    )
    return text.encode()


def pdf_page(chart: Chart, *, palette: Palette, eyebrow: str, trace: Mapping[str, object], made_on: date) -> bytes:
    """The page as a tagged PDF of one page; what made the figures is attached to it."""
    source = preamble(title=chart.caption.title, made_on=made_on, trace=trace)
    return compiled(source + _markup(chart, palette, eyebrow), "pdf", made_on=made_on)


def png_page(chart: Chart, *, palette: Palette, eyebrow: str, made_on: date) -> bytes:
    """The page as a picture of 1,920 pixels width."""
    source = preamble(title=chart.caption.title, made_on=made_on)
    return compiled(source + _markup(chart, palette, eyebrow), "png", made_on=made_on, pixels_per_inch=192)


def _page(chart: Chart, palette: Palette, eyebrow: str) -> _Page:
    caption = chart.caption
    source_text = " · ".join(part for part in (caption.source, *notes(chart)) if part)
    eyebrow_lines = _lines(eyebrow.upper(), _EYEBROW_SIZES, 1, palette.accent, _EDGE - 4, bold=True)
    title = _lines(caption.title, _TITLE_SIZES, 2, palette.ink, _below(eyebrow_lines, _EDGE - 4) + 4, bold=True)
    subtitle = _lines(caption.subtitle, _SUBTITLE_SIZES, 1, palette.muted, _below(title, 0) + 2)
    top = _below(subtitle or title, 0) + 12
    source_height = len(_lines(source_text, _SOURCE_SIZES, 2, palette.muted, 0)) * _SOURCE_SIZES[0] * ROW
    height = max(HEIGHT, top + least_height(chart, _INNER) + source_height + _EDGE + 8)
    source = _lines(source_text, _SOURCE_SIZES, 2, palette.muted, height - _EDGE + 6 - source_height)
    bottom = height - _EDGE - source_height - 6
    return _Page(height, eyebrow_lines, title, subtitle, source, drawing(chart, _INNER, bottom - top, palette), top)


def _lines(
    text: str, sizes: tuple[float, ...], most: int, tint: str, top: float, *, bold: bool = False
) -> tuple[Text, ...]:
    """The lines of a text below ``top``; none of an empty one."""
    kept = visible(text)
    if not kept:
        return ()
    lines, size = fitted(kept, _INNER, most, sizes, bold=bold)
    return tuple(
        Text(_EDGE, top + (ASCENT + number * ROW) * size, line, size, tint, bold) for number, line in enumerate(lines)
    )


def _below(lines: tuple[Text, ...], otherwise: float) -> float:
    return lines[-1].y + (ROW - ASCENT) * lines[-1].size if lines else otherwise


def _markup(chart: Chart, palette: Palette, eyebrow: str) -> str:
    page = _page(chart, palette, eyebrow)
    figure = f"figure(alt: {quoted(alt_text(chart))}, {drawn(page.chart)})"
    parts = [
        f"#set page(width: {points(WIDTH)}, height: {points(page.height)}, margin: 0pt, "
        f"fill: {colour(palette.background)})",
        '#set text(top-edge: "baseline", bottom-edge: "baseline")',
        _words(page.eyebrow),
        _words(page.title, heading=True),
        _words(page.subtitle),
        f"#place(top + left, dx: {points(_EDGE)}, dy: {points(page.top)}, {figure})",
        _words(page.source),
    ]
    return "\n".join(part for part in parts if part)


def _words(lines: tuple[Text, ...], *, heading: bool = False) -> str:
    """Lines as one paragraph, or as the heading, at their place."""
    if not lines:
        return ""
    first = lines[0]
    weight = 600 if first.bold else 400
    style = f"size: {points(first.size)}, weight: {weight}, fill: {colour(first.colour)}"
    body = " + linebreak() + ".join(quoted(line.text) for line in lines)
    whole = f"heading(text({style}, {body}))" if heading else f"par(text({style}, {body}))"
    leading = f"set par(leading: {points(ROW * first.size)}, spacing: 0pt)"
    where = f"dx: {points(first.x)}, dy: {points(first.y)}"
    return f"#place(top + left, {where}, block(width: {points(_INNER + 10)}, {{ {leading}; {whole} }}))"
