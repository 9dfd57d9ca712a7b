"""List prices of work without a bill: hours of a machine, tokens of a vendor's model, and what is not listed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib.analysis.units.measures import unit_of
from costlib.analysis.units.model_prices import list_price, own_offer
from costlib.runs.prices import PriceList
from costlib.runs.unit_prices import listed_prices

DAY = date(2026, 10, 21)
MACHINES = PriceList(
    "USD", date(2026, 7, 20), {"p4d.24xlarge": ((date(2024, 1, 1), Decimal(32)), (date(2025, 6, 1), Decimal(22)))}
)


@pytest.mark.parametrize("metric", ["p4d.24xlarge", "p4d.24xlarge hours", "ml.p4d.24xlarge hours"])
def test_an_hour_of_a_machine_by_its_name(metric: str) -> None:
    found = listed_prices(MACHINES, "USD")(unit_of(metric), "any", DAY)
    assert found is not None
    assert (found.amount, found.weeks, found.source) == (22, None, "List price of 20 Jul 2026")


def test_the_price_is_that_of_the_day() -> None:
    found = listed_prices(MACHINES, "USD")(unit_of("p4d.24xlarge hours"), "any", date(2025, 5, 31))
    assert found is not None
    assert found.amount == 32


@pytest.mark.parametrize("metric", ["input tokens", "cached input tokens", "output tokens"])
def test_a_token_of_a_vendors_model_is_a_millionth_of_its_list_price(metric: str) -> None:
    model = "claude-sonnet-4-5-20250929"
    offer = own_offer(model)
    listed = list_price(offer, DAY) if offer else None
    found = listed_prices(MACHINES, "USD")(unit_of(metric), model, DAY)
    assert listed is not None
    assert found is not None
    kinds = {"input tokens": listed.standard.fresh, "cached input tokens": listed.standard.cached}
    assert found.amount * 1_000_000 == kinds.get(metric, listed.standard.output)
    assert "genai-prices" in found.source


@pytest.mark.parametrize(
    ("metric", "model", "currency"),
    [
        ("requests", "bot", "USD"),
        ("input tokens", "bot", "USD"),
        ("x9.huge hours", "bot", "USD"),
        ("p4d.24xlarge hours", "bot", "EUR"),
        ("input tokens", "claude-sonnet-4-5-20250929", "EUR"),
    ],
)
def test_what_no_list_has_in_the_currency_has_no_price(metric: str, model: str, currency: str) -> None:
    assert listed_prices(MACHINES, currency)(unit_of(metric), model, DAY) is None
