"""The files themselves: where they lie, that they never change, and that the manifests tell the truth."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from costlib import sample

PERIODS = (
    "2025-11",
    "2025-12",
    "2026-01",
    "2026-02",
    "2026-03",
    "2026-04",
    "2026-05",
    "2026-06",
    "2026-07",
    "2026-08",
    "2026-09",
    "2026-10",
)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def manifest_of(export: Path, period: str) -> dict:
    (found,) = (export / "metadata" / f"BILLING_PERIOD={period}").iterdir()
    return json.loads(found.read_text(encoding="utf-8"))


def local(export: Path, uri: str) -> Path:
    """The file that a URI of the manifest means, where the export's folder was copied as a whole."""
    marker = f"/{export.name}/"
    return export / uri[uri.index(marker) + len(marker) :]


def test_two_writes_are_the_same_to_the_byte(written, tmp_path):
    sample.write(tmp_path)
    assert digests(tmp_path) == digests(written.folder)


def test_a_second_write_replaces_the_first_with_the_same_bytes(tmp_path):
    sample.write(tmp_path)
    first = digests(tmp_path)
    sample.write(tmp_path)
    assert digests(tmp_path) == first


def test_writing_creates_missing_folders(tmp_path):
    cur, vendor = sample.write(tmp_path / "deep" / "down")
    assert cur.is_dir()
    assert vendor.is_file()


def test_writing_takes_under_eight_seconds_of_processor(tmp_path):
    before = time.process_time()
    sample.write(tmp_path)
    assert time.process_time() - before < 8


def test_a_folder_that_cannot_be_written_is_an_os_error(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(OSError):
        sample.write(blocked)


def test_returns_one_folder_and_one_file(written):
    assert written.cur.parent == written.folder
    assert written.vendor.parent == written.folder
    assert written.cur.is_dir()
    assert written.vendor.suffix == ".csv"


def test_progress_names_every_period_and_the_vendor_and_says_sample(written):
    assert len(written.messages) == 13
    assert all("sample" in message for message in written.messages)
    for period in PERIODS:
        assert sum(period in message for message in written.messages) == 1


def test_the_word_sample_is_in_every_name_that_is_shown(bills):
    assert "sample" in sample.NAME
    shown = bills.rows(
        "SELECT DISTINCT unnest([bill_payer_account_name, line_item_usage_account_name]) FROM bill "
        "UNION SELECT DISTINCT unnest([BillingAccountName, ProviderName, InvoiceIssuerName]) FROM vendor"
    )
    assert len(shown) >= 6
    assert all("sample" in name for (name,) in shown)


def test_one_partition_for_each_billing_month_in_data_and_metadata(written):
    wanted = [f"BILLING_PERIOD={period}" for period in PERIODS]
    for part in ("data", "metadata"):
        assert sorted(path.name for path in (written.cur / part).iterdir()) == wanted


def test_file_names_follow_data_exports(written):
    name = written.cur.name
    files = [path.name for path in (written.cur / "data").rglob("*") if path.is_file()]
    manifests = [path.name for path in (written.cur / "metadata").rglob("*") if path.is_file()]
    assert set(files) == {f"{name}-00001.snappy.parquet"}
    assert set(manifests) == {f"{name}-Manifest.json"}


@pytest.mark.parametrize("period", PERIODS)
def test_a_manifest_lists_exactly_the_files_of_its_period(written, period):
    listed = manifest_of(written.cur, period)["dataFiles"]
    assert all(uri.startswith("s3://") and f"BILLING_PERIOD={period}/" in uri for uri in listed)
    there = sorted((written.cur / "data" / f"BILLING_PERIOD={period}").iterdir())
    assert sorted(local(written.cur, uri) for uri in listed) == there


@pytest.mark.parametrize("period", PERIODS)
def test_a_manifest_describes_the_columns_of_its_files(written, period):
    manifest = manifest_of(written.cur, period)
    schema = pq.read_schema(local(written.cur, manifest["dataFiles"][0]))
    described = {column["name"]: column["type"] for column in manifest["columns"]}
    assert [column["name"] for column in manifest["columns"]] == schema.names
    for name in schema.names:
        assert described[name] == type_as_aws_says(schema.field(name).type), name


def type_as_aws_says(kind: pa.DataType) -> str:
    if pa.types.is_map(kind):
        return f"map<{kind.key_type},{kind.item_type}>"
    return {"string": "string", "double": "double", "timestamp[ms]": "timestamp"}[str(kind)]


def test_manifests_name_their_period_and_have_an_execution_of_their_own(written):
    manifests = [manifest_of(written.cur, period) for period in PERIODS]
    assert [manifest["billingPeriod"]["start"][:7] for manifest in manifests] == list(PERIODS)
    assert manifests[0]["billingPeriod"]["end"] == "2025-12-01T00:00:00.000Z"
    assert len({manifest["executionId"] for manifest in manifests}) == len(PERIODS)
    assert len({manifest["exportArn"] for manifest in manifests}) == 1
    assert manifests[0]["exportArn"].startswith("arn:aws:bcm-data-exports:us-east-1:111122223333:export/")


def test_closed_months_are_finished_after_their_end_and_the_open_one_after_the_last_day(written):
    created = [manifest_of(written.cur, period)["executionCreatedAt"][:10] for period in PERIODS]
    assert created[0] == "2025-12-06"
    assert created[-2] == "2026-10-06"
    assert created[-1] == "2026-10-21"


def test_data_is_compressed_with_snappy(written):
    path = next((written.cur / "data").rglob("*.parquet"))
    column = pq.ParquetFile(path).metadata.row_group(0).column(0)
    assert column.compression == "SNAPPY"


def test_every_month_has_line_items_and_together_about_a_hundred_thousand(written):
    counts = [
        sum(pq.ParquetFile(path).metadata.num_rows for path in folder.iterdir())
        for folder in sorted((written.cur / "data").iterdir())
    ]
    assert 95_000 <= sum(counts) <= 110_000
    assert min(counts) > 5_000
