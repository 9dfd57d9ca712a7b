"""Budgets: what is locked, how closed quarters came out, and the budget beside the outlook on the other pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from costlib.state.budget_file import read_budget
from costlib.state.budgets import budgets, lock_budget
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open

OwnStore = Callable[[str], str]


@pytest.fixture
def budgeted(own_store: OwnStore) -> str:
    """``two_years`` with a budget of 2026: 100 dollars a month for Search, 20 for Ended."""
    store = own_store("two_years")
    lines = [f"{team},2026-{month:02d},{amount},USD" for month in range(1, 13) for team, amount in BUDGET.items()]
    found = read_budget("\n".join(["team,month,amount,currency", *lines]).encode(), "FY26", date(2026, 1, 5))
    lock_budget(Workspace(Path(store)).state(), found, "AI spend", who="Ada")
    return store


BUDGET = {"Search": 100, "Ended": 20}


def test_without_a_budget_it_says_how_to_bring_one_in(open_page: Open, own_store: OwnStore) -> None:
    app = open_page("budgets", own_store("one_day"))
    assert screen.title(app) == "No budget is locked yet, so spend has nothing to be held against"
    assert "python -m costlib budget import FILE --name FY26" in screen.everything(app)


def test_what_is_locked(open_page: Open, budgeted: str) -> None:
    app = open_page("budgets", budgeted)
    assert screen.title(app) == "1 budget locked; the newest is FY26, $1.44K of AI spend"
    header, row = next(rows for caption, rows in screen.tables(app).items() if caption.startswith("Newest first"))
    assert dict(zip(header, row, strict=True))["Months"] == "Jan 2026 to Dec 2026"


def test_the_review_of_the_last_closed_quarter(open_page: Open, budgeted: str) -> None:
    """Second quarter of 2026, 91 days: Search 273 against 300, Ended 91 against 60."""
    app = open_page("budgets", budgeted)
    rows = next(rows for caption, rows in screen.tables(app).items() if "in Q2 FY26 against FY26" in caption)
    assert rows[1:] == [
        ["Ended", "$60.00", "$91.00", "+$31.00", "+52%", "over budget"],
        ["Search", "$300", "$273", "−$27.00", "−9%", "under budget"],
        ["All", "$360", "$364", "+$4.00", "+1%", "on budget"],
    ]
    assert "AI spend was on budget in Q2 FY26 (+$4.00)" in screen.headers(app)
    (chart,) = screen.charts(app)
    assert "Budget $360 to Actual $364" in chart.alt


def test_another_quarter(open_page: Open, budgeted: str) -> None:
    app = open_page("budgets", budgeted)
    assert app.selectbox(key="quarter").options == ["Q2 FY26", "Q1 FY26"]
    app.selectbox(key="quarter").select_index(1)
    rows = next(rows for caption, rows in screen.tables(app.run()).items() if "in Q1 FY26" in caption)
    assert rows[-1][:3] == ["All", "$360", "$360"]  # 90 days of 3 + 1 dollars


def test_withdrawing_a_budget(open_page: Open, budgeted: str) -> None:
    app = screen.press(open_page("budgets", budgeted), "Withdraw FY26")
    assert screen.title(app).startswith("No budget is locked yet")
    assert budgets(Workspace(Path(budgeted)).state()) == []


class TestBesideTheOutlook:
    def test_overview_says_how_likely_an_overrun_is(self, open_page: Open, budgeted: str) -> None:
        """Until July 31 + 31 dollars a day and month of both; likely less than 1,440 at the end of the year."""
        app = open_page("overview", budgeted)
        assert "AI spend is likely to end FY26 $" in screen.everything(app)
        assert "under its budget of $1.44K; the chance of an overrun is" in screen.everything(app)
        rows = next(rows for caption, rows in screen.tables(app).items() if caption.endswith("budget FY26"))
        assert rows[0] == ["Team", "Budget", "Likely", "Over or under", "Chance of overrun"]
        assert {row[0]: row[1] for row in rows[1:]} == {"Search": "$1.20K", "Ended": "$240", "All": "$1.44K"}

    def test_it_is_drawn_on_the_forecast(self, open_page: Open, budgeted: str) -> None:
        (chart,) = screen.charts(open_page("forecast", budgeted))
        assert [value for value in chart.marks["Budget"] if value is not None] == [120] * 12

    def test_a_filter_by_team_takes_the_teams_budget(self, open_page: Open, budgeted: str) -> None:
        (chart,) = screen.charts(open_page("forecast", budgeted, team="Search"))
        assert [value for value in chart.marks["Budget"] if value is not None] == [100] * 12

    @pytest.mark.parametrize("address", [{"scope": "All spend"}, {"service": "Amazon SageMaker"}])
    def test_it_is_not_held_against_other_spend(self, address: dict[str, str], open_page: Open, budgeted: str) -> None:
        (chart,) = screen.charts(open_page("forecast", budgeted, **address))
        assert "Budget" not in chart.marks
