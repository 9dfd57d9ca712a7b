"""Budget against actual and forecast: variance by team and month, and where the year will end.

Conventions: money in one currency as Decimal; None is not known, and a sum with an unknown part is unknown. A team is
None where nobody is allocated. Variance = actual - budget: positive is overspend. A team without a line has a budget of
nothing, so that the variances of teams add up to that of all. Months are named by their first day; a fiscal year begins
with month ``fiscal_start`` (1 to 12) and has the name of the year in which it ends. Where it is a calendar of whole
weeks instead, a *month* of the budget is a fiscal period. A budget version never changes; a new one has a new name. A
month is *closed* once its actual is given; the others are forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from costlib import money
from costlib.analysis.ranges import line_of
from costlib.errors import InputError
from costlib.fiscal import Fiscal, first_month
from costlib.periods import Grain, Window, next_period, period_start, period_starts

Array = NDArray[np.float64]
Team = str | None

#: A variance within this share of the budget is on budget.
TOLERANCE = Decimal("0.05")


class Status(StrEnum):
    """What a variance is called."""

    OVER = "over budget"
    ON = "on budget"
    UNDER = "under budget"
    UNBUDGETED = "not budgeted"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class BudgetLine:
    """What a team may spend in a month: on what is used in ``unit``, with how much of it, or on everything else."""

    team: Team
    month: date
    amount: Decimal
    quantity: Decimal | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Budget:
    """A locked version of a budget."""

    version: str
    locked_on: date
    currency: str
    lines: tuple[BudgetLine, ...]
    fiscal_start: Fiscal = 1

    def __post_init__(self) -> None:
        if not 1 <= first_month(self.fiscal_start) <= 12:
            raise InputError(f"The fiscal year begins with month {self.fiscal_start}", expected="1 to 12")
        seen = set()
        for line in self.lines:
            if line.month != period_start(line.month, Grain.PERIOD, self.fiscal_start):
                raise InputError(
                    f"A budget line is for {line.month}", expected="the first day of a month (or fiscal period)"
                )
            if (line.quantity is None) is not (line.unit is None) or (line.quantity is not None and line.quantity < 0):
                raise InputError(
                    f"Team {line.team} has a budget line of {line.quantity} {line.unit} for {line.month:%Y-%m}",
                    expected="a quantity of 0 or more with its unit, or neither",
                )
            if (line.team, line.month, line.unit) in seen:
                raise InputError(
                    f"Team {line.team} has two budget lines for {line.month:%Y-%m}",
                    expected="one line a team, month and unit",
                    fix="Add them up.",
                )
            seen.add((line.team, line.month, line.unit))

    @property
    def teams(self) -> tuple[Team, ...]:
        """Teams with a budget, in the order of their first line."""
        return tuple(dict.fromkeys(line.team for line in self.lines))

    def of(self, team: Team, months: Iterable[date]) -> Decimal | None:
        """A team's budget over months; None where it has a line for none of them."""
        wanted = set(months)
        return money.total(line.amount for line in self.lines if line.team == team and line.month in wanted)

    def of_units(self, months: Iterable[date]) -> dict[tuple[Team, str], tuple[Decimal, Decimal]]:
        """Amount and quantity by team and unit over months, of the lines that state a quantity."""
        wanted = set(months)
        found: dict[tuple[Team, str], tuple[Decimal, Decimal]] = {}
        for line in self.lines:
            if line.month in wanted and line.unit is not None and line.quantity is not None:
                amount, quantity = found.get((line.team, line.unit), (Decimal(0), Decimal(0)))
                sums = money.exact_sum((amount, line.amount)), money.exact_sum((quantity, line.quantity))
                found[line.team, line.unit] = sums
        return found

    def total(self, months: Iterable[date]) -> Decimal | None:
        """The budget of all teams over months."""
        wanted = set(months)
        return money.total(line.amount for line in self.lines if line.month in wanted)

    def covers(self, months: Iterable[date]) -> bool:
        """Whether it has a line for every one of the months, so that their spend can be held against it."""
        return {*months} <= {line.month for line in self.lines}

    def year(self, day: date) -> tuple[date, ...]:
        """The twelve months of the fiscal year that holds the day."""
        return self._months(day, Grain.YEAR)

    def quarter(self, day: date) -> tuple[date, ...]:
        """The three months of the fiscal quarter that holds the day."""
        return self._months(day, Grain.QUARTER)

    def after(self, month: date) -> date:
        """The first day after a month of the budget."""
        return next_period(month, Grain.PERIOD, self.fiscal_start)

    def _months(self, day: date, grain: Grain) -> tuple[date, ...]:
        first = period_start(day, grain, self.fiscal_start)
        whole = Window(first, next_period(first, grain, self.fiscal_start))
        return tuple(period_starts(whole, Grain.PERIOD, self.fiscal_start))


#: Actual spend of closed months by team and month; a team without an entry in a month that others have spent nothing.
Actual = Mapping[tuple[Team, date], Decimal | None]


@dataclass(frozen=True)
class Variance:
    """Budget and actual of a team (or of all: ``every``) over some months."""

    team: Team
    every: bool
    months: tuple[date, ...]
    budget: Decimal | None
    actual: Decimal | None

    @property
    def variance(self) -> Decimal | None:
        """Actual less budget, which is nothing for a team without a line; None where actual or the whole is unknown."""
        return self.actual if self.budget is None and not self.every else money.difference(self.actual, self.budget)

    @property
    def share(self) -> Decimal | None:
        """Variance over budget; None without a positive budget."""
        return money.ratio(self.variance, self.budget)

    @property
    def status(self) -> Status:
        """What the variance is called: within 5 % of the budget is on budget."""
        return status(self.budget, self.actual)


