"""OpenCost and Kubecost allocations: what is read of a response, what is refused, and what the store keeps of it."""

from __future__ import annotations

import json
import time
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from costlib.errors import AlreadyCovered, EmptyExport, MissingColumn, UnreadableFile
from costlib.sources.opencost import is_opencost, read_file, read_response
from costlib.store.manifest import Manifest
from costlib.store.store import Store
from costlib.workspace import Workspace
from tests.builders import cube_rows, focus_row, write, write_csv

DAY = datetime(2026, 9, 5)


def allocation(start=DAY, hours=24, **changes):
    """A namespace that reserves 8 GPUs and uses half of them, as OpenCost writes it."""
    end = start + timedelta(hours=hours)
    window = {"start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{end:%Y-%m-%dT%H:%M:%SZ}"}
    sound = {
        "name": "search",
        "properties": {"cluster": "ml", "namespace": "search", "labels": {"team": "Search"}},
        "window": window, "start": window["start"], "end": window["end"], "minutes": hours * 60,
        "cpuCores": 2, "cpuCoreRequestAverage": 2, "cpuCoreUsageAverage": 0.5, "cpuCoreHours": 2 * hours,
        "gpuCount": 8, "gpuHours": 8 * hours, "gpuAllocation": {"gpuUsageAverage": 4.0},
        "ramByteHours": 1073741824 * hours, "ramByteUsageAverage": 536870912, "totalCost": 10.5 * hours,
        "cpuEfficiency": None,
    }  # fmt: skip
    return {**sound, **changes}


def response(*windows, **changes):
    return json.dumps({"code": 200, "data": [{one["name"]: one for one in window} for window in windows], **changes})


def idle(start=DAY, hours=24, gpus=2):
    return allocation(start, hours, name="__idle__", properties={"cluster": "ml"}, gpuHours=gpus * hours)


def one(text):
    (record,) = read_response(text, "file")
    return record


class TestReading:
    def test_a_day(self):
        record = one(response([allocation()]))
        assert (record.day, record.hour, record.cluster, record.namespace, record.label, record.kind) == (
            date(2026, 9, 5), None, "ml", "search", "Search", "allocation",
        )  # fmt: skip
        assert (record.gpu_reserved, record.gpu_used) == (192, 96)
        assert (record.cpu_reserved, record.cpu_used) == (48, 12)
        assert (record.ram_reserved, record.ram_used) == (24, 12)
        assert record.cost == 252

    def test_an_hour(self):
        record = one(response([allocation(DAY.replace(hour=17), 1)]))
        assert (record.day, record.hour, record.gpu_reserved, record.gpu_used) == (date(2026, 9, 5), 17, 8, 4)

    def test_minutes_that_ran_and_not_the_window_make_hours_used(self):
        assert one(response([allocation(hours=1, minutes=30)])).gpu_used == 2

    def test_a_window_in_another_zone_is_read_in_utc(self):
        window = {"start": "2026-09-05T02:00:00+02:00", "end": "2026-09-06T02:00:00+02:00"}
        assert one(response([allocation(window=window)])).day == date(2026, 9, 5)

    def test_a_window_without_a_zone_is_utc_wherever_it_is_read(self, monkeypatch):
        monkeypatch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        try:
            record = one(response([allocation(window={"start": "2026-09-05T00:00:00", "end": "2026-09-06T00:00:00"})]))
        finally:
            monkeypatch.undo()
            time.tzset()
        assert (record.day, record.hour) == (date(2026, 9, 5), None)

    @pytest.mark.parametrize(
        ("name", "kind"),
        [("__idle__", "idle"), ("ml/__idle__", "idle"), ("__unallocated__", "unallocated"),
         ("__unmounted__", "unmounted"), ("idle", "allocation")],
    )  # fmt: skip
    def test_what_stands_for_no_work(self, name, kind):
        assert one(response([allocation(name=name, properties={"cluster": "ml"})])).kind == kind

    def test_idle_takes_its_cluster_from_its_window_where_that_is_one(self):
        records = read_response(response([allocation(), allocation(name="__idle__", properties=None)]), "file")
        assert [record.cluster for record in records] == ["ml", "ml"]

    def test_null_stands_for_what_is_unknown(self):
        record = one(response([allocation(gpuHours=None, cpuCoreUsageAverage=None, totalCost=None)]))
        assert (record.gpu_reserved, record.cpu_used, record.cost) == (None, None, None)
        assert record.cpu_reserved == 48

    def test_a_bare_nan_is_unknown_too(self):
        assert one(response([allocation()]).replace('"totalCost": 252.0', '"totalCost": NaN')).cost is None

    def test_gpu_use_by_efficiency_where_that_is_all_there_is(self):
        assert one(response([allocation(gpuAllocation=None, gpuEfficiency=0.25)])).gpu_used == 48

    def test_gpu_use_is_unknown_where_nothing_says_it(self):
        assert one(response([allocation(gpuAllocation=None)])).gpu_used is None
        assert one(response([allocation(gpuAllocation=None, gpuHours=0)])).gpu_used == 0

    def test_reserved_is_the_larger_of_request_and_use(self):
        assert one(response([allocation(cpuCoreUsageAverage=3)])).cpu_reserved == 72

    def test_fractions_keep_nine_digits(self):
        assert one(response([allocation(gpuHours=0.1234567891)])).gpu_reserved == 96
        assert one(response([allocation(cpuCoreHours=12.1234567891)])).cpu_reserved == Decimal("12.123456789")

    @pytest.mark.parametrize("key", ["team", "Team", "label_team", "example.com/team"])
    def test_team_labels(self, key):
        labels = {"cluster": "ml", "namespaceLabels": {key: "Search", "steam": "no"}}
        assert one(response([allocation(properties=labels)])).label == "Search"

    def test_windows_without_work_are_null_or_empty(self):
        text = response([allocation()]).replace("[{", "[null, {}, {")
        assert one(text).namespace == "search"


