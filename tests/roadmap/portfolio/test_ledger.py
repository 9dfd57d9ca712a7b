"""Promised at the decision, simulated now, realised, booked: by decision and by lever."""

from __future__ import annotations

from datetime import date

import pytest

from costlib.errors import InputError
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.portfolio.ledger import Decision, LedgerRow, by_lever, delay_cost, ledger
from costlib.roadmap.savings.booked import Booking, Entry
from costlib.roadmap.simulate import simulate

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
TODAY = date(2026, 3, 20)


def plan(**a) -> Plan:
    """Initiative a saves 100 a month of team A, b 50 of team B, 12 months, no discounting."""
    return Plan.model_validate(
        {
            "plan": {"start": "2026-01", "months": 12, "paths": 4, "discount_rate": 0.0},
            "initiatives": [
                {"id": "a", "saving": 0.1, "scope": {"x_Team": "A"}, "lever": "spot-training", **a},
                {"id": "b", "saving": 0.05, "scope": {"x_Team": "B"}, "lever": "quantise"},
            ],
            "baseline": [{"segment": {"x_Team": team}, "monthly": [1000] * 12} for team in "AB"],
        }
    )


CAME = [Entry("a", JAN, 90), Entry("a", FEB, 70), Entry("b", FEB, 55)]
SIGNED = [Booking("a", JAN, 80, "Controller", date(2026, 2, 9))]


def decision(name: str = "D1", **promised: float) -> Decision:
    return Decision(name, "Approve", "CTO", MAR, promised, decided=JAN, approved=True)


def test_a_decision_by_hand():
    """By 20 March two months are over: 200 due of a, 160 came."""
    (row,) = ledger([decision(a=1500)], simulate(plan()), CAME, SIGNED, TODAY)
    assert row == LedgerRow("D1", 1500, pytest.approx(1200), pytest.approx(200), 160, 80, pytest.approx(-40), False)


def test_a_promise_stays_what_it_was_when_the_initiative_is_gone():
    (row,) = ledger([decision(a=1500, gone=300)], simulate(plan()), [], [], TODAY)
    assert (row.promised, row.simulated) == (1800, pytest.approx(1200))


def test_an_open_decision_is_overdue_after_its_deadline():
    def overdue(today: date) -> bool:
        one = Decision("D", "Approve", "CTO", MAR, {"a": 1.0})
        return ledger([one], simulate(plan()), [], [], today)[0].overdue

    assert (overdue(MAR), overdue(date(2026, 3, 2))) == (False, True)


def test_nothing_is_due_before_the_plan_and_everything_after_it():
    result = simulate(plan())
    early = ledger([decision(a=1)], result, [], [], date(2025, 6, 1))[0]
    late = ledger([decision(a=1)], result, [], [], date(2028, 1, 1))[0]
    assert (early.due, late.due) == (0, pytest.approx(1200))


def test_by_lever_holds_every_initiative_once():
    rows = by_lever([decision(a=1500)], simulate(plan()), CAME, SIGNED, TODAY)
    assert [(one.key, one.promised, one.realised, one.booked) for one in rows] == [
        ("spot-training", 1500, 160, 80),
        ("quantise", 0, 55, 0),
    ]


def test_two_decisions_cannot_promise_the_same():
    with pytest.raises(InputError, match="a was promised by the decisions D1 and D2"):
        ledger([decision("D1", a=1), decision("D2", a=1)], simulate(plan()), [], [], TODAY)


def test_a_week_later_costs_a_weeks_saving():
    """A month later loses one month of 100: 100 x 12 / 52 a week."""
    assert delay_cost(plan(), ["a"]) == pytest.approx(100 * 12 / 52)
    assert delay_cost(plan(), ["a", "b"]) == pytest.approx(150 * 12 / 52)
    assert delay_cost(plan(), []) == 0


def test_delaying_a_loss_is_a_gain():
    """100 a month saved for 130 a month: every month that it starts later is 30 better."""
    assert delay_cost(plan(running_cost=130), ["a"]) == pytest.approx(-30 * 12 / 52)
