"""Loads from BigQuery: a stub of its API, answered by Google's own evaluator, beside an extract of the same rows."""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import EmptyExport, InputError, MissingColumn, UnreadableFile
from costlib.sources import bigquery_api
from costlib.sources.bigquery import announced, fetch
from costlib.sources.bigquery_address import asked
from costlib.sources.bigquery_rows import write_month
from costlib.sources.bigquery_select import base_select
from costlib.sql.compile import compiled
from costlib.sql.engines import Engine
from costlib.store.parts import unpacked_select
from costlib.store.status import status_document
from costlib.store.store import Store
from tests.bills import few, fresh_folder
from tests.builders import cube_rows, load_into, mapped, store_bytes
from tests.sources.bigquery_stub import Stub, served
from tests.sources.bigquery_table import NAME, PARTITION, SCHEMA, TABLE, exported, fields, resource, written

WHERE = f"bigquery://{NAME}"
MACHINE = "system/compute.googleapis.com/machine_spec"


@pytest.fixture
def rows():
    """The rows that the table holds; tests change the list."""
    return []


@pytest.fixture
def stub(zetasql, rows, tmp_path, monkeypatch):
    """A BigQuery that holds the rows, the only one in reach; every query that it saw was a careful one."""
    with served(Stub(resource(), lambda sql: zetasql.rows(sql, NAME, TABLE, rows))) as found:
        signed_in = {"type": "authorized_user", "client_id": "1", "client_secret": "2", "refresh_token": "3"}
        (tmp_path / "key.json").write_text(json.dumps(signed_in), encoding="utf-8")
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
        monkeypatch.setattr("google.oauth2.credentials._GOOGLE_OAUTH2_TOKEN_ENDPOINT", f"{found.url}/token")
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", found.url)
        monkeypatch.setenv("NO_GCE_CHECK", "true")
        monkeypatch.setattr(bigquery_api, "PAUSE_SECONDS", 0.01)
        yield found
    assert found.broken == []


def told(where, folder):
    """What a fetch says."""
    lines = []
    fetch(where, folder, lines.append)
    return lines


#: A bill with all that a bill has: see the comments.
BILL = [
    # the same meter at hours around midnight in Pacific time and in UTC, and in the night clocks change
    *(
        exported("2026-09-02", usage_start_time=f"{moment}:00 UTC", cost=cost)
        for moment, cost in (
            ("2026-08-31 23:30", 0.1), ("2026-09-01 00:00", 0.2), ("2026-09-01 06:59", 0.7),
            ("2026-09-01 07:00", 1.1), ("2026-09-01 23:59", 1.3), ("2026-09-02 00:00", 0.123456789012345),
        )
    ),
    # late: used in August, billed in September; and August's own bill
    exported("2026-09-04", usage_start_time="2026-08-30 10:00:00 UTC"),
    exported("2026-08-31", usage_start_time="2026-08-30 10:00:00 UTC", invoice={"month": "202608"}),
    # credits
    exported("2026-09-05", credits=None),
    exported("2026-09-05", credits=[{"amount": -0.5, "type": "PROMOTION"}, {"amount": -0.25, "type": "FREE_TIER"}]),
    exported("2026-09-05", credits=[{"amount": -1.0, "type": "COMMITTED_USAGE_DISCOUNT"}, {"amount": -0.1}]),
    exported("2026-09-05", credits=[{"amount": 0.0, "type": "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE"}]),
    # labels, projects, services, currencies
    exported("2026-09-05", labels=[{"key": "team", "value": "fraud"}], cost=7.0, system_labels=None, tags=[]),
    exported("2026-09-05", labels=[{"key": 'a"b', "value": "x\ny"}, {"key": "ü", "value": ""}]),
    exported("2026-09-05", labels=[], project=None, currency="USD", cost_at_list=None, resource=None),
    exported("2026-09-05", service={"description": "Vertex AI"}, sku={"id": "2", "description": "Commitment v1: A2"}),
    # kinds of charge
    exported("2026-09-05", cost_type="tax", usage=None, project=None, credits=[]),
    exported("2026-09-05", cost_type="adjustment", adjustment_info={"mode": "MANUAL"}, cost=-2.0),
    exported("2026-09-05", transaction_type="THIRD_PARTY_RESELLER", seller_name="Vendor Inc."),
    exported("2026-09-05", sku={"id": "3", "description": "Spot Preemptible A2"}, subscription={"instance_id": "9"}),
    # refunded to the cent
    exported("2026-09-05", cost=-3.5, credits=[{"amount": 0.5, "type": "PROMOTION"}]),
]  # fmt: skip
#: Hours after 20:00 UTC on 31 August, cost and credits in billionths.
LINES = st.tuples(st.integers(0, 40), st.integers(-(10**12), 10**12), st.lists(st.integers(-(10**9), 0), max_size=3))
BY = (
    "ChargePeriodStart, BillingPeriodStart, ServiceName, ServiceCategory, SkuId, ResourceId, SubAccountName, RegionId, "
    "ChargeCategory, ChargeClass, ChargeFrequency, PricingCategory, CommitmentDiscountStatus, BillingCurrency, "
    "InvoiceIssuerName, ServiceProviderName, ConsumedUnit, PricingUnit, x_InstanceType, x_LineItemType"
)
SUMS = ", ".join(
    f"SUM({name}), COUNT({name}) > 0"
    for name in ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "ConsumedQuantity", "PricingQuantity")
)


