"""A bridge as chart and table: the cents add up, whatever is rounded."""

from __future__ import annotations

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from costlib import money
from costlib.analysis.bridge import Parts, Segment, bridge
from costlib.briefs.bridge_exhibit import STEP_HELP, STEP_NAMES, bridge_chart, bridge_rows
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
