"""Months read together are what they are read alone; a hash that two combinations share does no harm."""

from __future__ import annotations

from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from costlib.errors import EmptyExport
from costlib.sources import summed
from costlib.sources.discovery import discover
from costlib.store import cube, delivery
from costlib.store.delivery import batches
from tests.builders import cube_rows, cur_export, cur_row, focus_row, load_into, write_csv

MONTHS = ("2026-07", "2026-08", "2026-09")
SUMS = "SELECT BillingPeriodStart, ResourceId, BilledCost, x_LineItems FROM resource_days ORDER BY ALL"


@pytest.fixture
def export(tmp_path):
    """Three months in two files each, one of them with a row that cannot be read."""
    for at, month in enumerate(MONTHS):
        rows = [
            cur_row(
                bill_billing_period_start_date=f"{month}-01 00:00:00",
                line_item_usage_start_date=f"{month}-05 {hour:02d}:00:00",
                line_item_unblended_cost="many" if (at, hour) == (1, 3) else f"{at + 1}",
            )
            for hour in range(4)
        ]
        cur_export(tmp_path / "bill", month, {"a.parquet": rows[:2], "b.parquet": rows[2:]})
    return tmp_path / "bill"


class TestMonthsReadTogether:
    def test_they_are_one_batch(self, export):
        exports = discover([export])
        assert [len(together) for together in batches(exports)] == [3]

    def test_other_columns_or_too_many_bytes_make_another_batch(self, export, monkeypatch):
        cur_export(export, "2026-10", {"a.parquet": [cur_row() | {"extra": "1"}]})
        assert [len(together) for together in batches(discover([export]))] == [3, 1]
        monkeypatch.setattr(delivery, "_TOGETHER", 1)
        assert [len(together) for together in batches(discover([export]))] == [1, 1, 1, 1]

    def test_files_without_partitions_are_read_alone(self, tmp_path):
        bills = [write_csv(tmp_path / f"{name}.csv", [focus_row()]) for name in ("a", "b")]
        assert [len(together) for together in batches(discover(bills))] == [1]

    def test_the_store_is_the_same_as_month_by_month(self, tmp_path, export, monkeypatch):
        load_into(tmp_path / "together", export)
        monkeypatch.setattr(delivery, "_TOGETHER", 1)
        load_into(tmp_path / "apart", export)
        together, apart = (cube_rows(tmp_path / name, SUMS) for name in ("together", "apart"))
        assert together == apart
        assert [row[2:] for row in together] == [(Decimal(4), 4), (Decimal(6), 3), (Decimal(12), 4)]

    def test_each_month_has_its_own_quarantine(self, tmp_path, export):
        done = load_into(tmp_path / "store", export)
        assert [(one.rows_loaded, one.rows_quarantined) for one in done] == [(4, 0), (3, 1), (4, 0)]

    def test_a_month_without_rows_is_refused(self, tmp_path, export):
        cur_export(export, "2026-10", {"a.parquet": [cur_row()]})
        file = export / "data" / "BILLING_PERIOD=2026-10" / "a.parquet"
        pq.write_table(pq.read_table(export / "data" / "BILLING_PERIOD=2026-09" / "a.parquet").slice(0, 0), file)
        with pytest.raises(EmptyExport, match=r"2026-10.* has a header and no rows"):
            load_into(tmp_path / "store", export)

    def test_only_months_that_are_new_are_read_again(self, tmp_path, export):
        load_into(tmp_path / "store", export)
        cur_export(export, "2026-09", {"a.parquet": [cur_row(line_item_unblended_cost="7")], "b.parquet": [cur_row()]})
        assert [one.changed for one in load_into(tmp_path / "store", export)] == [False, False, True]


class TestHashes:
    def test_line_by_line_where_two_combinations_share_one(self, tmp_path, export, monkeypatch):
        load_into(tmp_path / "by sums", export)
        monkeypatch.setattr(summed, "_HASH", "0 * LENGTH(CONCAT({texts}))")
        load_into(tmp_path / "by lines", export)
        assert cube_rows(tmp_path / "by sums", SUMS) == cube_rows(tmp_path / "by lines", SUMS)

    def test_another_hash_for_the_cube_where_two_combinations_share_one(self, tmp_path, monkeypatch):
        monkeypatch.setattr(cube, "_HASH", "CASE WHEN {attempt} > 0 THEN HASH({texts}, {attempt}) ELSE 0 END")
        rows = [focus_row(ResourceId=name, BilledCost=cost) for name, cost in (("i-1", "1"), ("i-2", "2"))]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        assert [row[1:3] for row in cube_rows(tmp_path / "store", SUMS)] == [("i-1", Decimal(1)), ("i-2", Decimal(2))]
