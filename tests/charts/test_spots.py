"""Where lines of an outlook are named: over or under all that the name passes, on whichever side it was put."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.placing import Field, Pin, Side, Spot, actual_spot, labelled, plan_spot, sides
from costlib.charts.spec import Band, BandTrend, Line, Role, Target
from costlib.charts.spec.parts import Amount
from costlib.charts.timeline import Periods
from costlib.periods import Grain
from tests.charts.conftest import caption, months

LEVEL = st.integers(0, 100).map(D)


def outlook(
    actual: list[D | None], forecast: list[D], plan: list[D | None] | None = None, width: int = 0, target: int = 0
) -> BandTrend:
    """So many months of cost and of forecast, a range ``width`` to either side, and a target where one is named."""
    count = len(actual) + len(forecast)
    before = (None,) * len(actual)
    edges = tuple((*before, *(likely + by for likely in forecast)) for by in (-width, width))
    return BandTrend(
        caption("An outlook"),
        Periods(months(count), Grain.MONTH),
        "USD",
        Line("Actual", (*actual, *(None,) * len(forecast))),
        Line("Forecast", (*before, *forecast), Role.FORECAST),
        Band("Range", *edges),
        None if plan is None else Line("Plan", (*plan, *(None,) * (count - len(plan))), Role.PLAN),
        target=Target("Target", D(target), count - 1) if target else None,
    )


@st.composite
def outlooks(draw: st.DrawFn) -> BandTrend:
    before, ahead = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    plan = draw(st.none() | st.lists(LEVEL, min_size=1, max_size=before + ahead))
    actual = draw(st.lists(st.none() | LEVEL, min_size=before - 1, max_size=before - 1))
    return outlook(
        [*actual, draw(LEVEL)],
        draw(st.lists(LEVEL, min_size=ahead, max_size=ahead)),
        None if plan is None else list(plan),
        draw(st.integers(0, 20)),
        draw(st.integers(0, 120)),
    )


SHARES = st.floats(0.05, 0.6)


def heights(chart: BandTrend, lines: list[tuple[Amount, ...]], first: int, last: int) -> list[float]:
    """The heights of what is drawn from one period to another, both counted."""
    amounts = [values[at] for values in lines for at in range(max(first, 0), min(last + 1, len(values)))]
    return [chart.scale.fraction(amount) for amount in amounts if amount is not None]


def clear(spot: Spot, passed: list[float]) -> bool:
    return all(height <= spot.height for height in passed) if spot.above else all(spot.height <= at for at in passed)


def everything(chart: BandTrend) -> list[tuple[Amount, ...]]:
    drawn = [chart.actual.values, chart.path, chart.low, chart.high, chart.with_plan_path, chart.target_level]
    return drawn if chart.plan is None else [*drawn, chart.plan.values]


@given(outlooks(), SHARES)
def test_the_actual_line_is_named_clear_of_the_lines_before_its_end(chart: BandTrend, share: float) -> None:
    spot, span, last = actual_spot(chart, share), ceil(share * len(chart.periods)), chart.last_actual
    assert spot is not None and last is not None and not spot.level
    plan = () if chart.plan is None else chart.plan.values
    if spot.ends_there:
        assert spot.index == last >= span
        assert clear(spot, heights(chart, [chart.actual.values, plan], last - span, last))
    else:
        assert spot.index == 0 and last < span
        lines = [chart.actual.values, plan, chart.low, chart.high, chart.with_plan_path, chart.target_level]
        assert clear(spot, heights(chart, lines, 0, span))


@given(outlooks(), SHARES)
def test_a_plan_that_ends_early_is_named_clear_of_every_line(chart: BandTrend, share: float) -> None:
    spot, span = plan_spot(chart, share), ceil(share * len(chart.periods))
    if chart.plan is None or chart.plan.values[-1] is not None:
        assert spot is None
        return
    assert spot is not None
    own = chart.plan.values[spot.index]
    assert own is not None and not any(chart.plan.values[spot.index + 1 :])
    if spot.level:
        assert spot.height == chart.scale.fraction(own)
    if spot.ends_there:
        assert clear(spot, heights(chart, everything(chart), spot.index - span, spot.index))
    else:
        assert spot.index + span < len(chart.periods)
        assert clear(spot, heights(chart, everything(chart), spot.index + 1, spot.index + span))


@given(outlooks(), SHARES)
def test_a_plan_is_named_on_the_side_away_from_the_line_it_is_measured_against(chart: BandTrend, share: float) -> None:
    spot = plan_spot(chart, share)
    if spot is not None and chart.plan is not None:
        against = chart.path[spot.index] if chart.path[spot.index] is not None else chart.actual.values[spot.index]
        own = chart.plan.values[spot.index]
        assert own is not None
        if against is not None and own != against:
            assert spot.above == (own > against)


class TestActual:
    """Twelve months; a name covers three of them."""

    AHEAD = (D(50), D(50), D(50), D(50), D(50), D(100))

    def spot(self, *actual: int, plan: list[int] | None = None) -> Spot:
        planned: list[D | None] | None = None if plan is None else [D(value) for value in plan]
        found = actual_spot(outlook([D(value) for value in actual], list(self.AHEAD), planned), 0.25)
        assert found is not None
        return found

    def test_above_where_nothing_is_in_the_way(self) -> None:
        assert self.spot(50, 50, 50, 50, 50, 50).above

    def test_below_where_the_plan_lies_above_the_last_amount(self) -> None:
        assert not self.spot(50, 50, 50, 50, 50, 50, plan=[60] * 6).above
        assert self.spot(50, 50, 50, 50, 50, 50, plan=[50] * 6).above
        assert self.spot(50, 50, 50, 50, 50, 50, plan=[40] * 6).above

    def test_below_where_the_line_runs_at_the_upper_edge(self) -> None:
        assert not self.spot(50, 50, 50, 99, 100, 98).above

    def test_above_where_the_line_runs_at_the_lower_edge_whatever_the_plan(self) -> None:
        assert self.spot(100, 50, 50, 2, 1, 2, plan=[100] * 6).above

    def test_a_line_too_short_for_its_name_is_named_from_the_first_period_on(self) -> None:
        spot = actual_spot(outlook([D(5)], [D(50), D(90), D(20)], width=5), 0.5)
        assert spot is not None and (spot.index, spot.ends_there) == (0, False)
        chart = outlook([D(5)], [D(50), D(90), D(20)], width=5)
        assert spot.height == chart.scale.fraction(D(95))


class TestPlan:
    """Four months of cost at 50, eight of forecast at 50; a name covers three; the plan ends in the sixth month."""

    def spot(self, plan: list[int], forecast: list[int] | None = None, target: int = 0) -> Spot | None:
        ahead = [D(value) for value in forecast or [50] * 8]
        return plan_spot(outlook([D(50)] * 4, ahead, [D(value) for value in plan], target=target), 0.25)

    def test_level_with_its_end_where_the_lines_stay_below(self) -> None:
        spot = self.spot([80] * 6)
        assert spot is not None and spot.level and spot.above and (spot.index, spot.ends_there) == (5, False)

    def test_level_with_its_end_where_the_lines_stay_above(self) -> None:
        spot = self.spot([20] * 6)
        assert spot is not None and spot.level and not spot.above

    def test_over_the_lines_after_it_where_they_climb_less_than_those_before_it_did(self) -> None:
        spot = self.spot([100, 100, 100, 100, 80, 60], [50, 50, 70, 70, 70, 50, 50, 50])
        assert spot is not None and not spot.level and not spot.ends_there and spot.above

    def test_before_its_end_where_what_follows_climbs_far(self) -> None:
        spot = self.spot([60] * 6, [50, 50, 100, 100, 100, 50, 50, 50])
        assert spot is not None and not spot.level and spot.ends_there and spot.above

    def test_before_its_end_where_there_is_no_room_behind_it(self) -> None:
        room, none = self.spot([60] * 9), self.spot([60] * 10)
        assert room is not None and none is not None
        assert (room.level, none.level, none.ends_there) == (True, False, True)

    def test_the_target_counts_as_a_line_in_the_way(self) -> None:
        free, met = self.spot([60] * 6), self.spot([60] * 6, target=90)
        assert free is not None and met is not None and free.level and not met.level

    def test_one_that_runs_to_the_end_is_named_at_the_edge_instead(self) -> None:
        assert self.spot([60] * 12) is None and self.spot([60] * 11) is not None

    def test_without_an_amount_there_is_nothing_to_name(self) -> None:
        chart = outlook([D(1)], [D(2)])
        assert plan_spot(chart, 0.2) is None
        assert plan_spot(replace(chart, plan=Line("Plan", (None, None), Role.PLAN)), 0.2) is None

    def test_a_plan_of_a_month_before_the_data_is_compared_with_what_was_spent(self) -> None:
        spent = outlook([D(90), D(50), D(50), D(50)], [D(50)] * 8, [D(70)])
        spot = plan_spot(spent, 0.25)
        assert spot is not None and not spot.above


class TestNumbers:
    """Names that have no room give way to numbers, which stand apart as well."""

    CROWD = tuple(Pin(50, 50 + 2 * at, 3, 300, 10) for at in range(3))

    def test_numbers_of_points_in_one_place_stand_on_different_sides(self) -> None:
        places = labelled([Field(self.CROWD, 100, 100)], (8, 10))
        assert not any(place.named for place in places)
        assert len({place.side for place in places}) == 3

    def test_a_name_free_on_one_plot_and_not_on_another_is_a_number_on_both(self) -> None:
        wide, narrow = (Field((Pin(width / 2, 50, 3, 60, 10),), width, 100) for width in (200, 70))
        assert [place.named for place in labelled([wide], (8, 10))] == [True]
        assert [place.named for place in labelled([narrow], (8, 10))] == [True]
        assert [place.side for place in labelled([narrow], (8, 10))] == [Side.ABOVE]
        assert [place.side for place in labelled([wide, narrow], (8, 10))] == [Side.ABOVE]

    @pytest.mark.parametrize("high", [2, 60])
    def test_a_number_is_as_high_as_it_is_said(self, high: float) -> None:
        """Between two points a number of two points' height fits beside its own, one of sixty does not."""
        pins = (Pin(50, 50, 3, 900, 10), Pin(60, 70, 3, 1, 1), Pin(60, 30, 3, 1, 1))
        place = labelled([Field(pins, 100, 100)], (12, high))[0]
        assert not place.named and (place.side is Side.RIGHT) == (high == 2)


def test_the_most_crowded_names_choose_first() -> None:
    """The point alone in its corner gives way to the two that have no other side."""
    pins = (Pin(100, 50, 3, 40, 10), Pin(55, 50, 3, 36, 10), Pin(10, 50, 3, 36, 10))
    chosen = sides([Field(pins, 200, 60)])
    assert chosen[0] is Side.RIGHT and chosen[2] is Side.RIGHT


def test_a_name_is_not_in_the_way_of_its_own_point() -> None:
    assert sides([Field((Pin(50, 50, 20, 10, 10),), 100, 100)]) == (Side.RIGHT,)


@given(st.integers(10, 90), st.integers(10, 90))
def test_a_name_lies_over_no_line_that_crosses_the_plot_level(at: int, up: int) -> None:
    field = Field((Pin(at, up, 2, 20, 8),), 100, 100, ((0, up), (100, up)))
    assert sides([field])[0] in (Side.ABOVE, Side.BELOW)
