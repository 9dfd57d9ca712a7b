"""Shared cost cut in the cube: direct + shared + idle + unallocated = the bill, whatever the bill and the driver."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costlib.focus import COST_KINDS, DAY, LINE_ITEMS, MEASURES, TAGS
from costlib.store.usage import write_records
from tests.builders import base_rows, built, ruleset, usage_record

TEAM = {"name": "team tag", "set": {"x_Team": {"tag": ["team"]}}}
RECEIVERS = [
    {"set": {"x_Team": "Search"}, "namespace": "search*", "share": "0.6", "quota": 4},
    {"set": {"x_Team": "Recs"}, "namespace": "recs*", "share": "0.3999999999", "quota": 4},
    {"set": {"x_Team": "Tiny"}, "namespace": "tiny", "share": "0.0000000001"},
]
USAGE = {"cluster": "gpu", "node_size": 8}
POOL = {"name": "gpu", "match": {"ServiceName": "Cluster"}, "receivers": RECEIVERS}
FIVE, SIX = date(2026, 9, 5), date(2026, 9, 6)


def pool(driver, **more):
    usage = {"usage": USAGE} if driver in ("usage", "shapley", "quota") else {}
    return {**POOL, "driver": driver, **usage, **more}


def rules(*pools, **more):
    return ruleset(TEAM, shared=list(pools), **more)


def sums(connection, by, where="TRUE", measure="EffectiveCost", table="cube"):
    rows = connection.execute(f"SELECT {by}, SUM({measure}) FROM {table} WHERE {where} GROUP BY ALL").fetchall()
    return {row[:-1] if len(row) > 2 else row[0]: row[-1] for row in rows}


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Usage on 5 September by the hour and on the 6th by the day; none on the 7th.

    5th, 09:00: Search 8, Recs 4, idle 4; 10:00: Search 8, Recs 16 of which 2 are tiny's, idle 0.
    6th: Search 96 of which 48 are used, Recs 48, unknown 24, idle 24.
    """
    path = tmp_path_factory.mktemp("usage") / "usage.parquet"
    hours = [
        (9, "search", 8, 6), (9, "recs-a", 4, 4), (10, "search", 8, 8), (10, "recs-a", 14, 10), (10, "tiny", 2, 1),
    ]  # fmt: skip
    days = [("search", 96, 48), ("recs-a", 48, 48), ("kube-system", 24, 24)]
    found = [usage_record(hour=h, namespace=n, gpu_reserved=Decimal(r), gpu_used=Decimal(u)) for h, n, r, u in hours]
    found += [usage_record(day=SIX, namespace=n, gpu_reserved=Decimal(r), gpu_used=Decimal(u)) for n, r, u in days]
    quiet = {"namespace": None, "kind": "idle", "gpu_used": Decimal(0)}
    found += [usage_record(hour=9, gpu_reserved=Decimal(4), **quiet)]
    found += [usage_record(day=SIX, gpu_reserved=Decimal(24), **quiet)]
    found += [usage_record(namespace="search", gpu_reserved=Decimal(999))]  # the whole 5th, known by the hour already
    write_records(found, path)
    return [path]


def cluster(cost, day=FIVE, **more):
    return {"ServiceName": "Cluster", DAY: day, "EffectiveCost": Decimal(cost), **more}


