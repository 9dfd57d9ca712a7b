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
from costlib.briefs.exhibits import spender
from costlib.briefs.words.allocation import below
from costlib.focus import NULL_LABELS, label, null_words
from costlib.periods import Window, day_name, window_name

#: A change of less than this share of what was before is called steady.
STEADY = Decimal("0.02")


def when(window: Window) -> str:
    """A window as it stands in a sentence.

    >>> when(Window(date(2026, 9, 1), date(2026, 10, 1))), when(Window(date(2026, 9, 1), date(2026, 9, 2)))
    ('in Sep 2026', 'on 1 Sep 2026')
    >>> when(Window(date(2026, 9, 1), date(2026, 9, 8)))
    'from 1 Sep 2026 to 7 Sep 2026'
    """
    name = window_name(window)
    return f"from {name}" if " to " in name else f"on {name}" if window.days == 1 else f"in {name}"


def spend_finding(
    what: str,
    currency: str,
    change: Change,
    period: str,
    earlier: str,
    movers: Sequence[Change],
    dimension: str = "x_Team",
) -> str:
    """What was spent in a period, how that compares with an earlier one, and which segment moved it most.

    ``what`` is the subject; ``change`` holds the amounts of both; ``period`` and ``earlier`` say the windows as they
    stand in a sentence; ``dimension`` is what the segments are values of. A single segment leads nobody.

    >>> movers = [Change("Recommendations", Decimal(100000), Decimal(150000)), Change("Fraud", Decimal(2), None)]
    >>> change = Change(None, Decimal(461000), Decimal(512000))
    >>> spend_finding("AI spend", "USD", change, "in Sep 2026", "in Aug 2026", movers)
    'AI spend was $512K in Sep 2026, 11% more than in Aug 2026, led by Recommendations (+$50.0K)'
    >>> spend_finding("AI spend", "USD", Change(None, None, Decimal(512000)), "in Sep 2026", "in Aug 2026", [])
    'AI spend was $512K in Sep 2026'
    """
    sentence = f"{what} was {money.short(change.after, currency)} {period}"
    if change.ratio is None or change.amount is None:
        return sentence
    if abs(change.ratio) < STEADY:
        return f"{sentence}, about the same as {earlier}"
    direction = "more" if change.amount > 0 else "less"
    sentence += f", {money.percent(abs(change.ratio))} {direction} than {earlier}"
    leader = _leader(movers, up=change.amount > 0)
    if leader is None or len(movers) == 1:
        return sentence
    return f"{sentence}, led by {spender(dimension, leader.name)} ({money.signed(leader.amount, currency)})"


def _leader(movers: Sequence[Change], *, up: bool) -> Change | None:
    """The segment, named or not, that moved most in the direction of the total."""
    same_way = [one for one in movers if one.amount is not None and one.amount != 0 and (one.amount > 0) is up]
    return max(same_way, key=lambda one: abs(one.amount or Decimal(0)), default=None)


def share_finding(parts: Sequence[tuple[str | None, Amount]], currency: str, dimension: str = "x_Team") -> str:
    """The largest named segment and its share of the whole, and what has no name; segments come largest first.

    >>> share_finding([(None, Decimal(400)), ("Fraud", Decimal(300)), ("Search", Decimal(100))], "USD")
    'Fraud is the largest part that has a team: $300, 38% of the whole; 50% has no team'
    >>> share_finding([], "USD"), share_finding([(None, Decimal(5))], "USD", "RegionId")
    ('Nothing was spent here', 'All of it is not given: $5.00')
    """
    total = money.total(amount for _, amount in parts)
    named = [(name, amount) for name, amount in parts if name is not None]
    if not parts:
        return "Nothing was spent here"
    if total is None:
        return "What was spent is unknown"
    if not named:
        return f"All of it {null_words(dimension)}: {money.short(total, currency)}"
    name, amount = named[0]
    share = money.ratio(amount, total)
    if len(parts) == 1:
        return f"{name} is all of it: {money.short(amount, currency)}"
    sentence = f"{name} is {largest_words(dimension, parts)}: {money.short(amount, currency)}"
    if share is not None:
        sentence += f", {part_of(share)} of the whole"
    return sentence + _unnamed(parts, total, dimension)


