"""The Sources page: what is loaded, how it ties out, what was set aside."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.store.quarantine import COLUMNS, quarantined_rows
from costlib.workspace import Workspace
from tests.builders import focus_row, load_into, write_csv
from tests.pages import screen
from tests.pages.conftest import Open
from ui.sources import connections, finding, quarantine_csv, tie_out_rows


def test_the_sample_ties_out_and_says_so(open_page: Open, store_of: Callable[[str], Path]) -> None:
    entries = [entry for part in Workspace(store_of("demo")).store.current().parts for entry in part.tie_outs]
    rows = sum(entry.rows_loaded for entry in entries)
    app = open_page("sources")
    assert not app.exception and not app.error
    assert screen.title(app) == f"All {rows:,} line items tie out to the bills"
    assert "None: every row of every bill is in the figures." in screen.everything(app)
    tables = [element.proto.body for element in app.get("html") if "<table" in element.proto.body]
    assert len(tables) == 1 and "aws-cur2:northlight-sample-cur2" in tables[0]


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A store with three rows, one of them set aside."""
    rows = [focus_row(BilledCost="1.50"), focus_row(BilledCost="2.25"), focus_row(BilledCost="=cmd()")]
    load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
    return tmp_path / "store"


def test_rows_set_aside_are_counted_and_shown_with_their_place(damaged: Path) -> None:
    state = Workspace(damaged).store.current()
    assert finding(state) == "2 line items tie out to the bills, 1 row is set aside"
    (row,) = quarantined_rows(state, damaged)
    assert (row["line"], Path(row["file"]).name) == (4, "bill.csv")
    assert "=cmd()" in row["reason"]
    ((_, kind, _, loaded, aside, _, tied),) = connections(state)
    assert (kind, loaded, aside, tied) == ("FOCUS file", "2", "1", "yes")


def test_the_tie_out_is_exact(damaged: Path) -> None:
    (row,) = tie_out_rows(Workspace(damaged).store.current())
    assert (row["Rows in the bill"], row["Rows loaded"], row["Rows set aside"]) == (3, 2, 1)
    assert Decimal(row["Billed in the store"]) == Decimal("3.75") == Decimal(row["Billed in the bill"])
    assert row["Difference"] == "0"


def test_the_download_holds_no_formula(damaged: Path) -> None:
    rows = list(quarantined_rows(Workspace(damaged).store.current(), damaged))
    header, *body = csv.reader(io.StringIO(quarantine_csv(rows)))
    assert tuple(header) == COLUMNS and len(body) == 1
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in body[0])
