"""What two teams agree on, as changes of the rule file: only what was agreed changes, and only in its own pool."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.attribution.pools import Pool, Receiver
from costlib.attribution.rule_file import rules_of_text
from costlib.briefs.words.dispute import DRIVERS, IDLE_NAMES, SPLIT_NAMES
from costlib.errors import InputError
from tests.shared_cluster import RULES
from ui.dispute.agreement import Offer, percent, quota_percent
from ui.rules.pools import ways_of, with_terms

OTHER = """  - name: lake
    match: {ServiceName: Lake}
    driver: even
    receivers:
      - {set: {x_Team: Search}, share: 0.3}
      - {set: {x_Team: Recs}, share: 0.7}
"""
TWO = RULES + OTHER
SHARED = RULES.replace("quota_share: 0.5}", "quota_share: 0.5, share: 1}")


def pool(text: str, name: str) -> Pool:
    return next(one for one in rules_of_text(text).shared if one.name == name)


def pools(text: str) -> dict[str, Pool]:
    return {one.name: one for one in rules_of_text(text).shared}


class TestOffer:
    def test_what_holds_already_changes_nothing(self) -> None:
        now = Offer("reserved", "own line", {"Search": 50.0, "Recs": 25.0}, {"Search": 0.0, "Recs": 0.0})
        assert now.text(RULES, pool(RULES, "gpu")) == RULES

    def test_a_quota_is_kept_as_a_share_and_the_others_as_they_were(self) -> None:
        agreed = pool(Offer("reserved", "own line", {"Search": 40.0}).text(RULES, pool(RULES, "gpu")), "gpu")
        assert [str(one.quota_share) for one in agreed.receivers] == ["0.4", "0.25"]

    def test_nothing_can_be_agreed_too(self) -> None:
        agreed = pool(Offer("reserved", "own line", {"Recs": 0.0}).text(RULES, pool(RULES, "gpu")), "gpu")
        assert [one.quota_share for one in agreed.receivers] == [pool(RULES, "gpu").receivers[0].quota_share, 0]

    def test_shares_of_both_by_name_whatever_their_order(self) -> None:
        agreed = pool(
            Offer("fixed", "own line", {}, {"Recs": 12.5, "Search": 87.5}).text(TWO, pool(TWO, "lake")), "lake"
        )
        assert [(one.set["x_Team"], str(one.share)) for one in agreed.receivers] == [
            ("Search", "0.875"),
            ("Recs", "0.125"),
        ]
        assert agreed.driver == "fixed"

    def test_only_the_pool_in_dispute_changes(self) -> None:
        text = Offer("even", "reserved", {}, {"Search": 10.0, "Recs": 90.0}).text(TWO, pool(TWO, "lake"))
        assert pools(text)["gpu"] == pools(TWO)["gpu"]
        assert (pools(text)["lake"].driver, pools(text)["lake"].idle) == ("even", "reserved")

    def test_a_pool_that_the_file_does_not_hold_is_refused_and_no_other_is_changed(self) -> None:
        elsewhere = pool(TWO, "lake").model_copy(update={"name": "renamed since"})
        with pytest.raises(InputError, match="no pool called renamed since"):
            Offer("even", "own line").text(TWO, elsewhere)
        with pytest.raises(InputError, match="no pool called renamed since"):
            with_terms(TWO, elsewhere, "even", "reserved")

    @settings(max_examples=25)
    @given(st.integers(0, 10**6))
    def test_a_share_in_per_cent_comes_back_as_it_was_agreed(self, millionths: int) -> None:
        agreed = millionths / 10_000
        made = pool(Offer("fixed", "own line", {}, {"Search": agreed}).text(TWO, pool(TWO, "lake")), "lake")
        assert percent(made.receivers[0].share) == pytest.approx(agreed, abs=1e-9)


class TestTerms:
    @pytest.mark.parametrize("way", list(SPLIT_NAMES))
    def test_every_way_is_written_as_its_driver_and_its_hours(self, way: str) -> None:
        changed = pool(with_terms(SHARED, pool(SHARED, "gpu"), way, "own line"), "gpu")
        driver, basis = DRIVERS[way]
        assert changed.driver == driver and changed.usage is not None
        assert changed.usage.basis == (basis or "reserved")

    def test_from_used_hours_back_to_reserved_ones(self) -> None:
        used = with_terms(SHARED, pool(SHARED, "gpu"), "used", "own line")
        back = pool(with_terms(used, pool(used, "gpu"), "reserved", "own line"), "gpu")
        assert back == pool(SHARED, "gpu")

    @pytest.mark.parametrize("idle", list(IDLE_NAMES))
    def test_every_policy_for_idle_capacity(self, idle: str) -> None:
        assert pool(with_terms(SHARED, pool(SHARED, "gpu"), "reserved", idle), "gpu").idle == idle


class TestWays:
    def test_by_hours_only_where_hours_are_measured(self) -> None:
        measured, lake = ways_of(pool(TWO, "gpu")), ways_of(pool(TWO, "lake"))
        assert {"reserved", "used"} <= set(measured) and "fixed" not in measured
        assert set(lake) == {"fixed", "even", "direct"}

    def test_in_the_order_of_the_list_and_each_once(self) -> None:
        for name in ("gpu", "lake"):
            ways = ways_of(pool(TWO, name))
            assert ways == [way for way in SPLIT_NAMES if way in set(ways)]

    def test_without_receivers_not_even(self) -> None:
        alone = Pool.model_validate({"name": "all", "match": {"ServiceName": "Lake"}, "driver": "direct"})
        assert ways_of(alone) == ["direct"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"quota_share": "0.25"}, 25.0),
        ({"quota_share": "0"}, 0.0),
        ({}, 0.0),
        ({"quota": 8}, None),
        ({"quota": 8, "quota_share": "0.5"}, 50.0),
        ({"quota_share": "0.333333"}, 33.3333),
    ],
)
def test_a_quota_in_units_is_not_shown_as_a_share(given: dict[str, object], shown: float | None) -> None:
    assert quota_percent(Receiver.model_validate({"set": {"x_Team": "Search"}, **given})) == shown
