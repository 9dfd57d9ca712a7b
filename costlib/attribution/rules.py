"""Attribution rules: one readable file, compiled to SQL that runs in the engine.

A rule has conditions (``when``) and values (``set``). For every dimension the first rule in the file that matches a
row and sets the dimension wins; a dimension that no rule sets stays null, which is unallocated. A value is a word, or
``{tag: [keys]}``: the first of the keys that the row carries (a row that carries none is not matched). Tag values are
cleaned up: spellings listed under ``names`` become the name, whatever their case, blanks and punctuation.
``derive`` fills a dimension from another one, after the rules.

``extends: shipped`` puts the rules that come with Glidepath after the file's own.

Conditions name a base column or ``tag:KEY``, and give a pattern or a list of them (any matches): letters match in
either case and ``*`` stands for anything. ``from`` (inclusive) and ``to`` (exclusive) bound the usage day.

Rules and derivations are numbered from 1 in file order; ``x_Rules`` lists, in the order of ``focus.ATTRIBUTES``, the
number that decided each dimension, 0 where none did. Words of the file reach SQL as quoted literals only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from costlib.errors import RuleError, did_you_mean
from costlib.focus import ATTRIBUTES, BASE_TEXTS, DAY, RULES, SOURCE, TAGS, canonical, fold
from costlib.sources.native import literal

#: The rules that come with Glidepath.
SHIPPED = Path(__file__).with_name("rules.yaml")
_CONDITION_COLUMNS = (*BASE_TEXTS, SOURCE)
_TAG_PREFIX = "tag:"


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


Words = Annotated[list[str], BeforeValidator(_as_list)]
SomeWords = Annotated[Words, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


class TagValue(_Strict):
    """The value of the first of these tags that a row carries."""

    tag: SomeWords


class Rule(_Strict):
    """One rule: where all of ``when`` holds, ``set`` is what it says of the dimensions."""

    name: str
    when: dict[str, SomeWords] = Field(default_factory=dict)
    set: dict[str, TagValue | str]
    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")


class Derivation(_Strict):
    """Fill ``dimension`` from ``source`` where the rules left it null."""

    dimension: str = Field(alias="set")
    source: str = Field(alias="from")
    values: dict[str, str] = Field(min_length=1)


class RuleSet(_Strict):
    """The rules of a file, checked; ``select`` applies them in SQL."""

    version: int
    extends: Literal["shipped"] | None = None
    names: dict[str, dict[str, Words]] = Field(default_factory=dict)
    rules: list[Rule]
    derive: list[Derivation] = Field(default_factory=list)

    @cached_property
    def digest(self) -> str:
        """A name for what the rules do: the same for the same SQL."""
        return hashlib.sha256(self.select("base").encode()).hexdigest()[:12]

    def rule_name(self, number: int) -> str | None:
        """The name of the rule or derivation with that number in ``x_Rules``; None for 0."""
        names = [rule.name for rule in self.rules]
        names += [f"{step.dimension} from {step.source}" for step in self.derive]
        return names[number - 1] if number else None

    def select(self, base: str) -> str:
        """The SELECT that adds our dimensions and ``x_Rules`` to base rows or line items given by ``base``."""
        numbers = ", ".join(f"{self._number(name)} AS r_{name}" for name in ATTRIBUTES)
        values = ", ".join(f"{self._value(name)} AS {name}" for name in ATTRIBUTES)
        ruled = f"SELECT *, {values} FROM (SELECT base.*, {numbers} FROM ({base}) AS base)"
        derived = self._derived(ruled)
        exclude = ", ".join(f"r_{name}" for name in ATTRIBUTES)
        deciding = ", ".join(f"r_{name}" for name in ATTRIBUTES)
        return f"SELECT * EXCLUDE ({exclude}), CONCAT_WS(',', {deciding}) AS {RULES} FROM ({derived})"

    def _number(self, dimension: str) -> str:
        branches = " ".join(
            f"WHEN {_condition(rule, rule.set[dimension])} THEN {number}"
            for number, rule in enumerate(self.rules, 1)
            if dimension in rule.set
        )
        return f"CASE {branches} ELSE 0 END" if branches else "0"

    def _value(self, dimension: str) -> str:
        branches = " ".join(
            f"WHEN {number} THEN {self._cleaned(dimension, rule.set[dimension])}"
            for number, rule in enumerate(self.rules, 1)
            if dimension in rule.set
        )
        return f"CASE r_{dimension} {branches} END" if branches else "NULL::VARCHAR"

    def _cleaned(self, dimension: str, value: TagValue | str) -> str:
        if isinstance(value, str):
            return literal(value)
        raw = _tag(value.tag)
        spelled = _spelled(self.names.get(dimension, {}))
        branches = " ".join(f"WHEN {literal(spelling)} THEN {literal(name)}" for spelling, name in spelled.items())
        folded = f"REGEXP_REPLACE(LOWER({raw}), '[^\\pL\\pN]', '', 'g')"
        return f"CASE {folded} {branches} ELSE TRIM({raw}) END" if branches else f"TRIM({raw})"

    def _derived(self, ruled: str) -> str:
        select = ruled
        for number, step in enumerate(self.derive, len(self.rules) + 1):
            branches = " ".join(f"WHEN {literal(key)} THEN {literal(value)}" for key, value in step.values.items())
            found = f"CASE {step.source} {branches} END"
            select = (
                f"SELECT * REPLACE (COALESCE({step.dimension}, {found}) AS {step.dimension}, "
                f"CASE WHEN {step.dimension} IS NULL AND {found} IS NOT NULL THEN {number} ELSE r_{step.dimension} END "
                f"AS r_{step.dimension}) FROM ({select})"
            )
        return select


def read_rules(path: Path = SHIPPED) -> RuleSet:
    """The rules in the file, checked.

    Raises ``RuleError`` that names the place in the file, what was expected and one thing to do.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise RuleError(
            f"{path} cannot be read ({error})", expected="a YAML file of rules", fix="Correct it and load again."
        ) from error
    return parse_rules(document, str(path))


