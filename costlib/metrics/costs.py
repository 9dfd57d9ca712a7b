"""Costs and billed volumes of models, asked of the cube: what unit costs are made of.

Conventions: the caller's filters say whose cost, in which currency and scope. On the usage basis a team's part of a
pool is cut by the share of its reserved hours that it used in the period (``pool_days``); where the use of a day is
unknown, the period has no cost by use. Tokens and GPU hours are counted by the bill itself, all else by metrics. Days
that an account's bill does not hold in full (``unbilled_accounts``) are in no unit cost of what stands on that bill.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context
from itertools import pairwise

from costlib.analysis.bridge import Measured
from costlib.analysis.trend import Amount
from costlib.analysis.units.costs import Cost, Unbilled, UnitCost, Who, coverage, unit_costs
from costlib.analysis.units.measures import GPU_HOURS, TOKEN_KINDS, Unit, Volume, single_tokens, token_kind
from costlib.focus import COST_KIND, CURRENCY, DAY, EFFECTIVE, SHARED
from costlib.money import exact_sum
from costlib.periods import Grain, Window, month_start, period_start
from costlib.store.missing import missing_months
from costlib.store.pool_days import BY_USE, POOL_DAYS
from costlib.store.question import Filter, Question, Row, conditions_of
from costlib.store.reader import Reader
from costlib.store.splits import RESERVED, USED
from costlib.store.unbilled import unbilled_accounts

QUANTITY = "ConsumedQuantity"
WHO = ("x_Team", "x_Model")
_WORK = (*WHO, "x_Stage", "x_CostType", "SkuMeter", COST_KIND)
_WIDE = Context(prec=60)


@dataclass(frozen=True)
class Pooled:
    """A team's part of a shared pool in a period: the used share of its cost, hours reserved and used."""

    share: Amount
    reserved: Amount
    used: Amount


