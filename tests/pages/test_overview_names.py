"""Teams under two names: the Overview hints at them, and leads to where a rule joins them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.stores import daily, team, write_focus

Made = Callable[..., str]
FIRST = date(2026, 6, 1)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A store of teams by name, each with its first day, number of days and dollars a day."""

    def make(**teams: tuple[date, int, str]) -> str:
        rows = [row for name, (*days, cost) in teams.items() for row in daily(*days, cost, Tags=team(name))]
        Workspace(tmp_path / "store").load([write_focus(tmp_path / "focus.csv", rows)])
        return str(tmp_path / "store")

    return make


def captions(app: object) -> list[str]:
    return [screen.plain(one.value) for one in app.caption]  # type: ignore[attr-defined]


def test_names_apart_by_case_are_told_with_what_they_hide(made: Made, open_page: Open) -> None:
    """122 days of 2 dollars under the smaller name."""
    app = open_page("overview", made(Search=(FIRST, 122, "5"), search=(FIRST, 122, "2"), Ads=(FIRST, 122, "3")))
    assert not app.exception
    said = "Search and search differ by case only: $244 is under search (Jun 2026 to Sep 2026). A rule can join them."
    assert said in captions(app)
    (link,) = [one for one in app.get("page_link") if one.proto.label.startswith("Allocation")]
    assert link.proto.page == "allocation" and "show=Tags" in link.proto.query_string


def test_allocation_names_the_same_spellings(made: Made, open_page: Open) -> None:
    app = open_page("allocation", made(Search=(FIRST, 122, "5"), search=(FIRST, 122, "2")), show="Tags")
    assert "Spellings that mean the same" in captions(app)


def test_a_team_that_began_as_another_ended_is_told(made: Made, open_page: Open) -> None:
    """Fraud ends with July after 61 days, Risk begins on 1 August."""
    august = date(2026, 8, 1)
    app = open_page("overview", made(Fraud=(FIRST, 61, "70"), Risk=(august, 61, "77"), Ads=(FIRST, 122, "3")))
    said = "Fraud ended with Jul 2026 and Risk began in Aug 2026 at nearly the same cost ($70.00 and $77.00 a day)."
    assert f"{said} If one was renamed, a rule can join them." in captions(app)
    assert [one for one in app.get("page_link") if one.proto.label == "Settings, where rules join names"]


def test_more_than_three_are_counted(made: Made, open_page: Open) -> None:
    names = ("Search", "Fraud", "Pricing", "Ranking", "Voice")
    pairs = {spelled: (FIRST, 92, "2") for name in names for spelled in (name, name.upper())}
    app = open_page("overview", made(**pairs))
    assert sum("differ by case only" in one for one in captions(app)) == 3
    assert "And 2 pairs more." in captions(app)


def test_other_names_and_other_costs_say_nothing(made: Made, open_page: Open) -> None:
    august = date(2026, 8, 1)
    store = made(Fraud=(FIRST, 61, "70"), Risk=(august, 61, "90"), team1=(FIRST, 122, "3"), team2=(FIRST, 122, "3"))
    for app in (open_page("overview", store), open_page("overview")):
        assert not any("a rule can join" in one.lower() for one in captions(app))
