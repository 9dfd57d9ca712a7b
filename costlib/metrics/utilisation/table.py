"""A table of daily utilisation in: one row per day, resource or model, and metric, from CSV or Parquet, whole or not.

Columns ``day``, ``metric`` and ``value`` are needed, and ``resource`` tells it from a file of business metrics;
``model`` and ``unit`` may be left out. A metric is one that ``known`` lists, in its own unit unless ``unit`` says
another (``%``, ``share``), or ``requests``.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from costlib.analysis.units.measures import share
from costlib.analysis.units.readings import REQUESTS, SHARES, Reading
from costlib.errors import EmptyExport
from costlib.focus import fold
from costlib.metrics.rows import SHORT, Cells, Columns, day_of, numbered, refused, text_of, value_of
from costlib.metrics.utilisation.known import KNOWN, Known, amount_of

COLUMNS: Final = Columns(
    ("day", "resource", "model", "metric", "value", "unit"), ("day", "resource", "metric", "value")
)
#: Our own names for what is measured, in shares.
_OWN: Final = {**{str(basis): Known(basis) for basis in SHARES}, REQUESTS: Known(REQUESTS)}


def is_table(path: Path) -> bool:
    """Whether a readable file has a column ``resource``, which no business metric has."""
    with path.open("rb") as file:
        if file.read(4) == b"PAR1":
            return _names_resource(pq.read_schema(path).names)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        return _names_resource(next(csv.reader(text), []))


def read_table(path: Path) -> list[Reading]:
    """The readings of the file, in its order.

    Raises ``UnreadableFile``, ``MissingColumn``, ``EmptyExport``, and ``InputError`` that names every line that cannot
    be used.
    """
    readings: list[Reading] = []
    problems: list[str] = []
    seen: dict[tuple[object, ...], str] = {}
    for where, cells in numbered(path, COLUMNS):
        try:
            one = _reading(cells)
            key = one.day, one.resource, one.model, one.measure
            if key in seen:
                raise ValueError(f"the same day, resource, model and metric as {seen[key]}")
        except ValueError as error:
            problems.append(f"{where}: {error}")
            continue
        seen[key] = where
        readings.append(one)
    if problems:
        raise refused(path, problems, "one row per day, resource or model, and metric")
    if not readings:
        raise EmptyExport(f"{path} has no rows", expected="one row per day and resource", fix="Export it again.")
    return readings


def _names_resource(names: list[str]) -> bool:
    return "resource" in [fold(name) for name in names]


def _reading(cells: Cells) -> Reading:
    if SHORT in cells:
        raise ValueError(cells[SHORT])
    resource, model = text_of(cells["resource"]), text_of(cells.get("model"))
    if resource is None and model is None:
        raise ValueError("neither a resource nor a model is named")
    name = text_of(cells["metric"]) or ""
    known = KNOWN.get(name) or _OWN.get(name)
    if known is None or known.counter:
        told = ", ".join([*(one for one, what in KNOWN.items() if not what.counter), *_OWN])
        raise ValueError(f'the metric "{name}" is none of {told}')
    value = _amount(name, known, value_of(cells["value"]), text_of(cells.get("unit")))
    return Reading(day_of(cells["day"]), resource, model, known.measure, value)


def _amount(name: str, known: Known, value: Decimal, unit: str | None) -> Decimal:
    if known.measure == REQUESTS:
        if value < 0 or unit is not None:
            raise ValueError(f"{value} {unit or ''} requests".replace("  ", " "))
        return value
    own = unit is None and name in KNOWN
    found = amount_of(name, value) if own else share(value, unit or "share")
    if found is None:
        raise ValueError(f"{name} is {value}{f' {unit}' if unit else ''}, which is no share of a day")
    return found
