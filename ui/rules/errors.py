"""What is wrong with a rule file, in plain words and with the line to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import yaml
from pydantic import ValidationError

from costlib.errors import CostError
from ui.rules.text import line_of_path, line_of_word

_PLAIN = {
    "extra_forbidden": "is no entry that a rule file knows here",
    "missing": "is missing",
    "list_type": "must be a list: entries that begin with a hyphen, or words in square brackets",
    "dict_type": "must hold names with values, such as a: b",
    "string_type": "must be a word",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "decimal_parsing": "must be a number",
    "date_from_datetime_parsing": "must be a day such as 2026-10-01",
    "date_parsing": "must be a day such as 2026-10-01",
    "too_short": "must hold at least one entry",
    "model_type": "must hold names with values, such as a: b",
}
_CORRECT = "Correct that entry."


@dataclass(frozen=True)
class Mistake:
    """One mistake: its line (None: the whole file), what is wrong, what was expected, one thing to do."""

    line: int | None
    problem: str
    expected: str | None = None
    fix: str | None = None

    @property
    def words(self) -> str:
        """The mistake in one sentence, its line first."""
        return f"Line {self.line}: {self.problem}" if self.line else self.problem


def mistake(text: str, error: CostError) -> Mistake:
    """What a refusal of the text means, and where to look."""
    cause = error.__cause__
    if isinstance(cause, yaml.MarkedYAMLError):
        mark = cause.problem_mark or cause.context_mark
        why = cause.problem or "it is not YAML"
        line = mark.line + 1 if mark else None
        return Mistake(line, f"cannot be read ({why})", None, "Look at its indentation, colons and quotes.")
    if isinstance(cause, ValidationError):
        found = cause.errors(include_url=False, include_input=False)
        first = min(found, key=lambda one: one["type"] != "extra_forbidden")
        place = [step for step in first["loc"] if step not in ("str", "TagValue")]
        return Mistake(_line(text, place), _words(_name(place), first["type"], first["msg"]), None, _CORRECT)
    word = error.problem.rpartition("there is no ")[2].removeprefix("second pool ")
    return Mistake(_word_line(text, word), error.problem.removeprefix("The new rules, "), error.expected, error.fix)


def _words(name: str, kind: str, message: str) -> str:
    """What is wrong with an entry; an unknown word goes before a missing one, which it most likely stands for.

    >>> _words("rules", "missing", "Field required"), _words("entry 1 of shared", "value_error", "Value error, no")
    ('rules is missing', 'entry 1 of shared: no')
    """
    if kind in _PLAIN:
        return f"{name} {_PLAIN[kind]}"
    told = message.removeprefix("Value error, ")
    return f"{name} {told.replace('Input should be', 'must be')}" if "Input should" in told else f"{name}: {told}"


def _line(text: str, place: Sequence[str | int]) -> int | None:
    try:
        return line_of_path(text, place)
    except yaml.YAMLError:
        return None


def _word_line(text: str, word: str) -> int | None:
    try:
        return line_of_word(text, word)
    except yaml.YAMLError:
        return None


def _name(place: Sequence[str | int]) -> str:
    """The entry as a reader of the file would call it.

    >>> _name(["rules", 2, "when"]), _name([])
    ('"when" in entry 3 of rules', 'the file')
    """
    words = ""
    for step in place:
        words = f"entry {step + 1} of {words}" if isinstance(step, int) else f'"{step}" in {words}' if words else step
    return words or "the file"
