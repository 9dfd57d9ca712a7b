"""The sample's Google Cloud export: what the real one is known for is in it, and it ties out when it is loaded."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal

import pytest

from costlib.sample import gcp
from costlib.store.question import Question
from costlib.workspace import Workspace


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return gcp.write(tmp_path_factory.mktemp("gcp"), lambda message: None)


@pytest.fixture(scope="module")
def rows(folder):
    return [
        json.loads(line, parse_float=Decimal)
        for path in sorted(folder.glob("*.json"))
        for line in path.read_text().splitlines()
    ]


@pytest.fixture(scope="module")
def loaded(folder, tmp_path_factory):
    place = Workspace(tmp_path_factory.mktemp("store"))
    place.load([folder])
    return place


def net(row):
    return row["cost"] + sum((one["amount"] for one in row["credits"]), Decimal(0))


def test_a_file_an_invoice_month(folder, rows):
    assert sorted(path.name for path in folder.iterdir()) == ["202608.json", "202609.json", "202610.json"]
    assert len(rows) == 408


def test_one_month_worked_by_hand(rows):
    """October 2026: twenty days, fourteen of them working, six of rest; no tax yet."""
    found = [row for row in rows if row["invoice"]["month"] == "202610"]
    node = (24 * Decimal("3.67") - Decimal("32.589600")) * 20
    spot = Decimal("1.15") * (14 * Decimal("9.5") + 6 * Decimal("2.25"))
    training = Decimal("4.22") * (14 * Decimal("14.5") + 6 * 3)
    work, rest = Decimal("6.25") * Decimal("1.75"), Decimal("6.25") * Decimal("0.125")
    queries = Decimal("0.96") * (14 * work + 6 * rest)
    storage = 20 * Decimal("0.264839")
    assert sum(map(net, found)) == node + spot + training + queries + storage
    assert {row["cost_type"] for row in found} == {"regular"}


def test_the_last_day_of_august_came_late_and_is_in_septembers_invoice(rows):
    (month,) = {row["invoice"]["month"] for row in rows if row["usage_start_time"][:10] == "2026-08-31"
                and row["cost_type"] == "regular"}  # fmt: skip
    assert month == "202609"


def test_what_the_export_is_known_for_is_in_it(rows):
    assert {one["type"] for row in rows for one in row["credits"]} == {
        "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE", "FREE_TIER", "PROMOTION",
    }  # fmt: skip
    assert [row["invoice"]["month"] for row in rows if row["cost_type"] == "tax"] == ["202608", "202609"]
    assert [row["usage_start_time"][:10] for row in rows if "adjustment_info" in row] == ["2026-09-14"]
    assert all("sample" in json.dumps(row, default=str) for row in rows)


def test_loaded_it_ties_out_to_the_plain_sum_of_its_rows(loaded, rows):
    state = loaded.store.current()
    held = {part.period: sum(entry.sums_store["BilledCost"] for entry in part.tie_outs) for part in state.parts}
    billed = defaultdict(Decimal)
    for row in rows:
        billed[f"{row['invoice']['month'][:4]}-{row['invoice']['month'][4:]}"] += net(row)
    assert held == billed and set(held) == {"2026-08", "2026-09", "2026-10"}
    assert all(entry.tied_out for part in state.parts for entry in part.tie_outs)


def test_it_is_a_group_of_its_own_with_teams(loaded):
    found = loaded.snapshot().reader.ask(Question(by=("x_Team",)))
    assert {row.values[0] for row in found} == {"labs", None}
    assert {part.account for part in loaded.store.current().parts} == {gcp.ACCOUNT}
