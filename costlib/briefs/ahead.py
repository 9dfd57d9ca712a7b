"""Figures of an outlook as a page shows them: what a horizon is likely to cost, in what range, the whole and its parts.

Conventions: money in one currency, rounded to the cent. *Likely* is the mean over those futures in which the whole
comes to the middle third of what it may come to; so months and parts add up to the whole. A range is where four in
five futures lie (80 % prediction interval), of each figure by itself: ranges do not add up. A horizon is whole months;
what closed months of it have cost is in every future.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from costlib import money
from costlib.analysis.outlook import Outlook

Array = NDArray[np.float64]

#: The quantiles at the ends of all ranges, which hold ``LEVEL`` per cent.
_ENDS: Final = (0.1, 0.9)
#: The futures whose whole lies between these quantiles are the likely ones.
_MIDDLE: Final = (1 / 3, 2 / 3)

#: How a note of the forecast begins, and its label in a table; what is true of a whole page is said there instead.
_LABELS: Final[Mapping[str, str]] = {
    "No history": "no history",
    "Ended": "ended",
    "New": "new",
    "Comes and goes": "on and off",
    "Has never changed": "never changed",
    "Credits": "credits",
    "Costs and credits": "mixed with credits",
    "Repeating its last season": "last season again",
    "Its run rate": "run rate",
    "Its own trend": "own trend",
    "Planned": "planned",
}


@dataclass(frozen=True)
class Span:
    """A likely amount and the two ends of its range."""

    likely: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Part:
    """One part of the whole: its likely amount and range over the horizon, and what was said of its forecast."""

    name: str | None
    span: Span
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Ahead:
    """The whole over a horizon, month by month from the running month on, and by parts, largest first."""

    total: Span
    months: tuple[date, ...]
    by_month: tuple[Span, ...]
    parts: tuple[Part, ...]


def ahead(
    found: Outlook, start: date, end: date, dimension: str, booked: Mapping[str | None, Decimal | None]
) -> Ahead | None:
    """Figures of the outlook over the months from ``start`` up to ``end``; None where it knows no amount.

    ``booked`` is what each value of the dimension has cost in the closed months of the horizon.
    """
    first, last = (sum(month < day for month in found.months) for day in (start, end))
    paths = found.paths[:, first:last]
    known: NDArray[np.bool_] = np.asarray(~np.isnan(paths).any(axis=(1, 2)))
    if first >= last or not known.any():
        return None
    before = money.exact_sum(booked.values())
    rows = slice(None) if known.all() else known
    whole = paths[rows].sum(axis=(0, 1))
    middle = _middle(whole)
    monthly = found.paths[rows, :last].sum(axis=0)
    return Ahead(
        total=_span(whole, middle, before),
        months=found.months[:last],
        by_month=tuple(_span(row, middle, Decimal(0)) for row in monthly),
        parts=_parts(found, paths, known, middle, dimension, booked),
    )


def _parts(
    found: Outlook,
    paths: Array,
    known: NDArray[np.bool_],
    middle: NDArray[np.bool_],
    dimension: str,
    booked: Mapping[str | None, Decimal | None],
) -> tuple[Part, ...]:
    at = found.by.index(dimension)
    names = dict.fromkeys((*(key[at] for key in found.keys), *booked))
    parts = []
    for name in names:
        rows = [row for row in found.rows(dimension, name) if known[row]]
        spend = paths[rows].sum(axis=(0, 1)) if rows else np.zeros(paths.shape[2])
        notes = [note for row in found.rows(dimension, name) for note in found.notes[row]]
        parts.append(Part(name, _span(spend, middle, booked.get(name) or Decimal(0)), labels(notes, len(rows))))
    return tuple(sorted(parts, key=lambda part: (-part.span.likely, part.name is None, part.name or "")))


def labels(notes: Sequence[str], segments: int) -> tuple[str, ...]:
    """Short labels of the notes of so many segments, most frequent first, counted where there are several segments.

    >>> labels(["New: 3 periods of history, so its level", "Ended: nothing but zeros", "New: 2 periods"], 5)
    ('2 new', '1 ended')
    >>> labels(["Ended: nothing but zeros"], 1)
    ('ended',)
    """
    counted = Counter(label for note in notes for begin, label in _LABELS.items() if note.startswith(begin))
    return tuple(label if segments == 1 else f"{times} {label}" for label, times in counted.most_common())


def _middle(whole: Array) -> NDArray[np.bool_]:
    low, high = np.quantile(whole, _MIDDLE)
    chosen: NDArray[np.bool_] = (whole >= low) & (whole <= high)
    return chosen


def _span(spend: Array, middle: NDArray[np.bool_], before: Decimal) -> Span:
    """Likely amount and range of one figure over all futures; the range always holds the likely amount."""
    likely = _cents(float(spend[middle].mean()), before)
    low, high = (_cents(float(end), before) for end in np.quantile(spend, _ENDS))
    return Span(likely, min(low, likely), max(high, likely))


def _cents(amount: float, before: Decimal) -> Decimal:
    return money.cents(money.exact_sum((Decimal(repr(amount)), before)))
