"""Today's cost before the bill arrives: prices, estimates and past errors worked by hand, and what must always hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.units import UnitCost, Volume
from costlib.analysis.units.drivers import Driver, chosen, drivers_of
from costlib.analysis.units.estimate import (
    CostEstimate,
    Price,
    Replay,
    bill_price,
    closed_weeks,
    estimates,
    past_error,
    replayed_together,
)
from costlib.analysis.units.measures import Unit, unit_of
from costlib.periods import Window

#: A Sunday: the bill ends with a week.
BILLED_TO = date(2026, 10, 18)
FIRST = BILLED_TO - timedelta(days=69)
AFTER = 5


def no_list(unit: Unit, model: str, day: date) -> Price | None:
    return None


def driver(
    cost: str | None = "10",
    count: str | None = "1000",
    *,
    after: int = AFTER,
    metric: str = "requests",
    billed_to: date | None = BILLED_TO,
    model: str = "bot",
) -> Driver:
    """Ten weeks billed at ``cost`` a day, and ``count`` a day on those and ``after`` more days."""
    billed = [FIRST + timedelta(days=number) for number in range(70)] if billed_to else []
    counted = [FIRST + timedelta(days=number) for number in range(70 + after)]
    one, many = (None if text is None else Decimal(text) for text in (cost, count))
    return Driver(unit_of(metric), model, dict.fromkeys(billed, one), dict.fromkeys(counted, many), billed_to)


def only(one: Driver) -> CostEstimate:
    (found,), unknown = estimates([one], no_list)
    assert unknown == []
    return found


def test_five_days_at_a_cent_a_request() -> None:
    """10 a day over 1,000 requests are 0.01 each; five days of 1,000 requests are 50."""
    found = only(driver())
    assert found.price == Price(Decimal("0.01"), Window(date(2026, 9, 21), date(2026, 10, 19)))
    assert (found.days, found.volume) == (Window(date(2026, 10, 19), date(2026, 10, 24)), 5000)
    assert found.amount == 50


def test_twice_the_use_after_the_bill_is_twice_the_cost() -> None:
    one = driver()
    busy = {day: value * 2 if day > BILLED_TO else value for day, value in one.volumes.items() if value}
    assert only(Driver(one.unit, one.model, one.costs, busy, BILLED_TO)).amount == 100


def test_the_price_is_that_of_the_last_four_whole_weeks() -> None:
    """A dearer week before them, and two dear days of the week that is not over, do not count."""
    one = driver(billed_to=BILLED_TO)
    wednesday = BILLED_TO + timedelta(days=3)
    costs = {**one.costs, **{BILLED_TO + timedelta(days=number): Decimal(999) for number in (1, 2, 3)}}
    costs[date(2026, 9, 20)] = Decimal(999)
    found = only(Driver(one.unit, one.model, costs, one.volumes, wednesday))
    assert (found.price.amount, found.days.start) == (Decimal("0.01"), date(2026, 10, 22))
    assert found.amount == 20


@pytest.mark.parametrize(
    ("billed_to", "start", "end"),
    [
        (date(2026, 10, 17), date(2026, 9, 14), date(2026, 10, 12)),
        (date(2026, 10, 18), date(2026, 9, 21), date(2026, 10, 19)),
        (date(2026, 10, 19), date(2026, 9, 21), date(2026, 10, 19)),
    ],
)
def test_weeks_close_on_sunday(billed_to: date, start: date, end: date) -> None:
    assert closed_weeks(billed_to) == Window(start, end)


def test_a_metric_that_began_ten_days_ago_is_priced_by_its_one_whole_week() -> None:
    """Counted since Friday 9 October: the week from Monday 12 October alone."""
    one = driver()
    young = {day: value for day, value in one.volumes.items() if day >= date(2026, 10, 9)}
    found = bill_price(Driver(one.unit, one.model, one.costs, young, BILLED_TO), BILLED_TO)
    assert found is not None
    assert found.weeks == Window(date(2026, 10, 12), date(2026, 10, 19))
    assert found.amount == Decimal("0.01")


def test_a_metric_that_began_this_week_has_no_price() -> None:
    one = driver()
    newborn = {day: value for day, value in one.volumes.items() if day >= date(2026, 10, 13)}
    found, unknown = estimates([Driver(one.unit, one.model, one.costs, newborn, BILLED_TO)], no_list)
    assert found == []
    assert len(unknown) == 1


@pytest.mark.parametrize(("cost", "count"), [(None, "1000"), ("10", None), ("0", "1000"), ("10", "0"), ("-3", "1000")])
def test_what_is_unknown_or_nothing_has_no_price_and_is_told(cost: str | None, count: str | None) -> None:
    found, unknown = estimates([driver(cost, count)], no_list)
    assert found == []
    assert [one.model for one in unknown] == ["bot"]


def test_without_a_measure_after_the_bill_there_is_no_estimate() -> None:
    assert estimates([driver(after=0)], no_list) == ([], [])


def test_one_day_after_the_bill_is_estimated() -> None:
    """1,000 requests at a cent."""
    assert only(driver(after=1)).amount == 10


def test_a_day_after_the_bill_whose_count_is_unknown_is_told_and_not_guessed() -> None:
    one = driver()
    volumes = {**one.volumes, BILLED_TO + timedelta(days=2): None}
    found, unknown = estimates([Driver(one.unit, one.model, one.costs, volumes, BILLED_TO)], no_list)
    assert (found, [left.model for left in unknown]) == ([], ["bot"])


def test_no_work_that_was_measured_as_none_costs_nothing() -> None:
    one = driver()
    idle = {day: Decimal(0) if day > BILLED_TO else value for day, value in one.volumes.items()}
    assert only(Driver(one.unit, one.model, one.costs, idle, BILLED_TO)).amount == 0


def test_the_bill_takes_the_place_of_the_estimate() -> None:
    """Two of five days are billed by now: three are left; all five: none is."""
    one = driver()

    def left(days: int) -> list[CostEstimate]:
        later = BILLED_TO + timedelta(days=days)
        return estimates([Driver(one.unit, one.model, one.costs, one.volumes, later)], no_list)[0]

    assert [one.days.days for one in left(2)] == [3]
    assert left(5) == []


def test_a_model_without_a_bill_takes_the_list_price_since_it_is_measured() -> None:
    """75 days of 1,000 hours at 2 dollars."""

    def listed(unit: Unit, model: str, day: date) -> Price | None:
        return Price(Decimal(2), source="List") if (unit.metric, model, day) == ("hours", "bot", FIRST) else None

    (found,), unknown = estimates([driver(metric="hours", billed_to=None)], listed)
    assert (found.amount, found.price.weeks, found.price.source, unknown) == (150_000, None, "List", [])
    assert found.past_error is None


def test_the_dearest_estimate_comes_first_and_equal_ones_by_name() -> None:
    """50 each for a and b, 500 for c; d, whose price nobody knows, is told apart."""
    given_ = [driver("10", model="b"), driver("100", model="c"), driver("10", model="a"), driver(None, model="d")]
    found, unknown = estimates(given_, no_list)
    assert [(one.model, one.amount) for one in found] == [("c", 500), ("a", 50), ("b", 50)]
    assert [one.model for one in unknown] == ["d"]


def test_a_bill_price_goes_before_a_list_price() -> None:
    (found,), _ = estimates([driver()], lambda unit, model, day: Price(Decimal(7), source="List"))
    assert found.price.amount == Decimal("0.01")


def test_an_estimate_of_a_steady_cost_was_never_off() -> None:
    """Ten weeks: prices need one whole week before, so nine cutoffs have one, from a week back on."""
    found = only(driver())
    assert [one.weeks_back for one in found.replays] == list(range(1, 10))
    told = found.past_error
    assert told is not None
    assert (told.typical, told.largest, told.times) == (0, 0, 9)


def test_a_replay_worked_by_hand() -> None:
    """The cost doubled on 12 October. A week back the price was still 0.01: 50 were estimated, 100 were billed."""
    one = driver()
    costs = {day: Decimal(20) if day >= date(2026, 10, 12) else cost for day, cost in one.costs.items()}
    found = only(Driver(one.unit, one.model, costs, one.volumes, BILLED_TO))
    assert found.replays[0] == Replay(1, Decimal(50), Decimal(100))
    assert found.replays[1] == Replay(2, Decimal(50), Decimal(50))
    told = found.past_error
    assert told is not None
    assert (told.typical, told.largest) == (0, Decimal("-0.5"))
    assert found.price.amount == Decimal("0.0125")


def test_a_replay_never_needs_days_that_no_bill_has_yet() -> None:
    """Ten days to estimate: the first replay is two weeks back."""
    assert only(driver(after=10)).replays[0].weeks_back == 2


def test_the_middle_and_the_largest_error() -> None:
    """Errors −50 %, +10 % and −20 %; a week that cost nothing tells nothing."""
    told = past_error(
        Replay(n, Decimal(a), Decimal(b)) for n, (a, b) in enumerate(((5, 10), (11, 10), (8, 10), (3, 0)))
    )
    assert told is not None
    assert (told.typical, told.largest, told.times) == (Decimal("0.2"), Decimal("-0.5"), 3)
    assert past_error([]) is None


def test_replays_together_are_those_of_weeks_that_all_have() -> None:
    """Errors of opposite sign cancel in the sum: 5 for 10 and 15 for 10."""
    price, days = Price(Decimal(1), Window(FIRST, BILLED_TO)), Window(BILLED_TO, BILLED_TO)

    def one(*replays: Replay) -> CostEstimate:
        return CostEstimate(unit_of("requests"), "bot", days, Decimal(1), price, replays)

    first = one(Replay(1, Decimal(5), Decimal(10)), Replay(2, Decimal(5), Decimal(10)))
    second = one(Replay(1, Decimal(15), Decimal(10)))
    listed = CostEstimate(unit_of("hours"), "new", days, Decimal(1), Price(Decimal(2), source="List"))
    assert replayed_together([first, second, listed]) == [Replay(1, Decimal(20), Decimal(20))]
    assert replayed_together([listed]) == []


def counted(metric: str, model: str | None, *, until: date = BILLED_TO + timedelta(days=1)) -> list[Volume]:
    return [Volume(BILLED_TO, metric, "T", model, Decimal(1)), Volume(until, metric, "T", model, Decimal(1))]


@pytest.mark.parametrize(
    ("metrics", "kept"),
    [
        (["requests", "orders"], ["requests"]),
        (["requests", "training runs", "orders"], ["requests", "training runs"]),
        (
            ["input tokens", "output tokens", "requests", "training runs"],
            ["input tokens", "output tokens", "training runs"],
        ),
        (["requests", "predictions"], ["predictions"]),
        (["orders", "gpu hours used"], ["gpu hours used"]),
        (["answers", "gpu hours used"], ["gpu hours used"]),
        (["gpu hours used", "requests"], ["requests"]),
        (["orders", "visits"], ["orders"]),
        (["documents", "training runs"], ["documents", "training runs"]),
        (["documents", "input tokens"], ["input tokens"]),
        (["documents", "requests"], ["documents"]),
        (["gpu hours used", "output tokens"], ["output tokens"]),
    ],
    ids=str,
)
def test_no_cost_is_estimated_twice(metrics: list[str], kept: list[str]) -> None:
    given_ = [one for metric in metrics for one in counted(metric, "bot")]
    assert sorted({one.metric for one in chosen(given_, {"bot": BILLED_TO})}) == sorted(kept)


def test_metrics_that_end_with_the_bill_give_way_to_those_that_run_on() -> None:
    volumes = [*counted("requests", "bot", until=BILLED_TO), *counted("orders", "bot")]
    assert {one.metric for one in chosen(volumes, {"bot": BILLED_TO})} == {"orders"}


def test_a_model_that_no_bill_names_is_estimated_by_what_counts_it() -> None:
    assert {one.metric for one in chosen(counted("requests", "new"), {"bot": BILLED_TO})} == {"requests"}


def test_a_model_is_estimated_over_all_its_teams() -> None:
    volumes = [replace(one, team=team) for one in counted("requests", "bot") for team in ("Risk", None)]
    assert chosen(volumes, {"bot": BILLED_TO}) == [replace(one, team=None) for one in volumes]


def test_metrics_that_name_no_model_are_not_estimated_by() -> None:
    assert chosen(counted("orders", None), {}) == []


def test_drivers_add_up_teams_and_keep_unknown_counts_unknown() -> None:
    day = BILLED_TO + timedelta(days=1)
    volumes = [
        Volume(BILLED_TO, "requests", None, "bot", Decimal(4)),
        Volume(BILLED_TO, "requests", None, "bot", Decimal(6)),
        Volume(day, "requests", None, "bot", None),
    ]
    rows = [UnitCost(unit_of("requests"), BILLED_TO, None, "bot", Decimal(5), Decimal(5), Decimal(10))]
    (one,) = drivers_of(rows, volumes, {"bot": BILLED_TO})
    assert (one.costs, one.volumes) == ({BILLED_TO: 5}, {BILLED_TO: 10, day: None})
    assert one.billed_to == BILLED_TO


amounts = st.decimals(min_value="0.01", max_value="1e6", places=2)
counts = st.integers(min_value=1, max_value=10**9).map(Decimal)


@given(st.lists(amounts, min_size=70, max_size=70), st.lists(counts, min_size=75, max_size=75), amounts)
def test_a_price_times_k_is_an_estimate_times_k(costs: list[Decimal], done: list[Decimal], k: Decimal) -> None:
    days = [FIRST + timedelta(days=number) for number in range(75)]
    volumes = dict(zip(days, done, strict=True))

    def estimate(factor: Decimal) -> CostEstimate:
        billed = {day: cost * factor for day, cost in zip(days, costs, strict=False)}
        return only(Driver(unit_of("requests"), "bot", billed, volumes, BILLED_TO))

    one, scaled = estimate(Decimal(1)), estimate(k)
    assert scaled.amount == pytest.approx(one.amount * k, rel=Decimal("1e-20"))
    for before, now in zip(one.replays, scaled.replays, strict=True):
        assert now.error == pytest.approx(before.error, abs=Decimal("1e-20"))


@given(st.lists(counts, min_size=75, max_size=75))
def test_a_cost_that_follows_use_exactly_is_estimated_exactly(done: list[Decimal]) -> None:
    days = [FIRST + timedelta(days=number) for number in range(75)]
    costs = {day: count * 3 for day, count in zip(days[:70], done, strict=False)}
    found = only(Driver(unit_of("requests"), "bot", costs, dict(zip(days, done, strict=True)), BILLED_TO))
    assert found.amount == pytest.approx(sum(done[70:]) * 3, rel=Decimal("1e-20"))
    assert all(one.error == pytest.approx(Decimal(0), abs=Decimal("1e-20")) for one in found.replays)
