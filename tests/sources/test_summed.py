"""Line items added up before they are mapped: the same base as line by line, whatever the bill holds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.sources import summed
from costlib.sources.discovery import discover
from costlib.sources.native import NativeColumns
from costlib.sources.summed import SummedColumns
from costlib.store.base_tables import create_by_line
from costlib.store.engine import connect
from costlib.store.summed import create_base, is_summable
from tests.bills import amounts, few, fresh_folder
from tests.builders import cur_row, write_csv, write_parquet

KINDS = (
    "Usage", "Credit", "Tax", "Refund", "Fee", "RIFee", "DiscountedUsage", "SavingsPlanCoveredUsage",
    "SavingsPlanNegation", "SavingsPlanRecurringFee", "EdpDiscount", "Something new",
)  # fmt: skip
NUMBERS = (
    "line_item_unblended_cost",
    "line_item_usage_amount",
    "pricing_public_on_demand_cost",
    "savings_plan_savings_plan_effective_cost",
    "savings_plan_total_commitment_to_date",
    "savings_plan_used_commitment",
    "reservation_effective_cost",
    "reservation_unused_recurring_fee",
)
TEXTS = {
    "line_item_resource_id": ("i-1", " i-1 ", "i'2", None),
    "line_item_usage_start_date": ("2026-09-05 10:00:00", "2026-09-05 23:59:59", "2026-09-06T00:30:00+02:00", "soon"),
    "bill_billing_period_start_date": ("2026-09-01 00:00:00", "2026-10-01 00:00:00", None),
    "bill_payer_account_id": ("111122223333", "NULL", None),
    "bill_bill_type": ("Anniversary", "Refund"),
    "line_item_currency_code": ("USD", "EUR", None),
    "product": ('{"product_name": "Servers"}', '{"product_name": " ", "instance_type": "p5"}', "{broken", None),
    "product_instance_type": ("m5.large", None),
    "resource_tags": ('{"team": "Search"}', '{"team": "Fraud"}', '{"a": 1, "a": 2}', "text", None),
}  # fmt: skip

TYPES = {"Cost": "DOUBLE", "Start Time": "VARCHAR", "Region": "VARCHAR", "facts": "MAP(VARCHAR, VARCHAR)"}


@st.composite
def lines(draw: st.DrawFn) -> dict[str, str | None]:
    """A line of a CUR 2.0 export: any kind, numbers that are null, exact, fine or no numbers, texts that clash."""
    numbers = st.one_of(st.none(), amounts(), amounts(), st.sampled_from(["", "1,234.50", "many", "NaN"]))
    changes = {name: draw(numbers) for name in NUMBERS}
    changes |= {name: draw(st.sampled_from(values)) for name, values in TEXTS.items()}
    return cur_row(draw(st.sampled_from(KINDS)), **changes)


def bases(path: Path) -> list[list[tuple[object, ...]]]:
    """The export's base by way of sums and line by line, each in order; cells as text, so that unlike ones sort."""
    (export,) = discover([path])
    assert is_summable(export)
    with connect() as connection:
        assert create_base(connection, export, "0")
        by_sums = _texts(connection)
    with connect() as connection:
        create_by_line(connection, export, "0")
        return [by_sums, _texts(connection)]


