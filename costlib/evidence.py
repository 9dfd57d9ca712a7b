"""What documents rest on besides plans, read from a store: the bill and its change, the record, pools, statements.

Conventions: effective cost, one currency, AI spend where the rules found any, else all spend; only closed months. Every
function asks the published generation that the workspace has open.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np

from costlib import money, sample
from costlib.analysis.bridge import Measured, bridge, paired
from costlib.analysis.budget import Actual, Budget, BudgetLine
from costlib.analysis.outlook import DailySpend
from costlib.analysis.record import Version, record
from costlib.analysis.replay import actuals_of, closed_months, replayed
from costlib.analysis.trend import Series, pivot
from costlib.attribution.read import read_dispute, read_statement
from costlib.briefs.annex import Decided
from costlib.briefs.bill import MODEL, MOST_MONTHS, STAGE, TEAM, Bill, Change, Record, stretch
from costlib.briefs.cluster import Cluster, Share
from costlib.briefs.plan_figures import Setting
from costlib.briefs.proposal import Workload, workloads
from costlib.briefs.statement_document import Shown
from costlib.briefs.variance import Against, Quarter
from costlib.errors import InputError
from costlib.focus import BILLED, COST_KIND, CURRENCY, EFFECTIVE, IDLE, POOL, SHARED
from costlib.outlook import ai_filter, days_of
from costlib.periods import Grain, Window, add_months, period_start
from costlib.roadmap.case import reach, split
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.spend import Actuals as ActualSpend
from costlib.roadmap.spend import Segment
from costlib.settings import read_settings
from costlib.state.budgets import budget_for, budgets
from costlib.state.decisions import Ledger
from costlib.state.forecasts import locked_forecasts
from costlib.store.pool_days import BY_USE, POOL_DAYS, UNUSED
from costlib.store.query import Filter, Question, Reader
from costlib.workspace import Workspace

#: What is compared in a bridge: one meter in one unit, charge category by charge category; the unit comes last.
_GRAIN = ("SkuMeter", "ChargeCategory", "ConsumedUnit")


#: Above this share of the bill, money that does not tie out is named on every page.
UNTIED = Decimal("0.005")


def setting_of(workspace: Workspace, subject: str, currency: str | None = None) -> Setting:
    """What holds for every document of the store, about this subject."""
    state = workspace.snapshot()
    window = state.reader.window()
    if window is None:
        raise InputError("No usage is loaded", expected="at least one bill", fix="Load a bill, or run the demo.")
    is_sample = workspace.is_sample(state.state)
    named = next((one for one in state.reader.values("BillingAccountName") if one), "the organisation")
    return Setting(
        subject=subject,
        currency=currency or state.reader.currencies()[0],
        data_date=window.last,
        company=sample.NAME if is_sample else named,
        is_sample=is_sample,
    )


def bill_of(workspace: Workspace, currency: str | None = None) -> Bill:
    """The bill's closed months; raises InputError where none is closed."""
    reader = workspace.snapshot().reader
    scope = ai_filter(reader)
    setting = setting_of(workspace, "AI spend" if scope else "Spend", currency)
    window = reader.window()
    months = closed_months(window)[-MOST_MONTHS:] if window else ()
    if not months:
        raise InputError(
            "No month of the bill is closed yet", fix="Wait for the end of the month, or load earlier ones."
        )
    filters = (*scope, Filter(CURRENCY, (setting.currency,)))
    by = {name: _series(reader, name, months, filters) for name in (TEAM, STAGE, MODEL)}
    return Bill(setting, months, by, _change(reader, months, filters), record_of(workspace, setting.currency))


def _series(reader: Reader, name: str, months: Sequence[date], filters: Sequence[Filter]) -> tuple[Series, ...]:
    window = Window(months[0], add_months(months[-1], 1))
    rows = reader.ask(Question((name,), EFFECTIVE, Grain.MONTH, window, tuple(filters)))
    figures = [(row.values[0], row.period, row.amount) for row in rows]
    return tuple(pivot(figures, list(months)))


def _change(reader: Reader, months: Sequence[date], filters: Sequence[Filter]) -> Change | None:
    size = stretch(len(months))
    if size is None:
        return None
    after = Window(months[-size], add_months(months[-1], 1))
    before = Window(months[-2 * size], months[-size])
    sides = [_measured(reader, window, filters) for window in (before, after)]
    return Change(before, after, bridge(paired(*sides)))


def _measured(reader: Reader, window: Window, filters: Sequence[Filter]) -> list[Measured]:
    """Cost and quantity of every meter in the window; a quantity is known for usage only."""
    costs = reader.ask(Question(_GRAIN, EFFECTIVE, window=window, filters=tuple(filters)))
    used = reader.ask(Question(_GRAIN, "ConsumedQuantity", window=window, filters=tuple(filters)))
    quantities = {row.values: None if row.unknown else row.amount for row in used}
    found = []
    for row in costs:
        meter, category, unit = row.values
        quantity = quantities.get(row.values) if category == "Usage" and not row.unknown else None
        found.append(Measured(f"{meter} {category}", unit, row.amount, quantity))
    return found


