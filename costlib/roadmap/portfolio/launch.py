"""A model that is proposed: what it is estimated to cost a month, what was decided, and since when it runs.

Conventions: money a month in one currency; estimates are low / likely / high, as in a plan file. An estimate is either
such a range of money, or components: consumption for each unit of a volume, times a price. The limit is what may be
spent a month. ``scope`` is where the cost will stand on the bill: columns and values, all columns must match.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from costlib.roadmap.plan_fields import Estimate, Scope, Strict
from costlib.roadmap.portfolio.launch_review import Component, LaunchEstimate, Status, status
from costlib.roadmap.portfolio.launched import Workloads, stated_estimate

Words = Annotated[str, Field(min_length=1)]
Verdict = Literal["approved", "declined"]


class Workload(Strict):
    """One component of the cost: consumption for each unit of a volume, a price, and its meters on the bill.

    ``meters`` are words of which one stands in the name of every meter (FOCUS SkuMeter) that the component is billed
    under; without them it is found on no bill.
    """

    name: Words
    volume: Words
    consumption: Estimate
    price: Estimate
    unit: str = ""
    meters: tuple[str, ...] = ()


class Decided(Strict):
    """What was decided, by whom, on which day and why."""

    verdict: Verdict
    by: Words
    on: date
    why: Words


class Launch(Strict):
    """A model that is proposed, and all that was said of it; ``monthly`` is the estimate without components."""

    what: Words
    owner: str = ""
    currency: Words
    scope: Annotated[Scope, Field(min_length=1)]
    monthly: Estimate | None = None
    volumes: dict[str, Estimate] = Field(default_factory=dict)
    components: tuple[Workload, ...] = ()
    limit: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)] | None = None
    planned: date | None = None
    basis: str = ""
    decision: Decided | None = None
    shipped: date | None = None

    @model_validator(mode="after")
    def _estimated(self) -> Launch:
        if (self.monthly is None) == (not self.components):
            raise ValueError("an estimate is a range a month or components, one of the two")
        if self.monthly and self.monthly.low < 0:
            raise ValueError("a month costs 0 or more")
        return self

    @property
    def proposed(self) -> Launch:
        """The launch as it was proposed: what a decision is about."""
        return self.model_copy(update={"decision": None, "shipped": None})

    @property
    def status(self) -> Status:
        """Where it stands; what shipped before it was approved is said."""
        made = self.decision
        return status(made.verdict == "approved" if made else None, made.on if made else None, self.shipped)

    @property
    def workloads(self) -> Workloads | None:
        """What the cost is estimated from; None where a range was stated."""
        if not self.components:
            return None
        parts = tuple(Component(one.name, one.volume, one.consumption, one.price) for one in self.components)
        return Workloads(self.volumes, parts, {one.name: one.meters for one in self.components})

    def estimate(self) -> LaunchEstimate:
        """A month's cost as proposed; raises InputError where a component cannot be estimated."""
        if self.monthly:
            return stated_estimate(self.monthly.low, self.monthly.likely, self.monthly.high)
        workloads = self.workloads
        assert workloads is not None
        return workloads.estimate()
