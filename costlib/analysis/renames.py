"""Segments that may be one under two names: the cost of one ends with a month, nearly the same begins with the next.

Conventions: monthly series as ``trend.pivot`` makes them, in one currency; costs are held against each other by the
day, because months differ in length and the first and last one may not be whole. Whether a segment was renamed is
never known from its cost: this only finds what to ask about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costlib.analysis.trend import Series
from costlib.periods import Grain, Window, next_period

#: How much the cost a day of the two may differ, as a share of the older one's.
APART = Decimal("0.1")


@dataclass(frozen=True)
class Rename:
    """A segment that ended, one that began in the month after, and what each cost a day in these two months."""

    old: str
    new: str
    first_month: date
    before: Decimal
    after: Decimal


def renames(series: Sequence[Series], months: Sequence[date], data: Window) -> list[Rename]:
    """What may have been renamed, the most costly first; each segment is in one pair at most, with its nearest.

    A segment whose cost is unknown in a month outside its own has neither ended nor begun there.
    """
    pairs = [
        found
        for ended in series
        for began in series
        if (end := _last(ended)) is not None and _first(began) == end + 1
        if (found := _pair(ended, began, months[end : end + 2], end, data))
    ]
    taken: set[str] = set()
    chosen = []
    for one in sorted(pairs, key=lambda pair: (abs(pair.after - pair.before) / pair.before, pair.old, pair.new)):
        if not taken & {one.old, one.new}:
            taken |= {one.old, one.new}
            chosen.append(one)
    return sorted(chosen, key=lambda pair: (-pair.before, pair.old))


def _last(series: Series) -> int | None:
    """The place of the last month with cost, where months without follow; None where none do."""
    spent = [at for at, value in enumerate(series.values) if value != 0]
    return spent[-1] if spent and spent[-1] < len(series.values) - 1 else None


def _first(series: Series) -> int | None:
    """The place of the first month with cost, where months without come before it; None where none do."""
    first = next((at for at, value in enumerate(series.values) if value != 0), 0)
    return first or None


def _pair(ended: Series, began: Series, months: Sequence[date], end: int, data: Window) -> Rename | None:
    before, after = ended.values[end], began.values[end + 1]
    if ended.name is None or began.name is None or before is None or after is None or before <= 0:
        return None
    rates = before / _days(months[0], data), after / _days(months[1], data)
    if abs(rates[1] - rates[0]) > APART * rates[0]:
        return None
    return Rename(ended.name, began.name, months[1], *rates)


def _days(month: date, data: Window) -> int:
    """Days of the month that the data holds."""
    return Window(max(month, data.start), min(next_period(month, Grain.MONTH), data.end)).days
