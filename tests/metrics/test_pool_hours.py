"""Hours and cost of a shared pool that is billed in two currencies: each bill by itself, and its hours once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.analysis.units.measures import GPU_HOURS, unit_of
from costlib.focus import CURRENCY
from costlib.metrics.costs import UnitQuestions
from costlib.periods import Grain, Window
from costlib.store.question import Filter
from costlib.store.reader import Reader
from tests.builders import focus_row, write_csv
from tests.shared_cluster import cluster_store

SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The shared cluster, of which another account is billed 10 EUR on the 5th."""
    folder = tmp_path_factory.mktemp("pool")
    space = cluster_store(folder)
    row = focus_row(ServiceName="Cluster", BillingAccountId="eu", BillingCurrency="EUR", EffectiveCost="10", Tags=None)
    bill: Path = write_csv(folder / "eu.csv", [row])
    space.load([bill])
    return space.snapshot().reader


@pytest.mark.parametrize(
    ("currency", "search", "recs"),
    [
        ("USD", ("16", "8", "8"), ("32", "8", "8")),  # 8 + 8 and 8 + 24 hours at 1 USD; 4 of them used each day
        ("EUR", ("4", "2", "4"), ("4", "2", "4")),  # the 5th alone: 8 and 8 of 20 hours are 10 EUR
    ],
)
def test_cost_on_both_bases_and_hours_used(
    reader: Reader, currency: str, search: tuple[str, str, str], recs: tuple[str, str, str]
) -> None:
    asked = UnitQuestions(reader, (Filter(CURRENCY, (currency,)),), Grain.MONTH)
    costs = {one.team: (one.amount, one.by_use) for one in asked.pool_costs(SEPTEMBER)}
    hours = {one.team: one.value for one in asked.hours(SEPTEMBER)}
    for team, (cost, by_use, used) in (("Search", search), ("Recs", recs)):
        assert (costs[team], hours[team]) == ((Decimal(cost), Decimal(by_use)), Decimal(used))


def test_hours_reserved_are_what_the_pool_is_made_of(reader: Reader) -> None:
    asked = UnitQuestions(reader, (Filter(CURRENCY, ("USD",)),), Grain.MONTH)
    found = asked.items(unit_of(GPU_HOURS), SEPTEMBER)
    quantities = {team: (items[0].cost, items[0].quantity) for (team, _), items in found.items()}
    assert quantities == {"Search": (Decimal(16), Decimal(16)), "Recs": (Decimal(32), Decimal(32))}
