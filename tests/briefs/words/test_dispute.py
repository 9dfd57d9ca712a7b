"""Words of disputes: every way to split has its name and its entries, and a finding says only what is known."""

from __future__ import annotations

from decimal import Decimal as D
from typing import get_args

import pytest

from costlib.attribution.pools import Driver, IdlePolicy
from costlib.briefs.words.dispute import (
    DRIVERS,
    IDLE_NAMES,
    SPLIT_NAMES,
    charges_finding,
    dispute_finding,
    hour_words,
    hours,
    preview_finding,
    spike_finding,
    spikes_left_out,
    split_key,
    unknown_finding,
)

BOTH = ("Search", "Recs")


def test_every_driver_policy_and_rule_has_a_name() -> None:
    assert set(SPLIT_NAMES) == set(DRIVERS)
    assert {driver for driver, _ in DRIVERS.values()} == set(get_args(Driver))
    assert set(IDLE_NAMES) == set(get_args(IdlePolicy))


@pytest.mark.parametrize("key", DRIVERS)
def test_a_way_leads_to_its_entries_and_back(key: str) -> None:
    assert split_key(*DRIVERS[key]) == key


@pytest.mark.parametrize(
    ("causes", "words"),
    [
        (None, "No hours are known of gpu in Oct, so nobody can say who caused a spike"),
        ([], "gpu had no spike in Oct"),
        ([None, None], "Nobody asked for more before the spikes of gpu in Oct"),
        (["Recs"], "Recs caused the only spike of gpu in Oct"),
        (["Recs", "Recs"], "Recs caused every one of the 2 spikes of gpu in Oct"),
        (["Recs", None, "Other", "Recs"], "Recs caused 2 of the 4 spikes of gpu in Oct"),
        (["Other", "Search"], "Search caused 1 of the 2 spikes of gpu in Oct"),
    ],
)
def test_who_caused_it(causes: list[str | None] | None, words: str) -> None:
    found = dispute_finding("gpu", "in Oct", causes, BOTH, D(48000), "USD")
    assert found == f"{words}; the choice of rule moves up to $48.0K"


def test_who_caused_it_does_not_depend_on_the_order() -> None:
    causes = ["Recs", "Search", "Recs", "Search"]
    found = {dispute_finding("gpu", "in Oct", order, BOTH, D(1), "USD") for order in (causes, causes[::-1])}
    assert len(found) == 1


def test_cheapest_and_dearest() -> None:
    same = {"reserved": {"Search": D(5)}, "used": {"Search": D(5)}}
    assert charges_finding(same, "Search", "USD") == "Search pays $5.00 under every rule"
    assert charges_finding({}, "Search", "USD") == "Nothing is charged to Search"
    assert "pays least by hours used ($0)" in charges_finding({"used": {}, "even": {"Search": D(5)}}, "Search", "USD")


def test_a_choice_that_leaves_out_rules_says_so() -> None:
    found = dispute_finding("gpu", "in Oct", None, BOTH, D(12900), "USD", {"shapley": 20, "quota": 20})
    assert found == (
        "No hours are known of gpu in Oct, so nobody can say who caused a spike; "
        "the choice among the rules that are known moves up to $12.9K"
    )


@pytest.mark.parametrize(
    ("unknown", "words"),
    [
        ({"quota": 2}, "Unknown by demand above quota: usage is known by day, not by hour."),
        ({"quota": 1}, "Unknown by demand above quota: usage is known by day, not by hour, on 1 of 2 days."),
        (
            {"used": 2, "shapley": 1, "quota": 1},
            "Unknown by hours used: the records do not say what was used. Unknown by fair share of what each adds and "
            "demand above quota: usage is known by day, not by hour, on 1 of 2 days.",
        ),
        ({}, ""),
    ],
)
def test_what_cannot_be_worked_out_and_why(unknown: dict[str, int], words: str) -> None:
    assert unknown_finding(unknown, 2) == words


def test_spikes_of_days_without_hours_are_not_denied() -> None:
    assert spikes_left_out(0, 5) == ""
    assert spikes_left_out(4, 5) == "Hours are not known of 4 of 5 days, so a spike on them would not show."
    assert "nobody can say when" in spikes_left_out(5, 5)


def test_hours_and_spikes() -> None:
    assert (hour_words(0), hour_words(23)) == ("00:00 to 01:00", "23:00 to 24:00")
    assert (hours(D("-0.2")), hours(D("-1234.5"), 1), hours(D(0))) == ("0", "−1,234.5", "0")
    assert spike_finding("6 Sep", None, 1, 4, None, None) == "6 Sep: 4 machines, 1 more; nobody asked for more"


def test_previews() -> None:
    assert preview_finding(D(0), D(0), 1, 2, "USD") == "No known cost changes hands; 1 line item gets another owner"
    assert preview_finding(D(0), D(0), 0, 1, "USD") == "No team pays more or less; 1 other sum changes"
    assert preview_finding(D(3000), D(-3000), 0, 1, "USD") == "$3.00K changes hands, $3.00K of it gets a team"


@pytest.mark.parametrize("order", [1, -1])
def test_cheapest_and_dearest_wherever_they_stand(order: int) -> None:
    totals = {"quota": {"Search": D(56000)}, "reserved": {"Search": D(40000)}, "used": {"Search": D(50000)}}
    turned = dict([*totals.items()][::order])
    assert charges_finding(turned, "Search", "USD") == (
        "Search pays least by hours reserved ($40.0K) and most by demand above quota ($56.0K)"
    )


def test_a_pool_by_use_without_a_basis_is_by_reservation() -> None:
    assert split_key("usage", None) == "reserved"
    assert (split_key("usage", "used"), split_key("quota", None)) == ("used", "quota")


def test_one_machine_more_and_who_asked_for_it() -> None:
    assert spike_finding("6 Sep", 0, 1, 4, "Recs", D("0.04")) == (
        "6 Sep, 00:00 to 01:00 UTC: 4 machines, 1 more; Recs asked for 0.0 GPUs more"
    )
    for team, added in (("Recs", None), (None, D(3))):
        assert spike_finding("6 Sep", None, 2, 4, team, added) == "6 Sep: 4 machines, 2 more; nobody asked for more"


@pytest.mark.parametrize(
    ("nobody", "others", "words"),
    [
        (D("0.50"), 0, "$3.00K changes hands, $0.50 of it loses its team"),
        (D("-0.50"), 0, "$3.00K changes hands, $0.50 of it gets a team"),
        (D(0), 7, "$3.00K changes hands"),
    ],
)
def test_half_a_dollar_loses_or_gets_its_team(nobody: D, others: int, words: str) -> None:
    assert preview_finding(D(3000), nobody, 0, others, "USD") == words
    assert preview_finding(D(0), D(0), 0, 2, "USD") == "No team pays more or less; 2 other sums change"
