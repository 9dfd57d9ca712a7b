"""What bills in other currencies hold of the same spend: figures are in one currency, nothing is converted unasked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from costlib.focus import CURRENCY
from costlib.store.question import Question
from costlib.store.reader import Reader

#: The sum of a measure on the bills in a currency, by the currency's code; None where no line item says it.
InCurrency = tuple[str, Decimal | None]


def other_currencies(reader: Reader, question: Question, currency: str) -> tuple[InCurrency, ...]:
    """What the question's one sum comes to in every currency but this one, those with most line items first.

    Filters by currency are the question's own no more; a currency whose charges come to nothing is left out.
    """
    known = reader.currencies()
    if len(known) < 2:
        return ()
    filters = tuple(one for one in question.filters if one.dimension != CURRENCY)
    found = {row.currency: row.amount for row in reader.ask(replace(question, filters=filters))}
    return tuple((code, found[code]) for code in known if code != currency and found.get(code, 0) != 0)
