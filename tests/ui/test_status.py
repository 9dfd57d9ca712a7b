"""The line under the title and the health route: is this all of the bill, and can the store be read?"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest
from starlette.requests import Request

from costlib.focus import COST_MEASURES
from costlib.periods import Window
from costlib.store.manifest import TieOut
from costlib.store.question import Filter
from costlib.store.snapshot import Snapshot
from costlib.workspace import Workspace
from tests.pages import stores
from tests.ui.conftest import Select
from ui.health import health
from ui.selection import Selection
from ui.status import apart_words, bill_words, data_line, open_month_words, tie_out_words

WEEK = Window(date(2026, 9, 1), date(2026, 9, 8))


def tie_out(currency: str | None, rows: tuple[int, int, int], billed: tuple[str, str, str]) -> TieOut:
    """Rows in, loaded and set aside, and the billed cost of each; every other measure ties out."""
    sums = [dict.fromkeys(COST_MEASURES, D(0)) | {"BilledCost": D(amount)} for amount in billed]
    return TieOut(currency, *rows, *sums)


@pytest.fixture
def holding(select: Select) -> Callable[..., Selection]:
    """A page whose store's state has these tie-outs."""

    def hold(*entries: TieOut, currency: str = "USD") -> Selection:
        selection = select("two_currencies", currency=currency)
        state = selection.page.snapshot.state
        part = dataclasses.replace(state.parts[0], tie_outs=entries)
        snapshot = Snapshot(dataclasses.replace(state, parts=(part,)), selection.page.snapshot.reader)
        page = dataclasses.replace(selection.page, snapshot=snapshot)
        return dataclasses.replace(selection, page=page)

    return hold


class TestTieOut:
    @pytest.mark.parametrize(
        ("entries", "called"),
        [
            (("WHOLE",), "the bill in USD"),
            (("WHOLE", "ASIDE"), "what is loaded of the bill in USD"),
            (("LOST_ROW",), "what is loaded of the bill in USD"),
            (("WHOLE", "LOST_EUROS"), "the bill in USD"),
        ],
    )
    def test_figures_add_up_to_the_bill_or_to_what_is_loaded_of_it(
        self, entries: tuple[str, ...], called: str, holding: Callable[..., Selection]
    ) -> None:
        held = holding(*(getattr(self, name) for name in entries))
        assert bill_words(held.page, "USD") == called

    def test_one_row_is_one_and_losses_do_not_make_up_for_gains(self, holding: Callable[..., Selection]) -> None:
        one = tie_out("USD", (11, 10, 1), ("100", "100", "0"))
        assert tie_out_words(holding(one)) == "ties out to the bills, 1 row set aside"
        gained = tie_out("USD", (10, 10, 0), ("98.50", "100", "0"))
        assert "$3.00 of billed cost" in tie_out_words(holding(self.LOST, gained))

    WHOLE = tie_out("USD", (10, 10, 0), ("100", "100", "0"))
    ASIDE = tie_out("USD", (1010, 10, 1000), ("100", "90", "10"))
    LOST = tie_out("USD", (10, 10, 0), ("100", "98.50", "0"))
    LOST_ROW = tie_out("USD", (11, 10, 0), ("100", "100", "0"))
    LOST_EUROS = tie_out("EUR", (10, 10, 0), ("100", "60", "0"))

    def test_all_of_the_bill(self, holding: Callable[..., Selection]) -> None:
        assert tie_out_words(holding(self.WHOLE)) == "ties out to the bills"

    def test_rows_set_aside_are_counted(self, holding: Callable[..., Selection]) -> None:
        assert tie_out_words(holding(self.WHOLE, self.ASIDE)) == (
            "ties out to the bills, 1,000 rows set aside ($10.00 billed can be read in them)"
        )

    def test_money_that_is_lost_is_told_first(self, holding: Callable[..., Selection]) -> None:
        assert tie_out_words(holding(self.ASIDE, self.LOST, self.LOST)) == (
            "DOES NOT TIE OUT: $3.00 of billed cost is not accounted for (see Sources)"
        )

    def test_a_row_that_is_lost_is_told_although_no_money_is(self, holding: Callable[..., Selection]) -> None:
        assert tie_out_words(holding(self.LOST_ROW)).startswith("DOES NOT TIE OUT")

    def test_each_currency_answers_for_itself(self, holding: Callable[..., Selection]) -> None:
        """40 euros that are missing are not 40 dollars."""
        assert tie_out_words(holding(self.WHOLE, self.LOST_EUROS)) == "ties out to the bills"
        assert tie_out_words(holding(self.WHOLE, self.LOST_EUROS, currency="EUR")) == (
            "DOES NOT TIE OUT: €40.00 of billed cost is not accounted for (see Sources)"
        )

    def test_rows_that_do_not_say_their_currency_count_everywhere(self, holding: Callable[..., Selection]) -> None:
        nameless = tie_out(None, (2, 0, 2), ("0", "0", "0"))
        for currency in ("USD", "EUR"):
            assert tie_out_words(holding(self.WHOLE, nameless, currency=currency)) == (
                "ties out to the bills, 2 rows set aside"
            )


