"""Google Cloud's billing export as extracts: one mapping for Parquet and JSON, credits once, months of the invoice."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import CostError, InputError, MissingColumn, UnreadableFile
from costlib.sources.discovery import discover
from costlib.sources.files import data_files, inspect
from costlib.store.store import Store
from tests.bills import few, fresh_folder
from tests.builders import cube_rows, load_into, mapped, store_bytes, write

AMOUNT, TEXT = pa.float64(), pa.string()
PAIR = pa.list_(pa.struct([("key", pa.string()), ("value", pa.string())]))
SCHEMA = pa.schema(
    [
        ("billing_account_id", pa.string()),
        ("invoice", pa.struct([("month", pa.string()), ("publisher_type", pa.string())])),
        ("cost_type", pa.string()),
        ("service", pa.struct([("id", pa.string()), ("description", pa.string())])),
        ("sku", pa.struct([("id", pa.string()), ("description", pa.string())])),
        ("usage_start_time", pa.timestamp("us", "UTC")),
        ("usage_end_time", pa.timestamp("us", "UTC")),
        ("project", pa.struct([("id", pa.string()), ("name", pa.string()), ("labels", PAIR)])),
        ("labels", PAIR),
        ("system_labels", PAIR),
        ("tags", PAIR),
        ("location", pa.struct([("location", pa.string()), ("region", pa.string())])),
        ("resource", pa.struct([("name", pa.string()), ("global_name", pa.string())])),
        ("cost", AMOUNT),
        ("cost_at_list", AMOUNT),
        ("currency", pa.string()),
        ("usage", pa.struct({"amount": AMOUNT, "unit": TEXT, "amount_in_pricing_units": AMOUNT, "pricing_unit": TEXT})),
        ("credits", pa.list_(pa.struct([("name", pa.string()), ("amount", AMOUNT), ("type", pa.string())]))),
        ("adjustment_info", pa.struct([("id", pa.string()), ("mode", pa.string()), ("type", pa.string())])),
        ("subscription", pa.struct([("instance_id", pa.string())])),
        ("transaction_type", pa.string()),
        ("seller_name", pa.string()),
        ("export_time", pa.timestamp("us", "UTC")),
    ]
)


FIX = {"id": "1", "mode": "MANUAL"}
COMMITTED = {"amount": -1.0, "type": "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE"}


def gcp_row(**changes):
    """An hour of a GPU machine: 3.5 before a credit of -0.5, 4.0 at list, in EUR, on 5 September 2026."""
    row = {
        "billing_account_id": "01AB-23CD",
        "invoice": {"month": "202609"},
        "cost_type": "regular",
        "service": {"id": "6F81-5844-456A", "description": "Compute Engine"},
        "sku": {"id": "SKU-1", "description": "A2 Instance Core running in Frankfurt"},
        "usage_start_time": "2026-09-05 10:00:00 UTC",
        "usage_end_time": "2026-09-05 11:00:00 UTC",
        "project": {"id": "ml-prod", "name": "ML production", "labels": [{"key": "owner", "value": "search"}]},
        "labels": [{"key": "team", "value": "search"}],
        "system_labels": [{"key": "compute.googleapis.com/machine_spec", "value": "a2-highgpu-1g"}],
        "tags": [{"key": "env", "value": "prod"}],
        "location": {"location": "europe-west3", "region": "europe-west3"},
        "resource": {"name": "gpu-1", "global_name": "//compute.googleapis.com/projects/1/instances/2"},
        "cost": 3.5,
        "cost_at_list": 4.0,
        "currency": "EUR",
        "usage": {"amount": 3600.0, "unit": "seconds", "amount_in_pricing_units": 1.0, "pricing_unit": "hour"},
        "credits": [{"name": "Sustained use", "amount": -0.5, "type": "SUSTAINED_USAGE_DISCOUNT"}],
    }
    return row | changes


def without_nulls(value):
    """As BigQuery exports JSON: what is null is left out."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def lines(rows):
    return "".join(json.dumps(without_nulls(row)) + "\n" for row in rows)


def timed(row):
    times = {name: row[name] for name in ("usage_start_time", "usage_end_time", "export_time") if row.get(name)}
    return row | {
        name: datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=UTC) for name, text in times.items()
    }


def parquet(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([timed(row) for row in rows], schema=SCHEMA), path)
    return path


