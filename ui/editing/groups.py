"""The fields of an initiative as its form asks for them: names, help, order, and what can be chosen.

Conventions: a field is named by its path with dots, as in the plan file; shares are shown as per cent; a field that is
left empty is not stated, which is not the same as 0. Pure: nothing here draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from costlib.roadmap.plan_model import NEVER


class Kind(StrEnum):
    """How a field is asked for."""

    TEXT = "text"
    LONG = "long text"
    PERCENT = "per cent"
    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole number"
    MONTH = "month"
    CHOICE = "choice"
    OPTIONAL = "choice or nothing"
    OTHERS = "other initiatives"


@dataclass(frozen=True)
class Field:
    """One field: its path, what the form calls it, how it is asked for, its help and what can be chosen."""

    path: str
    label: str
    kind: Kind
    help: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Fields that stand together; the first groups are open."""

    title: str
    fields: tuple[Field, ...]
    open: bool = False


#: Groups that hold more than their fields: effort by role, the kill criteria.
TAKES, CASE, BET = "What it takes", "The case", "The bet: stake and kill criteria"

GROUPS: Final = (
    Group(
        "What, who and when",
        (
            Field("title", "What is done", Kind.TEXT),
            Field("owner", "Owner", Kind.TEXT, "Who answers for it."),
            Field("lever", "Lever", Kind.TEXT, "The kind of measure, such as right-sizing or spot training."),
            Field("start", "Starts", Kind.MONTH, "Empty: with the plan."),
            Field("ramp_months", "Months to full effect", Kind.WHOLE, "The saving grows evenly over these months."),
            Field("probability", "Chance that it works, %", Kind.PERCENT),
        ),
        open=True,
    ),
    Group(
        "What it saves",
        (
            Field("saving.low", "Saving, low, %", Kind.PERCENT,
                  "Share of the spend in scope, at the least. Empty is not estimated; state 0 if it saves nothing."),
            Field("saving.likely", "Saving, likely, %", Kind.PERCENT),
            Field("saving.high", "Saving, high, %", Kind.PERCENT, "Below 100: nothing saves all of it."),
            Field("delay_months.low", "Delay, least months", Kind.WHOLE),
            Field("delay_months.likely", "Delay, likely months", Kind.WHOLE),
            Field("delay_months.high", "Delay, most months", Kind.WHOLE),
            Field("releases.what", "What is given back", Kind.OPTIONAL,
                  "What turns the saving into cash: a machine, node, commitment, tokens or storage that is given back "
                  "or refilled. Empty: the saving is cash at once.",
                  ("instance", "node", "commitment", "tokens", "storage")),
            Field("releases.month", "Given back from", Kind.MONTH,
                  "Before that month the saving is freed capacity, not cash. Never: a contract minimum absorbs it. "
                  "Empty: with the saving.", (NEVER,)),
        ),
        open=True,
    ),
    Group(
        TAKES,
        (
            Field("one_off_cost", "One-off cost", Kind.MONEY, "State 0 if there is none: not stated is not 0."),
            Field("running_cost", "Running cost a month", Kind.MONEY, "State 0 if there is none."),
            Field("depends_on", "Starts after", Kind.OTHERS, "It starts once these are in full effect."),
            Field("alternative_group", "One of these only", Kind.TEXT, "Of those with the same word only one is done."),
        ),
        open=True,
    ),
    Group(
        "Quality: guardrail, test, fallback",
        (
            Field("guardrail.metric", "Guardrail metric", Kind.TEXT, "What must not get worse, such as precision."),
            Field("guardrail.floor", "Must not fall below", Kind.NUMBER),
            Field("guardrail.failure_probability", "Chance that it falls short, %", Kind.PERCENT),
            Field("guardrail.detect_months", "Months until it is taken back", Kind.WHOLE),
            Field("ab_test.metric", "A/B test metric", Kind.TEXT),
            Field("ab_test.minimum_effect", "Smallest effect it must show", Kind.NUMBER),
            Field("ab_test.days", "Days of the test", Kind.WHOLE),
            Field("fallback", "If it fails", Kind.TEXT, "What is done then."),
            Field("case.no_guardrail", "No guardrail, because", Kind.TEXT, "Where no quality can suffer, say why."),
            Field("case.no_ab_test", "No A/B test, because", Kind.TEXT),
        ),
    ),
    Group(
        "Effect on quality",
        (
            Field("quality_effect.metric", "Metric it changes", Kind.TEXT,
                  "Such as precision. Effects of several initiatives on one model and metric add up and are held "
                  "against the guardrail's floor together."),
            Field("quality_effect.likely", "Change once in full effect", Kind.NUMBER,
                  "In the metric's own unit; a loss is negative: -0.002 takes precision from 0.940 to 0.938."),
            Field("quality_effect.value_per_point", "Worth of 1 more of it, a month", Kind.MONEY,
                  "Change x this counts in what the plan brings net: -0.002 x 40,000 takes 80 a month off."),
        ),
    ),
    Group(
        CASE,
        (
            Field("case.basis", "How the range was arrived at", Kind.LONG,
                  "Such as: two weeks of trial runs; a third either way because the peak season is missing."),
            Field("case.evidence", "Evidence: who measured it, where, when", Kind.LONG,
                  "Such as: load test of the platform team, May 2026. A judgement is called one."),
        ),
    ),
    Group(
        BET,
        (
            Field("stake.committed", "Committed so far", Kind.MONEY,
                  "Spent or bound by contract. State 0 if nothing is; empty is not known."),
            Field("stake.asked", "Asked for next", Kind.MONEY, "To reach the next gate."),
        ),
    ),
    Group(
        "Benefits and added spend a month",
        (
            Field("benefit.low", "Benefit, low", Kind.MONEY,
                  "Margin or revenue, not a saving on the bill. Empty is not estimated."),
            Field("benefit.likely", "Benefit, likely", Kind.MONEY),
            Field("benefit.high", "Benefit, high", Kind.MONEY),
            Field("benefit.start", "Benefit starts", Kind.MONTH),
            Field("added_spend", "Added spend", Kind.MONEY, "What it adds to the bill every month."),
            Field("reinvest.to", "What is freed goes to", Kind.TEXT),
            Field("reinvest.share", "Share that is reinvested, %", Kind.PERCENT),
        ),
    ),
    Group(
        "Place in the programme",
        (
            Field("phase", "Phase", Kind.CHOICE, "", ("containment", "optimisation", "governance")),
            Field("track", "Track", Kind.CHOICE, "", ("technical", "process", "culture")),
            Field("bucket", "Purpose", Kind.CHOICE, "Run keeps going, Grow earns more, Transform changes the business.",
                  ("run", "grow", "transform")),
            Field("finops_phase", "FinOps phase", Kind.CHOICE, "", ("inform", "optimize", "operate")),
            Field("objective", "Objective it serves", Kind.TEXT,
                  "The same words on several initiatives put them together in the Portfolio."),
            Field("key_result", "Key result", Kind.TEXT, "With its figure and date, such as: precision 0.94 by June."),
        ),
    ),
)  # fmt: skip
FIELDS: Final = tuple(field for group in GROUPS for field in group.fields)
#: Columns that a scope can always name; others stay where the initiative has them.
SCOPE_COLUMNS: Final = ("x_Team", "x_Model", "x_Stage", "x_Environment", "ServiceName")


def place_of(steps: Sequence[str | int]) -> tuple[Group, Field] | None:
    """The group and field that a place inside an initiative is about, the nearest that the form has; None elsewhere.

    >>> place_of(("guardrail", "metric"))[1].label, place_of(("saving",))[1].label, place_of(("effort", "lead"))
    ('Guardrail metric', 'Saving, low, %', None)
    """
    path = ".".join(step for step in steps if isinstance(step, str))
    held = [(group, field) for group in GROUPS for field in group.fields]
    exact = [one for one in held if one[1].path == path]
    inside = [one for one in held if one[1].path.startswith(f"{path}.")]
    return next(iter(exact + inside), None)
