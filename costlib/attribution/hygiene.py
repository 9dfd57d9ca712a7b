"""Tag hygiene: which resources lack which tag, which spellings mean the same, what that hides in money, and the fix.

Money is what the rows concerned cost, in one currency and measure; a resource without an id counts as one by account
and service. Spellings are alike when they differ by case, blanks and punctuation only, or by a slip of the pen.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import yaml

from costlib.focus import fold
from costlib.money import exact_sum

#: How alike two spellings must be for one to be a slip of the other, and letters below which slips are not looked for.
_ALIKE, _LETTERS = 0.8, 5


@dataclass(frozen=True)
class Tagged:
    """Cost of one resource under one value of one tag (None: it lacks the tag)."""

    key: str
    value: str | None
    resource: str | None
    account: str | None
    service: str | None
    amount: Decimal


@dataclass(frozen=True)
class Missing:
    """What lacks a tag: number of resources, their cost and its share of all cost, and the largest of them."""

    key: str
    resources: int
    amount: Decimal
    total: Decimal
    largest: tuple[Tagged, ...]

    @property
    def fix(self) -> str:
        """What to do about it."""
        first = self.largest[0] if self.largest else None
        where = f", beginning with {first.resource or first.service or first.account}" if first else ""
        number = f"{self.resources} resource{'' if self.resources == 1 else 's'}"
        return f"Set the tag {self.key} on {number}{where}."


@dataclass(frozen=True)
class Variants:
    """Spellings of one value of a tag: the one that carries most money first, with each one's cost."""

    key: str
    spellings: tuple[tuple[str, Decimal], ...]
    known: bool

    @property
    def name(self) -> str:
        """The spelling that carries most money."""
        return self.spellings[0][0]

    @property
    def hidden(self) -> Decimal:
        """Cost under the other spellings: what a report by the raw tag shows elsewhere."""
        return exact_sum(amount for _, amount in self.spellings[1:])

    def fix(self, dimension: str) -> str:
        """The entry of ``names:`` in the rule file that makes them one; empty where the rules have it already."""
        if self.known:
            return ""
        others = [spelling for spelling, _ in self.spellings[1:]]
        return yaml.safe_dump({"names": {dimension: {self.name: others}}}, sort_keys=False, allow_unicode=True)


def missing(rows: Sequence[Tagged], count: int = 20) -> list[Missing]:
    """For every tag, what lacks it, the tag that hides most money first; ``count`` of the largest are named."""
    groups: defaultdict[str, list[Tagged]] = defaultdict(list)
    for row in rows:
        groups[row.key].append(row)
    found = [_missing(key, members, count) for key, members in groups.items()]
    return sorted((one for one in found if one.resources), key=lambda one: (-abs(one.amount), one.key))


def _missing(key: str, rows: Sequence[Tagged], count: int) -> Missing:
    without = sorted((row for row in rows if row.value is None), key=lambda row: (-abs(row.amount), str(row.resource)))
    resources = {(row.resource, row.account, row.service) if row.resource is None else row.resource for row in without}
    return Missing(
        key,
        len(resources),
        exact_sum(row.amount for row in without),
        exact_sum(row.amount for row in rows),
        tuple(without[:count]),
    )


def variants(rows: Sequence[Tagged], spelled: Mapping[str, Mapping[str, str]]) -> list[Variants]:
    """Values of one tag that mean the same, the group that hides most money first.

    ``spelled`` gives for a tag the name that each folded spelling stands for by the rules.

    >>> rows = [Tagged("team", value, None, None, None, Decimal(cost))
    ...         for value, cost in (("Search", 90), ("search", 5), ("Serach", 3), ("Recs", 2))]
    >>> [(group.name, [spelling for spelling, _ in group.spellings[1:]]) for group in variants(rows, {})]
    [('Search', ['search', 'Serach'])]
    """
    costs: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.value is not None:
            costs[(row.key, row.value)] += row.amount
    found = []
    for key in {key for key, _ in costs}:
        values = {value: amount for (of, value), amount in costs.items() if of == key}
        names = spelled.get(key, {})
        found += [_variants(key, group, values, names) for group in _alike(values, names) if len(group) > 1]
    return sorted(found, key=lambda one: (-abs(one.hidden), one.key, one.name))


def _variants(key: str, group: Sequence[str], values: Mapping[str, Decimal], spelled: Mapping[str, str]) -> Variants:
    names = {spelled.get(fold(value)) for value in group}
    return Variants(key, tuple((value, values[value]) for value in group), len(names) == 1 and None not in names)


def _alike(values: Mapping[str, Decimal], spelled: Mapping[str, str]) -> list[list[str]]:
    """Values in groups that mean the same: by the rules, by letters alone, by a slip of the pen; most money first."""
    groups: dict[str, list[str]] = {}
    for value in sorted(values, key=lambda value: (-abs(values[value]), value)):
        name = fold(spelled.get(fold(value), value))
        groups.setdefault(name if name in groups else _slip(name, groups), []).append(value)
    return list(groups.values())


def _slip(name: str, groups: Mapping[str, list[str]]) -> str:
    """The group that the name is a slip of, else the name itself; other numbers are other things (``team1``)."""
    if len(name) < _LETTERS:
        return name
    like = [other for other in groups if other[:1] == name[:1] and len(other) >= _LETTERS]
    known = [other for other in like if abs(len(other) - len(name)) < 3 and _digits(other) == _digits(name)]
    return next(iter(difflib.get_close_matches(name, known, 1, _ALIKE)), name)


def _digits(name: str) -> str:
    return "".join(letter for letter in name if letter.isdigit())
