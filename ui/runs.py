"""What Runs shows: runs with their cost, by experiment or otherwise, against their quality and against the bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import streamlit as st

from costlib import money
from costlib.analysis import windows
from costlib.briefs.findings import when
from costlib.briefs.run_words import kept_words, quality_finding, runs_finding, source_words
from costlib.charts.spec import Bar, Caption, Measure, Placed, Point, RankedBars, Scatter, leading
from costlib.periods import Window
from costlib.runs.bill import TaggedBill, billed_days, tagged_bill
from costlib.runs.book import all_runs
from costlib.runs.costs import Group, How, RunCost, bill_factor, group, grouped, run_costs
from costlib.runs.model import Run, lower_is_better
from costlib.runs.prices import read_prices
from costlib.runs.storage import billed_buckets, storage_costs
from costlib.store.query import Filter
from ui.guard import Page
from ui.selection import Selection

FILTERED = ("x_Team", "x_Model")
_MONTHS = {"3 months": 2, "12 months": 11}
LAST_MONTH, EVERYTHING = "Last full month", "All data"
SPANS = (LAST_MONTH, *_MONTHS, EVERYTHING)
#: Runs of the front that a trade-off shows.
_MOST_FRONT = 5
#: What runs can be grouped by, and what a group without a name is called.
GROUPS: dict[str, Callable[[Run], str | None]] = {
    "Experiment": lambda run: run.experiment,
    "Model": lambda run: run.model,
    "Pipeline": lambda run: run.pipeline,
    "Stage": lambda run: run.stage,
    "Owner": lambda run: run.owner,
}
HEADER = (
    "Runs",
    "Cost",
    "A run",
    "Storage",
    "At work",
    "Failed",
    "Cost of failed",
    "Cancelled",
    "Cost of cancelled",
    "Cost unknown",
)


@dataclass(frozen=True)
class Choices:
    """What the reader chose: what runs are grouped by, over which days."""

    by: str
    window: Window


def choose_view(page: Page) -> Choices:
    """The choices of the page, each bound to the address."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.selectbox("Group by", list(GROUPS), key="by", bind="query-params", width=180)
        span = st.selectbox("Over", SPANS, index=2, key="over", bind="query-params", width=190)
    data = page.window
    if span == LAST_MONTH:
        return Choices(by, (windows.last_full_month(data) or windows.month_to_date(data)).now)
    return Choices(by, Window(windows.earliest(data, _MONTHS[span]), data.end) if span in _MONTHS else data)


