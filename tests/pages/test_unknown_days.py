"""Days whose cost no bill says: every page with a figure of the forecast says once that they are not 0 in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from costlib.roadmap.plan_model import Plan
from costlib.state.plans import PlanStore
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.test_forecast_unknown import store

UNKNOWN = (date(2026, 3, 4), date(2026, 9, 30))
LEFT_OUT = "2 line items of unknown effective cost are left out of sums"
SAID = "Forecasts and plans count 2 days not billed in full like the days around them"
#: Pages that say it in the line under their title.
SAYING = ("overview", "roadmap", "portfolio")
#: Pages without a figure of the forecast.
SILENT = ("budgets", "trends", "launch_review", "savings")


def plan(team: str) -> Plan:
    """A fifth less of what the team costs, from January 2027 on."""
    initiative = {
        "id": "less",
        "title": "Smaller machines",
        "scope": {"x_Team": [team]},
        "saving": {"low": 0.1, "likely": 0.2, "high": 0.3},
        "start": "2027-01",
    }
    return Plan(plan={"name": team, "start": "2027-01", "months": 6, "paths": 50}, initiatives=[initiative])


@pytest.fixture(scope="module")
def gaps(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two days of Search are unknown, none of Fraud; a plan for each, Fraud's first."""
    return planned(store(tmp_path_factory.mktemp("gaps"), *UNKNOWN))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same with every day known."""
    return planned(store(tmp_path_factory.mktemp("whole")))


def planned(folder: str) -> str:
    """The store with a plan for each of its teams."""
    plans = PlanStore(Workspace(Path(folder)).state())
    for team in ("Fraud", "Search"):
        plans.create(team.lower(), plan(team), who="tests")
    return folder


@pytest.mark.parametrize("page", SAYING)
def test_the_line_under_the_title_says_it_and_nothing_else_does(page: str, gaps: str, open_page: Open) -> None:
    app = open_page(page, gaps, **({} if page == "overview" else {"plan": "Search"}))
    assert not app.exception
    assert screen.data_line(app).endswith(f"ties out to the bills · {LEFT_OUT} · {SAID}")
    assert screen.everything(app).count("not billed in full") == 1


@pytest.mark.parametrize("page", ("roadmap", "portfolio"))
def test_a_plan_that_no_such_day_is_in_says_nothing(page: str, gaps: str, open_page: Open) -> None:
    app = open_page(page, gaps, plan="Fraud")
    assert not app.exception
    assert screen.data_line(app).endswith(f"ties out to the bills · {LEFT_OUT}")


def plan_words(app: AppTest) -> str:
    """What the Overview says under the leading plan."""
    (line,) = [screen.plain(one.value) for one in app.caption if "Ranges hold eight outcomes in ten" in one.value]
    return line


@pytest.mark.parametrize(("measure", "said"), [("Effective cost", False), ("Billed cost", True)])
def test_the_leading_plan_says_it_where_the_page_does_not(
    measure: str, said: bool, tmp_path: Path, open_page: Open
) -> None:
    """Search's plan alone, in effective cost as every plan; what was billed is known on every day."""
    folder = store(tmp_path, *UNKNOWN)
    PlanStore(Workspace(Path(folder)).state()).create("search", plan("Search"), who="tests")
    app = open_page("overview", folder, measure=measure)
    assert screen.data_line(app).endswith(SAID) is not said
    assert plan_words(app).startswith("Search, not approved yet.")
    assert (f"in ten. {SAID}." in plan_words(app)) is said
    assert screen.everything(app).count("not billed in full") == 1


def test_a_plan_without_such_a_day_says_nothing_on_the_overview(gaps: str, open_page: Open) -> None:
    """Fraud's leads there."""
    line = plan_words(open_page("overview", gaps, measure="Billed cost"))
    assert line.startswith("Fraud, not approved yet.") and "unknown" not in line


@pytest.mark.parametrize("page", SILENT)
def test_pages_without_a_forecast_say_nothing_of_it(page: str, gaps: str, open_page: Open) -> None:
    app = open_page(page, gaps)
    assert not app.exception
    assert "Forecasts and plans count" not in screen.everything(app)


@pytest.mark.parametrize("page", (*SAYING, "forecast"))
def test_where_every_day_is_known_nothing_is_said(page: str, whole: str, open_page: Open) -> None:
    app = open_page(page, whole)
    assert not app.exception
    assert "not billed in full" not in screen.everything(app)
