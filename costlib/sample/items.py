"""Line items: the lines of the company in the order of its export, and the truth about each.

One row per line item. Rows stand by billing month, usage day, line and hour; the end of ``identity_line_item_id``
is drawn from the sample's seed, so the same row has the same id every time.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from costlib.sample import assistant, charges, cluster, days, ended, fraud, pipelines, platform, products, web
from costlib.sample.lines import Line

#: An hour that stands for the whole day.
WHOLE_DAY = -1

_LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", dtype=np.uint8)
_ID_LENGTH, _OWN_LETTERS = 52, 12


@dataclass(frozen=True)
class Rows:
    """Line items in their final order: arrays of equal length, and for each the position of its line and entry.

    ``entry`` counts over all lines; line ``n`` begins at ``first[n]``.
    """

    lines: Sequence[Line]
    first: days.IntArray
    line: days.IntArray
    entry: days.IntArray
    day: days.IntArray
    hour: days.IntArray
    month: days.IntArray
    amount: days.FloatArray
    rate: days.FloatArray
    cost: days.FloatArray
    own_letters: npt.NDArray[np.uint8]

    @property
    def count(self) -> int:
        """How many line items."""
        return int(self.line.size)

    def of_month(self, position: int) -> Rows:
        """The line items of one billing month."""
        start, end = np.searchsorted(self.month, [position, position + 1])
        parts = {
            name: getattr(self, name)[start:end]
            for name in ("line", "entry", "day", "hour", "month", "amount", "rate", "cost", "own_letters")
        }
        return Rows(self.lines, self.first, **parts)

    def each(self, value: Callable[[Line], Any]) -> pa.Array:
        """A column that is the same on all rows of a line."""
        values = pa.array([value(line) for line in self.lines])
        rows = pa.array(self.line)
        if not pa.types.is_string(values.type):
            return values.take(rows)
        encoded = values.dictionary_encode()
        return pa.DictionaryArray.from_arrays(encoded.indices.take(rows), encoded.dictionary)

    def number(self, value: Callable[[Line], float]) -> days.FloatArray:
        """A number that is the same on all rows of a line."""
        return np.array([value(line) for line in self.lines], dtype=np.float64)[self.line]

    def ids(self) -> pa.Array:
        """The id of each line item: letters of its line, then its own."""
        starts = np.array([_line_letters(line) for line in self.lines], dtype=np.uint8)
        letters = np.concatenate([starts[self.line], _LETTERS[self.own_letters]], axis=1)
        offsets = np.arange(self.count + 1, dtype=np.int32) * _ID_LENGTH
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))]
        return pa.Array.from_buffers(pa.string(), self.count, buffers)


def company_lines() -> list[Line]:
    """Every line of the company's AWS bill."""
    used: list[Line] = []
    for part in (fraud, cluster, products, assistant, pipelines, platform, web, ended):
        used += part.lines()
    return [line for line in (*used, *charges.lines(used)) if line.days.size]


def rows() -> Rows:
    """All line items in order."""
    return ordered(company_lines())


def ordered(lines: Sequence[Line]) -> Rows:
    """The entries of the lines as line items."""
    sizes = [line.days.size for line in lines]
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    line = np.repeat(np.arange(len(lines), dtype=np.int64), sizes)
    day, month = (np.concatenate([getattr(entry, name) for entry in lines]) for name in ("days", "months"))
    hour = np.concatenate([_hours(entry) for entry in lines])
    order = np.lexsort((hour, line, day, month)).astype(np.int64)
    amount, rate, cost = (
        np.concatenate([getattr(entry, name) for entry in lines])[order] for name in ("amount", "rate", "cost")
    )
    own = days.stream("line item ids").integers(0, 32, size=(line.size, _OWN_LETTERS), dtype=np.uint8)
    return Rows(lines, first, line[order], order, day[order], hour[order], month[order], amount, rate, cost, own)


def answers() -> pa.Table:
    """Who truly caused each line item: the truth that the bill does not tell, for tests of attribution.

    One row per line item: identity_line_item_id, team, model, stage (null where it is shared or nobody's),
    scope (``AI`` or ``Other``), tagged (whether it carries any tag).
    """
    found = rows()
    columns = {
        "identity_line_item_id": found.ids(),
        "team": found.each(lambda line: line.owner.team),
        "model": found.each(lambda line: line.owner.model),
        "stage": found.each(lambda line: line.owner.stage),
        "scope": found.each(lambda line: line.owner.scope),
        "tagged": found.each(lambda line: bool(line.meter.tags)),
    }
    return pa.table(columns)


def _hours(line: Line) -> days.IntArray:
    return np.full(line.days.size, WHOLE_DAY, dtype=np.int64) if line.hours is None else line.hours


def _line_letters(line: Line) -> npt.NDArray[np.uint8]:
    meter = line.meter
    name = " ".join((meter.account, meter.usage_type, meter.operation, meter.resource, meter.description, line.kind))
    text = base64.b32encode(hashlib.sha256(name.encode()).digest()).lower()
    return np.frombuffer(text[: _ID_LENGTH - _OWN_LETTERS], dtype=np.uint8)
