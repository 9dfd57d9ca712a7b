"""A dry run: what a load would change, said before it does, with nothing written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from costlib.errors import AlreadyCovered, UnrecognisedExport
from costlib.sources.discovery import discover
from costlib.store.dry_run import Change, planned
from costlib.store.store import Store
from tests.builders import cur_export, cur_row, focus_row, load_into, store_bytes, write, write_csv


def plan(root, *paths, source=None):
    return planned(Store(root), discover(paths, name=source))


def test_into_an_empty_store_all_is_new_and_no_store_is_made(tmp_path):
    bill = write_csv(tmp_path / "bill.csv", [focus_row(), focus_row(BillingAccountId="2", BilledCost="x")])
    one, two = plan(tmp_path / "store", bill)
    assert (one.change, one.period, one.rows, one.rows_aside, one.billed) == (
        Change.NEW, "2026-09", 1, 0, Decimal("1.5"),
    )  # fmt: skip
    assert (two.account, two.rows, two.rows_aside, two.billed) == ("2", 0, 1, None)
    assert not (tmp_path / "store").exists()


def test_a_restated_month_replaces_and_the_same_bytes_change_nothing(tmp_path):
    bill = write_csv(tmp_path / "bill.csv", [focus_row()])
    load_into(tmp_path / "store", bill)
    before = store_bytes(tmp_path / "store")
    (same,) = plan(tmp_path / "store", bill)
    assert (same.change, same.rows, same.rows_now) == (Change.UNCHANGED, 1, 1)
    write_csv(bill, [focus_row(BilledCost="2"), focus_row(BilledCost="3")])
    (new,) = plan(tmp_path / "store", bill)
    assert (new.change, new.rows, new.rows_now, new.billed, new.billed_now) == (
        Change.REPLACED, 2, 1, Decimal(5), Decimal("1.5"),
    )  # fmt: skip
    assert store_bytes(tmp_path / "store") == before


def test_only_the_changed_month_of_an_export_is_read(tmp_path):
    export = cur_export(tmp_path / "export", "2026-09", {"a.parquet": [cur_row()]})
    load_into(tmp_path / "store", export)
    october = {"bill_billing_period_start_date": "2026-10-01 00:00:00", "line_item_usage_start_date": "2026-10-02"}
    cur_export(export, "2026-10", {"a.parquet": [cur_row(**october)]})
    told = []
    rows = planned(Store(tmp_path / "store"), discover([export]), progress=told.append)
    assert [(row.period, row.change) for row in rows] == [("2026-09", Change.UNCHANGED), ("2026-10", Change.NEW)]
    assert len(told) == 2


def test_a_currency_that_the_bill_no_longer_has_would_go(tmp_path):
    bill = write_csv(tmp_path / "bill.csv", [focus_row(), focus_row(BillingCurrency="EUR")])
    load_into(tmp_path / "store", bill)
    write_csv(bill, [focus_row(BilledCost="2")])
    rows = plan(tmp_path / "store", bill)
    assert {row.currency: (row.change, row.rows, row.rows_now) for row in rows} == {
        "USD": (Change.REPLACED, 1, 1),
        "EUR": (Change.REMOVED, 0, 1),
    }


def test_what_the_load_would_do_is_what_it_does(tmp_path):
    bill = write_csv(tmp_path / "bill.csv", [focus_row(), focus_row(BilledCost="?"), focus_row(BillingAccountId="2")])
    said = plan(tmp_path / "store", bill)
    (done,) = load_into(tmp_path / "store", bill)
    assert (sum(row.rows for row in said), sum(row.rows_aside for row in said)) == (
        done.rows_loaded, done.rows_quarantined,
    )  # fmt: skip


def test_what_a_load_refuses_is_refused_here(tmp_path):
    load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", [focus_row()]))
    with pytest.raises(AlreadyCovered):
        plan(tmp_path / "store", write_csv(tmp_path / "other.csv", [focus_row(BilledCost="9")]))
    with pytest.raises(UnrecognisedExport):
        plan(tmp_path / "store", write(tmp_path / "b.csv", "a,b\n1,2\n"))
