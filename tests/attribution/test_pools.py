"""Pools of the rule file: the period of their shares, what they match as SQL, and where a form is just allowed."""

from __future__ import annotations

import pytest

from costlib.attribution.conditions import like, matches, tag
from costlib.attribution.pools import MOST_PLAYERS, Pool, Receiver, check_pools
from costlib.errors import RuleError
from costlib.periods import Grain

USAGE = {"cluster": "ml"}


def teams(count, **more):
    return [{"set": {"x_Team": f"T{number}"}, **more} for number in range(count)]


def pool(driver="even", **more):
    """A sound pool of two receivers, changed as a test needs."""
    needs = {"usage": USAGE} if driver in ("usage", "quota", "shapley") else {}
    shares = {"share": 1} if driver == "fixed" else {}
    given = {"name": "p", "match": {"ServiceName": "S"}, "driver": driver, "receivers": teams(2, **shares)}
    return Pool.model_validate(given | needs | more)


class TestPeriod:
    """One set of shares holds for a day, for a month by direct cost, or as the file says."""

    @pytest.mark.parametrize(
        ("driver", "over", "grain"),
        [
            ("usage", None, Grain.DAY), ("even", None, Grain.DAY), ("fixed", None, Grain.DAY),
            ("direct", None, Grain.MONTH), ("direct", "day", Grain.DAY), ("usage", "month", Grain.MONTH),
            ("quota", None, Grain.DAY), ("shapley", "day", Grain.DAY),
        ],
    )  # fmt: skip
    def test_what_a_driver_is_over(self, driver, over, grain):
        assert pool(driver, **({"over": over} if over else {})).grain is grain

    @pytest.mark.parametrize("driver", ["quota", "shapley"])
    def test_a_month_has_no_peak_hour(self, driver):
        with pytest.raises(ValueError, match=f"the driver {driver} is over: day"):
            pool(driver, over="month")


class TestMatch:
    """The condition of a pool: entries side by side all hold, entries of a list any of them."""

    def condition(self, engine, found, **columns):
        """Whether a row with these columns is the pool's."""
        row = {"ServiceName": None, "RegionId": None, "x_Team": None} | columns
        given = ", ".join(f"?::VARCHAR AS {name}" for name in row)
        return engine.execute(f"SELECT {found.condition} FROM (SELECT {given})", list(row.values())).fetchall() == [
            (True,)
        ]

    def test_side_by_side_all_hold(self, engine):
        found = pool(match={"ServiceName": "S*", "RegionId": ["eu*", "us*"]})
        assert self.condition(engine, found, ServiceName="Servers", RegionId="us-1")
        assert not self.condition(engine, found, ServiceName="Servers", RegionId="ap-1")
        assert not self.condition(engine, found, ServiceName="Other", RegionId="us-1")
        assert not self.condition(engine, found, ServiceName="Servers")

    def test_of_a_list_any_holds(self, engine):
        found = pool(match=[{"ServiceName": "A", "RegionId": "eu"}, {"x_Team": "Support"}])
        assert self.condition(engine, found, ServiceName="A", RegionId="eu")
        assert self.condition(engine, found, ServiceName="B", x_Team="support")
        assert not self.condition(engine, found, ServiceName="A", RegionId="us")

    def test_an_empty_pattern_is_what_is_not_there(self, engine):
        found = pool(match={"x_Team": ""})
        assert self.condition(engine, found) and not self.condition(engine, found, x_Team="Search")

    def test_an_entry_that_names_nothing_takes_nothing(self, engine):
        """An empty mapping is no word for the whole bill; beside a real one, that one counts."""
        assert not self.condition(engine, pool(match={}), ServiceName="A", x_Team="T")
        either = pool(match=[{}, {"ServiceName": "A"}])
        assert self.condition(engine, either, ServiceName="A") and not self.condition(engine, either, ServiceName="B")


