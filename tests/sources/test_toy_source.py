"""A new kind of export is one new file: it is written here, found, and loads a bill of its own making."""

from __future__ import annotations

import sys
from decimal import Decimal

import pytest

import costlib.sources
from costlib.errors import InputError, UnrecognisedExport
from costlib.sources import all_sources, source_of_type
from costlib.store.status import status_document
from costlib.store.store import Store
from tests.builders import cube_rows, focus_row, load_into, write, write_csv

MODULE = '''
"""The till receipts of a corner shop."""

from costlib.sources.base import Source
from costlib.sources.native import NativeColumns, literal


def _mapping(columns: NativeColumns) -> dict[str, str]:
    return {
        "BilledCost": columns.number("price"),
        "EffectiveCost": columns.number("price"),
        "ChargePeriodStart": columns.time("day"),
        "BillingPeriodStart": f"DATE_TRUNC('month', {columns.time('day')})",
        "BillingAccountId": columns.text("shop"),
        "BillingCurrency": literal("GBP"),
        "ServiceName": columns.text("article"),
        "ChargeCategory": literal("Usage"),
    }


SOURCE = Source(
    type="till",
    title="till receipts",
    recognises=lambda columns: columns.has("price") and columns.has("article"),
    mapping=_mapping,
    required=(("price",), ("day",), ("shop",)),
    invoice=lambda columns: columns.number("price"),
)
'''
RECEIPTS = (
    "shop,day,article,price\nNorth,2026-09-01,tea,2.50\nNorth,2026-09-02,milk,0.95\nNorth,2026-09-02,refund,-0.10\n"
)


@pytest.fixture
def till(tmp_path, monkeypatch):
    """The new module in a folder of its own, where the package looks for sources."""
    write(tmp_path / "more" / "till.py", MODULE)
    monkeypatch.setattr(costlib.sources, "__path__", [*costlib.sources.__path__, str(tmp_path / "more")])
    yield
    sys.modules.pop("costlib.sources.till", None)
    if hasattr(costlib.sources, "till"):
        del costlib.sources.till


def test_the_bill_loads_and_ties_out(tmp_path, till):
    load_into(tmp_path / "store", write(tmp_path / "receipts-2026-09.csv", RECEIPTS))
    (entry,) = status_document(Store(tmp_path / "store").current())["loads"]
    assert (entry["source"], entry["source_type"], entry["currency"]) == ("till:receipts", "till", "GBP")
    assert (entry["rows_loaded"], entry["sums_in"]["BilledCost"], entry["tied_out"]) == (3, "3.35", True)
    assert cube_rows(tmp_path / "store", "SELECT BilledCost FROM cube WHERE ServiceName = 'tea'") == [(Decimal("2.5"),)]


def test_bad_values_go_to_quarantine_without_a_word_of_the_sources_own(tmp_path, till):
    bill = write(tmp_path / "receipts.csv", RECEIPTS + "North,tomorrow,tea,1\nNorth,2026-09-03,tea,lots\n")
    (done,) = load_into(tmp_path / "store", bill)
    assert (done.rows_loaded, done.rows_quarantined) == (3, 2)


def test_the_others_still_know_their_own(tmp_path, till):
    load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", [focus_row()]))
    assert Store(tmp_path / "store").current().parts[0].source_type == "focus"


def test_without_the_file_nobody_knows_it(tmp_path):
    with pytest.raises(UnrecognisedExport, match="columns begin with shop, day, article, price"):
        load_into(tmp_path / "store", write(tmp_path / "receipts.csv", RECEIPTS))


class TestRegistry:
    def test_types_are_unique_and_in_order(self):
        types = [source.type for source in all_sources()]
        assert types == sorted(set(types))
        assert {"focus", "aws-cur2"} <= set(types)

    def test_a_type_by_name_and_the_nearest_where_there_is_none(self):
        assert source_of_type("focus").title == "FOCUS file"
        with pytest.raises(InputError, match=r"no source type fokus.*Expected: .*aws-cur2, .*Did you mean focus"):
            source_of_type("fokus")
