"""The biggest unallocated items, each with a rule that would place it.

A suggestion is found from names and neighbours, never guessed: a team's or model's name in the resource's name, else
the one team that owns (almost) all of the allocated resources whose names begin alike, else the one team that owns
(almost) all that is allocated in the account. Rules are written for the ``fallback`` section, where they cannot take
what another rule places. The same items give the same suggestions, in the order of the money they place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import yaml

from costlib.focus import fold
from costlib.money import exact_sum

#: Share of the neighbours' cost that one team must own before its name is put forward.
AGREEMENT = Decimal("0.95")
#: Neighbours needed before a beginning of names says anything, and letters of a name that are worth looking for.
_NEIGHBOURS, _LETTERS = 2, 4


@dataclass(frozen=True)
class Item:
    """Cost of one resource (or of what has none) in one account and service; ``team`` None is unallocated."""

    account: str | None
    service: str | None
    resource: str | None
    team: str | None
    amount: Decimal
    line_items: int = 1


@dataclass(frozen=True)
class Suggestion:
    """A rule in YAML, for ``fallback:``, and what it would place among the unallocated items."""

    team: str
    reason: str
    condition: tuple[str, str]
    amount: Decimal
    resources: int
    line_items: int

    @property
    def rule(self) -> str:
        """The rule as an entry of the rule file."""
        column, pattern = self.condition
        entry = [{"name": f"{self.team}: {self.reason}", "when": {column: pattern}, "set": {"x_Team": self.team}}]
        return yaml.safe_dump(entry, sort_keys=False, allow_unicode=True)


def biggest(items: Iterable[Item], count: int = 20) -> list[Item]:
    """Unallocated items, the largest amount first."""
    return sorted((item for item in items if item.team is None), key=_size)[:count]


def suggestions(items: Sequence[Item], names: Iterable[tuple[str, str]] = ()) -> list[Suggestion]:
    """Rules that would place unallocated items, the one that places most first.

    ``names`` are further names (of models, say) with the team that they stand for; teams stand for themselves.
    """
    owned = [item for item in items if item.team is not None]
    known = {(item.team, item.team) for item in owned if item.team} | set(names)
    words = sorted(((fold(word), team) for word, team in known if len(fold(word)) >= _LETTERS), key=_longest)
    beginnings = _owners((_beginning(item.resource), item) for item in owned)
    accounts = _owners((item.account, item) for item in owned)
    placed: defaultdict[tuple[str, str, tuple[str, str]], list[Item]] = defaultdict(list)
    for item in items:
        found = _suggested(item, words, beginnings, accounts) if item.team is None else None
        if found:
            placed[found].append(item)
    made = [_suggestion(*key, members) for key, members in placed.items()]
    return sorted(made, key=lambda one: (-abs(one.amount), one.team, one.condition))


def _suggested(
    item: Item, words: Sequence[tuple[str, str]], beginnings: dict[str, str], accounts: dict[str, str]
) -> tuple[str, str, tuple[str, str]] | None:
    """Team, reason and condition."""
    resource = item.resource or ""
    for word, team in words:
        found = _spelled_in(word, resource)
        if found:
            return team, f"its name in the resource ({found[0]})", ("ResourceId", found[1])
    beginning = _beginning(item.resource)
    if beginning and beginning in beginnings:
        return beginnings[beginning], f"resources {beginning}*", ("ResourceId", f"{beginning}*")
    if item.account and item.account in accounts and "*" not in item.account:
        return accounts[item.account], f"account {item.account}", ("SubAccountName", item.account)
    return None


def _suggestion(team: str, reason: str, condition: tuple[str, str], items: Sequence[Item]) -> Suggestion:
    return Suggestion(
        team,
        reason,
        condition,
        exact_sum(item.amount for item in items),
        len({item.resource for item in items}),
        sum(item.line_items for item in items),
    )


def _owners(places: Iterable[tuple[str | None, Item]]) -> dict[str, str]:
    """The one team that owns almost all cost of a place, where there are enough neighbours to say so."""
    groups: defaultdict[str, list[Item]] = defaultdict(list)
    for place, item in places:
        if place:
            groups[place].append(item)
    owners = {}
    for place, members in groups.items():
        costs: defaultdict[str, Decimal] = defaultdict(Decimal)
        for item in members:
            costs[str(item.team)] += abs(item.amount)
        team = max(costs, key=lambda name: costs[name])
        enough = len({(item.resource, item.service) for item in members}) >= _NEIGHBOURS
        if enough and costs[team] >= AGREEMENT * sum(costs.values()) > 0:
            owners[place] = team
    return owners


def _beginning(resource: str | None) -> str | None:
    """The resource's name without its last word: what its neighbours share. None where too little of a name is left.

    >>> _beginning("arn:aws:s3:::search-logs-2026"), _beginning("arn:aws:ec2:us-east-1:1:instance/i-0abc")
    ('arn:aws:s3:::search-logs-', None)
    """
    found = re.fullmatch(r"(.*[^A-Za-z0-9])[A-Za-z0-9]+", resource or "")
    if found is None or "*" in found[1]:
        return None
    return found[1] if len(fold(re.split(r"[:/]", found[1])[-1])) >= _LETTERS else None


def _spelled_in(word: str, resource: str) -> tuple[str, str] | None:
    """The piece of the resource's name that spells the word, and a pattern for it as a whole word; None without one."""
    pieces = [(found.start(), found.end()) for found in re.finditer(r"[A-Za-z0-9]+", resource)]
    for first, (start, _) in enumerate(pieces):
        for _, end in pieces[first : first + 4]:
            if fold(resource[start:end]) == word:
                pattern = ("*" if start > 1 else "") + resource[max(start - 1, 0) : end + 1]
                return resource[start:end], pattern + ("*" if end + 1 < len(resource) else "")
    return None


def _size(item: Item) -> tuple[Decimal, str, str, str]:
    return (-abs(item.amount), item.account or "", item.service or "", item.resource or "")


def _longest(entry: tuple[str, str]) -> tuple[int, str, str]:
    return (-len(entry[0]), *entry)