_Versions = tuple[tuple[Version, ...], DailySpend]
_kept: dict[tuple[str, int, str], _Versions] = {}
_kept_lock = threading.Lock()


def _versions(workspace: Workspace, currency: str) -> _Versions:
    """The forecasts on record with what was spent, kept for as long as neither bills nor state change."""
    state = workspace.snapshot().state
    key = (f"{workspace.store.root}:{state.generation}", workspace.state().sequence, currency)
    with _kept_lock:
        if key not in _kept:
            _kept.clear()
            _kept[key] = _on_record(workspace, currency)
        return _kept[key]


def _on_record(workspace: Workspace, currency: str) -> _Versions:
    """The forecasts that were locked, oldest first, else what would have been said at the ends of months."""
    reader = workspace.snapshot().reader
    daily = days_of(reader, (TEAM,), currency=currency, filters=ai_filter(reader))
    locked = locked_forecasts(workspace.state(), scope_of(reader), EFFECTIVE, currency)
    kept = tuple(one.version for one in locked)
    return (kept if kept else replayed(daily, EFFECTIVE, currency, reader.generation)), daily


def scope_of(reader: Reader) -> str:
    """What the spend of a document is called in the state: the name of its budgets and locked forecasts."""
    return "AI spend" if ai_filter(reader) else "All spend"


def record_of(workspace: Workspace, currency: str) -> Record:
    """How good past forecasts were."""
    versions, daily = _versions(workspace, currency)
    kind = "replayed" if all(one.replayed for one in versions) else "locked"
    return Record(record(versions, actuals_of(daily)), kind)


def cluster_of(workspace: Workspace, currency: str) -> Cluster | None:
    """The largest pool of shared cost over the last three closed months; None where no pool is measured."""
    reader, rules = workspace.snapshot().reader, workspace.rules()
    window = _last_closed(reader, 3)
    pools = {pool.name: pool for pool in rules.shared if pool.usage is not None}
    if window is None or not pools:
        return None
    rows = reader.rows(
        f"SELECT {POOL}, {COST_KIND}, x_Team, SUM({EFFECTIVE}), SUM({BY_USE}), SUM({UNUSED}) FROM {POOL_DAYS} "
        f"WHERE {CURRENCY} = ? AND ChargePeriodStart >= ? AND ChargePeriodStart < ? GROUP BY ALL ORDER BY 4 DESC",
        [currency, window.start, window.end],
    )
    known = [row for row in rows if row[0] in pools and row[3] is not None]
    if not known:
        return None
    name = max(pools, key=lambda pool: sum(row[3] for row in known if row[0] == pool))
    own = [row for row in known if row[0] == name]
    found = read_dispute(reader, pools[name], window, rules.team_spellings, currency)
    spikes = Counter(day.spike_by for day in found.days if day.spike_by)
    shares = [
        Share(row[2], row[3], row[4], row[5], spikes.get(row[2], 0), found.swing(row[2]))
        for row in own
        if row[1] == SHARED and row[2]
    ]
    idle = sum((row[3] for row in own if row[1] == IDLE and row[2] is None), start=Decimal(0))
    whole = sum((row[3] for row in own), start=Decimal(0))
    return Cluster(name, window, tuple(shares), idle, whole, sum(spikes.values()))


def _last_closed(reader: Reader, months: int) -> Window | None:
    window = reader.window()
    closed = closed_months(window) if window else ()
    return Window(closed[-months:][0], add_months(closed[-1], 1)) if closed else None


def shown_to(workspace: Workspace, team: str | None, month: date | None) -> Shown:
    """The statement of a team for a month (default: the last closed one) and of the month before.

    Raises InputError where no team is named, and QueryError for one that there is not.
    """
    reader, pools = workspace.snapshot().reader, workspace.rules().shared
    if not team:
        teams = ", ".join(one for one in reader.values(TEAM) if one)
        raise InputError("A statement is for one team", expected=teams or "a team", fix="Name it with --team.")
    closed = _last_closed(reader, 1)
    chosen = month or (closed.start if closed else None)
    if chosen is None:
        raise InputError("No month of the bill is closed yet", fix="Name the month with --month.")
    setting = setting_of(workspace, team)
    now, before = (read_statement(reader, team, one, pools) for one in (chosen, add_months(chosen, -1)))
    return Shown(setting, now, before if before.lines else None)


