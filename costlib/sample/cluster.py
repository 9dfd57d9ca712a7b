"""The GPU cluster that Search and Recommendations share, and the Savings Plan that covers part of it.

Nodes carry the cluster's tag and its owner's address, no team: the bill cannot say which product used them.
The plan (one year, no upfront, from 1 January 2026) pays ``COMMITMENT`` USD for every hour, used or not. It is
applied to the p4d nodes; the account does not share it. Nights, weekends and two maintenance days leave a part
of it unused.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

import numpy as np

from costlib.sample import days, prices
from costlib.sample.company import CLUSTER_OWNER, ML_PROD, OVERHEAD
from costlib.sample.lines import Line, Meter, Owner, first_hour, usage
from costlib.sample.meters import NO_TAGS, arn, ec2, instance_id, metered, volume

CLUSTER = "ml-shared-gpu"
TAGS = {"aws_eks_cluster_name": CLUSTER, "user_name": CLUSTER, "user_owner": "ml-platform@northlight.example"}

COMMITMENT = 48.0
PLAN_START, PLAN_END = "2026-01-01T00:00:00.000Z", "2026-12-31T23:59:59.000Z"
PLAN_ID = uuid.uuid5(uuid.NAMESPACE_DNS, "plan.northlight.example")
PLAN_ARN = f"arn:aws:savingsplans::{ML_PROD}:savingsplan/{PLAN_ID}"

_PLAN_FACTS = {
    "savings_plan_savings_plan_a_r_n": PLAN_ARN,
    "savings_plan_start_time": PLAN_START,
    "savings_plan_end_time": PLAN_END,
    "savings_plan_offering_type": "ComputeSavingsPlans",
    "savings_plan_payment_option": "No Upfront",
    "savings_plan_purchase_term": "1yr",
    "savings_plan_region": "Any",
}

_BIG, _SMALL = "p4d.24xlarge", "g5.12xlarge"
_MAINTENANCE = ("2026-03-08", "2026-07-05")


def lines() -> list[Line]:
    """Nodes, their disks and traffic, the control plane, and the lines of the Savings Plan."""
    big, small = _wanted_big(), _wanted_small()
    found = []
    left = _covered_hours()
    for number in range(int(np.ceil(big.max()))):
        running = days.hours((big - number) * 24)
        covered = np.minimum(running, left).round(4)
        left = left - covered
        found += _node(f"{CLUSTER} big {number}", _BIG, running, covered)
    for number in range(int(np.ceil(small.max()))):
        running = days.hours((small - number) * 24)
        found += _node(f"{CLUSTER} small {number}", _SMALL, running, days.flat(0.0))
    return [*found, *_surroundings(small), _fee([line for line in found if line.kind == "SavingsPlanCoveredUsage"])]


def _wanted_big() -> days.FloatArray:
    added = ("2025-04-07", 3), ("2025-09-15", 4), ("2026-01-19", 5), ("2026-06-01", 6), ("2026-08-10", 7)
    nodes = days.steps(2, *added) * np.where(days.weekday() >= 5, 0.93, 1.0)
    for day in _MAINTENANCE:
        nodes[days.index(day)] = 2.4
    return nodes


def _wanted_small() -> days.FloatArray:
    monday = np.where(days.on_weekdays(0), 1.18, 1.0)
    rng = days.stream("cluster small")
    return days.ramp(9.2, 13.0) * days.weekly(0.8) * days.campaign(0.5) * monday * days.noise(rng, 0.06)


def _covered_hours() -> days.FloatArray:
    """Hours of p4d that the commitment pays for each day: what is used of it, over the plan's rate."""
    rng = days.stream("savings plan")
    used = np.where(days.weekday() >= 5, 0.95 + 0.03 * days.draws(rng), 0.994 + 0.006 * days.draws(rng))
    for day in _MAINTENANCE:
        used[days.index(day)] = 0.81
    used *= days.since(PLAN_START[:10])
    return np.asarray(np.floor(COMMITMENT * 24 * used / prices.savings_plan(_BIG) * 1e4) / 1e4, dtype=np.float64)


