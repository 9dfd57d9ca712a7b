"""Charts as data: what is accepted, what is refused and how it is said, sums of a stack."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from costlib.charts.spec import OTHER, Caption, Chart, Line, Role, Segment, StackedColumns, Trend, isolated, known
from costlib.charts.timeline import Periods
from costlib.errors import InputError
from costlib.money import exact_sum
from costlib.periods import Grain

CAPTION = Caption("Spend is flat", "Effective cost by month, USD", "Bills to 31 Oct 2026")
TWO = Periods((date(2026, 9, 1), date(2026, 10, 1)), Grain.MONTH)
ONES = (D(1), D(1))


def stacked(*segments: Segment, currency: str = "USD") -> StackedColumns:
    return StackedColumns(CAPTION, TWO, currency, segments)


def trend(*lines: Line) -> Trend:
    return Trend(CAPTION, TWO, "USD", lines)


def named(count: int) -> tuple[Segment, ...]:
    return tuple(Segment(f"Team {index}", ONES) for index in range(count))


def test_seven_segments_and_the_rest_are_accepted() -> None:
    assert len(stacked(*named(7), Segment(OTHER, ONES, other=True)).series) == 8


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        ((), "no segment"),
        (named(8), "8 named segments"),
        ((*named(8), Segment(OTHER, ONES, other=True)), "8 named segments"),
        ((Segment(OTHER, ONES, other=True), *named(1)), "not the last one"),
        ((Segment("A", ONES), Segment("A ", ONES)), "2 segments are called 'A'"),
        ((Segment("  ", ONES),), "segment has no name"),
        ((Segment("A", (D(1),)),), "1 values for 2 periods"),
        ((Segment("A", (D(1), D("NaN"))),), "NaN"),
        ((Segment("A", (D(1), D("Infinity"))),), "Infinity"),
        ((Segment("A", (D(1), 0.5)),), "holds 0.5"),  # type: ignore[arg-type]
    ],
)
def test_stack_that_cannot_be_drawn_is_refused(segments: tuple[Segment, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        stacked(*segments)


def test_unknown_currency_is_refused() -> None:
    with pytest.raises(InputError, match="ZZZ is not a currency"):
        stacked(*named(1), currency="ZZZ")


def test_trend_limits() -> None:
    lines = tuple(Line(f"Team {index}", ONES) for index in range(7))
    assert len(trend(*lines, Line("Year before", ONES, Role.PREVIOUS)).series) == 8
    with pytest.raises(InputError, match="8 of them actual"):
        trend(*lines, Line("One more", ONES))
    with pytest.raises(InputError, match="no line"):
        trend()


def test_a_message_says_what_to_do() -> None:
    with pytest.raises(InputError, match='Add the smallest up as "All other"'):
        stacked(*named(8))
    with pytest.raises(InputError, match="None where it is unknown"):
        trend(Line("A", (D(1),)))


def test_title_is_required() -> None:
    with pytest.raises(InputError, match="no title"):
        Caption("  ", "Cost, USD", "")


def test_totals_net_credits_and_heights_do_not(charts: dict[str, Chart]) -> None:
    chart = charts["credits"]
    assert isinstance(chart, StackedColumns)
    assert chart.totals == (D(110), D(100))
    assert chart.tops == (D(140), D(170))
    assert chart.floors == (D(-30), D(-70))
    assert chart.has_credits
    assert (chart.scale.low, chart.scale.high) == (D(-100), D(200))


def test_total_with_an_unknown_part_is_unknown(charts: dict[str, Chart]) -> None:
    chart = charts["unknown_part"]
    assert isinstance(chart, StackedColumns)
    assert chart.totals == (D(6), None)
    assert chart.tops == (D(6), D(6))
    assert not chart.has_credits


def test_columns_are_the_segments_turned(charts: dict[str, Chart]) -> None:
    chart = charts["cents"]
    assert isinstance(chart, StackedColumns)
    assert chart.columns == ((D("0.0042"), D("0.0011")), (D("0.0084"), D("0.0011")))


def test_sums_keep_every_digit() -> None:
    tiny, huge = D("0.000000000000000001"), D("99999999999999999999")
    assert str(exact_sum([huge, tiny, None])) == "99999999999999999999.000000000000000001"
    assert exact_sum([]) == 0


def test_known_and_isolated() -> None:
    values = (None, D(0), None, D(2), D(3), None, D(4))
    assert known(values) == [(1, D(0)), (3, D(2)), (4, D(3)), (6, D(4))]
    assert isolated(values) == [1, 6]
    assert isolated((D(1),)) == [0]
    assert isolated((None, None)) == []


def test_charts_are_frozen_and_compare_by_value(charts: dict[str, Chart]) -> None:
    with pytest.raises(AttributeError):
        charts["stack"].currency = "EUR"  # type: ignore[misc]
    assert stacked(*named(2)) == stacked(*named(2))


def test_a_label_repeats_the_colour_only_where_names_do_not_suffice() -> None:
    one, year_before = Line("This year", ONES), Line("Year before", ONES, Role.PREVIOUS)
    forecast, another = Line("Forecast", ONES, Role.FORECAST), Line("Search", ONES)
    assert [trend(one, year_before).needs_mark(line) for line in (one, year_before)] == [False, False]
    assert trend(one, forecast).needs_mark(forecast)
    assert [trend(one, another, year_before).needs_mark(line) for line in (one, another, year_before)] == [
        True,
        True,
        False,
    ]