def growth_finding(
    what: str,
    currency: str,
    months: tuple[str, str],
    amounts: tuple[Amount, Amount],
    parts: Sequence[tuple[str | None, Amount]],
    dimension: str = "x_Team",
) -> str:
    """How monthly spend moved between two months, which segment is largest, and what has no name.

    >>> parts = [("Fraud", Decimal(300)), (None, Decimal(100))]
    >>> growth_finding("AI spend", "USD", ("Nov 2025", "Sep 2026"), (Decimal(326000), Decimal(516000)), parts)
    'AI spend rose from $326K in Nov 2025 to $516K in Sep 2026; Fraud is the largest part, 25% has no team'
    """
    first, last = amounts
    change = Change(None, first, last)
    if change.ratio is None:
        return share_finding(parts, currency, dimension)
    verb = "stayed near" if abs(change.ratio) < STEADY else "rose from" if change.ratio > 0 else "fell from"
    moved = f"{money.short(first, currency)} in {months[0]} to {money.short(last, currency)} in {months[1]}"
    if verb == "stayed near":
        moved = f"{money.short(last, currency)} from {months[0]} to {months[1]}"
    largest = next((name for name, _ in parts if name is not None), None)
    named = f"; {largest} is {largest_words(dimension, parts)}" if largest and len(parts) > 1 else ""
    left = _unnamed(parts, money.total(amount for _, amount in parts), dimension)
    return f"{what} {verb} {moved}{named}{left.replace(';', ',', 1) if named else left}"


def largest_words(dimension: str, parts: Sequence[tuple[str | None, Amount]]) -> str:
    """What the largest segment with a name is called: of all, or where what has no name is larger, of the others.

    >>> largest_words("x_Team", [("Fraud", Decimal(3)), (None, Decimal(1))])
    'the largest part'
    >>> parts = [(None, Decimal(4)), ("Fraud", Decimal(3))]
    >>> largest_words("x_Team", parts), largest_words("RegionId", parts)
    ('the largest part that has a team', 'the largest part whose region is given')
    """
    named = max((amount for name, amount in parts if name is not None and amount is not None), default=None)
    nameless = money.total(amount for name, amount in parts if name is None)
    if named is None or nameless is None or nameless <= named:
        return "the largest part"
    called = label(dimension).lower()
    return f"the largest part {f'that has a {called}' if dimension in NULL_LABELS else f'whose {called} is given'}"


def _unnamed(parts: Sequence[tuple[str | None, Amount]], total: Amount, dimension: str) -> str:
    share = money.ratio(money.total(amount for name, amount in parts if name is None), total)
    return f"; {part_of(share)} {null_words(dimension)}" if share is not None and share > 0 else ""


def part_of(share: Decimal) -> str:
    """A part's share as per cent, which never rounds to all or nothing.

    >>> part_of(Decimal("0.87")), part_of(Decimal("0.9996")), part_of(Decimal(1))
    ('87%', 'more than 99%', '100%')
    """
    return below(share) if 0 < share < 1 else money.percent(share)


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


def movers_finding(movers: Sequence[Change], currency: str, dimension: str = "x_Team") -> str:
    """Who added most and who fell most between two windows.

    >>> movers_finding([Change("Fraud", Decimal(10), Decimal(40)), Change("Search", Decimal(50), Decimal(45))], "USD")
    'Fraud added most (+$30.00), Search fell most (−$5.00)'
    >>> movers_finding([], "USD")
    'There is nothing earlier to compare with'
    """
    if not movers:
        return "There is nothing earlier to compare with"
    if all(one.amount is None for one in movers):
        return "What changed is unknown"
    leaders = ((_leader(movers, up=True), "added most"), (_leader(movers, up=False), "fell most"))
    told = [(one, verb) for one, verb in leaders if one]
    parts = [
        f"{spender(dimension, one.name, first=not at)} {verb} ({money.signed(one.amount, currency)})"
        for at, (one, verb) in enumerate(told)
    ]
    return ", ".join(parts) or "Nothing changed"
