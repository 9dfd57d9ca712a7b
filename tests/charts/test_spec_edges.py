"""Charts as data at their edges: zeros, ends that touch, numbers just beside a limit; answers worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.spec import (
    OTHER,
    Bar,
    Bridge,
    Bucket,
    Initiative,
    Investment,
    Level,
    Line,
    Measure,
    Panel,
    Point,
    RankedBars,
    Roadmap,
    Role,
    Scatter,
    Segment,
    SmallMultiples,
    StackedColumns,
    Step,
    known,
    leading,
)
from costlib.charts.spec.parts import holes
from costlib.charts.timeline import Periods
from costlib.periods import Grain
from tests.charts import planning
from tests.charts.conftest import amounts, caption, months

WORDS = caption("A finding")
CENTS = st.integers(-(10**6), 10**6).map(lambda cents: D(cents) / 100)
TWO = Periods(months(2), Grain.MONTH)


class TestStack:
    def test_a_credit_in_one_period_only_is_a_credit(self) -> None:
        parts = (Segment("Run", amounts("5", "5")), Segment("Credits", amounts("0", "-1")))
        chart = StackedColumns(WORDS, TWO, "USD", parts)
        assert chart.has_credits and chart.floors == (D(0), D(-1)) and chart.tops == (D(5), D(5))

    def test_a_credit_below_one_counts_whole(self) -> None:
        parts = (Segment("Run", amounts("0.25", "0.5")), Segment("Credits", amounts("-0.1", "-0.75")))
        chart = StackedColumns(WORDS, TWO, "USD", parts)
        assert chart.floors == (D("-0.1"), D("-0.75")) and chart.tops == (D("0.25"), D("0.5"))

    def test_parts_are_named_in_their_own_middle(self) -> None:
        """On an axis from -100 to 200: 100 from zero on, 60 on top of it, a credit of 80 below zero."""
        parts = [("A", "100"), ("Credits", "-80"), ("B", "60"), ("Unknown", None)]
        segments = tuple(Segment(name, amounts(last, last)) for name, last in parts)
        chart = StackedColumns(WORDS, TWO, "USD", segments)
        low, high = float(chart.scale.low), float(chart.scale.high)
        middles = [low + chart.middle(index) * (high - low) for index in range(4)]
        assert middles == pytest.approx([50, -40, 130, 160])

    @given(st.lists(CENTS, min_size=1, max_size=6))
    def test_the_middles_of_parts_on_one_side_lie_half_of_both_apart(self, values: list[D]) -> None:
        segments = tuple(Segment(f"Part {at}", (value,)) for at, value in enumerate(values))
        chart = StackedColumns(WORDS, Periods(months(1), Grain.MONTH), "USD", segments)
        span = float(chart.scale.high - chart.scale.low)
        for above in (True, False):
            side = [at for at, value in enumerate(values) if value and (value > 0) == above]
            for one, other in pairwise(side):
                apart = abs(chart.middle(other) - chart.middle(one)) * span
                assert apart == pytest.approx(float(abs(values[one]) + abs(values[other])) / 2)


class TestBars:
    def test_unknown_bars_come_before_the_rest_and_after_credits(self) -> None:
        bars = (Bar(OTHER, D(9), other=True), Bar("Unknown", None), Bar("Credit", D(-1)), Bar("Zero", D(0)))
        assert [bar.name for bar in RankedBars(WORDS, "USD", bars, "Sep").ranked] == [
            "Zero",
            "Credit",
            "Unknown",
            OTHER,
        ]

    def test_of_many_the_largest_by_size_keep_a_bar_of_their_own(self) -> None:
        bars = [Bar(f"Team {at}", D(at)) for at in range(1, 14)] + [Bar("Credit", D(-50)), Bar("Unknown", None)]
        kept = {bar.name for bar in leading(bars) if not bar.other}
        assert "Credit" in kept and "Team 13" in kept and "Team 1" not in kept and "Unknown" not in kept


class TestBridge:
    @given(st.lists(CENTS, min_size=1, max_size=6), CENTS)
    def test_what_lies_above_and_below_zero_is_the_whole_column(self, changes: list[D], start: D) -> None:
        steps = tuple(Step(f"Step {at}", change) for at, change in enumerate(changes))
        chart = Bridge(WORDS, "USD", Level("Before", start), steps, Level("After", start + sum(changes, D(0))))
        for column in chart.columns:
            above, below = column.above, column.below
            assert above >= 0 >= below and above - below == column.high - column.low
            assert column.low <= column.after <= column.high


class TestRoadmap:
    def chart(self, today: date, *savings: str | None) -> Roadmap:
        one = Initiative("A", "Track", "", date(2027, 1, 10), date(2027, 3, 1), None)
        return Roadmap(WORDS, "USD", (one,), today=today)

    @pytest.mark.parametrize(
        ("today", "shown"),
        [
            (date(2026, 12, 31), None),
            (date(2027, 1, 1), 0.0),
            (date(2027, 2, 28), 58 / 59),
            (date(2027, 3, 1), None),
        ],
    )
    def test_today_is_marked_from_the_first_day_shown_to_the_last(self, today: date, shown: float | None) -> None:
        assert self.chart(today).now == (None if shown is None else pytest.approx(shown))

    @pytest.mark.parametrize(
        ("begin", "end", "last"),
        [
            (date(2027, 1, 1), date(2027, 2, 1), "Jan"),
            (date(2027, 1, 1), date(2027, 2, 2), "Feb"),
            (date(2027, 1, 31), date(2027, 3, 1), "Feb"),
        ],
    )
    def test_the_last_month_is_that_of_the_day_before_the_saving_is_full(
        self, begin: date, end: date, last: str
    ) -> None:
        one = Initiative("A", "Track", "", begin, end, None)
        assert last in Roadmap(WORDS, "USD", (one,)).when(one)


class TestTradeoff:
    def front(self, *places: tuple[str, str]) -> list[str]:
        points = tuple(Point(f"{x} {y}", D(x), D(y)) for x, y in places)
        return [one.name for one in Scatter(WORDS, planning.COST, planning.SHARE, points).front]

    def test_a_hair_cheaper_and_as_good_is_enough_to_beat(self) -> None:
        assert self.front(("1", "0.9"), ("0.9999", "0.9")) == ["0.9999 0.9"]

    def test_a_hair_better_at_the_same_cost_is_enough_to_beat(self) -> None:
        assert self.front(("1", "0.9"), ("1", "0.9001")) == ["1 0.9001"]

    def test_better_on_one_and_worse_on_the_other_beats_nothing(self) -> None:
        assert self.front(("2", "0.99"), ("1", "0.5")) == ["1 0.5", "2 0.99"]


class TestPortfolio:
    def test_purposes_without_an_investment_that_is_drawn_have_no_key(self) -> None:
        rows = (
            Investment("A", D(1), D(1), D(1), Bucket.TRANSFORM),
            Investment("B", D(1), D(1), D(1), Bucket.RUN),
            Investment("C", D(1), None, D(1), Bucket.GROW),
        )
        assert replace(planning.portfolio(), investments=rows).buckets == (Bucket.RUN, Bucket.TRANSFORM)

    def test_without_money_every_bubble_is_a_point(self) -> None:
        assert [disc.width for disc in planning.portfolio_one().discs] == [0.0]

    def test_a_quarter_of_the_money_is_half_the_width(self) -> None:
        rows = tuple(Investment(str(size), D(1), D(1), D(size)) for size in ("0.25", "0.0625", "0"))
        assert [disc.width for disc in replace(planning.portfolio(), investments=rows).discs] == [1.0, 0.5, 0.0]

    @pytest.mark.parametrize("sign", [1, -1])
    def test_both_axes_hold_zero_however_far_it_lies(self, sign: int) -> None:
        rows = tuple(Investment(name, D(sign * x), D(sign * x), D(1)) for name, x in (("A", 900), ("B", 901)))
        chart = replace(planning.portfolio(), investments=rows)
        for scale in (chart.x_scale, chart.y_scale):
            assert scale.low <= 0 <= scale.high and D(0) in scale.ticks


class TestHeat:
    def test_zeros_alone_are_not_shaded(self) -> None:
        chart = replace(planning.heat_one(), values=((D(0),),))
        assert chart.largest == 0 and chart.shade(0, 0) == 0.0


class TestPanels:
    def panels(self, *last: str | None, until: date | None = None) -> SmallMultiples:
        periods = replace(TWO, data_until=until)
        return SmallMultiples(WORDS, periods, "USD", (Panel("A", (Line("Cost", amounts(*last)),)),))

    @pytest.mark.parametrize(
        ("values", "until", "said"),
        [
            (("1", "2"), None, "$2.00"),
            (("1", None), None, "$1.00 Sep 26"),
            (("1", "2"), date(2026, 10, 20), "$2.00 to 20 Oct"),
            ((None, None), None, "unknown"),
        ],
    )
    def test_the_amount_beside_a_panel(self, values: tuple[str | None, ...], until: date | None, said: str) -> None:
        chart = self.panels(*values, until=until)
        assert chart.last(chart.panels[0]) == said

    @pytest.mark.parametrize(
        ("count", "grid"), [(1, (1, 1)), (3, (1, 3)), (4, (2, 2)), (5, (2, 3)), (6, (2, 3)), (7, (2, 4)), (9, (3, 3))]
    )
    def test_a_grid_is_as_square_as_it_can_be_read(self, count: int, grid: tuple[int, int]) -> None:
        made = tuple(Panel(str(at), (Line("Cost", amounts("1", "2")),)) for at in range(count))
        assert SmallMultiples(WORDS, TWO, "USD", made).grid == grid

    def test_the_one_scale_reaches_down_to_the_credits_of_every_panel(self) -> None:
        deep = Panel("B", (Segment("Run", amounts("1", "2")), Segment("Credits", amounts("-50", "-90"))))
        flat = Panel("A", (Segment("Run", amounts("1", "2")), Segment("Credits", amounts("0", "0"))))
        assert SmallMultiples(WORDS, TWO, "USD", (flat, deep)).scale.low <= -90

    def test_lines_of_a_panel_keep_their_roles_when_it_stands_alone(self) -> None:
        parts = (Line("This year", amounts("1", "2")), Line("Before", amounts("3", "4"), Role.PREVIOUS))
        chart = SmallMultiples(WORDS, TWO, "USD", (Panel("A", parts),))
        assert chart.charts[0].series == parts and chart.charts[0].caption.title == "A"


class TestMeasure:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("1", "1 month"),
            ("-1", "−1 month"),
            ("1.04", "1 month"),
            ("1.05", "1.1 months"),
            ("0", "0 months"),
            ("0.25", "0.3 months"),
            ("2", "2 months"),
            ("999.96", "1,000 months"),
            ("1000.5", "1,001 months"),
            ("-1234.4", "−1,234 months"),
        ],
    )
    def test_a_number_with_its_unit_is_rounded_half_up(self, value: str, text: str) -> None:
        assert Measure("Time", unit="months").text(D(value)) == text

    def test_the_axis_of_a_share_counts_in_percent(self) -> None:
        assert Measure("Pass rate", unit="%").scale([D("0.2"), D("0.9")]).texts[-1].endswith("%")


@given(st.lists(st.one_of(st.none(), CENTS), max_size=12))
def test_holes_and_known_amounts_are_all_there_is_between_the_first_and_the_last(values: list[D | None]) -> None:
    there = [index for index, _ in known(values)]
    between = [*there, *holes(values)]
    assert sorted(between) == (list(range(there[0], there[-1] + 1)) if there else [])
