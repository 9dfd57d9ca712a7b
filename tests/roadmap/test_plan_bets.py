"""Stake and kill criteria in a plan file: what is read, refused and written back."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.plan_bets import KillCriterion, parsed_day
from costlib.roadmap.plan_errors import FieldRefusal, PlanError
from costlib.roadmap.plan_file import held, parse_plan, plan_text

OLD = "plan: {start: 2026-01, months: 2}\ninitiatives:\n- {id: a, objective: O1}\n"
WHOLE = """\
plan: {start: 2026-01, months: 2}
initiatives:
- id: a
  stake: {committed: 38000, asked: 60000.5}
  kill_criteria:
  - {metric: hit rate, at_least: 0.2, by: '2026-09-30', owner: Head of Search, measured: 0.15}
  - {metric: cost, at_most: 0, by: '2026-12-31'}
"""


def test_a_file_without_them_is_read_and_written_as_before():
    plan = parse_plan(OLD)
    (one,) = plan.initiatives
    assert (one.stake.committed, one.stake.asked, one.kill_criteria, one.key_result) == (None, None, (), "")
    assert plan_text(plan) == OLD
    assert held(one) == {"id": "a", "objective": "O1"}


def test_they_are_read_and_written_as_they_were():
    plan = parse_plan(WHOLE)
    (one,) = plan.initiatives
    assert (one.stake.committed, one.stake.asked) == (38000, 60000.5)
    first, second = one.kill_criteria
    assert (first.by, first.owner, first.measured) == (date(2026, 9, 30), "Head of Search", 0.15)
    assert (second.at_most, second.at_least, second.measured, second.owner) == (0, None, None, "")
    assert plan_text(plan) == WHOLE


def test_a_day_without_quotes_is_the_same_day():
    assert parse_plan(WHOLE.replace("'", "")) == parse_plan(WHOLE)


def test_one_changed_measurement_is_one_changed_line():
    before = plan_text(parse_plan(WHOLE)).splitlines()
    after = plan_text(parse_plan(WHOLE.replace("measured: 0.15", "measured: 0.21"))).splitlines()
    assert [other for one, other in zip(before, after, strict=True) if one != other] == [
        "  - {metric: hit rate, at_least: 0.2, by: '2026-09-30', owner: Head of Search, measured: 0.21}"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("at_least: 0.2, ", "", r"line 6, initiatives\[a\]\.kill_criteria\[1\]: the kill criterion on hit rate has no"),
        ("at_most: 0,", "at_most: 0, at_least: 0,", r"the kill criterion on cost has two bounds"),
        ("by: '2026-09-30'", "by: 2026-09", r"kill_criteria\[1\]\.by: 2026-09 is not a day"),
        ("by: '2026-09-30', ", "", r"by is missing"),
        ("metric: cost", "metric: ''", r"metric"),
        ("committed: 38000", "committed: -1", r"stake\.committed: -1 is refused"),
        ("committed: 38000", "commited: 38000", r"commited is not a field here.*Did you mean committed\?"),
    ],
)
def test_what_makes_no_sense_is_refused_by_place(old, new, said):
    with pytest.raises(PlanError, match=said):
        parse_plan(WHOLE.replace(old, new, 1))


@pytest.mark.parametrize("value", ["30.09.2026", "2026-09", "", None, 20260930, datetime(2026, 9, 30, 12)])
def test_what_is_no_day(value):
    with pytest.raises(FieldRefusal, match="is not a day"):
        parsed_day(value)


@given(st.dates(date(1900, 1, 1)))
def test_a_day_comes_back_from_its_text(day):
    assert parsed_day(day.isoformat()) == day == parsed_day(day)


@given(low=st.floats(-1e9, 1e9), value=st.floats(-1e9, 1e9))
def test_a_value_on_the_bound_holds_both_ways(low, value):
    least = KillCriterion(metric="m", at_least=low, by="2026-09-30")
    most = KillCriterion(metric="m", at_most=low, by="2026-09-30")
    assert least.holds(low) and most.holds(low)
    assert least.holds(value) or most.holds(value)
    assert (least.holds(value) and most.holds(value)) == (value == low)