WRITERS = {
    "parquet": lambda folder, rows: parquet(folder / "gcp.parquet", rows),
    "lines": lambda folder, rows: write(folder / "gcp.json", lines(rows)),
    "gzip": lambda folder, rows: write(folder / "gcp-000.json.gz", gzip.compress(lines(rows).encode())),
    "array": lambda folder, rows: write(
        folder / "gcp.json", json.dumps([without_nulls(row) for row in rows], indent=1)
    ),
}


@pytest.fixture(params=WRITERS)
def written(request, tmp_path):
    """Writes rows in each of the forms."""
    return lambda *rows: WRITERS[request.param](tmp_path, rows)


class TestMapping:
    def test_every_form_gives_the_same(self, written):
        columns = (
            "BilledCost, EffectiveCost, ListCost, ContractedCost, BillingCurrency, BillingAccountId, SubAccountId, "
            "SubAccountName, ServiceName, ServiceCategory, RegionId, ResourceName, SkuId, ConsumedQuantity, "
            "ConsumedUnit, PricingQuantity, PricingUnit, ChargeCategory, ChargeFrequency, PricingCategory, "
            "x_InstanceType, x_LineItemType, ServiceProviderName, ChargePeriodStart, BillingPeriodStart"
        )
        assert mapped(written(gcp_row()), columns) == [
            (
                Decimal(3), Decimal(3), Decimal(4), Decimal("3.5"), "EUR", "01AB-23CD", "ml-prod",
                "ML production", "Compute Engine", "Compute", "europe-west3", "gpu-1", "SKU-1", Decimal(3600),
                "seconds", Decimal(1), "hour", "Usage", "Usage-Based", "Standard",
                "a2-highgpu-1g", "regular", "Google Cloud", datetime(2026, 9, 5, 10), datetime(2026, 9, 1),
            )
        ]  # fmt: skip

    def test_labels_by_where_they_hang(self, written):
        ((found,),) = mapped(written(gcp_row()), "Tags")
        assert json.loads(found) == {
            "team": "search",
            "tag/env": "prod",
            "project/owner": "search",
            "system/compute.googleapis.com/machine_spec": "a2-highgpu-1g",
        }

    def test_labels_that_are_odd(self, written):
        odd = [{"key": 'a"b', "value": "x\ny"}, {"key": "none", "value": None}, {"key": "ü", "value": ""}]
        ((found,),) = mapped(written(gcp_row(labels=odd, tags=[], system_labels=None, project=None)), "Tags")
        assert json.loads(found) == {'a"b': "x\ny", "none": None, "ü": ""}

    def test_nothing_but_what_is_needed(self, written):
        bare = dict.fromkeys(("project", "labels", "system_labels", "tags", "location", "resource", "usage"))
        row = gcp_row(**bare, cost_type="tax", credits=[], cost_at_list=None)
        columns = "BilledCost, ListCost, ChargeCategory, SubAccountId, Tags, ResourceId, ConsumedQuantity"
        assert mapped(written(row), columns) == [(Decimal("3.5"), None, "Tax", None, None, None, None)]

    @pytest.mark.parametrize(
        ("changes", "category", "charge_class", "frequency", "pricing"),
        [
            ({"cost_type": "adjustment", "adjustment_info": FIX}, "Adjustment", "Correction", "One-Time", None),
            ({"cost_type": "rounding_error"}, "Adjustment", None, "One-Time", None),
            ({"cost_type": "new word"}, "new word", None, "One-Time", None),
            ({"sku": {"id": "1", "description": "Commitment v1: A2 Cpu"}}, "Purchase", None, "Recurring", "Committed"),
            ({"sku": {"id": "1", "description": "Spot Preemptible A2"}}, "Usage", None, "Usage-Based", "Dynamic"),
            ({"credits": [COMMITTED]}, "Usage", None, "Usage-Based", "Committed"),
        ],
    )  # fmt: skip
    def test_kinds_of_charge(self, tmp_path, changes, category, charge_class, frequency, pricing):
        path = write(tmp_path / "gcp.json", lines([gcp_row(**changes)]))
        columns = "ChargeCategory, ChargeClass, ChargeFrequency, PricingCategory"
        assert mapped(path, columns) == [(category, charge_class, frequency, pricing)]

    def test_a_seller_of_the_marketplace(self, tmp_path):
        row = gcp_row(transaction_type="THIRD_PARTY_RESELLER", seller_name="Vendor Inc.")
        path = write(tmp_path / "gcp.json", lines([row]))
        assert mapped(path, "ServiceProviderName, InvoiceIssuerName") == [("Vendor Inc.", "Google Cloud")]


