"""Questions to the cube: sums of a measure by dimensions, periods and filters, and the SQL that they mean.

Names of dimensions, measures and filters are checked against the cube's columns before they reach SQL; values are
always bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from costlib.errors import QueryError, did_you_mean
from costlib.fiscal import Fiscal, first_month
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
    TIMES,
    canonical,
)
from costlib.periods import Grain, Window
from costlib.store.cube import CUBE, RESOURCE_DAYS, RESOURCE_PARTS

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
    selected = "".join(f"{as_text(name)} AS k{number}, " for number, name in enumerate(by))
    period, bound = _period(question.grain, question.fiscal_start, firsts)
    count = f"SUM({LINE_ITEMS})"
    unknown = f"COALESCE({count} FILTER (WHERE {column} IS NULL), 0)"
    sql = (
        f"SELECT {selected}{period} AS period, {CURRENCY}, SUM({column}) AS amount, "
        f"CAST({count} AS BIGINT), CAST({unknown} AS BIGINT) "
        f"FROM {table_with(columns)} {conditions} GROUP BY {selected and ', '.join(by) + ', '}period, {CURRENCY}"
    )
    return sql, [*bound, *parameters]


def conditions_of(filters: Sequence[Filter], window: Window | None) -> tuple[str, list[object]]:
    """The WHERE clause of filters and window, with the values to bind."""
    clauses: list[str] = []
    parameters: list[object] = []
    for item in filters:
        column = as_text(dimension(item.dimension))
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
    return _column("dimension", name, DIMENSIONS)


def measure(name: str) -> str:
    """The column that a measure's name means, in any spelling the field uses.

    Raises ``QueryError``.
    """
    return _column("measure", name, MEASURES)


def _column(what: str, name: str, known: Sequence[str]) -> str:
    found = canonical(name, known)
    if found is None:
        raise QueryError(
            f"There is no {what} {name}", expected=f"one of {', '.join(known)}", fix=did_you_mean(name, known)
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


def as_text(column: str) -> str:
    """The dimension as text: days are dates in the cube and ISO text in questions and answers."""
    return f"CAST({column} AS VARCHAR)" if column in TIMES else column


def table_with(columns: Sequence[str]) -> str:
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
