"""A printed chart at every size: nothing is cut, nothing overlaps, nothing is too small, and every figure is there."""

from __future__ import annotations

import pytest

from costlib.charts.palette import LIGHT, Palette, contrast
from costlib.charts.printed import drawing, least_height
from costlib.charts.printed.frame import LEAST_SIZE
from costlib.charts.printed.key import overlaps
from costlib.charts.printed.marks import Area, Dot, Drawing, Line, Rect, Text
from costlib.charts.spec import Chart
from tests.charts.conftest import BUILDERS
from tests.charts.planning import PLANNING

ALL = {**BUILDERS, **PLANNING}
SIZES = pytest.mark.parametrize(
    ("width", "height"), [(664.0, 280.0), (509.0, 230.0), (245.0, 170.0)], ids=["own page", "full width", "column"]
)
_SLACK = 0.8


@pytest.fixture(params=sorted(ALL))
def any_chart(request: pytest.FixtureRequest) -> Chart:
    return ALL[request.param]()


def drawn(chart: Chart, width: float, height: float, palette: Palette = LIGHT) -> Drawing:
    return drawing(chart, width, max(height, least_height(chart, width)), palette)


@SIZES
def test_no_text_lies_over_another(any_chart: Chart, width: float, height: float) -> None:
    texts = [text for text in drawn(any_chart, width, height).texts if text.text.strip()]
    for index, one in enumerate(texts):
        left, top, right, bottom = one.box
        inner = (left + _SLACK, top + _SLACK, right - _SLACK, bottom - _SLACK)
        for other in texts[index + 1 :]:
            assert not overlaps(inner, other.box), (one.text, other.text)


@SIZES
def test_no_text_is_cut_by_the_edge(any_chart: Chart, width: float, height: float) -> None:
    paper = drawn(any_chart, width, height)
    for text in paper.texts:
        left, top, right, bottom = text.box
        assert left >= -_SLACK and right <= paper.width + _SLACK, (text.text, text.box)
        assert top >= -_SLACK and bottom <= paper.height + 2 * _SLACK, (text.text, text.box)


@SIZES
def test_no_mark_leaves_the_paper(any_chart: Chart, width: float, height: float) -> None:
    paper = drawn(any_chart, width, height)
    for mark in paper.marks:
        match mark:
            case Line() | Area():
                corners = mark.points
            case Rect():
                assert mark.width >= 0 and mark.height >= 0
                corners = ((mark.x, mark.y), (mark.x + mark.width, mark.y + mark.height))
            case Dot():
                corners = ((mark.x - mark.radius, mark.y - mark.radius), (mark.x + mark.radius, mark.y + mark.radius))
            case Text():
                continue
        for x, y in corners:
            assert -6 <= x <= paper.width + 6 and -6 <= y <= paper.height + 6, mark


@SIZES
def test_no_text_is_smaller_than_eight_points_or_too_pale(any_chart: Chart, width: float, height: float) -> None:
    for text in drawn(any_chart, width, height).texts:
        assert text.size >= LEAST_SIZE
        assert contrast(text.colour, LIGHT.background) >= 4.5


def test_the_same_chart_gives_the_same_marks(any_chart: Chart) -> None:
    assert drawn(any_chart, 509, 230) == drawn(any_chart, 509, 230)


def test_it_is_as_large_as_it_was_asked_to_be(any_chart: Chart) -> None:
    made = drawing(any_chart, 321.0, 654.0, LIGHT)
    assert (made.width, made.height) == (321.0, 654.0)
