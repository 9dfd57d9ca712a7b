"""The Launch review page: models that are proposed, what they were estimated to cost, and what they came to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite, nan

import streamlit as st

from costlib.briefs.words import launch as words
from costlib.briefs.words import launch_causes
from costlib.briefs.words.launch import Reviewed
from costlib.focus import EFFECTIVE
from costlib.metrics import business
from costlib.periods import Grain, Window
from costlib.roadmap.portfolio.launch import Launch
from costlib.roadmap.portfolio.launch_review import LaunchEstimate
from costlib.roadmap.portfolio.launched import (
    BilledMeter,
    LaunchMonth,
    UntoldMonth,
    closed_months,
    launch_month,
)
from costlib.state.launches import Launches, SavedLaunch
from costlib.store.question import Filter, Question, Row
from costlib.store.unbilled import Unbilled, unbilled_accounts
from ui.guard import Page
from ui.markdown import literal
from ui.moment import moment
from ui.remembered import once
from ui.selection import ALL_SPEND, Selection
from ui.tables import figures_table

#: Key of the choice of a launch, in the session and in the address, and of the one to show next.
LAUNCH, NEXT_LAUNCH = "launch", "next-launch"
_METER = ("SkuMeter", "ConsumedUnit")
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
    chosen = _chosen(page, launch)
    unbilled = _unbilled(page, chosen)
    months = closed_months(launch.shipped, page.window)
    found = [_month(chosen, unbilled, launch, estimate, window) for window in months]
    held = tuple(one for one in found if isinstance(one, LaunchMonth))
    return Reviewed(launch, estimate, held, tuple(one for one in found if isinstance(one, UntoldMonth)))


def _month(
    chosen: Selection, unbilled: Sequence[Unbilled], launch: Launch, estimate: LaunchEstimate, window: Window
) -> LaunchMonth | UntoldMonth:
    """A month of the bill beside the estimate, or what the bills lack of it."""
    page = chosen.page
    if window.start in page.missing:
        return UntoldMonth(window.start, is_missing=True)
    if accounts := tuple(one.account for one in unbilled if one.days.overlaps(window)):
        return UntoldMonth(window.start, accounts)
    found = chosen.ask(_METER, window)
    if not found or any(row.unknown for row in found):
        return UntoldMonth(window.start, unknown=sum(row.unknown for row in found))
    asked = Question(_METER, "ConsumedQuantity", Grain.TOTAL, window, chosen.conditions)
    consumed = {row.values: row.amount for row in page.snapshot.reader.ask(asked)}
    rows = [_billed(row, consumed.get(row.values)) for row in found]
    return launch_month(window.start, estimate, launch.workloads, rows, _counted(page, launch, window))


def _chosen(page: Page, launch: Launch) -> Selection:
    """What stands on the bill in the launch's scope."""
    filters = tuple(Filter(column, tuple(values)) for column, values in launch.scope.items())
    return Selection(page, ALL_SPEND, EFFECTIVE, launch.currency, filters)


def _unbilled(page: Page, chosen: Selection) -> list[Unbilled]:
    """Days that a bill does not hold in full which has cost of the scope around them."""
    asked = Question((), EFFECTIVE, Grain.DAY, page.window, chosen.conditions)
    found = unbilled_accounts(page.snapshot.reader, asked, chosen.currency)
    return [one for one in found if one.segments]


def _billed(row: Row, quantity: Decimal | None) -> BilledMeter:
    consumed = None if quantity is None else float(quantity)
    return BilledMeter(row.values[0] or "no meter named", consumed, float(row.amount or 0), row.values[1] or "")


def _counted(page: Page, launch: Launch, window: Window) -> dict[str, float]:
    """The launch's volumes in a month as the business metrics count them, in base units, those of which every day is
    known; one that two sources hold would count twice, so it is unknown.
    """
    workloads, models = launch.workloads, launch.scope.get("x_Model", ())
    if workloads is None:
        return {}
    root = page.workspace.store.root
    twice = once(lambda: tuple(business.doubled(business.shelf(root).table())), "units: twice", moment(page))
    days: dict[str, dict[date, float]] = defaultdict(dict)
    for one in business.base_volumes(root):
        inside = window.start <= one.day < window.end and one.metric not in twice
        if inside and one.metric in workloads.counted and one.model in models:
            value = nan if one.value is None else float(one.value)
            days[one.metric][one.day] = days[one.metric].get(one.day, 0.0) + value
    sums = {name: sum(held.values()) for name, held in days.items() if len(held) == window.days}
    return {name: volume for name, volume in sums.items() if isfinite(volume)}


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
    st.caption(literal(f"On the bill: {words.scope_words(launch.scope)}"), help=_SCOPE_HELP)


def months_panel(one: Reviewed) -> None:
    """Draw what it came to, month by month, and the last month by cause."""
    launch = one.launch
    if launch.shipped is None:
        return
    if not one.months and not one.untold:
        st.write("No whole month of it is on the bill yet.")
        return
    figures_table(f"Estimate and bill by month, {launch.currency}", words.MONTH_HEADER, words.month_rows(one))
    if not one.months:
        return
    last = one.months[-1]
    if last.causes is None:
        if launch.components:
            st.write(literal(launch_causes.not_apart_words(last)))
        return
    title = launch_causes.cause_finding(last.causes, one.estimate.monthly.likely, launch.currency)
    st.header(literal(f"{last.month:%b %Y}: {title}"), anchor=False, help=launch_causes.CAUSE_HELP)
    caption = f"Where the difference of {last.month:%b %Y} comes from, {launch.currency}"
    figures_table(caption, launch_causes.CAUSE_HEADER, launch_causes.cause_rows(last.causes, launch.currency))


def known_values(page: Page, columns: Sequence[str]) -> Mapping[str, list[str]]:
    """Values of dimensions on the bills, for a scope."""
    return {column: [value for value in page.snapshot.reader.values(column) if value] for column in columns}