def base_rows(root, columns=f"{BY}, Tags", sums=SUMS):
    """The store's base rows, summed by columns."""
    paths = [str(root / part.path) for part in Store(root).current().parts if part.path]
    rows = unpacked_select("FROM read_parquet(?)")
    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT {columns}, {sums} FROM ({rows}) GROUP BY {columns} ORDER BY ALL", [paths]
        ).fetchall()


class TestTheSameCube:
    def test_pushed_down_and_extracted_loads_agree_to_the_last_digit(self, stub, rows, tmp_path):
        rows += BILL
        load_into(tmp_path / "pushed", *fetch(WHERE, tmp_path / "home", print))
        load_into(tmp_path / "extract", written(tmp_path / "gcp.parquet", rows))
        assert len(base_rows(tmp_path / "extract")) == 15
        assert base_rows(tmp_path / "pushed") == base_rows(tmp_path / "extract")
        by_cube = "SELECT ChargePeriodStart, ServiceName, x_Team, SUM(BilledCost) FROM cube GROUP BY ALL ORDER BY ALL"
        assert cube_rows(tmp_path / "pushed", by_cube) == cube_rows(tmp_path / "extract", by_cube)

    def test_by_hand(self, stub, rows, tmp_path):
        rows += BILL[:7]
        load_into(tmp_path / "store", *fetch(WHERE, tmp_path / "home", print))
        sql = "SELECT CAST(ChargePeriodStart AS VARCHAR), SUM(BilledCost) FROM cube GROUP BY ALL ORDER BY ALL"
        assert cube_rows(tmp_path / "store", sql) == [
            ("2026-08-30", Decimal("3.0")),
            ("2026-08-31", Decimal("-0.4")),
            ("2026-09-01", Decimal("1.3")),
            ("2026-09-02", Decimal("-0.376543210987655")),
        ]

    def test_months_tie_out_and_the_grain_is_told(self, stub, rows, tmp_path):
        rows += BILL
        load_into(tmp_path / "store", *fetch(WHERE, tmp_path / "home", print))
        entries = status_document(Store(tmp_path / "store").current())["loads"]
        assert {(entry["period"], entry["currency"]) for entry in entries} == {
            ("2026-08", "EUR"), ("2026-09", "EUR"), ("2026-09", "USD"),
        }  # fmt: skip
        assert all(entry["tied_out"] for entry in entries)
        assert {entry["source"] for entry in entries} == {"gcp-bigquery:gcp_billing_export_resource_v1_01AB"}
        assert {entry["grain"] for entry in entries} == {"day, resource, SKU and labels"}

    def test_line_items_of_a_day_are_one_row(self, stub, rows, tmp_path):
        rows += [exported("2026-09-02", usage_start_time=f"2026-09-01 {hour:02}:00:00 UTC") for hour in range(24)]
        (path,) = fetch(WHERE, tmp_path, print)
        table = pq.read_table(path)
        assert (table.num_rows, table["x_LineItems"].to_pylist()) == (1, [24])
        assert mapped(path, "BilledCost, ConsumedQuantity") == [(72, 24 * 3600)]

    def test_a_row_that_an_extract_sets_aside_is_set_aside(self, stub, rows, tmp_path):
        rows += [exported("2026-09-02"), exported("2026-09-02", credits=[{"type": "PROMOTION"}, {"amount": -1.0}])]
        rows.append(exported("2026-09-02", cost=None))
        (path,) = fetch(WHERE, tmp_path / "home", print)
        extract = mapped(written(tmp_path / "gcp.parquet", rows), "BilledCost, x_Defect IS NULL")
        assert sorted(mapped(path, "BilledCost, x_Defect IS NULL"), key=str) == sorted(extract, key=str)
        ((defect,),) = [row for row in mapped(path, "x_Defect") if row[0] and row[0].startswith("credits")]
        assert defect.endswith("is not a list of credits with amounts")

    def test_labels_that_are_named_are_the_only_ones(self, stub, rows, tmp_path):
        rows += [
            exported("2026-09-02", labels=[{"key": "team", "value": "a"}, {"key": "pod", "value": str(number)}])
            for number in range(5)
        ]
        rows.append(exported("2026-09-02", labels=[], tags=[]))
        (path,) = fetch(f"{WHERE}?labels=team,tag/env,project/none", tmp_path, print)
        found = mapped(path, "Tags, BilledCost, x_InstanceType")
        assert {billed: (json.loads(tags), machine) for tags, billed, machine in found} == {
            15: ({"team": "a", "tag/env": "prod", MACHINE: "a2-highgpu-1g"}, "a2-highgpu-1g"),
            3: ({MACHINE: "a2-highgpu-1g"}, "a2-highgpu-1g"),
        }

    @few(3)
    @given(st.lists(LINES, min_size=1, max_size=30))
    def test_any_bill(self, zetasql, items):
        sql = compiled(base_select(NAME, fields(), PARTITION, asked(WHERE).span), Engine.BIGQUERY)
        table, expected = [], defaultdict(Decimal)
        for hours, cost, credits in items:
            used = datetime(2026, 8, 31, 20) + timedelta(hours=hours)
            granted = [{"amount": amount / 10**9, "type": "PROMOTION"} for amount in credits]
            table.append(exported("2026-09-20", usage_start_time=f"{used} UTC", cost=cost / 10**9, credits=granted))
            expected[used.date()] += Decimal(cost + sum(credits)) / 10**9
        with fresh_folder() as folder:
            write_month(folder / "m.parquet", [zetasql.rows(sql, NAME, TABLE, table)], None)
            found = mapped(folder / "m.parquet", "CAST(ChargePeriodStart AS DATE), BilledCost")
        assert sorted(found) == sorted(expected.items())


