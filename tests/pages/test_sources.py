"""The Sources page: what is loaded, how it ties out, what was set aside."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from costlib.store.quarantine import COLUMNS, quarantined_rows
from costlib.workspace import Workspace
from tests.builders import focus_row, load_into, write_csv
from tests.pages import screen
from tests.pages.conftest import Open
from ui.sources.page import apart_words, connections, finding, freshness, freshness_words, quarantine_csv, tie_out_rows


def test_the_sample_ties_out_and_says_so(open_page: Open, store_of: Callable[[str], Path]) -> None:
    entries = [entry for part in Workspace(store_of("demo")).store.current().parts for entry in part.tie_outs]
    rows = sum(entry.rows_loaded for entry in entries)
    app = open_page("sources")
    assert not app.exception and not app.error
    assert screen.title(app) == f"All {rows:,} line items tie out to the bills"
    assert "None: every row of every bill is in the figures." in screen.everything(app)
    tables = [element.proto.body for element in app.get("html") if "<table" in element.proto.body]
    assert len(tables) == 1 and "aws-cur2:northlight-sample-cur2" in tables[0]


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A store with three rows, one of them set aside."""
    rows = [focus_row(BilledCost="1.50"), focus_row(BilledCost="2.25"), focus_row(BilledCost="=cmd()")]
    load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
    return tmp_path / "store"


def test_rows_set_aside_are_counted_and_shown_with_their_place(damaged: Path) -> None:
    state = Workspace(damaged).store.current()
    assert finding(state) == "2 line items tie out to the bills, 1 row is set aside"
    (row,) = quarantined_rows(state, damaged)
    assert (row["line"], Path(row["file"]).name) == (4, "bill.csv")
    assert "=cmd()" in row["reason"]
    ((_, fresh, _, tied, _, loaded, aside, kind),) = connections(state)
    assert (kind, loaded, aside, tied) == ("FOCUS file", "2", "1", "yes")
    assert fresh == "as new as any bill; Sep 2026 is open"


def test_the_tie_out_is_exact(damaged: Path) -> None:
    (row,) = tie_out_rows(Workspace(damaged).store.current())
    assert (row["Rows in the bill"], row["Rows loaded"], row["Rows set aside"]) == (3, 2, 1)
    assert Decimal(row["Billed in the store"]) == Decimal("3.75") == Decimal(row["Billed in the bill"])
    assert row["Difference"] == "0"


def test_the_download_holds_no_formula(damaged: Path) -> None:
    rows = list(quarantined_rows(Workspace(damaged).store.current(), damaged))
    header, *body = csv.reader(io.StringIO(quarantine_csv(rows)))
    assert tuple(header) == COLUMNS and len(body) == 1
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in body[0])


class TestPurchasesAlone:
    def test_the_page_shows_them_where_other_pages_have_nothing_to_show(self, open_page: Open) -> None:
        app = open_page("sources", "purchases")
        assert not app.exception and not app.error
        assert screen.title(app) == "All 3 line items tie out to the bills"
        assert screen.data_line(app).startswith("No usage is loaded · published ")


class TestFreshness:
    def test_an_open_month_is_told(self, open_page: Open) -> None:
        assert screen.data_line(open_page("sources")).endswith("Oct 2026 is open: no invoice yet")
        assert "invoice" not in screen.data_line(open_page("sources", "no_ai"))

    def test_each_connection_says_how_it_stands_beside_the_newest(self, tmp_path: Path) -> None:
        months = ("2026-06", "2026-08", "2026-10")
        old = [focus_row(BillingPeriodStart=f"{month}-01", ChargePeriodStart=f"{month}-09") for month in months]
        new = [focus_row(BillingAccountId="other", BillingPeriodStart="2026-10-01", ChargePeriodStart="2026-10-20")]
        load_into(tmp_path / "store", write_csv(tmp_path / "old.csv", old))
        load_into(tmp_path / "store", write_csv(tmp_path / "new.csv", new))
        found = {row[0]: row[1] for row in connections(Workspace(tmp_path / "store").store.current())}
        assert found == {
            "focus:old": "11 days behind the newest bill; Oct 2026 is open; Jul 2026, Sep 2026 are missing",
            "focus:new": "as new as any bill; Oct 2026 is open",
        }

    @pytest.mark.parametrize(
        ("last", "newest", "months", "words"),
        [
            (date(2026, 9, 30), date(2026, 10, 2), ["2026-09"], "2 days behind the newest bill"),
            (date(2026, 8, 30), date(2026, 10, 1), ["2026-08"],
             "32 days behind the newest bill; Aug 2026 is not whole"),
            (date(2026, 9, 30), date(2026, 9, 30), ["2026-01", "2026-09"],
             "as new as any bill; Feb 2026, Mar 2026, Apr 2026 and 4 more are missing"),
            (None, date(2026, 9, 30), ["2026-09"], "no usage"),
        ],
    )  # fmt: skip
    def test_in_words(self, last: date | None, newest: date, months: list[str], words: str) -> None:
        assert freshness_words(last, newest, months) == words

    def test_rows_apart_are_counted_where_there_are_any(self, damaged: Path) -> None:
        state = Workspace(damaged).store.current()
        assert apart_words(state) == ""
        (part,) = state.parts
        apart = replace(part, tie_outs=(replace(part.tie_outs[0], rows_apart=1200),))
        assert apart_words(replace(state, parts=(apart,))).startswith("1,200 rows of the bills show cost that other")
        assert tie_out_rows(replace(state, parts=(apart,)))[0]["Rows apart"] == 1200


