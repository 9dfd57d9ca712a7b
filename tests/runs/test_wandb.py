"""Weights & Biases: real offline runs, files that are damaged, and the GraphQL API over a loopback server."""

from __future__ import annotations

import base64
import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wandb.proto import wandb_internal_pb2 as proto

from costlib.errors import EmptyExport, InputError, UnreadableFile
from costlib.runs import wandb_log
from costlib.runs.model import Run, Status
from costlib.runs.places import fetch
from costlib.runs.wandb import offline_runs, project_runs
from costlib.runs.wandb_log import BLOCK, logged, records
from tests.runs.conftest import Scripted

#: Three runs as a training script makes them: one that ends well, one that fails, one that is killed.
SCRIPT = """
import os, time, wandb
for name, end in (("good", 0), ("bad", 1), ("killed", None)):
    run = wandb.init(
        project="ranker", name=name, group="nightly", job_type="training", id=name,
        config={"team": "Search", "instance_type": "g5.xlarge", "quality_metric": "ndcg", "layers": [1, 2]},
        settings=wandb.Settings(disable_git=True, save_code=False, console="off"),
    )
    for step in range(3):
        run.log({"ndcg": 0.25 + step / 8, "pad": "x" * 20000})
        time.sleep(0.4 if name == "good" else 0)
    run.summary["data_volume_gb"] = 12.5
    if end is None:
        time.sleep(0.5)
        os._exit(9)
    run.finish(exit_code=end)
"""


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the script leaves behind."""
    folder = tmp_path_factory.mktemp("wandb")
    facts = {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "WANDB_DIR": str(folder), "WANDB_CONFIG_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=folder,
        env={**os.environ, **facts, "WANDB_CACHE_DIR": str(folder)},
        timeout=120,
    )
    assert done.returncode == 9
    return folder / "wandb"


def by_id(runs: Sequence[Run]) -> dict[str, Run]:
    return {run.run_id: run for run in runs}


def test_a_real_offline_run(offline: Path) -> None:
    run = by_id(offline_runs(offline))["good"]
    assert (run.experiment, run.stage, run.owner, run.instance_type) == ("nightly", "training", "Search", "g5.xlarge")
    assert (run.status, run.data_volume_gb) == (Status.DONE, Decimal("12.5"))
    assert (run.quality_metric, run.quality) == ("ndcg", Decimal("0.5"))
    assert run.hours is not None
    assert run.end is not None
    assert 0.8 <= (run.end - run.start).total_seconds() <= 5


def test_a_failed_run_and_one_that_was_killed(offline: Path) -> None:
    runs = by_id(offline_runs(offline))
    assert runs["bad"].status is Status.FAILED
    assert (runs["killed"].status, runs["killed"].end) == (Status.RUNNING, None)
    assert runs["killed"].owner == "Search"


def test_its_folder_is_a_place(offline: Path) -> None:
    found = fetch(f"wandb:{offline}", "ndcg")
    assert found is not None
    assert (found.source, len(found.runs)) == (f"wandb:{offline}", 3)


def test_every_record_is_one_that_the_package_understands(offline: Path) -> None:
    """Records longer than a block among them, which lie in pieces."""
    for path in offline.rglob("run-*.wandb"):
        found = list(records(path.read_bytes()))
        for content in found:
            assert proto.Record.FromString(content).WhichOneof("record_type")
        assert path.stat().st_size > BLOCK


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (wandb_log.RECORD, proto.Record),
        (wandb_log.RUN, proto.RunRecord),
        (wandb_log.UPDATE, proto.ConfigRecord),
        (wandb_log.UPDATE, proto.SummaryRecord),
        (wandb_log.ITEM, proto.ConfigItem),
        (wandb_log.ITEM, proto.SummaryItem),
        (wandb_log.EXIT, proto.RunExitRecord),
        (wandb_log.STATS, proto.StatsRecord),
        ({"seconds": wandb_log.TIME["seconds"]}, proto.RunRecord().start_time.__class__),
    ],
)
def test_the_numbers_of_fields_are_those_of_the_package(numbers: dict[str, int], message: Any) -> None:
    fields = message.DESCRIPTOR.fields_by_name
    assert {name: fields[name].number for name in numbers} == numbers


def log(*contents: bytes) -> bytes:
    """A log of the records, written here by the format's description."""
    written = b":W&B\xe1\xbe\x00"
    for content in contents:
        first = True
        while True:
            room = BLOCK - len(written) % BLOCK
            if room < 7:
                written += bytes(room)
                continue
            piece, content = content[: room - 7], content[room - 7 :]
            kind = (1 if first else 4) if not content else (2 if first else 3)
            written += struct.pack("<IHB", zlib.crc32(bytes([kind]) + piece), len(piece), kind) + piece
            first = False
            if not content:
                break
    return written


