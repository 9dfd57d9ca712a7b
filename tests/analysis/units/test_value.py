"""Cost against value: margins of models and of one outcome, worked by hand; what is unknown stays unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.units import Cost, Volume
from costlib.analysis.units.value import Worth, worths
from costlib.periods import Window

SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))


def every_day(
    metric: str,
    value: str | None,
    model: str | None = "ads",
    *,
    team: str | None = "Shop",
    unit: str | None = None,
    first: int = 1,
    last: int = 30,
) -> list[Volume]:
    amount = None if value is None else Decimal(value)
    return [Volume(date(2026, 9, day), metric, team, model, amount, unit) for day in range(first, last + 1)]


def spent(
    cost: str | None, by_use: str | None = None, model: str | None = "ads", team: str = "Shop", stage: str = "training"
) -> list[Cost]:
    amount, used = (None if text is None else Decimal(text) for text in (cost, by_use or cost))
    return [Cost(SEPTEMBER.start + timedelta(days=n), team, model, stage, amount, used) for n in range(30)]


def found(volumes: list[Volume], costs: list[Cost]) -> list[Worth]:
    return worths(volumes, costs, SEPTEMBER, "USD")


MARGIN = every_day("margin", "100", unit="USD")
ORDERS = every_day("orders", "20")


def test_an_order_is_worth_five_and_costs_two() -> None:
    """30 days of 20 orders, 100 of margin, 40 of cost of which 10 were used."""
    (one,) = found([*MARGIN, *ORDERS], spent("40", "10"))
    assert (one.model, one.outcome, one.count, one.value, one.cost) == ("ads", "orders", 600, 3000, 1200)
    assert [one.each(amount) for amount in (one.value, one.cost, one.margin)] == [5, 2, 3]
    assert [one.each(amount) for amount in (one.by_use, one.margin_by_use)] == [Decimal("0.5"), Decimal("4.5")]
    assert (one.margin, one.margin_by_use) == (1800, 2700)


def test_one_day_on_which_all_is_counted_is_enough() -> None:
    """Margin to the 10th, orders from the 10th: one day of 100 less 40 for 20 orders."""
    margin, orders = every_day("margin", "100", unit="USD", last=10), every_day("orders", "20", first=10)
    (one,) = found([*margin, *orders], spent("40"))
    assert (one.days.days, one.count, one.value, one.cost, one.margin) == (1, 20, 100, 40, 60)


def test_models_worth_the_same_come_by_name_after_the_one_worth_more() -> None:
    volumes = [
        one
        for model, value in (("small", "5"), ("b", "7"), ("a", "7"))
        for one in every_day("margin", value, model, unit="USD")
    ]
    assert [one.model for one in found(volumes, [])] == ["a", "b", "small"]


def test_all_stages_of_the_model_count_and_no_part_twice() -> None:
    costs = [*spent("40"), *spent("7", stage="storage"), *(replace(one, only="output tokens") for one in spent("5"))]
    (one,) = found([*MARGIN, *ORDERS], costs)
    assert one.cost == 30 * 47


def test_several_kinds_of_value_add_up() -> None:
    (one,) = found([*MARGIN, *every_day("saving", "50", unit="USD"), *ORDERS], spent("40"))
    assert one.value == 4500


def test_each_kind_of_outcome_has_a_row() -> None:
    rows = found([*MARGIN, *every_day("sign-ups", "5"), *ORDERS], spent("40"))
    assert [(one.outcome, one.each(one.cost)) for one in rows] == [("orders", 2), ("sign-ups", 8)]


def test_inferences_stand_for_outcomes_only_where_there_are_none() -> None:
    inferences = [*every_day("requests", "1000"), *every_day("training runs", "1"), *every_day("output tokens", "9")]
    assert [one.outcome for one in found([*MARGIN, *inferences], spent("40"))] == ["requests"]
    assert [one.outcome for one in found([*MARGIN, *inferences, *ORDERS], spent("40"))] == ["orders"]


def test_without_a_count_there_is_a_margin_and_nothing_of_one_outcome() -> None:
    (one,) = found(MARGIN, spent("40"))
    assert (one.outcome, one.count, one.margin, one.each(one.value)) == (None, None, 1800, None)


def test_days_that_value_or_count_do_not_cover_are_out_of_the_cost_too() -> None:
    """Value from the 11th, orders to the 20th: ten days of 40."""
    late, early = every_day("margin", "100", unit="USD", first=11), every_day("orders", "20", last=20)
    (one,) = found([*late, *early], spent("40", "10"))
    assert one.days == Window(date(2026, 9, 11), date(2026, 9, 21))
    assert (one.value, one.count, one.cost, one.by_use) == (1000, 200, 400, 100)


def test_days_that_never_meet_tell_nothing() -> None:
    (one,) = found(
        [*every_day("margin", "100", unit="USD", last=10), *every_day("orders", "20", first=15)], spent("40")
    )
    assert (one.value, one.count, one.cost, one.margin, one.each(one.value)) == (None,) * 5


@pytest.mark.parametrize(
    ("value", "count", "cost"), [(None, "20", "40"), ("100", None, "40"), ("100", "20", None)], ids=str
)
def test_an_unknown_side_leaves_the_margin_unknown(value: str | None, count: str | None, cost: str | None) -> None:
    (one,) = found([*every_day("margin", value, unit="USD"), *every_day("orders", count)], spent(cost))
    assert one.each(one.margin) is None
    assert (one.margin is None) == (value is None or cost is None)


def test_a_model_without_any_cost_has_an_unknown_cost_and_not_none() -> None:
    (one,) = found([*MARGIN, *ORDERS], spent("40", model="other"))
    assert (one.cost, one.margin) == (None, None)


def test_a_value_without_a_model_is_its_teams_and_without_both_everybodys() -> None:
    costs = [*spent("40", team="Shop"), *spent("7", team="Fraud", model="scorer"), *spent("3", model=None)]
    (team,) = found(every_day("margin", "100", None, unit="USD"), costs)
    (whole,) = found(every_day("margin", "100", None, team=None, unit="USD"), costs)
    assert (team.team, team.model, team.cost) == ("Shop", None, 30 * 43)
    assert (whole.team, whole.model, whole.cost) == (None, None, 30 * 50)


def test_another_currency_and_another_month_are_not_set_against_it() -> None:
    euros, counted = every_day("margin", "100", unit="EUR"), [*ORDERS]
    assert found([*euros, *counted], spent("40")) == []
    assert worths([*MARGIN, *ORDERS], spent("40"), Window(date(2026, 8, 1), date(2026, 9, 1)), "USD") == []


def test_a_single_outcome_bears_everything() -> None:
    (one,) = found([*every_day("margin", "90", unit="USD", last=1), *every_day("orders", "1", last=1)], spent("40"))
    assert (one.count, one.each(one.cost), one.each(one.margin)) == (1, 40, 50)


def test_nothing_is_divided_by_no_outcome_or_fewer() -> None:
    for count in ("0", "-1"):
        (one,) = found([*MARGIN, *every_day("orders", count)], spent("40"))
        assert (one.margin, one.each(one.margin)) == (1800, None)


def test_a_worth_that_is_unknown_stands_with_nothing_and_before_a_loss() -> None:
    """By name where the sums are alike: b is worth nothing, c is not known; a, a loss, comes last."""
    each = (("c", None), ("a", "-5"), ("b", "0"), ("d", "0.01"))
    volumes = [one for model, value in each for one in every_day("margin", value, model, unit="USD")]
    assert [one.model for one in found(volumes, [])] == ["d", "b", "c", "a"]


def test_the_most_worth_comes_first() -> None:
    rows = found([*every_day("margin", "1", "b", unit="USD"), *MARGIN], [*spent("40"), *spent("1", model="b")])
    assert [one.model for one in rows] == ["ads", "b"]


whole = st.integers(min_value=1, max_value=10**6).map(str)


@given(whole, whole, whole)
def test_margins_of_all_outcomes_add_up_to_the_margin(value: str, count: str, cost: str) -> None:
    (one,) = found([*every_day("margin", value, unit="USD"), *every_day("orders", count)], spent(cost))
    each = one.each(one.margin)
    assert each is not None
    assert one.count is not None
    assert each * one.count == pytest.approx(one.margin, rel=Decimal("1e-20"), abs=Decimal("1e-20"))
    assert one.margin == 30 * (Decimal(value) - Decimal(cost))
