"""The Launch review page: models that are proposed, what they were estimated to cost, and what they came to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import streamlit as st

from costlib.briefs.words import launch as words
from costlib.briefs.words.launch import Reviewed
from costlib.focus import EFFECTIVE, LABELS
from costlib.metrics import business
from costlib.periods import Grain, Window
from costlib.roadmap.portfolio.launch import Launch
from costlib.roadmap.portfolio.launch_review import LaunchEstimate
from costlib.roadmap.portfolio.launched import BilledMeter, LaunchMonth, closed_months, launch_month
from costlib.state.launches import Launches, SavedLaunch
from costlib.store.query import Filter, Question, Row
from ui.guard import Page
from ui.panels import literal
from ui.selection import ALL_SPEND, Selection
from ui.tables import figures_table

#: Key of the choice of a launch, in the session and in the address, and of the one to show next.
LAUNCH, NEXT_LAUNCH = "launch", "next-launch"
_SCOPE_HELP = "Where its cost stands on the bill. Months begin with the first whole one after it shipped."


@dataclass(frozen=True)
class Shown:
    """One launch as it is saved, and its figures."""

    saved: SavedLaunch
    reviewed: Reviewed


def launches_of(page: Page) -> Launches:
    """The saved launch reviews."""
    return Launches(page.workspace.state())


def shown_launches(page: Page) -> list[Shown]:
    """Every launch with its estimate and the closed months of its bill."""
    return [Shown(saved, reviewed(page, saved.launch)) for saved in launches_of(page).all()]


def reviewed(page: Page, launch: Launch) -> Reviewed:
    """The estimate of a launch, held against each closed month of its bill."""
    estimate = launch.estimate()
    if launch.shipped is None:
        return Reviewed(launch, estimate)
    months = (_month(page, launch, estimate, window) for window in closed_months(launch.shipped, page.window))
    return Reviewed(launch, estimate, tuple(one for one in months if one))


def _month(page: Page, launch: Launch, estimate: LaunchEstimate, window: Window) -> LaunchMonth | None:
    """A month of the bill beside the estimate; None where nothing of it is billed, or its cost is not known."""
    rows = _meters(page, launch, window)
    if not rows:
        return None
    return launch_month(window.start, estimate, launch.workloads, rows, _counted(page, launch, window))


def _meters(page: Page, launch: Launch, window: Window) -> list[BilledMeter]:
    """What each meter in the launch's scope came to by unit; empty where nothing is billed or a cost is unknown."""
    filters = tuple(Filter(column, tuple(values)) for column, values in launch.scope.items())
    chosen = Selection(page, ALL_SPEND, EFFECTIVE, launch.currency, filters)
    by = ("SkuMeter", "ConsumedUnit")
    asked = Question(by, "ConsumedQuantity", Grain.TOTAL, window, chosen.conditions)
    consumed = {row.values: row.amount for row in page.snapshot.reader.ask(asked)}
    found = chosen.ask(by, window)
    if any(row.amount is None for row in found):
        return []
    return [_billed(row, consumed.get(row.values)) for row in found]


def _billed(row: Row, quantity: Decimal | None) -> BilledMeter:
    consumed = None if quantity is None else float(quantity)
    return BilledMeter(row.values[0] or "no meter named", consumed, float(row.amount or 0), row.values[1] or "")


def _counted(page: Page, launch: Launch, window: Window) -> dict[str, float]:
    """The launch's volumes in a month as the business metrics count them, those of which every day is known."""
    workloads, models = launch.workloads, launch.scope.get("x_Model", ())
    if workloads is None:
        return {}
    days: dict[str, dict[date, float]] = defaultdict(dict)
    for one in business.volumes(page.workspace.store.root):
        inside = window.start <= one.day < window.end and one.value is not None
        if inside and one.metric in workloads.counted and one.model in models:
            days[one.metric][one.day] = days[one.metric].get(one.day, 0.0) + float(one.value or 0)
    return {name: sum(held.values()) for name, held in days.items() if len(held) == window.days}


def launches_table(found: Sequence[Shown]) -> None:
    """Draw every launch: decided or not, estimated and come to."""
    rows = words.launch_rows([one.reviewed for one in found])
    figures_table(
        "Launch reviews; a month's cost as it was estimated, and the last closed month", words.LAUNCH_HEADER, rows
    )


def choose_launch(found: Sequence[Shown]) -> Shown | None:
    """The launch that the reader chose, bound to the address."""
    by_id = {one.saved.id: one for one in found}
    if (wanted := st.session_state.pop(NEXT_LAUNCH, None)) in by_id:
        st.session_state[LAUNCH] = wanted
    name = st.selectbox(
        "Look at",
        list(by_id),
        index=None,
        format_func=lambda one: by_id[one].saved.launch.what,
        key=LAUNCH,
        bind="query-params",
        placeholder="Choose a model",
        width=460,
    )
    return by_id.get(name) if name else None


def estimate_panel(one: Reviewed) -> None:
    """Draw how the estimate was made and how it stands to what may be spent."""
    launch = one.launch
    if said := words.fit_words(one):
        st.write(literal(said))
    if launch.basis:
        st.write(literal(f"How it was estimated: {launch.basis}"))
    if launch.components:
        caption = f"Estimate of a month, {launch.currency}"
        figures_table(caption, words.PART_HEADER, words.part_rows(launch, one.estimate))
    st.caption(literal(f"On the bill: {words.scope_words(launch.scope, LABELS)}"), help=_SCOPE_HELP)


def months_panel(one: Reviewed) -> None:
    """Draw what it came to, month by month, and the last month by cause."""
    launch = one.launch
    if launch.shipped is None:
        return
    if not one.months:
        st.write("No whole month of it is on the bill yet, or its cost there is unknown.")
        return
    figures_table(f"Estimate and bill by month, {launch.currency}", words.MONTH_HEADER, words.month_rows(one))
    last = one.months[-1]
    if last.causes is None:
        if launch.components:
            st.write(literal(words.not_apart_words(last)))
        return
    title = words.cause_finding(last.causes, one.estimate.monthly.likely, launch.currency)
    st.header(literal(f"{last.month:%b %Y}: {title}"), anchor=False, help=words.CAUSE_HELP)
    caption = f"Where the difference of {last.month:%b %Y} comes from, {launch.currency}"
    figures_table(caption, words.CAUSE_HEADER, words.cause_rows(last.causes, launch.currency))


def known_values(page: Page, columns: Sequence[str]) -> Mapping[str, list[str]]:
    """Values of dimensions on the bills, for a scope."""
    return {column: [value for value in page.snapshot.reader.values(column) if value] for column in columns}