def test_the_line_names_company_measure_currency_day_and_tie_out(select: Select) -> None:
    selection = select(measure="ContractedCost")
    assert data_line(selection).replace("\\", "") == (
        "Northlight Commerce (sample) · Contracted cost, USD · usage to 20 Oct 2026 (UTC) · ties out to the bills · "
        "Oct 2026 is open: no invoice yet · not in these figures: €128K on bills in EUR since 1 Nov 2024"
    )


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("EffectiveCost", ""),
        ("ListCost", " · 122 line items of unknown list cost are left out of sums"),
        ("ContractedCost", " · 122 line items of unknown contracted cost are left out of sums"),
    ],
)
def test_line_items_without_a_known_cost_are_counted_by_the_measure_shown(
    measure: str, said: str, select: Select
) -> None:
    """Two charges a day over August and September 2026, whose file has no list and no contracted cost."""
    selection = select("unknown_list_price", measure=measure)
    assert data_line(selection).endswith(f"ties out to the bills{said}")


def test_only_line_items_of_the_selection_are_counted(select: Select) -> None:
    fraud = select("unknown_list_price", measure="ListCost").narrowed(Filter("x_Team", ("Fraud",)))
    assert "61 line items of unknown" in data_line(fraud)


def test_a_bill_in_one_currency_is_the_bill(select: Select) -> None:
    assert bill_words(select("no_ai", "All spend").page, "USD") == "the bill"


class TestOtherCurrencies:
    """July to September, 92 days: 10 dollars and 4 euros a day for Fraud."""

    @pytest.mark.parametrize(("currency", "said"), [("USD", "€368 on bills in EUR"), ("EUR", "$920 on bills in USD")])
    def test_the_line_says_what_the_figures_leave_out(self, currency: str, said: str, select: Select) -> None:
        selection = select("two_currencies", currency=currency)
        line = data_line(selection).replace("\\", "")
        assert line.endswith(f" · not in these figures: {said} since 1 Jul 2026")

    def test_of_the_window_that_is_shown(self, select: Select) -> None:
        selection = select("two_currencies")
        assert (
            data_line(selection, window=WEEK)
            .replace("\\", "")
            .endswith("€28.00 on bills in EUR (1 Sep 2026 to 7 Sep 2026)")
        )

    def test_of_what_the_filters_leave(self, select: Select) -> None:
        """No other team is billed in euros, so its figures lack nothing."""
        selection = select("two_currencies").narrowed(Filter("x_Team", (None,)))
        assert "not in these figures" not in data_line(selection)

    def test_where_all_is_in_one_currency_nothing_is_said(self, select: Select) -> None:
        for store, scope in (("no_ai", "All spend"), ("names", "AI spend")):
            selection = select(store, scope)
            assert "NOT IN" not in data_line(selection) and apart_words(selection, WEEK) == ""


