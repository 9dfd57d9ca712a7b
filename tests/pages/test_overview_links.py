"""Figures of the Overview beside the pages that they lead to: the same measure, scope and days give the same amount."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from costlib import money
from costlib.analysis.budget import Budget, BudgetLine
from costlib.briefs.words.record import record_finding
from costlib.evidence.record import record_of
from costlib.state.budgets import lock_budget, unlock_budget
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.asked import Asked, days
from tests.pages.conftest import Open


def test_spend_of_today_beside_the_plan_says_what_it_is(open_page: Open, store_of: Callable[[str], Path]) -> None:
    said = screen.everything(open_page("overview"))
    mean = (Asked(store_of("demo")).total(days("2026-07-01", "2026-10-01")) or D(0)) / 3
    assert f"Spend is {money.short(mean, 'USD')} a month" in said
    assert "Spend a month today: mean of the last three booked months." in said


@pytest.mark.parametrize("choices", [{}, {"scope": "All spend", "measure": "Billed cost"}, {"currency": "EUR"}])
def test_the_year_and_its_parts_are_those_of_the_forecast(choices: dict[str, str], open_page: Open) -> None:
    overview, forecast = (open_page(page, **choices) for page in ("overview", "forecast"))
    assert screen.title(forecast) in screen.headers(overview)
    year = {card.label: screen.plain(card.value) for card in forecast.metric}["FY26, likely"]
    (here,) = [rows for caption, rows in screen.tables(overview).items() if "likely" in caption]
    (there,) = [rows for caption, rows in screen.tables(forecast).items() if "likely" in caption]
    place = here[0].index("Likely")
    assert {row[0]: row[place] for row in here[1:]} == {row[0]: row[1] for row in there[1:]}
    assert here[-1][place] == year


def test_a_month_is_that_of_trends_budgets_and_statements(open_page: Open) -> None:
    month = screen.plain(open_page("overview").metric[0].value)
    rows = {row["Team"]: D(str(row["Sep 2026"])) for row in screen.table(open_page("trends"))}
    assert month == money.short(rows["All"], "USD")
    statements = screen.tables(open_page("showback"))["Sep 2026, all spend, effective cost, USD"]
    stated = {row[0]: row[1] for row in statements}
    for team in ("Fraud", "Search", "Recommendations"):  # teams whose spend is all of AI
        assert stated[team] == money.full(rows[team], "USD")
    nobody = [D(stated[one].lstrip("$").replace(",", "")) for one in ("Idle of ml-shared-gpu", "Unallocated")]
    every = screen.table(open_page("trends", scope="All spend"))
    assert sum(nobody) == next(D(str(row["Sep 2026"])) for row in every if row["Team"] == "No team")


def test_no_team_is_what_allocation_calls_idle_and_unallocated(open_page: Open) -> None:
    identity = screen.everything(open_page("allocation", over="Last full month"))
    kinds = [re.search(rf"{kind} \$([\d,.]+)", identity) for kind in ("idle", "unallocated")]
    rows = {row["Team"]: D(str(row["Sep 2026"])) for row in screen.table(open_page("trends"))}
    assert rows["No team"] == sum(D(one[1].replace(",", "")) for one in kinds if one)


def test_a_link_of_an_unusual_change_says_every_choice(open_page: Open) -> None:
    app = open_page("overview", scope="All spend", measure="Billed cost")
    links = [link.proto.query_string for link in app.get("page_link") if link.proto.page == "trends"]
    assert links and all("scope=All+spend&measure=Billed+cost&currency=USD" in link for link in links)


@pytest.mark.parametrize("calendar", ["months", "4-4-5"])
def test_a_budget_of_another_fiscal_year_is_not_held_against_this_one(
    calendar: str, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sample's budget is for January to December 2026; this fiscal year is October 2026 to September 2027."""
    monkeypatch.setenv("GLIDEPATH_FISCAL_YEAR_START", "10")
    monkeypatch.setenv("GLIDEPATH_FISCAL_CALENDAR", calendar)
    app = open_page("overview")
    said = screen.everything(app)
    assert "over its budget" not in said and "Chance of overrun" not in str(screen.tables(app))
    assert (
        "Budget FY26 is for a year from 1 Jan 2026, the fiscal year here begins on 1 Oct 2026: they are not compared."
    ) in said


def test_a_budget_of_a_part_of_the_year_is_not_held_against_the_year(
    open_page: Open, own_store: Callable[[str], str]
) -> None:
    """January to June have a budget: the year ends as it would, and half a budget is not what it is over."""
    store = own_store("demo")
    state = Workspace(Path(store)).state()
    unlock_budget(state, "FY26", who="Ada")
    lines = tuple(BudgetLine("Fraud", date(2026, month, 1), D(100)) for month in range(1, 7))
    lock_budget(state, Budget("half", date(2025, 12, 1), "USD", lines), "AI spend", who="Ada")
    app = open_page("overview", store)
    said = screen.everything(app)
    assert "Budget half is for 6 of the 12 months of its fiscal year: the year is not held against it." in said
    assert "its budget" not in said and "Chance of overrun" not in str(screen.tables(app))


@pytest.mark.parametrize(
    ("measure", "compared"), [("Effective cost", True), ("Billed cost", True), ("List cost", False)]
)
def test_a_budget_is_held_against_what_is_paid_alone(measure: str, compared: bool, open_page: Open) -> None:
    said = "A budget is held against effective cost and billed cost, not list cost."
    overview, forecast = (open_page(page, measure=measure) for page in ("overview", "forecast"))
    assert ("its budget of" in screen.everything(overview)) is compared
    assert ("Chance of overrun" in str(screen.tables(overview))) is compared
    assert [said in screen.everything(app) for app in (overview, forecast)] == [not compared] * 2


def test_the_record_of_documents_is_that_of_the_forecast(open_page: Open, store_of: Callable[[str], Path]) -> None:
    """Both hold past forecasts of team, model and stage against what was spent, month by month."""
    of_documents = record_of(Workspace(store_of("demo")), "USD")
    app = open_page("forecast", show="Record")
    assert record_finding(of_documents.figures) in screen.headers(app)
