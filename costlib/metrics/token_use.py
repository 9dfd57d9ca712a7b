"""Tokens and what they were billed, by model, asked of the cube: what list prices of other models are put on.

Tokens are in single tokens. A meter whose kind of tokens, unit or quantity is not told is counted and left out, with
its cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.measures import CACHED, INPUT, OUTPUT, WRITTEN, single_tokens, token_kind
from costlib.analysis.units.model_prices import TokenUse
from costlib.focus import EFFECTIVE
from costlib.periods import Grain, Window
from costlib.store.question import Filter, Question, Row
from costlib.store.reader import Reader


def token_use(
    reader: Reader, filters: Sequence[Filter], window: Window, measure: str = EFFECTIVE
) -> dict[str | None, TokenUse]:
    """Every model's tokens in the window, most billed first."""
    by = ("x_Model", "SkuMeter", "ConsumedUnit")
    tokens = Filter("x_CostType", ("tokens",))
    asked = [
        reader.ask(Question(by, name, Grain.TOTAL, window, (*filters, tokens)))
        for name in (measure, "ConsumedQuantity")
    ]
    quantities = {row.values: row for row in asked[1]}
    meters: defaultdict[str | None, list[tuple[str | None, Amount, Amount]]] = defaultdict(list)
    for row in asked[0]:
        model, meter, unit = row.values
        kind, amount = token_kind(meter), _tokens(quantities.get(row.values), unit)
        meters[model].append((kind, amount, None if row.unknown else row.amount))
    found = [_use(model, rows) for model, rows in meters.items()]
    ordered = sorted(found, key=lambda use: (-(use.cost or Decimal(0)), use.model or ""))
    return {use.model: use for use in ordered}


def together(uses: Sequence[TokenUse]) -> TokenUse:
    """Several models' tokens as one."""
    fresh, cached, written, output = (
        money.exact_sum(getattr(use, name) for use in uses) for name in ("fresh", "cached", "written", "output")
    )
    cost = None if any(use.cost is None for use in uses) else money.total(use.cost for use in uses)
    unknown, left_out = sum(use.unknown for use in uses), money.total(use.left_out for use in uses)
    return TokenUse(None, fresh, cached, written, output, cost, unknown, left_out)


def _use(model: str | None, meters: Sequence[tuple[str | None, Amount, Amount]]) -> TokenUse:
    told = [one for one in meters if one[0] is not None and one[1] is not None]
    untold = [one for one in meters if one not in told]
    fresh, cached, written, output = (
        money.exact_sum(amount for kind, amount, _ in told if kind in names)
        for names in ((INPUT,), (CACHED,), WRITTEN, (OUTPUT,))
    )
    costs = [cost for _, _, cost in told]
    return TokenUse(
        model,
        fresh,
        cached,
        written,
        output,
        cost=None if None in costs else money.exact_sum(costs),
        unknown=len(untold),
        left_out=money.total(cost for _, _, cost in untold),
    )


def _tokens(row: Row | None, unit: str | None) -> Amount:
    return None if row is None or row.unknown else single_tokens(row.amount, unit)
