"""Bills of one month that look like one bill under two account numbers or in two currencies: they may count twice.

A month that comes again under its number and currency replaces what is there. Under another number it stands beside it,
and so do two currencies in one delivery. Two such bills are told only where nine in ten of the charges of either are in
the other: the same day, provider, service, meter and resource, and the same quantity or, in one currency without
quantities, the same cost. Three of them that name a resource (or stand on one invoice) must differ in it or in amount;
where nothing tells whose they are, twenty must: two accounts with the same subscription are two. Nothing is removed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import duckdb

from costlib.focus import ACCOUNT, BILLED, CURRENCY, DAY, SOURCE
from costlib.store.engine import connect
from costlib.store.manifest import Key, Manifest, Part, TieOut
from costlib.store.parts import parts_select, unpacked_select

#: The share of the charges of either that must be in the other, and how many different ones must be among them.
_SHARED, _NAMED, _NAMELESS = 0.9, 3, 20
#: The share of line items, and in one currency of cost, that the smaller bill has of the larger: else none is read.
_ITEMS, _COST = 0.8, Decimal("0.5")
_WHAT = ("ServiceProviderName", "ServiceName", "SkuId", "SkuMeter", "RegionId", "ChargeCategory", "ConsumedUnit")
#: What tells the bills of a month apart.
_PLACE = (SOURCE, ACCOUNT, CURRENCY)
Place = tuple[str, str | None, str | None]


@dataclass(frozen=True)
class Bill:
    """One currency of an account's month; ``billed`` is the cost of the charges that the other has too."""

    connection: str
    account: str | None
    currency: str
    billed: Decimal | None

    @property
    def place(self) -> Place:
        """What tells it from the other bills of the month."""
        return self.connection, self.account, self.currency


@dataclass(frozen=True)
class Alike:
    """Two bills of a month (``2026-09``) that share so many of the ``charges`` of the one with more."""

    period: str
    one: Bill
    other: Bill
    shared: int
    charges: int

    @property
    def is_one_account(self) -> bool:
        """Whether they are two currencies of one account and connection, which one load brought together."""
        return (self.one.connection, self.one.account) == (self.other.connection, self.other.account)

    @property
    def twice(self) -> Decimal | None:
        """What counts twice if they are one bill, in their currency; None where they have two, or a cost is unknown."""
        amounts = (self.one.billed, self.other.billed)
        if self.one.currency != self.other.currency or None in amounts:
            return None
        return min(amount for amount in amounts if amount is not None)


def alike(state: Manifest, root: Path, among: Collection[Key] | None = None) -> list[Alike]:
    """The bills of the state that look alike, newest month first; with ``among``, those of these parts with any other.

    Parts that cannot be read are passed over: whatever needs them says so.
    """
    months = _candidates(state, among)
    try:
        with connect() as connection:
            return [one for month in sorted(months, reverse=True) for one in _alike(connection, root, month, months)]
    except duckdb.Error:
        return []


@dataclass(frozen=True)
class _Entry:
    part: Part
    tie_out: TieOut

    @property
    def place(self) -> Place:
        return self.part.source, self.part.account, self.tie_out.currency


def _candidates(state: Manifest, among: Collection[Key] | None) -> dict[str, list[tuple[_Entry, _Entry]]]:
    """By month, bills with another account or currency and about as many line items."""
    entries: defaultdict[str, list[_Entry]] = defaultdict(list)
    for part in state.parts:
        if part.path and part.period:
            entries[part.period] += [_Entry(part, entry) for entry in part.tie_outs if entry.rows_loaded >= _NAMED]
    wanted = {*among} if among is not None else {part.key for part in state.parts}
    found = {
        month: [
            (one, other)
            for one, other in combinations(those, 2)
            if {one.part.key, other.part.key} & wanted and _may_be_one(one.tie_out, other.tie_out)
        ]
        for month, those in entries.items()
    }
    return {month: pairs for month, pairs in found.items() if pairs}


def _may_be_one(one: TieOut, other: TieOut) -> bool:
    if min(one.rows_loaded, other.rows_loaded) < _ITEMS * max(one.rows_loaded, other.rows_loaded):
        return False
    costs = [abs(entry.sums_store[BILLED] or Decimal(0)) for entry in (one, other)]
    return one.currency != other.currency or min(costs) >= _COST * max(costs)


def _alike(
    connection: duckdb.DuckDBPyConnection, root: Path, month: str, months: Mapping[str, Sequence[tuple[_Entry, _Entry]]]
) -> Iterator[Alike]:
    parts = {entry.part.key: entry.part for pair in months[month] for entry in pair}
    connection.execute(f"CREATE OR REPLACE TEMP TABLE charges AS {_charges_select(parts_select(parts.values(), root))}")
    rows = connection.execute(_shared_select()).fetchall()
    wanted = {frozenset((one.place, other.place)) for one, other in months[month]}
    for row in rows:
        one, other = Bill(*row[:4]), Bill(*row[4:8])
        if frozenset((one.place, other.place)) in wanted:
            yield Alike(month, one, other, *row[8:])


def _charges_select(packed: str) -> str:
    """What bills charge by day and everything that says what it is for, and how many ``charges`` a bill has; amounts of
    0 say nothing and are null.
    """
    place = ", ".join(_PLACE)
    texts = ", ".join((*_PLACE, *_WHAT, "ResourceId", "InvoiceId"))
    summed = (
        f"SELECT {place}, ResourceId AS resource, MIN(InvoiceId) AS invoice, "
        f"HASH({DAY}, {', '.join(_WHAT)}, ResourceId) AS charge, "
        f"NULLIF(SUM(ConsumedQuantity), 0) AS quantity, NULLIF(SUM({BILLED}), 0) AS billed "
        f"FROM ({unpacked_select(packed, texts)}) GROUP BY {place}, resource, charge"
    )
    return (
        f"SELECT *, COUNT(*) OVER (PARTITION BY {place}) AS charges FROM ({summed}) "
        "WHERE quantity IS NOT NULL OR billed IS NOT NULL"
    )


def _shared_select() -> str:
    """Two bills each that share enough charges, what these cost in each, how many they are."""
    one, other = (", ".join(f"{bill}.{name}" for name in _PLACE) for bill in ("a", "b"))
    cost = f"CASE WHEN a.{CURRENCY} = b.{CURRENCY} AND a.billed = b.billed THEN a.billed END"
    most = "GREATEST(ANY_VALUE(a.charges), ANY_VALUE(b.charges))"
    owner = "COALESCE(a.resource, CASE WHEN a.invoice = b.invoice THEN a.invoice END)"
    named = f"COUNT(DISTINCT ({owner}, a.quantity, {cost})) FILTER ({owner} IS NOT NULL)"
    return (
        f"SELECT {one}, SUM(a.billed), {other}, SUM(b.billed), COUNT(*), {most} FROM charges a JOIN charges b "
        f"ON a.charge = b.charge AND ({one}) < ({other}) AND a.quantity IS NOT DISTINCT FROM b.quantity "
        f"AND (a.quantity IS NOT NULL OR {cost} IS NOT NULL) GROUP BY {one}, {other} "
        f"HAVING COUNT(*) >= {_SHARED} * {most} "
        f"AND ({named} >= {_NAMED} OR COUNT(DISTINCT (a.quantity, {cost})) >= {_NAMELESS}) ORDER BY ALL"
    )
