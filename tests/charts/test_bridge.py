"""A bridge: arithmetic worked by hand, what is refused, labels with signs, and how each renderer shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal as D
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.palette import LIGHT
from costlib.charts.screen import figure
from costlib.charts.spec import MOST_STEPS, OTHER, Bridge, Caption, Chart, Level, Step, gathered
from costlib.charts.words import alt_text, notes, table
from costlib.errors import InputError
from costlib.money import exact_sum, full, short, signed

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
WORDS = Caption("Cost fell", "Effective cost, USD", "Bills")
AMOUNTS = st.one_of(
    st.decimals(D("-1e9"), D("1e9"), allow_nan=False, places=2),
    st.decimals(D("-1e19"), D("1e19"), allow_nan=False, places=18),
    st.just(D(0)),
)


def bridge(start: str, *changes: str, end: str | None = None) -> Bridge:
    steps = tuple(Step(f"Step {index}", D(change)) for index, change in enumerate(changes))
    total = D(end) if end is not None else exact_sum((D(start), *(step.amount for step in steps)))
    return Bridge(WORDS, "USD", Level("Plan", D(start)), steps, Level("Actual", total))


def test_columns_hang_between_running_totals(charts: dict[str, Chart]) -> None:
    chart = charts["bridge_through_zero"]
    assert isinstance(chart, Bridge)
    found = [tuple(int(x) for x in (c.before, c.after, c.floor, c.above, c.below)) for c in chart.columns]
    assert found == [
        (0, 3, 0, 3, 0),
        (3, -3, 0, 3, -3),
        (-3, -5, -3, 0, -2),
        (-5, -1, -1, 0, -4),
        (-1, -1, -1, 0, 0),
        (-1, 4, 0, 4, -1),
        (0, 4, 0, 4, 0),
    ]
    assert chart.carried == (3, -3, -5, -1, -1, 4)
    assert chart.change == 1


def test_the_sum_is_checked_to_the_last_digit() -> None:
    with pytest.raises(InputError, match=r"ends at 3, start and steps come to 3\.000000000000000001"):
        bridge("1", "2.000000000000000001", end="3")
    with pytest.raises(InputError, match="start \\+ steps = end"):
        bridge("99999999999999999999", "0.000000000000000001", end="99999999999999999999")
    assert bridge("0.1", "0.2", end="0.3").end.amount == D("0.3")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((), "no step"),
        ((Step("A", D(1)), Step(" A", D(1))), "2 steps are called 'A'"),
        ((Step("", D(1)),), "no name"),
        ((Step("A", D("Infinity")),), "Infinity"),
        ((Step("A", None),), "None"),  # type: ignore[arg-type]
        (tuple(Step(str(index), D(1)) for index in range(MOST_STEPS + 1)), "gathered"),
        ((Step(OTHER, D(1), other=True), Step("A", D(1))), "then one that gathers the rest"),
    ],
)
def test_steps_that_cannot_be_drawn_are_refused(steps: tuple[Step, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Bridge(WORDS, "USD", Level("Plan", D(0)), steps, Level("Actual", D(len(steps))))


def test_ends_need_names_and_amounts() -> None:
    chart = bridge("1", "1")
    with pytest.raises(InputError, match="start has no name"):
        replace(chart, start=Level(" ", D(1)))
    with pytest.raises(InputError, match="NaN"):
        replace(chart, end=Level("Actual", D("NaN")))
    with pytest.raises(InputError, match="ZZZ"):
        replace(chart, currency="ZZZ")


def test_the_smallest_changes_are_gathered_and_the_order_kept() -> None:
    steps = [Step(name, D(amount)) for name, amount in zip("ABCDE", (1, -9, 2, 8, -3), strict=True)]
    assert gathered(steps, most=3) == (
        Step("B", D(-9)),
        Step("D", D(8)),
        Step("E", D(-3)),
        Step(OTHER, D(3), other=True),
    )
    assert gathered(steps, most=5) == tuple(steps)
    assert gathered(steps, most=4)[-1] == Step("A", D(1), other=True)


@given(st.lists(AMOUNTS, min_size=1, max_size=30), AMOUNTS)
def test_gathering_and_running_keep_the_sum(changes: list[D], start: D) -> None:
    steps = gathered([Step(f"s{index}", change) for index, change in enumerate(changes)])
    end = exact_sum((start, *changes))
    chart = Bridge(WORDS, "USD", Level("Plan", start), steps, Level("Actual", end))
    assert chart.columns[-2].after == end
    for column in chart.columns:
        assert exact_sum((column.above, column.below.copy_negate())) == exact_sum(
            (column.high, column.low.copy_negate())
        )
        assert column.above >= 0 >= column.below
        assert not (column.floor and column.above and column.below)
    for one, other in pairwise(chart.columns[:-1]):
        assert one.after == other.before
    assert all(chart.scale.low <= column.low <= column.high <= chart.scale.high for column in chart.columns)
    assert len(chart.labels) == len(chart.columns) == len(table(chart)[1])


def test_labels_say_currency_unit_and_sign(charts: dict[str, Chart]) -> None:
    chart = charts["bridge"]
    assert isinstance(chart, Bridge) and chart.labels == ("$100K", "+$30.0K", "−$45.0K", "+$5.00K", "$90.0K")
    large = bridge("15800000", "3900000", "-1800000", "60000", "420")
    assert large.labels == ("$15.8M", "+$3.90M", "−$1.80M", "+$60.0K", "+$420", "$18.0M")
    assert bridge("3", "-5").labels == ("$3.00", "−$5.00", "−$2.00")
    assert bridge("0", "0").labels == ("$0", "$0", "$0")
    assert replace(chart, currency="EUR").labels[1] == "+€30.0K"


def test_table_and_words(charts: dict[str, Chart]) -> None:
    header, rows = table(charts["bridge"])
    assert header == ("Step", "Currency", "Change", "Total")
    assert rows == [
        ("Aug 2026", "USD", "", "100000"),
        ("Volume", "USD", "30000", "130000"),
        ("Price", "USD", "-45000", "85000"),
        ("New models", "USD", "5000", "90000"),
        ("Sep 2026", "USD", "", "90000"),
    ]
    assert alt_text(charts["bridge"]) == (
        f"Bridge of 3 steps, Aug 2026 {short(D(100000), 'USD')} to Sep 2026 {short(D(90000), 'USD')}, a change of "
        f"{signed(D(-10000), 'USD')}. Price {signed(D(-45000), 'USD')}, Volume {signed(D(30000), 'USD')}, "
        f"New models {signed(D(5000), 'USD')}."
    )
    assert notes(charts["bridge"]) == ()
    assert "Largest: " in alt_text(charts["bridge_of_many"])


def drawn(chart: Chart) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(figure(chart, LIGHT).to_json())
    return parsed


def test_screen_colours_rises_bad_and_falls_good(charts: dict[str, Chart]) -> None:
    hairlines, columns = drawn(charts["bridge"])["data"]
    assert columns["base"] == [0, 100000, 85000, 85000, 0] and columns["y"] == [100000, 30000, 45000, 5000, 90000]
    assert columns["marker"]["color"] == [LIGHT.ink, LIGHT.bad, LIGHT.good, LIGHT.bad, LIGHT.ink]
    assert hairlines["y"] == [100000, 100000, None, 130000, 130000, None, 85000, 85000, None, 90000, 90000]
    gaps = [(right - left) for left, right in zip(hairlines["x"][::3], hairlines["x"][1::3], strict=True)]
    assert all(0 < gap < 1 - columns["width"] + 1e-9 for gap in gaps)


def test_screen_crosses_zero(charts: dict[str, Chart]) -> None:
    columns = drawn(charts["bridge_through_zero"])["data"][1]
    assert columns["base"] == [0, -3, -5, -5, -1, -1, 0] and columns["y"] == [3, 6, 2, 4, 0, 5, 4]


def test_screen_labels_stand_on_the_columns(charts: dict[str, Chart]) -> None:
    notes_ = drawn(charts["bridge"])["layout"]["annotations"]
    assert [(note["x"], note["y"]) for note in notes_] == [(0, 1e5), (1, 1.3e5), (2, 1.3e5), (3, 9e4), (4, 9e4)]
    assert [note["text"] for note in notes_[1:4]] == ["+&#36;30.0K", "−&#36;45.0K", "+&#36;5.00K"]
    assert {note["yshift"] for note in notes_} == {0}


def test_screen_labels_of_small_steps_take_turns_above_and_below() -> None:
    """On a phone ``+$57.3K`` is wider than its column's place; none need float above its step."""
    stairs = bridge("1290000", "57300", "37500", "34100", "31700", "23800", "23400", "9010")
    notes_ = drawn(stairs)["layout"]["annotations"]
    assert [note["yanchor"] for note in notes_] == ["bottom", *["top", "bottom"] * 3, "top", "bottom"]
    assert {note["yshift"] for note in notes_} == {0}
    assert [note["y"] for note in notes_[:3]] == [1290000, 1290000, 1290000 + 57300 + 37500]


