"""Long tables: read with care, refused with the row, forecast from each series' own last date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from costlib.analysis.forecast.rhythm import Frequency
from costlib.errors import EmptyExport, InputError, MissingColumn, UnreadableFile
from costlib.series.calendar import IrregularDates
from costlib.series.cells import UnreadableValue
from costlib.series.forecast import backtest_table, forecast_table
from costlib.series.read import DuplicateRow, read_panel

Row = tuple[object, object, object]
NEW_YEAR = date(2026, 1, 1)


def days(name: str, count: int, start: date = NEW_YEAR, value: float = 10.0) -> list[Row]:
    return [(name, start + timedelta(days=one), value + one % 3) for one in range(count)]


def months(name: str, count: int, year: int = 2022) -> list[Row]:
    return [(name, date(year + one // 12, one % 12 + 1, 1), 100.0 + one) for one in range(count)]


def written(folder: Path, rows: list[Row], header: str = "unique_id,ds,y") -> Path:
    path = folder / "long.csv"
    path.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    return path


def test_csv_gives_the_promised_columns(tmp_path: Path) -> None:
    ahead = forecast_table(written(tmp_path, days("Search", 90) + days("Fraud", 90)), 14)
    assert ahead.periods.column_names == ["unique_id", "ds", "mean", "p50", "lo-80", "hi-80"]
    assert ahead.totals.column_names == ["unique_id", "mean", "p50", "lo-80", "hi-80"]
    assert ahead.series.column_names == ["unique_id", "method", "notes"]
    assert ahead.periods.num_rows == 28 and ahead.totals.column("unique_id").to_pylist() == ["Search", "Fraud"]


def test_every_level_gets_its_columns_and_the_wider_holds_the_narrower(tmp_path: Path) -> None:
    table = forecast_table(written(tmp_path, days("a", 90)), 7, levels=(80, 95)).periods.to_pydict()
    assert list(table)[-4:] == ["lo-80", "hi-80", "lo-95", "hi-95"]
    assert all(wide <= narrow for wide, narrow in zip(table["lo-95"], table["lo-80"], strict=True))
    assert all(wide >= narrow for wide, narrow in zip(table["hi-95"], table["hi-80"], strict=True))


def test_dates_go_on_from_each_series_own_last_date_and_lateness_is_said(tmp_path: Path) -> None:
    ahead = forecast_table(written(tmp_path, days("early", 60) + days("late", 70)), 2)
    assert ahead.periods.column("ds").to_pylist()[:3] == [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 12)]
    early, late = ahead.series.column("notes").to_pylist()
    assert "Last date 2026-03-01, 10 days before the newest" in early and "Last date" not in late


def test_months_go_on_as_first_days_over_the_year_end(tmp_path: Path) -> None:
    ahead = forecast_table(written(tmp_path, months("a", 35)), 3)
    assert ahead.periods.column("ds").to_pylist() == [date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1)]


def test_weeks_keep_each_series_weekday(tmp_path: Path) -> None:
    rows = [(name, first + timedelta(weeks=one), 5 + one % 4) for name, first in
            (("mon", date(2025, 1, 6)), ("sun", date(2025, 1, 5))) for one in range(40)]  # fmt: skip
    panel = read_panel(written(tmp_path, rows))
    assert panel.frequency is Frequency.WEEK
    weekdays = [str(one) for one in panel.dates_after(1)[:, 0]]
    assert [date.fromisoformat(one).weekday() for one in weekdays] == [0, 6]


@pytest.mark.parametrize(("rows", "steps"), [(days("a", 40), 30), (months("a", 40), 12)])
def test_the_horizon_has_a_default_by_frequency(tmp_path: Path, rows: list[Row], steps: int) -> None:
    assert forecast_table(written(tmp_path, rows)).periods.num_rows == steps


def test_rows_in_any_order_and_other_columns_make_no_difference(tmp_path: Path) -> None:
    rows = days("a", 50) + days("b", 50)
    once = forecast_table(written(tmp_path, rows), 5).periods.to_pydict()
    mixed = [(*rows[place], "note") for place in np.random.default_rng(0).permutation(100)]
    first = sorted(mixed, key=lambda row: row[0] != "a")
    again = forecast_table(written(tmp_path, first, "unique_id,ds,y,remark"), 5).periods.to_pydict()
    assert again["ds"] == once["ds"]
    np.testing.assert_allclose(again["p50"], once["p50"])


def test_a_missing_date_and_an_empty_cell_are_the_same_and_not_zero(tmp_path: Path) -> None:
    whole = [("a", NEW_YEAR + timedelta(days=one), 100 + one % 2) for one in range(80)]
    missing = [row for place, row in enumerate(whole) if place not in (40, 41)]
    empty = [(name, day, "" if place in (40, 41) else y) for place, (name, day, y) in enumerate(whole)]
    first = forecast_table(written(tmp_path, missing), 5)
    second = forecast_table(written(tmp_path, empty), 5)
    assert first.periods.equals(second.periods)
    assert min(first.periods.column("lo-80").to_pylist()) > 90
    assert "2 missing dates" in first.series.column("notes")[0].as_py()


@pytest.mark.parametrize("stamp", [datetime, date])
def test_parquet_takes_dates_timestamps_decimals_and_numbers_as_names(tmp_path: Path, stamp: type) -> None:
    path = tmp_path / "long.parquet"
    when = [stamp(2026, 1, 1) + timedelta(days=one) for one in range(60)]
    table = pa.table({"unique_id": [7] * 60, "ds": when, "y": [Decimal("1.50")] * 60})
    pq.write_table(table, path)
    ahead = forecast_table(path, 3)
    assert ahead.periods.column("unique_id").to_pylist() == [7, 7, 7]
    assert ahead.periods.column("p50").to_pylist() == pytest.approx([1.5] * 3)


def test_dictionary_encoded_names_and_text_dates_are_read(tmp_path: Path) -> None:
    path = tmp_path / "long.parquet"
    text = [f"2026-01-{one:02d}T00:00:00Z" for one in range(1, 29)]
    names = pa.array(["a"] * 28).dictionary_encode()
    pq.write_table(pa.table({"unique_id": names, "ds": text, "y": list(range(1, 29))}), path)
    assert read_panel(path).y.shape == (1, 28)


@pytest.mark.parametrize(
    ("header", "column", "hint"),
    [("unique_id,date,y", "ds", "Name the column ds"), ("uniqueid,ds,y", "unique_id", "uniqueid")],
)
def test_a_missing_column_is_named_with_what_is_there(tmp_path: Path, header: str, column: str, hint: str) -> None:
    with pytest.raises(MissingColumn, match=f"no column {column}") as refusal:
        read_panel(written(tmp_path, days("a", 3), header))
    assert hint in str(refusal.value)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_marks_than_commas_are_refused_with_what_to_do(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "long.csv"
    path.write_text(f"unique_id{mark}ds{mark}y\na{mark}2026-01-01{mark}5\n")
    with pytest.raises(MissingColumn, match=r"Save it with commas between the columns\.$"):
        read_panel(path)


def test_an_empty_file_has_nothing(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text("\n")
    with pytest.raises(MissingColumn, match="no column unique_id; it has nothing"):
        read_panel(tmp_path / "long.csv")


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    """Which of the two is meant, nobody can say."""
    rows = [(*row, 7) for row in days("a", 30)]
    with pytest.raises(InputError, match=r"long\.csv has the column y 2 times\. Expected: it once\. Leave out"):
        read_panel(written(tmp_path, rows, "unique_id,ds,y,y"))


def test_text_of_another_encoding_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_bytes("unique_id,ds,y\nCaf\u00e9,2026-01-01,5\n".encode("latin-1"))
    with pytest.raises(UnreadableFile, match=r"cannot be read \(.*UTF.?8.*\)") as refusal:
        read_panel(tmp_path / "long.csv")
    assert "codec" not in str(refusal.value)


def test_a_file_that_is_called_parquet_and_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "long.parquet").write_text("unique_id,ds,y\na,2026-01-01,5\n")
    with pytest.raises(UnreadableFile, match=r"long\.parquet is no Parquet file"):
        read_panel(tmp_path / "long.parquet")


@pytest.mark.parametrize("value", ["1,000", "abc", "12 USD", "inf", "1e300", "-1.7e308", "1e31"])
def test_a_value_that_is_no_number_is_shown_with_its_row(tmp_path: Path, value: str) -> None:
    rows = days("a", 10)
    rows[4] = ("a", rows[4][1], f'"{value}"')
    with pytest.raises(UnreadableValue, match=r"long\.csv, row 5: y is") as refusal:
        read_panel(written(tmp_path, rows))
    assert value in str(refusal.value)


@pytest.mark.parametrize("value", ["01/02/2026", "2026-02-30", "2026-01-05 13:00:00", "", "2026-01"])
def test_a_date_that_is_none_is_shown_with_its_row(tmp_path: Path, value: str) -> None:
    rows = days("a", 10)
    rows[4] = ("a", value, 1.0)
    with pytest.raises(UnreadableValue, match="row 5: ds is"):
        read_panel(written(tmp_path, rows))


def test_a_time_of_day_in_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.parquet"
    when = [datetime(2026, 1, 1) + timedelta(hours=one) for one in range(30)]
    pq.write_table(pa.table({"unique_id": ["a"] * 30, "ds": when, "y": [1.0] * 30}), path)
    with pytest.raises(UnreadableValue, match="row 2"):
        read_panel(path)


def test_a_byte_order_mark_quotes_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    lines = ['"unique_id","ds","y"', *(f'"a","{day}",{y}' for _, day, y in days("a", 20))]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    assert read_panel(path).y.shape == (1, 20)


def test_a_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="columns"):
        read_panel(written(tmp_path, [*days("a", 3), ("a", "2026-02-01", "1,000.5")]))


def test_a_header_with_spaces_is_refused_with_the_name_meant(tmp_path: Path) -> None:
    with pytest.raises(MissingColumn, match="no column ds"):
        read_panel(written(tmp_path, days("a", 3), "unique_id, ds,y"))


def test_a_name_that_is_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableValue, match="row 3: unique_id is empty"):
        read_panel(written(tmp_path, [*days("a", 2), ("", NEW_YEAR, 1.0)]))


def test_a_mistyped_year_among_many_series_is_named_before_it_fills_the_memory(tmp_path: Path) -> None:
    rows = [("s7", date(201, 1, 31), 3.0), *(row for at in range(400) for row in days(f"s{at}", 2))]
    named = r"0201-01-31 \(row 1\) and 2026-01-02 \(row 17\) of one series are 666,\d{3} periods apart"
    with pytest.raises(IrregularDates, match=named) as refused:
        read_panel(written(tmp_path, rows))
    assert refused.value.expected == "at most 625,000 periods, for 400 series"


def test_a_mistyped_year_to_come_is_named_beside_the_date_it_makes_old(tmp_path: Path) -> None:
    rows = [*(row for at in range(400) for row in days(f"s{at}", 2)), ("s7", date(9026, 1, 4), 3.0)]
    with pytest.raises(IrregularDates, match=r"2026-01-01 \(row 15\) and 9026-01-04 \(row 801\)"):
        read_panel(written(tmp_path, rows))


def test_series_that_ended_long_ago_make_the_others_no_longer(tmp_path: Path) -> None:
    rows = [("s7", date(201, 1, 31), 3.0), *(row for at in range(400) if at != 7 for row in days(f"s{at}", 2))]
    panel = read_panel(written(tmp_path, rows), Frequency.DAY)
    assert panel.y.shape == (400, 2)


def test_two_rows_for_one_date_are_both_named(tmp_path: Path) -> None:
    with pytest.raises(DuplicateRow, match=r"rows 3 and 11: series a has 2026-01-03 twice"):
        read_panel(written(tmp_path, [*days("a", 10), ("a", date(2026, 1, 3), 5.0)]))


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmptyExport, match="no rows"):
        read_panel(written(tmp_path, []))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_panel(tmp_path / "none.csv")


def test_a_broken_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.parquet"
    path.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_panel(path)


def test_dates_that_no_frequency_explains_are_refused(tmp_path: Path) -> None:
    rows: list[Row] = [("a", NEW_YEAR + timedelta(days=3 * one), 1.0) for one in range(20)]
    with pytest.raises(IrregularDates, match="3 days apart"):
        read_panel(written(tmp_path, rows))


def test_month_ends_are_refused_with_what_to_do(tmp_path: Path) -> None:
    rows: list[Row] = [("a", date(2026, one + 1, 1) - timedelta(days=1), 1.0) for one in range(1, 9)]
    with pytest.raises(IrregularDates, match="first day"):
        read_panel(written(tmp_path, rows))


def test_a_date_outside_a_given_frequency_is_named(tmp_path: Path) -> None:
    with pytest.raises(IrregularDates, match=r"row 2: 2026-01-02 does not fit frequency MS"):
        read_panel(written(tmp_path, days("a", 5)), Frequency.MONTH)


def test_one_date_needs_its_frequency_said(tmp_path: Path) -> None:
    path = written(tmp_path, [("a", NEW_YEAR, 5.0)])
    with pytest.raises(IrregularDates, match="--freq"):
        forecast_table(path)
    assert forecast_table(path, 3, "D").periods.column("p50").to_pylist() == pytest.approx([5.0] * 3)


@pytest.mark.parametrize("freq", ["H", "month", "ms"])
def test_an_unknown_frequency_is_refused(tmp_path: Path, freq: str) -> None:
    with pytest.raises(InputError, match="not known"):
        forecast_table(written(tmp_path, days("a", 5)), 3, freq)


@pytest.mark.parametrize("level", [0, 100, -5])
def test_an_impossible_level_is_refused(tmp_path: Path, level: int) -> None:
    with pytest.raises(InputError, match="Level"):
        forecast_table(written(tmp_path, days("a", 5)), 3, levels=[level])


@pytest.mark.parametrize("horizon", [0, -1, 3_661, 10**12])
def test_a_horizon_that_nobody_can_mean_is_refused(tmp_path: Path, horizon: int) -> None:
    path = written(tmp_path, days("a", 5))
    with pytest.raises(InputError, match=rf"horizon is {horizon}\. Expected: a whole number from 1 to 3,660"):
        forecast_table(path, horizon)
    with pytest.raises(InputError, match=f"horizon is {horizon}"):
        backtest_table(path, horizon, 2)


@pytest.mark.parametrize("windows", [0, 1_001, 10**12])
def test_as_many_windows_as_nobody_can_mean_are_refused(tmp_path: Path, windows: int) -> None:
    with pytest.raises(InputError, match=rf"windows is {windows}\. Expected: a whole number from 1 to 1,000"):
        backtest_table(written(tmp_path, days("a", 60)), 2, windows)


def test_large_and_small_numbers_are_forecast_without_a_warning(tmp_path: Path) -> None:
    """At the largest value that is taken, and at one that is next to nothing."""
    for value in (1e30, 1e-300):
        rows = [("a", NEW_YEAR + timedelta(days=one), value) for one in range(60)]
        found = forecast_table(written(tmp_path, rows), 2).periods.column("p50").to_pylist()
        assert found == pytest.approx([value, value])


@pytest.mark.parametrize(("count", "said"), [(1, "New: 1 period of history"), (2, "New: 2 periods of history")])
def test_a_history_of_one_period_is_one(tmp_path: Path, count: int, said: str) -> None:
    found = forecast_table(written(tmp_path, days("a", count)), 2, "D")
    assert found.series.column("notes")[0].as_py().startswith(said)


def test_one_missing_date_is_one(tmp_path: Path) -> None:
    rows = [row for row in days("a", 40) if row[1] != date(2026, 1, 20)]
    note = forecast_table(written(tmp_path, rows), 2).series.column("notes")[0].as_py()
    assert "1 missing date inside it was bridged by a straight line" in note


def test_a_backtest_says_how_long_the_longest_series_is(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the longest has 1 period\. Expected: at least"):
        backtest_table(written(tmp_path, days("a", 1)), 1, 1, "D")


def test_a_series_without_any_value_has_empty_figures_and_a_note(tmp_path: Path) -> None:
    rows = days("a", 40) + [("b", day, "") for _, day, _ in days("b", 40)]
    ahead = forecast_table(written(tmp_path, rows), 2)
    assert np.isnan(ahead.totals.column("p50").to_pylist()[1])
    assert "No history" in ahead.series.column("notes")[1].as_py()


def test_backtest_of_a_table_is_a_document(tmp_path: Path) -> None:
    document = backtest_table(written(tmp_path, days("a", 120) + days("b", 120)), 14, 3)
    assert document["frequency"] == "D" and document["windows"] == 3 and document["series"] == 2
    assert {"glidepath", "seasonal naive", "28-day run rate", "linear trend"} <= set(document["methods"])
    assert [one["unique_id"] for one in document["by_series"]] == ["a", "b"]
