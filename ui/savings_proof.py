"""What was measured of every initiative that is live: counterfactual, saving, slip-back, and what was promised for it.

Conventions: effective cost of the initiative's scope by day, in its plan's currency. Initiatives of one scope and
go-live cannot be told apart on the bill: they are measured together, and what they saved is divided as the plan's
levers compound, by ln(1 - likely saving). Promised is the reference that the approval froze times the likely saving,
for the days that were measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from costlib.errors import CostError
from costlib.periods import Grain, Window, days_in_month
from costlib.roadmap.savings.booked import Entry
from costlib.roadmap.savings.counterfactual import counterfactual
from costlib.roadmap.savings.measured import Measured
from costlib.roadmap.savings.realised import Realised, realised
from costlib.roadmap.savings.slipback import Check, slip_back
from costlib.sample import days as sample_days
from costlib.sample import metrics
from costlib.state.proof import GoLive, Proof
from costlib.state.saved import SavedInitiative
from costlib.state.stages import APPROVED
from costlib.store.query import Filter, Row
from ui.guard import Page
from ui.plan import plan_selection, plans_of
from ui.selection import Selection

Floats = NDArray[np.float64]
#: Share of the cost that one unit must count for the saving to be split by cause.
_NEARLY_ALL = 0.8
Scope = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Live:
    """One initiative that is approved or further, with its plan and, where it is known, its go-live."""

    plan: str
    plan_title: str
    currency: str
    saved: SavedInitiative
    go_live: GoLive | None

    @property
    def key(self) -> str:
        """Its name among all plans."""
        return f"{self.plan}/{self.saved.initiative.id}"

    @property
    def name(self) -> str:
        """What it is called."""
        return self.saved.initiative.title or self.saved.initiative.id

    @property
    def scope(self) -> Scope:
        """The spend that it acts on."""
        return tuple(sorted((column, tuple(values)) for column, values in self.saved.initiative.scope.items()))

    @property
    def weight(self) -> float:
        """Its part of what several save together."""
        return -math.log1p(-self.saved.initiative.saving.likely)


@dataclass(frozen=True)
class Measurement:
    """What the bills say of initiatives that went live together on one scope: the result, or why there is none."""

    members: tuple[Live, ...]
    go_live: GoLive
    result: Realised | None
    checks: tuple[Check, ...]
    problem: CostError | None

    @property
    def name(self) -> str:
        """The initiatives that were measured."""
        return " and ".join(one.name for one in self.members)

    def share(self, one: Live) -> float:
        """The part of the saving that is an initiative's."""
        whole = sum(member.weight for member in self.members)
        return one.weight / whole if whole > 0 else 1 / len(self.members)

    def realised(self) -> list[Entry]:
        """What each initiative saved by month, likely."""
        months = self.result.months if self.result else ()
        return [Entry(one.key, m.month, m.saving.likely * self.share(one)) for one in self.members for m in months]

    def promised(self) -> list[Entry]:
        """What the approvals promised for the days of each month that were measured."""
        found = []
        for one in self.members:
            approval, saving = one.saved.approval, one.saved.initiative.saving.likely
            for month in self.result.months if self.result and approval else ():
                assert approval is not None
                part = min(month.periods * self._days / days_in_month(month.month), 1.0)
                found.append(Entry(one.key, month.month, float(approval.reference) * saving * part))
        return found

    @property
    def _days(self) -> int:
        """Days of one measured period: a week where days alone say too little."""
        whole = self.result.months[1:-1] if self.result else ()
        return 7 if whole and max(month.periods for month in whole) <= 5 else 1


def live(page: Page) -> list[Live]:
    """Every initiative of every plan at L3 or beyond, by plan."""
    store, proof = plans_of(page), Proof(page.workspace.state())
    found = []
    for name in store.names():
        saved, since = store.read(name), proof.go_lives(name)
        for one in saved.initiatives.values():
            if one.initiative.stage >= APPROVED:
                known = since.get(one.initiative.id)
                head = saved.plan.plan
                found.append(Live(name, head.name, head.currency, one, known.go_live if known else None))
    return found


