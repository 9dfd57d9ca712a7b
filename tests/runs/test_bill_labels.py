"""Runs that a bill tells of by a label: their cost, whose they are, and that nothing counts twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import InputError, QueryError
from costlib.periods import Window
from costlib.runs.bill import billed_days, tagged_bill
from costlib.runs.book import all_runs, keep_runs
from costlib.runs.costs import How, RunCost, grouped, run_costs
from costlib.runs.labels import VERTEX_PIPELINES, label_runs
from costlib.runs.model import Run, Status
from costlib.runs.prices import read_prices
from costlib.store.question import Filter
from costlib.store.reader import Reader
from costlib.workspace import Workspace
from tests.pages import stores

USD = (Filter("BillingCurrency", ("USD",)),)
SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))


def charge(day: int, cost: str, resource: str | None, **tags: str) -> dict[str, str]:
    labels = {key.replace("_", "-"): value for key, value in tags.items()}
    named = {"ResourceId": resource} if resource else {}
    return stores.charge(date(2026, 9, day), cost, ServiceName="Vertex AI", Tags=json.dumps(labels), **named)


def pipeline(run: str, **tags: str) -> dict[str, str]:
    return {VERTEX_PIPELINES.replace("-", "_"): run, "team": "Search", "model": "ranker", **tags}


#: Pipeline 71 on three resources over two days, pipeline 72 by two teams, a job of Azure's, serving, and nobody's.
BILL = (
    charge(1, "10", "custom-job/1", **pipeline("71", stage="training", experiment="ranking")),
    charge(1, "4", None, **pipeline("71", stage="training", experiment="ranking")),
    charge(2, "6", "custom-job/2", **pipeline("71", stage="training", experiment="ranking")),
    charge(3, "5", "custom-job/3", **pipeline("72")),
    charge(3, "1", "custom-job/3", **pipeline("72", team="Fraud")),
    charge(4, "8", "amlcompute/x", aml_job="job-9", team="Search", model="ranker", stage="training"),
    charge(5, "50", "endpoint/1", team="Search", model="ranker", stage="real-time inference"),
    charge(6, "3", "nobody"),
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return loaded(tmp_path_factory.mktemp("labels"), BILL).snapshot().reader


def loaded(folder: Path, charges: Sequence[dict[str, str]]) -> Workspace:
    space = Workspace(folder / "store")
    space.load([stores.write_focus(folder / "bill" / "focus.csv", charges)])
    return space


def priced(reader: Reader, runs: list[Run]) -> dict[str, RunCost]:
    costs, rest = run_costs(runs, billed_days(reader, runs, USD), read_prices(), "USD")
    assert rest == 0
    return {one.run.run_id: one for one in costs}


def test_a_pipeline_run_is_all_that_carries_its_label(reader: Reader) -> None:
    first, second = label_runs(reader)
    assert (first.run_id, first.start, first.owner, first.model) == ("71", datetime(2026, 9, 1), "Search", "ranker")
    assert first.experiment == "ranking"
    assert (second.run_id, second.owner) == ("72", None)
    costs = priced(reader, [first, second])
    assert {name: (one.cost, one.how) for name, one in costs.items()} == {
        "71": (Decimal(20), How.BILL),
        "72": (Decimal(6), How.BILL),
    }


def test_how_long_and_how_it_ended_stays_unknown(reader: Reader) -> None:
    (first, *_) = label_runs(reader)
    assert (first.end, first.hours, first.status, first.wasted) == (None, None, Status.UNKNOWN, False)
    (group,) = grouped(priced(reader, [first]).values(), lambda run: run.experiment)
    assert (group.failed, group.cancelled, group.unknown, group.cost) == (0, 0, 0, 20)


def test_any_other_label_is_asked_for_by_its_key(reader: Reader) -> None:
    (job,) = label_runs(reader, "aml-job")
    assert (job.run_id, job.resource, job.stage) == ("job-9", "aml-job=job-9", "training")
    assert priced(reader, [job])["job-9"].cost == 8
    assert label_runs(reader, "nothing") == []


def test_a_resource_that_another_run_names_counts_once(reader: Reader) -> None:
    """Of pipeline 71's 20, a tracker's run names the custom job of 10."""
    named = Run("tracked", datetime(2026, 9, 1), end=datetime(2026, 9, 1, 5), resource="custom-job/1")
    costs = priced(reader, [*label_runs(reader), named])
    assert {name: one.cost for name, one in costs.items()} == {"71": 10, "72": 6, "tracked": 10}


def test_two_labels_on_one_line_item_count_once(tmp_path: Path) -> None:
    both = charge(1, "7", None, a="1", b="2", model="m")
    reader = loaded(tmp_path, [both]).snapshot().reader
    runs = [Run(name, datetime(2026, 9, 1), resource=name) for name in ("a=1", "b=2")]
    costs = priced(reader, runs)
    assert (costs["a=1"].cost, costs["b=2"].how) == (7, How.UNKNOWN)
    bill = tagged_bill(reader, ["a=1", "b=2"], USD, SEPTEMBER)
    assert (bill.runs, bill.total, bill.billed) == (7, 7, 7)


def test_runs_and_the_rest_are_still_the_bill(reader: Reader) -> None:
    """26 of pipelines (10 of them by a named job), 8 of Azure's job and 50 of serving; the 3 have no model."""
    named = Run("tracked", datetime(2026, 9, 1), resource="custom-job/1")
    billed = billed_days(reader, [*label_runs(reader), named], USD)
    bill = tagged_bill(reader, list(billed), USD, SEPTEMBER)
    assert (bill.total, bill.runs, bill.billed) == (84, 26, 84)
    assert bill.runs + sum(bill.rest.values()) == bill.total
    assert {stage: cost for stage, cost in bill.rest.items() if cost} == {"real-time inference": 50, "training": 8}


