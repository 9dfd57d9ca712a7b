"""The fields of an initiative as a form shows them, and the way from the form back to what a plan file holds.

Conventions: a field is named by its path with dots, as in the plan file; shares are shown as per cent; a field that is
left empty is not stated, which is not the same as 0. Pure: nothing here draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from costlib.roadmap.plan_file import held, plan_from
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.state.compare import flat

Body = dict[str, Any]


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
            Field("saving.low", "Saving, low, %", Kind.PERCENT, "Share of the spend in scope, at the least."),
            Field("saving.likely", "Saving, likely, %", Kind.PERCENT),
            Field("saving.high", "Saving, high, %", Kind.PERCENT, "Below 100: nothing saves all of it."),
            Field("delay_months.low", "Delay, least months", Kind.WHOLE),
            Field("delay_months.likely", "Delay, likely months", Kind.WHOLE),
            Field("delay_months.high", "Delay, most months", Kind.WHOLE),
        ),
        open=True,
    ),
    Group(
        "What it takes",
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
            Field("case.no_guardrail", "No guardrail, because", Kind.TEXT),
            Field("case.no_ab_test", "No A/B test, because", Kind.TEXT),
        ),
    ),
    Group(
        "The case",
        (
            Field("case.basis", "How the range was arrived at", Kind.LONG),
            Field("case.evidence", "Evidence: who measured it, where, when", Kind.LONG),
        ),
    ),
    Group(
        "Benefits and added spend a month",
        (
            Field("benefit.low", "Benefit, low", Kind.MONEY, "Margin or revenue, not a saving on the bill."),
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
            Field("objective", "Objective and key result it serves", Kind.TEXT),
        ),
    ),
)  # fmt: skip
FIELDS: Final = tuple(field for group in GROUPS for field in group.fields)
#: Parts that exist only where this field of theirs is filled in.
_PARTS: Final = {"guardrail": "metric", "ab_test": "metric", "reinvest": "to"}
#: Columns that a scope can always name; others stay where the initiative has them.
SCOPE_COLUMNS: Final = ("x_Team", "x_Model", "x_Stage", "x_Environment", "ServiceName")


def body_of(one: Initiative) -> Body:
    """What was set in an initiative, as a plan file holds it."""
    return held(one)


def shown(body: Mapping[str, Any], one: Initiative, field: Field) -> Any:
    """What the form shows of a field: what was set, else the default where there is always one; else nothing.

    >>> batch = Initiative(id="batch", saving={"low": 0.1, "likely": 0.2, "high": 0.3})
    >>> shown(body_of(batch), batch, FIELDS[6]), shown(body_of(batch), batch, FIELDS[12])
    (10.0, None)
    """
    value = flat(body).get(field.path)
    if value is None:
        value = _default(one, field) if field.kind is Kind.CHOICE or field.path in _ALWAYS else None
    if field.kind is Kind.PERCENT and value is not None:
        return round(float(value) * 100, 6)
    if field.kind in (Kind.MONEY, Kind.NUMBER) and value is not None:
        return float(value)
    if field.kind is Kind.OTHERS:
        return list(value or ())
    return value


#: Fields whose default is shown where nothing was set: they hold for every initiative.
_ESTIMATES: Final = tuple(
    tuple(f"{part}.{end}" for end in ("low", "likely", "high")) for part in ("saving", "delay_months", "benefit")
)
_ALWAYS: Final = ("probability", "ramp_months", *(path for paths in _ESTIMATES for path in paths))


def _default(one: Initiative, field: Field) -> Any:
    value: Any = one
    for step in field.path.split("."):
        value = getattr(value, step)
    return value


def changed(body: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> Body:
    """The body with every field that the form changed; ``before`` and ``after`` are what it showed, by path.

    Of an estimate all three figures are stated as soon as one of them is.

    >>> changed({"id": "a", "owner": "Ada"}, {"owner": "Ada", "one_off_cost": None}, {"owner": "", "one_off_cost": 0.0})
    {'id': 'a', 'one_off_cost': 0.0}
    """
    found = deepcopy(dict(body))
    kinds = {field.path: field.kind for field in FIELDS}
    touched = {path for path, value in after.items() if value != before.get(path)}
    touched |= {path for paths in _ESTIMATES if touched & set(paths) for path in paths if path in after}
    for path in sorted(touched):
        _put(found, path.split("."), _stored(after[path], kinds[path]))
    for part, needed in _PARTS.items():
        inside = found.get(part)
        if isinstance(inside, dict) and not inside.get(needed) and _is_empty(part, after):
            del found[part]
    return found


def _is_empty(part: str, after: Mapping[str, Any]) -> bool:
    """Whether the form says nothing of a part."""
    return not any(value not in (None, "") for path, value in after.items() if path.startswith(f"{part}."))


def _stored(value: Any, kind: Kind) -> Any:
    if value is None or value == "" or value == []:
        return None
    if kind is Kind.PERCENT:
        return round(value / 100, 8)
    return value


def _put(body: Body, steps: list[str], value: Any) -> None:
    """Set a field, or take it out where the value is None; parts that are left empty go too."""
    if len(steps) > 1:
        inside = dict(body.get(steps[0]) or {})
        _put(inside, steps[1:], value)
        value = inside or None
    if value is None:
        body.pop(steps[0], None)
    else:
        body[steps[0]] = value


def with_named(body: Mapping[str, Any], name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Body:
    """The body with another scope or effort where the form changed it; names without a value are left out.

    >>> with_named({"id": "a", "effort": {"lead": 2}}, "effort", {"lead": 2}, {"lead": None, "analyst": 1.0})
    {'id': 'a', 'effort': {'analyst': 1.0}}
    """
    named = {key: value for key, value in after.items() if value not in (None, [])}
    return dict(body) if named == dict(before) else {**body, name: named}


def initiative_of(plan: Plan, name: str, body: Mapping[str, Any]) -> Initiative:
    """The initiative in a body, checked inside its plan; raises PlanError that names the field.

    An initiative that the plan does not hold is put at its end.
    """
    whole = held(plan)
    others = list(whole.get("initiatives", ()))
    at = next((at for at, one in enumerate(others) if one["id"] == body["id"]), len(others))
    whole["initiatives"] = [*others[:at], dict(body), *others[at + 1 :]]
    return plan_from(whole, name).initiatives[at]
