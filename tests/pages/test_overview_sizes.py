"""The Overview of bills that are unlike the sample: nothing spent lately, many teams, a share that is nearly all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.stores import Rows, charge, daily, team, write_focus

Made = Callable[[Rows], str]
FRAUD = daily(date(2025, 5, 1), 515, "100", Tags=team("Fraud"))  # to 27 Sep 2026


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A store of these rows, by its path."""

    def store(rows: Rows) -> str:
        Workspace(tmp_path / "store").load([write_focus(tmp_path / "bill.csv", rows)])
        return str(tmp_path / "store")

    return store


@pytest.mark.parametrize("day", [date(2026, 6, 3), date(2025, 5, 3)], ids=["this year", "before the months shown"])
def test_a_currency_without_a_recent_charge_cost_nothing_lately(day: date, open_page: Open, made: Made) -> None:
    app = open_page("overview", made([*FRAUD, charge(day, "25", BillingCurrency="EUR")]), currency="EUR")
    assert not app.exception and not app.error
    assert screen.title(app) == "AI spend was €0 in Aug 2026"
    assert [screen.plain(card.value) for card in app.metric] == ["€0", "€0", "€0", "unknown"]
    assert app.metric[-1].delta == "nothing was spent"
    said = screen.headers(app)
    assert "Nothing unusual happened in the last 91 days" in said
    assert (said[1], said[-1]) == (
        "Nothing was spent, so nothing changed",
        "No charge for usage is in the bills in the last 91 days",
    )
    assert "Nothing was spent from 3 Aug 2026 to 27 Sep 2026." in screen.everything(app)
    assert screen.charts(app)[-1].marks["AI spend"] == [0] * 91


def test_a_month_without_a_charge_is_no_unknown_bill(open_page: Open, made: Made) -> None:
    app = open_page("showback", made([*FRAUD, charge(date(2026, 6, 3), "25", BillingCurrency="EUR")]), currency="EUR")
    *_, bill, apart = screen.tables(app)["Aug 2026, all spend, effective cost, EUR"]
    assert (bill[:2], apart[:2]) == (["The bill in EUR, line by line", "€0.00"], ["Difference", "€0.00"])


class TestManyTeams:
    @pytest.fixture
    def twelve(self, made: Made) -> str:
        """Team 1 spends 1 dollar a day, team 2 spends 2, ... team 12 spends 12: 78 together, 80 on the last day."""
        rows = [row for at in range(1, 13) for row in daily(date(2026, 6, 1), 92, str(at), Tags=team(f"Team {at}"))]
        return made([*rows, charge(date(2026, 8, 31), "2", Tags=team("Team 5"))])

    def test_the_table_of_what_changed_adds_up(self, twelve: str, open_page: Open) -> None:
        rows = screen.movers(open_page("overview", twelve))[1:]
        assert len(rows) == 10  # eight by name, the others, all
        assert rows[0] == ["Team 5", "$140", "$142", "+$2.00", "+1%"]
        assert rows[-2][0] == "4 other teams"
        assert rows[-1] == ["All", "$2.18K", "$2.19K", "+$2.00", "0%"]  # 28 x 78 = 2,184

    def test_the_table_of_the_year_shows_the_largest_and_says_so(self, twelve: str, open_page: Open) -> None:
        (caption,) = [one for one in screen.tables(open_page("overview", twelve)) if "likely" in one]
        rows = screen.tables(open_page("overview", twelve))[caption]
        assert caption.endswith("; the 10 largest of 12 teams")
        assert [row[0] for row in rows[1:]] == [*(f"Team {at}" for at in range(12, 2, -1)), "All"]

    def test_no_change_is_neither_good_nor_bad(self, twelve: str, open_page: Open) -> None:
        month = open_page("overview", twelve).metric[2]
        assert (month.delta, month.proto.color) == ("0%", 2)  # grey: 2 dollars more of 2,184


def test_a_share_that_is_nearly_all_is_not_called_all(open_page: Open, made: Made) -> None:
    store = made([*daily(date(2026, 8, 1), 61, "999", Tags=team("Fraud")), *daily(date(2026, 8, 1), 61, "1")])
    app = open_page("overview", store)
    assert app.metric[-1].value == "more than 99%"
    assert screen.plain(app.metric[-1].delta) == "$28.00 unallocated"
    assert screen.headers(app)[0].endswith("less than 1% has no team")
    shares = {card.label: screen.plain(card.delta) for card in open_page("allocation", store).metric}
    assert shares["Direct"] == "more than 99% of the whole" and shares["Unallocated"] == "less than 1% of the whole"


def test_all_with_a_team_is_said_in_words(open_page: Open, made: Made) -> None:
    assert open_page("overview", made(FRAUD)).metric[-1].delta == "all of it has a team"
