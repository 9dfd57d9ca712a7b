"""Shapley values of a shared peak: their definition, and the nodes that a day's highest hour needs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.attribution.shapley import nodes, peak_values

PROFILES = st.lists(
    st.lists(st.decimals(0, 40, places=1), min_size=3, max_size=3), min_size=1, max_size=4
)  # three hours for up to four players


def by_orders(players, cost):
    """The definition, word for word: what each adds on arrival, averaged over every order of arrival."""
    orders = list(permutations(players))
    added = dict.fromkeys(players, Fraction(0))
    for order in orders:
        for place, player in enumerate(order):
            added[player] += Fraction(cost(frozenset(order[: place + 1]))) - Fraction(cost(frozenset(order[:place])))
    return {player: total / len(orders) for player, total in added.items()}


class TestPeak:
    def test_a_peak_that_others_sleep_through_is_its_owners(self):
        """Alone 2 and 1 nodes of 8, together 2: Search saves Recs nothing at night, so (2 + 1) / 2 and (0 + 1) / 2."""
        day = {"Search": [Decimal(16), Decimal(0)], "Recs": [Decimal(0), Decimal(8)]}
        assert peak_values(day, Decimal(8)) == {"Search": Fraction(3, 2), "Recs": Fraction(1, 2)}

    def test_whole_nodes(self):
        assert [nodes(Decimal(units), Decimal(8)) for units in ("0", "0.1", "8", "8.1")] == [0, 1, 1, 2]

    def test_no_player(self):
        assert peak_values({}, Decimal(8)) == {}

    @settings(max_examples=60)
    @given(PROFILES, st.sampled_from([Decimal(1), Decimal(8)]))
    def test_sums_to_the_nodes_of_the_days_peak_and_no_value_is_below_zero(self, profiles, size):
        demand = dict(enumerate(profiles))
        values = peak_values(demand, size)
        peak = max(sum(hour, Decimal(0)) for hour in zip(*profiles, strict=True))
        assert sum(values.values()) == nodes(peak, size)
        assert all(value >= 0 for value in values.values())

    @settings(max_examples=30)
    @given(PROFILES)
    def test_is_the_shapley_value_of_the_peak(self, profiles):
        def cost(group):
            return nodes(max(sum((profiles[one][hour] for one in group), Decimal(0)) for hour in range(3)), Decimal(8))

        assert peak_values(dict(enumerate(profiles)), Decimal(8)) == by_orders(range(len(profiles)), cost)
