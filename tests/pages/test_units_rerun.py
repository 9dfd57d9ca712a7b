"""Unit costs and Runs work things out once, and nothing stays when bills, metrics, readings or runs are loaded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.analysis.units.readings import Basis, Reading
from costlib.metrics.business import load_metrics
from costlib.metrics.utilisation import readings
from costlib.runs.book import load_runs
from costlib.workspace import Workspace
from tests.builders import focus_row, write_csv
from tests.pages import screen, stores
from tests.pages.conftest import Open
from tests.pages.test_rerun import asked, shown
from ui.remembered import once

#: What each part works out, by where the page finds it.
WORK = (
    *("ui.units.page.base_volumes", "ui.units.page.counted_twice", "ui.units.idle.idle"),
    "ui.units.estimate.since_the_bill",
    *("ui.units.value.worths", "ui.units.prices.token_use", "ui.units.prices.looks_mixed_up"),
    *("ui.units.prices.offer_name", "ui.runs.page.run_costs", "ui.runs.page.storage_costs", "ui.runs.page.tagged_bill"),
)
#: A part of each page.
SHOWN = {
    "unit_costs": (
        *("Cost of a unit", "What moved it", "Cost and value", "Idle", "Since the bill", "Other models"),
        "All figures",
    ),
    "runs": ("Cost", "Cost and quality", "Failed and cancelled", "All runs", "Check against the bill"),
}


@pytest.mark.parametrize(("page", "part"), [(page, part) for page, parts in SHOWN.items() for part in parts])
def test_a_rerun_works_nothing_out_asks_nothing_and_shows_the_same(
    page: str, part: str, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(page, show=part)
    before = shown(app), screen.tables(app)
    for name in WORK:
        monkeypatch.setattr(name, lambda *_, what=name: pytest.fail(f"{what} again"))
    with asked(monkeypatch) as questions:
        app.run()
    assert not app.exception and questions == []
    assert before[0][0] and (shown(app), screen.tables(app)) == before


def test_another_part_is_worked_out_when_it_is_opened(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.units.estimate.since_the_bill", lambda *_: pytest.fail("worked out unseen"))
    monkeypatch.setattr("ui.units.idle.idle", lambda *_: pytest.fail("worked out unseen"))
    assert not open_page("unit_costs", measure="Billed cost", team="Fraud").exception


def test_work_is_known_by_its_name_and_all_that_it_is_of() -> None:
    found = iter(range(9))
    assert [once(lambda: next(found), "test: one", *of) for of in ((1, "a"), (1, "a"), (2, "a"), (1, "b"))] == [
        0,
        0,
        1,
        2,
    ]
    assert once(lambda: next(found), "test: other", 1, "a") == 3


def test_work_that_failed_is_done_again() -> None:
    def broken() -> int:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        once(broken, "test: failing")
    assert once(lambda: 1, "test: failing") == 1


def machine(folder: Path, cost: str) -> None:
    """A bill of September 2026: one instance at so much a day for 30 days, with its model."""
    row = {"ServiceName": "Amazon SageMaker", "ServiceCategory": "AI and Machine Learning", "EffectiveCost": cost}
    row |= {"SkuMeter": "USE1-Host:ml.g5.xlarge", "ResourceId": "arn:1:endpoint/scorer"}
    row |= {"Tags": '{"team": "Fraud", "model": "scorer"}'}
    days = [focus_row(ChargePeriodStart=f"2026-09-{day:02}", **row) for day in range(1, 31)]
    Workspace(folder / "store").load([write_csv(folder / "bill.csv", days)], source="bill")


def requests(folder: Path, count: str) -> None:
    """So many requests of the model on every day of September 2026."""
    lines = [f"2026-09-{day:02},requests,Fraud,scorer,{count}" for day in range(1, 31)]
    (folder / "m.csv").write_text("\n".join(["day,metric,team,model,value", *lines]))
    load_metrics(folder / "store", folder / "m.csv")


def test_what_is_loaded_is_shown_at_once(open_page: Open, tmp_path: Path) -> None:
    """10 dollars a day over 1,000 requests; then 2,000 requests; then 40 dollars a day."""
    machine(tmp_path, "10")
    requests(tmp_path, "1000")
    app = open_page("unit_costs", str(tmp_path / "store"))
    assert "1,000 inferences of scorer cost $10.00 in Sep 2026" in screen.title(app)
    requests(tmp_path, "2000")
    assert "1,000 inferences of scorer cost $5.00 in Sep 2026" in screen.title(app.run())
    machine(tmp_path, "40")
    assert "1,000 inferences of scorer cost $20.00 in Sep 2026" in screen.title(app.run())


def test_a_second_source_of_the_same_days_is_told_at_once(open_page: Open, tmp_path: Path) -> None:
    machine(tmp_path, "10")
    requests(tmp_path, "1000")
    app = open_page("unit_costs", str(tmp_path / "store"))
    assert not app.warning
    load_metrics(tmp_path / "store", tmp_path / "m.csv", "again")
    assert any("Two sources count requests" in screen.plain(one.value) for one in app.run().warning)


def test_a_reading_counts_at_once(open_page: Open, tmp_path: Path) -> None:
    machine(tmp_path, "10")
    app = open_page("unit_costs", str(tmp_path / "store"), show="Idle")
    assert "what stood idle is unknown" in screen.everything(app)

    def measured(used: str) -> str:
        days = [Reading(date(2026, 9, day), "scorer", None, Basis.CPU, Decimal(used)) for day in range(1, 31)]
        readings.keep_readings(tmp_path / "store", "cloudwatch", days)
        (row,) = next(rows for rows in screen.tables(app.run()).values() if rows[0][0] == "Endpoint or pool")[1:]
        return row[2]

    assert [measured("0.2"), measured("0.8")] == ["$240", "$60.00"]


def job(day: int) -> dict[str, str]:
    """10 dollars of a job on a day of September 2026."""
    tags = '{"team": "Search", "model": "ranker"}'
    return stores.charge(date(2026, 9, day), "10", ResourceId=f"gpu-{day}", Tags=tags)


def test_a_run_that_is_loaded_counts_at_once(open_page: Open, tmp_path: Path) -> None:
    store, path = tmp_path / "store", tmp_path / "runs.csv"
    Workspace(store).load([stores.write_focus(tmp_path / "bill" / "focus.csv", [job(day) for day in range(1, 31)])])
    line = "ranker-{0},ranking,ranker,Search,2026-09-0{0},2026-09-0{0}T10:00,Completed,gpu-{0}"
    header = "run_id,experiment,model,owner,start,end,status,resource"
    path.write_text("\n".join([header, line.format(1)]))
    load_runs(store, path)
    app = open_page("runs", str(store))
    assert screen.title(app).startswith("Runs cost $10.00 in Sep 2026")
    path.write_text("\n".join([header, line.format(1), line.format(2)]))
    load_runs(store, path)
    assert screen.title(app.run()).startswith("Runs cost $20.00 in Sep 2026")
