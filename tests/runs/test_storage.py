"""What keeping the results of runs costs: their part of what the bill says of the bucket, never more."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.periods import Window
from costlib.runs.costs import How, RunCost, group
from costlib.runs.model import Run
from costlib.runs.storage import Stored, billed_buckets, bucket_of, storage_costs
from costlib.store.reader import Reader
from costlib.workspace import Workspace
from tests.pages import stores

AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)
MONTH = Window(SEPTEMBER, date(2026, 10, 1))
QUARTER = Window(AUGUST, date(2026, 10, 1))


def run(name: str, size: str | None, day: str = "2026-08-01", place: str | None = "s3://models/x") -> Run:
    return Run(name, datetime.fromisoformat(day), artifacts=place, artifact_gb=None if size is None else Decimal(size))


def cost(found: dict[str, Decimal]) -> dict[str, Decimal]:
    return {name: amount.normalize() for name, amount in found.items()}


def test_a_run_takes_its_share_of_the_bucket() -> None:
    """100 GB and 50 GB of 400 billed at 8: 2 and 1; 5 stay in the bucket."""
    kept = {("models", SEPTEMBER): Stored(Decimal(8), Decimal(400))}
    assert cost(storage_costs([run("a", "100"), run("b", "50")], kept, MONTH)) == {"a": 2, "b": 1}


def test_results_cost_from_the_day_they_are_there() -> None:
    """From the 16th on: half of September; a run of October costs nothing in September, and that is known."""
    kept = {("models", SEPTEMBER): Stored(Decimal(8), Decimal(400))}
    runs = [run("half", "100", "2026-09-16"), run("later", "100", "2026-10-02")]
    assert cost(storage_costs(runs, kept, MONTH)) == {"half": 1, "later": 0}


def test_each_month_has_its_own_price() -> None:
    kept = {
        ("models", AUGUST): Stored(Decimal(4), Decimal(400)),
        ("models", SEPTEMBER): Stored(Decimal(8), Decimal(400)),
    }
    assert cost(storage_costs([run("a", "100")], kept, QUARTER)) == {"a": 3}


def test_half_a_month_of_the_window_is_half_the_claim() -> None:
    kept = {("models", SEPTEMBER): Stored(Decimal(4), Decimal(200))}
    half = Window(SEPTEMBER, date(2026, 9, 16))
    assert cost(storage_costs([run("a", "100")], kept, half)) == {"a": 1}


def test_runs_that_claim_more_than_was_billed_share_it() -> None:
    kept = {("models", SEPTEMBER): Stored(Decimal(8), Decimal(100))}
    assert cost(storage_costs([run("a", "300"), run("b", "100")], kept, MONTH)) == {"a": 6, "b": 2}


def test_without_place_size_or_bucket_it_is_unknown() -> None:
    kept = {("models", SEPTEMBER): Stored(Decimal(8), Decimal(100))}
    runs = [run("a", None), run("b", "1", place=None), run("c", "1", place="s3://elsewhere/x")]
    assert storage_costs([*runs, run("d", "1", place="/mnt/nfs/x")], kept, MONTH) == {}


@pytest.mark.parametrize(
    ("place", "bucket"),
    [
        ("s3://models", "models"),
        ("gs://models/a/b", "models"),
        ("abfss://models@account.dfs.core.windows.net/a", "models"),
        ("wasbs://models@account.blob.core.windows.net/a", "models"),
        ("mlflow-artifacts:/1/a", None),
        ("file:///models", None),
        (None, None),
    ],
)
def test_buckets(place: str | None, bucket: str | None) -> None:
    assert bucket_of(place) == bucket


sizes = st.decimals(0, 10_000, places=3)


@given(st.lists(st.tuples(sizes, st.integers(1, 30)), max_size=5), st.decimals(0, 1000, places=6), sizes)
def test_runs_never_take_more_than_the_bucket_cost(
    runs: list[tuple[Decimal, int]], paid: Decimal, held: Decimal
) -> None:
    named = [run(str(number), str(size), f"2026-09-{day:02d}") for number, (size, day) in enumerate(runs)]
    found = storage_costs(named, {("models", SEPTEMBER): Stored(paid, held)}, MONTH)
    assert sum(found.values(), Decimal(0)) <= paid
    assert all(amount >= 0 for amount in found.values())


def stored(day: date, paid: str, quantity: str, unit: str, resource: str = "arn:aws:s3:::models") -> dict[str, str]:
    return stores.charge(day, paid, ResourceId=resource, ConsumedQuantity=quantity, ConsumedUnit=unit, ServiceName="S3")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Two days of a bucket of S3 in September, its requests, a bucket of Google's, and one that no run names."""
    rows = [
        stored(date(2026, 9, 1), "3", "100", "GB-Mo"),
        stored(date(2026, 9, 2), "5", "300", "GB-Mo"),
        stored(date(2026, 9, 2), "9", "1000", "Requests"),
        stored(date(2026, 9, 3), "2", str(7 * 2**30 * 86_400 * 30), "byte-seconds", "google"),
        stored(date(2026, 9, 3), "4", "50", "GB-Mo", "others"),
        stored(date(2026, 9, 3), "6", "20", "GB-Mo", "unweighed"),
        stored(date(2026, 9, 4), "6", "", "GB-Mo", "unweighed"),
    ]
    folder: Path = tmp_path_factory.mktemp("buckets")
    Workspace(folder / "store").load([stores.write_focus(folder / "bill" / "focus.csv", rows)])
    return Workspace(folder / "store").snapshot().reader


def test_a_bucket_on_the_bill_is_its_storage_without_its_requests(reader: Reader) -> None:
    runs = [run("a", "1"), run("b", "1", place="gs://google/x"), run("c", "1", place="s3://nowhere")]
    found = billed_buckets(reader, runs, (), MONTH)
    assert set(found) == {("models", SEPTEMBER), ("google", SEPTEMBER)}
    assert found["models", SEPTEMBER] == Stored(Decimal(8), Decimal(400))
    assert found["google", SEPTEMBER].gb_months == pytest.approx(Decimal(7))
    assert billed_buckets(reader, [run("a", "1", place=None)], (), MONTH) == {}


def test_a_bucket_of_which_not_all_gigabytes_are_told_is_unknown(reader: Reader) -> None:
    """A run of 20 GB in it would seem to be all that the bucket costs."""
    assert billed_buckets(reader, [run("a", "20", place="s3://unweighed/x")], (), MONTH) == {}


def test_storage_and_utilisation_of_a_group() -> None:
    """Two hours at 0.5 on one machine, one hour at 0.8 on four: (1 + 3.2) / 6; storage 3 and unknown."""

    def one(hours: int, share: str | None, machines: int, storage: str | None) -> RunCost:
        end = datetime(2026, 9, 1, hours)
        told = Run(
            "a", datetime(2026, 9, 1), end=end, instances=Decimal(machines), utilisation=share and Decimal(share)
        )  # type: ignore[arg-type]
        return RunCost(told, Decimal(1), How.LIST, Decimal(1), storage=storage and Decimal(storage))  # type: ignore[arg-type]

    found = group("g", [one(2, "0.5", 1, "3"), one(1, "0.8", 4, None), one(9, None, 1, None)])
    assert (found.storage, found.utilisation) == (3, Decimal("0.7"))
    nothing = group("g", [one(9, None, 1, None)])
    assert (nothing.storage, nothing.utilisation) == (None, None)
