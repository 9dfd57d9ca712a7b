"""The native columns of an export, read as SQL of the right type.

A source describes its mapping to FOCUS with the methods of ``NativeColumns``: each names one or more native
columns (the first that exists is read, whatever its spelling) and returns a DuckDB expression. A column
that does not exist reads as null, which is unknown and stays so.

A localised header is read by the name in brackets at its end: ``Maßeinheit (UnitOfMeasure)`` is ``UnitOfMeasure``.

Text that cannot be read as the type asked for is not lost: every typed reading of a text column notes a
``Defect``, and the store puts the rows it finds into quarantine with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from costlib import money
from costlib.focus import fold

#: Written for null by exports that cannot write null; ``''`` (two quotation marks) is seen in Oracle's.
NULL_TEXTS = ("", "NULL", "null", "''")

#: The same few hundred names are compared for every file and reading of it.
_fold = cache(fold)

_LOCALISED = re.compile(r".*\(([A-Za-z]\w+)\)\s*")
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
#: Money as spreadsheets write it. A lone comma, as in ``1,234``, may as well be a decimal one and is not guessed at.
_GROUPED = (
    r"^-?([$€£]\s?-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?"
    r"|[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,})$"
)
#: Numbers of a file whose decimal mark is the comma, with points between thousands or without.
_COMMA = r"^[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?([eE][+-]?[0-9]+)?$"
#: A date of slashes whose second number may be a month and is not 1: as a first of a month it has its day in front.
_NO_FIRST = "^[0-9]+/(0?[2-9]|1[0-2])/"
#: Scales at which text finer than the store is read, the finest first: two and ten digits stay before the point.
_FINE = 36, 28


#: A field of a STRUCT type: its name, quoted or plain, and its type.
_FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|(\w+)) (.+)', re.DOTALL)


@dataclass(frozen=True)
class Defect:
    """A condition under which a row cannot be loaded, and the reason as an SQL text expression."""

    condition: str
    reason: str


def quote(name: str) -> str:
    """An SQL identifier.

    >>> print(quote('a "b" c'))
    "a ""b"" c"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string.

    >>> print(literal("it's"))
    'it''s'
    """
    return "'" + text.replace("'", "''") + "'"


def literals(values: Iterable[str]) -> str:
    """An SQL list of strings.

    >>> print(literals(["a", "b"]))
    ('a', 'b')
    """
    return "(" + ", ".join(literal(value) for value in values) + ")"


def name_of(column: str, groups: Mapping[str, Iterable[str]], *, otherwise: str) -> str:
    """The name of the group that the column's value is in, else another expression.

    >>> print(name_of("c", {"Tax": ["VAT"]}, otherwise="NULL"))
    CASE WHEN c IN ('VAT') THEN 'Tax' ELSE NULL END
    """
    branches = " ".join(f"WHEN {column} IN {literals(values)} THEN {literal(name)}" for name, values in groups.items())
    return f"CASE {branches} ELSE {otherwise} END"


def struct_fields(kind: str) -> dict[str, str]:
    """Names and types of the fields of a DuckDB STRUCT type.

    >>> struct_fields('STRUCT("month" VARCHAR, "a b" STRUCT(x DOUBLE, y DECIMAL(9,2))[])')
    {'month': 'VARCHAR', 'a b': 'STRUCT(x DOUBLE, y DECIMAL(9,2))[]'}
    """
    found = (_FIELD.fullmatch(piece.strip()) for piece in _pieces(kind.removeprefix("STRUCT(").removesuffix(")")))
    return {(match[1] or "").replace('""', '"') or match[2]: match[3] for match in found if match}


def _pieces(text: str) -> Iterator[str]:
    """The text cut at commas that stand in no brackets and no quotation marks."""
    depth, quoted, start = 0, False, 0
    for at, letter in enumerate(text):
        quoted ^= letter == '"'
        if not quoted:
            depth += (letter == "(") - (letter == ")")
            if letter == "," and depth == 0:
                yield text[start:at]
                start = at + 1
    yield text[start:]


class NativeColumns:
    """Columns of one group of files: their names as they stand and their DuckDB types.

    ``decimal`` is the mark before the decimals of a number in text; ``view`` is what the source found out about the
    files beyond their columns (see ``Source.look_into``).
    """

    def __init__(self, types: Mapping[str, str], *, decimal: str = ".", view: tuple[str, ...] = ()) -> None:
        self.view = view
        self._decimal = decimal
        self._types = dict(types)
        self._by_fold = {_fold(name): name for name in reversed(list(types))}
        for name in types:
            if localised := _LOCALISED.fullmatch(name):
                self._by_fold.setdefault(_fold(localised[1]), name)
        self._defects: dict[str, Defect] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Column names as they stand in the file, in order."""
        return tuple(self._types)

    @property
    def defects(self) -> tuple[Defect, ...]:
        """The defects noted by the readings made so far, one a column."""
        return tuple(self._defects.values())

    def find(self, names: Iterable[str]) -> str | None:
        """The first of ``names`` that the file has, spelled as in the file."""
        return next((self._by_fold[_fold(name)] for name in names if _fold(name) in self._by_fold), None)

    def has(self, *names: str) -> bool:
        """Whether the file has one of the columns."""
        return self.find(names) is not None

    def text(self, *names: str) -> str:
        """The column as text, blanks trimmed, the ways of writing null read as null."""
        found = self.find(names)
        if not found:
            return "NULL::VARCHAR"
        column, kind = quote(found), self._types[found]
        if kind == "JSON":
            return cleaned(f"({column}->>'$')")
        return cleaned(column if kind == "VARCHAR" else f"CAST({column} AS VARCHAR)")

    def nested(self, path: str) -> str:
        """A nested column, or a field inside one (``project.labels``), as JSON; null where there is none."""
        expression, kind = self._inside(path)
        return expression if kind == "JSON" else f"to_json({expression})"

    def field(self, path: str) -> str:
        """A field inside a nested column, such as ``invoice.month``, as text."""
        expression, kind = self._inside(path)
        if kind == "VARCHAR":
            return cleaned(expression)
        return cleaned(f"({expression}->>'$')" if kind == "JSON" else f"CAST({expression} AS VARCHAR)")

    def field_number(self, path: str) -> str:
        """A field inside a nested column as money or quantity; unreadable text is a defect."""
        expression, kind = self._inside(path)
        number = _number_of_double(expression) if kind == "DOUBLE" else self._number_of_text(self.field(path))
        return self.read(path, number, "a number")

    def _inside(self, path: str) -> tuple[str, str]:
        """A column or a field inside one, and its type; what is no struct is looked into as JSON."""
        name, *names = path.split(".")
        found = self.find([name])
        if not found:
            return "NULL::VARCHAR", "VARCHAR"
        expression, kind = quote(found), self._types[found]
        for inner in names:
            if kind.startswith("STRUCT(") and not kind.endswith("]"):
                fields = struct_fields(kind)
                if inner not in fields:
                    return "NULL::VARCHAR", "VARCHAR"
                expression, kind = f"{expression}.{quote(inner)}", fields[inner]
            else:
                json = expression if kind == "JSON" else f"TRY_CAST({expression} AS JSON)"
                expression, kind = f"json_extract({json}, {literal('$.' + inner)})", "JSON"
        return expression, kind

    def read(self, path: str, expression: str, expected: str) -> str:
        """An expression over a nested column or a field inside one; where it is null and that is not, a defect."""
        if self.has(path.partition(".")[0]):
            self._note(path, expression, self.field(path), expected)
        return expression

    def first_text(self, *names: str) -> str:
        """The first of several columns that is not null, as text."""
        present = [name for name in names if self.has(name)]
        return f"COALESCE({', '.join(self.text(name) for name in present)})" if present else "NULL::VARCHAR"

    def number(self, *names: str) -> str:
        """The column as money or quantity (``money.SQL_TYPE``); unreadable text and non-numbers are defects."""
        found = self.find(names)
        if not found:
            return f"NULL::{money.SQL_TYPE}"
        column, kind = quote(found), self._types[found]
        if kind.startswith("DECIMAL") or kind in _WHOLE:
            return f"CAST({column} AS {money.SQL_TYPE})"
        if kind in ("DOUBLE", "FLOAT"):
            expression = _number_of_double(column)
            self._note(found, expression, f"CAST({column} AS VARCHAR)", "a number", given=column)
        else:
            expression = self._number_of_text(self.text(found))
            self._note(found, expression, self.text(found), "a number")
        return expression

    def finer(self, *names: str) -> str:
        """What the store's rounding takes off the column: its text less ``number``, 0 where that is exact or unknown.

        Text of up to 36 decimals is told apart (28 from 100 on), which is finer than any bill seen.
        """
        found = self.find(names)
        if not found or self._types[found] in _WHOLE:
            return f"0::{_fine(_FINE[0])}"
        text = self._plain(self.text(found))
        rounded = f"TRY_CAST({text} AS {money.SQL_TYPE})"
        differences = (f"TRY_CAST({text} AS {_fine(n)}) - TRY_CAST({rounded} AS {_fine(n)})" for n in _FINE)
        rests = ", ".join(f"TRY_CAST({difference} AS {_fine(_FINE[0])})" for difference in differences)
        likely = f"LENGTH({text}) > {money.SCALE} OR LOWER({text}) LIKE '%e-%'"
        return f"CASE WHEN {likely} THEN COALESCE({rests}, 0) ELSE 0 END"

    def time(self, *names: str, first: bool = False) -> str:
        """The column as a UTC TIMESTAMP; text must be ISO 8601, or US month/day/year as spreadsheets write it.

        ``first`` are first days of months. 01/09/2026 is none in the US: its day stands in front, which is a defect.
        """
        found = self.find(names)
        if not found:
            return "NULL::TIMESTAMP"
        column, kind = quote(found), self._types[found]
        if kind == "TIMESTAMPTZ_NS":
            return f"CAST(CAST({column} AS TIMESTAMPTZ) AS TIMESTAMP)"
        if kind.startswith(("TIMESTAMP", "DATE")):
            return f"CAST({column} AS TIMESTAMP)"
        text = self.text(found)
        us = f"{text} LIKE '%/%/%'" + (f" AND NOT REGEXP_MATCHES({text}, {literal(_NO_FIRST)})" if first else "")
        expression = (
            f"CASE WHEN {text} LIKE '____-__-__%' THEN CAST(TRY_CAST({text} AS TIMESTAMPTZ) AS TIMESTAMP) "
            f"WHEN {us} THEN TRY_STRPTIME({text}, ['%m/%d/%y', '%m/%d/%Y']) END"
        )
        self._note(found, expression, text, "a date such as 2026-09-30T00:00:00Z")
        return expression

    def tags(self, *names: str) -> str:
        """The column as JSON text of one flat object; missing braces are added, anything else is null."""
        found = self.find(names)
        if not found:
            return "NULL::VARCHAR"
        kind = self._types[found]
        if kind.startswith(("MAP", "STRUCT")):
            return f"CAST(to_json({quote(found)}) AS VARCHAR)"
        text = self.text(found)
        return f"CASE WHEN {text} LIKE '{{%' THEN {text} WHEN {text} LIKE '\"%:%' THEN '{{' || {text} || '}}' END"

    def entry(self, map_names: Iterable[str], key: str) -> str:
        """One value of a map column (a MAP, or JSON text) as text."""
        found = self.find(map_names)
        return cleaned(self.raw_entry(found, key)) if found else "NULL::VARCHAR"

    def raw_entry(self, found: str, key: str) -> str:
        """One value of a map column as it stands in the file."""
        if self._types[found].startswith("MAP"):
            return f"{quote(found)}[{literal(key)}]"
        return f"json_extract_string(TRY_CAST({self.text(found)} AS JSON), {literal('$.' + quote(key))})"

    def _plain(self, text: str) -> str:
        """The text of a number with a point before its decimals; null where the comma is the mark and it is none."""
        if self._decimal == ".":
            return text
        plain = f"REPLACE(REPLACE({text}, '.', ''), ',', '.')"
        return f"CASE WHEN REGEXP_MATCHES({text}, {literal(_COMMA)}) THEN {plain} END"

    def _number_of_text(self, text: str) -> str:
        plain = f"TRY_CAST({self._plain(text)} AS {money.SQL_TYPE})"
        return _or_grouped(plain, text) if self._decimal == "." else plain

    def _note(self, column: str, expression: str, raw: str, expected: str, *, given: str = "") -> None:
        """Note as a defect that ``given`` (else the text ``raw`` of it) is not null and the expression over it is."""
        reason = f"{literal(column + ': ')} || LEFT({raw}, 60) || {literal(' is not ' + expected)}"
        self._defects.setdefault(column, Defect(f"{given or raw} IS NOT NULL AND ({expression}) IS NULL", reason))


