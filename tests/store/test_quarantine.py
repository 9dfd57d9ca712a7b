"""A bad value sets its row aside: with the reason, the file, the line and its money; the rest is loaded."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from costlib.errors import EmptyExport
from costlib.store.status import status_document
from costlib.store.store import Store
from tests.builders import csv_text, cube_rows, focus_row, load_into, write, write_csv, write_parquet


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


def aside(root):
    """Rows in quarantine of the current state."""
    paths = [part.quarantine for part in Store(root).current().parts if part.quarantine]
    return [row for path in paths for row in pq.read_table(root / path).to_pylist()]


def loads(root):
    return status_document(Store(root).current())["loads"]


REASONS = {
    "bad cost": ({"BilledCost": "12 dollars"}, "BilledCost: 12 dollars is not a number"),
    "ambiguous comma": ({"BilledCost": "1,234"}, "BilledCost: 1,234 is not a number"),
    "not a number": ({"BilledCost": "NaN"}, "BilledCost: NaN is not a number"),
    "no cost": ({"BilledCost": None}, "BilledCost is missing"),
    "the word null": ({"BilledCost": "NULL"}, "BilledCost is missing"),
    "bad list cost": ({"ListCost": "n/a"}, "ListCost: n/a is not a number"),
    "bad quantity": ({"ConsumedQuantity": "many"}, "ConsumedQuantity: many is not a number"),
    "bad day": ({"ChargePeriodStart": "2026-02-30"}, "ChargePeriodStart: 2026-02-30 is not a date such as"),
    "bad month": ({"BillingPeriodStart": "Sept"}, "BillingPeriodStart: Sept is not a date such as"),
    "no account": ({"BillingAccountId": None}, "BillingAccountId is missing"),
    "no currency": ({"BillingCurrency": "''"}, "BillingCurrency is missing"),
    "no day": ({"ChargePeriodStart": " "}, "ChargePeriodStart is missing"),
}


@pytest.fixture(scope="module")
def every_reason(tmp_path_factory):
    """A bill of a sound row, a row for every reason from line 3 on, and a sound row; and what is set aside, by line."""
    folder = tmp_path_factory.mktemp("reasons")
    rows = [focus_row(**change) for change, _ in REASONS.values()]
    bill = write_csv(folder / "bill.csv", [focus_row(), *rows, focus_row()])
    load_into(folder / "store", bill)
    return bill, {row["line"]: row for row in aside(folder / "store")}


class TestBadRows:
    @pytest.mark.parametrize("name", REASONS)
    def test_reason_file_and_line(self, every_reason, name):
        bill, rows = every_reason
        row = rows[3 + list(REASONS).index(name)]
        assert row["reason"].startswith(REASONS[name][1])
        assert row["file"] == str(bill)

    def test_the_rest_is_loaded(self, every_reason):
        bill, rows = every_reason
        assert len(rows) == len(REASONS)
        assert cube_rows(bill.parent / "store", "SELECT SUM(x_LineItems), SUM(BilledCost) FROM cube") == [(2, 3)]

    def test_the_row_itself_is_kept_as_json(self, root, focus):
        load_into(root, focus({}, {"BilledCost": "abc", "ServiceName": 'a "quoted" \n name'}))
        (row,) = aside(root)
        assert '"BilledCost":"abc"' in row["row"]
        assert 'a \\"quoted\\" \\n name' in row["row"]

    def test_its_money_is_counted_and_summed(self, root, focus):
        load_into(root, focus({}, {"ChargePeriodStart": "never", "BilledCost": "40.25"}, {"BilledCost": "x"}))
        (entry,) = loads(root)
        assert (entry["rows_in"], entry["rows_loaded"], entry["rows_quarantined"]) == (3, 1, 2)
        assert entry["sums_in"]["BilledCost"] == "41.75"
        assert entry["sums_store"]["BilledCost"] == "1.5"
        assert entry["sums_quarantined"] == {
            "BilledCost": "40.25",
            "EffectiveCost": "2.5",
            "ListCost": "4",
            "ContractedCost": "3.5",
        }
        assert entry["tied_out"]

    def test_a_row_without_account_or_month_has_an_entry_of_its_own(self, root, focus):
        load_into(root, focus({}, {"BillingAccountId": None}, {"BillingPeriodStart": None, "BillingCurrency": None}))
        places = [
            (entry["account"], entry["period"], entry["currency"], entry["rows_quarantined"]) for entry in loads(root)
        ]
        assert places == [
            (None, "2026-09", "USD", 1),
            ("111122223333", None, None, 1),
            ("111122223333", "2026-09", "USD", 0),
        ]


class TestLineNumbers:
    def test_line_breaks_in_quotation_marks_blank_lines_and_a_blank_top(self, root, tmp_path):
        rows = [focus_row(ServiceName="two\nlines"), focus_row(BilledCost="x"), focus_row(), focus_row(BilledCost="y")]
        header, first, more, *rest = csv_text(rows).splitlines(keepends=True)
        bill = write(tmp_path / "bill.csv", "\n\n" + header + first + more + "\n" + "".join(rest))
        load_into(root, bill)
        lines = bill.read_text().splitlines()
        assert [row["line"] for row in aside(root)] == [7, 9]
        assert all(mark in lines[row["line"] - 1] for row, mark in zip(aside(root), (",x,", ",y,"), strict=True))

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_any_line_end(self, root, tmp_path, end):
        text = csv_text([focus_row(), focus_row(BilledCost="x")], end=end)
        load_into(root, write(tmp_path / "bill.csv", text))
        assert [row["line"] for row in aside(root)] == [3]

    def test_gzip_semicolons_and_long_rows(self, root, tmp_path):
        rows = [focus_row(Tags='{"note": "' + "x" * 200_000 + '"}'), focus_row(BilledCost="x")]
        load_into(root, write_csv(tmp_path / "bill.csv.gz", rows, delimiter=";"))
        assert [row["line"] for row in aside(root)] == [3]

    def test_a_parquet_row_is_its_own_number(self, root, tmp_path):
        costs = pa.array([1.0, float("nan"), float("inf"), 2.0, float("-inf")])
        load_into(root, write_parquet(tmp_path / "bill.parquet", [focus_row()] * 5, BilledCost=costs))
        assert [(row["line"], row["reason"]) for row in aside(root)] == [
            (2, "BilledCost: nan is not a number"),
            (3, "BilledCost: inf is not a number"),
            (5, "BilledCost: -inf is not a number"),
        ]
        assert cube_rows(root, "SELECT SUM(BilledCost) FROM cube") == [(Decimal(3),)]

    def test_thousands_of_rows_are_numbered_as_they_stand(self, root, tmp_path):
        rows = [focus_row(BilledCost="x" if number % 997 == 0 else "1") for number in range(6000)]
        load_into(root, write_csv(tmp_path / "bill.csv", rows))
        assert [row["line"] for row in aside(root)] == [number + 2 for number in range(0, 6000, 997)]


class TestCorrected:
    @pytest.mark.parametrize("name", ["bad cost", "no account", "bad month", "no currency"])
    def test_a_corrected_file_clears_it(self, root, focus, name):
        load_into(root, focus({}, REASONS[name][0]))
        load_into(root, focus({}, {}))
        assert aside(root) == []
        (entry,) = loads(root)
        assert (entry["rows_in"], entry["rows_loaded"], entry["rows_quarantined"]) == (2, 2, 0)

    def test_under_another_name_of_the_file_too(self, root, focus):
        load_into(root, focus({}, {"BillingAccountId": None}, name="vendor-2026-09.csv"))
        load_into(root, focus({}, {}, name="vendor-2026-09-corrected.csv"), source="focus:vendor")
        assert aside(root) == []

    def test_a_still_bad_file_keeps_it(self, root, focus):
        load_into(root, focus({}, {"BillingAccountId": None}))
        load_into(root, focus({"BilledCost": "9"}, {"BillingAccountId": None}))
        assert len(aside(root)) == 1

    def test_while_any_account_of_its_bill_is_current_it_stays(self, root, focus):
        """The row without account may belong to any of the bill's accounts."""
        load_into(root, focus({}, {"BillingAccountId": "2"}, {"BillingAccountId": None}), source="vendor")
        load_into(root, focus({"BilledCost": "9"}, name="one.csv"), source="vendor")
        assert len(aside(root)) == 1
        load_into(root, focus({"BillingAccountId": "2", "BilledCost": "9"}, name="two.csv"), source="vendor")
        assert aside(root) == []

    def test_rows_of_two_bills_of_one_source_stand_side_by_side(self, root, focus):
        for account in ("1", "2"):
            bill = focus({"BillingAccountId": account}, {"BillingAccountId": None}, name=f"{account}.csv")
            load_into(root, bill, source="vendor")
        assert len(aside(root)) == 2
        assert sum(entry["rows_in"] for entry in loads(root)) == 4


def test_a_bill_of_nothing_but_bad_rows_is_refused_with_examples(root, focus):
    with pytest.raises(
        EmptyExport, match=r"None of the 2 rows of .*bill.csv .*BilledCost: a is not .*BilledCost: b is not"
    ):
        load_into(root, focus({"BilledCost": "a"}, {"BilledCost": "b"}))
