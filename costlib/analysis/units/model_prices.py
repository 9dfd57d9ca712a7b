"""What measured tokens would cost with another model or vendor, at the list prices of a day.

Conventions: prices are US dollars a **million** tokens, as the package ``genai-prices`` lists them (MIT, offline, its
version beside every figure). Kinds of tokens do not overlap: input tokens exclude cached and written ones. Where a
model has no price for cached tokens, or for writing them, they cost what its input costs, and ``cached_listed`` says
so. Where long prompts cost more, the price of short ones is taken and ``dearer_when_long`` says so: a bill does not
tell how long prompts were. A price that is not listed is unknown, and stays so.

Prices say nothing of quality, and models cut text into tokens in ways of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Final

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.alarms import mixed_up

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, Provider

CURRENCY: Final = "USD"
_MILLION: Final = Decimal(1_000_000)
_WIDE: Final = Context(prec=60)
_BATCH: Final = {"processing": "batch"}


@dataclass(frozen=True)
class TokenUse:
    """Tokens of one model by kind, and what they were billed.

    ``unknown`` counts its meters whose tokens or kind are not told; their cost, ``left_out``, is not in ``cost``.
    """

    model: str | None
    fresh: Decimal
    cached: Decimal
    written: Decimal
    output: Decimal
    cost: Amount
    unknown: int = 0
    left_out: Amount = None

    @property
    def tokens(self) -> Decimal:
        """All tokens."""
        return money.exact_sum((self.fresh, self.cached, self.written, self.output))


@dataclass(frozen=True, order=True)
class Offer:
    """A model that a vendor offers, by the ids that the price list has for both."""

    vendor: str
    model: str


#: Models compared with unless the reader chooses others: large, middle and small ones that vendors offered in
#: November 2026.
OFFERS: Final = (
    Offer("anthropic", "claude-opus-5-5"),
    Offer("anthropic", "claude-sonnet-5-5"),
    Offer("anthropic", "claude-haiku-5-5"),
    Offer("openai", "gpt-6-astra"),
    Offer("openai", "gpt-6.1-sol"),
    Offer("openai", "gpt-6.1-terra"),
    Offer("openai", "gpt-6-luna"),
    Offer("google", "gemini-4-argon"),
    Offer("google", "gemini-3.8-flash"),
    Offer("mistral", "mistral-large-4"),
    Offer("aws", "amazon.nova-pro-v1:0"),
)
#: Vendors whose models a reader may choose from.
VENDORS: Final = ("anthropic", "aws", "azure", "cohere", "deepseek", "google", "mistral", "openai", "x-ai")


@dataclass(frozen=True)
class TokenPrices:
    """Prices a million tokens by kind."""

    fresh: Decimal
    cached: Decimal
    written: Decimal
    output: Decimal

    def cost(self, use: TokenUse) -> Decimal:
        """What the tokens cost.

        >>> prices = TokenPrices(Decimal(3), Decimal("0.3"), Decimal("3.75"), Decimal(15))
        >>> str(prices.cost(TokenUse("m", Decimal(1_000_000), Decimal(4_000_000), Decimal(0), Decimal(100_000), None)))
        '5.7'
        """
        pairs = (
            (self.fresh, use.fresh),
            (self.cached, use.cached),
            (self.written, use.written),
            (self.output, use.output),
        )
        whole = money.exact_sum(_WIDE.multiply(price, tokens) for price, tokens in pairs)
        return _WIDE.divide(whole, _MILLION)


@dataclass(frozen=True)
class ListPrice:
    """What a vendor lists for a model on a day; ``batch`` is None where no price for batches is listed.

    ``written_hour`` is for tokens that a cache keeps for an hour: None where only shorter ones are listed.
    """

    offer: Offer
    on: date
    standard: TokenPrices
    batch: TokenPrices | None
    cached_listed: bool
    dearer_when_long: bool
    written_hour: Decimal | None = None


@dataclass(frozen=True)
class Elsewhere:
    """What the tokens would cost with one offer; amounts are None where the price is not listed.

    ``name`` is the model's; where two vendors of a comparison offer it, the vendor's stands behind it.
    """

    offer: Offer
    name: str
    vendor: str
    price: ListPrice | None
    amount: Amount
    batch: Amount


def elsewhere(use: TokenUse, offers: Iterable[Offer], on: date) -> list[Elsewhere]:
    """The tokens at the list prices of a day with each offer, cheapest first, unknown prices last."""
    found = [_elsewhere(use, offer, on) for offer in offers]
    names = [one.name for one in found]
    found = [
        one if names.count(one.name) == 1 else replace(one, name=f"{one.name} ({one.vendor}: {one.offer.model})")
        for one in found
    ]
    return sorted(found, key=lambda one: (one.amount is None, one.amount or Decimal(0), one.name))


def list_price(offer: Offer, on: date) -> ListPrice | None:
    """The prices of an offer on a day (at noon, where they depend on the hour); None where none are listed."""
    try:
        _, model = _listed(offer)
    except LookupError:
        return None
    return _price_of(offer, model, datetime.combine(on, time(12), UTC))


def own_offer(model: str | None) -> Offer | None:
    """The offer that a name on the bill is, where it is a vendor's name for a model.

    >>> own_offer("gpt-5-2025-08-07"), own_offer("support-assistant"), own_offer(None)
    (Offer(vendor='openai', model='gpt-5-2025-08-07'), None, None)
    """
    from genai_prices.data_snapshot import get_snapshot

    if model is None:
        return None
    try:
        provider, _ = get_snapshot().find_provider_model(model, None, None, None)
    except LookupError:
        return None
    return Offer(provider.id, model)


def looks_mixed_up(use: TokenUse, on: date) -> Decimal | None:
    """The factor between what a vendor's model was billed and its own list price, where units look mixed up.

    None where the model is not listed, or the two differ otherwise (see ``alarms.mixed_up``).
    """
    offer = own_offer(use.model)
    price = list_price(offer, on) if offer else None
    if price is None or not use.cost or use.cost < 0 or not use.tokens:
        return None
    listed = price.standard.cost(use)
    return mixed_up(listed, use.cost) if listed else None


def offered(vendors: Sequence[str] = VENDORS) -> list[Offer]:
    """Every model of text that the vendors offer at a listed price and have not given up, by vendor and name."""
    from genai_prices.data_snapshot import get_snapshot

    return sorted(
        Offer(provider.id, model.id)
        for provider in get_snapshot().providers
        if provider.id in vendors
        for model in provider.models
        if not model.deprecated and _has_text_prices(model)
    )


def offer_name(offer: Offer) -> tuple[str, str]:
    """What model and vendor are called, their ids where the price list does not know them.

    >>> offer_name(Offer("anthropic", "claude-opus-5-5")), offer_name(Offer("openai", "no-such-model"))
    (('Claude Opus 5.5', 'Anthropic'), ('no-such-model', 'openai'))
    """
    try:
        provider, model = _listed(offer)
    except LookupError:
        return offer.model, offer.vendor
    return model.name or model.id, provider.name


def source_of_prices() -> str:
    """Where list prices come from, with the version of the list."""
    import genai_prices

    return f"genai-prices {genai_prices.__version__}"


def _listed(offer: Offer) -> tuple[Provider, ModelInfo]:
    """The offer in the price list, by its id there, which need not be a name on a bill, or else by such a name.

    Raises LookupError where there is none.
    """
    from genai_prices.data_snapshot import get_snapshot

    providers = [one for one in get_snapshot().providers if one.id == offer.vendor]
    named = ((provider, model) for provider in providers for model in provider.models if model.id == offer.model)
    return next(named, None) or get_snapshot().find_provider_model(offer.model, None, offer.vendor, None)


def _elsewhere(use: TokenUse, offer: Offer, on: date) -> Elsewhere:
    price = list_price(offer, on)
    if price is None:
        return Elsewhere(offer, *offer_name(offer), None, None, None)
    batch = price.batch.cost(use) if price.batch else None
    return Elsewhere(offer, *offer_name(offer), price, price.standard.cost(use), batch)


def _price_of(offer: Offer, model: ModelInfo, at: datetime) -> ListPrice | None:
    listed = model.get_prices(at)
    standard = _prices(listed)
    if standard is None:
        return None
    has_batch = any(
        dict(variant.when) == _BATCH and (variant.constraint is None or variant.constraint.active(at))
        for variant in model.price_variants or ()
    )
    batch = _prices(model.get_prices(at, _BATCH)) if has_batch else None
    return ListPrice(
        offer,
        at.date(),
        standard,
        batch,
        cached_listed=listed.cache_read_mtok is not None,
        dearer_when_long=any(not isinstance(one, Decimal) for one in (listed.input_mtok, listed.output_mtok)),
        written_hour=standard.fresh if listed.cache_write_mtok is None else _short(listed.cache_write_1h_mtok),
    )


def _prices(listed: ModelPrice) -> TokenPrices | None:
    """Prices of short prompts by kind of tokens; None where input or output is not priced by the token."""
    fresh, output = _short(listed.input_mtok), _short(listed.output_mtok)
    if fresh is None or output is None:
        return None
    cached, written = _short(listed.cache_read_mtok), _short(listed.cache_write_mtok)
    return TokenPrices(fresh, fresh if cached is None else cached, fresh if written is None else written, output)


def _short(listed: object) -> Decimal | None:
    """A price, of short prompts where it goes by their length."""
    base = getattr(listed, "base", listed)
    return base if isinstance(base, Decimal) else None


def _has_text_prices(model: ModelInfo) -> bool:
    listed = model.prices if not isinstance(model.prices, list) else model.prices[-1].prices
    prices = _prices(listed)
    return prices is not None and prices.fresh > 0 and prices.output > 0
