"""Charts made from series: what they show, what they call it, the words around them, and no money lost on the way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.trend import Series, added
from costlib.briefs.exhibits import MOST_SEGMENTS, Basis, Timeline, compared, lines, segment_name, stacked
from costlib.charts.spec import MOST_NAMED, OTHER, Role
from costlib.focus import COST_MEASURES, MEASURE_NAMES
from costlib.periods import Grain, Window

AUG, SEP, OCT = (date(2026, month, 1) for month in (8, 9, 10))
AUTUMN = Timeline((AUG, SEP, OCT), Grain.MONTH)
WINDOW = Window(AUG, date(2026, 10, 21))
EARLIER = Window(date(2026, 5, 1), date(2026, 7, 21))
BASIS = Basis("EffectiveCost", "USD", date(2026, 10, 20), "ab12", ("AWS", "Lumenary AI"))

amounts = st.one_of(st.none(), st.decimals(min_value=-(10**6), max_value=10**6, places=4))
rows = st.tuples(amounts, amounts, amounts)
segment_names = st.one_of(st.none(), st.integers(0, 30).map("team {}".format))
all_series = st.lists(st.builds(Series, segment_names, rows), min_size=1, max_size=14, unique_by=lambda one: one.name)


def series(name: str | None, *values: str | None) -> Series:
    return Series(name, tuple(None if value is None else D(value) for value in values))


def many(count: int) -> list[Series]:
    """Teams 1, 2, ... of 100, 99, ... dollars a month, the largest first."""
    return [series(f"team {number}", *[str(101 - number)] * 3) for number in range(1, count + 1)]


def totals(all_of_them: list[Series]) -> tuple[D | None, ...]:
    return added(all_of_them).values


class TestWords:
    @pytest.mark.parametrize("measure", COST_MEASURES)
    def test_the_subtitle_says_metric_measure_currency_and_period(self, measure: str) -> None:
        basis = Basis(measure, "EUR", date(2026, 10, 20), "ab12")
        assert basis.subtitle("AI spend by month", WINDOW) == (
            f"AI spend by month, {MEASURE_NAMES[measure]}, EUR, 1 Aug 2026 to 20 Oct 2026"
        )

    def test_the_source_says_whose_bills_up_to_when_and_which_state(self) -> None:
        assert BASIS.source == "Bills of AWS, Lumenary AI, usage to 20 Oct 2026; snapshot ab12"

    def test_the_source_of_the_sample_says_that_it_is_one(self) -> None:
        basis = Basis("EffectiveCost", "USD", date(2026, 10, 20), "ab12", ("AWS",), sample=True)
        assert basis.source == "Bills of sample company, usage to 20 Oct 2026; snapshot ab12"

    def test_the_source_without_a_provider(self) -> None:
        assert Basis("BilledCost", "USD", OCT, "ab12").source == "Bills, usage to 1 Oct 2026; snapshot ab12"

    @pytest.mark.parametrize(
        ("dimension", "name", "called"),
        [
            ("x_Team", "Fraud", "Fraud"),
            ("x_Team", None, "No team"),
            ("x_Stage", None, "No stage"),
            ("RegionId", None, "Not given"),
            ("x_Environment", None, "Not given"),
            (None, None, "Not given"),
            ("x_Team", "No team", '"No team"'),
            ("RegionId", "No team", "No team"),
            ("x_Team", OTHER, f'"{OTHER}"'),
        ],
    )
    def test_what_a_segment_is_called(self, dimension: str | None, name: str | None, called: str) -> None:
        assert segment_name(dimension, name) == called

    @pytest.mark.parametrize("draw", [stacked, lines])
    def test_every_chart_carries_them(self, draw: type[stacked]) -> None:  # type: ignore[valid-type]
        chart = draw("A finding", "AI spend by month", BASIS, AUTUMN, WINDOW, many(2), "x_Team")
        assert chart.caption.title == "A finding"
        assert chart.caption.subtitle == BASIS.subtitle("AI spend by month", WINDOW)
        assert chart.caption.source == BASIS.source
        assert chart.currency == "USD"


class TestStacked:
    def test_few_segments_are_all_shown_in_their_order(self) -> None:
        chart = stacked("t", "w", BASIS, AUTUMN, WINDOW, [*many(2), series(None, "1", "2", None)], "x_Team")
        assert [(one.name, one.values, one.other) for one in chart.segments] == [
            ("team 1", (D(100),) * 3, False),
            ("team 2", (D(99),) * 3, False),
            ("No team", (D(1), D(2), None), False),
        ]

    def test_the_rest_is_added_up_on_top_and_no_team_stands_apart(self) -> None:
        chart = stacked("t", "w", BASIS, AUTUMN, WINDOW, [*many(8), series(None, "1", "1", "1")], "x_Team")
        assert [one.name for one in chart.segments] == [*(f"team {n}" for n in range(1, 6)), "No team", OTHER]
        assert chart.segments[-1].other
        assert chart.segments[-1].values == (D(95 + 94 + 93),) * 3  # teams 6, 7 and 8

    def test_a_team_called_like_the_rest_or_like_nobody_is_not_mixed_up_with_them(self) -> None:
        taken = [series(OTHER, "50", "50", "50"), series("No team", "40", "40", "40"), series(None, "9", "9", "9")]
        chart = stacked("t", "w", BASIS, AUTUMN, WINDOW, [*taken, *many(8)], "x_Team")
        assert {'"All other"', '"No team"', "No team", OTHER} <= {one.name for one in chart.segments}

    def test_the_open_month_is_marked(self) -> None:
        chart = stacked("t", "w", BASIS, AUTUMN, WINDOW, many(1), "x_Team")
        assert chart.periods.open_index == 2
        whole = Basis("EffectiveCost", "USD", date(2026, 10, 31), "ab12")
        assert stacked("t", "w", whole, AUTUMN, WINDOW, many(1), "x_Team").periods.open_index is None

    def test_quarters_follow_the_fiscal_year(self) -> None:
        quarters = Timeline((AUG, date(2026, 11, 1)), Grain.QUARTER, fiscal_start=2)
        chart = stacked("t", "w", BASIS, quarters, WINDOW, [series("a", "1", "2")], "x_Team")
        assert chart.periods.names == ("Q3 FY27", "Q4 FY27")

    @given(all_series)
    def test_the_columns_hold_all_of_the_money(self, found: list[Series]) -> None:
        ordered = sorted(found, key=lambda one: -(one.total or 0))
        chart = stacked("t", "w", BASIS, AUTUMN, WINDOW, ordered, "x_Team")
        shown = [Series(one.name, one.values) for one in chart.segments]
        assert totals(shown) == totals(found)
        assert len(shown) <= MOST_SEGMENTS + 1 <= MOST_NAMED


class TestLines:
    def test_the_largest_only(self) -> None:
        chart = lines("t", "w", BASIS, AUTUMN, WINDOW, many(9), "x_Team")
        assert [one.name for one in chart.lines] == [f"team {n}" for n in range(1, MOST_SEGMENTS + 1)]
        assert {one.role for one in chart.lines} == {Role.ACTUAL}

    def test_no_team_is_among_them_however_small(self) -> None:
        chart = lines("t", "w", BASIS, AUTUMN, WINDOW, [*many(9), series(None, "0", "0", "1")], "x_Team")
        assert chart.lines[-1].name == "No team"
        assert len(chart.lines) == MOST_SEGMENTS

    def test_unknown_values_stay_gaps(self) -> None:
        chart = lines("t", "w", BASIS, AUTUMN, WINDOW, [series("a", None, "0", "5")], "x_Team")
        assert chart.lines[0].values == (None, D(0), D(5))


class TestCompared:
    def draw(self, now: list[Series], before: list[Series], timeline: Timeline = AUTUMN):  # type: ignore[no-untyped-def]
        return compared("t", "AI spend", BASIS, timeline, (WINDOW, EARLIER), now, before, "Period before")

    def test_totals_of_both_windows_on_one_axis(self) -> None:
        chart = self.draw([series("a", "1", "2", "3"), series(None, "1", "1", "1")], [series("a", "4", "5", "6")])
        assert [(one.name, one.values, one.role) for one in chart.lines] == [
            ("These periods", (D(2), D(3), D(4)), Role.ACTUAL),
            ("Period before", (D(4), D(5), D(6)), Role.PREVIOUS),
        ]
        assert chart.periods.starts == (AUG, SEP, OCT)

    def test_the_subtitle_names_both_windows(self) -> None:
        assert self.draw(many(1), many(1)).caption.subtitle == (
            "AI spend, effective cost, USD, 1 Aug 2026 to 20 Oct 2026, against 1 May 2026 to 20 Jul 2026"
        )

    def test_a_shorter_earlier_window_leaves_a_gap_not_a_zero(self) -> None:
        chart = self.draw(many(1), [series("a", "4", "5")])
        assert chart.lines[1].values == (D(4), D(5), None)

    def test_an_earlier_window_in_which_nothing_is_known(self) -> None:
        assert self.draw(many(1), []).lines[1].values == (None, None, None)

    @given(all_series, all_series)
    def test_both_lines_are_the_sums_of_their_windows(self, now: list[Series], before: list[Series]) -> None:
        chart = self.draw(now, before)
        assert [one.values for one in chart.lines] == [totals(now), totals(before)]