@settings(max_examples=50)
@given(st.lists(st.integers(10_000, 400_000), min_size=8, max_size=8), st.integers(0, 255), st.integers(10**5, 10**7))
def test_screen_labels_of_neighbours_never_touch_on_a_phone(sizes: list[int], falls: int, start: int) -> None:
    """Ten columns have 30 pixels each, and a label of three figures is wider; 200 pixels of height are 14 a label."""
    chart = bridge(str(start), *(str(-size if falls >> at & 1 else size) for at, size in enumerate(sizes)))
    heights = []
    for note, column in zip(drawn(chart)["layout"]["annotations"], chart.columns, strict=True):
        is_below = note["yanchor"] == "top"
        assert note["y"] == (column.low if is_below else column.high) and not (is_below and column.is_level)
        assert note["yshift"] >= 0
        heights.append(chart.scale.fraction(D(note["y"])) * 200 + note["yshift"] - 14 * is_below)
    assert all(abs(one - other) > 13.9 for one, other in pairwise(heights))


def test_pointer_tells_change_and_total(charts: dict[str, Chart]) -> None:
    texts = drawn(charts["bridge"])["data"][1]["hovertext"]
    usd = [full(D(amount), "USD").replace("$", "&#36;") for amount in (30000, 130000, 100000)]
    assert f"+{usd[0]}" in texts[1] and texts[1].endswith(f"to {usd[1]}")
    assert usd[2] in texts[0] and "+" not in texts[0]


