"""Statements: lines in order, agreed rates, and that charges and rate variance make the team's part of the bill."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.attribution.rates import read_rates
from costlib.attribution.showback import Cost, Rate, statement
from costlib.errors import RuleError
from costlib.money import exact_sum
from tests.builders import write

SEPTEMBER = date(2026, 9, 1)
GPU = Cost("shared", "gpu", Decimal(100), Decimal(30), "GPU hour")


def made(*costs, rates=(), rest=()):
    return statement("Search", SEPTEMBER, "USD", "EffectiveCost", costs, rest, rates)


def rate(price, unit="GPU hour", currency="USD", start=date.min, name="gpu"):
    return Rate(name, unit, Decimal(price), currency, start)


class TestAtCost:
    def test_direct_first_then_shared_then_idle_the_largest_first(self):
        idle, small, large = (
            Cost("idle", "gpu", Decimal(5)),
            Cost("direct", "a", Decimal(1)),
            Cost("direct", "b", Decimal(9)),
        )
        assert [line.cost for line in made(idle, GPU, small, large).lines] == [large, small, GPU, idle]

    def test_the_charge_is_the_cost(self):
        found = made(GPU, Cost("idle", "gpu", Decimal(5)))
        assert (found.cost, found.charge, found.rate_variance) == (105, 105, 0)
        assert (found.sum_of("shared"), found.sum_of("idle"), found.sum_of("direct")) == (100, 5, 0)

    def test_what_nobody_is_charged_stands_beside_and_counts_nowhere(self):
        found = made(GPU, rest=[Cost("idle", "gpu", Decimal(50)), Cost("unallocated", None, Decimal(7))])
        assert (found.charge, len(found.not_charged)) == (100, 2)

    def test_what_nobody_is_charged_has_the_order_of_the_lines(self):
        small, large = Cost("idle", "a", Decimal(1)), Cost("idle", "b", Decimal(9))
        nobody = Cost("unallocated", None, Decimal(99))
        assert made(GPU, rest=[nobody, small, large]).not_charged == (large, small, nobody)

    def test_cost_that_is_unknown_is_counted_and_not_zero(self):
        found = made(Cost("direct", "a", None, unknown=3), GPU)
        assert found.lines[0].charge is None
        assert (found.unknown, found.cost) == (3, 100)
        assert made(Cost("direct", "a", None, unknown=3), Cost("idle", "gpu", None, unknown=2)).unknown == 5

    def test_where_no_cost_is_known_no_sum_is(self):
        """A statement of nothing but unknown costs came to 0.00, as if nothing were owed."""
        found = made(Cost("direct", "a", None, unknown=3), Cost("shared", "gpu", None, Decimal(30), "GPU hour", 1))
        assert (found.cost, found.charge, found.rate_variance, found.unknown) == (None, None, None, 4)
        assert (found.sum_of("direct"), found.sum_of("idle")) == (None, 0)

    def test_a_charge_is_known_where_its_rate_is_agreed(self):
        """30 hours at 3 are charged, whatever they cost."""
        found = made(Cost("shared", "gpu", None, Decimal(30), "GPU hour", 1), rates=[rate(3)])
        assert (found.cost, found.charge, found.rate_variance) == (None, 90, None)

    def test_unknown_cost_stands_with_the_small_and_equals_by_name(self):
        costs = [Cost("direct", name, amount and Decimal(amount))
                 for name, amount in (("b", "1"), ("d", None), ("a", "1"), ("e", "-1"), ("c", "0.5"))]  # fmt: skip
        assert [line.cost.name for line in made(*costs).lines] == ["a", "b", "c", "d", "e"]

    def test_credits_lower_the_charge(self):
        assert made(GPU, Cost("direct", "credit", Decimal(-30))).charge == 70

    def test_an_empty_month(self):
        assert (made().cost, made().charge) == (0, 0)


class TestAtRates:
    def test_quantity_times_rate_and_the_variance(self):
        found = made(GPU, Cost("direct", "a", Decimal(7)), rates=[rate(3)])
        assert (found.charge, found.cost, found.rate_variance) == (97, 107, 10)

    def test_a_rate_above_cost_gives_a_negative_variance(self):
        assert made(GPU, rates=[rate(4)]).rate_variance == -20

    @pytest.mark.parametrize(
        "other",
        [rate(9, unit="CPU hour"), rate(9, currency="EUR"), rate(9, start=date(2026, 10, 1)), rate(9, name="tpu")],
    )
    def test_a_rate_for_something_else_does_not_count(self, other):
        assert made(GPU, rates=[other]).charge == 100

    def test_the_newest_rate_in_force_counts(self):
        rates = [rate(1), rate(2, start=date(2026, 9, 1)), rate(3, start=date(2026, 10, 1))]
        assert made(GPU, rates=rates).charge == 60

    def test_idle_and_unknown_hours_are_charged_at_cost(self):
        costs = Cost("idle", "gpu", Decimal(5), Decimal(9), "GPU hour"), Cost("shared", "gpu", Decimal(8))
        assert made(*costs, rates=[rate(3)]).charge == 13

    @given(
        st.lists(
            st.builds(
                Cost, st.sampled_from(["direct", "shared", "idle"]), st.sampled_from(["gpu", "cpu", None]),
                st.decimals(-1000, 1000, places=18) | st.none(), st.decimals(0, 99, places=9) | st.none(),
                st.sampled_from(["GPU hour", None]),
            )
        ),
        st.lists(st.builds(rate, st.decimals(0, 9, places=6))),
    )  # fmt: skip
    def test_charges_and_rate_variance_make_the_bill(self, costs, rates):
        found = made(*costs, rates=rates)
        if costs and all(cost.amount is None for cost in costs):
            assert (found.cost, found.rate_variance) == (None, None)
        else:
            assert exact_sum([found.charge, found.rate_variance]) == exact_sum(cost.amount for cost in costs)

    def test_what_an_unknown_cost_varies_by_is_unknown(self):
        unknown = Cost("direct", "gpu", None, Decimal(2), "GPU hour")
        assert (made(unknown, rates=[rate(3)]).charge, made(unknown, rates=[rate(3)]).rate_variance) == (6, None)


class TestRateFile:
    def test_reads(self, tmp_path):
        text = "version: 1\nrates:\n  - {name: gpu, unit: GPU hour, rate: 2.50, currency: USD, from: 2026-01-01}\n"
        assert read_rates(write(tmp_path / "r.yaml", text)) == [rate("2.50", start=date(2026, 1, 1))]

    @pytest.mark.parametrize(
        "text",
        ["[", "version: 1", "version: 1\nrates: [{name: a, unit: b, rate: -1, currency: USD}]",
         "version: 1\nrates: [{name: a, unit: b, rate: .nan, currency: USD}]",
         "version: 1\nrates: [{name: a, unit: b, rate: 1, currency: ZZZ}]"],
    )  # fmt: skip
    def test_refuses(self, tmp_path, text):
        with pytest.raises(RuleError, match=r"r\.yaml"):
            read_rates(write(tmp_path / "r.yaml", text))
