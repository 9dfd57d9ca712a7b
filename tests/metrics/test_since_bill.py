"""What models cost since their bill ends, asked of a store: worked by hand, by provider, replaced by the bill."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.analysis.units import Volume
from costlib.analysis.units.estimate import past_error
from costlib.metrics.since_bill import SinceBill, since_the_bill
from costlib.periods import Window
from costlib.runs.prices import PriceList
from costlib.runs.unit_prices import listed_prices
from costlib.store.question import Filter
from costlib.workspace import Workspace
from tests.pages.stores import daily, write_focus

#: A Sunday, and the first of ten weeks that end with it.
LAST, FIRST = date(2026, 10, 18), date(2026, 8, 10)
USD = (Filter("BillingCurrency", ("USD",)),)
LISTED = listed_prices(PriceList("USD", date(2026, 7, 20), {"p4d.24xlarge": ((date(2024, 1, 1), Decimal(20)),)}), "USD")
Rows = list[dict[str, str]]
Asked = Callable[..., SinceBill | None]


def billed(cost: str, model: str = "bot", *, days: int = 70, team: str = "Search", **columns: str) -> Rows:
    """A model's cost a day."""
    tags = json.dumps({"team": team, "model": model, "stage": "real-time inference"})
    return daily(FIRST, days, cost, Tags=tags, **columns)


def counted(
    metric: str, value: str, model: str = "bot", *, days: int = 75, team: str | None = "Search"
) -> list[Volume]:
    return [Volume(FIRST + timedelta(days=day), metric, team, model, Decimal(value)) for day in range(days)]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    """The estimate of a store with these bills and counts."""
    space = Workspace(tmp_path / "store")

    def ask(
        rows: Rows, volumes: list[Volume], filters: tuple[Filter, ...] = USD, name: str = "bill"
    ) -> SinceBill | None:
        space.load([write_focus(tmp_path / name / f"{name}.csv", rows)])
        return since_the_bill(space.snapshot().reader, filters, volumes, LISTED)

    return ask


def amounts(found: SinceBill | None) -> Mapping[tuple[str, str], Decimal]:
    assert found is not None
    return {(one.model, one.unit.metric): one.amount for one in found.found}


def test_five_days_of_two_thousand_requests_at_half_a_cent(asked: Asked) -> None:
    found = asked(billed("10"), counted("requests", "2000"))
    assert amounts(found) == {("bot", "requests"): 50}
    assert found is not None
    assert (found.billed_to, found.amount, found.covered, found.unknown) == (LAST, 50, 1, ())
    told = past_error(found.replays)
    assert told is not None
    assert (told.typical, told.largest) == (0, 0)


def test_teams_of_a_model_are_taken_together(asked: Asked) -> None:
    """30 a day over 1,000 and 500 requests are 0.02 each; five days of 1,500 are 150."""
    rows = [*billed("10"), *billed("20", team="Fraud")]
    volumes = [*counted("requests", "1000"), *counted("requests", "500", team="Fraud")]
    assert amounts(asked(rows, volumes)) == {("bot", "requests"): 150}


def test_what_is_not_measured_is_out_of_the_estimate_and_of_the_share(asked: Asked) -> None:
    rows = [*billed("10"), *billed("30", "quiet")]
    found = asked(rows, counted("requests", "1000"))
    assert amounts(found) == {("bot", "requests"): 50}
    assert found is not None
    assert found.covered == Decimal("0.25")


def test_each_kind_of_token_has_its_own_price(asked: Asked) -> None:
    """Meters at 6 and 4 a day over 300 and 100 tokens: 0.02 and 0.04; five days are 30 and 20."""
    rows = [
        *billed("6", SkuMeter="Input tokens", ConsumedQuantity="300", ConsumedUnit="Tokens"),
        *billed("4", SkuMeter="Output tokens", ConsumedQuantity="100", ConsumedUnit="Tokens"),
    ]
    volumes = [*counted("input tokens", "300"), *counted("output tokens", "100"), *counted("requests", "7")]
    assert amounts(asked(rows, volumes)) == {("bot", "input tokens"): 30, ("bot", "output tokens"): 20}


def test_a_model_whose_bill_ends_sooner_is_estimated_from_there(asked: Asked) -> None:
    """The other provider's bill ends three days earlier: eight days of its model, five of the first."""
    rows = [*billed("10"), *billed("20", "other", days=67, ServiceProviderName="Elsewhere")]
    found = asked(rows, [*counted("requests", "1000"), *counted("requests", "1000", "other")])
    assert amounts(found) == {("bot", "requests"): 50, ("other", "requests"): 160}


def test_a_model_of_two_providers_waits_for_the_later_bill(asked: Asked) -> None:
    """Both are 30 a day for 1,000 requests; the second bill ends three days earlier, so eight days are open."""
    rows = [*billed("10"), *billed("20", days=67, ServiceProviderName="Elsewhere")]
    assert amounts(asked(rows, counted("requests", "1000"))) == {("bot", "requests"): 240}


