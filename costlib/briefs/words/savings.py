"""The words and charts of the Savings page: what was saved beside what was promised, and what proves it.

Conventions: money in the plan's currency, likely unless a range is named; ranges hold eight outcomes in ten and are
never added up. Signed off, provisional and in flight are kept apart; cost avoidance never was on a bill and is added to
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from costlib import money
from costlib.briefs.exhibits import Basis
from costlib.briefs.words.roadmap import amount
from costlib.charts.spec import Caption, Line, Role, Trend
from costlib.charts.timeline import Periods
from costlib.fiscal import Fiscal
from costlib.periods import Grain, add_months, day_name, months_name
from costlib.roadmap.ranges import Range
from costlib.roadmap.savings.booked import Entry, Review, Standing, whole_quarter
from costlib.roadmap.savings.measured import Basis as Driver
from costlib.roadmap.savings.realised import Realised
from costlib.roadmap.savings.slipback import CHECK_DAYS, Check, Held

SAVED_HELP: Final = (
    "What the same work would have cost without the initiatives, less what it did cost: worked out from the time "
    "before go-live, driven by the volume after it, so that less traffic is not taken for a saving."
)
BOOKED_HELP: Final = "Months that finance signed, with the amount signed. Nothing else is booked."
PROVISIONAL_HELP: Final = "Measured for initiatives that are done (L4 and L5), in months that finance has not signed."
AVOIDED_HELP: Final = (
    "Cost that never came, such as a price rise that was refused. It never was on a bill, so it stays apart and is "
    "added to nothing."
)
SPLIT_HELP: Final = (
    "Rate: a unit became cheaper. Volume: work that became unnecessary. Efficiency: less consumed for the same work. "
    "The three add up to the saving."
)
CHECKS_HELP: Final = (
    "30 and 90 days after full effect the share saved in the last two weeks is held against the share that arrived in "
    "the first two. More than a fifth gone is slipping where chance does not explain it."
)
_DRIVERS: Final = {
    Driver.VOLUME: "driven by the volume that was measured",
    Driver.PANEL: "beside spend that nothing was done to",
    Driver.TREND: "from its own trend, the least certain way",
}
_VERDICTS: Final = {
    Held.HELD: "still there",
    Held.WATCH: "less than at the start, but that may be chance",
    Held.SLIPPED: "slipping away",
    Held.UNKNOWN: "cannot be told",
}
STANDING_HEADER: Final = (
    "Initiative", "Stage", "Promised", "Saved, likely", "Signed off", "Provisional", "In flight", "Avoided, apart"
)  # fmt: skip
CHECK_HEADER: Final = ("Check", "On", "Saved at the start", "Saved then", "Lost a month", "Verdict")
EVERY_CHECK_HEADER: Final = ("Initiative", *(f"After {days} days" for days in CHECK_DAYS), "Lost a month")
REVIEW_HEADER: Final = ("Initiative", "Quarter", "Promised", "Saved, likely", "Signed off", "Variance", "Kept")


def savings_finding(saved: float, promised: float, booked: float, count: int, currency: str) -> str:
    """The answer on top of the page.

    >>> savings_finding(200000, 160000, 70000, 3, "USD")
    '3 initiatives have saved $200K so far, 125% of what was promised; finance has signed off $70.0K'
    >>> savings_finding(0, 0, 0, 0, "USD")
    'No saving is proven yet: no initiative is live'
    """
    if not count:
        return "No saving is proven yet: no initiative is live"
    what = f"{count} initiative{' has' if count == 1 else 's have'}"
    signed = f"finance has signed off {amount(booked, currency)}" if booked else "finance has signed off nothing yet"
    if _money(saved) < 0:
        return (
            f"{what} saved nothing so far: spend is {amount(-saved, currency)} above what it would have been; {signed}"
        )
    kept = f", {money.percent(saved / promised)} of what was promised" if promised > 0 else ""
    return f"{what} saved {amount(saved, currency)} so far{kept}; {signed}"


def standing_rows(
    found: Sequence[Standing],
    names: Mapping[str, str],
    stages: Mapping[str, str],
    promised: Sequence[Entry],
    realised: Sequence[Entry],
    currency: str,
) -> list[list[str]]:
    """One row an initiative and one for all; savings of different certainty are never added together."""
    rows = []
    for one in found:
        sides = [_of(one.initiative, side) for side in (promised, realised)]
        figures = [*sides, one.booked, one.provisional, one.in_flight, one.avoided]
        rows.append([names[one.initiative], stages[one.initiative], *(_or_none(value, currency) for value in figures)])
    whole = [_all(promised), _all(realised)]
    whole += [sum(getattr(one, name) for one in found) for name in ("booked", "provisional", "in_flight", "avoided")]
    return [*rows, ["All", "", *(_or_none(value, currency) for value in whole)]]


def proof_chart(
    name: str, found: Realised, actual: Mapping[date, Decimal], since: date, until: date, basis: Basis
) -> Trend:
    """Spend by month as it was and as it would have been, with its range; months before go-live are actual alone.

    ``actual`` is the spend of every month shown; without the initiative a month costs what it did and what was saved.
    """
    months = sorted(actual)
    saved = {one.month: one.saving for one in found.months}
    if (last := add_months(min(saved), -1)) in actual:
        saved[last] = Range(0.0, 0.0, 0.0)
    ends = {
        "Without it, high": [saved[m].high if m in saved else None for m in months],
        "Without it, likely": [saved[m].likely if m in saved else None for m in months],
        "Without it, low": [saved[m].low if m in saved else None for m in months],
    }
    roles = (Role.PREVIOUS, Role.FORECAST, Role.PREVIOUS)
    lines = [
        Line(label, tuple(_plus(actual[m], value) for m, value in zip(months, values, strict=True)), role)
        for (label, values), role in zip(ends.items(), roles, strict=True)
    ]
    caption = Caption(
        proof_finding(name, found, basis.currency),
        f"{name}, spend in its scope by month, effective cost, {basis.currency}; live since {day_name(since)}",
        basis.source,
    )
    shown = Line("Actual", tuple(money.cents(actual[m]) for m in months))
    return Trend(caption, Periods(tuple(months), Grain.MONTH, data_until=until), basis.currency, (shown, *lines))


def proof_finding(name: str, found: Realised, currency: str) -> str:
    """What was saved, how sure that is, or that it may be chance."""
    likely, between = amount(found.saving.likely, currency), range_words(found.saving, currency)
    if found.certain:
        return f"{name}: {likely} saved, {money.percent(found.share.likely)} of what it would have cost"
    return f"{name}: no proven saving; likely {likely}, but anything between {between} fits the bills"


def proof_lines(found: Realised, currency: str) -> list[str]:
    """How the figure came about, as sentences."""
    saving = found.saving
    lines = [
        f"Between {range_words(saving, currency)}: eight outcomes in ten lie there, {_DRIVERS[found.basis]}",
        f"It would have cost {amount(found.counterfactual.likely, currency)}; it cost {amount(found.actual, currency)}",
    ]
    if found.split:
        parts = (found.split.rate, found.split.volume, found.split.efficiency)
        rate, volume, efficiency = (money.signed(_money(part), currency) for part in parts)
        lines.append(f"Of the saving, rate {rate}, volume {volume}, efficiency {efficiency}")
    if found.demand is not None and (moved := _money(found.demand)):
        way = "More" if moved > 0 else "Less"
        size = money.short(abs(moved), currency)
        lines.append(f"{way} demand since go-live moved the cost by {size} and is no part of the saving")
    if found.placebos:
        offs = ", ".join(money.percent(one.off, sign=True) for one in found.placebos)
        lines.append(f"The same method asked for times when nothing had been done was off by {offs}")
    if found.unknown:
        period = "week" if found.days == 7 else "day"
        are = f"{period} is" if found.unknown == 1 else f"{period}s are"
        lines.append(f"{found.unknown} {are} unknown and left out on both sides")
    return lines


def check_rows(found: Sequence[Check], currency: str) -> list[list[str]]:
    """The checks 30 and 90 days after full effect."""
    return [
        [
            f"{one.days} days",
            day_name(one.on),
            money.percent(one.arrived),
            money.percent(one.now.likely if one.now else None),
            money.UNKNOWN if one.lost_a_month is None else amount(one.lost_a_month, currency),
            _VERDICTS[one.verdict],
        ]
        for one in found
    ]


def checks_finding(found: Sequence[Sequence[Check]]) -> str:
    """How many of the savings that were checked are still there by their last check."""
    last = [checks[-1].verdict for checks in found if checks]
    told = [verdict for verdict in last if verdict is not Held.UNKNOWN]
    if not told:
        return "No saving is old enough to be checked yet" if not last else "Whether the savings last cannot be told"
    less = sum(verdict is not Held.HELD for verdict in told)
    if less:
        are = "is" if less == 1 else "are"
        return f"{less} of {len(told)} savings that were checked {are} less than at the start"
    few = {1: "The saving that was checked is", 2: "Both savings that were checked are"}
    return f"{few.get(len(told), f'All {len(told)} savings that were checked are')} still there"


def every_check(found: Sequence[tuple[str, date, Sequence[Check]]], currency: str) -> list[list[str]]:
    """One row a saving (its name, its day of full effect, its checks): each verdict with its day, or when it is due."""
    rows = []
    for name, full, checks in found:
        by_days = {one.days: one for one in checks}
        cells = [_verdict(by_days.get(days), full + timedelta(days=days)) for days in CHECK_DAYS]
        lost = checks[-1].lost_a_month if checks else None
        rows.append([name, *cells, money.UNKNOWN if lost is None else amount(lost, currency)])
    return rows


def _verdict(check: Check | None, due: date) -> str:
    return f"due {day_name(due)}" if check is None else f"{_VERDICTS[check.verdict]}, {day_name(check.on)}"


def alarm(name: str, found: Sequence[Check], currency: str) -> str | None:
    """What to say where a saving is going away again; None where it is not."""
    bad = [one for one in found if one.verdict in (Held.SLIPPED, Held.WATCH)]
    if not bad:
        return None
    last = bad[-1]
    lost = "" if last.lost_a_month is None else f", {amount(last.lost_a_month, currency)} a month"
    return f"{name} is {_VERDICTS[last.verdict]}{lost}: checked {last.days} days after it was in full effect"


def review_rows(found: Sequence[Review], names: Mapping[str, str], currency: str, fiscal: Fiscal) -> list[list[str]]:
    """One row a quarter and initiative and one for all of it, the newest first; variance is saved less promised."""
    rows = []
    for quarter in sorted({one.quarter for one in found}, reverse=True):
        own = sorted((one for one in found if one.quarter == quarter), key=lambda one: names[one.initiative])
        name = months_name(quarter, Grain.QUARTER, fiscal)
        rows += [_review_row(names[one.initiative], name, one, currency) for one in own]
        if len(own) > 1:
            rows.append(_review_row(f"All of {name}", name, whole_quarter(own), currency))
    return rows


def _review_row(what: str, quarter: str, one: Review, currency: str) -> list[str]:
    return [
        what,
        quarter,
        amount(one.promised, currency),
        money.UNKNOWN if one.realised is None else amount(one.realised, currency),
        _or_none(one.booked, currency),
        money.UNKNOWN if one.variance is None else money.signed(_money(one.variance), currency),
        money.UNKNOWN if one.attainment is None else money.percent(one.attainment),
    ]


def review_finding(found: Sequence[Review], currency: str, fiscal: Fiscal) -> str:
    """How the newest quarter came out against what was promised for it."""
    if not found:
        return "No quarter has anything to review yet"
    newest = max(one.quarter for one in found)
    variance = whole_quarter([one for one in found if one.quarter == newest]).variance
    name = months_name(newest, Grain.QUARTER, fiscal)
    if variance is None:
        return f"{name}: nothing that was promised for it is measured yet"
    apart = _money(variance)
    if not apart:
        return f"{name}: as much saved as promised, so far"
    side = "more" if apart > 0 else "less"
    return f"{name}: {money.short(abs(apart), currency)} {side} saved than promised, so far"


def range_words(found: Range, currency: str) -> str:
    """A range in words.

    >>> range_words(Range(1000, 2000, 3000), "USD")
    '$1.00K and $3.00K'
    """
    return f"{amount(found.low, currency)} and {amount(found.high, currency)}"


def _plus(spent: Decimal, saved: float | None) -> Decimal | None:
    return None if saved is None else money.cents(spent + _money(saved))


def _money(value: float) -> Decimal:
    return money.cents(Decimal(repr(float(value))))


def _of(name: str, entries: Sequence[Entry]) -> float:
    return float(np.sum([one.amount for one in entries if one.initiative == name]))


def _all(entries: Sequence[Entry]) -> float:
    return float(np.sum([one.amount for one in entries]))


def _or_none(value: float, currency: str) -> str:
    return amount(value, currency) if value else "–"
