"""Native shapes and tables on a slide: text, rectangles, lines, cells.

Conventions: lengths are points. A table has no style of its own: its rules and fills are set here, cell by cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Pt

from costlib.charts.fit import visible
from costlib.charts.slide.frame import A
from costlib.charts.slide.page import Box, rgb

CELL_MARGIN = 4.0
CELL_SLACK = 0.97  # an office suite breaks lines a little earlier than the measured widths say
P = "http://schemas.openxmlformats.org/presentationml/2006/main"

_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


@dataclass(frozen=True)
class Run:
    """A line of text and its look."""

    text: str
    colour: str
    size: float
    bold: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell of a table: its text, how it lies, its fill and the rule below it; no fill and no rule if empty."""

    run: Run
    align: PP_ALIGN = PP_ALIGN.LEFT
    fill: str = ""
    rule: str = ""


def write_lines(slide: Any, box: Box, lines: Sequence[Run], name: str, align: PP_ALIGN = PP_ALIGN.LEFT) -> Any:
    """A text box with one paragraph a line."""
    shape = slide.shapes.add_textbox(Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height))
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for index, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.alignment = align
        _write(paragraph, line)
    return shape


def rectangle(slide: Any, box: Box, colour: str, name: str, *, rounded: bool = False) -> Any:
    """A filled rectangle without an edge."""
    kind = MSO_SHAPE.ROUNDED_RECTANGLE if rounded else MSO_SHAPE.RECTANGLE
    shape = slide.shapes.add_shape(kind, Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height))
    shape.name = name
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(colour)
    shape.line.fill.background()
    _plain(shape)
    return shape


def rule(slide: Any, start: tuple[float, float], end: tuple[float, float], colour: str, *, width: float = 0.75) -> Any:
    """A straight line."""
    line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *(Pt(length) for length in (*start, *end)))
    _plain(line)
    line.line.color.rgb, line.line.width = rgb(colour), Pt(width)
    return line


def _plain(shape: Any) -> None:
    """Take the theme's shadow and edge away."""
    style = shape._element.find(f"{{{P}}}style")
    if style is not None:
        shape._element.remove(style)


def table(
    slide: Any, box: Box, widths: Sequence[float], heights: Sequence[float], cells: Sequence[Sequence[Cell]]
) -> Any:
    """A native table; ``cells`` row by row."""
    frame = slide.shapes.add_table(
        len(heights), len(widths), Pt(box.left), Pt(box.top), Pt(sum(widths)), Pt(sum(heights))
    )
    native = frame.table
    properties = native._tbl.tblPr
    for flag in ("bandRow", "firstRow"):
        properties.set(flag, "1" if flag == "firstRow" else "0")
    properties.find(f"{{{A}}}tableStyleId").text = _NO_STYLE
    for column, width in zip(native.columns, widths, strict=True):
        column.width = Pt(width)
    for row, height in zip(native.rows, heights, strict=True):
        row.height = Pt(height)
    for row_index, row_cells in enumerate(cells):
        for column_index, cell in enumerate(row_cells):
            _fill(native.cell(row_index, column_index), cell)
    return frame


def _fill(native: Any, cell: Cell) -> None:
    native.margin_left = native.margin_right = Pt(CELL_MARGIN)
    native.margin_top = native.margin_bottom = 0
    native.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = native.text_frame.paragraphs[0]
    paragraph.alignment = cell.align
    _write(paragraph, cell.run)
    properties = native._tc.get_or_add_tcPr()
    if cell.rule:
        colour = f'<a:solidFill><a:srgbClr val="{cell.rule[1:]}"/></a:solidFill>'
        properties.append(parse_xml(f'<a:lnB xmlns:a="{A}" w="9525">{colour}</a:lnB>'))
    if cell.fill:
        fill = f'<a:solidFill xmlns:a="{A}"><a:srgbClr val="{cell.fill[1:]}"/></a:solidFill>'
        properties.append(parse_xml(fill))


def _write(paragraph: Any, line: Run) -> None:
    run = paragraph.add_run()
    run.text = visible(line.text)
    run.font.size, run.font.bold = Pt(line.size), line.bold
    run.font.color.rgb = rgb(line.colour)
