"""Bets: what the next gate costs, what they are worth, when to stop."""

from __future__ import annotations

from datetime import date

import pytest

from costlib.roadmap.leakage import leakage
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.portfolio.bets import Bet, Call, KillCriterion, Stake, bets
from costlib.roadmap.portfolio.cases import business_cases
from costlib.roadmap.simulate import simulate

TODAY = date(2026, 6, 1)
PAST, AHEAD = date(2026, 5, 1), date(2026, 9, 1)


def rows(*stakes: Stake, stage: str = "L2") -> dict[str, Bet]:
    """Two initiatives of 100 a month for 12 months, one of which costs 2,000 more than it brings."""
    plan = Plan.model_validate(
        {
            "plan": {"start": "2026-01", "months": 12, "paths": 4, "discount_rate": 0.0},
            "initiatives": [
                {"id": "good", "saving": 0.1, "stage": stage, "scope": {"x_Team": "A"}},
                {"id": "bad", "saving": 0.1, "stage": stage, "scope": {"x_Team": "B"}, "one_off_cost": 3200},
            ],
            "baseline": [{"segment": {"x_Team": team}, "monthly": [1000] * 12} for team in "AB"],
        }
    )
    found = bets(business_cases(simulate(plan)), stakes, leakage([]), TODAY)
    return {one.id: one for one in found}


def test_the_expected_value_is_the_npv_less_what_the_stage_loses():
    """The prior loses 35 % at L2: 1,200 x 0.65 = 780; a loss of 2,000 stays one."""
    found = rows()
    assert found["good"].expected_value == pytest.approx(780)
    assert found["bad"].expected_value == pytest.approx(-2000)
    assert list(found) == ["good", "bad"]


def test_what_may_be_lost_next_is_the_spend_to_the_next_gate():
    one = rows(Stake("bad", spent=400, gates={"L3": 600, "L4": 2200}))["bad"]
    assert (one.spent, one.next_gate, one.to_next_gate, one.investment) == (400, "L3", 600, 3200)


def test_the_last_stage_has_no_gate_and_an_unknown_gate_no_amount():
    assert rows(Stake("good", gates={"L5": 9}), stage="L5")["good"].next_gate is None
    assert rows(Stake("good"))["good"].to_next_gate is None


@pytest.mark.parametrize(
    ("due", "measured", "call"),
    [
        (PAST, 0.3, Call.GO),
        (AHEAD, 0.3, Call.GO),
        (PAST, 0.1, Call.STOP),
        (TODAY, 0.1, Call.STOP),
        (AHEAD, 0.1, Call.OPEN),
        (PAST, None, Call.ASK),
        (AHEAD, None, Call.OPEN),
    ],
)
def test_a_criterion_is_due_on_its_day(due, measured, call):
    assert KillCriterion("hit rate", due, at_least=0.2, measured=measured).call(TODAY) is call


def test_an_upper_bound_counts_too():
    assert KillCriterion("cost", PAST, at_most=5, measured=6).call(TODAY) is Call.STOP


def test_the_worst_criterion_decides_and_says_why_and_comes_first():
    good = KillCriterion("users", PAST, at_least=10, measured=40)
    missed = KillCriterion("hit rate", PAST, at_least=0.2, measured=0.1)
    found = rows(Stake("bad", criteria=(good, missed)))
    assert next(iter(found)) == "bad"
    assert found["bad"].call is Call.STOP
    assert found["bad"].reasons == ("hit rate 0.1, at least 0.2 by 2026-05-01",)
    assert found["good"].call is Call.OPEN and found["good"].reasons == ()