def test_filters_hold_for_labels_too(reader: Reader) -> None:
    runs = label_runs(reader)
    fraud = billed_days(reader, runs, (*USD, Filter("x_Team", ("Fraud",))))
    assert fraud == {f"{VERTEX_PIPELINES}=72": {date(2026, 9, 3): Decimal(1)}}


def test_the_command_and_a_tracker_that_names_the_same_label(tmp_path: Path) -> None:
    store = loaded(tmp_path, BILL).store.root
    done = CliRunner().invoke(app, ["--store", str(store), "runs", "load", "bill:", "--json"])
    assert json.loads(done.stdout) == {
        "source": f"bill:{VERTEX_PIPELINES}",
        "runs": 2,
        "months": ["2026-09"],
        "changed": ["2026-09"],
    }
    shown = CliRunner().invoke(app, ["--store", str(store), "runs", "show", "--json"])
    assert {row["name"]: row["cost"] for row in json.loads(shown.stdout)["rows"]} == {"ranking": "20", None: "6"}
    refused = CliRunner().invoke(app, ["--store", str(store), "runs", "show", "--currency", "GBP"])
    assert isinstance(refused.exception, QueryError) and "Nothing is billed in GBP" in str(refused.exception)
    tracked = Run("kfp", datetime(2026, 9, 1), status=Status.FAILED, resource=f"{VERTEX_PIPELINES}=71")
    keep_runs(store, "tracker", [tracked])
    assert {run.run_id for run in all_runs(store)} == {"kfp", "72"}


def test_runs_whose_cost_nobody_knows_cost_nothing_that_is_known(tmp_path: Path) -> None:
    store = loaded(tmp_path, BILL).store.root
    keep_runs(store, "tracker", [Run("lone", datetime(2026, 9, 1), experiment="unpriced")])
    shown = CliRunner().invoke(app, ["--store", str(store), "runs", "show", "--json"])
    (row,) = json.loads(shown.stdout)["rows"]
    assert (row["name"], row["runs"], row["cost"], row["failed_cost"]) == ("unpriced", 1, None, None)


def test_a_tag_that_nothing_carries_is_refused(tmp_path: Path) -> None:
    store = loaded(tmp_path, BILL).store.root
    refused = CliRunner().invoke(app, ["--store", str(store), "runs", "load", "bill:jobb"])
    assert isinstance(refused.exception, InputError)
    assert "No line item of the bills carries the tag jobb. Expected: bill:KEY" in str(refused.exception)
