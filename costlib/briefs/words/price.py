"""Words and the chart of what measured tokens would cost with other models, at list prices of a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.model_prices import CURRENCY, Elsewhere, TokenUse
from costlib.briefs.words.unit import unit_price
from costlib.charts.spec import Bar, Caption, RankedBars

AS_BILLED: Final = "As billed"
CAVEAT: Final = (
    "Price only: another model may answer better or worse, and cuts the same text into more or fewer tokens. Test "
    "quality on your own cases before you decide."
)
HELP: Final = (
    "The tokens that were measured, at another model's list price of the day: no negotiated discount, no free tier, "
    "the price of short prompts. Tokens read from a cache are taken at the price of cached ones; where none is listed, "
    "at the full input price. Batch is the price for answers that may take hours."
)
HEADER: Final = (
    "Model",
    "Vendor",
    "Would cost",
    "Against billed",
    "In batches",
    "Input, a million",
    "Cached",
    "Output",
)


def elsewhere_finding(name: str, use: TokenUse, found: Sequence[Elsewhere], period: str) -> str:
    """The cheapest and the dearest model for the same tokens, against what they were billed."""
    known = [one for one in found if one.amount is not None]
    if use.cost is None or not known:
        return f"What the tokens of {name} would cost elsewhere is unknown"
    told = [f"{money.short(one.amount, CURRENCY)} with {one.name}" for one in (known[0], known[-1])]
    between = told[0] if len(known) == 1 else f"from {told[0]} to {told[1]}"
    return f"The tokens of {name} cost {money.short(use.cost, CURRENCY)} {period}; at list prices {between}"


def elsewhere_chart(use: TokenUse, found: Sequence[Elsewhere], caption: Caption) -> RankedBars:
    """What was billed beside what each model would cost; an unknown price is a bar without a length."""
    bars = [Bar(one.name, one.amount) for one in found]
    return RankedBars(
        caption, CURRENCY, (Bar(AS_BILLED, use.cost), *bars), "Cost of the same tokens", dimension="Model"
    )


def elsewhere_rows(use: TokenUse, found: Sequence[Elsewhere]) -> list[list[str]]:
    """Rows of the table, cheapest first."""
    return [_row(use, one) for one in found]


def left_out_words(use: TokenUse, found: Sequence[Elsewhere]) -> str:
    """What is not in the comparison: meters without known tokens, models without a listed price; '' where all is in."""
    said = []
    if use.unknown:
        meters, are = ("One meter", "is") if use.unknown == 1 else (f"{money.count(use.unknown)} meters", "are")
        said.append(f"{meters} ({money.short(use.left_out, CURRENCY)}) without known tokens {are} left out.")
    if unlisted := [one.name for one in found if one.price is None]:
        said.append(f"No price is listed for {', '.join(unlisted)}: unknown.")
    if plain := [one.name for one in found if one.price and use.cached and not one.price.cached_listed]:
        said.append(
            f"No price of cached tokens is listed for {', '.join(plain)}: they are taken at the full input price."
        )
    if long := [one.name for one in found if one.price and one.price.dearer_when_long]:
        said.append(f"Long prompts cost more with {', '.join(long)}.")
    return " ".join(said)


def _row(use: TokenUse, one: Elsewhere) -> list[str]:
    prices = one.price.standard if one.price else None
    cells: list[Amount] = [prices.fresh, prices.cached, prices.output] if prices else [None] * 3
    return [
        one.name,
        one.vendor,
        money.short(one.amount, CURRENCY),
        _against(one.amount, use.cost),
        money.short(one.batch, CURRENCY) if one.batch is not None else "not listed",
        *(unit_price(cell, CURRENCY) for cell in cells),
    ]


def _against(amount: Amount, billed: Amount) -> str:
    return money.percent(money.ratio(money.difference(amount, billed), billed), sign=True)