class TestHandWorked:
    def test_fixed_shares(self, records):
        with built(base_rows(cluster(1000)), rules(pool("fixed")), records) as cube:
            found = sums(cube, "x_Team")
        near = {team: round(cost, 9) for team, cost in found.items()}
        assert near == {"Search": 600, "Recs": Decimal("399.9999999"), "Tiny": Decimal("0.0000001")}
        assert sum(found.values()) == 1000

    def test_even(self, records):
        with built(base_rows(cluster(10)), rules(pool("even")), records) as cube:
            found = sums(cube, "x_Team")
        assert {round(cost, 12) for cost in found.values()} == {Decimal("3.333333333333")}
        assert sum(found.values()) == 10

    def test_direct_cost_of_the_month_in_the_same_currency(self, records):
        own = [
            {TAGS: {"team": "Search"}, "EffectiveCost": Decimal(30), DAY: date(2026, 9, 1)},
            {TAGS: {"team": "Recs"}, "EffectiveCost": Decimal(10), DAY: date(2026, 9, 30)},
            {TAGS: {"team": "Other"}, "EffectiveCost": Decimal(60)},
            {TAGS: {"team": "Recs"}, "EffectiveCost": Decimal(99), "BillingCurrency": "EUR"},
        ]
        support = [cluster(8), cluster(8, BillingCurrency="EUR")]
        with built(base_rows(*own, *support), rules(pool("direct")), records) as cube:
            assert sums(cube, "BillingCurrency, x_Team", "x_CostKind = 'shared'") == {
                ("USD", "Search"): 6, ("USD", "Recs"): 2, ("EUR", "Recs"): 8,
            }  # fmt: skip

    def test_direct_cost_of_every_team_where_none_is_named(self):
        own = [{TAGS: {"team": team}, "EffectiveCost": Decimal(cost)} for team, cost in (("A", 3), ("B", 1))]
        everyone = {"name": "support", "match": {"ServiceName": "Cluster"}, "driver": "direct"}
        with built(base_rows(*own, cluster(8)), rules(everyone)) as cube:
            assert sums(cube, "x_Team", "x_Pool = 'support'") == {"A": 6, "B": 2}

    def test_usage_by_hours_reserved_with_idle_and_the_unknown(self, records):
        with built(base_rows(cluster(192, SIX)), rules(pool("usage")), records) as cube:
            assert sums(cube, "x_CostKind, x_Team") == {
                ("shared", "Search"): 96, ("shared", "Recs"): 48, ("unallocated", None): 24, ("idle", None): 24,
            }  # fmt: skip

    def test_usage_by_hours_used(self, records):
        used = pool("usage", usage={**USAGE, "basis": "used"})
        with built(base_rows(cluster(192, SIX)), rules(used), records) as cube:
            assert sums(cube, "x_CostKind, x_Team")["idle", None] == 48 + 24

    def test_idle_to_those_who_reserved(self, records):
        with built(base_rows(cluster(192, SIX)), rules(pool("usage", idle="reserved")), records) as cube:
            assert sums(cube, "x_CostKind, x_Team") == {
                ("shared", "Search"): 96, ("shared", "Recs"): 48, ("unallocated", None): 24,
                ("idle", "Search"): 16, ("idle", "Recs"): 8,
            }  # fmt: skip

    def test_a_day_known_by_the_hour_does_not_count_its_daily_record(self, records):
        """16 + 18 + 2 + 4 idle = 40 GPU hours at 1 USD."""
        with built(base_rows(cluster(40)), rules(pool("usage")), records) as cube:
            assert sums(cube, "x_CostKind, x_Team") == {
                ("shared", "Search"): 16, ("shared", "Recs"): 18, ("shared", "Tiny"): 2, ("idle", None): 4,
            }  # fmt: skip

    def test_quota(self, records):
        """Peak 24 of 8 a node: 3 nodes. Quotas of 8 pay 1, by hours 16:18:2; 2 nodes by 4 : 10 : 2 above quota."""
        with built(base_rows(cluster(36 * 16 * 3)), rules(pool("quota")), records) as cube:
            found = sums(cube, "x_Team")
        assert {team: round(cost, 9) for team, cost in found.items()} == {"Search": 544, "Recs": 1008, "Tiny": 176}

    def test_shapley(self, records):
        """Nodes: S 1, R 2, T 1; S+R 3, S+T 2, R+T 2; all 3. Adding up the six orders: S 6, R 9, T 3 of 18."""
        with built(base_rows(cluster(18)), rules(pool("shapley")), records) as cube:
            assert sums(cube, "x_Team") == {"Search": 6, "Recs": 9, "Tiny": 3}

    @pytest.mark.parametrize("driver", ["usage", "quota", "shapley"])
    def test_a_day_without_usage_stays_unallocated_and_in_its_pool(self, records, driver):
        day = cluster(5, date(2026, 9, 7), BillingAccountName="x")
        with built(base_rows(day), rules(pool(driver)), records) as cube:
            assert sums(cube, "x_Pool, x_CostKind, x_Team") == {("gpu", "unallocated", None): 5}

    @pytest.mark.parametrize("driver", ["quota", "shapley"])
    def test_a_driver_by_the_hour_does_not_guess_from_a_day(self, records, driver):
        with built(base_rows(cluster(5, SIX)), rules(pool(driver)), records) as cube:
            assert sums(cube, "x_CostKind") == {"unallocated": 5}

    def test_hours_that_are_unknown_are_not_guessed(self, tmp_path):
        write_records([usage_record(), usage_record(namespace="recs", gpu_reserved=None)], tmp_path / "u.parquet")
        with built(base_rows(cluster(5)), rules(pool("usage")), [tmp_path / "u.parquet"]) as cube:
            assert sums(cube, "x_CostKind") == {"unallocated": 5}


