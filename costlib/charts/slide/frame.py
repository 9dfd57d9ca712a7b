"""What every native chart has in common: its place, and XML that python-pptx has no interface for.

Conventions: lengths are points, places inside a chart are fractions of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml

from costlib.charts.slide.page import Box
from costlib.charts.slide.sheets import PointSheet, Sheet

FONT_SIZE = 12
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
SPACES = f'xmlns:c="{C}" xmlns:a="{A}"'
MARK = "■ "
BREAK = "</a:p><a:p>"  # between two pieces of a label, a new line
_NO_LEADERS = (
    '<c:extLst><c:ext uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}" '
    'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart"><c15:showLeaderLines val="0"/>'
    "</c:ext></c:extLst>"
)
INVISIBLE_LINE = f'<c:spPr {SPACES}><a:ln w="28575"><a:noFill/></a:ln></c:spPr>'


@dataclass(frozen=True)
class Room:
    """Points around the plot for axes and labels."""

    left: float
    right: float
    top: float = 14
    bottom: float = 28


@dataclass(frozen=True)
class Plot:
    """The chart on the page, in points, and the plot inside it, in fractions of the chart."""

    box: Box
    inner: Box

    @classmethod
    def within(cls, box: Box, room: Room) -> Plot:
        """What the room around it leaves of a box."""
        left, top = room.left / box.width, room.top / box.height
        inner = Box(left, top, 1 - left - room.right / box.width, 1 - top - room.bottom / box.height)
        return cls(box, inner)

    @property
    def height(self) -> float:
        """Height of the plot in points."""
        return self.inner.height * self.box.height

    @property
    def width(self) -> float:
        """Width of the plot in points."""
        return self.inner.width * self.box.width


@dataclass(frozen=True)
class Drawing:
    """One kind of chart on a slide: what it is made from, the room it needs, and how it is styled once it exists.

    The room may depend on the box that the chart is put into.
    """

    kind: XL_CHART_TYPE
    sheet: Sheet | PointSheet
    room: Room | Callable[[Box], Room]
    style: Callable[[Any, Plot], None]

    def plot(self, box: Box) -> Plot:
        """The plot in a box."""
        room = self.room if isinstance(self.room, Room) else self.room(box)
        return Plot.within(box, room)


@dataclass(frozen=True)
class Sketch:
    """One kind of exhibit that is made of native shapes, a native table or several native charts.

    ``draw`` puts it on a slide, into a box, with the day of making for its workbooks, and returns the shape that
    stands for the whole, to be described.
    """

    draw: Callable[[Any, Box, date], Any]


def manual_layout(box: Box, *, inner: bool = False) -> Any:
    """A fixed place inside the chart, in fractions of it."""
    target = '<c:layoutTarget val="inner"/>' if inner else ""
    place = "".join(
        f'<c:{tag} val="{share:.5f}"/>'
        for tag, share in (("x", box.left), ("y", box.top), ("w", box.width), ("h", box.height))
    )
    return parse_xml(
        f'<c:layout {SPACES}><c:manualLayout>{target}<c:xMode val="edge"/><c:yMode val="edge"/>{place}'
        "</c:manualLayout></c:layout>"
    )


def series_elements(native: Any) -> list[Any]:
    """The series of a chart that holds one group, in the order of the sheet."""
    return [series._element for series in native.plots[0].series]


def regroup(
    native: Any, kind: str, elements: Iterable[Any], *, grouping: str = "standard", behind: bool = False
) -> None:
    """Move series of the first group into one of their own on the same axes: a line over columns, an area behind."""
    area = native._chartSpace.chart.plotArea
    first = next(child for child in area if child.tag.endswith("Chart"))
    group = parse_xml(f'<c:{kind} {SPACES}><c:grouping val="{grouping}"/><c:varyColors val="0"/></c:{kind}>')
    for series in elements:
        series.getparent().remove(series)
        strip(series, "invertIfNegative", "smooth")
        group.append(series)
        if kind == "lineChart":
            series.append(parse_xml(f'<c:smooth {SPACES} val="0"/>'))
    if kind == "lineChart":
        group.append(parse_xml(f'<c:marker {SPACES} val="1"/>'))
    for axis in first.findall(f"{{{C}}}axId"):
        group.append(parse_xml(f'<c:axId {SPACES} val="{axis.get("val")}"/>'))
    if behind:
        first.addprevious(group)
    else:
        first.addnext(group)


def strip(series: Any, *tags: str) -> None:
    """Take the look out of a series, and what ``tags`` names: what other groups do not know."""
    for tag in ("marker", "spPr", *tags):
        for element in series.findall(f"{{{C}}}{tag}"):
            series.remove(element)


def put(series: Any, *parts: str) -> None:
    """Add XML to a series, before its categories or its first numbers."""
    category = next(part for tag in ("cat", "xVal") if (part := series.find(f"{{{C}}}{tag}")) is not None)
    for xml in parts:
        category.addprevious(parse_xml(xml))


def line_xml(colour: str | None, *, width: float = 0.75) -> str:
    """A line's look, invisible without a colour, and without markers."""
    fill = "<a:noFill/>" if colour is None else f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>'
    return f'<c:spPr {SPACES}><a:ln w="{round(width * 12700)}">{fill}</a:ln></c:spPr>'


def no_marker() -> str:
    """No symbol at the points of a line."""
    return f'<c:marker {SPACES}><c:symbol val="none"/></c:marker>'


def run(text: str, colour: str, *, bold: bool, size: float = FONT_SIZE) -> str:
    """A piece of text in a label."""
    return (
        f'<a:r><a:rPr lang="en-US" sz="{round(size * 100)}" b="{int(bold)}"><a:solidFill>'
        f'<a:srgbClr val="{colour[1:]}"/></a:solidFill></a:rPr><a:t>{escape(text)}</a:t></a:r>'
    )


def flags(shown: int) -> str:
    """What a label shows: its value, or nothing."""
    return (
        f'<c:showLegendKey val="0"/><c:showVal val="{shown}"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )


def text_label(index: int, runs: str, place: str, shift: tuple[float, float] | None = None) -> str:
    """A label of our own words at one point, moved by fractions of the chart."""
    layout = ""
    if shift is not None:
        x, y = shift
        layout = f'<c:layout><c:manualLayout><c:x val="{x:.5f}"/><c:y val="{y:.5f}"/></c:manualLayout></c:layout>'
    return (
        f'<c:dLbl><c:idx val="{index}"/>{layout}<c:tx><c:rich><a:bodyPr wrap="none"/><a:lstStyle/>'
        f'<a:p>{runs}</a:p></c:rich></c:tx><c:dLblPos val="{place}"/>{flags(1)}</c:dLbl>'
    )


def value_style(number_format: str, colour: str, place: str, *, size: float = FONT_SIZE) -> str:
    """How labels show the values they stand for."""
    code = escape(number_format, {'"': "&quot;"})
    return (
        f'<c:numFmt formatCode="{code}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f'<c:txPr><a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{round(size * 100)}" b="1">'
        f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill></a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="en-US"/></a:p></c:txPr><c:dLblPos val="{place}"/>'
    )


def labels_xml(labels: str, *, style: str = "", shown: int = 0) -> str:
    """The labels of a series: those given, and the rest shown or not."""
    return f"<c:dLbls {SPACES}>{labels}{style}{flags(shown)}{_NO_LEADERS}</c:dLbls>"


def value_label(index: int, style: str) -> str:
    """A label that shows the value of one point."""
    return f'<c:dLbl><c:idx val="{index}"/>{style}{flags(1)}</c:dLbl>'
