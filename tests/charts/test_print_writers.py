"""Marks as SVG and as Typst: the same things in the same places, and text that stays text."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.fit import visible
from costlib.charts.printed import drawing
from costlib.charts.printed.marks import Anchor, Area, Dot, Drawing, Line, Rect, Text, hatched, moved
from costlib.charts.printed.markup import drawn, quoted
from costlib.charts.printed.svg import svg
from costlib.charts.spec import Chart
from costlib.documents.typst import compiled, preamble

SVG = "{http://www.w3.org/2000/svg}"
MADE_ON = date(2026, 10, 21)
ONE_OF_EACH = Drawing(
    100,
    50,
    (
        Line(((0, 0), (10, 5.126)), "#000001", 1.5, (2, 1)),
        Area(((0, 0), (4, 0), (4, 4)), "#000002", "#000003"),
        Rect(1, 2, 3, 4, "#000004", 1),
        Dot(9, 8, 2.5, "#000005"),
        Text(50, 20, "Fish & chips", 9, "#000006", True, Anchor.END),
    ),
)


def svg_of(made: Drawing) -> ET.Element:
    return ET.fromstring(svg(made, title="T", description="D"))


def test_every_mark_becomes_one_element() -> None:
    root = svg_of(ONE_OF_EACH)
    line, area, rect, dot, text = list(root)[2:]
    assert root.get("viewBox") == "0 0 100 50"
    assert line.get("points") == "0,0 10,5.13" and line.get("stroke-dasharray") == "2 1"
    assert area.get("fill") == "#000002" and area.get("stroke") == "#000003"
    assert (rect.get("x"), rect.get("y"), rect.get("width"), rect.get("height")) == ("1", "2", "3", "4")
    assert (dot.get("cx"), dot.get("r"), dot.get("stroke")) == ("9", "2.5", None)
    assert text.text == "Fish & chips" and text.get("text-anchor") == "end" and text.get("font-weight") == "600"


def test_an_svg_says_what_it_shows_and_asks_for_nothing_from_elsewhere(any_chart: Chart) -> None:
    text = svg(drawing(any_chart, 500, 240), title="A & B", description="C < D", metadata='{"a": "<&>"}')
    root = ET.fromstring(text)
    assert root.findtext(f"{SVG}title") == "A & B" and root.findtext(f"{SVG}desc") == "C < D"
    assert root.findtext(f"{SVG}metadata") == '{"a": "<&>"}'
    assert {child.tag.removeprefix(SVG) for child in root} <= {
        "title", "desc", "metadata", "polyline", "polygon", "rect", "circle", "text"
    }  # fmt: skip
    assert "href" not in text and "<script" not in text and "url(" not in text


def test_an_svg_holds_every_text_of_the_drawing(any_chart: Chart) -> None:
    made = drawing(any_chart, 500, 240)
    assert [text.text or "" for text in svg_of(made).iter(f"{SVG}text")] == [visible(text.text) for text in made.texts]


@given(st.text(max_size=40))
def test_any_text_makes_a_readable_svg(text: str) -> None:
    made = Drawing(9, 9, (Text(0, 0, text, 8, "#000000"),))
    root = ET.fromstring(svg(made, title=text, description=text, metadata=text))
    assert root.findtext(f"{SVG}text") == visible(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_text_stays_text_in_typst(text: str) -> None:
    """A string that ended early would be read as code and fail."""
    source = (
        preamble(title=f"T {text}", made_on=MADE_ON, trace={text: text})
        + f"#set page(width: 9pt)\n= A\n#{quoted(text)}"
    )
    assert compiled(source, "pdf", made_on=MADE_ON).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "text",
    ['"); panic("x', "\\", '\\"', "#panic()", "$x$", "@ref", "*b*", "// c", "</script>", "[", "]", "#{", "\n= H"],
)
def test_code_in_a_name_is_not_run(text: str) -> None:
    assert quoted(text)[0] == quoted(text)[-1] == '"'
    made = Drawing(90, 9, (Text(0, 8, text, 8, "#000000"),))
    source = preamble(title="T", made_on=MADE_ON) + f"#set page(width: 90pt, height: 20pt, margin: 0pt)\n#{drawn(made)}"
    assert compiled(source, "png", made_on=MADE_ON).startswith(b"\x89PNG")


def test_every_kind_is_set_without_a_warning(any_chart: Chart) -> None:
    size = "#set page(width: 500pt, height: 240pt, margin: 0pt)\n"
    source = preamble(title="T", made_on=MADE_ON) + size + f"#{drawn(drawing(any_chart, 500, 240))}"
    assert compiled(source, "svg", made_on=MADE_ON).startswith(b"<svg")


def test_both_writers_place_a_text_alike() -> None:
    """The end of the text, its base line: 50 and 20 points."""
    assert "dx: -1950pt, dy: 20pt, box(width: 2000pt, align(right" in drawn(ONE_OF_EACH)
    text = svg_of(ONE_OF_EACH).find(f"{SVG}text")
    assert text is not None and (text.get("x"), text.get("y")) == ("50", "20")


@pytest.mark.parametrize(
    ("anchor", "left", "right"), [(Anchor.START, 50, 60), (Anchor.MIDDLE, 45, 55), (Anchor.END, 40, 50)]
)
def test_the_box_of_a_text(anchor: Anchor, left: float, right: float) -> None:
    square = Text(50, 20, "漢", 10, "#000000", anchor=anchor)
    assert square.box == pytest.approx((left, 12.8, right, 22.2))


def test_moving_moves_every_mark_alike() -> None:
    line, area, rect, dot, text = moved(ONE_OF_EACH.marks, 7, -3)
    assert isinstance(line, Line) and line.points == ((7, -3), (17, 5.126 - 3))
    assert isinstance(area, Area) and area.points == ((7, -3), (11, -3), (11, 1))
    assert isinstance(rect, Rect) and (rect.x, rect.y, rect.width, rect.height) == (8, -1, 3, 4)
    assert isinstance(dot, Dot) and (dot.x, dot.y) == (16, 5)
    assert isinstance(text, Text) and (text.x, text.y) == (57, 17)


@given(st.floats(0, 50), st.floats(0, 50), st.floats(1, 60), st.floats(1, 60))
def test_hatching_stays_inside_and_goes_up_at_half_a_right_angle(x: float, y: float, wide: float, high: float) -> None:
    for line in hatched(x, y, wide, high, "#000000"):
        assert isinstance(line, Line)
        (x0, y0), (x1, y1) = line.points
        for px, py in line.points:
            assert x - 1e-9 <= px <= x + wide + 1e-9 and y - 1e-9 <= py <= y + high + 1e-9
        assert x1 - x0 == pytest.approx(y0 - y1, abs=1e-9)


def test_numbers_of_an_svg_are_short(any_chart: Chart) -> None:
    text = svg(drawing(any_chart, 500, 240), title="T", description="D")
    assert not re.search(r'(?<![\w.])-?\d+\.\d{3,}(?=["\s,])', re.sub(r">[^<]*<", "><", text))
