"""List prices of work that no bill prices: hours of a machine, and tokens of a vendor's model.

A metric counts hours of a machine where its name is the machine's, with or without the word hours (``p4d.24xlarge
hours``). Tokens have a list price where the model is called by a vendor's name. List prices are US dollars; without
discounts. Tokens written to a cache have the price of as long as they are kept, of a short time where that is not said.
"""

from __future__ import annotations

from datetime import date
from decimal import Context, Decimal

from costlib.analysis.units.estimate import Listed, Price
from costlib.analysis.units.measures import CACHED, INPUT, OUTPUT, TOKEN_KINDS, WRITTEN, Unit
from costlib.analysis.units.model_prices import list_price, own_offer, source_of_prices
from costlib.periods import day_name
from costlib.runs.prices import PriceList

_WIDE = Context(prec=60)
_MILLION = Decimal(1_000_000)


def listed_prices(machines: PriceList, currency: str) -> Listed:
    """What tells the list price of one base unit of a model's work on a day; nothing in a currency of no list."""

    def listed(unit: Unit, model: str, day: date) -> Price | None:
        if unit.metric in TOKEN_KINDS:
            return _tokens(unit, model, day) if currency == "USD" else None
        machine = unit.metric.removesuffix("hours").strip()
        price = machines.price(machine, day) if currency == machines.currency else None
        return Price(price, source=f"List price of {day_name(machines.as_of)}") if price else None

    return listed


def _tokens(unit: Unit, model: str, day: date) -> Price | None:
    offer = own_offer(model)
    found = list_price(offer, day) if offer else None
    if found is None:
        return None
    some_time, minutes, hour = WRITTEN
    standard = found.standard
    kinds = {INPUT: standard.fresh, CACHED: standard.cached, OUTPUT: standard.output}
    a_million = {**kinds, some_time: standard.written, minutes: standard.written, hour: found.written_hour}[unit.metric]
    return (
        None
        if a_million is None
        else Price(_WIDE.divide(a_million, _MILLION), source=f"List price, {source_of_prices()}")
    )
