"""Units: mix-ups of tokens and thousands, cents and dollars, shares and per cent, each worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib.analysis.units import Volume, in_base_units, is_denominator, token_kind
from costlib.analysis.units.measures import TOKEN_KINDS, base_of, share, single_tokens, unit_of
from costlib.sources.llm_charges import KINDS, REQUESTS

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
        ("USE1-NovaPremier-cache-write-input-token-count", "cache write tokens"),
        ("USE1-Sonnet-cache-write-1h-input-token-count", "cache write tokens, 1 hour"),
        ("Cache write tokens", "cache write tokens"),
        ("Cache write tokens, 5 minutes", "cache write tokens, 5 minutes"),
        ("Cache write tokens, 1 hour", "cache write tokens, 1 hour"),
        ("gpt 4.1 Outp glbl Tokens", "output tokens"),
        ("gpt-4o-0806-Inp-glbl Tokens", "input tokens"),
        ("gpt 4.1 cached Inp glbl Tokens", "cached input tokens"),
        ("GPT 5 Mini cchd Inpt Glbl 1M Tokens", "cached input tokens"),
        ("5.1 pp cd inp Dz 1M Tokens", "cached input tokens"),
        ("5.6 sol ShortCo Cd Wr Std Gl 1M Tokens", "cache write tokens"),
        ("5.4 opt Gl 1M Tokens", "output tokens"),
        ("text-embedding-3-large-glbl Tokens", None),
        ("Inpatient tokens", None),
        ("Input and output tokens", None),
        ("Gemini 2.5 Flash Text Output - Predictions", "output tokens"),
        ("Gemini 2.5 Flash GA Thinking Text Output - Predictions", "output tokens"),
        ("Gemini 3 Flash Text Input - Predictions", "input tokens"),
        ("Gemini 3 Flash Text Input Caching", "cached input tokens"),
        ("Gemini 3 Flash Text Input Caching Storage", None),
        ("Gemini 1.5 Flash Text Input - Predictions", None),
        ("Generate content input token count Gemini 2.5 Flash", "input tokens"),
        ("Online/Batch Prediction N1 Predefined Instance Core", None),
        ("Cached input tokens", "cached input tokens"),
        ("Output tokens", "output tokens"),
        ("EBS:VolumeUsage.gp3", None),
        (None, None),
    ],
)
def test_which_tokens_a_meter_counts(meter: str | None, kind: str | None) -> None:
    assert token_kind(meter) == kind


@pytest.mark.parametrize("name", sorted(one.lower() for one in (*KINDS, REQUESTS)))
def test_no_metric_that_a_vendor_makes_is_an_outcome(name: str) -> None:
    """Tokens stand over their own meters, requests over real-time inference: neither over the whole of a model."""
    unit = unit_of(name)
    assert (unit.has_own_cost, bool(unit.stages)) == (("token" in name), name == "requests")
    assert unit.base == ("tokens" if unit.has_own_cost else "count")


@pytest.mark.parametrize("kind", KINDS)
def test_a_vendors_meter_and_its_metric_are_of_one_kind(kind: str) -> None:
    assert token_kind(kind) == kind.lower()
    assert kind.lower() in TOKEN_KINDS


def test_a_kind_with_a_comma_reads_in_a_sentence() -> None:
    assert unit_of("cache write tokens, 1 hour").name == "million cache write tokens (1 hour)"
    assert unit_of("cache write tokens").name == "million cache write tokens"


@pytest.mark.parametrize(
    ("unit", "tokens"),
    [("1K", 7000), ("1M", 7_000_000), ("Tokens", 7), ("1K tokens", 7000), ("count", 7), ("Count", 7)]
    + [(unit, None) for unit in ("Units", "Hours", "1", "", None, "requests")],
)
def test_a_quantity_of_a_bill_in_single_tokens(unit: str | None, tokens: int | None) -> None:
    assert single_tokens(Decimal(7), unit) == tokens
    assert single_tokens(None, unit) is None


def test_outcomes_take_all_cost_and_inferences_only_theirs() -> None:
    assert unit_of("orders").stages == ()
    assert "training" not in unit_of("requests").stages
    assert unit_of("training runs").stages == ("training",)
