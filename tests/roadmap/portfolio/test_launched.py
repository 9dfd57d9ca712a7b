"""A launch held against its bill; every figure worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from costlib.periods import Window, days_in_month
from costlib.roadmap.plan_fields import Estimate
from costlib.roadmap.portfolio.launch import Decided, Launch
from costlib.roadmap.portfolio.launch_review import Component, Measured, Status
from costlib.roadmap.portfolio.launched import (
    BilledMeter,
    Workloads,
    claimed_by,
    closed_months,
    launch_month,
    measured_by,
    several_units,
    stated_estimate,
)


def sure(value: float) -> Estimate:
    return Estimate(low=value, likely=value, high=value)


#: 1,000 conversations x 2 tokens x 3 USD = 6,000, and an index of 100 hours x 5 USD = 500 every month.
LOADS = Workloads(
    {"conversations": sure(1000), "months": sure(1)},
    (Component("tokens", "conversations", sure(2), sure(3)), Component("index", "months", sure(100), sure(5))),
    {"tokens": ("input-tokens", "output-tokens"), "index": ("OCU",)},
)
BILL = [
    BilledMeter("USE1-input-tokens", 1500, 4000),
    BilledMeter("USE1-Output-Tokens", 900, 3200),
    BilledMeter("SearchOCU", 100, 500),
    BilledMeter("egress", None, 90),
]
SEPTEMBER = date(2026, 9, 1)


def test_meters_add_up_to_their_component_and_the_rest_was_not_foreseen():
    assert measured_by(LOADS, BILL, {"conversations": 1200, "months": 1}) == {
        "tokens": Measured(1200, 2400, 7200),
        "index": Measured(1, 100, 500),
        "egress": Measured(0, 0, 90),
    }


class TestUnits:
    """The index is billed by the hour and by the gigabyte: 100 hours and 40 gigabytes are 140 of nothing."""

    BOTH = (
        BilledMeter("SearchOCU", 100, 500, "Hours"),
        BilledMeter("SearchOCU", 40, 60, "GB"),
        BilledMeter("USE1-input-tokens", 2000, 6000, "Tokens"),
    )

    def test_quantities_of_different_units_are_never_added(self):
        assert several_units(LOADS, self.BOTH) == {"index": {"Hours": 100, "GB": 40}}
        assert measured_by(LOADS, self.BOTH, {"conversations": 1000, "months": 1}) is None

    def test_the_month_is_judged_and_says_what_each_unit_came_to(self):
        found = launch_month(SEPTEMBER, LOADS.estimate(), LOADS, self.BOTH, {"conversations": 1000})
        assert (found.actual, found.causes) == (6560, None)
        assert found.mixed == {"index": {"Hours": 100, "GB": 40}}

    def test_two_meters_of_one_component_may_disagree_too(self):
        bill = [BilledMeter("input-tokens", 5, 1, "1K tokens"), BilledMeter("output-tokens", 7, 1, "tokens")]
        assert several_units(LOADS, bill) == {"tokens": {"1K tokens": 5, "tokens": 7}}

    def test_one_unit_in_other_letters_is_one_unit_and_what_nobody_claims_may_have_any(self):
        bill = [
            BilledMeter("SearchOCU", 60, 300, "Hours"),
            BilledMeter("ocu-spare", 40, 200, "hours"),
            BilledMeter("egress", 3, 9, "GB"),
            BilledMeter("egress", 3, 1, "Requests"),
        ]
        assert several_units(LOADS, bill) == {}
        found = measured_by(LOADS, bill, {"conversations": 1, "months": 1})
        assert found["index"] == Measured(1, 100, 500) and found["egress"] == Measured(0, 0, 10)

    def test_a_credit_beside_a_counted_charge_takes_no_quantity_away(self):
        bill = [BilledMeter("SearchOCU", 100, 500, "Hours"), BilledMeter("SearchOCU", None, -50)]
        assert measured_by(LOADS, bill, {"conversations": 1, "months": 1})["index"] == Measured(1, 100, 450)


def test_a_month_by_cause():
    """Tokens 7,200 against 6,000: 200 conversations more = 1,200; 2 tokens each and 3 USD each as expected."""
    found = launch_month(SEPTEMBER, LOADS.estimate(), LOADS, BILL, {"conversations": 1200})
    assert (found.actual, found.low, found.high) == pytest.approx((7790, 6500, 6500))
    assert found.beyond == pytest.approx(1290)
    tokens, index = found.causes.deviations
    assert (tokens.volume, tokens.consumption, tokens.price) == pytest.approx((1200, 0, 0))
    assert index.total == pytest.approx(0)
    assert found.causes.unforeseen == {"egress": 90}


def test_a_volume_that_nobody_counted_leaves_the_causes_unknown_and_the_month_judged():
    found = launch_month(SEPTEMBER, LOADS.estimate(), LOADS, BILL, {})
    assert found.causes is None and found.actual == 7790


def test_one_volume_that_nobody_counted_of_two_leaves_the_causes_unknown():
    two = Workloads({**LOADS.volumes, "months": sure(1), "pages": sure(9)}, (
        LOADS.components[0], Component("scans", "pages", sure(1), sure(2))
    ), LOADS.meters)  # fmt: skip
    counted = {"conversations": 1200.0, "pages": 10.0}
    told = [launch_month(SEPTEMBER, two.estimate(), two, BILL, {name: counted[name]}).causes for name in counted]
    assert told == [None, None]
    assert launch_month(SEPTEMBER, two.estimate(), two, BILL, counted).causes is not None


def test_a_quantity_that_the_bill_does_not_say_leaves_the_causes_unknown():
    bill = [BilledMeter("USE1-input-tokens", None, 4000)]
    assert measured_by(LOADS, bill, {"conversations": 1, "months": 1}) is None
    assert launch_month(SEPTEMBER, LOADS.estimate(), LOADS, bill, {"conversations": 1}).causes is None


def test_a_range_that_was_stated_is_taken_as_it_is():
    estimate = stated_estimate(100, 200, 400)
    months = [
        launch_month(SEPTEMBER, estimate, None, [BilledMeter("x", 1, cost)], {}) for cost in (70, 100, 250, 400, 450)
    ]
    assert [one.beyond for one in months] == [-30, 0, 0, 0, 50]
    assert all(one.causes is None for one in months)


def test_the_first_component_that_claims_a_meter_has_it():
    assert claimed_by(LOADS, "EU-INPUT-TOKENS") == "tokens"
    assert claimed_by(LOADS, "storage") is None
    assert claimed_by(Workloads(LOADS.volumes, LOADS.components, {}), "SearchOCU") is None


MARCH_TO_MAY = Window(date(2026, 3, 15), date(2026, 6, 10))


@pytest.mark.parametrize(
    ("shipped", "months"),
    [
        (date(2026, 3, 1), [4, 5]),
        (date(2026, 4, 1), [4, 5]),
        (date(2026, 4, 2), [5]),
        (date(2020, 1, 1), [4, 5]),
        (date(2026, 5, 2), []),
        (date(2027, 1, 1), []),
    ],
)
def test_only_whole_months_of_the_bill_count(shipped, months):
    assert [one.start.month for one in closed_months(shipped, MARCH_TO_MAY)] == months


@given(
    shipped=st.dates(date(2024, 1, 1), date(2027, 1, 1)),
    first=st.dates(date(2024, 1, 1), date(2027, 1, 1)),
    days=st.integers(0, 900),
)
def test_months_are_whole_inside_the_bill_and_after_the_launch(shipped, first, days):
    window = Window(first, date.fromordinal(first.toordinal() + days))
    for one in closed_months(shipped, window):
        assert one.start.day == 1 and one.days == days_in_month(one.start)
        assert max(shipped, window.start) <= one.start and one.end <= window.end


PARTS = {
    "what": "Assistant",
    "currency": "USD",
    "scope": {"x_Model": "assistant"},
    "volumes": {"calls": 1000},
    "components": [{"name": "tokens", "volume": "calls", "consumption": 2, "price": 3, "meters": ["token"]}],
}


class TestLaunch:
    def test_a_month_may_cost_nothing_at_the_low_end(self):
        plain = {name: value for name, value in PARTS.items() if name not in ("volumes", "components")}
        monthly = Launch(**plain, monthly={"low": 0, "likely": 2, "high": 4}).estimate().monthly
        assert (monthly.low, monthly.likely, monthly.high) == (0, 2, 4)

    def test_components_are_estimated(self):
        assert Launch(**PARTS).estimate().monthly.likely == pytest.approx(6000)

    def test_a_stated_range_needs_no_workloads(self):
        plain = {name: PARTS[name] for name in ("what", "currency", "scope")}
        launch = Launch(**plain, monthly={"low": 1, "likely": 2, "high": 4})
        assert launch.workloads is None
        monthly = launch.estimate().monthly
        assert (monthly.low, monthly.likely, monthly.high) == (1, 2, 4)

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"monthly": 5}, "one of the two"),
            ({"components": ()}, "one of the two"),
            ({"components": (), "monthly": {"low": -1, "likely": 0, "high": 1}}, "0 or more"),
            ({"scope": {}}, "scope"),
            ({"limit": -1}, "limit"),
            ({"price": 1}, "price"),
        ],
    )
    def test_what_is_refused(self, fields, said):
        with pytest.raises(ValidationError, match=said):
            Launch(**{**PARTS, **fields})

    @pytest.mark.parametrize(
        ("verdict", "shipped", "status"),
        [
            ("approved", None, Status.APPROVED),
            ("approved", date(2026, 2, 1), Status.UNAPPROVED),
            ("declined", date(2026, 4, 1), Status.UNAPPROVED),
            ("declined", None, Status.REFUSED),
        ],
    )
    def test_its_status(self, verdict, shipped, status):
        made = Decided(verdict=verdict, by="CFO", on=date(2026, 3, 1), why="because")
        assert Launch(**PARTS, decision=made, shipped=shipped).status is status

    def test_it_comes_back_from_a_record_as_it_was(self):
        launch = Launch(**PARTS, limit=Decimal("6500.10"), planned=date(2026, 3, 1))
        body = launch.model_dump(mode="json", exclude_none=True)
        assert body["limit"] == "6500.10"
        assert Launch.model_validate(body) == launch
