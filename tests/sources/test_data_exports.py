"""AWS Data Exports on disk: which files count in each layout, from whatever place in it is named."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal

import pytest

from costlib.errors import UnreadableFile
from costlib.sources.data_exports import export_roots, manifest_files
from costlib.sources.discovery import discover
from tests.builders import cube_rows, cur_export, cur_row, focus_row, load_into, write, write_csv, write_parquet

AUGUST, SEPTEMBER = "BILLING_PERIOD=2026-08", "BILLING_PERIOD=2026-09"


def august(**changes):
    dates = {"line_item_usage_start_date": "2026-08-05", "bill_billing_period_start_date": "2026-08-01"}
    return cur_row(**dates | changes)


@pytest.fixture
def export(tmp_path):
    """An overwriting export of two months: 1 USD in August, 2 + 4 in September."""
    root = cur_export(tmp_path / "exports" / "costs", "2026-08", {"costs-00001.parquet": [august()]})
    rows = [cur_row(line_item_unblended_cost=cost) for cost in ("2", "4")]
    return cur_export(root, "2026-09", {"costs-00001.parquet": rows[:1], "costs-00002.csv.gz": rows[1:]})


def names(found):
    return {key: [path.name for path in files] for key, files in found.items()}


def billed(root):
    return dict(cube_rows(root, "SELECT STRFTIME(BillingPeriodStart, '%Y-%m'), SUM(BilledCost) FROM cube GROUP BY 1"))


class TestOverwriting:
    @pytest.mark.parametrize("place", [".", "..", "data"])
    def test_the_export_its_parent_and_its_data_folder_are_the_same(self, export, place):
        assert names(manifest_files((export / place).resolve())) == {
            ("costs", AUGUST): ["costs-00001.parquet"],
            ("costs", SEPTEMBER): ["costs-00001.parquet", "costs-00002.csv.gz"],
        }

    def test_a_partition_is_that_part_of_it(self, export):
        assert list(manifest_files(export / "data" / AUGUST)) == [("costs", AUGUST)]

    def test_a_file_is_that_part_of_it(self, export):
        wanted = export / "data" / SEPTEMBER / "costs-00002.csv.gz"
        assert manifest_files(wanted) == {("costs", SEPTEMBER): [wanted]}

    def test_files_that_the_manifest_does_not_list_are_not_read(self, tmp_path, export):
        write_parquet(export / "data" / SEPTEMBER / "left-over.parquet", [cur_row(line_item_unblended_cost="100")])
        load_into(tmp_path / "store", export)
        assert billed(tmp_path / "store") == {"2026-08": 1, "2026-09": 6}

    def test_a_month_delivered_again_replaces_itself_alone(self, tmp_path, export):
        first = load_into(tmp_path / "store", export)
        assert [item.export for item in first] == ["aws-cur2:costs", "aws-cur2:costs"]
        assert len({part.delivery for item in first for part in item.parts}) == 2
        cur_export(export, "2026-09", {"costs-00001.parquet": [cur_row(line_item_unblended_cost="5")]})
        done = load_into(tmp_path / "store", export)
        assert [item.changed for item in done] == [False, True]
        assert billed(tmp_path / "store") == {"2026-08": 1, "2026-09": 5}

    def test_the_month_alone_is_the_same_source(self, tmp_path, export):
        load_into(tmp_path / "store", export)
        (again,) = load_into(tmp_path / "store", export / "data" / SEPTEMBER)
        assert (again.export, again.changed) == ("aws-cur2:costs", False)

    def test_keys_may_have_any_prefix_and_the_folder_another_name(self, tmp_path, export):
        moved = shutil.copytree(export, tmp_path / "downloads of mine")
        assert names(manifest_files(moved))[("downloads of mine", AUGUST)] == ["costs-00001.parquet"]
        for manifest in moved.rglob("*Manifest.json"):
            keys = json.loads(manifest.read_text())["dataFiles"]
            write(manifest, json.dumps({"dataFiles": [{"key": key.partition("/prefix/")[2]} for key in keys]}))
        assert names(manifest_files(moved))[("downloads of mine", AUGUST)] == ["costs-00001.parquet"]


class TestCreatingNew:
    EARLY, LATE = "2026-10-01T03:00:00.000Z-aaaa", "2026-10-03T03:00:00.000Z-0000"

    @pytest.fixture
    def versions(self, tmp_path):
        """Two executions of September, 10 and 12 USD, both kept."""
        root = tmp_path / "versions"
        for execution, cost in ((self.EARLY, "10"), (self.LATE, "12")):
            row = cur_row(line_item_unblended_cost=cost)
            cur_export(root, "2026-09", {"versions-00001.csv.gz": [row]}, execution=execution)
        return root

    @pytest.mark.parametrize("place", [".", "data", f"data/{SEPTEMBER}"])
    def test_the_newest_execution_counts(self, versions, place):
        newest = versions / "data" / SEPTEMBER / self.LATE / "versions-00001.csv.gz"
        assert manifest_files((versions / place).resolve()) == {("versions", SEPTEMBER): [newest]}

    def test_data_of_an_execution_that_is_not_done_is_not_read(self, tmp_path, versions):
        write_csv(versions / "data" / SEPTEMBER / "2026-10-05T00-cccc" / "versions-00001.csv.gz", [cur_row()])
        load_into(tmp_path / "store", versions)
        assert billed(tmp_path / "store") == {"2026-09": 12}

    def test_without_metadata_two_versions_are_refused_and_one_may_be_named(self, tmp_path, versions):
        shutil.rmtree(versions / "metadata")
        for place in (versions, versions / "data", versions / "data" / SEPTEMBER):
            with pytest.raises(UnreadableFile, match="holds 2 versions of one month"):
                manifest_files(place)
        load_into(tmp_path / "store", versions / "data" / SEPTEMBER / self.EARLY)
        assert billed(tmp_path / "store") == {"2026-09": 10}

    def test_an_execution_beside_files_that_were_overwritten_is_two_versions_too(self, tmp_path):
        for execution in ("", self.LATE):
            root = cur_export(tmp_path / "changed", "2026-09", {"a.csv.gz": [cur_row()]}, execution=execution)
        shutil.rmtree(root / "metadata")
        with pytest.raises(UnreadableFile, match="holds 2 versions of one month"):
            manifest_files(root)

    def test_versions_of_a_month_without_manifest_beside_months_with_one_are_refused(self, versions):
        shutil.rmtree(versions / "metadata" / SEPTEMBER)
        cur_export(versions, "2026-08", {"versions-00001.csv.gz": [august()]}, execution=self.EARLY)
        for place in (versions, versions / "data" / SEPTEMBER):
            with pytest.raises(UnreadableFile, match=SEPTEMBER):
                manifest_files(place)


class TestWithoutManifest:
    def test_a_plain_folder_of_partitions_is_one_delivery(self, tmp_path, export):
        shutil.rmtree(export / "metadata")
        (done,) = load_into(tmp_path / "store", export)
        assert (done.export, done.rows_loaded) == ("aws-cur2:costs", 3)
        assert manifest_files(export) == {}

    def test_a_month_without_manifest_can_be_named(self, tmp_path, export):
        shutil.rmtree(export / "metadata" / SEPTEMBER)
        with pytest.raises(UnreadableFile, match="no manifest says that it is whole"):
            manifest_files(export)
        load_into(tmp_path / "store", export / "data" / SEPTEMBER)
        assert billed(tmp_path / "store") == {"2026-09": 6}

    def test_an_empty_month_is_no_month(self, export):
        (export / "data" / "BILLING_PERIOD=2026-10").mkdir()
        assert len(manifest_files(export)) == 2


class TestSeveralExports:
    def test_a_parent_of_several(self, tmp_path, export):
        cur_export(tmp_path / "exports" / "other", "2026-08", {"o.parquet": [august(bill_payer_account_id="2")]})
        assert {name for name, _ in manifest_files(tmp_path / "exports")} == {"costs", "other"}
        assert [path.name for path in export_roots(tmp_path / "exports")] == ["costs", "other"]

    def test_a_bill_that_lies_beside_an_export_is_loaded_with_it(self, tmp_path, export):
        write_csv(export.parent / "vendor.csv", [focus_row(BillingAccountId="vendor", BilledCost="7")])
        done = load_into(tmp_path / "store", export.parent)
        assert [item.export for item in done] == ["aws-cur2:costs", "aws-cur2:costs", "focus:exports"]
        assert sum(billed(tmp_path / "store").values()) == Decimal(14)

    def test_named_twice_it_is_read_once(self, export):
        exports = discover([export, export / "data", export / "data" / AUGUST])
        assert [len(found.files) for found in exports] == [1, 2]
