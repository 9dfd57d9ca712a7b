"""The files themselves: where they lie, that they never change, and that the manifests tell the truth."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from costlib import sample
from costlib.sample import cost_explorer, cur, gcp
from costlib.store.question import Question
from costlib.workspace import Workspace

PERIODS = tuple(f"{year}-{month:02d}" for year in (2024, 2025, 2026) for month in range(1, 13))[10:34]


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


@dataclass(frozen=True)
class Again:
    """The sample written a second time, over what an earlier run left behind in folders that were missing."""

    folder: Path
    paths: tuple[Path, ...]
    processor: float


@pytest.fixture(scope="module")
def again(written, tmp_path_factory) -> Again:
    folder = tmp_path_factory.mktemp("again") / "deep" / "down"
    for path in (path for path in written.folder.rglob("*") if path.is_file()):
        stale = folder / path.relative_to(written.folder)
        stale.parent.mkdir(parents=True, exist_ok=True)
        stale.write_bytes(b"an earlier run")
    before = time.process_time()
    paths = sample.write(folder)
    return Again(folder, paths, time.process_time() - before)


def test_two_writes_are_the_same_to_the_byte_also_over_files_of_an_earlier_run(written, again):
    assert digests(again.folder) == digests(written.folder)


def test_writing_takes_under_twelve_seconds_of_processor(again):
    assert again.processor < 12


def test_the_files_are_small_enough_to_keep(written):
    sizes = {path.suffix: 0 for path in written.folder.rglob("*") if path.is_file()}
    for path in (path for path in written.folder.rglob("*") if path.is_file()):
        sizes[path.suffix] += path.stat().st_size
    assert sizes[".parquet"] < 80_000_000
    assert sum(sizes.values()) < 110_000_000


def test_a_folder_that_cannot_be_written_is_an_os_error(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(OSError):
        sample.write(blocked)


def test_returns_the_aws_export_the_vendors_file_and_the_azure_exports(written):
    assert {path.parent for path in written.paths} == {written.folder}
    assert [path.name for path in written.paths] == [
        "northlight-sample-cur2",
        "llm-vendor-focus.csv",
        "northlight-sample-azure",
    ]


def test_progress_names_every_period_and_every_bill_and_says_sample(written):
    assert len(written.messages) == 28
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
    assert manifests[0]["billingPeriod"]["end"] == "2024-12-01T00:00:00.000Z"
    assert len({manifest["executionId"] for manifest in manifests}) == len(PERIODS)
    assert len({manifest["exportArn"] for manifest in manifests}) == 1
    assert manifests[0]["exportArn"].startswith("arn:aws:bcm-data-exports:us-east-1:111122223333:export/")


def test_closed_months_are_finished_after_their_end_and_the_open_one_after_the_last_day(written):
    created = [manifest_of(written.cur, period)["executionCreatedAt"][:10] for period in PERIODS]
    assert created[0] == "2024-12-06"
    assert created[-2] == "2026-10-06"
    assert created[-1] == "2026-10-21"


def test_data_is_compressed_with_snappy(written):
    path = next((written.cur / "data").rglob("*.parquet"))
    column = pq.ParquetFile(path).metadata.row_group(0).column(0)
    assert column.compression == "SNAPPY"


def test_more_than_a_million_line_items_and_every_month_has_its_share(written):
    counts = [
        sum(pq.ParquetFile(path).metadata.num_rows for path in folder.iterdir())
        for folder in sorted((written.cur / "data").iterdir())
    ]
    assert 1_000_000 <= sum(counts) <= 1_500_000
    assert min(counts) > 30_000


def test_only_the_restated_month_was_delivered_on_another_day(written):
    created = {period: manifest_of(written.cur, period)["executionCreatedAt"][:10] for period in PERIODS}
    late = {period: day for period, day in created.items() if day[-2:] != "06"}
    assert late == {"2026-08": "2026-09-18", "2026-10": "2026-10-21"}


@pytest.fixture(scope="module")
def august(written, tmp_path_factory) -> tuple[Path, Path]:
    """The export with only August 2026 in it: as first delivered, and as it is in place."""
    first = sample.write_first_delivery(tmp_path_factory.mktemp("first"))
    second = tmp_path_factory.mktemp("second") / written.cur.name
    for part in ("data", "metadata"):
        shutil.copytree(written.cur / part / "BILLING_PERIOD=2026-08", second / part / "BILLING_PERIOD=2026-08")
    return first, second


def test_the_first_delivery_was_dearer_and_the_second_takes_its_place(august, tmp_path):
    def billed(workspace: Workspace) -> Decimal:
        (row,) = workspace.snapshot().reader.ask(Question(measure="BilledCost"))
        assert row.amount is not None
        return row.amount

    first, second = august
    restated, fresh = Workspace(tmp_path / "restated"), Workspace(tmp_path / "fresh")
    restated.load([first])
    before = billed(restated)
    restated.load([second])
    fresh.load([second])
    assert 800 < before - billed(restated) < 1_200
    assert restated.store.current().generation == fresh.store.current().generation


def test_loading_the_same_files_again_changes_nothing(august, tmp_path):
    workspace = Workspace(tmp_path / "store")
    workspace.load([august[1]])
    generation = workspace.store.current().generation
    again = workspace.load([august[1]])
    assert not any(one.changed for one in again)
    assert workspace.store.current().generation == generation


def test_one_month_alone_is_the_same_bytes(written, tmp_path):
    export = cur.write_month(tmp_path, date(2026, 8, 1))
    alone = digests(export)
    assert len(alone) == 2 and alone.items() <= digests(written.cur).items()


def test_beside_the_companys_bill_stand_answers_and_an_export_that_are_not_part_of_it(written):
    beside = {path.name for path in written.folder.iterdir()} - {path.name for path in written.paths}
    assert {cost_explorer.FOLDER, gcp.FOLDER} <= beside
