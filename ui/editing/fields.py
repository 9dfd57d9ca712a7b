"""What the form of an initiative shows of it, and the way from the form back to what a plan file holds.

Conventions: as in ``groups``; a body is an initiative as a plan file holds it. Pure: nothing here draws.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from costlib.briefs.words.roadmap import month_words
from costlib.roadmap.plan_file import held, plan_from
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.state.compare import flat
from ui.editing.groups import FIELDS, Field, Kind

Body = dict[str, Any]
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_MONTH: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
#: Fields that the page asks for in percent, and that a plan holds as a share.
_PERCENT: Final = frozenset({"target.reduction", *(one.path for one in FIELDS if one.kind is Kind.PERCENT)})

_SAVING, _DELAY, _BENEFIT = (
    tuple(f"{part}.{end}" for end in ("low", "likely", "high")) for part in ("saving", "delay_months", "benefit")
)
#: The three figures of each estimate.
_ESTIMATES: Final = (_SAVING, _DELAY, _BENEFIT)
#: Fields whose default is shown where nothing was set: they hold for every initiative. What it saves and brings is not
#: among them: what nobody has estimated is not 0.
_ALWAYS: Final = ("probability", "ramp_months", *_DELAY)
#: Parts that exist only where this field of theirs is filled in.
_PARTS: Final = {
    "guardrail": "metric",
    "ab_test": "metric",
    "reinvest": "to",
    "quality_effect": "metric",
    "releases": "what",
}


def shown(body: Mapping[str, Any], one: Initiative, field: Field) -> Any:
    """What the form shows of a field: what was set, else the default where there is always one; else nothing.

    >>> batch = Initiative(id="batch", saving={"low": 0.1, "likely": 0.2, "high": 0.3})
    >>> shown(held(batch), batch, FIELDS[6]), shown(held(batch), batch, FIELDS[14])
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


def in_unit(told: str, field: Field) -> str:
    """What a plan says of a field, in the unit of the form: shares in percent.

    >>> low = next(one for one in FIELDS if one.path == "saving.low")
    >>> in_unit("low 0.5, likely 0.29 are out of order", low), in_unit("-3 is refused", FIELDS[16])
    ('low 50%, likely 29% are out of order', '-3 is refused')
    """
    if field.kind is not Kind.PERCENT:
        return told
    return _NUMBER.sub(lambda found: f"{float(found[0]) * 100:g}%", told)


def as_typed(dotted: str, value: object) -> str:
    """A value of a field of a record as the page asks for it: shares in percent, months in words, large numbers whole.

    >>> as_typed("initiative.saving.likely", 0.38), as_typed("plan.target.reduction", 0.3), as_typed("plan.months", 6)
    ('38%', '30%', '6')
    >>> as_typed("initiative.one_off_cost", 1250000.0), as_typed("initiative.start", "2026-03"), as_typed("owner", None)
    ('1,250,000', 'Mar 2026', '–')
    """
    if value is None or value in ([], {}, ""):
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    if isinstance(value, str):
        return month_words(value) if _MONTH.fullmatch(value) else value
    if isinstance(value, int | float) and not isinstance(value, bool):
        typed = f"{value * 100:,.10g}%" if _plain(dotted) in _PERCENT else f"{value:,.10g}"
        return typed.replace("-", "−")
    return str(value)


def _plain(dotted: str) -> str:
    return dotted.removeprefix("initiative.").removeprefix("plan.")


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
