"""The page of a deck: 16:9 master, one chart layout, and the words placed on it.

Conventions: lengths are points unless a name says EMU (12,700 to a point). The layout holds eyebrow, title,
subtitle, chart, source and slide number as real placeholders, so that a reader of the slide's outline finds
the finding as its title and a new design can be applied. The face is Arial, which every office suite has or
replaces by one of the same widths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.util import Pt

from costlib.charts.fit import fitted, visible, wrapped
from costlib.charts.palette import Palette

FACE = "Arial"
WIDTH, HEIGHT = 960, 540
EYEBROW, SUBTITLE, CHART, SOURCE = 10, 11, 12, 13

_EDGE = 36
_INNER = WIDTH - 2 * _EDGE
_TITLE_TOP, _SOURCE_TOP, _SOURCE_HEIGHT = 44, 500, 26
_TITLE_SIZES, _SUBTITLE_SIZES = (24, 22, 20, 18, 16), (14, 13, 12, 11)
_EYEBROW_SIZES, _SOURCE_SIZES = (11, 10, 9, 8), (10, 9, 8)
_LEADING = 1.2
_SLACK = 0.96  # an office suite breaks lines a little earlier than the measured widths say
_NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)


@dataclass(frozen=True)
class Box:
    """A place on the page, in points from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


_NUMBER = Box(WIDTH - _EDGE - 50, _SOURCE_TOP, 50, _SOURCE_HEIGHT)


def blank_deck(palette: Palette) -> Any:
    """A presentation without slides whose only layout is the chart page in the palette's colours."""
    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    deck.element.sldSz.attrib.pop("type", None)
    for layout in list(deck.slide_layouts)[1:]:
        deck.slide_layouts.remove(layout)
    _style_theme(deck, palette)
    _style_master(deck, palette)
    _write_layout(deck.slide_layouts[0], palette)
    return deck


def write_words(slide: Any, *, eyebrow: str, title: str, subtitle: str, source: str, number: int) -> Box:
    """Fill the page's text, each shrunk to its box; the place that is left for the chart."""
    text, size = fitted(visible(title), _INNER * _SLACK, 2, _TITLE_SIZES, bold=True)
    lines = len(wrapped(text, _INNER * _SLACK / size, bold=True))
    title_box = Box(_EDGE, _TITLE_TOP, _INNER, lines * size * _LEADING + 4)
    subtitle_box = Box(_EDGE, title_box.top + title_box.height, _INNER, 22)
    _fill(slide.shapes.title, text, size, title_box)
    slide.shapes.title.name = "Title"
    by_index = {shape.placeholder_format.idx: shape for shape in slide.placeholders}
    _fill_or_drop(by_index[EYEBROW], "Eyebrow", visible(eyebrow).upper(), 1, _EYEBROW_SIZES)
    _fill_or_drop(by_index[SUBTITLE], "Subtitle", visible(subtitle), 1, _SUBTITLE_SIZES, subtitle_box)
    _fill_or_drop(by_index[SOURCE], "Source", visible(source), 2, _SOURCE_SIZES)
    slide.shapes._spTree.append(parse_xml(_number_shape(number, len(slide.shapes) + 20)))
    top = subtitle_box.top + subtitle_box.height + 8
    return Box(_EDGE, top, _INNER, _SOURCE_TOP - 8 - top)


def place(shape: Any, box: Box) -> None:
    """Move a shape to a place on the page."""
    shape.left, shape.top = Pt(box.left), Pt(box.top)
    shape.width, shape.height = Pt(box.width), Pt(box.height)


def rgb(colour: str) -> RGBColor:
    """The colour as python-pptx takes it."""
    parsed: RGBColor = RGBColor.from_string(colour.lstrip("#"))  # type: ignore[no-untyped-call]
    return parsed


def _fill(shape: Any, text: str, size: float, box: Box | None = None) -> None:
    shape.text_frame.text = text
    shape.text_frame.paragraphs[0].font.size = Pt(size)
    if box is not None:
        place(shape, box)


def _fill_or_drop(
    shape: Any, name: str, text: str, lines: int, sizes: tuple[float, ...], box: Box | None = None
) -> None:
    if not text:
        shape._element.getparent().remove(shape._element)
        return
    shape.name = name
    kept, size = fitted(text, shape.width.pt * _SLACK, lines, sizes, bold=shape.placeholder_format.idx == EYEBROW)
    _fill(shape, kept, size, box)


def _style_theme(deck: Any, palette: Palette) -> None:
    part = deck.slide_master.part.part_related_by(RT.THEME)
    theme: Any = parse_xml(part.blob)
    names = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    theme.set("name", "Glidepath")
    scheme = theme.find(".//a:clrScheme", names)
    wanted = {
        "dk1": palette.ink,
        "lt1": palette.background,
        "dk2": palette.muted,
        "lt2": palette.grid,
        "hlink": palette.accent,
        "folHlink": palette.muted,
    } | {f"accent{number + 1}": colour for number, colour in enumerate(palette.categories[:6])}
    for name, colour in wanted.items():
        slot = scheme.find(f"a:{name}", names)
        slot.clear()
        slot.append(parse_xml(f'<a:srgbClr {_NAMESPACES} val="{colour[1:]}"/>'))
    for face in theme.findall(".//a:fontScheme//a:latin", names):
        face.set("typeface", FACE)
    part.blob = _serialised(theme)


