"""What stood idle, on the page: the sample, by team, without a reading, and with readings that fit nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.analysis.units.readings import Basis, Reading
from costlib.metrics.utilisation import readings
from costlib.workspace import Workspace
from tests.builders import focus_row, write_csv
from tests.pages import screen
from tests.pages.conftest import Open

OwnStore = Callable[[str], str]
PART = "Idle"
HEADING = "What stood idle"


@pytest.fixture
def machines(tmp_path: Path) -> str:
    """One GPU instance: 1,000 dollars on 5 September 2026."""
    store = tmp_path / "store"
    row = focus_row(
        ServiceName="Amazon SageMaker",
        ServiceCategory="AI and Machine Learning",
        SkuMeter="USE1-Host:ml.g5.xlarge",
        ResourceId="arn:1:endpoint/scorer",
        EffectiveCost="1000",
        Tags='{"team": "Fraud", "model": "scorer"}',
    )
    Workspace(store).load([write_csv(tmp_path / "bill.csv", [row])])
    return str(store)


def rows(app) -> list[list[str]]:
    return next((found for found in screen.tables(app).values() if found[0][0] == "Endpoint or pool"), [])


def test_the_sample_shows_idle_money_by_endpoint_and_names_each_measure(open_page: Open) -> None:
    app = open_page("unit_costs", show=PART)
    said = screen.everything(app)
    assert "of measured machines stood idle in Sep 2026, most of it in ml-shared-gpu" in said
    assert "has no measurement" in said
    assert "Not one request in all that time: fraud-scorer-dev-canary, $5.10K." in said
    header, *body = rows(app)
    found = {(row[0], row[1]): dict(zip(header, row, strict=True)) for row in body}
    assert found["fraud-scorer-prod", "Fraud"]["Measured by"] == "GPU engine active"
    assert found["ml-shared-gpu", "Search"]["Measured by"] == "Reserved hours used"
    assert found["ml-shared-gpu", "Nobody"]["Used"] == "0%"
    assert not app.exception and not app.error


def test_by_team_in_the_address(open_page: Open) -> None:
    app = open_page("unit_costs", show=PART, **{"idle-by": "Team"})
    assert (
        "Cost of what was not used by team, measured by GPU engine active and reserved hours of shared pools; $"
        in screen.everything(app)
    )


def test_a_team_sees_its_own(open_page: Open) -> None:
    app = open_page("unit_costs", show=PART, team="Search")
    assert {row[1] for row in rows(app)[1:]} == {"Search"}


def test_without_a_reading_the_money_is_told_and_the_command(open_page: Open, machines: str) -> None:
    app = open_page("unit_costs", machines, show=PART)
    said = screen.everything(app)
    assert HEADING in screen.headers(app)
    assert "No machine was measured on 5 Sep 2026: what stood idle is unknown." in said
    assert "$1.00K of GPUs and of machines that serve requests has no measurement." in said
    assert any("costlib metrics load scrapes/" in code.value for code in app.code)
    assert rows(app) == []


def test_a_reading_is_worked_by_hand(open_page: Open, machines: str) -> None:
    day = date(2026, 9, 5)
    own = Reading(day, "scorer", None, Basis.CPU, Decimal("0.2"))
    other = Reading(day, "gone <b>", None, Basis.CPU, Decimal("0.2"))
    readings.keep_readings(Path(machines), "cloudwatch", [own, other])
    app = open_page("unit_costs", machines, show=PART)
    assert rows(app)[1] == ["scorer", "Fraud", "$800", "$1.00K", "20%", "CPU busy"]
    said = screen.everything(app)
    assert "Measured, but on no bill of these days under that name: gone <b>." in said
    assert "has no measurement" not in said


def test_bills_without_machines_have_no_panel(open_page: Open) -> None:
    app = open_page("unit_costs", "one_day")
    assert HEADING not in screen.headers(app)
    assert not app.exception


def test_damaged_readings_are_told(open_page: Open, machines: str) -> None:
    readings.keep_readings(Path(machines), "x", [Reading(date(2026, 9, 5), "a", None, Basis.CPU, Decimal(0))])
    (readings.shelf(Path(machines)).folder / "shelf.json").write_text("{")
    app = open_page("unit_costs", machines, show=PART)
    assert "is damaged" in screen.everything(app)
