"""A lever as typed data: what it applies to, what its saving is a share of, how large, how sure, and how we know.

Conventions: savings are shares of ``base`` and of nothing else, so that shares of two levers are never added; effort in
person-weeks by role; time to value in weeks. Conditions name a column of ``focus`` or ``tag:KEY`` and the patterns it
may match: letters in either case, ``*`` stands for anything, and any one of the patterns is enough. An unknown value
matches nothing. All of ``applies_to`` must hold and none of ``unless``. Levers of one ``choice`` are alternatives on
the same money: of them the one that saves most counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from costlib import focus
from costlib.errors import did_you_mean
from costlib.roadmap.plan_errors import FieldRefusal
from costlib.roadmap.plan_fields import Amount, Number, SavingEstimate, Scope, Share, Strict

TAG = "tag:"
COLUMNS = (*focus.ATTRIBUTES, *focus.BASE_TEXTS)
#: Values that attribution gives these dimensions; a lever that names another one would never apply.
VALUES = {
    "x_Stage": (
        "experimentation",
        "training",
        "batch inference",
        "real-time inference",
        "data pipeline",
        "storage",
        "MLOps overhead",
        "idle",
    ),
    "x_CostType": (
        "compute GPU",
        "compute CPU",
        "compute TPU and accelerators",
        "storage",
        "egress",
        "tokens",
        "licence",
        "support",
        "tax",
        "credits and refunds",
    ),
    "x_Environment": ("production", "staging", "development", "test"),
    "x_Scope": (focus.AI, focus.OTHER),
}
#: What may be measured of a row, by name: its unit or meaning, which for a share ends in these words.
SHARE = "0-1"
METRICS = {
    "requests": "requests a month",
    "utilisation": "share of the machine that is used, 0-1",
    "duty_cycle": "share of the time in which it is used at all, 0-1",
    "peak_to_mean": "load of the busiest hour over the mean",
    "commitment_utilisation": "share of the commitment that is used, 0-1",
    "commitment_break_even": "use at which the commitment costs what on-demand would: 1 less its discount",
    "reads_a_month": "how often a stored byte is read in a month",
    "readers": "distinct readers of the result in 90 days; 0 also for a second copy of the same result",
    "offline_share": "share of the tokens that can wait a day, 0-1",
    "repeated_share": "share of the input tokens in repeated prefixes, 0-1",
    "narrow_task_share": "share of the spend on one narrow task, 0-1",
    "routable_share": "share of the spend on questions a smaller model may answer, 0-1",
    "verifiable_share": "share of the spend on answers a program can check, 0-1",
    "long_context_share": "share of the input tokens in long contexts, 0-1",
    "similar_share": "share of the spend on calls that resemble each other, 0-1",
    "steady_share": "share of the spend on steady volume beyond break-even, 0-1",
    "interruptible_share": "share of the training that can be interrupted, 0-1",
    "portable_share": "share of the spend on models that can be ported, 0-1",
    "movable_share": "share of the training that no data holds in place, 0-1",
    "fine_tuning_share": "share of the training that fine-tunes language models, 0-1",
    "periodic_share": "share of the training that repeats by calendar, 0-1",
}
_DATE = re.compile(r"20\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


class Evidence(Strict):
    """How a range is known: source, its date, and whether it was measured, published or judged."""

    source: Annotated[str, Field(min_length=10)]
    date: str
    strength: Literal["measured", "published", "judgement"]

    @field_validator("date")
    @classmethod
    def _dated(cls, value: str) -> str:
        if not _DATE.fullmatch(value):
            raise FieldRefusal(f"{value} is not a date", expected="2026, 2026-03 or 2026-03-09", fix="Date the source.")
        return value


class Bound(Strict):
    """Between which values a metric must lie; a row without the metric is not taken."""

    at_least: Number | None = None
    at_most: Number | None = None

    def holds(self, value: float | None) -> bool:
        """Whether a known value lies in the bound."""
        low = -float("inf") if self.at_least is None else self.at_least
        high = float("inf") if self.at_most is None else self.at_most
        return value is not None and low <= value <= high


class Eligible(Strict):
    """Which part of the matching spend is the base: a metric where it is known, else an assumption that is shown."""

    metric: str
    assumed: Share


class Lever(Strict):
    """One lever of the catalogue."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: Annotated[str, Field(min_length=1)]
    plain: Annotated[str, Field(min_length=1)]
    applies_to: Annotated[Scope, Field(min_length=1)]
    unless: Scope = Field(default_factory=dict)
    metrics: dict[str, Bound] = Field(default_factory=dict)
    finder: Literal["rows", "steady_floor", "unused_commitment", "off_hours", "lasting_step"] = "rows"
    base: Annotated[str, Field(min_length=1)]
    eligible: Eligible | None = None
    saving: SavingEstimate
    choice: str | None = None
    effort: dict[str, Amount]
    weeks_to_value: Annotated[Number, Field(gt=0)]
    risk: Literal["low", "medium", "high"]
    concern: Annotated[str, Field(min_length=1)]
    quality: Literal["none", "possible", "likely"]
    guardrail: str | None = None
    releases: Literal["instance", "node", "commitment", "tokens", "storage"]
    needs: tuple[str, ...] = ()
    evidence: Evidence
    track: Literal["technical", "process", "culture"]
    phase: Literal["containment", "optimisation", "governance"]
    finops_phase: Literal["inform", "optimize", "operate"]

    @field_validator("applies_to", "unless")
    @classmethod
    def _known_columns(cls, conditions: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for column, patterns in conditions.items():
            _known(column, COLUMNS, "column") if not column.startswith(TAG) else None
            for pattern in patterns:
                _known(pattern, VALUES[column], column) if column in VALUES and "*" not in pattern else None
        return conditions

    @field_validator("metrics")
    @classmethod
    def _known_metrics(cls, metrics: dict[str, Bound]) -> dict[str, Bound]:
        for name in metrics:
            _known(name, METRICS, "metric")
        return metrics

    @model_validator(mode="after")
    def _whole(self) -> Lever:
        if self.eligible:
            _known(self.eligible.metric, METRICS, "metric")
        if self.quality != "none" and not self.guardrail:
            raise FieldRefusal(
                f"quality is {self.quality} and no guardrail watches it",
                expected="the metric that must not fall",
                fix="Add guardrail: or set quality: none.",
                place=("guardrail",),
            )
        return self

    def matches(self, segment: Mapping[str, str | None]) -> bool:
        """Whether the lever's conditions hold for a row with these column values."""
        holds = all(matches(segment.get(column), patterns) for column, patterns in self.applies_to.items())
        return holds and not any(matches(segment.get(column), patterns) for column, patterns in self.unless.items())


def matches(value: str | None, patterns: tuple[str, ...]) -> bool:
    """Whether a value matches one of the patterns, in either case; an unknown value matches none.

    >>> matches("Amazon EKS", ("*eks*",)), matches(None, ("*",))
    (True, False)
    """
    return value is not None and any(fnmatchcase(value.lower(), pattern.lower()) for pattern in patterns)


def _known(name: str, known: Mapping[str, object] | tuple[str, ...], what: str) -> None:
    if name not in known:
        raise FieldRefusal(
            f"{name} is not a known {what}",
            expected=f"one of {', '.join(known)}",
            fix=did_you_mean(name, known) or "Correct it.",
        )
