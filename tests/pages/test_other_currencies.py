"""Bills in two currencies: every page of one says what it leaves out, and in which currency to look."""

from __future__ import annotations

from datetime import date

import pytest

from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.stores import daily, team, write_focus

#: Of the store of two currencies: July to September, 92 days of 10 dollars and 4 euros.
SAID = "not in these figures: €368 on bills in EUR since 1 Jul 2026"


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> str:
    """AWS bills 5 dollars a day to Fraud, OVH 4 euros to Lab and 1 to Fraud; 61 days to the end of September."""
    folder, first = tmp_path_factory.mktemp("abroad"), date(2026, 8, 1)
    ovh = {"ServiceProviderName": "OVH", "BillingCurrency": "EUR", "BillingAccountId": "acme-eu"}
    rows = [
        *(row for _ in range(3) for row in daily(first, 61, "5", Tags=team("Fraud"))),
        *daily(first, 61, "4", Tags=team("Lab"), **ovh),
        *daily(first, 61, "1", Tags=team("Fraud"), **ovh),
    ]
    Workspace(folder / "store").load([write_focus(folder / "focus.csv", rows)])
    return str(folder / "store")


@pytest.mark.parametrize("page", ["overview", "forecast", "trends", "allocation", "roadmap", "settings", "unit_costs"])
def test_the_line_under_the_title_says_it(page: str, open_page: Open) -> None:
    app = open_page(page, "two_currencies")
    assert not app.exception and SAID in screen.data_line(app)


def test_of_the_days_that_are_shown(open_page: Open) -> None:
    app = open_page("trends", "two_currencies", over="Custom", days=["2026-09-10", "2026-09-16"], grain="Day")
    assert "not in these figures: €28.00 on bills in EUR (10 Sep 2026 to 16 Sep 2026)" in screen.data_line(app)


def test_a_statement_says_what_the_team_has_in_the_other(abroad: str, open_page: Open) -> None:
    app = open_page("showback", abroad, team="Fraud", month="Sep 2026")
    assert "not in these figures: €150 on bills in EUR since 1 Sep 2026" in screen.data_line(app)
    own = "Fraud also has €30.00 on bills in EUR for Sep 2026, on a statement of its own: choose the currency above."
    assert own in screen.everything(app)
    assert "All statements add up to the bill in USD" in screen.headers(app)


def test_a_team_without_cost_in_a_currency_is_not_said_to_have_none(abroad: str, open_page: Open) -> None:
    app = open_page("showback", abroad, team="Lab", month="Sep 2026")
    assert screen.title(app) == "Lab has no cost in USD in Sep 2026"
    assert "Lab also has €120 on bills in EUR for Sep 2026" in screen.everything(app)
    euros = screen.choose(app, currency="EUR")
    assert screen.title(euros) == "The statement of Lab for Sep 2026 comes to €120, all of it direct"
    assert "Lab also has" not in screen.everything(euros)


@pytest.mark.parametrize(("currency", "named", "not_named"), [("USD", "AWS", "OVH"), ("EUR", "OVH", "AWS")])
def test_a_source_names_who_bills_what_the_chart_shows(
    currency: str, named: str, not_named: str, abroad: str, open_page: Open
) -> None:
    for page in ("overview", "showback"):
        said = screen.everything(open_page(page, abroad, currency=currency))
        assert f"Bills of {named}, usage to 30 Sep 2026" in said and not_named not in said


def test_bills_in_one_currency_leave_nothing_out(open_page: Open) -> None:
    assert "NOT IN THESE" not in screen.everything(open_page("overview", "no_ai"))
