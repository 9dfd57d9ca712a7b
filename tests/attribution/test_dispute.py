"""Two teams and one cluster: a day worked by hand, who caused the step, and that every rule charges the whole bill."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.attribution.dispute import Terms, dispute
from costlib.attribution.drivers import Demand, IdlePolicy

SEARCH, RECS = (("x_Team", "Search"),), (("x_Team", "Recs"),)
MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
QUOTAS = {SEARCH: Decimal(16), RECS: Decimal(16)}
TERMS = Terms(Decimal(8), lambda day: QUOTAS, {})


def at(hour, search, recs, idle=0):
    """Demand of one hour; Search uses half of what it reserves, Recs all."""
    return [
        Demand(SEARCH, Decimal(search), Decimal(search) / 2, hour),
        Demand(RECS, Decimal(recs), Decimal(recs), hour),
        Demand(None, Decimal(idle), Decimal(0), hour, idle=True),
    ]


#: Monday needs four nodes of 8 at 10:00 (16 + 16). On Tuesday Search wants 30 at 10:00: six nodes.
WEEK = {
    MONDAY: [*at(9, 8, 16, 8), *at(10, 16, 16)],
    TUESDAY: [*at(9, 10, 14, 24), *at(10, 30, 14, 4)],
}
#: The same cluster by the day: Search uses half of its 24 hours, Recs all of them, 16 are idle.
BY_DAY = [
    Demand(SEARCH, Decimal(24), Decimal(12)),
    Demand(RECS, Decimal(24), Decimal(24)),
    Demand(None, Decimal(16), Decimal(0), idle=True),
]
COSTS = {MONDAY: Decimal(64), TUESDAY: Decimal(96)}


class TestTheDays:
    FOUND = dispute(WEEK, COSTS, TERMS)

    def test_who_reserved_and_who_used(self):
        search = self.FOUND.days[1].teams["Search"]
        assert (search.reserved, search.used, search.unused) == (40, 20, 20)
        assert self.FOUND.days[1].teams["Recs"].unused == 0
        assert self.FOUND.days[1].idle == 28

    def test_the_step_and_who_caused_it(self):
        monday, tuesday = self.FOUND.days
        assert (monday.nodes, monday.step, monday.spike_by) == (4, None, None)
        assert (tuesday.nodes, tuesday.step, tuesday.peak_hour, tuesday.spike_by) == (6, 2, 10, "Search")
        assert (tuesday.teams["Search"].added_at_peak, tuesday.teams["Recs"].added_at_peak) == (14, -2)
        assert (tuesday.teams["Search"].above_quota, tuesday.teams["Recs"].above_quota) == (14, 0)

    @pytest.mark.parametrize(
        ("rule", "search", "recs", "idle"),
        [
            ("reserved", 40, 28, 28),  # 96 GPU hours at 1 USD
            ("used", 20, 28, 48),
            ("even", 48, 48, 0),
            ("shapley", 64, 32, 0),  # alone 4 and 2 nodes, together 6
            ("quota", Decimal(96) / 6 * 4 * 40 / 68 + 32, Decimal(96) / 6 * 4 * 28 / 68, 0),  # 4 by hours, 2 Search's
        ],
    )
    def test_what_each_rule_charges_on_tuesday(self, rule, search, recs, idle):
        charges = self.FOUND.days[1].charges[rule]
        assert round(charges["Search"], 12) == round(search, 12)
        assert round(charges["Recs"], 12) == round(recs, 12)
        assert charges.get("idle", 0) == idle
        assert sum(charges.values()) == 96

    def test_days_in_any_order_are_the_same_days(self):
        assert dispute(WEEK, dict(reversed(COSTS.items())), TERMS) == self.FOUND

    def test_a_step_is_from_the_day_before_and_no_other(self):
        """Wednesday is Monday's demand again. Tuesday has no cost, and counts; were it not known, nothing would."""
        wednesday = date(2026, 9, 9)
        week, costs = {**WEEK, wednesday: WEEK[MONDAY]}, {MONDAY: Decimal(64), wednesday: Decimal(64)}
        assert dispute(week, costs, TERMS).days[1].step == -2
        assert dispute({MONDAY: week[MONDAY], wednesday: week[wednesday]}, costs, TERMS).days[1].step is None

    def test_a_team_that_wants_nothing_at_the_peak_adds_nothing_and_may_add_less_than_nothing(self):
        night = {MONDAY: [Demand(SEARCH, Decimal(8), None, 9), Demand(RECS, Decimal(4), None, 9)],
                 TUESDAY: [Demand(SEARCH, Decimal(24), None, 9), Demand(RECS, Decimal(16), None, 22)]}  # fmt: skip
        recs = dispute(night, COSTS, TERMS).days[1].teams["Recs"]
        assert (recs.at_peak, recs.above_quota, recs.added_at_peak, recs.reserved) == (0, 0, -4, 16)

    def test_a_rule_that_charges_a_team_nothing_counts_as_nothing(self):
        alone = Terms(Decimal(8), lambda day: {}, {RECS: Decimal(1)})
        found = dispute(WEEK, COSTS, alone)
        assert found.totals["fixed"] == {"Recs": 160}
        assert found.swing("Search") == max(amounts.get("Search", 0) for amounts in found.totals.values())

    def test_how_much_the_choice_moves(self):
        by_rule = [amounts["Search"] for amounts in self.FOUND.totals.values()]
        assert self.FOUND.swing("Search") == max(by_rule) - min(by_rule) > 0
        assert self.FOUND.swing("Nobody") == 0

    def test_fixed_shares_only_where_some_are_agreed(self):
        assert "fixed" not in self.FOUND.totals
        agreed = Terms(Decimal(8), lambda day: {}, {SEARCH: Decimal("0.75"), RECS: Decimal("0.25")})
        assert dispute(WEEK, COSTS, agreed).totals["fixed"] == {"Search": 120, "Recs": 40}

    def test_the_idle_policy_counts_in_every_rule_that_knows_idle(self):
        shared = Terms(Decimal(8), TERMS.quotas, {}, IdlePolicy("reserved"))
        charges = dispute(WEEK, COSTS, shared).days[1].charges
        assert "idle" not in charges["reserved"]
        assert sum(charges["reserved"].values()) == 96


