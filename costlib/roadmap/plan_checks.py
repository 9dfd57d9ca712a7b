"""Rules of a plan that span more than one field.

Ids are unique; dependencies are known and have no circle; starts, the target's month and release months make sense in
the plan's months; a benefit begins no earlier than its initiative; given spend has one figure a month and one entry a
segment. Alternatives may stand side by side in a plan: the optimiser picks one, the simulation refuses two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from costlib import money
from costlib.errors import did_you_mean
from costlib.periods import add_months
from costlib.roadmap.plan_errors import FieldRefusal
from costlib.roadmap.plan_fields import month_text

if TYPE_CHECKING:
    from costlib.roadmap.plan_model import Initiative, Plan

Place = tuple[str | int, ...]


def check(plan: Plan) -> None:
    """Raise FieldRefusal at the first rule that the plan breaks."""
    _unique_ids(plan.initiatives)
    for number, initiative in enumerate(plan.initiatives):
        _dependencies(plan, initiative, ("initiatives", number, "depends_on"))
        _months_of(plan, initiative, ("initiatives", number))
    order({one.id: one.depends_on for one in plan.initiatives})
    if plan.plan.target:
        _inside(plan, plan.plan.target.by, ("plan", "target", "by"))
    _given_spend(plan)


def order(depends_on: Mapping[str, Sequence[str]]) -> list[str]:
    """The ids so that each comes after what it depends on, else in order of name; raises FieldRefusal for a circle.

    >>> order({"a": ["c"], "b": [], "c": ["b"]})
    ['b', 'c', 'a']
    """
    done: list[str] = []
    waiting = sorted(depends_on)
    while waiting:
        ready = [one for one in waiting if all(before in done for before in depends_on[one])]
        if not ready:
            raise FieldRefusal(
                f"{', '.join(waiting)} wait for each other",
                expected="dependencies without a circle",
                fix=f"Take one dependency out of {waiting[0]}.",
                place=("initiatives",),
            )
        done += ready
        waiting = [one for one in waiting if one not in done]
    return done


def _unique_ids(initiatives: Sequence[Initiative]) -> None:
    counted = Counter(one.id for one in initiatives)
    for number, one in enumerate(initiatives):
        if counted[one.id] > 1:
            raise FieldRefusal(
                f"{counted[one.id]} initiatives are called {one.id}",
                expected="an id of its own for each initiative",
                fix="Rename one of them.",
                place=("initiatives", number, "id"),
            )


def _dependencies(plan: Plan, initiative: Initiative, place: Place) -> None:
    known = [one.id for one in plan.initiatives]
    for wanted in initiative.depends_on:
        if wanted not in known or wanted == initiative.id:
            raise FieldRefusal(
                f"{initiative.id} depends on {wanted}, which is not another initiative of this plan",
                expected="ids of other initiatives",
                fix=did_you_mean(wanted, known) or "Add the initiative or take the dependency out.",
                place=place,
            )


def _months_of(plan: Plan, initiative: Initiative, place: Place) -> None:
    for name in ("start", "earliest_start"):
        month = getattr(initiative, name)
        if month is not None:
            _inside(plan, month, (*place, name))
    begins = initiative.benefit.start
    if begins is not None and plan.month_index(begins) < plan.start_of(initiative):
        raise FieldRefusal(
            f"the benefit of {initiative.id} begins in {month_text(begins)}, before the initiative",
            expected=f"{plan.months[plan.start_of(initiative)]} or later",
            fix="Move the benefit's start, or leave it out to begin with the initiative.",
            place=(*place, "benefit", "start"),
        )


def _inside(plan: Plan, month: date, place: Place) -> None:
    if not 0 <= plan.month_index(month) < plan.plan.months:
        last = add_months(plan.plan.start, plan.plan.months - 1)
        raise FieldRefusal(
            f"{month_text(month)} lies outside the plan",
            expected=f"a month from {month_text(plan.plan.start)} to {month_text(last)}",
            fix="Move it, or change the plan's start or months.",
            place=place,
        )


def _given_spend(plan: Plan) -> None:
    seen = set()
    for number, given in enumerate(plan.baseline or ()):
        place: Place = ("baseline", number)
        if len(given.monthly) != plan.plan.months:
            raise FieldRefusal(
                f"{len(given.monthly)} monthly amounts for a plan of {money.counted(plan.plan.months, 'month')}",
                expected=f"{plan.plan.months} amounts",
                fix="Give one amount for each month of the plan.",
                place=(*place, "monthly"),
            )
        key = frozenset(given.segment.items())
        if key in seen:
            raise FieldRefusal(
                f"the segment {dict(given.segment)} is given twice",
                expected="one entry a segment",
                fix="Add the two up.",
                place=(*place, "segment"),
            )
        seen.add(key)
