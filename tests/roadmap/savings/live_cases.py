"""Initiatives and measurements small enough to work out by hand."""

from __future__ import annotations

from datetime import date

import numpy as np

from costlib.roadmap.ranges import Range
from costlib.roadmap.savings.measured import Basis, Measured
from costlib.roadmap.savings.promised import Live, Measurement, Since
from costlib.roadmap.savings.realised import MonthSaving, Realised

JUN, JUL, AUG = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
MID_JUNE = Since(date(2026, 6, 16), date(2026, 6, 16))
SCOPE = (("x_Model", ("ranker",)),)


def live(id: str = "spot", **other: object) -> Live:
    """An initiative that is done: 10,000 a month when approved, 40 % of it likely saved, live since 16 June."""
    usual: dict[str, object] = {
        "plan": "past",
        "plan_title": "Carried out",
        "id": id,
        "title": "",
        "lever": "spot training",
        "stage": "L4",
        "currency": "USD",
        "scope": SCOPE,
        "saving": 0.4,
        "reference": 10_000.0,
        "since": MID_JUNE,
    }
    return Live(**(usual | other))  # type: ignore[arg-type]


def month(first: date, saved: float, periods: int = 30) -> MonthSaving:
    """A month in which so much was saved, of twice as much."""
    return MonthSaving(first, periods, 2 * saved, saved, Range(0.8 * saved, saved, 1.2 * saved))


def result(*months: MonthSaving, days: int = 1) -> Realised:
    """What was saved in these months."""
    saved = sum(one.saving.likely for one in months)
    whole = Range(0.8 * saved, saved, 1.2 * saved)
    return Realised(
        saving=whole,
        counterfactual=Range(1.8 * saved, 2 * saved, 2.2 * saved),
        actual=saved,
        share=Range(0.4, 0.5, 0.6),
        split=None,
        demand=None,
        months=months,
        basis=Basis.TREND,
        placebos=(),
        unknown=0,
        days=days,
    )


def measurement(*members: Live, months: tuple[MonthSaving, ...] = (), days: int = 1) -> Measurement:
    """Members that were measured together; without months nothing was."""
    return Measurement(members, MID_JUNE, result(*months, days=days) if months else None)


def falling(share: float = 0.4, before: int = 120, after: int = 100, lost_from: int | None = None) -> Measured:
    """100 a day with a small wobble, then so much less; from ``lost_from`` days after on as much as before."""
    cost = 100 + 0.5 * np.sin(np.arange(before + after))
    cost[before:] *= 1 - share
    if lost_from is not None:
        cost[before + lost_from :] /= 1 - share
    return Measured(date(2026, 1, 1), cost)
