"""Shapley values: the textbook answers, the axioms, and the nodes that a day's highest hour needs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.attribution.shapley import airport, nodes, peak_values, shapley

NEEDS = {"A": 8, "B": 11, "C": 13, "D": 18}
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


class TestAirport:
    def test_the_textbook_runway(self):
        """8/4 = 2; +3/3 = 3; +2/2 = 4; +5 = 9."""
        assert airport(NEEDS) == {"A": 2, "B": 3, "C": 4, "D": 9}

    def test_is_the_shapley_value_of_the_largest_need(self):
        largest = shapley(list(NEEDS), lambda group: max((NEEDS[one] for one in group), default=0))
        assert largest == airport(NEEDS)

    def test_keeps_the_order_it_was_given(self):
        assert list(airport({"big": 9, "small": 1})) == ["big", "small"]

    def test_equal_needs_share_evenly_and_none_pays_nothing(self):
        assert airport({"A": 6, "B": 6, "C": 0}) == {"A": 3, "B": 3, "C": 0}


class TestShapley:
    def test_the_glove_game(self):
        """One left glove, two right ones; a pair is worth 1: the left one is worth two thirds."""
        values = shapley(["left", "r1", "r2"], lambda group: int("left" in group and len(group) > 1))
        assert values == {"left": Fraction(2, 3), "r1": Fraction(1, 6), "r2": Fraction(1, 6)}

    def test_nobody_shares_nothing(self):
        assert shapley([], lambda group: 0) == {}

    @given(st.lists(st.integers(-50, 50), min_size=8, max_size=8))
    def test_is_the_average_over_all_orders_of_arrival_and_sums_to_the_whole(self, worths):
        players = ["a", "b", "c"]
        worth = {frozenset(p for bit, p in enumerate(players) if group >> bit & 1): worths[group] for group in range(8)}
        worth[frozenset()] = 0
        values = shapley(players, worth.__getitem__)
        assert values == by_orders(players, worth.__getitem__)
        assert sum(values.values()) == worth[frozenset(players)]


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

        assert peak_values(dict(enumerate(profiles)), Decimal(8)) == shapley(range(len(profiles)), cost)
