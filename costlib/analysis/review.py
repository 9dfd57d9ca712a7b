"""The quarterly variance review: budget, actual, and what the difference is made of.

Conventions: as in budget.py; a variance is split as in bridge.py with the budget as the earlier side: rate and volume
where the budget says a quantity in a unit of the bill, else new (not budgeted), ended (budgeted and not spent) and
unquantified. What is used in a unit is one segment of a team: a shift between its items is part of the rate. What the
details of a team lack of its budget and its actual is one segment more, without a quantity, so that the parts of a row
always add up to its variance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.analysis.bridge import Parts, Segment, bridge, summed
from costlib.analysis.budget import Actual, Budget, Team, Variance, variances

_NOTHING = Decimal(0)
#: What is budgeted or spent beside the details that are given.
REST = "everything else"


@dataclass(frozen=True)
class ReviewRow:
    """A team's quarter (or that of all) and the causes of its variance; None where the variance is not known."""

    variance: Variance
    parts: Parts | None


def quarterly_review(
    budget: Budget, actual: Actual, day: date, details: Mapping[Team, Sequence[Segment]] | None = None
) -> tuple[ReviewRow, ...]:
    """The fiscal quarter that holds the day: a row a team, largest overspend first, then all together.

    ``details`` are a team's segments with budgeted (earlier side) and actual cost and quantity of the quarter.
    """
    given = details or {}
    rows = []
    for one in variances(budget, actual, budget.quarter(day)):
        if not one.every:
            rows.append(ReviewRow(one, _parts(one, given.get(one.team, ()))))
        else:
            known = [row.parts for row in rows if row.parts is not None]
            rows.append(ReviewRow(one, summed(known) if len(known) == len(rows) else None))
    return tuple(rows)


def unit_details(
    budget: Budget, months: Sequence[date], used: Mapping[tuple[Team, str], tuple[Decimal | None, Decimal | None]]
) -> dict[Team, list[Segment]]:
    """The segments for which the budget says quantities, by team; ``used`` are cost and quantity by team and unit.

    >>> from costlib.analysis.budget import BudgetLine
    >>> line = BudgetLine("Ads", date(2026, 1, 1), Decimal(20), Decimal(10), "Hrs")
    >>> budget = Budget("FY26", date(2025, 12, 1), "USD", (line,))
    >>> found = unit_details(budget, [line.month], {("Ads", "Hrs"): (Decimal(45), Decimal(15))})
    >>> bridge(found["Ads"]).parts.volume == 10 and bridge(found["Ads"]).parts.rate == 15
    True
    """
    found: dict[Team, list[Segment]] = {}
    for (team, unit), (amount, quantity) in budget.of_units(months).items():
        spent = used.get((team, unit), (_NOTHING, _NOTHING))
        found.setdefault(team, []).append(Segment(unit, unit, amount, quantity, *spent))
    return found


def _parts(one: Variance, details: Sequence[Segment]) -> Parts | None:
    """The causes of one team's variance, a missing budget being none."""
    if one.actual is None:
        return None
    known = [segment for segment in details if segment.change is not None]
    budgeted = money.difference(one.budget or _NOTHING, money.exact_sum(segment.cost0 for segment in known))
    spent = money.difference(one.actual, money.exact_sum(segment.cost1 for segment in known))
    return bridge([*known, _rest(budgeted or _NOTHING, spent or _NOTHING)]).parts


def _rest(budgeted: Decimal, spent: Decimal) -> Segment:
    """Both sides of what no detail holds; where one side has nothing, it is new or ended."""
    quantities = [None if cost else _NOTHING for cost in (budgeted, spent)]
    return Segment(REST, None, budgeted, quantities[0], spent, quantities[1])
