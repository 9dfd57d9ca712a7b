"""Each driver on a case worked by hand, and what holds for all of them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.attribution.drivers import Demand, IdlePolicy, Portion, measured, quota, shapley_peak, weighted

SEARCH, RECS = (("x_Team", "Search"),), (("x_Team", "Recs"),)
OWN, TO_RESERVED = IdlePolicy(), IdlePolicy("reserved")


def d(receiver, reserved, used=None, **more):
    return Demand(receiver, Decimal(reserved), None if used is None else Decimal(used), **more)


def idle(amount, **more):
    return d(None, amount, 0, idle=True, **more)


def weights(portions):
    return {(portion.kind, portion.receiver): portion.weight for portion in portions}


class TestGiven:
    def test_fixed_even_and_direct_are_weights(self):
        assert weights(weighted({SEARCH: Decimal("0.6"), RECS: Decimal("0.4")})) == {
            ("shared", SEARCH): Fraction(3, 5),
            ("shared", RECS): Fraction(2, 5),
        }

    def test_credits_that_outweigh_a_teams_cost_count_as_none(self):
        assert weights(weighted({SEARCH: Decimal(-5), RECS: Decimal(1)})) == {("shared", RECS): 1}

    def test_no_weight_is_no_portion(self):
        assert weighted({SEARCH: Decimal(0), RECS: Decimal(-1)}) == []


class TestMeasured:
    """A cluster of two nodes of 96 GPU hours: Search reserves 96 and uses 48, Recs reserves 48 and uses 48."""

    DAY = (d(SEARCH, 96, 48, node="a"), d(RECS, 48, 48, node="b"), idle(48, node="b"))

    def test_by_allocation_idle_is_its_own_line(self):
        assert weights(measured(self.DAY, "reserved", OWN)) == {
            ("shared", SEARCH): 96,
            ("shared", RECS): 48,
            ("idle", None): 48,
        }

    def test_by_use_what_was_reserved_and_not_used_is_idle(self):
        assert weights(measured(self.DAY, "used", OWN)) == {
            ("shared", SEARCH): 48,
            ("shared", RECS): 48,
            ("idle", None): 96,
        }

    def test_hours_stand_beside_the_weight(self):
        found = {portion.receiver: portion for portion in measured(self.DAY, "reserved", OWN)}
        assert found[SEARCH] == Portion("shared", SEARCH, Fraction(96), Decimal(96), Decimal(48))

    def test_idle_to_those_who_reserved_by_cluster(self):
        """48 idle hours by 96 to 48."""
        found = weights(measured(self.DAY, "reserved", TO_RESERVED))
        assert (found["idle", SEARCH], found["idle", RECS]) == (32, 16)

    def test_idle_to_those_who_reserved_by_node(self):
        """All of the idle capacity stands on node b, where only Recs reserved."""
        found = weights(measured(self.DAY, "reserved", IdlePolicy("reserved", by_node=True)))
        assert {key: value for key, value in found.items() if key[0] == "idle"} == {("idle", RECS): 48}

    def test_idle_of_a_node_that_nobody_reserved_stays_a_line_of_its_own(self):
        found = weights(measured([*self.DAY, idle(96, node="c")], "reserved", IdlePolicy("reserved", by_node=True)))
        assert (found["idle", RECS], found["idle", None]) == (48, 96)

    def test_idle_by_shares(self):
        policy = IdlePolicy("shares", shares={SEARCH: Decimal("0.75"), RECS: Decimal("0.25")})
        found = weights(measured(self.DAY, "reserved", policy))
        assert (found["idle", SEARCH], found["idle", RECS]) == (36, 12)

    def test_idle_does_not_vanish_when_nobody_shares_the_cluster(self):
        assert weights(measured([idle(96)], "reserved", TO_RESERVED)) == {("idle", None): 96}

    def test_demand_of_an_unknown_owner_stays_unallocated_and_gets_no_idle(self):
        found = weights(measured([d(None, 24, 24), d(RECS, 24, 24), idle(48)], "reserved", TO_RESERVED))
        assert found == {("unallocated", None): 24, ("shared", RECS): 24, ("idle", RECS): 48}

    def test_use_that_is_unknown_is_not_guessed(self):
        day = [d(SEARCH, 96), d(RECS, 48, 48)]
        assert measured(day, "used", OWN) == []
        by_receiver = {portion.receiver: portion.used for portion in measured(day, "reserved", OWN)}
        assert by_receiver == {SEARCH: None, RECS: 48}

    def test_idle_capacity_has_no_use_to_know(self):
        """Records of idle capacity may leave use out; by use the day is still known."""
        assert weights(measured([d(SEARCH, 96, 48), d(None, 48, idle=True)], "used", OWN)) == {
            ("shared", SEARCH): 48,
            ("idle", None): 96,
        }

    def test_more_use_than_was_reserved_is_nobody_s_idle(self):
        assert weights(measured([d(SEARCH, 10, 14), d(RECS, 10, 4)], "used", OWN)) == {
            ("shared", SEARCH): 14,
            ("shared", RECS): 4,
            ("idle", None): 6,
        }

    def test_fractions_of_a_gpu(self):
        found = weights(measured([d(SEARCH, "0.25"), d(RECS, "0.125")], "reserved", OWN))
        assert found["shared", SEARCH] == 2 * found["shared", RECS]

    def test_nothing_measured_is_no_portion(self):
        assert measured([], "reserved", OWN) == []
        assert measured([d(SEARCH, 0, 0)], "reserved", OWN) == []


class TestQuota:
    """Nodes of 8 GPUs, quotas of 16. At 10:00 Search wants 30 and Recs 14: six nodes, two above the quotas' four."""

    DAY = (
        d(SEARCH, 10, hour=9), d(RECS, 14, hour=9),
        d(SEARCH, 30, hour=10), d(RECS, 14, hour=10),
    )  # fmt: skip
    QUOTAS: ClassVar = {SEARCH: Decimal(16), RECS: Decimal(16)}

    def test_the_step_is_charged_to_who_was_above_quota_when_it_was_needed(self):
        """Four nodes by hours reserved, 40 to 28; two nodes to Search alone (14 above, Recs none)."""
        found = weights(quota(self.DAY, self.QUOTAS, Decimal(8), OWN))
        assert found == {("shared", SEARCH): 4 * Fraction(40, 68) + 2, ("shared", RECS): 4 * Fraction(28, 68)}

    def test_both_above_share_the_step_by_how_far(self):
        """Quotas of 8 need two nodes; of the four above, Search causes 22 of 28 and Recs 6."""
        found = weights(quota(self.DAY, {SEARCH: Decimal(8), RECS: Decimal(8)}, Decimal(8), OWN))
        assert found["shared", RECS] == 2 * Fraction(28, 68) + 4 * Fraction(6, 28)

    def test_within_the_quotas_hours_decide(self):
        day = [demand for demand in self.DAY if demand.hour == 9]
        assert weights(quota(day, self.QUOTAS, Decimal(8), OWN)) == {
            ("shared", SEARCH): 3 * Fraction(10, 24),
            ("shared", RECS): 3 * Fraction(14, 24),
        }

    def test_capacity_beyond_what_the_peak_needs_is_idle(self):
        """At 10:00 the cluster has 56 GPUs, seven nodes, and needs six."""
        found = weights(quota([*self.DAY, idle(12, hour=10)], self.QUOTAS, Decimal(8), OWN))
        assert found["idle", None] == 1

    @pytest.mark.parametrize("by_node", [False, True])
    def test_idle_nodes_go_to_those_who_reserved(self, by_node):
        """One idle node by the hours reserved, 40 to 28; which node it stands on is not known of whole nodes."""
        policy = IdlePolicy("reserved", by_node)
        found = weights(quota([*self.DAY, idle(12, hour=10, node="c")], self.QUOTAS, Decimal(8), policy))
        assert (found["idle", SEARCH], found["idle", RECS]) == (Fraction(40, 68), Fraction(28, 68))

    def test_demand_of_an_unknown_owner_has_no_quota(self):
        found = weights(quota([d(None, 16, hour=1), d(RECS, 8, hour=1)], self.QUOTAS, Decimal(8), OWN))
        assert found == {("unallocated", None): 2, ("shared", RECS): 1}

    def test_records_of_whole_days_say_nothing_of_hours(self):
        assert quota([d(SEARCH, 240)], self.QUOTAS, Decimal(8), OWN) == []


