"""Budgets, locked: each a version that never changes, with who locked it and when.

Conventions: money is decimal text; a team of None is what nobody is allocated. A version's name is given once: a
corrected budget has a new name, so that a variance always says which budget it was measured against. When and by whom
it was locked is what the history says: one that was withdrawn and brought back is no newer for that.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from costlib.analysis.budget import Budget, BudgetLine
from costlib.errors import InputError
from costlib.fiscal import Fiscal, WeekCalendar
from costlib.state.errors import Conflict
from costlib.state.records import Entry, Record, State

KIND: Final = "budget"
_LOCKED: Final = "locked"


@dataclass(frozen=True)
class LockedBudget:
    """A budget as it is kept; ``scope`` is the spend that it is a budget of, as pages call it."""

    budget: Budget
    scope: str
    who: str


def lock_budget(state: State, budget: Budget, scope: str, *, who: str) -> None:
    """Keep the budget under its version's name.

    Raises ``InputError`` where the name is taken, also by one that was withdrawn.
    """
    if state.get(KIND, budget.version) is None and any(one.key == budget.version for one in state.history(KIND)):
        raise InputError(
            f"A budget called {budget.version} was locked before and is withdrawn",
            expected="a name of its own for every version, so that a variance always says which budget",
            fix=f"Choose another name, such as {budget.version} revised, or undo the withdrawal.",
        )
    body = {
        "scope": scope,
        "currency": budget.currency,
        "locked_on": budget.locked_on.isoformat(),
        "fiscal_start": _fiscal_text(budget.fiscal_start),
        "lines": [_line_body(line) for line in budget.lines],
    }
    try:
        state.put(KIND, budget.version, body, who=who, why=_LOCKED)
    except Conflict as conflict:
        raise InputError(
            f"A budget called {budget.version} is locked already",
            expected="a name of its own for every version",
            fix=f"Choose another name, such as {budget.version} revised.",
        ) from conflict


def unlock_budget(state: State, version: str, *, who: str) -> None:
    """Take the budget out of every figure; the history keeps it, and its name stays its own."""
    found = state.get(KIND, version)
    if found:
        state.remove(KIND, version, who=who, why="withdrawn", expected=found.version)


def last_withdrawn(state: State) -> Entry | None:
    """The newest withdrawal of a budget that is still withdrawn: what ``State.undo`` brings back; None without one."""
    last: dict[str, Entry] = {}
    for entry in state.history(KIND):
        last.setdefault(entry.key, entry)
    return next((entry for entry in last.values() if entry.after is None), None)


def budgets(state: State) -> list[LockedBudget]:
    """Every locked budget, the one that was locked last first."""
    records, entries = state.all(KIND), state.history(KIND)
    locks = {entry.key: entry for entry in reversed(entries) if entry.why == _LOCKED}
    newest = sorted(records, key=lambda record: locks[record.key].seq, reverse=True)
    return [_budget(record, locks[record.key]) for record in newest]


def budgets_for(found: list[LockedBudget], scope: str, currency: str, month: date) -> list[LockedBudget]:
    """The budgets by months, of that spend and currency, with a line in the fiscal year of the month, newest first.

    Budgets by fiscal periods of whole weeks are left out: who asks holds calendar months against it.
    """
    same = [one for one in found if (one.scope, one.budget.currency) == (scope, currency)]
    by_months = [one for one in same if not isinstance(one.budget.fiscal_start, WeekCalendar)]
    return [one for one in by_months if one.budget.total(one.budget.year(month)) is not None]


def budget_for(found: list[LockedBudget], scope: str, currency: str, month: date) -> LockedBudget | None:
    """The newest of these that has a line for every month of the year; without one, the newest of a part of it."""
    held = budgets_for(found, scope, currency, month)
    whole = [one for one in held if one.budget.covers(one.budget.year(month))]
    return next(iter(whole or held), None)


def _budget(record: Record, lock: Entry) -> LockedBudget:
    body = record.body
    on = body.get("locked_on")  # budgets of before do not say it
    budget = Budget(
        version=record.key,
        locked_on=date.fromisoformat(on) if on else lock.at.date(),
        currency=str(body["currency"]),
        lines=tuple(_line(line) for line in body["lines"]),
        fiscal_start=_fiscal(body["fiscal_start"]),
    )
    return LockedBudget(budget, str(body["scope"]), lock.who)


def _fiscal_text(fiscal: Fiscal) -> int | dict[str, Any]:
    return asdict(fiscal) if isinstance(fiscal, WeekCalendar) else fiscal


def _fiscal(body: int | dict[str, Any]) -> Fiscal:
    return WeekCalendar(**body) if isinstance(body, dict) else int(body)


def _line_body(line: BudgetLine) -> dict[str, Any]:
    body: dict[str, Any] = {"team": line.team, "month": line.month, "amount": line.amount}
    return body if line.unit is None else {**body, "quantity": line.quantity, "unit": line.unit}


def _line(line: dict[str, Any]) -> BudgetLine:
    quantity = Decimal(line["quantity"]) if line.get("quantity") is not None else None
    month, amount = date.fromisoformat(line["month"]), Decimal(line["amount"])
    return BudgetLine(line["team"], month, amount, quantity, line.get("unit"))
