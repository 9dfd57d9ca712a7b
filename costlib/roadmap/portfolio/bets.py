"""The venture view: each initiative as a bet that is funded gate by gate and ended by criteria agreed before.

Conventions: money in the plan's currency; gates are the stages L0 to L5. A bet's money is released one gate at a time:
what may be lost next is the spend to the next gate, not the whole investment. The expected value is the simulated NPV
less what past initiatives of that stage lost on the way (``leakage``); a negative NPV is not made better by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from costlib.roadmap.leakage import Leakage
from costlib.roadmap.portfolio.cases import BusinessCase
from costlib.roadmap.savings.booked import STAGES


class Call(StrEnum):
    """What a kill criterion says."""

    GO = "go on"
    OPEN = "not due"
    ASK = "due, nobody measured"
    STOP = "stop"


@dataclass(frozen=True)
class KillCriterion:
    """Stop unless ``metric`` lies in the bound by ``due``; ``measured`` is None until somebody has."""

    metric: str
    due: date
    at_least: float | None = None
    at_most: float | None = None
    measured: float | None = None

    def call(self, today: date) -> Call:
        """The verdict on ``today``; a miss before the day it is due is not yet a reason to stop.

        >>> KillCriterion("hit rate", date(2026, 3, 31), at_least=0.2, measured=0.1).call(date(2026, 4, 1)).value
        'stop'
        """
        if self.measured is None:
            return Call.ASK if today >= self.due else Call.OPEN
        low = self.at_least is None or self.measured >= self.at_least
        high = self.at_most is None or self.measured <= self.at_most
        if low and high:
            return Call.GO
        return Call.STOP if today >= self.due else Call.OPEN


@dataclass(frozen=True)
class Stake:
    """What is in a bet: money spent so far, money each gate releases (by the stage it leads to), when to stop."""

    initiative: str
    spent: float = 0.0
    gates: Mapping[str, float] = field(default_factory=dict)
    criteria: tuple[KillCriterion, ...] = ()


@dataclass(frozen=True)
class Bet:
    """One row of the venture view; ``next_gate`` and ``to_next_gate`` are None at L5, the latter also where unknown."""

    id: str
    stage: str
    investment: float
    spent: float
    next_gate: str | None
    to_next_gate: float | None
    npv: float
    expected_value: float
    call: Call
    reasons: tuple[str, ...]


def bets(cases: Sequence[BusinessCase], stakes: Sequence[Stake], leaks: Sequence[Leakage], today: date) -> list[Bet]:
    """One row an initiative, those to stop first, then by expected value; no stake means nothing spent or agreed."""
    by_id = {one.initiative: one for one in stakes}
    lost = {one.stage: one.share for one in leaks}
    rows = [_bet(case, by_id.get(case.id, Stake(case.id)), lost, today) for case in cases]
    return sorted(rows, key=lambda row: (row.call is not Call.STOP, -row.expected_value, row.id))


def _bet(case: BusinessCase, stake: Stake, lost: Mapping[str, float], today: date) -> Bet:
    calls = [(one, one.call(today)) for one in stake.criteria]
    worst = max((call for _, call in calls), key=_SEVERITY.index, default=Call.OPEN)
    at = STAGES.index(case.stage)
    following = STAGES[at + 1] if at + 1 < len(STAGES) else None
    value = case.npv * (1 - lost.get(case.stage, 0.0)) if case.npv > 0 else case.npv
    return Bet(
        id=case.id,
        stage=case.stage,
        investment=case.investment,
        spent=stake.spent,
        next_gate=following,
        to_next_gate=stake.gates.get(following) if following else None,
        npv=case.npv,
        expected_value=value,
        call=worst,
        reasons=tuple(_words(one) for one, call in calls if call is worst and worst in (Call.STOP, Call.ASK)),
    )


def _words(one: KillCriterion) -> str:
    bound = f"at least {one.at_least:g}" if one.at_least is not None else f"at most {one.at_most:g}"
    found = "not measured" if one.measured is None else f"{one.measured:g}"
    return f"{one.metric} {found}, {bound} by {one.due:%Y-%m-%d}"


_SEVERITY = (Call.GO, Call.OPEN, Call.ASK, Call.STOP)
