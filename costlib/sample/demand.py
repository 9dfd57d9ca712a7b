"""GPUs of the shared cluster hour by hour: what there was, what each team reserved, and what it truly used.

Calibrated on published traces. Of Helios Earth's 856 GPUs 66.7 % were taken by jobs on average: so is the cluster
reserved here (Hu et al., SC21, CC BY 4.0). Acme's GPUs were 99 % busy by ``GPU_UTIL`` and half by ``SM_ACTIVE`` in the
median (Hu et al., NSDI 24, CC BY 4.0): about half of what a team reserves here computes.

Capacity is that of the nodes on the bill. Search, the largest user, follows the shoppers and stays within its quota.
Recommendations takes far more than its quota for three hours every morning, when it rebuilds all embeddings, and five
hours on Mondays: those hours set the number of nodes. Both blame the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from costlib.sample import cluster, days, prices
from costlib.sample.company import ASSISTANT, ML_PLATFORM, RECS, SEARCH
from costlib.sample.lines import Line

HOURS = 24
GPUS = {"p4d.24xlarge": 8, "g5.12xlarge": 4}

#: OpenCost priced P4d at the old price until the platform team updated its price list.
PRICES_UPDATED = "2025-09-01"

#: Share of the cluster's GPUs that each team may reserve; their sum leaves room for failures.
QUOTAS = {SEARCH: 0.50, RECS: 0.30, ML_PLATFORM: 0.05, ASSISTANT: 0.05}

#: Hours (UTC) of the morning in which Recommendations rebuilds its embeddings, and on Mondays.
REBUILD, MONDAY_REBUILD = (5, 6, 7), (5, 6, 7, 8, 9)
_ASSISTANT_SINCE = "2026-01-19"


@dataclass(frozen=True)
class Workload:
    """What runs on the cluster: who it truly belongs to, and how Kubernetes knows it."""

    team: str
    label: str
    model: str | None
    namespace: str
    controller: str
    kind: str

    @property
    def name(self) -> str:
        """Its name in an answer aggregated by namespace and controller."""
        return f"{self.namespace}/{self.kind}:{self.controller}"


SERVING = Workload(SEARCH, "search", "search-ranker", "search", "search-ranker", "deployment")
OFFLINE = Workload(SEARCH, "Search", "search-ranker", "search", "search-offline-eval", "job")
RECOMMENDER = Workload(RECS, "recs", "recs-two-tower", "recommendations", "recs-two-tower", "deployment")
EMBEDDINGS = Workload(RECS, "recs", "recs-two-tower", "recommendations", "recs-embeddings", "cronjob")
SYSTEM = Workload(ML_PLATFORM, "ml-platform", None, "ml-platform", "gpu-operator", "daemonset")
RERANKER = Workload(ASSISTANT, "support_ai", "support-assistant", "assistant", "assistant-reranker", "deployment")
WORKLOADS = (SERVING, OFFLINE, RECOMMENDER, EMBEDDINGS, SYSTEM, RERANKER)


@dataclass(frozen=True)
class Demand:
    """GPU hours by day and hour: ``capacity`` of the nodes, and of each workload ``reserved`` and ``used``.

    ``node_hours`` counts the nodes' own hours by instance type.
    """

    capacity: days.FloatArray
    node_hours: dict[str, days.FloatArray]
    reserved: dict[Workload, days.FloatArray]
    used: dict[Workload, days.FloatArray]

    @property
    def idle(self) -> days.FloatArray:
        """GPU hours that nobody reserved."""
        taken: days.FloatArray = np.sum(list(self.reserved.values()), axis=0)
        return np.asarray(self.capacity - taken, dtype=np.float64).round(4)

    def of_team(self, team: str, *, used: bool = False) -> days.FloatArray:
        """GPU hours that the team reserved or, where asked, used."""
        held = self.used if used else self.reserved
        return np.asarray(sum(held[one] for one in WORKLOADS if one.team == team), dtype=np.float64)

    def list_cost(self) -> days.FloatArray:
        """USD by day and hour of the nodes at the prices of OpenCost's list."""
        return np.asarray(
            sum(_list_price(kind)[:, np.newaxis] * hours for kind, hours in self.node_hours.items()), dtype=np.float64
        )


def demand() -> Demand:
    """What the cluster's nodes held and who reserved and used it."""
    node_hours = _node_hours(cluster.lines())
    capacity = np.asarray(sum(GPUS[kind] * hours for kind, hours in node_hours.items()), dtype=np.float64)
    usual = np.minimum(capacity, np.median(capacity, axis=1)[:, np.newaxis])
    reserved = {
        SERVING: usual * 0.33 * _rhythm(19, 0.22, "demand search"),
        OFFLINE: usual * 0.05 * _rhythm(12, 0.8, "demand search offline"),
        RECOMMENDER: usual * 0.13 * _rhythm(18, 0.2, "demand recs"),
        SYSTEM: usual * 0.02,
        RERANKER: usual * 0.02 * days.since(_ASSISTANT_SINCE)[:, np.newaxis],
    }
    reserved = {one: np.asarray(hours).round(4) for one, hours in reserved.items()}
    taken = np.sum(list(reserved.values()), axis=0)
    reserved[EMBEDDINGS] = ((capacity - taken) * _rebuilding() + 0.06 * usual).round(4)
    reserved[EMBEDDINGS] = np.minimum(reserved[EMBEDDINGS], capacity - taken).round(4)
    busy = {SERVING: 0.46, OFFLINE: 0.72, RECOMMENDER: 0.38, EMBEDDINGS: 0.61, SYSTEM: 0.04, RERANKER: 0.25}
    used = {one: (reserved[one] * share * _spread(one, 0.15)).round(4) for one, share in busy.items()}
    return Demand(
        capacity, node_hours, {one: reserved[one] for one in WORKLOADS}, {one: used[one] for one in WORKLOADS}
    )


def _node_hours(lines: list[Line]) -> dict[str, days.FloatArray]:
    """Hours by day and hour that nodes of each type ran, as billed: on demand or under the plan."""
    found = {kind: np.zeros((days.COUNT, HOURS)) for kind in GPUS}
    for line in lines:
        if line.meter.instance_type in GPUS and line.kind != "SavingsPlanNegation" and line.hours is not None:
            np.add.at(found[line.meter.instance_type], (line.days, line.hours), line.amount)
    return {kind: hours.round(4) for kind, hours in found.items()}


def _rhythm(peak: int, swing: float, name: str) -> days.FloatArray:
    """Factors by day and hour around 1, highest at the hour ``peak``."""
    hour = np.arange(HOURS)
    daily = 1 + swing * np.cos((hour - peak) / HOURS * 2 * np.pi)
    return np.asarray(daily * days.noise(days.stream(name), 0.05)[:, np.newaxis], dtype=np.float64)


def _spread(one: Workload, spread: float) -> days.FloatArray:
    return days.noise(days.stream(f"busy {one.name}"), spread)[:, np.newaxis]


def _rebuilding() -> days.FloatArray:
    """1 in the hours of the rebuild, 0 in all others."""
    hour = np.arange(HOURS)
    mondays = days.on_weekdays(0)[:, np.newaxis]
    return np.where(mondays, np.isin(hour, MONDAY_REBUILD), np.isin(hour, REBUILD)).astype(np.float64)


def _list_price(kind: str) -> days.FloatArray:
    """USD a node hour in OpenCost's price list on each day."""
    (first, _), *rest = prices.eras(kind)
    if not rest:
        return days.flat(first)
    return np.where(days.since(PRICES_UPDATED), rest[-1][0], first)
