"""One unit of Unit costs over time: its models, their trend, what moved them, in words and charts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa

from costlib import money
from costlib.analysis import units
from costlib.analysis.trend import Amount
from costlib.analysis.units import Moved, Unit, UnitCost, Volume
from costlib.analysis.units.costs import Who, coverage, whose
from costlib.analysis.units.counted import Counted, seldom_counted
from costlib.briefs.exhibits import Timeline
from costlib.briefs.words.unit import Compared, unit_finding, unit_price
from costlib.charts.spec import MOST_NAMED, Caption, Line, Trend
from costlib.focus import null_label
from costlib.periods import Window
from ui.remembered import Found
from ui.units.page import Units

_WORDS, _FIGURES = ("Unit", "Model", "Team", "Period"), ("Allocation basis", "Usage basis", "Cost", "Count")
_EVERY: Final = pa.schema([*((name, pa.string()) for name in _WORDS), *((name, pa.float64()) for name in _FIGURES)])


class OneUnit:
    """One unit over time: its models, their trend, and what moved them."""

    def __init__(self, page: Units, unit: Unit) -> None:
        self.page, self.unit = page, unit
        self.period = page.starts[page.at]
        self.earlier = page.starts[page.at - 1] if page.at else None

    def once(self, work: Callable[[], Found], name: str) -> Found:
        """What the work gives of this unit, worked out once."""
        return self.page.once(work, name, self.unit.name)

    @cached_property
    def rows(self) -> tuple[UnitCost, ...]:
        """What the unit cost by period, team and model."""
        return tuple(one for one in self.page.costs if one.unit == self.unit)

    @cached_property
    def names(self) -> dict[Who, str]:
        """What a reader calls each team and model."""
        return _names(dict.fromkeys((one.team, one.model) for one in self.rows))

    @property
    def one(self) -> str:
        """The unit as it stands after "the cost of": a number, or one of it."""
        return self.unit.name if self.unit.name[0].isdigit() else f"one {self.unit.name}"

    @cached_property
    def compared(self) -> tuple[Compared, ...]:
        """Each model in the last full period with the one before, dearest unit first, those without a count last."""
        return self.once(self._compared, "compared")

    def _compared(self) -> tuple[Compared, ...]:
        before = {(one.team, one.model): one for one in self.rows if one.period == self.earlier}
        now = [one for one in self.rows if one.period == self.period]
        found = [Compared(self.names[one.team, one.model], one, before.get((one.team, one.model))) for one in now]
        return tuple(sorted(found, key=lambda one: (one.now.amount is None, -(one.now.amount or Decimal(0)), one.name)))

    def lacking(self, gap: units.Gap) -> list[str]:
        """Models whose cost of a unit in the period is unknown for this reason; those that cost nothing left out."""
        return [one.name for one in self.compared if one.now.gap is gap and one.now.cost != 0]

    def seldom(self) -> tuple[tuple[str, Counted], ...]:
        """Models in the period whose count stops for days, with their names."""
        return self.once(self._seldom, "seldom")

    def _seldom(self) -> tuple[tuple[str, Counted], ...]:
        found = seldom_counted(self._volumes(), self.page.now)
        known = {(one.now.team, one.now.model) for one in self.compared if not one.now.gap}
        return tuple((self.names[one.who], one) for one in found if one.who in known)

    def counted_days(self) -> Window | None:
        """The days of the period that the metric covers, where that is not all of them."""
        return self.once(self._counted_days, "counted days")

    def _counted_days(self) -> Window | None:
        counted, now = self._volumes(), self.page.now
        if not counted:
            return None
        whole = coverage(counted)
        days = Window(max(whole.start, now.start), min(whole.end, now.end))
        return days if 0 < days.days < now.days else None

    def _volumes(self) -> list[Volume]:
        """What was counted of the unit; nothing where the bill itself counts it."""
        counted = [] if self.unit.has_own_cost else self.page.counted
        return [one for one in counted if one.metric == self.unit.metric]

    def finding(self) -> str:
        """The answer on top of the page."""
        page = self.page
        earlier = page.said(self.earlier) if self.earlier else ""
        return unit_finding(self.unit.name, self.compared, page.selection.currency, page.said(self.period), earlier)

    def trend(self) -> Trend | None:
        """The unit cost of each model over time; None where none is known."""
        return self.once(self._trend, "trend")

    def _trend(self) -> Trend | None:
        page = self.page
        cells = {(one.team, one.model, one.period): one.amount for one in self.rows}
        order = sorted(self.names, key=lambda who: -self._weight(who))
        lines = [Line(self.names[who], tuple(cells.get((*who, start)) for start in page.starts)) for who in order]
        drawn = tuple(line for line in lines if any(value is not None for value in line.values))[:MOST_NAMED]
        if not drawn:
            return None
        basis = page.basis
        what = f"Cost of {self.one} by {page.choices.grain}, allocation basis"
        caption = Caption(self.finding(), basis.subtitle(what, page.choices.window), basis.source)
        timeline = Timeline(page.starts, page.choices.grain, page.fiscal_start)
        return Trend(caption, timeline.axis(basis.data_date), basis.currency, drawn)

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows: every model in the last full period, on both bases."""
        currency, page = self.page.selection.currency, self.page
        before = [f"Against {page.name(self.earlier)}"] if self.earlier else []
        header = ["Model", "Allocation basis", *before, "Usage basis", "Cost", "Work done", "Team"]
        return header, [self._cells(one, currency) for one in self.compared]

    def teams(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows: every team in the last full period, on both bases, models of unknown cost left out."""
        currency = self.page.selection.currency
        rows = [
            [
                team or null_label("x_Team"),
                unit_price(one.amount, currency),
                unit_price(one.amount_by_use, currency),
                money.UNKNOWN if one.volume is None else money.count(int(one.volume)),
                money.short(one.cost, currency),
                money.count(one.unknown),
            ]
            for team, one in units.by_team([one.now for one in self.compared])
        ]
        return ["Team", "Allocation basis", "Usage basis", "Work done", "Cost", "Models left out"], rows

    def moved(self) -> Mapping[str, Moved]:
        """What moved each model from the period before, by its name; those with a count in both periods."""
        return self.once(lambda: MappingProxyType(self._moved()), "moved")

    def _moved(self) -> dict[str, Moved]:
        if self.earlier is None:
            return {}
        sides = [self._items(period) for period in (self.earlier, self.period)]
        unbilled = self._unbilled()
        found: dict[str, Moved] = {}
        for one in self.compared:
            who, before = (one.now.team, one.now.model), one.before.volume if one.before else None
            if who in unbilled:
                continue
            items = [_items_of(side, who, self.unit) for side in sides]
            way = units.moved(self.unit, items[0], items[1], before, one.now.volume)
            if way is not None:
                found[one.name] = way
        return found

    def _unbilled(self) -> set[Who]:
        """Whose bill lacks a day of either period: less of a meter would look as if less of it had been used."""
        assert self.earlier
        both = Window(self.page.days(self.earlier).start, self.page.days(self.period).end)
        costs = [cost for one in self.page.unbilled if one.days.overlaps(both) for cost in one.costs]
        return whose(self.unit, costs, {(one.team, one.model) for one in self.rows})

    def _items(self, period: date) -> dict[Who, list[Any]]:
        days = self.page.days(period)
        if not self.unit.has_own_cost:
            covered = coverage([one for one in self.page.counted if one.metric == self.unit.metric])
            days = Window(max(days.start, covered.start), max(min(days.end, covered.end), covered.start))
        return dict(self.page.questions.items(self.unit, days))

    def _weight(self, who: Who) -> Decimal:
        return money.exact_sum(one.cost for one in self.rows if (one.team, one.model) == who)

    def _cells(self, one: Compared, currency: str) -> list[str]:
        change = [money.percent(one.ratio, sign=True, digits=1)] if self.earlier else []
        volume = one.now.volume
        return [
            one.name,
            unit_price(one.now.amount, currency),
            *change,
            unit_price(one.now.amount_by_use, currency),
            money.short(one.now.cost, currency),
            money.UNKNOWN if volume is None else money.count(int(volume)),
            one.now.team or "–",
        ]


def every_unit(page: Units) -> pa.Table:
    """All units, models and periods on both bases, the latest of the first unit first, to calculate with."""
    units_in_order = {unit: number for number, unit in enumerate(page.offered)}

    def order(one: UnitCost) -> tuple[int, int, str, str]:
        return units_in_order[one.unit], -one.period.toordinal(), one.model or "", one.team or ""

    rows = [
        {
            "Unit": one.unit.name,
            "Model": one.model or "–",
            "Team": one.team or "–",
            "Period": page.name(one.period),
            "Allocation basis": _number(one.amount),
            "Usage basis": _number(one.amount_by_use),
            "Cost": _number(one.cost),
            "Count": _number(one.volume),
        }
        for one in sorted(page.costs, key=order)
    ]
    return pa.Table.from_pylist(rows, _EVERY)


def _names(known: Collection[Who]) -> dict[Who, str]:
    """A name of its own for each team and model, in their order."""
    models = [model for _, model in known]
    found: dict[Who, str] = {}
    for team, model in known:
        if model is None:
            found[team, model] = f"{team}, no model" if team else null_label("x_Team")
        else:
            found[team, model] = model if models.count(model) == 1 else f"{model} ({team or 'no team'})"
    return found


def _items_of(side: dict[Who, list[Any]], who: Who, unit: Unit) -> list[Any]:
    """The items of a team and model; where one of them is not said, those of all that match."""
    if unit.has_own_cost:
        return side.get(who, [])
    team, model = who
    return [
        item
        for (its_team, its_model), items in side.items()
        if team in (None, its_team) and model in (None, its_model)
        for item in items
    ]


def _number(amount: Amount) -> float | None:
    return None if amount is None else float(amount)
