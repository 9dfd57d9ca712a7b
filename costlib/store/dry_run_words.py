"""What a load would change, or has changed, in words and in cells of a table, for the command line and the pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from costlib import money
from costlib.store.dry_run import Change, Foreseen, Planned

PLAN_HEADER: Final = (
    "Connection",
    "Month",
    "Account",
    "What changes",
    "Rows",
    "Set aside",
    "Billed",
    "Rows in the store",
    "Billed in the store",
)
_WORDS: Final = {
    Change.NEW: "would be new",
    Change.REPLACED: "would replace what is loaded",
    Change.UNCHANGED: "already loaded",
    Change.REMOVED: "would go",
}
_NOTHING: Final = "–"
#: Months and accounts that are named after a load; more are counted.
_NAMED: Final = 20


def plan_words(found: Foreseen) -> str:
    """What a load would change, in one sentence.

    >>> plan_words(Foreseen((), 0)), plan_words(Foreseen((), 1))
    ('No bill is there.', 'Usage records of 1 file would be loaded.')
    """
    changed = [row for row in found.changes if row.change is not Change.UNCHANGED]
    if not changed:
        if found.usage_files and not found.changes:
            return f"Usage records of {money.counted(found.usage_files, 'file')} would be loaded."
        said = "Nothing would change: all of it is loaded already." if found.changes else "No bill is there."
        return said + _beside(found.usage_files)
    months = sorted({row.period for row in changed if row.period})
    span = f"{months[0]} to {months[-1]}" if len(months) > 1 else "".join(months) or "no known month"
    replaced = sum(row.change in (Change.REPLACED, Change.REMOVED) for row in changed)
    instead = f", in the place of {money.counted(replaced, 'part')} in the store" if replaced else ""
    rows = money.counted(sum(row.rows for row in changed), "line item")
    return f"{rows} of {span} would be loaded{instead}.{_beside(found.usage_files)}"


def _beside(files: int) -> str:
    return f" Usage records of {money.counted(files, 'file')} go beside the bills." if files else ""


def plan_rows(rows: Sequence[Planned]) -> list[list[str]]:
    """Cells of the table, newest month first, to the cent; unknown stays unknown."""
    ordered = sorted(rows, key=lambda row: (row.period or "", row.connection, row.account or ""), reverse=True)
    return [
        [
            row.connection,
            row.period or money.UNKNOWN,
            row.account or money.UNKNOWN,
            _WORDS[row.change],
            money.count(row.rows),
            money.count(row.rows_aside),
            _amount(row, now=False),
            money.count(row.rows_now),
            _amount(row, now=True),
        ]
        for row in ordered
    ]


def plan_lines(rows: Sequence[Planned]) -> list[str]:
    """A line for each row of the table: what would be there, and instead of what."""
    return [
        f"{connection}, {month}, account {account}: {change}; {_sides(change, new, held)}"
        for connection, month, account, change, *sides in plan_rows(rows)
        for new, held in [(sides[:3], sides[3:])]
    ]


def restated_lines(rows: Sequence[Planned]) -> list[str]:
    """A line for each account and month that a load gave other rows or another sum: what is there, and what was."""
    lines = [
        f"Replaced: {connection}, {month}, account {account}: {_left(new)}; "
        f"before: {_counted(held[0])}, billed {held[1]}"
        for connection, month, account, _, *sides in plan_rows(rows)
        for new, held in [(sides[:3], sides[3:])]
    ]
    rest = len(lines) - _NAMED
    return lines if rest <= 1 else [*lines[:_NAMED], f"Replaced: {rest} more months and accounts; --json names them"]


def _left(new: Sequence[str]) -> str:
    rows, aside, billed = new
    return "nothing" if billed == _NOTHING else _loaded(rows, aside, billed)


def _loaded(rows: str, aside: str, billed: str) -> str:
    return f"{_counted(rows)}, billed {billed}" + (f", {aside} set aside" if aside != "0" else "")


def _sides(change: str, new: Sequence[str], held: Sequence[str]) -> str:
    """What the bill holds (rows, set aside, billed), and instead of what (rows, billed) where something goes."""
    rows, aside, billed = new
    bill = _loaded(rows, aside, billed)
    store = f"{_counted(held[0])}, billed {held[1]}"
    if change == _WORDS[Change.REMOVED]:
        return store
    return f"{bill}; instead of {store}" if change == _WORDS[Change.REPLACED] else bill


def _counted(rows: str) -> str:
    return f"{rows} {'row' if rows == '1' else 'rows'}"


def _amount(row: Planned, *, now: bool) -> str:
    if row.change is (Change.NEW if now else Change.REMOVED):
        return _NOTHING
    amount = row.billed_now if now else row.billed
    return money.full(amount, row.currency) if row.currency else money.UNKNOWN
