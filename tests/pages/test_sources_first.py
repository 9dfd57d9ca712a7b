"""Sources for who begins: the way in stands on the empty page, and one of a thing is one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.stores import charge, write_focus


def test_a_first_bill_is_loaded_on_the_page(open_page: Open, tmp_path: Path) -> None:
    bill = write_focus(tmp_path / "bill.csv", [charge(date(2026, 9, 16), "1234567.5")])
    app = open_page("sources", str(tmp_path / "store"))
    assert screen.headers(app) == ["No bill is loaded yet", "Load now"]
    assert f"python -m costlib demo --store {tmp_path / 'store'}\n" in app.code[0].value
    app.text_input[0].set_value(str(bill)).run()
    screen.press(app, "Show what it would load")
    screen.press(app, "Load it")
    assert not app.exception and not app.error
    assert screen.title(app) == "1 line item ties out to the bills"
    (row,) = screen.table(app)
    assert (row["Billed in the bill"], row["Difference"]) == ("1,234,567.5", "0")
    assert Workspace(tmp_path / "store").snapshot().reader.window() is not None


def test_other_pages_lead_there(open_page: Open) -> None:
    for store in ("empty", "purchases"):
        (link,) = open_page("trends", store).get("page_link")
        assert link.proto.page == "sources"
