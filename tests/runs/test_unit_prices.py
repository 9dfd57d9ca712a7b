"""List prices of work without a bill: hours of a machine, tokens of a vendor's model, and what is not listed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib.analysis.units.measures import WRITTEN, unit_of
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
    ("metric", "times"),
    [("cache write tokens", 5), ("cache write tokens, 5 minutes", 5), ("cache write tokens, 1 hour", 8)],
)
def test_tokens_written_to_a_cache_cost_more_the_longer_they_are_kept(metric: str, times: int) -> None:
    """Anthropic lists five quarters of the input for a short time, twice the input for an hour."""
    price, model = listed_prices(MACHINES, "USD"), "claude-sonnet-4-5-20250929"
    read, written = (price(unit_of(name), model, DAY) for name in ("input tokens", metric))
    assert read is not None
    assert written is not None
    assert written.amount * 4 == read.amount * times
    assert written.source == read.source


@pytest.mark.parametrize("metric", WRITTEN)
def test_where_writing_to_a_cache_has_no_price_of_its_own_it_costs_what_input_does(metric: str) -> None:
    price, model = listed_prices(MACHINES, "USD"), "gpt-4o-2024-08-06"
    assert price(unit_of(metric), model, DAY) == price(unit_of("input tokens"), model, DAY) is not None


def test_an_hour_of_cache_is_unknown_where_only_a_shorter_time_is_listed() -> None:
    price, model = listed_prices(MACHINES, "USD"), "gpt-6-astra"
    assert price(unit_of("cache write tokens"), model, DAY) is not None
    assert price(unit_of("cache write tokens, 1 hour"), model, DAY) is None


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
