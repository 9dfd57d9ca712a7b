"""Shared cost cut into exact parts, in SQL, at the grain of the cube.

A *pool* holds rows of shared cost; a *share* is what one receiver takes of a pool in one period and billing currency.
Shares of a pool, period and currency stand in a stable order; with ``before`` and ``after`` their cumulative shares,

    part = cut(after) - cut(before),  cut(0) = 0,  cut(1) = the amount itself,  cut(s) = amount * s as money,

so that the parts of every row sum to the row exactly, whatever the shares, for costs, quantities and line items. A
pool row whose period has no share stays whole and unallocated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Protocol

import duckdb

from costlib import money
from costlib.focus import (
    ATTRIBUTES,
    COST_KIND,
    COST_KINDS,
    CURRENCY,
    DAY,
    DIRECT,
    LINE_ITEMS,
    MEASURES,
    POOL,
    UNALLOCATED,
)
from costlib.periods import Grain
from costlib.sources.native import literal, literals

POOL_SHARES = "pool_shares"
PERIOD, BEFORE, AFTER, RESERVED, USED = "x_Period", "x_Before", "x_After", "x_Reserved", "x_Used"
_SHARE_COLUMNS = {
    POOL: "VARCHAR",
    PERIOD: "DATE",
    CURRENCY: "VARCHAR",
    COST_KIND: "VARCHAR",
    **dict.fromkeys(ATTRIBUTES, "VARCHAR"),
    BEFORE: "DOUBLE",
    AFTER: "DOUBLE",
    RESERVED: "DECIMAL(38,9)",
    USED: "DECIMAL(38,9)",
}


@dataclass(frozen=True)
class Split:
    """A pool as it is cut: its name, the period of one set of shares, the dimensions that its receivers decide."""

    pool: str
    over: Grain
    decides: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """What one receiver takes of a pool in the period that begins on ``period``; ``weight`` is relative to its fellows.

    ``values`` are the receiver's dimensions, none for capacity that nobody reserved and for what cannot be placed.
    ``reserved`` and ``used`` are the hours behind it, None where the driver has none or they are unknown.
    """

    pool: str
    period: date
    currency: str
    kind: str
    values: Mapping[str, str]
    weight: Fraction
    reserved: Decimal | None = None
    used: Decimal | None = None


@dataclass(frozen=True)
class Usage:
    """Hours of one resource reserved and used, by whom: ``hour`` is None for a day, hours are None where unknown.

    ``kind`` is ``allocation``, ``idle``, ``unallocated`` or ``unmounted``.
    """

    day: date
    hour: int | None
    node: str | None
    namespace: str | None
    label: str | None
    kind: str
    reserved: Decimal | None
    used: Decimal | None


@dataclass(frozen=True)
class DirectCost:
    """Direct effective cost of one combination of dimensions in a period."""

    period: date
    currency: str
    values: Mapping[str, str | None]
    cost: Decimal


class Facts(Protocol):
    """What drivers may ask for."""

    def charges(self, pool: str, over: Grain) -> list[tuple[date, str]]:
        """Periods and billing currencies in which the pool has cost."""

    def direct(self, by: Sequence[str], over: Grain) -> list[DirectCost]:
        """Direct cost by dimensions and period."""

    def usage(self, cluster: str, of: str, *, hourly: bool) -> list[Usage]:
        """Usage records of a cluster, by day or by hour; ``of`` is gpu, cpu, ram or cost."""


def create_shares(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the table of shares, empty."""
    types = ", ".join(f"{name} {kind}" for name, kind in _SHARE_COLUMNS.items())
    connection.execute(f"CREATE TABLE {POOL_SHARES} ({types})")


def write_shares(connection: duckdb.DuckDBPyConnection, shares: Iterable[Share]) -> None:
    """Add shares to their table, with their cumulative bounds; shares of weight 0 are left out."""
    rows = list(bounded(shares))
    given = ", ".join(f"UNNEST(?::{kind}[])" for kind in _SHARE_COLUMNS.values())
    connection.execute(
        f"INSERT INTO {POOL_SHARES} SELECT {given}", [[row[name] for row in rows] for name in _SHARE_COLUMNS]
    )


