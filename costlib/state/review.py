"""The review of an initiative: what is missing before a stage, each in one plain sentence.

Conventions: what a stage asks for holds for every later one. Not stated is not 0: a cost that is nothing is written as
0. Pure; the spend is handed in as the segments that the bills or the plan's own baseline hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.spend import Segment, in_scope
from costlib.state.stages import STAGES, Stage


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: the stage that asks for it, the field it belongs to, and the sentence."""

    stage: Stage
    field: str
    sentence: str


@dataclass(frozen=True)
class Item:
    """One line of the checklist: the stage that asks, what it asks, and what is still missing (empty: answered)."""

    stage: Stage
    sentence: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Question:
    stage: Stage
    field: str
    sentence: str
    answered: Callable[[Initiative], bool]


def _stated(field: str) -> Callable[[Initiative], bool]:
    """Whether somebody wrote the field down, be it 0."""
    return lambda one: field in one.model_fields_set


def _brings(one: Initiative) -> bool:
    """Whether a saving or a benefit is stated."""
    return one.saving.high > 0 or one.benefit.high > 0


_QUESTIONS = (
    _Question("L1", "owner", "Name who answers for it.", lambda one: bool(one.owner.strip())),
    _Question("L1", "title", "Say in a few words what is done.", lambda one: bool(one.title.strip())),
    _Question(
        "L1",
        "saving",
        "Give the range of what it saves, or of the benefit it brings.",
        lambda one: _brings(one),
    ),
    _Question(
        "L2",
        "case.basis",
        "Say how the range was arrived at.",
        lambda one: bool(one.case.basis.strip()),
    ),
    _Question(
        "L2",
        "saving.low",
        "Give a low and a high end: nothing that is not done yet is certain.",
        lambda one: not (one.saving.certain and one.benefit.certain) or not _brings(one),
    ),
    _Question("L2", "one_off_cost", "State what it costs once; 0 if nothing.", _stated("one_off_cost")),
    _Question("L2", "running_cost", "State what it costs every month; 0 if nothing.", _stated("running_cost")),
    _Question("L2", "effort", "State the person-weeks by role that it takes.", lambda one: one.person_weeks > 0),
    _Question(
        "L2",
        "case.evidence",
        "Name the evidence: who measured it, where and when.",
        lambda one: bool(one.case.evidence.strip()),
    ),
    _Question("L3", "start", "Say in which month it starts.", _stated("start")),
    _Question(
        "L3",
        "guardrail",
        "Set a guardrail with its metric and floor, or say why no quality can suffer.",
        lambda one: (
            bool(one.case.no_guardrail.strip())
            or bool(one.guardrail and one.guardrail.metric.strip() and one.guardrail.floor is not None)
        ),
    ),
    _Question(
        "L3",
        "ab_test",
        "Plan an A/B test with its metric and days, or say why there is none.",
        lambda one: (
            bool(one.case.no_ab_test.strip()) or bool(one.ab_test and one.ab_test.metric.strip() and one.ab_test.days)
        ),
    ),
    _Question("L3", "fallback", "Say what is done if it fails.", lambda one: bool(one.fallback.strip())),
    _Question(
        "L3",
        "kill_criteria",
        "Agree on what ends it: a kill criterion with its metric, bound and day (asked of Grow and Transform).",
        lambda one: one.bucket == "run" or bool(one.kill_criteria),
    ),
)
#: What the review looks up in the plan and the bills, besides what it asks the initiative.
_LOOKED_UP: tuple[tuple[Stage, str, str], ...] = (
    ("L3", "scope", "Its scope holds spend that it can save on."),
    ("L3", "depends_on", "What it waits for is in the plan."),
)


def missing_for(
    stage: Stage, plan: Plan, initiative: Initiative, segments: Sequence[Segment] | None = None
) -> list[Gap]:
    """What the initiative lacks for a stage, in the order of the stages; empty where it is ready.

    ``segments`` is the spend that its scope is held against; left out, the plan's own baseline.

    >>> plan = Plan(plan={"start": "2026-11", "months": 6})
    >>> [gap.field for gap in missing_for("L1", plan, Initiative(id="batch", title="Batch the calls"))]
    ['owner', 'saving']
    """
    asked = STAGES[: STAGES.index(stage) + 1]
    gaps = [Gap(one.stage, one.field, one.sentence) for one in _QUESTIONS if not one.answered(initiative)]
    gaps += _scope_gaps(plan, initiative, segments) + _dependency_gaps(plan, initiative)
    return sorted((gap for gap in gaps if gap.stage in asked), key=lambda gap: gap.stage)


def checklist(
    stage: Stage, plan: Plan, initiative: Initiative, segments: Sequence[Segment] | None = None
) -> list[Item]:
    """Every question of the review up to a stage, answered or not; ``segments`` as in ``missing_for``.

    >>> plan = Plan(plan={"start": "2026-11", "months": 6})
    >>> [(item.sentence, bool(item.missing)) for item in checklist("L1", plan, Initiative(id="a", owner="Ada"))][:2]
    [('Name who answers for it.', False), ('Say in a few words what is done.', True)]
    """
    asked = STAGES[: STAGES.index(stage) + 1]
    missing: dict[tuple[Stage, str], list[str]] = {}
    for gap in missing_for(stage, plan, initiative, segments):
        missing.setdefault((gap.stage, gap.field), []).append(gap.sentence)
    questions = [*((one.stage, one.field, one.sentence) for one in _QUESTIONS), *_LOOKED_UP]
    return [
        Item(asks, sentence, tuple(missing.get((asks, field), ())))
        for asks, field, sentence in sorted(questions, key=lambda one: one[0])
        if asks in asked
    ]


def _scope_gaps(plan: Plan, initiative: Initiative, segments: Sequence[Segment] | None) -> list[Gap]:
    """An initiative that saves has spend to save on; one that only brings a benefit needs none."""
    if segments is None and plan.baseline is not None:
        segments = [given.segment for given in plan.baseline]
    if initiative.saving.high <= 0:
        return []
    if segments is None:
        sentence = "Load the bills, or give the plan a baseline: the scope was not held against any spend."
    elif not in_scope(initiative.scope, segments).any():
        words = "; ".join(f"{column} {', '.join(values)}" for column, values in initiative.scope.items())
        sentence = f"Correct the scope: no spend has {words}." if words else "There is no spend to save on."
    else:
        return []
    return [Gap("L3", "scope", sentence)]


def _dependency_gaps(plan: Plan, initiative: Initiative) -> list[Gap]:
    known = {one.id for one in plan.initiatives} - {initiative.id}
    unknown = [name for name in initiative.depends_on if name not in known]
    return [Gap("L3", "depends_on", f"{name} is not an initiative of this plan.") for name in unknown]
