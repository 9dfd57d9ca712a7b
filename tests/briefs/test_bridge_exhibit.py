"""A bridge as chart and table: the cents add up, whatever is rounded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib import money
from costlib.analysis.bridge import Parts, Segment, bridge
from costlib.analysis.budget import Variance
from costlib.briefs.bridge_exhibit import STEP_HELP, STEP_NAMES, bridge_chart, bridge_rows, variance_chart
from costlib.briefs.words.bridge import PART_NAMES
from costlib.charts.spec import Bridge, Caption

CAPTION = Caption("Title", "Subtitle", "Source")
amounts = st.decimals(min_value=0, max_value=10**7, places=6)
segments = st.lists(
    st.builds(Segment, st.sampled_from("abcde"), st.just("Hrs"), amounts, amounts, amounts, amounts), max_size=6
)


def drawn(found: list[Segment]) -> Bridge:
    return bridge_chart(bridge(found), CAPTION, "USD", ("Aug 2026", "Sep 2026"))


@given(segments)
def test_the_columns_add_up_to_the_cent(found: list[Segment]) -> None:
    chart = drawn(found)
    steps = [step.amount for step in chart.steps]
    assert all(amount == money.cents(amount) for amount in (chart.start.amount, *steps, chart.end.amount))
    assert chart.start.amount + sum(steps) == chart.end.amount


@given(segments)
def test_no_step_is_further_than_a_few_cents_from_its_part(found: list[Segment]) -> None:
    parts = bridge(found).parts.by_name()
    for step in drawn(found).steps:
        name = next((name for name, words in STEP_NAMES.items() if words == step.name), None)
        if name:
            assert abs(step.amount - parts[name]) <= D("0.05")


def test_no_change_is_said() -> None:
    assert [(step.name, step.amount) for step in drawn([]).steps] == [("No change", 0)]


def test_every_part_has_a_name_and_a_word_of_help() -> None:
    assert set(STEP_NAMES) == set(PART_NAMES) == set(Parts().by_name())
    for word in ("Volume", "Rates", "Mix", "New", "ended", "No quantity"):
        assert word in STEP_HELP


PARTS = [("A", Parts(volume=D(5), rate=D(-2))), ("B", Parts(volume=D(1))), ("C", Parts(volume=D("0.5")))]


class TestRows:
    def test_parts_that_nobody_has_are_no_column(self) -> None:
        header, rows = bridge_rows(PARTS, "USD", 8)
        assert header == ["Change", "Volume", "Rates"]
        assert rows[:2] == [["A", "+$3.00", "+$5.00", "−$2.00"], ["B", "+$1.00", "+$1.00", "–"]]

    def test_the_rest_is_added_up_and_counted(self) -> None:
        _, rows = bridge_rows(PARTS, "USD", 1)
        assert [row[:2] for row in rows] == [["A", "+$3.00"], ["2 others", "+$1.50"]]

    def test_a_single_one_left_keeps_its_name(self) -> None:
        _, rows = bridge_rows(PARTS, "USD", 2)
        assert [row[0] for row in rows] == ["A", "B", "C"]


def variance(team: str | None, budget: str | None, actual: str | None, *, every: bool = False) -> Variance:
    held = [None if amount is None else D(amount) for amount in (budget, actual)]
    return Variance(team, every, (date(2026, 7, 1),), *held)


def by_team(*rows: Variance) -> Bridge | None:
    return variance_chart(rows, CAPTION, "USD")


class TestVariance:
    def test_from_budget_to_actual_team_by_team(self) -> None:
        """Search spent 25 more, Ended nothing of its 10; nobody's 7 had no budget; Idle came out as budgeted."""
        rows = ("Search", "100", "125"), ("Ended", "10", None), (None, None, "7"), ("Idle", "5", "5")
        chart = by_team(*(variance(*row) for row in rows), variance(None, "115", "137", every=True))
        assert chart
        assert [(step.name, step.amount) for step in chart.steps] == [("Search", 25), ("Ended", -10), ("No team", 7)]
        assert [(end.name, end.amount) for end in (chart.start, chart.end)] == [("Budget", 115), ("Actual", 137)]

    def test_what_rounding_leaves_goes_to_the_largest(self) -> None:
        """0.004 of three small teams is 0.01 of all, and 0 of each."""
        small = [variance(name, "1", "1.004") for name in "abc"]
        chart = by_team(*small, variance("Big", "50", "40"), variance(None, "53", "43.012", every=True))
        assert chart and [(step.name, step.amount) for step in chart.steps] == [("Big", D("-9.99"))]

    def test_where_all_of_it_is_rounding_one_step_bears_it(self) -> None:
        chart = by_team(*(variance(name, "1", "1.004") for name in "ab"), variance(None, "2", "2.008", every=True))
        assert chart and [step.amount for step in chart.steps] == [D("0.01")]

    def test_no_difference_is_said(self) -> None:
        chart = by_team(variance("a", "5", "5"), variance(None, "5", "5", every=True))
        assert chart and [(step.name, step.amount) for step in chart.steps] == [("No change", 0)]

    def test_the_smallest_of_many_teams_are_gathered(self) -> None:
        teams = [variance(f"Team {size}", "0", str(size)) for size in range(12, 0, -1)]
        chart = by_team(*teams, variance(None, "0", "78", every=True))
        assert chart and [step.amount for step in chart.steps] == [12, 11, 10, 9, 8, 7, 6, 5, 10]

    @pytest.mark.parametrize(("budget", "actual"), [(None, "5"), ("5", None), (None, None)])
    def test_without_a_sum_there_is_no_bridge(self, budget: str | None, actual: str | None) -> None:
        assert by_team(variance("a", "5", "5"), variance(None, budget, actual, every=True)) is None
