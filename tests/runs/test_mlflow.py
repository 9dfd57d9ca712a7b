"""MLflow over a loopback server that answers as MLflow 3.17.2 does: pages, 429, 500, and answers of another shape."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from costlib.errors import InputError, UnreadableFile
from costlib.runs.mlflow import fetch_runs
from costlib.runs.model import Status
from costlib.sources.web import TRIES
from tests.runs.conftest import Scripted

API = "/api/2.0/mlflow"
EXPERIMENT = {"experiment_id": "1", "name": "search-ranker", "lifecycle_stage": "active"}


def answer_run(name: str, **info: Any) -> dict[str, Any]:
    """One run as the server writes it: 1 September 2026, from 04:00 to 06:30 UTC."""
    return {
        "info": {
            "run_id": name,
            "run_uuid": name,
            "experiment_id": "1",
            "run_name": "train",
            "user_id": "ada",
            "status": "FINISHED",
            "start_time": 1788235200000,
            "end_time": 1788244200000,
            "lifecycle_stage": "active",
            **info,
        },
        "data": {
            "metrics": [{"key": "ndcg", "value": 0.48, "timestamp": 1, "step": 0}],
            "params": [{"key": "instance_type", "value": "g5.xlarge"}, {"key": "lr", "value": "0.1"}],
            "tags": [{"key": "team", "value": "Search"}, {"key": "model", "value": "ranker"}],
        },
    }


@pytest.fixture
def server(scripted: Scripted) -> Scripted:
    scripted.answers(f"{API}/experiments/search", {"experiments": [EXPERIMENT]})
    return scripted


@pytest.fixture
def fetch(server: Scripted, pauses: list[float]) -> Callable[..., Any]:
    return lambda **facts: fetch_runs(server.url, pause=pauses.append, **facts)


def test_a_run_as_mlflow_writes_it(server: Scripted, fetch: Callable[..., Any]) -> None:
    server.answers(f"{API}/runs/search", {"runs": [answer_run("r1")]})
    (run,) = fetch(quality_metric="ndcg")
    assert (run.run_id, run.experiment, run.owner, run.model) == ("r1", "search-ranker", "Search", "ranker")
    assert (run.start, run.hours, run.status) == (datetime(2026, 9, 1, 4), Decimal("2.5"), Status.DONE)
    assert (run.instance_type, run.quality_metric, run.quality) == ("g5.xlarge", "ndcg", Decimal("0.48"))


def test_what_a_run_does_not_say_is_unknown(server: Scripted, fetch: Callable[..., Any]) -> None:
    bare = {**answer_run("r1", status="RUNNING", end_time=None), "data": {}}
    server.answers(f"{API}/runs/search", {"runs": [bare]})
    (run,) = fetch(quality_metric="ndcg")
    assert (run.end, run.model, run.instance_type, run.quality, run.quality_metric) == (None,) * 5
    assert (run.owner, run.status) == ("ada", Status.RUNNING)


def test_a_quality_that_diverged_is_unknown(server: Scripted, fetch: Callable[..., Any]) -> None:
    diverged = answer_run("r1")
    diverged["data"]["metrics"][0]["value"] = float("nan")
    server.answers(f"{API}/runs/search", {"runs": [diverged]})
    (run,) = fetch(quality_metric="ndcg")
    assert (run.quality, run.quality_metric) == (None, None)


def test_pages_of_both_lists(server: Scripted, fetch: Callable[..., Any]) -> None:
    other = {"experiment_id": "2", "name": "bot"}
    server.answers(
        f"{API}/experiments/search", {"experiments": [EXPERIMENT], "next_page_token": "p2"}, {"experiments": [other]}
    )
    pages = [{"runs": [answer_run(f"r{number}")], "next_page_token": f"t{number}"} for number in range(3)]
    server.answers(f"{API}/runs/search", *pages, {"runs": [answer_run("last", experiment_id="2")]})
    assert [(run.run_id, run.experiment) for run in fetch(page=1)][-2:] == [("r2", "search-ranker"), ("last", "bot")]
    asked = [body for path, body in server.asked if path == f"{API}/runs/search"]
    assert [body.get("page_token") for body in asked] == [None, "t0", "t1", "t2"]
    assert asked[0]["experiment_ids"] == ["1", "2"]


def test_a_page_that_comes_again_does_not_run_for_ever(server: Scripted, fetch: Callable[..., Any]) -> None:
    server.answers(f"{API}/runs/search", {"runs": [answer_run("r1")], "next_page_token": "same"})
    with pytest.raises(InputError, match="the same page came twice"):
        fetch()


def test_an_empty_server(server: Scripted, fetch: Callable[..., Any]) -> None:
    server.answers(f"{API}/experiments/search", {})
    assert fetch() == []


def test_429_and_500_are_tried_again_with_growing_pauses(
    server: Scripted, fetch: Callable[..., Any], pauses: list[float]
) -> None:
    ok = {"runs": [answer_run("r1")]}
    server.answers(f"{API}/runs/search", (500, {}, b"oops"), (429, {"Retry-After": "7"}, b"slow"), (503, {}, b""), ok)
    assert len(fetch()) == 1
    assert pauses == [1.0, 7.0, 4.0]


def test_a_server_that_stays_down_is_refused_with_what_it_said(
    server: Scripted, fetch: Callable[..., Any], pauses: list[float]
) -> None:
    server.answers(f"{API}/runs/search", (500, {}, b"database is locked"))
    with pytest.raises(UnreadableFile, match=f"500 database is locked .{TRIES} tries"):
        fetch()
    assert len(pauses) == TRIES - 1


def test_a_refusal_is_not_tried_again(server: Scripted, fetch: Callable[..., Any], pauses: list[float]) -> None:
    server.answers(f"{API}/experiments/search", (403, {}, b"no"))
    with pytest.raises(UnreadableFile, match=r"403 no .1 try"):
        fetch()
    assert pauses == []


def test_nobody_there(pauses: list[float]) -> None:
    with pytest.raises(UnreadableFile, match=r"nothing listens there \(3 tries\)"):
        fetch_runs("http://127.0.0.1:9", pause=pauses.append)


def without(name: str) -> dict[str, Any]:
    changed = answer_run("r1")
    del changed["info"][name]
    return changed


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"runs": [without("run_id")]}, "there is no run_id"),
        ({"runs": [without("start_time")]}, "there is no start_time"),
        ({"runs": [without("status")]}, "there is no status"),
        ({"runs": [{"run": {}}]}, "there is no info but run"),
        ({"runs": [answer_run("r1", status="DREAMING")]}, "run r1: the status 'DREAMING'"),
        ({"runs": [answer_run("r1", start_time="soon")]}, "run r1"),
        ({"runs": {"r1": 1}}, "runs is no list"),
        ({"results": []}, "there is no runs but results"),
        ([], "the answer is no object"),
        (b"<html>", "the answer is no JSON"),
    ],
)
def test_a_change_of_the_schema_is_named(server: Scripted, fetch: Callable[..., Any], body: Any, says: str) -> None:
    server.answers(f"{API}/runs/search", body)
    with pytest.raises(InputError) as refused:
        fetch()
    assert "The answer of MLflow to runs/search has another shape" in refused.value.problem
    assert says in refused.value.problem