class TestForm:
    """What is just allowed, next to what is just refused."""

    def test_shapley_values_of_ten_and_not_of_eleven(self):
        assert len(pool("shapley", receivers=teams(MOST_PLAYERS)).receivers) == MOST_PLAYERS == 10
        with pytest.raises(ValueError, match="groups of at most 10"):
            pool("shapley", receivers=teams(11))
        assert len(pool("even", receivers=teams(11)).receivers) == 11

    @pytest.mark.parametrize("driver", ["usage", "quota", "shapley"])
    def test_a_measured_driver_needs_its_records(self, driver):
        with pytest.raises(ValueError, match=f"the driver {driver} needs usage: with the cluster"):
            pool(driver, usage=None)

    @pytest.mark.parametrize(
        ("driver", "needed"),
        [("even", True), ("fixed", True), ("quota", True), ("shapley", True), ("usage", False), ("direct", False)],
    )
    def test_who_needs_receivers(self, driver, needed):
        if needed:
            with pytest.raises(ValueError, match=f"the driver {driver} needs receivers"):
                pool(driver, receivers=[])
        else:
            assert pool(driver, receivers=[]).receivers == []

    def test_one_share_of_more_than_nought_is_enough(self):
        some = [*teams(1), {"set": {"x_Team": "B"}, "share": 0}, {"set": {"x_Team": "C"}, "share": "0.01"}]
        assert pool("fixed", receivers=some).driver == "fixed"
        for wrong in (some[:1], some[:2]):
            with pytest.raises(ValueError, match="share of more than 0"):
                pool("fixed", receivers=wrong)

    @pytest.mark.parametrize("driver", ["usage", "even", "fixed"])
    def test_idle_by_shares_needs_shares_whatever_the_driver(self, driver):
        assert pool(driver, idle="shares", receivers=teams(2, share=1)).idle == "shares"
        with pytest.raises(ValueError, match="share of more than 0"):
            pool(driver, idle="shares", receivers=teams(2))

    def test_two_receivers_that_set_the_same_in_another_order_are_the_same(self):
        one, other = {"x_Team": "A", "x_Model": "m"}, {"x_Model": "m", "x_Team": "A"}
        with pytest.raises(ValueError, match="two receivers set the same"):
            pool(receivers=[{"set": one}, {"set": other}])
        assert Receiver(set=one).key == Receiver(set=other).key == (("x_Model", "m"), ("x_Team", "A"))

    def test_one_team_with_two_models_is_two_receivers(self):
        two = [{"set": {"x_Team": "A", "x_Model": model}} for model in "mn"]
        assert len({one.key for one in pool(receivers=two).receivers}) == 2

    @pytest.mark.parametrize("value", [-1, "nan", "inf"])
    @pytest.mark.parametrize("name", ["quota", "quota_share", "share"])
    def test_weights_are_numbers_from_nought(self, name, value):
        with pytest.raises(ValueError, match=name):
            Receiver.model_validate({"set": {"x_Team": "A"}, name: value})
        assert getattr(Receiver.model_validate({"set": {"x_Team": "A"}, name: 0}), name) == 0

    def test_what_a_file_leaves_out(self):
        """A pool by use takes GPU hours reserved, on nodes of one unit, idle a line of its own over the cluster."""
        found = pool("usage")
        assert found.usage is not None
        assert (found.usage.of, found.usage.basis, found.usage.node_size) == ("gpu", "reserved", 1)
        assert (found.idle, found.idle_by, found.over) == ("own line", "cluster", None)
        plain = found.receivers[0]
        assert (plain.quota, plain.quota_share, plain.share, plain.namespace, plain.label) == (0, None, None, [], [])


class TestNames:
    """Columns and dimensions of pools, and their own names."""

    def test_a_pool_may_look_at_what_the_rules_found(self):
        check_pools([pool(match={"x_Team": "A", "ServiceName": "S", "tag:app": "x"})], "rules.yaml")

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"match": {"x_Taem": "A"}}, "rules.yaml, shared p: there is no x_Taem"),
            ({"match": [{"ServiceName": "S"}, {"EffectiveCost": "1"}]}, "there is no EffectiveCost"),
            ({"receivers": [{"set": {"x_Team": "A", "ServiceName": "S"}}]}, "shared p: there is no ServiceName"),
        ],
    )
    def test_what_there_is_not_is_named(self, changes, said):
        with pytest.raises(RuleError, match=said):
            check_pools([pool(**changes)], "rules.yaml")

    def test_each_name_once(self):
        with pytest.raises(RuleError, match="there is no second pool p"):
            check_pools([pool(), pool(name="q"), pool()], "rules.yaml")
        check_pools([pool(), pool(name="q")], "rules.yaml")


class TestConditions:
    """The pieces of SQL that conditions are made of."""

    @pytest.mark.parametrize(
        ("pattern", "read"), [("a*b", "a%b"), ("10%", "10\\%"), ("a_b", "a\\_b"), ("a\\*", "a\\\\%"), ("", "")]
    )
    def test_only_a_star_is_a_wildcard(self, pattern, read):
        assert like(pattern) == read

    def test_any_of_several_patterns(self):
        assert matches("ServiceName", ["a", ""]) == "(ServiceName ILIKE 'a' ESCAPE '\\' OR ServiceName IS NULL)"

    def test_one_tag_is_its_value_and_of_several_the_first_that_is_there(self, engine):
        for tags, expected in (({"a": "1", "b": "2"}, "1"), ({"a": " ", "b": " 2 "}, "2"), ({}, None)):
            given = "MAP {" + ", ".join(f"'{key}': '{value}'" for key, value in tags.items()) + "}"
            found = engine.execute(f"SELECT {tag(['a', 'b'])} FROM (SELECT {given} AS Tags)").fetchall()
            assert found == [(expected,)]
            alone = engine.execute(f"SELECT {tag(['a'])} FROM (SELECT {given} AS Tags)").fetchall()
            assert alone == [((tags.get("a") or "").strip() or None,)]
