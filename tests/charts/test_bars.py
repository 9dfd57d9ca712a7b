"""Ranked bars: order, gathering, what is refused, and how each renderer shows credits, unknowns and comparisons."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.fit import text_width
from costlib.charts.palette import LIGHT
from costlib.charts.screen import HEIGHT, figure
from costlib.charts.slide.bars import FONT_SIZE, short_format
from costlib.charts.spec import MOST_BARS, OTHER, Bar, Caption, Chart, RankedBars, leading
from costlib.charts.words import alt_text, notes, table
from costlib.errors import InputError
from costlib.money import exact_sum, full, short

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
WORDS = Caption("Search spends most", "Effective cost, USD", "Bills")
AMOUNTS = st.one_of(st.none(), st.decimals(D("-1e9"), D("1e9"), allow_nan=False, places=2), st.just(D(0)))


def ranking(*bars: Bar, **changes: Any) -> RankedBars:
    return RankedBars(**({"caption": WORDS, "currency": "USD", "bars": bars, "amount_name": "Sep"} | changes))


def test_largest_first_then_credits_unknowns_and_the_rest(charts: dict[str, Chart]) -> None:
    chart = charts["ranked"]
    assert isinstance(chart, RankedBars)
    assert [bar.name for bar in chart.ranked] == ["Search", "Fraud", "Credits", "Speech", OTHER]
    assert chart.reach == (D("-12000.75"), D("320000.30"))


def test_equal_amounts_keep_the_order_given() -> None:
    chart = ranking(Bar("B", D(1)), Bar("A", D(1)), Bar("C", D(2)))
    assert [bar.name for bar in chart.ranked] == ["C", "B", "A"]


def test_reach_is_never_nothing() -> None:
    assert ranking(Bar("A", None)).reach == ranking(Bar("A", D(0))).reach == (0, 1)
    assert ranking(Bar("A", D(-4))).reach == (-4, 0)


@pytest.mark.parametrize(
    ("bars", "changes", "said"),
    [
        ((), {}, "no bar"),
        ((Bar("A", D(1)), Bar("A ", D(2))), {}, "2 bars are called 'A'"),
        ((Bar(" ", D(1)),), {}, "no name"),
        ((Bar("A", D("NaN")),), {}, "NaN"),
        ((Bar("A", 1.5),), {}, "holds 1.5"),  # type: ignore[arg-type]
        ((Bar("A", D(1), D(1)),), {}, "previous_name"),
        ((Bar("A", D(1)),), {"currency": "ZZZ"}, "ZZZ"),
        ((Bar("A", D(1)),), {"amount_name": ""}, "no name"),
        ((Bar("A", D(1)),), {"previous_name": "Sep"}, "2 columns are called 'Sep'"),
        (tuple(Bar(str(index), D(1)) for index in range(MOST_BARS + 1)), {}, "leading"),
        ((Bar("A", D(1), other=True), Bar("B", D(1), other=True)), {}, "one that gathers the rest"),
    ],
)
def test_what_cannot_be_drawn_is_refused(bars: tuple[Bar, ...], changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        ranking(*bars, **changes)


def test_the_smallest_are_gathered_with_what_they_were() -> None:
    bars = [Bar("A", D(5), D(4)), Bar("B", D(1), D(2)), Bar("C", D(-7), D(0)), Bar("D", D(2), D(1))]
    assert leading(bars, most=2) == (bars[0], bars[2], Bar(OTHER, D(3), D(3), other=True))
    assert leading(bars, most=4) == tuple(bars)
    assert leading(bars, most=3)[-1] == Bar("B", D(1), D(2), other=True)


def test_the_rest_is_unknown_where_a_part_of_it_is() -> None:
    bars = [Bar("A", D(5), D(4)), Bar("B", D(1), None), Bar("C", None, D(1))]
    assert leading(bars, most=1)[-1] == Bar(OTHER, None, None, other=True)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=40))
def test_gathering_keeps_the_sum(pairs: list[tuple[D | None, D | None]]) -> None:
    bars = leading([Bar(f"b{index}", now, before) for index, (now, before) in enumerate(pairs)])
    chart = ranking(*bars, previous_name="Aug")
    if all(now is not None for now, _ in pairs):
        assert exact_sum(bar.amount for bar in chart.ranked) == exact_sum(now for now, _ in pairs)
    named = [bar.amount for bar in chart.ranked if not bar.other and bar.amount is not None]
    assert named == sorted(named, reverse=True)
    low, high = chart.reach
    assert low <= 0 <= high and low < high
    assert figure(chart, LIGHT).to_json() == figure(chart, LIGHT).to_json()


def test_table_and_words(charts: dict[str, Chart]) -> None:
    header, rows = table(charts["ranked"])
    assert header == ("Team", "Currency", "Sep 2026", "Aug 2026")
    assert rows == [
        ("Search", "USD", "320000.3", "310000.2"),
        ("Fraud", "USD", "80000", "90000"),
        ("Credits", "USD", "-12000.75", "-10000"),
        ("Speech", "USD", "", "5000"),
        (OTHER, "USD", "30000", ""),
    ]
    assert notes(charts["ranked"]) == ("Unknown and left blank: Speech in Sep 2026, All other in Aug 2026",)
    assert alt_text(charts["ranked"]).startswith(
        f"5 bars, largest first, Sep 2026 compared with Aug 2026. Search {short(D(320000), 'USD')} (before "
        f"{short(D(310000), 'USD')}); Fraud {short(D(80000), 'USD')} (before {short(D(90000), 'USD')}); "
    )
    assert alt_text(ranking(Bar("A", D(2)))) == f"One bar, Sep. A {short(D(2), 'USD')}."
    assert table(ranking(Bar("A", D(2))))[0] == ("Name", "Currency", "Sep")


def test_words_tell_the_lowest_credit() -> None:
    names = zip("ABCDE", (5, 4, 3, -1, -2), strict=True)
    assert "; lowest E −$2.00." in alt_text(ranking(*(Bar(name, D(amount)) for name, amount in names)))


def drawn(chart: Chart) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(figure(chart, LIGHT).to_json())
    return parsed


def test_screen_draws_now_and_lighter_before(charts: dict[str, Chart]) -> None:
    now, before = drawn(charts["ranked"])["data"]
    assert now["orientation"] == before["orientation"] == "h"
    assert now["x"] == [320000.3, 80000, -12000.75, None, 30000] and before["x"] == [
        310000.2,
        90000,
        -10000,
        5000,
        None,
    ]
    assert now["marker"]["color"] == [LIGHT.ink] * 4 + [LIGHT.muted] and before["marker"]["color"] == LIGHT.previous
    for upper, lower in zip(now["y"], before["y"], strict=True):
        assert upper + now["width"] / 2 <= lower - before["width"] / 2 + 1e-9
        assert lower + before["width"] / 2 < round(upper) + 0.5


def test_screen_writes_amounts_clear_of_every_bar(charts: dict[str, Chart]) -> None:
    notes_ = drawn(charts["ranked"])["layout"]["annotations"]
    labels = [note for note in notes_ if note.get("xref") != "paper"]
    assert [note["x"] for note in labels] == [320000.3, 90000, 0, 5000, 30000]
    assert "unknown" in labels[3]["text"] and "−&#36;12.0K" in labels[2]["text"]
    assert all(note["xanchor"] == "left" for note in labels)


def test_key_is_there_only_with_a_comparison(charts: dict[str, Chart]) -> None:
    (key,) = [note for note in drawn(charts["ranked"])["layout"]["annotations"] if note.get("xref") == "paper"]
    assert "Sep 2026" in key["text"] and LIGHT.previous in key["text"]
    plain = drawn(charts["ranked_plain"])
    assert len(plain["data"]) == 1 and all(note.get("xref") != "paper" for note in plain["layout"]["annotations"])


def test_largest_stands_on_top(charts: dict[str, Chart]) -> None:
    axis = drawn(charts["ranked"])["layout"]["yaxis"]
    assert axis["range"] == [4.5, -0.5]
    assert axis["ticktext"] == ["Search", "Fraud", "Credits", "Speech", "All other"]


def test_long_names_are_cut_at_the_axis_and_whole_in_the_hover(charts: dict[str, Chart]) -> None:
    chart = ranking(Bar("Recommendations and personalisation platform, EMEA (shared)", D(1)), Bar("B", D(2)))
    shown = drawn(chart)
    name = shown["layout"]["yaxis"]["ticktext"][1]
    assert name.count("<br>") == 1 and name.endswith("…")
    assert chart.bars[0].name in shown["data"][0]["hovertext"][1].replace("<br>", " ")
    many = drawn(charts["ranked_hostile"])["layout"]["yaxis"]["ticktext"]
    assert not any("<br>" in text for text in many)
    rows = HEIGHT - 24 - drawn(charts["ranked_hostile"])["layout"]["margin"]["b"]
    assert rows / len(many) >= 20


def test_pointer_tells_both_periods_and_what_is_unknown(charts: dict[str, Chart]) -> None:
    texts = drawn(charts["ranked"])["data"][0]["hovertext"]
    assert full(D("320000.30"), "USD").replace("$", "&#36;") in texts[0] and "Aug 2026" in texts[0]
    assert "Sep 2026  <b>unknown</b>" in texts[3]


def test_names_are_literal(charts: dict[str, Chart]) -> None:
    text = json.dumps(drawn(charts["ranked_hostile"]))
    assert "<b>x" not in text and "$x$" not in text and "<i>now" not in text and "$before" not in text


def test_slide_is_a_bar_chart_from_the_top_down(charts: dict[str, Chart], deck: Callable[..., Any]) -> None:
    chart = deck(charts["ranked"]).chart(1)
    assert chart.find(f".//{C}barChart/{C}barDir").get("val") == "bar"
    assert chart.find(f".//{C}catAx/{C}scaling/{C}orientation").get("val") == "maxMin"
    assert chart.find(f".//{C}valAx/{C}delete").get("val", "1") == "1"
    assert chart.find(f".//{C}valAx/{C}majorGridlines") is None
    fills = [ser.find(f"{C}spPr/{A}solidFill/{A}srgbClr").get("val") for ser in chart.iter(f"{C}ser")]
    assert [f"#{fill}" for fill in fills] == [LIGHT.ink, LIGHT.previous]
    (rest,) = chart.iter(f"{C}dPt")
    assert rest.find(f"{C}idx").get("val") == "4"


def test_slide_labels_show_the_values_themselves(charts: dict[str, Chart], deck: Callable[..., Any]) -> None:
    now, before = deck(charts["ranked"]).chart(1).iter(f"{C}ser")
    labels = {label.find(f"{C}idx").get("val"): label for label in now.iter(f"{C}dLbl")}
    assert set(labels) == {"0", "1", "2", "4"}
    assert all(label.find(f"{C}showVal").get("val") == "1" for label in labels.values())
    assert labels["1"].find(f"{C}numFmt").get("formatCode") == '"$"#,##0.0,"K";"−$"#,##0.0,"K";"$"0'
    assert before.find(f"{C}dLbls") is None or not list(before.iter(f"{C}dLbl"))


def test_slide_axis_leaves_room_for_labels_at_both_ends(charts: dict[str, Chart], deck: Callable[..., Any]) -> None:
    for name, credits in (("ranked", True), ("ranked_hostile", False)):
        chart = charts[name]
        assert isinstance(chart, RankedBars)
        scaling = deck(chart).chart(1).find(f".//{C}valAx/{C}scaling")
        low, high = (float(scaling.find(f"{C}{end}").get("val")) for end in ("min", "max"))
        assert high > float(chart.reach[1])
        assert (low < float(chart.reach[0])) if credits else low == 0


def label_room(chart: RankedBars, deck: Callable[..., Any]) -> tuple[float, float]:
    """The parts of the slide's axis below its lowest amount and above its highest."""
    scaling = deck(chart).chart(1).find(f".//{C}valAx/{C}scaling")
    low, high = (float(scaling.find(f"{C}{end}").get("val")) for end in ("min", "max"))
    least, most = (float(end) for end in chart.reach)
    return (least - low) / (high - low), (high - most) / (high - low)


