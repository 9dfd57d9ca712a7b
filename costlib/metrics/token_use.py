"""Tokens and what they were billed, by model, asked of the cube: what list prices of other models are put on.

Tokens are in single tokens. A meter whose kind of tokens, unit or quantity is not told is counted and left out, with
its cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Context, Decimal

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.measures import CACHED, INPUT, OUTPUT, base_of, token_kind
from costlib.analysis.units.model_prices import TokenUse
from costlib.focus import EFFECTIVE
from costlib.periods import Grain, Window
from costlib.store.question import Filter, Question, Row
from costlib.store.reader import Reader

_WRITTEN = "written"
_WIDE = Context(prec=60)


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
        kind, amount = _kind(meter), _tokens(quantities.get(row.values), unit)
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
    sums = {
        name: money.exact_sum(amount for kind, amount, _ in told if kind == name)
        for name in (INPUT, CACHED, _WRITTEN, OUTPUT)
    }
    costs = [cost for _, _, cost in told]
    return TokenUse(
        model,
        sums[INPUT],
        sums[CACHED],
        sums[_WRITTEN],
        sums[OUTPUT],
        cost=None if None in costs else money.exact_sum(costs),
        unknown=len(untold),
        left_out=money.total(cost for _, _, cost in untold),
    )


def _kind(meter: str | None) -> str | None:
    """The kind of tokens that a meter counts; tokens written to a cache are one of their own."""
    name = (meter or "").lower()
    return _WRITTEN if all(word in name for word in ("token", "cache", "write")) else token_kind(meter)


def _tokens(row: Row | None, unit: str | None) -> Amount:
    base = base_of(unit, INPUT)
    if row is None or row.unknown or row.amount is None or unit is None or base is None or base[0] != "tokens":
        return None
    return _WIDE.multiply(row.amount, base[1])
