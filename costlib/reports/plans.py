"""The figures of a plan's case, from the store's bills or from the spend that the plan gives.

Conventions: a case is kept for as long as neither plan nor bills change.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace

from costlib.briefs.plan_figures import PlanFigures, plan_figures, subject_of
from costlib.errors import InputError
from costlib.evidence.bill import setting_of
from costlib.evidence.plans import given_split
from costlib.evidence.savings import past_savings
from costlib.roadmap.case import Case, case
from costlib.roadmap.plan_model import Plan
from costlib.workspace import Workspace

_cases: dict[tuple[str, str], Case] = {}
_cases_lock = threading.Lock()
_MOST_CASES = 8


def figures(workspace: Workspace, story: str, edits: Mapping[str, str] | None = None) -> PlanFigures:
    """The figures of a plan's case, from the store's bills or from the spend that the plan gives.

    Raises InputError for a plan without initiatives: no document has anything to tell of it.
    """
    plan, _ = workspace.plan(story)
    setting = setting_of(workspace, subject_of(plan), plan.plan.currency)
    if plan.baseline is not None:
        setting = replace(setting, company=plan.plan.name, is_given=True)
    past = past_savings(workspace, setting.currency, story if setting.is_given else None)
    setting = replace(setting, past=past)
    found = plan_case(workspace, plan)
    if not plan.initiatives:
        raise InputError(f"{plan.plan.name} holds no initiative yet", fix="Add one on the Roadmap.")
    return plan_figures(found, setting, edits)


def plan_case(workspace: Workspace, plan: Plan) -> Case:
    """The plan's case on the store's forecast, kept for as long as neither plan nor bills change.

    Of a plan that gives its own spend, today's is that of its first month.
    """
    key = (workspace.moment, plan.model_dump_json())
    with _cases_lock:
        if key not in _cases:
            if len(_cases) >= _MOST_CASES:
                _cases.pop(next(iter(_cases)))
            if plan.baseline is not None:
                _cases[key] = replace(case(plan), today=given_split(plan))
            else:
                spend = workspace.plan_spend(plan)
                found = case(plan, spend.baseline, spend.actuals, spend.approach)
                _cases[key] = replace(found, bridged_days=spend.bridged_days)
        return _cases[key]
