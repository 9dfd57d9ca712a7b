"""The probable driver of an anomaly, from small bills whose cause is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.anomalies import Anomaly, Cause, Charge, Driver, Kind, comparison, driver
from costlib.analysis.anomalies.drivers import family
from costlib.periods import Window

#: A Thursday: the days before it are four whole weeks, and a fifth.
FIRST = date(2026, 7, 9)
GPU = "arn:aws:sagemaker:us-east-1:444455556666:endpoint/scorer"


def anomaly(actual: int, expected: int, days: int = 5, first: date = FIRST) -> Anomaly:
    last = first + timedelta(days=days - 1)
    kind = Kind.SPIKE if actual > expected else Kind.DROP
    return Anomaly((), kind, first, last, D(actual), D(expected), D(0), D(0), D(0), D(0))


def charge(day: date, cost: float, quantity: float | None, resource: str | None = GPU, **other: str | None) -> Charge:
    facts: dict[str, str | None] = {"meter": "Host:gpu", "unit": "Hrs", "category": "Usage", **other}
    amounts = D(str(cost)), None if quantity is None else D(str(quantity))
    return Charge(day, resource, facts["meter"], facts["unit"], facts["category"], *amounts)


def before(cost: float, quantity: float | None, resource: str | None = GPU) -> list[Charge]:
    return [charge(FIRST - timedelta(days=number), cost, quantity, resource) for number in range(1, 36)]


def during(cost: float, quantity: float | None, resource: str | None = GPU, days: int = 5) -> list[Charge]:
    return [charge(FIRST + timedelta(days=number), cost, quantity, resource) for number in range(days)]


def found(one: Anomaly, *charges: Iterable[Charge]) -> Driver:
    return driver(one, [item for part in charges for item in part])


def test_five_weeks_before_are_compared_with() -> None:
    assert comparison(anomaly(1, 0)) == Window(date(2026, 6, 4), FIRST)


def test_more_hours_at_the_same_rate_are_volume() -> None:
    result = found(anomaly(1000, 500), before(100, 10), during(200, 20))
    assert result == Driver(Cause.VOLUME, D(500), "endpoint/scorer", "Hrs", D(50), D(100), D(10), D(10))


def test_the_same_hours_at_another_rate_are_rate() -> None:
    result = found(anomaly(750, 500), before(100, 10), during(150, 10))
    assert (result.cause, result.amount, result.rate0, result.rate1) == (Cause.RATE, D(250), D(10), D(15))


def test_both_at_once_name_the_larger() -> None:
    # 50 h at 10 become 60 h at 15: volume 100, rate 300.
    result = found(anomaly(900, 500), before(100, 10), during(180, 12))
    assert (result.cause, result.amount) == (Cause.RATE, D(300))


def test_what_was_never_there_is_a_new_resource() -> None:
    sweep = "arn:aws:sagemaker:us-east-1:777788889999:training-job/ranker-sweep-20260709"
    result = found(anomaly(10_500, 500), before(100, 10), during(100, 10), during(2000, 44, sweep))
    assert (result.cause, result.amount, result.name) == (
        Cause.NEW_RESOURCE,
        D(10_000),
        "training-job/ranker-sweep-…",
    )


def test_jobs_named_by_their_day_are_one_job() -> None:
    def job(start: date, count: int, cost: float, quantity: float, way: int) -> list[Charge]:
        days = [start + timedelta(days=way * number) for number in range(count)]
        return [charge(day, cost, quantity, f"training-job/recs-{day.isoformat()}") for day in days]

    earlier, later = job(FIRST - timedelta(days=1), 35, 100, 10, -1), job(FIRST, 5, 200, 20, 1)
    result = found(anomaly(1000, 500), earlier, later)
    assert (result.cause, result.name) == (Cause.VOLUME, "training-job/recs-…")


def test_machines_that_take_over_from_others_are_volume() -> None:
    earlier = before(100, 10, "i-old-a")
    later = [*during(100, 10, "i-new-b"), *during(100, 10, "i-new-c")]
    result = found(anomaly(1000, 500), earlier, later)
    assert (result.cause, result.amount) == (Cause.VOLUME, D(500))


def test_what_no_longer_runs_has_ended() -> None:
    result = found(anomaly(500, 1000), before(100, 10), before(100, 10, "i-gone"), during(100, 10))
    assert (result.cause, result.amount, result.name) == (Cause.ENDED_RESOURCE, D(-500), "i-gone")


def test_fewer_hours_are_less_volume() -> None:
    result = found(anomaly(250, 500), before(100, 10), during(50, 5))
    assert (result.cause, result.amount) == (Cause.VOLUME, D(-250))


def test_four_weeks_count_and_no_day_more() -> None:
    """Seven days of 20 hours against 10; a day of 9,999 hours, 29 days before, is in none of the four weeks."""
    odd = FIRST - timedelta(days=29)
    earlier = [charge(odd, 99_990, 9_999) if one.day == odd else one for one in before(100, 10)]
    result = found(anomaly(1400, 700, 7), earlier, during(200, 20, days=7))
    assert (result.cause, result.amount, result.quantity0, result.quantity1) == (Cause.VOLUME, D(700), D(70), D(140))


def test_a_credit_of_less_than_a_dollar_is_a_credit() -> None:
    once = [charge(FIRST, -0.6, None, None, meter="Refund", category="Credit")]
    result = found(replace(anomaly(500, 501, 1), actual=D("499.4"), expected=D(500)), before(500, 10), once)
    assert (result.cause, result.amount, result.name) == (Cause.CREDIT, D("-0.6"), "Refund")


def test_weekdays_are_compared_with_weekdays() -> None:
    # Nothing runs on weekends, and the anomaly is a Saturday: what ran then is new, not what runs all week.
    saturday = date(2026, 7, 11)
    week = [one for one in before(100, 10) if one.day.weekday() < 5]
    result = found(anomaly(300, 0, 1, saturday), week, [charge(saturday, 300, 30)])
    assert (result.cause, result.amount) == (Cause.NEW_RESOURCE, D(300))


CREDIT = {"meter": "Migration credit", "unit": None, "category": "Credit"}


def test_a_credit_of_last_month_that_did_not_come_is_missing() -> None:
    first = date(2026, 5, 1)
    credit = charge(date(2026, 4, 1), -5000, None, None, **CREDIT)
    usage = [charge(first - timedelta(days=number), 100, 10) for number in range(35)]
    result = found(anomaly(5100, 100, 1, first), [credit], usage)
    assert (result.cause, result.amount, result.name) == (Cause.MISSING_CREDIT, D(5000), "Migration credit")


def test_a_credit_that_did_come_is_not_missing() -> None:
    first = date(2026, 5, 1)
    credits = [charge(day, -5000, None, None, **CREDIT) for day in (date(2026, 4, 1), first)]
    assert found(anomaly(100, -4900, 1, first), credits).cause is Cause.UNKNOWN


def test_a_monthly_charge_that_did_not_come_is_missing_too() -> None:
    first = date(2026, 5, 1)
    fee = charge(date(2026, 4, 1), 900, None, None, meter="Support", unit=None, category="Purchase")
    result = found(anomaly(100, 1000, 1, first), [fee])
    assert (result.cause, result.amount) == (Cause.MISSING_CHARGE, D(-900))


class TestCreditsThatRanOut:
    """Usage of 100 a day under a promotional credit of 80 a day, which ends: 20 a day before, 100 for 28 days after."""

    SHIFT = anomaly(2800, 560, days=28)
    USAGE = (before(100, 10), during(100, 10, days=28))

    @staticmethod
    def credits(*ago: int, cost: float = -80) -> list[Charge]:
        return [charge(FIRST - timedelta(days=number), cost, None, None, **CREDIT) for number in ago]

    @pytest.mark.parametrize(
        ("ago", "amount"),
        [
            pytest.param(range(1, 36), 28 * 80, id="of every day"),
            pytest.param(range(1, 29, 2), 14 * 80, id="of every other day"),
            pytest.param(range(36), 27 * 80, id="all of it on the first day too"),
        ],
    )
    def test_they_are_the_driver(self, ago: range, amount: int) -> None:
        result = found(self.SHIFT, *self.USAGE, self.credits(*ago))
        assert (result.cause, result.amount, result.name) == (Cause.MISSING_CREDIT, D(amount), "Migration credit")

    def test_the_rest_of_them_on_the_first_day_is_counted(self) -> None:
        result = found(self.SHIFT, *self.USAGE, self.credits(*range(1, 36)), self.credits(0, cost=-30))
        assert (result.cause, result.amount) == (Cause.MISSING_CREDIT, D(28 * 80 - 30))

    @pytest.mark.parametrize(
        "ago",
        [
            pytest.param(range(-27, 36), id="they go on"),
            pytest.param(range(1, 28, 2)[:-1], id="of thirteen days"),
            pytest.param((7,), id="of a month"),
            pytest.param(range(29, 36), id="of the fifth week before"),
        ],
    )
    def test_other_credits_are_not(self, ago: Iterable[int]) -> None:
        assert found(self.SHIFT, *self.USAGE, self.credits(*ago)).cause is Cause.UNKNOWN

    def test_what_costs_less_lacks_no_credit(self) -> None:
        assert found(anomaly(280, 560, days=28), *self.USAGE, self.credits(*range(1, 36))).cause is Cause.UNKNOWN

    def test_fees_that_ended_are_none(self) -> None:
        assert found(self.SHIFT, *self.USAGE, self.credits(*range(1, 36), cost=80)).cause is Cause.UNKNOWN


def test_a_refund_is_a_credit() -> None:
    refund = charge(FIRST, -400, None, meter="Refund", unit=None, category="Credit")
    result = found(anomaly(100, 500, 1), before(100, 10), [refund], during(100, 10, days=1))
    assert (result.cause, result.amount, result.name) == (Cause.CREDIT, D(-400), "endpoint/scorer")


@pytest.mark.parametrize("quantity", [None, -40, -10, 0, 1, 40])
@pytest.mark.parametrize("resource", [GPU, "another", None])
def test_a_credit_that_is_written_as_usage_is_a_credit(quantity: float | None, resource: str | None) -> None:
    """500 for 10 hours on every day; on this one a line item of -900 too, whatever quantity it takes back."""
    credit = charge(FIRST, -900, quantity, resource)
    result = found(anomaly(-400, 500, 1), before(500, 10), [*during(500, 10, days=1), credit])
    assert (result.cause, result.amount) == (Cause.CREDIT, D(-900))
    assert result.name == {GPU: "endpoint/scorer", "another": "another", None: "Host:gpu"}[resource]


def test_a_credit_within_the_sum_of_a_meters_day_is_seen_where_the_sum_turns() -> None:
    """500 and -900 of one resource and meter come as one sum of -400 for 10 hours less 18."""
    result = found(anomaly(-400, 500, 1), before(500, 10), during(-400, -8, days=1))
    assert (result.cause, result.amount, result.name) == (Cause.CREDIT, D(-900), "endpoint/scorer")


def test_usage_that_always_costs_less_than_nothing_is_no_credit_that_came() -> None:
    """A discount of 100 a day for 10 hours, twice as much of it."""
    result = found(anomaly(-200, -100, 1), before(-100, 10), during(-200, 20, days=1))
    assert (result.cause, result.amount) == (Cause.VOLUME, D(-100))


def test_a_refund_among_usage_is_told_by_its_class() -> None:
    """Usage of 500 as ever; a correction of -200 for the same resource and meter."""
    refund = replace(charge(FIRST, -200, 10), correction=True, service="Azure OpenAI")
    result = found(anomaly(300, 500, 1), before(500, 10), during(500, 10, days=1), [refund])
    assert (result.cause, result.amount, result.name) == (Cause.CREDIT, D(-200), "endpoint/scorer")
    assert result.service == "Azure OpenAI"


def test_the_largest_credit_names_its_service() -> None:
    large, small = (
        replace(charge(FIRST, cost, None, None, **{**CREDIT, "meter": None}), service=service)
        for cost, service in ((-300, "Azure ML"), (-100, "Storage"))
    )
    for both in ([large, small], [small, large]):
        result = found(anomaly(100, 500, 1), before(500, 10), during(500, 10, days=1), both)
        assert (result.amount, result.name, result.service) == (D(-400), None, "Azure ML")


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("usual", "amount"), [(0, 400), (50, 350), (280, 120)])
def test_what_exceeds_the_largest_of_the_weeks_before_came_once(sign: int, usual: int, amount: int) -> None:
    """A credit, or fee, of every day is ``usual``, and 400 on this one."""
    fee = {"meter": "Plan", "unit": None, "category": "Credit" if sign < 0 else "Purchase"}
    days = [charge(FIRST - timedelta(days=number), sign * usual, None, None, **fee) for number in range(1, 36)]
    result = found(
        anomaly(500 + sign * 400, 500 + sign * usual, 1), days, [charge(FIRST, sign * 400, None, None, **fee)]
    )
    assert (result.cause, result.amount) == (Cause.CREDIT if sign < 0 else Cause.ONE_OFF, D(sign * amount))


def test_two_credits_alike_are_two() -> None:
    credit = charge(FIRST, -200, None, None, **CREDIT)
    assert found(anomaly(100, 500, 1), before(500, 10), during(500, 10, days=1), [credit, credit]).amount == -400


@given(
    st.integers(1, 900),
    st.integers(0, 300),
    st.integers(1, 35),
    st.sampled_from(["Credit", "Adjustment", "Purchase", "Tax"]),
    st.sampled_from([GPU, "another", None]),
    st.booleans(),
)
def test_a_credit_is_named_as_a_charge_is(
    size: int, usual: int, days: int, category: str, resource: str | None, correction: bool
) -> None:
    """One line item more of either sign: the same share of the excess, the same name, the opposite amount."""

    def line(day: date, cost: int) -> Charge:
        return replace(charge(day, cost, None, resource, category=category), correction=correction, service="S")

    drivers = []
    for sign in (1, -1):
        earlier = [line(FIRST - timedelta(days=number), sign * usual) for number in range(1, days + 1)]
        one = anomaly(500 + sign * size, 500, 1)
        drivers.append(found(one, before(500, 10), earlier, during(500, 10, days=1), [line(FIRST, sign * size)]))
    charged, credited = drivers
    assert credited == replace(charged, amount=-charged.amount, cause=credited.cause)
    named = charged.cause is not Cause.UNKNOWN
    assert (charged.cause, credited.cause) == ((Cause.ONE_OFF, Cause.CREDIT) if named else (Cause.UNKNOWN,) * 2)
    assert named == (size - usual >= D("0.3") * size)


def test_a_purchase_of_one_day_is_a_one_off_charge() -> None:
    bought = charge(FIRST, 3000, None, None, meter="Reserved capacity", unit=None, category="Purchase")
    result = found(anomaly(3100, 100, 1), before(100, 10), [bought], during(100, 10, days=1))
    assert (result.cause, result.amount, result.name) == (Cause.ONE_OFF, D(3000), "Reserved capacity")


def test_a_fee_that_comes_every_day_is_new_and_no_one_off() -> None:
    fee = {"meter": "Plan", "unit": None, "category": "Purchase"}
    days = [charge(FIRST + timedelta(days=number), 13, None, None, **fee) for number in range(5)]
    assert found(anomaly(65, 0), days).cause is Cause.NEW_RESOURCE


def test_what_explains_little_is_not_called_a_driver() -> None:
    result = found(anomaly(5000, 500), before(100, 10), during(110, 11))
    assert result == Driver(Cause.UNKNOWN, D(0))


@pytest.mark.parametrize(("cost", "cause"), [(130, Cause.VOLUME), (129, Cause.UNKNOWN)])
def test_a_driver_explains_three_tenths_at_least(cost: int, cause: Cause) -> None:
    """Five days of 100 become ``cost``; the excess is 500, three tenths of it 30 a day."""
    assert found(anomaly(1000, 500), before(100, 10), during(cost, cost / 10)).cause is cause


@pytest.mark.parametrize(("ended", "cause"), [(50, Cause.VOLUME), (49, Cause.NEW_RESOURCE)])
def test_one_takes_over_from_another_where_a_quarter_of_it_ended(ended: int, cause: Cause) -> None:
    result = found(anomaly(1000, 250), before(ended, 5, "i-old"), during(200, 20, "i-new"))
    assert (result.cause, result.amount) == (cause, D(1000 - 5 * ended if cause is Cause.VOLUME else 1000))


@pytest.mark.parametrize(("day", "cause"), [(28, Cause.UNKNOWN), (29, Cause.MISSING_CREDIT), (4, Cause.MISSING_CREDIT)])
@pytest.mark.parametrize("way", [1, -1])
def test_a_monthly_credit_may_come_three_days_sooner_or_later(day: int, cause: Cause, way: int) -> None:
    """The anomaly is on 1 May; a credit of 29 March to 4 April was due about then, and none of 28 March or 5 April."""
    came = date(2026, 3, day) if day > 7 else date(2026, 4, day)
    if way < 0:
        came = date(2026, 4, 1) + (date(2026, 4, 1) - came)
    result = found(anomaly(5100, 100, 1, date(2026, 5, 1)), [charge(came, -5000, None, None, **CREDIT)])
    assert result.cause is cause


def test_a_credit_of_another_resource_does_not_stand_for_the_one_that_is_missing() -> None:
    def credit(day: date, resource: str) -> Charge:
        return charge(day, -900, None, resource, **CREDIT)

    came = [credit(date(2026, 4, 1), "a"), credit(date(2026, 4, 1), "b"), credit(date(2026, 5, 1), "a")]
    result = found(anomaly(100, -800, 1, date(2026, 5, 1)), came)
    assert (result.cause, result.amount, result.name) == (Cause.MISSING_CREDIT, D(900), "b")


def test_a_charge_named_by_its_month_is_the_same_charge() -> None:
    def fee(day: date) -> Charge:
        return charge(day, -900, None, f"plan-{day:%Y%m%d}", meter="Plan", unit=None, category="Credit")

    assert found(anomaly(100, -800, 1, date(2026, 5, 1)), [fee(date(2026, 4, 1)), fee(date(2026, 5, 1))]).cause is (
        Cause.UNKNOWN
    )


def test_a_fee_that_came_last_month_is_no_one_off_charge() -> None:
    fee = {"meter": "Support", "unit": None, "category": "Purchase"}
    days = [charge(day, 900, None, None, **fee) for day in (date(2026, 4, 1), date(2026, 5, 1))]
    assert found(anomaly(900, 0, 1, date(2026, 5, 1)), days).cause is Cause.UNKNOWN


def test_a_credit_of_the_same_day_is_no_part_of_a_one_off_charge() -> None:
    bought = charge(FIRST, 3000, None, None, meter="Reserved capacity", unit=None, category="Purchase")
    credit = charge(FIRST, -100, None, None, **CREDIT)
    assert found(anomaly(2900, 0, 1), [bought, credit]).amount == 3000


def test_the_days_after_are_no_part_of_it_and_unknown_costs_hide_no_known_ones() -> None:
    after = charge(FIRST + timedelta(days=5), 9000, 900)
    lost = Charge(FIRST, GPU, "Host:gpu", "Hrs", "Usage", None, D(10))
    result = found(anomaly(1000, 500), before(100, 10), during(200, 20), [after, lost])
    assert (result.cause, result.amount) == (Cause.VOLUME, D(500))


def test_usage_is_compared_with_four_weeks_and_not_with_the_fifth() -> None:
    dear = [charge(FIRST - timedelta(days=number), 900, 90) for number in range(29, 36)]
    result = found(anomaly(1000, 500), before(100, 10)[:28], dear, during(200, 20))
    assert (result.amount, result.quantity0) == (D(500), D(50))


def test_a_charge_that_did_not_come_is_no_part_of_a_missing_credit() -> None:
    fee = charge(date(2026, 4, 1), 700, None, None, meter="Support", unit=None, category="Purchase")
    credit = charge(date(2026, 4, 1), -5000, None, None, **CREDIT)
    assert found(anomaly(5100, 100, 1, date(2026, 5, 1)), [fee, credit]).amount == 5000


@pytest.mark.parametrize(("days", "cause"), [(7, Cause.MISSING_CREDIT), (8, Cause.UNKNOWN)])
def test_a_missing_credit_explains_a_week_and_no_longer_time(days: int, cause: Cause) -> None:
    """What lasts longer than the days on which a monthly charge may come is not its absence."""
    credit = charge(date(2026, 4, 1), -5000, None, None, **CREDIT)
    assert found(anomaly(5100, 100, days, date(2026, 5, 1)), [credit]).cause is cause


def test_the_largest_of_several_missing_credits_names_them() -> None:
    """5,000 and 200 did not come; the day cost 5,200 more."""
    day = date(2026, 4, 1)
    small, large = charge(day, -200, None, "plan-b", **CREDIT), charge(day, -5000, None, "plan-a", **CREDIT)
    for credits in ([small, large], [large, small]):
        result = found(anomaly(5300, 100, 1, date(2026, 5, 1)), credits)
        assert (result.cause, result.amount, result.name) == (Cause.MISSING_CREDIT, D(5200), "plan-a")


@pytest.mark.parametrize(("cost0", "cost1"), [(100, 300), (300, 100)])
def test_the_resource_that_moved_most_that_way_leads(cost0: int, cost1: int) -> None:
    """Ten hours a machine become thirty, or thirty ten, on one of two; the other moves by a single hour."""
    sides = [("i-far", cost0, cost1), ("i-near", 100, 110 if cost1 > cost0 else 90)]
    for order in (sides, sides[::-1]):
        earlier = [one for name, cost, _ in order for one in before(cost, cost / 10, name)]
        later = [one for name, _, cost in order for one in during(cost, cost / 10, name)]
        result = found(anomaly(5 * (cost1 + 100), 5 * (cost0 + 100)), earlier, later)
        assert (result.cause, result.name) == (Cause.VOLUME, "i-far")
        assert (result.quantity0, result.quantity1) == (D(cost0) / 2, D(cost1) / 2)


def test_work_that_moves_to_dearer_machines_is_volume() -> None:
    """10 hours at 10 and 10 at 2 become 20 and 10: 100 more a day, 60 of it for more hours and 40 for dearer ones."""
    earlier = [*before(100, 10, "i-dear"), *before(20, 10, "i-cheap")]
    later = [*during(200, 20, "i-dear"), *during(20, 10, "i-cheap")]
    result = found(anomaly(1100, 600), earlier, later)
    assert (result.cause, result.amount) == (Cause.VOLUME, D(500))


def test_a_purchase_of_the_weeks_before_is_no_usage_that_ended() -> None:
    """4,000 for a reservation two weeks ago would be 1,000 on the same weekday; only usage is compared."""
    bought = charge(FIRST - timedelta(days=14), 4000, 1, None, meter="Reserved capacity", category="Purchase")
    result = found(anomaly(50, 100, 1), before(100, 10), [bought], during(50, 5, days=1))
    assert (result.cause, result.amount) == (Cause.VOLUME, D(-50))


@pytest.mark.parametrize(("ago", "cause"), [(35, Cause.UNKNOWN), (36, Cause.ONE_OFF)])
def test_what_came_within_five_weeks_came_before(ago: int, cause: Cause) -> None:
    fee = {"meter": "Support", "unit": None, "category": "Purchase"}
    days = [charge(day, 900, None, None, **fee) for day in (FIRST - timedelta(days=ago), FIRST)]
    assert found(anomaly(900, 0, 1), days).cause is cause


def test_usage_without_a_resource_is_told_by_its_meter() -> None:
    result = found(anomaly(1000, 500), before(100, 10, None), during(200, 20, None))
    assert (result.cause, result.name) == (Cause.VOLUME, "Host:gpu")


def test_without_any_charge_there_is_no_driver() -> None:
    assert driver(anomaly(100, 0), []) == Driver(Cause.UNKNOWN, D(0))


def test_unknown_costs_are_left_out() -> None:
    lost = [Charge(FIRST, GPU, "Host:gpu", "Hrs", "Usage", None, D(10))]
    assert found(anomaly(1000, 500), lost).cause is Cause.UNKNOWN


def test_without_quantities_a_dearer_meter_is_not_taken_for_volume_or_rate() -> None:
    result = found(anomaly(1000, 500), before(100, None), during(200, None))
    assert result.cause is Cause.UNKNOWN


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("arn:aws:sagemaker:us-east-1:444455556666:training-job/recs-2026-09-22", "training-job/recs-…"),
        (
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-premier-v1:0",
            "foundation-model/amazon.nova-premier-v1:0",
        ),
        ("i-0acda26e1fc619b3e", "i-0acda26e1fc619b3e"),
        ("nightly_20260901_3", "nightly_…_3"),
        ("nightly-20260901-3", "nightly-…-3"),
        ("gpu box 2", "gpu box 2"),
    ],
)
def test_a_family_is_the_name_without_its_run(resource: str, name: str) -> None:
    assert family(resource) == name


@given(
    st.lists(
        st.tuples(st.integers(-35, 4), st.integers(-500, 500), st.one_of(st.none(), st.integers(-5, 50))), max_size=40
    ),
    st.integers(-2000, 2000),
)
def test_a_driver_points_the_way_of_the_excess(rows: list[tuple[int, int, int | None]], excess: int) -> None:
    charges = [charge(FIRST + timedelta(days=day), cost, quantity, f"r{cost % 3}") for day, cost, quantity in rows]
    result = driver(anomaly(1000 + excess, 1000), charges)
    if result.cause is not Cause.UNKNOWN:
        assert result.amount * excess > 0
        assert abs(result.amount) >= D("0.3") * abs(excess)
