"""Kubeflow Pipelines over a loopback server, whose answers the official client reads too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

import kfp_server_api
import pytest

from costlib.errors import InputError, UnreadableFile
from costlib.runs.kubeflow import fetch_runs
from costlib.runs.model import Run, Status
from costlib.runs.places import fetch
from costlib.sources.web import TRIES
from tests.runs.conftest import Scripted

API = "/apis/v2beta1"


def task(name: str, start: str | None, end: str | None, **changed: Any) -> dict[str, Any]:
    times = {"start_time": start and f"2026-09-01T{start}Z", "end_time": end and f"2026-09-01T{end}Z"}
    return {
        "run_id": "r1",
        "task_id": name,
        "display_name": name,
        "create_time": "2026-09-01T04:00:00Z",
        "state": "SUCCEEDED",
        "pod_name": f"{name}-1234",
        **{key: value for key, value in times.items() if value},
        **changed,
    }


def run(name: str = "r1", **changed: Any) -> dict[str, Any]:
    """A run as version 2.17 writes it: created at 4:00, at work from 4:30 to 6:00, finished at 6:05."""
    details = {"task_details": [task("prepare", "04:30:00", "05:10:00"), task("train", "05:00:00", "06:00:00")]}
    return {
        "experiment_id": "e1",
        "run_id": name,
        "display_name": "train-ranker",
        "storage_state": "AVAILABLE",
        "pipeline_version_reference": {"pipeline_id": "p1", "pipeline_version_id": "v1"},
        "runtime_config": {"parameters": {"team": "Search", "model": "ranker", "instance_type": "g5.xlarge"}},
        "service_account": "pipeline-runner",
        "created_at": "2026-09-01T04:00:00Z",
        "scheduled_at": "2026-09-01T04:00:00Z",
        "finished_at": "2026-09-01T06:05:00Z",
        "state": "SUCCEEDED",
        "run_details": details,
        **changed,
    }


@pytest.fixture
def server(scripted: Scripted) -> Scripted:
    named = {"experiments": [{"experiment_id": "e1", "display_name": "ranking", "namespace": "ml"}], "total_size": 1}
    scripted.answers(f"{API}/experiments", named)
    scripted.answers(f"{API}/pipelines", {"pipelines": [{"pipeline_id": "p1", "display_name": "nightly"}]})
    return scripted


@pytest.fixture
def fetched(server: Scripted, pauses: list[float]) -> Callable[..., list[Run]]:
    def ask(*answers: Any, **facts: Any) -> list[Run]:
        server.answers(f"{API}/runs", *answers)
        return fetch_runs(server.url, pause=pauses.append, **facts)

    return ask


def test_a_run_as_kubeflow_writes_it(fetched: Callable[..., list[Run]]) -> None:
    (found,) = fetched({"runs": [run()], "total_size": 1, "next_page_token": ""})
    assert (found.run_id, found.experiment, found.pipeline) == ("r1", "ranking", "nightly")
    assert (found.owner, found.model, found.instance_type, found.stage) == ("Search", "ranker", "g5.xlarge", "training")
    assert (found.start, found.hours, found.status) == (datetime(2026, 9, 1, 4, 30), Decimal("1.5"), Status.DONE)


def test_the_official_client_reads_the_same_answer(server: Scripted) -> None:
    """What is served here is what the server of Kubeflow's own client is expected to serve."""
    server.answers(f"{API}/runs", {"runs": [run()], "total_size": 1, "next_page_token": "more"})
    with kfp_server_api.ApiClient(kfp_server_api.Configuration(host=server.url)) as client:
        read = kfp_server_api.RunServiceApi(client).run_service_list_runs(page_size=1)
        experiments = kfp_server_api.ExperimentServiceApi(client).experiment_service_list_experiments()
        pipelines = kfp_server_api.PipelineServiceApi(client).pipeline_service_list_pipelines()
    (one,) = read.runs
    assert (read.next_page_token, one.run_id, one.state) == ("more", "r1", "SUCCEEDED")
    assert one.created_at.replace(tzinfo=None) == datetime(2026, 9, 1, 4)
    assert [part.start_time.hour for part in one.run_details.task_details] == [4, 5]
    assert one.runtime_config.parameters["team"] == "Search"
    assert one.pipeline_version_reference.pipeline_id == pipelines.pipelines[0].pipeline_id
    assert one.experiment_id == experiments.experiments[0].experiment_id


def test_our_question_is_that_of_the_official_client(server: Scripted, fetched: Callable[..., list[Run]]) -> None:
    fetched({"runs": [run()]}, page=7)
    ours = {path for path, _ in server.asked}
    server.asked.clear()
    with kfp_server_api.ApiClient(kfp_server_api.Configuration(host=server.url)) as client:
        kfp_server_api.RunServiceApi(client).run_service_list_runs(page_size=7, namespace="ml", page_token="t")
        kfp_server_api.ExperimentServiceApi(client).experiment_service_list_experiments(page_size=7)
        kfp_server_api.PipelineServiceApi(client).pipeline_service_list_pipelines(page_size=7)
    assert {path for path, _ in server.asked} == ours
    assert parse_qs(server.asked[0][1]) == {"page_size": ["7"], "namespace": ["ml"], "page_token": ["t"]}


