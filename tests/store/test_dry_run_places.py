"""A dry run of places: usage beside bills, places elsewhere, and what of another connection would go."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from costlib.errors import AlreadyCovered, InputError
from costlib.sources.data_exports import PRO_FORMA
from costlib.sources.discovery import discover
from costlib.store.dry_run import Change, Planned, foreseen, planned
from costlib.store.store import Store
from tests.builders import cur_export, cur_row, focus_row, load_into, write, write_csv
from tests.sources.test_opencost import allocation, response


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "bill.csv", [focus_row(BilledCost="3"), focus_row(BilledCost="4")])


def of(rows: list[Planned] | tuple[Planned, ...]) -> set[tuple[object, ...]]:
    return {(row.connection, row.account, row.period, row.currency, row.change) for row in rows}


class TestForeseen:
    def test_usage_records_among_the_bills_are_counted_and_not_read_as_bills(self, root, tmp_path, bill) -> None:
        for name in ("a.json", "b.json"):
            write(tmp_path / "usage" / name, response([allocation()]))
        found = foreseen(Store(root), [bill, tmp_path / "usage"])
        assert found.usage_files == 2
        assert of(found.changes) == {("focus:bill", "111122223333", "2026-09", "USD", Change.NEW)}

    def test_usage_records_alone_change_no_bill(self, root, tmp_path) -> None:
        found = foreseen(Store(root), [write(tmp_path / "usage.json", response([allocation()]))])
        assert (found.changes, found.usage_files) == ((), 1)

    def test_what_lies_elsewhere_is_passed_over_and_what_lies_here_is_read(self, root, bill) -> None:
        away = Path("s3://billing/exports")
        assert foreseen(Store(root), [away]).changes == ()
        assert len(foreseen(Store(root), [away, bill]).changes) == 1

    def test_a_place_that_is_not_there_is_refused(self, root, tmp_path) -> None:
        with pytest.raises(InputError, match=r"nothing\.csv does not exist"):
            foreseen(Store(root), [tmp_path / "nothing.csv"])

    def test_a_connection_has_the_name_and_kind_that_it_is_given(self, root, bill) -> None:
        (row,) = foreseen(Store(root), [bill], name="vendor", kind="focus").changes
        assert (row.connection, row.kind) == ("vendor", "FOCUS file")

    def test_a_pro_forma_beside_the_invoice_is_refused_as_the_load_would(self, root, tmp_path) -> None:
        load_into(root, cur_export(tmp_path / "export", "2026-09", {"a.parquet": [cur_row()]}))
        (held,) = {part.source for part in Store(root).current().parts}
        other = cur_export(tmp_path / "other", "2026-09", {"a.parquet": [cur_row(bill_payer_account_id="2")]})
        with pytest.raises(InputError, match="show the same use"):
            foreseen(Store(root), [other], name=f"{held.partition(':')[0]}:other{PRO_FORMA}")

    def test_into_a_store_of_nothing_no_connection_is_mixed(self, root, tmp_path) -> None:
        export = cur_export(tmp_path / "export", "2026-09", {"a.parquet": [cur_row()]})
        found = foreseen(Store(root), [export], name=f"aws-cur2:x{PRO_FORMA}")
        assert [row.change for row in found.changes] == [Change.NEW]

    def test_each_export_is_told_with_its_partition_while_it_is_read(self, root, tmp_path, bill) -> None:
        export = cur_export(tmp_path / "export", "2026-09", {"a.parquet": [cur_row(bill_payer_account_id="2")]})
        told: list[str] = []
        foreseen(Store(root), [bill, export], progress=told.append)
        assert told == ["reading aws-cur2:export BILLING_PERIOD=2026-09", "reading focus:bill"]


class TestInThePlaceOfAnother:
    """The same account and month came from another connection: it goes, whole, and only if asked."""

    @pytest.fixture
    def other(self, root: Path, tmp_path: Path) -> Path:
        rows = [
            focus_row(BilledCost="3"),
            focus_row(BilledCost="4", BillingCurrency="EUR"),
            focus_row(BillingPeriodStart="2026-08-01", BilledCost="5"),
            focus_row(BillingAccountId="2", BilledCost="6"),
        ]
        load_into(root, write_csv(tmp_path / "old.csv", rows), source="old")
        return write_csv(tmp_path / "new.csv", [focus_row(BilledCost="30")])

    def plan(self, root: Path, other: Path, **more: object) -> list[Planned]:
        return planned(Store(root), discover([other], name="new"), **more)  # type: ignore[arg-type]

    def test_without_leave_it_is_refused(self, root, other) -> None:
        with pytest.raises(AlreadyCovered, match=r"old already holds account 111122223333 for 2026-09"):
            self.plan(root, other)

    def test_with_it_what_goes_is_named_by_currency_and_other_months_and_accounts_stay(self, root, other) -> None:
        rows = self.plan(root, other, supersede=True)
        assert of(rows) == {
            ("new", "111122223333", "2026-09", "USD", Change.NEW),
            ("old", "111122223333", "2026-09", "USD", Change.REMOVED),
            ("old", "111122223333", "2026-09", "EUR", Change.REMOVED),
        }
        (gone,) = (row for row in rows if row.currency == "EUR")
        assert (gone.rows, gone.billed, gone.rows_now, gone.billed_now) == (0, None, 1, Decimal(4))
        assert gone.kind == "FOCUS file"

    def test_the_load_then_does_it(self, root, other) -> None:
        said = self.plan(root, other, supersede=True)
        load_into(root, other, source="new", supersede=True)
        held = {
            (part.source, *part.key[1:], entry.currency)
            for part in Store(root).current().parts
            for entry in part.tie_outs
        }
        gone = {row[:4] for row in of([one for one in said if one.change is Change.REMOVED])}
        come = {row[:4] for row in of([one for one in said if one.change is Change.NEW])}
        assert come <= held and not gone & held and len(held) == 3


class TestMoney:
    def test_what_is_set_aside_belongs_to_the_bill_and_not_to_its_rows(self, root, tmp_path) -> None:
        rows = [focus_row(BilledCost="1"), focus_row(BilledCost="2"), focus_row(BilledCost="4", ListCost="x")]
        (row,) = planned(Store(root), discover([write_csv(tmp_path / "bill.csv", rows)]))
        assert (row.rows, row.rows_aside, row.rows_apart, row.billed) == (2, 1, 0, Decimal(7))
        assert (row.rows_now, row.billed_now) == (0, None)

    def test_a_bill_whose_cost_nobody_says_is_not_zero(self, root, tmp_path) -> None:
        rows = [focus_row(BilledCost=None), focus_row(BilledCost="1", BillingAccountId="2")]
        found = {row.account: row for row in planned(Store(root), discover([write_csv(tmp_path / "b.csv", rows)]))}
        assert found["111122223333"].billed is None and found["111122223333"].rows_aside == 1
        assert found["2"].billed == 1

    def test_loaded_already_both_sides_are_the_same(self, root, bill) -> None:
        load_into(root, bill)
        (row,) = planned(Store(root), discover([bill]))
        assert (row.change, row.rows, row.rows_now, row.billed, row.billed_now) == (
            Change.UNCHANGED, 2, 2, Decimal(7), Decimal(7),
        )  # fmt: skip

    def test_of_a_month_in_another_account_nothing_is_said(self, root, tmp_path, bill) -> None:
        load_into(root, bill)
        more = write_csv(tmp_path / "more.csv", [focus_row(BillingAccountId="2")])
        assert of(planned(Store(root), discover([more], name="focus:bill"))) == {
            ("focus:bill", "2", "2026-09", "USD", Change.NEW)
        }
