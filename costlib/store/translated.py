"""A generation with all its money in one currency, each row by the rate of its billing month.

Conventions: what reads it reads the same tables under the same names, and cannot tell. A row's amount is rounded to the
tenth decimal before it is multiplied, so that the product is exact; a rate counts to twelve digits, as many of them
before the point as the largest one needs. What a shared pool costs by day goes by the month of the day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from costlib.focus import COST_MEASURES, CURRENCY, DAY, MONTH
from costlib.money import SQL_TYPE, exact
from costlib.rates import Rates
from costlib.store.cube import CUBE, RESOURCE_DAYS, RESOURCE_PARTS
from costlib.store.engine import connect
from costlib.store.pool_days import BY_USE, POOL_DAYS, UNUSED
from costlib.store.reader import Reader

_NATIVE, _RATES = "native", "translation"
_AMOUNT = "DECIMAL(26,10)"
#: Digits of a rate: with those of an amount they are the 38 that a product may have.
_RATE_DIGITS = 12
#: Tables that hold money, the month whose rate counts, and their columns of money.
_MONEY = {
    CUBE: (MONTH, COST_MEASURES),
    RESOURCE_DAYS: (MONTH, COST_MEASURES),
    RESOURCE_PARTS: (MONTH, COST_MEASURES),
    POOL_DAYS: (f"CAST(DATE_TRUNC('month', n.{DAY}) AS DATE)", ("BilledCost", "EffectiveCost", BY_USE, UNUSED)),
}


class TranslatedReader(Reader):
    """One generation in one currency. Raises ``RateError`` for the first rate that there is not."""

    def __init__(self, path: Path, generation: str, rates: Rates, currency: str, whole_to: date | None = None) -> None:
        self._rates, self._currency = rates, currency
        super().__init__(path, generation, whole_to)

    def _opened(self, path: Path) -> duckdb.DuckDBPyConnection:
        connection = connect()
        place = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{place}' AS {_NATIVE} (READ_ONLY)")
        known = [
            (month, base, self._rates.rate(month, base, self._currency).rate) for month, base in _needed(connection)
        ]
        kind = _rate_type(rate for _, _, rate in known)
        connection.execute(f"CREATE TABLE {_RATES} (month DATE, currency VARCHAR, rate {kind})")
        if known:
            texts = [(month, base, exact(rate)) for month, base, rate in known]
            connection.executemany(f"INSERT INTO {_RATES} VALUES (?, ?, ?)", texts)
        for (table,) in connection.execute(
            f"SELECT table_name FROM information_schema.tables WHERE table_catalog = '{_NATIVE}'"
        ).fetchall():
            connection.execute(f'CREATE VIEW "{table}" AS {_select(table, self._currency)}')
        return connection


def _rate_type(rates: Iterable[Decimal]) -> str:
    """The type that holds every rate.

    >>> _rate_type([Decimal("1.0952")]), _rate_type([Decimal("0.0000394"), Decimal("25430.5")])
    ('DECIMAL(12,11)', 'DECIMAL(12,7)')
    """
    before_point = max((rate.adjusted() + 1 for rate in rates), default=0)
    return f"DECIMAL({_RATE_DIGITS},{_RATE_DIGITS - max(before_point, 0)})"


def _needed(connection: duckdb.DuckDBPyConnection) -> list[tuple[date, str]]:
    """Every month and currency in which there is money."""
    parts = [
        f"SELECT DISTINCT {month} AS month, {CURRENCY} AS currency FROM {_NATIVE}.{table} n"
        for table, (month, _) in _MONEY.items()
        if table in (CUBE, POOL_DAYS)
    ]
    found = connection.execute(f"SELECT DISTINCT month, currency FROM ({' UNION ALL '.join(parts)}) ORDER BY ALL")
    return [(month, str(currency)) for month, currency in found.fetchall()]


def _select(table: str, currency: str) -> str:
    if table not in _MONEY:
        return f'SELECT * FROM {_NATIVE}."{table}"'
    month, columns = _MONEY[table]
    amounts = [f"CAST(CAST(n.{name} AS {_AMOUNT}) * r.rate AS {SQL_TYPE}) AS {name}" for name in columns]
    replaced = ", ".join([*amounts, f"'{currency}' AS {CURRENCY}"])
    on = f"r.month = {month if '(' in month else f'n.{month}'} AND r.currency = n.{CURRENCY}"
    return f'SELECT n.* REPLACE ({replaced}) FROM {_NATIVE}."{table}" n JOIN {_RATES} r ON {on}'
