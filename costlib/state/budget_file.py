"""A budget from a CSV file: columns team, month, amount, currency in any order and any case, perhaps quantity and unit.

Conventions: one line a team, month and unit, its cells separated by commas, semicolons or tabs; months are ``2026-01``
or a day in them, fiscal periods of whole weeks ``FY26-P03`` or a day in them; an empty team is what nobody is
allocated. One currency a budget. A line with a quantity is for what is used in that unit, as the bill spells it
(``Hrs``, ``Tokens``); one without is for everything else. All problems are told at once, line by line; nothing is
guessed.

Amounts and quantities have one decimal mark a file, which its numbers tell, as in bills: ``120.5`` a point, ``120,5``
or ``1.200,50`` a comma. ``16.000`` may be sixteen thousand or sixteen: it is refused where no number of the file tells.
``16,000`` is sixteen thousand, unless semicolons or another number speak of decimal commas: then it is refused too.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
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
_DELIMITERS = ",;\t"
_POINT, _COMMA = ".", ","
#: Numbers by their decimal mark, with or without the other mark between thousands.
_NUMBERS: Final = {
    _POINT: re.compile(r"-?([1-9]\d{0,2}(,\d{3})+|\d+)(\.\d+)?"),
    _COMMA: re.compile(r"-?([1-9]\d{0,2}(\.\d{3})+|\d+)(,\d+)?"),
}


class _Problem(Exception):
    """What is wrong with one line."""


@dataclass(frozen=True)
class _Row:
    """One line of the file: its number, its cells by column, and how many it has that no column names."""

    number: int
    cells: Mapping[str, str]
    beyond: int


def read_budget(content: bytes, version: str, locked_on: date, fiscal: Fiscal = 1) -> Budget:
    """The budget that the file holds.

    Raises ``InputError`` with every line that cannot be used.

    >>> text = b"team,month,amount,currency\\nFraud,2026-01,\\"120,000\\",USD\\n"
    >>> read_budget(text, "FY26", date(2026, 1, 5)).lines[0].amount
    Decimal('120000')
    """
    if not version.strip():
        raise InputError("The budget has no name", expected="a name such as FY26", fix="Give it one.")
    rows, delimiter = _rows(content)
    mark = _decimal_mark((row.cells.get(name, "") for row in rows for name in ("amount", "quantity")), delimiter)
    lines: dict[tuple[str | None, date, str | None], BudgetLine] = {}
    problems: list[str] = []
    currencies: dict[str, int] = {}
    for row in rows:
        try:
            line, currency = _line(row, fiscal, mark)
            if (line.team, line.month, line.unit) in lines:
                of = f" in {line.unit}" if line.unit else ""
                raise _Problem(f"{line.team or 'an empty team'} has a line for {row.cells['month'][:7]}{of} already")
            if currencies and currency not in currencies:
                raise _Problem(f"{currency} after {next(iter(currencies))}: a budget has one currency")
        except _Problem as problem:
            problems.append(f"line {row.number}: {problem}")
            continue
        lines[line.team, line.month, line.unit], currencies[currency] = line, row.number
    if problems:
        raise _refusal(problems)
    if not lines:
        raise InputError("The budget has no line", expected="one line a team and month", fix="Fill in the file.")
    return Budget(version.strip(), locked_on, next(iter(currencies)), tuple(lines.values()), fiscal)


def _rows(content: bytes) -> tuple[list[_Row], str]:
    """The lines below the header, without empty ones, and what separates their cells."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("The budget is not readable text", expected="CSV in UTF-8", fix="Save it as UTF-8.") from error
    try:
        readers = {one: csv.reader(io.StringIO(text, newline=""), delimiter=one) for one in _DELIMITERS}
        headers = {one: _columns(next(reader, [])) for one, reader in readers.items()}
        delimiter = max(_DELIMITERS, key=lambda one: len({*COLUMNS} & {*headers[one]}))
        reader, header = readers[delimiter], headers[delimiter]
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise MissingColumn(
                f"The budget has no column {', '.join(missing)}",
                expected=f"the columns {', '.join(COLUMNS)}, separated by commas, semicolons or tabs",
                fix="Name the columns in the first line.",
            )
        found = ([cell.strip() for cell in row] for row in reader)
        return [_row(reader.line_num, header, cells) for cells in found if any(cells)], delimiter
    except csv.Error as error:
        raise InputError(f"The budget is no CSV ({error})", expected="one row a line", fix="Save it again.") from error


