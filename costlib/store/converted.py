"""Answers in one currency: sums converted by the rate of each billing month, exact, nothing rounded.

A sum is None where no line item behind it knows the measure, as in ``query``. Amounts in the wanted currency stay as
they are; every other needs the rate of its billing month, or the whole answer is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from costlib.errors import QueryError, UnknownCurrency, did_you_mean
from costlib.focus import COST_MEASURES, CURRENCY, MONTH
from costlib.money import currency_codes, product, total
from costlib.rates import Pair, Rate, Rates
from costlib.store.question import Question, Row, dimension
from costlib.store.reader import Reader


@dataclass(frozen=True)
class Converted:
    """The rows of an answer, all in one currency, and the rates that it took."""

    rows: tuple[Row, ...]
    rates: tuple[Rate, ...]


def ask_in(reader: Reader, question: Question, rates: Rates, currency: str) -> Converted:
    """The sums of the question in ``currency``, ordered as ``Reader.ask`` orders them.

    The billing currency is no dimension of the answer any more. Raises ``RateError`` for a missing rate,
    ``UnknownCurrency``, and ``QueryError`` where the measure is no cost.
    """
    if currency not in currency_codes():
        raise UnknownCurrency(
            f"There is no currency {currency}",
            expected="an ISO 4217 code such as USD",
            fix=did_you_mean(currency, currency_codes()),
        )
    if question.measure not in COST_MEASURES:
        raise QueryError(
            f"{question.measure} is a quantity, not money",
            expected=f"one of {', '.join(COST_MEASURES)}",
            fix="Leave --currency out.",
        )
    by = tuple(name for name in map(dimension, question.by) if name != CURRENCY)
    found = reader.ask(replace(question, by=(*by, MONTH)))
    used: dict[Pair, Rate] = {}
    sums: dict[tuple[tuple[str | None, ...], date | None], list[Row]] = {}
    for row in found:
        rate = _rate(row, rates, currency)
        if rate.base != currency:
            used[rate.pair] = rate
        sums.setdefault((row.values[:-1], row.period), []).append(replace(row, amount=product(row.amount, rate.rate)))
    rows = [
        Row(
            values,
            period,
            currency,
            total(row.amount for row in members),
            sum(row.line_items for row in members),
            sum(row.unknown for row in members),
        )
        for (values, period), members in sums.items()
    ]
    return Converted(tuple(sorted(rows, key=_order)), tuple(used[pair] for pair in sorted(used)))


def _rate(row: Row, rates: Rates, currency: str) -> Rate:
    return rates.rate(date.fromisoformat(str(row.values[-1])), row.currency, currency)


def _order(row: Row) -> tuple[date, bool, Decimal, tuple[tuple[bool, str], ...]]:
    amount = row.amount if row.amount is not None else Decimal(0)
    return (
        row.period or date.min,
        row.amount is None,
        -amount,
        tuple((value is None, value or "") for value in row.values),
    )
