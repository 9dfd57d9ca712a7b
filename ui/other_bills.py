"""What of a selection was used in one month and is on the bill of another: why a page and an invoice may differ."""

from __future__ import annotations

from datetime import date

from costlib.briefs.words.billing_month import OtherBill, on_other_bills, other_bills_words
from costlib.focus import MONTH
from costlib.periods import Grain, Window, month_start
from ui.selection import Selection


def by_use_words(selection: Selection, window: Window) -> str:
    """Said under figures by day of use; nothing where every month of the window is on its own bill."""
    told = other_bills_words(_found(selection, window), selection.currency)
    return f"Months here go by the day of use, invoices by the billing month: {told}." if told else ""


def by_bill_words(selection: Selection, window: Window) -> str:
    """Said under figures by billing month; nothing where every month of the window was used in it."""
    told = other_bills_words(_found(selection, window), selection.currency)
    return (
        f"This goes by the billing month, as the invoice does, other pages by the day of use: {told}." if told else ""
    )


def _found(selection: Selection, window: Window) -> tuple[OtherBill, ...]:
    sums = [
        (row.period, month_start(date.fromisoformat(row.values[0])), row.amount)
        for row in selection.ask((MONTH,), grain=Grain.MONTH)
        if row.period and row.values[0]
    ]
    return on_other_bills(sums, window)