def typed(app: AppTest, path: object) -> AppTest:
    """The page after somebody typed a path and asked what it would load."""
    app.text_input(key="load-path").set_value(str(path)).run()
    return app.button(key="load-look").click().run()


class TestLoadNow:
    @pytest.fixture
    def bill(self, tmp_path: Path) -> Path:
        """Two sound rows of a new account, 3.00 USD, and one for quarantine."""
        rows = [focus_row(BillingAccountId="new"), focus_row(BillingAccountId="new"), focus_row(BilledCost="x")]
        return write_csv(tmp_path / "vendor-2026-09.csv", rows)

    def test_it_is_shown_first_and_nothing_is_loaded(
        self, open_page: Open, own_store: Callable[[str], str], bill: Path
    ) -> None:
        store = own_store("no_ai")
        before = Workspace(Path(store)).store.current()
        app = typed(open_page("sources", store), bill)
        assert not app.exception and not app.error
        assert "2 line items of 2026-09 would be loaded." in screen.everything(app)
        (rows,) = [rows for caption, rows in screen.tables(app).items() if "would change" in caption]
        assert ["focus:vendor", "2026-09", "new", "would be new", "2", "0", "$3.00", "0", "–"] in rows
        assert Workspace(Path(store)).store.current() == before

    def test_then_it_is_loaded_and_said(self, open_page: Open, own_store: Callable[[str], str], bill: Path) -> None:
        store = own_store("no_ai")
        app = typed(open_page("sources", store), bill)
        app.button(key="load-go").click().run()
        assert not app.exception and not app.error
        assert [screen.plain(one.value) for one in app.success] == [
            "2 line items loaded: they tie out to the bill; 1 row set aside."
        ]
        assert "focus:vendor" in {part.source for part in Workspace(Path(store)).store.current().parts}
        assert "load-go" not in {button.key for button in app.button}

    def test_another_path_must_be_looked_at_again(
        self, open_page: Open, own_store: Callable[[str], str], bill: Path
    ) -> None:
        app = typed(open_page("sources", own_store("no_ai")), bill)
        app.text_input(key="load-path").set_value(str(bill) + "x").run()
        assert "load-go" not in {button.key for button in app.button}

    @pytest.mark.parametrize("name", ["nothing.csv", "words.csv"])
    def test_what_cannot_be_loaded_is_refused_in_words(
        self, open_page: Open, own_store: Callable[[str], str], tmp_path: Path, name: str
    ) -> None:
        (tmp_path / "words.csv").write_text("not a bill")
        app = typed(open_page("sources", own_store("no_ai")), tmp_path / name)
        assert not app.exception
        assert name in screen.plain(app.error[0].value)
        assert "load-go" not in {button.key for button in app.button}

    def test_only_the_machine_that_runs_it_may_load(self, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GLIDEPATH_ACCESS", "open")
        app = open_page("sources", "no_ai")
        assert not app.text_input and "python -m costlib load" in app.code[0].value


class TestBillsThatLookAlike:
    @pytest.fixture
    def twice(self, tmp_path: Path) -> Path:
        """A store with September of one payer under two numbers."""
        for account in ("111122223333", "999988887777"):
            rows = [focus_row(BillingAccountId=account, ResourceId=f"i-{at}") for at in range(4)]
            load_into(tmp_path / "store", write_csv(tmp_path / f"{account}.csv", rows), source=f"payer {account[:4]}")
        return tmp_path / "store"

    def test_the_page_names_both_and_what_counts_twice(self, open_page: Open, twice: Path) -> None:
        app = open_page("sources", str(twice))
        (said,) = [screen.plain(element.value) for element in app.warning]
        assert said.startswith(
            "Sep 2026 may be loaded twice: account 111122223333 (payer 1111) and account 999988887777"
        )
        assert "$6.00 of billed cost counts twice" in said

    def test_the_sample_has_none(self, open_page: Open) -> None:
        assert not open_page("sources").warning


class TestBilledByTheMonth:
    def test_a_month_that_is_billed_as_a_whole_is_not_open(self, tmp_path: Path) -> None:
        """Use is charged on the first, for the whole month, in a file from after it."""
        row = focus_row(ChargePeriodStart="2026-09-01T00:00:00Z") | {"ChargePeriodEnd": "2026-10-01T00:00:00Z"}
        bill = write_csv(tmp_path / "bill.csv", [row])
        moment = datetime(2026, 10, 2, tzinfo=UTC).timestamp()
        os.utime(bill, (moment, moment))
        load_into(tmp_path / "store", bill)
        state = Workspace(tmp_path / "store").store.current()
        ((_, fresh, last, *_),) = connections(state)
        assert (fresh, last) == ("as new as any bill", "30 Sep 2026")
        assert freshness(state).startswith("Usage to 30 Sep 2026 (UTC)") and "open" not in freshness(state)
