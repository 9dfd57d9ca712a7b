"""The runs of the sample company on its own bill: compute, storage and time at work, and all of it against the bill."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib.periods import Window
from costlib.runs.bill import billed_days, tagged_bill
from costlib.runs.book import all_runs
from costlib.runs.costs import bill_factor, grouped, run_costs
from costlib.runs.model import Run, Status
from costlib.runs.prices import read_prices
from costlib.runs.storage import billed_buckets, bucket_of, storage_costs
from costlib.store.question import Filter
from costlib.store.reader import Reader
from costlib.workspace import Workspace
from tests.pages import stores

USD = (Filter("BillingCurrency", ("USD",)),)
SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Workspace(stores.demo(tmp_path_factory)).snapshot().reader


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    return all_runs(stores.demo(tmp_path_factory))


def test_run_costs_serving_idle_and_the_rest_are_the_tagged_resources(reader: Reader, runs: list[Run]) -> None:
    """The costs that runs have one by one, not only their resources, and the cube's own sum."""
    window = reader.window()
    assert window
    billed = billed_days(reader, runs, USD)
    costs, rest = run_costs(runs, billed, read_prices(), "USD")
    bill = tagged_bill(reader, list(billed), USD, window)
    on_bill = sum((one.cost or Decimal(0) for one in costs if one.run.resource), Decimal(0))
    assert on_bill + rest == bill.runs
    assert bill.runs + sum(bill.rest.values()) == pytest.approx(bill.billed, abs=Decimal("0.005"))
    assert {"idle", "real-time inference"} <= set(bill.rest)
    assert bill_factor(costs) == pytest.approx(Decimal("1.26"), abs=Decimal("0.01"))


def test_storage_of_results_is_part_of_what_their_buckets_cost(reader: Reader, runs: list[Run]) -> None:
    buckets = billed_buckets(reader, runs, USD, SEPTEMBER)
    assert {name for name, _ in buckets} == {"nl-mlflow-artifacts", "nl-recs-checkpoints"}
    found = storage_costs(runs, buckets, SEPTEMBER)
    for (bucket, _), paid in buckets.items():
        taken = sum(
            (found.get(run.run_id, Decimal(0)) for run in runs if bucket_of(run.artifacts) == bucket), Decimal(0)
        )
        assert 0 < taken < paid.cost
    tower = [
        run for run in runs if run.model == "recs-two-tower" and run.artifact_gb and run.start.date() < SEPTEMBER.start
    ]
    rate = (
        buckets["nl-recs-checkpoints", SEPTEMBER.start].cost / buckets["nl-recs-checkpoints", SEPTEMBER.start].gb_months
    )
    assert found[tower[0].run_id] == pytest.approx(140 * rate, rel=Decimal("1e-9"))


def test_every_finished_run_says_how_much_of_its_time_it_was_at_work(reader: Reader, runs: list[Run]) -> None:
    costs, _ = run_costs(runs, {}, read_prices(), "USD")
    groups = {one.name: one for one in grouped(costs, lambda run: run.model)}
    assert groups["recs-two-tower"].utilisation == pytest.approx(Decimal("0.44"), abs=Decimal("0.01"))
    assert groups["support-assistant"].utilisation is None
    assert all((run.artifacts is None) == (run.status is not Status.DONE) for run in runs if run.resource)
