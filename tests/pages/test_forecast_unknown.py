"""Days whose cost no bill says: Forecast counts them as the days around them, never as 0, and says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.stores import charge, daily, team, write_focus

TITLE = "AI spend is likely to end FY26 at $3.65K"
SAID = "The bills do not say in full what 2 days cost in 1 of 2 parts (team, model and stage)."


def store(folder: Path, *unknown: date) -> str:
    """10 dollars a day from January to September 2026, 4 for Fraud and 6 for Search, whose cost of some is unknown."""
    fraud, search = (
        daily(date(2026, 1, 1), 273, cost, Tags=team(name)) for cost, name in (("4", "Fraud"), ("6", "Search"))
    )
    known = [row for row in search if row["ChargePeriodStart"][:10] not in {day.isoformat() for day in unknown}]
    rows = [*fraud, *known, *(charge(day, "6", Tags=team("Search"), EffectiveCost="") for day in unknown)]
    Workspace(folder / "store").load([write_focus(folder / "focus.csv", rows)])
    return str(folder / "store")


def test_a_year_with_unknown_days_ends_where_it_would_and_the_page_says_so(tmp_path: Path, open_page: Open) -> None:
    """365 days of 10 dollars are 3,650; with 0 for the unknown days they would be 3,638."""
    app = open_page("forecast", store(tmp_path, date(2026, 3, 4), date(2026, 9, 30)))
    assert not app.exception and screen.title(app) == TITLE
    assert SAID in screen.everything(app)


@pytest.mark.parametrize("split", ["Team", "Model"])
def test_parts_add_up_to_the_whole(split: str, tmp_path: Path, open_page: Open) -> None:
    app = open_page("forecast", store(tmp_path, date(2026, 3, 4)), split=split)
    rows = next(rows[1:] for caption, rows in screen.tables(app).items() if ", likely," in caption)
    assert [row[1] for row in rows] == {"Team": ["$2.19K", "$1.46K", "$3.65K"], "Model": ["$3.65K", "$3.65K"]}[split]


def test_where_every_day_is_known_nothing_is_said(tmp_path: Path, open_page: Open) -> None:
    app = open_page("forecast", store(tmp_path))
    assert screen.title(app) == TITLE
    assert "The bills do not say" not in screen.everything(app)
