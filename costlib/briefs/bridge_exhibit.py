"""A bridge as a chart and as a table: where a change of cost comes from, part by part.

Conventions: ends and parts are rounded to the cent and still add up to the cent; what rounding leaves goes to the
largest part. Parts that are nothing have no step. All costs are in one currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from costlib import money
from costlib.analysis.bridge import Bridge, Parts, summed
from costlib.analysis.budget import Variance
from costlib.briefs.exhibits import segment_name
from costlib.charts import spec
from costlib.charts.spec import Caption, Level, Step, gathered

#: What a step is called, by the part's name, in the order of the chart.
STEP_NAMES: Final = {
    "volume": "Volume",
    "rate": "Rates",
    "mix": "Mix",
    "new": "New",
    "ended": "Ended",
    "unquantified": "No quantity",
}
#: What the steps mean, for a reader who meets the words for the first time.
STEP_HELP: Final = (
    "Volume: more or less used at the old rates. Rates: another price a unit for what is used now. Mix: a shift "
    "between dearer and cheaper items. New and ended: items that only one of the periods has. No quantity: changes of "
    "items whose bill does not say how much was used, such as credits and fees."
)


def bridge_chart(found: Bridge, caption: Caption, currency: str, ends: tuple[str, str]) -> spec.Bridge:
    """The bridge as columns; ``ends`` name the earlier and the later side.

    >>> from costlib.analysis.bridge import Segment, bridge
    >>> gpu = Segment("gpu", "Hrs", Decimal(2000), Decimal(1000), Decimal(4500), Decimal(1500))
    >>> drawn = bridge_chart(bridge([gpu]), Caption("Up", "", ""), "USD", ("Aug 2026", "Sep 2026"))
    >>> [(step.name, money.exact(step.amount)) for step in drawn.steps]
    [('Volume', '1000'), ('Rates', '1500')]
    """
    parts = found.parts.by_name()
    named = {words: parts[name] for name, words in STEP_NAMES.items()}
    return _drawn(caption, currency, (found.cost0, found.cost1), ends, named)


def variance_chart(rows: Sequence[Variance], caption: Caption, currency: str) -> spec.Bridge | None:
    """From budget to actual, team by team and the last row for all; None where a sum of all is unknown.

    What a team lacks, budget or spend, is nothing in its step; the smallest of many steps are gathered.
    """
    whole, none = rows[-1], Decimal(0)
    if whole.budget is None or whole.actual is None:
        return None
    teams = {segment_name("x_Team", one.team): (one.actual or none) - (one.budget or none) for one in rows[:-1]}
    return _drawn(caption, currency, (whole.budget, whole.actual), ("Budget", "Actual"), teams)


def _drawn(
    caption: Caption,
    currency: str,
    amounts: tuple[Decimal, Decimal],
    ends: tuple[str, str],
    parts: Mapping[str, Decimal],
) -> spec.Bridge:
    first, last = (money.cents(amount) for amount in amounts)
    fitted = _fitting(parts, last - first)
    steps = [Step(name, amount) for name, amount in fitted.items() if amount] or [Step("No change", Decimal(0))]
    return spec.Bridge(caption, currency, Level(ends[0], first), gathered(steps), Level(ends[1], last))


def bridge_rows(parts: Sequence[tuple[str, Parts]], currency: str, most: int) -> tuple[list[str], list[list[str]]]:
    """Header (without the name's) and rows of the parts of each name, largest change first, the rest as one row."""
    shown = list(parts[:most])
    rest = [one for _, one in parts[most:]]
    if len(rest) == 1:
        shown.append(parts[most])
    elif rest:
        shown.append((f"{len(rest)} others", summed(rest)))
    names = [name for name in STEP_NAMES if any(getattr(one, name) for _, one in parts)]
    rows = [
        [name, money.signed(one.total, currency), *(_cell(getattr(one, part), currency) for part in names)]
        for name, one in shown
    ]
    return ["Change", *(STEP_NAMES[name] for name in names)], rows


def _cell(amount: Decimal, currency: str) -> str:
    return money.signed(amount, currency) if amount else "–"


def _fitting(parts: Mapping[str, Decimal], change: Decimal) -> dict[str, Decimal]:
    """The parts to the cent, adding up to a change that is already rounded."""
    found = {name: money.cents(amount) for name, amount in parts.items()}
    if not found:
        return found
    largest = max(found, key=lambda name: abs(found[name]))
    residue = change - money.exact_sum(found.values())
    return {**found, largest: found[largest] + residue}