def _node(name: str, kind: str, running: days.FloatArray, covered: days.FloatArray) -> list[Line]:
    """The plan pays a node's first hours of a day, the rest is on demand."""
    start = first_hour(running)
    found = [
        usage(
            ec2(ML_PROD, name, kind, TAGS, price=price),
            CLUSTER_OWNER,
            ((running - covered) * then).round(4),
            start=start + covered,
        )
        for price, then in prices.eras(kind)
    ]
    found.append(volume(ML_PROD, f"{name} disk", 1000, running, TAGS, CLUSTER_OWNER))
    meter = ec2(ML_PROD, name, kind, TAGS)
    return [*found, *_plan_usage(meter, kind, covered, start)] if covered.any() else found


def _plan_usage(meter: Meter, kind: str, covered: days.FloatArray, start: days.FloatArray) -> list[Line]:
    used = usage(meter, CLUSTER_OWNER, covered, kind="SavingsPlanCoveredUsage", start=start)
    rate = prices.savings_plan(kind)
    effective: dict[str, np.ndarray | str] = {
        **_PLAN_FACTS,
        "savings_plan_savings_plan_rate": f"{rate:.10f}",
        "savings_plan_savings_plan_effective_cost": np.round(used.amount * rate, 10),
    }
    negation = replace(
        used,
        meter=replace(meter, description=f"SavingsPlanNegation used by {meter.description}"),
        amount=np.zeros(used.days.size),
        rate=np.zeros(used.days.size),
        cost=-used.cost,
        kind="SavingsPlanNegation",
        facts=_PLAN_FACTS,
    )
    return [replace(used, facts=effective), negation]


def _fee(covered: list[Line]) -> Line:
    used = np.zeros(days.COUNT)
    for line in covered:
        np.add.at(used, line.days, line.facts["savings_plan_savings_plan_effective_cost"])
    meter = Meter(
        ML_PROD,
        "ComputeSavingsPlans",
        "ComputeSP:1yrNoUpfront",
        "",
        PLAN_ARN,
        "Hrs",
        COMMITMENT,
        f"1 year No Upfront Compute Savings Plan, ${COMMITMENT} an hour",
        NO_TAGS,
        term="",
        purchase="No Upfront",
        region="",
    )
    fee = usage(meter, CLUSTER_OWNER, 24.0 * days.since(PLAN_START[:10]), kind="SavingsPlanRecurringFee")
    facts: dict[str, np.ndarray | str] = {
        **_PLAN_FACTS,
        "savings_plan_total_commitment_to_date": np.array([f"{cost:.10f}" for cost in fee.cost]),
        "savings_plan_used_commitment": np.array([f"{cost:.10f}" for cost in used[fee.days]]),
        "savings_plan_recurring_commitment_for_billing_period": fee.cost,
    }
    return replace(fee, facts=facts)


def _surroundings(small: days.FloatArray) -> list[Line]:
    owner = Owner(None, None, OVERHEAD)
    control = metered(
        ML_PROD,
        "AmazonEKS",
        "USE1-AmazonEKS-Hours:perCluster",
        "CreateOperation",
        arn("eks", ML_PROD, f"cluster/{CLUSTER}"),
        "eks-hour",
        TAGS,
    )
    found = [usage(control, owner, days.flat(24.0))]
    for number in range(4):
        node = instance_id(f"{CLUSTER} small {number}")
        for way in ("In", "Out"):
            meter = metered(
                ML_PROD,
                "AmazonEC2",
                "DataTransfer-Regional-Bytes",
                f"InterZone-{way}",
                node,
                "zone-gb",
                TAGS,
                "Data Transfer",
            )
            rng = days.stream(f"cluster traffic {number} {way}")
            found.append(usage(meter, CLUSTER_OWNER, (small * 170 * days.noise(rng, 0.1)).round(4)))
    return found
