"""A closed fiscal quarter against its budget, or against the last forecast made before it.

Conventions: effective cost by team in one currency; where no budget is locked a forecast stands in for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from costlib import money
from costlib.analysis.bridge import bridge, paired
from costlib.analysis.budget import Actual, Budget, BudgetLine
from costlib.analysis.record import Version
from costlib.analysis.replay import until
from costlib.briefs.bill import TEAM, Bill, Change
from costlib.briefs.variance import Against, Quarter
from costlib.errors import InputError
from costlib.evidence.bill import bill_of, measured
from costlib.evidence.record import scope_of, versions_of
from costlib.evidence.savings import reviewed
from costlib.focus import CURRENCY
from costlib.outlook import ai_filter
from costlib.periods import Grain, Window, add_months, period_start
from costlib.settings import read_settings
from costlib.state.budgets import budgets, budgets_for
from costlib.store.query import Filter
from costlib.workspace import Workspace


def quarter_of(workspace: Workspace, day: date | None) -> Quarter:
    """The fiscal quarter that holds the day (default: the last closed one), against its budget or a forecast.

    Raises InputError where the quarter is not closed, or neither a budget nor a forecast knows it.
    """
    bill = bill_of(workspace)
    start = read_settings().fiscal_year_start
    chosen = period_start(day or _closed_quarter(bill.months, start), Grain.QUARTER, start)
    months = tuple(add_months(chosen, step) for step in range(3))
    if not set(months) <= set(bill.months):
        raise InputError(
            f"The quarter from {months[0]:%Y-%m} to {months[-1]:%Y-%m} is not closed in these bills",
            expected=f"months from {bill.months[0]:%Y-%m} to {bill.months[-1]:%Y-%m}",
            fix="Choose another quarter.",
        )
    actual: Actual = {
        (one.name, month): one.values[at]
        for one in bill.by[TEAM]
        for at, month in enumerate(bill.months)
        if month in months
    }
    reader = workspace.snapshot().reader
    filters = (*ai_filter(reader), Filter(CURRENCY, (bill.setting.currency,)))
    after = Window(months[0], add_months(months[-1], 1))
    before = Window(add_months(months[0], -3), months[0])
    held = before.start >= bill.months[0]
    sides = [measured(reader, window, filters) for window in (before, after)] if held else []
    change = Change(before, after, bridge(paired(*sides))) if held else None
    saved, checks = reviewed(workspace, bill.setting.currency, chosen, start)
    budget, against, bridged_days = _against(workspace, bill, months, start)
    return Quarter(bill, months, budget, against, actual, change, saved, checks, bridged_days)


def _closed_quarter(months: Sequence[date], start: int) -> date:
    """The first month of the last quarter of which all three months are closed."""
    ends = [month for month in months if add_months(period_start(month, Grain.QUARTER, start), 2) == month]
    if not ends:
        raise InputError("No quarter of the bill is closed yet", fix="Wait for its end, or load earlier bills.")
    return ends[-1]


def _worth(workspace: Workspace, budget: Budget) -> Budget:
    """The budget in the currency in which it is shown."""
    currency, rate = workspace.worth(budget.currency)
    if rate == 1.0:
        return replace(budget, currency=currency)
    factor = Decimal(repr(rate))
    lines = tuple(replace(line, amount=line.amount * factor) for line in budget.lines)
    return replace(budget, currency=currency, lines=lines)


def _against(workspace: Workspace, bill: Bill, months: Sequence[date], start: int) -> tuple[Budget, Against, int]:
    """The budget of the quarter; without one, the last forecast made before it as one, and its days of unknown cost.

    Raises ``InputError`` where there is neither.
    """
    currency, reader = bill.setting.currency, workspace.snapshot().reader
    held = [replace(one, budget=_worth(workspace, one.budget)) for one in budgets(workspace.state())]
    locked = budgets_for(held, scope_of(reader), currency, months[0])
    budget = next((one.budget for one in locked if one.budget.covers(months)), None)
    if budget is not None:
        return budget, Against.BUDGET, 0
    versions, daily = versions_of(workspace, currency)
    before = [one for one in versions if one.data_until < months[0] and set(months) <= set(one.months)]
    if not before:
        raise InputError(
            f"There is neither a budget nor a forecast of {months[0]:%Y-%m} to hold the quarter against",
            fix="Lock a budget with `budget import`, or choose a later quarter.",
        )
    version = before[-1]
    kind = Against.REPLAYED if version.replayed else Against.FORECAST
    end = version.data_until + timedelta(days=1)
    days = until(daily, end).bridged_days if end > daily.window.start else 0
    return _as_budget(version, months, currency, start), kind, days


def _as_budget(version: Version, months: Sequence[date], currency: str, start: int) -> Budget:
    """What a forecast says of the months, as a budget by team."""
    amounts: dict[tuple[str | None, date], list[Decimal | None]] = {}
    for key, line in zip(version.keys, version.lines, strict=True):
        for month, amount in zip(version.months, line.p50, strict=True):
            if month in months:
                amounts.setdefault((key[version.by.index(TEAM)], month), []).append(amount)
    lines = [BudgetLine(team, month, money.exact_sum(known)) for (team, month), known in amounts.items()]
    return Budget(f"forecast of {version.data_until:%-d %b %Y}", version.locked_on, currency, tuple(lines), start)
