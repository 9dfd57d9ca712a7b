"""The sample's runs: every training job on the bill is one, at what the bill says, the same every time."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from costlib import sample
from costlib.periods import Window
from costlib.runs.bill import billed_days, tagged_bill
from costlib.runs.book import all_runs
from costlib.runs.costs import How, RunCost, bill_factor, run_costs
from costlib.runs.model import Run, Status
from costlib.runs.prices import read_prices
from costlib.runs.read import read_runs
from costlib.sample import runs as written_runs
from costlib.store.question import Filter
from costlib.store.reader import Reader
from costlib.workspace import Workspace
from tests.pages import stores

CURRENCY = (Filter("BillingCurrency", ("USD",)),)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.training_runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Workspace(stores.demo(tmp_path_factory)).snapshot().reader


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    return all_runs(stores.demo(tmp_path_factory))


@pytest.fixture(scope="module")
def priced(reader: Reader, runs: list[Run]) -> list[RunCost]:
    found, rest = run_costs(runs, billed_days(reader, runs, CURRENCY), read_prices(), "USD")
    assert rest == 0
    return found


def test_the_same_bytes_every_time_and_a_file_of_runs(path: Path, tmp_path: Path, runs: list[Run]) -> None:
    assert path.read_bytes() == sample.training_runs(tmp_path).read_bytes()
    assert path.read_text().splitlines()[0] == ",".join(written_runs.COLUMNS)
    assert sorted(run.run_id for run in read_runs(path)) == sorted(run.run_id for run in runs)


def test_every_training_job_of_the_bill_is_a_run_with_its_money(bills, priced: list[RunCost]) -> None:
    jobs, cost = bills.row(
        "SELECT COUNT(DISTINCT line_item_resource_id), SUM(effective) FROM known "
        "WHERE line_item_resource_id LIKE '%:training-job/%'"
    )
    on_bill = [one for one in priced if one.how is How.BILL]
    assert len(on_bill) == jobs
    assert float(sum((one.cost or Decimal(0) for one in on_bill), Decimal(0))) == pytest.approx(cost)


def test_hours_of_a_run_are_those_billed(bills, runs: list[Run]) -> None:
    """Of a run of one day: machines times the time from start to end."""
    hours = dict(
        bills.rows(
            "SELECT split_part(line_item_resource_id, ':', -1), SUM(line_item_usage_amount) FROM known "
            "WHERE line_item_resource_id LIKE '%:training-job/%' GROUP BY 1"
        )
    )
    one_day = [run for run in runs if run.end and run.resource and (run.end - run.start).days == 0]
    assert len(one_day) > 1800
    for run in one_day:
        assert float((run.hours or 0) * (run.instances or 0)) == pytest.approx(hours[run.resource], abs=0.01)


def test_runs_that_no_bill_names_are_priced_from_the_list(priced: list[RunCost]) -> None:
    listed = [one for one in priced if one.how is How.LIST]
    assert {one.run.experiment for one in listed} == {"assistant prompts"}
    assert {one.cost for one in listed} == {Decimal("1.212") * Decimal("3.5")}
    assert not any(one.how is How.UNKNOWN for one in priced)


def test_the_bill_is_a_quarter_above_the_list_of_ec2(priced: list[RunCost]) -> None:
    assert bill_factor(priced) == pytest.approx(Decimal("1.25"), rel=Decimal("0.01"))


def test_the_sweep_was_cancelled_and_one_run_in_thirty_failed(runs: list[Run]) -> None:
    counted = Counter(run.status for run in runs)
    assert [run.experiment for run in runs if run.status is Status.CANCELLED] == ["search-ranker sweep"]
    assert 1 / 45 < counted[Status.FAILED] / len(runs) < 1 / 20
    assert all((run.quality is None) == (run.status is not Status.DONE) for run in runs if run.experiment == run.model)


def test_runs_serving_idle_and_the_rest_are_the_tagged_resources(reader: Reader, runs: list[Run]) -> None:
    """Parts to the last digit; the cube, whose pools are cut at another grain, agrees to a millionth."""
    window = reader.window()
    assert window
    billed = billed_days(reader, runs, CURRENCY)
    found = tagged_bill(reader, list(billed), CURRENCY, window)
    ((told,),) = reader.rows(
        "SELECT SUM(EffectiveCost) FROM cube WHERE x_Model IS NOT NULL AND BillingCurrency = 'USD' "
        "AND ChargePeriodStart >= ? AND ChargePeriodStart < ?",
        [window.start, window.end],
    )
    assert found.runs + sum(found.rest.values(), Decimal(0)) == found.total
    assert found.total == pytest.approx(told, abs=Decimal("1e-6"))
    assert found.runs == sum((cost or Decimal(0) for days in billed.values() for cost in days.values()), Decimal(0))
    assert {"idle", "real-time inference"} <= set(found.rest)
    september = Window(found_month := window.end.replace(month=9, day=1), found_month.replace(month=10))
    inside = [run for run in runs if september.start <= run.start.date() < september.end and run.resource]
    costs, _ = run_costs(inside, billed, read_prices(), "USD")
    part = tagged_bill(reader, list(billed), CURRENCY, september)
    assert part.runs == sum((one.cost or Decimal(0) for one in costs), Decimal(0))