def _style_master(deck: Any, palette: Palette) -> None:
    master = deck.slide_master
    master.background.fill.solid()
    master.background.fill.fore_color.rgb = rgb(palette.background)
    boxes = {
        PP_PLACEHOLDER.TITLE: Box(_EDGE, _TITLE_TOP, _INNER, 62),
        PP_PLACEHOLDER.BODY: Box(_EDGE, 138, _INNER, 350),
        PP_PLACEHOLDER.SLIDE_NUMBER: _NUMBER,
    }
    for shape in list(master.placeholders):
        if shape.placeholder_format.type in boxes:
            place(shape, boxes[shape.placeholder_format.type])
        else:
            shape._element.getparent().remove(shape._element)


def _write_layout(layout: Any, palette: Palette) -> None:
    layout.name = "Chart"
    element = layout._element
    element.attrib.pop("type", None)
    tree = element.cSld.spTree
    for shape in list(layout.shapes):
        tree.remove(shape._element)
    source = Box(_EDGE, _SOURCE_TOP, _INNER - 60, _SOURCE_HEIGHT)
    shapes = (
        _shape(2, "Title", '<p:ph type="title"/>', Box(_EDGE, _TITLE_TOP, _INNER, 62), 24, palette.ink, bold=True),
        _shape(3, "Eyebrow", _body(EYEBROW), Box(_EDGE, 24, _INNER, 18), 11, palette.accent, bold=True),
        _shape(4, "Subtitle", _body(SUBTITLE), Box(_EDGE, 106, _INNER, 22), 14, palette.muted),
        _shape(5, "Chart", f'<p:ph type="chart" idx="{CHART}"/>', Box(_EDGE, 138, _INNER, 350), 14, palette.muted),
        _shape(6, "Source", _body(SOURCE), source, 10, palette.muted, low=True),
        _number_shape(0, 7, palette.muted),
    )
    for shape_xml in shapes:
        tree.append(parse_xml(shape_xml))


def _body(index: int) -> str:
    return f'<p:ph type="body" sz="quarter" idx="{index}"/>'


def _shape(
    number: int, name: str, role: str, box: Box, size: int, colour: str, *, bold: bool = False, low: bool = False
) -> str:
    style = (
        '<a:lvl1pPr marL="0" indent="0" algn="l"><a:lnSpc><a:spcPct val="100000"/></a:lnSpc><a:spcBef>'
        f'<a:spcPts val="0"/></a:spcBef><a:buNone/><a:defRPr sz="{size * 100}" b="{int(bold)}"><a:solidFill>'
        f'<a:srgbClr val="{colour[1:]}"/></a:solidFill></a:defRPr></a:lvl1pPr>'
    )
    return (
        f'<p:sp {_NAMESPACES}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        f"</p:cNvSpPr><p:nvPr>{role}</p:nvPr></p:nvSpPr><p:spPr>{_place_xml(box)}</p:spPr><p:txBody>"
        f'<a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{"b" if low else "t"}"><a:noAutofit/></a:bodyPr>'
        f'<a:lstStyle>{style}</a:lstStyle><a:p><a:r><a:rPr lang="en-US"/><a:t>{escape(name)}</a:t></a:r></a:p>'
        "</p:txBody></p:sp>"
    )


def _number_shape(number: int, identity: int, colour: str | None = None) -> str:
    """The slide number: with a colour the layout's own, without one a slide's, which inherits place and style."""
    place_xml = _place_xml(_NUMBER) if colour else ""
    style = (
        f'<a:lvl1pPr algn="r"><a:defRPr sz="1000"><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill></a:defRPr>'
        "</a:lvl1pPr>"
        if colour
        else ""
    )
    body = '<a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"/>' if colour else "<a:bodyPr/>"
    return (
        f'<p:sp {_NAMESPACES}><p:nvSpPr><p:cNvPr id="{identity}" name="Slide Number"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        '</p:cNvSpPr><p:nvPr><p:ph type="sldNum" sz="quarter" idx="14"/></p:nvPr></p:nvSpPr>'
        f"<p:spPr>{place_xml}</p:spPr><p:txBody>{body}<a:lstStyle>{style}</a:lstStyle><a:p>"
        '<a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum"><a:rPr lang="en-US"/>'
        f"<a:t>{number or '‹#›'}</a:t></a:fld></a:p></p:txBody></p:sp>"
    )


def _place_xml(box: Box) -> str:
    left, top, width, height = (round(Pt(1) * length) for length in (box.left, box.top, box.width, box.height))
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


def _serialised(element: Any) -> bytes:
    xml: bytes = serialize_part_xml(element)
    return xml
