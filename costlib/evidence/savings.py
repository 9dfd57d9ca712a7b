"""What was truly saved so far, read from a store: initiatives that are live, their bills, volumes and signed months.

Conventions: effective cost by day of an initiative's scope, AI spend where the rules found any, else all spend; one
currency. Volumes are the store's business metrics, added up over teams; a day without one is unknown, not 0.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.windows import missing_days
from costlib.errors import CostError, InputError
from costlib.focus import CURRENCY, EFFECTIVE
from costlib.metrics.business import doubled, shelf, volumes
from costlib.metrics.shelf import ShelfPart
from costlib.outlook import ai_filter
from costlib.periods import Grain, Window
from costlib.roadmap.plan_model import Initiative
from costlib.roadmap.savings.booked import Booking, Entry, Review, quarterly_review
from costlib.roadmap.savings.measured import Measured
from costlib.roadmap.savings.promised import GONE, Live, Measurement, Scope, Since, proven, together
from costlib.roadmap.savings.realised import Realised
from costlib.roadmap.savings.slipback import Check
from costlib.roadmap.savings.track import TrackRecord, track_record
from costlib.state.plans import PlanStore
from costlib.state.proof import GoLive, Proof
from costlib.state.saved import SavedInitiative, SavedPlan
from costlib.state.stages import APPROVED, STAGES
from costlib.store.missing import missing_months
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader
from costlib.store.unbilled import unbilled_segments
from costlib.workspace import Workspace

Floats = NDArray[np.float64]
Days = NDArray[np.bool_]
#: Share of the cost that one unit must count for the saving to be split by cause.
_NEARLY_ALL = 0.8
_MOST_KEPT = 64
_Found = tuple[Realised, tuple[Check, ...]]
_Key = tuple[str, tuple[ShelfPart, ...], str, Scope, Since]
_kept: dict[_Key, _Found] = {}
_kept_lock = threading.Lock()


def past_savings(workspace: Workspace, currency: str, plan: str | None = None) -> TrackRecord:
    """Promised, saved and signed of every initiative in the currency that was approved, of one plan or of all."""
    live = [one for one in live_of(workspace) if one.currency == currency and plan in (None, one.plan)]
    names = dict.fromkeys(one.plan for one in live)
    bookings = [one for name in names for one in bookings_of(workspace, name)]
    avoided = [one for name in names for one in avoided_of(workspace, name)]
    return track_record(live, measurements(workspace, live), bookings, avoided)


def reviewed(
    workspace: Workspace, currency: str, quarter: date, fiscal_start: int
) -> tuple[tuple[tuple[str, Review], ...], tuple[tuple[Check, ...], ...]]:
    """Each initiative's name with its review of one fiscal quarter (its first day), and every saving's checks."""
    live = [one for one in live_of(workspace) if one.currency == currency]
    names = {one.key: one.name for one in live}
    found = measurements(workspace, live)
    bookings = [one for name in dict.fromkeys(one.plan for one in live) for one in bookings_of(workspace, name)]
    promised = [entry for one in found for entry in one.promised()]
    realised = [entry for one in found for entry in one.realised()]
    rows = quarterly_review(promised, realised, [one for one in bookings if one.initiative in names], fiscal_start)
    own = tuple((names[one.initiative], one) for one in rows if one.quarter == quarter)
    return own, tuple(one.checks for one in found)


def live_of(workspace: Workspace) -> list[Live]:
    """Every initiative of every plan that is at L3 or beyond, or of which finance signed a month, by plan; one that
    was taken out of its plan after that comes last.
    """
    store, proof = PlanStore(workspace.state()), Proof(workspace.state())
    found = []
    for name in store.names():
        saved, since = store.read(name), proof.go_lives(name)
        signed = dict.fromkeys(one.initiative for one in proof.bookings(name))
        for id, one in saved.initiatives.items():
            if one.initiative.stage >= APPROVED:
                found.append(_live(workspace, saved, one, since[id].go_live if id in since else None))
            elif id in signed:
                found.append(_live(workspace, saved, one, None))
        found += [_gone(workspace, saved, id) for id in signed if id not in saved.initiatives]
    return found


def _gone(workspace: Workspace, plan: SavedPlan, id: str) -> Live:
    """An initiative of which nothing is left but what finance signed."""
    return Live(
        plan=plan.id,
        plan_title=plan.plan.plan.name,
        id=id,
        title="",
        lever=GONE,
        stage=STAGES[-1],
        currency=workspace.worth(plan.plan.plan.currency)[0],
        scope=(),
        saving=0.0,
        reference=None,
        since=None,
        in_plan=False,
    )


def _live(workspace: Workspace, plan: SavedPlan, one: SavedInitiative, go_live: GoLive | None) -> Live:
    held, (currency, rate) = one.initiative, workspace.worth(plan.plan.plan.currency)
    promised = Initiative.model_validate(one.approved) if one.approved else held
    return Live(
        plan=plan.id,
        plan_title=plan.plan.plan.name,
        id=held.id,
        title=held.title,
        lever=held.lever,
        stage=held.stage,
        currency=currency,
        scope=tuple(sorted((column, tuple(values)) for column, values in held.scope.items())),
        saving=promised.saving.likely,
        reference=float(one.approval.reference) * rate if one.approval else None,
        since=Since(go_live.since, go_live.full_from, go_live.volume, go_live.volume_of) if go_live else None,
    )


def bookings_of(workspace: Workspace, plan: str) -> list[Booking]:
    """What finance signed of a plan's initiatives, by their names among all plans."""
    rate = _rate_of(workspace, plan)
    return [
        Booking(f"{plan}/{one.initiative}", one.month, one.amount * rate, one.signed_by, one.signed_on)
        for one in Proof(workspace.state()).bookings(plan)
    ]


