"""What was promised of initiatives that are live, and which part of a measured saving is whose.

Conventions: money in the plan's currency. *Promised* is the monthly reference that the approval froze times the likely
saving as it was approved, for the days that were measured: a promise moves neither with later edits nor with the bill.
Initiatives of one scope and go-live cannot be told apart on the bill: they are measured together, and what they saved
is divided as levers compound, by ln(1 - likely saving).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from costlib.errors import CostError
from costlib.periods import days_in_month
from costlib.roadmap.savings.booked import Entry
from costlib.roadmap.savings.counterfactual import counterfactual
from costlib.roadmap.savings.measured import Measured
from costlib.roadmap.savings.realised import Realised, realised
from costlib.roadmap.savings.slipback import Check, slip_back

Scope = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Since:
    """Since when something acts, from when on in full, and the volume that drives its cost.

    ``metric`` names it (conversations) and ``model`` whose it is; without them the scope's own trend is used.
    """

    live: date
    full: date
    metric: str = ""
    model: str = ""


#: What is said of an initiative that no plan holds any more.
GONE = "no longer in a plan"


@dataclass(frozen=True)
class Live:
    """One initiative that is approved or further; ``since`` is None until somebody says that it is live.

    ``saving`` is the likely share as approved, ``reference`` the monthly spend that the approval froze. One that was
    taken out of its plan after finance had signed months of it is no longer ``in_plan``: what was signed stays signed.
    """

    plan: str
    plan_title: str
    id: str
    title: str
    lever: str
    stage: str
    currency: str
    scope: Scope
    saving: float
    reference: float | None
    since: Since | None
    in_plan: bool = True

    @property
    def key(self) -> str:
        """Its name among all plans."""
        return f"{self.plan}/{self.id}"

    @property
    def name(self) -> str:
        """What it is called."""
        return self.title or self.id if self.in_plan else f"{self.id} ({GONE})"

    @property
    def told_stage(self) -> str:
        """Its stage as a table shows it."""
        return self.stage if self.in_plan else "–"

    @property
    def weight(self) -> float:
        """Its part of what several save together."""
        return -math.log1p(-self.saving)


@dataclass(frozen=True)
class Measurement:
    """What the bills say of initiatives that went live together on one scope: the result, or why there is none."""

    members: tuple[Live, ...]
    since: Since
    result: Realised | None = None
    checks: tuple[Check, ...] = ()
    problem: CostError | None = None

    @property
    def name(self) -> str:
        """The initiatives that were measured."""
        return " and ".join(one.name for one in self.members)

    def share(self, one: Live) -> float:
        """The part of the saving that is an initiative's; the parts add up to 1."""
        whole = sum(member.weight for member in self.members)
        return one.weight / whole if whole > 0 else 1 / len(self.members)

    def realised(self) -> list[Entry]:
        """What each initiative saved by month, likely."""
        months = self.result.months if self.result else ()
        return [Entry(one.key, m.month, m.saving.likely * self.share(one)) for one in self.members for m in months]

    def promised(self) -> list[Entry]:
        """What the approvals promised for the days of each month that were measured."""
        if self.result is None:
            return []
        days = [(month.month, month.periods * self.result.days) for month in self.result.months]
        return [
            Entry(one.key, month, promise(one.reference, one.saving, month, measured))
            for one in self.members
            if one.reference is not None
            for month, measured in days
        ]


def promise(reference: float, saving: float, month: date, days: int) -> float:
    """What a share of a monthly reference comes to in so many days of the month, money.

    >>> promise(63_000, 0.5, date(2026, 6, 1), 15)
    15750.0
    """
    return reference * saving * days / days_in_month(month)


def together(found: Sequence[Live]) -> list[tuple[Live, ...]]:
    """The initiatives whose go-live is known, those that cannot be told apart on the bill together, in their order."""
    groups: dict[tuple[str, Scope, Since], list[Live]] = {}
    for one in found:
        if one.since:
            groups.setdefault((one.currency, one.scope, one.since), []).append(one)
    return [tuple(held) for held in groups.values()]


def proven(series: Measured, since: Since, today: date) -> tuple[Realised, tuple[Check, ...]]:
    """What was saved of a scope, and whether it is still there; raises TooLittleHistory."""
    found = counterfactual(series, since.live, since.full)
    return realised(series, since.live, since.full), tuple(slip_back(found, since.full, today))
