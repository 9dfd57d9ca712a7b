"""The lever catalogue: data/levers.yaml, read and checked.

Conventions: see ``model`` for what a lever says and docs/levers.md for where each fact comes from. A mistake in the
file is refused with the lever and the field it stands in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from costlib.errors import InputError, cause_words
from costlib.roadmap.levers.model import Lever
from costlib.roadmap.plan_errors import FieldRefusal
from costlib.roadmap.plan_fields import Strict

#: The catalogue that comes with Glidepath.
SHIPPED = Path(__file__).parents[3] / "data" / "levers.yaml"


class LeverError(InputError):
    """The lever catalogue does not say what it means."""


class Catalogue(Strict):
    """All levers, in the order of the file; ids are unique."""

    version: Literal[1]
    levers: tuple[Lever, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique(self) -> Catalogue:
        ids = [one.id for one in self.levers]
        for at, name in enumerate(ids):
            if name in ids[:at]:
                raise FieldRefusal(
                    f"{name} stands twice", expected="one lever an id", fix="Rename one.", place=("levers", at, "id")
                )
        return self


def read_catalogue(path: Path | str = SHIPPED) -> tuple[Lever, ...]:
    """The levers in a file, the shipped one by default; raises LeverError that names lever and field."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LeverError(
            f"{path} cannot be read: {cause_words(error)}", expected="a YAML file", fix="Check the path."
        ) from None
    return parse_catalogue(text, path.name)


def parse_catalogue(text: str, name: str = "levers") -> tuple[Lever, ...]:
    """The levers in YAML text; ``name`` is what messages call it. Raises LeverError that names lever and field.

    >>> parse_catalogue("{version: 1, levers: [{id: spot}]}", "mine.yaml")
    Traceback (most recent call last):
    costlib.roadmap.levers.catalogue.LeverError: mine.yaml, spot, title: Field required. See docs/levers.md.
    """
    try:
        held = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise LeverError(f"{name} is not YAML: {' '.join(str(error).split())}", fix="Correct it there.") from None
    try:
        return Catalogue.model_validate(held).levers
    except ValidationError as error:
        raise _refusal(error, held, name) from None


def _refusal(error: ValidationError, held: object, name: str) -> LeverError:
    """The first thing that is wrong, with lever and field."""
    detail = error.errors()[0]
    cause = detail.get("ctx", {}).get("error")
    place: tuple[str | int, ...] = detail["loc"]
    if not isinstance(cause, FieldRefusal):
        return LeverError(f"{name}, {_words(place, held)}: {detail['msg']}", fix="See docs/levers.md.")
    place = (*place, *cause.place)
    return LeverError(f"{name}, {_words(place, held)}: {cause.problem}", expected=cause.expected, fix=cause.fix)


def _words(place: tuple[str | int, ...], held: object) -> str:
    """``spot-training, saving.low`` for a place in the file."""
    if len(place) < 2 or place[0] != "levers" or not isinstance(place[1], int) or not isinstance(held, dict):
        return ".".join(str(step) for step in place) or "the file"
    one = held["levers"][place[1]]
    label = one.get("id") if isinstance(one, dict) else None
    field = ".".join(str(step) for step in place[2:])
    return f"{label or f'lever {place[1] + 1}'}" + (f", {field}" if field else "")
