"""Words and rows of what models cost since their bill ends: an estimate, how far off it was, and what is not in it.

Words are an executive's. Errors are said as shares of the bill that came: + is too much, − is too little.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.drivers import Driver
from costlib.analysis.units.estimate import PRICE_WEEKS, CostEstimate, PastError
from costlib.briefs.words.unit import unit_price
from costlib.periods import Window, day_name, window_name

HEADING: Final = "Since the bill ends"
HELP: Final = (
    f"Measured use times the cost of one unit in the last {PRICE_WEEKS} whole weeks of the bill, or a list price where "
    "no bill names the model. Past error: the same estimate made from bills that end a week to half a year earlier, "
    "against what was then billed. A bill of these days replaces the estimate as soon as it is loaded."
)
HEADER: Final = (
    "Model",
    "Measured by",
    "Estimate",
    "Usually off by",
    "Most off by",
    "Days",
    "Use",
    "Price of one unit",
    "Priced by",
)


def estimate_finding(found: Sequence[CostEstimate], amount: Amount, currency: str) -> str:
    """What all cost since their bill ends, and until when that is measured."""
    if not found:
        return "What was used since the bill ends has no known price"
    days = Window(min(one.days.start for one in found), max(one.days.end for one in found))
    many = days.days > 1
    when = f"{'from ' if many else 'on '}{_days(days)}"
    return f"What no bill has yet cost about {money.short(amount, currency)} {when}: an estimate from measured use"


def error_words(error: PastError | None) -> str:
    """How far the whole estimate was off before.

    >>> from decimal import Decimal
    >>> error_words(PastError(Decimal("0.023"), Decimal("-0.087"), 16))
    'Made in the same way 16 times before, it was off by 2% as a rule and by −9% at most.'
    """
    if error is None:
        return "It was never held against a bill: how far off it may be is unknown."
    times = f"{error.times} times" if error.times > 1 else "once"
    typical, largest = money.percent(error.typical), money.percent(error.largest, sign=True)
    return f"Made in the same way {times} before, it was off by {typical} as a rule and by {largest} at most."


def covered_words(covered: Amount) -> str:
    """How much of the cost is estimated at all.

    >>> from decimal import Decimal
    >>> covered_words(Decimal("0.571"))
    'It covers work that was 57% of the cost of the last four whole weeks; the rest is not measured and not in it.'
    """
    if covered is None:
        return "How much of the cost it covers is unknown."
    return (
        f"It covers work that was {money.percent(covered)} of the cost of the last four whole weeks; "
        "the rest is not measured and not in it."
    )


def unpriced_words(unknown: Sequence[Driver]) -> str:
    """What is measured and has no price; empty where there is none."""
    if not unknown:
        return ""
    named = ", ".join(f"{one.unit.metric} of {one.model}" for one in unknown[:4])
    more = f" and {len(unknown) - 4} more" if len(unknown) > 4 else ""
    return f"Measured, but of unknown price or count, so not in it: {named}{more}."


def estimate_rows(found: Sequence[CostEstimate], currency: str) -> list[list[str]]:
    """Rows of the table, largest estimate first."""
    return [_row(one, currency) for one in found]


def _row(one: CostEstimate, currency: str) -> list[str]:
    error = one.past_error
    return [
        one.model,
        one.unit.name,
        money.short(one.amount, currency),
        money.percent(error.typical) if error else money.UNKNOWN,
        money.percent(error.largest, sign=True) if error else money.UNKNOWN,
        _days(one.days),
        money.count(int(one.volume)),
        unit_price(one.price.amount * one.unit.per, currency),
        f"Bill of {_days(one.price.weeks)}" if one.price.weeks else one.price.source,
    ]


def _days(window: Window) -> str:
    """A window's days without the year twice.

    >>> from datetime import date
    >>> _days(Window(date(2026, 10, 21), date(2026, 10, 26))), _days(Window(date(2026, 10, 21), date(2026, 10, 22)))
    ('21 to 25 Oct 2026', '21 Oct 2026')
    """
    first, last = window.start, window.last
    if first == last:
        return day_name(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day_name(last)}"
    return f"{first.day} {first:%b} to {day_name(last)}" if first.year == last.year else window_name(window)
