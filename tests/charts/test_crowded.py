"""A portfolio whose bubbles stand close: each is named, or numbered with its number explained; no label is lost."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal as D
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation

from costlib.charts.palette import LIGHT
from costlib.charts.placing import Field, Pin, Side, labelled
from costlib.charts.printed import drawing, least_height
from costlib.charts.printed.marks import Dot, Text
from costlib.charts.screen import figure
from costlib.charts.slide import presentation
from costlib.charts.spec import Bubble, Bucket, Investment
from costlib.charts.spec.measure import Measure
from tests.charts import planning
from tests.charts.planning import MONTHS, USD, words

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def crowd(count: int = 8) -> Bubble:
    """A cluster in a corner, and one investment far off that pushes it together."""
    near = tuple(
        Investment(f"Initiative of a rather long name, {at}", D(1 + at % 3), D(100_000 * at), D(5_000 + at), Bucket.RUN)
        for at in range(count)
    )
    far = Investment("Far away", D(60), D(4_000_000), D(900_000), Bucket.GROW)
    return Bubble(words("A crowd"), MONTHS, USD, Measure("Money", currency="USD"), (*near, far))


def boxes(pin: Pin, side: Side, wide: float, high: float) -> tuple[float, float, float, float]:
    across = {Side.RIGHT: pin.radius, Side.LEFT: -pin.radius - wide}.get(side, -wide / 2)
    up = {Side.ABOVE: pin.radius, Side.BELOW: -pin.radius - high}.get(side, -high / 2)
    return pin.x + across, pin.y + up, pin.x + across + wide, pin.y + up + high


def meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return min(one[2], other[2]) - max(one[0], other[0]) > 1e-3 and min(one[3], other[3]) - max(one[1], other[1]) > 1e-3


PINS = st.lists(
    st.builds(
        Pin, x=st.floats(0, 300), y=st.floats(0, 200), radius=st.floats(2, 20), wide=st.just(70.0), high=st.just(24.0)
    ),
    min_size=1,
    max_size=12,
)


class TestPlaces:
    @settings(max_examples=60, deadline=None)
    @given(PINS)
    def test_a_name_touches_no_name_no_point_and_no_edge(self, pins: list[Pin]) -> None:
        places = labelled([Field(tuple(pins), 300, 200)], (8, 12))
        named = {
            at: boxes(pins[at], place.side, pins[at].wide, pins[at].high)
            for at, place in enumerate(places)
            if place.named
        }
        for one, other in combinations(named.values(), 2):
            assert not meet(one, other)
        for at, box in named.items():
            assert box[0] >= -0.1 and box[1] >= -0.1 and box[2] <= 300.1 and box[3] <= 200.1
            for other, pin in enumerate(pins):
                dot = (pin.x - pin.radius, pin.y - pin.radius, pin.x + pin.radius, pin.y + pin.radius)
                assert other == at or not meet(box, dot)

    def test_a_point_alone_is_named_at_its_right(self) -> None:
        (place,) = labelled([Field((Pin(50, 50, 3, 40, 10),), 200, 100)], (6, 10))
        assert place.named and place.side is Side.RIGHT

    def test_the_first_is_named_before_the_second(self) -> None:
        """Both fill the plot's width, so there is room for one row of words beside each other only."""
        pins = (Pin(50, 10, 2, 90, 10), Pin(52, 10, 2, 90, 10))
        first, second = labelled([Field(pins, 100, 24)], (6, 8))
        assert first.named and not second.named

    def test_a_name_has_to_be_free_on_every_plot(self) -> None:
        """Twenty units of room at the right of a wide plot are none on a narrow one, where the name goes left."""
        wide, narrow = Pin(150, 50, 3, 40, 10), Pin(75, 50, 3, 40, 10)
        assert labelled([Field((wide,), 200, 100)], (6, 10))[0].side is Side.RIGHT
        assert labelled([Field((wide,), 200, 100), Field((narrow,), 100, 100)], (6, 10))[0].side is Side.LEFT


