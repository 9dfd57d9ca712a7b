"""Words of allocation: shares that never claim all or nothing falsely, amounts that add up as they are shown."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib import money
from costlib.briefs.words.allocation import (
    KIND_NAMES,
    allocation_finding,
    bases_finding,
    below,
    hygiene_finding,
    identity_words,
    in_cents,
    level_words,
    showback_finding,
    tool_words,
    without_team_words,
)
from costlib.focus import COST_KINDS

amounts = st.decimals(D("-1e9"), D("1e9"), allow_nan=False, places=12)


def test_every_kind_has_a_name_in_the_order_of_the_field() -> None:
    assert tuple(KIND_NAMES) == COST_KINDS


@given(st.dictionaries(st.sampled_from(COST_KINDS), amounts, min_size=1))
def test_parts_in_cents_add_up_and_stay_near(parts: dict[str, D]) -> None:
    shown = in_cents(parts)
    assert money.exact_sum(shown.values()) == money.cents(money.exact_sum(parts.values()))
    assert all(amount == money.cents(amount) for amount in shown.values())
    assert all(abs(shown[name] - parts[name]) <= D("0.03") for name in parts)


@given(st.decimals(D("0.000001"), D("0.999999"), allow_nan=False))
def test_a_part_is_never_called_all_or_nothing(share: D) -> None:
    assert below(share) not in ("100%", "0%", "None")


def test_nothing_has_an_owner() -> None:
    words = allocation_finding("AI spend", "USD", D(0), "in Sep 2026", [("account dev", D(5))])
    assert words == "None of AI spend in Sep 2026 has an owner; account dev has none ($5.00)"


def test_unknown_is_called_unknown() -> None:
    words = allocation_finding("AI spend", "USD", None, "in Sep 2026", [])
    assert "unknown" in words and "$" not in words


def test_the_identity_shows_a_difference() -> None:
    kinds = dict.fromkeys(COST_KINDS, D("0.25"))
    assert identity_words(kinds, D("1.50"), "USD").endswith("= $1.00; on the bill $1.50; difference −$0.50")
    assert identity_words(kinds, None, "USD").endswith("on the bill unknown; difference unknown")


@given(st.lists(amounts, min_size=4, max_size=4))
def test_the_identity_adds_up_as_it_is_shown(given_amounts: list[D]) -> None:
    kinds = dict(zip(COST_KINDS, given_amounts, strict=True))
    words = identity_words(kinds, money.exact_sum(given_amounts), "USD")
    figures = [D(word.strip("=;+").replace("−", "-").replace("$", "").replace(",", "")) for word in words.replace(
        ";", ""
    ).split() if "$" in word]  # fmt: skip
    *parts, whole, bill, apart = figures
    assert sum(parts) == whole == bill and apart == 0


@pytest.mark.parametrize(
    ("level", "missing", "words"),
    [
        (None, ("crawl", D(2000)), "below crawl; $2.00K to crawl"),
        ("walk", ("run", D(42500)), "walk; $42.5K to run"),
        ("run", None, "run, the highest level"),
        (None, None, "below crawl"),
    ],
)
def test_levels(level: str | None, missing: tuple[str, D] | None, words: str) -> None:
    assert level_words(level, missing, "USD") == words


def test_a_pool_whose_use_is_unknown_says_so() -> None:
    assert (
        bases_finding("gpu", "USD", D(10), None, None)
        == "Teams reserved $10.00 of gpu; how much of it they used is not known"
    )
    assert (
        bases_finding("gpu", "USD", None, None, D(5)) == "No hours are known of gpu, so its cost cannot be split by use"
    )


def test_one_resource() -> None:
    assert hygiene_finding("team", 1, D(5), D(10), "USD") == (
        "1 resource lacks the tag team: it costs $5.00, 50% of the spend shown"
    )


def test_a_statement_of_unknown_cost() -> None:
    assert "unknown" in showback_finding("Search", "Sep 2026", D(0), {"direct": None}, "USD")


def test_a_statement_tells_only_the_kinds_that_cost_something() -> None:
    parts = {"direct": D(24000), "shared": D(0)}
    assert showback_finding("Search", "Sep 2026", D(24000), parts, "USD") == (
        "The statement of Search for Sep 2026 comes to $24.0K, all of it direct"
    )
    assert showback_finding("Search", "Sep 2026", D(0), {"direct": None, "shared": D(0)}, "USD") == (
        "What Search cost in Sep 2026 is unknown under this measure"
    )
    assert showback_finding("Search", "Sep 2026", D(0), {"shared": D(0)}, "USD") == "Search has no cost in Sep 2026"


def test_an_unknown_kind_stands_beside_one_that_is_known() -> None:
    parts = {"direct": None, "shared": D(5), "idle": D(0)}
    assert showback_finding("Search", "Sep 2026", D(5), parts, "USD") == (
        "The statement of Search for Sep 2026 comes to $5.00: unknown direct, $5.00 shared"
    )


@pytest.mark.parametrize(
    ("share", "said"),
    [("0.0049", "less than 1%"), ("0.0051", "1%"), ("0.9949", "99%"), ("0.995", "more than 99%"), ("-0.2", "None")],
)
def test_shares_at_the_edges(share: str, said: str) -> None:
    assert below(D(share)) == said


def test_all_has_an_owner_whether_or_not_one_has_most() -> None:
    assert allocation_finding("AI spend", "USD", D(1), "in Sep 2026", []) == "All of AI spend in Sep 2026 has an owner"


@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_part_takes_the_rounding_whatever_its_sign(sign: int) -> None:
    """100.004 and 0.004 are 100.01 together: the cent goes to the hundred, of charges and of credits."""
    for order in (("big", "small"), ("small", "big")):
        parts = {name: sign * {"big": D("100.004"), "small": D("0.004")}[name] for name in order}
        assert in_cents(parts) == {"big": sign * D("100.01"), "small": D(0)}
    assert in_cents({}) == {}


def test_a_kind_that_did_not_occur_is_nothing() -> None:
    assert identity_words({"direct": D(7)}, D(7), "USD") == (
        "Direct $7.00 + shared $0.00 + idle $0.00 + unallocated $0.00 = $7.00; on the bill $7.00; difference $0.00"
    )


@pytest.mark.parametrize("tool", [None, D(0)])
def test_without_a_sum_of_the_tool_there_is_no_factor(tool: D | None) -> None:
    assert tool_words(D(100), tool, "USD") == ("What the cluster's own cost tool says is unknown; money is the bill's")


def test_what_has_no_team_by_kind() -> None:
    kinds = {"direct": D(9), "idle": D(0), "unallocated": D(31000)}
    assert without_team_words(kinds, "USD") == "$31.0K unallocated"