class TestRefused:
    @pytest.mark.parametrize("field", ["gpuHours", "window", "totalCost", "cpuCoreHours", "ramByteHours", "minutes"])
    def test_a_field_that_is_gone_is_named(self, field):
        changed = allocation()
        del changed[field]
        with pytest.raises(MissingColumn, match=rf"file, allocation search has no {field}"):
            read_response(response([changed]), "file")

    @pytest.mark.parametrize(
        ("text", "message"),
        [("{", "cannot be read"), ("[]", "no list named data"), ('{"code": 200, "data": {}}', "no list named data"),
         ('{"code": 500, "data": [], "message": "boom"}', "code 500: boom"),
         ('{"code": 200, "data": [[]]}', "no object of allocations"), ('{"data": [{"a": 1}]}', "the allocation a"),
         (response([allocation(gpuHours="lots")]), "gpuHours is 'lots'"),
         (response([allocation(gpuHours=-1)]), "gpuHours is -1"), (response([allocation(window=None)]), "its window"),
         (response([allocation(window={"start": "yesterday", "end": "today"})]), "its window"),
         ("[" * 100_000, "cannot be read")],
    )  # fmt: skip
    def test_what_is_no_response(self, text, message):
        with pytest.raises(UnreadableFile, match=message):
            read_response(text, "file")

    def test_windows_of_a_week(self):
        with pytest.raises(UnreadableFile, match="windows of one hour or of one day"):
            read_response(response([allocation(hours=168)]), "file")

    def test_nothing(self):
        with pytest.raises(EmptyExport, match="holds no allocation"):
            read_response(response(), "file")

    def test_no_cluster(self):
        with pytest.raises(MissingColumn, match="names no cluster"):
            read_response(response([allocation(properties={})]), "file")

    def test_text_that_is_not_utf_8(self, tmp_path):
        with pytest.raises(UnreadableFile, match=r"a\.json cannot be read"):
            read_file(write(tmp_path / "a.json", b"\xff\xfe{"))


class TestRecognised:
    def test_by_content(self, tmp_path):
        assert is_opencost(write(tmp_path / "a.json", response([allocation()])))
        assert not is_opencost(write(tmp_path / "b.json", '{"dataFiles": []}'))
        assert not is_opencost(write(tmp_path / "c.csv", response([allocation()])))


@pytest.fixture
def space(tmp_path):
    """A workspace with one bill of 100 USD for a cluster, split by its usage."""
    bill = focus_row(ServiceName="Cluster", BilledCost="100", EffectiveCost="100", Tags=None)
    write(
        tmp_path / "store" / "rules.yaml",
        """
version: 1
rules: []
shared:
  - name: ml
    match: {ServiceName: Cluster}
    driver: usage
    usage: {cluster: ml}
""",
    )
    space = Workspace(tmp_path / "store")
    space.load([write_csv(tmp_path / "bill.csv", [bill])])
    return space


def teams(space):
    return dict(
        cube_rows(space.store.root, "SELECT COALESCE(x_Team, x_CostKind), SUM(BilledCost) FROM cube GROUP BY 1")
    )


