"""Spend over time and what changed between two windows.

Conventions: a *figure* is (name, period, amount): one sum of the cube, its segment's name (None is unallocated), the
first day of its period, its amount in one currency. A segment without a figure in a period cost nothing then: 0. An
amount that is None is unknown and stays so. Parts add up to the whole to the last digit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costlib import money

Amount = Decimal | None
Figure = tuple[str | None, date | None, Amount]

DAYS_A_YEAR, MONTHS_A_YEAR = 365, 12


@dataclass(frozen=True)
class Series:
    """One segment over the periods asked for."""

    name: str | None
    values: tuple[Amount, ...]

    @property
    def total(self) -> Amount:
        """The sum of what is known."""
        return money.total(self.values)


@dataclass(frozen=True)
class Change:
    """One segment in two windows of equal length."""

    name: str | None
    before: Amount
    after: Amount

    @property
    def amount(self) -> Amount:
        """After less before; None where either is unknown."""
        return money.difference(self.after, self.before)

    @property
    def ratio(self) -> Decimal | None:
        """The change over what it was before; None where there was nothing before."""
        return money.ratio(self.amount, self.before)


def pivot(figures: Iterable[Figure], periods: Sequence[date], unknown: Collection[date] = ()) -> list[Series]:
    """One series a segment, largest total first; figures outside the periods are left out.

    Periods that are ``unknown`` are so to every segment: no bill says what they cost.
    """
    wanted = set(periods) - set(unknown)
    cells: defaultdict[str | None, dict[date, list[Amount]]] = defaultdict(dict)
    for name, period, amount in figures:
        if period in wanted and period is not None:
            cells[name].setdefault(period, []).append(amount)
    series = [
        Series(name, tuple(None if period in unknown else _cell(row.get(period)) for period in periods))
        for name, row in cells.items()
    ]
    return sorted(series, key=lambda one: (-(one.total or Decimal(0)), one.name is None, one.name or ""))


def leading(series: Sequence[Series], most: int) -> tuple[list[Series], Series | None]:
    """The largest series, and the sum of all others where there are more than ``most``.

    Unallocated (name None) is always shown on its own, at the end of the largest, never hidden in the rest.
    """
    if len(series) <= most:
        return list(series), None
    unallocated = [one for one in series if one.name is None]
    named = [one for one in series if one.name is not None]
    kept = named[: most - len(unallocated)]
    return [*kept, *unallocated], added(named[len(kept) :])


def added(series: Sequence[Series]) -> Series:
    """The sum of several series, period by period; a period is unknown where all of it is."""
    columns = zip(*(one.values for one in series), strict=True)
    return Series(None, tuple(money.total(column) for column in columns))


def changes(before: Iterable[Figure], after: Iterable[Figure]) -> list[Change]:
    """What each segment cost in two windows, largest change first; the changes sum to the change of the total."""
    earlier, later = _by_name(before), _by_name(after)
    names = dict.fromkeys((*later, *earlier))
    found = [Change(name, earlier.get(name, Decimal(0)), later.get(name, Decimal(0))) for name in names]
    return sorted(found, key=lambda one: (-abs(one.amount or Decimal(0)), one.name or ""))


def named_share(figures: Iterable[Figure]) -> Decimal | None:
    """The share of the amounts that has a name, from 0 to 1, credits left out; None where nothing was spent.

    >>> named_share([("Fraud", None, Decimal(30)), (None, None, Decimal(10)), (None, None, Decimal(-5))])
    Decimal('0.75')
    """
    spent = [(name, amount) for name, _, amount in figures if amount is not None and amount > 0]
    named = money.total(amount for name, amount in spent if name is not None)
    return money.ratio(named or Decimal(0), money.total(amount for _, amount in spent))


def named_share_by_period(figures: Iterable[Figure]) -> list[Decimal | None]:
    """``named_share`` of each period, in order."""
    groups: defaultdict[date, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure[1] is not None:
            groups[figure[1]].append(figure)
    return [named_share(groups[period]) for period in sorted(groups)]


def run_rate(spend: Amount, days: int) -> Amount:
    """Spend of the last ``days`` days at the pace of a whole year (365 days), rounded to the cent.

    >>> run_rate(Decimal("2800"), 28)
    Decimal('36500.00')
    """
    return None if spend is None else money.cents(spend * DAYS_A_YEAR / days)


def month_rate(spend: Amount) -> Amount:
    """Spend of a month at the pace of a whole year, rounded to the cent.

    >>> month_rate(Decimal("2800"))
    Decimal('33600.00')
    """
    return None if spend is None else money.cents(spend * MONTHS_A_YEAR)


def _cell(amounts: list[Amount] | None) -> Amount:
    return Decimal(0) if amounts is None else money.total(amounts)


def _by_name(figures: Iterable[Figure]) -> dict[str | None, Amount]:
    amounts: defaultdict[str | None, list[Amount]] = defaultdict(list)
    for name, _, amount in figures:
        amounts[name].append(amount)
    return {name: money.total(found) for name, found in amounts.items()}
