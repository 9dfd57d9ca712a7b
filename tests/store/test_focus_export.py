"""The store as FOCUS 1.2: columns and types of the specification, money to the last digit, nothing half written."""

from __future__ import annotations

import csv
import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.errors import InputError, TieOutError
from costlib.focus import COST_MEASURES
from costlib.periods import Window
from costlib.store import focus_export as module
from costlib.store.focus_columns import COLUMNS, FOCUS_COLUMNS
from costlib.store.focus_export import focus_export
from costlib.store.store import Store
from tests.builders import cur_row, focus_row, load_into, opened, ruleset, write_csv

#: Column, feature level, whether it may be null, and type, as FOCUS 1.2 lists them.
SPECIFICATION = [
    SimpleNamespace(**row)
    for row in csv.DictReader(
        line
        for line in Path(__file__).with_name("focus_1_2_columns.csv").read_text().splitlines()
        if not line.startswith("#")
    )
]
OCTOBER = {"BillingPeriodStart": "2026-10-01", "ChargePeriodStart": "2026-10-02"}
POOLED = ruleset(
    {"name": "team tag", "set": {"x_Team": {"tag": ["team"]}}},
    shared=[{"name": "cluster", "match": {"ServiceName": "Cluster"}, "driver": "direct"}],
)


def exported(folder, rows, *, name="out.parquet", rules=None, window=None):
    """The rows loaded into a store and exported from there: what was done and the table that lies on disk."""
    load_into(folder / "store", write_csv(folder / "bill.csv", rows), **({"rules": rules} if rules else {}))
    with opened(folder / "store") as reader:
        done = focus_export(reader, folder / name, window)
    return done, pa.concat_tables([pq.read_table(file) for file in done.files]) if not name.endswith(".csv") else None


def only(table):
    (row,) = table.to_pylist()
    return row


class TestColumns:
    def test_every_mandatory_column_is_there_and_none_that_the_specification_does_not_know(self):
        known = {column.name: column for column in SPECIFICATION}
        names = [column.name for column in FOCUS_COLUMNS]
        assert len(known) == 57 and len(set(names)) == len(names)
        assert set(names) <= set(known)
        assert {name for name, column in known.items() if column.level == "Mandatory"} <= set(names)

    def test_what_may_be_null_is_what_the_specification_lets_be_null(self):
        known = {column.name: column.nullable == "yes" for column in SPECIFICATION}
        assert {column.name: column.nullable for column in FOCUS_COLUMNS} == {
            column.name: known[column.name] for column in FOCUS_COLUMNS
        }

    def test_other_columns_begin_as_the_specification_asks(self):
        assert all(column.name.startswith("x_") for column in COLUMNS[len(FOCUS_COLUMNS) :])

    def test_each_has_the_type_of_the_specification(self, tmp_path):
        _, table = exported(tmp_path, [focus_row()])
        assert table.schema.names == [column.name for column in COLUMNS]
        wanted = {"Decimal": pa.decimal128(38, 18), "Date/Time": pa.timestamp("us", "UTC")}
        for column in SPECIFICATION:
            if column.name in table.schema.names:
                assert table.schema.field(column.name).type == wanted.get(column.type, pa.string()), column.name


