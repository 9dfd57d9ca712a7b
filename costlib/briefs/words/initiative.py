"""A new initiative in words and tables: what it is likely to add, by which workloads, on whose assumptions.

Conventions: as in ahead.py: likely amounts of workloads and months add up, ranges do not. Amounts are those of the
initiative by itself, at the prices that its workloads state: price changes and controls planned beside it are not in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from costlib import money
from costlib.analysis.components import Assumption, Initiative, tornado
from costlib.analysis.outlook import Outlook
from costlib.analysis.ranges import ThreePoint
from costlib.briefs.ahead import Ahead, Span, ahead
from costlib.periods import add_months, months_between

WORKLOAD: Final = "Workload"
WORKLOAD_HEADER: Final = (WORKLOAD, "Likely", "Range, 80%", "Volume a month", "Consumption", "Price")
ASSUMPTION_HEADER: Final = (WORKLOAD, "What", "Low", "Likely", "High", "Unit", "Owner", "Assumption")
#: How long a new initiative is looked at.
MONTHS: Final = 12


def initiative_ahead(initiative: Initiative, first: date, start: date) -> Ahead:
    """Its first 12 months together, with their ranges; by month from ``first`` (the running month) on.

    >>> from costlib.analysis.components import Component, Input
    >>> from costlib.analysis.ranges import certain
    >>> one, month = Input("", certain(10), "counted", "Ada"), date(2026, 1, 1)
    >>> initiative_ahead(Initiative("chat", (Component("api", one, one, one),)), month, month).total.likely
    Decimal('12000.00')
    """
    begin = min(first, start)
    steps = months_between(begin, start) + MONTHS
    months = tuple(add_months(begin, step) for step in range(steps))
    paths = initiative.paths(months, start)
    names = tuple((one.name,) for one in initiative.components)
    nothing = np.zeros(len(names))
    outlook = Outlook((WORKLOAD,), names, months, paths, (), np.empty((len(names), 0)), nothing, ((),) * len(names))
    found = ahead(outlook, start, add_months(start, MONTHS), WORKLOAD, {})
    assert found is not None
    return found


def initiative_finding(name: str, found: Ahead, currency: str) -> str:
    """What it is likely to add in its first twelve months."""
    likely, low, high = (money.short(one, currency) for one in (found.total.likely, found.total.low, found.total.high))
    between = "" if low == high else f", between {low} and {high}"
    return f"{name} is likely to add {likely} in its first {MONTHS} months{between}"


def moved_by(initiative: Initiative, start: date, currency: str) -> str:
    """The input that moves it most, all others at their likely; empty where every input is certain."""
    months = [add_months(start, step) for step in range(MONTHS)]
    swings = tornado(initiative, months, start)
    if not swings:
        return ""
    widest = swings[0]
    low, high = money.short(widest.low, currency), money.short(widest.high, currency)
    return f"What moves it most is the {widest.input} of {widest.component}: {low} at its low, {high} at its high."


def workload_rows(initiative: Initiative, found: Ahead, currency: str) -> list[list[str]]:
    """One row a workload, the dearest first, then all: likely amount, range, and its three likely figures."""
    inputs = {one.name: one for one in initiative.components}
    rows = []
    for part in found.parts:
        one = inputs[part.name or ""]
        figures = [f"{plain(given.estimate.likely)} {given.unit}" for given in (one.volume, one.consumption, one.price)]
        rows.append([one.name, money.short(part.span.likely, currency), _range(part.span, currency), *figures])
    return [*rows, ["All", money.short(found.total.likely, currency), _range(found.total, currency), "", "", ""]]


def assumption_rows(assumptions: Sequence[Assumption]) -> list[list[str]]:
    """One row an input: its estimate, unit, owner and assumption, as a reader signs them."""
    return [
        [one.component, one.input.capitalize(), *_ends(one.estimate), one.unit, one.owner, one.assumption]
        for one in assumptions
    ]


def plain(value: float) -> str:
    """A figure without more digits than it was given, thousands separated.

    >>> plain(60000.0), plain(0.0045), plain(1.41)
    ('60,000', '0.0045', '1.41')
    """
    text = f"{value:,.10f}".rstrip("0").rstrip(".")
    return text if float(text.replace(",", "")) == value else f"{value:,.6g}"


def _ends(estimate: ThreePoint) -> tuple[str, str, str]:
    return plain(estimate.low), plain(estimate.likely), plain(estimate.high)


def _range(span: Span, currency: str) -> str:
    return f"{money.short(span.low, currency)}\xa0to\xa0{money.short(span.high, currency)}"
