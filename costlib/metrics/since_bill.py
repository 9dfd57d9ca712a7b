"""What models cost since their bill ends, asked of the cube and the metrics.

Conventions: the caller's filters say whose cost, in which currency and scope. A model's bill ends where the first of
the providers ends that billed it in the last four weeks, or where an account's bill of it is late: until all of them
are there, its cost is not whole. Earlier days that a bill lacks are in no price and no past error. Nothing is kept:
once a bill of those days is loaded, they are billed and no longer estimated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.costs import Cost, Unbilled, unit_costs
from costlib.analysis.units.drivers import Driver, chosen, drivers_of
from costlib.analysis.units.estimate import (
    PRICE_WEEKS,
    REPLAYED_WEEKS,
    CostEstimate,
    Listed,
    Replay,
    closed_weeks,
    estimates,
    replayed_together,
)
from costlib.analysis.units.measures import GPU_HOURS, TOKEN_KINDS, Volume
from costlib.focus import CURRENCY, EFFECTIVE
from costlib.metrics.costs import UnitQuestions
from costlib.periods import Grain, Window, month_start
from costlib.store.missing import missing_months
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader

_PROVIDER: Final = "ServiceProviderName"
_DAY: Final = timedelta(days=1)
#: Weeks of the bill that are asked for: a price before the earliest replay, and the rest of a week.
_WEEKS: Final = REPLAYED_WEEKS + PRICE_WEEKS + 1


@dataclass(frozen=True)
class SinceBill:
    """Estimates since the bill ends after ``billed_to``, and drivers of unknown price or count.

    ``covered`` is the share of the last closed weeks' cost that is estimated by bill prices: the rest has no measure.
    """

    billed_to: date
    found: tuple[CostEstimate, ...]
    unknown: tuple[Driver, ...]
    covered: Amount

    @property
    def amount(self) -> Amount:
        """All estimates; None where there are none."""
        return money.total(one.amount for one in self.found)

    @property
    def replays(self) -> list[Replay]:
        """Past estimates of all that is priced by the bill, added up."""
        return replayed_together(self.found)


def since_the_bill(
    reader: Reader, filters: Sequence[Filter], volumes: Sequence[Volume], listed: Listed, measure: str = EFFECTIVE
) -> SinceBill | None:
    """What is measured after the bill of its model, estimated; None where nothing is. Volumes are in base units."""
    data = reader.window()
    if data is None:
        return None
    window = Window(max(data.start, data.end - timedelta(weeks=_WEEKS)), data.end)
    questions = UnitQuestions(reader, tuple(filters), Grain.DAY, measure)
    unbilled = [_of_all_teams(one) for one in questions.unbilled()]
    late = [one for one in unbilled if one.days.end == data.end]
    ends = _before(late, _ends(reader, filters, window, measure))
    missing = missing_months(reader)
    known = [one for one in volumes if one.day >= window.start and month_start(one.day) not in missing]
    asked = chosen(known, ends)
    if not asked:
        return None
    costs = _costs(questions, window, {one.metric for one in asked})
    days = Window(window.start, max(max(one.day for one in asked) + _DAY, data.end))
    drivers = _drivers(costs, asked, days, ends, [one for one in unbilled if one not in late])
    found, unknown = estimates(drivers, listed)
    if not found and not unknown:
        return None
    is_whole = not any(one.days.overlaps(closed_weeks(data.last)) for one in unbilled)
    covered = _covered(found, drivers, costs, data.last) if is_whole else None
    return SinceBill(data.last, tuple(found), tuple(unknown), covered)


def _before(late: Sequence[Unbilled], ends: Mapping[str, date]) -> dict[str, date]:
    """The ends, no later than the day before an account's bill of the model is late."""
    found = dict(ends)
    for one in late:
        last = one.days.start - _DAY
        for cost in one.costs:
            if cost.model is not None:
                found[cost.model] = min(last, found.get(cost.model, last))
    return found


def _drivers(
    costs: Sequence[Cost], asked: Sequence[Volume], days: Window, ends: Mapping[str, date], gaps: Sequence[Unbilled]
) -> list[Driver]:
    """Drivers without the days that a bill of their model lacks: neither counts nor costs of these make a price."""
    rows = unit_costs(costs, asked, Grain.DAY, days, unbilled=gaps)
    lacking = {(one.unit.metric, one.model, one.period) for one in rows if not one.is_billed}
    billed = (one for one in asked if (one.metric, one.model, one.day) not in lacking)
    return drivers_of((one for one in rows if one.is_billed), billed, ends)


def _of_all_teams(one: Unbilled) -> Unbilled:
    return replace(one, costs=tuple(dict.fromkeys(replace(cost, team=None) for cost in one.costs)))


def _costs(questions: UnitQuestions, window: Window, metrics: set[str]) -> list[Cost]:
    """Cost by day over all teams, and what stands over tokens and GPU hours where those are asked for."""
    tokens = questions.token_costs(window) if metrics & set(TOKEN_KINDS) else []
    pools = questions.pool_costs(window) if GPU_HOURS in metrics else []
    return [replace(one, team=None) for one in (*questions.costs(window), *tokens, *pools)]


def _ends(reader: Reader, filters: Sequence[Filter], window: Window, measure: str) -> dict[str, date]:
    """The last day that the bills of each model have, of all providers that billed it lately."""
    own = [one for one in filters if one.dimension == CURRENCY]
    usage = Filter("ChargeCategory", ("Usage",))
    last: dict[str | None, date] = {}
    for row in reader.ask(Question((_PROVIDER,), measure, Grain.DAY, window, (*own, usage))):
        if row.period:
            last[row.values[0]] = max(row.period, last.get(row.values[0], row.period))
    lately = Window(window.end - timedelta(weeks=PRICE_WEEKS), window.end)
    ends: dict[str, date] = {}
    for row in reader.ask(Question(("x_Model", _PROVIDER), measure, Grain.TOTAL, lately, tuple(filters))):
        model, end = row.values[0], last.get(row.values[1])
        if model is not None and end is not None:
            ends[model] = min(end, ends.get(model, end))
    return ends


def _covered(
    found: Sequence[CostEstimate], drivers: Sequence[Driver], costs: Sequence[Cost], billed_to: date
) -> Amount:
    """The share of all cost of the last closed weeks that stands over what is estimated."""
    weeks = closed_weeks(billed_to)
    priced = {(one.unit, one.model) for one in found if one.price.weeks}
    own = [
        amount
        for one in drivers
        if (one.unit, one.model) in priced
        for day, amount in one.costs.items()
        if weeks.start <= day < weeks.end
    ]
    whole = [one.amount for one in costs if one.only is None and weeks.start <= one.day < weeks.end]
    if None in own or None in whole:
        return None
    return money.ratio(money.exact_sum(own), money.exact_sum(whole))