def status(budget: Decimal | None, actual: Decimal | None) -> Status:
    """What to call spend beside a budget.

    >>> str(status(Decimal(100), Decimal(104))), str(status(Decimal(100), Decimal(106))), str(status(None, Decimal(1)))
    ('on budget', 'over budget', 'not budgeted')
    """
    if actual is None:
        return Status.UNKNOWN
    if budget is None:
        return Status.UNBUDGETED
    if abs(actual - budget) <= TOLERANCE * abs(budget):
        return Status.ON
    return Status.OVER if actual > budget else Status.UNDER


def variances(budget: Budget, actual: Actual, months: Sequence[date]) -> tuple[Variance, ...]:
    """A row a team with a budget or spend over the months together, largest overspend first; then all."""
    chosen = tuple(months)
    teams = dict.fromkeys((*budget.teams, *(team for team, month in actual if month in chosen)))
    rows = [Variance(team, False, chosen, budget.of(team, chosen), spent(actual, team, chosen)) for team in teams]
    rows = [row for row in rows if row.budget is not None or row.actual != 0]
    rows.sort(key=lambda row: -(row.variance if row.variance is not None else row.actual or Decimal(0)))
    known = [row.actual for row in rows]
    whole = None if None in known else money.total(known)
    return (*rows, Variance(None, True, chosen, budget.total(chosen), whole))


def spent(actual: Actual, team: Team, months: Iterable[date]) -> Decimal | None:
    """What a team spent over months; None where a month is not closed or one of its amounts is unknown."""
    closed = {month for _, month in actual}
    found = [actual.get((team, month), Decimal(0)) if month in closed else None for month in months]
    return None if None in found else money.total(found)


@dataclass(frozen=True)
class Landing:
    """Where a team (or all: ``every``) will end the fiscal year: closed months as they were, the rest on the paths.

    ``probability`` of overrun is the share of paths on which the year ends above its budget; None without a budget.
    """

    team: Team
    every: bool
    budget: Decimal | None
    spent: Decimal | None
    p50: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    probability: float | None

    @property
    def variance(self) -> Decimal | None:
        """Likely year less budget, which is nothing for a team without a line: positive is overspend."""
        return self.p50 if self.budget is None and not self.every else money.difference(self.p50, self.budget)

    @property
    def share(self) -> Decimal | None:
        """Likely variance over budget."""
        return money.ratio(self.variance, self.budget)


def landings(
    budget: Budget,
    actual: Actual,
    teams: Sequence[Team],
    months: Sequence[date],
    paths: Array,
    year: date,
) -> tuple[Landing, ...]:
    """Where the fiscal year that holds ``year`` ends: a row a team, then all together.

    ``paths`` are ``[team, month, path]`` of ``teams`` and ``months``, from an outlook with or without layers. Actual
    counts where a month has it, else the paths. Raises ``InputError`` where a month of the year has neither, or the
    budget has no line for one.
    """
    of_year = budget.year(year)
    if not budget.covers(of_year):
        raise InputError(
            f"Budget {budget.version} is for a part of the fiscal year",
            expected=f"a line for every month from {of_year[0]:%Y-%m} to {of_year[-1]:%Y-%m}",
            fix="Lock a budget of the whole year, or hold single quarters against it.",
        )
    closed = [month for month in of_year if any(month == one for _, one in actual)]
    left = [month for month in of_year if month not in closed]
    missing = next((month for month in left if month not in months), None)
    if missing is not None:
        raise InputError(
            f"{missing:%Y-%m} is neither closed nor forecast",
            expected=f"every month of the fiscal year from {of_year[0]:%Y-%m} to {of_year[-1]:%Y-%m}",
            fix="Load the earlier bills, or forecast further ahead.",
        )
    places = [list(months).index(month) for month in left]
    every = dict.fromkeys((*budget.teams, *teams, *(team for team, month in actual if month in closed)))
    rest = {team: _rest(team, teams, paths, places) for team in every}
    booked = {team: spent(actual, team, closed) if closed else Decimal(0) for team in every}
    rows = [_landing(team, False, budget.of(team, of_year), booked[team], rest[team]) for team in every]
    whole = None if None in booked.values() else money.exact_sum(booked.values())
    together = np.nansum([rest[team] for team in every], axis=0) if every else np.zeros(paths.shape[2])
    return (*rows, _landing(None, True, budget.total(of_year), whole, together))


def _rest(team: Team, teams: Sequence[Team], paths: Array, places: Sequence[int]) -> Array:
    """Spend of a team in the months left, one figure a path; 0 for a team that is not forecast."""
    rows = [row for row, one in enumerate(teams) if one == team]
    rest: Array = paths[rows][:, places].sum(axis=(0, 1))
    return rest


def _landing(team: Team, every: bool, budget: Decimal | None, booked: Decimal | None, rest: Array) -> Landing:
    if booked is None:
        return Landing(team, every, budget, None, None, None, None, None)
    year = float(booked) + rest
    line = line_of(year[None])
    over = None if budget is None or np.isnan(year).any() else float((year > float(budget)).mean())
    return Landing(team, every, budget, booked, line.p50[0], line.lower[0], line.upper[0], over)


def team_paths(keys: Sequence[tuple[str | None, ...]], at: int, paths: Array) -> tuple[tuple[Team, ...], Array]:
    """Paths ``[segment, month, path]`` summed by team, the ``at``-th value of each key; segments without forecast left
    out.
    """
    teams = tuple(dict.fromkeys(key[at] for key in keys))
    rows = [[row for row, key in enumerate(keys) if key[at] == team] for team in teams]
    return teams, np.array([np.nansum(paths[chosen], axis=0) for chosen in rows])