def test_pages_and_namespace(server: Scripted) -> None:
    pages = [{"runs": [run(f"r{number}")], "next_page_token": f"t{number}"} for number in range(3)]
    server.answers(f"{API}/runs", *pages, {"runs": [run("last")], "next_page_token": ""})
    found = fetch(f"kubeflow:{server.url}/ml")
    assert found is not None
    assert (found.source, [one.run_id for one in found.runs]) == (f"{server.url}/ml", ["r0", "r1", "r2", "last"])
    asked = [parse_qs(query) for path, query in server.asked if path == f"{API}/runs"]
    assert [one.get("page_token") for one in asked] == [None, ["t0"], ["t1"], ["t2"]]
    assert all(one["namespace"] == ["ml"] for one in asked)


def test_no_runs_at_all(fetched: Callable[..., list[Run]]) -> None:
    assert fetched({}) == []
    assert fetched({"total_size": 0}) == []


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("SUCCEEDED", Status.DONE),
        ("FAILED", Status.FAILED),
        ("CANCELED", Status.CANCELLED),
        ("SKIPPED", Status.CANCELLED),
        ("RUNNING", Status.RUNNING),
        ("PENDING", Status.RUNNING),
        ("CANCELING", Status.RUNNING),
        ("PAUSED", Status.RUNNING),
        ("RUNTIME_STATE_UNSPECIFIED", Status.UNKNOWN),
    ],
)
def test_every_state_of_the_interface(fetched: Callable[..., list[Run]], state: str, status: Status) -> None:
    assert state in kfp_server_api.V2beta1RuntimeState.allowable_values
    (found,) = fetched({"runs": [run(state=state)]})
    assert found.status is status
    assert (found.end is None) is (status is Status.RUNNING)


def test_all_states_are_tried() -> None:
    assert len(kfp_server_api.V2beta1RuntimeState.allowable_values) == 9


def test_a_run_that_has_not_ended_or_tells_nothing(fetched: Callable[..., list[Run]]) -> None:
    bare = run("bare", run_details=None, runtime_config=None, pipeline_version_reference=None, service_account="")
    busy = run("busy", state="RUNNING", finished_at="1970-01-01T00:00:00Z", run_details={"task_details": []})
    first, second = fetched({"runs": [bare, busy]})
    assert (first.start, first.hours) == (datetime(2026, 9, 1, 4), Decimal(125) / 60)
    assert (first.owner, first.model, first.pipeline) == (None, None, None)
    assert (second.end, second.start) == (None, datetime(2026, 9, 1, 4))


def test_a_task_that_never_started_does_not_count(fetched: Callable[..., list[Run]]) -> None:
    tasks = [task("train", "05:00:00", "06:00:00"), task("late", None, None)]
    (found,) = fetched({"runs": [run(state="FAILED", run_details={"task_details": tasks})]})
    assert (found.start.hour, found.hours, found.status) == (5, 1, Status.FAILED)


def test_what_parameters_say(fetched: Callable[..., list[Run]]) -> None:
    told = {"quality_metric": "auc", "quality": 0.91, "instances": 4, "data_volume_gb": 12.5, "utilisation": 0.4}
    (found,) = fetched({"runs": [run(runtime_config={"parameters": told})]})
    assert (found.quality_metric, found.quality) == ("auc", Decimal("0.91"))
    assert (found.instances, found.data_volume_gb, found.utilisation) == (4, Decimal("12.5"), Decimal("0.4"))
    assert found.owner == "pipeline-runner"


def test_429_and_500_are_tried_again(fetched: Callable[..., list[Run]], pauses: list[float]) -> None:
    assert len(fetched((500, {}, b"no leader"), (429, {}, b""), {"runs": [run()]})) == 1
    assert pauses == [1.0, 2.0]


def test_a_server_that_stays_down(fetched: Callable[..., list[Run]], pauses: list[float]) -> None:
    with pytest.raises(UnreadableFile, match="503 starting") as refused:
        fetched((503, {}, b"starting"))
    assert "serves Kubeflow Pipelines" in refused.value.fix
    assert len(pauses) == TRIES - 1


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in run().items() if key != name}


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"runs": [without("run_id")]}, "there is no run_id"),
        ({"runs": [without("state")]}, "there is no state"),
        ({"runs": [without("created_at")]}, "there is no created_at"),
        ({"runs": [run(state="DREAMING")]}, "run r1: the status 'DREAMING'"),
        ({"runs": [run(created_at="soon")]}, "run r1"),
        ({"runs": [run(run_details=None, finished_at="2026-09-01T03:00:00Z")]}, "run r1: it ends at"),
        ({"runs": {"r1": 1}}, "runs is no list"),
        ({"items": []}, "there is no runs but items"),
        ([], "the answer is no object"),
        (b"<html>login</html>", "the answer is no JSON"),
    ],
)
def test_a_change_of_the_schema_is_named(fetched: Callable[..., list[Run]], answer: Any, says: str) -> None:
    with pytest.raises(InputError) as refused:
        fetched(answer)
    assert "The answer of Kubeflow Pipelines to runs has another shape" in refused.value.problem
    assert says in refused.value.problem