@given(st.lists(st.integers(0, 3 * BLOCK).map(lambda size: b"\x07" * size), max_size=6))
def test_records_come_back_as_they_were(contents: list[bytes]) -> None:
    assert list(records(log(*contents))) == contents


def run_record(**facts: Any) -> bytes:
    run = proto.RunRecord(run_id="r1", project="ranker", **facts)
    run.start_time.FromSeconds(1788235200)
    return proto.Record(run=run).SerializeToString()


def stats(**busy: float) -> bytes:
    items = [proto.StatsItem(key=key.replace("_", "."), value_json=json.dumps(value)) for key, value in busy.items()]
    return proto.Record(stats=proto.StatsRecord(item=items)).SerializeToString()


def test_utilisation_is_the_mean_of_its_gpus(tmp_path: Path) -> None:
    """Two looks at two GPUs: 80, 40, 60 and 20 percent; what they draw in watts is left out."""
    path = tmp_path / "run-r1.wandb"
    looks = (stats(gpu_0_gpu=80, gpu_1_gpu=40.0, gpu_0_powerWatts=300), stats(gpu_0_gpu=60, gpu_1_gpu=20))
    path.write_bytes(log(run_record(), *looks))
    (run,) = offline_runs(tmp_path)
    assert (run.utilisation, run.experiment) == (Decimal("0.5"), "ranker")


def test_what_its_config_says_of_utilisation_counts_first(tmp_path: Path) -> None:
    config = proto.ConfigRecord(update=[proto.ConfigItem(key="utilisation", value_json="0.7")])
    (tmp_path / "run-r1.wandb").write_bytes(log(run_record(config=config), stats(gpu_0_gpu=80)))
    assert offline_runs(tmp_path)[0].utilisation == Decimal("0.7")


def test_a_file_cut_short_is_read_up_to_the_cut(tmp_path: Path) -> None:
    whole = log(run_record(run_group="g"), proto.Record(exit=proto.RunExitRecord()).SerializeToString())
    for cut in (1, 8):
        (tmp_path / "run-r1.wandb").write_bytes(whole[:-cut])
        (run,) = offline_runs(tmp_path)
        assert (run.experiment, run.status) == ("g", Status.RUNNING)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(EmptyExport, match="holds no offline run"):
        offline_runs(tmp_path)
    path = tmp_path / "run-r1.wandb"
    whole = log(run_record())
    for content, says in (
        (b"PK\x03\x04", "does not begin as a run"),
        (whole[:20] + b"?" + whole[21:], "the record at byte 7 is damaged"),
        (log(b"\x07"), "unknown kind 7"),
        (log(b"\x8a"), "index out of range"),
    ):
        path.write_bytes(content)
        with pytest.raises(UnreadableFile, match=says):
            logged(path)
    path.write_bytes(log(proto.Record().SerializeToString()))
    with pytest.raises(InputError, match="does not say its run"):
        offline_runs(tmp_path)


def node(name: str, **changed: Any) -> dict[str, Any]:
    """A run as the API writes it; config and summary are JSON text."""
    config = {"team": {"desc": None, "value": "Search"}, "model": {"value": "ranker"}, "_wandb": {"value": {}}}
    summary = {"_runtime": 5399.4, "_wandb": {"runtime": 5400}, "ndcg": 0.48, "utilisation": 0.43}
    return {
        "name": name,
        "state": "finished",
        "group": "",
        "jobType": None,
        "createdAt": "2026-09-01T04:00:00Z",
        "config": json.dumps(config),
        "summaryMetrics": json.dumps(summary),
        "user": {"username": "ada"},
        **changed,
    }


def page(*nodes: dict[str, Any], cursor: str = "") -> dict[str, Any]:
    info = {"endCursor": cursor or None, "hasNextPage": bool(cursor)}
    return {"data": {"project": {"runs": {"edges": [{"node": one} for one in nodes], "pageInfo": info}}}}


@pytest.fixture
def fetched(scripted: Scripted, pauses: list[float]) -> Callable[..., list[Run]]:
    def ask(*answers: Any, **facts: Any) -> list[Run]:
        scripted.answers("/graphql", *answers)
        return project_runs(f"wandb:{scripted.url}/acme/ranker", pause=pauses.append, **facts)[1]

    return ask


