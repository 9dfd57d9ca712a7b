"""The plan file: YAML that a person writes, git diffs and Glidepath reads and writes back.

Conventions: UTF-8; months as 2026-03; every field is in docs/plan-file.md. Reading refuses what it does not know, a key
that stands twice, and a plan that contradicts itself, and says where: file, line, field. Writing gives what was set (a
cost of 0 that somebody stated stays), in the order of the fields and of the initiatives, and is read back as the same
plan; comments are lost.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from costlib.errors import cause_words
from costlib.focus import ATTRIBUTES, canonical
from costlib.roadmap.plan_errors import FieldRefusal, PlanError
from costlib.roadmap.plan_fields import Strict
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.plan_parts import fields_at
from costlib.store.question import DIMENSIONS
from costlib.yaml_text import RepeatedKey, parsed, refused

Place = tuple[str | int, ...]

_ONE_LINE = 110
#: Columns that are named where an unknown one is written.
_NEAREST = 3


def read_plan(path: Path | str) -> Plan:
    """The plan in a file; raises PlanError that names file, line and field."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PlanError(f"{path} does not exist", expected="a plan file", fix="Check the path.") from None
    except OSError as error:
        raise PlanError(
            f"{path} cannot be read: {cause_words(error)}", expected="a plan file", fix="Check the path."
        ) from None
    except UnicodeDecodeError as error:
        raise PlanError(
            f"{path} cannot be read: {cause_words(error)}", expected="UTF-8 text", fix="Save it again."
        ) from None
    return parse_plan(text, name=path.name)


def parse_plan(text: str, name: str = "plan") -> Plan:
    """The plan in YAML text; ``name`` is what messages call it. Raises PlanError that names line and field.

    >>> parse_plan("plan: {start: 2026-01, months: 6}").plan.months
    6
    >>> parse_plan("plan: {start: 2026-01, months: 0}", "a")
    Traceback (most recent call last):
    costlib.roadmap.plan_errors.PlanError: a, line 1, plan.months: 0 is refused. Expected: 1 or more. Correct it there.
    """
    try:
        read = parsed(text)
    except RepeatedKey as error:
        raise PlanError(f"{name}, {error}", expected="it once", fix="Remove one.") from None
    except ValueError as error:
        raise PlanError(f"{name} is not YAML: {error}", expected="a plan file", fix="Correct it there.") from None
    if not isinstance(read, dict):
        raise PlanError(f"{name} holds no plan", expected="plan:, initiatives: and so on", fix="See docs/plan-file.md.")
    try:
        plan = Plan.model_validate(read)
    except ValidationError as error:
        root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
        raise _refusal(error, root, name) from None
    _refuse_columns(plan, text, name)
    return plan


def _refuse_columns(plan: Plan, text: str, name: str) -> None:
    """Refuse a scope by a column that neither bills nor the plan's own spend have: it would hold nothing, unnoticed."""
    own = list(dict.fromkeys(column for given in plan.baseline or () for column in given.segment))
    for place, scope in _scopes(plan):
        wrong = next((one for one in scope if one not in own and canonical(one, DIMENSIONS) is None), None)
        if wrong is not None:
            steps = (*place, wrong)
            root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
            line, where = _found(root, steps)
            problem = f"there is no column {wrong}"
            raise PlanError(
                f"{name}, line {line}, {where}: {problem}",
                expected="a column of the bills, such as x_Team, x_Model or ServiceName",
                fix=_near(wrong, [*own, *DIMENSIONS]),
                place=steps,
                told=problem,
            )


def _scopes(plan: Plan) -> Iterator[tuple[Place, Mapping[str, Sequence[str]]]]:
    """Every scope of the plan with its place."""
    if plan.plan.target:
        yield ("plan", "target", "scope"), plan.plan.target.scope
    for number, initiative in enumerate(plan.initiatives):
        yield ("initiatives", number, "scope"), initiative.scope


def _near(column: str, known: Sequence[str]) -> str:
    """What to write instead of a column that is not known: the nearest ones, also where the ``x_`` is forgotten.

    >>> _near("x_Modle", DIMENSIONS), _near("team", DIMENSIONS)
    ('Write x_Model.', 'Write x_Team.')
    """
    by_lower = {one.lower().removeprefix("x_"): one for one in reversed(known)}
    close = difflib.get_close_matches(column.lower().removeprefix("x_"), by_lower, n=_NEAREST, cutoff=0.7)
    if not close:
        return f"Take one of {', '.join(ATTRIBUTES)}, or another that `query --by` knows."
    return f"Write {' or '.join(by_lower[one] for one in close)}."


