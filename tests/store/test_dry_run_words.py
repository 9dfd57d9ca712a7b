"""What a load would change, in one sentence, in cells and in lines: from a few planned rows, by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest

from costlib.store.dry_run import Change, Foreseen, Planned
from costlib.store.dry_run_words import PLAN_HEADER, plan_lines, plan_rows, plan_words, restated_lines

NEW = Planned("aws", "AWS CUR 2.0 export", "1", "2026-09", "USD", Change.NEW, 1200, 0, 0, D("1234.5"), 0, None)
HELD = replace(NEW, change=Change.UNCHANGED, rows_now=1200, billed_now=D("1234.5"))
AGAIN = replace(NEW, change=Change.REPLACED, rows_now=1, billed_now=D("-0.004"))
GONE = replace(NEW, change=Change.REMOVED, rows=0, billed=None, rows_now=7, billed_now=D(5))


def said(*rows: Planned, usage: int = 0) -> str:
    return plan_words(Foreseen(rows, usage))


class TestSentence:
    @pytest.mark.parametrize(
        ("rows", "usage", "words"),
        [
            ((), 0, "No bill is there."),
            ((), 2, "Usage records of 2 files would be loaded."),
            ((HELD,), 0, "Nothing would change: all of it is loaded already."),
            ((HELD,), 1,
             "Nothing would change: all of it is loaded already. Usage records of 1 file go beside the bills."),
            ((NEW,), 0, "1,200 line items of 2026-09 would be loaded."),
            ((replace(NEW, rows=1), HELD), 0, "1 line item of 2026-09 would be loaded."),
            ((NEW,), 3, "1,200 line items of 2026-09 would be loaded. Usage records of 3 files go beside the bills."),
            ((AGAIN,), 0, "1,200 line items of 2026-09 would be loaded, in the place of 1 part in the store."),
            ((AGAIN, GONE), 0, "1,200 line items of 2026-09 would be loaded, in the place of 2 parts in the store."),
            ((replace(NEW, period=None),), 0, "1,200 line items of no known month would be loaded."),
        ],
    )  # fmt: skip
    def test_what_would_change(self, rows: tuple[Planned, ...], usage: int, words: str) -> None:
        assert said(*rows, usage=usage) == words

    def test_months_from_the_first_to_the_last_of_what_changes(self) -> None:
        months = [replace(NEW, period=month, rows=10) for month in ("2026-09", "2025-12", None, "2026-09")]
        older = replace(HELD, period="2020-01")
        assert said(*months, older) == "40 line items of 2025-12 to 2026-09 would be loaded."

    def test_what_is_held_already_is_not_counted(self) -> None:
        assert said(replace(NEW, rows=5), replace(HELD, rows=1000)).startswith("5 line items of 2026-09")


class TestCells:
    def row(self, one: Planned) -> dict[str, str]:
        (cells,) = plan_rows([one])
        return dict(zip(PLAN_HEADER, cells, strict=True))

    def test_of_a_new_part(self) -> None:
        assert list(self.row(NEW).values()) == [
            "aws", "2026-09", "1", "would be new", "1,200", "0", "$1,234.50", "0", "–",
        ]  # fmt: skip

    def test_both_sides_of_one_that_replaces(self) -> None:
        row = self.row(replace(AGAIN, rows_aside=3, billed_now=D(-12)))
        assert list(row.values())[3:] == [
            "would replace what is loaded", "1,200", "3", "$1,234.50", "1", "−$12.00",
        ]  # fmt: skip

    def test_of_one_that_goes_only_what_is_there_now(self) -> None:
        assert list(self.row(GONE).values())[3:] == ["would go", "0", "0", "–", "7", "$5.00"]

    def test_of_one_that_is_held_both_are_the_same(self) -> None:
        row = list(self.row(HELD).values())
        assert row[3] == "already loaded" and row[4] == row[7] == "1,200" and row[6] == row[8] == "$1,234.50"

    @pytest.mark.parametrize("one", [replace(NEW, billed=None), replace(NEW, currency=None)])
    def test_a_cost_that_nobody_says_is_unknown_and_not_zero(self, one: Planned) -> None:
        assert list(self.row(one).values())[6] == "unknown"

    def test_account_and_month_that_nobody_says_are_unknown(self) -> None:
        assert list(self.row(replace(NEW, account=None, period=None)).values())[1:3] == ["unknown", "unknown"]

    def test_the_newest_month_stands_first(self) -> None:
        given = [
            replace(NEW, period=month, connection=name, account=account)
            for month, name, account in (
                ("2026-08", "b", "1"), ("2026-09", "a", "1"), (None, "z", "9"), ("2026-09", "b", None),
                ("2026-09", "b", "2"),
            )
        ]  # fmt: skip
        assert [(row[1], row[0], row[2]) for row in plan_rows(given)] == [
            ("2026-09", "b", "2"), ("2026-09", "b", "unknown"), ("2026-09", "a", "1"), ("2026-08", "b", "1"),
            ("unknown", "z", "9"),
        ]  # fmt: skip


class TestLines:
    @pytest.mark.parametrize(
        ("one", "line"),
        [
            (NEW, "would be new; 1,200 rows, billed $1,234.50"),
            (replace(NEW, rows=1, rows_aside=2), "would be new; 1 row, billed $1,234.50, 2 set aside"),
            (replace(AGAIN, billed_now=D(12)),
             "would replace what is loaded; 1,200 rows, billed $1,234.50; instead of 1 row, billed $12.00"),
            (replace(AGAIN, rows_aside=1, billed_now=D(12)),
             "would replace what is loaded; 1,200 rows, billed $1,234.50, 1 set aside; "
             "instead of 1 row, billed $12.00"),
            (GONE, "would go; 7 rows, billed $5.00"),
            (HELD, "already loaded; 1,200 rows, billed $1,234.50"),
        ],
    )  # fmt: skip
    def test_a_line_says_what_would_be_there_and_instead_of_what(self, one: Planned, line: str) -> None:
        assert plan_lines([one]) == [f"aws, 2026-09, account 1: {line}"]

    def test_lines_stand_as_the_rows_of_the_table(self) -> None:
        rows = [replace(NEW, period="2026-08"), NEW]
        assert [line.split(", ")[1] for line in plan_lines(rows)] == [row[1] for row in plan_rows(rows)]


class TestReplaced:
    @pytest.mark.parametrize(
        ("one", "line"),
        [
            (replace(AGAIN, billed_now=D(12)), "1,200 rows, billed $1,234.50; before: 1 row, billed $12.00"),
            (replace(AGAIN, rows=1, rows_aside=2, billed_now=D(-12), rows_now=30),
             "1 row, billed $1,234.50, 2 set aside; before: 30 rows, billed −$12.00"),
            (replace(AGAIN, billed=None, billed_now=D(12)), "1,200 rows, billed unknown; before: 1 row, billed $12.00"),
            (GONE, "nothing; before: 7 rows, billed $5.00"),
        ],
    )  # fmt: skip
    def test_a_line_says_what_is_there_and_what_was(self, one: Planned, line: str) -> None:
        assert restated_lines([one]) == [f"Replaced: aws, 2026-09, account 1: {line}"]

    @pytest.mark.parametrize(("many", "last"), [(20, "account 0"), (21, "account 0"), (22, "2 more months")])
    def test_of_many_the_first_twenty_are_named_and_none_is_left_out_for_one_line(self, many: int, last: str) -> None:
        lines = restated_lines([replace(AGAIN, account=str(number)) for number in range(many)])
        assert len(lines) == min(many, 21) and last in lines[-1]
