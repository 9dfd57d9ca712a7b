"""Unit costs of tokens out of small bills of several vendors: each kind over its own meters, never an outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.analysis.units import UnitCost
from costlib.analysis.units.measures import Volume
from costlib.analysis.units.value import worths
from costlib.focus import CURRENCY
from costlib.metrics.costs import UnitQuestions
from costlib.metrics.since_bill import since_the_bill
from costlib.periods import Grain, Window
from costlib.store.question import Filter
from costlib.workspace import Workspace
from tests.builders import Row, focus_row, write_csv

SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))
WRITTEN = "cache write tokens, 5 minutes"
FILTERS = (Filter(CURRENCY, ("USD",)),)


def used(service: str, meter: str, quantity: str, unit: str, cost: str, day: int = 5) -> Row:
    start = {"ChargePeriodStart": f"2026-09-{day:02}T00:00:00Z", "ChargePeriodEnd": f"2026-09-{day + 1:02}T00:00:00Z"}
    return focus_row(
        ServiceName=service,
        SkuMeter=meter,
        ConsumedQuantity=quantity,
        ConsumedUnit=unit,
        BilledCost=cost,
        EffectiveCost=cost,
        Tags='{"model": "bot"}',
        **start,
    )


def asked(folder: Path, *rows: Row) -> UnitQuestions:
    space = Workspace(folder / "store")
    space.load([write_csv(folder / "bill.csv", list(rows))])
    return UnitQuestions(space.snapshot().reader, FILTERS, Grain.MONTH)


def units(folder: Path, *rows: Row, counted: list[Volume] | None = None) -> dict[str, UnitCost]:
    return {one.unit.name: one for one in asked(folder, *rows).unit_costs(counted or [], SEPTEMBER)}


def measured(metric: str, value: int, unit: str | None = "tokens", day: int = 5) -> Volume:
    return Volume(date(2026, 9, day), metric, None, "bot", Decimal(value), unit)


ANTHROPIC = (
    used("Anthropic API", "Input tokens", "1000000", "Tokens", "3"),
    used("Anthropic API", "Cache write tokens, 5 minutes", "2000000", "Tokens", "7.5"),
    used("Anthropic API", "Cache write tokens, 1 hour", "500000", "Tokens", "3"),
)


def test_written_tokens_stand_over_their_own_lines_and_not_over_the_model(tmp_path: Path) -> None:
    found = units(tmp_path, *ANTHROPIC, counted=[measured(WRITTEN, 2_000_000)])
    assert {name: one.amount for name, one in found.items()} == {
        "million input tokens": 3,
        "million cache write tokens (5 minutes)": Decimal("3.75"),
        "million cache write tokens (1 hour)": 6,
    }


def test_no_count_of_tokens_is_what_a_model_is_worth_something_by(tmp_path: Path) -> None:
    costs = replace(asked(tmp_path, *ANTHROPIC), grain=Grain.DAY).costs(SEPTEMBER)
    volumes = [measured(WRITTEN, 2_000_000), measured("revenue", 90, "USD")]
    (alone,) = worths(volumes, costs, SEPTEMBER, "USD")
    assert (alone.outcome, alone.margin) == (None, Decimal("76.5"))
    (asked_for,) = worths([*volumes, measured("requests", 9, None)], costs, SEPTEMBER, "USD")
    assert asked_for.outcome == "requests"


def test_written_tokens_after_the_bill_are_estimated_at_their_own_price(tmp_path: Path) -> None:
    """Two million a day cost 7.50 on four weeks of bills; four million were written on the day after."""
    rows = [used(*("Anthropic API", WRITTEN, "2000000", "Tokens", "7.5"), day=day) for day in range(1, 29)]
    volumes = [measured(WRITTEN, 2_000_000, day=day) for day in range(1, 29)] + [measured(WRITTEN, 4_000_000, day=29)]
    found = since_the_bill(asked(tmp_path, *rows).reader, FILTERS, volumes, lambda unit, model, day: None)
    assert found is not None
    assert [(one.unit.metric, one.amount) for one in found.found] == [(WRITTEN, 15)]


@pytest.mark.parametrize(
    ("service", "meter", "quantity", "unit", "name"),
    [
        ("Azure OpenAI Service", "gpt 4.1 Outp glbl Tokens", "250", "1K", "million output tokens"),
        ("Foundry Models", "5.4 cd inp Gl 1M Tokens", "0.25", "1M", "million cached input tokens"),
        ("Vertex AI", "Gemini 2.5 Flash Text Output - Predictions", "250000", "count", "million output tokens"),
    ],
)
def test_tokens_of_azure_and_google_in_single_tokens(
    service: str, meter: str, quantity: str, unit: str, name: str, tmp_path: Path
) -> None:
    found = units(tmp_path, used(service, meter, quantity, unit, "2"))
    assert {key: (one.volume, one.amount) for key, one in found.items()} == {name: (250_000, 8)}


def test_tokens_in_a_unit_that_nobody_knows_have_a_cost_and_no_count(tmp_path: Path) -> None:
    (one,) = units(tmp_path, used("Foundry Models", "gpt 4.1 Inp glbl Tokens", "250", "Units", "2")).values()
    assert (one.cost, one.volume, one.amount) == (2, None, None)


def test_characters_of_early_gemini_are_no_tokens(tmp_path: Path) -> None:
    assert units(tmp_path, used("Vertex AI", "Gemini 1.5 Pro Text Input - Predictions", "9", "count", "2")) == {}
