"""The charts of a plan: spend with and without it, what brings it down, the time line, what moves its value.

Conventions: effective cost in the plan's currency; amounts of the plan are means over its paths, ranges hold eight
outcomes in ten. Titles are findings written from the figures shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from costlib import money
from costlib.briefs.initiative_figures import NOTHING_ESTIMATED
from costlib.briefs.plan_figures import MEASURE, PHASES, PlanFigures
from costlib.briefs.words.outlook import bridged_words
from costlib.charts.spec import (
    Band,
    BandTrend,
    Bar,
    Caption,
    Initiative,
    Line,
    RankedBars,
    Roadmap,
    Role,
    Target,
    leading,
)
from costlib.charts.timeline import Periods
from costlib.documents.model import Paragraph, Sentence
from costlib.periods import Grain, add_months
from costlib.roadmap.plan_names import names_by_id

Floats = NDArray[np.float64]

#: Booked months that are shown before the plan.
PAST_MONTHS = 12
#: Initiatives that a time line has room for.
_MOST_BARS = 14


def path_chart(found: PlanFigures) -> BandTrend:
    """Spend by month: booked, without the plan with its range, and with it; the target where there is one."""
    result, before = found.case.recommended.result, found.case.before
    past = before.booked[-PAST_MONTHS:]
    running = before.ahead.mean(axis=1)
    without = np.concatenate([running, result.baseline.mean(axis=1)])
    planned = np.concatenate([running, result.spend.mean(axis=1)])
    low, high = np.percentile(np.concatenate([before.ahead, result.baseline]), [10, 90], axis=1)
    first = add_months(found.case.plan.plan.start, -(len(past) + len(running)))
    starts = tuple(add_months(first, step) for step in range(len(past) + len(without)))
    gap = (None,) * len(past)
    missing = found.setting.missing
    booked = (None if start in missing else cost for start, cost in zip(starts, _amounts(past), strict=False))
    return BandTrend(
        Caption(_path_title(found), f"{found.subject} by month, {MEASURE}, {found.setting.currency}", found.source),
        Periods(starts, Grain.MONTH, data_until=found.setting.data_date if past.size else None),
        found.setting.currency,
        actual=Line("Actual", (*booked, *(None,) * len(without))),
        forecast=Line("Without plan", (*gap, *_amounts(without)), Role.FORECAST),
        band=_band(gap, np.minimum(low, without), np.maximum(high, without)),
        with_plan=Line("With plan", (*gap, *_amounts(planned)), Role.WITH_PLAN),
        target=_target(found, len(past) + len(running)),
        note=". ".join(filter(None, [*_basis_notes(found), target_words(found), mean_words(found)])),
    )


def _band(gap: tuple[None, ...], low: Floats, high: Floats) -> Band:
    """The range after the booked months; none where it has no width, as where a plan gives its spend."""
    ends, nowhere = (_amounts(low), _amounts(high)), (None,) * (len(gap) + len(low))
    if ends[0] == ends[1]:
        return Band("Range", nowhere, nowhere)
    return Band("Range", (*gap, *ends[0]), (*gap, *ends[1]))


def outlook_chart(found: PlanFigures) -> BandTrend:
    """Spend by month, booked and without the plan with its range: the outlook that the plan acts on."""
    path = path_chart(found)
    figures = found.book.figures
    title = f"Without the plan {found.subject} costs {figures['without']} in {figures['then']}"
    note = ". ".join(_basis_notes(found))
    return replace(path, caption=replace(path.caption, title=title), with_plan=None, target=None, note=note)


def _basis_notes(found: PlanFigures) -> list[str]:
    """What a reader of the forecast must know of its bills, as notes of a chart."""
    said = bridged_words(found.setting.bridged_days), found.setting.short_history.removesuffix(".")
    return [one for one in said if one]


def history_note(found: PlanFigures) -> tuple[Paragraph, ...]:
    """That the forecast rests on a short history, as words on a page; nothing where it does not."""
    said = found.setting.short_history
    return (Paragraph((said,)),) if said else ()


def mean_words(found: PlanFigures) -> str:
    """Why the likely spend is on one side of the target and most outcomes are on the other; nothing where it is not."""
    target, chance = found.case.plan.plan.target, found.case.recommended.result.p_target
    if target is None or chance is None or "reached" not in found.book.figures:
        return ""
    is_met = Decimal(found.figure("reached").exact or 0) >= Decimal(repr(target.reduction))
    if is_met == (chance >= 0.5):
        return ""
    far, side, many = ("less", "below", "fewer") if is_met else ("more", "above", "more")
    why = f"a few outcomes cost far {far}, so the mean is {side} the target that {many} than half meet"
    return f"Amounts are means: {why}"


def target_words(found: PlanFigures) -> str:
    """What the target is about, where the plan acts on more than that; nothing where it does not, or has no target."""
    own = _own_target(found)
    return own.text.removesuffix(".") if own else ""


def _own_target(found: PlanFigures) -> Sentence | None:
    if not {"limit", "target.with"} <= found.book.figures.keys():
        return None
    text = "{limit} or less in {then}, where {target.with} is likely."
    return found.book.say("path-target", f"The target is for {found.setting.subject} alone: {text}")


def path_notes(found: PlanFigures) -> tuple[Paragraph, ...]:
    """What a reader of the path must know, as words on a page; nothing where there is nothing to say."""
    said, own = mean_words(found), _own_target(found)
    mean = found.book.say("path-mean", f"{said}.") if said else None
    sentences = tuple(one for one in (own, mean) if one)
    return (*history_note(found), *((Paragraph(sentences),) if sentences else ()))


def _path_title(found: PlanFigures) -> str:
    figures = found.book.figures
    if "below-forecast" not in figures or Decimal(figures["below-forecast"].exact or 0) <= 0:
        return f"With the plan {found.subject} costs {figures['with']} in {figures['then']}"
    return f"With the plan {figures['then']} costs {figures['with']}, {figures['below-forecast']} less than without it"


def _target(found: PlanFigures, offset: int) -> Target | None:
    limit = found.book.figures.get("limit")
    if limit is None or limit.exact is None or not found.case.is_whole:
        return None
    share = found.figure("target")
    return Target(f"Target −{share}", Decimal(limit.exact), offset + found.then)


def saving_bars(found: PlanFigures) -> RankedBars:
    """What each initiative takes off the month in which the plan is judged, the largest first."""
    result, at, names = found.case.recommended.result, found.then, names_by_id(found.case.plan.initiatives)
    bars = [
        Bar(names[one.id], _amount(float(result.credit[number, at])) if one.is_estimated else None)
        for number, one in enumerate(result.plan.initiatives)
    ]
    month = f"{found.then_month:%b %Y}"
    saved = money.total(bar.amount for bar in bars)
    largest = max(bars, key=lambda bar: bar.amount or Decimal(0))
    said = money.short(saved, found.setting.currency)
    most = saved is not None and 2 * (largest.amount or Decimal(0)) > saved
    title = f"{largest.name} brings {'most' if most else 'the largest part'} of the {said} saved in {month}"
    return RankedBars(
        Caption(
            NOTHING_ESTIMATED if saved is None else title if saved else f"Nothing is saved in {month} yet",
            f"saving by initiative before costs, {month}, {MEASURE}, {found.setting.currency}",
            found.source,
        ),
        found.setting.currency,
        leading(bars, 6),
        amount_name=month,
        dimension="Initiative",
    )


def roadmap_chart(found: PlanFigures, by: str = "phase") -> Roadmap:
    """The initiatives as bars, by phase or track, each with what it saves a year once all of it is saved.

    Of a long plan those that save most; the title says of how many.
    """
    result, plan = found.case.recommended.result, found.case.plan
    yearly, names = result.credit[:, -1] * 12, names_by_id(plan.initiatives)
    order = np.argsort(-yearly, kind="stable")[:_MOST_BARS]
    bars = tuple(
        Initiative(
            name=names[plan.initiatives[at].id],
            track=_track(plan.initiatives[at], by),
            owner=plan.initiatives[at].owner or "not named",
            start=add_months(plan.plan.start, plan.start_of(plan.initiatives[at])),
            ramp_end=add_months(
                plan.plan.start, plan.start_of(plan.initiatives[at]) + plan.initiatives[at].ramp_months + 1
            ),
            saving=_amount(float(yearly[at])) if plan.initiatives[at].is_estimated else None,
        )
        for at in sorted(order.tolist(), key=lambda at: _track(plan.initiatives[at], by))
    )
    caption = Caption(
        _roadmap_title(bars, len(plan.initiatives), found.setting.currency),
        f"saving of the last month times 12 before costs, {MEASURE}, {found.setting.currency}",
        found.source,
    )
    return Roadmap(caption, found.setting.currency, bars, track_name=by.capitalize(), today=found.setting.data_date)


def _roadmap_title(bars: Sequence[Initiative], held: int, currency: str) -> str:
    """What the drawn initiatives save a year together, of how many the plan holds."""
    saved = money.total(bar.saving for bar in bars)
    if saved is None:
        return NOTHING_ESTIMATED
    total = money.short(saved, currency)
    if len(bars) == 1:
        return f"One initiative saves {total} a year once all of it runs"
    return f"{_counted(len(bars), held)} save {total} a year once all of them run"


def _counted(drawn: int, held: int) -> str:
    """How many initiatives are drawn, and of how many.

    >>> _counted(11, 11), _counted(14, 22)
    ('11 initiatives', 'The 14 largest of 22 initiatives')
    """
    return f"{drawn} initiatives" if drawn == held else f"The {drawn} largest of {held} initiatives"


def _track(one: object, by: str) -> str:
    value = str(getattr(one, by))
    return PHASES.get(value, value.capitalize())


def _amounts(values: Floats | Sequence[float]) -> tuple[Decimal, ...]:
    return tuple(_amount(float(value)) for value in values)


def _amount(value: float) -> Decimal:
    """A simulated amount to the cent: more digits than that would claim to know more than a simulation does."""
    return money.cents(Decimal(repr(value)))