class TestTheSpike:
    """Nodes of 8, one hour a day: Monday sets the ground, Tuesday is looked at."""

    @staticmethod
    def tuesday(before, after):
        """Tuesday, with demand at 09:00 by owner on both days."""
        week = {
            day: [Demand(owner, Decimal(units), None, 9) for owner, units in wanted.items()]
            for day, wanted in ((MONDAY, before), (TUESDAY, after))
        }
        return dispute(week, COSTS, TERMS).days[1]

    @pytest.mark.parametrize(("search", "recs", "named"), [(14, 12, "Search"), (11, 15, "Recs")])
    def test_of_two_who_added_the_larger_is_named(self, search, recs, named):
        assert self.tuesday({SEARCH: 8, RECS: 8}, {SEARCH: search, RECS: recs}).spike_by == named

    def test_one_node_more_is_a_spike(self):
        found = self.tuesday({SEARCH: 8}, {SEARCH: "8.5"})
        assert (found.step, found.spike_by, found.teams["Search"].added_at_peak) == (1, "Search", Decimal("0.5"))

    def test_more_demand_on_as_many_nodes_is_none(self):
        found = self.tuesday({SEARCH: 9}, {SEARCH: 16})
        assert (found.step, found.spike_by, found.teams["Search"].added_at_peak) == (0, None, 7)

    def test_more_of_one_team_on_fewer_nodes_is_none(self):
        found = self.tuesday({SEARCH: 16, RECS: 8}, {SEARCH: 2, RECS: 10})
        assert (found.step, found.spike_by) == (-1, None)

    def test_a_team_that_wants_as_much_as_before_did_not_cause_it(self):
        """The second node is for demand that nobody owns."""
        found = self.tuesday({SEARCH: 8}, {SEARCH: 8, None: 8})
        assert (found.step, found.teams["Search"].added_at_peak, found.spike_by) == (1, 0, None)

    def test_a_team_that_was_not_there_before_added_all_it_wants(self):
        found = self.tuesday({SEARCH: 8}, {SEARCH: 8, RECS: 8})
        assert (found.teams["Recs"].added_at_peak, found.spike_by) == (8, "Recs")

    def test_demand_at_the_quota_is_not_above_it(self):
        found = self.tuesday({SEARCH: 8}, {SEARCH: 16, RECS: "16.25"})
        assert (found.teams["Search"].above_quota, found.teams["Recs"].above_quota) == (0, Decimal("0.25"))

    def test_a_team_without_a_quota_is_above_it_with_all_it_wants(self):
        terms = Terms(Decimal(8), lambda day: {SEARCH: Decimal(5)}, {})
        day = [Demand(SEARCH, Decimal("4.5"), None, 9), Demand(RECS, Decimal("0.5"), None, 9)]
        (found,) = dispute({MONDAY: day}, {MONDAY: Decimal(5)}, terms).days
        assert (found.teams["Search"].above_quota, found.teams["Recs"].above_quota) == (0, Decimal("0.5"))

    def test_of_two_hours_as_high_the_first_is_the_peak_in_whatever_order_they_come(self):
        hours = [*at(22, 4, 12), *at(9, 12, 4), *at(3, 2, 2)]
        for day in (hours, hours[::-1]):
            (found,) = dispute({MONDAY: day}, {MONDAY: Decimal(5)}, TERMS).days
            assert (found.peak_hour, found.teams["Search"].at_peak) == (9, 12)

    def test_idle_capacity_makes_no_peak_and_no_team(self):
        quiet = [*at(9, 8, 0), Demand(SEARCH, Decimal(80), Decimal(0), 10, idle=True)]
        (found,) = dispute({MONDAY: quiet}, {MONDAY: Decimal(5)}, TERMS).days
        assert (found.peak_hour, found.nodes, found.idle) == (9, 1, 80)
        assert found.teams["Search"].reserved == 8


