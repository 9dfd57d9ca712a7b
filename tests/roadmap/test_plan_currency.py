"""Plans in another currency: all money moves by one rate, nothing else moves, and no field of money is forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.case import case
from costlib.roadmap.plan_currency import MONEY, in_currency
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.plan_parts import every_field

#: Amounts and numbers of a plan that are not money.
NOT_MONEY = {
    "plan.discount_rate", "plan.target.reduction", "initiatives.saving.low", "initiatives.saving.likely",
    "initiatives.saving.high", "initiatives.probability", "initiatives.quality_effect.likely",
    "initiatives.guardrail.floor", "initiatives.guardrail.level", "initiatives.guardrail.failure_probability",
    "initiatives.ab_test.minimum_effect", "initiatives.ab_test.power", "initiatives.reinvest.share",
    "initiatives.kill_criteria.at_least", "initiatives.kill_criteria.at_most", "initiatives.kill_criteria.measured",
    "capacity", "initiatives.effort",
}  # fmt: skip

WHOLE = {
    "plan": {
        "start": "2026-11",
        "months": 4,
        "paths": 50,
        "target": {"reduction": 0.1, "by": "2027-01", "reference_value": 1000},
    },
    "capacity": {"ml_engineer": 3},
    "budget": {"one_off": 500, "one_off_per_quarter": 300},
    "initiatives": [
        {
            "id": "small",
            "saving": 0.2,
            "start": "2026-12",
            "one_off_cost": 100,
            "running_cost": 5,
            "added_spend": 2,
            "effort": {"ml_engineer": 2},
            "benefit": {"low": 0, "likely": 10, "high": 20, "start": "2026-12"},
            "quality_effect": {"metric": "precision", "likely": 0.1, "value_per_point": 40},
            "stake": {"committed": 60},
        }
    ],
    "baseline": [{"segment": {"x_Team": "A"}, "monthly": [1000, 1100, 1200, 1300]}],
}


def numbers(part: object, name: str = "") -> dict[str, list[float]]:
    """Every number of a plan's document by dotted name, parts of lists together."""
    found: dict[str, list[float]] = {}
    if isinstance(part, dict):
        for key, value in part.items():
            for inner, values in numbers(value, f"{name}.{key}" if name else str(key)).items():
                found.setdefault(inner, []).extend(values)
    elif isinstance(part, list):
        for value in part:
            for inner, values in numbers(value, name).items():
                found.setdefault(inner, []).extend(values)
    elif isinstance(part, int | float) and not isinstance(part, bool):
        found[name] = [float(part)]
    return found


def test_every_number_of_a_plan_is_known_to_be_money_or_not() -> None:
    fields = dict(every_field())
    assert set(MONEY) <= set(fields)
    known = numbers(Plan(**WHOLE).model_dump(mode="json"))
    amounts = {name for name in known if name not in MONEY}
    counted = {"plan.months", "plan.paths", "plan.seed", "plan.fiscal_year_start", "initiatives.ramp_months"}
    prefixes = ("initiatives.delay_months.", "initiatives.benefit.ramp_months", "capacity.", "initiatives.effort.")
    left = {name for name in amounts - NOT_MONEY - counted if not name.startswith(prefixes)}
    assert left == set()


@given(rate=st.floats(0.01, 500))
def test_money_moves_by_the_rate_and_nothing_else_does(rate: float) -> None:
    before, after = Plan(**WHOLE), in_currency(Plan(**WHOLE), "EUR", rate)
    assert after.plan.currency == "EUR"
    was, now = (numbers(one.model_dump(mode="json")) for one in (before, after))
    for name, values in was.items():
        factor = rate if name in MONEY else 1.0
        assert now[name] == pytest.approx([value * factor for value in values]), name


def test_what_is_not_stated_stays_unknown() -> None:
    after = in_currency(Plan(**WHOLE), "EUR", 2.0)
    assert after.initiatives[0].stake.asked is None
    assert in_currency(Plan(plan={"start": "2026-11", "months": 2}), "EUR", 2.0).budget.one_off is None


def test_there_and_back_is_the_same_plan() -> None:
    back = in_currency(in_currency(Plan(**WHOLE), "EUR", 0.8), "USD", 1.25)
    was, now = (numbers(one.model_dump(mode="json")) for one in (Plan(**WHOLE), back))
    assert was.keys() == now.keys()
    assert all(now[name] == pytest.approx(values) for name, values in was.items())


def test_the_case_moves_with_the_plan() -> None:
    """Scaling money scales all: the chance of the target and the payback stay."""
    one, other = (case(plan).recommended.figures for plan in (Plan(**WHOLE), in_currency(Plan(**WHOLE), "EUR", 3.0)))
    assert one.net and other.net == pytest.approx(3 * one.net)
    assert (other.npv, other.benefit) == pytest.approx((3 * one.npv, 3 * one.benefit))
    assert (other.payback_month, other.roi) == (one.payback_month, pytest.approx(one.roi))
