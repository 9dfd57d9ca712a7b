"""Which levers apply to a team's or model's spend, how much money each addresses, and a ready initiative for each.

Conventions: money a month, effective cost in one currency. A proposal is one lever for one owner (``GROUP``), with a
saving that is the lever's share of the addressed money alone; in the initiative the same money is a share of all spend
in its scope. Two proposals may address the same money: ``overlaps`` says how much, ``together`` lets them compound row
by row, and percentages on different bases are never added.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
#: Highest share that an initiative may claim of its scope.
_MOST = 0.99


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

    id: str
    lever: Lever
    addressed: Mapping[int, float]
    saving: Range
    scope_cost: float
    reasons: tuple[str, ...]
    assumed: bool
    unmeasured: float
    overlaps: tuple[Overlap, ...]
    initiative: Initiative

    @property
    def addressable(self) -> float:
        """Money a month that the saving is a share of."""
        return sum(self.addressed.values())

    @property
    def evidence(self) -> Evidence:
        """Source, date and strength."""
        return self.lever.evidence


@dataclass(frozen=True)
class Together:
    """Several proposals at once, money a month: every dollar counted once, savings compounding on it."""

    addressable: float
    saving: Range


def propose(rows: Sequence[SpendRow], levers: Sequence[Lever], start: date, *, least: float = 100.0) -> list[Proposal]:
    """Proposals that may save ``least`` a month or more, the largest likely first; initiatives begin in ``start``.

    Rows of one currency, a month each. Rows whose cost is unknown are left out.
    """
    proposals = []
    for lever in levers:
        for owner, hits in _by_owner(rows, lever).items():
            one = _proposal(rows, lever, owner, hits, start)
            if one.saving.high >= least:
                proposals.append(one)
    proposals.sort(key=lambda one: (-one.saving.likely, one.id))
    return [_with_overlaps(one, proposals) for one in proposals]


def together(proposals: Sequence[Proposal], rows: Sequence[SpendRow]) -> Together:
    """What the proposals address and save jointly: on each row spend x product of (1 - saving x addressed share).

    Of alternatives (levers of one ``choice``) only the one that saves most of a row acts on it.
    """
    addressable = 0.0
    saved = {"low": 0.0, "likely": 0.0, "high": 0.0}
    for at, row in enumerate(rows):
        acting = [one for one in proposals if at in one.addressed]
        addressable += max((one.addressed[at] for one in acting), default=0.0)
        for end in saved:
            kept = 1.0
            for part in _parts(acting, at, end).values():
                kept *= 1 - part / row.amount
            saved[end] += row.amount * (1 - kept) if acting else 0.0
    return Together(addressable, Range(**saved))


def _parts(acting: Sequence[Proposal], at: int, end: str) -> dict[str, float]:
    """What each choice saves of a row, at one end of the range; a lever without a choice is one of its own."""
    parts: dict[str, float] = {}
    for one in acting:
        name = one.lever.choice or one.lever.id
        parts[name] = max(parts.get(name, 0.0), getattr(one.lever.saving, end) * one.addressed[at])
    return parts


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
    scope_cost = float(exact_sum(row.cost for row in rows if _inside(scope, row)))
    saving = Range(lever.saving.low * amount, lever.saving.likely * amount, lever.saving.high * amount)
    untold = [row for at, row in enumerate(rows) if at not in hits and _owner(row) == owner and unmeasured(lever, row)]
    return Proposal(
        id=_id(lever, owner),
        lever=lever,
        addressed=addressed,
        saving=saving,
        scope_cost=scope_cost,
        reasons=_reasons(hits),
        assumed=any(found.assumed for found in hits.values()),
        unmeasured=float(exact_sum(row.cost for row in untold)),
        overlaps=(),
        initiative=_initiative(lever, owner, scope, saving, scope_cost, start),
    )


def _scope(rows: Sequence[SpendRow]) -> dict[str, tuple[str, ...]]:
    """Values of the scope columns that all the rows carry; a column that one of them lacks is left out."""
    scope = {}
    for column in SCOPE:
        values = {row.segment.get(column) for row in rows}
        if None not in values:
            scope[column] = tuple(sorted(value for value in values if value is not None))
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
    scope_cost: float,
    start: date,
) -> Initiative:
    """The proposal as an initiative at stage L1; its owner is the team, its floor and level are still to be filled."""
    low, likely, high = (min(one / scope_cost, _MOST) for one in (saving.low, saving.likely, saving.high))
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
    return Proposal(**{**vars(one), "overlaps": tuple(shared)})
