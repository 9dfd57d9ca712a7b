"""Numbers that are money, shares or counts, and the axes of points on which zero may be left out."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.spec import Measure
from costlib.charts.ticks import place_scale
from costlib.errors import InputError

NUMBERS = st.decimals(D("-1e12"), D("1e12"), allow_nan=False, places=4)


@pytest.mark.parametrize(
    ("measure", "value", "text", "bare"),
    [
        (Measure("NPV", currency="USD"), "1234567", "$1.23M", "$1.23M"),
        (Measure("NPV", currency="EUR"), "-900", "−€900", "−€900"),
        (Measure("Pass rate", unit="%"), "0.9184", "91.8%", "91.8%"),
        (Measure("Change", unit="%"), "-0.05", "−5%", "−5%"),
        (Measure("Time", unit="months"), "4.50", "4.5 months", "4.5"),
        (Measure("Users"), "1234567.4", "1,234,567", "1,234,567"),
        (Measure("Users"), "-0.04", "0", "0"),
    ],
)
def test_numbers_are_written_in_their_unit(measure: Measure, value: str, text: str, bare: str) -> None:
    assert (measure.text(D(value)), measure.bare(D(value))) == (text, bare)


def test_an_unknown_number_says_so() -> None:
    assert Measure("Users").text(None) == Measure("NPV", currency="USD").bare(None) == "unknown"


def test_headings_say_the_unit_once() -> None:
    measures = (Measure("NPV", currency="USD"), Measure("Pass rate", unit="%"), Measure("Users"))
    assert [measure.heading for measure in measures] == ["NPV, USD", "Pass rate, %", "Users"]


@pytest.mark.parametrize("options", [{"currency": "US$"}, {"currency": "USD", "unit": "%"}])
def test_a_measure_is_money_or_has_a_unit(options: dict[str, str]) -> None:
    with pytest.raises(InputError):
        Measure("NPV", **options)


def test_a_measure_has_a_name() -> None:
    with pytest.raises(InputError, match="no name"):
        Measure(" ")


@pytest.mark.parametrize(
    ("values", "percent", "texts"),
    [
        (["0.902", "0.968"], True, ("88%", "90%", "92%", "94%", "96%", "98%")),
        (["0.6", "4.1"], False, ("0", "1", "2", "3", "4", "5")),
        (["-5", "-4"], False, ("−5.2", "−5", "−4.8", "−4.6", "−4.4", "−4.2", "−4", "−3.8")),
        (["3"], False, ("0", "1", "2", "3")),
        ([], False, ("0", "1")),
    ],
)
def test_zero_is_left_out_only_where_it_lies_far_off(values: list[str], percent: bool, texts: tuple[str, ...]) -> None:
    scale = place_scale([D(value) for value in values], percent=percent)
    assert [text.removesuffix(".0") for text in scale.texts] == list(texts)


def test_points_do_not_lie_on_the_edge_where_zero_is_left_out() -> None:
    scale = place_scale([D("90"), D("98")])
    assert scale.low < 90 and scale.high > 98


def test_shares_are_formatted_as_shares_in_a_spreadsheet_too() -> None:
    assert place_scale([D("0.4"), D(0)], percent=True).number_format() == "#,##0%;−#,##0%;0%"
    assert place_scale([D("0.4"), D("0.402")], percent=True).number_format() == "#,##0.00%;−#,##0.00%;0%"


@given(st.lists(NUMBERS, min_size=1, max_size=12), st.booleans())
def test_an_axis_holds_every_point_in_few_steps(values: list[D], percent: bool) -> None:
    scale = place_scale(values, percent=percent)
    assert scale.low <= min(values) and max(values) <= scale.high
    assert 2 <= len(scale.ticks) <= 10
    assert all(0 <= scale.fraction(value) <= 1 for value in values)
    assert len(set(scale.texts)) == len(scale.ticks)
