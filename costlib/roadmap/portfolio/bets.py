"""The venture view: each initiative as a bet that is funded gate by gate and ended by criteria agreed before.

Conventions: money in the plan's currency; gates are the stages L0 to L5. The stake is what people state of it, None
where they did not. The expected value is the simulated NPV less what past initiatives of that stage lost on the way
(``leakage``); a negative NPV is not made better by it. A criterion is due on its day; a miss before that day is said,
and is no reason to stop yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from costlib.roadmap.leakage import Leakage
from costlib.roadmap.plan_bets import KillCriterion
from costlib.roadmap.plan_model import Initiative
from costlib.roadmap.portfolio.cases import BusinessCase
from costlib.roadmap.savings.booked import STAGES


class Call(StrEnum):
    """What a kill criterion says, from the best to the worst."""

    MET = "met"
    OPEN = "not due"
    BEHIND = "not met yet, not due"
    ASK = "due, not measured"
    STOP = "missed: stop"


_SEVERITY = tuple(Call)
#: What asks somebody to act now: the day has passed without the bound being met.
DUE = (Call.ASK, Call.STOP)


@dataclass(frozen=True)
class Judged:
    """One kill criterion of an initiative, the value that is known of its metric, and what it says."""

    criterion: KillCriterion
    measured: float | None
    call: Call


@dataclass(frozen=True)
class Bet:
    """One row of the venture view; ``next_gate`` is None at L5, ``call`` where no criterion was agreed."""

    id: str
    bucket: str
    stage: str
    next_gate: str | None
    committed: float | None
    asked: float | None
    outlay: float
    npv: float
    expected_value: float
    call: Call | None
    criteria: tuple[Judged, ...]
    is_estimated: bool = True

    @property
    def is_venture(self) -> bool:
        """Whether it is there to earn or to change something rather than to run for less."""
        return self.bucket != "run"


def bets(
    cases: Sequence[BusinessCase], initiatives: Sequence[Initiative], leaks: Sequence[Leakage], today: date
) -> list[Bet]:
    """One row an initiative, those to stop first, then by expected value."""
    by_id = {one.id: one for one in initiatives}
    lost = {one.stage: one.share for one in leaks}
    rows = [_bet(case, by_id[case.id], lost, today) for case in cases]
    return sorted(rows, key=lambda row: (row.call is not Call.STOP, -row.expected_value, row.id))


def judged(one: Initiative, today: date) -> tuple[Judged, ...]:
    """The kill criteria of an initiative on ``today``, the one that is due first first.

    >>> from costlib.roadmap.plan_bets import KillCriterion
    >>> hits = KillCriterion(metric="hit rate", at_least=0.2, by="2026-03-31", measured=0.1)
    >>> [found.call.value for found in judged(Initiative(id="a", kill_criteria=(hits,)), date(2026, 4, 1))]
    ['missed: stop']
    """
    held = sorted(one.kill_criteria, key=lambda criterion: (criterion.by, criterion.metric))
    known = [(criterion, measured_of(one, criterion)) for criterion in held]
    return tuple(Judged(criterion, value, _call(criterion, value, today)) for criterion, value in known)


def measured_of(one: Initiative, criterion: KillCriterion) -> float | None:
    """The last value of the criterion's metric: as stated, else today's level of the guardrail on the same metric."""
    if criterion.measured is not None:
        return criterion.measured
    guardrail = one.guardrail
    return guardrail.level if guardrail and guardrail.metric == criterion.metric else None


def _call(criterion: KillCriterion, value: float | None, today: date) -> Call:
    is_due = today >= criterion.by
    if value is None:
        return Call.ASK if is_due else Call.OPEN
    if criterion.holds(value):
        return Call.MET
    return Call.STOP if is_due else Call.BEHIND


def _bet(case: BusinessCase, one: Initiative, lost: Mapping[str, float], today: date) -> Bet:
    found = judged(one, today)
    at = STAGES.index(case.stage)
    return Bet(
        id=case.id,
        bucket=case.bucket,
        stage=case.stage,
        next_gate=STAGES[at + 1] if at + 1 < len(STAGES) else None,
        committed=one.stake.committed,
        asked=one.stake.asked,
        outlay=case.outlay,
        npv=case.npv,
        expected_value=case.npv * (1 - lost.get(case.stage, 0.0)) if case.npv > 0 else case.npv,
        call=max((each.call for each in found), key=_SEVERITY.index, default=None),
        criteria=found,
        is_estimated=case.is_estimated,
    )
