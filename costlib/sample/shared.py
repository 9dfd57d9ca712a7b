"""Who truly caused the cost of the shared cluster, day by day: the truth that its bill does not tell, for tests.

The pool is all that the bill says of the cluster without a team: nodes, disks, traffic and the Savings Plan with its
unused part, as effective cost. A GPU hour of a day costs the same whoever had it. By reservation, a team bears what it
reserved and nobody's part is idle capacity; by use, it bears what it used, and the rest of what it reserved is unused
reservation.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from costlib.sample import cluster, days
from costlib.sample.company import CLUSTER_OWNER
from costlib.sample.demand import QUOTAS, demand
from costlib.sample.lines import Line

IDLE_CAPACITY = "idle capacity"


def pool() -> days.FloatArray:
    """USD of effective cost of the cluster a day."""
    cost = np.zeros(days.COUNT)
    for line in cluster.lines():
        if line.owner == CLUSTER_OWNER:
            np.add.at(cost, line.days, _effective(line))
    return cost


def cluster_answers() -> pa.Table:
    """The cluster's cost by day and team; the team ``idle capacity`` is what nobody reserved.

    One row per day and team: day, team, reserved_gpu_hours, used_gpu_hours, quota_gpu_hours (null for idle capacity),
    reserved_cost, used_cost and unused_cost in USD. Reserved cost of a day adds up to the pool; used and unused cost of
    a team to its reserved cost.
    """
    found, cost = demand(), pool()
    capacity = found.capacity.sum(axis=1)
    parts = []
    for team, quota in QUOTAS.items():
        reserved, used = found.of_team(team).sum(axis=1), found.of_team(team, used=True).sum(axis=1)
        parts.append(_part(team, reserved, used, quota * capacity, cost / capacity))
    idle = found.idle.sum(axis=1)
    parts.append(_part(IDLE_CAPACITY, idle, np.zeros(days.COUNT), None, cost / capacity))
    return pa.concat_tables(parts).sort_by([("day", "ascending"), ("team", "ascending")])


def peak_causes() -> pa.Table:
    """Who was above its quota in the busiest hour of each day, which sets the number of nodes.

    One row per day: day, hour (UTC, the first of the busiest), team (null where nobody was above its quota), over (GPU
    hours above it).
    """
    found = demand()
    reserved = found.capacity - found.idle
    hour = np.argmax(reserved, axis=1)
    at = np.arange(days.COUNT)
    teams = list(QUOTAS)
    over = np.stack([found.of_team(team)[at, hour] - QUOTAS[team] * found.capacity[at, hour] for team in teams])
    most = over.argmax(axis=0)
    names = [teams[number] if over[number, day] > 0 else None for day, number in enumerate(most.tolist())]
    columns = {"day": pa.array(days.dates()), "hour": hour, "team": names, "over": np.maximum(over.max(axis=0), 0)}
    return pa.table(columns)


def _effective(line: Line) -> days.FloatArray:
    """Effective cost of the entries of a line of the cluster."""
    if line.kind == "SavingsPlanCoveredUsage":
        return np.asarray(line.facts["savings_plan_savings_plan_effective_cost"], dtype=np.float64)
    if line.kind == "SavingsPlanNegation":
        return np.zeros(line.days.size)
    if line.kind == "SavingsPlanRecurringFee":
        used = np.asarray(line.facts["savings_plan_used_commitment"], dtype=np.float64)
        return np.asarray(line.cost - used, dtype=np.float64)
    return line.cost


def _part(
    team: str, reserved: days.FloatArray, used: days.FloatArray, quota: days.FloatArray | None, price: days.FloatArray
) -> pa.Table:
    columns = {
        "day": pa.array(days.dates()),
        "team": [team] * days.COUNT,
        "reserved_gpu_hours": reserved,
        "used_gpu_hours": used,
        "quota_gpu_hours": pa.array([None] * days.COUNT if quota is None else quota, pa.float64()),
        "reserved_cost": reserved * price,
        "used_cost": used * price,
        "unused_cost": (reserved - used) * price,
    }
    return pa.table(columns)