class TestRestatedMonths:
    def test_only_a_month_with_new_rows_is_fetched_again(self, stub, rows, tmp_path):
        rows += BILL
        first = fetch(WHERE, tmp_path, print)
        before = {path: path.read_bytes() for path in first}
        assert [path.name[-15:] for path in first] == ["2026-08.parquet", "2026-09.parquet"]
        rows.append(exported("2026-10-03", usage_start_time="2026-09-30 23:00:00 UTC"))
        ran = len(stub.queries)
        assert fetch(WHERE, tmp_path, print) == first
        look, base = stub.queries[ran:]
        assert "MIN(partition_day)" in look
        assert "invoice.month >= '202609'\n    AND invoice.month < '202610'" in base
        assert {path.name[-15:-8] for path, content in before.items() if path.read_bytes() != content} == {"2026-09"}

    def test_nothing_new_is_looked_up_and_not_fetched(self, stub, rows, tmp_path):
        rows += BILL
        fetch(WHERE, tmp_path, print)
        ran = len(stub.queries)
        assert told(WHERE, tmp_path)[-1].startswith("gcp_billing_export_resource_v1_01AB: 0 of 2 months fetched")
        assert len(stub.queries) == ran + 1

    def test_a_row_that_changed_without_a_later_export_is_noticed(self, stub, rows, tmp_path):
        rows.append(exported("2026-09-02"))
        (path,) = fetch(WHERE, tmp_path, print)
        rows[0] = exported("2026-09-02", cost=9.0)
        fetch(WHERE, tmp_path, print)
        assert mapped(path, "BilledCost") == [(Decimal("8.5"),)]

    def test_late_rows_replace_the_month_in_the_store(self, stub, rows, tmp_path):
        rows.append(exported("2026-09-02"))
        for late in (0, 1, 2):
            rows += [exported("2026-10-03")] * late
            load_into(tmp_path / "store", *fetch(WHERE, tmp_path / "home", print))
        assert cube_rows(tmp_path / "store", "SELECT SUM(BilledCost) FROM cube") == [(12,)]

    def test_other_labels_are_another_question(self, stub, rows, tmp_path):
        rows.append(exported("2026-09-02"))
        assert fetch(WHERE, tmp_path, print) != fetch(f"{WHERE}?labels=team", tmp_path, print)

    @pytest.mark.parametrize("damage", ["", "[]", "{", "[" * 100_000])
    def test_a_damaged_index_means_that_all_is_fetched_again(self, stub, rows, tmp_path, damage):
        rows.append(exported("2026-09-02"))
        (path,) = fetch(WHERE, tmp_path, print)
        (path.parent / "index.json").write_text(damage, encoding="utf-8")
        assert "1 of 1 months fetched" in told(WHERE, tmp_path)[-1]

    def test_months_asked_for_only(self, stub, rows, tmp_path):
        rows += BILL
        (path,) = fetch(f"{WHERE}?from=2026-08&to=2026-09", tmp_path, print)
        assert mapped(path, "BilledCost") == [(3,)]
        assert all("_PARTITIONTIME < CAST(" in query for query in stub.queries)