class TestShapley:
    def test_the_days_peak_is_shared_by_what_each_adds_to_it(self):
        """Alone Search needs 4 nodes (30 GPUs), Recs 2 (14), both 6: nobody gains, so 4 and 2."""
        found = weights(shapley_peak(TestQuota.DAY, Decimal(8), OWN))
        assert found == {("shared", SEARCH): 4, ("shared", RECS): 2}

    def test_who_sleeps_at_the_peak_pays_half_of_what_it_would_alone(self):
        day = [d(SEARCH, 16, hour=9), d(RECS, 0, hour=9), d(SEARCH, 0, hour=22), d(RECS, 8, hour=22)]
        assert weights(shapley_peak(day, Decimal(8), OWN)) == {
            ("shared", SEARCH): Fraction(3, 2),
            ("shared", RECS): Fraction(1, 2),
        }

    def test_an_hour_without_a_record_of_someone_is_an_hour_without_demand(self):
        day = [d(SEARCH, 16, hour=9), d(RECS, 8, hour=22)]
        assert weights(shapley_peak(day, Decimal(8), OWN))["shared", RECS] == Fraction(1, 2)

    def test_capacity_beyond_what_the_peak_needs_is_idle(self):
        """At 10:00 the cluster has 60 GPUs, seven and a half nodes, and needs six."""
        found = weights(shapley_peak([*TestQuota.DAY, idle(16, hour=10), idle(2, hour=9)], Decimal(8), OWN))
        assert found == {("shared", SEARCH): 4, ("shared", RECS): 2, ("idle", None): Fraction(3, 2)}

    def test_idle_nodes_by_shares(self):
        policy = IdlePolicy("shares", shares={SEARCH: Decimal(1), RECS: Decimal(2)})
        found = weights(shapley_peak([*TestQuota.DAY, idle(16, hour=10)], Decimal(8), policy))
        assert (found["idle", SEARCH], found["idle", RECS]) == (Fraction(1, 2), 1)

    def test_no_hours_no_portion(self):
        assert shapley_peak([d(SEARCH, 240)], Decimal(8), OWN) == []
        assert shapley_peak([], Decimal(8), OWN) == []


