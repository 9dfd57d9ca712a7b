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


def aside_words(seen: int, elsewhere: int, unknown: int) -> str:
    """Which planned changes filters leave aside and what to do; nothing where that is as it should be.

    ``seen`` act on what is filtered, ``elsewhere`` on other spend, and of ``unknown`` nobody can tell the part. Those
    elsewhere are worth a word only where they take the scenarios with them.

    >>> aside_words(0, 1, 0)
    'The 1 planned change is of other spend, so there are no scenarios here. Remove the filters to see them.'
    >>> aside_words(2, 1, 0)
    ''
    """
    no_scenarios = "" if seen else ", so there are no scenarios here"
    if unknown:
        parts = "its part" if unknown == 1 else "their parts"
        said = f"{money.counted(unknown, 'planned change')} left out, because nobody can tell {parts} in these filters"
        return f"{said}{no_scenarios}. Filter by team, model and stage alone to count what is planned."
    if seen or not elsewhere:
        return ""
    said = "is" if elsewhere == 1 else "are"
    return (
        f"The {money.counted(elsewhere, 'planned change')} {said} of other spend{no_scenarios}. "
        "Remove the filters to see them."
    )
