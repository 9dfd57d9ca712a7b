"""Budgets: what is locked, how closed quarters came out, and the budget beside the outlook on the other pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costlib.fiscal import WeekCalendar
from costlib.state.budget_file import read_budget
from costlib.state.budgets import budgets, lock_budget, unlock_budget
from costlib.state.records import State
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from ui import exhibit

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


def test_a_variance_says_which_budget_it_is_against(
    open_page: Open, budgeted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in the file of its chart, which is read when a corrected budget has taken the place of this one."""
    seen: dict[str, dict[str, Any]] = {}
    monkeypatch.setattr(exhibit, "_downloads", lambda one, key: seen.update({key: exhibit.trace(one)}))
    for page in ("budgets", "overview", "forecast"):
        assert not open_page(page, budgeted).exception
    assert {one["budget"] for key, one in seen.items() if key in ("review", "heading", "outlook")} == {"FY26"}
    assert "budget FY26 to actual by team" in seen["review"]["figures"]


@pytest.mark.parametrize(("last", "quarters"), [(1, []), (2, []), (3, ["Q1 FY26"]), (5, ["Q1 FY26"])])
def test_a_quarter_that_the_budget_covers_in_part_is_not_held_against_it(
    last: int, quarters: list[str], own_store: OwnStore, open_page: Open
) -> None:
    store = own_store("two_years")
    lines = [f"Search,2026-{month:02d},100,USD" for month in range(1, last + 1)]
    found = read_budget("\n".join(["team,month,amount,currency", *lines]).encode(), "FY26", date(2026, 1, 5))
    lock_budget(Workspace(Path(store)).state(), found, "AI spend", who="Ada")
    app = open_page("budgets", store)
    offered = [one.options for one in app.selectbox if one.key == "quarter"]
    assert offered == ([quarters] if quarters else [])
    assert ("do not cover one from end to end" in screen.everything(app)) is not bool(quarters)


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
    assert "FY26 was withdrawn by test@example.com on " in screen.everything(app)


def test_a_withdrawal_is_undone(open_page: Open, budgeted: str) -> None:
    before = budgets(Workspace(Path(budgeted)).state())
    app = screen.press(screen.press(open_page("budgets", budgeted), "Withdraw FY26"), "Undo")
    assert screen.title(app) == "1 budget locked; the newest is FY26, $1.44K of AI spend"
    assert "was withdrawn" not in screen.everything(app) and "Undo" not in {one.label for one in app.button}
    assert budgets(Workspace(Path(budgeted)).state()) == before


def test_an_undo_is_of_the_withdrawal_that_its_reader_saw(open_page: Open, budgeted: str) -> None:
    """Somebody withdraws another budget between the drawing of the page and the press: neither is brought back."""
    state = Workspace(Path(budgeted)).state()
    (held,) = budgets(state)
    lock_budget(state, replace(held.budget, version="FY27"), "AI spend", who="Ada")
    app = screen.press(open_page("budgets", budgeted), "Withdraw FY26")
    unlock_budget(state, "FY27", who="Dan")
    app = screen.press(app, "Undo")
    assert budgets(state) == [] and "FY27 was withdrawn by Dan on " in screen.everything(app)


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


def test_without_quantities_no_cause_is_guessed(open_page: Open, budgeted: str) -> None:
    app = open_page("budgets", budgeted)
    assert "The budget says no quantities, so rates and volume cannot be told apart." in screen.everything(app)