AMOUNT = st.decimals(0, 50, places=2)
DEMANDS = st.lists(
    st.builds(
        lambda owner, reserved, share, hour, node, is_idle: Demand(
            None if is_idle else owner, reserved, reserved * share / 4, hour, node, is_idle
        ),
        st.sampled_from([SEARCH, RECS, None]), AMOUNT, st.integers(0, 4), st.integers(0, 2),
        st.sampled_from(["a", "b"]), st.booleans(),
    ),
    max_size=8,
)  # fmt: skip
POLICIES = st.sampled_from(
    [OWN, TO_RESERVED, IdlePolicy("reserved", by_node=True), IdlePolicy("shares", shares={SEARCH: Decimal(1)})]
)


class TestAll:
    @settings(max_examples=80)
    @given(DEMANDS, POLICIES, st.sampled_from(["reserved", "used"]))
    def test_measured_portions_hold_the_whole_capacity_and_none_is_negative(self, demands, policy, basis):
        portions = measured(demands, basis, policy)
        assert sum(portion.weight for portion in portions) == sum(Fraction(demand.reserved) for demand in demands)
        assert all(portion.weight > 0 for portion in portions)

    @settings(max_examples=60)
    @given(DEMANDS, POLICIES)
    def test_idle_is_the_same_under_every_policy(self, demands, policy):
        def idle_of(policy):
            return sum(p.weight for p in measured(demands, "reserved", policy) if p.kind == "idle")

        assert idle_of(policy) == idle_of(OWN)

    @settings(max_examples=60)
    @given(DEMANDS, POLICIES)
    @pytest.mark.parametrize("driver", ["quota", "shapley"])
    def test_the_drivers_by_the_hour_charge_the_nodes_needed_and_the_rest_as_idle(self, driver, demands, policy):
        size = Decimal(8)
        if driver == "quota":
            portions = quota(demands, {SEARCH: Decimal(4)}, size, policy)
        else:
            portions = shapley_peak(demands, size, policy)
        by_hour = [
            sum((demand.reserved for demand in demands if demand.hour == hour and not demand.idle), Decimal(0))
            for hour in range(3)
        ]
        needed = sum(portion.weight for portion in portions if portion.kind != "idle")
        assert needed == max(-(-int(total * 100) // 800) for total in by_hour)
        assert all(portion.weight > 0 for portion in portions)