class TestCredits:
    @pytest.mark.parametrize(
        ("credits", "billed"),
        [
            ([], "3.5"),
            (None, "3.5"),
            ([{"amount": -0.5}, {"amount": -1.0, "type": "PROMOTION"}], "2.0"),
            ([{"amount": -0.5}, {"amount": -0.5}], "2.5"),
            ([{"amount": -10.0}], "-6.5"),
            ([{"amount": -1e-07}], "3.4999999"),
        ],
    )
    def test_netted_once_in_the_row_that_they_are_for(self, written, credits, billed):
        path = written(gcp_row(credits=credits))
        assert mapped(path, "BilledCost, EffectiveCost") == [(Decimal(billed), Decimal(billed))]

    def test_numeric_amounts_to_the_last_digit(self, tmp_path):
        row = gcp_row(cost="0.000000000000000003", credits=[{"amount": "-0.000000000000000001"}] * 2)
        path = write(tmp_path / "gcp.json", lines([row]))
        assert mapped(path, "BilledCost") == [(Decimal("0.000000000000000001"),)]

    @pytest.mark.parametrize(
        "credits", [[{"amount": "much"}], [{"name": "no amount"}], "none", {"amount": -1}, [None], [[]]], ids=str
    )
    def test_credits_that_cannot_be_read_never_count_as_none(self, tmp_path, credits):
        row = json.dumps(gcp_row(credits=credits)) + "\n"
        path = write(tmp_path / "gcp.json", row + lines([gcp_row()]))
        ((unread, reason), sound) = mapped(path, "BilledCost, x_Defect")
        assert (unread, sound) == (None, (3, None))
        assert reason.startswith("credits: ")
        assert reason.endswith(" is not a list of credits with amounts")

    @few(5)
    @given(
        st.lists(st.tuples(st.integers(-(10**9), 10**9), st.lists(st.integers(-(10**9), 0), max_size=4)), min_size=1)
    )
    def test_the_store_holds_cost_and_credits_to_the_last_digit(self, items):
        def number(value):
            return value / 10**6

        rows = [
            gcp_row(cost=number(cost), credits=[{"amount": number(amount)} for amount in credits])
            for cost, credits in items
        ]
        expected = sum(Decimal(cost + sum(credits)) / 10**6 for cost, credits in items)
        with fresh_folder() as folder:
            for name in ("parquet", "lines"):
                path = WRITERS[name](folder, rows)
                assert mapped(path, "SUM(BilledCost), COUNT(*)") == [(expected, len(items))]


class TestMonthsAndDays:
    ROWS = (
        gcp_row(),
        # late: used on the last day of August, billed in September
        gcp_row(usage_start_time="2026-08-31 23:00:00 UTC", export_time="2026-09-04 01:00:00 UTC", credits=[]),
        # a day in UTC that is still the day before in Pacific time
        gcp_row(usage_start_time="2026-09-01 03:00:00 UTC", invoice={"month": "202608"}, credits=[]),
    )

    def test_the_bill_goes_by_the_invoice_and_the_day_by_utc(self, written, tmp_path):
        load_into(tmp_path / "store", written(*self.ROWS))
        sql = (
            "SELECT STRFTIME(BillingPeriodStart, '%Y-%m'), CAST(ChargePeriodStart AS VARCHAR), SUM(BilledCost) "
            "FROM cube GROUP BY ALL ORDER BY ALL"
        )
        assert cube_rows(tmp_path / "store", sql) == [
            ("2026-08", "2026-09-01", Decimal("3.5")),
            ("2026-09", "2026-08-31", Decimal("3.5")),
            ("2026-09", "2026-09-05", Decimal(3)),
        ]

    def test_every_month_ties_out(self, written, tmp_path):
        load_into(tmp_path / "store", written(*self.ROWS))
        parts = {part.period: part.tie_outs[0] for part in Store(tmp_path / "store").current().parts}
        assert {period: entry.sums_in["BilledCost"] for period, entry in parts.items()} == {
            "2026-08": Decimal("3.5"),
            "2026-09": Decimal("6.5"),
        }
        assert all(entry.tied_out for entry in parts.values())

    def test_an_extract_with_late_rows_replaces_the_month(self, tmp_path):
        early = write(tmp_path / "one/gcp-202609.json", lines(self.ROWS[:1]))
        late = write(tmp_path / "two/gcp-202609.json", lines(self.ROWS[:2]))
        for path in (early, late, late):
            load_into(tmp_path / "store", path)
        assert cube_rows(tmp_path / "store", "SELECT SUM(BilledCost) FROM cube") == [(Decimal("6.5"),)]

    @pytest.mark.parametrize("month", ["2026-09", "202613", "", None, 202609.5, "20260"])
    def test_a_month_that_is_none_is_no_month(self, tmp_path, month):
        path = write(tmp_path / "gcp.json", lines([gcp_row(), gcp_row(invoice={"month": month})]))
        (sound,), (bad,) = mapped(path, "x_Defect")
        assert sound is None
        assert bad in (f"invoice.month: {month} is not a month such as 202609", "BillingPeriodStart is missing")


