"""The audit of a model's pipeline: its components by cost, the most expensive one, and what drives it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import streamlit as st

from costlib import money
from costlib.analysis import windows
from costlib.analysis.bridge import Measured, Parts, bridge, paired
from costlib.analysis.trend import Amount
from costlib.briefs.exhibits import segment_name
from costlib.briefs.words.findings import when
from costlib.briefs.words.pipeline import Meter, component_finding, meter_words
from costlib.focus import POOL
from costlib.periods import Grain, Window
from costlib.store.question import Filter, Row
from ui.markdown import literal
from ui.selection import Selection
from ui.tables import words_table

_MODEL, _STAGE = "x_Model", "x_Stage"
_BY = (_STAGE, "ServiceName", POOL, "SkuMeter", "x_InstanceType", "ConsumedUnit", "ResourceId")
HEADER = ("Component", "Cost", "Of the pipeline", "Resources", "Driven by")
PIPELINE_HELP = (
    "A component is a stage of the model in one service, or its part of a shared pool. What drives it is the meter "
    "that costs most in it, as quantity times unit cost."
)


@dataclass(frozen=True)
class Component:
    """One component: its cost, how many resources it has, and its meters, the dearest first."""

    name: str
    cost: Decimal
    resources: int
    meters: tuple[Meter, ...]


class Pipeline:
    """The components of one model in a window, and what the dearest one cost in the window before."""

    def __init__(self, selection: Selection, model: str, window: Window) -> None:
        self.selection = selection.narrowed(Filter(_MODEL, (model,)))
        self.model, self.window = model, window
        self.components = self._components(window)

    @property
    def cost(self) -> Decimal:
        """The cost of the whole pipeline."""
        return money.exact_sum(one.cost for one in self.components)

    def finding(self) -> str:
        """The most expensive component and what drives it, in one sentence."""
        if not self.components:
            return f"The cost of {self.model} {when(self.window)} is unknown under these choices"
        first = self.components[0]
        return component_finding(
            self.model,
            first.name,
            self.selection.currency,
            (first.cost, self.cost),
            when(self.window),
            first.meters[0] if first.meters else None,
            self.change,
        )

    @cached_property
    def change(self) -> tuple[Decimal, Decimal, Parts, str] | None:
        """What moved the dearest component since the window before; None where the bills do not reach back."""
        page = self.selection.page
        earlier = windows.within(
            page.window,
            windows.previous_window(self.window, Grain.MONTH, page.settings.fiscal_year_start),
            page.incomplete,
        )
        if earlier is None or not self.components:
            return None
        first = self.components[0]
        before = next((one for one in self._components(earlier) if one.name == first.name), None)
        found = bridge(paired(_measured(before.meters if before else ()), _measured(first.meters)))
        return found.cost0, found.cost1, found.parts, when(earlier)

    def rows(self) -> list[list[str]]:
        """A row a component, the dearest first, and their sum."""
        currency = self.selection.currency
        rows = [
            [
                one.name,
                money.full(one.cost, currency),
                money.percent(money.ratio(one.cost, self.cost)),
                money.count(one.resources),
                meter_words(one.meters[0], currency) if one.meters else "",
            ]
            for one in self.components
        ]
        return [*rows, ["All", money.full(self.cost, currency), "", "", ""]]

    def _components(self, window: Window) -> list[Component]:
        rows = self.selection.ask(_BY, window)
        quantities = {row.values: row.amount for row in self.selection.quantities(_BY, window) if not row.unknown}
        groups: defaultdict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row.amount is not None:
                groups[_name(row)].append(row)
        found = [_component(name, members, quantities) for name, members in groups.items()]
        return sorted(found, key=lambda one: (-one.cost, one.name))


def _name(row: Row) -> str:
    stage, service, pool = row.values[:3]
    if pool is not None:
        return f"its part of the shared pool {pool}"
    return f"{segment_name(_STAGE, stage)} ({service})" if service else segment_name(_STAGE, stage)


def _component(name: str, rows: list[Row], quantities: dict[tuple[str | None, ...], Amount]) -> Component:
    meters: defaultdict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for row in rows:
        meter, instance, unit = row.values[3:6]
        meters[(instance or meter or "charges without a meter", unit)].append(row)
    found = [_meter(label, unit, members, quantities) for (label, unit), members in meters.items()]
    found.sort(key=lambda one: (-(one.cost or Decimal(0)), one.name))
    resources = {row.values[6] for row in rows if row.values[6] is not None}
    return Component(name, money.exact_sum(row.amount for row in rows), len(resources), tuple(found))


def _meter(name: str, unit: str | None, rows: list[Row], quantities: dict[tuple[str | None, ...], Amount]) -> Meter:
    amounts = [quantities.get(row.values) for row in rows]
    quantity = None if None in amounts or unit is None else money.exact_sum(amounts)
    return Meter(name, money.total(row.amount for row in rows), quantity, unit)


def _measured(meters: Iterable[Meter]) -> list[Measured]:
    return [Measured(one.name, one.unit, one.cost, one.quantity) for one in meters]


def pipeline_panel(selection: Selection, window: Window) -> None:
    """Draw the audit of one model."""
    found = [row.values[0] for row in selection.ask((_MODEL,), window) if row.values[0] and row.amount is not None]
    if not found:
        st.write("No cost of these days belongs to a model, so there is no pipeline to look into.")
        return
    with st.container(border=True, key="pipeline"):
        place = st.container()
        model = st.selectbox("Model", found, key="pipeline-model", bind="query-params", width=260) or found[0]
        pipeline = Pipeline(selection, model, window)
        place.header(literal(pipeline.finding()), anchor=False, help=PIPELINE_HELP)
        caption = selection.basis.subtitle(f"Components of {model}", window)
        words_table(caption, HEADER, pipeline.rows(), "components")
