"""The commands forecast and backtest as a person types them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import InputError

RUN = CliRunner()


@pytest.fixture
def bills(tmp_path: Path) -> Path:
    """Two teams over 90 days: one steady at 100, one that costs 10 more on every seventh day."""
    path = tmp_path / "bills.csv"
    days = [date(2026, 1, 1) + timedelta(days=day) for day in range(90)]
    rows = [
        f"{team},{day},{100 + extra * 10 * (day.weekday() == 0)}"
        for team, extra in (("Fraud", 0), ("Search", 1))
        for day in days
    ]
    path.write_text("unique_id,ds,y\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def run(*words: str) -> str:
    result = RUN.invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_forecast_goes_to_standard_output(bills: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("forecast", "--input", str(bills), "--horizon", "7"))))
    assert list(rows[0]) == ["unique_id", "ds", "mean", "p50", "lo-80", "hi-80"]
    assert [(row["unique_id"], row["ds"]) for row in (rows[0], rows[-1])] == [
        ("Fraud", "2026-04-01"),
        ("Search", "2026-04-07"),
    ]
    assert all(float(row["p50"]) == pytest.approx(100, abs=0.5) for row in rows if row["unique_id"] == "Fraud")
    (monday,) = [row for row in rows if row["unique_id"] == "Search" and row["ds"] == "2026-04-06"]
    assert float(monday["p50"]) == pytest.approx(110, abs=2)


def test_files_for_periods_and_totals(bills: Path, tmp_path: Path) -> None:
    out, totals = tmp_path / "ahead.parquet", tmp_path / "totals.csv"
    run(
        "forecast",
        "--input",
        str(bills),
        "--horizon",
        "7",
        "--level",
        "80",
        "--level",
        "95",
        "--out",
        str(out),
        "--totals",
        str(totals),
    )
    ahead = pq.read_table(out).to_pylist()
    assert {"lo-80", "hi-80", "lo-95", "hi-95"} <= set(ahead[0])
    sums = {row["unique_id"]: row for row in csv.DictReader(io.StringIO(totals.read_text(encoding="utf-8")))}
    for team in ("Fraud", "Search"):
        means = sum(row["mean"] for row in ahead if row["unique_id"] == team)
        assert float(sums[team]["mean"]) == pytest.approx(means)
        assert float(sums[team]["lo-95"]) <= float(sums[team]["lo-80"]) <= float(sums[team]["p50"])


def test_the_record_names_what_it_is_compared_with(bills: Path) -> None:
    document = json.loads(run("backtest", "--input", str(bills), "--horizon", "7", "--windows", "4", "--json"))
    assert (document["series"], document["horizon"], document["windows"]) == (2, 7, 4)
    assert {"glidepath", "seasonal naive"} <= set(document["methods"])
    assert "Method" in run("backtest", "--input", str(bills), "--horizon", "7", "--windows", "4")


def test_an_unknown_ending_is_refused(bills: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no known ending"):
        RUN.invoke(app, ["forecast", "--input", str(bills), "--out", str(tmp_path / "x.xlsx")], catch_exceptions=False)
    assert not (tmp_path / "x.xlsx").exists()


def test_a_horizon_is_needed_for_the_record(bills: Path) -> None:
    assert RUN.invoke(app, ["backtest", "--input", str(bills)]).exit_code == 2


def test_the_title_counts_the_windows_that_there_are(bills: Path) -> None:
    """Ninety days hold five windows of fifteen behind the eight that a fit needs, not twelve."""
    asked = ("backtest", "--input", str(bills), "--horizon", "15", "--windows", "12")
    held = json.loads(run(*asked, "--json"))["windows"]
    assert held < 12 and f"2 series, {held} windows of 15 periods" in run(*asked)


def test_a_note_that_many_series_share_is_said_once(tmp_path: Path) -> None:
    rows = [f"team{number},2026-01-{day:02},{day}" for number in range(5) for day in (1, 2, 3)]
    (tmp_path / "new.csv").write_text("unique_id,ds,y\n" + "\n".join(rows) + "\n")
    found = RUN.invoke(app, ["forecast", "--input", str(tmp_path / "new.csv"), "--horizon", "2"])
    (said,) = found.stderr.splitlines()
    assert said.startswith("team0, team1, team2 and 2 more: New: 3 periods of history")
    assert len(found.stdout.splitlines()) == 11


def test_a_message_that_a_program_reads_is_one_line(bills: Path) -> None:
    found = RUN.invoke(app, ["forecast", "--input", str(bills), "--horizon", "100"], env={"COLUMNS": "40"})
    fraud, search = found.stderr.splitlines()
    assert fraud.startswith("Fraud: The horizon of 100 is longer than the history of 90: beyond it the range is")
    assert search.startswith("Search: The horizon of 100 is longer than the history of 90: beyond it the range is")
