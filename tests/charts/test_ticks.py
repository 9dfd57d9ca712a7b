"""The value axis: zero always shown, round steps, one unit."""

from __future__ import annotations

import re
from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.ticks import money_scale, place_scale
from costlib.money import prefix

AMOUNTS = st.decimals(D("-1e15"), D("1e15"), allow_nan=False, places=6)


@pytest.mark.parametrize(
    ("amounts", "texts"),
    [
        (["1570000"], ("$0", "$0.5M", "$1.0M", "$1.5M", "$2.0M")),
        (["100"], ("$0", "$20", "$40", "$60", "$80", "$100")),
        (["99999"], ("$0", "$20K", "$40K", "$60K", "$80K", "$100K")),
        (["0.0053"], ("$0", "$0.002", "$0.004", "$0.006")),
        (["1.9"], ("$0", "$0.50", "$1.00", "$1.50", "$2.00")),
        (["-40", "10"], ("−$40", "−$30", "−$20", "−$10", "$0", "$10")),
        (["-3000000000"], ("−$3B", "−$2B", "−$1B", "$0")),
        ([], ("$0", "$1")),
        (["0"], ("$0", "$1")),
        (["4200000000000"], ("$0", "$1T", "$2T", "$3T", "$4T", "$5T")),
    ],
)
def test_ticks(amounts: list[str], texts: tuple[str, ...]) -> None:
    assert money_scale([D(amount) for amount in amounts], "USD").texts == texts


def test_unknown_amounts_are_not_zero_and_do_not_matter() -> None:
    assert money_scale([None, D(100), None], "USD") == money_scale([D(100)], "USD")


def test_other_currencies() -> None:
    assert money_scale([D(2000)], "CHF").texts[-1] == "CHF\xa02.0K"
    assert prefix("EUR") == "€"


def test_fraction_places_amounts_between_the_ends() -> None:
    scale = money_scale([D(-100), D(300)], "USD")
    assert (scale.low, scale.high, scale.step) == (D(-100), D(300), D(100))
    assert [scale.fraction(D(amount)) for amount in (-100, 0, 300)] == [0.0, 0.25, 1.0]


@given(st.lists(AMOUNTS, min_size=1, max_size=20))
def test_axis_holds_zero_and_every_amount_in_few_round_steps(amounts: list[D]) -> None:
    scale = money_scale(amounts, "USD")
    assert scale.low <= min(0, *amounts) and scale.high >= max(0, *amounts)
    assert 0 in scale.ticks
    assert 2 <= len(scale.ticks) <= 8
    assert len({after - before for before, after in pairwise(scale.ticks)}) == 1
    assert int(scale.step.scaleb(-scale.step.adjusted())) in (1, 2, 5)


@given(st.lists(AMOUNTS, min_size=1, max_size=20))
def test_texts_are_distinct_and_share_unit_and_decimals(amounts: list[D]) -> None:
    texts = money_scale(amounts, "USD").texts
    assert len(set(texts)) == len(texts)
    shapes = {re.sub(r"[\d,]+", "0", text.lstrip("−"), count=1) for text in texts if text != "$0"}
    shapes = {re.sub(r"\.\d+", lambda match: "." + "0" * (len(match[0]) - 1), shape) for shape in shapes}
    assert len(shapes) == 1


@given(st.lists(AMOUNTS, min_size=1, max_size=20))
def test_number_format_says_what_the_text_says(amounts: list[D]) -> None:
    scale = money_scale(amounts, "USD")
    positive, negative, zero = scale.number_format().split(";")
    for tick, text in zip(scale.ticks, scale.texts, strict=True):
        assert _formatted(tick, zero if tick == 0 else negative if tick < 0 else positive) == text


def _formatted(amount: D, code: str) -> str:
    """What a spreadsheet shows for a section of a number format: quoted text, digits, thousands scaled away."""
    match = re.fullmatch(r'"([^"]*)"(#,##0|0)(\.0+)?(,*)(?:"([^"]*)")?', code)
    assert match is not None, code
    lead, _, decimals, thousands, tail = match.groups()
    scaled = abs(amount).scaleb(-3 * len(thousands))
    return f"{lead}{scaled:,.{len(decimals or '.') - 1}f}{tail or ''}"


