"""Proposals on a bill whose cost is partly unknown: counted in words, for whom the reader chose, and in no figure."""

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
from tests.pages.stores import charge, daily, team, write_focus

NOTE = "The bills do not say what"
#: Data moved out, as the bill calls it.
MOVED = {"SkuMeter": "EU-DataTransfer-Out-Bytes"}
JUNE = [date(2026, 6, day) for day in range(1, 31)]


def opened(folder: Path, open_page: Open, unknown: list[tuple[str, date]], known: bool = True) -> AppTest:
    """Egress to the end of June 2026, 40 dollars a day for Fraud and 30 for Search; more of it of unknown cost."""
    first = date(2026, 5, 1)
    teams = [("Fraud", "40"), ("Search", "30")] if known else []
    rows = [row for name, cost in teams for row in daily(first, 61, cost, Tags=team(name), **MOVED)]
    rows += [charge(day, "5", Tags=team(name), EffectiveCost="", **MOVED) for name, day in unknown]
    space = Workspace(folder / "store")
    space.load([write_focus(folder / "focus.csv", rows)])
    plan = Plan.model_validate({"plan": {"name": "Less", "start": "2026-08", "months": 6}})
    PlanStore(space.state()).create("less", plan, who="Ada")
    return open_page("roadmap", str(folder / "store"), plan="Less", view="Proposals")


def proposals(app: AppTest) -> dict[str, tuple[int, int]]:
    """What each team's proposal acts on and may save."""
    (table,) = (shown.value for shown in app.dataframe if "Addresses a month" in shown.value)
    rows = table.to_dict("records")
    return {row["Team"]: (row["Addresses a month"], row["Saves a month, likely"]) for row in rows}


def note(app: AppTest) -> list[str]:
    """What the page says of unknown cost."""
    return [said for said in (screen.plain(one.value) for one in app.caption) if said.startswith(NOTE)]


def test_line_items_of_unknown_cost_are_counted_and_in_no_figure(tmp_path: Path, open_page: Open) -> None:
    """30 days at 40 and at 30 dollars, half of it likely saved: the three items that nobody knows change nothing."""
    app = opened(tmp_path, open_page, [("Fraud", JUNE[0]), ("Fraud", JUNE[29]), ("Search", JUNE[29])])
    assert proposals(app) == {"Fraud": (1200, 600), "Search": (900, 450)}
    assert note(app) == [f"{NOTE} 3 line items of their last 30 days cost: no figure here counts them."]
    app.selectbox(key="for-team").set_value("Search")
    assert note(app.run()) == [f"{NOTE} 1 line item of their last 30 days cost: no figure here counts it."]


@pytest.mark.parametrize("unknown", [[], [("Fraud", date(2026, 5, 31))]])
def test_where_all_of_the_month_is_known_nothing_is_said(
    unknown: list[tuple[str, date]], tmp_path: Path, open_page: Open
) -> None:
    app = opened(tmp_path, open_page, unknown)
    assert proposals(app) == {"Fraud": (1200, 600), "Search": (900, 450)} and note(app) == []


def test_where_nothing_is_known_nothing_is_proposed_and_it_is_said_why(tmp_path: Path, open_page: Open) -> None:
    app = opened(tmp_path, open_page, [("Fraud", day) for day in JUNE], known=False)
    assert "No lever of the catalogue applies to this spend" in screen.headers(app)
    assert note(app) == [f"{NOTE} 30 line items of their last 30 days cost: no figure here counts them."]