class TestInTheStore:
    def test_a_file_splits_the_bill_that_was_loaded_before(self, space, tmp_path):
        assert teams(space) == {"unallocated": 100}
        space.load([write(tmp_path / "2026-09.json", response([allocation(), idle()]))])
        assert teams(space) == {"Search": 80, "idle": 20}

    def test_loading_it_again_changes_nothing(self, space, tmp_path):
        file = write(tmp_path / "2026-09.json", response([allocation(), idle()]))
        space.load([file])
        before = space.store.manifest_path.read_bytes()
        (again,) = space.load([file])
        assert not again.changed
        assert space.store.manifest_path.read_bytes() == before

    def test_a_newer_file_replaces_the_month(self, space, tmp_path):
        space.load([write(tmp_path / "2026-09.json", response([allocation(), idle()]))])
        space.load([write(tmp_path / "2026-09.json", response([allocation(), idle(gpus=8)]))])
        assert teams(space) == {"Search": 50, "idle": 50}

    def test_hours_win_over_their_day_and_sum_to_it(self, space, tmp_path):
        hours = [[allocation(DAY.replace(hour=h), 1), idle(DAY.replace(hour=h), 1, gpus=h % 3)] for h in range(24)]
        write(tmp_path / "oc" / "2026-09.json", response([allocation(), idle(gpus=100)]))
        write(tmp_path / "oc" / "hourly" / "2026-09.json", response(*hours))
        space.load([tmp_path / "oc"])
        assert cube_rows(
            space.store.root, "SELECT kind, COUNT(*), SUM(gpu_reserved) FROM usage GROUP BY 1 ORDER BY 1"
        ) == [
            ("allocation", 24, 192),
            ("idle", 24, 24),
        ]
        assert {part.grain: part.rows for part in space.store.current().usage} == {"day": 2, "hour": 48}
        found = teams(space)
        assert round(found["idle"], 9) == round(Decimal(100) * 24 / 216, 9)

    def test_a_folder_with_bills_and_usage(self, space, tmp_path):
        bill = focus_row(ServiceName="Other", BillingAccountId="9", BilledCost="1")
        write_csv(tmp_path / "both" / "bill.csv", [bill])
        write(tmp_path / "both" / "usage.json", response([allocation(), idle()]))
        space.load([tmp_path / "both"])
        assert teams(space) == {"Search": 80, "idle": 20, "unallocated": 1}

    def test_the_same_window_in_two_files_would_count_twice(self, space, tmp_path):
        for name in ("a.json", "b.json"):
            write(tmp_path / "oc" / name, response([allocation()]))
        with pytest.raises(UnreadableFile, match="both hold cluster ml on 2026-09-05"):
            space.load([tmp_path / "oc"])
        assert teams(space) == {"unallocated": 100}

    def test_a_second_source_for_a_cluster_is_refused_unless_it_takes_over(self, space, tmp_path):
        space.load([write(tmp_path / "a.json", response([allocation(), idle()]))], source="one")
        other = write(tmp_path / "b.json", response([allocation(), idle(gpus=8)]))
        with pytest.raises(AlreadyCovered, match="one already holds the usage of cluster ml for 2026-09"):
            space.load([other], source="two")
        space.load([other], source="two", supersede=True)
        assert teams(space) == {"Search": 50, "idle": 50}
        assert [part.source for part in space.store.current().usage] == ["two"]

    def test_a_refused_file_leaves_everything_as_it_was(self, space, tmp_path):
        before = space.store.current()
        bill = write_csv(tmp_path / "more.csv", [focus_row(BillingAccountId="9")])
        with pytest.raises(MissingColumn):
            space.load([bill, write(tmp_path / "a.json", response([{"name": "x", "window": {}}]))])
        assert space.store.current() == before


class TestManifest:
    def test_usage_parts_survive_writing_and_reading(self, space, tmp_path):
        space.load([write(tmp_path / "a.json", response([allocation(), idle()]))])
        (part,) = Store(space.store.root).current().usage
        assert (part.cluster, part.period, part.grain, part.rows) == ("ml", "2026-09", "day", 2)
        assert (part.first_day, part.last_day) == (date(2026, 9, 5), date(2026, 9, 5))

    def test_a_manifest_of_format_1_is_read_as_one_without_usage(self, space):
        state = space.store.current()
        document = json.loads(space.store.manifest_path.read_text())
        assert document.pop("usage") == []
        write(space.store.manifest_path, json.dumps({**document, "format": 1}))
        assert Store(space.store.root).current() == state

    def test_usage_makes_another_generation(self, space, tmp_path):
        before = space.store.current()
        space.load([write(tmp_path / "a.json", response([allocation(), idle()]))])
        after = space.store.current()
        assert after.generation != before.generation
        assert isinstance(after, Manifest)
        assert after.parts == before.parts