def test_slide_labels_have_as_much_room_as_the_widest_needs(deck: Callable[..., Any]) -> None:
    """Ten points and the width of the label in bold; the same at both ends where there are credits."""
    short_one, long_one = ranking(Bar("A", D(5))), ranking(Bar("A", D(5)), Bar("B", D("0.0000123")))
    narrow, wide = (label_room(chart, deck)[1] for chart in (short_one, long_one))
    needed = [
        max(text_width(chart.label(bar), bold=True) for bar in chart.bars) * FONT_SIZE + 10
        for chart in (short_one, long_one)
    ]
    assert 0.02 < narrow < wide < 0.3
    assert wide / narrow == pytest.approx(needed[1] / needed[0])
    assert label_room(short_one, deck)[0] == 0
    below, above = label_room(ranking(Bar("A", D(5)), Bar("B", D(-5))), deck)
    assert below == pytest.approx(above)
    credit = text_width("−$5.00", bold=True) * FONT_SIZE + 10
    assert above / narrow == pytest.approx(credit / needed[0])


def test_slide_labels_never_take_more_than_three_tenths_at_an_end(deck: Callable[..., Any]) -> None:
    endless = ranking(Bar("A", D(5)), Bar("B", D("0." + "0" * 60 + "1")))
    assert label_room(endless, deck)[1] == pytest.approx(0.3)


