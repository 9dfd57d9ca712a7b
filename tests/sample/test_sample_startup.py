"""The start-up's bill: its size and growth, and what there is to save."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise

import duckdb
import pytest

from costlib.periods import Window
from costlib.sample import startup
from costlib.sample.startup_meters import MODELS, SCIENTISTS
from costlib.store.question import Question
from costlib.workspace import Workspace


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return startup.write(tmp_path_factory.mktemp("startup"))


@pytest.fixture(scope="module")
def charges(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def monthly(charges) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for charge in charges:
        found[charge["BillingPeriodStart"][:7]] += Decimal(charge["BilledCost"])
    return found


@pytest.fixture(scope="module")
def nights() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.register("told", startup.night_hours())
    connection.execute("CREATE TABLE nights AS FROM told")
    return connection


def cost_of(charges: list[dict[str, str]], month: str, text: str, column: str = "ResourceId") -> float:
    held = (charge for charge in charges if charge["BillingPeriodStart"].startswith(month) and text in charge[column])
    return float(sum(Decimal(charge["BilledCost"]) for charge in held))


def test_eighteen_months_the_last_without_an_invoice(charges, monthly):
    assert (min(monthly), max(monthly), len(monthly)) == ("2025-05", "2026-10", 18)
    invoices = {charge["BillingPeriodStart"][:7]: charge["InvoiceId"] for charge in charges}
    assert invoices["2026-10"] == ""
    assert invoices["2026-09"] == "TID-202609"


def test_from_seven_to_fifty_thousand_a_month(monthly):
    assert 6_000 < monthly["2025-05"] < 9_000
    assert 47_000 < monthly["2026-09"] < 55_000
    whole = [monthly[month] for month in sorted(monthly)[:-1]]
    assert all(after > before for before, after in pairwise(whole))


def test_growth_is_faster_after_the_funding(monthly):
    assert monthly["2026-03"] / monthly["2025-12"] > Decimal("1.2") * monthly["2025-12"] / monthly["2025-09"]


def test_ten_scientists_and_five_models(charges):
    september = [charge for charge in charges if charge["BillingPeriodStart"].startswith("2026-09")]
    notebooks = {charge["ResourceId"] for charge in september if "notebook-instance/" in charge["ResourceId"]}
    models = {json.loads(charge["Tags"]).get("model") for charge in september if "Host:" in charge["SkuMeter"]}
    assert len(notebooks) == len(SCIENTISTS) == 10
    assert models - {None} == {model for model, *_ in MODELS}
    assert len(MODELS) == 5


def test_stored_data_more_than_doubles_in_half_a_year(charges):
    stored = [cost_of(charges, month, "TimedStorage", "SkuMeter") for month in ("2025-09", "2026-03", "2026-09")]
    assert stored[1] > 2 * stored[0]
    assert stored[2] > 2 * stored[1]


def test_notebooks_run_through_nights_and_their_owners_do_not(nights, charges):
    idle, hours = nights.execute("SELECT sum(idle_hours), sum(hours) FROM nights").fetchall()[0]
    assert 0.4 < idle / hours < 0.7
    (most,) = nights.execute("SELECT max(hours) FROM nights").fetchall()[0]
    assert most <= 24.01
    (told,) = nights.execute(
        "SELECT sum(hours) FROM nights WHERE day >= '2026-09-01' AND day < '2026-10-01'"
    ).fetchall()[0]
    billed = sum(
        float(charge["ConsumedQuantity"])
        for charge in charges
        if "notebook-instance/" in charge["ResourceId"] and charge["BillingPeriodStart"].startswith("2026-09")
    )
    assert told == pytest.approx(billed)


def test_weekends_are_idle_altogether(nights):
    rows = nights.execute(
        "SELECT count(*) FILTER (idle_hours < hours), count(*) FROM nights WHERE isodow(day) > 5"
    ).fetchall()
    assert rows[0][0] == 0 and rows[0][1] > 100


def test_costs_are_exact_products(charges):
    for charge in charges[::7]:
        assert Decimal(charge["BilledCost"]) == Decimal(charge["PricingQuantity"]) * Decimal(charge["ListUnitPrice"])


def test_it_is_another_company_and_says_sample(charges, path):
    assert "sample" in path.name and "sample" in startup.NAME
    assert {charge["BillingAccountName"] for charge in charges} == {startup.NAME}
    assert {charge["BillingAccountId"] for charge in charges} == {"555555555555"}


def test_two_writes_are_the_same_to_the_byte(path, tmp_path):
    assert startup.write(tmp_path).read_bytes() == path.read_bytes()


def test_it_loads_and_the_shipped_rules_find_its_stages(path, tmp_path, monthly):
    workspace = Workspace(tmp_path / "store")
    workspace.load([path])
    september = Window(date(2026, 9, 1), date(2026, 10, 1))
    found = {
        row.values[0]: row.amount
        for row in workspace.snapshot().reader.ask(Question(by=("x_Stage",), window=september))
    }
    assert sum(amount for amount in found.values() if amount) == monthly["2026-09"]
    assert {"experimentation", "training", "real-time inference", "storage", "data pipeline"} <= set(found)
    assert {stage for stage, amount in found.items() if amount and amount > 10_000} == {
        "experimentation",
        "real-time inference",
    }
