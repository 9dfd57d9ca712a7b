"""Questions to the cube: sums of a measure by dimensions, periods and filters.

A ``Reader`` is one open generation: a read-only connection that threads share through cursors. Names of dimensions and
filters are checked against the cube's columns before they reach SQL; values are always bound. Sums are exact decimals
in the billing currency; a sum is None where no line item behind it knows the measure, and ``unknown`` counts the line
items that do not.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from costlib.errors import QueryError, StoreError, did_you_mean
from costlib.fiscal import Fiscal, WeekCalendar, first_month
from costlib.focus import (
    ATTRIBUTES,
    BASE_TEXTS,
    COST_KIND,
    COST_MEASURES,
    CUBE_DIMENSIONS,
    CURRENCY,
    DAY,
    EFFECTIVE,
    LINE_ITEMS,
    MEASURES,
    MONTH,
    TIMES,
    canonical,
)
from costlib.periods import Grain, Window, period_starts
from costlib.store.cube import CUBE, RESOURCE_DAYS, RESOURCE_PARTS
from costlib.store.engine import connect
from costlib.store.pruning import hold

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

#: Values named in a message.
_NAMED = 12
#: Columns that a question may group and filter by.
DIMENSIONS = tuple(dict.fromkeys((*CUBE_DIMENSIONS, *BASE_TEXTS)))


@dataclass(frozen=True)
class Filter:
    """Rows whose dimension is one of the values (or, ``exclude``, is not); None is the unknown value."""

    dimension: str
    values: tuple[str | None, ...]
    exclude: bool = False


@dataclass(frozen=True)
class Question:
    """What to sum: a measure by dimensions and period, within a window of usage days and under filters."""

    by: tuple[str, ...] = ()
    measure: str = EFFECTIVE
    grain: Grain = Grain.TOTAL
    window: Window | None = None
    filters: tuple[Filter, ...] = field(default=())
    fiscal_start: Fiscal = 1


@dataclass(frozen=True)
class Row:
    """One sum: its dimension values in the order asked, the first day of its period, its currency."""

    values: tuple[str | None, ...]
    period: date | None
    currency: str
    amount: Decimal | None
    line_items: int
    unknown: int


class Reader:
    """One generation, open for reading. Safe to share between threads.

    Raises ``StoreError`` where its file cannot be read.
    """

    def __init__(self, path: Path, generation: str) -> None:
        self.generation = generation
        try:
            self._release = weakref.finalize(self, os.close, hold(path))
            self._connection = self._opened(path)
        except (OSError, duckdb.Error) as error:
            raise StoreError(
                f"{path} cannot be read ({str(error).splitlines()[0][:120]})",
                expected="the cube of the published state",
                fix="Remove that file: the next reader builds it again from the parts.",
            ) from error

    def _opened(self, path: Path) -> duckdb.DuckDBPyConnection:
        return connect(str(path), read_only=True)

    def close(self) -> None:
        """Close the generation's file; a reader that is dropped closes it too."""
        self._connection.close()
        self._release()

    def ask(self, question: Question) -> list[Row]:
        """The sums, ordered by period and then by amount, largest first.

        Raises ``QueryError`` for a dimension or measure that there is not.
        """
        by = tuple(dimension(name) for name in question.by)
        sql, parameters = compiled(question, by, self._first_days(question))
        rows = self.rows(sql, parameters)
        return [Row(tuple(row[: len(by)]), row[-5], row[-4], row[-3], row[-2], row[-1]) for row in rows]

    def _first_days(self, question: Question) -> list[date]:
        """First days of the fiscal periods that a question can meet; none where its calendar has months."""
        data = self.window(of_any_charge=True) if isinstance(question.fiscal_start, WeekCalendar) else None
        if data is None or question.grain not in (Grain.PERIOD, Grain.QUARTER, Grain.YEAR):
            return []
        return period_starts(data, question.grain, question.fiscal_start)

    def values(self, name: str) -> list[str | None]:
        """The values of a dimension by effective cost, largest first, unknown last."""
        column = dimension(name)
        order = f"{column} IS NULL, SUM({EFFECTIVE}) DESC NULLS LAST, 1"
        query = f"SELECT {_text(column)} FROM {_table([column])} GROUP BY {column} ORDER BY {order}"
        return [value for (value,) in self.rows(query)]

    def check(self, filters: Sequence[Filter]) -> None:
        """Raise ``QueryError`` for a value that its dimension never has: most likely a slip, not a question.

        Windows do not matter: a value that is there on other days only gives an empty answer.
        """
        for item in filters:
            column = dimension(item.dimension)
            wanted = sorted({value for value in item.values if value is not None})
            marks = ", ".join("?" * len(wanted))
            found = f"SELECT DISTINCT {_text(column)} FROM {_table([column])} WHERE {_text(column)} IN ({marks})"
            held = {value for (value,) in self.rows(found, wanted)} if wanted else set()
            for value in wanted:
                if value not in held:
                    known = [str(name) for name in self.values(column) if name is not None]
                    raise QueryError(
                        f"{column} is never {value}",
                        expected=", ".join(known[:_NAMED]) or "a value of the loaded bills",
                        fix=did_you_mean(value, known),
                    )

    def currencies(self) -> list[str]:
        """Billing currencies, the one with most line items first."""
        query = f"SELECT {CURRENCY} FROM {CUBE} GROUP BY 1 ORDER BY SUM({LINE_ITEMS}) DESC, 1"
        return [str(value) for (value,) in self.rows(query)]

    def currency(self, wanted: str | None = None) -> str:
        """The billing currency of that code; the one with most line items where none is asked for.

        Raises ``QueryError`` for one that no line item is billed in.
        """
        known = self.currencies()
        if wanted is None:
            return next(iter(known), "USD")
        if wanted not in known:
            raise QueryError(
                f"Nothing is billed in {wanted}",
                expected=" or ".join(known) or "a currency of the bills",
                fix="Take one of these.",
            )
        return wanted

    def window(self, *, of_any_charge: bool = False) -> Window | None:
        """The days from the first to the last usage day (or day of any charge); None where there is none.

        What is charged in advance is no usage yet: a day after its bill's month counts where no gap lies before it.
        """
        if of_any_charge:
            ((first, last),) = self.rows(f"SELECT MIN({DAY}), MAX({DAY}) FROM {CUBE}")
            return Window(first, last + timedelta(days=1)) if first else None
        usage = f"FROM {CUBE} WHERE ChargeCategory = 'Usage'"
        within = f"MAX({DAY}) FILTER (WHERE {DAY} < {MONTH} + INTERVAL 1 MONTH)"
        ((first, own, last),) = self.rows(f"SELECT MIN({DAY}), {within}, MAX({DAY}) {usage}")
        if own and own < last:
            ahead = f"SELECT DISTINCT {DAY} {usage} AND {DAY} > ? ORDER BY 1"
            last = without_gap(own, (day for (day,) in self.rows(ahead, [own])))
        return Window(first, last + timedelta(days=1)) if first else None

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query on a cursor of its own."""
        with self._connection.cursor() as cursor:
            return cursor.execute(sql, parameters).fetchall()

    def columns(self, sql: str, parameters: Sequence[Any] = ()) -> Mapping[str, NDArray[Any]]:
        """The columns of a query by name, for arithmetic: decimals as doubles, masked where not known, lists as arrays.

        A figure is off by its last binary digit at most. Many of them come so in a tenth of the time that rows take.
        """
        with self._connection.cursor() as cursor:
            return cursor.execute(sql, parameters).fetchnumpy()

    def table(self, name: str) -> pa.Table:
        """A whole table of the cube file."""
        with self._connection.cursor() as cursor:
            return cursor.sql(f"FROM {name}").to_arrow_table()


def without_gap(last: date, following: Iterable[date]) -> date:
    """The last of the days that follow one another from ``last`` on."""
    for day in following:
        if day != last + timedelta(days=1):
            return last
        last = day
    return last


def compiled(question: Question, by: Sequence[str], firsts: Sequence[date] = ()) -> tuple[str, list[object]]:
    """The question as SQL with bound values, over checked columns ``by``; ``firsts`` as in ``_period``."""
    sql, bound = unordered(question, by, firsts)
    keys = "".join(f"{name}, " for name in by)
    return f"{sql} ORDER BY period, amount DESC NULLS LAST, {keys}{CURRENCY}", bound


def unordered(question: Question, by: Sequence[str], firsts: Sequence[date] = ()) -> tuple[str, list[object]]:
    """The same with its sums in any order."""
    column = measure(question.measure)
    conditions, parameters = conditions_of(question.filters, question.window)
    columns = [*by, *(dimension(item.dimension) for item in question.filters)]
    selected = "".join(f"{_text(name)} AS k{number}, " for number, name in enumerate(by))
    period, bound = _period(question.grain, question.fiscal_start, firsts)
    count = f"SUM({LINE_ITEMS})"
    unknown = f"COALESCE({count} FILTER (WHERE {column} IS NULL), 0)"
    sql = (
        f"SELECT {selected}{period} AS period, {CURRENCY}, SUM({column}) AS amount, "
        f"CAST({count} AS BIGINT), CAST({unknown} AS BIGINT) "
        f"FROM {_table(columns)} {conditions} GROUP BY {selected and ', '.join(by) + ', '}period, {CURRENCY}"
    )
    return sql, [*bound, *parameters]


def conditions_of(filters: Sequence[Filter], window: Window | None) -> tuple[str, list[object]]:
    """The WHERE clause of filters and window, with the values to bind."""
    clauses: list[str] = []
    parameters: list[object] = []
    for item in filters:
        column = _text(dimension(item.dimension))
        known = [value for value in item.values if value is not None]
        parts = [f"{column} IN ({', '.join('?' * len(known))})"] if known else []
        parts += [f"{column} IS NULL"] if None in item.values else []
        test = f"COALESCE({' OR '.join(parts)}, FALSE)" if parts else "FALSE"
        clauses.append(f"NOT {test}" if item.exclude else test)
        parameters += known
    if window:
        clauses.append(f"{DAY} >= ? AND {DAY} < ?")
        parameters += [window.start, window.end]
    return (f"WHERE {' AND '.join(clauses)}" if clauses else ""), parameters


def dimension(name: str) -> str:
    """The column that a dimension's name means, in any spelling the field uses.

    Raises ``QueryError``.

    >>> dimension("providername")
    'ServiceProviderName'
    """
    found = canonical(name, DIMENSIONS)
    if found is None:
        raise QueryError(
            f"There is no dimension {name}",
            expected=f"one of {', '.join(DIMENSIONS)}",
            fix=did_you_mean(name, DIMENSIONS),
        )
    return found


def measure(name: str) -> str:
    """The column that a measure's name means, in any spelling the field uses.

    Raises ``QueryError``.
    """
    found = canonical(name, MEASURES)
    if found is None:
        raise QueryError(
            f"There is no measure {name}",
            expected=f"one of {', '.join(MEASURES)}",
            fix=did_you_mean(name, MEASURES),
        )
    return found


def cost_measure(name: str) -> str:
    """The same for who needs money: raises ``QueryError`` for a quantity too.

    >>> cost_measure("AmortizedCost")
    'EffectiveCost'
    """
    found = measure(name)
    if found not in COST_MEASURES:
        raise QueryError(
            f"{found} is a quantity, not money", expected=f"one of {', '.join(COST_MEASURES)}", fix="Take one of these."
        )
    return found


def _text(column: str) -> str:
    """The dimension as text: days are dates in the cube and ISO text in questions and answers."""
    return f"CAST({column} AS VARCHAR)" if column in TIMES else column


def _table(columns: Sequence[str]) -> str:
    """The smallest table that has the columns; below the cube, pools are cut only where it makes a difference."""
    if set(columns) <= set(CUBE_DIMENSIONS):
        return CUBE
    return RESOURCE_PARTS if {*ATTRIBUTES, COST_KIND} & set(columns) else RESOURCE_DAYS


def _period(grain: Grain, fiscal: Fiscal, firsts: Sequence[date]) -> tuple[str, list[object]]:
    """The first day of a row's period as SQL, and the values to bind: ``firsts``, for fiscal periods of whole weeks."""
    if firsts:
        return f"LIST_MAX(LIST_FILTER(CAST(? AS DATE[]), lambda start: start <= {DAY}))", [list(firsts)]
    return _month_period(grain, first_month(fiscal)), []


def _month_period(grain: Grain, fiscal_start: int) -> str:
    match grain:
        case Grain.TOTAL:
            return "NULL::DATE"
        case Grain.DAY:
            return DAY
        case Grain.WEEK:
            return f"CAST(DATE_TRUNC('week', {DAY}) AS DATE)"
        case Grain.MONTH | Grain.PERIOD:
            return f"CAST(DATE_TRUNC('month', {DAY}) AS DATE)"
    unit, shift = ("quarter", (fiscal_start - 1) % 3) if grain is Grain.QUARTER else ("year", fiscal_start - 1)
    return f"CAST(DATE_TRUNC('{unit}', {DAY} - INTERVAL {shift} MONTH) + INTERVAL {shift} MONTH AS DATE)"
