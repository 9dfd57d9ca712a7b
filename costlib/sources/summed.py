"""Line items that are added up first and read as FOCUS columns after: what makes a large bill quick to load.

Line items of a resource and day mostly differ in hour and amount only. Where a mapping is *additive* (see
``Source.additive``), it says of their sum what it says of them together, so it is asked once. ``SummedColumns`` stands
in for ``NativeColumns`` there: it answers with columns of the sums, and remembers what these must be made of:

* a number is added up as the exact decimal of every line item, null ones apart from known ones;
* a time is known by its UTC day;
* texts, and entries of maps, tell sums apart as they stand in the file, and are cleaned up after.

The many texts of a line item come in few *combinations*. Sums carry a number for theirs, which is a hash: whoever uses
them looks that no two combinations have the same. A line item with a value that cannot be read is never added to one
that is sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from costlib.sources.native import Defect, NativeColumns, cleaned, quote

COMBINATION, EXPORT, UNREADABLE, LINES = "x_Combination", "x_Export", "x_Unreadable", "x_Lines"
IS_SUM = "x_IsSum"
_HASH = "HASH({texts})"


class SummedColumns(NativeColumns):
    """Columns of sums of line items; ``select`` makes them, once the mapping has asked for all it needs."""

    def __init__(self, types: Mapping[str, str], *, decimal: str = ".", view: tuple[str, ...] = ()) -> None:
        super().__init__(types, decimal=decimal, view=view)
        self._line = NativeColumns(types, decimal=decimal, view=view)
        self._texts: dict[str, str] = {}
        self._days: dict[str, str] = {}
        self._sums: dict[str, str] = {}

    @property
    def texts(self) -> tuple[str, ...]:
        """Columns of a combination."""
        return tuple(self._texts)

    @property
    def figures(self) -> tuple[str, ...]:
        """Columns of a sum, beside its combination."""
        return (EXPORT, *self._days, *self._sums, UNREADABLE, LINES)

    @property
    def defects(self) -> tuple[Defect, ...]:
        """The defects noted by the readings made so far, of line items."""
        return self._line.defects

    def text(self, *names: str) -> str:
        """The column as text, blanks trimmed, the ways of writing null read as null."""
        if found := self.find(names):
            self._texts[quote(found)] = quote(found)
        return super().text(*names)

    def number(self, *names: str) -> str:
        """The sum of the column; null where it is null on every line item."""
        return self._named(self._sums, "sum of", names, self._line.number(*names))

    def time(self, *names: str, first: bool = False) -> str:
        """The UTC day on which the column's time lies, as a TIMESTAMP."""
        time = self._line.time(*names, first=first)
        day = f"CAST(CAST({time} AS DATE) AS TIMESTAMP)" if self.has(*names) else time
        return self._named(self._days, "day of", names, day)

    def tags(self, *names: str) -> str:
        """The column as JSON text of one flat object."""
        return self._named(self._texts, "tags in", names, self._line.tags(*names))

    def entry(self, map_names: Iterable[str], key: str) -> str:
        """One value of a map column as text."""
        found = self.find(map_names)
        if not found:
            return super().entry((), key)
        return cleaned(self._named(self._texts, f"{key} in", [found], self._line.raw_entry(found, key)))

    def select(self, table: str, export: str) -> str:
        """The SELECT of both from ``table``, told apart by ``IS_SUM``: sums by export, and every combination once.

        ``export`` is the number of a line's export, as SQL: sums of different exports stay apart.
        """
        texts, days = ", ".join(self._texts), ", ".join(self._days)
        reasons = " ".join(f"WHEN {defect.condition} THEN {defect.reason}" for defect in self.defects)
        unreadable = f"CASE {reasons} END" if reasons else "NULL::VARCHAR"
        given = {EXPORT: export, **self._texts, **self._days, **self._sums, UNREADABLE: unreadable}
        known = " + ".join(f"CASE WHEN {name} IS NULL THEN {1 << at} ELSE 0 END" for at, name in enumerate(self._sums))
        line = f"SELECT {', '.join(f'{what} AS {name}' for name, what in given.items())} FROM {table} AS native"
        numbered = f"SELECT *, {_HASH.format(texts=texts)} AS {COMBINATION}, {known} AS x_Known FROM ({line}) AS line"
        added = ", ".join(f"SUM({name}) AS {name}" for name in self._sums)
        one = f"{COMBINATION}, {EXPORT}, {days}, {UNREADABLE}, x_Known"
        return (
            f"SELECT {COMBINATION}, GROUPING({EXPORT}) = 0 AS {IS_SUM}, {EXPORT}, {texts}, {days}, {UNREADABLE}, "
            f"{added}, COUNT(*) AS {LINES} FROM ({numbered}) GROUP BY GROUPING SETS (({one}), ({COMBINATION}, {texts}))"
        )

    def _named(self, columns: dict[str, str], what: str, names: Iterable[str], expression: str) -> str:
        """The name of a column that ``select`` makes; the expression itself where the file has none of the names."""
        found = self.find(names)
        if not found:
            return expression
        name = quote(f"{what} {found}")
        columns[name] = expression
        return name
