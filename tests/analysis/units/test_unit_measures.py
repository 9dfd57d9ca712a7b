"""Units: mix-ups of tokens and thousands, cents and dollars, shares and per cent, each worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib.analysis.units import Volume, in_base_units, is_denominator, token_kind
from costlib.analysis.units.measures import base_of, share, unit_of

DAY = date(2026, 9, 1)


def volume(metric: str, value: str, unit: str | None) -> Volume:
    return Volume(DAY, metric, "T", "m", Decimal(value), unit)


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("tokens", 1),
        ("Tokens", 1),
        ("1K tokens", 1_000),
        ("1k tokens", 1_000),
        ("1000 tokens", 1_000),
        ("1,000 Tokens", 1_000),
        ("thousand tokens", 1_000),
        ("K tokens", 1_000),
        ("1M tokens", 1_000_000),
        ("1000000 Tokens", 1_000_000),
        ("million tokens", 1_000_000),
        ("2 bn tokens", 2_000_000_000),
        ("1.5m", 1_500_000),
        ("token", 1),
        ("input tokens", 1),
        (None, 1),
    ],
)
def test_tokens_however_they_are_written(unit: str | None, factor: int) -> None:
    assert base_of(unit, "input tokens") == ("tokens", Decimal(factor))


@pytest.mark.parametrize("unit", ["furlongs", "1.2.3 tokens", "tok", "EURO"])
def test_a_unit_that_nobody_knows(unit: str) -> None:
    assert base_of(unit, "input tokens") is None
    (one,) = in_base_units([volume("input tokens", "5", unit)])
    assert one.value is None


def test_a_count_that_is_unknown_stays_so_in_thousands() -> None:
    (one,) = in_base_units([Volume(DAY, "input tokens", "T", "m", None, "1K tokens")])
    assert (one.value, one.unit) == (None, "tokens")


def test_cents_become_dollars() -> None:
    found = in_base_units([volume("revenue", "12345", "cents"), volume("revenue", "123.45", "USD")])
    assert [(one.value, one.unit) for one in found] == [(Decimal("123.45"), "USD")] * 2
    (euro,) = in_base_units([volume("revenue", "250", "EUR cents")])
    assert (euro.value, euro.unit) == (Decimal("2.5"), "EUR")


def test_a_known_metric_cannot_be_counted_in_money_or_hours() -> None:
    for unit in ("USD", "hours", "share"):
        (one,) = in_base_units([volume("requests", "5", unit)])
        assert one.value is None
    (hours,) = in_base_units([volume("agent time", "120", "minutes")])
    assert (hours.value, hours.unit) == (pytest.approx(Decimal(2)), "hours")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("0.64", None, "0.64"),
        ("64", None, "0.64"),
        ("64", "%", "0.64"),
        ("0.64", "share", "0.64"),
        ("0.64", "%", "0.0064"),
        ("64", "share", None),
        ("164", "%", None),
        ("1", None, "1"),
        ("100", "%", "1"),
        ("0", None, "0"),
        ("0.5", "furlongs", None),
        ("0.5", "USD", None),
        ("-0.1", None, None),
    ],
)
def test_utilisation_is_a_share(value: str, unit: str | None, expected: str | None) -> None:
    assert share(Decimal(value), unit) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("metric", "unit", "divides"),
    [
        ("requests", None, True),
        ("orders", None, True),
        ("revenue", "USD", False),
        ("revenue", "cents", False),
        ("gpu utilisation", None, False),
        ("hit rate", "%", False),
    ],
)
def test_only_counts_divide_cost(metric: str, unit: str | None, divides: bool) -> None:
    assert is_denominator(volume(metric, "1", unit)) is divides


@pytest.mark.parametrize(
    ("meter", "kind"),
    [
        ("USE1-NovaPremier-input-tokens", "input tokens"),
        ("USE1-NovaPremier-cache-read-input-token-count", "cached input tokens"),
        ("USE1-NovaPremier-cache-write-input-token-count", None),
        ("Cached input tokens", "cached input tokens"),
        ("Output tokens", "output tokens"),
        ("EBS:VolumeUsage.gp3", None),
        (None, None),
    ],
)
def test_which_tokens_a_meter_counts(meter: str | None, kind: str | None) -> None:
    assert token_kind(meter) == kind


def test_outcomes_take_all_cost_and_inferences_only_theirs() -> None:
    assert unit_of("orders").stages == ()
    assert "training" not in unit_of("requests").stages
    assert unit_of("training runs").stages == ("training",)
