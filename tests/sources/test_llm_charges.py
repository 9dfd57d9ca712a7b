"""Cost lines and measured tokens brought together: whose line, whose key, nothing twice, nothing lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.money import exact_sum
from costlib.sources.llm_charges import (
    CACHED,
    INPUT,
    KINDS,
    OUTPUT,
    REQUESTS,
    Line,
    Use,
    charges_of,
    disagreeing,
    tokens_said,
)

DAY = date(2026, 9, 5)


def line(kind=INPUT, amount="3", **more):
    return Line(DAY, Decimal(amount), "USD", f"m, {kind}", "m", kind, **more)


def use(amount, kind=INPUT, **more):
    return Use(DAY, "m", kind, amount, **more)


def told(lines, uses):
    return [(charge.key, charge.amount, charge.tokens) for charge in charges_of(lines, uses)]


class TestMatch:
    def test_kinds_days_models_and_projects_are_kept_apart(self):
        lines = [
            line(),
            line(OUTPUT),
            replace(line(), day=date(2026, 9, 6)),
            replace(line(), model="n"),
            line(project="p"),
        ]
        uses = [use(5), use(7, OUTPUT), use(11, project="p"), use(99, CACHED), use(88, REQUESTS)]
        assert [charge.tokens for charge in charges_of(lines, uses)] == [5, 7, None, None, 11]

    def test_a_key_that_lines_tell_is_compared(self):
        lines = [line(key="a"), line(key="b")]
        assert told(lines, [use(5, key="a"), use(7, key="b"), use(9)]) == [("a", 3, 5), ("b", 3, 7)]

    def test_a_key_that_no_line_tells_cuts_the_line(self):
        assert told([line(amount="1")], [use(1, key="a"), use(3, key="b")]) == [
            ("b", Decimal("0.75"), 3),
            ("a", Decimal("0.25"), 1),
        ]

    def test_the_residue_of_a_cut_goes_to_the_key_with_most_tokens(self):
        parts = told([line(amount="1")], [use(1, key="a"), use(1, key="b"), use(1, key="c")])
        assert parts[0] == ("a", Decimal("0.333333333333333334"), 1)
        assert [amount for _, amount, _ in parts[1:]] == [Decimal("0.333333333333333333")] * 2

    def test_variants_must_be_the_same_on_both_sides(self):
        lines = [line(), line(tier="batch", amount="1")]
        assert told(lines, [use(5), use(2, tier="batch")]) == [(None, 3, 5), (None, 1, 2)]
        assert told(lines, [use(5)]) == [(None, 3, None), (None, 1, None)]
        assert told(lines[:1], [use(5), use(2, tier="batch")]) == [(None, 3, None)]

    def test_a_context_window_counts_where_the_models_lines_tell_one(self):
        uses = [use(5, context="0-200k"), use(2, context="200k-1M")]
        assert told([line()], uses) == [(None, 3, 7)]
        assert told([line(context="0-200k")], uses) == [(None, 3, None)]
        assert told([line(context="0-200k"), line(context="200k-1M")], uses) == [(None, 3, 5), (None, 3, 2)]

    def test_two_lines_of_one_variant_get_nothing(self):
        assert told([line(), line(amount="1")], [use(5)]) == [(None, 3, None), (None, 1, None)]

    def test_other_media_among_the_tokens_leave_them_unknown(self):
        assert told([line()], [use(5), use(2, plain=False)]) == [(None, 3, None)]

    def test_what_is_no_tokens_gets_none(self):
        assert told([replace(line(), kind=None)], [use(5)]) == [(None, 3, None)]


class TestOwnCounts:
    def test_a_line_that_counts_itself_is_believed(self):
        assert told([line(quantity=Decimal(2), unit="1000_tokens")], []) == [(None, 3, 2000)]
        assert told([line(quantity=Decimal(2000), unit="tokens")], [use(1999)]) == [(None, 3, 2000)]

    def test_it_is_cut_by_key_only_where_the_use_agrees(self):
        own = [line(quantity=Decimal(4), unit="tokens")]
        assert [key for key, _, _ in told(own, [use(3, key="a"), use(1, key="b")])] == ["a", "b"]
        assert [key for key, _, _ in told(own, [use(4, key="a"), use(1, key="b")])] == [None]

    @pytest.mark.parametrize("unit", [None, "images", "1M tokens"])
    def test_a_unit_that_is_not_known_is_not_guessed(self, unit):
        assert tokens_said(line(quantity=Decimal(2), unit=unit)) is None

    def test_disagreement_is_counted_by_day_model_and_kind(self):
        own = [line(quantity=Decimal(4), unit="tokens"), line(OUTPUT, quantity=Decimal(1), unit="tokens"), line(CACHED)]
        assert disagreeing(own, [use(4), use(1, OUTPUT), use(50, CACHED)]) == 0
        assert disagreeing(own, [use(5), use(1, OUTPUT)]) == 1
        assert disagreeing([*own, line()], [use(5), use(1, OUTPUT)]) == 0, "not every line of the cell counts itself"


AMOUNTS = st.decimals(-1000, 1000, places=22)
WORDS = st.sampled_from([None, "a", "b"])
LINES = st.builds(
    line, st.sampled_from([*KINDS, None]), AMOUNTS.map(str), tier=WORDS, context=WORDS, project=WORDS, key=WORDS
)
KEYLESS = st.builds(line, st.sampled_from(KINDS), AMOUNTS.map(str), tier=WORDS, project=WORDS)
USES = st.builds(
    use, st.integers(0, 10**12), st.sampled_from(KINDS), tier=WORDS, context=WORDS, project=WORDS, key=WORDS
)


@given(st.lists(LINES | KEYLESS, max_size=8), st.lists(USES, max_size=12))
def test_no_money_and_no_token_is_lost_or_counted_twice(lines, uses):
    charges = charges_of(lines, uses)
    for one in lines:
        parts = [charge.amount for charge in charges if charge.line is one]
        if lines.count(one) == 1:
            assert exact_sum(parts) == one.amount
    assert exact_sum(charge.amount for charge in charges) == exact_sum(one.amount for one in lines)
    measured: Counter = Counter()
    for one in uses:
        measured[one.kind] += one.amount
    for kind in KINDS:
        matched = [charge.tokens for charge in charges if charge.line.kind == kind and charge.tokens is not None]
        assert sum(matched) <= measured[kind]


@given(AMOUNTS, st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 10**12), min_size=2))
def test_a_cut_gives_each_key_its_share_to_the_stores_last_digit(amount, keys):
    charges = charges_of([line(amount=str(amount))], [use(tokens, key=key) for key, tokens in keys.items()])
    total = sum(keys.values())
    assert {charge.key: charge.tokens for charge in charges} == keys
    for charge in charges[1:]:
        assert abs(charge.amount - amount * keys[charge.key] / total) < Decimal("2e-18")
