"""Amounts that are rounded one by one beside their sum: told where they are off, by how much, and else not at all."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib import money
from costlib.briefs.words.rounding import rounding_words

AMOUNTS = st.lists(st.none() | st.decimals(-1000, 1000, places=4), max_size=8)


@pytest.mark.parametrize(
    ("added", "off"),
    [
        pytest.param([["0.004", "0.004"]], "a cent", id="two that vanish"),  # 0.00 + 0.00 beside 0.01
        pytest.param([["0.005", "0.005", "0.005", "0.005"]], "2 cents", id="four halves"),  # 0.04 beside 0.02
        pytest.param([["1.00"], ["0.005", "0.005"]], "a cent", id="the worst of several"),
        pytest.param([["-0.004", "-0.004"]], "a cent", id="credits"),
    ],
)
def test_how_far_it_is_off_is_said(added: list[list[str]], off: str) -> None:
    told = rounding_words([[D(text) for text in one] for one in added])
    assert told == f"Each amount is rounded by itself and each sum once: added up as shown, amounts can be {off} off."


@pytest.mark.parametrize("added", [[], [[]], [[None]], [[D("1.10"), None, D("2.20")]], [[D("0.004"), D("-0.004")]]])
def test_nothing_is_said_where_amounts_add_up(added: list[list[D | None]]) -> None:
    assert rounding_words(added) == ""


@given(AMOUNTS)
def test_it_is_said_exactly_where_a_reader_would_find_it(amounts: list[D | None]) -> None:
    known = [amount for amount in amounts if amount is not None]
    shown = sum((money.cents(amount) for amount in known), D(0))
    assert bool(rounding_words([amounts])) == (shown != money.cents(sum(known, D(0))))
