"""Charts of plans and choices as data: their order, their sums, their places, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.spec import (
    Bubble,
    Bucket,
    Chart,
    HeatTable,
    Initiative,
    Investment,
    Kpi,
    KpiRow,
    Level,
    Line,
    Measure,
    Panel,
    Point,
    Roadmap,
    Role,
    Scatter,
    Segment,
    SmallMultiples,
    Swing,
    Target,
    Tornado,
)
from costlib.charts.timeline import Periods
from costlib.errors import InputError
from costlib.periods import Grain
from tests.charts import planning
from tests.charts.planning import amounts, months, words

AMOUNTS = st.decimals(D("-1e9"), D("1e9"), allow_nan=False, places=2)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def test_a_roadmap_groups_by_track_and_then_by_start() -> None:
    chart = planning.roadmap()
    assert chart.tracks == ("1 Quick wins", "2 Commit", "3 Re-engineer")
    assert [one.name for one in chart.rows][:3] == [
        "Route small prompts to small models",
        "Semantic cache for support bot",
        "Batch tier for offline jobs",
    ]
    assert (chart.total, chart.total_text) == (D(4600000), "$4.60M")


def test_a_roadmap_shows_whole_months() -> None:
    chart = planning.roadmap()
    assert (chart.first, chart.end, chart.months) == (date(2026, 12, 1), date(2027, 12, 1), 12)
    assert chart.place(date(2026, 12, 1)) == 0 and chart.place(date(2027, 12, 1)) == 1
    assert chart.place(date(2027, 6, 1)) == pytest.approx(182 / 365)
    assert chart.now == pytest.approx(45 / 365)
    one = planning.roadmap_one()
    assert (one.first, one.end, one.months, one.now) == (date(2026, 12, 1), date(2027, 1, 1), 1, None)


def test_months_of_a_roadmap_are_named_from_the_first_to_the_last_before_it_saves_in_full() -> None:
    chart = planning.roadmap()
    assert chart.when(chart.rows[0]) == "Dec 26–Feb 27"
    assert planning.roadmap_one().when(planning.roadmap_one().rows[0]) == "Dec 26"
    assert [name for _, name in chart.ticks(4)] == ["Dec 26", "Mar 27", "Jun 27", "Sep 27"]
    assert len(chart.ticks(12)) == 12 and len(chart.ticks(11)) == 6


def test_an_unknown_saving_is_not_zero() -> None:
    chart = planning.roadmap_many()
    assert chart.total_text == "$1.60M known" and [one.name for one in chart.unknown] == ["%{y}"]
    assert (planning.roadmap_one().total, planning.roadmap_one().total_text) == (None, "unknown")


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=14), st.one_of(st.none(), DAYS))
def test_every_bar_of_a_roadmap_lies_in_the_time_shown(spans: list[tuple[date, date]], today: date | None) -> None:
    rows = tuple(
        Initiative(f"i{index}", "Phase", "", min(span), max(span), None)
        for index, span in enumerate(spans)
        if span[0] != span[1]
    )
    if not rows:
        return
    chart = Roadmap(words("t"), "USD", rows, today=today)
    assert chart.first.day == chart.end.day == 1
    assert all(0 <= chart.place(one.start) < chart.place(one.ramp_end) <= 1 for one in chart.rows)
    assert sorted(one.name for one in chart.rows) == sorted(one.name for one in rows)
    for most in (2, 5, 12):
        assert 1 <= len(chart.ticks(most)) <= most
    assert chart.now is None or 0 <= chart.now < 1


def test_the_widest_swing_comes_first_and_the_unknown_last() -> None:
    assert [swing.width for swing in planning.tornado().ranked] == [D(1900000), D(1300000), D(600000), D(200000)]
    ranked = planning.tornado_one_sided().ranked
    assert [swing.name for swing in ranked[:2]] == ["Adoption", "Both up"]
    assert [swing.name for swing in ranked[-2:]] == ["Not estimated", "Nothing known"]


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=12), AMOUNTS)
def test_the_axis_of_a_tornado_holds_its_base_and_all_its_ends(ends: list[tuple[D, D]], base: D) -> None:
    swings = tuple(Swing(f"s{index}", low, high) for index, (low, high) in enumerate(ends))
    chart = Tornado(words("t"), "USD", Level("NPV", base), swings)
    widths = [abs(swing.high - swing.low) for swing in chart.ranked if swing.low is not None and swing.high is not None]
    assert widths == sorted(widths, reverse=True) and len(widths) == len(swings)
    for amount in (base, *(end for pair in ends for end in pair)):
        assert chart.scale.low <= amount <= chart.scale.high


def test_a_shade_is_the_part_of_the_largest_number() -> None:
    chart = planning.heat()
    assert chart.largest == D("320000.30")
    assert chart.shade(0, 5) == 1.0 and chart.shade(2, 0) == 0.0
    assert chart.shade(3, 3) == pytest.approx(-20000 / 320000.3)
    assert chart.shade(3, 1) is None and chart.text(3, 1) == ""
    assert [chart.text(0, 0), chart.text(2, 0), chart.text(3, 3)] == ["$120K", "$0", "−$20.0K"]
    assert planning.heat_unknown().largest == 0 and planning.heat_unknown().shade(0, 0) is None


@given(st.lists(st.lists(AMOUNTS, min_size=3, max_size=3), min_size=1, max_size=15))
def test_shades_keep_the_order_of_the_numbers(rows: list[list[D]]) -> None:
    names = tuple(f"r{index}" for index in range(len(rows)))
    chart = HeatTable(words("t"), Measure("x"), names, ("a", "b", "c"), tuple(tuple(row) for row in rows))
    pairs = [(value, chart.shade(at, column)) for at, row in enumerate(rows) for column, value in enumerate(row)]
    shades = [shade for _, shade in sorted(pairs)]
    assert all(shade is not None and -1 <= shade <= 1 for shade in shades)
    assert shades == sorted(shades, key=lambda shade: shade or 0)


def test_the_front_is_what_no_other_choice_beats() -> None:
    chart = planning.tradeoff()
    assert [one.name for one in chart.front] == ["Small", "Routed", "Large tuned"]
    assert [point.name for point in chart.unknown] == ["Open weights"]
    assert [one.name for one in chart.placed if one.chosen] == ["Routed"]


def test_two_equal_choices_do_not_beat_each_other() -> None:
    points = (Point("A", D(1), D(1)), Point("B", D(1), D(1)), Point("C", D(1), D("0.9")))
    chart = replace(planning.tradeoff(), points=points)
    assert [one.name for one in chart.front] == ["A", "B"]


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=15), st.booleans(), st.booleans())
def test_a_front_rises_and_every_choice_off_it_is_beaten_by_one_on_it(
    places: list[tuple[D, D]], less_x: bool, more_y: bool
) -> None:
    points = tuple(Point(f"p{index}", x, y) for index, (x, y) in enumerate(places))
    measures = Measure("x"), Measure("y")
    chart = Scatter(words("t"), *measures, points, less_x=less_x, more_y=more_y)
    across, up = (1 if less_x else -1), (1 if more_y else -1)
    assert chart.front
    for one in chart.placed:
        gains = [((one.x - best.x) * across, (best.y - one.y) * up) for best in chart.front]
        beaten = any(x >= 0 and y >= 0 and (x, y) != (0, 0) for x, y in gains)
        assert beaten is not one.front


def test_the_area_of_a_bubble_is_its_money() -> None:
    chart = planning.portfolio()
    widths = {disc.name: disc.width for disc in chart.discs}
    assert widths["GPU commitment"] == 1.0 and widths["Model routing"] == 0.5 and widths["Semantic cache"] == 0.25
    assert chart.discs[0].name == "GPU commitment"
    assert [one.name for one in chart.unknown] == ["Edge inference"]
    assert chart.buckets == (Bucket.RUN, Bucket.GROW, Bucket.TRANSFORM)
    assert chart.x_scale.low == 0 and chart.y_scale.low < 0


def test_panels_share_one_scale_that_holds_them_all() -> None:
    chart = planning.panels()
    assert chart.scale.high >= 320000 and chart.scale.low <= -5000
    assert not chart.stacked and planning.panels_stacked().stacked
    assert planning.panels_stacked().scale.high >= 260
    assert chart.chart(chart.panels[0]).caption.title == "Search"


@pytest.mark.parametrize(
    ("count", "grid"), [(1, (1, 1)), (3, (1, 3)), (4, (2, 2)), (5, (2, 3)), (8, (2, 4)), (9, (3, 3)), (12, (3, 4))]
)
def test_a_grid_has_room_for_all_panels(count: int, grid: tuple[int, int]) -> None:
    made = tuple(Panel(f"p{index}", (Line("Cost", (D(1),)),)) for index in range(count))
    chart = SmallMultiples(words("t"), Periods(months(1), Grain.MONTH), "USD", made)
    assert chart.grid == grid and grid[0] * grid[1] >= count


def test_the_amount_beside_a_panel_says_of_when_it_is() -> None:
    chart = planning.panels()
    assert chart.last(chart.panels[0]) == "$210K to 20 Oct"
    stacked = planning.panels_stacked()
    assert stacked.last(stacked.panels[0]) == "€120 Aug 26"
    nothing = replace(planning.panel_alone(), panels=(Panel("All", (Line("Cost", (None,)),)),))
    assert nothing.last(nothing.panels[0]) == "unknown"


def test_an_outlook_begins_its_plan_where_the_data_end_and_keeps_its_target_level() -> None:
    chart = planning.outlook_with_plan()
    assert [line.role for line in chart.lines] == [Role.ACTUAL, Role.FORECAST, Role.PLAN, Role.WITH_PLAN]
    assert chart.with_plan_path == (
        None,
        None,
        *amounts("120000", "130000", "134000", "130000", "124000", "120000", "118000"),
    )
    assert chart.target_level == (None, None, *(D(120000),) * 7)
    assert [part.name for part in chart.series][-2:] == ["With the plan", "Target"]
    assert chart.series[-1].values == (*(None,) * 8, D(120000))


def test_an_outlook_without_plan_has_neither_path_nor_target() -> None:
    chart = replace(planning.outlook_with_plan(), with_plan=None, target=None)
    assert chart.with_plan_path == chart.target_level == ()
    assert len(chart.series) == 5


TARGET, OUTLOOK = Target("Target", D(1), 2), planning.outlook_with_plan
BAD: dict[str, Callable[[], Chart]] = {
    "no initiative": lambda: replace(planning.roadmap(), initiatives=()),
    "one initiative twice": lambda: replace(planning.roadmap(), initiatives=planning.roadmap().initiatives[:1] * 2),
    "fifteen initiatives": lambda: Roadmap(
        words("t"),
        "USD",
        tuple(Initiative(str(at), "p", "", date(2027, 1, 1), date(2027, 2, 1), None) for at in range(15)),
    ),
    "an end before its start": lambda: Roadmap(
        words("t"), "USD", (Initiative("a", "p", "", date(2027, 1, 1), date(2027, 1, 1), None),)
    ),
    "a float for a saving": lambda: Roadmap(
        words("t"),
        "USD",
        (Initiative("a", "p", "", date(2027, 1, 1), date(2027, 2, 1), 1.5),),  # type: ignore[arg-type]
    ),
    "a currency that is none": lambda: replace(planning.tornado(), currency="US"),
    "no swing": lambda: replace(planning.tornado(), swings=()),
    "thirteen swings": lambda: replace(
        planning.tornado(), swings=tuple(Swing(str(at), D(1), D(2)) for at in range(13))
    ),
    "two ends of one name": lambda: replace(planning.tornado(), low_name="High", high_name="High"),
    "a hole in a table": lambda: replace(planning.heat_one(), values=((D(1), D(2)),)),
    "no column": lambda: replace(planning.heat_one(), columns=(), values=((),)),
    "sixteen rows": lambda: replace(
        planning.heat_one(), rows=tuple(str(at) for at in range(16)), values=((D(1),),) * 16
    ),
    "five figures": lambda: KpiRow(words("t"), tuple(Kpi(str(at), "1") for at in range(5))),
    "a figure without a value": lambda: KpiRow(words("t"), (Kpi("Spend", " "),)),
    "no known choice": lambda: replace(planning.tradeoff(), points=(Point("A", None, D(1)),)),
    "sixteen choices": lambda: replace(
        planning.tradeoff(), points=tuple(Point(str(at), D(1), D(1)) for at in range(16))
    ),
    "money below zero": lambda: replace(planning.portfolio_one(), investments=(Investment("A", D(1), D(1), D(-1)),)),
    "nothing to place": lambda: replace(planning.portfolio_one(), investments=(Investment("A", D(1), D(1), None),)),
    "panels that differ": lambda: replace(
        planning.panel_alone(),
        panels=(Panel("A", (Line("x", (D(1),)),)), Panel("B", (Line("y", (D(1),)),))),
    ),
    "lines and segments": lambda: replace(
        planning.panel_alone(),
        panels=(Panel("A", (Line("x", (D(1),)), Segment("y", (D(1),)))),),  # type: ignore[arg-type]
    ),
    "a panel of nothing": lambda: replace(planning.panel_alone(), panels=(Panel("A", ()),)),
    "thirteen panels": lambda: replace(
        planning.panel_alone(), panels=tuple(Panel(str(at), (Line("x", (D(1),)),)) for at in range(13))
    ),
    "a plan without an end": lambda: replace(
        OUTLOOK(), with_plan=Line("With the plan", (None,) * 4 + (D(1),) * 5, Role.WITH_PLAN)
    ),
    "a plan of another role": lambda: replace(OUTLOOK(), with_plan=replace(OUTLOOK().forecast, name="Other")),
    "a target in the past": lambda: replace(OUTLOOK(), target=TARGET),
    "a target named like a line": lambda: replace(OUTLOOK(), target=Target("Budget", D(1), 8)),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_drawn_is_refused_in_words(name: str) -> None:
    with pytest.raises(InputError) as caught:
        BAD[name]()
    assert str(caught.value).endswith(".") and "Error" not in str(caught.value)


def test_bubble_is_a_chart_of_measures() -> None:
    chart = planning.portfolio()
    assert isinstance(chart, Bubble) and [chart.x.unit, chart.y.currency] == ["months", "USD"]
