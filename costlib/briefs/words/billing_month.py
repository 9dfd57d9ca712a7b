"""Use of one month that is on the bill of another, in words: pages go by the day of use, invoices by the billing month.

Conventions: a month is its first day; an amount is in one currency and None where it is not known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from costlib import money
from costlib.analysis.trend import Amount
from costlib.periods import Grain, Window, month_start, period_name

#: Amounts that are named one by one.
_NAMED = 3


@dataclass(frozen=True)
class OtherBill:
    """What was used in one month and is on the bill of another."""

    used: date
    billed: date
    amount: Amount

    def concerns(self, window: Window) -> bool:
        """Whether a month of the window has another sum by day of use than on its bill."""
        first, last = month_start(window.start), month_start(window.last)
        return any(first <= month <= last for month in (self.used, self.billed))


def on_other_bills(sums: Iterable[tuple[date, date, Amount]], window: Window) -> tuple[OtherBill, ...]:
    """Those of the sums by month of use and billing month that concern the window, in the order of use."""
    apart = [OtherBill(*one) for one in sums if one[0] != one[1] and one[2] != 0]
    return tuple(sorted((one for one in apart if one.concerns(window)), key=lambda one: (one.used, one.billed)))


def other_bills_words(found: Iterable[OtherBill], currency: str) -> str:
    """What was used in a month and is on the bill of another, to the cent; nothing where nothing is.

    >>> from decimal import Decimal
    >>> refund = OtherBill(date(2026, 3, 1), date(2026, 5, 1), Decimal("-3403.24"))
    >>> other_bills_words([refund], "USD"), other_bills_words([], "USD")
    ('−$3,403.24 of use in Mar 2026 is on the bill of May 2026', '')
    >>> late = [OtherBill(date(2026, month, 1), date(2026, 5, 1), Decimal(-1)) for month in (1, 2, 3, 4)]
    >>> other_bills_words(late, "USD")
    '4 amounts of use in other months are on the bill of May 2026, −$4.00 in all'
    """
    held = list(found)
    if len(held) > _NAMED:
        bills = sorted({one.billed for one in held})
        named = f"the bill of {_month(bills[0])}" if len(bills) == 1 else f"{len(bills)} bills"
        whole = f"{_amount(money.total(one.amount for one in held), currency)} in all"
        known = " as far as it is known" if any(one.amount is None for one in held) else ""
        return f"{len(held)} amounts of use in other months are on {named}, {whole}{known}"
    return "; ".join(
        f"{_amount(one.amount, currency)} of use in {_month(one.used)} is on the bill of {_month(one.billed)}"
        for one in held
    )


def _amount(amount: Amount, currency: str) -> str:
    return "an unknown cost" if amount is None else money.full(amount, currency)


def _month(month: date) -> str:
    return period_name(month, Grain.MONTH)
