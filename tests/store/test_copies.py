"""A copy of a file beside its original: refused, because every line item would count twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from costlib.errors import UnreadableFile
from costlib.workspace import Workspace
from tests.builders import focus_row, write_csv


def folder(root: Path) -> Path:
    """A folder with the bills of two months."""
    august = {"BillingPeriodStart": "2026-08-01T00:00:00Z", "BillingPeriodEnd": "2026-09-01T00:00:00Z"}
    write_csv(root / "bills" / "2026-08.csv", [focus_row(ChargePeriodStart="2026-08-05T00:00:00Z", **august)])
    return write_csv(root / "bills" / "2026-09.csv", [focus_row()]).parent


def test_a_copy_is_named_with_its_original_and_nothing_is_loaded(tmp_path: Path) -> None:
    bills = folder(tmp_path)
    shutil.copy(bills / "2026-09.csv", bills / "2026-09 (1).csv")
    space = Workspace(tmp_path / "store")
    with pytest.raises(
        UnreadableFile, match=r"2026-09.*\.csv is a copy of .*2026-09.*\.csv: its line items would count"
    ):
        space.load([bills])
    assert not space.is_store


def test_without_it_both_months_are_loaded(tmp_path: Path) -> None:
    space = Workspace(tmp_path / "store")
    (loaded,) = space.load([folder(tmp_path)])
    assert sum(entry.rows_loaded for part in loaded.parts for entry in part.tie_outs) == 2