def test_slide_key_only_with_a_comparison(charts: dict[str, Chart], deck: Callable[..., Any]) -> None:
    opened = deck(charts["ranked"], charts["ranked_plain"])
    assert opened.chart(1).find(f".//{C}legend") is not None and opened.chart(2).find(f".//{C}legend") is None


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("842.6", "USD", '"$"#,##0;"−$"#,##0;"$"0'),
        ("-12345", "EUR", '"€"#,##0.0,"K";"−€"#,##0.0,"K";"€"0'),
        ("3.5", "USD", '"$"#,##0.00;"−$"#,##0.00;"$"0'),
        ("0.0042", "USD", '"$"#,##0.0000;"−$"#,##0.0000;"$"0'),
        ("2500000000", "CHF", '"CHF\xa0"#,##0.00,,,"B";"−CHF\xa0"#,##0.00,,,"B";"CHF\xa0"0'),
        ("0", "USD", '"$"#,##0;"−$"#,##0;"$"0'),
    ],
)
def test_short_format(amount: str, currency: str, code: str) -> None:
    assert short_format(D(amount), currency) == code


def test_formulas_stay_text(charts: dict[str, Chart], deck: Callable[..., Any]) -> None:
    opened = deck(charts["ranked_hostile"])
    sheet = opened.sheet(1)
    assert sheet[0][:3] == ["=Team", "<i>now</i>", "$before$"]
    assert "=cmd()|' /C calc'!A0" in [row[0] for row in sheet]
    assert b"<f>" not in opened.book(1).read("xl/worksheets/sheet1.xml")


def test_without_a_comparison_there_is_one_column() -> None:
    chart = ranking(Bar("A", D(1)))
    assert [name for name, _ in chart.columns] == ["Sep"]
    assert len(replace(chart, previous_name="Aug").columns) == 2
