"""On how many days of a period a model was counted: where counts stop for days, its cost stands over too little work.

Conventions: volumes of one metric by day. A day without a count is taken for one without work, which it is on a weekend
or where work is seldom; a model that is else counted on most days, and then is not for three in a row, is told of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from costlib.analysis.units.costs import Who, coverage
from costlib.analysis.units.measures import Volume
from costlib.periods import Window

#: Days in a row without a count that are told of, and the share of its days on which a model is counted as a rule.
_ROW, _MOST = 3, 0.5


@dataclass(frozen=True)
class Counted:
    """A team's model was counted on so many days ``of`` those that its metric covers in a period."""

    who: Who
    days: int
    of: int


def seldom_counted(volumes: Iterable[Volume], period: Window) -> list[Counted]:
    """Who else is counted on most days, and was not on three in a row of the period or more, in the order given.

    >>> from datetime import date
    >>> days = [date(2026, 9, day) for day in range(1, 31)]
    >>> volumes = [Volume(day, "requests", "Ads", "gpt", None) for day in days if not 10 <= day.day < 14]
    >>> seldom_counted(volumes, Window(days[0], date(2026, 10, 1)))
    [Counted(who=('Ads', 'gpt'), days=26, of=30)]
    """
    given = list(volumes)
    if not given:
        return []
    whole = coverage(given)
    inside = range(max(whole.start, period.start).toordinal(), min(whole.end, period.end).toordinal())
    counted: defaultdict[Who, set[int]] = defaultdict(set)
    for one in given:
        counted[one.team, one.model].add(one.day.toordinal())
    return [
        Counted(who, len(days & {*inside}), len(inside))
        for who, days in counted.items()
        if days & {*inside} and len(days) > _MOST * _lived(days) and _longest(inside, days) >= _ROW
    ]


def _lived(days: set[int]) -> int:
    return max(days) - min(days) + 1


def _longest(period: range, days: set[int]) -> int:
    """The most days of the period in a row that are not among the days.

    >>> _longest(range(1, 8), {1, 4, 5})
    2
    """
    longest = run = 0
    for day in period:
        run = 0 if day in days else run + 1
        longest = max(longest, run)
    return longest
