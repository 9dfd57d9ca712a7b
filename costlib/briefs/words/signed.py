"""What finance signed beside what was measured, in words: why signed off and provisional may not add up to saved.

Conventions: one amount a month and initiative, in the plans' currency, likely values; savings are positive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from costlib import money
from costlib.roadmap.savings.booked import Entry


def signed_words(realised: Sequence[Entry], bookings: Sequence[Entry], currency: str) -> str:
    """What the signed months were measured at and signed with; nothing where that is the same to the cent.

    >>> from datetime import date
    >>> measured, signed = Entry("a", date(2026, 8, 1), 820.0), Entry("a", date(2026, 8, 1), 790.0)
    >>> signed_words([measured], [signed], "USD")
    'In the months that finance signed $820 was measured and $790 signed: signed off, provisional and in flight add up \
to $30.00 less than saved'
    """
    months = {(one.initiative, one.month) for one in bookings}
    measured = _sum(one for one in realised if (one.initiative, one.month) in months)
    signed = _sum(bookings)
    apart = signed - measured
    if not apart:
        return ""
    before, after, gap = (money.short(amount, currency) for amount in (measured, signed, abs(apart)))
    return (
        f"In the months that finance signed {before} was measured and {after} signed: signed off, provisional and in "
        f"flight add up to {gap} {'more' if apart > 0 else 'less'} than saved"
    )


def _sum(entries: Iterable[Entry]) -> Decimal:
    return money.cents(money.exact_sum(Decimal(repr(one.amount)) for one in entries))