class TestWhatItCosts:
    def test_it_is_said_before_it_runs(self, stub, rows, tmp_path):
        rows.append(exported("2026-09-02"))
        stub.bytes_read = 3 << 38
        said = told(f"{WHERE}?max_gib=2000", tmp_path)
        assert said == [
            f"{NAME}: finding the months reads 768.00 GiB, about 4.69 USD (6.25 USD a TiB on demand in the US, "
            "June 2026, cloud.google.com/bigquery/pricing)",
            "gcp_billing_export_resource_v1_01AB 2026-09: 1 rows to sum, 768.00 GiB, about 4.69 USD",
            "gcp_billing_export_resource_v1_01AB: 1 of 1 months fetched, 1,536.00 GiB, about 9.38 USD",
        ]

    def test_more_than_the_limit_is_refused_before_anything_runs(self, stub, rows, tmp_path):
        rows.append(exported("2026-09-02"))
        stub.bytes_read = 101 << 30
        with pytest.raises(InputError, match=r"would read 101.00 GiB, about 0.62 USD.*at most 100 GiB.*max_gib=101"):
            fetch(WHERE, tmp_path, print)
        assert stub.queries == []

    def test_what_was_billed_counts_against_the_limit_of_the_load(self, stub, rows, tmp_path):
        rows += BILL[:8]
        stub.bytes_read = 40 << 30
        with pytest.raises(InputError, match=r"would read 80.00 GiB.*of which 40.00 GiB are used.*max_gib=120"):
            fetch(WHERE, tmp_path, print)
        assert len(stub.queries) == 1

    def test_every_job_has_what_is_left_as_its_limit(self, stub, rows, tmp_path):
        rows += BILL[:8]
        stub.bytes_read = 1 << 30
        fetch(f"{WHERE}?max_gib=9", tmp_path, print)
        limits = [int(job["query"]["maximumBytesBilled"]) >> 30 for job in stub.asked if not job.get("dryRun")]
        assert limits == [9, 8, 7]

    def test_ten_megabytes_are_the_least(self, stub, rows, tmp_path):
        rows.append(exported("2026-09-02"))
        stub.bytes_read = 0
        assert "reads 0.01 GiB, less than 0.01 USD" in told(WHERE, tmp_path)[0]

    def test_a_dry_run_runs_nothing(self, stub, rows, tmp_path):
        rows.append(exported("2026-09-02"))
        look, base = announced(f"{WHERE}?from=2026-09", tmp_path)
        assert "finding the months reads 0.02 GiB" in look
        assert base == (
            "gcp_billing_export_resource_v1_01AB: changed months, at most 0.02 GiB, less than 0.01 USD; "
            "a load stops before 100 GiB (max_gib)"
        )
        assert stub.queries == []
        assert [path.name for path in tmp_path.iterdir()] == ["key.json"]

    def test_the_job_says_who_it_is_and_where_it_runs(self, stub, rows, tmp_path):
        rows.append(exported("2026-09-02"))
        fetch(f"{WHERE}?run_in=payer-project", tmp_path, print)
        assert all(job["labels"] == {"application": "glidepath", "purpose": "billing-export"} for job in stub.asked)
        assert {reference["projectId"] for reference in stub.references} == {"payer-project"}
        assert {reference["location"] for reference in stub.references} == {"EU"}


