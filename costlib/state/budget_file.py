"""A budget from a CSV file: columns team, month, amount, currency in any order and any case, perhaps quantity and unit.

Conventions: one line a team, month and unit; months are ``2026-01`` or a day in them, fiscal periods of whole weeks
``FY26-P03`` or a day in them; amounts and quantities are plain numbers, thousands separated by commas or not; an empty
team is what nobody is allocated. One currency a budget. A line with a quantity is for what is used in that unit, as the
bill spells it (``Hrs``, ``Tokens``); one without is for everything else. All problems are told at once, line by line;
nothing is guessed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from costlib import money
from costlib.analysis.budget import Budget, BudgetLine
from costlib.errors import InputError, MissingColumn
from costlib.fiscal import Fiscal, WeekCalendar
from costlib.money import currency_codes

COLUMNS: Final = ("team", "month", "amount", "currency")
_ALIASES: Final = {"period": "month"}
#: Columns that a budget may have: how much the amount is for, and in which unit of the bill.
QUANTITIES: Final = ("quantity", "unit")
#: Problems told in full; more are counted.
_TOLD = 10
_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-\d{2})?")
_PERIOD = re.compile(r"FY(\d{2})-?P(\d{1,2})", re.IGNORECASE)
_AMOUNT = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


class _Problem(Exception):
    """What is wrong with one line."""


def read_budget(content: bytes, version: str, locked_on: date, fiscal: Fiscal = 1) -> Budget:
    """The budget that the file holds.

    Raises ``InputError`` with every line that cannot be used.

    >>> text = b"team,month,amount,currency\\nFraud,2026-01,\\"120,000\\",USD\\n"
    >>> read_budget(text, "FY26", date(2026, 1, 5)).lines[0].amount
    Decimal('120000')
    """
    if not version.strip():
        raise InputError("The budget has no name", expected="a name such as FY26", fix="Give it one.")
    rows = _rows(content)
    lines: dict[tuple[str | None, date, str | None], BudgetLine] = {}
    problems: list[str] = []
    currencies: dict[str, int] = {}
    for number, row in rows:
        try:
            line, currency = _line(row, fiscal)
            if (line.team, line.month, line.unit) in lines:
                of = f" in {line.unit}" if line.unit else ""
                raise _Problem(f"{line.team or 'an empty team'} has a line for {row['month'][:7]}{of} already")
            if currencies and currency not in currencies:
                raise _Problem(f"{currency} after {next(iter(currencies))}: a budget has one currency")
        except _Problem as problem:
            problems.append(f"line {number}: {problem}")
            continue
        lines[line.team, line.month, line.unit], currencies[currency] = line, number
    if problems:
        raise _refusal(problems)
    if not lines:
        raise InputError("The budget has no line", expected="one line a team and month", fix="Fill in the file.")
    return Budget(version.strip(), locked_on, next(iter(currencies)), tuple(lines.values()), fiscal)


def _rows(content: bytes) -> list[tuple[int, Mapping[str, str]]]:
    """Rows by column, with their line numbers; empty lines are left out."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("The budget is not readable text", expected="CSV in UTF-8", fix="Save it as UTF-8.") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [_ALIASES.get(name.strip().lower(), name.strip().lower()) for name in next(reader, [])]
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise MissingColumn(
                f"The budget has no column {', '.join(missing)}",
                expected=f"the columns {', '.join(COLUMNS)}",
                fix="Name the columns in the first line.",
            )
        return [
            (reader.line_num, dict(zip(header, [cell.strip() for cell in row] + [""] * len(header), strict=False)))
            for row in reader
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise InputError(f"The budget is no CSV ({error})", expected="one row a line", fix="Save it again.") from error


def _line(row: Mapping[str, str], fiscal: Fiscal) -> tuple[BudgetLine, str]:
    month = _period(row["month"], fiscal) if isinstance(fiscal, WeekCalendar) else _month(row["month"])
    currency = row["currency"].upper()
    if currency not in currency_codes():
        raise _Problem(f"the currency is {row['currency'] or 'empty'}, expected a code such as USD")
    amount = _number("amount", row["amount"])
    return BudgetLine(row["team"] or None, month, amount, *_quantity(row)), currency


def _month(text: str) -> date:
    found = _MONTH.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1:
        raise _Problem(f"the month is {text or 'empty'}, expected one such as 2026-01")
    return date(int(found[1]), int(found[2]), 1)


def _period(text: str, calendar: WeekCalendar) -> date:
    """The first day of a fiscal period: by its name, or of the one that holds a day. A month alone says too little."""
    named = _PERIOD.fullmatch(text)
    if named and 1 <= int(named[2]) <= 12:
        return calendar.starts(2000 + int(named[1]))[int(named[2]) - 1]
    try:
        return calendar.start(date.fromisoformat(text), 1)
    except ValueError:
        raise _Problem(f"the period is {text or 'empty'}, expected one such as FY26-P03, or a day in it") from None


def _quantity(row: Mapping[str, str]) -> tuple[Decimal | None, str | None]:
    """Quantity and unit of a line; neither where the file has none."""
    quantity, unit = (row.get(name, "") for name in QUANTITIES)
    if not quantity and not unit:
        return None, None
    if not quantity or not unit:
        raise _Problem(f"the {'unit' if quantity else 'quantity'} is empty, expected both or neither")
    found = _number("quantity", quantity)
    if found < 0:
        raise _Problem(f"the quantity is {quantity}, expected 0 or more")
    return found, unit


def _number(name: str, text: str) -> Decimal:
    if not _AMOUNT.fullmatch(text):
        raise _Problem(f"the {name} is {text or 'empty'}, expected a number such as 120000.00")
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise _Problem(f"the {name} {text} cannot be read") from error


def _refusal(problems: list[str]) -> InputError:
    told = "; ".join(problems[:_TOLD])
    more = f"; and {len(problems) - _TOLD} more" if len(problems) > _TOLD else ""
    count = f"{money.counted(len(problems), 'line')} of the budget cannot be used"
    return InputError(f"{count}: {told}{more}", expected=f"columns {', '.join(COLUMNS)}", fix="Correct what is named.")
