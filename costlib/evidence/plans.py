"""What documents need of a plan beside its case: decisions on record, spend that it gives itself, its classes.

Conventions: money a month in the plan's currency, means over paths.
"""

from __future__ import annotations

import numpy as np

from costlib.briefs.past_decisions import Decided
from costlib.briefs.proposal import Workload, workloads
from costlib.roadmap.case import reach, split
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.spend import Actuals as ActualSpend
from costlib.roadmap.spend import Segment
from costlib.state.decisions import Ledger
from costlib.state.plans import PlanStore
from costlib.workspace import Workspace


def decided_of(workspace: Workspace, currency: str, story: str | None = None) -> tuple[Decided, ...]:
    """The decisions taken on every plan in the currency, or on one plan, oldest first."""
    store, book = PlanStore(workspace.state()), Ledger(workspace.state())
    names = [name for name in store.names() if story in (None, name)]
    own = [name for name in names if workspace.worth(store.read(name).plan.plan.currency)[0] == currency]
    saved = (one.decision for name in own for one in book.all(name))
    found = [
        Decided(one.what, one.chosen, one.on, one.expected)
        for one in saved
        if one.chosen is not None and one.on is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.what)))


def given_split(plan: Plan) -> dict[str, float]:
    """The first month of a plan that gives its own spend, by part."""
    given = plan.baseline or ()
    first = np.array([[one.monthly[0]] for one in given])
    return split(plan, ActualSpend([one.segment for one in given], plan.plan.start, first)) if given else {}


def classes_of(workspace: Workspace, plan: Plan) -> tuple[Workload, ...]:
    """Spend without the plan by class of workload: in the plan's first and last month, and over all of them."""
    if plan.baseline is not None:
        segments: list[Segment] = [one.segment for one in plan.baseline]
        monthly = np.array([one.monthly for one in plan.baseline])
    else:
        spend = workspace.plan_spend(plan).baseline
        held = reach(plan, spend.segments)
        segments = [spend.segments[at] for at in np.flatnonzero(held).tolist()]
        monthly = spend.paths[held].mean(axis=2)
    return workloads(segments, monthly)
