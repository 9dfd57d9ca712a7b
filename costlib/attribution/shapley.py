"""Shapley values: what each player of a shared peak causes, averaged over every order in which they could have come.

Every group of players has a cost, the nodes that its highest hour needs; the values sum to the cost of all of them.
Source: L. S. Shapley, "A value for n-person games", 1953.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, factorial
from typing import TypeVar

Player = TypeVar("Player", bound=Hashable)


def peak_values(demand: Mapping[Player, Sequence[Decimal]], node_size: Decimal) -> dict[Player, Fraction]:
    """The Shapley values, in nodes, where the hour of a group's highest demand sets how many whole nodes it needs.

    ``demand`` has every player's units (GPUs) in the same hours; a node holds ``node_size`` of them.

    >>> day = {"Search": [Decimal(8), Decimal(2)], "Recs": [Decimal(2), Decimal(6)]}
    >>> {player: str(value) for player, value in peak_values(day, Decimal(1)).items()}
    {'Search': '6', 'Recs': '4'}
    """
    players = list(demand)
    hours = len(demand[players[0]]) if players else 0
    sums: list[list[Decimal]] = [[Decimal(0)] * hours]
    for player in players:
        sums += [[one + other for one, other in zip(group, demand[player], strict=True)] for group in sums]
    costs = [Fraction(nodes(max(group, default=Decimal(0)), node_size)) for group in sums]
    return dict(zip(players, _values(len(players), costs), strict=True))


def nodes(units: Decimal, node_size: Decimal) -> int:
    """Whole nodes that the units need.

    >>> nodes(Decimal("16.01"), Decimal(8)), nodes(Decimal(16), Decimal(8))
    (3, 2)
    """
    return ceil(Fraction(units) / Fraction(node_size))


def _values(count: int, costs: Sequence[Fraction]) -> list[Fraction]:
    """Values by place of the player; ``costs`` is indexed by group as bits."""
    weights = [Fraction(factorial(size) * factorial(count - size - 1), factorial(count)) for size in range(count)]
    values = [Fraction(0)] * count
    for place in range(count):
        bit = 1 << place
        for group in range(1 << count):
            if not group & bit and costs[group | bit] != costs[group]:
                values[place] += weights[group.bit_count()] * (costs[group | bit] - costs[group])
    return values
