"""Who takes what of a pool, from the facts alone: owners of records, periods, quotas, and cents that never get lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.attribution.pools import Pool
from costlib.attribution.splits import demands_of, parts, portions_of, quotas_of, shares
from costlib.money import exact_sum
from costlib.periods import Grain
from costlib.store.splits import DirectCost, Usage

FIVE, SIX, SEPTEMBER, OCTOBER = date(2026, 9, 5), date(2026, 9, 6), date(2026, 9, 1), date(2026, 10, 1)
SEARCH, RECS = (("x_Team", "Search"),), (("x_Team", "Recs"),)


@dataclass
class Known:
    """Facts as a test states them; ``asked`` records what a driver wanted to know."""

    places: list = field(default_factory=lambda: [(FIVE, "USD")])
    costs: list = field(default_factory=list)
    records: list = field(default_factory=list)
    asked: list = field(default_factory=list)

    def charges(self, pool, over):
        self.asked.append((pool, over))
        return self.places

    def direct(self, by, over):
        self.asked.append((by, over))
        return self.costs

    def usage(self, cluster, of, *, hourly):
        self.asked.append((cluster, of, hourly))
        return self.records


def receiver(team, **more):
    return {"set": {"x_Team": team}, **more}


def pool(driver="usage", *receivers, **more):
    usage = {"usage": {"cluster": "ml", "node_size": 8}} if driver in ("usage", "quota", "shapley") else {}
    given = {"name": "gpu", "match": {"ServiceName": "Cluster"}, "driver": driver, "receivers": list(receivers)}
    return Pool.model_validate(given | usage | more)


def record(reserved, namespace=None, *, day=FIVE, hour=None, label=None, kind="allocation", used=None, node=None):
    hours = [None if one is None else Decimal(one) for one in (reserved, used)]
    return Usage(day, hour, node, namespace, label, kind, *hours)


def owners(found, records, spelled=None):
    """Who each record of the 5th is put down to."""
    by_day = demands_of(found, found.usage, Known(records=records), spelled or {})
    return [dict(one.receiver)["x_Team"] if one.receiver else None for one in by_day[FIVE]]


def taken(found, facts, spelled=None, **more):
    """Weight by period, currency, kind and team."""
    return {
        (one.period, one.currency, one.kind, one.values.get("x_Team")): one.weight
        for one in shares(found, facts, spelled or {}, **more)
    }


WEIGHTS = st.lists(st.builds(Fraction, st.integers(0, 50), st.integers(1, 97)), min_size=1, max_size=7).filter(any)
AMOUNTS = st.integers(-(10**33), 10**33).map(lambda steps: Decimal(steps).scaleb(-18))


class TestParts:
    """One amount cut by weights: a third of a cent is nobody's loss."""

    @settings(max_examples=30)
    @given(AMOUNTS, WEIGHTS)
    def test_the_parts_make_the_amount_to_the_last_digit(self, amount, weights):
        cut = parts(amount, weights)
        assert len(cut) == len(weights)
        assert exact_sum(cut) == amount

    @settings(max_examples=30)
    @given(AMOUNTS, WEIGHTS)
    def test_a_part_is_its_share_to_the_smallest_step_of_money(self, amount, weights):
        whole = sum(weights)
        for part, weight in zip(parts(amount, weights), weights, strict=True):
            assert abs(Fraction(part) - Fraction(amount) * weight / whole) <= Fraction(1, 10**18)

    @settings(max_examples=25)
    @given(AMOUNTS.map(abs), WEIGHTS)
    def test_no_part_of_a_charge_is_a_credit_and_none_of_a_credit_a_charge(self, amount, weights):
        assert all(part >= 0 for part in parts(amount, weights))
        assert all(part <= 0 for part in parts(-amount, weights))

    @given(AMOUNTS, WEIGHTS)
    @settings(max_examples=25)
    def test_who_weighs_nothing_pays_nothing_wherever_it_stands(self, amount, weights):
        cut = parts(amount, [Fraction(0), *weights, Fraction(0)])
        assert (cut[0], cut[-1]) == (0, 0)
        assert cut[1:-1] == parts(amount, weights)

    def test_ten_dollars_by_three(self):
        """Marks at 3.33.. and 6.66.. are rounded once each; the last part takes what is left."""
        third, second, last = parts(Decimal(10), [Fraction(1)] * 3)
        assert third == Decimal("3.333333333333333333")
        assert second == Decimal("3.333333333333333334")
        assert last == Decimal("3.333333333333333333")

    def test_an_amount_beyond_the_digits_of_money_loses_none_of_them(self):
        tiny = Decimal("1.00000000000000000000000000001")
        assert exact_sum(parts(tiny, [Fraction(1), Fraction(2)])) == tiny


