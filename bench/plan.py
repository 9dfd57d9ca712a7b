"""The roadmap's arithmetic at size: ``python -m bench.plan [paths]``.

The simulation of 50 initiatives on 10,000 paths x 36 months x 200 segments (float64, 549 MiB of baseline paths, given)
beside a straightforward loop over paths and initiatives in the same run, and the optimiser with 50 initiatives. The
loop takes a twentieth of the paths; its time is that times twenty.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bench.measure import Cost, _peak_memory
from costlib.roadmap.optimise import optimise
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.simulate import simulate
from costlib.roadmap.spend import Baseline

MONTHS, INITIATIVES, SEGMENTS = 36, 50, 200
LOOP_SHARE = 20


def large_plan(paths: int) -> Plan:
    """Fifty initiatives with scopes that overlap, delays, guardrails, a few dependencies and alternatives."""
    chance = np.random.default_rng(11)
    return Plan.model_validate(
        {
            "plan": {"start": "2026-01", "months": MONTHS, "paths": paths, "seed": 7},
            "capacity": {"ml_engineer": 16, "platform_engineer": 12},
            "budget": {"one_off": 1_500_000, "one_off_per_quarter": 300_000},
            "initiatives": [_initiative(number, chance) for number in range(INITIATIVES)],
        }
    )


def _initiative(number: int, chance: np.random.Generator) -> dict[str, Any]:
    low, likely, high = sorted(chance.uniform(0.02, 0.5, 3))
    return {
        "id": f"i{number:02d}",
        "scope": {
            "x_Segment": [f"s{at}" for at in chance.choice(SEGMENTS, int(chance.integers(5, 60)), replace=False)]
        },
        "saving": {"low": low, "likely": likely, "high": high},
        "start": f"2026-{int(chance.integers(1, 13)):02d}",
        "ramp_months": int(chance.integers(0, 6)),
        "delay_months": {"low": 0, "likely": 0, "high": int(chance.integers(0, 4))},
        "probability": float(chance.uniform(0.5, 1)),
        "one_off_cost": float(chance.uniform(5_000, 90_000)),
        "running_cost": float(chance.uniform(0, 2_000)),
        "effort": {"ml_engineer": float(chance.integers(1, 20)), "platform_engineer": float(chance.integers(0, 10))},
        "guardrail": {"metric": "precision", "failure_probability": 0.05, "detect_months": 3},
        "depends_on": [f"i{number - 1:02d}"] if number % 10 == 9 else [],
        "alternative_group": f"g{number // 20}" if number % 10 == 5 else None,
    }


def baseline_paths(paths: int) -> Baseline:
    """Growing, noisy spend, made in place so that the making needs no second copy."""
    chance = np.random.default_rng(5)
    spend = np.empty((SEGMENTS, MONTHS, paths))
    level = chance.uniform(500, 20_000, SEGMENTS)
    growth = 1.02 ** np.arange(MONTHS)
    for at in range(SEGMENTS):
        chance.random(out=spend[at])
        spend[at] += 0.5
        spend[at] *= level[at] * growth[:, None]
    return Baseline([{"x_Segment": f"s{at}"} for at in range(SEGMENTS)], spend)


def without_alternatives(plan: Plan) -> Plan:
    """The plan with every initiative free to run beside the others: what the simulation takes."""
    free = [one.model_copy(update={"alternative_group": None}) for one in plan.initiatives]
    return plan.model_copy(update={"initiatives": tuple(free)})


def simulation(plan: Plan, baseline: Baseline) -> None:
    """Glidepath's simulation."""

    simulate(without_alternatives(plan), baseline)


def optimisation(plan: Plan, baseline: Baseline) -> None:
    """The optimiser with all its explanations."""

    print(optimise(plan, baseline).objective, file=sys.stderr)


def loop(plan: Plan, baseline: Baseline) -> None:
    """Baseline: path by path and initiative by initiative, with the same credit."""
    from costlib.roadmap.draws import draw
    from costlib.roadmap.spend import in_scope
    from costlib.roadmap.timing import strength, timings

    paths = baseline.paths.shape[2]
    draws = {one.id: draw(one, plan.plan.seed, paths) for one in plan.initiatives}
    timed = timings(plan.initiatives, {one.id: plan.start_of(one) for one in plan.initiatives}, draws)
    full = {one.id: strength(timed[one.id], one.ramp_months, MONTHS) for one in plan.initiatives}
    scopes = {one.id: in_scope(one.scope, baseline.segments) for one in plan.initiatives}
    credit: NDArray[np.float64] = np.zeros((len(plan.initiatives), MONTHS))
    for path in range(paths // LOOP_SHARE):
        base = baseline.paths[:, :, path]
        logs = []
        for one in plan.initiatives:
            own = draws[one.id]
            saved = own.success[path] * own.saving[path] * full[one.id][:, path]
            logs.append(np.log(1 - np.outer(scopes[one.id], saved)))
        joint = np.sum(logs, axis=0)
        saving = base * (1 - np.exp(joint))
        for number, log in enumerate(logs):
            credit[number] += np.divide(saving * log, joint, out=np.zeros_like(log), where=joint < 0).sum(axis=0)


def measured(work: Callable[[Plan, Baseline], None], paths: int) -> Cost:
    """What ``work`` takes in a process of its own, its baseline paths made beforehand and counted in the memory."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, work, paths))
    process.start()
    process.join()
    if process.exitcode or not receiver.poll():
        raise SystemExit(f"{work.__name__} failed")
    cost: Cost = receiver.recv()
    return cost


def _run(sender: Connection, work: Callable[[Plan, Baseline], None], paths: int) -> None:
    plan, baseline = large_plan(paths), baseline_paths(paths)
    wall, processor = time.perf_counter(), time.process_time()
    work(plan, baseline)
    taken = time.process_time() - processor, time.perf_counter() - wall
    sender.send(Cost(*taken, _peak_memory()))


def rows(paths: int) -> list[tuple[str, Cost]]:
    """Name and cost of each piece of work."""
    part = measured(loop, paths)
    whole = Cost(part.processor * LOOP_SHARE, part.wall * LOOP_SHARE, part.memory)
    return [
        ("straightforward loop (a twentieth, times 20)", whole),
        ("simulation", measured(simulation, paths)),
        ("optimiser, 50 initiatives, explained", measured(optimisation, paths)),
    ]


def report(paths: int) -> None:
    """Measure and print."""
    title = f"{paths:,} paths x {MONTHS} months x {INITIATIVES} initiatives x {SEGMENTS} segments"
    table = Table("", "processor s", "wall s", "peak MiB", "x loop", title=title)
    found = rows(paths)
    for name, cost in found:
        ratio = cost.wall / found[0][1].wall
        table.add_row(name, f"{cost.processor:.2f}", f"{cost.wall:.2f}", f"{cost.memory:.0f}", f"{ratio:.4f}")
    Console().print(table)


if __name__ == "__main__":
    report(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
