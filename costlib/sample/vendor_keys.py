"""The invented LLM vendor's price lists, and the API keys that the company's teams call it with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costlib.sample import days

#: Invented list prices, USD a million tokens, each from a day on: input, cached input, output.
PRICES = {
    "lumen-large": (
        (days.FIRST, (Decimal("3.00"), Decimal("0.30"), Decimal("15.00"))),
        (date(2026, 5, 1), (Decimal("2.50"), Decimal("0.25"), Decimal("12.50"))),
    ),
    "lumen-mini": (
        (days.FIRST, (Decimal("0.60"), Decimal("0.06"), Decimal("2.40"))),
        (date(2025, 9, 1), (Decimal("0.40"), Decimal("0.04"), Decimal("1.60"))),
    ),
    "lumen-code": ((days.FIRST, (Decimal("2.00"), Decimal("0.20"), Decimal("10.00"))),),
}
METERS = ("Input tokens", "Cached input tokens", "Output tokens")


@dataclass(frozen=True)
class Key:
    """An API key: its workspace, model, tags as typed, and prompt tokens a day in millions, first and last level."""

    name: str
    workspace: str
    model: str
    tags: Mapping[str, str]
    start: float
    end: float
    since: str = "2024-11-01"
    cached: float = 0.3


KEYS = (
    Key(
        "support-assistant-eval",
        "support",
        "lumen-large",
        {"team": "support-assistant", "model": "support-assistant", "stage": "evaluation"},
        65,
        78,
        since="2025-08-11",
    ),
    Key(
        "support-summaries",
        "support",
        "lumen-mini",
        {"team": "Support Assistant", "model": "support-assistant"},
        87,
        195,
        since="2025-02-03",
    ),
    Key(
        "coding-search",
        "engineering",
        "lumen-code",
        {"team": "search", "project": "coding-tools"},
        35,
        82,
        since="2025-05-05",
        cached=0.6,
    ),
    Key(
        "coding-recs",
        "engineering",
        "lumen-code",
        {"team": "recs", "project": "coding-tools"},
        29,
        69,
        since="2025-06-02",
        cached=0.6,
    ),
    Key(
        "coding-fraud",
        "engineering",
        "lumen-code",
        {"team": "FRAUD-ML", "project": "coding-tools"},
        23,
        51,
        since="2025-06-02",
        cached=0.6,
    ),
    Key(
        "coding-data",
        "engineering",
        "lumen-code",
        {"team": "data-platform", "project": "coding-tools"},
        26,
        66,
        since="2025-07-07",
        cached=0.6,
    ),
    Key("test-cl", "default", "lumen-large", {}, 4, 9, since="2026-01-12"),
)


def list_price(model: str, meter: str, day: date) -> Decimal:
    """USD a million tokens before the negotiated discount.

    >>> [str(list_price("lumen-large", "Input tokens", date(2026, month, 1))) for month in (4, 5)]
    ['3.00', '2.50']
    """
    return era(model, day)[1][METERS.index(meter)]


def era(model: str, day: date) -> tuple[int, tuple[Decimal, Decimal, Decimal]]:
    """The number of the model's price list on the day, the first being 1, and its prices."""
    lists = [table for first, table in PRICES[model] if first <= day]
    return len(lists), lists[-1]