class TestOwners:
    """Usage records find their receiver by namespace, by label, or by the team that the label means."""

    TWO = (receiver("Search", namespace="search-*"), receiver("Recs", namespace=["recs", "rank*"]))

    def test_by_namespace_and_by_any_of_several(self):
        records = [record(1, name) for name in ("search-web", "recs", "ranking", "SEARCH-1", "research-1", None)]
        assert owners(pool("usage", *self.TWO), records) == ["Search", "Recs", "Recs", "Search", None, None]

    def test_the_first_receiver_that_matches_takes_the_record(self):
        both = (receiver("First", namespace="a*"), receiver("Second", namespace="ab*"))
        assert owners(pool("usage", *both), [record(1, "abc")]) == ["First"]
        assert owners(pool("usage", *both[::-1]), [record(1, "abc")]) == ["Second"]

    def test_by_label_trimmed(self):
        found = pool("usage", receiver("Search", label="front*"), *self.TWO[1:])
        records = [record(1, "x", label=" frontend "), record(1, "recs", label=None), record(1, "front", label="back")]
        assert owners(found, records) == ["Search", "Recs", None]

    def test_by_the_team_s_own_name_where_no_pattern_is_given(self):
        """``spelled`` knows that serach is Search; a label in other letters than the name is another team."""
        found = pool("usage", receiver("Search"), receiver("Recs"))
        records = [record(1, label=label) for label in ("Search", "Se-rach", "serach", "Recs", "recs", None, "")]
        spelled = {"serach": "Search", "search": "Search"}
        assert owners(found, records, spelled) == ["Search", "Search", "Search", "Recs", None, None, None]

    @pytest.mark.parametrize("pattern", [{"namespace": "web"}, {"label": "web"}])
    def test_a_receiver_with_a_pattern_is_found_by_the_pattern_alone(self, pattern):
        found = pool("usage", receiver("Search", **pattern))
        assert owners(found, [record(1, label="Search"), record(1, **pattern)]) == [None, "Search"]

    def test_without_receivers_every_labelled_team_receives(self):
        records = [record(1, label=label) for label in ("Search", "serach", " Ads ", "", None)]
        assert owners(pool(), records, {"serach": "Search"}) == ["Search", "Search", "Ads", None, None]

    def test_only_an_allocation_has_an_owner(self):
        """Idle, unallocated and unmounted capacity may carry a namespace and is nobody's all the same."""
        kinds = ["allocation", "idle", "unallocated", "unmounted"]
        found = pool("usage", *self.TWO)
        assert owners(found, [record(1, "recs", kind=kind) for kind in kinds]) == ["Recs", None, None, None]
        demands = demands_of(found, found.usage, Known(records=[record(1, "recs", kind=kind) for kind in kinds]), {})
        assert [one.idle for one in demands[FIVE]] == [False, True, False, False]


class TestDemands:
    """Records by period: what the pool's grain and driver ask for, and periods that cannot be known."""

    def test_a_record_keeps_its_hours_its_hour_and_its_node(self):
        found = pool("usage", receiver("Search", namespace="s"))
        (one,) = demands_of(found, found.usage, Known(records=[record(8, "s", hour=9, used=3, node="n1")]), {})[FIVE]
        assert (one.receiver, one.reserved, one.used, one.hour, one.node) == (SEARCH, 8, 3, 9, "n1")

    def test_days_stand_apart_and_a_month_holds_its_days(self):
        records = [record(1, day=FIVE), record(2, day=SIX), record(4, day=OCTOBER)]
        for over, expected in (
            ("day", {FIVE: [1], SIX: [2], OCTOBER: [4]}),
            ("month", {SEPTEMBER: [1, 2], OCTOBER: [4]}),
        ):
            found = pool("usage", over=over)
            by_period = demands_of(found, found.usage, Known(records=records), {})
            assert {period: [one.reserved for one in demands] for period, demands in by_period.items()} == expected

    def test_a_period_with_hours_unknown_is_left_out_whole(self):
        records = [record(8, day=FIVE), record(None, day=FIVE), record(8, day=FIVE), record(3, day=SIX)]
        found = pool()
        assert list(demands_of(found, found.usage, Known(records=records), {})) == [SIX]
        month = pool("usage", over="month")
        assert demands_of(month, month.usage, Known(records=records), {}) == {}

    @pytest.mark.parametrize(("driver", "hourly"), [("usage", False), ("quota", True), ("shapley", True)])
    def test_hours_are_asked_for_where_the_driver_looks_at_them(self, driver, hourly):
        found, facts = pool(driver, receiver("Search"), usage={"cluster": "ml", "of": "cpu"}), Known()
        demands_of(found, found.usage, facts, {})
        assert facts.asked == [("ml", "cpu", hourly)]