def _texts(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT COLUMNS(* EXCLUDE (x_Meaning))::VARCHAR FROM base ORDER BY ALL").fetchall()


class TestTheBaseIsThatOfEveryLine:
    @few(12)
    @given(st.lists(lines(), min_size=1, max_size=12))
    def test_as_text(self, rows):
        with fresh_folder() as folder:
            by_sums, by_lines = bases(write_csv(folder / "bill.csv", rows))
        assert by_sums == by_lines

    @few(10)
    @given(
        st.lists(st.tuples(lines(), st.floats(), st.one_of(st.none(), st.floats(-1e6, 1e6))), min_size=1, max_size=9)
    )
    def test_as_doubles(self, rows):
        costs, listed = (pa.array([row[at] for row in rows], pa.float64()) for at in (1, 2))
        with fresh_folder() as folder:
            bill = write_parquet(
                folder / "bill.parquet",
                [row[0] for row in rows],
                line_item_unblended_cost=costs,
                pricing_public_on_demand_cost=listed,
            )
            by_sums, by_lines = bases(bill)
        assert by_sums == by_lines

    def test_a_day_of_hours_is_one_row_and_every_digit_stays(self, tmp_path):
        rows = [
            cur_row(
                line_item_usage_start_date=f"2026-09-05 {hour:02d}:00:00",
                line_item_unblended_cost="0.000000000000000001",
            )
            for hour in range(24)
        ]
        (export,) = discover([write_csv(tmp_path / "bill.csv", rows)])
        with connect() as connection:
            assert create_base(connection, export, "0")
            found = connection.execute("SELECT BilledCost, ListCost, x_LineItems FROM base").fetchall()
        assert found == [(Decimal("0.000000000000000024"), Decimal("28.80"), 24)]

    def test_lines_of_two_exports_stand_apart(self, tmp_path):
        files = [write_csv(tmp_path / f"{name}.csv", [cur_row(), cur_row()]) for name in ("one", "two")]
        (export,) = discover(files)
        number = f"CASE x_File WHEN '{files[1]}' THEN 1 ELSE 0 END"
        with connect() as connection:
            assert create_base(connection, export, number)
            found = connection.execute("SELECT x_Delivery, x_LineItems FROM base ORDER BY ALL").fetchall()
        assert found == [(0, 2), (1, 2)]

    def test_known_and_unknown_and_defective_lines_stand_apart(self, tmp_path):
        costs = ("1", "2", None, None, "many")
        bill = write_csv(tmp_path / "bill.csv", [cur_row(pricing_public_on_demand_cost=cost) for cost in costs])
        (export,) = discover([bill])
        with connect() as connection:
            assert create_base(connection, export, "0")
            found = connection.execute("SELECT ListCost, x_LineItems, x_Defect FROM base ORDER BY ALL").fetchall()
        assert found == [
            (Decimal(3), 2, None),
            (None, 1, "pricing_public_on_demand_cost: many is not a number"),
            (None, 2, None),
        ]


class TestWhereItDoesNotServe:
    def test_two_combinations_with_one_hash_are_noticed(self, tmp_path, monkeypatch):
        monkeypatch.setattr(summed, "_HASH", "0 * LENGTH(CONCAT({texts}))")
        rows = [cur_row(line_item_resource_id=name) for name in ("i-1", "i-2")]
        (export,) = discover([write_csv(tmp_path / "bill.csv", rows)])
        with connect() as connection:
            assert not create_base(connection, export, "0")
            assert connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() == []

    def test_split_rows_are_read_line_by_line(self, tmp_path):
        row = cur_row() | {"split_line_item_parent_resource_id": None}
        (export,) = discover([write_csv(tmp_path / "bill.csv", [row])])
        assert not is_summable(export)

    def test_a_source_has_to_say_that_it_is_additive(self, tmp_path):
        (export,) = discover([write_csv(tmp_path / "bill.csv", [cur_row()])])
        assert not is_summable(replace(export, source=replace(export.source, additive=False)))


class TestSummedColumns:
    @pytest.mark.parametrize("read", ["number", "time", "text", "tags"])
    def test_a_column_that_is_not_there_is_null_as_it_is_line_by_line(self, read):
        by_sums, by_lines = (getattr(columns(TYPES), read)("colour") for columns in (SummedColumns, NativeColumns))
        assert by_sums == by_lines

    def test_it_remembers_what_it_was_asked_for(self):
        columns = SummedColumns(TYPES)
        assert columns.number("cost") == '"sum of Cost"'
        assert columns.time("StartTime") == '"day of Start Time"'
        assert '"size in facts"' in columns.entry(["facts"], "size")
        assert '"Region"' in columns.text("region")
        assert columns.texts == ('"size in facts"', '"Region"')
        assert columns.figures == ("x_Export", '"day of Start Time"', '"sum of Cost"', "x_Unreadable", "x_Lines")
        assert {defect.reason.split(":")[0] for defect in columns.defects} == {"'Cost", "'Start Time"}
