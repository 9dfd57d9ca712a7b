"""How much of a planned saving is lost on the way to the books, by stage, learned from what became of earlier plans.

Conventions: leakage is the share of planned money that was not realised (0.3: 70 of 100 arrived), also negative.
One observation is an initiative of the past: the stage it had when the saving was planned, the money planned and the
money signed off, same currency and months. Until there is history a stated prior holds; it weighs as much as
``PRIOR_WEIGHT`` observations of average size, and the history of a stage takes over as it grows (money-weighted).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from costlib.roadmap.plan_errors import PlanError

#: Our stated prior, a judgement and not a measurement: the earlier the stage, the more is lost.
PRIOR = {"L0": 0.70, "L1": 0.50, "L2": 0.35, "L3": 0.20, "L4": 0.10, "L5": 0.0}
PRIOR_WEIGHT = 5


@dataclass(frozen=True)
class Outcome:
    """What was planned of an initiative at a stage and what was signed off in the end."""

    stage: str
    planned: float
    realised: float


@dataclass(frozen=True)
class Leakage:
    """Leakage of one stage, and how many outcomes it rests on."""

    stage: str
    share: float
    outcomes: int


def leakage(history: Sequence[Outcome]) -> list[Leakage]:
    """One entry a stage from L0 to L5; raises PlanError for a stage or a planned amount that cannot be.

    >>> [round(one.share, 2) for one in leakage([Outcome("L3", 100, 60)] * 5)]
    [0.7, 0.5, 0.35, 0.3, 0.1, 0.0]
    """
    for one in history:
        if one.stage not in PRIOR or one.planned <= 0:
            raise PlanError(
                f"an outcome at stage {one.stage} with {one.planned:g} planned cannot be counted",
                expected=f"a stage of {', '.join(PRIOR)} and a planned saving above 0",
                fix="Correct the record or leave it out.",
            )
    return [_learned(stage, [one for one in history if one.stage == stage]) for stage in PRIOR]


def _learned(stage: str, outcomes: Sequence[Outcome]) -> Leakage:
    prior = PRIOR[stage]
    if not outcomes:
        return Leakage(stage, prior, 0)
    planned = sum(one.planned for one in outcomes)
    realised = sum(one.realised for one in outcomes)
    weight = PRIOR_WEIGHT * planned / len(outcomes)
    return Leakage(stage, 1 - (realised + weight * (1 - prior)) / (planned + weight), len(outcomes))
