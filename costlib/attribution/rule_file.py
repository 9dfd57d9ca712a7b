"""Rule files: YAML text read into a checked ``RuleSet``, with errors that name the place and one thing to do.

A file that says ``extends: shipped`` comes with the shipped rules after its own, before its ``fallback``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from costlib.attribution.conditions import CONDITION_COLUMNS, Words, check_columns, unknown
from costlib.attribution.pools import check_pools
from costlib.attribution.rules import RuleSet, spelled
from costlib.errors import RuleError, cause_words
from costlib.focus import ATTRIBUTES

#: The rules that come with Glidepath.
SHIPPED = Path(__file__).with_name("rules.yaml")
#: Entries that a rule file may unfold to: enough for thousands of rules.
MOST_ENTRIES = 200_000


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
        document = yaml.safe_load(text)
        size = _size(document, {})
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise _unreadable(where, error) from error
    if size > MOST_ENTRIES:
        raise _unreadable(where, ValueError(f"it unfolds to {size:,} entries, more than {MOST_ENTRIES:,}"))
    return parse_rules(document, where)


def _unreadable(where: str, error: Exception) -> RuleError:
    return RuleError(
        f"{where} cannot be read ({cause_words(error)})",
        expected="a YAML file of rules",
        fix="Correct it and load again.",
    )


def _size(entry: object, known: dict[int, int]) -> int:
    """Entries of a parsed document with its repetitions (YAML aliases) written out, counted without writing them."""
    if not isinstance(entry, (dict, list)):
        return 1
    if id(entry) not in known:
        known[id(entry)] = MOST_ENTRIES
        inner = entry.values() if isinstance(entry, dict) else entry
        known[id(entry)] = 1 + sum(_size(one, known) for one in inner)
    return known[id(entry)]


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
            f"{where}, {place}: {first['msg']}",
            expected="version, names, rules, fallback, derive, shared",
            fix="Correct that entry.",
        ) from error
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