class TestQuantities:
    @pytest.fixture
    def planned(self, own_store: OwnStore) -> str:
        """``grown_and_spiked`` with a budget of Search by the hour: 3,000 dollars a month for 3,000 hours."""
        store = own_store("grown_and_spiked")
        lines = [f"Search,2026-{month:02d},3000,USD,3000,Hours" for month in range(1, 13)]
        lines += [f"Fraud,2026-{month:02d},1400,USD,," for month in range(1, 13)]
        text = "\n".join(["team,month,amount,currency,quantity,unit", *lines])
        found = read_budget(text.encode(), "FY26", date(2026, 1, 5))
        lock_budget(Workspace(Path(store)).state(), found, "AI spend", who="Ada")
        return store

    def test_volume_and_rates_where_the_budget_says_quantities(self, open_page: Open, planned: str) -> None:
        """Third quarter: Search used 62 x 100 + 30 x 160 hours at a dollar, 2,000 more than the 9,000 budgeted; Fraud
        cost 92 x 50 against 4,200."""
        app = open_page("budgets", planned)
        assert not app.exception and not app.error
        rows = next(rows for caption, rows in screen.tables(app).items() if caption.startswith("Causes by team"))
        assert rows == [
            ["Team", "Change", "Volume", "No quantity"],
            ["Search", "+$2.00K", "+$2.00K", "–"],
            ["Fraud", "+$400", "–", "+$400"],
            ["All", "+$2.40K", "+$2.00K", "+$400"],
        ]
        title = "What made the difference in Q3 FY26: volume +$2.00K, changes without a known quantity +$400"
        assert title in screen.headers(app)
        assert "Budget $13.2K to Actual $15.6K" in screen.charts(app)[-1].alt

    def test_the_samples_budget_tells_volume_from_rates(self, open_page: Open) -> None:
        app = open_page("budgets")
        rows = next(rows for caption, rows in screen.tables(app).items() if caption.startswith("Causes by team"))
        assert {"Volume", "Rates", "No quantity"} <= set(rows[0])
        named = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
        assert named["Support Assistant"]["Volume"].startswith("+") and named["Support Assistant"]["Rates"].startswith(
            "−"
        )
        variance = next(rows for caption, rows in screen.tables(app).items() if "within 5%" in caption)
        assert named["All"]["Change"] == variance[-1][3]


class TestFiscalWeeks:
    @pytest.fixture
    def weeks(self, own_store: OwnStore, monkeypatch: pytest.MonkeyPatch) -> str:
        """``two_years`` under 4-4-5 weeks that end on the last Saturday of December; 84 dollars a period for Search."""
        monkeypatch.setenv("GLIDEPATH_FISCAL_CALENDAR", "4-4-5")
        store = own_store("two_years")
        lines = [f"Search,FY26-P{period:02d},84,USD" for period in range(1, 13)]
        text = "\n".join(["team,period,amount,currency", *lines])
        found = read_budget(text.encode(), "FY26", date(2026, 1, 5), WeekCalendar("4-4-5", 12))
        lock_budget(Workspace(Path(store)).state(), found, "AI spend", who="Ada")
        return store

    def test_a_quarter_is_thirteen_weeks(self, open_page: Open, weeks: str) -> None:
        """Second quarter, 29 March to 27 June 2026: 91 days at 3 dollars of Search and 1 of Ended."""
        app = open_page("budgets", weeks)
        rows = next(rows for caption, rows in screen.tables(app).items() if "in Q2 FY26 against FY26" in caption)
        assert rows[1:] == [
            ["Ended", "none", "$91.00", "+$91.00", "–", "not budgeted"],
            ["Search", "$252", "$273", "+$21.00", "+8%", "over budget"],
            ["All", "$252", "$364", "+$112", "+44%", "over budget"],
        ]
        assert app.selectbox(key="quarter").options == ["Q2 FY26", "Q1 FY26"]

    def test_the_first_quarter_begins_in_the_old_year(self, open_page: Open, weeks: str) -> None:
        """28 December 2025 to 28 March 2026: 4 days at 2 dollars, 87 at 3."""
        app = open_page("budgets", weeks)
        app.selectbox(key="quarter").select_index(1)
        rows = next(rows for caption, rows in screen.tables(app.run()).items() if "in Q1 FY26" in caption)
        assert {row[0]: row[2] for row in rows[1:]}["Search"] == "$269"

    def test_the_forecast_says_that_it_knows_months_only(self, open_page: Open, weeks: str) -> None:
        app = open_page("forecast", weeks)
        assert "Your fiscal calendar is 4-4-5 weeks." in screen.everything(app)
        assert "end FY26 by calendar months at" in screen.title(app)
        assert "Budget" not in screen.charts(app)[0].marks

    def test_trends_by_fiscal_period(self, open_page: Open, weeks: str) -> None:
        """P1 is 28 December to 24 January: 4 days at 2 and 24 at 3 dollars of Search, 28 of Ended."""
        app = open_page("trends", weeks, grain="Fiscal period", over="All data", by="Team")
        assert not app.exception and not app.error
        (search,) = [row for row in screen.table(app) if row["Team"] == "Search"]
        assert (search["P1 FY26"], search["P3 FY26"]) == (80, 35 * 3)
        assert screen.table(open_page("trends", weeks, grain="Month", over="All data"))[-1]["Jan 2026"] == 31 * 4

    def test_trends_by_fiscal_quarter_beside_the_one_before(self, open_page: Open, weeks: str) -> None:
        app = open_page("trends", weeks, grain="Quarter", over="6 months", versus="Period before")
        assert not app.exception and not app.error
        row = screen.table(app)[-1]
        assert row["Q2 FY26"] == 91 * 4 and "Before" in row


