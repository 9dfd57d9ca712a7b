"""Rule files: YAML text read into a checked ``RuleSet``, with errors that name the place and one thing to do.

A file that says ``extends: shipped`` comes with the shipped rules after its own, before its ``fallback``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from costlib.attribution.conditions import CONDITION_COLUMNS, Strict, Words, check_columns, unknown
from costlib.attribution.pools import Measured, Pool, Receiver, check_pools
from costlib.attribution.rule_words import refusal
from costlib.attribution.rules import Derivation, Rule, RuleSet, TagValue, spelled
from costlib.errors import RuleError, cause_words
from costlib.focus import ATTRIBUTES
from costlib.yaml_text import parsed

#: The rules that come with Glidepath.
SHIPPED = Path(__file__).with_name("rules.yaml")
#: The forms of what stands under a name in a rule file.
_PARTS: Mapping[str, type[Strict]] = {
    "rules": Rule,
    "fallback": Rule,
    "set": TagValue,
    "derive": Derivation,
    "shared": Pool,
    "usage": Measured,
    "receivers": Receiver,
}


def read_rules(path: Path = SHIPPED) -> RuleSet:
    """The rules in the file, checked.

    Raises ``RuleError`` that names the place in the file, what was expected and one thing to do.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise _unreadable(str(path), error) from error
    return rules_of_text(text, str(path))


@lru_cache(maxsize=8)
def rules_of_text(text: str, where: str = "rules") -> RuleSet:
    """The rules in YAML text, checked; the same text gives the same rules, which are only read.

    Raises ``RuleError``.
    """
    try:
        document = parsed(text)
    except ValueError as error:
        raise _unreadable(where, error) from (error.__cause__ or error)
    return parse_rules(document, where)


def _unreadable(where: str, error: Exception) -> RuleError:
    return RuleError(
        f"{where} cannot be read ({cause_words(error)})",
        expected="a YAML file of rules",
        fix="Check the path." if isinstance(error, OSError) else "Correct it and load again.",
    )


def parse_rules(document: object, where: str = "rules") -> RuleSet:
    """The rules in a parsed YAML document, checked.

    Raises ``RuleError``.
    """
    try:
        rules = RuleSet.model_validate(document)
    except ValidationError as error:
        raise refusal(error, document, where, RuleSet, _PARTS) from error
    _check_words(rules, where)
    if rules.extends is None and rules.fallback:
        return rules.model_copy(update={"rules": [*rules.rules, *rules.fallback], "fallback": []})
    return rules if rules.extends is None else _extended(rules, read_rules(SHIPPED))


def _extended(own: RuleSet, shipped: RuleSet) -> RuleSet:
    """The organisation's rules before the shipped ones; its names win where both name a spelling."""
    names: dict[str, dict[str, Words]] = {}
    for dimension in (*own.names, *shipped.names):
        meant = spelled(shipped.names.get(dimension, {})) | spelled(own.names.get(dimension, {}))
        names[dimension] = {
            name: [spelling for spelling, one in meant.items() if one == name] for name in meant.values()
        }
    return RuleSet(
        version=own.version,
        names=names,
        rules=[*own.rules, *shipped.rules, *own.fallback],
        derive=[*own.derive, *shipped.derive],
        shared=[*own.shared, *shipped.shared],
    )


def _check_words(rules: RuleSet, where: str) -> None:
    for rule in (*rules.rules, *rules.fallback):
        check_columns(rule.when, CONDITION_COLUMNS, f"{where}, rule {rule.name}")
        for dimension in rule.set:
            _check_dimension(dimension, f"{where}, rule {rule.name}")
    for step in rules.derive:
        for dimension in (step.dimension, step.source):
            _check_dimension(dimension, f"{where}, derive")
    for dimension in rules.names:
        _check_dimension(dimension, f"{where}, names")
    check_pools(rules.shared, where)


def _check_dimension(name: str, where: str) -> None:
    if name not in ATTRIBUTES:
        raise unknown(name, ATTRIBUTES, where)
