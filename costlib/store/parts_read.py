"""What the exports of a batch hold, by part: asked of the engine once for all of them, before any part is written.

``control`` are rows and money as the files have them, ``base`` what the mapping made of them (see ``delivery``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from costlib import money
from costlib.focus import ACCOUNT, COST_MEASURES, CURRENCY, DAY, LINE_ITEMS, MONTH
from costlib.store.base import DEFECT, DELIVERY
from costlib.store.manifest import Sums, TieOut

PartKey = tuple[str | None, str | None]
_PERIOD = f"STRFTIME({MONTH}, '%Y-%m')"


@dataclass(frozen=True)
class Stored:
    """Base rows of one part and currency, sound ones or those set aside: line items, money, last day with usage.

    That is a day of the billing month where there is one: what is charged in advance is no usage yet. ``on_firsts``
    says whether all other usage begins on first days of months; None where there is none.
    """

    key: PartKey
    currency: str | None
    sound: bool
    rows: int
    last_day: date | None
    on_firsts: bool | None
    sums: Sums


@dataclass(frozen=True)
class Holding:
    """One delivery: ``control`` rows by part, in the order of currencies, and what the base holds of it."""

    control: Mapping[PartKey, tuple[Mapping[str, Any], ...]]
    stored: tuple[Stored, ...]

    def has(self, *, sound: bool, key: PartKey | None = None) -> bool:
        """Whether there are rows in the base, sound or set aside, of one part or of any."""
        return any(one.sound is sound and key in (None, one.key) for one in self.stored)

    @property
    def rows(self) -> int:
        """Line items in the base, sound ones and those set aside."""
        return sum(one.rows for one in self.stored)

    def currencies(self) -> dict[str | None, int]:
        """Sound line items by currency, in the order of currencies."""
        found: dict[str | None, int] = {}
        for one in sorted((one for one in self.stored if one.sound), key=lambda one: one.currency or ""):
            found[one.currency] = found.get(one.currency, 0) + one.rows
        return found

    def last_day(self, key: PartKey) -> date | None:
        """The part's last day with usage among its sound rows; None where it holds no usage."""
        days = (one.last_day for one in self.stored if one.sound and one.key == key)
        return max((day for day in days if day), default=None)

    def is_on_firsts(self, key: PartKey) -> bool:
        """Whether the part has usage in its month or before, all of it beginning on first days of months."""
        found = [one.on_firsts for one in self.stored if one.sound and one.key == key and one.on_firsts is not None]
        return bool(found) and all(found)

    def tie_outs(self, key: PartKey) -> tuple[TieOut, ...]:
        """Rows and money of the part, one entry a currency."""
        held = {(one.currency, one.sound): one for one in self.stored if one.key == key}
        return tuple(
            _tie_out(row, held.get((row[CURRENCY], True)), held.get((row[CURRENCY], False)))
            for row in self.control[key]
        )


def holdings(connection: duckdb.DuckDBPyConnection, deliveries: int) -> list[Holding]:
    """What each of so many deliveries holds, from the tables ``control`` and ``base``."""
    control = _by_delivery(
        connection.execute(
            f"SELECT * REPLACE ({_PERIOD} AS {MONTH}) FROM control "
            f"ORDER BY {ACCOUNT} NULLS FIRST, {MONTH} NULLS FIRST, {CURRENCY} NULLS FIRST"
        )
    )
    sums = ", ".join(f"SUM({name}) AS {name}" for name in COST_MEASURES)
    used, own = "ChargeCategory = 'Usage'", f"{DAY} < base.{MONTH} + INTERVAL 1 MONTH"
    last = f"COALESCE(MAX({DAY}) FILTER (WHERE {used} AND {own}), MAX({DAY}) FILTER (WHERE {used}))"
    firsts = f"BOOL_AND(DAY({DAY}) = 1) FILTER (WHERE {used} AND {own})"
    stored = _by_delivery(
        connection.execute(
            f"SELECT {DELIVERY}, {ACCOUNT}, {_PERIOD} AS {MONTH}, {CURRENCY}, {DEFECT} IS NULL AS sound, "
            f"CAST(SUM({LINE_ITEMS}) AS BIGINT) AS rows, {last} AS last_day, {firsts} AS on_firsts, {sums} "
            "FROM base GROUP BY ALL"
        )
    )
    return [Holding(_by_part(control[at]), tuple(map(_stored, stored[at]))) for at in range(deliveries)]


def _by_delivery(found: duckdb.DuckDBPyConnection) -> defaultdict[int, list[dict[str, Any]]]:
    names = [column[0] for column in found.description or []]
    rows: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for values in found.fetchall():
        row = dict(zip(names, values, strict=True))
        rows[row[DELIVERY]].append(row)
    return rows


def _by_part(rows: Iterable[Mapping[str, Any]]) -> dict[PartKey, tuple[Mapping[str, Any], ...]]:
    found: defaultdict[PartKey, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row[ACCOUNT], row[MONTH]].append(row)
    return {key: tuple(those) for key, those in found.items()}


def _stored(row: Mapping[str, Any]) -> Stored:
    sums = {name: row[name] for name in COST_MEASURES}
    key, days = (row[ACCOUNT], row[MONTH]), (row["last_day"], row["on_firsts"])
    return Stored(key, row[CURRENCY], row["sound"], row["rows"], *days, sums)


def _tie_out(row: Mapping[str, Any], sound: Stored | None, aside: Stored | None) -> TieOut:
    finer = {name: row.get(f"x_Finer{name}") or None for name in COST_MEASURES}
    nothing: Sums = dict.fromkeys(COST_MEASURES)
    return TieOut(
        row[CURRENCY],
        row["x_Rows"],
        sound.rows if sound else 0,
        aside.rows if aside else 0,
        sums_in={name: money.total([row[name], finer[name]]) for name in COST_MEASURES},
        sums_store=sound.sums if sound else nothing,
        sums_quarantined=aside.sums if aside else nothing,
        sums_finer=finer,
        rows_apart=row.get("x_RowsApart", 0),
        sums_apart={name: row.get(f"x_Apart{name}") for name in COST_MEASURES},
    )
