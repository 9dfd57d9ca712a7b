"""Findings: the one sentence that a page or chart says first, written from its figures.

Each function takes figures that are already right and returns a sentence in an executive's words. A change below
``STEADY`` is called about the same; an unknown figure is called unknown, never left out. Changes are said against a
window that is named, and a fall is called a fall, not a saving, whatever caused it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from statistics import median

from costlib import money
from costlib.analysis.trend import Amount, Change
from costlib.periods import day_name

#: A change of less than this share of what was before is called steady.
STEADY = Decimal("0.02")


def spend_finding(
    what: str, currency: str, spend: Amount, before: Amount, period: str, earlier: str, movers: Sequence[Change]
) -> str:
    """What was spent in a period, how that compares with an earlier one, and which segment moved it most.

    ``what`` is the subject, ``period`` and ``earlier`` say the windows as they stand in a sentence.

    >>> movers = [Change("Recommendations", Decimal(100000), Decimal(150000)), Change("Fraud", Decimal(20), Decimal(21))]
    >>> spend_finding("AI spend", "USD", Decimal(512000), Decimal(461000), "in Sep 2026", "in Aug 2026", movers)
    'AI spend was $512K in Sep 2026, 11% more than in Aug 2026, driven by Recommendations (+$50.0K)'
    >>> spend_finding("AI spend", "USD", Decimal(512000), None, "in Sep 2026", "in Aug 2026", [])
    'AI spend was $512K in Sep 2026'
    """
    sentence = f"{what} was {money.short(spend, currency)} {period}"
    change = Change(None, before, spend)
    if spend is None or change.ratio is None or change.amount is None:
        return sentence
    if abs(change.ratio) < STEADY:
        return f"{sentence}, about the same as {earlier}"
    direction = "more" if change.amount > 0 else "less"
    sentence += f", {money.percent(abs(change.ratio))} {direction} than {earlier}"
    driver = _driver(movers, up=change.amount > 0)
    return f"{sentence}, driven by {driver.name} ({money.signed(driver.amount, currency)})" if driver else sentence


def _driver(movers: Sequence[Change], *, up: bool) -> Change | None:
    """The named segment that moved most in the direction of the total."""
    same_way = [one for one in movers if one.name is not None and one.amount is not None and (one.amount > 0) is up]
    return max(same_way, key=lambda one: abs(one.amount or Decimal(0)), default=None)


def share_finding(names: Sequence[str], totals: Sequence[Amount], total: Amount, currency: str) -> str:
    """The largest segment and its share of the whole; segments come largest first.

    >>> share_finding(["Fraud", "Search"], [Decimal(300), Decimal(100)], Decimal(400), "USD")
    'Fraud is the largest part: $300, 75% of the whole'
    >>> share_finding([], [], None, "USD")
    'Nothing was spent here'
    """
    if not names:
        return "Nothing was spent here"
    share = money.ratio(totals[0], total)
    whole = f", {money.percent(share)} of the whole" if len(names) > 1 and share is not None else ""
    return f"{names[0]} is the largest part: {money.short(totals[0], currency)}{whole}"


def peak_finding(days: Sequence[date], amounts: Sequence[Amount], currency: str) -> str:
    """The dearest day of a window and how it compares with the day in the middle.

    >>> days = [date(2026, 7, 9), date(2026, 7, 10), date(2026, 7, 11)]
    >>> peak_finding(days, [Decimal(100), Decimal(300), Decimal(150)], "USD")
    'A typical day cost $150; the dearest was 10 Jul 2026 at $300'
    """
    known = [(amount, day) for day, amount in zip(days, amounts, strict=False) if amount is not None]
    if not known:
        return "No daily spend is known here"
    dearest, day = max(known)
    typical = median(amount for amount, _ in known)
    return (
        f"A typical day cost {money.short(typical, currency)}; "
        f"the dearest was {day_name(day)} at {money.short(dearest, currency)}"
    )


def movers_finding(movers: Sequence[Change], currency: str, unknown: str = "Unallocated") -> str:
    """Who added most and who fell most between two windows.

    >>> movers_finding([Change("Fraud", Decimal(10), Decimal(40)), Change("Search", Decimal(50), Decimal(45))], "USD")
    'Fraud added most (+$30.00), Search fell most (−$5.00)'
    >>> movers_finding([], "USD")
    'There is no earlier bill to compare with'
    """
    if not movers:
        return "There is no earlier bill to compare with"
    known = [one for one in movers if one.amount]
    parts = []
    for up, verb in ((True, "added most"), (False, "fell most")):
        found = (
            [one for one in known if (one.amount or 0) > 0] if up else [one for one in known if (one.amount or 0) < 0]
        )
        most = max(found, key=lambda one: abs(one.amount or Decimal(0)), default=None)
        if most:
            parts.append(f"{most.name or unknown} {verb} ({money.signed(most.amount, currency)})")
    return ", ".join(parts) or "Nothing changed"