class TestQuotas:
    """A quota in units, or as a share of the capacity in the day's largest hour."""

    def test_units_and_shares_of_the_highest_capacity(self):
        """09:00 holds 8 + 8 and 10:00 8 + 24, idle included: 32. A quarter of it is 8; what says nothing has none."""
        found = pool("quota", receiver("Search", quota=5), receiver("Recs", quota=5, quota_share="0.25"), receiver("X"))
        records = [record(8, hour=9), record(8, hour=9, kind="idle"), record(8, hour=10),
                   record(24, hour=10, kind="idle")]  # fmt: skip
        day = demands_of(found, found.usage, Known(records=records), {})[FIVE]
        assert quotas_of(found.receivers, day) == {SEARCH: 5, RECS: 8, (("x_Team", "X"),): 0}

    def test_a_share_of_none_of_it_is_no_quota_though_units_are_stated(self):
        found = pool("quota", receiver("Search", quota=5, quota_share=0))
        assert quotas_of(found.receivers, []) == {SEARCH: 0}

    def test_without_hours_there_is_no_capacity_to_share(self):
        found = pool("quota", receiver("Search", quota_share=1))
        day = demands_of(found, found.usage, Known(records=[record(96)]), {})[FIVE]
        assert quotas_of(found.receivers, day) == {SEARCH: 0}


