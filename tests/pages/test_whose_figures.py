"""What figures are of is said wherever they stand: the filter in title and caption, the bill where it is not whole."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.stores import charge, daily, team, write_focus

SUBJECT = "AI spend (team Search)"


@pytest.mark.parametrize("page", ["trends", "forecast", "allocation"])
def test_a_filter_is_named_with_the_figures_it_leaves(page: str, open_page: Open) -> None:
    app = open_page(page, "grown_and_spiked", team="Search")
    assert not app.exception and not app.error
    assert app.expander[0].label == "Filters (1 active)"  # at the first look too
    said = screen.title(app) + screen.everything(app)
    assert f"{SUBJECT} by " in said
    assert "AI spend by " not in said
    if page != "trends":
        assert SUBJECT in screen.title(app)


def test_a_comparison_and_its_bridge_name_the_filter(open_page: Open) -> None:
    app = open_page("trends", "grown_and_spiked", team="Search", over="3 months", versus="Period before")
    assert screen.title(app).startswith(f"{SUBJECT} was ")
    assert f"What changed {SUBJECT}, " in screen.everything(app)


@pytest.fixture
def with_rows_aside(tmp_path: Path) -> Path:
    """Two months of 100 dollars a day, a row of 50 whose day cannot be read and one whose cost cannot."""
    bad = [{**charge(date(2026, 9, 12), "50"), "ChargePeriodStart": "soon"}, charge(date(2026, 9, 10), "abc")]
    bill = write_focus(tmp_path / "bill.csv", [*daily(date(2026, 8, 1), 61, "100", Tags=team("Fraud")), *bad])
    Workspace(tmp_path / "store").load([bill])
    return tmp_path / "store"


class TestNotTheWholeBill:
    def test_rows_set_aside(self, with_rows_aside: Path, open_page: Open) -> None:
        app = open_page("allocation", str(with_rows_aside))
        assert "ties out to the bills, 2 rows set aside ($50.00 billed can be read in them)" in screen.data_line(app)
        assert "; on what is loaded of the bill $6,100.00; difference $0.00" in screen.everything(app)
        app = open_page("showback", str(with_rows_aside))
        assert screen.headers(app)[-1] == "All statements add up to what is loaded of the bill"
        assert ["What is loaded of the bill, line by line", "$3,000.00"] in [
            row[:2] for row in screen.tables(app)["Sep 2026, all spend, effective cost, USD"]
        ]

    def test_cost_that_is_not_accounted_for(self, with_rows_aside: Path, open_page: Open) -> None:
        """August's bill says 200 dollars more than was read, September's 80 less: neither makes up for the other."""
        manifest = with_rows_aside / "manifest.json"
        state = json.loads(manifest.read_text(encoding="utf-8"))
        for part, billed in zip(state["parts"], ("3300", "2970"), strict=False):
            part["tie_outs"][0]["sums_in"]["BilledCost"] = billed
        manifest.write_text(json.dumps(state), encoding="utf-8")
        app = open_page("overview", str(with_rows_aside))
        assert "DOES NOT TIE OUT: $280.00 of billed cost is not accounted for (see Sources)" in screen.data_line(app)
        app = open_page("sources", str(with_rows_aside))
        assert " do not tie out, the first below" in screen.title(app)
        rows = screen.table(app)
        assert [row["Ties out"] for row in rows] == sorted(row["Ties out"] for row in rows)  # NO before yes
        assert {row["Difference"] for row in rows if row["Ties out"] == "NO"} == {"200", "-80"}
        assert list(rows[0])[:4] == ["Month", "Account", "Currency", "Ties out"]