class TestTheWayThere:
    def test_pages_are_put_together(self, stub, rows, tmp_path):
        rows += [exported("2026-09-02", sku={"id": str(number), "description": "x"}) for number in range(7)]
        stub.page = 3
        (path,) = fetch(WHERE, tmp_path, print)
        assert pq.read_metadata(path).num_rows == 7
        assert stub.calls.count("results") >= 4

    @pytest.mark.parametrize("call", ["table", "insert", "results"])
    def test_what_is_busy_is_asked_again(self, stub, rows, tmp_path, call):
        rows.append(exported("2026-09-02"))
        stub.failures = {call: [429, 500, 429]}
        (path,) = fetch(WHERE, tmp_path, print)
        assert mapped(path, "BilledCost") == [(3,)]

    def test_what_stays_busy_is_given_up_in_time(self, stub, rows, tmp_path, monkeypatch):
        monkeypatch.setattr(bigquery_api, "AGAIN_SECONDS", 0.2)
        stub.failures = {"table": [500] * 1000}
        with pytest.raises(InputError, match=r"did not answer within 0 s .*backendError"):
            fetch(WHERE, tmp_path, print)

    def test_a_dead_port_is_given_up_in_time(self, stub, tmp_path, monkeypatch):
        monkeypatch.setattr(bigquery_api, "AGAIN_SECONDS", 0.3)
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", "http://127.0.0.1:9")
        started = time.monotonic()
        with pytest.raises(InputError, match="Check the network"):
            fetch(WHERE, tmp_path, print)
        assert time.monotonic() - started < 10

    @pytest.mark.parametrize(
        ("failures", "reasons", "message"),
        [
            ({"table": [404]}, {}, "there is no such table, dataset or project.*letter by letter"),
            ({"table": [403]}, {}, r"access is denied.*bigquery\.tables\.getData.*bigquery\.jobs\.create"),
            ({"insert": [403]}, {}, "access is denied"),
            ({"insert": [403]}, {403: "quotaExceeded"}, "quota is used up.*run_in"),
            ({"insert": [400]}, {}, "BigQuery says: .*stub says invalidQuery"),
            ({"results": [400]}, {400: "bytesBilledLimitExceeded"}, "would bill more than the limit.*max_gib"),
            ({"token": [400]}, {}, "cannot be reached"),
        ],
    )
    def test_refusals_are_said_in_words_and_change_nothing(self, stub, rows, tmp_path, failures, reasons, message):
        rows.append(exported("2026-09-02"))
        fetch(WHERE, tmp_path / "store/exports", print)
        before = store_bytes(tmp_path / "store")
        rows.append(exported("2026-09-03"))
        stub.failures, stub.reasons = failures, {**stub.reasons, **reasons}
        with pytest.raises(InputError, match=message) as refused:
            fetch(WHERE, tmp_path / "store/exports", print)
        assert NAME in str(refused.value)
        assert store_bytes(tmp_path / "store") == before

    def test_no_credentials(self, stub, tmp_path, monkeypatch):
        for name in ("GOOGLE_APPLICATION_CREDENTIALS", "HOME", "CLOUDSDK_CONFIG"):
            monkeypatch.setenv(name, str(tmp_path / "none"))
        with pytest.raises(InputError, match=r"no credentials for Google Cloud.*gcloud auth application-default login"):
            fetch(WHERE, tmp_path, print)
        assert stub.calls == []

    def test_pages_that_get_lost_are_noticed(self, stub, rows, tmp_path):
        rows += [exported("2026-09-02", sku={"id": str(number), "description": "x"}) for number in range(4)]
        answer, stub.page = stub.answer, 100
        stub.answer = lambda sql: answer(sql) if "MIN(partition_day)" in sql else answer(sql)[:3]
        with pytest.raises(UnreadableFile, match=r"3 rows with 10.5 .* came, 4 rows with 14 .* are there"):
            fetch(WHERE, tmp_path / "home", print)
        assert not list(tmp_path.rglob("*.parquet"))

    def test_money_that_gets_lost_is_noticed(self, stub, rows, tmp_path):
        rows.append(exported("2026-09-02", cost=4.5))
        (kept,) = fetch(WHERE, tmp_path / "home", print)
        rows[0] = exported("2026-09-02")
        before, answer = kept.read_bytes(), stub.answer
        stub.answer = lambda sql: [
            tuple("3.49" if value == "3.5" and "MIN(partition_day)" not in sql else value for value in row)
            for row in answer(sql)
        ]
        with pytest.raises(UnreadableFile, match=r"1 rows with 3.49 .* came, 1 rows with 3.5 "):
            fetch(WHERE, tmp_path / "home", print)
        assert kept.read_bytes() == before
        assert len(list((tmp_path / "home").rglob("*.parquet"))) == 1

    def test_rows_that_arrive_meanwhile_are_no_loss(self, stub, rows, tmp_path):
        rows.append(exported("2026-09-02"))
        answer = stub.answer

        def slow(sql):
            found = answer(sql)
            if "MIN(partition_day)" in sql and len(rows) == 1:
                rows.append(exported("2026-09-02"))
            return found

        stub.answer = slow
        (path,) = fetch(WHERE, tmp_path / "home", print)
        assert mapped(path, "BilledCost") == [(6,)]
        assert "1 of 1 months fetched" in told(WHERE, tmp_path / "home")[-1]