class TestWhoPays:
    """Names on a charge: a team, else what a receiver sets, else idle or nobody."""

    def test_a_receiver_without_a_team_goes_by_what_it_sets(self):
        both = (("x_Model", "ranker"), ("x_Stage", "training"))
        (found,) = dispute({MONDAY: [Demand(both, Decimal(8), None, 9)]}, {MONDAY: Decimal(5)}, TERMS).days
        assert found.charges["reserved"] == {"ranker / training": 5}

    def test_two_receivers_of_one_team_are_one_line_of_its_sum(self):
        """Both of Search reserve 8 and Recs 8: ten of fifteen dollars are Search's."""
        keys = [(("x_Model", "a"), ("x_Team", "Search")), (("x_Model", "b"), ("x_Team", "Search")), RECS]
        day = [Demand(key, Decimal(8), Decimal(8), 9) for key in keys]
        charges = dispute({MONDAY: day}, {MONDAY: Decimal(15)}, TERMS).days[0].charges
        assert charges["reserved"] == charges["used"] == {"Search": 10, "Recs": 5}

    def test_demand_that_nobody_owns_is_unallocated_and_no_party_to_even_parts(self):
        day = [Demand(None, Decimal(8), Decimal(8), 9), Demand(SEARCH, Decimal(8), Decimal(8), 9),
               Demand(RECS, Decimal(8), Decimal(0), 9, idle=True)]  # fmt: skip
        charges = dispute({MONDAY: day}, {MONDAY: Decimal(24)}, TERMS).days[0].charges
        assert charges["reserved"] == {"Search": 8, "idle": 8, "unallocated": 8}
        assert charges["even"] == {"Search": 24}

    def test_names_stand_in_the_order_of_the_alphabet(self):
        found = dispute(WEEK, COSTS, TERMS)
        assert list(found.days[0].charges["used"]) == list(found.totals["used"]) == ["Recs", "Search", "idle"]

    def test_totals_add_up_the_days_that_know_and_the_days_that_do_not(self):
        """Tuesday has no records: its 96 dollars are unallocated under every rule, beside Monday's."""
        found = dispute({MONDAY: WEEK[MONDAY]}, COSTS, TERMS)
        for rule, amounts in found.totals.items():
            assert amounts["unallocated"] == 96, rule
            assert sum(amounts.values()) == 160, rule