class TestPlaces:
    """The axis of points: places are compared, so zero may lie off it."""

    @pytest.mark.parametrize(
        ("values", "texts"),
        [
            (["0.91", "0.968"], ("90%", "92%", "94%", "96%", "98%")),
            (["0.1", "0.9"], ("0%", "20%", "40%", "60%", "80%", "100%")),
            (["-0.91", "-0.968"], ("−98%", "−96%", "−94%", "−92%", "−90%")),
            (["0.5"], ("0%", "10%", "20%", "30%", "40%", "50%")),
            ([None, "0.5"], ("0%", "10%", "20%", "30%", "40%", "50%")),
            ([], ("0%", "100%")),
            (["-0.01", "0.01"], ("−1.0%", "−0.5%", "0%", "0.5%", "1.0%")),
            (["0.4", "1"], ("0%", "20%", "40%", "60%", "80%", "100%")),
            (["0.45", "1"], ("40%", "60%", "80%", "100%")),
            (["0.45", "1.01"], ("40%", "60%", "80%", "100%", "120%")),
            (["0.91", "0.998"], ("90%", "92%", "94%", "96%", "98%", "100%")),
            (["0.9999", "1"], ("99.988%", "99.990%", "99.992%", "99.994%", "99.996%", "99.998%", "100.000%")),
        ],
    )
    def test_ticks(self, values: list[str | None], texts: tuple[str, ...]) -> None:
        known = [None if value is None else D(value) for value in values]
        assert place_scale(known, percent=True).texts == texts

    @given(st.lists(AMOUNTS, min_size=1, max_size=8))
    def test_every_amount_lies_on_the_axis_and_zero_where_it_is_near(self, amounts: list[D]) -> None:
        scale = place_scale(amounts)
        low, high = min(amounts), max(amounts)
        assert scale.low <= low and high <= scale.high and 2 <= len(scale.ticks) <= 9
        if D(0) not in scale.ticks:
            assert low != high and (low > 0 or high < 0)
            assert high - low < D("0.6") * max(abs(low), abs(high))
            assert min(low - scale.low, scale.high - high) >= scale.step / 5 * D("0.999")

    @given(st.lists(st.decimals(D(0), D(1), allow_nan=False, places=4), min_size=1, max_size=8))
    def test_shares_of_a_whole_lie_between_nothing_and_all_of_it(self, shares: list[D]) -> None:
        scale = place_scale(shares, percent=True)
        assert 0 <= scale.low <= min(shares) and max(shares) <= scale.high <= 1
        assert len({after - before for before, after in pairwise(scale.ticks)}) == 1
        assert scale.ticks == tuple(tick for tick in place_scale(shares).ticks if tick <= 1)

    def test_a_number_that_is_no_share_may_pass_one(self) -> None:
        assert place_scale([D("0.45"), D(1)]).high == D("1.2")

    @given(st.lists(AMOUNTS, min_size=1, max_size=8))
    def test_it_mirrors_what_is_mirrored(self, amounts: list[D]) -> None:
        turned = place_scale([-amount for amount in amounts])
        ticks = place_scale(amounts).ticks
        if any(amounts):
            assert tuple(-tick for tick in reversed(turned.ticks)) == ticks


class TestWriting:
    @pytest.mark.parametrize(
        ("amounts", "currency", "extra", "code"),
        [
            (["1700000"], "USD", 0, '"$"#,##0.0,,"M";"−$"#,##0.0,,"M";"$"0'),
            (["1700000"], "USD", 1, '"$"#,##0.00,,"M";"−$"#,##0.00,,"M";"$"0'),
            (["100"], "EUR", 0, '"€"#,##0;"−€"#,##0;"€"0'),
            (["1.9"], "USD", 1, '"$"#,##0.000;"−$"#,##0.000;"$"0'),
        ],
    )
    def test_a_spreadsheet_writes_the_ticks_like_the_axis(
        self, amounts: list[str], currency: str, extra: int, code: str
    ) -> None:
        assert money_scale([D(amount) for amount in amounts], currency).number_format(extra=extra) == code

    def test_a_share_has_its_percent_sign_in_a_spreadsheet_even_at_zero(self) -> None:
        assert place_scale([D("0.2"), D("0.9")], percent=True).number_format() == "#,##0%;−#,##0%;0%"

    @pytest.mark.parametrize(
        ("largest", "unit"), [("999", ""), ("1000", "K"), ("-1000000", "M"), ("1000000000", "B"), ("-999999", "M")]
    )
    def test_the_unit_is_that_of_the_largest_tick_on_either_side(self, largest: str, unit: str) -> None:
        """999 is drawn on an axis to 1,000, which is 1K; 999,999 below zero on one to a million."""
        scale = money_scale([D(largest)], "USD")
        assert scale.unit == ("K" if largest == "999" else unit)

    def test_ten_to_the_unit_and_no_more_take_it(self) -> None:
        assert money_scale([D(800)], "USD").unit == "" and money_scale([D(801)], "USD").unit == "K"