def test_a_model_that_no_bill_names_takes_the_list_price_of_its_machine(asked: Asked) -> None:
    """Three days of 24 hours at 20 dollars."""
    hours = [one for one in counted("p4d.24xlarge hours", "24", "new") if one.day > LAST - timedelta(days=-2)]
    found = asked(billed("10"), [*counted("requests", "1000"), *hours])
    assert amounts(found) == {("bot", "requests"): 50, ("new", "p4d.24xlarge hours"): 1440}
    assert found is not None
    assert found.found[0].price.source == "List price of 20 Jul 2026"
    assert found.covered == 1


def test_what_has_neither_bill_nor_list_is_told_and_not_in_the_sum(asked: Asked) -> None:
    found = asked(billed("10"), [*counted("requests", "1000"), *counted("requests", "9", "new")])
    assert found is not None
    assert found.amount == 50
    assert [one.model for one in found.unknown] == ["new"]


def test_filters_narrow_the_cost(asked: Asked) -> None:
    rows = [*billed("10"), *billed("20", team="Fraud")]
    found = asked(rows, counted("requests", "1000"), (*USD, Filter("x_Team", ("Fraud",))))
    assert amounts(found) == {("bot", "requests"): 100}


def test_counts_that_end_with_the_bill_give_no_estimate(asked: Asked) -> None:
    assert asked(billed("10"), counted("requests", "1000", days=70)) is None
    assert asked(billed("10"), []) is None


def test_the_bill_that_comes_takes_the_place_of_the_estimate(asked: Asked) -> None:
    """Two more days are billed: three are left. All five are: none is."""
    volumes = counted("requests", "1000")
    assert amounts(asked(billed("10"), volumes)) == {("bot", "requests"): 50}
    assert amounts(asked(billed("10", days=72), volumes)) == {("bot", "requests"): 30}
    assert asked(billed("10", days=75), volumes) is None


def test_without_usage_nothing_is_asked(tmp_path: Path) -> None:
    space = Workspace(tmp_path / "store")
    fee = daily(FIRST, 1, "9", ChargeCategory="Tax")
    space.load([write_focus(tmp_path / "tax" / "tax.csv", fee)])
    assert since_the_bill(space.snapshot().reader, USD, counted("requests", "1"), LISTED) is None


class TestAnAccountWhoseBillIsLate:
    """Of 30 dollars a day for 1,000 requests a second account of the same provider bills 20."""

    def rows(self, *, second: int, gap: Callable[[date], bool] = lambda day: False) -> Rows:
        """``second`` are the days that the second account's bill reaches, from 1 June on; it lacks those of ``gap``."""
        first = daily(date(2026, 6, 1), 140, "10", Tags=self.tags())
        late = daily(date(2026, 6, 1), second, "20", Tags=self.tags(), BillingAccountId="second")
        return [*first, *(row for row in late if not gap(date.fromisoformat(row["ChargePeriodStart"][:10])))]

    def tags(self) -> str:
        return json.dumps({"team": "Search", "model": "bot", "stage": "real-time inference"})

    def counts(self) -> list[Volume]:
        """To 23 October, five days after the bill of the first account."""
        return [
            Volume(date(2026, 6, 1) + timedelta(days=at), "requests", None, "bot", Decimal(1000)) for at in range(145)
        ]

    def test_it_is_estimated_from_the_day_that_is_missed_at_the_price_before(self, asked: Asked) -> None:
        """The second bill ends with September: 23 days of 30 dollars, and not 5 at 10."""
        found = asked(self.rows(second=122), self.counts())
        assert amounts(found) == {("bot", "requests"): 23 * 30}
        assert found is not None
        assert found.found[0].days == Window(date(2026, 10, 1), date(2026, 10, 24))
        assert found.covered is None

    def test_a_month_that_it_lacks_between_is_in_no_price_and_no_past_error(self, asked: Asked) -> None:
        """September is missing: the price is that of October's days, and no past estimate is held against a third."""
        found = asked(self.rows(second=140, gap=lambda day: day.month == 9), self.counts())
        assert amounts(found) == {("bot", "requests"): 5 * 30}
        assert found is not None
        told = past_error(found.replays)
        assert told is not None
        assert (told.typical, told.largest) == (0, 0)

    def test_days_on_which_work_cost_nothing_are_in_the_price(self, asked: Asked) -> None:
        """No line item on Sundays: 30 dollars on six days for seven thousand requests."""
        rows = [row for row in self.rows(second=140) if date.fromisoformat(row["ChargePeriodStart"][:10]).weekday() < 6]
        found = asked(rows, self.counts())
        assert found is not None
        assert found.found[0].price.amount * 7000 == pytest.approx(180)
