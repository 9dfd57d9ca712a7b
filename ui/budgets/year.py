"""Budget beside actual and outlook: which budget applies to a selection, where the year ends, how quarters came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.analysis.budget import Actual, Budget, landings, team_paths
from costlib.analysis.outlook import Outlook
from costlib.analysis.review import ReviewRow, quarterly_review, unit_details
from costlib.analysis.windows import unknown_periods
from costlib.briefs.ahead import Ahead
from costlib.briefs.words.budget import landing_finding, landing_rows
from costlib.errors import InputError
from costlib.focus import BILLED, EFFECTIVE, MEASURE_NAMES
from costlib.periods import Grain, Window, period_name, period_start
from costlib.state.budgets import LockedBudget, budget_for, budgets
from costlib.store.question import Filter
from ui.selection import Selection

TEAM = "x_Team"
_WEEK = 7
#: The measures that a budget is made in: what is paid, as it is invoiced or as it is used.
BUDGETED = (EFFECTIVE, BILLED)


def budget_of(selection: Selection) -> LockedBudget | None:
    """The locked budget of the selection's spend for the running fiscal year, with the lines of the selected teams.

    None where these teams have none, where filters leave out a part that no budget line tells apart, or where costs
    are measured as no budget is.
    """
    if selection.measure not in BUDGETED or any(item.dimension != TEAM for item in selection.filters):
        return None
    state, today = selection.page.workspace.state(), selection.page.today
    held = budget_for(budgets(state), selection.scope, selection.currency, today)
    budget = of_teams(held.budget, selection.filters) if held else None
    return replace(held, budget=budget) if held and budget and budget.lines else None


def measure_words(selection: Selection) -> str:
    """That the selection's measure has no budget though its spend has one; else nothing."""
    if selection.measure in BUDGETED or budget_of(replace(selection, measure=EFFECTIVE)) is None:
        return ""
    paid = " and ".join(MEASURE_NAMES[one] for one in BUDGETED)
    return f"A budget is held against {paid}, not {MEASURE_NAMES[selection.measure]}."


def of_teams(budget: Budget, filters: Sequence[Filter]) -> Budget:
    """The budget of the teams that filters of teams leave."""
    lines = [line for line in budget.lines if all((line.team in one.values) is not one.exclude for one in filters)]
    return replace(budget, lines=tuple(lines))


def budget_by_month(budget: Budget) -> dict[date, Decimal]:
    """What all teams of the budget together may spend in each month."""
    months = dict.fromkeys(line.month for line in budget.lines)
    return {month: money.exact_sum(line.amount for line in budget.lines if line.month == month) for month in months}


def actual_of(selection: Selection, budget: Budget, months: Sequence[date]) -> Actual:
    """What each team spent in those months (or fiscal periods) of the budget that have closed.

    Not known where a bill of one is missing.
    """
    data = selection.page.window
    closed = [month for month in months if data.start <= month and budget.after(month) <= data.end]
    if not closed:
        return {}
    window = Window(closed[0], budget.after(closed[-1]))
    rows = selection.ask((TEAM,), window, Grain.PERIOD, budget.fiscal_start)
    missing = unknown_periods(closed, Grain.PERIOD, budget.fiscal_start, selection.page.missing)
    return {(row.values[0], row.period): None if row.period in missing else row.amount for row in rows if row.period}


def covered_words(budget: Budget, today: date) -> str:
    """How much of its running fiscal year a budget is for; nothing where it has a line for every month.

    >>> from costlib.analysis.budget import BudgetLine
    >>> only = Budget("FY26", date(2026, 1, 1), "USD", (BudgetLine("Ads", date(2026, 7, 1), Decimal(5)),))
    >>> covered_words(only, date(2026, 11, 1))
    'Budget FY26 is for 1 of the 12 months of its fiscal year: the year is not held against it.'
    """
    months = budget.year(today)
    count = len({*months} & {line.month for line in budget.lines})
    if count == len(months):
        return ""
    return (
        f"Budget {budget.version} is for {count} of the {len(months)} months of its fiscal year: the year is not held "
        "against it."
    )


def is_of(budget: Budget, year: Window, today: date) -> bool:
    """Whether the budget's running fiscal year is these months; a year of weeks lies within a week of them."""
    months = budget.year(today)
    apart = months[0] - year.start, budget.after(months[-1]) - year.end
    return all(abs(days.days) <= _WEEK for days in apart)


@dataclass(frozen=True)
class YearEnd:
    """Where the fiscal year ends beside its budget: the sentence, and a row a team."""

    finding: str
    rows: list[list[str]]


def year_end(selection: Selection, held: LockedBudget, outlook: Outlook, found: Ahead) -> YearEnd | None:
    """The fiscal year beside its budget; None where the budget or the bills do not cover the year.

    ``found`` are the figures of the outlook to the end of the fiscal year, by team.
    """
    budget, today = held.budget, selection.page.today
    months = budget.year(today)
    teams, paths = team_paths(outlook.keys, outlook.by.index(TEAM), outlook.paths)
    try:
        landed = landings(budget, actual_of(selection, budget, months), teams, outlook.months, paths, today)
    except InputError:
        return None
    whole, chances = landed[-1], {one.team: one.probability for one in landed[:-1]}
    assert whole.budget is not None  # the budget covers the year
    year = period_name(months[0], Grain.YEAR, budget.fiscal_start)
    given = {team: budget.of(team, months) for team in budget.teams}
    return YearEnd(
        landing_finding(selection.subject, selection.currency, year, found.total, whole.budget, whole.probability),
        landing_rows(found.parts, found.total, given, chances, (whole.budget, whole.probability), selection.currency),
    )


def review(selection: Selection, budget: Budget, quarter: Sequence[date]) -> tuple[ReviewRow, ...]:
    """Budget and actual of a closed quarter and what the difference is made of: a row a team, then all."""
    details = unit_details(budget, quarter, _used(selection, budget, quarter))
    return quarterly_review(budget, actual_of(selection, budget, quarter), quarter[0], details)


def _used(
    selection: Selection, budget: Budget, quarter: Sequence[date]
) -> dict[tuple[str | None, str], tuple[Decimal | None, Decimal | None]]:
    """Cost and quantity of what each team used, by the unit of the bill; None is not known."""
    window, by = Window(quarter[0], budget.after(quarter[-1])), (TEAM, "ConsumedUnit")
    used = selection.narrowed(Filter("ChargeCategory", ("Usage",)))
    quantities = {row.values: row for row in replace(used, measure="ConsumedQuantity").ask(by, window)}
    found = {}
    for row in used.ask(by, window):
        team, unit = row.values
        if unit is not None:
            quantity = quantities[row.values]
            known = None if row.unknown or quantity.unknown else quantity.amount
            found[team, unit] = None if row.unknown else row.amount, known
    return found


def closed_quarters(selection: Selection, budget: Budget) -> list[tuple[date, ...]]:
    """Fiscal quarters that both the budget and the bills cover from end to end, newest first."""
    data = selection.page.window
    firsts = dict.fromkeys(budget.quarter(line.month)[0] for line in budget.lines)
    quarters = [budget.quarter(first) for first in sorted(firsts, reverse=True)]
    end = period_start(data.end, Grain.PERIOD, budget.fiscal_start)
    billed = [one for one in quarters if data.start <= one[0] and budget.after(one[-1]) <= end]
    return [one for one in billed if budget.covers(one)]
