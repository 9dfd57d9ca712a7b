"""Bets: what is at stake, what they are worth, when they end."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.leakage import leakage
from costlib.roadmap.plan_bets import KillCriterion
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.portfolio.bets import Bet, Call, bets, judged
from costlib.roadmap.portfolio.cases import business_cases
from costlib.roadmap.simulate import simulate

TODAY = date(2026, 6, 1)
PAST, AHEAD = date(2026, 5, 1), date(2026, 9, 1)


def rows(stage: str = "L2", **bad: object) -> dict[str, Bet]:
    """Two initiatives of 100 a month for 12 months, one of which costs 2,000 more than it brings."""
    plan = Plan.model_validate(
        {
            "plan": {"start": "2026-01", "months": 12, "paths": 4, "discount_rate": 0.0},
            "initiatives": [
                {"id": "good", "saving": 0.1, "stage": stage, "scope": {"x_Team": "A"}},
                {"id": "bad", "saving": 0.1, "stage": stage, "scope": {"x_Team": "B"}, "one_off_cost": 3200, **bad},
            ],
            "baseline": [{"segment": {"x_Team": team}, "monthly": [1000] * 12} for team in "AB"],
        }
    )
    found = bets(business_cases(simulate(plan)), plan.initiatives, leakage([]), TODAY)
    return {one.id: one for one in found}


def hits(due: date = PAST, measured: float | None = None) -> KillCriterion:
    return KillCriterion(metric="hit rate", at_least=0.2, by=due, measured=measured)


def calls(*criteria: KillCriterion, **fields: object) -> list[Call]:
    return [one.call for one in judged(Initiative(id="a", kill_criteria=criteria, **fields), TODAY)]


def test_the_expected_value_is_the_npv_less_what_the_stage_loses():
    """The prior loses 35 % at L2: 1,200 x 0.65 = 780; a loss of 2,000 stays one."""
    found = rows()
    assert found["good"].expected_value == pytest.approx(780)
    assert found["bad"].expected_value == pytest.approx(-2000)
    assert list(found) == ["good", "bad"]


def test_the_stake_is_what_people_stated():
    one = rows(stake={"committed": 400, "asked": 600})["bad"]
    assert (one.committed, one.asked, one.next_gate, one.outlay) == (400, 600, "L3", 3200)


def test_a_stake_that_nobody_stated_is_unknown_and_not_zero():
    assert (rows()["good"].committed, rows()["good"].asked) == (None, None)
    stated = rows(stake={"committed": 0})["bad"]
    assert (stated.committed, stated.asked) == (0, None)


def test_the_last_stage_has_no_gate():
    assert rows(stage="L5")["good"].next_gate is None


@pytest.mark.parametrize(
    ("due", "measured", "call"),
    [
        (PAST, 0.3, Call.MET),
        (AHEAD, 0.3, Call.MET),
        (PAST, 0.1, Call.STOP),
        (TODAY, 0.1, Call.STOP),
        (AHEAD, 0.1, Call.BEHIND),
        (PAST, None, Call.ASK),
        (TODAY, None, Call.ASK),
        (AHEAD, None, Call.OPEN),
    ],
)
def test_a_criterion_is_due_on_its_day(due, measured, call):
    assert calls(hits(due, measured)) == [call]


def test_an_upper_bound_counts_too():
    dear = KillCriterion(metric="cost", at_most=5, by=PAST, measured=6)
    assert calls(dear) == [Call.STOP]
    assert calls(dear.model_copy(update={"measured": 5.0})) == [Call.MET]


def test_the_level_of_a_guardrail_on_the_same_metric_counts_until_somebody_measures():
    guardrail = {"metric": "hit rate", "level": 0.25}
    assert calls(hits(), guardrail=guardrail) == [Call.MET]
    assert calls(hits(measured=0.1), guardrail=guardrail) == [Call.STOP]
    assert calls(hits(), guardrail={"metric": "precision", "level": 0.9}) == [Call.ASK]
    assert calls(hits(), guardrail={"metric": "hit rate"}) == [Call.ASK]


def test_the_worst_criterion_decides_and_a_bet_to_stop_comes_first():
    users = {"metric": "users", "at_least": 10, "by": "2026-05-01", "measured": 40}
    missed = {"metric": "hit rate", "at_least": 0.2, "by": "2026-05-01", "measured": 0.1}
    found = rows(kill_criteria=[users, missed])
    assert next(iter(found)) == "bad"
    assert found["bad"].call is Call.STOP
    assert [one.criterion.metric for one in found["bad"].criteria] == ["hit rate", "users"]
    assert found["good"].call is None and found["good"].criteria == ()


def test_what_only_runs_is_no_venture():
    assert not rows()["good"].is_venture
    assert rows(bucket="transform")["bad"].is_venture


@given(measured=st.floats(-1e6, 1e6), days=st.integers(-400, 400), bound=st.floats(-1e6, 1e6))
def test_time_makes_a_verdict_worse_and_never_better(measured, days, bound):
    """A bound that is met stays met; one that is missed becomes a reason to stop on its day and not before."""
    due = date.fromordinal(TODAY.toordinal() + days)
    (call,) = calls(KillCriterion(metric="m", at_least=bound, by=due, measured=measured))
    assert (call is Call.MET) == (measured >= bound)
    assert (call is Call.STOP) == (measured < bound and days <= 0)
