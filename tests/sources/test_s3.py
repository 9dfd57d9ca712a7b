"""AWS Data Exports from a real S3 API: the same as the folder, changed files only, refusals in words."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import IncompleteReadError

from costlib.errors import InputError, UnreadableFile
from costlib.sources import s3, s3_mirror
from costlib.sources.data_exports import listed_files
from costlib.sources.discovery import discover
from costlib.store.store import Store
from costlib.workspace import Workspace
from tests.builders import cube_rows, cur_export, cur_row, focus_row, write

PRIMARY = "arn:aws:billing::111122223333:billingview/primary"
GROUP = "arn:aws:billing::111122223333:billingview/billinggroup-444455556666"


def august(**changes):
    dates = {"line_item_usage_start_date": "2026-08-05", "bill_billing_period_start_date": "2026-08-01"}
    return cur_row(**dates | changes)


def rows(*costs):
    return [cur_row(line_item_unblended_cost=cost) for cost in costs]


@pytest.fixture
def export(tmp_path) -> Path:
    """An overwriting CUR 2.0 export of two months: 1 USD in August, 2 + 4 in September."""
    root = cur_export(tmp_path / "exports" / "costs", "2026-08", {"costs-00001.parquet": [august()]})
    return cur_export(root, "2026-09", {"costs-00001.parquet": rows("2"), "costs-00002.csv.gz": rows("4")})


@pytest.fixture
def fetched(monkeypatch):
    """Keys that are asked for, in order."""
    asked: list[str] = []
    original = s3_mirror._fetched
    monkeypatch.setattr(s3_mirror, "_fetched", lambda *given: (asked.append(given[2].key), original(*given))[1])
    return asked


@pytest.fixture
def load(tmp_path):
    """Loads places into the store of the test; answers with what was told."""

    def loaded(*where: str, store: str = "store", **options) -> list[str]:
        told: list[str] = []
        write(tmp_path / store / "rules.yaml", "version: 1\nrules: [{name: team, set: {x_Team: {tag: [team]}}}]\n")
        Workspace(tmp_path / store).load([Path(place) for place in where], progress=told.append, **options)
        return told

    return loaded


def billed(root):
    return dict(cube_rows(root, "SELECT STRFTIME(BillingPeriodStart, '%Y-%m'), SUM(BilledCost) FROM cube GROUP BY 1"))


def parts(root):
    """The parts of a store but for the paths of their files: names, keys, deliveries, tie-outs, the rows themselves."""
    state = Store(root).current()
    known = [replace(part, files=()) for part in state.parts]
    return state.generation, known, [(root / part.path).read_bytes() for part in known]


class TestTheSameAsTheFolder:
    def test_parts_and_generation_are_the_same(self, cloud, load, tmp_path, export):
        cloud.upload(export.parent, "billing", "a b/ü/exports")
        load("s3://billing/a b/ü/exports")
        load(export.parent, store="folder")
        assert parts(tmp_path / "store") == parts(tmp_path / "folder")
        assert billed(tmp_path / "store") == {"2026-08": 1, "2026-09": 6}

    @pytest.mark.parametrize("prefix", ["", "exports", "exports/costs/", "exports/costs/data/BILLING_PERIOD=2026-09"])
    def test_any_place_of_the_export_is_the_same_connection(self, cloud, tmp_path, export, prefix):
        cloud.upload(export, "billing", "exports/costs")
        found = discover([s3.fetch(f"s3://billing/{prefix}", tmp_path / "e", print)])
        assert {item.name for item in found} == {"aws-cur2:costs"}
        assert sum(len(item.files) for item in found) == (2 if "09" in prefix else 3)

    def test_focus_exports(self, cloud, load, tmp_path):
        root = cur_export(tmp_path / "exports" / "focus", "2026-09", {"f-1.parquet": [focus_row(), focus_row()]})
        cloud.upload(root, "billing", "focus")
        load("s3://billing/focus")
        assert billed(tmp_path / "store") == {"2026-09": 3}

    def test_create_new_reads_the_newest_execution_and_fetches_no_other(self, cloud, load, tmp_path, fetched):
        root = tmp_path / "versions"
        for execution, cost in (("2026-10-01T03-aaaa", "10"), ("2026-10-03T03-0000", "12")):
            cur_export(root, "2026-09", {"v-1.csv.gz": rows(cost)}, execution=execution)
        cloud.upload(root, "billing", "versions")
        load("s3://billing/versions")
        assert billed(tmp_path / "store") == {"2026-09": 12}
        assert all("2026-10-03" in key for key in fetched)

    def test_more_objects_than_one_page_of_a_listing(self, cloud, tmp_path, export, monkeypatch):
        monkeypatch.setattr(s3, "PAGE", 2)
        cloud.upload(export, "billing", "costs")
        found = discover([s3.fetch("s3://billing/costs", tmp_path / "e", print)])
        assert sum(len(item.files) for item in found) == 3


class TestOnlyWhatChanged:
    def test_a_second_load_fetches_nothing(self, cloud, load, export, fetched):
        cloud.upload(export, "billing", "costs")
        load("s3://billing/costs")
        assert len(fetched) == 5
        fetched.clear()
        told = load("s3://billing/costs")
        assert fetched == []
        assert "costs 2026-09: 0 of 2 files to fetch, 0.0 MB" in told
        assert "aws-cur2:costs BILLING_PERIOD=2026-09: already loaded, nothing changed" in told

    def test_a_month_restated_downwards_replaces_the_old_one(self, cloud, load, tmp_path, export, fetched):
        cloud.upload(export, "billing", "costs")
        load("s3://billing/costs")
        fetched.clear()
        changed = cur_export(tmp_path / "new" / "costs", "2026-09", {"costs-00001.parquet": rows("1")})
        cloud.upload(changed, "billing", "costs")
        load("s3://billing/costs")
        assert billed(tmp_path / "store") == {"2026-08": 1, "2026-09": 1}
        assert not [key for key in fetched if "2026-08" in key]
        assert not list((tmp_path / "store/exports/s3").rglob("costs-00002.csv.gz"))

    def test_a_new_execution_takes_the_place_of_the_old_on_disk(self, cloud, load, tmp_path):
        root = tmp_path / "versions"
        for execution, cost in (("2026-10-01", "10"), ("2026-10-03", "12")):
            cloud.upload(
                cur_export(root, "2026-09", {"v-1.csv.gz": rows(cost)}, execution=execution), "billing", "versions"
            )
            load("s3://billing/versions")
        assert billed(tmp_path / "store") == {"2026-09": 12}
        assert len(list((tmp_path / "store/exports/s3").rglob("*.csv.gz"))) == 1

    def test_a_file_damaged_on_this_disk_is_fetched_again(self, cloud, tmp_path, export, fetched):
        cloud.upload(export, "billing", "costs")
        s3.fetch("s3://billing/costs", tmp_path / "e", print)
        (lost,) = (tmp_path / "e/s3").rglob("costs-00002.csv.gz")
        lost.write_bytes(b"short")
        fetched.clear()
        s3.fetch("s3://billing/costs", tmp_path / "e", print)
        assert fetched == ["costs/data/BILLING_PERIOD=2026-09/costs-00002.csv.gz"]

    @pytest.mark.parametrize("index", ["", "{", "[]", "[" * 100_000])
    def test_without_a_sound_index_everything_is_fetched_again(self, cloud, tmp_path, export, fetched, index):
        cloud.upload(export, "billing", "costs")
        s3.fetch("s3://billing/costs", tmp_path / "e", print)
        write(tmp_path / "e/s3/billing.json", index)
        fetched.clear()
        s3.fetch("s3://billing/costs", tmp_path / "e", print)
        assert len(fetched) == 5

    def test_dry_run_says_what_would_be_fetched_and_fetches_no_data(self, cloud, tmp_path, export, fetched):
        cloud.upload(export, "billing", "costs")
        lines = Workspace(tmp_path / "store").announced([Path("s3://billing/costs")])
        assert [line.partition(",")[0] for line in lines] == [
            "costs 2026-08: 1 of 1 files to fetch",
            "costs 2026-09: 2 of 2 files to fetch",
        ]
        assert all(key.endswith("Manifest.json") for key in fetched)
        assert Store(tmp_path / "store").manifest() is None

    def test_a_broken_transfer_is_tried_again_and_then_refused(self, cloud, tmp_path, export, monkeypatch):
        cloud.upload(export, "billing", "costs")
        broken = {"left": 2}
        from botocore.response import StreamingBody

        original = StreamingBody.iter_chunks

        def breaking(self, *given):
            if broken["left"]:
                broken["left"] -= 1
                raise IncompleteReadError(actual_bytes=1, expected_bytes=2)
            return original(self, *given)

        monkeypatch.setattr(StreamingBody, "iter_chunks", breaking)
        s3.fetch("s3://billing/costs", tmp_path / "e", print)
        assert len(list((tmp_path / "e").rglob("costs-0*"))) == 3
        broken["left"] = 1000
        with pytest.raises(UnreadableFile, match="broke off 4 times"):
            s3.fetch("s3://billing/costs", tmp_path / "another", print)
        assert not [path for path in (tmp_path / "another").rglob("*") if path.is_file()]

    def test_an_older_execution_is_not_what_was_delivered_last(self, cloud, load, tmp_path):
        root = tmp_path / "versions"
        for execution in ("2026-10-01", "2026-10-03"):
            cur_export(root, "2026-09", {"v-1.csv.gz": rows("1")}, execution=execution)
        cloud.upload(root, "billing", "versions")
        with pytest.raises(InputError, match="is not part of what AWS delivered last"):
            load("s3://billing/versions/data/BILLING_PERIOD=2026-09/2026-10-01")

    @pytest.mark.parametrize("name", ["x" * 300 + ".csv", "costs-00001.parquet/below.csv"])
    def test_a_name_that_the_disk_cannot_hold(self, cloud, tmp_path, export, name):
        cloud.upload(export, "billing", "costs")
        month = "BILLING_PERIOD=2026-09"
        listed = [f"s3://billing/costs/data/{month}/{file}" for file in ("costs-00001.parquet", name)]
        for key, body in (
            (f"costs/data/{month}/{name}", b"a"),
            (f"costs/metadata/{month}/costs-Manifest.json", json.dumps({"dataFiles": listed}).encode()),
        ):
            cloud.s3.put_object(Bucket="billing", Key=key, Body=body)
        with pytest.raises(UnreadableFile, match="cannot be written to"):
            s3.fetch("s3://billing/costs", tmp_path / "e", print)


class TestProForma:
    @pytest.fixture
    def both(self, tmp_path, export):
        """The invoice, 7 USD, beside what a billing group is shown, 100 USD to another payer."""
        self.say_view(export, PRIMARY)
        shown = [cur_row(line_item_unblended_cost="100", bill_payer_account_id="444455556666")]
        group = cur_export(export.parent / "group", "2026-09", {"group-00001.parquet": shown})
        self.say_view(group, GROUP)
        return export.parent

    @staticmethod
    def say_view(root, view):
        for path in root.rglob("*Manifest.json"):
            write(path, json.dumps(json.loads(path.read_text()) | {"tableProperties": {"BILLING_VIEW_ARN": view}}))

    @pytest.mark.parametrize("place", ["s3", "folder"])
    def test_beside_the_invoice_it_is_left_out_and_told(self, cloud, load, tmp_path, both, place):
        cloud.upload(both, "billing", "exports")
        told = load("s3://billing/exports" if place == "s3" else both)
        assert billed(tmp_path / "store") == {"2026-08": 1, "2026-09": 6}
        assert "group: what Billing Conductor shows a billing group, not the invoice; left out" in told

    def test_named_itself_it_has_a_name_of_its_own(self, cloud, load, tmp_path, both):
        cloud.upload(both, "billing", "exports")
        load("s3://billing/exports/group")
        assert {part.source for part in Store(tmp_path / "store").current().parts} == {"aws-cur2:group (pro forma)"}
        assert billed(tmp_path / "store") == {"2026-09": 100}

    @pytest.mark.parametrize(("first", "second"), [("costs", "group"), ("group", "costs")])
    def test_never_both_in_one_store(self, load, tmp_path, both, first, second):
        load(both / first)
        before = billed(tmp_path / "store")
        with pytest.raises(InputError, match="show the same use"):
            load(both / second)
        assert billed(tmp_path / "store") == before

    @pytest.mark.parametrize("view", ["arn:aws:billing::1:billingview/444455556666", GROUP])
    def test_ways_of_naming_a_group(self, both, view):
        self.say_view(both / "group", view)
        assert {export.name for export in discover([both])} == {"aws-cur2:costs"}

    def test_a_custom_view_is_real_cost(self, both):
        self.say_view(both / "group", "arn:aws:billing::111122223333:billingview/custom-7f3a")
        assert {export.name for export in discover([both])} == {"aws-cur2:costs", "aws-cur2:group"}

    def test_two_groups_without_an_invoice_are_both_read(self, both):
        self.say_view(both / "costs", GROUP)
        names = {export.name for export in discover([both])}
        assert names == {"aws-cur2:costs (pro forma)", "aws-cur2:group (pro forma)"}


class TestRefusals:
    def refused(self, load, where="s3://billing/costs", error=InputError):
        with pytest.raises(error) as found:
            load(where)
        return str(found.value)

    def test_no_such_bucket(self, cloud, load):
        assert "s3://none/costs: there is no such bucket" in self.refused(load, "s3://none/costs")

    def test_no_manifest(self, cloud, load, tmp_path):
        cloud.s3.put_object(Bucket="billing", Key="costs/bill.csv", Body=b"a,b\n1,2\n")
        text = self.refused(load)
        assert "s3://billing/costs holds no manifest of AWS Data Exports (1 objects seen)" in text
        assert not Store(tmp_path / "store").manifest()

    def test_denied(self, cloud, load, export, monkeypatch):
        cloud.upload(export, "billing", "costs")
        cloud.s3.put_bucket_policy(Bucket="billing", Policy=json.dumps({"Version": "2012-10-17", "Statement": []}))
        self.answer_with(monkeypatch, "AccessDenied", 403)
        assert "access is denied" in self.refused(load)

    @staticmethod
    def answer_with(monkeypatch, code, status):
        from botocore.stub import Stubber

        from costlib.sources.aws_session import client

        def stubbed(service, *given):
            made = client(service, *given)
            stub = Stubber(made)
            stub.add_client_error("list_objects_v2", code, http_status_code=status)
            stub.activate()
            return made

        monkeypatch.setattr(s3, "client", stubbed)

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("ExpiredToken", "the session has expired"),
            ("InvalidAccessKeyId", "the access key is not known"),
            ("SomethingNew", "AWS says SomethingNew"),
        ],
    )
    def test_other_answers(self, cloud, load, monkeypatch, code, words):
        self.answer_with(monkeypatch, code, 400)
        assert words in self.refused(load)

    def test_no_credentials(self, cloud, load, monkeypatch):
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        assert "cannot be reached: there are no credentials for AWS" in self.refused(load)

    def test_a_profile_that_there_is_not(self, cloud, load, monkeypatch):
        monkeypatch.setenv("AWS_PROFILE", "nobody")
        assert "there is no profile nobody here. Expected: credentials" in self.refused(load)

    def test_nobody_answers(self, cloud, load, monkeypatch):
        from costlib.sources import aws_session

        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        monkeypatch.setattr(aws_session, "TRIES", 1)
        said = self.refused(load)
        assert "cannot be reached: nothing answers at 127.0.0.1:9. Expected" in said and "http" not in said

    def test_an_endpoint_that_is_no_address(self, cloud, load, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL", "minio")
        assert "The endpoint of AWS is no address (Invalid endpoint: minio)" in self.refused(load)

    def test_a_region_that_is_none(self, cloud, load, monkeypatch):
        monkeypatch.setenv("AWS_DEFAULT_REGION", "not a region")
        assert "not a region is no region. Expected" in self.refused(load)

    def test_a_bucket_that_aws_would_not_allow(self, cloud, load):
        with pytest.raises(InputError, match="AWS allows no such name") as refused:
            load("s3://Bad_Bucket!!/x")
        assert "regex" not in str(refused.value) and "\n" not in str(refused.value)

    @pytest.mark.parametrize("where", ["s3://", "s3:/", "s3://billing/a/../b", "s3://../x", "s3://billing//a"])
    def test_no_place(self, load, where):
        with pytest.raises(InputError, match="is no place in S3"):
            s3.place(where)

    def test_a_manifest_that_lists_a_missing_file(self, cloud, load, export):
        (export / "data/BILLING_PERIOD=2026-09/costs-00002.csv.gz").unlink()
        cloud.upload(export, "billing", "costs")
        assert "lists costs-00002.csv.gz, which is not in s3://billing" in self.refused(load, error=UnreadableFile)

    def test_a_month_that_no_manifest_speaks_for(self, cloud, load, tmp_path, export):
        shutil.rmtree(export / "metadata/BILLING_PERIOD=2026-09")
        cloud.upload(export, "billing", "costs")
        assert "no manifest says that it is whole" in self.refused(load, error=UnreadableFile)
        load("s3://billing/costs/data/BILLING_PERIOD=2026-08")
        assert billed(tmp_path / "store") == {"2026-08": 1}

    @pytest.mark.parametrize("text", [b"\xff\xfe", b'{"dataFiles": ["s3://billing/costs/data/../../x"]}'])
    def test_a_damaged_manifest(self, cloud, load, tmp_path, export, text):
        write(export / "metadata/BILLING_PERIOD=2026-09/costs-Manifest.json", text)
        cloud.upload(export, "billing", "costs")
        self.refused(load, error=UnreadableFile)
        assert Store(tmp_path / "store").manifest() is None

    def test_keys_that_lead_elsewhere_are_never_written(self, cloud, tmp_path, export):
        cloud.upload(export, "billing", "costs")
        key = "costs/metadata/BILLING_PERIOD=2026-07/../../../../../../escaped-Manifest.json"
        cloud.s3.put_object(Bucket="billing", Key=key, Body=b'{"dataFiles": []}')
        s3.fetch("s3://billing/costs", tmp_path / "deep/er/exports", print)
        assert not list(tmp_path.parent.rglob("escaped*"))
        assert len(list(tmp_path.rglob("deep/**/*.*"))) == 6

    def test_a_huge_manifest_is_not_fetched(self, cloud, load, export, monkeypatch, fetched):
        monkeypatch.setattr(s3, "MOST_MANIFEST_BYTES", 10)
        cloud.upload(export, "billing", "costs")
        assert "bytes. Expected: a manifest" in self.refused(load, error=UnreadableFile)
        assert fetched == []

    def test_a_file_that_changes_between_listing_and_fetching(self, cloud, load, export, monkeypatch):
        cloud.upload(export, "billing", "costs")
        original = s3_mirror._fetched

        def overtaken(client, bucket, item, path):
            if item.key.endswith(".parquet"):
                boto3.client("s3").put_object(Bucket=bucket, Key=item.key, Body=b"another")
            return original(client, bucket, item, path)

        monkeypatch.setattr(s3_mirror, "_fetched", overtaken)
        assert "has changed since it was listed" in self.refused(load)


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"dataFiles": 7}', '{"dataFiles": [{}]}', "[" * 200_000, '"x"', "null", '{"dataFiles": null}'],
    ids=lambda text: repr(text)[:20],
)
def test_text_that_is_no_manifest(text):
    with pytest.raises(UnreadableFile, match="m is not a whole manifest"):
        listed_files(text, "m")


@pytest.mark.parametrize("name", ["../../../../etc/passwd", "a/../../x", "", "a//b", "a\\b", "/etc/passwd\x00", "."])
def test_a_manifest_that_leads_elsewhere(name):
    with pytest.raises(UnreadableFile, match="is not a file of the export"):
        listed_files(json.dumps({"dataFiles": [f"s3://billing/costs/data/{name}"]}), "m")


def test_what_lies_beside_is_told(cloud, tmp_path, export):
    cloud.upload(export, "billing", "exports/costs")
    cloud.s3.put_object(Bucket="billing", Key="exports/vendor.csv", Body=b"a,b")
    told: list[str] = []
    s3.fetch("s3://billing/exports", tmp_path, told.append)
    assert "1 data files belong to no export with a manifest and are left out, the first: exports/vendor.csv" in told


def test_a_delivery_under_way_is_told(cloud, tmp_path, export):
    cloud.upload(export, "billing", "costs")
    key = "costs/data/BILLING_PERIOD=2026-08/costs-00001.parquet"
    time.sleep(1.1)
    cloud.s3.put_object(Bucket="billing", Key=key, Body=b"next")
    told: list[str] = []
    s3.fetch("s3://billing/costs", tmp_path, told.append)
    assert any("1 files are newer than their manifest" in line for line in told)