@dataclass(frozen=True)
class UnitQuestions:
    """Questions about one selection of the cube: its filters, its cost measure, the length of a period."""

    reader: Reader
    filters: tuple[Filter, ...]
    grain: Grain
    measure: str = EFFECTIVE
    fiscal_start: int = 1

    def unit_costs(self, metrics: Sequence[Volume], window: Window) -> list[UnitCost]:
        """Every unit by period, team and model: of the metrics (in base units), then of what the bill counts.

        A metric's cost is that of the days which the metric covers, its count that of days whose bill is loaded.
        """
        missing = missing_months(self.reader)
        metrics = [one for one in metrics if month_start(one.day) not in missing]
        names = [name for name in dict.fromkeys(one.metric for one in metrics) if name not in (*TOKEN_KINDS, GPU_HOURS)]
        groups: defaultdict[Window, list[Volume]] = defaultdict(list)
        for name in names:
            own = [one for one in metrics if one.metric == name]
            covered = coverage(own)
            inside = Window(max(covered.start, window.start), min(covered.end, window.end))
            groups[inside] += own
        found: list[UnitCost] = []
        unbilled = self.unbilled()
        for inside, volumes in groups.items():
            if inside.days > 0:
                costs = [cost for days in pieces(inside, unbilled) for cost in self.costs(days)]
                found += unit_costs(costs, volumes, self.grain, inside, self.fiscal_start, unbilled)
        cut = pieces(window, unbilled)
        billed = [
            *(one for days in cut for one in self.tokens(days)),
            *(one for days in cut for one in self.hours(days)),
        ]
        spent = [cost for days in cut for cost in (*self.token_costs(days), *self.pool_costs(days))]
        return [*found, *unit_costs(spent, billed, self.grain, window, self.fiscal_start, unbilled)]

    def unbilled(self) -> tuple[Unbilled, ...]:
        """The days of all bills that an account's bill does not hold in full, with what of the selection is on it."""
        data = self.reader.window()
        if data is None:
            return ()
        codes = [one.values[0] for one in self.filters if one.dimension == CURRENCY]
        asked = Question(_WORK, self.measure, Grain.DAY, data, self.filters)
        found = []
        for one in unbilled_accounts(self.reader, asked, (codes and codes[0]) or self.reader.currency()):
            costs = dict.fromkeys(cost for segment in one.segments for cost in _unknown(one.days.start, segment))
            found.append(Unbilled(one.account, one.days, tuple(costs)))
        return tuple(one for one in found if one.costs)

    def costs(self, window: Window) -> list[Cost]:
        """Cost by period, team, model and stage on both bases."""
        pools = self._pools(window)
        rows = self._ask(window, (*WHO, "x_Stage", "x_Pool", COST_KIND))
        return [self._cost(row, pools, window) for row in rows]

    def pool_costs(self, window: Window) -> list[Cost]:
        """What teams bear of the shared pools, on both bases: what stands over GPU hours."""
        pools = self._pools(window)
        shared = [Filter(COST_KIND, (SHARED,))]
        rows = self._ask(window, (*WHO, "x_Stage", "x_Pool", COST_KIND), further=shared)
        return [self._cost(row, pools, window, GPU_HOURS) for row in rows]

    def token_costs(self, window: Window) -> list[Cost]:
        """Cost of token meters by kind of tokens."""
        rows = self._ask(window, (*WHO, "SkuMeter"), tokens=True)
        kinds = [(row, token_kind(row.values[2])) for row in rows]
        return [
            Cost(_first(row, window), row.values[0], row.values[1], None, _whole(row), _whole(row), kind)
            for row, kind in kinds
            if kind is not None
        ]

    def tokens(self, window: Window) -> list[Volume]:
        """Tokens that the bill counts, by kind, in single tokens; unknown where their unit is."""
        found: defaultdict[tuple[date, str, str | None, str | None], list[Amount]] = defaultdict(list)
        for row in self._ask(window, (*WHO, "SkuMeter", "ConsumedUnit"), QUANTITY, tokens=True):
            team, model, meter, unit = row.values
            kind = token_kind(meter)
            if kind is not None:
                found[_first(row, window), kind, team, model].append(single_tokens(_whole(row), unit))
        ordered = sorted(found, key=lambda key: (TOKEN_KINDS.index(key[1]), key[0], key[3] or "", key[2] or ""))
        return [Volume(key[0], key[1], key[2], key[3], _known_sum(found[key]), "tokens") for key in ordered]

    def hours(self, window: Window) -> list[Volume]:
        """Used hours of the pools by team; the model is the one of the team in the pool, where it has one there."""
        shared = [Filter(COST_KIND, (SHARED,))]
        models = defaultdict(set)
        for row in self._ask(window, (*WHO, "x_Pool"), grain=Grain.TOTAL, further=shared):
            models[row.values[2], row.values[0]].add(row.values[1])
        found: defaultdict[tuple[date, str | None, str | None], list[Amount]] = defaultdict(list)
        for (pool, period, team), one in self._pools(window).items():
            for model in models.get((pool, team), ()):
                alone = len(models[pool, team]) == 1
                found[max(period, window.start), team, model].append(one.used if alone else None)
        ordered = sorted(found, key=lambda key: (key[0], key[2] or "", key[1] or ""))
        return [Volume(key[0], GPU_HOURS, key[1], key[2], _known_sum(found[key]), "hours") for key in ordered]

    def meters(self, window: Window) -> list[tuple[date, str | None, str | None, str | None]]:
        """Period, model, meter and unit of every meter on the bill."""
        rows = self._ask(window, ("x_Model", "SkuMeter", "ConsumedUnit"), QUANTITY)
        return [(_first(row, window), row.values[0], row.values[1], row.values[2]) for row in rows]

    def items(self, unit: Unit, window: Window) -> dict[Who, list[Measured]]:
        """What the work is made of, by team and model: meters in one unit, with cost and quantity, for ``moved``.

        For GPU hours that is the hours reserved in the pools.
        """
        if unit.metric == GPU_HOURS:
            return self._pool_items(window)
        stages = [Filter("x_Stage", unit.stages)] if unit.stages else []
        by, tokens = (*WHO, "SkuMeter", COST_KIND, "ConsumedUnit"), unit.has_own_cost
        costs = self._ask(window, by, None, Grain.TOTAL, stages, tokens)
        quantities = {row.values: row for row in self._ask(window, by, QUANTITY, Grain.TOTAL, stages, tokens)}
        found: defaultdict[Who, list[Measured]] = defaultdict(list)
        for row in costs:
            team, model, meter, kind, measured = row.values
            if not tokens or token_kind(meter) == unit.metric:
                quantity = _whole(quantities.get(row.values))
                found[team, model].append(Measured(f"{meter} {kind}", measured, _whole(row), quantity))
        return dict(found)

    def _cost(
        self, row: Row, pools: dict[tuple[str, date, str | None], Pooled], window: Window, only: str | None = None
    ) -> Cost:
        team, model, stage, pool, kind = row.values
        amount = _whole(row)
        if pool is None or kind != SHARED:
            return Cost(_first(row, window), team, model, stage, amount, amount, only)
        held = pools.get((pool, row.period or window.start, team))
        share = held.share if held else None
        by_use = None if share is None or amount is None else _WIDE.multiply(amount, share)
        return Cost(_first(row, window), team, model, stage, amount, by_use, only)

    def _pool_items(self, window: Window) -> dict[Who, list[Measured]]:
        hours: defaultdict[str | None, list[Amount]] = defaultdict(list)
        for (_, _, team), one in self._pools(window).items():
            hours[team].append(one.reserved)
        rows = self._ask(window, WHO, None, Grain.TOTAL, [Filter(COST_KIND, (SHARED,))])
        return {
            (row.values[0], row.values[1]): [
                Measured("hours reserved", "hours", _whole(row), _known_sum(hours[row.values[0]]))
            ]
            for row in rows
        }

    def _pools(self, window: Window) -> dict[tuple[str, date, str | None], Pooled]:
        """Each team's part of each pool by the first day of the period, in the currency that is asked for."""
        sums = ", ".join(
            f"CASE WHEN COUNT({name}) = COUNT(*) THEN SUM({name}) END" for name in (BY_USE, EFFECTIVE, RESERVED, USED)
        )
        billed = [one for one in self.filters if one.dimension == CURRENCY]
        where, values = conditions_of((*billed, Filter(COST_KIND, (SHARED,))), window)
        sql = f"SELECT x_Pool, {DAY}, x_Team, {sums} FROM {POOL_DAYS} {where} GROUP BY ALL"
        days: defaultdict[tuple[str, date, str | None], list[tuple[Amount, ...]]] = defaultdict(list)
        for pool, day, team, *sums_of_day in self.reader.rows(sql, values):
            days[pool, self._period(day, window), team].append(tuple(sums_of_day))
        return {key: _pooled(parts) for key, parts in days.items()}

    def _period(self, day: date, window: Window) -> date:
        return window.start if self.grain is Grain.TOTAL else period_start(day, self.grain, self.fiscal_start)

    def _ask(
        self,
        window: Window,
        by: Sequence[str],
        measure: str | None = None,
        grain: Grain | None = None,
        further: Sequence[Filter] = (),
        tokens: bool = False,
    ) -> list[Row]:
        own = (Filter("x_CostType", ("tokens",)),) if tokens else ()
        filters = (*self.filters, *further, *own)
        asked = Question(tuple(by), measure or self.measure, grain or self.grain, window, filters, self.fiscal_start)
        return self.reader.ask(asked)


