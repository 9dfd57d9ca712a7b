"""What stood idle, asked of the cube: the cost of machines by day, joined to what was measured of them.

Machines are what the rules call compute; a shared pool is one machine, with all its cost. An accelerator that nobody
measured counts as not measured, and so does a CPU that serves requests; other CPUs count only where they were measured.
Shared pools with usage records bring their own measure: of what a team reserved, what did not compute is idle
(*reserved hours used*), and so is what nobody reserved (*allocation*). What a pool's records do not tell is not
measured; readings of its nodes are not put on top.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from costlib import money
from costlib.analysis.units.idle import IdleFound, Machine, idle_of
from costlib.analysis.units.measures import REAL_TIME
from costlib.analysis.units.readings import Basis, Reading, matched
from costlib.focus import COST_KIND, CURRENCY, DAY, EFFECTIVE, IDLE, POOL, SHARED
from costlib.periods import Grain, Window
from costlib.store.cube import RESOURCE_DAYS
from costlib.store.pool_days import BY_USE, POOL_DAYS
from costlib.store.question import Filter, Question, Row
from costlib.store.reader import Reader

COMPUTE: Final = "compute"
ACCELERATORS: Final = ("compute GPU", "compute TPU and accelerators")
_BY: Final = ("x_Team", "x_Model", "ResourceId", "x_CostType", "x_Stage", POOL, COST_KIND)
#: Share of a team's part of a pool that computed, by pool, day, currency and team; None is unknown.
Shares = dict[tuple[str, date, str, str | None], Decimal | None]


def idle(
    reader: Reader, filters: Sequence[Filter], window: Window, readings: Iterable[Reading], measure: str = EFFECTIVE
) -> IdleFound:
    """What stood idle in the window under the filters, in the measure's money."""
    types = tuple(one for one in reader.values("x_CostType") if one is not None and one.startswith(COMPUTE))
    own = (Filter("x_CostType", types), Filter(POOL, (None,)))
    pooled = (Filter(POOL, (None,), exclude=True),)
    questions = [Question(_BY, measure, Grain.DAY, window, (*filters, *some)) for some in (own, pooled)]
    rows = [row for one in questions for row in reader.ask(one)]
    inside, _ = on_bill(reader, window, readings)
    measured = {one.resource or f":{one.model}" for one in inside}
    return idle_of(_machines(rows, _shares(reader, window), measured), inside)


def on_bill(reader: Reader, window: Window, readings: Iterable[Reading]) -> tuple[list[Reading], list[str]]:
    """The readings of the window with the ids of the bill, and what was measured and is not on it.

    The whole bill tells whose id it is: a filter that leaves one of two like names must not make it the other's.
    """
    inside = [one for one in readings if window.start <= one.day < window.end]
    days = [window.start, window.end]
    known = reader.rows(f"SELECT DISTINCT ResourceId FROM {RESOURCE_DAYS} WHERE {DAY} >= ? AND {DAY} < ?", days)
    models = [one for one in reader.values("x_Model") if one is not None]
    return matched(inside, [one for (one,) in known if one is not None], models)


def _machines(rows: Iterable[Row], shares: Shares, measured: set[str]) -> Iterator[Machine]:
    pools = {pool for pool, *_ in shares}
    for row in rows:
        team, model, resource, cost_type, stage, pool, kind = row.values
        cost = None if row.unknown else row.amount
        if row.period is None or cost == 0:
            continue
        gpu = cost_type in ACCELERATORS
        if pool is not None and pool in pools:
            basis = Basis.ALLOCATION if kind == IDLE else Basis.RESERVED
            used = Decimal(0) if kind == IDLE else shares.get((pool, row.period, row.currency, team))
            yield Machine(row.period, team, model, pool, stage, cost, gpu, basis, used)
        elif not (cost_type or "").startswith(COMPUTE):
            continue
        elif gpu or stage == REAL_TIME or _is_measured(resource, model, measured):
            yield Machine(row.period, team, model, resource, stage, cost, gpu)


def _is_measured(resource: str | None, model: str | None, measured: set[str]) -> bool:
    return resource in measured or f":{model}" in measured


def _shares(reader: Reader, window: Window) -> Shares:
    """What computed of what each team reserved in the pools that have usage records."""
    sql = (
        f"SELECT {POOL}, {DAY}, {CURRENCY}, x_Team, SUM({EFFECTIVE}), "
        f"CASE WHEN COUNT({BY_USE}) = COUNT(*) THEN SUM({BY_USE}) END FROM {POOL_DAYS} "
        f"WHERE {COST_KIND} = ? AND {DAY} >= ? AND {DAY} < ? GROUP BY ALL"
    )
    rows = reader.rows(sql, [SHARED, window.start, window.end])
    known = {row[0] for row in rows if row[5] is not None}
    return {
        (pool, day, currency, team): money.ratio(by_use, cost)
        for pool, day, currency, team, cost, by_use in rows
        if pool in known
    }