def test_names_are_literal_and_short_on_screen_and_whole_in_the_hover(charts: dict[str, Chart]) -> None:
    shown = drawn(charts["bridge_of_many"])
    names = shown["layout"]["xaxis"]["ticktext"]
    assert "&lt;i&gt;end&lt;/i&gt;" in names and any(name.endswith("…") for name in names)
    assert not any("<b>x" in name or "$" in name for name in names)
    assert all(name.count("<br>") <= 1 for name in names)
    hover = shown["data"][1]["hovertext"][0].replace("<br>", " ")
    assert "Recommendations and personalisation platform, EMEA (shared)" in hover


def test_slide_has_invisible_floors_and_connectors(charts: dict[str, Chart], deck: Callable[..., Any]) -> None:
    chart = deck(charts["bridge_through_zero"]).chart(1)
    bars = {ser.findtext(f"{C}tx//{C}v"): ser for ser in chart.find(f".//{C}barChart").findall(f"{C}ser")}
    assert list(bars) == ["Start and end", "Floor", "Rise", "Fall", "Rise below zero", "Fall below zero"]
    assert bars["Floor"].find(f"{C}spPr/{A}noFill") is not None
    fills = {name: ser.find(f"{C}spPr/{A}solidFill/{A}srgbClr") for name, ser in bars.items() if name != "Floor"}
    assert {name: f"#{fill.get('val')}" for name, fill in fills.items()} == {
        "Start and end": LIGHT.ink,
        "Rise": LIGHT.bad,
        "Fall": LIGHT.good,
        "Rise below zero": LIGHT.bad,
        "Fall below zero": LIGHT.good,
    }
    lines = chart.find(f".//{C}lineChart").findall(f"{C}ser")
    assert [line.findtext(f"{C}tx//{C}v") for line in lines] == [
        "Label height",
        "Carried over 1",
        "Carried over 2",
        "Carried over 3",
    ]
    assert all(line.find(f"{C}marker/{C}symbol").get("val") == "none" for line in lines)
    assert lines[0].find(f"{C}spPr/{A}ln/{A}noFill") is not None


def test_slide_labels_are_the_signed_changes(charts: dict[str, Chart], deck: Callable[..., Any]) -> None:
    chart = deck(charts["bridge"]).chart(1)
    assert ["".join(label.itertext()) for label in chart.iter(f"{C}dLbl")] == list(charts["bridge"].labels)
    names = [value.text for value in next(chart.iter(f"{C}cat")).iter(f"{C}v")]
    assert names == ["Aug 2026", "Volume", "Price", "New models", "Sep 2026"]
    assert chart.find(f".//{C}catAx/{C}txPr/{A}bodyPr").get("rot") == "0"


def test_a_bridge_above_zero_has_no_series_below_it(charts: dict[str, Chart], deck: Callable[..., Any]) -> None:
    assert not any("below" in name for name in deck(charts["bridge"]).series(1))


def test_formulas_stay_text(charts: dict[str, Chart], deck: Callable[..., Any]) -> None:
    opened = deck(charts["bridge_of_many"])
    assert "=cmd()|' /C calc'!A0" in [row[0] for row in opened.sheet(1)]
    assert b"<f>" not in opened.book(1).read("xl/worksheets/sheet1.xml")
