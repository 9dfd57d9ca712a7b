"""Words, rows and the chart of cost against value: all of a model's work, and one outcome of it.

Words are an executive's. Cost is on the allocation basis unless a column says otherwise; margin is value less cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.value import Worth
from costlib.briefs.words.unit import unit_price, value_finding
from costlib.charts.spec import MOST_POINTS, Caption, Measure, Point, Scatter

NO_VALUE: Final = (
    "No metric says what these models are worth. Load one whose unit is the currency (revenue, saving) to see cost "
    "against value here."
)
HEADER: Final = ("Model", "Value", "Cost", "Margin", "Cost of value", "Cost, usage basis", "Margin, usage basis")
EACH_HEADER: Final = (
    "Model",
    "Outcome",
    "Count",
    "Value of one",
    "Cost of one",
    "Margin of one",
    "Cost of one, usage basis",
    "Margin of one, usage basis",
)
HELP: Final = (
    "Value is what a metric in the currency says. Cost is the whole cost of the model, all stages, on the days that "
    "value and count both cover. Allocation basis unless a column says usage basis. Margin is value less cost."
)


def name_of(one: Worth) -> str:
    """Whose value it is.

    >>> from costlib.periods import Window
    >>> from datetime import date
    >>> days = Window(date(2026, 9, 1), date(2026, 10, 1))
    >>> [name_of(Worth(team, None, None, days, None, None, None, None)) for team in ("Search", None)]
    ['Search, no model', 'All spend shown']
    """
    return one.model or (f"{one.team}, no model" if one.team else "All spend shown")


def elsewhere_words(currencies: Sequence[str]) -> str:
    """That values in other currencies are in no figure; empty where there are none.

    >>> elsewhere_words(["EUR", "GBP"]), elsewhere_words([])
    ('Not in these figures: value in EUR and GBP. Choose that currency to see it.', '')
    """
    return (
        f"Not in these figures: value in {' and '.join(currencies)}. Choose that currency to see it."
        if currencies
        else ""
    )


def worth_finding(found: Sequence[Worth], currency: str, period: str) -> str:
    """Cost against value of models; of teams, or of all spend, where no value names a nearer one.

    What is said of a whole and again of its parts counts once.
    """
    nearest = [one for one in found if one.model] or [one for one in found if one.team] or found
    return value_finding([(name_of(one), one.cost, one.value) for one in _once(nearest)], currency, period)


def each_finding(found: Sequence[Worth], currency: str, period: str) -> str:
    """What one outcome is worth against its cost: the one that earns least of what it costs, or loses most of it."""
    known = [(one.each(one.cost), one.each(one.value), one) for one in found]
    rated = [(worth / cost, cost, worth, one) for cost, worth, one in known if cost and cost > 0 and worth is not None]
    if not rated:
        return f"What one outcome was worth {period} cannot be set against its cost"
    _, cost, worth, least = min(rated, key=lambda row: row[0])
    verdict = _verdict([ratio for ratio, *_ in rated])
    each = f"worth {unit_price(worth, currency)} each for {unit_price(cost, currency)}"
    return f"{verdict} {period}; the thinnest margin is that of {least.outcome} of {name_of(least)}, {each}"


def _verdict(ratios: Sequence[Decimal]) -> str:
    """How many outcomes were worth less than they cost, of value over cost of each.

    >>> _verdict([Decimal(2)]), _verdict([Decimal(2), Decimal(1)])
    ('The outcome was worth more than it cost', 'Each of 2 outcomes was worth at least what it cost')
    """
    count, losing = len(ratios), sum(ratio < 1 for ratio in ratios)
    if losing:
        which = "The outcome" if count == 1 else f"{losing} of {count} outcomes"
        return f"{which} cost more than {'it was' if losing == 1 else 'they were'} worth"
    which = "The outcome" if count == 1 else f"Each of {count} outcomes"
    return f"{which} was worth {'more than' if min(ratios) > 1 else 'at least what'} it cost"


def worth_rows(found: Sequence[Worth], currency: str) -> list[list[str]]:
    """Rows of the table of whole models."""
    return [
        [
            name_of(one),
            *(money.short(amount, currency) for amount in (one.value, one.cost, one.margin)),
            money.percent(money.ratio(one.cost, one.value)),
            *(money.short(amount, currency) for amount in (one.by_use, one.margin_by_use)),
        ]
        for one in _once(found)
    ]


def each_rows(found: Sequence[Worth], currency: str) -> list[list[str]]:
    """Rows of the table of one outcome of each kind, where something is counted."""
    return [
        [
            name_of(one),
            one.outcome,
            money.UNKNOWN if one.count is None else money.count(int(one.count)),
            *(
                unit_price(one.each(amount), currency)
                for amount in (one.value, one.cost, one.margin, one.by_use, one.margin_by_use)
            ),
        ]
        for one in found
        if one.outcome
    ]


def each_chart(found: Sequence[Worth], caption: Caption, currency: str) -> Scatter | None:
    """Cost against value of one outcome, allocation basis; None where no outcome has both."""
    whose = [name_of(one) for one in found]
    names = [
        name if whose.count(name) == 1 else f"{name}, {one.outcome}" for name, one in zip(whose, found, strict=True)
    ]
    each = [(one.each(one.cost), one.each(one.value)) for one in found]
    return _scatter([(name, *pair) for name, pair in zip(names, each, strict=True)], caption, currency)


def worth_chart(found: Sequence[Worth], caption: Caption, currency: str) -> Scatter | None:
    """Cost against value of whole models, allocation basis; None where none has both."""
    return _scatter([(name_of(one), one.cost, one.value) for one in _once(found)], caption, currency)


def _scatter(rows: Sequence[tuple[str, Amount, Amount]], caption: Caption, currency: str) -> Scatter | None:
    points = tuple(Point(*row) for row in rows[:MOST_POINTS])
    if not any(point.x is not None and point.y is not None for point in points):
        return None
    return Scatter(caption, Measure("Cost", currency), Measure("Value", currency), points, dimension="Model")


def _once(found: Sequence[Worth]) -> list[Worth]:
    """One row for each model: those of several kinds of outcome repeat its value."""
    return list({(one.team, one.model): one for one in reversed(found)}.values())[::-1]