class TestEveryDriver:
    """One pool on 5 September: nodes of 8; at 09:00 Search reserves 16 and uses 4, Recs reserves and uses 8, idle 8."""

    RECORDS = (
        record(16, "search", hour=9, used=4), record(8, "recs", hour=9, used=8), record(8, hour=9, kind="idle", used=0),
    )  # fmt: skip
    TWO = (receiver("Search", namespace="search", share=3, quota=8), receiver("Recs", namespace="recs", share=1))

    def weights(self, driver, **more):
        facts = Known(records=list(self.RECORDS))
        return {
            (kind, team): weight for (_, _, kind, team), weight in taken(pool(driver, *self.TWO, **more), facts).items()
        }

    def test_hours_reserved(self):
        assert self.weights("usage") == {("shared", "Search"): 16, ("shared", "Recs"): 8, ("idle", None): 8}

    def test_hours_used(self):
        used = self.weights("usage", usage={"cluster": "ml", "basis": "used"})
        assert used == {("shared", "Search"): 4, ("shared", "Recs"): 8, ("idle", None): 12 + 8}

    def test_fixed_shares_and_even_parts_look_at_no_hours(self):
        assert self.weights("fixed") == {("shared", "Search"): 3, ("shared", "Recs"): 1}
        assert self.weights("even") == {("shared", "Search"): 1, ("shared", "Recs"): 1}

    def test_a_receiver_without_a_fixed_share_takes_nothing(self):
        found = pool("fixed", receiver("Search", share=1), receiver("Recs"))
        assert taken(found, Known()) == {(FIVE, "USD", "shared", "Search"): 1}

    def test_nodes_above_the_quota(self):
        """Three nodes; the quota of 8 pays one by 16 : 8 hours, two go by 8 : 8 above it; a fourth node idles."""
        assert self.weights("quota") == {
            ("shared", "Search"): Fraction(2, 3) + 1, ("shared", "Recs"): Fraction(1, 3) + 1, ("idle", None): 1,
        }  # fmt: skip

    def test_what_each_adds_to_the_peak(self):
        """Search alone needs two nodes and Recs one, together three; the fourth node idles."""
        assert self.weights("shapley") == {("shared", "Search"): 2, ("shared", "Recs"): 1, ("idle", None): 1}

    @pytest.mark.parametrize("driver", ["usage", "quota", "shapley"])
    def test_idle_by_shares_goes_three_to_one_and_stays_idle(self, driver):
        own, shared = self.weights(driver), self.weights(driver, idle="shares")
        whole = own.pop(("idle", None))
        assert (shared.pop(("idle", "Search")), shared.pop(("idle", "Recs"))) == (whole * 3 / 4, whole / 4)
        assert shared == own

    def test_idle_by_node_goes_to_those_on_the_node(self):
        """Recs alone is on node b, where 8 are idle; by cluster Search would take two thirds of them."""
        records = [record(16, "search", node="a"), record(8, "recs", node="b"), record(8, node="b", kind="idle")]
        for by, expected in (("node", {"Recs": 8}), ("cluster", {"Search": Fraction(16, 3), "Recs": Fraction(8, 3)})):
            found = taken(pool("usage", *self.TWO, idle="reserved", idle_by=by), Known(records=records))
            assert {team: weight for (_, _, kind, team), weight in found.items() if kind == "idle"} == expected

    def test_hours_behind_a_share_stand_beside_it(self):
        (search, recs, idle) = shares(pool("usage", *self.TWO), Known(records=list(self.RECORDS)), {})
        assert [(one.reserved, one.used) for one in (search, recs, idle)] == [(16, 4), (8, 8), (None, None)]

    def test_a_share_says_what_derives_from_its_receiver(self):
        derived = shares(pool("even", *self.TWO), Known(), {}, lambda values: {**values, "x_BusinessUnit": "Retail"})
        assert [one.values for one in derived] == [
            {"x_Team": "Search", "x_BusinessUnit": "Retail"}, {"x_Team": "Recs", "x_BusinessUnit": "Retail"},
        ]  # fmt: skip

    @pytest.mark.parametrize("driver", ["usage", "quota", "shapley"])
    def test_a_day_without_records_has_no_share_in_any_currency(self, driver):
        facts = Known(records=list(self.RECORDS), places=[(FIVE, "USD"), (FIVE, "EUR"), (SIX, "USD")])
        found = taken(pool(driver, *self.TWO), facts)
        assert {(day, currency) for day, currency, _, _ in found} == {(FIVE, "USD"), (FIVE, "EUR")}
        assert all(found[FIVE, "EUR", *rest] == found[FIVE, "USD", *rest] for _, _, *rest in found)

    @pytest.mark.parametrize("driver", ["fixed", "even"])
    def test_given_shares_hold_on_every_day(self, driver):
        facts = Known(places=[(FIVE, "USD"), (SIX, "EUR")])
        found = taken(pool(driver, *self.TWO), facts)
        assert {place[:2] for place in found} == {(FIVE, "USD"), (SIX, "EUR")}
        assert len(found) == 4


class TestDirect:
    """Direct cost of the receivers decides, per period and billing currency."""

    def cost(self, cost, team, *, period=SEPTEMBER, currency="USD", **more):
        return DirectCost(period, currency, {"x_Team": team, **more}, Decimal(cost))

    PLACES = ((SEPTEMBER, "USD"), (SEPTEMBER, "EUR"), (OCTOBER, "USD"))

    def found(self, *receivers, costs):
        facts = Known(list(self.PLACES), list(costs))
        return taken(pool("direct", *receivers), facts), facts.asked

    def test_every_team_by_its_cost_in_the_period_and_currency(self):
        found, asked = self.found(
            costs=[self.cost(30, "Search"), self.cost(10, "Recs"), self.cost(7, "Recs", currency="EUR")]
        )
        assert found == {
            (SEPTEMBER, "USD", "shared", "Search"): 30,
            (SEPTEMBER, "USD", "shared", "Recs"): 10,
            (SEPTEMBER, "EUR", "shared", "Recs"): 7,
        }
        assert asked == [(("x_Team",), Grain.MONTH), ("gpu", Grain.MONTH)]

    def test_several_rows_of_a_receiver_add_up_and_others_do_not_count(self):
        costs = [self.cost(30, "Search"), self.cost(5, "Search"), self.cost(10, "Recs"), self.cost(99, "Ads")]
        found, _ = self.found(receiver("Search"), receiver("Recs"), costs=costs)
        assert {team: weight for (*_, team), weight in found.items()} == {"Search": 35, "Recs": 10}

    def test_a_receiver_of_two_dimensions_needs_both(self):
        one = {"set": {"x_Team": "Search", "x_Model": "ranker"}}
        costs = [self.cost(3, "Search", x_Model="ranker"), self.cost(50, "Search", x_Model="other"),
                 self.cost(60, "Ads", x_Model="ranker")]  # fmt: skip
        found, asked = self.found(one, costs=costs)
        assert list(found.values()) == [3]
        assert asked[0] == (("x_Team", "x_Model"), Grain.MONTH)

    def test_a_wide_receiver_and_a_narrow_one_each_see_their_own_cost(self):
        """Search's ranker costs 3 of Search's 10: weights 10 and 3."""
        narrow = {"set": {"x_Team": "Search", "x_Model": "ranker"}}
        costs = [self.cost(3, "Search", x_Model="ranker"), self.cost(7, "Search", x_Model=None)]
        found = [
            one.weight for one in shares(pool("direct", receiver("Search"), narrow), Known([*self.PLACES], costs), {})
        ]
        assert found == [10, 3]

    def test_credits_that_outweigh_a_receiver_leave_it_out(self):
        found, _ = self.found(costs=[self.cost(5, "Search"), self.cost(-8, "Search"), self.cost(2, "Recs")])
        assert {team for *_, team in found} == {"Recs"}


