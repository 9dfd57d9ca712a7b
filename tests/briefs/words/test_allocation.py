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
