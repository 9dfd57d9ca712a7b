"""A chart as text: the table is exact, the sentence is short and true, nothing missing is hidden."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

from costlib.charts.spec import BandTrend, Caption, Chart, Line, Segment, StackedColumns, Trend
from costlib.charts.timeline import Periods
from costlib.charts.words import alt_text, notes, table
from costlib.money import short
from costlib.periods import Grain


def usd(amount: int) -> str:
    return short(D(amount), "USD")


def test_table_is_exact_and_iso(charts: dict[str, Chart]) -> None:
    header, rows = table(charts["stack"])
    assert header == ("Month", "Currency", "Search", "Fraud", "All other")
    assert rows[0] == ("2026-07-01", "USD", "300000.1", "100000", "10000")
    assert [row[0] for row in rows] == ["2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01"]


def test_table_leaves_unknown_empty_and_writes_zero(charts: dict[str, Chart]) -> None:
    header, rows = table(charts["gaps"])
    assert header == ("Day", "Currency", "Daily")
    assert [row[2] for row in rows] == ["10", "", "12", "", "9", "11", ""]
    assert table(charts["credits"])[1][0] == ("2025-10-01", "EUR", "100", "40", "-30", "0")


def test_table_survives_a_csv_file(any_chart: Chart) -> None:
    header, rows = table(any_chart)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    read = list(csv.reader(io.StringIO(text.getvalue(), newline="")))
    assert [tuple(row) for row in read] == [header, *rows]
    assert all(len(row) == len(header) for row in rows)


def test_alt_text_of_a_stack_compares_complete_periods(charts: dict[str, Chart]) -> None:
    assert alt_text(charts["stack"]) == (
        f"Stacked columns of 3 parts by month, Jul 2026 to Oct 2026. Total {usd(410000)} in Jul 2026 and {usd(410000)} "
        f"in Sep 2026, of which Search {usd(320000)}, Fraud {usd(80000)}, All other {usd(10000)}. "
        "Oct 2026 holds data to 20 Oct only."
    )


def test_alt_text_of_a_trend(charts: dict[str, Chart]) -> None:
    assert alt_text(charts["trend"]) == (
        f"2 lines by month, Jul 2026 to Oct 2026. This year from {usd(410000)} in Jul 2026 to {usd(455000)} "
        "in Sep 2026; "
        f"Year before from {usd(380000)} in Jul 2026 to {usd(385000)} in Sep 2026, highest {usd(390000)} in Aug 2026. "
        "Oct 2026 holds data to 20 Oct only."
    )


def test_alt_text_tells_credits_with_their_sign(charts: dict[str, Chart]) -> None:
    last = "of which On-demand {}, Credits {}, Storage {}."
    expected = last.format(*(short(D(amount), "EUR") for amount in (120, -60, 50)))
    assert alt_text(charts["credits"]).endswith(expected)
    assert "Credits −€60" in expected


def test_alt_text_of_many_lines_tells_the_largest(charts: dict[str, Chart]) -> None:
    text = alt_text(charts["close_lines"])
    assert "7 lines by month" in text
    assert "Highest at the end: Team G" in text
    assert "Team A" not in text


def test_alt_text_when_nothing_is_known() -> None:
    periods = Periods((date(2026, 9, 1),), Grain.MONTH)
    words = Caption("Nothing yet", "Cost, USD", "")
    empty = StackedColumns(words, periods, "USD", (Segment("A", (None,)),))
    assert "No total is known" in alt_text(empty)
    assert "Unknown and left blank: A in Sep 2026" in alt_text(empty)
    assert "A unknown" in alt_text(Trend(words, periods, "USD", (Line("A", (None,)),)))


def test_alt_text_of_a_single_open_period_tells_it() -> None:
    periods = Periods((date(2026, 10, 1),), Grain.MONTH, data_until=date(2026, 10, 20))
    chart = Trend(Caption("So far", "Cost, USD", ""), periods, "USD", (Line("A", (D("12.5"),)),))
    said = f"One line by month, Oct 2026. A {short(D('12.5'), 'USD')} in Oct 2026. Oct 2026 holds data to 20 Oct only."
    assert alt_text(chart) == said


def test_notes_name_what_is_unknown(charts: dict[str, Chart]) -> None:
    assert notes(charts["unknown_part"]) == ("Unknown and left blank: Storage in Oct 2026",)
    assert notes(charts["gaps"]) == (
        "Unknown and left blank: Daily on 2 Sep 2026, Daily on 4 Sep 2026, Daily on 7 Sep 2026",
    )
    assert notes(charts["credits"]) == ()


def test_what_a_reader_of_a_forecast_must_know_goes_along(charts: dict[str, Chart]) -> None:
    chart = charts["outlook"]
    assert isinstance(chart, BandTrend)
    noted = replace(chart, note="Two days are a guess")
    assert notes(noted) == (*notes(chart), "Two days are a guess")
    assert alt_text(noted).endswith("Two days are a guess.")
    assert table(noted) == table(chart)


def test_notes_count_when_there_is_too_much_to_name() -> None:
    periods = Periods(tuple(date(2026, 9, day) for day in range(1, 6)), Grain.DAY)
    chart = Trend(Caption("Gaps", "Cost, USD", ""), periods, "USD", (Line("A", (D(1), None, None, None, None)),))
    assert notes(chart) == ("4 amounts are unknown and left blank",)
