"""RICE and NPV side by side, and why they disagree.

Conventions: RICE = reach x impact x confidence / effort with reach the mean monthly baseline in scope, impact the
likely share saved (or the classic 0.25-3 scale of it), confidence the probability, effort person-weeks; unknown (None,
ranked last) without effort. NPV is the initiative's own: its credit less its costs. Ranks count from 1, the best first;
what nobody has estimated comes last in both.
Two ranks disagree where they are further apart than a quarter of the list, and by 2 at least; the reason is the
largest of the things that only one of the two measures sees. Effort is a reason only where it is ``HEAVY`` beside that
of the initiatives that RICE puts before it and NPV after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from costlib.roadmap import returns
from costlib.roadmap.figures import shares
from costlib.roadmap.plan_model import Initiative
from costlib.roadmap.simulate import Simulation

#: So many times the effort of others is more than theirs.
HEAVY = 1.1
#: Why what nobody has estimated has no place of its own.
UNESTIMATED = "nobody has estimated what it saves"
_LEAST = 1e-9


@dataclass(frozen=True)
class Priority:
    """One initiative in both orders; ``reason`` is None where they agree."""

    id: str
    rice: float | None
    rice_classic: float | None
    npv: float
    rice_rank: int
    npv_rank: int
    reason: str | None


def priorities(result: Simulation) -> list[Priority]:
    """Every initiative of a simulated plan, the highest NPV first."""
    found = shares(result)
    known = [one.is_estimated for one in result.plan.initiatives]
    npv_rank = _ranks([one.npv if known[at] else -np.inf for at, one in enumerate(found)])
    rice_rank = _ranks([-np.inf if one.rice is None else one.rice for one in found])
    rows = []
    for at, (initiative, share) in enumerate(zip(result.plan.initiatives, found, strict=True)):
        apart = rice_rank[at] - npv_rank[at]
        if not known[at]:
            rows.append(Priority(share.id, None, None, share.npv, rice_rank[at], npv_rank[at], UNESTIMATED))
            continue
        disagree = abs(apart) >= max(2, len(found) / 4)
        ahead = [n for n in range(len(found)) if rice_rank[n] < rice_rank[at] and npv_rank[n] > npv_rank[at]]
        rows.append(
            Priority(
                id=share.id,
                rice=share.rice,
                rice_classic=_classic(initiative, float(result.reach[at])),
                npv=share.npv,
                rice_rank=rice_rank[at],
                npv_rank=npv_rank[at],
                reason=_reason(result, at, ahead if apart > 0 else None) if disagree else None,
            )
        )
    return sorted(rows, key=lambda row: row.npv_rank)


def _classic(one: Initiative, reach: float) -> float | None:
    return returns.rice(reach, returns.classic_impact(one.saving.likely), one.probability, one.person_weeks)


def _ranks(values: list[float]) -> list[int]:
    order = sorted(range(len(values)), key=lambda at: (-values[at], at))
    ranks = [0] * len(values)
    for rank, at in enumerate(order, start=1):
        ranks[at] = rank
    return ranks


def _reason(result: Simulation, at: int, ahead: list[int] | None) -> str:
    """What one measure counts and the other does not, the largest first, in the direction of the disagreement.

    ``ahead`` are those that RICE prefers to it and NPV does not, None where RICE is the one that likes it.
    """
    one, money = result.plan.initiatives[at], result.flows[at]
    gross = float(result.credit[at].sum())
    months = result.plan.plan.months
    plain = float(result.reach[at]) * one.saving.likely * one.probability * months
    if one.person_weeks == 0:
        return "RICE says nothing without an effort"
    if ahead is not None:
        if float(money.benefit.sum()) > gross:
            return "its benefit counts in NPV and not in RICE"
        heavy = one.person_weeks / float(np.median([result.plan.initiatives[other].person_weeks for other in ahead]))
        if heavy < HEAVY:
            return "those that RICE puts before it lose more to costs, late starts or shared spend, which only NPV sees"
        return (
            f"RICE divides by its effort, {heavy:.1f} times that of those it puts before it; NPV does not count people"
        )
    effort = np.median([other.person_weeks for other in result.plan.initiatives if other.person_weeks])
    late = min(1.0, (one.ramp_months / 2 + result.plan.start_of(one) + one.delay_months.mean) / months)
    whole = gross + float(result.freed[at].sum())
    against = {
        "its costs take most of what it saves; RICE leaves them out": float(money.outlay.sum()) / max(whole, _LEAST),
        "it starts late or ramps slowly; RICE counts a full month": late * 2,
        "much of it frees capacity that is not cash yet; RICE does not ask": 2 * (whole - gross) / max(whole, _LEAST),
        "others save on the same spend; RICE sees it alone": plain * (1 - late) / max(whole, _LEAST) - 1,
    }
    worst = max(against, key=lambda words: against[words])
    light = one.person_weeks < effort / 2
    return "it takes little work, which only RICE rewards" if light and against[worst] < 0.5 else worst
