"""A drawing as SVG.

Conventions: one point is one unit of the view box; numbers have two decimals. Text stays text; where the face
is not installed its width is still the one that was measured, so that nothing runs into its neighbour. Title
and description serve a screen reader. The file asks for nothing from elsewhere and holds no script.
"""

from __future__ import annotations

from typing import assert_never
from xml.sax.saxutils import escape, quoteattr

from costlib.charts.fit import visible
from costlib.charts.printed.face import BOLD_WEIGHT, FAMILY
from costlib.charts.printed.marks import Anchor, Area, Dot, Drawing, Line, Mark, Point, Rect, Text

_FAMILIES = f"'{FAMILY}', 'Source Sans 3', Arial, Helvetica, sans-serif"


def svg(drawing: Drawing, *, title: str, description: str, metadata: str = "", background: str = "") -> str:
    """The drawing as an SVG document."""
    size = f'width="{_n(drawing.width)}pt" height="{_n(drawing.height)}pt"'
    box = f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img" aria-labelledby="title description" '
        f"font-family={quoteattr(_FAMILIES)}>",
        f'<title id="title">{escape(visible(title))}</title>',
        f'<desc id="description">{escape(visible(description))}</desc>',
    ]
    if metadata:
        lines.append(f"<metadata>{escape(visible(metadata))}</metadata>")
    if background:
        lines.append(f'<rect width="100%" height="100%" fill="{background}"/>')
    return "\n".join([*lines, *(_element(mark) for mark in drawing.marks), "</svg>", ""])


def _element(mark: Mark) -> str:
    match mark:
        case Line():
            dash = f' stroke-dasharray="{_n(mark.dash[0])} {_n(mark.dash[1])}"' if mark.dash else ""
            return (
                f'<polyline points="{_points(mark.points)}" fill="none" stroke="{mark.colour}" '
                f'stroke-width="{_n(mark.thickness)}" stroke-linejoin="round"{dash}/>'
            )
        case Area():
            edge = _edge(mark.edge, mark.thickness)
            return f'<polygon points="{_points(mark.points)}" fill="{mark.fill}"{edge}/>'
        case Rect():
            radius = f' rx="{_n(mark.radius)}"' if mark.radius else ""
            place = f'x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.width)}" height="{_n(mark.height)}"'
            return f'<rect {place} fill="{mark.fill}"{radius}/>'
        case Dot():
            edge = _edge(mark.edge, mark.thickness)
            return f'<circle cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.radius)}" fill="{mark.fill}"{edge}/>'
        case Text():
            return _text(mark)
    assert_never(mark)


def _text(mark: Text) -> str:
    weight = f' font-weight="{BOLD_WEIGHT}"' if mark.bold else ""
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor is not Anchor.START else ""
    fixed = f' textLength="{_n(mark.width)}" lengthAdjust="spacingAndGlyphs"' if len(mark.text) > 1 else ""
    return (
        f'<text x="{_n(mark.x)}" y="{_n(mark.y)}" font-size="{_n(mark.size)}" fill="{mark.colour}"'
        f"{weight}{anchor}{fixed}>{escape(visible(mark.text))}</text>"
    )


def _edge(colour: str | None, thickness: float) -> str:
    return "" if colour is None else f' stroke="{colour}" stroke-width="{_n(thickness)}"'


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(value: float) -> str:
    """A length with at most two decimals.

    >>> _n(12.0), _n(0.126), _n(-0.001)
    ('12', '0.13', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
