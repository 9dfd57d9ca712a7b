"""Idle money asked of a small store: what counts as a machine, whose it is, filters, and shared pools."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib.analysis.units.readings import Basis, Reading
from costlib.metrics.idle import idle, on_bill
from costlib.periods import Window
from costlib.store.question import Filter
from tests.builders import focus_row, load_into, opened, ruleset, write_csv

SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))
DAY = date(2026, 9, 5)
USD = (Filter("BillingCurrency", ("USD",)),)
RULES = ruleset(
    {"name": "team", "set": {"x_Team": {"tag": ["team"]}}},
    {"name": "model", "set": {"x_Model": {"tag": ["model"]}}},
    {"name": "stage", "set": {"x_Stage": {"tag": ["stage"]}}},
    {"name": "gpu", "when": {"SkuMeter": ["*GPU*"]}, "set": {"x_CostType": "compute GPU"}},
    {"name": "cpu", "when": {"SkuMeter": ["*CPU*"]}, "set": {"x_CostType": "compute CPU"}},
    {"name": "tokens", "when": {"SkuMeter": ["*token*"]}, "set": {"x_CostType": "tokens"}},
)


def line(resource: str | None, cost: str | None, meter: str = "GPU", tags: str = '{"team": "Search"}', **more):
    return focus_row(ResourceId=resource, EffectiveCost=cost, BilledCost=cost, SkuMeter=meter, Tags=tags, **more)


def reading(resource: str | None, share: str, measure: str = Basis.ENGINE, model: str | None = None, day: date = DAY):
    return Reading(day, resource, model, measure, Decimal(share))


@pytest.fixture
def asked(tmp_path):
    def ask(rows, readings, filters=(), measure="EffectiveCost"):
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", list(rows)), rules=RULES)
        with opened(tmp_path / "store") as reader:
            return idle(reader, (*USD, *filters), SEPTEMBER, readings, measure), on_bill(reader, SEPTEMBER, readings)[1]

    return ask


def test_an_endpoint_a_gpu_without_measurement_and_what_is_no_machine(asked):
    serving = '{"team": "Search", "stage": "real-time inference"}'
    found, lost = asked(
        [
            line("arn:aws:sagemaker:x:1:endpoint/a", "100"),
            line("gpu-2", "30"),
            line("cpu-serving", "7", "CPU", serving),
            line("cpu-batch", "5000", "CPU"),
            line("key", "900", "Input tokens"),
        ],
        [reading("a", "0.25"), reading("nowhere", "0.5")],
    )
    (one,) = found.stood
    assert (one.name, one.cost, one.idle) == ("arn:aws:sagemaker:x:1:endpoint/a", 100, 75)
    assert found.unmeasured == (("Search", Decimal(37)),)
    assert lost == ["nowhere"]


def test_a_measured_cpu_counts_wherever_it_is(asked):
    found, _ = asked([line("cpu-batch", "50", "CPU")], [reading("cpu-batch", "0.9", Basis.CPU)])
    assert (found.idle, found.not_measured) == (Decimal("5"), 0)


def test_a_model_is_measured_by_its_name(asked):
    tags = '{"team": "Search", "model": "ranker"}'
    found, _ = asked([line("i-1", "10", tags=tags), line("i-2", "20")], [reading("host-9", "0.5", model="ranker")])
    assert [(one.name, one.idle) for one in found.stood] == [("i-1", 5)]
    assert found.not_measured == 20


def test_a_filter_never_makes_one_of_two_like_names_the_others(asked):
    rows = [
        line("arn:1:endpoint/a", "10", tags='{"team": "Search"}'),
        line("arn:2:endpoint/a", "20", tags='{"team": "Fraud"}'),
    ]
    search = [Filter("x_Team", ("Search",))]
    found, lost = asked(rows, [reading("a", "0.5")], search)
    assert (found.stood, found.unmeasured, lost) == ((), (("Search", Decimal(10)),), ["a"])
    found, lost = asked(rows, [reading("arn:2:endpoint/a", "0.5")], search)
    assert (found.stood, lost) == ((), [])


def test_readings_outside_the_window_are_not_asked(asked):
    found, lost = asked([line("i-1", "10")], [reading("i-1", "0.5", day=date(2026, 8, 31))])
    assert (found.stood, found.not_measured, lost) == ((), 10, [])


def test_an_unknown_cost_is_counted(asked):
    rows = [line("i-1", "10", ListCost=None), line("i-2", "3", ListCost="5")]
    found, _ = asked(rows, [reading("i-1", "0.5")], measure="ListCost")
    assert (found.unknown, found.not_measured, found.stood) == (1, 5, ())


def test_other_measures_of_cost(asked):
    rows = [line("i-1", "10", ListCost="40")]
    found, _ = asked(rows, [reading("i-1", "0.75")], measure="ListCost")
    assert (found.cost, found.idle) == (40, 10)
