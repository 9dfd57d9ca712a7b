"""What planned controls buy, in words and as a table: quotas, automatic shutdown, storage tiers and others.

Conventions: as in controls.py; savings are positive. Averages of controls add up to that of all together; ranges do
not, and what a control would save alone is never added up. Owners and assumptions stand in the table of planned
changes.
"""

from __future__ import annotations

from typing import Final

from costlib import money
from costlib.analysis.controls import ControlValues
from costlib.analysis.ranges import Line
from costlib.briefs.words.plan import where_words
from costlib.periods import Grain, period_name

CONTROL_HEADER: Final = (
    "Control",
    "Where",
    "From",
    "Saves on average",
    "Range, 80%",
    "Of what it acts on",
    "Alone",
    "Estimate",
)


def controls_finding(found: ControlValues, currency: str, period: str) -> str:
    """What all controls save together in a period, as ``window_name`` writes it, and which one most of it."""
    count, first = len(found.rows), found.rows[0]
    who = "The planned control" if count == 1 else f"{money.count(count)} planned controls"
    verb = "saves" if count == 1 else "save"
    average, between = money.short(found.average, currency), _between(found.saving, currency)
    said = f"{who} {verb} {average} on average{between}, {period}"
    return said if count == 1 else f"{said}; most by {first.control.name} ({money.short(first.average, currency)})"


def control_rows(found: ControlValues, currency: str) -> list[list[str]]:
    """One row a control, the largest saving first, then all together."""
    rows = []
    for row in found.rows:
        one, where = row.control, {name: values[0] for name, values in row.control.scope.items()}
        estimate = f"{one.saving.low:.0%} / {one.saving.likely:.0%} / {one.saving.high:.0%}"
        ratio = money.ratio(row.average, row.acts_on)
        rows.append(
            [
                one.name,
                where_words(where),
                period_name(one.start, Grain.MONTH),
                money.short(row.average, currency),
                _range(row.credited, currency),
                f"{money.percent(ratio)} of {money.short(row.acts_on, currency)}",
                money.short(row.average_alone, currency),
                estimate,
            ]
        )
    together = ["All", "", "", money.short(found.average, currency), _range(found.saving, currency)]
    return [*rows, [*together, "", "", ""]]


def _range(line: Line, currency: str) -> str:
    return f"{money.short(line.lower[0], currency)}\xa0to\xa0{money.short(line.upper[0], currency)}"


def _between(line: Line, currency: str) -> str:
    """The range after an average; nothing where it has no width."""
    low, high = money.short(line.lower[0], currency), money.short(line.upper[0], currency)
    return "" if low == high else f", between {low} and {high}"