class TestRows:
    def test_one_charge_in_the_words_of_1_2(self, tmp_path):
        row = only(exported(tmp_path, [focus_row(BilledCost="0.123456789012345678", SkuMeter="Box")])[1])
        assert row["BilledCost"] == Decimal("0.123456789012345678")
        assert (row["ProviderName"], row["PublisherName"], row["x_Team"]) == ("AWS", "AWS", "Search")
        assert (row["BillingPeriodStart"], row["BillingPeriodEnd"]) == (
            datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC),
        )  # fmt: skip
        assert (row["ChargePeriodStart"], row["ChargePeriodEnd"]) == (
            datetime(2026, 9, 5, tzinfo=UTC), datetime(2026, 9, 6, tzinfo=UTC),
        )  # fmt: skip
        assert (row["Tags"], row["ChargeDescription"]) == ('{"team":"Search"}', "Servers, Box")

    def test_what_is_unknown_stays_null_and_is_counted(self, tmp_path):
        done, table = exported(tmp_path, [focus_row(ListCost=None, ProviderName=None), focus_row()])
        assert sorted(table["ListCost"].to_pylist(), key=str) == [Decimal(2), None]
        gaps = {(gap.column, gap.problem): gap.rows for gap in done.gaps}
        assert gaps[("ListCost", "is unknown")] == gaps[("ProviderName", "is unknown")] == 1
        assert gaps[("InvoiceIssuerName", "is unknown")] == 2

    def test_a_word_that_focus_does_not_have_is_kept_and_counted(self, tmp_path):
        done, table = exported(tmp_path, [focus_row(ChargeCategory="Rebate")])
        assert table["ChargeCategory"].to_pylist() == ["Rebate"]
        assert ("ChargeCategory", "has a word that is not of FOCUS", 1) in {tuple(vars(g).values()) for g in done.gaps}

    def test_a_service_without_a_category_is_other(self, tmp_path):
        assert only(exported(tmp_path, [focus_row(ServiceCategory=None)])[1])["ServiceCategory"] == "Other"

    def test_a_tax_has_no_quantity(self, tmp_path):
        tax = focus_row(ChargeCategory="Tax", PricingQuantity="1", PricingUnit="Hrs")
        row = only(exported(tmp_path, [tax])[1])
        assert [row[name] for name in ("PricingQuantity", "PricingUnit", "ConsumedQuantity")] == [None, None, None]

    @pytest.mark.parametrize(
        ("given", "wanted"),
        [("Hrs", "Hours"), ("GB-Mo", "GB-Months"), ("LCU-Hrs", "LCU-Hours"), ("1 Hour", "1 Hour"), ("Chrs", "Chrs")],
    )
    def test_units_of_time_are_spelled_out(self, tmp_path, given, wanted):
        row = only(exported(tmp_path, [focus_row(PricingQuantity="2", PricingUnit=given)])[1])
        assert (row["PricingQuantity"], row["PricingUnit"]) == (2, wanted)

    def test_what_was_bought_and_not_used_is_a_usage_row(self, tmp_path):
        fee = focus_row(
            ChargeCategory="Purchase",
            ChargeFrequency="Recurring",
            CommitmentDiscountId="plan-1",
            CommitmentDiscountType="Savings Plan",
            CommitmentDiscountStatus="Unused",
            BilledCost="48",
            EffectiveCost="6.5",
            ListCost="0",
            ContractedCost="0",
        )
        done, table = exported(tmp_path, [fee])
        asked = ("ChargeCategory", "CommitmentDiscountStatus", "BilledCost", "EffectiveCost", "PricingCategory")
        assert sorted(tuple(row[name] for name in asked) for row in table.to_pylist()) == [
            ("Purchase", None, 48, 0, None),
            ("Usage", "Unused", 0, Decimal("6.5"), "Committed"),
        ]
        assert set(table["CommitmentDiscountCategory"].to_pylist()) == {"Spend"}
        assert sorted(table["x_LineItems"].to_pylist()) == [0, 1]
        assert done.totals["USD"]["EffectiveCost"] == Decimal("6.5")

    def test_rows_that_only_offset_others_are_left_out_and_counted(self, tmp_path):
        rows = [cur_row(), cur_row("SavingsPlanNegation", line_item_unblended_cost="-1")]
        done, table = exported(tmp_path, rows)
        assert (done.offsets, table.num_rows, done.totals["USD"]["BilledCost"]) == (1, 1, 1)

    def test_a_shared_pool_is_in_the_parts_of_those_who_bear_it(self, tmp_path):
        rows = [
            focus_row(EffectiveCost="3", Tags='{"team": "A"}'),
            focus_row(EffectiveCost="1", Tags='{"team": "B"}'),
            focus_row(EffectiveCost="10", ServiceName="Cluster", ResourceId="c", Tags=None),
        ]
        _, table = exported(tmp_path, rows, rules=POOLED)
        borne = {(row["x_Team"], row["x_CostKind"]): row["EffectiveCost"] for row in table.to_pylist()}
        assert borne == {
            ("A", "direct"): 3, ("B", "direct"): 1, ("A", "shared"): Decimal("7.5"), ("B", "shared"): Decimal("2.5"),
        }  # fmt: skip


