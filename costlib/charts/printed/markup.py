"""A drawing as Typst markup, and text as Typst strings.

Conventions: everything is written in Typst's code mode. Text from bills only ever stands between quotes, where
``#``, ``$``, ``@`` and brackets mean nothing; quotes and backslashes are escaped. Texts are placed by their base
line; the box around one is wider than any label, so that it never breaks.
"""

from __future__ import annotations

from typing import assert_never

from costlib.charts.fit import visible
from costlib.charts.printed.face import BOLD_WEIGHT, covered
from costlib.charts.printed.marks import Anchor, Area, Dot, Drawing, Line, Mark, Point, Rect, Text

_WIDE = 2000
_SHIFT = {Anchor.START: 0, Anchor.MIDDLE: _WIDE // 2, Anchor.END: _WIDE}
_ALIGN = {Anchor.START: "left", Anchor.MIDDLE: "center", Anchor.END: "right"}
_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"'}


def quoted(text: str) -> str:
    """The text as a Typst string on one line; what the face cannot show becomes a question mark.

    >>> print(quoted('#eval("1") $x$ \\\\ @a'))
    "#eval(\\"1\\") $x$ \\\\ @a"
    """
    return f'"{covered(visible(text)).translate(_ESCAPES)}"'


def colour(value: str) -> str:
    """A colour such as ``#14213D`` as Typst takes it."""
    return f'rgb("{value}")'


def points(value: float) -> str:
    """A length with at most three decimals.

    >>> points(12.0), points(0.1239), points(-0.0001)
    ('12pt', '0.124pt', '0pt')
    """
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0pt" if text == "-0" else f"{text}pt"


def drawn(drawing: Drawing) -> str:
    """The drawing as one block of its size: a Typst expression."""
    lines = ",\n  ".join(_element(mark) for mark in drawing.marks)
    size = f"width: {points(drawing.width)}, height: {points(drawing.height)}"
    edges = 'set text(top-edge: "baseline", bottom-edge: "baseline")'
    return f"block({size}, breakable: false, {{\n  {edges}\n  (\n  {lines},\n  ).join()\n}})"


def _element(mark: Mark) -> str:
    match mark:
        case Line():
            first, *others = mark.points
            path = ", ".join([f"curve.move({_point(first)})", *(f"curve.line({_point(other)})" for other in others)])
            return _placed(0, 0, f"curve(stroke: {_stroke(mark.colour, mark.thickness, mark.dash)}, {path})")
        case Area():
            outline = ", ".join(_point(point) for point in mark.points)
            edge = _edge(mark.edge, mark.thickness)
            return _placed(0, 0, f"polygon(fill: {colour(mark.fill)}, {edge}, {outline})")
        case Rect():
            size = f"width: {points(mark.width)}, height: {points(mark.height)}"
            radius = f", radius: {points(mark.radius)}" if mark.radius else ""
            return _placed(mark.x, mark.y, f"rect({size}, fill: {colour(mark.fill)}, stroke: none{radius})")
        case Dot():
            style = f"radius: {points(mark.radius)}, fill: {colour(mark.fill)}, {_edge(mark.edge, mark.thickness)}"
            return _placed(mark.x - mark.radius, mark.y - mark.radius, f"circle({style})")
        case Text():
            return _text(mark)
    assert_never(mark)


def _text(mark: Text) -> str:
    weight = BOLD_WEIGHT if mark.bold else 400
    style = f"size: {points(mark.size)}, weight: {weight}, fill: {colour(mark.colour)}"
    body = f"align({_ALIGN[mark.anchor]}, text({style}, {quoted(mark.text)}))"
    return _placed(mark.x - _SHIFT[mark.anchor], mark.y, f"box(width: {_WIDE}pt, {body})")


def _placed(x: float, y: float, body: str) -> str:
    return f"place(top + left, dx: {points(x)}, dy: {points(y)}, {body})"


def _stroke(tint: str, thickness: float, dash: tuple[float, float] | None) -> str:
    pattern = f", dash: ({points(dash[0])}, {points(dash[1])})" if dash else ""
    return f'(paint: {colour(tint)}, thickness: {points(thickness)}, join: "round"{pattern})'


def _edge(tint: str | None, thickness: float) -> str:
    return "stroke: none" if tint is None else f"stroke: {_stroke(tint, thickness, None)}"


def _point(point: Point) -> str:
    return f"({points(point[0])}, {points(point[1])})"
