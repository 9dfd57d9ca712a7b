"""The Azure exports: two views of one bill in EUR, and what a reservation does to each."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.periods import Grain
from costlib.sample import azure
from costlib.store.question import Filter, Question
from costlib.workspace import Workspace
from tests.pages import stores

Rows = dict[str, list[dict[str, str]]]
COST = "CostInBillingCurrency"


@pytest.fixture(scope="module")
def views(written) -> dict[str, Rows]:
    """The rows of each view by month."""
    found: dict[str, Rows] = {}
    for view in azure.VIEWS:
        (path,) = (written.azure / view).iterdir()
        months = found.setdefault(view, defaultdict(list))
        for row in rows(path):
            months[f"{datetime.strptime(row['BillingPeriodStartDate'], '%m/%d/%Y'):%Y-%m}"].append(row)
    return found


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def total(found: list[dict[str, str]]) -> Decimal:
    return sum((Decimal(row[COST]) for row in found), Decimal(0))


def of_reservation(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in found if row["PricingModel"] == "Reservation"]


def test_one_file_a_view_with_every_month_since_july_2025(views):
    for view in azure.VIEWS:
        assert sorted(views[view]) == [f"2025-{month:02d}" for month in range(7, 13)] + [
            f"2026-{month:02d}" for month in range(1, 11)
        ]


def test_a_month_has_a_few_hundred_rows_in_euro_of_one_account(views):
    for months in views.values():
        for found in months.values():
            assert 150 < len(found) < 400
            assert {(row["BillingCurrency"], row["BillingAccountId"]) for row in found} == {("EUR", azure.ACCOUNT)}


def test_it_says_sample(written, views):
    assert "sample" in written.azure.name
    shown = {row[name] for row in views["actual"]["2026-09"] for name in ("BillingAccountName", "SubscriptionName")}
    assert all("sample" in name for name in shown)


def test_both_views_are_alike_but_for_the_reservation(views):
    for month, actual in views["actual"].items():
        amortised = views["amortized"][month]
        plain = [[row for row in found if row["PricingModel"] != "Reservation"] for found in (actual, amortised)]
        assert plain[0] == plain[1]


def test_before_the_reservation_nothing_is_covered(views):
    assert not of_reservation(views["actual"]["2025-12"] + views["amortized"]["2025-12"])


def test_the_actual_view_holds_what_was_paid_and_use_at_no_cost(views):
    found = of_reservation(views["actual"]["2026-09"])
    kinds = defaultdict(list)
    for row in found:
        kinds[row["ChargeType"]].append(Decimal(row[COST]))
    assert kinds["Purchase"] == [Decimal("613.2")]
    assert set(kinds["Usage"]) == {Decimal(0)}
    assert set(kinds) == {"Purchase", "Usage"}


def test_the_amortised_view_spreads_the_months_payment_over_used_and_unused_hours(views):
    for month in ("2026-01", "2026-02", "2026-06", "2026-09"):
        found = of_reservation(views["amortized"][month])
        assert {row["ChargeType"] for row in found} == {"Usage", "UnusedReservation"}
        assert total(found) == pytest.approx(Decimal("613.2"), abs=Decimal("0.000001"))


def test_a_whole_month_costs_the_same_in_both_views(views):
    for month in sorted(views["actual"])[:-1]:
        assert total(views["actual"][month]) == pytest.approx(total(views["amortized"][month]), abs=Decimal("0.000001"))


def test_reserved_servers_rest_on_sundays_only(views):
    for row in views["amortized"]["2026-05"]:
        if row["ChargeType"] == "UnusedReservation":
            assert datetime.strptime(row["Date"], "%m/%d/%Y").isoweekday() == 7
            assert row["Quantity"] == "14"


def test_costs_are_products_of_price_and_quantity(views):
    for row in views["amortized"]["2026-08"]:
        exact = Decimal(row["Quantity"]) * Decimal(row["EffectivePrice"])
        assert Decimal(row[COST]) == pytest.approx(exact, abs=Decimal("1e-7"))


def test_tags_are_json_and_name_the_data_platform_as_somebody_typed_it(views):
    found = [json.loads(row["Tags"]) for row in views["actual"]["2026-09"]]
    assert {tags["team"] for tags in found} == {"data-platform"}
    assert {tags["stage"] for tags in found} == {"pipeline", "storage", "training"}


def test_no_server_runs_for_more_than_a_day_a_day(views):
    hours: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in views["amortized"]["2026-09"]:
        if row["MeterCategory"] == "Virtual Machines" and row["ChargeType"] == "Usage":
            hours[row["Date"], row["ResourceId"]] += Decimal(row["Quantity"])
    assert max(hours.values()) == 24


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    return Workspace(stores.demo(tmp_path_factory)).snapshot().reader


def test_dollars_stay_the_first_currency(reader):
    assert reader.currencies() == ["USD", "EUR"]


def test_loaded_billed_cost_is_the_actual_view_and_effective_cost_the_amortised(reader, views):
    for measure, view in (("BilledCost", "actual"), ("EffectiveCost", "amortized")):
        asked = Question(measure=measure, grain=Grain.MONTH, filters=(Filter("BillingCurrency", ("EUR",)),))
        found = {f"{row.period:%Y-%m}": row.amount for row in reader.ask(asked)}
        assert found == {month: total(held) for month, held in views[view].items()}


def test_all_of_it_is_ai_of_the_data_platform_and_a_small_part_of_the_bill(reader):
    asked = Question(by=("x_Team", "x_Scope"), filters=(Filter("BillingCurrency", ("EUR",)),))
    (row,) = reader.ask(asked)
    assert row.values == ("Data Platform", "AI")
    (dollars,) = reader.ask(Question(filters=(Filter("BillingCurrency", ("USD",)),)))
    assert row.amount is not None and dollars.amount is not None
    assert row.amount < dollars.amount / 20
