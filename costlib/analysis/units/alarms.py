"""Alarms of units: counts and prices that were most likely mixed up, found before anybody decides by them.

An alarm never changes a figure. It says what was seen, since when, and what it looks like. Jumps are judged between
neighbouring periods that are both known: a factor within a tenth of 100, 1,000 or a million is no market's doing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.costs import UnitCost
from costlib.analysis.units.measures import CACHED, INPUT, Volume, base_of, fits, is_value, share

#: Factors that units are mixed up by, and what each looks like.
FACTORS: Final = {
    Decimal(100): "cents and whole currency, or per cent and shares",
    Decimal(1000): "single units and thousands",
    Decimal(1_000_000): "single units and millions",
}
_NEAR = Decimal("0.1")
#: How close two counts must be to be called the same, and the least share of cached tokens worth a word.
_SAME, _WORTH = Decimal("0.02"), Decimal("0.05")


class AlarmKind(StrEnum):
    """What was seen."""

    UNKNOWN_UNIT = "unknown unit"
    CHANGED_UNIT = "changed unit"
    CHANGED_SKU_UNIT = "changed unit of a bill's meter"
    JUMP = "jump"
    CACHED = "cached tokens counted as input"
    SHARES = "shares and per cent"


@dataclass(frozen=True)
class Alarm:
    """One alarm: what of which model, since when, and in ``units`` what was seen before and after."""

    kind: AlarmKind
    what: str
    model: str | None
    since: date
    units: tuple[str, ...] = ()
    factor: Decimal | None = None


def unit_alarms(volumes: Iterable[Volume]) -> list[Alarm]:
    """Metrics whose unit is not known, cannot be theirs, or changes; volumes as they were loaded.

    A value in several currencies on one day has not changed.
    """
    found: list[Alarm] = []
    for (metric, model), days in _grouped(volumes).items():
        units = _changes([(one.day, one.unit) for one in days])
        for day, unit in units:
            base = base_of(unit, metric)
            if base is None or not fits(base[0], metric):
                found.append(Alarm(AlarmKind.UNKNOWN_UNIT, metric, model, day, (unit or "",)))
        if len(units) > 1 and not _side_by_side(days):
            told = tuple(unit or "no unit" for _, unit in units[:2])
            found.append(Alarm(AlarmKind.CHANGED_UNIT, metric, model, units[1][0], told, _factor(units, metric)))
        if "utili" in metric:
            found += _shares(metric, model, days)
    return found


def sku_alarms(meters: Iterable[tuple[date, str | None, str | None, str | None]]) -> list[Alarm]:
    """Meters of a bill that are counted in another unit than before: first day of a period, model, meter, unit.

    A meter that has always had two units side by side has not changed.
    """
    groups: defaultdict[tuple[str | None, str], defaultdict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for day, model, meter, unit in meters:
        if meter is not None and unit is not None:
            groups[model, meter][day].add(unit)
    found = []
    for (model, meter), days in groups.items():
        changed = _replaced(sorted(days.items()))
        if changed:
            since, *units = changed
            found.append(Alarm(AlarmKind.CHANGED_SKU_UNIT, meter, model, since, tuple(units)))
    return found


def _replaced(periods: Sequence[tuple[date, set[str]]]) -> tuple[date, str, str] | None:
    """The first period in which one unit takes the place of another, and both; the old one may still end in it."""
    for number in range(1, len(periods)):
        before, (day, now) = periods[number - 1][1], periods[number]
        after = periods[number + 1][1] if number + 1 < len(periods) else now
        gone = sorted(before - (now & after))
        if gone and now - before:
            return day, gone[0], min(now - before)
    return None


def jump_alarms(found: Sequence[UnitCost]) -> list[Alarm]:
    """Unit costs that are a hundred, a thousand or a million times those of the period before, or that part of it."""
    groups: defaultdict[tuple[str, str | None, str | None], list[tuple[date, Decimal]]] = defaultdict(list)
    for one in found:
        if one.amount is not None and one.amount > 0:
            groups[one.unit.name, one.team, one.model].append((one.period, one.amount))
    alarms = []
    for (name, _, model), amounts in groups.items():
        for (_, before), (period, now) in pairwise(amounts):
            factor = mixed_up(before, now)
            if factor is not None:
                alarms.append(Alarm(AlarmKind.JUMP, name, model, period, factor=factor))
    return alarms


def mixed_up(before: Decimal, now: Decimal) -> Decimal | None:
    """The factor by which two figures look mixed up; None where they differ otherwise.

    >>> [mixed_up(Decimal(one), Decimal(other)) for one, other in (("0.02", "2.07"), ("5", "0.0049"), ("1", "3"))]
    [Decimal('100'), Decimal('1000'), None]
    """
    ratio = max(before, now) / min(before, now)
    return next((factor for factor in FACTORS if abs(ratio / factor - 1) <= _NEAR), None)


def cached_alarms(
    counted: Mapping[str | None, Mapping[str, Amount]], billed: Mapping[str | None, Mapping[str, Amount]], since: date
) -> list[Alarm]:
    """Models whose counted input tokens hold the cached ones too, which the bill counts apart.

    Both by model, then kind of tokens. OpenAI counts cached tokens among the input, Anthropic and AWS do not.
    """
    alarms = []
    for model, kinds in counted.items():
        own, bill = kinds.get(INPUT), billed.get(model, {})
        fresh, cached = bill.get(INPUT), bill.get(CACHED)
        if own is None or fresh is None or cached is None or cached < _WORTH * (fresh + cached):
            continue
        if abs(own - fresh - cached) <= _SAME * own:
            alarms.append(Alarm(AlarmKind.CACHED, INPUT, model, since))
    return alarms


def _grouped(volumes: Iterable[Volume]) -> dict[tuple[str, str | None], list[Volume]]:
    groups: defaultdict[tuple[str, str | None], list[Volume]] = defaultdict(list)
    for one in volumes:
        groups[one.metric, one.model].append(one)
    return {key: sorted(days, key=lambda one: (one.day, one.unit or "")) for key, days in groups.items()}


def _changes(days: Sequence[tuple[date, str | None]]) -> list[tuple[date, str | None]]:
    """The first day of each unit, in order; coming back to an earlier one is a change too."""
    found: list[tuple[date, str | None]] = []
    for day, unit in days:
        if not found or found[-1][1] != unit:
            found.append((day, unit))
    return found


def _side_by_side(days: Sequence[Volume]) -> bool:
    """Whether a day has values in several currencies."""
    worth = {(one.day, one.unit) for one in days if is_value(one.unit, one.metric)}
    return len(worth) > len({day for day, _ in worth})


def _factor(units: Sequence[tuple[date, str | None]], metric: str) -> Decimal | None:
    before, after = (base_of(unit, metric) for _, unit in units[:2])
    if before is None or after is None or before[0] != after[0]:
        return None
    return max(before[1], after[1]) / min(before[1], after[1])


def _shares(metric: str, model: str | None, days: Sequence[Volume]) -> list[Alarm]:
    """A utilisation that is a share on some days and per cent on others, or neither."""
    known = [(one.day, one.value, one.unit) for one in days if one.value is not None]
    bad = [day for day, value, unit in known if share(value, unit) is None]
    if bad:
        return [Alarm(AlarmKind.SHARES, metric, model, bad[0])]
    bare = [(day, value) for day, value, unit in known if unit is None]
    low, high = [day for day, value in bare if 0 < value <= 1], [day for day, value in bare if value > 1]
    return [Alarm(AlarmKind.SHARES, metric, model, max(low[0], high[0]))] if low and high else []


def factor_words(factor: Decimal | None) -> str:
    """What a factor looks like, in words; empty where there is none.

    >>> factor_words(Decimal(1000))
    '1,000 times, as if single units and thousands were mixed up'
    """
    if factor is None or factor not in FACTORS:
        return ""
    return f"{money.count(int(factor))} times, as if {FACTORS[factor]} were mixed up"
