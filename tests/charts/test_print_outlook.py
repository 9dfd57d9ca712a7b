"""An outlook on paper: names inside the plot lie over no line, edges and marks stand where the figures are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.palette import LIGHT
from costlib.charts.printed import drawing, least_height
from costlib.charts.printed.marks import Area, Dot, Drawing, Text
from costlib.charts.printed.marks import Line as Stroke
from costlib.charts.spec import BandTrend, Line, Role, Target
from tests.charts import planning
from tests.charts.conftest import outlook, outlook_open
from tests.charts.test_spots import outlook as made_of
from tests.charts.test_spots import outlooks

WIDTHS = (245.0, 509.0, 664.0)


def drawn(chart: BandTrend, width: float = 509.0) -> Drawing:
    return drawing(chart, width, max(230.0, least_height(chart, width)), LIGHT)


def lines(made: Drawing, *colours: str) -> list[Stroke]:
    """The data lines in a colour: those that are neither grid nor rule."""
    return [mark for mark in made.marks if isinstance(mark, Stroke) and mark.colour in colours and mark.thickness > 1.2]


def text(made: Drawing, words: str) -> Text:
    return next(one for one in made.texts if one.text == words)


def crosses(one: Text, stroke: Stroke) -> bool:
    """Whether a line runs through the middle of a text: sampled along the line, a point of air left around it."""
    left, top, right, bottom = one.box
    for (x, y), (to_x, to_y) in pairwise(stroke.points):
        for step in range(41):
            at_x, at_y = x + (to_x - x) * step / 40, y + (to_y - y) * step / 40
            if left + 1 < at_x < right - 1 and top + 1.5 < at_y < bottom - 1.5:
                return True
    return False


@settings(max_examples=40)
@given(outlooks(), st.sampled_from(WIDTHS))
def test_the_actual_line_runs_through_no_name_of_its_own(chart: BandTrend, width: float) -> None:
    made = drawn(chart, width)
    name = text(made, "Actual")
    assert not any(crosses(name, stroke) for stroke in lines(made, LIGHT.ink))


@settings(max_examples=40)
@given(outlooks(), st.sampled_from(WIDTHS))
def test_names_inside_the_plot_stay_on_the_paper_and_begin_right_of_the_ticks(chart: BandTrend, width: float) -> None:
    made = drawn(chart, width)
    ticks = max(one.box[2] for one in made.texts if one.text.lstrip("−").startswith("$") and one.anchor == "end")
    for name in ("Actual", "Plan"):
        for one in (found for found in made.texts if found.text == name):
            assert ticks <= one.box[0] + 0.01 and one.box[2] <= width + 0.01


class TestNames:
    def test_name_and_amount_of_the_actual_line_are_one_label(self) -> None:
        made = drawn(outlook())
        name, amount = text(made, "Actual"), text(made, "$120K")
        assert name.bold and not amount.bold and name.y == amount.y
        assert 1 < amount.x - name.box[2] < 6

    def test_it_ends_before_the_end_of_its_line(self) -> None:
        made = drawn(outlook())
        (end, _) = max(lines(made, LIGHT.ink), key=lambda one: one.points[-1][0]).points[-1]
        assert text(made, "$120K").box[2] == pytest.approx(end - 2.5, abs=0.1)

    @pytest.mark.parametrize(("plan", "above"), [(90, True), (130, False)])
    def test_it_stands_on_the_side_where_the_plan_is_not(self, plan: int, above: bool) -> None:
        chart = made_of([D(100)] * 6, [D(110)] * 4 + [D(200)] * 4, [D(plan)] * 14)
        made = drawn(chart)
        level = max(lines(made, LIGHT.ink), key=lambda one: len(one.points)).points[0][1]
        name = text(made, "Actual")
        assert (name.box[3] <= level + 2) if above else (name.box[1] >= level - 2)

    def test_a_long_name_is_cut_at_a_part_of_the_plot_and_its_amount_is_kept(self) -> None:
        chart = outlook()
        long = replace(chart, actual=replace(chart.actual, name=planning.LONG_NAME * 2))
        made = drawn(long, 245.0)
        name = next(one for one in made.texts if one.text.startswith("Recomm"))
        assert name.text.endswith("…") and name.width < 0.6 * 245
        assert text(made, "$120K").y == name.y

    def test_a_plan_that_ends_early_is_named_level_with_its_end(self) -> None:
        chart = made_of([D(50)] * 4, [D(50)] * 8, [D(90)] * 6)
        made = drawn(chart)
        (plan,) = [one for one in lines(made, LIGHT.muted) if len(one.points) == 6]
        name = text(made, "Plan")
        assert name.x > plan.points[-1][0] and (name.box[1] + name.box[3]) / 2 == pytest.approx(
            plan.points[-1][1], abs=2
        )

    def test_a_plan_to_the_end_is_named_in_the_margin_with_its_last_amount(self) -> None:
        chart = made_of([D(50)] * 4, [D(50)] * 8, [D(90)] * 12)
        made = drawn(chart)
        assert text(made, "Plan").x > max(x for one in lines(made, LIGHT.accent) for x, _ in one.points)
        assert text(made, "$90.00").x == pytest.approx(text(made, "Plan").x)


class TestMarks:
    def test_the_range_runs_along_its_upper_edge_and_back_along_the_lower(self) -> None:
        (area,) = [mark for mark in drawn(outlook()).marks if isinstance(mark, Area)]
        upper, lower = area.points[:4], area.points[4:]
        assert [x for x, _ in upper] == sorted(x for x, _ in upper)
        assert [x for x, _ in lower] == sorted((x for x, _ in lower), reverse=True)
        assert all(high <= low for (_, high), (_, low) in zip(upper, reversed(lower), strict=True))

    def test_a_range_of_one_point_is_no_area(self) -> None:
        chart = made_of([], [D(5)], width=2)
        assert not [mark for mark in drawn(chart).marks if isinstance(mark, Area)]

    def test_the_line_of_the_forecast_begins_at_the_last_actual_amount(self) -> None:
        made = drawn(planning.outlook_with_plan())
        (actual,) = [one for one in lines(made, LIGHT.ink) if len(one.points) == 3]
        for stroke in (*lines(made, LIGHT.accent), *lines(made, LIGHT.good)):
            if len(stroke.points) > 2:
                assert stroke.points[0] == actual.points[-1] and len(stroke.points) == 7

    def test_the_target_is_a_level_from_the_end_of_the_data_with_a_point_where_it_is_due(self) -> None:
        chart = planning.outlook_with_plan()
        made = drawn(chart)
        due = [mark for mark in made.marks if isinstance(mark, Dot) and mark.edge == LIGHT.good]
        level = next(
            mark
            for mark in made.marks
            if isinstance(mark, Stroke) and mark.colour == LIGHT.good and mark.thickness == 1.0
        )
        (first, y), (last, again) = level.points
        assert [(dot.x, dot.y) for dot in due] == [(last, y)] and y == again and first < last
        early = drawn(replace(chart, target=Target("Target", D(120000), 6)))
        (dot,) = [mark for mark in early.marks if isinstance(mark, Dot) and mark.edge == LIGHT.good]
        assert dot.x < last

    def test_where_the_data_end_is_told_over_a_rule(self) -> None:
        made = drawn(outlook())
        told = text(made, "data to 30 Sep")
        (actual,) = [one for one in lines(made, LIGHT.ink) if len(one.points) == 3]
        middle = (told.box[0] + told.box[2]) / 2
        assert middle == pytest.approx(actual.points[-1][0], abs=0.1)
        rule = [mark for mark in made.marks if isinstance(mark, Stroke) and mark.points[0][0] == actual.points[-1][0]]
        assert any(mark.points[0][1] > told.box[3] - 3 for mark in rule)

    @pytest.mark.parametrize("until", [None, date(2026, 12, 31), date(2026, 12, 15)])
    def test_where_the_data_run_to_the_end_of_the_axis_there_is_no_rule(self, until: date | None) -> None:
        chart = outlook()
        own = replace(chart, periods=replace(chart.periods, data_until=until))
        assert not any(one.text.startswith("data ") for one in drawn(own).texts)

    def test_without_a_range_the_forecast_is_told_alone(self) -> None:
        told = [one.text for one in drawn(planning.outlook_targeted()).texts]
        assert {"Without the plan", "$160K"} <= set(told) and "Likely range" not in told
        assert not any("–" in words for words in told)

    def test_the_open_month_is_drawn_as_far_as_it_is_known(self) -> None:
        made = drawn(outlook_open())
        hollow = [mark for mark in made.marks if isinstance(mark, Dot) and mark.edge == LIGHT.ink]
        assert len(hollow) == 1
        ahead = next(one for one in lines(made, LIGHT.accent) if len(one.points) > 2)
        assert hollow[0].x == pytest.approx(ahead.points[1][0])


def test_the_last_line_of_the_list_is_drawn_first_so_that_what_was_spent_lies_on_top() -> None:
    chart = planning.outlook_with_plan()
    colours = [mark.colour for mark in drawn(chart).marks if isinstance(mark, Stroke) and mark.thickness > 1.2]
    assert colours.index(LIGHT.good) < colours.index(LIGHT.accent) < colours.index(LIGHT.ink)


def test_an_unknown_plan_is_not_drawn() -> None:
    chart = replace(outlook(), plan=Line("Budget", (None,) * 6, Role.PLAN))
    assert not lines(drawn(chart), LIGHT.muted)
