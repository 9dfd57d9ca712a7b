"""Proposals on a bill: what is unknown is counted in no figure, what is measured tells, one of two is added."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from costlib.analysis.units.readings import Basis, Reading
from costlib.metrics.utilisation.readings import keep_readings
from costlib.roadmap.plan_model import Plan
from costlib.state.plans import PlanStore
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.stores import charge, daily, team, write_focus

SMALLER = "Move to a smaller machine"
NOTE = "The bills do not say what"
#: Data moved out, as the bill calls it.
MOVED = {"SkuMeter": "EU-DataTransfer-Out-Bytes"}
JUNE = [date(2026, 6, day) for day in range(1, 31)]


def opened(
    folder: Path, open_page: Open, unknown: list[tuple[str, date]], known: bool = True, late: str | None = None
) -> AppTest:
    """Egress to the end of June 2026, 40 dollars a day for Fraud and 30 for Search; more of it of unknown cost.

    ``late`` is billed by another account, whose bill of June is not there.
    """
    first = date(2026, 5, 1)
    teams = [("Fraud", "40"), ("Search", "30")] if known else []
    rows = [row for name, cost in teams for row in daily(first, 61, cost, Tags=team(name), **MOVED)]
    for row in [row for row in rows if late and row["Tags"] == team(late)]:
        row["BillingAccountId"] = "other"
    rows = [row for row in rows if row["BillingAccountId"] == "acme" or row["ChargePeriodStart"] < "2026-06"]
    rows += [charge(day, "5", Tags=team(name), EffectiveCost="", **MOVED) for name, day in unknown]
    space = Workspace(folder / "store")
    space.load([write_focus(folder / "focus.csv", rows)])
    plan = Plan.model_validate({"plan": {"name": "Less", "start": "2026-08", "months": 6}})
    PlanStore(space.state()).create("less", plan, who="Ada")
    return open_page("roadmap", str(folder / "store"), plan="Less", view="Proposals")


def serving(folder: Path, open_page: Open, planned: tuple[str, ...] = (), busy: str | None = None) -> AppTest:
    """Two endpoints of Fraud for 61 days, 100 and 60 dollars a day; of the first it may be known how busy it is."""
    arn, hosted = (
        "arn:aws:sagemaker:us-east-1:111122223333:endpoint/",
        {"SkuMeter": "USE1-Host:ml.g5.12xlarge", "x_InstanceType": "ml.g5.12xlarge"},
    )
    costs = {"scorer": "100", "ranker": "60"}
    rows = [
        one
        for name, cost in costs.items()
        for one in daily(date(2026, 5, 1), 61, cost, Tags=team("Fraud"), ResourceId=f"{arn}{name}", **hosted)
    ]
    space = Workspace(folder / "store")
    space.load([write_focus(folder / "focus.csv", rows)])
    if busy:
        read = [Reading(day, "scorer", None, Basis.BUSY, Decimal(busy)) for day in JUNE]
        keep_readings(space.store.root, "cloudwatch", read)
    initiatives = [{"id": one, "saving": 0.1} for one in planned]
    plan = Plan.model_validate({"plan": {"name": "Less", "start": "2026-08", "months": 6}, "initiatives": initiatives})
    PlanStore(space.state()).create("less", plan, who="Ada")
    return open_page("roadmap", str(folder / "store"), plan="Less", view="Proposals")


def acts_on(app: AppTest, lever: str) -> list[int]:
    """Money a month that a lever's proposals act on."""
    (table,) = (shown.value for shown in app.dataframe if "Addresses a month" in shown.value)
    return [row["Addresses a month"] for row in table.to_dict("records") if row["Lever"] == lever]


def needs(app: AppTest) -> dict[str, list[str]]:
    """What each lever that could not be judged needs, and the money that it might act on."""
    (rows,) = (rows for title, rows in screen.tables(app).items() if title.startswith("What each needs"))
    return {row[0]: row[1:] for row in rows[1:]}


def test_a_machine_whose_use_was_measured_is_judged_and_another_says_what_it_needs(
    tmp_path: Path, open_page: Open
) -> None:
    """3,000 of 4,800 a month are measured, at a quarter; of the other 1,800 nobody knows how busy their machine is."""
    app = serving(tmp_path, open_page, busy="0.25")
    assert acts_on(app, SMALLER) == [3000]
    assert needs(app)[SMALLER] == ["utilisation", "at most $1.80K"]


@pytest.mark.parametrize("busy", [None, "0.5"])
def test_a_busy_machine_is_left_alone_and_what_nobody_measured_is_not_proposed(
    busy: str | None, tmp_path: Path, open_page: Open
) -> None:
    app = serving(tmp_path, open_page, busy=busy)
    assert acts_on(app, SMALLER) == []
    assert needs(app)[SMALLER] == ["utilisation", "at most $1.80K" if busy else "at most $4.80K"]


def test_of_two_alternatives_the_second_is_not_added(tmp_path: Path, open_page: Open) -> None:
    app = serving(tmp_path, open_page, planned=("compile-fraud",))
    for proposal, may_be_added in (
        ("quantise-fraud", False),
        ("compile-fraud", False),
        ("cheaper-accelerator-fraud", True),
    ):
        app.selectbox(key="proposal").set_value(proposal)
        app = app.run()
        assert ("add-proposal" in [button.key for button in app.button]) == may_be_added, proposal
        said = (
            "One or the other: Compile the model for the machine it runs on: Fraud ($4.80K a month of the same money)"
        )
        assert (said in screen.everything(app)) == (proposal == "quantise-fraud")


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


def lacking(app: AppTest) -> list[str]:
    """What the page says of bills that lack days."""
    return [said for said in (screen.plain(one.value) for one in app.caption) if said.startswith("No bill of")]


def test_what_stands_on_a_late_bill_is_taken_at_the_last_days_that_are_billed(tmp_path: Path, open_page: Open) -> None:
    """30 days of May at 30 dollars; June, of which the other account has no bill, cost nobody knows what."""
    app = opened(tmp_path, open_page, [], late="Search")
    assert proposals(app) == {"Fraud": (1200, 600), "Search": (900, 450)}
    said = (
        "No bill of AWS (other) holds Jun 2026 in full: what stands on it is taken at its last 30 days that are billed."
    )
    assert lacking(app) == [said]
    app.selectbox(key="for-team").set_value("Fraud")
    assert lacking(app.run()) == []


def test_whole_bills_are_said_to_lack_nothing(tmp_path: Path, open_page: Open) -> None:
    assert lacking(opened(tmp_path, open_page, [])) == []
