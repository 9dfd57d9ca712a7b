"""The parts of a plan file and their fields: what may stand where, for messages and for the documentation's test."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator

from costlib.roadmap.plan_fields import Strict
from costlib.roadmap.plan_model import Plan


def fields_at(place: tuple[str | int, ...]) -> list[str]:
    """Names of the fields that may stand at a place of the plan file; empty where any name may.

    >>> fields_at(("budget",))
    ['one_off', 'one_off_per_quarter']
    """
    part: type[Strict] | None = Plan
    for step in place:
        if isinstance(step, int) or part is None or step not in part.model_fields:
            continue
        part = part_of(part.model_fields[step].annotation)
    return list(part.model_fields) if part else []


def part_of(annotation: object) -> type[Strict] | None:
    """The part that a field holds, alone, optional or in a list; None for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, Strict):
        return annotation
    if typing.get_origin(annotation) in (tuple, list, typing.Union, types.UnionType, typing.Annotated):
        found = [part_of(inner) for inner in typing.get_args(annotation)]
        return next((part for part in found if part), None)
    return None


def every_field(part: type[Strict] = Plan, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Dotted name and default of every field of the plan file, parts before their fields, in the file's order.

    A field without a default comes with ``...``; the default of one that makes it up at run time is what it makes.
    """
    for name, field in part.model_fields.items():
        default = ... if field.is_required() else field.get_default(call_default_factory=True)
        yield prefix + name, default
        inner = part_of(field.annotation)
        if inner:
            yield from every_field(inner, f"{prefix}{name}.")
