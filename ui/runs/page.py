"""What Runs shows: runs with their cost, by experiment or otherwise, and against the bill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import streamlit as st

from costlib import money
from costlib.briefs.exhibits import Basis
from costlib.briefs.words.findings import when
from costlib.briefs.words.run import kept_words, runs_finding, source_words
from costlib.charts.spec import Bar, Caption, RankedBars, leading
from costlib.periods import Window
from costlib.runs.bill import TaggedBill, billed_days, tagged_bill
from costlib.runs.book import all_runs
from costlib.runs.costs import Group, How, RunCost, bill_factor, group, grouped, run_costs
from costlib.runs.model import Run
from costlib.runs.prices import SHIPPED, read_prices
from costlib.runs.storage import billed_buckets, storage_costs
from costlib.store.question import Filter
from ui.guard import Page
from ui.moment import identity, moment
from ui.remembered import Found, once
from ui.selection import Selection, leave_in
from ui.span import choose_window

FILTERED = ("x_Team", "x_Model")
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
        by = st.selectbox("Group by", list(GROUPS), key="by", bind="query-params", width=160)
        return Choices(by, choose_window(page, "12 months"))


@dataclass(frozen=True)
class _Costed:
    """The runs with their cost, and what of the bill they name."""

    costs: tuple[RunCost, ...]
    named: tuple[str, ...]


class Runs:
    """The runs that started in the window, with their cost, under one selection."""

    def __init__(self, selection: Selection, own: Sequence[Filter], choices: Choices) -> None:
        self.selection, self.choices, self.own = selection, choices, tuple(own)
        page = selection.page
        self.root, self.reader = page.workspace.store.root, page.snapshot.reader
        self.loaded = bool(all_runs(self.root))
        held = moment(page), identity(SHIPPED)
        self._of = repr((held, selection.conditions, self.own, selection.measure, choices.window))

    def once(self, work: Callable[[], Found], name: str, *further: object) -> Found:
        """What the work gives under these bills, runs, selection and days, and what else it is of."""
        return once(work, f"runs: {name}", self._of, *further)

    @cached_property
    def basis(self) -> Basis:
        """What every figure of the page has in common."""
        return self.selection.basis

    @property
    def costs(self) -> tuple[RunCost, ...]:
        """The runs with their cost, latest first."""
        return self._costed.costs

    @cached_property
    def _costed(self) -> _Costed:
        return self.once(self._cost, "costs")

    def _cost(self) -> _Costed:
        everything, window, selection = all_runs(self.root), self.choices.window, self.selection
        inside = [one for one in everything if window.start <= one.start.date() < window.end]
        wanted = [one for one in inside if leave_in(self.own, {"x_Team": one.owner, "x_Model": one.model})]
        billed = billed_days(self.reader, wanted, selection.conditions, selection.measure)
        names = {one.run_id for one in wanted}
        found, _ = run_costs(everything, billed, read_prices(), selection.currency)
        kept = self._storage(everything)
        whole = [replace(one, storage=kept.get(one.run.run_id)) for one in found if one.run.run_id in names]
        return _Costed(tuple(whole), tuple(billed))

    def _storage(self, everything: Sequence[Run]) -> Mapping[str, Decimal]:
        """What keeping the results of runs cost in the window, whenever they ran."""
        conditions, measure, window = self.selection.conditions, self.selection.measure, self.choices.window
        return storage_costs(everything, billed_buckets(self.reader, everything, conditions, window, measure), window)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The runs by what the reader chose, dearest first."""
        by = self.choices.by
        return self.once(lambda: tuple(grouped(self.costs, GROUPS[by])), "groups", by)

    @cached_property
    def all(self) -> Group:
        """All runs as one."""
        return self.once(lambda: group(None, self.costs), "all")

    def finding(self) -> str:
        """The answer on top of the page."""
        period, currency = when(self.choices.window), self.selection.currency
        if not self.loaded:
            return "No run is loaded, so no cost can be put on an experiment"
        if not self.costs:
            return f"No run started {period} under these choices"
        top = self.groups[0]
        return runs_finding((self.name(top), top.cost), self.all.cost, self.all.wasted, currency, period)

    def name(self, one: Group) -> str:
        """What a reader calls a group."""
        return one.name or f"no {self.choices.by.lower()}"

    def chart(self) -> RankedBars | None:
        """Cost by group; None where no cost is known."""
        basis = self.basis
        bars = [Bar(self.name(one), one.cost) for one in self.groups if one.runs > one.unknown]
        if not bars:
            return None
        what = f"Cost of runs by {self.choices.by.lower()}"
        caption = Caption(self.finding(), basis.subtitle(what, self.choices.window), basis.source)
        return RankedBars(caption, basis.currency, leading(bars), "Cost", dimension=self.choices.by)

    def sources(self) -> str:
        """Where the costs come from."""
        return self.once(self._sources, "sources")

    def _sources(self) -> str:
        sums = {
            how: (len(ones), money.exact_sum(one.cost for one in ones))
            for how in How
            for ones in [[one for one in self.costs if one.how is how]]
        }
        factor, currency = bill_factor(self.costs), self.selection.currency
        words = source_words(sums[How.BILL], sums[How.LIST], self.all.unknown, factor, currency)
        spot = money.total(one.spot_saving for one in self.costs)
        return f"{words} {kept_words(self.all.storage, spot, currency)}".strip()

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows: every group and their sum."""
        rows = [self._cells(self.name(one), one) for one in self.groups]
        return [self.choices.by, *HEADER], [*rows, self._cells("All", self.all)]

    def tagged(self) -> TaggedBill:
        """The bill of everything that has a model, in the window, these runs apart."""
        filters, measure = (*self.selection.conditions, *self.own), self.selection.measure
        named, window = self._costed.named, self.choices.window
        return self.once(lambda: tagged_bill(self.reader, list(named), filters, window, measure), "bill")

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
