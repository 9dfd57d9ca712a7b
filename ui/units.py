"""What Unit costs shows: the choices it offers, its questions to the cube and the metrics, in words and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from streamlit.delta_generator import DeltaGenerator

from costlib import money
from costlib.analysis import units, windows
from costlib.analysis.trend import Amount
from costlib.analysis.units import Alarm, Moved, Unit, Volume
from costlib.analysis.units.costs import coverage
from costlib.briefs.exhibits import Timeline
from costlib.briefs.findings import when
from costlib.briefs.unit_words import Compared, unit_finding, unit_price
from costlib.charts.spec import MOST_NAMED, Caption, Line, Trend
from costlib.metrics.business import doubled, shelf, volumes
from costlib.metrics.costs import UnitQuestions, by_model
from costlib.periods import Grain, Window, next_period, period_name, period_start, period_starts
from costlib.store.query import Filter
from ui.guard import Page
from ui.selection import Selection

FILTERED = ("x_Team", "x_Model")
GRAINS = (Grain.WEEK, Grain.MONTH)
_MONTHS = {"6 months": 5, "12 months": 11, "24 months": 23}
EVERYTHING = "All data"
SPANS = (*_MONTHS, EVERYTHING)
Who = tuple[str | None, str | None]


@dataclass(frozen=True)
class Choices:
    """What the reader chose: the length of a period, and the days shown."""

    grain: Grain
    window: Window


def choose_view(page: Page, place: DeltaGenerator) -> Choices:
    """The choices of the page but the unit, each bound to the address."""
    grain = place.segmented_control(
        "Period",
        GRAINS,
        default=Grain.MONTH,
        format_func=lambda one: one.value.capitalize(),
        required=True,
        key="grain",
        bind="query-params",
    )
    span = place.selectbox("Over", SPANS, index=1, key="over", bind="query-params", width=190)
    grain = Grain(grain or Grain.MONTH)
    start = windows.earliest(page.window, _MONTHS[span]) if span in _MONTHS else page.window.start
    return Choices(grain, Window(max(period_start(start, grain), page.window.start), page.window.end))


def choose_unit(offered: Sequence[Unit], place: DeltaGenerator) -> Unit:
    """The unit that the page is about."""
    names = [one.name for one in offered]
    chosen = place.selectbox("Unit", names, key="unit", bind="query-params", width=260)
    return offered[names.index(chosen) if chosen in names else 0]


class Units:
    """Every unit cost under one selection, and the views of one unit."""

    def __init__(self, selection: Selection, choices: Choices) -> None:
        self.selection, self.choices = selection, choices
        page = selection.page
        self.fiscal_start = page.settings.fiscal_year_start
        self.root = page.workspace.store.root
        self.loaded = [one for one in volumes(self.root) if _kept(one, selection.filters)]
        self.counted = [one for one in units.in_base_units(self.loaded) if units.is_denominator(one)]
        self.questions = UnitQuestions(
            page.snapshot.reader, selection.conditions, choices.grain, selection.measure, self.fiscal_start
        )
        self.found = self.questions.unit_costs(self.counted, choices.window)
        self.starts = tuple(period_starts(choices.window, choices.grain, self.fiscal_start))

    @property
    def offered(self) -> list[Unit]:
        """The units that something was counted in, inferences first."""
        found = dict.fromkeys(one.unit for one in self.found)
        return sorted(found, key=lambda unit: units.REAL_TIME not in unit.stages)

    @property
    def at(self) -> int:
        """The position of the last period that the data covers to its end; of the last one where none is."""
        end = self.choices.window.end
        full = [number for number, start in enumerate(self.starts) if next_period(start, self.choices.grain) <= end]
        return full[-1] if full else len(self.starts) - 1

    def name(self, period: date) -> str:
        """What a reader calls a period."""
        return period_name(period, self.choices.grain, self.fiscal_start)

    def days(self, period: date) -> Window:
        """The days of a period that the window holds."""
        window = self.choices.window
        return Window(max(period, window.start), min(next_period(period, self.choices.grain), window.end))

    def said(self, period: date) -> str:
        """A period as it stands in a sentence."""
        return f"in {self.name(period)}" if self.choices.grain is Grain.MONTH else f"in the {self.name(period)}"

    def alarms(self) -> list[Alarm]:
        """What looks mixed up, in what was loaded and in what comes of it."""
        window = self.choices.window
        billed = self.questions.tokens(window)
        counted = [one for one in units.in_base_units(self.loaded) if one.metric in units.TOKENS]
        same_days = [one for one in counted if window.start <= one.day < window.end]
        return [
            *units.unit_alarms(self.loaded),
            *units.sku_alarms(self.questions.meters(window)),
            *units.jump_alarms(self.found),
            *units.cached_alarms(by_model(same_days), by_model(billed), window.start),
        ]

    def twice(self) -> list[str]:
        """Metrics that two sources hold for the same days."""
        return doubled(shelf(self.root).table())


class OneUnit:
    """One unit over time: its models, their trend, and what moved them."""

    def __init__(self, page: Units, unit: Unit) -> None:
        self.page, self.unit = page, unit
        self.rows = [one for one in page.found if one.unit == unit]
        self.period = page.starts[page.at]
        self.earlier = page.starts[page.at - 1] if page.at else None
        self.names = _names({(one.team, one.model) for one in self.rows})

    @property
    def one(self) -> str:
        """The unit as it stands after "the cost of": a number, or one of it."""
        return self.unit.name if self.unit.name[0].isdigit() else f"one {self.unit.name}"

    @property
    def compared(self) -> list[Compared]:
        """Each model in the last full period with the one before, dearest unit first, those without a count last."""
        before = {(one.team, one.model): one for one in self.rows if one.period == self.earlier}
        now = [one for one in self.rows if one.period == self.period]
        found = [Compared(self.names[one.team, one.model], one, before.get((one.team, one.model))) for one in now]
        return sorted(found, key=lambda one: (one.now.amount is None, -(one.now.amount or Decimal(0)), one.name))

    @property
    def uncounted(self) -> list[str]:
        """Models that cost something in the period and have no count."""
        return [one.name for one in self.compared if one.now.amount is None and (one.now.cost or one.now.cost is None)]

    def finding(self) -> str:
        """The answer on top of the page."""
        page = self.page
        earlier = page.said(self.earlier) if self.earlier else ""
        return unit_finding(self.unit.name, self.compared, page.selection.currency, page.said(self.period), earlier)

    def trend(self) -> Trend | None:
        """The unit cost of each model over time; None where none is known."""
        page = self.page
        cells = {(one.team, one.model, one.period): one.amount for one in self.rows}
        order = sorted(self.names, key=lambda who: -self._weight(who))
        lines = [Line(self.names[who], tuple(cells.get((*who, start)) for start in page.starts)) for who in order]
        drawn = tuple(line for line in lines if any(value is not None for value in line.values))[:MOST_NAMED]
        if not drawn:
            return None
        basis = page.selection.basis
        what = f"Cost of {self.one} by {page.choices.grain}, allocation basis"
        caption = Caption(self.finding(), basis.subtitle(what, page.choices.window), basis.source)
        timeline = Timeline(page.starts, page.choices.grain, page.fiscal_start)
        return Trend(caption, timeline.axis(basis.data_date), basis.currency, drawn)

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows: every model in the last full period, on both bases."""
        currency, page = self.page.selection.currency, self.page
        before = [f"Against {page.name(self.earlier)}"] if self.earlier else []
        header = ["Model", "Team", "Allocation basis", *before, "Usage basis", "Work done", "Cost"]
        return header, [self._cells(one, currency) for one in self.compared]

    def teams(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows: every team in the last full period, on both bases, models without a count left out."""
        currency = self.page.selection.currency
        rows = [
            [
                team or "Unallocated",
                unit_price(one.amount, currency),
                unit_price(one.amount_by_use, currency),
                money.UNKNOWN if one.volume is None else money.count(int(one.volume)),
                money.short(one.cost, currency),
                money.count(one.unknown),
            ]
            for team, one in units.by_team([one.now for one in self.compared])
        ]
        return ["Team", "Allocation basis", "Usage basis", "Work done", "Cost", "Models without a count"], rows

    def moved(self) -> dict[str, Moved]:
        """What moved each model from the period before, by its name; those with a count in both periods."""
        if self.earlier is None:
            return {}
        sides = [self._items(period) for period in (self.earlier, self.period)]
        found: dict[str, Moved] = {}
        for one in self.compared:
            who, before = (one.now.team, one.now.model), one.before.volume if one.before else None
            items = [_items_of(side, who, self.unit) for side in sides]
            way = units.moved(self.unit, items[0], items[1], before, one.now.volume)
            if way is not None:
                found[one.name] = way
        return found

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
            one.now.team or "–",
            unit_price(one.now.amount, currency),
            *change,
            unit_price(one.now.amount_by_use, currency),
            money.UNKNOWN if volume is None else money.count(int(volume)),
            money.short(one.now.cost, currency),
        ]


def every_unit(page: Units) -> list[dict[str, Any]]:
    """Rows of the table of all units, models and periods, both bases, for the reader's own arithmetic."""
    return [
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
        for one in reversed(page.found)
    ]


def period_words(page: Units) -> str:
    """The period that tables are about, as it stands in a sentence."""
    return when(page.days(page.starts[page.at]))


def _names(known: set[Who]) -> dict[Who, str]:
    """A name of its own for each team and model."""
    models = [model for _, model in known]
    found: dict[Who, str] = {}
    for team, model in known:
        if model is None:
            found[team, model] = f"{team}, no model" if team else "Unallocated"
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


def _kept(one: Volume, filters: Sequence[Filter]) -> bool:
    """Whether the reader's filters by team and model leave the volume in."""
    values = {"x_Team": one.team, "x_Model": one.model}
    return all((values[item.dimension] in item.values) is not item.exclude for item in filters)


def _number(amount: Amount) -> float | None:
    return None if amount is None else float(amount)
