"""Take a bill out on the Sources page: what would go is said first, then it goes, and its file is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from costlib.store.store import Store
from tests.builders import cube_rows, focus_row, load_into, store_bytes, write_csv
from tests.pages import screen
from tests.pages.conftest import Open

MINE, OTHER = "111122223333", "999988887777"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two accounts of one vendor in two months (1, 2, 4), and a bill of another vendor (8)."""
    rows = [
        focus_row(BilledCost="1", BillingPeriodStart="2026-08-01"),
        focus_row(BilledCost="2", BillingPeriodStart="2026-09-01"),
        focus_row(BilledCost="4", BillingPeriodStart="2026-09-01", BillingAccountId=OTHER),
    ]
    load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
    vendor = [focus_row(BilledCost="8", BillingAccountId="vendor")]
    load_into(tmp_path / "store", write_csv(tmp_path / "vendor.csv", vendor))
    return tmp_path / "store"


@pytest.fixture
def page(open_page: Open, store: Path) -> AppTest:
    return open_page("sources", str(store))


def left(store: Path) -> object:
    return cube_rows(store, "SELECT SUM(BilledCost) FROM cube")[0][0]


def choose(app: AppTest, label: str, value: str) -> AppTest:
    (box,) = (one for one in app.selectbox if one.label == label)
    return box.set_value(value).run()


def test_what_would_go_is_said_and_looking_changes_nothing(page: AppTest, store: Path) -> None:
    before = store_bytes(store / "base")
    assert "focus:bill: 3 line items would go; nothing was changed" in screen.everything(page)
    app = choose(page, "Account", OTHER)
    assert "focus:bill: 1 line item would go; nothing was changed" in screen.everything(app)
    assert (store_bytes(store / "base"), left(store)) == (before, 15)


def test_an_account_goes_and_the_page_says_how_to_have_it_back(page: AppTest, store: Path) -> None:
    app = choose(page, "Account", OTHER)
    app.button(key="unload-go").click().run()
    assert not app.exception and not app.error
    assert left(store) == 11
    (said,) = (screen.plain(one.value) for one in app.success)
    assert said.startswith("focus:bill: 1 line item taken out; load ") and "/bill.csv to have" in said
    assert [one.label for one in app.selectbox if one.label == "Account"] == []


def test_a_month_of_all_accounts(page: AppTest, store: Path) -> None:
    (months,) = (one for one in page.multiselect if one.label == "Months")
    assert months.options == ["2026-09", "2026-08"]
    app = months.set_value(["2026-09"]).run()
    app.button(key="unload-go").click().run()
    assert left(store) == 9


def test_months_follow_the_account(page: AppTest) -> None:
    app = choose(page, "Account", OTHER)
    (months,) = (one for one in app.multiselect if one.label == "Months")
    assert months.options == ["2026-09"]


def test_another_connection_has_its_own_accounts(page: AppTest, store: Path) -> None:
    app = choose(page, "Connection", "focus:vendor")
    assert [one.label for one in app.selectbox if one.label == "Account"] == []
    app.button(key="unload-go").click().run()
    assert [part.source for part in Store(store).current().parts] == ["focus:bill"] * 3


def test_the_last_bill_stays(open_page: Open, store: Path, tmp_path: Path) -> None:
    load_into(tmp_path / "two", tmp_path / "bill.csv")
    app = open_page("sources", str(tmp_path / "two"))
    assert not app.error
    assert "Without focus:bill no bill would be left. Load into a new store" in screen.everything(app)
    assert "unload-go" not in [one.key for one in app.button]


def test_where_one_bill_is_loaded_nothing_is_offered(open_page: Open, tmp_path: Path) -> None:
    load_into(tmp_path / "one", write_csv(tmp_path / "one.csv", [focus_row()]))
    app = open_page("sources", str(tmp_path / "one"))
    assert not app.error and "Connection" not in [one.label for one in app.selectbox]


def test_where_others_may_look_in_nothing_is_offered(
    open_page: Open, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLIDEPATH_ACCESS", "open")
    app = open_page("sources", str(store))
    assert "Connection" not in [one.label for one in app.selectbox]
