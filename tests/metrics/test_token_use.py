"""Tokens and their cost by model out of a small bill: kinds, units, and what is not told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib.metrics.token_use import together, token_use
from costlib.periods import Window
from costlib.store.question import Filter
from costlib.workspace import Workspace
from tests.builders import focus_row, write_csv

SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))
FILTERS = (Filter("BillingCurrency", ("USD",)),)


def tokens(meter, quantity, cost, *, model="bot", unit="Tokens", **more):
    return focus_row(
        SkuMeter=meter,
        ConsumedQuantity=quantity,
        ConsumedUnit=unit,
        BilledCost=cost,
        EffectiveCost=cost,
        Tags=f'{{"model": "{model}"}}',
        **more,
    )


@pytest.fixture
def asked(tmp_path):
    def ask(*rows, window=SEPTEMBER):
        space = Workspace(tmp_path / "store")
        space.load([write_csv(tmp_path / "bill.csv", list(rows))])
        return token_use(space.snapshot().reader, FILTERS, window)

    return ask


def test_kinds_are_summed_apart_in_single_tokens(asked):
    found = asked(
        tokens("Input tokens", "5", "1", unit="1K tokens"),
        tokens("Input tokens", "700", "2"),
        tokens("USE1-NovaPro-cache-read-input-token-count", "30", "4"),
        tokens("Cache write tokens, 1 hour", "11", "8"),
        tokens("Output tokens", "0.000002", "16", unit="1000000 Tokens"),
        focus_row(SkuMeter=None),
    )
    one = found["bot"]
    assert (one.fresh, one.cached, one.written, one.output) == (5700, 30, 11, 2)
    assert (one.cost, one.unknown, one.left_out, one.tokens) == (31, 0, None, 5743)


def test_what_is_not_told_is_counted_and_its_cost_left_out(asked):
    found = asked(
        tokens("Input tokens", "700", "2"),
        tokens("Output tokens", None, "3"),
        tokens("Thinking tokens", "9", "4"),
        tokens("Cached input tokens", "9", "5", unit="token bundles"),
    )
    one = found["bot"]
    assert (one.fresh, one.cached, one.output) == (700, 0, 0)
    assert (one.cost, one.unknown, one.left_out) == (2, 3, 12)


def test_models_dearest_first_days_outside_left_out_and_all_together(asked):
    found = asked(
        tokens("Input tokens", "10", "1", model="small"),
        tokens("Input tokens", "20", "9", model="large"),
        tokens("Output tokens", "5", "7", model="small", ChargePeriodStart="2026-08-31T00:00:00Z"),
        tokens("Output tokens", None, "2", model="large"),
    )
    assert list(found) == ["large", "small"]
    whole = together(list(found.values()))
    assert (whole.fresh, whole.output, whole.cost, whole.unknown, whole.left_out) == (30, 0, Decimal(10), 1, 2)


def test_a_cost_that_is_unknown_stays_so(asked):
    found = asked(tokens("Input tokens", "10", "1"), tokens("Output tokens", "10", "1") | {"EffectiveCost": None})
    assert found["bot"].cost is None
    assert together(list(found.values())).cost is None


def test_without_tokens_there_is_nothing(asked):
    assert asked(focus_row()) == {}