def measurements(page: Page, found: Sequence[Live]) -> list[Measurement]:
    """What was measured of the initiatives whose go-live is known, one entry a scope and go-live."""
    groups: dict[tuple[str, Scope, GoLive], list[Live]] = {}
    for one in found:
        if one.go_live:
            plain = one.go_live.model_copy(update={"avoided": ()})
            groups.setdefault((one.currency, one.scope, plain), []).append(one)
    return [_measurement(page, tuple(held), key[2]) for key, held in groups.items()]


def _measurement(page: Page, members: tuple[Live, ...], go_live: GoLive) -> Measurement:
    try:
        generation = page.snapshot.state.generation
        one = members[0]
        result, checks = _measure(
            page, generation, one.currency, one.scope, (go_live.since, go_live.full_from), _metric(go_live)
        )
    except CostError as error:
        return Measurement(members, go_live, None, (), error)
    return Measurement(members, go_live, result, checks, None)


def _metric(go_live: GoLive) -> tuple[str, str]:
    return go_live.volume, go_live.volume_of


@st.cache_data(show_spinner="Working out what would have been spent", max_entries=64)
def _measure(
    _page: Page, generation: str, currency: str, scope: Scope, since: tuple[date, date], metric: tuple[str, str]
) -> tuple[Realised, tuple[Check, ...]]:
    """The saving and the slip-back checks; kept as long as the bills and the question stay the same."""
    series = measured(_page, currency, dict(scope), metric)
    go_live, full_from = since
    found = counterfactual(series, go_live, full_from)
    return realised(series, go_live, full_from), tuple(slip_back(found, full_from, _page.today))


def measured(page: Page, currency: str, scope: Mapping[str, Sequence[str]], metric: tuple[str, str]) -> Measured:
    """Cost, volume and consumption of a scope by day, from the first day on which it had any."""
    selection = plan_selection(page, currency).narrowed(
        *(Filter(column, tuple(values)) for column, values in scope.items())
    )
    window = page.window
    cost = np.zeros(window.days)
    for row in selection.ask((), window, Grain.DAY):
        if row.period:
            cost[(row.period - window.start).days] = np.nan if row.amount is None else float(row.amount)
    volume = _volume(page, metric)
    drive = cost if volume is None else volume
    first = int(np.argmax(np.nan_to_num(drive) > 0))
    quantity = _quantity(page, currency, scope)
    return Measured(
        start=date.fromordinal(window.start.toordinal() + first),
        cost=cost[first:],
        volume=None if volume is None else volume[first:],
        quantity=None if quantity is None or volume is None else quantity[first:],
    )


def _volume(page: Page, metric: tuple[str, str]) -> Floats | None:
    """Volume by day of the window; None where none is named or known."""
    name, model = metric
    if not name or not page.is_sample:
        return None
    known = [values for (what, of, _), values in metrics.volumes().items() if (what, of) == (name, model)]
    if not known:
        return None
    offset = (page.window.start - sample_days.FIRST).days
    whole: Floats = np.sum(known, axis=0)
    return whole[offset : offset + page.window.days]


def _quantity(page: Page, currency: str, scope: Mapping[str, Sequence[str]]) -> Floats | None:
    """What was consumed by day, in the unit that nearly all of the cost is counted in; None without such a one."""
    window = page.window
    filters = tuple(Filter(column, tuple(values)) for column, values in scope.items())
    chosen = plan_selection(page, currency).narrowed(*filters)
    units = {row.values[0]: float(row.amount or 0) for row in chosen.ask(("ConsumedUnit",), window)}
    unit = max(units, key=lambda name: units[name], default=None)
    if unit is None or units[unit] < _NEARLY_ALL * sum(units.values()):
        return None
    found = np.zeros(window.days)
    for row in _quantities(chosen.narrowed(Filter("ConsumedUnit", (unit,))), window):
        if row.period:
            found[(row.period - window.start).days] = np.nan if row.amount is None else float(row.amount)
    return found


def _quantities(chosen: Selection, window: Window) -> list[Row]:
    return replace(chosen, measure="ConsumedQuantity").ask((), window, Grain.DAY)