class TestWhoAndWhat:
    def test_the_first_pool_that_matches_takes_the_row_whoever_had_it(self):
        first = {"name": "first", "match": [{"x_Team": "Search"}, {"ServiceName": "A*"}], "driver": "even",
                 "receivers": [{"set": {"x_Team": "X"}}]}  # fmt: skip
        second = {**first, "name": "second", "match": {"ServiceName": "*"}, "receivers": [{"set": {"x_Team": "Y"}}]}
        rows = [{TAGS: {"team": "Search"}, "ServiceName": "B"}, {"ServiceName": "Ab"}, {"ServiceName": "B"}, {}]
        with built(base_rows(*rows), rules(first, second)) as cube:
            found = cube.execute(f"SELECT x_Pool, x_Team, SUM({LINE_ITEMS}) FROM cube GROUP BY ALL").fetchall()
        assert set(found) == {("first", "X", 2), ("second", "Y", 1), (None, None, 1)}

    def test_an_empty_pattern_is_a_value_that_is_not_there(self):
        untagged = {"name": "untagged", "match": {"x_Team": ""}, "driver": "even",
                    "receivers": [{"set": {"x_Team": "X"}}]}  # fmt: skip
        with built(base_rows({TAGS: {"team": "Search"}}, {}), rules(untagged)) as cube:
            assert sums(cube, "x_Team, x_CostKind") == {
                ("Search", "direct"): Decimal("1.25"), ("X", "shared"): Decimal("1.25"),
            }  # fmt: skip

    def test_what_derives_from_the_team_goes_with_it(self, records):
        derive = [{"set": "x_BusinessUnit", "from": "x_Team", "values": {"Old": "Tech", "Search": "Retail"}}]
        one = pool("usage", receivers=RECEIVERS[:2])
        rows = base_rows(cluster(192, SIX, **{TAGS: {"team": "Old"}}), cluster(1, SIX))
        with built(rows, rules(one, derive=derive), records) as cube:
            found = sums(cube, "x_Team, x_BusinessUnit")
        assert set(found) == {("Search", "Retail"), ("Recs", None), (None, None)}

    def test_receivers_by_team_label_cleaned_like_a_tag(self, tmp_path):
        marked = [
            usage_record(label=" SERACH "),
            usage_record(namespace="x", label="Recs"),
            usage_record(namespace="y"),
        ]
        write_records(marked, tmp_path / "u.parquet")
        one = {**pool("usage"), "receivers": []}
        spelled = rules(one, names={"x_Team": {"Search": ["serach"]}})
        with built(base_rows(cluster(3)), spelled, [tmp_path / "u.parquet"]) as cube:
            assert sums(cube, "x_Team") == {"Search": 1, "Recs": 1, None: 1}

    def test_resources_below_the_cube_are_cut_alike(self, records):
        rows = [cluster(192, SIX, ResourceId="i-1"), cluster(96, SIX, ResourceId="i-2")]
        with built(base_rows(*rows), rules(pool("usage")), records) as cube:
            found = sums(cube, "ResourceId", "x_Team = 'Search'", table="resource_parts")
            assert found == {"i-1": 96, "i-2": 48}
            assert sums(cube, "ResourceId", table="resource_days") == {"i-1": 192, "i-2": 96}


