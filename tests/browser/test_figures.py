"""One figure, wherever it is read: on the page, on the command line, in a slide, as CSV, in the line items."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from decimal import Decimal as D
from pathlib import Path

import pytest
from pptx import Presentation

from costlib import money
from costlib.charts.package import read_trace
from costlib.periods import Grain
from costlib.store.question import Filter
from tests.browser.server import ROOT, Server
from tests.browser.tab import Tab
from tests.pages.asked import Asked, days

pytestmark = pytest.mark.browser

YEAR = days("2025-11-01", "2026-10-21")


def command_line(store: Path, *arguments: str) -> D:
    """The only figure in dollars that ``costlib query`` prints."""
    command = [sys.executable, "-m", "costlib", "query", "--store", str(store), "--json", *arguments]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=True)
    (row,) = (row for row in json.loads(done.stdout)["rows"] if row["BillingCurrency"] == "USD")
    return D(row["EffectiveCost"])


def test_the_overview_says_what_the_command_line_says(tab: Tab, demo: Server) -> None:
    tab.open("/")
    amount = command_line(demo.store, "--from", "2026-09-01", "--to", "2026-10-01", "--where", "x_Scope=AI")
    assert tab.title.startswith(f"AI spend was {money.short(amount, 'USD')} in Sep 2026")
    tab.press("scope", "All spend")
    amount = command_line(demo.store, "--from", "2026-09-01", "--to", "2026-10-01")
    assert tab.title.startswith(f"All spend was {money.short(amount, 'USD')} in Sep 2026")
    assert not tab.trouble


def test_slide_and_spreadsheet_hold_the_figures_of_the_chart(tab: Tab, demo: Server, saved: Path) -> None:
    tab.open("/trends?by=Stage&team=Search")
    tab.draw()
    asked = Asked(demo.store)
    by_stage: dict[str, dict[str, D]] = {}
    for row in asked.rows("x_Stage", YEAR, Grain.MONTH, Filter("x_Team", ("Search",))):
        assert row.period and row.amount is not None
        by_stage.setdefault(row.values[0] or "No stage", {})[row.period.isoformat()] = row.amount

    slide = tab.download("pptx-trend", saved, menu="download-trend")
    (page,) = Presentation(str(slide)).slides
    (chart,) = (shape.chart for shape in page.shapes if shape.has_chart)
    months = sorted({month for amounts in by_stage.values() for month in amounts})
    written = {series.name: list(series.values) for series in chart.plots[0].series}
    for stage, amounts in by_stage.items():
        assert written[stage] == pytest.approx([float(amounts.get(month, 0)) for month in months])
    words = " ".join(shape.text_frame.text for shape in page.shapes if shape.has_text_frame)
    assert tab.title in words and "effective cost, USD" in words
    trace = read_trace(slide.read_bytes())
    assert (trace["by"], trace["filters"][-1]) == ("x_Stage", "x_Team in Search")

    tab.page.keyboard.press("Escape")
    table = tab.download("csv-trend", saved, menu="download-trend")
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for stage, amounts in by_stage.items():
        assert {row["Month"]: D(row[stage]) for row in rows if D(row[stage])} == amounts
    assert slide.stem == table.stem
    assert not tab.trouble


def test_line_items_behind_a_cell_add_up_to_it(tab: Tab, saved: Path) -> None:
    """Chosen with the keyboard: Fraud's training of September, few enough items to be listed in full."""
    tab.open("/trends?by=Stage&team=Fraud&over=3+months")
    tab.draw()
    stages = [tab.cell(row, 0) for row in range(5)]
    row = stages.index("training")
    shown = tab.cell(row, 3)
    tab.choose_cell(row, 3)
    panel = tab.widget("line-items")
    panel.get_by_role("heading", name="Line items of training, Sep 2026", exact=True).wait_for()
    words = panel.get_by_text("which add up to")
    words.wait_for()
    assert words.inner_text().endswith(f"line items, which add up to {money.full(D(shown), 'USD')}.")
    with tab.download("line-items-csv", saved).open(newline="", encoding="utf-8") as file:
        items = list(csv.DictReader(file))
    assert words.inner_text().startswith(f"{len(items)} line items")
    assert money.cents(sum((D(item["EffectiveCost"]) for item in items), D(0))) == D(shown)
    assert not tab.trouble