def on_screen(chart: Bubble) -> tuple[list[str], list[str]]:
    """The words of the labels beside points, and those of the rows below the plot."""
    notes = figure(chart, LIGHT).layout.annotations
    beside = [note.text for note in notes if note.yref != "paper"]
    return beside, [note.text for note in notes if re.match(r"<b>\d+</b>", note.text)]


class TestScreen:
    def test_each_number_is_explained_once_and_each_investment_is_there(self) -> None:
        chart = crowd()
        beside, below = on_screen(chart)
        numbers = [text for text in beside if text.isdigit()]
        assert len(beside) == len(chart.discs) and numbers
        assert sorted(numbers) == sorted(re.findall(r"<b>(\d+)</b>", " ".join(below)))
        assert len(set(below)) == len(numbers)

    def test_the_plot_stays_as_high_as_it_was(self) -> None:
        heights = []
        for chart in (crowd(), planning.portfolio()):
            layout = figure(chart, LIGHT).layout
            heights.append(layout.height - layout.margin.t - layout.margin.b)
        assert heights[0] == heights[1] > 250

    def test_where_there_is_room_nothing_is_numbered(self) -> None:
        beside, below = on_screen(planning.portfolio_one())
        assert not below and not any(text.isdigit() for text in beside)


class TestPrint:
    @pytest.mark.parametrize("width", [245.0, 509.0, 800.0])
    def test_texts_touch_neither_each_other_nor_the_edge(self, width: float) -> None:
        made = drawing(crowd(), width, max(240.0, least_height(crowd(), width)), LIGHT)
        texts = [mark for mark in made.marks if isinstance(mark, Text)]
        for one, other in combinations(texts, 2):
            assert not meet(one.box, other.box), (one.text, other.text)
        assert all(text.box[0] >= -0.5 and text.box[2] <= width + 0.5 for text in texts)

    def test_a_number_is_explained_below_with_its_money(self) -> None:
        made = drawing(crowd(), 509.0, 300.0, LIGHT)
        said = [mark.text for mark in made.marks if isinstance(mark, Text)]
        rows = [text for text in said if " · $" in text]
        beside = [text for text in said if text.isdigit() and text not in ("0", "20", "40", "60")]
        assert rows and sorted(row.split()[0] for row in rows) == sorted(beside)

    def test_the_rows_leave_the_plot_most_of_its_height(self) -> None:
        """Of the circles that stay within the paper's upper part at a height that holds few rows."""
        chart = planning.portfolio_many()
        made = drawing(chart, 245.0, least_height(chart, 245.0), LIGHT)
        dots = [mark for mark in made.marks if isinstance(mark, Dot) and mark.edge]
        assert len(dots) == len(chart.discs)
        assert max(dot.y for dot in dots) - min(dot.y for dot in dots) > 25


def native_of(chart: Bubble) -> Any:
    made = presentation([chart], eyebrow="", made_on=date(2026, 11, 22), trace={})
    (slide,) = Presentation(io.BytesIO(made)).slides
    return next(shape.chart for shape in slide.shapes if shape.has_chart)


class TestSlide:
    def test_numbers_stand_beside_bubbles_and_are_explained_in_the_native_title(self) -> None:
        chart, native = crowd(), native_of(crowd())
        labels = ["".join(run.text for run in one.iter(f"{A}t")) for one in native._chartSpace.iter(f"{C}dLbl")]
        numbers = [text for text in labels if text.isdigit()]
        assert len(labels) == len(chart.discs) and numbers
        rows = [paragraph.text for paragraph in native.chart_title.text_frame.paragraphs]
        assert [row.split()[0] for row in rows] == [str(at + 1) for at in range(len(numbers))]
        assert all(" · $" in row for row in rows)

    def test_without_numbers_there_is_no_title(self) -> None:
        assert not native_of(planning.portfolio()).has_title
