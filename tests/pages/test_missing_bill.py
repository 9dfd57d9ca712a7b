"""A month of which no bill is loaded: every page calls its cost unknown, and none takes it for nothing spent."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from costlib.evidence.quarter import quarter_of
from costlib.evidence.shared import shown_to
from costlib.money import UNKNOWN
from costlib.periods import day_name
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.stores import charge, daily, no_last_month, team, write_focus

SAID = "NO BILL of Mar 2026 is loaded: its cost is unknown"


def ended(title: str) -> float:
    """Where the year is likely to end, in dollars."""
    found = re.search(r"likely to end FY26 at \$([\d.]+)K", title)
    assert found, title
    return float(found[1]) * 1000


def test_trends_leaves_the_month_open(open_page: Open) -> None:
    app = open_page("trends", "no_march")
    rows = {row["Team"]: row for row in screen.table(app)}
    assert {name: row["Mar 2026"] for name, row in rows.items()} == dict.fromkeys(("Search", "Fraud", "All"))
    assert (rows["All"]["Feb 2026"], rows["All"]["Apr 2026"]) == (280, 300)
    assert SAID in screen.data_line(app)


def test_by_quarter_what_is_known_is_added_up(open_page: Open) -> None:
    """January and February: 59 days of 10 dollars."""
    (whole,) = [row for row in screen.table(open_page("trends", "no_march", grain="Quarter")) if row["Team"] == "All"]
    assert whole["Q1 FY26"] == 590


def test_a_period_is_not_compared_with_one_that_lacks_a_bill(open_page: Open) -> None:
    """Three months to July against the three before them, of which March is one."""
    app = open_page("trends", "no_march", over="3 months", versus="Period before")
    assert not app.exception
    assert "Change" not in str(screen.table(app)) and "rose" not in screen.title(app)


def test_a_period_that_lacks_a_bill_is_not_compared(open_page: Open) -> None:
    """Six months to July, of which March is one, against those of the year before."""
    app = open_page("trends", "no_march", over="6 months", versus="Period before")
    assert "less than" not in screen.title(app) and "Change" not in str(screen.table(app))


def test_the_last_closed_month_may_be_the_one_that_is_missing(open_page: Open) -> None:
    """July has no bill, August has four days: the way ahead begins in August, and July is left open."""
    app = open_page("forecast", "no_last_month")
    assert not app.exception
    (chart,) = screen.charts(app)
    assert chart.marks["Actual"][-6:-4] == [None, None] or chart.marks["Actual"][8] is None
    assert "unknown" in screen.title(open_page("overview", "no_last_month"))


@pytest.mark.parametrize("page", ["allocation", "runs"])
def test_the_last_full_month_is_the_last_that_has_a_bill(page: str, open_page: Open) -> None:
    app = open_page(page, "no_last_month", over="Last full month")
    assert not app.exception and "in Jul 2026" not in screen.title(app)
    assert page == "runs" or "All of AI spend in Jun 2026 has an owner" in screen.title(app)


def test_documents_of_no_month_are_of_the_last_that_has_a_bill(tmp_path: Path) -> None:
    """Bills from November to August; without July the last closed month is June, and the last whole quarter Q2."""
    space = Workspace(tmp_path / "store")
    space.load([write_focus(tmp_path / "focus.csv", no_last_month())])
    assert shown_to(space, "Search", None).now.month == date(2026, 6, 1)
    assert quarter_of(space, None).months[0] == date(2026, 4, 1)


def test_reports_offer_no_statement_of_the_month(open_page: Open) -> None:
    app = open_page("reports", "no_last_month")
    assert not app.exception and "Jul 2026" not in screen.everything(app).replace("NO BILL of Jul 2026", "")


def test_nothing_unusual_happened_because_a_bill_is_missing(open_page: Open) -> None:
    for page in ("trends", "overview"):
        said = screen.everything(open_page(page, "no_march"))
        assert "Nothing unusual happened" in said and "down from" not in said


def test_the_forecast_counts_on_it(open_page: Open) -> None:
    """365 days of 10 dollars are 3,650; with nothing for March they would be 3,340."""
    app = open_page("forecast", "no_march")
    assert 3_600 < ended(screen.title(app)) < 3_700
    assert "The bills do not say in full what 31 days cost in every part" in screen.everything(app)
    (chart,) = screen.charts(app)
    assert chart.marks["Actual"][4] is None and chart.marks["Actual"][3] == 280


def test_no_statement_is_made_of_the_month(open_page: Open) -> None:
    months = open_page("showback", "no_march").selectbox(key="month").options
    assert "Mar 2026" not in months and {"Feb 2026", "Apr 2026"} <= {*months}


def test_a_saving_is_measured_without_the_month(open_page: Open) -> None:
    app = open_page("savings", "no_march")
    assert not app.exception and SAID in screen.data_line(app)


@pytest.mark.parametrize("page", ["sources", "budgets", "settings", "reports", "roadmap"])
def test_pages_without_sums_name_it_too(page: str, open_page: Open) -> None:
    assert SAID in screen.everything(open_page(page, "no_march"))


def test_a_provider_whose_bills_ended_is_named(open_page: Open, tmp_path: Path) -> None:
    """Azure has no usage after July, AWS goes on to the end of September: its bill may be missing or it was left."""
    azure = {"ServiceProviderName": "Azure", "BillingAccountId": "az"}
    rows = [*daily(date(2026, 5, 1), 153, "5"), *daily(date(2026, 5, 1), 92, "4", **azure)]
    Workspace(tmp_path / "store").load([write_focus(tmp_path / "focus.csv", rows)])
    for page in ("overview", "sources"):
        said = screen.everything(open_page(page, str(tmp_path / "store")))
        assert "NO USAGE on a bill of Azure (az) since Jul 2026" in said


@pytest.fixture(scope="module")
def azure_lacks_july(tmp_path_factory: pytest.TempPathFactory) -> str:
    """AWS bills 5 a day and Azure 45 from April to the end of September 2026; Azure's bill of July is not loaded."""
    azure = {"ServiceProviderName": "Azure", "BillingAccountId": "az", "ServiceName": "Azure OpenAI"}
    folder = tmp_path_factory.mktemp("azure")
    rows = [*daily(date(2026, 4, 1), 183, "5"), *daily(date(2026, 4, 1), 91, "45", **azure)]
    rows += daily(date(2026, 8, 1), 61, "45", **azure)
    Workspace(folder / "store").load([write_focus(folder / "focus.csv", rows)])
    return str(folder / "store")


