"""Attribution rules: one readable file, compiled to SQL that runs in the engine.

A rule has conditions (``when``) and values (``set``). For every dimension the first rule in the file that matches a
row and sets the dimension wins; a dimension that no rule sets stays null, which is unallocated. A value is a word, or
``{tag: [keys]}``: the first of the keys that the row carries (a row that carries none is not matched). Tag values are
cleaned up: spellings listed under ``names`` become the name, whatever their case, blanks and punctuation.
``derive`` fills a dimension from another one, after the rules. ``shared`` lists pools of shared cost (see ``pools``).

``extends: shipped`` puts the rules that come with Glidepath after the file's own; ``fallback`` are rules after these,
for what nothing else placed.

Conditions are those of ``conditions``. ``from`` (inclusive) and ``to`` (exclusive) bound the usage day.

Rules and derivations are numbered from 1 in file order; ``x_Rules`` lists, in the order of ``focus.ATTRIBUTES``, the
number that decided each dimension, 0 where none did. Words of the file reach SQL as quoted literals only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from costlib.attribution.conditions import (
    CONDITION_COLUMNS,
    TAG_PREFIX,
    SomeWords,
    Strict,
    Version,
    When,
    Words,
    matches,
    tag,
)
from costlib.attribution.pools import Pool
from costlib.attribution.splits import shares
from costlib.focus import ATTRIBUTES, DAY, POOL, RULES, TAGS, canonical, fold
from costlib.sources.native import literal
from costlib.store.splits import Facts, Share, Split


class TagValue(Strict):
    """The value of the first of these tags that a row carries."""

    tag: SomeWords


class Rule(Strict):
    """One rule: where all of ``when`` holds, ``set`` is what it says of the dimensions."""

    name: str
    when: When = Field(default_factory=dict)
    set: dict[str, TagValue | str]
    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _ends_later(self) -> Rule:
        if self.start and self.end and self.end <= self.start:
            raise ValueError(f"it holds from {self.start} to before {self.end}, which is no day")
        return self


class Derivation(Strict):
    """Fill ``dimension`` from ``source`` where the rules left it null."""

    dimension: str = Field(alias="set")
    source: str = Field(alias="from")
    values: dict[str, str] = Field(min_length=1)


class RuleSet(Strict):
    """The rules of a file, checked; ``select`` applies them in SQL."""

    version: Version
    extends: Literal["shipped"] | None = None
    names: dict[str, dict[str, Words]] = Field(default_factory=dict)
    rules: list[Rule]
    derive: list[Derivation] = Field(default_factory=list)
    shared: list[Pool] = Field(default_factory=list)
    fallback: list[Rule] = Field(default_factory=list)

    @cached_property
    def digest(self) -> str:
        """A name for what the rules do: the same for the same SQL, the same pools and spellings of their records."""
        sql, pools = self.select("base"), "".join(pool.model_dump_json() for pool in self.shared)
        spellings = sorted(self.team_spellings.items()) if self.shared else []
        unsaid = "".join(f"{pair}" for pair in spellings if literal(pair[0]) not in sql)
        return hashlib.sha256((sql + pools + unsaid).encode()).hexdigest()[:12]

    @property
    def splits(self) -> tuple[Split, ...]:
        """The pools as the store cuts them."""
        return tuple(Split(pool.name, pool.grain, self._decided(pool)) for pool in self.shared)

    def shares(self, facts: Facts) -> list[Share]:
        """What each receiver takes of each pool and period (see ``attribution.splits``)."""
        teams = self.team_spellings
        return [share for pool in self.shared for share in shares(pool, facts, teams, self._derivable)]

    @property
    def team_spellings(self) -> dict[str, str]:
        """The team that each known spelling, folded, stands for."""
        return spelled(self.names.get("x_Team", {}))

    @property
    def rule_count(self) -> int:
        """The highest number in ``x_Rules``: rules, then derivations."""
        return len(self.rules) + len(self.derive)

    def rule_name(self, number: int) -> str | None:
        """The name of the rule or derivation with that number in ``x_Rules``; None for 0."""
        names = [rule.name for rule in self.rules]
        names += [f"{step.dimension} from {step.source}" for step in self.derive]
        return names[number - 1] if number else None

    @property
    def since(self) -> str:
        """An SQL expression over the usage day: the last day up to it on which any rule began or ended to hold."""
        spans = " ".join(f"WHEN {DAY} >= {_date(day)} THEN {_date(day)}" for day in self._bounds)
        return f"CASE {spans} ELSE {_date(date.min)} END" if spans else _date(date.min)

    @property
    def _bounds(self) -> list[date]:
        """Days on which a rule begins or ends to hold, the last first."""
        return sorted({day for rule in self.rules for day in (rule.start, rule.end) if day}, reverse=True)

    def select(self, base: str) -> str:
        """The SELECT that adds our dimensions, ``x_Rules`` and ``x_Pool`` to base rows or line items given by ``base``.

        Rules are tried once for every combination of the columns that they look at, which are far fewer than rows.
        """
        keys = self._keys()
        combinations = ", ".join(f"{what} AS {name}" for name, what in keys.items()) or "TRUE AS x_All"
        ruled = self._ruled(f"SELECT DISTINCT {combinations} FROM ({base})")
        alike = " AND ".join(f"{_of_base(what)} IS NOT DISTINCT FROM k.{name}" for name, what in keys.items()) or "TRUE"
        found = ", ".join(f"k.{name}" for name in (*ATTRIBUTES, RULES, POOL))
        return f"SELECT base.*, {found} FROM ({base}) AS base JOIN ({ruled}) AS k ON {alike}"

    def _ruled(self, keys: str) -> str:
        """The dimensions of every combination given by ``keys``."""
        numbers = ", ".join(f"{self._number(name)} AS r_{name}" for name in ATTRIBUTES)
        values = ", ".join(f"{self._value(name)} AS {name}" for name in ATTRIBUTES)
        derived = self._derived(f"SELECT *, {values} FROM (SELECT base.*, {numbers} FROM ({keys}) AS base)")
        deciding = ", ".join(f"r_{name}" for name in ATTRIBUTES)
        pools = " ".join(f"WHEN {pool.condition} THEN {literal(pool.name)}" for pool in self.shared)
        pool = f"CASE {pools} END" if pools else "NULL::VARCHAR"
        return (
            f"SELECT * EXCLUDE ({deciding}), CONCAT_WS(',', {deciding}) AS {RULES}, {pool} AS {POOL} FROM ({derived})"
        )

    def _keys(self) -> dict[str, str]:
        """The columns that decide, each with the expression that gives it: itself, or the last bound up to the day."""
        whens = [*(rule.when for rule in self.rules), *(when for pool in self.shared for when in pool.match)]
        columns = {canonical(column, CONDITION_COLUMNS) for when in whens for column in when}
        keys = {column: column for column in CONDITION_COLUMNS if column in columns}
        values = (value for rule in self.rules for value in rule.set.values())
        if any(column.startswith(TAG_PREFIX) for when in whens for column in when) or any(
            isinstance(value, TagValue) for value in values
        ):
            keys[TAGS] = TAGS
        if self._bounds:
            keys[DAY] = self.since
        return keys

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
        raw = tag(value.tag)
        spellings = spelled(self.names.get(dimension, {}))
        branches = " ".join(f"WHEN {literal(spelling)} THEN {literal(name)}" for spelling, name in spellings.items())
        folded = f"REGEXP_REPLACE(LOWER({raw}), '[^\\pL\\pN]', '', 'g')"
        return f"CASE {folded} {branches} ELSE TRIM({raw}) END" if branches else f"TRIM({raw})"

    def _decided(self, pool: Pool) -> tuple[str, ...]:
        """The dimensions that a pool decides: the team, what its receivers set, and what derives from these."""
        decided = {"x_Team", *(name for receiver in pool.receivers for name in receiver.set)}
        for step in self.derive:
            decided |= {step.dimension} if step.source in decided else set()
        return tuple(name for name in ATTRIBUTES if name in decided)

    def _derivable(self, values: Mapping[str, str]) -> dict[str, str]:
        """The values of a receiver with what derives from them."""
        found = dict(values)
        for step in self.derive:
            if found.get(step.source) in step.values:
                found.setdefault(step.dimension, step.values[found[step.source]])
        return found

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


def spelled(names: Mapping[str, Words]) -> dict[str, str]:
    """The name that each spelling, folded, stands for; of two claims the later wins."""
    pairs = [(fold(spelling), name) for name, spellings in names.items() for spelling in (name, *spellings)]
    return {spelling: name for spelling, name in pairs if spelling}


def _condition(rule: Rule, value: TagValue | str) -> str:
    conditions = [matches(column, patterns) for column, patterns in rule.when.items()]
    if rule.start:
        conditions.append(f"{DAY} >= {_date(rule.start)}")
    if rule.end:
        conditions.append(f"{DAY} < {_date(rule.end)}")
    if isinstance(value, TagValue):
        conditions.append(f"{tag(value.tag)} IS NOT NULL")
    return " AND ".join(conditions) or "TRUE"


def _date(day: date) -> str:
    return f"DATE {literal(day.isoformat())}"


def _of_base(what: str) -> str:
    """A key's expression over the rows named ``base``."""
    return what.replace(DAY, f"base.{DAY}") if what.startswith("CASE") else f"base.{what}"
