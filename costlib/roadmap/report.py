"""The JSON documents of ``plan simulate --json`` and ``plan optimise --json``, as plain dictionaries.

Conventions: months as 2026-03; money in the plan's currency, means over paths unless named; ``irr`` effective annual
and ``payback_month`` counted from 1, both null where there is none; ``p_target`` null without a target. Initiatives
are in the order of the file. ``detail`` adds, under that one key, what people ask next: freed capacity, quality.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from costlib.roadmap.figures import Share, headline, shares
from costlib.roadmap.optimise import optimise
from costlib.roadmap.plan_model import Goal, Plan
from costlib.roadmap.quality import joint_effects
from costlib.roadmap.simulate import Simulation, simulate
from costlib.roadmap.spend import Actuals, Baseline

Document = dict[str, Any]
_SAVING = ("gross", "net", "in_year", "run_rate", "npv", "irr", "payback_month")
_SHARE = ("id", "gross", "net", "npv", "rice")


def simulate_document(
    plan: Plan, forecast: Baseline | None = None, actuals: Actuals | None = None, *, detail: bool = False
) -> Document:
    """The simulation of the plan as it stands; raises PlanError, NoBaseline or NoActuals."""
    return simulation_document(simulate(plan, forecast, actuals), detail=detail)


def simulation_document(result: Simulation, *, detail: bool = False) -> Document:
    """The document of a simulation that has run."""
    spend = result.spend
    p10, p50, p90 = np.percentile(spend, [10, 50, 90], axis=1)
    whole = asdict(headline(result))
    document: Document = {
        "months": result.plan.months,
        "baseline": result.baseline.mean(axis=1).tolist(),
        "spend": {
            "p10": p10.tolist(),
            "p50": p50.tolist(),
            "p90": p90.tolist(),
            "mean": spend.mean(axis=1).tolist(),
        },
        "saving": {name: whole[name] for name in _SAVING},
        "p_target": result.p_target,
        "initiatives": [
            _share(one, initiative.is_estimated)
            for one, initiative in zip(shares(result), result.plan.initiatives, strict=True)
        ],
    }
    if detail:
        document["detail"] = _detail(result)
    return document


def _share(one: Share, is_estimated: bool) -> Document:
    """The figures of one initiative; None where nobody has stated what it saves or brings."""
    return {
        name: value if is_estimated or name == "id" else None for name, value in asdict(one).items() if name in _SHARE
    }


def optimise_document(
    plan: Plan,
    forecast: Baseline | None = None,
    actuals: Actuals | None = None,
    *,
    goal: Goal | None = None,
    detail: bool = False,
) -> Document:
    """The best plan found for the goal, simulated, with what was chosen, what it achieves and what binds.

    Entries of ``binding`` name the limit and the shadow price of one unit more (``gain``). Raises as ``optimise`` does.
    """
    found = optimise(plan, forecast, actuals, goal)
    document = simulate_document(found.plan, forecast, actuals, detail=detail)
    document["chosen"] = [{"id": one.id, "start": one.start} for one in found.chosen]
    document["objective"] = found.objective
    document["binding"] = [asdict(one) for one in found.binding]
    if detail:
        document["detail"]["goal"] = found.goal
        document["detail"]["chosen"] = [asdict(one) for one in found.chosen]
        document["detail"]["omitted"] = [asdict(one) for one in found.omitted]
    return document


def _detail(result: Simulation) -> Document:
    whole = asdict(headline(result))
    low, likely, high = np.percentile(result.npv_paths, [10, 50, 90])
    return {
        **{name: amount for name, amount in whole.items() if name not in _SAVING},
        "npv_range": {"p10": float(low), "p50": float(likely), "p90": float(high)},
        "reference": result.reference,
        "freed_capacity_by_month": result.freed.sum(axis=0).tolist(),
        "quality": [{**asdict(one), "holds": one.holds} for one in joint_effects(result.plan.initiatives)],
        "idle": [
            one.id
            for one, reach in zip(result.plan.initiatives, result.reach, strict=True)
            if _saves_nothing(one.saving.high, float(reach))
        ],
    }


def _saves_nothing(saving: float, reach: float) -> bool:
    """Whether an initiative means to save and has nothing in its scope: most often a misspelt scope."""
    return saving > 0 and reach == 0
