"""Allocation coverage: how much of the bill has an owner, against the FinOps maturity levels.

Coverage = cost of a team, direct, shared or idle by policy, over all cost of the scope. The levels are those of the
FinOps Framework's allocation capability: crawl from 50 %, walk from 80 %, run from 90 %
(https://www.finops.org/framework/capabilities/allocation/, read 2026-07).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from costlib.focus import COST_KINDS, DIRECT
from costlib.money import exact_sum, ratio

#: Maturity levels by the coverage from which they hold, lowest first.
LEVELS = (("crawl", Decimal("0.5")), ("walk", Decimal("0.8")), ("run", Decimal("0.9")))


@dataclass(frozen=True)
class Owned:
    """Cost of one kind, with a team or without (``team`` None)."""

    kind: str
    team: str | None
    amount: Decimal | None


@dataclass(frozen=True)
class Coverage:
    """Cost by kind and how much of it has an owner; ``share`` is None where there is no cost to share."""

    total: Decimal
    allocated: Decimal
    kinds: dict[str, Decimal]

    @property
    def share(self) -> Decimal | None:
        """Allocated cost over all cost."""
        return ratio(self.allocated, self.total)

    @property
    def level(self) -> str | None:
        """The maturity level reached; None below the first."""
        reached = [name for name, least in LEVELS if self.share is not None and self.share >= least]
        return reached[-1] if reached else None

    @property
    def missing(self) -> tuple[str, Decimal] | None:
        """The next level and the cost still to be placed to reach it; None at the last."""
        for name, least in LEVELS:
            if self.share is not None and self.share < least:
                return name, self.total * least - self.allocated
        return None


def coverage(costs: Sequence[Owned]) -> Coverage:
    """The coverage of the costs, of one currency and measure.

    >>> found = coverage([Owned("direct", "Search", Decimal(70)), Owned("idle", None, Decimal(10)),
    ...                   Owned("shared", "Search", Decimal(12)), Owned("unallocated", None, Decimal(8))])
    >>> str(found.share), found.level, [str(part) for part in found.missing]
    ('0.82', 'walk', ['run', '8.0'])
    """
    kinds = {kind: exact_sum(cost.amount for cost in costs if cost.kind == kind) for kind in COST_KINDS}
    owned = (cost.amount for cost in costs if cost.team is not None or cost.kind == DIRECT)
    return Coverage(exact_sum(cost.amount for cost in costs), exact_sum(owned), kinds)
