"""Cost against value: what one outcome of a model costs, what it is worth, and the margin between the two.

Conventions: a metric in a currency is a value. It is set against the whole cost of its model, all stages, on the days
that both the value and the count cover. A value that names no model is that of its team, and one that names neither
that of all spend. An outcome is a business outcome that is counted; where a model has none, its inferences or
documents. Margin is value less cost. What is unknown on one side is unknown in the margin; a day that a bill does not
hold has costs that are unknown (``Unbilled.by_day``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.costs import Cost, Who, coverage
from costlib.analysis.units.measures import TRAINING, Volume, is_denominator, is_value, unit_of
from costlib.periods import Window

_WIDE = Context(prec=60)


@dataclass(frozen=True)
class Worth:
    """What one kind of outcome of a model was worth and cost in ``days``, in one currency.

    ``cost`` is on the allocation basis, ``by_use`` on the usage basis. ``outcome`` and ``count`` are None where
    nothing is counted; ``model`` is None for a team's or the company's value.
    """

    team: str | None
    model: str | None
    outcome: str | None
    days: Window
    count: Amount
    value: Amount
    cost: Amount
    by_use: Amount

    @property
    def margin(self) -> Amount:
        """Value less cost, allocation basis."""
        return money.difference(self.value, self.cost)

    @property
    def margin_by_use(self) -> Amount:
        """Value less cost, usage basis."""
        return money.difference(self.value, self.by_use)

    def each(self, amount: Amount) -> Amount:
        """An amount over the count: of one outcome; None where the count is unknown or not above 0."""
        if amount is None or self.count is None or self.count <= 0:
            return None
        return _WIDE.divide(amount, self.count)


def worths(volumes: Iterable[Volume], costs: Iterable[Cost], window: Window, currency: str) -> list[Worth]:
    """Every kind of outcome of every model that is worth something in the window, most worth first.

    ``volumes`` are in base units, ``costs`` by day; each in ``currency`` where it is money.

    >>> from datetime import date
    >>> day, week = date(2026, 9, 1), Window(date(2026, 9, 1), date(2026, 9, 8))
    >>> orders = Volume(day, "orders", None, "ads", Decimal(50))
    >>> margin = Volume(day, "margin", None, "ads", Decimal(200), "USD")
    >>> (one,) = worths([orders, margin], [Cost(day, "T", "ads", None, Decimal(150), Decimal(100))], week, "USD")
    >>> [str(each) for each in (one.each(one.value), one.each(one.cost), one.each(one.margin_by_use))]
    ['4', '3', '2']
    """
    given = list(costs)
    groups: defaultdict[Who, defaultdict[str, list[Volume]]] = defaultdict(lambda: defaultdict(list))
    for one in volumes:
        groups[None if one.model else one.team, one.model][one.metric].append(one)
    found = [
        worth
        for who, metrics in groups.items()
        for worth in _of(who, metrics, [one for one in given if _is_of(one, who)], window, currency)
    ]
    return sorted(found, key=lambda one: (-(one.value or Decimal(0)), one.model or one.team or "", one.outcome or ""))


def _of(
    who: Who, metrics: Mapping[str, list[Volume]], costs: Sequence[Cost], window: Window, currency: str
) -> Iterable[Worth]:
    values = [one for days in metrics.values() for one in days if _is_worth(one, currency)]
    if not any(window.start <= one.day < window.end for one in values):
        return
    outcomes: Sequence[str | None] = _outcomes(metrics) or [None]
    for outcome in outcomes:
        counted = metrics[outcome] if outcome else []
        days = _shared(window, coverage(values), coverage(counted) if counted else window)
        yield Worth(
            *who,
            outcome,
            days,
            _sum([one.value for one in counted if _in(one, days)]) if counted else None,
            _sum([one.value for one in values if _in(one, days)]),
            _sum([one.amount for one in costs if _in(one, days)]),
            _sum([one.by_use for one in costs if _in(one, days)]),
        )


def _outcomes(metrics: Mapping[str, list[Volume]]) -> list[str]:
    """Metrics that count what the value is of: business outcomes, else inferences and documents."""
    counts = [name for name, days in metrics.items() if is_denominator(days[0]) and not unit_of(name).has_own_cost]
    business = [name for name in counts if not unit_of(name).stages]
    return sorted(business or [name for name in counts if TRAINING not in unit_of(name).stages])


def _is_worth(one: Volume, currency: str) -> bool:
    return one.unit == currency and is_value(one.unit, one.metric)


def _is_of(cost: Cost, who: Who) -> bool:
    """Whether the cost is that of the model, of the team where no model is said, or anybody's."""
    team, model = who
    return cost.only is None and (cost.model == model if model else team is None or cost.team == team)


def _shared(*windows: Window) -> Window:
    return Window(max(one.start for one in windows), min(one.end for one in windows))


def _in(one: Volume | Cost, days: Window) -> bool:
    return days.start <= one.day < days.end


def _sum(amounts: Sequence[Amount]) -> Amount:
    """The sum; unknown where a part of it is, or where there is nothing."""
    return None if not amounts or None in amounts else money.exact_sum(amounts)
