"""Cost over volume: what one unit of a model's work costs, by period, team and model, on both bases.

Conventions: costs and volumes come by day, in one currency and in base units; a period counts the days that its metric
covers (from the metric's first day, of any model, to its last), so that cost without a count never stands over a count.
Where a metric names no team, the model's cost of all teams stands over it; where it names no model, the team's. What
the bill itself counts (tokens, GPU hours) says whose it is, so there no team and no model are unallocated. Days that a
bill does not hold in full are in no unit cost of the work on that bill: neither their cost nor what was counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal
from enum import StrEnum

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.measures import Unit, Volume, unit_of
from costlib.periods import Grain, Window, period_start

_WIDE = Context(prec=60)
#: Team and model.
Who = tuple[str | None, str | None]


class Gap(StrEnum):
    """Why a unit cost is unknown."""

    UNBILLED = "the bill does not hold its days"
    UNNAMED = "no line item carries its name"
    UNPRICED = "a line item has no known cost"
    UNCOUNTED = "no known count above 0"


@dataclass(frozen=True)
class Cost:
    """Cost of a day by team, model and stage: by what was reserved (``amount``), and by what was used.

    ``only`` names the one metric that a row stands over, a kind of tokens or the GPU hours used: such rows repeat a
    part of the others. ``by_use`` is None where use is unknown.
    """

    day: date
    team: str | None
    model: str | None
    stage: str | None
    amount: Amount
    by_use: Amount
    only: str | None = None


@dataclass(frozen=True)
class Unbilled:
    """Days that the bill of an ``account`` does not hold in full, and the costs on it, which are unknown then."""

    account: str
    days: Window
    costs: tuple[Cost, ...]

    def by_day(self, window: Window) -> Iterable[Cost]:
        """The unknown costs of each of its days in the window."""
        first, end = max(self.days.start, window.start), min(self.days.end, window.end)
        return (
            replace(cost, day=date.fromordinal(day))
            for day in range(first.toordinal(), end.toordinal())
            for cost in self.costs
        )


@dataclass(frozen=True)
class UnitCost:
    """One unit of one team and model in one period: cost on both bases over ``volume`` base units; None is unknown.

    Where days of it are not billed, they are in neither; ``is_billed`` is False where none of its days is left, and
    ``is_named`` where no line item stands over what was counted; where nothing was, it cost 0.
    """

    unit: Unit
    period: date
    team: str | None
    model: str | None
    cost: Amount
    by_use: Amount
    volume: Amount
    is_billed: bool = True
    is_named: bool = True

    @property
    def gap(self) -> Gap | None:
        """Why its amount is unknown; None where it is known."""
        if self.amount is not None:
            return None
        if not self.is_billed:
            return Gap.UNBILLED
        if self.cost is None:
            return Gap.UNPRICED if self.is_named else Gap.UNNAMED
        return Gap.UNCOUNTED

    @property
    def amount(self) -> Amount:
        """Cost of one unit on the allocation basis; None where the denominator is unknown or not above 0."""
        return per_unit(self.cost, self.volume, self.unit)

    @property
    def amount_by_use(self) -> Amount:
        """Cost of one unit on the usage basis."""
        return per_unit(self.by_use, self.volume, self.unit)


@dataclass(frozen=True)
class Whole:
    """Several unit costs as one: sums over all, and how many periods or models had no known denominator."""

    cost: Amount
    by_use: Amount
    volume: Amount
    amount: Amount
    amount_by_use: Amount
    unknown: int


def per_unit(cost: Amount, volume: Amount, unit: Unit) -> Amount:
    """Cost of one unit.

    >>> per_unit(Decimal(30), Decimal(60_000), unit_of("requests")), per_unit(Decimal(30), None, unit_of("requests"))
    (Decimal('0.5'), None)
    """
    if cost is None or volume is None or volume <= 0:
        return None
    return _WIDE.divide(_WIDE.multiply(cost, unit.per), volume)


def unit_costs(
    costs: Iterable[Cost],
    volumes: Iterable[Volume],
    grain: Grain,
    window: Window,
    fiscal_start: int = 1,
    unbilled: Sequence[Unbilled] = (),
) -> list[UnitCost]:
    """Every unit by period, team and model, in the order of the metrics given; volumes are in base units.

    A period of a model's metric in which it cost something and did nothing has a row without an amount, and so has one
    of which no day is billed. A cost belongs to an ``unbilled`` day where it is of that day or of a period within.
    """
    days: Mapping[str, list[Volume]] = _by_metric(volumes)
    given = list(costs)

    def period_of(day: date) -> date:
        return window.start if grain is Grain.TOTAL else period_start(day, grain, fiscal_start)

    return [
        one
        for metric, found in days.items()
        for one in _of_metric(unit_of(metric), found, given, period_of, window, unbilled)
    ]


def whole(found: Sequence[UnitCost]) -> Whole:
    """The sums of several unit costs of one unit, over those whose denominator is known.

    >>> whole([]).amount is None
    True
    """
    known = [one for one in found if one.amount is not None]
    cost, volume = money.total(one.cost for one in known), money.total(one.volume for one in known)
    by_use = None if any(one.by_use is None for one in known) else money.total(one.by_use for one in known)
    unit = found[0].unit if found else unit_of("")
    return Whole(
        cost, by_use, volume, per_unit(cost, volume, unit), per_unit(by_use, volume, unit), len(found) - len(known)
    )


def by_team(found: Sequence[UnitCost]) -> list[tuple[str | None, Whole]]:
    """Unit costs of one unit summed by team, dearest in all first."""
    groups: defaultdict[str | None, list[UnitCost]] = defaultdict(list)
    for one in found:
        groups[one.team].append(one)
    summed = [(team, whole(group)) for team, group in groups.items()]
    return sorted(summed, key=lambda pair: (-(pair[1].cost or Decimal(0)), pair[0] or ""))


def coverage(volumes: Sequence[Volume]) -> Window:
    """The days from a metric's first, of any model, to its last."""
    days = [one.day for one in volumes]
    return Window(min(days), date.fromordinal(max(days).toordinal() + 1))