class TestOneAccountWithoutAMonth:
    def test_every_title_names_it(self, open_page: Open, azure_lacks_july: str) -> None:
        for page in ("overview", "sources", "showback"):
            assert "NO USAGE on a bill of Azure (az) in Jul 2026" in screen.everything(
                open_page(page, azure_lacks_july)
            )

    def test_it_is_neither_a_fall_nor_a_rise(self, open_page: Open, azure_lacks_july: str) -> None:
        """Nine tenths are missing in July: nothing is unusual about it, and August is not held against it."""
        app = open_page("trends", azure_lacks_july)
        assert not app.exception
        assert "Nothing unusual happened" in screen.everything(app)
        august = open_page("trends", azure_lacks_july, span="custom", start="2026-08-01", end="2026-08-31")
        assert "900%" not in screen.everything(august)

    def test_a_forecast_goes_on_at_50_a_day(self, open_page: Open, azure_lacks_july: str) -> None:
        said = screen.everything(open_page("forecast", azure_lacks_july))
        assert "$13.8K from 1 Apr 2026" in said, "275 days at 50"
        assert "31 days" in said


@pytest.fixture(scope="module")
def vendor_lacks_october(tmp_path_factory: pytest.TempPathFactory) -> str:
    """AWS costs 60 a day to 20 October 2026, a vendor 40 a day to the end of September: its next bill comes later."""
    of = {"ServiceProviderName": "Vendor", "BillingAccountId": "org", "ServiceName": "Amazon Bedrock"}
    folder = tmp_path_factory.mktemp("vendor")
    rows = daily(date(2026, 3, 1), 234, "60", Tags=team("Search"))
    rows += daily(date(2026, 3, 1), 214, "40", Tags=team("Fraud"), **of)
    Workspace(folder / "store").load([write_focus(folder / "focus.csv", rows)])
    return str(folder / "store")


class TestAVendorThatBillsByTheMonth:
    @pytest.mark.parametrize("page", ["overview", "forecast", "trends", "sources"])
    def test_its_last_day_is_named(self, page: str, vendor_lacks_october: str, open_page: Open) -> None:
        said = screen.everything(open_page(page, vendor_lacks_october))
        assert "NO USAGE on a bill of Vendor (org) since 30 Sep 2026" in said

    def test_the_running_month_is_compared_with_nothing(self, vendor_lacks_october: str, open_page: Open) -> None:
        app = open_page("overview", vendor_lacks_october)
        month, to_date, run_rate, _ = app.metric
        assert to_date.delta == run_rate.delta == "not compared: a bill is missing"
        assert "bill is missing" not in month.delta
        assert "What changed is not known: a bill is missing" in screen.headers(app)
        assert "once all their bills are loaded" in screen.everything(app)

    def test_the_year_ends_as_if_it_went_on(self, vendor_lacks_october: str, open_page: Open) -> None:
        """100 a day from March to December: 306 days."""
        assert "is likely to come to $30.6K from 1 Mar 2026" in screen.title(
            open_page("forecast", vendor_lacks_october)
        )


def test_a_month_that_lacks_an_account_ends_no_growth(open_page: Open, tmp_path: Path) -> None:
    """September lacks Azure, nine tenths of the bill: the chart's title tells of April to August."""
    azure = {"ServiceProviderName": "Azure", "BillingAccountId": "az", "ServiceName": "Azure OpenAI"}
    rows = [*daily(date(2026, 4, 1), 183, "5"), *daily(date(2026, 4, 1), 153, "45", **azure)]
    Workspace(tmp_path / "store").load([write_focus(tmp_path / "focus.csv", rows)])
    app = open_page("overview", str(tmp_path / "store"))
    assert screen.title(app) == "AI spend was $150 in Sep 2026"
    assert app.metric[0].delta == "not compared: a bill is missing"
    (chart, *_) = screen.charts(app)
    said = screen.everything(app)
    assert "Aug 2026" in said and "AI spend fell" not in said
    assert chart.marks


