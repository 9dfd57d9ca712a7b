"""Which levers apply to a team's or model's spend, how much money each addresses, and a ready initiative for each.

Conventions: money a month, effective cost in one currency. A proposal is one lever for one owner (``GROUP``), with a
saving that is the lever's share of the addressed money alone; in the initiative the same money is a share of all that
is charged in its scope, credits left aside. Two proposals may address the same money: ``overlaps`` says how much, and
percentages on different bases are never added.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from costlib.money import exact_sum
from costlib.roadmap.levers.find import Found, find, unmeasured
from costlib.roadmap.levers.model import Evidence, Lever
from costlib.roadmap.levers.rows import SpendRow
from costlib.roadmap.plan_fields import MonthsEstimate, SavingEstimate
from costlib.roadmap.plan_model import Guardrail, Initiative, Release
from costlib.roadmap.ranges import Range

#: Whose spend a proposal is about, and the columns that an initiative's scope may name.
GROUP = ("x_Team", "x_Model")
Owner = tuple[str | None, ...]
SCOPE = ("x_Team", "x_Model", "x_Stage")
#: Probability that a lever works here, by strength of its evidence: a judgement, to be replaced by the owner's.
PROBABILITY = {"measured": 0.9, "published": 0.8, "judgement": 0.6}
WEEKS_A_MONTH = 52 / 12
#: What a proposal may save a month at least, of any currency.
LEAST = 100.0


@dataclass(frozen=True)
class Overlap:
    """Money a month, at most, that another proposal addresses too: the smaller of the two on each row.

    ``alternative``: the two levers are one choice, so that one of them is done on that money and not both.
    """

    other: str
    amount: float
    alternative: bool


@dataclass(frozen=True)
class Proposal:
    """A lever that applies: what it addresses of whose spend, what it may save a month, why, and how we know.

    ``addressed`` is money a month by row of the spend handed in. ``unmeasured`` is money that the lever might address
    too, were its metrics known; ``assumed`` says that an assumption stands in for a metric.
    """

    lever: Lever
    addressed: Mapping[int, float]
    saving: Range
    reasons: tuple[str, ...]
    assumed: bool
    unmeasured: float
    overlaps: tuple[Overlap, ...]
    initiative: Initiative

    @property
    def id(self) -> str:
        """The id of the proposal and of the initiative that it becomes."""
        return self.initiative.id

    @property
    def addressable(self) -> float:
        """Money a month that the saving is a share of."""
        return sum(self.addressed.values())

    @property
    def evidence(self) -> Evidence:
        """Source, date and strength."""
        return self.lever.evidence


def propose(rows: Sequence[SpendRow], levers: Sequence[Lever], start: date) -> list[Proposal]:
    """Proposals that may save ``LEAST`` a month or more, the largest likely first; initiatives begin in ``start``.

    Rows of one currency, a month each. Rows whose cost is unknown are left out.
    """
    every = [
        _proposal(rows, lever, owner, hits, start) for lever in levers for owner, hits in _by_owner(rows, lever).items()
    ]
    proposals = _told_apart([one for one in every if one.saving.high >= LEAST])
    proposals.sort(key=lambda one: (-one.saving.likely, one.id))
    return [_with_overlaps(one, proposals) for one in proposals]


def _by_owner(rows: Sequence[SpendRow], lever: Lever) -> dict[Owner, dict[int, Found]]:
    """What the lever addresses, by owner and row."""
    owners: dict[Owner, dict[int, Found]] = {}
    for at, row in enumerate(rows):
        found = find(lever, row)
        if found:
            owners.setdefault(_owner(row), {})[at] = found
    return owners


def _owner(row: SpendRow) -> Owner:
    return tuple(row.segment.get(column) for column in GROUP)


def _proposal(rows: Sequence[SpendRow], lever: Lever, owner: Owner, hits: Mapping[int, Found], start: date) -> Proposal:
    addressed = {at: found.amount for at, found in hits.items()}
    amount = sum(addressed.values())
    scope = _scope([rows[at] for at in hits])
    inside = (row.cost for row in rows if _inside(scope, row))
    charged = float(exact_sum(cost for cost in inside if cost is not None and cost > 0))
    saving = Range(lever.saving.low * amount, lever.saving.likely * amount, lever.saving.high * amount)
    untold = [row.cost for row in rows if _owner(row) == owner and unmeasured(lever, row)]
    return Proposal(
        lever=lever,
        addressed=addressed,
        saving=saving,
        reasons=_reasons(hits),
        assumed=any(found.assumed for found in hits.values()),
        unmeasured=float(exact_sum(untold)),
        overlaps=(),
        initiative=_initiative(lever, owner, scope, saving, charged, start),
    )


def _scope(rows: Sequence[SpendRow]) -> dict[str, tuple[str, ...]]:
    """Values of the scope columns that all the rows carry; a column that one of them lacks is left out."""
    scope = {}
    for column in SCOPE:
        values = [value for row in rows if (value := row.segment.get(column)) is not None]
        if len(values) == len(rows):
            scope[column] = tuple(sorted(set(values)))
    return scope


def _inside(scope: Mapping[str, Sequence[str]], row: SpendRow) -> bool:
    return all(row.segment.get(column) in values for column, values in scope.items())


def _reasons(hits: Mapping[int, Found]) -> tuple[str, ...]:
    """Every reason once, the one behind most money first."""
    money: dict[str, float] = {}
    for found in hits.values():
        money[found.reason] = money.get(found.reason, 0.0) + found.amount
    return tuple(sorted(money, key=lambda reason: (-money[reason], reason)))


def _initiative(
    lever: Lever,
    owner: Owner,
    scope: dict[str, tuple[str, ...]],
    saving: Range,
    charged: float,
    start: date,
) -> Initiative:
    """The proposal as an initiative at stage L1; its owner is the team, its floor and level are still to be filled."""
    low, likely, high = (one / charged for one in (saving.low, saving.likely, saving.high))
    team, model = owner
    return Initiative(
        id=_id(lever, owner),
        title=f"{lever.title}: {model or team}" if model or team else lever.title,
        owner=team or "",
        lever=lever.id,
        scope=scope,
        saving=SavingEstimate(low=low, likely=likely, high=high),
        start=start,
        ramp_months=max(1, round(lever.weeks_to_value / WEEKS_A_MONTH)),
        delay_months=MonthsEstimate(low=0, likely=0, high=2 if lever.risk == "high" else 1),
        probability=PROBABILITY[lever.evidence.strength],
        effort=dict(lever.effort),
        releases=Release(what=lever.releases),
        guardrail=Guardrail(metric=lever.guardrail, detect_months=1) if lever.guardrail else None,
        track=lever.track,
        phase=lever.phase,
        finops_phase=lever.finops_phase,
        stage="L1",
    )


def _id(lever: Lever, owner: Owner) -> str:
    words = [lever.id, *(re.sub(r"[\W_]+", "-", name.lower()).strip("-") for name in owner if name)]
    return "-".join(filter(None, words))


def _told_apart(found: Sequence[Proposal]) -> list[Proposal]:
    """The proposals, each with an id of its own; a title that several have says the team too."""
    titles = Counter(one.initiative.title for one in found)
    apart: dict[str, Proposal] = {}
    for one in sorted(found, key=lambda one: (one.id, one.initiative.owner)):
        name, title = one.id, one.initiative.title
        while name in apart:
            name += "-2"
        if titles[title] > 1:
            title += f", {one.initiative.owner or 'no team'}"
        apart[name] = replace(one, initiative=one.initiative.model_copy(update={"id": name, "title": title}))
    return list(apart.values())


def _with_overlaps(one: Proposal, others: Sequence[Proposal]) -> Proposal:
    """The proposal, with the money that each other one addresses too, the largest first."""
    shared = []
    for other in others:
        common = one.addressed.keys() & other.addressed.keys()
        amount = sum(min(one.addressed[at], other.addressed[at]) for at in common)
        if other is not one and amount > 0:
            alternative = one.lever.choice is not None and one.lever.choice == other.lever.choice
            shared.append(Overlap(other.id, amount, alternative))
    shared.sort(key=lambda overlap: (-overlap.amount, overlap.other))
    return replace(one, overlaps=tuple(shared))
