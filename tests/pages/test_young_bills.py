"""Bills that begin inside the year or end with a day that is not billed in full: figures say which days they are of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from costlib.roadmap.plan_model import Plan
from costlib.state.plans import PlanStore
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.stores import charge, daily, team, write_focus

Ending = Callable[[date, date], str]
FRAUD = {"Tags": team("Fraud")}


@pytest.fixture
def ending(tmp_path: Path) -> Ending:
    """A store of 10 dollars a day for Fraud from the first day on, and of 3 on the last."""

    def made(first: date, last: date) -> str:
        rows = [*daily(first, (last - first).days, "10", **FRAUD), charge(last, "3", **FRAUD)]
        Workspace(tmp_path / "store").load([write_focus(tmp_path / "focus.csv", rows)])
        return str(tmp_path / "store")

    return made


class TestLastDay:
    def test_the_run_rate_the_month_and_the_movers_end_before_it(self, ending: Ending, open_page: Open) -> None:
        app = open_page("overview", ending(date(2026, 6, 1), date(2026, 10, 20)))
        assert not app.exception
        told = {card.label: (screen.plain(card.value), card.delta) for card in app.metric}
        assert told["Month to date, to 19 Oct 2026"] == ("$190", "0%")
        assert told["Run rate a year, 28 days to 19 Oct 2026"] == ("$3.65K", "0%")
        assert screen.headers(app)[1] == "Nothing changed"
        assert screen.movers(app)[1][:4] == ["Fraud", "$280", "$280", "$0"]
        assert "22 Sep 2026 to 19 Oct 2026, against 25 Aug 2026 to 21 Sep 2026" in next(iter(screen.tables(app)))
        said = "20 Oct 2026 is not billed in full yet: run rate, month to date and movers end before"
        assert said in screen.data_line(app)

    def test_a_month_of_that_day_alone_is_told_with_it(self, ending: Ending, open_page: Open) -> None:
        app = open_page("overview", ending(date(2026, 6, 1), date(2026, 11, 1)))
        told = {card.label: screen.plain(card.value) for card in app.metric}
        assert told["Month to date, to 1 Nov 2026"] == "$3.00"
        assert told["Run rate a year, 28 days to 31 Oct 2026"] == "$3.65K"
        assert "1 Nov 2026 is not billed in full yet: run rate and movers end before" in screen.data_line(app)

    def test_where_every_day_is_billed_nothing_is_said(self, open_page: Open) -> None:
        app = open_page("overview", "no_ai")
        assert "Run rate a year, 28 days" in [card.label for card in app.metric]
        assert "billed in full" not in screen.everything(app)


class TestFirstDay:
    """Bills from 3 October to 20 November 2026: 48 days of 10 dollars, and 3."""

    SINCE = "from 3 Oct 2026, the first day of the bills, to the end of"

    @pytest.mark.parametrize(("until", "period"), [("Fiscal year end", "FY26"), ("Quarter end", "Q4 FY26")])
    def test_the_title_and_the_table_say_from_when_on(
        self, until: str, period: str, ending: Ending, open_page: Open
    ) -> None:
        """29 days of October and 61 to the end of the year, at 10 dollars."""
        app = open_page("forecast", ending(date(2026, 10, 3), date(2026, 11, 20)), until=until)
        assert screen.title(app) == f"AI spend is likely to come to $900 {self.SINCE} {period}"
        assert [one for one in screen.tables(app) if one.endswith("USD, 3 Oct 2026 to 31 Dec 2026")]

    def test_so_do_the_tiles_and_those_of_later_months_do_not(self, ending: Ending, open_page: Open) -> None:
        app = open_page("forecast", ending(date(2026, 10, 3), date(2026, 11, 20)))
        assert [tile.label for tile in app.metric] == [
            "Nov 2026, likely",
            "Q4 FY26 from 3 Oct 2026, likely",
            "FY26 from 3 Oct 2026, likely",
            "Next 12 months, likely",
        ]
        assert [screen.plain(tile.value) for tile in app.metric][:3] == ["$300", "$900", "$900"]

    def test_a_year_that_the_bills_hold_from_its_first_day_is_the_year(self, ending: Ending, open_page: Open) -> None:
        app = open_page("forecast", ending(date(2026, 1, 1), date(2026, 3, 10)))
        assert screen.title(app).startswith("AI spend is likely to end FY26 at $3.6")
        assert app.metric[2].label == "FY26, likely"

    def test_the_overview_says_it_too(self, ending: Ending, open_page: Open) -> None:
        app = open_page("overview", ending(date(2026, 8, 1), date(2026, 10, 20)))
        assert "from 1 Aug 2026, the first day of the bills, to the end of FY26" in screen.everything(app)


class TestPlan:
    """Bills from 1 October to 20 November 2026, of which October is the only whole month, at 10 dollars a day."""

    @pytest.fixture
    def planned(self, ending: Ending) -> str:
        store = ending(date(2026, 10, 1), date(2026, 11, 20))
        half = {"id": "off", "scope": {}, "saving": {"low": 0.5, "likely": 0.5, "high": 0.5}}
        plan = Plan(plan={"name": "Half", "start": "2026-12", "months": 6, "paths": 50}, initiatives=[half])
        PlanStore(Workspace(Path(store)).state()).create("half", plan, who="tests")
        return store

    def test_the_roadmap_names_the_month_of_todays_spend(self, planned: str, open_page: Open) -> None:
        app = open_page("roadmap", planned)
        first, *_ = app.metric
        told = first.label, screen.plain(first.value), screen.plain(first.delta)
        assert told == ("Spend today, a month", "$310", "Oct 2026, the only booked month")
        assert "Under 60 days a forecast is little more than the pace" in screen.everything(app)

    def test_so_does_the_overview(self, planned: str, open_page: Open) -> None:
        text = screen.everything(open_page("overview", planned))
        assert "Spend a month today: Oct 2026, the only booked month." in text
        assert "last three booked months" not in text


@pytest.mark.parametrize(("september", "arrow", "colour"), [("8", "DOWN", "GREEN"), ("12", "UP", "RED")])
def test_a_fall_is_drawn_as_one(september: str, arrow: str, colour: str, open_page: Open, tmp_path: Path) -> None:
    rows = [*daily(date(2026, 7, 1), 62, "10"), *daily(date(2026, 9, 1), 30, september)]
    Workspace(tmp_path / "store").load([write_focus(tmp_path / "focus.csv", rows)])
    month = open_page("overview", str(tmp_path / "store")).metric[0]
    drawn = month.proto
    assert drawn.MetricDirection.Name(drawn.direction) == arrow and drawn.MetricColor.Name(drawn.color) == colour