def avoided_of(workspace: Workspace, plan: str) -> list[Entry]:
    """Cost avoidance of a plan's initiatives, by their names among all plans; it is added to nothing."""
    rate, avoided = _rate_of(workspace, plan), Proof(workspace.state()).avoided(plan)
    return [Entry(f"{plan}/{one.initiative}", one.month, one.amount * rate) for one in avoided]


def _rate_of(workspace: Workspace, plan: str) -> float:
    """By what amounts of the plan are multiplied to be shown."""
    return workspace.worth(PlanStore(workspace.state()).read(plan).plan.plan.currency)[1]


def measurements(workspace: Workspace, found: Sequence[Live]) -> list[Measurement]:
    """What the bills say of the initiatives whose go-live is known, or why nothing; one entry a scope and go-live."""
    return [_measurement(workspace, members) for members in together(found)]


def _measurement(workspace: Workspace, members: tuple[Live, ...]) -> Measurement:
    one = members[0]
    assert one.since
    try:
        result, checks = _proven(workspace, one.currency, one.scope, one.since)
    except CostError as error:
        return Measurement(members, one.since, problem=error)
    return Measurement(members, one.since, result, checks)


def _proven(workspace: Workspace, currency: str, scope: Scope, since: Since) -> _Found:
    """The saving and the slip-back checks; kept as long as bills, volumes and the question stay the same."""
    snapshot, root = workspace.snapshot(), workspace.store.root
    window = snapshot.reader.window()
    if window is None:
        raise InputError("No usage is loaded", expected="bills from before the go-live", fix="Load a bill.")
    key = (workspace.moment, shelf(root).parts(), currency, scope, since)
    with _kept_lock:
        if key not in _kept:
            if len(_kept) >= _MOST_KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[key] = proven(series_of(workspace, currency, scope, since), since, window.last)
        return _kept[key]


