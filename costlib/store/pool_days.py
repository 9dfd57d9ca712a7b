"""The table ``pool_days``: every pool by day, billing currency, kind of cost and team, on both bases.

Effective cost by allocation is what the team is charged; by use it is the same rate for the hours really used, and the
difference is unused reservation. So by use + unused reservation + idle + unallocated = the pool's bill of the day.
Hours are in the driver's unit; they are null where the driver knows none, and hours used also where use is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from costlib import money
from costlib.focus import BILLED, COST_KIND, CURRENCY, DAY, EFFECTIVE, POOL, SHARED
from costlib.periods import Grain
from costlib.sources.native import literal, literals
from costlib.store.splits import PERIOD, POOL_SHARES, RESERVED, USED, Split, period_of

POOL_DAYS = "pool_days"
BY_USE, UNUSED = "x_CostByUse", "x_UnusedReservation"


def pool_days_select(splits: Sequence[Split], cube: str) -> str:
    """The SELECT that sums the cube's pool rows by day and team and adds the hours behind them."""
    monthly = [split.pool for split in splits if split.over is not Grain.DAY]
    coarse = f"{POOL} IN {literals(monthly)}" if monthly else "FALSE"
    hours = (
        f"SELECT {POOL}, {PERIOD}, {CURRENCY}, {COST_KIND}, x_Team, SUM({RESERVED}) AS {RESERVED}, "
        f"CASE WHEN COUNT({USED}) = COUNT(*) THEN SUM({USED}) END AS {USED} FROM {POOL_SHARES} GROUP BY ALL"
    )
    days = (
        f"SELECT {POOL}, {DAY}, CASE WHEN {coarse} THEN {period_of(Grain.MONTH)} ELSE {DAY} END AS {PERIOD}, "
        f"{CURRENCY}, {COST_KIND}, x_Team, SUM({BILLED}) AS {BILLED}, SUM({EFFECTIVE}) AS {EFFECTIVE} "
        f"FROM {cube} WHERE {POOL} IS NOT NULL GROUP BY ALL"
    )
    share = f"LEAST(CAST({USED} AS DOUBLE) / CAST({RESERVED} AS DOUBLE), 1)"
    shared = f"d.{COST_KIND} = {literal(SHARED)} AND {RESERVED} > 0"
    by_use = f"CASE WHEN {shared} THEN CAST(CAST({EFFECTIVE} AS DOUBLE) * {share} AS {money.SQL_TYPE}) END"
    daily = ", ".join(f"CASE WHEN {coarse} THEN NULL ELSE {name} END AS {name}" for name in (RESERVED, USED))
    same = " AND ".join(f"h.{name} = d.{name}" for name in (POOL, PERIOD, CURRENCY, COST_KIND))
    return (
        f"SELECT {POOL}, {DAY}, {CURRENCY}, {COST_KIND}, x_Team, {BILLED}, {EFFECTIVE}, {BY_USE}, "
        f"{EFFECTIVE} - {BY_USE} AS {UNUSED}, {daily} FROM (SELECT d.*, h.{RESERVED}, h.{USED}, {by_use} AS {BY_USE} "
        f"FROM ({days}) AS d LEFT JOIN ({hours}) AS h ON {same} AND h.x_Team IS NOT DISTINCT FROM d.x_Team) "
        f"ORDER BY {POOL}, {DAY}, {CURRENCY}, {COST_KIND}, x_Team"
    )