class TestTables:
    @pytest.mark.parametrize(
        ("gone", "message"),
        [("export_time", "export_time"), ("credits", "credits.amount"), ("invoice", "invoice.month")],
    )
    def test_a_table_that_lacks_a_column_is_refused_by_its_name(self, stub, tmp_path, gone, message):
        stub.table = resource(pa.schema([field for field in SCHEMA if field.name != gone]))
        with pytest.raises(MissingColumn, match=f"{NAME} has no column {message}"):
            fetch(WHERE, tmp_path, print)
        assert stub.asked == []

    def test_another_table_is_refused(self, stub, tmp_path):
        stub.table = resource(pa.schema([("name", pa.string())]))
        with pytest.raises(MissingColumn, match="has no column billing_account_id"):
            announced(WHERE, tmp_path)

    def test_the_standard_export(self, stub, rows, tmp_path):
        rows.append(exported("2026-09-02"))
        stub.table = resource(pa.schema([field for field in SCHEMA if field.name != "resource"]))
        (path,) = fetch(WHERE, tmp_path, print)
        assert mapped(path, "BilledCost, ResourceId, SkuId") == [(3, None, "SKU-1")]

    def test_a_view_is_filtered_by_export_time_and_told(self, stub, rows, tmp_path):
        rows.append(exported("2026-09-02"))
        stub.table = resource(partitioned=False)
        assert "not partitioned by time, so each query reads all of it" in told(WHERE, tmp_path)[0]
        assert all("export_time >= CAST(" in query for query in stub.queries)

    def test_no_rows(self, stub, tmp_path):
        with pytest.raises(EmptyExport, match="holds no rows of the months asked for"):
            fetch(WHERE, tmp_path, print)

    def test_rows_without_a_month_are_told(self, stub, rows, tmp_path):
        rows += [exported("2026-09-02"), exported("2026-09-02", invoice=None), exported("2026-09-02", invoice=None)]
        assert "2 rows with the invoice month None are left out (cost 7, credits -1)" in told(WHERE, tmp_path)


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


class TestTheCommand:
    def test_load(self, stub, rows, tmp_path):
        rows += BILL
        found = run("load", WHERE, "--source", "google", "--store", tmp_path / "store", "--json")
        assert found.exit_code == 0, found.exception
        (loaded,) = json.loads(found.stdout)["loads"]
        assert (loaded["source"], loaded["tied_out"], loaded["rows_quarantined"]) == ("google", True, 0)
        assert "finding the months reads" in found.stderr.replace("\n", "")
        assert [path.name for path in (tmp_path / "store/exports/bigquery").iterdir()] == [NAME]

    def test_dry_run(self, stub, rows, tmp_path):
        rows += BILL
        found = run("load", f"{WHERE}?from=2026-09", "--dry-run", "--store", tmp_path / "store", "--json")
        assert len(json.loads(found.stdout)["would"]) == 2
        assert stub.queries == []
        assert not (tmp_path / "store").exists()


@pytest.mark.skipif("GLIDEPATH_LIVE_BIGQUERY" not in os.environ, reason="LIVE: name a table in GLIDEPATH_LIVE_BIGQUERY")
def test_live():
    """Dry runs against Google itself, which cost nothing."""
    with fresh_folder() as folder:
        look, base = announced(os.environ["GLIDEPATH_LIVE_BIGQUERY"], folder)
    assert "finding the months reads" in look
    assert "changed months, at most" in base