def test_a_run_of_the_api(fetched: Callable[..., list[Run]], scripted: Scripted) -> None:
    (run,) = fetched(page(node("r1")), quality_metric="ndcg")
    assert (run.run_id, run.experiment, run.owner, run.model) == ("r1", "ranker", "Search", "ranker")
    assert (run.start, run.hours, run.status) == (datetime(2026, 9, 1, 4), Decimal("1.5"), Status.DONE)
    assert (run.quality, run.utilisation) == (Decimal("0.48"), Decimal("0.43"))
    ((_, asked),) = scripted.asked
    assert asked["variables"] == {"entity": "acme", "project": "ranker", "perPage": 50, "cursor": None}


def test_pages_by_cursor(fetched: Callable[..., list[Run]], scripted: Scripted) -> None:
    runs = fetched(page(node("a"), node("b"), cursor="c1"), page(node("c"), cursor="c2"), page(node("d")), page=2)
    assert [run.run_id for run in runs] == ["a", "b", "c", "d"]
    assert [asked["variables"]["cursor"] for _, asked in scripted.asked] == [None, "c1", "c2"]


def test_states_and_a_run_that_says_little(fetched: Callable[..., list[Run]]) -> None:
    states = ("finished", "failed", "crashed", "killed", "running")
    runs = fetched(page(*(node(state, state=state) for state in states), node("bare", config="{}", summaryMetrics="")))
    assert [run.status.value for run in runs] == ["done", "failed", "failed", "cancelled", "running", "done"]
    assert runs[4].end is None
    assert (runs[5].hours, runs[5].owner, runs[5].quality) == (None, "ada", None)


def test_429_and_500_are_tried_again(fetched: Callable[..., list[Run]], pauses: list[float]) -> None:
    assert len(fetched((429, {"Retry-After": "3"}, b""), (500, {}, b""), page(node("a")))) == 1
    assert pauses == [3.0, 2.0]


def test_the_key_of_netrc_is_sent(
    fetched: Callable[..., list[Run]], scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    fetched(page(node("a")))
    assert "Authorization" not in scripted.headers[-1]
    path = tmp_path / ".netrc"
    path.write_text("machine 127.0.0.1 login user password k3y\n")
    path.chmod(0o600)
    fetched(page(node("a")))
    assert scripted.headers[-1]["Authorization"] == "Basic " + base64.b64encode(b"user:k3y").decode()
    scripted.answers("/elsewhere", page(node("b")))
    asked, local = len(scripted.headers), scripted.url.replace("127.0.0.1", "localhost")
    with pytest.raises(UnreadableFile, match="answered 301"):
        fetched((301, {"Location": f"{local}/elsewhere"}, b""))
    assert len(scripted.headers) == asked + 1, "a key goes to the host that was named and nowhere else"
    path.write_text("machine\n")
    with pytest.raises(InputError, match=r"netrc cannot be read"):
        fetched(page(node("a")))


def gone(name: str) -> dict[str, Any]:
    return {key: value for key, value in node("r1").items() if key != name}


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (page(gone("summaryMetrics")), "there is no summaryMetrics"),
        (page(gone("state")), "there is no state but"),
        (page(node("r1", state="dreaming")), "run r1: the status 'dreaming'"),
        (page(node("r1", createdAt="soon")), "run r1"),
        (page(node("r1", config="[]")), r"run r1: \[\] is no object"),
        (page(node("r1", summaryMetrics='{"utilisation": 43}')), "write 0.43 for 43 %"),
        ({"errors": [{"message": "Cannot query field"}]}, "Cannot query field"),
        ({"data": {}}, "there is no project"),
        ({"data": {"project": {"runs": {"edges": []}}}}, "there is no pageInfo"),
    ],
)
def test_a_change_of_the_schema_is_named(fetched: Callable[..., list[Run]], answer: Any, says: str) -> None:
    with pytest.raises(InputError, match=says):
        fetched(answer)


def test_a_project_that_is_not_there(fetched: Callable[..., list[Run]]) -> None:
    with pytest.raises(InputError, match="no project acme/ranker"):
        fetched({"data": {"project": None}})
    with pytest.raises(InputError, match="names no project"):
        project_runs("wandb:https://api.wandb.ai/acme")


def test_a_folder_that_is_not_there_is_told_apart_from_one_without_runs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none is no folder\. Expected: wandb:FOLDER"):
        offline_runs(tmp_path / "none")
    with pytest.raises(EmptyExport, match="holds no offline run"):
        offline_runs(tmp_path)