def _columns(cells: Iterable[str]) -> list[str]:
    """The columns that the cells of the first line name."""
    names = [name.strip().lower() for name in cells]
    return [_ALIASES.get(name, name) for name in names]


def _row(number: int, header: list[str], cells: list[str]) -> _Row:
    by_column = dict(zip(header, cells + [""] * len(header), strict=False))
    return _Row(number, by_column, sum(map(bool, cells[len(header) :])))


def _decimal_mark(numbers: Iterable[str], delimiter: str) -> str | None:
    """The decimal mark of the first number that can have no other; without one a point, or None where it may be either.

    >>> _decimal_mark(["16.000", "0.5"], ","), _decimal_mark(["16.000", "2,5"], ";"), _decimal_mark(["16.000"], ",")
    ('.', ',', None)
    >>> _decimal_mark(["16,000", "7"], ","), _decimal_mark(["16,000", "7"], ";")
    ('.', None)
    """
    read = {text: _readings(text) for text in numbers}
    proved = next((mark for found in read.values() if len(found) == 1 for mark in found), None)
    unclear = [text for text, found in read.items() if len({*found.values()}) > 1]
    return proved or (None if any(_POINT in text or delimiter == ";" for text in unclear) else _POINT)


def _readings(text: str) -> dict[str, Decimal]:
    """What the text says under each decimal mark that it can have; none where it is no number."""
    thousands = {_POINT: _COMMA, _COMMA: _POINT}
    return {
        mark: Decimal(text.replace(thousands[mark], "").replace(mark, "."))
        for mark, pattern in _NUMBERS.items()
        if pattern.fullmatch(text)
    }


def _line(one: _Row, fiscal: Fiscal, mark: str | None) -> tuple[BudgetLine, str]:
    row = one.cells
    if one.beyond:
        raise _Problem(f"{money.counted(one.beyond, 'cell')} too many; a number that has commas stands in quotes")
    month = _period(row["month"], fiscal) if isinstance(fiscal, WeekCalendar) else _month(row["month"])
    currency = row["currency"].upper()
    if currency not in currency_codes():
        raise _Problem(f"the currency is {row['currency'] or 'empty'}, expected a code such as USD")
    amount = _number("amount", row["amount"], mark)
    return BudgetLine(row["team"] or None, month, amount, *_quantity(row, mark)), currency


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


def _quantity(row: Mapping[str, str], mark: str | None) -> tuple[Decimal | None, str | None]:
    """Quantity and unit of a line; neither where the file has none."""
    quantity, unit = (row.get(name, "") for name in QUANTITIES)
    if not quantity and not unit:
        return None, None
    if not quantity or not unit:
        raise _Problem(f"the {'unit' if quantity else 'quantity'} is empty, expected both or neither")
    found = _number("quantity", quantity, mark)
    if found < 0:
        raise _Problem(f"the quantity is {quantity}, expected 0 or more")
    return found, unit


def _number(name: str, text: str, mark: str | None) -> Decimal:
    """The number under the file's decimal mark; None is a mark that the file does not tell."""
    found = _readings(text)
    if not found or (mark and mark not in found):
        told = f"120000{mark or _POINT}00"
        other = ", with the decimal mark of the numbers before it" if found else ""
        raise _Problem(f"the {name} is {text or 'empty'}, expected a number such as {told}{other}")
    if len({*found.values()}) > 1 and (mark is None or (mark == _COMMA and _COMMA in text)):
        large, small = (money.exact(value) for value in sorted(found.values(), key=abs, reverse=True))
        raise _Problem(f"the {name} {text} may be {large} or {small}; write {large} or {text}0")
    return found[mark or _POINT]


def _refusal(problems: list[str]) -> InputError:
    told = "; ".join(problems[:_TOLD])
    more = f"; and {len(problems) - _TOLD} more" if len(problems) > _TOLD else ""
    count = f"{money.counted(len(problems), 'line')} of the budget cannot be used"
    return InputError(f"{count}: {told}{more}", expected=f"columns {', '.join(COLUMNS)}", fix="Correct what is named.")