def cleaned(column: str) -> str:
    """The text without blanks around it; null where it is one of the ways of writing null."""
    nulls = ", ".join(literal(text) for text in NULL_TEXTS)
    return f"CASE WHEN TRIM({column}) NOT IN ({nulls}) THEN TRIM({column}) END"


def _fine(scale: int) -> str:
    return f"DECIMAL(38,{scale})"


def _or_grouped(plain: str, text: str) -> str:
    grouped = f"TRY_CAST(REGEXP_REPLACE({text}, '[$€£,\\s]', '', 'g') AS {money.SQL_TYPE})"
    return f"COALESCE({plain}, CASE WHEN REGEXP_MATCHES({text}, {literal(_GROUPED)}) THEN {grouped} END)"


def _number_of_double(column: str) -> str:
    """A double as the shortest decimal that reads back as it, which is what its writer meant.

    A decimal of at most 15 digits is the shortest for its double. So where the nearest one of 12 (then 10) places reads
    back as the double, it is the answer, at a tenth of the price of the way over text, which the few others take.
    """
    by_text = f"TRY_CAST(CAST({column} AS VARCHAR) AS {money.SQL_TYPE})"
    nearest = [f"TRY_CAST({column} AS DECIMAL(15,{places}))" for places in (12, 10)]
    exact = (f"WHEN CAST({one} AS DOUBLE) = {column} THEN CAST({one} AS {money.SQL_TYPE})" for one in nearest)
    return f"CASE {' '.join(exact)} ELSE {by_text} END"
