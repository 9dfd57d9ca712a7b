"""One generation of the store, open for questions.

Sums are exact decimals in the billing currency; a sum is None where no line item behind it knows the measure, and
``unknown`` counts the line items that do not.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from costlib.errors import QueryError, StoreError, did_you_mean
from costlib.fiscal import WeekCalendar
from costlib.focus import CURRENCY, DAY, EFFECTIVE, LINE_ITEMS, MONTH
from costlib.periods import Grain, Window, period_starts
from costlib.store.cube import CUBE
from costlib.store.engine import connect
from costlib.store.pruning import hold
from costlib.store.question import Filter, Question, Row, as_text, compiled, dimension, table_with

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

#: Values named in a message.
_NAMED = 12


class Reader:
    """One generation, open for reading: threads share its read-only connection through cursors.

    ``whole_to`` is the last day of the newest month, where bills by the month hold it as a whole. Raises ``StoreError``
    where its file cannot be read.
    """

    whole_to: date | None = None

    def __init__(self, path: Path, generation: str, whole_to: date | None = None) -> None:
        self.generation, self.whole_to = generation, whole_to
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
        query = f"SELECT {as_text(column)} FROM {table_with([column])} GROUP BY {column} ORDER BY {order}"
        return [value for (value,) in self.rows(query)]

    def check(self, filters: Sequence[Filter]) -> None:
        """Raise ``QueryError`` for a value that its dimension never has: most likely a slip, not a question.

        Windows do not matter: a value that is there on other days only gives an empty answer.
        """
        for item in filters:
            column = dimension(item.dimension)
            wanted = sorted({value for value in item.values if value is not None})
            marks = ", ".join("?" * len(wanted))
            found = (
                f"SELECT DISTINCT {as_text(column)} FROM {table_with([column])} WHERE {as_text(column)} IN ({marks})"
            )
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
        Where the newest month is billed as a whole, its last day is the last one.
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
        return Window(first, max(last, self.whole_to or last) + timedelta(days=1)) if first else None

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