class TestWhatIsNotKnown:
    def test_a_day_without_records_is_unallocated_under_every_rule(self):
        (day,) = dispute({}, {MONDAY: Decimal(5)}, TERMS).days
        assert set(day.charges) == {"reserved", "used", "even", "shapley", "quota"}
        assert all(charges == {"unallocated": 5} for charges in day.charges.values())
        assert (day.nodes, day.step, day.peak_hour, day.spike_by) == (None, None, None, None)

    def test_records_of_a_day_know_hours_reserved_and_no_peak(self):
        (day,) = dispute({MONDAY: [Demand(SEARCH, Decimal(24), None)]}, {MONDAY: Decimal(5)}, TERMS).days
        assert day.charges["reserved"] == {"Search": 5}
        assert day.charges["even"] == {"Search": 5}
        assert day.charges["used"] is day.charges["shapley"] is day.charges["quota"] is None
        assert day.teams["Search"].unused is None
        assert day.teams["Search"].at_peak is None

    def test_a_spike_of_unknown_demand_is_no_team_s(self):
        """Search wants 8 and then 7; what nobody owns comes in with 16: one node becomes three."""
        before = [Demand(SEARCH, Decimal(8), None, 9)]
        after = [Demand(SEARCH, Decimal(7), None, 9), Demand(None, Decimal(16), None, 9)]
        found = dispute({MONDAY: before, TUESDAY: after}, COSTS, TERMS).days[1]
        assert (found.nodes, found.step, found.teams["Search"].added_at_peak) == (3, 2, -1)
        assert found.spike_by is None

    def test_a_rule_that_lacks_hours_moves_no_choice(self):
        """By the day: Search 24 of 64 hours, of which it used 12, Recs 24, idle 16. Even parts of 64 are 32 each."""
        found = dispute({MONDAY: BY_DAY}, {MONDAY: Decimal(64)}, TERMS)
        assert found.known == {
            "reserved": {"Search": 24, "Recs": 24, "idle": 16},
            "used": {"Search": 12, "Recs": 24, "idle": 28},
            "even": {"Search": 32, "Recs": 32},
        }
        assert found.unknown == {"shapley": 1, "quota": 1}
        assert (found.swing("Search"), found.swing("Recs")) == (20, 8)
        assert found.spikes is found.causes is None

    def test_use_that_is_not_known_leaves_out_the_rule_by_use_alone(self):
        day = [Demand(SEARCH, Decimal(24), None, 9), Demand(RECS, Decimal(8), Decimal(8), 9)]
        found = dispute({MONDAY: day}, {MONDAY: Decimal(64)}, TERMS)
        assert found.unknown == {"used": 1}
        assert found.days[0].teams["Recs"].used == 8

    def test_one_day_without_hours_leaves_the_sum_unknown_and_the_other_day_as_it_is(self):
        found = dispute({MONDAY: WEEK[MONDAY], TUESDAY: BY_DAY}, COSTS, TERMS)
        assert found.unknown == {"shapley": 1, "quota": 1}
        assert found.totals["quota"] is None
        assert sum(found.days[0].charges["quota"].values()) == 64
        assert (found.spikes, found.causes) == ((), [])

    def test_a_team_within_its_quota_pays_nothing_for_what_is_above_and_that_is_known(self):
        """Quotas hold no node, so that all that Search wants is above it; Recs wants nothing."""
        terms = Terms(Decimal(8), lambda day: {RECS: Decimal(4)}, {})
        day = [Demand(SEARCH, Decimal(16), Decimal(8), 9), Demand(RECS, Decimal(0), Decimal(0), 9)]
        found = dispute({MONDAY: day}, {MONDAY: Decimal(64)}, terms)
        assert found.unknown == {}
        assert found.totals["quota"] == {"Search": 64}
        assert found.swing("Recs") == 32  # from nothing to even parts

    def test_a_team_that_the_records_do_not_name_wanted_nothing(self):
        """With hours it wanted nothing at the peak too; without them, nobody knows; without records, nothing is."""
        alone = [Demand(SEARCH, Decimal(8), Decimal(8), 9)]
        hours, days, none = dispute(
            {MONDAY: alone, TUESDAY: [replace(alone[0], hour=None)]}, {**COSTS, date(2026, 9, 9): Decimal(1)}, TERMS
        ).days
        assert (hours.of("Recs").reserved, hours.of("Recs").used, hours.of("Recs").at_peak) == (0, 0, 0)
        assert (days.of("Recs").reserved, days.of("Recs").at_peak, days.of("Recs").above_quota) == (0, None, None)
        assert none.of("Recs") is none.of("Search") is None
        assert hours.of("Search") == hours.teams["Search"]
        assert [day.recorded for day in (hours, days, none)] == [True, True, False]

    def test_no_days_at_all(self):
        found = dispute({}, {}, TERMS)
        assert found.unknown == found.known == {}
        assert (found.days, found.totals, found.swing("Search")) == ((), {}, 0)


AMOUNT = st.decimals(0, 40, places=2)


class TestConservation:
    @settings(max_examples=40)
    @given(
        st.lists(st.builds(at, st.integers(0, 3), AMOUNT, AMOUNT, AMOUNT), max_size=4),
        st.decimals(-1000, 1000, places=18),
        st.sampled_from([IdlePolicy(), IdlePolicy("reserved"), IdlePolicy("shares", shares={RECS: Decimal(1)})]),
    )
    def test_every_rule_charges_exactly_the_bill(self, hours, cost, idle):
        """Every hour is known here, so every rule is."""
        day = [demand for hour in hours for demand in hour]
        terms = Terms(Decimal(8), TERMS.quotas, {SEARCH: Decimal(2), RECS: Decimal(1)}, idle)
        found = dispute({MONDAY: day}, {MONDAY: cost}, terms)
        for charges in found.days[0].charges.values():
            assert sum(charges.values()) == cost