def series_of(workspace: Workspace, currency: str, scope: Scope, since: Since) -> Measured:
    """Cost, volume and consumption of a scope by day, from the first day on which it had any.

    Raises InputError where two sources hold the volume: it would count twice.
    """
    reader = workspace.snapshot().reader
    window = reader.window()
    if window is None:
        raise InputError("No usage is loaded", expected="bills from before the go-live", fix="Load a bill.")
    filters = _filters(reader, currency, scope)
    lacking = _lacking(reader, currency, window, filters)
    cost = _by_day(reader, EFFECTIVE, window, filters, lacking)
    volume = _volume(workspace, window, since)
    quantity = _quantity(reader, window, filters, lacking) if volume is not None else None
    first = int(np.argmax(np.nan_to_num(cost if volume is None else volume) > 0))
    return Measured(
        start=date.fromordinal(window.start.toordinal() + first),
        cost=cost[first:],
        volume=None if volume is None else volume[first:],
        quantity=None if quantity is None else quantity[first:],
    )


def metrics_of(workspace: Workspace) -> list[tuple[str, str]]:
    """What can drive a cost: every metric by its name and model that the store holds, in order."""
    return sorted({(one.metric, one.model) for one in volumes(workspace.store.root) if one.model})


def _filters(reader: Reader, currency: str, scope: Scope) -> tuple[Filter, ...]:
    return (*ai_filter(reader), Filter(CURRENCY, (currency,)), *(Filter(column, values) for column, values in scope))


def _by_day(reader: Reader, measure: str, window: Window, filters: Sequence[Filter], lacking: Days) -> Floats:
    """The measure by day of the window: nothing booked is 0, unknown amounts and days that are ``lacking`` are NaN."""
    found = np.zeros(window.days)
    for row in reader.ask(Question((), measure, Grain.DAY, window, tuple(filters))):
        if row.period:
            found[(row.period - window.start).days] = np.nan if row.amount is None else float(row.amount)
    found[lacking] = np.nan
    return found


def _lacking(reader: Reader, currency: str, window: Window, filters: Sequence[Filter]) -> Days:
    """The days of the window on which a bill of what the filters leave is not there, or not in full."""
    found = missing_days(window, missing_months(reader))
    asked = Question((), EFFECTIVE, Grain.DAY, window, tuple(filters))
    for days, concerned in unbilled_segments(reader, asked, currency):
        if concerned:
            found[(days.start - window.start).days : (days.end - window.start).days] = True
    return found


def _volume(workspace: Workspace, window: Window, since: Since) -> Floats | None:
    """Volume by day of the window; None where none is named or known."""
    root, name = workspace.store.root, since.metric.lower()
    held = [one for one in volumes(root) if (one.metric, one.model or "") == (name, since.model)] if name else []
    days = [((one.day - window.start).days, float(one.value)) for one in held if one.value is not None]
    inside = [(at, value) for at, value in days if 0 <= at < window.days]
    if not inside:
        return None
    if name in doubled(shelf(root).table()):
        raise InputError(
            f"Two sources hold {name} for the same days: they would count twice",
            expected="one source a metric",
            fix="Load them again from one of the two.",
        )
    found = np.full(window.days, np.nan)
    for at, value in inside:
        found[at] = value if np.isnan(found[at]) else found[at] + value
    return found


def _quantity(reader: Reader, window: Window, filters: Sequence[Filter], lacking: Days) -> Floats | None:
    """What was consumed by day, in the unit that nearly all of the cost is counted in; None without such a one."""
    rows = reader.ask(Question(("ConsumedUnit",), EFFECTIVE, window=window, filters=tuple(filters)))
    units = {row.values[0]: float(row.amount or 0) for row in rows}
    unit = max(units, key=lambda name: units[name], default=None)
    if unit is None or units[unit] < _NEARLY_ALL * sum(units.values()):
        return None
    return _by_day(reader, "ConsumedQuantity", window, (*filters, Filter("ConsumedUnit", (unit,))), lacking)
