"""The bill that first looks are measured on is what they claim it is, and a page that draws nothing is no figure."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bench.first_look import END, measured, write_bill
from costlib.outlook import LEAVES, days_of
from costlib.workspace import Workspace

DAYS = 40


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bill(tmp_path_factory.mktemp("bill") / "bill.csv", DAYS)


def test_every_segment_costs_something_on_every_day(bill: Path) -> None:
    with bill.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    days = Counter(row["Tags"] for row in rows)
    assert len(days) == 200 and set(days.values()) == {DAYS}
    assert max(row["ChargePeriodStart"] for row in rows) == END.isoformat()
    assert all(Decimal(row["BilledCost"]) > 0 for row in rows)


def test_the_store_forecasts_as_many_series_as_were_written(bill: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "store")
    workspace.load([bill])
    days = days_of(workspace.snapshot().reader, LEAVES)
    assert days.spend.shape == (200, DAYS) and days.window.end == date(2026, 11, 1)
    with bill.open(encoding="utf-8", newline="") as file:
        total = sum(Decimal(row["EffectiveCost"]) for row in csv.DictReader(file))
    assert days.spend.sum() == pytest.approx(float(total))


def test_the_same_bill_is_written_every_time(bill: Path, tmp_path: Path) -> None:
    assert write_bill(tmp_path / "again.csv", DAYS).read_bytes() == bill.read_bytes()


def test_first_looks_are_measured_on_pages_that_are_drawn(tmp_path: Path) -> None:
    found = measured(tmp_path, ("sources",), days=3)
    assert list(found) == ["empty", "sources"]
    assert 0 < found["empty"].page < found["sources"].page and min(look.start for look in found.values()) > 0


def test_a_page_without_a_title_is_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.first_look.EMPTY", "import streamlit as st\nst.write('no title')\n")
    with pytest.raises(SystemExit, match="without a title"):
        measured(tmp_path, (), days=3)