class TestBringingOneIn:
    YEAR = "\n".join(["team,month,amount,currency", *(f"Search,2026-{month:02d},100,USD" for month in range(1, 13))])
    PART = "team,month,amount,currency\nSearch,2026-01,100,USD\nServices,2026-02,5.50,USD\n"

    def given(self, app: AppTest, text: str, name: str = "FY26") -> AppTest:
        """The page with a file and a name in its form."""
        (field,) = app.get("file_uploader")
        field.set_value(("budget.csv", text.encode(), "text/csv"))
        app.text_input(key="budget-name").set_value(name)
        return app.run()

    @pytest.fixture
    def page(self, open_page: Open, own_store: OwnStore) -> tuple[AppTest, State]:
        store = own_store("two_years")
        return open_page("budgets", store), Workspace(Path(store)).state()

    @pytest.mark.parametrize(("text", "name"), [(YEAR, ""), ("", "FY26")])
    def test_nothing_is_shown_without_a_name_or_a_file(self, text: str, name: str, page: tuple[AppTest, State]) -> None:
        app = self.given(page[0], text, name) if text else page[0].text_input(key="budget-name").set_value(name).run()
        assert "Choose a file and give it a name" in screen.everything(app)
        assert "lock-budget" not in {one.key for one in app.button}

    def test_it_is_shown_by_team_before_it_is_locked(self, page: tuple[AppTest, State]) -> None:
        app = self.given(page[0], self.PART)
        assert screen.tables(app)["FY26, Jan 2026 to Feb 2026, USD"] == [
            ["Team", "Budget", "Check"],
            ["Search", "$100.00", ""],
            ["Services", "$5.50", "no bill has this team"],
            ["All", "$105.50", ""],
        ]
        assert "It has no line for some months of its fiscal year" in screen.everything(app)
        assert budgets(page[1]) == []

    def test_a_whole_year_is_locked_for_the_spend_that_was_chosen(self, page: tuple[AppTest, State]) -> None:
        app = self.given(page[0], self.YEAR)
        assert "It has no line for some months" not in screen.everything(app)
        app.button_group(key="budget-scope").set_value("All spend")
        app = screen.press(app.run(), "Lock FY26")
        (held,) = budgets(page[1])
        assert (held.scope, held.budget.version, len(held.budget.lines)) == ("All spend", "FY26", 12)
        assert screen.title(app) == "1 budget locked; the newest is FY26, $1.20K of All spend"
        assert screen.plain(app.success[0].value) == "FY26 is locked: $1.20K of All spend"
        assert app.text_input(key="budget-name").value == ""

    def test_the_review_shows_the_one_that_was_just_locked(self, page: tuple[AppTest, State]) -> None:
        app = screen.press(self.given(page[0], self.YEAR), "Lock FY26")
        app = screen.choose(app, budget="FY26")
        app = screen.press(self.given(app, self.YEAR, "FY26 revised"), "Lock FY26 revised")
        assert app.selectbox(key="budget").value == "FY26 revised"
        assert screen.choose(app, budget="FY26").selectbox(key="budget").value == "FY26"

    def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(self, page: tuple[AppTest, State]) -> None:
        app = self.given(page[0], "team,month,amount\nSearch,2026-01,1\n")
        assert "The budget has no column currency" in screen.plain(app.error[0].value)
        assert "lock-budget" not in {one.key for one in app.button}

    def test_a_name_that_is_taken_is_refused(self, page: tuple[AppTest, State]) -> None:
        app = screen.press(self.given(page[0], self.YEAR), "Lock FY26")
        app = screen.press(self.given(app, self.YEAR), "Lock FY26")
        assert "A budget called FY26 is locked already" in screen.plain(app.error[0].value)
        assert app.text_input(key="budget-name").value == "FY26"
        assert len(budgets(page[1])) == 1