def parse_rules(document: object, where: str = "rules") -> RuleSet:
    """The rules in a parsed YAML document, checked.

    Raises ``RuleError``.
    """
    try:
        rules = RuleSet.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = " > ".join(_place(document, first["loc"]))
        raise RuleError(
            f"{where}, {place}: {first['msg']}", expected="version, names, rules, derive", fix="Correct that entry."
        ) from error
    _check_words(rules, where)
    return rules if rules.extends is None else _extended(rules, read_rules(SHIPPED))


def _extended(own: RuleSet, shipped: RuleSet) -> RuleSet:
    """The organisation's rules before the shipped ones; its names win where both name a spelling."""
    names: dict[str, dict[str, Words]] = {}
    for dimension in (*own.names, *shipped.names):
        spelled = _spelled(shipped.names.get(dimension, {})) | _spelled(own.names.get(dimension, {}))
        names[dimension] = {
            name: [spelling for spelling, meant in spelled.items() if meant == name] for name in spelled.values()
        }
    return RuleSet(
        version=own.version,
        names=names,
        rules=[*own.rules, *shipped.rules],
        derive=[*own.derive, *shipped.derive],
    )


def _spelled(names: Mapping[str, Words]) -> dict[str, str]:
    """The name that each spelling, folded, stands for; of two claims the later wins."""
    pairs = [(fold(spelling), name) for name, spellings in names.items() for spelling in (name, *spellings)]
    return {spelling: name for spelling, name in pairs if spelling}


def _place(document: object, location: Sequence[int | str]) -> list[str]:
    """The path to an entry in words a reader of the file can follow."""
    words, entry = [], document
    for step in location:
        entry = _entry(entry, step)
        name = entry.get("name") if isinstance(entry, dict) else None
        words.append(f"{step + 1} ({name})" if isinstance(step, int) and name else str(step))
    return words or ["the whole file"]


def _entry(document: object, step: int | str) -> object:
    if isinstance(document, dict):
        return document.get(step)
    return document[step] if isinstance(document, list) and isinstance(step, int) and step < len(document) else None


def _check_words(rules: RuleSet, where: str) -> None:
    for rule in rules.rules:
        for column in rule.when:
            if not column.startswith(_TAG_PREFIX) and canonical(column, _CONDITION_COLUMNS) is None:
                raise _unknown(column, [*_CONDITION_COLUMNS, _TAG_PREFIX + "KEY"], f"{where}, rule {rule.name}")
        for dimension in rule.set:
            _check_dimension(dimension, f"{where}, rule {rule.name}")
    for step in rules.derive:
        for dimension in (step.dimension, step.source):
            _check_dimension(dimension, f"{where}, derive")
    for dimension in rules.names:
        _check_dimension(dimension, f"{where}, names")


def _check_dimension(name: str, where: str) -> None:
    if name not in ATTRIBUTES:
        raise _unknown(name, ATTRIBUTES, where)


def _unknown(name: str, known: Sequence[str], where: str) -> RuleError:
    return RuleError(
        f"{where}: there is no {name}", expected=f"one of {', '.join(known)}", fix=did_you_mean(name, known)
    )


def _condition(rule: Rule, value: TagValue | str) -> str:
    conditions = [_matches(column, patterns) for column, patterns in rule.when.items()]
    if rule.start:
        conditions.append(f"{DAY} >= DATE {literal(rule.start.isoformat())}")
    if rule.end:
        conditions.append(f"{DAY} < DATE {literal(rule.end.isoformat())}")
    if isinstance(value, TagValue):
        conditions.append(f"{_tag(value.tag)} IS NOT NULL")
    return " AND ".join(conditions) or "TRUE"


def _matches(column: str, patterns: Sequence[str]) -> str:
    if column.startswith(_TAG_PREFIX):
        subject = _tag([column.removeprefix(_TAG_PREFIX)])
    else:
        subject = str(canonical(column, _CONDITION_COLUMNS))
    return "(" + " OR ".join(f"{subject} ILIKE {literal(_like(pattern))} ESCAPE '\\'" for pattern in patterns) + ")"


def _like(pattern: str) -> str:
    for sign in ("\\", "%", "_"):
        pattern = pattern.replace(sign, "\\" + sign)
    return pattern.replace("*", "%")


def _tag(keys: Sequence[str]) -> str:
    values = ", ".join(f"NULLIF(TRIM({TAGS}[{literal(key)}]), '')" for key in keys)
    return f"COALESCE({values})" if len(keys) > 1 else values


def rule_numbers(column: str) -> Mapping[str, int]:
    """The numbers in one value of ``x_Rules``, by dimension.

    >>> rule_numbers("3,1,0,0,2,0,0,0,2")["x_Team"]
    1
    """
    return dict(zip(ATTRIBUTES, map(int, column.split(",")), strict=True))