class TestFiles:
    def test_a_folder_of_numbered_files_is_one_export(self, tmp_path):
        for number in range(3):
            write(tmp_path / f"gcp/rows-{number:012d}.json", lines([gcp_row(cost=number)]))
        parquet(tmp_path / "gcp/rows-9.parquet", [gcp_row()])
        (done,) = load_into(tmp_path / "store", tmp_path / "gcp")
        assert (done.export, done.rows_loaded) == ("gcp-billing:gcp", 4)

    def test_two_extracts_that_hold_the_same_rows_are_refused(self, tmp_path):
        """The second has four more hours of the month, and what the first had cost more by then."""
        hours = [gcp_row(usage_start_time=f"2026-09-05 {hour:02d}:00:00 UTC") for hour in range(8)]
        parquet(tmp_path / "gcp/first.parquet", hours[:4])
        parquet(tmp_path / "gcp/second.parquet", [row | {"cost": 9.0} for row in hours])
        with pytest.raises(UnreadableFile, match=r"4 of 4 line items of .*first.parquet are in .*second.parquet too"):
            load_into(tmp_path / "store", tmp_path / "gcp")
        (tmp_path / "gcp/first.parquet").unlink()
        (done,) = load_into(tmp_path / "store", tmp_path / "gcp")
        assert done.rows_loaded == 8

    def test_the_kind_is_known_by_content(self, tmp_path):
        (export,) = discover([write(tmp_path / "any.jsonl", lines([gcp_row()]))])
        assert export.source.type == "gcp-billing"

    def test_other_json_in_a_folder_is_no_data(self, tmp_path):
        write(tmp_path / "Manifest.json", '{"dataFiles": []}')
        write(tmp_path / "notes.json", '["billing_account_id is not a key here"]')
        path = write(tmp_path / "rows.json", lines([gcp_row()]))
        assert data_files(tmp_path) == [path]

    def test_the_order_of_fields_does_not_matter(self, tmp_path):
        rows = [dict(reversed(gcp_row().items())), gcp_row()]
        assert mapped(write(tmp_path / "gcp.json", lines(rows)), "BilledCost") == [(3,), (3,)]

    def test_a_parquet_without_credits_is_refused(self, tmp_path):
        table = pa.Table.from_pylist([timed(gcp_row())], schema=SCHEMA).drop_columns(["credits"])
        pq.write_table(table, tmp_path / "gcp.parquet")
        with pytest.raises(MissingColumn, match="has no column credits"):
            discover([tmp_path / "gcp.parquet"])