class Runs:
    """The runs that started in the window, with their cost, under one selection."""

    def __init__(self, selection: Selection, own: Sequence[Filter], choices: Choices) -> None:
        self.selection, self.choices = selection, choices
        page = selection.page
        everything = all_runs(page.workspace.store.root)
        self.loaded = bool(everything)
        self.filters = (*selection.conditions, *own)
        inside = [one for one in everything if choices.window.start <= one.start.date() < choices.window.end]
        wanted = [one for one in inside if _kept(one, own)]
        self.billed = billed_days(page.snapshot.reader, wanted, selection.conditions, selection.measure)
        names = {one.run_id for one in wanted}
        found, _ = run_costs(everything, self.billed, read_prices(), selection.currency)
        kept = self._storage(everything)
        self.found = [replace(one, storage=kept.get(one.run.run_id)) for one in found if one.run.run_id in names]

    def _storage(self, everything: Sequence[Run]) -> dict[str, Decimal]:
        """What keeping the results of runs cost in the window, whenever they ran."""
        reader, window = self.selection.page.snapshot.reader, self.choices.window
        conditions, measure = self.selection.conditions, self.selection.measure
        return storage_costs(everything, billed_buckets(reader, everything, conditions, window, measure), window)

    @cached_property
    def groups(self) -> list[Group]:
        """The runs by what the reader chose, dearest first."""
        return grouped(self.found, GROUPS[self.choices.by])

    @cached_property
    def all(self) -> Group:
        """All runs as one."""
        return group(None, self.found)

    def finding(self) -> str:
        """The answer on top of the page."""
        period, currency = when(self.choices.window), self.selection.currency
        if not self.loaded:
            return "No run is loaded, so no cost can be put on an experiment"
        if not self.found:
            return f"No run started {period} under these choices"
        top = self.groups[0]
        return runs_finding(
            self.choices.by, (self.name(top), top.cost), self.all.cost, self.all.wasted, currency, period
        )

    def name(self, one: Group) -> str:
        """What a reader calls a group."""
        return one.name or f"no {self.choices.by.lower()}"

    def chart(self) -> RankedBars | None:
        """Cost by group; None where no cost is known."""
        basis = self.selection.basis
        bars = [Bar(self.name(one), one.cost) for one in self.groups if one.runs > one.unknown]
        if not bars:
            return None
        what = f"Cost of runs by {self.choices.by.lower()}"
        caption = Caption(self.finding(), basis.subtitle(what, self.choices.window), basis.source)
        return RankedBars(caption, basis.currency, leading(bars), "Cost", dimension=self.choices.by)

    def sources(self) -> str:
        """Where the costs come from."""
        sums = {
            how: (len(ones), money.exact_sum(one.cost for one in ones))
            for how in How
            for ones in [[one for one in self.found if one.how is how]]
        }
        factor, currency = bill_factor(self.found), self.selection.currency
        words = source_words(sums[How.BILL], sums[How.LIST], self.all.unknown, factor, currency)
        spot = money.total(one.spot_saving for one in self.found)
        return f"{words} {kept_words(self.all.storage, spot, currency)}".strip()

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows: every group and their sum."""
        rows = [self._cells(self.name(one), one) for one in self.groups]
        return [self.choices.by, *HEADER], [*rows, self._cells("All", self.all)]

    def tagged(self) -> TaggedBill:
        """The bill of everything that has a model, in the window, these runs apart."""
        reader = self.selection.page.snapshot.reader
        return tagged_bill(reader, list(self.billed), self.filters, self.choices.window, self.selection.measure)

    def qualities(self) -> list[tuple[str, str]]:
        """Model and quality metric of the runs that have both cost and quality, the dearest model first."""
        spent: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for one in self.found:
            if one.run.quality is not None and one.run.quality_metric and one.cost is not None:
                spent[one.run.model or "no model", one.run.quality_metric] += one.cost
        return sorted(spent, key=lambda pair: (-spent[pair], pair))

    def against_quality(self, model: str, metric: str) -> Scatter:
        """Cost against quality of the runs of a model: the front first, then the best of the others."""
        runs = [
            one
            for one in self.found
            if (one.run.model or "no model", one.run.quality_metric) == (model, metric) and one.run.quality is not None
        ]
        better = -1 if lower_is_better(metric) else 1
        basis = self.selection.basis
        caption = Caption("Cost and quality", f"{metric} and cost of runs of {model}", basis.source)
        points = _front_first(runs, better)
        drawn = self._scatter(caption, points, metric, better)
        front = sorted(drawn.front, key=lambda one: better * one.y)
        title = quality_finding(
            model, metric, _told(front[-1]), _told(min(front, key=lambda one: one.x)), basis.currency
        )
        subtitle = basis.subtitle(f"Cost of a run and its {metric}, {model}", self.choices.window)
        return self._scatter(Caption(title, subtitle, basis.source), points, metric, better)

    def _scatter(self, caption: Caption, points: tuple[Point, ...], metric: str, better: int) -> Scatter:
        cost, quality = Measure("Cost of the run", currency=self.selection.currency), Measure(metric.capitalize())
        return Scatter(caption, cost, quality, points, more_y=better > 0, dimension="Run")

    def rows(self) -> list[dict[str, Any]]:
        """Every run, latest first."""
        return [_run_row(one) for one in self.found]

    def without_result(self) -> list[dict[str, Any]]:
        """Runs that failed or were cancelled, dearest first."""
        ones = sorted((one for one in self.found if one.run.wasted), key=lambda one: -(one.cost or Decimal(0)))
        return [_run_row(one) for one in ones]

    def _cells(self, name: str, one: Group) -> list[str]:
        currency = self.selection.currency
        nothing = one.runs == one.unknown
        return [
            name,
            money.count(one.runs),
            money.UNKNOWN if nothing else money.short(one.cost, currency),
            money.short(one.each, currency),
            money.short(one.storage, currency),
            money.percent(one.utilisation),
            money.count(one.failed),
            money.short(one.failed_cost, currency) if one.failed else "–",
            money.count(one.cancelled),
            money.short(one.cancelled_cost, currency) if one.cancelled else "–",
            money.count(one.unknown),
        ]


def _front_first(runs: Sequence[RunCost], better: int) -> tuple[Point, ...]:
    """A few runs that tell the trade-off: the front, thinned to its ends and steps between, then three beaten ones.

    A beaten run is one that a run shown beats, so that leaving runs out never puts another one on the front.
    """
    known = [(one, one.cost, better * one.run.quality) for one in runs if one.cost is not None and one.run.quality]
    known.sort(key=lambda row: (-row[2], row[1]))
    front: list[RunCost] = []
    for one, cost, _ in known:
        if not front or cost < (front[-1].cost or cost):
            front.append(one)
    step = max(-(-(len(front) - 1) // (_MOST_FRONT - 1)), 1)
    kept = list(dict.fromkeys((*range(0, len(front), step), len(front) - 1))) if front else []
    shown = [front[number] for number in kept]
    beaten = [one for one, cost, quality in known if one not in front and _beaten(cost, quality, shown, better)]
    chosen = [*shown, *_apart(beaten)]
    prefix = _common([one.run.name for one in chosen])
    return tuple(Point(one.run.name[len(prefix) :], one.cost, one.run.quality) for one in chosen)


def _apart(beaten: Sequence[RunCost]) -> list[RunCost]:
    """Of the beaten runs, best first, the dearest, the one in the middle and the worst: they lie apart on a chart."""
    if not beaten:
        return []
    dearest = max(beaten, key=lambda one: one.cost or Decimal(0))
    return list({one.run.run_id: one for one in (dearest, beaten[len(beaten) // 2], beaten[-1])}.values())


def _beaten(cost: Decimal, quality: Decimal, shown: Sequence[RunCost], better: int) -> bool:
    return any((one.cost or cost) < cost and better * (one.run.quality or quality) > quality for one in shown)


def _common(names: Sequence[str]) -> str:
    """What all names begin with, up to a dash; nothing of a single name.

    >>> _common(["ranker-2026-09-01", "ranker-2026-10-02"]), _common(["a-1"]), _common(["a-1", "a-1-2"])
    ('ranker-2026-', '', 'a-')
    """
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)
    same = next((place for place, letter in enumerate(first) if last[place : place + 1] != letter), len(first))
    return first[: first.rfind("-", 0, same) + 1]


def _told(one: Placed) -> tuple[str, Decimal, Decimal]:
    return one.name, one.x, one.y


def _run_row(one: RunCost) -> dict[str, Any]:
    run = one.run
    return {
        "Run": run.name,
        "Experiment": run.experiment or "–",
        "Owner": run.owner or "–",
        "Status": run.status.capitalize(),
        "Started": run.start,
        "Hours": None if run.hours is None else float(run.hours),
        "Machine": run.instance_type or "–",
        "Cost": None if one.cost is None else float(money.cents(one.cost)),
        "Cost from": one.how.capitalize(),
        "At work, %": None if run.utilisation is None else float(run.utilisation * 100),
        "Storage": None if one.storage is None else float(money.cents(one.storage)),
        "Data, GB": None if run.data_volume_gb is None else float(run.data_volume_gb),
        "Quality": None if run.quality is None else float(run.quality),
        "Measured as": run.quality_metric or "–",
    }


def _kept(run: Run, filters: Sequence[Filter]) -> bool:
    """Whether the reader's filters by team and model leave the run in."""
    values = {"x_Team": run.owner, "x_Model": run.model}
    return all((values[item.dimension] in item.values) is not item.exclude for item in filters)