HOURS = st.lists(
    st.builds(
        record,
        st.decimals(0, 40, places=1), st.sampled_from(["search", "recs", "other"]), hour=st.integers(0, 2),
        kind=st.sampled_from(["allocation", "allocation", "idle", "unmounted"]), used=st.integers(0, 9),
        node=st.sampled_from("ab"),
    ),
    max_size=6,
)  # fmt: skip
METHODS = ["usage", "fixed", "even", "quota", "shapley"]


class TestConservation:
    """Whatever the records: a pool's cost is all charged, to somebody, to idle or to nobody."""

    TWO = TestEveryDriver.TWO

    @settings(max_examples=12)
    @given(HOURS, st.decimals(-1000, 1000, places=18), st.sampled_from(["own line", "reserved", "shares"]))
    @pytest.mark.parametrize("driver", METHODS)
    def test_charges_of_the_shares_make_the_cost(self, driver, records, cost, idle):
        found = list(shares(pool(driver, *self.TWO, idle=idle), Known(records=records), {}))
        assert all(one.weight > 0 for one in found)
        if found:
            assert exact_sum(parts(cost, [one.weight for one in found])) == cost
        else:
            assert driver in ("usage", "quota", "shapley")

    @settings(max_examples=12)
    @given(HOURS)
    @pytest.mark.parametrize("driver", ["usage", "quota", "shapley"])
    def test_the_order_of_the_records_charges_nobody_more(self, driver, records):
        found = pool(driver, *self.TWO)
        orders = list(permutations(records[:3]))[:4]
        answers = [taken(found, Known(records=[*order, *records[3:]])) for order in orders]
        assert all(one == other for one, other in pairwise(answers))

    @settings(max_examples=12)
    @given(HOURS)
    @pytest.mark.parametrize("driver", ["usage", "quota", "shapley"])
    def test_idle_is_a_line_of_its_own_and_its_policy_moves_nothing_else(self, driver, records):
        own = taken(pool(driver, *self.TWO), Known(records=records))
        moved = taken(pool(driver, *self.TWO, idle="shares"), Known(records=records))
        assert {place for place in own if place[2] == "idle"} <= {(FIVE, "USD", "idle", None)}
        assert {p: w for p, w in own.items() if p[2] != "idle"} == {p: w for p, w in moved.items() if p[2] != "idle"}
        assert sum(own.values()) == sum(moved.values())

    def test_shares_that_no_one_agreed_are_not_taken_for_an_idle_policy(self):
        """A receiver without a share is no party to idle capacity: the eight hours are all Search's."""
        found = pool("usage", receiver("Search", namespace="search", share=1), receiver("Recs", namespace="recs"))
        demands = demands_of(found, found.usage, Known(records=list(TestEveryDriver.RECORDS)), {})[FIVE]
        shared = found.model_copy(update={"idle": "shares"})
        idle = [one for one in portions_of(shared, shared.usage, demands) if one.kind == "idle"]
        assert [(one.receiver, one.weight) for one in idle] == [(SEARCH, 8)]
