"""The plan as typed data: its header, capacity, budget, initiatives and, where given, the spend it acts on.

Conventions: see ``plan_fields``; every field with unit, default and meaning is in docs/plan-file.md. Rules that need
more than one field (known dependencies, months inside the plan, lengths) are in ``plan_checks`` and run on every plan,
read from a file or built in Python.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from costlib.errors import did_you_mean
from costlib.money import currency_codes
from costlib.periods import add_months, months_between
from costlib.roadmap.plan_bets import KillCriterion, Stake
from costlib.roadmap.plan_errors import FieldRefusal
from costlib.roadmap.plan_fields import (
    Amount,
    Estimate,
    Month,
    Months,
    MonthsEstimate,
    Number,
    SavingEstimate,
    Scope,
    Share,
    Strict,
    Whole,
    month_text,
)

#: Release month of a saving that never becomes cash, such as one that a contract minimum absorbs.
NEVER: Literal["never"] = "never"

Goal = Literal["npv", "earliest", "probability"]


class Target(Strict):
    """So much less spend in ``scope``, in the month ``by``, than the reference."""

    reduction: Annotated[Number, Field(ge=0, lt=1)]
    by: Month
    reference: Literal["last_quarter", "baseline"] = "last_quarter"
    reference_value: Amount | None = None
    scope: Scope = Field(default_factory=dict)


class Header(Strict):
    """What holds for the plan as a whole."""

    name: str = "Plan"
    start: Month
    months: Annotated[Whole, Field(ge=1, le=120)]
    currency: str = "USD"
    discount_rate: Annotated[Number, Field(gt=-1, le=10)] = 0.10
    fiscal_year_start: Annotated[Whole, Field(ge=1, le=12)] = 1
    paths: Annotated[Whole, Field(ge=1, le=200_000)] = 10_000
    seed: Whole = 1
    goal: Goal = "npv"
    target: Target | None = None

    @field_validator("currency")
    @classmethod
    def _known(cls, code: str) -> str:
        if code not in currency_codes():
            fix = did_you_mean(code, currency_codes()) or "Write the code of the currency the bills are in."
            raise FieldRefusal(f"{code} is not a currency", expected="an ISO 4217 code such as USD", fix=fix)
        return code


class Budget(Strict):
    """Limits on one-off cost."""

    one_off: Amount | None = None
    one_off_per_quarter: Amount | None = None


def _released_at_once(value: object) -> object:
    return {"what": value} if isinstance(value, str) else value


class Release(Strict):
    """What turns a saving into cash, and the first month in which it does, if later than the saving."""

    what: Literal["instance", "node", "commitment", "tokens", "storage"]
    month: Month | Literal["never"] | None = None

    @field_validator("month", mode="wrap")
    @classmethod
    def _month_or_never(cls, value: Any, read: Any) -> Any:
        return NEVER if value == NEVER else read(value)


class Benefit(Estimate):
    """Money a month that is not a saving: margin, revenue or avoided churn."""

    start: Month | None = None
    ramp_months: Months = 0
    evidence: str = "none"


class QualityEffect(Strict):
    """What the initiative does to a quality metric of the models in its scope, and what that is worth."""

    metric: str
    likely: Number
    value_per_point: Amount = 0


class Guardrail(Strict):
    """The quality below which the initiative is taken back."""

    metric: str
    floor: Number | None = None
    level: Number | None = None
    failure_probability: Share = 0
    detect_months: Months = 0


class AbTest(Strict):
    """The experiment that shows the guardrail holds."""

    metric: str
    minimum_effect: Number | None = None
    power: Annotated[Number, Field(gt=0, lt=1)] = 0.8
    days: Annotated[Whole, Field(le=3660)] | None = None


class Case(Strict):
    """What the figures rest on, and why a safeguard is left out: what a reviewer asks before approval."""

    basis: str = ""
    evidence: str = ""
    no_guardrail: str = ""
    no_ab_test: str = ""


class Reinvest(Strict):
    """Where a share of what is saved goes."""

    to: str
    share: Share


class Initiative(Strict):
    """One thing to do: what it saves, costs, needs and risks."""

    id: Annotated[str, Field(min_length=1)]
    title: str = ""
    owner: str = ""
    lever: str = ""
    scope: Scope = Field(default_factory=dict)
    saving: SavingEstimate = SavingEstimate(low=0, likely=0, high=0)
    start: Month | None = None
    earliest_start: Month | None = None
    ramp_months: Months = 0
    delay_months: MonthsEstimate = MonthsEstimate(low=0, likely=0, high=0)
    probability: Share = 1
    one_off_cost: Amount = 0
    running_cost: Amount = 0
    effort: dict[str, Amount] = Field(default_factory=dict)
    releases: Annotated[Release | None, BeforeValidator(_released_at_once)] = None
    benefit: Benefit = Benefit(low=0, likely=0, high=0)
    added_spend: Amount = 0
    quality_effect: QualityEffect | None = None
    depends_on: tuple[str, ...] = ()
    alternative_group: str | None = None
    guardrail: Guardrail | None = None
    ab_test: AbTest | None = None
    fallback: str = ""
    track: Literal["technical", "process", "culture"] = "technical"
    phase: Literal["containment", "optimisation", "governance"] = "optimisation"
    bucket: Literal["run", "grow", "transform"] = "run"
    finops_phase: Literal["inform", "optimize", "operate"] = "optimize"
    stage: Literal["L0", "L1", "L2", "L3", "L4", "L5"] = "L0"
    objective: str = ""
    key_result: str = ""
    reinvest: Reinvest | None = None
    stake: Stake = Stake()
    kill_criteria: tuple[KillCriterion, ...] = ()
    case: Case = Case()

    @property
    def person_weeks(self) -> float:
        """Total effort over all roles, in person-weeks."""
        return sum(self.effort.values())

    @property
    def is_estimated(self) -> bool:
        """Whether somebody stated what it saves or brings: what nobody stated is unknown, and not 0.

        >>> Initiative(id="a").is_estimated, Initiative(id="a", saving=0).is_estimated
        (False, True)
        """
        return not self.model_fields_set.isdisjoint(("saving", "benefit"))


class GivenSpend(Strict):
    """Spend of one segment without the plan, month by month."""

    segment: dict[str, str | None]
    monthly: tuple[Amount, ...]


class Plan(Strict):
    """A whole plan; raises FieldRefusal (inside pydantic's ValidationError) where its parts contradict each other."""

    plan: Header
    capacity: dict[str, Amount] = Field(default_factory=dict)
    budget: Budget = Budget()
    initiatives: tuple[Initiative, ...] = ()
    baseline: tuple[GivenSpend, ...] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Plan:
        from costlib.roadmap.plan_checks import check

        check(self)
        return self

    @property
    def months(self) -> list[str]:
        """The plan's months as a plan writes them.

        >>> Plan(plan={"start": "2026-11", "months": 3}).months
        ['2026-11', '2026-12', '2027-01']
        """
        return [month_text(add_months(self.plan.start, t)) for t in range(self.plan.months)]

    def month_index(self, month: date) -> int:
        """Months from the plan's start (0) to ``month``; negative before it.

        >>> Plan(plan={"start": "2026-11", "months": 3}).month_index(date(2027, 1, 1))
        2
        """
        return months_between(self.plan.start, month)

    def start_of(self, initiative: Initiative) -> int:
        """The month, counted from 0, in which the plan starts the initiative: the plan's first where it says none."""
        return 0 if initiative.start is None else self.month_index(initiative.start)

    def restarted(self, starts: dict[str, int]) -> Plan:
        """The plan with only these initiatives (ids), each from this month (counted from 0).

        A benefit keeps its distance from the start of its initiative.
        """
        kept = [self.moved(one, starts[one.id]) for one in self.initiatives if one.id in starts]
        return self.model_copy(update={"initiatives": tuple(kept)})

    def moved(self, initiative: Initiative, start: int) -> Initiative:
        """The initiative from another month (counted from 0), its benefit as far from it as before."""
        change: dict[str, Any] = {"start": add_months(self.plan.start, start)}
        if initiative.benefit.start is not None:
            moved = add_months(initiative.benefit.start, start - self.start_of(initiative))
            change["benefit"] = initiative.benefit.model_copy(update={"start": moved})
        return initiative.model_copy(update=change)
