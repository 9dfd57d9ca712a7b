"""The outlook of a store's bill, and the baseline that a plan acts on: questions to the cube, handed to the analysis.

Conventions: effective cost unless said, one currency, usage days in UTC. A baseline holds the AI spend where the rules
found any, as every page does by default, else all spend; closed months of a plan are what was booked. A plan has to
count on something: to it, a day of unknown cost is filled from the days around it; so is a month of which
no bill is loaded, and a day that an account's bills do not hold yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from costlib.analysis.daily import Costs, DailySpend, Key, by_month, daily_spend
from costlib.analysis.outlook import Outlook, outlook
from costlib.errors import QueryError
from costlib.focus import AI, CURRENCY, EFFECTIVE
from costlib.periods import Grain, Window, add_months, month_start, months_between
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.spend import Actuals, Baseline
from costlib.store.missing import missing_months
from costlib.store.question import Filter, Question, dimension, unordered
from costlib.store.reader import Reader
from costlib.store.unbilled import unbilled_segments

#: The leaves of every outlook: coarser figures are sums of these.
LEAVES = ("x_Team", "x_Model", "x_Stage")
SCOPE = "x_Scope"


def days_of(
    reader: Reader,
    by: Sequence[str] = LEAVES,
    *,
    measure: str = EFFECTIVE,
    currency: str | None = None,
    filters: Sequence[Filter] = (),
    window: Window | None = None,
) -> DailySpend:
    """Daily spend of the segments ``by``, one column at least, under the filters, in the currency (default: the store's
    first).

    Raises ``QueryError`` where nothing was spent under them, or a dimension is unknown.
    """
    code = currency or reader.currencies()[0]
    days = window or reader.window()
    asked = Question(tuple(by), measure, Grain.DAY, days, tuple(filters))
    costs = _costs(reader, asked, code) if days else {}
    if not costs or days is None:
        raise QueryError(
            f"Nothing was spent in {code} under these choices",
            expected="at least one day of spend to forecast from",
            fix="Remove a filter, or choose another currency.",
        )
    found = daily_spend(by, costs, days).without(missing_months(reader))
    for rest, keys in unbilled_segments(reader, asked, code):
        found = found.unknown_in(rest, keys)
    return found


def _costs(reader: Reader, question: Question, currency: str) -> dict[Key, Costs]:
    """What each segment cost, on days counted from the first of the question's window, in one currency.

    A row a segment, its days in a list: a row a day would take longer to fetch than a forecast to make.
    """
    assert question.window
    by = tuple(dimension(name) for name in question.by)
    sql, bound = unordered(question, by)
    keys = [f"k{at}" for at in range(len(by))]
    found = reader.columns(
        f"FROM ({sql}) SELECT {', '.join(keys)}, LIST(period - CAST(? AS DATE)) AS days, LIST(amount) AS costs "
        f"WHERE {CURRENCY} = ? GROUP BY ALL",
        [*bound, question.window.start, currency],
    )
    segments = zip(*(found[key].tolist() for key in keys), strict=True)
    costs = (np.ma.filled(one, np.nan) for one in found["costs"])
    return {key: (days, cost) for key, days, cost in zip(segments, found["days"], costs, strict=True)}


@dataclass(frozen=True)
class PlanSpend:
    """The spend around a plan: its own months, the booked months, and the open ones before it (None without any).

    ``bridged_days`` are the days of unknown cost in the plan's reach, filled here.
    """

    baseline: Baseline
    actuals: Actuals
    approach: Baseline | None
    bridged_days: int = 0


def plan_spend(reader: Reader, plan: Plan, today: date | None = None) -> PlanSpend:
    """The spend that the plan acts on, one path for each of its simulation, and what comes before it.

    Segments are the leaves and whatever else the plan's scopes name. ``today`` is the last day that is looked at, that
    of the bills where it is left out. Raises ``QueryError`` where the store knows no spend in the plan's currency, or
    no bill holds that day.
    """
    from costlib.roadmap.case import reach  # only who plans pays for loading the arithmetic

    window = None if today is None else _until(reader, today)
    known = days_of(reader, _segments_of(plan), currency=plan.plan.currency, filters=ai_filter(reader), window=window)
    end = add_months(plan.plan.start, plan.plan.months)
    found = outlook(known, max(months_between(month_start(known.window.end), end), 1), seed=plan.plan.seed)
    segments = [dict(zip(found.by, key, strict=True)) for key in found.keys]
    actual = by_month(np.nan_to_num(known.bridged().spend), known.window, found.closed)
    start = found.closed[0] if found.closed else found.months[0]
    between = max(months_between(found.months[0], plan.plan.start), 0)
    return PlanSpend(
        Baseline(segments, _plan_paths(plan, found, actual)),
        Actuals(segments, start, actual),
        Baseline(segments, found.drawn(plan.plan.paths)[:, :between]) if between else None,
        replace(known, spend=known.spend[reach(plan, segments)]).bridged_days,
    )


def ai_filter(reader: Reader) -> tuple[Filter, ...]:
    """The condition for AI spend; none where no rule found any."""
    return (Filter(SCOPE, (AI,)),) if AI in reader.values(SCOPE) else ()


def _until(reader: Reader, today: date) -> Window:
    """The days of the bills up to ``today``, which is one of them."""
    held = reader.window()
    if held is None or not held.start <= today < held.end or month_start(today) in missing_months(reader):
        raise QueryError(
            f"No bill holds {today}",
            expected=f"a day from {held.start} to {held.last}" if held else "a day of the bills",
            fix="Name one of these, or leave it out for the last.",
        )
    return Window(held.start, today + timedelta(days=1))


def _segments_of(plan: Plan) -> tuple[str, ...]:
    scopes = [one.scope for one in plan.initiatives] + [plan.plan.target.scope if plan.plan.target else {}]
    return tuple(dict.fromkeys([*LEAVES, *(column for scope in scopes for column in scope)]))


def _plan_paths(plan: Plan, found: Outlook, actual: np.ndarray) -> np.ndarray:
    """Spend of the plan's months, ``[segment, month, path]``: booked where closed, forecast after that."""
    count, ahead = plan.plan.paths, found.drawn(plan.plan.paths)
    months = [add_months(plan.plan.start, step) for step in range(plan.plan.months)]
    columns = [
        ahead[:, months_between(found.months[0], month), :]
        if month >= found.months[0]
        else np.repeat(_booked(found, actual, month)[:, None], count, axis=1)
        for month in months
    ]
    return np.stack(columns, axis=1)


def _booked(found: Outlook, actual: np.ndarray, month: date) -> np.ndarray:
    known: np.ndarray = actual[:, found.closed.index(month)] if month in found.closed else np.zeros(len(found.keys))
    return known