@pytest.mark.parametrize(("lag", "named"), [(3, False), (9, True), (20, True)])
def test_a_bill_that_lags_behind_another_is_no_fall(lag: int, named: bool, open_page: Open, tmp_path: Path) -> None:
    """AWS reaches 20 September, Azure some days less: after a week it is named, and no alarm is told of it."""
    azure = {"ServiceProviderName": "Azure", "BillingAccountId": "az", "ServiceName": "Azure OpenAI"}
    rows = [*daily(date(2026, 6, 1), 112, "5"), *daily(date(2026, 6, 1), 112 - lag, "4", **azure)]
    Workspace(tmp_path / "store").load([write_focus(tmp_path / "focus.csv", rows)])
    app = open_page("trends", str(tmp_path / "store"))
    assert not app.exception
    assert "Nothing unusual happened" in screen.everything(app)
    last = day_name(date(2026, 9, 20) - timedelta(days=lag))
    assert (f"NO USAGE on a bill of Azure (az) since {last}" in screen.data_line(app)) is named


def test_pages_of_the_sample_say_nothing_of_it(open_page: Open) -> None:
    said = screen.everything(open_page("overview"))
    assert "NO BILL" not in said and "NO USAGE" not in said


def test_unknown_is_the_word_for_it(open_page: Open) -> None:
    (table,) = [one for one in open_page("trends", "no_march").dataframe if one.proto.placeholder]
    assert table.proto.placeholder == UNKNOWN


def test_a_statement_draws_the_month_as_unknown(open_page: Open) -> None:
    app = open_page("showback", "no_march", team="Search")
    assert not app.exception and SAID in screen.data_line(app)
    (chart,) = screen.charts(app)
    assert chart.marks["Direct"][:6] == [240, 248, 248, 224, None, 240]


def test_a_team_that_spent_nothing_in_between_still_has_a_statement(open_page: Open, tmp_path: Path) -> None:
    """Search spends in July and in September; August was billed to Fraud alone."""
    search = [charge(date(2026, month, 5), "7", Tags=team("Search")) for month in (7, 9)]
    rows = [*search, charge(date(2026, 8, 5), "3", Tags=team("Fraud")), charge(date(2026, 9, 30), "3")]
    Workspace(tmp_path / "store").load([write_focus(tmp_path / "focus.csv", rows)])
    app = open_page("showback", str(tmp_path / "store"), team="Search", month="Sep 2026")
    assert not app.exception
    (chart,) = screen.charts(app)
    assert chart.marks["Direct"] == [7, 0, 7]


@pytest.mark.parametrize("page", ["overview", "forecast"])
def test_more_than_a_year_without_a_bill_leaves_the_chart_of_the_outlook_whole(
    page: str, open_page: Open, tmp_path: Path
) -> None:
    """Bills of May to July 2025 and of ten days of October 2026: no month that the chart begins with is known."""
    rows = [*daily(date(2025, 5, 1), 92, "10", Tags=team("Search")), *daily(date(2026, 10, 1), 10, "10")]
    Workspace(tmp_path / "store").load([write_focus(tmp_path / "focus.csv", rows)])
    app = open_page(page, str(tmp_path / "store"))
    assert not app.exception and "NO BILL of 14 months" in screen.data_line(app)
    (outlook,) = [chart for chart in screen.charts(app) if "Likely" in chart.marks]
    assert outlook.marks["Actual"][:12] == [None] * 12 and outlook.marks["Actual"][12] == 100


def test_what_is_charged_in_advance_moves_no_date_and_is_named(open_page: Open, tmp_path: Path) -> None:
    """10 dollars a day to 15 October 2026, and 1,200 on October's bill for a subscription from December on."""
    bill = {"BillingPeriodStart": "2026-10-01T00:00:00Z", "BillingAccountId": "saas", "ServiceProviderName": "SaaS"}
    fee = charge(date(2026, 12, 1), "1200", Tags=team("Search"), **bill)
    rows = [*daily(date(2026, 6, 1), 137, "10", Tags=team("Search")), fee]
    Workspace(tmp_path / "store").load([write_focus(tmp_path / "focus.csv", rows)])
    app = open_page("overview", str(tmp_path / "store"))
    assert not app.exception
    assert screen.title(app) == "AI spend was $300 in Sep 2026, 3% less than in Aug 2026"
    said = screen.data_line(app)
    assert "usage to 15 Oct 2026" in said and "Oct 2026 is open" in said
    assert "not in these figures: $1.20K charged in advance, for days after 15 Oct 2026" in said
    assert "NO BILL" not in said and "Nothing unusual happened" in screen.everything(app)
