"""What runs cost: from the bill or from list prices, split and added up to the last digit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib import money
from costlib.errors import InputError
from costlib.runs.costs import How, bill_factor, grouped, matched, run_costs
from costlib.runs.model import Run, Status
from costlib.runs.prices import PriceList, read_prices

DAY = date(2026, 9, 1)
PRICES = PriceList("USD", DAY, {"g5": ((date(2026, 1, 1), Decimal(2)), (date(2026, 9, 10), Decimal(3)))})


def run(name: str, hours: int = 2, start: int = 0, **facts: object) -> Run:
    begin = datetime(2026, 9, 1) + timedelta(hours=start)
    return Run(name, begin, end=begin + timedelta(hours=hours), **facts)  # type: ignore[arg-type]


def test_a_run_on_the_bill_costs_what_the_bill_says() -> None:
    (found,), rest = run_costs([run("a", resource="job/a")], {"arn:x:job/a": {DAY: Decimal(7)}}, PRICES, "USD")
    assert (found.cost, found.how, found.listed, rest) == (Decimal(7), How.BILL, None, 0)


def test_a_run_that_no_bill_names_costs_price_times_hours_times_machines() -> None:
    """Three hours of two machines at 2."""
    (found,), _ = run_costs([run("a", 3, instance_type="ml.g5", instances=Decimal(2))], {}, PRICES, "USD")
    assert (found.cost, found.how) == (Decimal(12), How.LIST)


def test_the_price_is_that_of_the_day() -> None:
    later = Run("a", datetime(2026, 9, 10), end=datetime(2026, 9, 10, 1), instance_type="g5")
    (found,), _ = run_costs([later], {}, PRICES, "USD")
    assert found.cost == 3
    before = Run("a", datetime(2025, 9, 10), end=datetime(2025, 9, 10, 1), instance_type="g5")
    (early,), _ = run_costs([before], {}, PRICES, "USD")
    assert (early.cost, early.how) == (None, How.UNKNOWN)


@pytest.mark.parametrize("facts", [{"instance_type": "abacus"}, {}, {"instance_type": "g5", "end": None}])
def test_without_price_machine_or_end_the_cost_is_unknown_and_counted(facts: dict[str, object]) -> None:
    one = Run("a", datetime(2026, 9, 1), **{"end": datetime(2026, 9, 1, 1), **facts})  # type: ignore[arg-type]
    found, _ = run_costs([one], {}, PRICES, "USD")
    (group,) = grouped(found, lambda run: run.experiment)
    assert (found[0].cost, group.unknown, group.cost, group.each) == (None, 1, 0, None)


def test_list_prices_in_another_currency_price_nothing() -> None:
    (found,), _ = run_costs([run("a", instance_type="g5")], {}, PRICES, "EUR")
    assert found.how is How.UNKNOWN


def test_a_machine_of_two_runs_is_split_by_their_hours_and_its_idle_day_is_rest() -> None:
    runs = [run("a", 3, resource="i-1"), run("b", 1, 5, resource="i-1")]
    billed = {"i-1": {DAY: Decimal(8), DAY + timedelta(days=1): Decimal(5)}}
    found, rest = run_costs(runs, billed, PRICES, "USD")
    assert ([one.cost for one in found], rest) == ([Decimal(6), Decimal(2)], Decimal(5))


def test_a_large_amount_in_a_small_currency_is_split_to_the_last_digit() -> None:
    """A third of it, with all eighteen decimals, has 29 digits; the runs have it between them."""
    paid = Decimal("98765432109.876543210987654322")
    runs = [run("a", 1, resource="i-1"), run("b", 2, 5, resource="i-1")]
    found, _ = run_costs(runs, {"i-1": {DAY: paid}}, PRICES, "VND")
    a, b = (Decimal("32921810703.292181070329218107"), Decimal("65843621406.584362140658436215"))
    assert [one.cost for one in found] == [a, b] and money.exact_sum((a, b)) == paid


def test_an_unknown_cost_on_the_bill_is_not_nothing() -> None:
    (found,), _ = run_costs([run("a", resource="i-1")], {"i-1": {DAY: None}}, PRICES, "USD")
    assert (found.cost, found.how) == (None, How.BILL)


def test_a_day_of_unknown_cost_is_unknown_to_who_ran_on_it_alone() -> None:
    """The first day is split 2 to 2 hours; the second, on which only b ran, is not known."""
    runs = [run("a", 2, resource="i-1"), run("b", 30, 22, resource="i-1")]
    billed = {"i-1": {DAY: Decimal(8), DAY + timedelta(days=1): None}}
    found, rest = run_costs(runs, billed, PRICES, "USD")
    assert ([one.cost for one in found], rest) == ([Decimal(4), None], 0)


def test_a_run_that_goes_on_has_every_hour_of_its_days() -> None:
    """From 18:00 on it has six hours of the first day and all of the second, beside twelve hours of another."""
    open_end = Run("a", datetime(2026, 9, 1, 18), resource="i-1")
    billed = {"i-1": {DAY: Decimal(6), DAY + timedelta(days=1): Decimal(9)}}
    found, _ = run_costs([open_end, run("b", 12, 24, resource="i-1")], billed, PRICES, "USD")
    assert [one.cost for one in found] == [Decimal(6) + Decimal(6), Decimal(3)]


@pytest.mark.parametrize(
    ("hours", "charged", "listed", "saving"),
    [
        (3, "1", 4, 8),  # two machines at 2: one hour is charged, two are saved
        (3, "3", 12, 0),
        (3, "4", 16, 0),  # charged beyond its time: nothing is saved, and nothing lost
        (3, "0", 0, 12),
        (3, None, 12, None),
    ],
)
def test_hours_that_are_not_charged_are_the_saving(hours: int, charged: str | None, listed: int, saving: int) -> None:
    billed_hours = None if charged is None else Decimal(charged)
    one = run("a", hours, instance_type="g5", instances=Decimal(2), billed_hours=billed_hours)
    (found,), _ = run_costs([one], {}, PRICES, "USD")
    assert (found.cost, found.listed, found.spot_saving, found.how) == (listed, listed, saving, How.LIST)
    (other,), _ = run_costs([one], {}, PRICES, "EUR")
    assert (other.cost, other.listed, other.spot_saving) == (None, None, None)


def test_no_hours_of_an_unpriced_machine_cost_nothing_only_where_the_provider_says_so() -> None:
    charged, silent = run("a", 0, billed_hours=Decimal(0)), run("b", 0)
    found, _ = run_costs([charged, silent], {}, PRICES, "USD")
    assert [(one.cost, one.how) for one in found] == [(0, How.LIST), (None, How.UNKNOWN)]


def test_groups_come_dearest_first_equals_by_name_and_the_unnamed_last() -> None:
    names = {"1": "b", "2": None, "3": "a", "4": "dear", "5": "dear"}
    runs = [run(name, 1, instance_type="g5") for name in names]
    found = grouped(run_costs(runs, {}, PRICES, "USD")[0], lambda one: names[one.run_id])
    assert [one.name for one in found] == ["dear", "a", "b", None]
    (unknown,) = grouped(run_costs([run("1"), run("2")], {}, PRICES, "USD")[0], lambda one: "all")
    assert (unknown.runs, unknown.unknown, unknown.each) == (2, 2, None)


def test_a_longer_name_is_nearer() -> None:
    """A training job and a transform job of one name are two resources."""
    bill = ["arn:aws:s:1:training-job/x", "arn:aws:s:1:transform-job/x"]
    assert list(matched([run("a", resource="training-job/x")], bill)) == bill[:1]
    assert list(matched([run("a", resource=bill[1])], bill)) == bill[1:]
    assert list(matched([run("a", resource="x")], bill)) == bill
    assert matched([run("a")], bill) == {}


def test_failed_and_cancelled_stand_apart() -> None:
    statuses = (Status.DONE, Status.FAILED, Status.FAILED, Status.CANCELLED, Status.RUNNING)
    runs = [
        run(str(number), 1, instance_type="g5", instances=Decimal(number + 1), status=status, experiment="e")
        for number, status in enumerate(statuses)
    ]
    (group,) = grouped(run_costs(runs, {}, PRICES, "USD")[0], lambda one: one.experiment)
    assert (group.runs, group.cost) == (5, 2 * (1 + 2 + 3 + 4 + 5))
    assert (group.failed, group.failed_cost) == (2, 2 * (2 + 3))
    assert (group.cancelled, group.cancelled_cost, group.wasted) == (1, 8, 18)
    assert group.each == 6


def test_the_factor_of_bill_over_list_price() -> None:
    """10 on the bill for 2 hours at 2 is two and a half times the list price; a run without a price says nothing."""
    runs = [run("a", instance_type="g5", resource="i-1"), run("b", resource="i-2"), run("c", instance_type="g5")]
    billed = {name: {DAY: Decimal(10)} for name in ("i-1", "i-2")}
    assert bill_factor(run_costs(runs, billed, PRICES, "USD")[0]) == Decimal("2.5")
    assert bill_factor([]) is None


amounts = st.decimals(-100, 100_000, places=18)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), min_size=1, max_size=6),
    st.dictionaries(st.integers(0, 4).map(lambda number: DAY + timedelta(days=number)), amounts, max_size=5),
)
def test_runs_and_rest_add_up_to_the_resource(spans: list[tuple[int, int]], days: dict[date, Decimal]) -> None:
    runs = [run(str(number), hours, start, resource="i-1") for number, (start, hours) in enumerate(spans)]
    found, rest = run_costs(runs, {"i-1": days}, PRICES, "USD")
    told = sum((one.cost or Decimal(0) for one in found), Decimal(0)) + rest
    assert told == sum(days.values(), Decimal(0))


def test_the_shipped_prices_are_dated_and_know_the_cut_of_june_2025() -> None:
    prices = read_prices()
    assert (prices.currency, prices.as_of) == ("USD", date(2026, 7, 20))
    assert prices.price("p4d.24xlarge", date(2025, 5, 31)) == Decimal("32.7726")
    assert prices.price("ml.p4d.24xlarge", date(2025, 6, 1)) == Decimal("21.957642")
    assert prices.price("abacus", DAY) is None
    assert prices.price(None, DAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "prices: {}",
        "version: 2\ncurrency: USD\nunit: hour\nas_of: 2026-07-20\nprices: {}",
        "version: 1\ncurrency: USD\nunit: hour\nas_of: 2026-07-20\nprices: {g5: [{from: 2026-01-01, price: -1}]}",
        "version: 1\ncurrency: USD\nunit: hour\nas_of: 2026-07-20\nprices: {g5: [{from: soon, price: 1}]}",
        "version: 1\ncurrency: USD\nunit: hour\nas_of: 2026-07-20\nprices: {g5: [{from: 2026-01-01, price: dear}]}",
        "][",
    ],
)
def test_a_price_list_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match="cannot be used"):
        read_prices(path)
