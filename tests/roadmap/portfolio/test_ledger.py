"""Promised at the decision, simulated now, realised, booked: by decision and by lever."""

from __future__ import annotations

from datetime import date

import pytest

from costlib.roadmap.plan_model import Plan
from costlib.roadmap.portfolio.ledger import Decision, LedgerRow, Repeat, by_lever, counted_once, delay_cost, ledger
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
    assert row == LedgerRow("D1", 1500, pytest.approx(1200), pytest.approx(200), 160, 80, False)


def test_a_promise_stays_what_it_was_when_the_initiative_is_gone():
    (row,) = ledger([decision(a=1500, gone=300)], simulate(plan()), [], [], TODAY)
    assert (row.promised, row.simulated) == (1800, pytest.approx(1200))


def test_what_nobody_measured_is_unknown_and_not_nothing_saved():
    """Of a and b together 55 came of b alone; of a alone nothing is known; a measured 0 stays 0."""
    result = simulate(plan())
    both, alone = (ledger([one], result, [CAME[2]], [], TODAY)[0] for one in (decision(a=1, b=1), decision(a=1)))
    assert (both.realised, alone.realised) == (55, None)
    assert ledger([decision(a=1)], result, [Entry("a", JAN, 0.0)], [], TODAY)[0].realised == 0
    assert {one.key: one.realised for one in by_lever([], result, [CAME[2]], [], TODAY)} == {
        "quantise": 55,
        "spot-training": None,
    }


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


def test_the_month_that_runs_is_not_due_yet():
    """Of 100 a month nothing on 31 January, and 100 on 1 February."""
    result = simulate(plan())
    due = [ledger([decision(a=1)], result, [], [], day)[0].due for day in (JAN, date(2026, 1, 31), FEB)]
    assert due == pytest.approx([0, 0, 100])


def test_levers_come_by_what_was_promised_and_not_by_what_came():
    rows = by_lever([decision(a=100, b=900)], simulate(plan()), CAME, SIGNED, TODAY)
    assert [(one.key, one.promised, one.realised) for one in rows] == [
        ("quantise", 900, 55),
        ("spot-training", 100, 160),
    ]


def test_by_lever_holds_every_initiative_once():
    rows = by_lever([decision(a=1500)], simulate(plan()), CAME, SIGNED, TODAY)
    assert [(one.key, one.promised, one.realised, one.booked) for one in rows] == [
        ("spot-training", 1500, 160, 80),
        ("quantise", 0, 55, 0),
    ]


def open_ask(name: str, **promised: float) -> Decision:
    return Decision(name, "Approve", "CTO", MAR, promised)


def test_what_two_decisions_name_is_counted_once_and_said():
    """a counts with D1 alone; D2 keeps b; sums are those of the plan."""
    given = [decision("D1", a=10), decision("D2", a=7, b=5)]
    rows = ledger(given, simulate(plan()), CAME, SIGNED, TODAY)
    assert [(row.key, row.promised, row.realised, row.booked) for row in rows] == [
        ("D1", 10, 160, 80),
        ("D2", 5, 55, 0),
    ]
    assert {row.key: row.promised for row in by_lever(given, simulate(plan()), CAME, SIGNED, TODAY)} == {
        "spot-training": 10,
        "quantise": 5,
    }
    assert counted_once(given)[1] == [Repeat(("a",), "D1", "D2")]


def test_it_stays_with_what_was_decided_first_and_not_with_an_ask_that_is_open():
    later = Decision("later", "Approve", "CTO", MAR, {"a": 3.0}, decided=FEB, approved=True)
    kept, repeats = counted_once([open_ask("open", a=9), later, decision("first", a=1)])
    assert [dict(one.promised) for one in kept] == [{}, {}, {"a": 1}]
    assert {(one.first, one.again) for one in repeats} == {("first", "open"), ("first", "later")}


def test_decisions_that_share_nothing_are_left_as_they_are():
    given = [decision("D1", a=1), decision("D2", b=1)]
    assert counted_once(given) == (given, [])


def test_an_open_ask_is_asked_for_and_promises_nothing():
    (row,) = ledger([open_ask("D", a=900)], simulate(plan()), CAME, SIGNED, TODAY)
    assert (row.promised, row.asked, row.realised) == (0, 900, 160)
    assert not any(one.promised for one in by_lever([open_ask("D", a=900)], simulate(plan()), [], [], TODAY))
    (approved,) = ledger([decision("D", a=900)], simulate(plan()), CAME, SIGNED, TODAY)
    assert (approved.promised, approved.asked) == (900, 0)


def test_a_week_later_costs_a_weeks_saving():
    """A month later loses one month of 100: 100 x 12 / 52 a week."""
    assert delay_cost(plan(), ["a"]) == pytest.approx(100 * 12 / 52)
    assert delay_cost(plan(), ["a", "b"]) == pytest.approx(150 * 12 / 52)
    assert delay_cost(plan(), []) == 0


def test_money_that_comes_later_is_worth_less():
    """At 21 % a year 100 a month from January are 100 x sum of 1.21 ** (-t / 12); from February t = 0 is missing.

    Paying 500 a month later saves 500 x (1 - 1.21 ** (-1 / 12)).
    """
    at_21 = plan(one_off_cost=500)
    at_21 = at_21.model_copy(update={"plan": at_21.plan.model_copy(update={"discount_rate": 0.21})})
    lost = 100 - 500 * (1 - 1.21 ** (-1 / 12))
    assert delay_cost(at_21, ["a"]) == pytest.approx(lost * 12 / 52)


def test_delaying_a_loss_is_a_gain():
    """100 a month saved for 130 a month: every month that it starts later is 30 better."""
    assert delay_cost(plan(running_cost=130), ["a"]) == pytest.approx(-30 * 12 / 52)