def _by_metric(volumes: Iterable[Volume]) -> dict[str, list[Volume]]:
    groups: dict[str, list[Volume]] = {}
    for one in volumes:
        groups.setdefault(one.metric, []).append(one)
    return groups


def _of_metric(
    unit: Unit,
    volumes: Sequence[Volume],
    costs: Sequence[Cost],
    period_of: Callable[[date], date],
    window: Window,
    unbilled: Sequence[Unbilled],
) -> list[UnitCost]:
    covered = coverage(volumes)
    inside = Window(max(covered.start, window.start), min(covered.end, window.end))
    receivers = {(one.team, one.model) for one in volumes}
    lacking = [(one.days, whose(unit, one.costs, receivers)) for one in unbilled]
    counted: defaultdict[tuple[date, Who], list[Amount]] = defaultdict(list)
    spent: defaultdict[tuple[date, Who], list[Cost]] = defaultdict(list)
    left_out: set[tuple[date, Who]] = set()

    def is_billed(day: date, who: Who) -> bool:
        billed = not any(days.start <= day < days.end and who in own for days, own in lacking)
        if not billed:
            left_out.add((period_of(day), who))
        return billed

    for one in volumes:
        if inside.start <= one.day < inside.end and is_billed(one.day, (one.team, one.model)):
            counted[period_of(one.day), (one.team, one.model)].append(one.value)
    for cost in costs:
        if inside.start <= cost.day < inside.end and _counts(unit, cost):
            for who in _receivers(unit, cost, receivers):
                if is_billed(cost.day, who):
                    spent[period_of(cost.day), who].append(cost)
    keys = sorted({*counted, *spent, *left_out}, key=lambda key: (key[0], key[1][1] or "", key[1][0] or ""))
    return [_one(unit, key, spent.get(key, []), counted.get(key, []), is_cut=key in left_out) for key in keys]


def whose(unit: Unit, costs: Iterable[Cost], known: set[Who]) -> set[Who]:
    """The volumes that any of the costs stands over."""
    return {who for cost in costs if _counts(unit, cost) for who in _receivers(unit, cost, known)}


def _counts(unit: Unit, cost: Cost) -> bool:
    """Whether the cost stands over the unit."""
    if unit.has_own_cost or cost.only is not None:
        return cost.only == unit.metric
    return not unit.stages or cost.stage in unit.stages


def _receivers(unit: Unit, cost: Cost, known: set[Who]) -> list[Who]:
    """The volumes that the cost stands over: its team and model, the model of all teams, the team's without a model."""
    asked: list[Who] = [(cost.team, cost.model)]
    if not unit.has_own_cost:
        asked += [(None, cost.model), (cost.team, None), (None, None)]
    return [who for who in dict.fromkeys(asked) if who in known]


def _one(
    unit: Unit, key: tuple[date, Who], costs: Sequence[Cost], values: Sequence[Amount], *, is_cut: bool
) -> UnitCost:
    """Sums of the period; unknown where a part of it is, or where no line item is of what was counted."""
    period, (team, model) = key
    volume = _known_sum(values)
    nothing = Decimal(0) if volume == 0 and not costs else None
    return UnitCost(
        unit,
        period,
        team,
        model,
        _known_sum([one.amount for one in costs]) if costs else nothing,
        _known_sum([one.by_use for one in costs]) if costs else nothing,
        volume,
        is_billed=bool(costs or values or not is_cut),
        is_named=bool(costs),
    )


def _known_sum(amounts: Sequence[Amount]) -> Amount:
    return None if not amounts or None in amounts else money.exact_sum(amounts)
