"""Planned changes and scenarios as tables: what each change brings over the horizon, and where each scenario ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from costlib import money
from costlib.analysis.layers import Planned
from costlib.analysis.ranges import amount
from costlib.briefs.ahead import Ahead
from costlib.briefs.exhibits import value_words
from costlib.periods import Window

SCENARIO_HEADER: Final = ("Scenario", "Likely", "Range, 80%", "Beside history alone")
CHANGE_HEADER: Final = ("Change", "What", "Where", "From", "Adds on average", "Owner", "Assumption")


def scenario_rows(found: Mapping[str, Ahead], history: str, currency: str) -> list[list[str]]:
    """One row a scenario: likely amount and range over the horizon, and what it adds to history alone."""
    alone = found[history].total.likely
    return [
        [
            name,
            money.short(one.total.likely, currency),
            f"{money.short(one.total.low, currency)}\xa0to\xa0{money.short(one.total.high, currency)}",
            "–" if name == history else money.signed(one.total.likely - alone, currency),
        ]
        for name, one in found.items()
    ]


def brought(planned: Planned, name: str, window: Window, currency: str) -> str:
    """What one planned change adds over the window, on average of all futures."""
    months = [index for index, month in enumerate(planned.months) if window.start <= month < window.end]
    adds = planned.contribution(name)[months].sum(axis=0).mean()
    return money.signed(amount(float(adds)), currency)


def where_words(where: Mapping[str, str | None]) -> str:
    """The segments that a planned change acts on.

    >>> where_words({"x_Team": "Fraud", "x_Stage": None}), where_words({})
    ('Fraud, no stage', 'everything')
    """
    return ", ".join(value_words(name, value) for name, value in where.items()) or "everything"