def pieces(window: Window, unbilled: Iterable[Unbilled]) -> list[Window]:
    """The window cut where unbilled days begin and end, so that sums of a piece are all of such days or of none.

    >>> days = Window(date(2026, 9, 28), date(2026, 10, 5))
    >>> [one.days for one in pieces(Window(date(2026, 9, 1), date(2026, 10, 1)), [Unbilled("AWS (1)", days, ())])]
    [27, 3]
    """
    cuts = {window.start, window.end}
    cuts |= {day for one in unbilled for day in (one.days.start, one.days.end) if window.start < day < window.end}
    return [Window(*ends) for ends in pairwise(sorted(cuts))]


def _unknown(day: date, segment: Sequence[str | None]) -> Iterator[Cost]:
    """The unknown costs of a segment of ``_WORK``: of its stage, and of its kind of tokens or the hours of its pool."""
    team, model, stage, of, meter, kind = segment
    yield Cost(day, team, model, stage, None, None)
    only = GPU_HOURS if kind == SHARED else token_kind(meter) if of == "tokens" else None
    if only:
        yield Cost(day, team, model, None, None, None, only)


def by_model(volumes: Sequence[Volume]) -> dict[str | None, dict[str, Amount]]:
    """What was counted of each model, by metric; unknown where a part of it is."""
    found: defaultdict[str | None, defaultdict[str, list[Amount]]] = defaultdict(lambda: defaultdict(list))
    for one in volumes:
        found[one.model][one.metric].append(one.value)
    return {model: {name: _known_sum(values) for name, values in kinds.items()} for model, kinds in found.items()}


def _pooled(days: Sequence[tuple[Amount, ...]]) -> Pooled:
    by_use, cost, reserved, used = (_known_sum(column) for column in zip(*days, strict=True))
    share = _WIDE.divide(by_use, cost) if by_use is not None and cost else None
    return Pooled(share, reserved, used)


def _first(row: Row, window: Window) -> date:
    """The first day of the row's period that the window holds."""
    return max(row.period or window.start, window.start)


def _whole(row: Row | None) -> Amount:
    """The sum, unknown where a part of it is; nothing asked is nothing known."""
    return None if row is None or row.unknown else row.amount


def _known_sum(amounts: Sequence[Amount]) -> Amount:
    return None if None in amounts else exact_sum(amounts)