class TestPoolDays:
    def test_both_bases_side_by_side(self, records):
        with built(base_rows(cluster(192, SIX)), rules(pool("usage")), records) as cube:
            found = cube.execute(
                "SELECT x_CostKind, x_Team, EffectiveCost, x_CostByUse, x_UnusedReservation, x_Reserved, x_Used "
                "FROM pool_days"
            ).fetchall()
        assert set(found) == {
            ("shared", "Search", 192 // 2, 48, 48, 96, 48),
            ("shared", "Recs", 48, 48, 0, 48, 48),
            ("unallocated", None, 24, None, None, 24, 24),
            ("idle", None, 24, None, None, None, None),
        }

    def test_a_driver_by_the_month_has_days_too(self):
        own = {TAGS: {"team": "A"}, "EffectiveCost": Decimal(3)}
        everyone = {"name": "support", "match": {"ServiceName": "Cluster"}, "driver": "direct"}
        with built(base_rows(own, cluster(8), cluster(1, SIX)), rules(everyone)) as cube:
            assert sums(cube, f"{DAY}", table="pool_days") == {FIVE: 8, SIX: 1}


MONEY = st.one_of(
    st.none(),
    st.sampled_from([Decimal(text) for text in ("0", "1e-18", "-0.01", "12345678901234567.891234567890123456")]),
    st.decimals(-1000, 1000, places=18),
)
ROW = st.fixed_dictionaries(
    {
        DAY: st.sampled_from([FIVE, SIX, date(2026, 9, 7)]),
        "BillingAccountId": st.sampled_from("12"),
        "BillingCurrency": st.sampled_from(["USD", "EUR"]),
        "ServiceName": st.sampled_from(["Cluster", "Support", "Other", None]),
        TAGS: st.sampled_from([None, {"team": "Search"}, {"team": "Recs"}]),
        LINE_ITEMS: st.integers(1, 7),
        **dict.fromkeys(MEASURES, MONEY),
    }
)
DRIVERS = ["usage", "direct", "fixed", "even", "shapley", "quota"]
SUPPORT = {"name": "support", "match": {"ServiceName": "Support"}, "driver": "direct"}
PLACES = (DAY, "BillingAccountId", "BillingCurrency", "ServiceName")


class TestConservation:
    @settings(max_examples=7, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(rows=st.lists(ROW, min_size=1, max_size=12), idle=st.sampled_from(["own line", "reserved", "shares"]))
    @pytest.mark.parametrize("driver", DRIVERS)
    def test_the_four_kinds_make_the_bill_under_any_filter(self, records, driver, rows, idle):
        with built(base_rows(*rows), rules(pool(driver, idle=idle), SUPPORT), records) as cube:
            for measure in (*MEASURES, LINE_ITEMS):
                assert sums(cube, "x_CostKind", measure=measure).keys() <= set(COST_KINDS)
                for count in range(len(PLACES) + 1):
                    by = ", ".join(PLACES[:count]) or "1"
                    whole = sums(cube, by, measure=measure, table="given")
                    assert sums(cube, by, measure=measure) == whole, measure
                assert total_of(sums(cube, "1", measure=measure, table="resource_parts")) == total_of(
                    sums(cube, "1", measure=measure, table="given")
                )
            unknown = f"SUM({LINE_ITEMS}) FILTER (WHERE EffectiveCost IS NULL)"
            assert (
                cube.execute(f"SELECT {unknown} FROM cube").fetchall()
                == cube.execute(f"SELECT {unknown} FROM given").fetchall()
            )

    @settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(rows=st.lists(ROW, min_size=1, max_size=10))
    def test_the_days_of_a_pool_make_its_bill(self, records, rows):
        with built(base_rows(*rows), rules(pool("usage"), SUPPORT), records) as cube:
            by = f"x_Pool, {DAY}, BillingCurrency"
            assert sums(cube, by, table="pool_days") == sums(cube, by, "x_Pool IS NOT NULL")

    def test_no_team_gains_or_loses_by_the_way_rows_are_grouped(self, records):
        """A hundred nodes of a cent or the same dollar on one node: alike to a billionth of a cent."""
        many = base_rows(*(cluster("0.01", SIX, ResourceId=f"i-{n}", SubAccountId=str(n % 7)) for n in range(100)))
        with built(many, rules(pool("usage")), records) as cube:
            one = sums(cube, "x_Team")
        with built(base_rows(cluster(1, SIX)), rules(pool("usage")), records) as cube:
            other = sums(cube, "x_Team")
        assert all(abs(one[team] - other[team]) < Decimal("1e-11") for team in other)

    def test_kinds_and_filters_of_the_row_commute(self, records):
        rows = [cluster(7, day, BillingAccountId=account) for day, account in product((FIVE, SIX), "12")]
        with built(base_rows(*rows), rules(pool("usage")), records) as cube:
            apart = [sums(cube, "x_CostKind", f"BillingAccountId = '{one}'") for one in "12"]
            together = sums(cube, "x_CostKind")
        assert {kind: sum(part.get(kind, 0) for part in apart) for kind in together} == together


def total_of(found):
    return next(iter(found.values()))
