"""A native chart put into its frame: fixed plot, plain type, rounded corners off, described for who cannot see it."""

from __future__ import annotations

from datetime import date
from typing import Any

from pptx.oxml import parse_xml
from pptx.util import Pt

from costlib.charts.fit import visible
from costlib.charts.palette import Palette
from costlib.charts.slide.frame import FONT_SIZE, A, C, Drawing, manual_layout
from costlib.charts.slide.page import Box, place, rgb
from costlib.charts.slide.sheets import Sheet, chart_data, points_data


def data_of(drawing: Drawing, made_on: date) -> Any:
    """The figures of a drawing as python-pptx takes them."""
    sheet = drawing.sheet
    return chart_data(sheet, made_on) if isinstance(sheet, Sheet) else points_data(sheet, made_on)


def finish(frame: Any, drawing: Drawing, box: Box, palette: Palette) -> None:
    """Place and style the chart of a frame."""
    place(frame, box)
    native = frame.chart
    native.has_title, native.has_legend = False, False
    native.font.size, native.font.color.rgb = Pt(FONT_SIZE), rgb(palette.muted)
    _square_corners(native._chartSpace)
    plot = drawing.plot(box)
    _fix_plot(native, plot.inner)
    drawing.style(native, plot)


def rescale(native: Any, scale: float) -> None:
    """Type of another size in the whole chart; everything else lies in fractions of its frame."""
    for element in native._chartSpace.iter():
        size = element.get("sz")
        if size is not None and element.tag.startswith(f"{{{A}}}"):
            element.set("sz", str(round(int(size) * scale)))


def describe(frame: Any, name: str, text: str) -> None:
    """Name a shape, and say what it shows."""
    properties = frame._element.xpath(".//p:cNvPr")[0]
    properties.set("name", name)
    properties.set("descr", visible(text))


def _square_corners(space: Any) -> None:
    corners = parse_xml(f'<c:roundedCorners xmlns:c="{C}" val="0"/>')
    epoch = space.find(f"{{{C}}}date1904")
    if epoch is None:
        space.insert(0, corners)
    else:
        epoch.addnext(corners)


def _fix_plot(native: Any, inner: Box) -> None:
    area = native._chartSpace.chart.plotArea
    for layout in area.findall(f"{{{C}}}layout"):
        area.remove(layout)
    area.insert(0, manual_layout(inner, inner=True))
