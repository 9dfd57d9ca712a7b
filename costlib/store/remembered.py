"""A reader that remembers: a question that was answered is not asked again while its generation is open.

Conventions: a published generation never changes, so that an answer is known by the words of its question and the
values bound to them, and by nothing else: who asks makes no difference to it. Kept are the answers used last, up to a
number of rows. Statements that write are passed on every time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from costlib.store.reader import Reader

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

#: Rows of answers kept, some 50 MB.
MOST_ROWS = 100_000
_QUESTIONS = ("SELECT", "WITH")


class RememberingReader(Reader):
    """The generation of another reader, each question asked of it once. Safe to share between threads."""

    def __init__(self, reader: Reader, most_rows: int = MOST_ROWS) -> None:
        self.generation, self.whole_to = reader.generation, reader.whole_to
        self._reader, self._most_rows = reader, most_rows
        self._answers: OrderedDict[tuple[str, str], list[tuple[Any, ...]]] = OrderedDict()
        self._rows, self._lock = 0, threading.Lock()

    def close(self) -> None:
        """Close the other reader."""
        self._reader.close()

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query, a new list of them each time."""
        if not sql.startswith(_QUESTIONS):
            return self._reader.rows(sql, parameters)
        key = (sql, repr(parameters))
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return list(self._answers[key])
        found = self._reader.rows(sql, parameters)
        self._keep(key, found)
        return list(found)

    def _keep(self, key: tuple[str, str], found: list[tuple[Any, ...]]) -> None:
        """Remember an answer and forget the ones that were not used for longest, until the rest fits."""
        with self._lock:
            if key in self._answers or len(found) > self._most_rows:
                return
            self._answers[key] = found
            self._rows += len(found)
            while self._rows > self._most_rows:
                self._rows -= len(self._answers.popitem(last=False)[1])

    def columns(self, sql: str, parameters: Sequence[Any] = ()) -> Mapping[str, NDArray[Any]]:
        """The columns of a query, asked anew."""
        return self._reader.columns(sql, parameters)

    def table(self, name: str) -> pa.Table:
        """A whole table of the cube file, read anew."""
        return self._reader.table(name)