def plan_text(plan: Plan) -> str:
    """The plan as YAML text that ``parse_plan`` reads back as the same plan: what was set, and nothing else.

    >>> plan_text(parse_plan("plan: {start: 2026-01, months: 6}  # half a year"))
    'plan: {start: 2026-01, months: 6}\\n'
    """
    return str(yaml.dump(held(plan), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120))


class _Dumper(yaml.SafeDumper):
    """Parts without parts inside stand on one line where they fit, else on one line a field."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        """The mapping with the style that its length asks for."""
        node = super().represent_mapping(tag, mapping, flow_style)
        plain = not any(isinstance(value, dict | list) for value in mapping.values())
        node.flow_style = plain and sum(len(f"{key}: {value}, ") for key, value in mapping.items()) <= _ONE_LINE
        return node

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        """The list on one line where it holds nothing but values."""
        node = super().represent_sequence(tag, sequence, flow_style)
        node.flow_style = not any(isinstance(value, dict | list) for value in sequence)
        return node


def held(part: Strict) -> dict[str, Any]:
    """What was set in a plan or a part of it, as a plan file holds it: text, numbers, lists and mappings.

    >>> held(parse_plan("plan: {start: 2026-01, months: 6}"))
    {'plan': {'start': '2026-01', 'months': 6}}
    """
    return dict(_short_numbers(part.model_dump(mode="json", exclude_unset=True)))


def plan_from(held: Mapping[str, Any], name: str) -> Plan:
    """The plan in what a plan file holds; raises PlanError that names the field. ``name`` is what messages call it.

    >>> plan_from({"plan": {"start": "2026-01", "months": 0}}, "Fraud")
    Traceback (most recent call last):
    costlib.roadmap.plan_errors.PlanError: Fraud, plan.months: 0 is refused. Expected: 1 or more. Correct it there.
    """
    try:
        return Plan.model_validate(held)
    except ValidationError as error:
        root: Any = yaml.compose(yaml.safe_dump(dict(held)), Loader=yaml.SafeLoader)
        raise _refusal(error, root, name, with_line=False) from None


def _short_numbers(value: Any) -> Any:
    """Whole amounts without a decimal point, as people write them."""
    if isinstance(value, dict):
        return {key: _short_numbers(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_short_numbers(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _refusal(error: ValidationError, root: yaml.Node, name: str, *, with_line: bool = True) -> PlanError:
    """The first thing that is wrong, in the words of this module."""
    details = error.errors()
    detail = next((one for one in details if one["type"] == "extra_forbidden"), details[0])
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, FieldRefusal):
        place = (*detail["loc"], *cause.place)
        problem, expected, fix = cause.problem, cause.expected, cause.fix
    else:
        place = detail["loc"]
        problem, expected, fix = refused(detail, fields_at(detail["loc"][:-1]), "docs/plan-file.md")
    steps = tuple(step for step in place if "(" not in str(step))
    line, where = _found(root, steps)
    at = f"{name}, line {line}" if with_line else name
    return PlanError(f"{at}, {where}: {problem}", expected=expected, fix=fix, place=steps, told=problem)


def _found(root: yaml.Node, place: Place) -> tuple[int, str]:
    """The line on which a place stands (the nearest above it, where it is missing) and its readable name."""
    node, line, words = root, root.start_mark.line + 1, ""
    for step in place:
        inside = _child(node, step)
        if inside is None and isinstance(step, str) and not words:
            words = step
            continue
        if isinstance(step, int):
            words += f"[{_label(inside) or step + 1}]"
        else:
            words += f".{step}" if words else step
        if inside is not None:
            node, line = inside, inside.start_mark.line + 1
    return line, words or "plan"


def _child(node: yaml.Node, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def _label(node: yaml.Node | None) -> str:
    """The id of the initiative that a node holds, or nothing."""
    held = _child(node, "id") if node is not None else None
    return str(held.value) if isinstance(held, yaml.ScalarNode) else ""