WHOLE = lines([gcp_row()] * 3)
DAMAGED = {
    "cut in a row": WHOLE[: len(WHOLE) // 2],
    "cut array": json.dumps([gcp_row()] * 3)[:-1],
    "cut after a comma": "[" + json.dumps(gcp_row()) + ",",
    "cut in a list": "[" + json.dumps(gcp_row()).partition("credits")[0] + 'credits": []',
    "a brace too many": WHOLE + "}",
    "two rows in a line": WHOLE.replace("\n", "", 1),
    "a name twice": WHOLE + '{"billing_account_id": "1", "billing_account_id": "2"}\n',
    "not UTF-8": WHOLE.encode() + b'{"billing_account_id": "\xff"}\n',
    "NUL": WHOLE.encode() + b"\x00\x00\x00",
}


class TestHostile:
    @pytest.mark.parametrize("damage", DAMAGED)
    @pytest.mark.parametrize("packed", [False, True])
    def test_damage_is_refused_and_changes_nothing(self, tmp_path, damage, packed):
        content = DAMAGED[damage]
        content = content.encode() if isinstance(content, str) else content
        path = write(
            tmp_path / ("gcp.json.gz" if packed else "gcp.json"), gzip.compress(content) if packed else content
        )
        with pytest.raises(CostError):
            load_into(tmp_path / "store", path)
        assert not Store(tmp_path / "store").manifest()

    @pytest.mark.parametrize("column", ["labels", "credits", "unknown", "cost", "invoice"])
    def test_deep_nesting_is_refused_or_set_aside(self, tmp_path, column):
        deep = "[" * 100_000 + "]" * 100_000
        row = json.dumps(gcp_row(**{column: "DEEP"})).replace('"DEEP"', deep) + "\n"
        path = write(tmp_path / "gcp.json", WHOLE + row)
        try:
            load_into(tmp_path / "store", path)
        except CostError:
            assert not Store(tmp_path / "store").manifest()
        else:
            ((billed,),) = cube_rows(tmp_path / "store", "SELECT SUM(BilledCost) FROM cube")
            assert billed in (9, 12)

    def test_a_gzip_that_breaks_off(self, tmp_path):
        whole = gzip.compress(lines([gcp_row(cost=float(number)) for number in range(2000)]).encode())
        path = write(tmp_path / "gcp.json.gz", whole[: len(whole) // 2])
        with pytest.raises(UnreadableFile):
            load_into(tmp_path / "store", path)

    def test_one_row_of_a_hundred_megabytes_in_a_small_file_is_refused(self, tmp_path):
        row = json.dumps(gcp_row())[:-1] + ', "seller_name": "'
        path = tmp_path / "gcp.json.gz"
        with gzip.open(path, "wb", compresslevel=1) as file:
            file.write(row.encode())
            for _ in range(100):
                file.write(b"a" * (1 << 20))
            file.write(b'"}\n')
        assert path.stat().st_size < 1 << 20
        with pytest.raises(UnreadableFile):
            load_into(tmp_path / "store", path)

    def test_rows_that_are_no_objects_are_set_aside(self, tmp_path):
        load_into(tmp_path / "store", write(tmp_path / "gcp.json", WHOLE + "null\n"))
        entries = [entry for part in Store(tmp_path / "store").current().parts for entry in part.tie_outs]
        assert [sum(entry.rows_loaded for entry in entries), sum(entry.rows_quarantined for entry in entries)] == [3, 1]

    @few(25)
    @given(st.data())
    def test_whatever_is_cut_or_changed_the_answer_is_a_refusal_or_a_load_that_ties_out(self, data):
        content = bytearray(WHOLE.encode())
        for _ in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        del content[data.draw(st.integers(1, len(content))) :]
        with fresh_folder() as folder:
            path = write(folder / "gcp.json", bytes(content))
            try:
                export = inspect(path)
                mapped(path, "*")
            except InputError:
                return
            except Exception as error:
                assert type(error).__module__ == "_duckdb", error
                return
            assert export.path == path


def test_a_refused_file_leaves_a_store_as_it_was(tmp_path):
    load_into(tmp_path / "store", write(tmp_path / "good/gcp.json", WHOLE))
    before = store_bytes(tmp_path / "store")
    with pytest.raises(UnreadableFile):
        load_into(tmp_path / "store", write(tmp_path / "bad/gcp.json", WHOLE + '{"billing_account_id": '))
    assert store_bytes(tmp_path / "store") == before


def test_sums_by_hand_over_a_month_of_both_forms(tmp_path):
    """Thirty days of two projects, added up here without the engine."""
    rows, expected = [], defaultdict(Decimal)
    for number in range(60):
        project, cost = f"p{number % 2}", round(0.1 * number + 0.01, 4)
        credit = round(-0.03 * (number % 3), 4)
        start = f"2026-09-{number // 2 + 1:02d} 12:00:00 UTC"
        rows.append(
            gcp_row(project={"id": project}, cost=cost, usage_start_time=start, credits=[{"amount": credit}] * 2)
        )
        expected[project] += Decimal(str(cost)) + 2 * Decimal(str(credit))
    parquet(tmp_path / "gcp/a.parquet", rows[:30])
    write(tmp_path / "gcp/b.json", lines(rows[30:]))
    load_into(tmp_path / "store", tmp_path / "gcp")
    found = cube_rows(tmp_path / "store", "SELECT SubAccountId, SUM(BilledCost) FROM cube GROUP BY 1")
    assert dict(found) == expected
