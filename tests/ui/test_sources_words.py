"""What Sources says of a store, worked out by hand from a few tie-outs: no store, no page."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from costlib.focus import COST_MEASURES
from costlib.store.manifest import Manifest, Part, TieOut
from costlib.store.quarantine import COLUMNS
from ui.sources.page import (
    CONNECTION_HEADER,
    apart_words,
    connections,
    finding,
    freshness,
    freshness_words,
    moment_words,
    quarantine_csv,
    tie_out_columns,
    tie_out_rows,
)

OPEN = "Oct 2026 is open: no invoice yet"


def money(amount: str | None) -> dict[str, D | None]:
    return dict.fromkeys(COST_MEASURES, None if amount is None else D(amount))


def entry(loaded: int, aside: int = 0, *, lost: str = "0", currency: str | None = "USD", apart: int = 0) -> TieOut:
    """Rows of a bill of 1,000 dollars, of which ``lost`` is neither in the store nor set aside."""
    held = money(str(D(1000) - D(lost)))
    return TieOut(currency, loaded + aside, loaded, aside, money("1000"), held, money(None), {}, apart)


def part(*entries: TieOut, source: str = "aws-cur2:bill", month: str | None = "2026-09", **more: Any) -> Part:
    last = more.pop("last_day", date(2026, 9, 30))
    kind = source.partition(":")[0]
    account = more.pop("account", "1")
    return Part(source, kind, account, month, "d", 1, None, None, last, (), entries or (entry(5),))


def state(*parts: Part) -> Manifest:
    return Manifest(3, "rules", "engine", "2026-10-21T06:05:00+02:00", parts)


class TestFinding:
    @pytest.mark.parametrize(
        ("entries", "said"),
        [
            ([entry(1200), entry(34)], "All 1,234 line items tie out to the bills"),
            ([entry(1)], "1 line item ties out to the bills"),
            ([entry(0)], "All 0 line items tie out to the bills"),
            ([entry(1, 1)], "1 line item ties out to the bills, 1 row is set aside"),
            ([entry(5, 1), entry(6, 1)], "11 line items tie out to the bills, 2 rows are set aside"),
            ([entry(2000, 1500)], "2,000 line items tie out to the bills, 1,500 rows are set aside"),
            ([entry(5, lost="1"), entry(6)], "1 of 2 bills does not tie out, the first below"),
            ([entry(5, lost="1"), entry(6, lost="2")], "2 of 2 bills do not tie out, the first below"),
            ([entry(5, 3, lost="1")], "1 of 1 bill does not tie out, the first below"),
            ([entry(5, lost="0.004")], "All 5 line items tie out to the bills"),
        ],
    )
    def test_whether_what_is_loaded_is_what_was_billed(self, entries: list[TieOut], said: str) -> None:
        assert finding(state(part(*entries))) == said

    def test_entries_of_all_parts_count(self) -> None:
        assert finding(state(part(entry(5)), part(entry(6, 1), month="2026-10"))) == (
            "11 line items tie out to the bills, 1 row is set aside"
        )

    def test_rows_that_show_what_others_hold_are_counted_and_never_added(self) -> None:
        shown = state(part(entry(5, apart=1000)), part(entry(6, apart=234)))
        assert apart_words(shown).startswith("1,234 rows of the bills show cost that other rows hold already")
        assert finding(shown) == "All 11 line items tie out to the bills"
        assert apart_words(state(part(entry(5)))) == ""

    @pytest.mark.parametrize(
        ("apart", "begin", "end"),
        [
            (1, "1 row of the bills shows cost", "; it is counted apart and never added."),
            (2, "2 rows of the bills show cost", "; they are counted apart and never added."),
        ],
    )
    def test_one_such_row_is_one(self, apart: int, begin: str, end: str) -> None:
        said = apart_words(state(part(entry(5, apart=apart))))
        assert said.startswith(begin) and said.endswith(end)


class TestFreshness:
    def test_last_day_publication_and_open_month(self) -> None:
        shown = state(part(last_day=date(2026, 10, 20), month="2026-10"))
        assert freshness(shown) == (
            f"Usage to 20 Oct 2026 (UTC) · published 21 Oct 2026, 04:05 (UTC) · snapshot {shown.generation} · {OPEN}"
        )

    def test_a_month_that_is_whole_is_not_open(self) -> None:
        assert freshness(state(part())).endswith(state(part()).generation)

    def test_bills_without_usage_say_so(self) -> None:
        shown = freshness(state(part(last_day=None)))
        assert shown.startswith("No usage is loaded · published 21 Oct 2026, 04:05 (UTC) · snapshot ")
        assert "open" not in shown

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("2026-01-01T00:30:00+02:00", "31 Dec 2025, 22:30 (UTC)"),
            ("2026-03-01T23:59:59-00:30", "2 Mar 2026, 00:29 (UTC)"),
            ("yesterday", "yesterday"),
        ],
    )
    def test_a_moment_is_told_in_utc(self, text: str, said: str) -> None:
        assert moment_words(text) == said


class TestConnections:
    def row(self, *parts: Part, name: str = "aws-cur2:bill") -> dict[str, str]:
        (found,) = [row for row in connections(state(*parts)) if row[0] == name]
        return dict(zip(CONNECTION_HEADER, found, strict=True))

    def test_the_parts_of_a_connection_are_one_row(self) -> None:
        row = self.row(
            part(entry(1000, 2), month="2026-08", last_day=date(2026, 8, 31)),
            part(entry(500), entry(34, 1, currency="EUR")),
        )
        assert (row["Months"], row["Line items"], row["Set aside"]) == ("2026-08 to 2026-09", "1,534", "3")
        assert (row["Usage to"], row["Ties out"]) == ("30 Sep 2026", "yes")

    def test_the_months_go_from_the_first_to_the_last_in_whatever_order_parts_came(self) -> None:
        row = self.row(*(part(month=month, account=month) for month in ("2026-09", "2026-07", "2026-08", None)))
        assert row["Months"] == "2026-07 to 2026-09"

    def test_one_month_is_one_month_and_an_unknown_one_is_none(self) -> None:
        assert self.row(part(), part(account="2"))["Months"] == "2026-09"
        assert self.row(part(month=None))["Months"] == ""

    def test_one_entry_that_does_not_tie_out_is_enough(self) -> None:
        assert self.row(part(entry(5), entry(5, lost="0.01")))["Ties out"] == "NO"

    def test_a_connection_without_usage(self) -> None:
        row = self.row(part(last_day=None), part(source="focus:other"))
        assert row["Usage to"] == "unknown" and row["How fresh"] == "no usage"

    def test_each_stands_beside_the_newest_of_all(self) -> None:
        old, new = part(), part(source="focus:other", month="2026-10", last_day=date(2026, 10, 2))
        assert self.row(old, new)["How fresh"] == "2 days behind the newest bill"
        assert self.row(old, new, name="focus:other")["How fresh"] == "as new as any bill; Oct 2026 is open"

    def test_they_stand_in_the_order_of_the_store_with_the_kind_of_each(self) -> None:
        shown = connections(state(part(source="focus:b"), part(), part(source="focus:b", month="2026-10")))
        assert [row[0] for row in shown] == ["focus:b", "aws-cur2:bill"]
        assert [row[-1] for row in shown] == ["FOCUS file", "AWS CUR 2.0 export"]


class TestFreshnessWords:
    @pytest.mark.parametrize(
        ("last", "newest", "months", "said"),
        [
            (date(2026, 9, 29), date(2026, 9, 30), ["2026-09"], "1 day behind the newest bill; Sep 2026 is open"),
            (date(2026, 9, 30), date(2026, 9, 29), ["2026-09"], "as new as any bill"),
            (date(2026, 9, 5), date(2026, 10, 5), ["2026-09"], "30 days behind the newest bill; Sep 2026 is not whole"),
            (
                date(2025, 10, 5),
                date(2026, 10, 5),
                ["2025-10"],
                "365 days behind the newest bill; Oct 2025 is not whole",
            ),
            (date(2026, 9, 30), None, ["2026-09"], "no usage"),
            (date(2026, 9, 30), date(2026, 9, 30), [], "as new as any bill"),
        ],
    )
    def test_how_far_behind(self, last: date, newest: date | None, months: list[str], said: str) -> None:
        assert freshness_words(last, newest, months) == said

    @pytest.mark.parametrize(
        ("months", "said"),
        [
            (["2026-08", "2026-09"], ""),
            (["2025-12", "2026-02"], "; Jan 2026 is missing"),
            (["2026-06", "2026-09"], "; Jul 2026, Aug 2026 are missing"),
            (["2026-05", "2026-09"], "; Jun 2026, Jul 2026, Aug 2026 are missing"),
            (["2026-04", "2026-09"], "; May 2026, Jun 2026, Jul 2026 and 1 more are missing"),
            (["2026-05", "2026-07", "2026-09"], "; Jun 2026, Aug 2026 are missing"),
        ],
    )
    def test_months_between_the_first_and_the_last_that_are_missing(self, months: list[str], said: str) -> None:
        assert freshness_words(date(2026, 9, 30), date(2026, 9, 30), months) == f"as new as any bill{said}"


class TestTieOut:
    def test_a_row_has_what_the_bill_and_the_store_say_to_the_last_digit(self) -> None:
        one = replace(
            entry(1, 2, apart=4),
            sums_in=money("1234567.123456789"),
            sums_store=money("1234500.1"),
            sums_quarantined=money("67"),
        )
        (row,) = tie_out_rows(state(part(one)))
        assert row == {
            "Month": "2026-09",
            "Account": "1",
            "Currency": "USD",
            "Ties out": "NO",
            "Billed in the bill": "1,234,567.123456789",
            "Billed in the store": "1,234,500.1",
            "Difference": "0.023456789",
            "Rows in the bill": 3,
            "Rows loaded": 1,
            "Rows set aside": 2,
            "Rows apart": 4,
            "Connection": "aws-cur2:bill",
        }

    def test_what_is_unknown_stays_empty(self) -> None:
        one = replace(entry(0, 1, currency=None), sums_in=money(None), sums_store=money(None))
        (row,) = tie_out_rows(state(part(one, month=None, account=None)))
        assert [row[name] for name in ("Month", "Account", "Currency", "Billed in the bill")] == [None] * 4
        assert row["Difference"] == "0" and row["Ties out"] == "yes"

    def test_what_does_not_tie_out_stands_first_then_the_newest_month(self) -> None:
        months = ("2026-07", "2026-09", "2026-08")
        sound = [part(month=month, account="sound") for month in months]
        bad = [part(entry(5, lost="1"), month=month, account="bad") for month in months[:2]]
        rows = tie_out_rows(state(*sound, *bad))
        assert [(row["Account"], row["Month"]) for row in rows] == [
            ("bad", "2026-09"), ("bad", "2026-07"), ("sound", "2026-09"), ("sound", "2026-08"), ("sound", "2026-07"),
        ]  # fmt: skip

    def test_every_figure_of_the_table_is_set_as_one(self) -> None:
        (row,) = tie_out_rows(state(part()))
        words = {"Month", "Account", "Currency", "Ties out", "Connection"}
        assert set(tie_out_columns()) == set(row) - words


class TestQuarantine:
    def test_a_row_is_its_cells_in_the_order_of_the_header_and_unknown_is_empty(self) -> None:
        held: dict[str, Any] = dict.fromkeys(COLUMNS, None) | {"line": 7, "reason": "BilledCost: -x is not a number"}
        header, body = csv.reader(io.StringIO(quarantine_csv([held])))
        found = dict(zip(header, body, strict=True))
        assert tuple(header) == COLUMNS
        assert (found["line"], found["reason"], found["account"]) == ("7", "BilledCost: -x is not a number", "")

    @pytest.mark.parametrize("begin", ["=cmd()", "+a", "-a", "@a"])
    def test_no_cell_is_a_formula(self, begin: str) -> None:
        held: dict[str, Any] = dict.fromkeys(COLUMNS, None) | {"account": begin}
        _, body = csv.reader(io.StringIO(quarantine_csv([held])))
        assert body[COLUMNS.index("account")].endswith(begin) and body[COLUMNS.index("account")] != begin

    def test_without_rows_it_is_a_header(self) -> None:
        assert list(csv.reader(io.StringIO(quarantine_csv([])))) == [list(COLUMNS)]
