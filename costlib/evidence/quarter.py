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
from costlib.evidence.record import on_record, scope_of
from costlib.evidence.savings import reviewed
from costlib.focus import CURRENCY
from costlib.outlook import ai_filter
from costlib.periods import Grain, Window, add_months, period_start, period_starts
from costlib.settings import read_settings
from costlib.state.budgets import budgets, budgets_for
from costlib.store.absences import incomplete_months
from costlib.store.question import Filter
from costlib.workspace import Workspace


def quarter_of(workspace: Workspace, day: date | None) -> Quarter:
    """The fiscal quarter that holds the day (default: the last closed one), against its budget or a forecast.

    Raises InputError where the quarter is not closed, or neither a budget nor a forecast knows it.
    """
    bill = bill_of(workspace)
    settings = read_settings()
    start = settings.fiscal_year_start
    billed = [month for month in bill.months if month not in bill.setting.missing]
    chosen = period_start(day or _closed_quarter(billed, start), Grain.QUARTER, start)
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
    known = not {*period_starts(Window(before.start, after.end), Grain.MONTH)} & {*incomplete_months(reader)}
    held = before.start >= bill.months[0] and known
    sides = [measured(reader, window, filters) for window in (before, after)] if held else []
    change = Change(before, after, bridge(paired(*sides))) if held else None
    saved, checks = reviewed(workspace, bill.setting.currency, chosen, start)
    budget, against, bridged_days = _against(workspace, bill, months, start)
    return Quarter(bill, months, budget, against, actual, change, saved, checks, bridged_days, settings.fiscal)


def _closed_quarter(months: Sequence[date], start: int) -> date:
    """The first month of the last quarter of which all three months are in ``months``."""
    first = {period_start(month, Grain.QUARTER, start) for month in months}
    whole = [one for one in first if {add_months(one, step) for step in range(3)} <= {*months}]
    if not whole:
        raise InputError("No quarter of the bill is closed yet", fix="Wait for its end, or load earlier bills.")
    return max(whole)


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

    Either has quarters from month ``start`` on: a budget may have been locked when the fiscal year began elsewhere.
    Raises ``InputError`` where there is neither.
    """
    currency, reader = bill.setting.currency, workspace.snapshot().reader
    held = [replace(one, budget=_worth(workspace, one.budget)) for one in budgets(workspace.state())]
    locked = budgets_for(held, scope_of(reader), currency, months[0])
    budget = next((one.budget for one in locked if one.budget.covers(months)), None)
    if budget is not None:
        return replace(budget, fiscal_start=start), Against.BUDGET, 0
    record = on_record(workspace, currency)
    version = _last_before(record.locked, months) or _last_before(record.replayed, months)
    if version is None:
        raise InputError(
            f"There is neither a budget nor a forecast of {months[0]:%Y-%m} to hold the quarter against",
            fix="Lock a budget with `budget import`, or choose a later quarter.",
        )
    kind = Against.REPLAYED if version.replayed else Against.FORECAST
    end = version.data_until + timedelta(days=1)
    days = until(record.daily, end).bridged_days if end > record.daily.window.start else 0
    return _as_budget(version, months, currency, start), kind, days


def _last_before(versions: Sequence[Version], months: Sequence[date]) -> Version | None:
    """The last forecast that knew nothing of the months and tells all of them."""
    before = [one for one in versions if one.data_until < months[0] and set(months) <= set(one.months)]
    return before[-1] if before else None


def _as_budget(version: Version, months: Sequence[date], currency: str, start: int) -> Budget:
    """What a forecast says of the months, as a budget by team."""
    lines = [BudgetLine(team, month, cost) for month in months for team, cost in by_team(version, month).items()]
    return Budget(f"forecast of {version.data_until:%-d %b %Y}", version.locked_on, currency, tuple(lines), start)


def by_team(version: Version, month: date) -> dict[str | None, Decimal]:
    """What a forecast says of a month by team, adding up to what it says of all together.

    The likely cost of a whole is no sum of the likely costs of its segments. What lies between is shared by the sizes
    of the teams, to the cent, the largest taking what rounding leaves; without a size, or a whole, there is nothing to
    share.
    """
    at, place = version.by.index(TEAM), version.months.index(month)
    parts: dict[str | None, Decimal] = {}
    for key, line in zip(version.keys, version.lines, strict=True):
        parts[key[at]] = money.exact_sum((parts.get(key[at]), line.p50[place]))
    between = money.difference(version.total.p50[place], money.exact_sum(parts.values()))
    sizes = money.exact_sum(map(abs, parts.values()))
    if not between or not sizes:
        return parts
    shared = {team: money.cents(between * abs(part) / sizes) for team, part in parts.items()}
    largest = max(parts, key=lambda team: abs(parts[team]))
    shared[largest] += between - money.exact_sum(shared.values())
    return {team: money.exact_sum((part, shared[team])) for team, part in parts.items()}
