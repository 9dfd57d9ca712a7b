"""The formats a chart can be taken away in, in one table.

Conventions: a builder loads its library when it is called, so that only who downloads pays for it. The same
chart, trace and date give the same bytes in every format.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from costlib.charts.csv_file import csv_text
from costlib.charts.palette import LIGHT, PRINT, Palette, luminance
from costlib.charts.spec import Chart
from costlib.errors import InputError, did_you_mean


@dataclass(frozen=True)
class Order:
    """A chart and what goes with it into the file."""

    chart: Chart
    palette: Palette
    trace: Mapping[str, object]
    made_on: date
    eyebrow: str


@dataclass(frozen=True)
class Format:
    """The ending of the file's name, what a reader calls it, its media type, and who makes it."""

    name: str
    label: str
    mime: str
    build: Callable[[Order], bytes]


def in_grey(palette: Palette) -> Palette:
    """The palette as a printer without colour shows it: every colour as the grey of its luminance.

    >>> in_grey(LIGHT).background, in_grey(LIGHT).accent
    ('#FFFFFF', '#737373')
    """
    single = ("background", "ink", "muted", "grid", "baseline", "accent", "good", "bad", "previous", "other")
    greys = {name: _grey(getattr(palette, name)) for name in single}
    return replace(palette, **greys, categories=tuple(_grey(colour) for colour in palette.categories))


def _grey(colour: str) -> str:
    light = luminance(colour)
    channel = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return "#" + f"{round(channel * 255):02X}" * 3


def palettes() -> dict[str, Palette]:
    """The colours a chart can be taken away in: ``light``, and ``print`` for a printer without colour."""
    return {"light": LIGHT, "print": in_grey(PRINT)}


def render(
    chart: Chart,
    format: str,
    *,
    palette: Palette = LIGHT,
    trace: Mapping[str, object],
    made_on: date,
    eyebrow: str,
) -> bytes:
    """The chart as a file of the format; raises InputError for one that is not in FORMATS."""
    wanted = next((one for one in FORMATS if one.name == format.lower()), None)
    if wanted is None:
        names = [one.name for one in FORMATS]
        raise InputError(
            f"A chart cannot be written as {format}", expected=", ".join(names), fix=did_you_mean(format, names)
        )
    return wanted.build(Order(chart, palette, trace, made_on, eyebrow))


def _pptx(order: Order) -> bytes:
    from costlib.charts.slide import presentation

    return presentation(
        [order.chart], eyebrow=order.eyebrow, made_on=order.made_on, trace=order.trace, palette=order.palette
    )


def _svg(order: Order) -> bytes:
    from costlib.documents.exhibit import svg_page

    return svg_page(order.chart, palette=order.palette, eyebrow=order.eyebrow, trace=order.trace)


def _pdf(order: Order) -> bytes:
    from costlib.documents.exhibit import pdf_page

    return pdf_page(order.chart, palette=order.palette, eyebrow=order.eyebrow, trace=order.trace, made_on=order.made_on)


def _png(order: Order) -> bytes:
    from costlib.documents.exhibit import png_page

    return png_page(order.chart, palette=order.palette, eyebrow=order.eyebrow, made_on=order.made_on)


def _csv(order: Order) -> bytes:
    return csv_text(order.chart).encode()


def _xlsx(order: Order) -> bytes:
    from costlib.charts.workbook import workbook

    return workbook(order.chart, trace=order.trace, made_on=order.made_on)


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = (
    Format("pptx", "PowerPoint, editable chart", f"{_OFFICE}.presentationml.presentation", _pptx),
    Format("pdf", "PDF, one page", "application/pdf", _pdf),
    Format("svg", "SVG, drawing", "image/svg+xml", _svg),
    Format("png", "PNG, picture", "image/png", _png),
    Format("xlsx", "Excel, figures and sources", f"{_OFFICE}.spreadsheetml.sheet", _xlsx),
    Format("csv", "CSV, the figures", "text/csv", _csv),
)