class TestFiles:
    def test_a_folder_has_a_file_a_month_and_keeps_none_of_before(self, tmp_path):
        rows = [focus_row(), focus_row(BilledCost="4", **OCTOBER)]
        done, _ = exported(tmp_path, rows, name="set")
        assert [file.name for file in done.files] == ["focus-1.2-2026-09.parquet", "focus-1.2-2026-10.parquet"]
        assert [pq.read_table(file)["BilledCost"].to_pylist() for file in done.files] == [[Decimal("1.5")], [4]]
        done, _ = exported(tmp_path, rows, name="set", window=Window(date(2026, 10, 1), date(2026, 11, 1)))
        assert [path.name for path in (tmp_path / "set").iterdir()] == ["focus-1.2-2026-10.parquet"]

    def test_parquet_says_its_version_and_snapshot(self, tmp_path):
        done, _ = exported(tmp_path, [focus_row()])
        about = pq.read_metadata(done.files[0]).metadata
        generation = Store(tmp_path / "store").current().generation
        assert (about[b"FocusVersion"], about[b"Snapshot"]) == (b"1.2", generation.encode())

    def test_csv_says_the_same(self, tmp_path):
        rows = [
            focus_row(ListCost=None, Tags='{"team": "a \\"b\\", c"}'),
            focus_row(BilledCost="-0.000000000000000001"),
        ]
        parquet, table = exported(tmp_path, rows)
        written, _ = exported(tmp_path, rows, name="out.csv")
        assert (written.totals, written.rows, written.gaps) == (parquet.totals, parquet.rows, parquet.gaps)
        with written.files[0].open(newline="") as file:
            found = list(csv.DictReader(file))
        assert [row["Tags"] for row in found] == table["Tags"].to_pylist()
        assert {row["ChargePeriodStart"] for row in found} == {"2026-09-05T00:00:00Z"}
        assert sum(Decimal(row["BilledCost"]) for row in found) == parquet.totals["USD"]["BilledCost"]

    @pytest.mark.parametrize("name", ["a b/it's [1]*.parquet", "a b/it's [1]*.csv", "months [1]"])
    def test_any_name_of_a_file_will_do(self, tmp_path, name):
        done, _ = exported(tmp_path, [focus_row()], name=name)
        assert done.rows == 1 and all(file.is_file() for file in done.files)

    def test_days_outside_the_window_are_not_there(self, tmp_path):
        day = Window(date(2026, 9, 5), date(2026, 9, 6))
        done, _ = exported(tmp_path, [focus_row(), focus_row(ChargePeriodStart="2026-09-06")], window=day)
        assert (done.rows, done.totals["USD"]["BilledCost"]) == (1, Decimal("1.5"))


class TestRefusals:
    @pytest.fixture
    def reader(self, tmp_path):
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", [focus_row()]))
        with opened(tmp_path / "store") as found:
            yield found

    def test_days_without_a_charge(self, reader, tmp_path):
        with pytest.raises(InputError, match="no charge on these days"):
            focus_export(reader, tmp_path / "x.parquet", Window(date(2020, 1, 1), date(2020, 2, 1)))
        assert not (tmp_path / "x.parquet").exists()

    def test_another_kind_of_file(self, reader, tmp_path):
        with pytest.raises(InputError, match=r"x\.xlsx is neither"):
            focus_export(reader, tmp_path / "x.xlsx")

    def test_a_folder_with_something_else_in_it(self, reader, tmp_path):
        with pytest.raises(InputError, match=r"holds bill\.csv"):
            focus_export(reader, tmp_path)

    def test_a_dataset_that_does_not_tie_out_is_not_written(self, reader, tmp_path, monkeypatch):
        (tmp_path / "out").mkdir()
        whole = module.dataset_select
        monkeypatch.setattr(module, "dataset_select", lambda rows, where: f"{whole(rows, where)} LIMIT 0")
        with pytest.raises(TieOutError, match=r"the store to USD 1\.5"):
            focus_export(reader, tmp_path / "out")
        assert list((tmp_path / "out").iterdir()) == []


AMOUNTS = st.decimals(-1000, 1000, places=12).map(str)


@settings(max_examples=12)
@given(costs=st.lists(st.tuples(AMOUNTS, st.none() | AMOUNTS, st.sampled_from(["USD", "EUR"])), min_size=1, max_size=8))
def test_loaded_again_the_dataset_is_the_same_money(tmp_path_factory, costs):
    """Written, read as a bill of its own, and written again: equal to the sums made by hand, to the last digit."""
    folder = tmp_path_factory.mktemp("again")
    rows = [
        focus_row(BilledCost=billed, ListCost=listed, BillingCurrency=currency, ResourceId=str(number))
        for number, (billed, listed, currency) in enumerate(costs)
    ]
    first, _ = exported(folder, rows)
    load_into(folder / "second", first.files[0])
    with opened(folder / "second") as reader:
        second = focus_export(reader, folder / "second.parquet")
    assert (first.totals, first.rows) == (second.totals, second.rows)
    for name, currency in itertools.product(COST_MEASURES[:1], {cost[2] for cost in costs}):
        assert first.totals[currency][name] == sum(Decimal(cost[0]) for cost in costs if cost[2] == currency)