def quarter_of(workspace: Workspace, day: date | None) -> Quarter:
    """The fiscal quarter that holds the day (default: the last closed one), against its budget or a forecast.

    Raises InputError where the quarter is not closed, or neither a budget nor a forecast knows it.
    """
    bill = bill_of(workspace)
    start = read_settings().fiscal_year_start
    chosen = period_start(day or _closed_quarter(bill.months, start), Grain.QUARTER, start)
    months = tuple(add_months(chosen, step) for step in range(3))
    if not set(months) <= set(bill.months):
        raise InputError(
            f"The quarter from {months[0]:%Y-%m} to {months[-1]:%Y-%m} is not closed in these bills",
            expected=f"months from {bill.months[0]:%Y-%m} to {bill.months[-1]:%Y-%m}",
            fix="Choose another quarter.",
        )
    actual: Actual = {
        (one.name, month): one.values[at]
        for one in bill.by[TEAM]
        for at, month in enumerate(bill.months)
        if month in months
    }
    reader = workspace.snapshot().reader
    filters = (*ai_filter(reader), Filter(CURRENCY, (bill.setting.currency,)))
    after = Window(months[0], add_months(months[-1], 1))
    before = Window(add_months(months[0], -3), months[0])
    held = before.start >= bill.months[0]
    sides = [_measured(reader, window, filters) for window in (before, after)] if held else []
    change = Change(before, after, bridge(paired(*sides))) if held else None
    return Quarter(bill, months, *_against(workspace, bill, months, start), actual, change)


def _closed_quarter(months: Sequence[date], start: int) -> date:
    """The first month of the last quarter of which all three months are closed."""
    ends = [month for month in months if add_months(period_start(month, Grain.QUARTER, start), 2) == month]
    if not ends:
        raise InputError("No quarter of the bill is closed yet", fix="Wait for its end, or load earlier bills.")
    return ends[-1]


def _against(workspace: Workspace, bill: Bill, months: Sequence[date], start: int) -> tuple[Budget, Against]:
    """The budget of the quarter; without one, the last forecast that was made before it as one."""
    currency, reader = bill.setting.currency, workspace.snapshot().reader
    locked = budget_for(budgets(workspace.state()), scope_of(reader), currency, months[0])
    if locked is not None:
        return locked.budget, Against.BUDGET
    versions, _ = _versions(workspace, currency)
    before = [one for one in versions if one.data_until < months[0] and set(months) <= set(one.months)]
    if not before:
        raise InputError(
            f"There is neither a budget nor a forecast of {months[0]:%Y-%m} to hold the quarter against",
            fix="Lock a budget with `budget import`, or choose a later quarter.",
        )
    version = before[-1]
    amounts: dict[tuple[str | None, date], list[Decimal | None]] = {}
    for key, line in zip(version.keys, version.lines, strict=True):
        for month, amount in zip(version.months, line.p50, strict=True):
            if month in months:
                amounts.setdefault((key[version.by.index(TEAM)], month), []).append(amount)
    lines = [BudgetLine(team, month, money.exact_sum(known)) for (team, month), known in amounts.items()]
    name = f"forecast of {version.data_until:%-d %b %Y}"
    kind = Against.REPLAYED if version.replayed else Against.FORECAST
    return Budget(name, version.locked_on, currency, tuple(lines), start), kind


def decided_of(workspace: Workspace, story: str) -> tuple[Decided, ...]:
    """The decisions taken on a plan, oldest first."""
    saved = (one.decision for one in Ledger(workspace.state()).all(story))
    found = [
        Decided(one.what, one.chosen, one.on, one.expected)
        for one in saved
        if one.chosen is not None and one.on is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.what)))


def given_split(plan: Plan) -> dict[str, float]:
    """The first month of a plan that gives its own spend, by part."""
    given = plan.baseline or ()
    first = np.array([[one.monthly[0]] for one in given])
    return split(plan, ActualSpend([one.segment for one in given], plan.plan.start, first)) if given else {}


def classes_of(workspace: Workspace, plan: Plan) -> tuple[Workload, ...]:
    """Spend without the plan by class of workload: in the plan's first and last month, and over all of them."""
    if plan.baseline is not None:
        segments: list[Segment] = [one.segment for one in plan.baseline]
        monthly = np.array([one.monthly for one in plan.baseline])
    else:
        spend = workspace.plan_spend(plan).baseline
        held = reach(plan, spend.segments)
        segments = [spend.segments[at] for at in np.flatnonzero(held).tolist()]
        monthly = spend.paths[held].mean(axis=2)
    return workloads(segments, monthly)


def untied_words(workspace: Workspace) -> str:
    """What the bills hold and the figures do not, where it is above 0.5 % of the bill; else nothing."""
    entries = [entry for part in workspace.snapshot().state.parts for entry in part.tie_outs]
    said = []
    for currency in dict.fromkeys(entry.currency for entry in entries):
        own = [entry for entry in entries if entry.currency == currency]
        untied = money.exact_sum(
            abs(entry.untied[BILLED]) + abs(entry.sums_quarantined[BILLED] or Decimal(0)) for entry in own
        )
        whole = money.exact_sum(entry.sums_in.get(BILLED) for entry in own)
        if untied > UNTIED * abs(whole):
            said.append(f"{money.short(untied, str(currency))} of the bill is not in these figures")
    return "; ".join(said)
