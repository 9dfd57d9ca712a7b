"""A file of metrics: what is understood, and what is refused with its line."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from costlib.errors import EmptyExport, InputError, MissingColumn, UnreadableFile
from costlib.metrics.business import base_volumes, load_metrics
from costlib.metrics.read import SCHEMA, read_metrics

HEADER = "day,metric,team,model,value,unit"


def csv(folder: Path, *lines: str, header: str = HEADER, name: str = "m.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("\n".join([header, *lines]).encode(encoding))
    return path


def test_a_row_as_it_is_kept(tmp_path: Path) -> None:
    table = read_metrics(csv(tmp_path, "2026-09-01,Requests,Fraud,scorer,1200.5,"))
    assert table.schema == SCHEMA
    assert table.to_pylist() == [
        {
            "day": date(2026, 9, 1),
            "metric": "requests",
            "team": "Fraud",
            "model": "scorer",
            "value": Decimal("1200.500000000"),
            "unit": None,
        }
    ]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("99999999999999999999.9999999994", "99999999999999999999.999999999"),  # twenty digits before the point
        ("-10000000000000000000", "-10000000000000000000"),
        ("0.0000000005", "0.000000001"),  # half a unit of the ninth decimal is rounded up
        ("0.00000000049", "0"),
    ],
)
def test_values_of_twenty_digits_are_kept_to_the_ninth_decimal(tmp_path: Path, value: str, kept: str) -> None:
    (row,) = read_metrics(csv(tmp_path, f"2026-09-01,requests,,a,{value},")).to_pylist()
    assert row["value"] == Decimal(kept)


def test_columns_in_any_order_and_case_others_left_out(tmp_path: Path) -> None:
    path = csv(tmp_path, "x,7,orders,2026-09-01T00:00:00", header="note,VALUE,Metric,Day", encoding="utf-8-sig")
    (row,) = read_metrics(path).to_pylist()
    assert (row["day"], row["metric"], row["value"], row["team"]) == (date(2026, 9, 1), "orders", 7, None)


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "m.parquet"
    columns = {"day": [datetime(2026, 9, 1)], "metric": ["orders"], "value": [2.5], "unit": ["USD"]}
    pq.write_table(pa.table(columns), path)
    (row,) = read_metrics(path).to_pylist()
    assert (row["day"], row["value"], row["unit"]) == (date(2026, 9, 1), Decimal("2.5"), "USD")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2026-09-02,requests,,a,100000000000000000000,", "is not a number of at most 20 digits"),
        ("2026-09-31,requests,,a,1,", "line 3: the day '2026-09-31' is not a date"),
        ("01/09/2026,requests,,a,1,", "line 3: the day '01/09/2026' is not a date"),
        ("2026-09-01T12:30:00,requests,,a,1,", "line 3: the day '2026-09-01T12:30:00' is not a date"),
        ("2026-09-02,,,a,1,", "line 3: the metric has no name"),
        ("2026-09-02,requests,,a,,", "line 3: the value '' is not a plain number"),
        ('2026-09-02,requests,,a,"1,200",', "line 3: the value '1,200' is not a plain number"),
        ("2026-09-02,requests,,a,NaN,", "line 3: the value 'NaN' is not a number"),
        ("2026-09-02,requests,,a,1e30,", "line 3: the value '1e30' is not a number of at most 20 digits"),
        ("2026-09-01,requests,,a,2,", "line 3: the same day, metric, team and model as line 2"),
        ("2026-09-02,requests,a,2", "line 3: 4 cells where the header has 6"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(InputError) as refused:
        read_metrics(csv(tmp_path, "2026-09-01,requests,,a,1,", line))
    assert says in refused.value.problem
    assert "nothing was loaded" in str(refused.value)


def test_five_bad_lines_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_metrics(csv(tmp_path, *[f"2026-09-{day:02d},requests,,a,x," for day in range(1, 6)]))
    assert "line 6: " in refused.value.problem and "more" not in refused.value.problem


def test_rows_of_parquet_are_named_and_days_may_be_dates(tmp_path: Path) -> None:
    path = tmp_path / "m.parquet"
    days = [date(2026, 9, 1), date(2026, 9, 2)]
    pq.write_table(pa.table({"day": days, "metric": ["orders"] * 2, "value": [2, 3]}), path)
    assert [row["day"] for row in read_metrics(path).to_pylist()] == days
    pq.write_table(pa.table({"day": days, "metric": ["orders"] * 2, "value": [2.5, None]}), path)
    with pytest.raises(InputError, match="cannot be loaded: row 2: the value '' is not a plain number"):
        read_metrics(path)


def test_many_bad_lines_are_counted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"line 6: .*; and 4 more"):
        read_metrics(csv(tmp_path, *[f"2026-09-{day:02d},requests,,a,x," for day in range(1, 10)]))


def test_empty_lines_are_no_rows_and_do_not_shift_line_numbers(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_metrics(csv(tmp_path, "2026-09-01,requests,,a,1,", "", "2026-09-02,requests,,a,x,"))
    assert "cannot be loaded: line 4: the value 'x' is not a plain number." in f"{refused.value.problem}."
    assert (
        read_metrics(csv(tmp_path, "2026-09-01,requests,,a,1,", "", "  ", ",,,,,", "2026-09-02,b,,a,1,")).num_rows == 2
    )


def test_a_missing_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(MissingColumn, match=r"has no column value.*; team, model, unit may.*Did you mean valeu"):
        read_metrics(csv(tmp_path, "2026-09-01,requests,1", header="day,metric,valeu"))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two columns value"):
        read_metrics(csv(tmp_path, "2026-09-01,requests,1,2", header="day,metric,value,Value"))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"day,metric,value\n", EmptyExport),
        (b"", MissingColumn),
        (b"PAR1 and then nothing", UnreadableFile),
        (b"day,metric,value\n2026-09-01,caf\xe9,1\n", UnreadableFile),
    ],
)
def test_files_that_are_no_metrics(tmp_path: Path, content: bytes, error: type[InputError]) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(content)
    with pytest.raises(error):
        read_metrics(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_metrics(tmp_path / "none.csv")


def test_volumes_in_base_units_are_worked_out_once_for_the_files_that_hold_them(tmp_path: Path) -> None:
    load_metrics(tmp_path, csv(tmp_path, "2026-09-01,input tokens,,bot,5,1K tokens", "2026-09-01,requests,,bot,7,"))
    found = base_volumes(tmp_path)
    assert {(one.metric, one.value, one.unit) for one in found} == {
        ("input tokens", Decimal(5000), "tokens"),
        ("requests", Decimal(7), "count"),
    }
    assert base_volumes(tmp_path) is found
    load_metrics(tmp_path, csv(tmp_path, "2026-09-01,requests,,bot,8,"))
    assert [one.value for one in base_volumes(tmp_path)] == [Decimal(8)]
