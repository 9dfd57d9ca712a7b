"""Measured tokens at list prices: worked by hand, against the price list's own arithmetic, and what is unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import genai_prices
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.units.model_prices import (
    OFFERS,
    VENDORS,
    Offer,
    TokenPrices,
    TokenUse,
    elsewhere,
    list_price,
    looks_mixed_up,
    offer_name,
    offered,
    own_offer,
    source_of_prices,
)

NOVEMBER = date(2026, 11, 1)
SONNET = Offer("anthropic", "claude-sonnet-4-5")
MILLION = 1_000_000


def use(fresh=0, cached=0, written=0, output=0, *, cost=None, model="claude-sonnet-4-5-20250929"):
    counts = (Decimal(number) for number in (fresh, cached, written, output))
    return TokenUse(model, *counts, None if cost is None else Decimal(cost))


class TestListPrice:
    def test_prices_are_for_a_million_and_not_for_a_thousand(self):
        """Claude Sonnet 4.5: 3 dollars a million input tokens, so a thousand cost 0.3 cents."""
        prices = list_price(SONNET, NOVEMBER).standard
        assert prices == TokenPrices(Decimal(3), Decimal("0.3"), Decimal("3.75"), Decimal(15))
        assert prices.cost(use(1000)) == Decimal("0.003")
        assert prices.cost(use(MILLION)) == 3

    def test_kinds_do_not_overlap(self):
        """1 M fresh, 4 M cached, 0.2 M written, 0.1 M output: 3 + 1.20 + 0.75 + 1.50 dollars."""
        assert list_price(SONNET, NOVEMBER).standard.cost(use(MILLION, 4 * MILLION, 200_000, 100_000)) == Decimal(
            "6.45"
        )

    def test_a_price_is_of_its_day(self):
        offer = Offer("deepseek", "deepseek-v4-pro")
        before, after = list_price(offer, date(2026, 8, 16)), list_price(offer, date(2026, 8, 17))
        assert (before.standard.output, after.standard.output) == (Decimal("0.87"), Decimal("1.98"))
        assert (before.on, after.on) == (date(2026, 8, 16), date(2026, 8, 17))

    def test_long_prompts_may_cost_more_but_a_sum_of_short_ones_is_not_long(self):
        price = list_price(SONNET, NOVEMBER)
        assert price.dearer_when_long
        assert price.standard.cost(use(10**12)) == 3 * MILLION
        assert not list_price(Offer("anthropic", "claude-opus-5-5"), NOVEMBER).dearer_when_long

    def test_batches_have_a_price_from_the_day_on_that_it_is_listed_for(self):
        offer = Offer("anthropic", "claude-opus-5-5")
        price = list_price(offer, NOVEMBER)
        halves = (price.standard.fresh / 2, price.standard.cached / 2, price.standard.output / 2)
        assert (price.batch.fresh, price.batch.cached, price.batch.output) == halves
        assert list_price(offer, date(2026, 9, 1)).batch is None
        assert list_price(Offer("aws", "amazon.nova-pro-v1:0"), NOVEMBER).batch is None

    def test_without_a_price_of_cached_tokens_they_cost_what_input_costs(self):
        price = list_price(Offer("deepseek", "deepseek-v3.2"), NOVEMBER)
        assert not price.cached_listed
        assert price.standard.cached == price.standard.written == price.standard.fresh == Decimal("0.2288")

    @pytest.mark.parametrize(
        "offer",
        [Offer("openai", "no-such-model"), Offer("nobody", "gpt-5"), Offer("x-ai", "grok-voice-latest")],
    )
    def test_what_is_not_listed_by_the_token_is_unknown(self, offer):
        assert list_price(offer, NOVEMBER) is None


class TestElsewhere:
    def test_cheapest_first_and_unknown_last(self):
        nobody = Offer("openai", "no-such-model")
        found = elsewhere(use(MILLION, 0, 0, MILLION), [nobody, *OFFERS, SONNET], NOVEMBER)
        amounts = [one.amount for one in found[:-1]]
        assert amounts == sorted(amounts)
        assert (found[-1].offer, found[-1].amount, found[-1].batch, found[-1].price) == (nobody, None, None, None)
        assert {one.offer: one.amount for one in found}[SONNET] == 18

    def test_the_same_model_of_two_vendors_is_told_apart(self):
        offers = [Offer("anthropic", "claude-opus-5-5"), Offer("anthropic", "claude-opus-5-5-20261001")]
        names = [one.name for one in elsewhere(use(1), [*offers, SONNET], NOVEMBER)]
        assert len(set(names)) == 3
        assert "Claude Sonnet 4.5" in names

    def test_offers_are_in_the_list_and_priced(self):
        known = offered()
        assert set(OFFERS) <= set(known)
        assert {offer.vendor for offer in known} == set(VENDORS)
        assert all(list_price(offer, NOVEMBER) for offer in OFFERS)
        assert len({offer_name(offer) for offer in OFFERS}) == len(OFFERS)

    def test_whatever_a_reader_may_choose_has_a_price_above_nothing_and_a_name(self):
        """Codestral is on bills as codestral-2501 or codestral-latest, and in the list by a third name."""
        known = offered()
        assert known == sorted(set(known))
        for offer in known:
            prices = list_price(offer, NOVEMBER).standard
            assert min(prices.fresh, prices.output) > 0
            assert all(offer_name(offer))
        codestral = list_price(Offer("mistral", "codestral"), NOVEMBER)
        assert codestral.standard == list_price(Offer("mistral", "codestral-2501"), NOVEMBER).standard
        assert offer_name(Offer("mistral", "codestral")) == ("Codestral", "Mistral")

    def test_what_was_given_up_or_is_not_priced_by_the_token_is_not_offered(self):
        known = offered()
        given_up, spoken = Offer("google", "gemini-2.0-flash"), Offer("x-ai", "grok-voice-latest")
        assert list_price(given_up, NOVEMBER) is not None
        assert given_up not in known
        assert spoken not in known

    def test_only_the_vendors_asked_for(self):
        assert {offer.vendor for offer in offered(("cohere",))} == {"cohere"}
        assert offered(()) == []

    def test_the_version_of_the_list_is_said(self):
        assert source_of_prices() == f"genai-prices {genai_prices.__version__}"


COUNTS = st.integers(0, 20_000)


@given(st.sampled_from(OFFERS), COUNTS, COUNTS, COUNTS, COUNTS)
def test_one_request_costs_what_the_price_lists_own_arithmetic_says(offer, fresh, cached, written, output):
    """There input tokens include cached and written ones; short requests, since only they have one price."""
    request = genai_prices.Usage(
        input_tokens=fresh + cached + written,
        cache_read_tokens=cached,
        cache_write_tokens=written,
        output_tokens=output,
    )
    moment = datetime(2026, 11, 1, 12, tzinfo=UTC)
    expected = genai_prices.calc_price(
        request, offer.model, provider_id=offer.vendor, genai_request_timestamp=moment
    ).total_price
    assert list_price(offer, NOVEMBER).standard.cost(use(fresh, cached, written, output)) == expected


class TestMixedUp:
    TOKENS = (MILLION, 4 * MILLION, 200_000, 100_000)

    @pytest.mark.parametrize(
        ("cost", "factor"),
        [
            ("6.45", None),
            ("4.50", None),
            ("645", 100),
            ("0.0645", 100),
            ("6450", 1000),
            ("0.00645", 1000),
            ("6450000", 1_000_000),
            ("0", None),
            ("-6.45", None),
            (None, None),
        ],
    )
    def test_cents_taken_for_dollars_and_thousands_for_millions_are_seen(self, cost, factor):
        assert looks_mixed_up(use(*self.TOKENS, cost=cost), NOVEMBER) == factor

    def test_cached_tokens_counted_as_input_too_are_no_power_of_ten_and_left_to_their_own_alarm(self):
        assert looks_mixed_up(use(5 * MILLION, 4 * MILLION, 200_000, 100_000, cost="6.45"), NOVEMBER) is None

    def test_a_name_that_is_no_vendors_model_is_not_judged(self):
        assert own_offer("support-assistant") is None
        assert looks_mixed_up(use(MILLION, cost="300", model="support-assistant"), NOVEMBER) is None
        assert looks_mixed_up(use(MILLION, cost="300", model=None), NOVEMBER) is None