def bounded(shares: Iterable[Share]) -> Iterable[dict[str, object]]:
    """The shares as rows, in a stable order, with the bounds of their part of the whole."""
    ordered = sorted((share for share in shares if share.weight > 0), key=_order)
    for _, group in groupby(ordered, key=lambda share: (share.pool, share.period, share.currency)):
        fellows = list(group)
        whole, reached = sum((share.weight for share in fellows), Fraction(0)), Fraction(0)
        for share in fellows:
            before, reached = reached, reached + share.weight
            yield {
                POOL: share.pool,
                PERIOD: share.period,
                CURRENCY: share.currency,
                COST_KIND: share.kind,
                **{name: share.values.get(name) for name in ATTRIBUTES},
                BEFORE: float(before / whole),
                AFTER: float(reached / whole),
                RESERVED: share.reserved,
                USED: share.used,
            }


def _order(share: Share) -> tuple[str, date, str, int, list[tuple[str, str]]]:
    return (share.pool, share.period, share.currency, COST_KINDS.index(share.kind), sorted(share.values.items()))


def split_select(rows: str, splits: Sequence[Split], numbers: Sequence[str] = (*MEASURES, LINE_ITEMS)) -> str:
    """The SELECT that gives every one of ``rows`` its cost kind, pool rows cut into their parts.

    ``rows`` is a table with our dimensions; ``numbers`` are its columns to be cut; all columns stay.
    """
    direct = direct_select(rows)
    return f"{direct} UNION ALL BY NAME {parts_select(rows, splits, numbers)}" if splits else direct


def direct_select(rows: str) -> str:
    """The SELECT of those of ``rows`` that no pool took, with their cost kind."""
    kind = f"CASE WHEN x_Team IS NULL THEN {literal(UNALLOCATED)} ELSE {literal(DIRECT)} END AS {COST_KIND}"
    return f"SELECT *, {kind} FROM {rows} WHERE {POOL} IS NULL"


def parts_select(rows: str, splits: Sequence[Split], numbers: Sequence[str] = (*MEASURES, LINE_ITEMS)) -> str:
    """The SELECT of the parts of those of ``rows`` that pools took."""
    names = {name: [split.pool for split in splits if name in split.decides] for name in ATTRIBUTES}
    decided = [
        f"CASE WHEN p.{POOL} IN {literals(pools)} THEN s.{name} ELSE p.{name} END AS {name}"
        for name, pools in names.items()
        if pools
    ]
    parts = [f"{_cut(name, AFTER)} - {_cut(name, BEFORE)} AS {name}" for name in numbers]
    kind = f"COALESCE(s.{COST_KIND}, {literal(UNALLOCATED)}) AS {COST_KIND}"
    return (
        f"SELECT p.* REPLACE ({', '.join((*decided, *parts))}), {kind} FROM {rows} AS p LEFT JOIN {POOL_SHARES} AS s "
        f"ON s.{POOL} = p.{POOL} AND s.{CURRENCY} = p.{CURRENCY} AND s.{PERIOD} = {_period(splits)} "
        f"WHERE p.{POOL} IS NOT NULL"
    )


def period_of(over: Grain, day: str = DAY) -> str:
    """The first day of the period of a day, as SQL."""
    return f"CAST(DATE_TRUNC({literal(str(over))}, {day}) AS DATE)"


def _period(splits: Sequence[Split]) -> str:
    day = f"p.{DAY}"
    coarse = [split for split in splits if split.over is not Grain.DAY]
    branches = " ".join(f"WHEN {literal(split.pool)} THEN {period_of(split.over, day)}" for split in coarse)
    return f"CASE p.{POOL} {branches} ELSE {day} END" if branches else day


def cut(amount: str, share: str, part: str = "") -> str:
    """What lies below a cumulative share of an amount, as SQL: 0 at 0, the amount itself at 1, as money between."""
    part = part or f"CAST(CAST({amount} AS DOUBLE) * {share} AS {money.SQL_TYPE})"
    return f"CASE WHEN {share} >= 1 THEN {amount} WHEN {share} <= 0 THEN 0 ELSE {part} END"


def _cut(name: str, bound: str) -> str:
    share, amount = f"COALESCE(s.{bound}, {1 if bound == AFTER else 0})", f"p.{name}"
    return cut(amount, share, f"CAST(FLOOR({amount} * {share}) AS BIGINT)" if name == LINE_ITEMS else "")
