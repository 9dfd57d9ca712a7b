"""Unusual changes on Overview and Trends: found, explained, answered by readers, and led to their line items."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from costlib.state.feedback import said
from costlib.workspace import Workspace
from tests.builders import Row, write_csv
from tests.pages import screen
from tests.pages.conftest import Open
from tests.sources.test_azure_cost import azure_row

STORE = "grown_and_spiked"
SPIKE = "Search (Amazon SageMaker) cost $1.06K on 2 Oct 2026, $900 more than expected"
SHIFT = "Search (Amazon SageMaker) has cost $160 a day since 1 Sep 2026, up from $100"


def boxes(app: AppTest) -> list[str]:
    """The sentences of unusual changes."""
    texts = [screen.plain(one.value) for one in app.markdown]
    return [text for text in texts if "(Amazon SageMaker)" in text]


@pytest.mark.parametrize("page", ["overview", "trends"])
def test_the_changes_of_the_bill_are_found_most_money_first(page: str, open_page: Open) -> None:
    app = open_page(page, STORE)
    found = boxes(app)
    assert len(found) == 2
    assert found[0].startswith(SHIFT) and found[1].startswith(SPIKE)


@pytest.mark.parametrize("page", ["overview", "trends"])
def test_each_has_its_probable_driver(page: str, open_page: Open) -> None:
    shown = screen.everything(open_page(page, STORE))
    assert "Probable driver: a new resource, sweep-7 (+$900)" in shown
    assert "Probable driver: more volume, gpu-1 used" in shown


def test_overview_adds_up_what_was_unusual(open_page: Open) -> None:
    (title,) = [one for one in screen.headers(open_page("overview", STORE)) if "unusual" in one]
    assert title.startswith("2 unusual changes in the last 91 days cost $") and title.endswith(" more than expected")


def test_the_way_from_overview_to_the_line_items(open_page: Open) -> None:
    link = next(one for one in open_page("overview", STORE).get("page_link") if one.proto.label == "Line items")
    assert "event=" in link.proto.query_string
    app = open_page("trends", STORE, event="2026-10-02 Search Amazon SageMaker", over="All data")
    assert "2 line items, which add up to $1,060.00." in screen.everything(app)


def test_line_items_on_trends(open_page: Open) -> None:
    app = open_page("trends", STORE)
    app.toggle(key="items 2026-10-02 Search Amazon SageMaker").set_value(True)
    assert "2 line items, which add up to $1,060.00." in screen.everything(app.run())


def test_only_the_window_is_told(open_page: Open) -> None:
    app = open_page("trends", STORE, over="Custom", days=["2026-10-01", "2026-10-10"])
    assert [text[:30] for text in boxes(app)] == [SPIKE[:30]]


def test_a_quiet_bill(open_page: Open) -> None:
    assert "Nothing unusual happened in the last 91 days" in screen.headers(open_page("overview", "no_ai"))


def test_a_short_bill_is_not_judged(open_page: Open) -> None:
    app = open_page("overview", "one_day")
    assert "Too early to tell what is unusual" in screen.headers(app)
    assert "Three weeks of bills are needed" in screen.everything(app)


class TestFeedback:
    @pytest.fixture
    def store(self, own_store: Callable[[str], str]) -> str:
        return own_store(STORE)

    def test_expected_is_remembered_and_silences(self, open_page: Open, store: str) -> None:
        app = screen.press(open_page("trends", store), "This was expected")
        assert not app.exception and not app.error
        (word,) = said(Workspace(Path(store)).state())
        assert word.feedback.expected and word.feedback.first.isoformat() == "2026-09-01"
        (title,) = [one for one in screen.headers(app) if "unusual" in one]
        assert title.startswith("1 unusual change ")
        assert "Marked expected by" in screen.everything(app)
        assert not any(text.startswith(SHIFT) for text in boxes(open_page("overview", store)))

    def test_not_expected_is_remembered_and_stays(self, open_page: Open, store: str) -> None:
        app = screen.press(open_page("trends", store), "This was not expected")
        assert "Marked not expected by" in screen.everything(app)
        assert len(boxes(app)) == 2

    def test_undo_asks_again(self, open_page: Open, store: str) -> None:
        app = screen.press(open_page("trends", store), "This was expected")
        app = screen.press(app, "Undo")
        assert said(Workspace(Path(store)).state()) == []
        assert len(boxes(app)) == 2


@pytest.mark.parametrize(
    ("kind", "quantity"), [("Usage", "-200"), ("Usage", "0"), ("Refund", "0"), ("RoundingAdjustment", "0")]
)
def test_a_credit_on_an_azure_bill_is_named(kind: str, quantity: str, open_page: Open, tmp_path: Path) -> None:
    """300 dollars for 200 hours on each of 61 days of August and September, and 900 back on one of them."""
    days = [date(2026, 8, 1) + timedelta(days=number) for number in range(61)]
    rows = [azure(day, "200", "300") for day in days]
    credit = azure(date(2026, 9, 22), quantity, "-900", ChargeType=kind)
    bill = write_csv(tmp_path / "azure.csv", [*rows, credit])
    Workspace(tmp_path / "store").load([bill])
    shown = screen.everything(open_page("overview", str(tmp_path / "store"), scope="All spend"))
    assert "cost −$600 on 22 Sep 2026, $900 less than expected" in shown
    assert "Probable driver: a credit or refund of Virtual Machines, " in shown
    assert "vm-1 (−$900)" in shown


def azure(day: date, quantity: str, cost: str, **more: str) -> Row:
    """A row of an Azure export of that day."""
    month = {"BillingPeriodStartDate": f"{day:%m}/01/2026", "BillingPeriodEndDate": f"{day:%m}/28/2026"}
    facts = {"Date": f"{day:%m/%d/%Y}", "Quantity": quantity, "Cost": cost, **month, **more}
    return azure_row(**facts)