def test_what_limits_the_figures_comes_last(select: Select) -> None:
    selection = select("no_ai", "All spend")
    line = data_line(selection)
    assert data_line(selection, "Two days are a guess") == f"{line} · Two days are a guess"


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (date(2026, 10, 20), "Oct 2026 is open: no invoice yet"),
        (date(2026, 10, 30), "Oct 2026 is open: no invoice yet"),
        (date(2026, 10, 31), ""),
        (date(2024, 2, 28), "Feb 2024 is open: no invoice yet"),
        (date(2024, 2, 29), ""),
        (None, ""),
    ],
)
def test_a_month_is_open_until_its_last_day_has_usage(last: date | None, words: str) -> None:
    assert open_month_words(last) == words


class TestHealth:
    def ask(self, monkeypatch: pytest.MonkeyPatch, store: Path) -> tuple[int, dict[str, str]]:
        monkeypatch.setenv("GLIDEPATH_STORE", str(store))
        answer = health(Request({"type": "http"}))
        return answer.status_code, json.loads(bytes(answer.body))

    def test_a_published_state(
        self, monkeypatch: pytest.MonkeyPatch, select: Select, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        state = select("one_day").page.snapshot.state
        assert self.ask(monkeypatch, stores.small(tmp_path_factory, "one_day")) == (
            200,
            {"status": "ok", "generation": state.generation, "published_at": state.published_at,
             "data_date": "2026-09-16", "line_items": 2, "set_aside": 0, "ties_out": True},
        )  # fmt: skip

    def test_rows_set_aside_are_counted(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        rows = [*stores.one_day(), {**stores.charge(date(2026, 9, 16), "x")}]
        Workspace(tmp_path / "store").load([stores.write_focus(tmp_path / "bill.csv", rows)])
        status, document = self.ask(monkeypatch, tmp_path / "store")
        assert (status, document["line_items"], document["set_aside"], document["ties_out"]) == (200, 2, 1, True)

    def test_a_damaged_cube(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        Workspace(tmp_path / "store").load([stores.write_focus(tmp_path / "bill.csv", stores.one_day())])
        (cube,) = (tmp_path / "store" / "cubes").glob("*.duckdb")
        cube.write_bytes(b"no cube")
        status, document = self.ask(monkeypatch, tmp_path / "store")
        assert status == 503 and cube.name in document["reason"] and "builds it again" in document["reason"]
        cube.unlink()
        assert self.ask(monkeypatch, tmp_path / "store")[0] == 200

    def test_nothing_loaded_yet_is_well(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        assert self.ask(monkeypatch, tmp_path / "none") == (200, {"status": "empty"})

    def test_a_damaged_manifest(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        status, document = self.ask(monkeypatch, stores.damaged(tmp_path_factory))
        assert (status, document["status"]) == (503, "unavailable")
        assert "manifest.json is damaged" in document["reason"]

    def test_a_manifest_that_breaks_and_is_put_back(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        Workspace(tmp_path / "store").load([stores.write_focus(tmp_path / "bill.csv", stores.one_day())])
        manifest = tmp_path / "store" / "manifest.json"
        text = manifest.read_text(encoding="utf-8")
        assert self.ask(monkeypatch, tmp_path / "store")[0] == 200
        manifest.write_text(text[:100], encoding="utf-8")
        assert self.ask(monkeypatch, tmp_path / "store")[0] == 503
        manifest.write_text(text, encoding="utf-8")
        assert self.ask(monkeypatch, tmp_path / "store")[0] == 200

    def test_a_setting_that_cannot_be_used(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("GLIDEPATH_ACCESS", "everyone")
        assert self.ask(monkeypatch, tmp_path)[0] == 503
