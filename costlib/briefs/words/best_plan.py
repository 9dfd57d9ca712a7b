"""The words of the best plan within its limits, and of the limits that bind.

Conventions: money in the plan's currency, means over paths ("likely"); a limit is of people or of money. What an
initiative or a limit adds is money, or points of the chance where the goal is the likeliest target.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from costlib import money
from costlib.briefs.words.roadmap import amount, month_words, role_name, title_of
from costlib.roadmap.explain import Binding, Breach, Choice, Omission
from costlib.roadmap.optimise import Optimum
from costlib.roadmap.plan_model import Goal, Plan
from costlib.roadmap.plan_names import names_by_id

#: What is said where limits hold the plan back of which one unit more would not help.
NOTHING_MORE: Final = "Limits bind, but one unit more of any would buy nothing yet"
#: Less than this is nothing: of money, and of a chance.
_LEAST_MONEY, _LEAST_CHANCE = 0.005, 1e-9
#: Broken limits that are named.
_NAMED: Final = 3
_LIMIT: Final = ("Limit", "When", "There is", "Used", "One more")
BINDING_HEADER: Final = (*_LIMIT, "Would add to NPV")


def binding_header(best: Optimum) -> tuple[str, ...]:
    """The header of the limits of a best plan: what one unit more adds to its goal."""
    if best.goal == "probability":
        return (*_LIMIT, "Would add to the chance")
    return (*_LIMIT, "Would save that month") if best.objective is None else BINDING_HEADER


def binding_rows(found: Sequence[Binding], currency: str, goal: Goal = "npv") -> list[list[str]]:
    """The limits that hold the plan back, and what one unit more of each would buy; those of which it buys nothing
    are left out."""
    return [
        [
            role_name(one.what),
            month_words(one.when),
            _held(one, one.most, currency),
            _held(one, one.used, currency),
            one.unit,
            "it cannot be bought" if one.gain is None else _added(one.gain, currency, goal),
        ]
        for one in found
        if one.gain is None or _buys(one, goal)
    ]


def _buys(one: Binding, goal: Goal = "npv") -> bool:
    """Whether one unit more of a limit would add what can be seen."""
    return one.gain is not None and one.gain >= (_LEAST_CHANCE if goal == "probability" else _LEAST_MONEY)


def binding_finding(found: Sequence[Binding], currency: str) -> str:
    """Which limit costs most, or that none holds the plan back."""
    paying = [one for one in found if _buys(one)]
    if not found:
        return "Neither people nor money hold this plan back"
    if not paying:
        return NOTHING_MORE
    best = max(paying, key=lambda one: one.gain or 0.0)
    more = f"{_article(best.unit)} more of {_place(best.what, best.when)}"
    return f"{more} would add {amount(best.gain or 0.0, currency)} of NPV"


def choice_caption(best: Optimum, currency: str) -> str:
    """What the table of choices shows, and in which unit."""
    if best.objective is None:
        return f"What to do from when, {currency}; worth is what each saves in the month of the target"
    if best.goal == "probability":
        return "What to do from when; worth is what each adds to the chance of the target, in points of 100"
    return f"What to do from when, {currency}; worth is what each adds beside the best plan without it"


CHOICE_HEADER: Final = ("Do", "From", "Worth", "Done instead, were it left out")


def choice_rows(plan: Plan, chosen: Sequence[Choice], currency: str, goal: Goal = "npv") -> list[list[str]]:
    """What is done from when, and what each adds beside the best choice without it."""
    names = {one.id: title_of(one) for one in plan.initiatives}
    return [
        [
            names[one.id],
            month_words(one.start),
            "the target is met later, or not, without it" if one.worth is None else _added(one.worth, currency, goal),
            ", ".join(names[other] for other in one.instead) or "nothing",
        ]
        for one in chosen
    ]


def omission_lines(plan: Plan, omitted: Sequence[Omission]) -> list[str]:
    """Why each of the others is left out."""
    names = {one.id: title_of(one) for one in plan.initiatives}
    return [f"{names[one.id]}: {one.reason}" for one in omitted]


def optimum_finding(best: Optimum, planned: float, currency: str, chance: float | None = None) -> str:
    """What the best plan found achieves beside the plan as it stands (``planned`` is its NPV, ``chance`` its own)."""
    count = money.counted(len(best.chosen), "initiative")
    if best.goal == "earliest":
        return _earliest_finding(best, count)
    if best.goal == "probability":
        share = best.objective if isinstance(best.objective, float) else 0.0
        beside = "" if chance is None else f"; the plan as it stands has {_same_or(chance, share)}"
        return f"The target can be met with a chance of {money.percent(share)}, with {count}{beside}"
    if not best.chosen and best.binding:
        return "No initiative that pays has room within the limits: the best is to do none of them"
    if not best.chosen:
        return "No initiative of this plan pays: the best is to do none of them"
    more = best.npv - planned
    beside = "as much as the plan" if abs(more) < 1 else f"{amount(abs(more), currency)} {_than(more)} than the plan"
    those = "The best initiative is" if len(best.chosen) == 1 else f"The best {count} are"
    return f"{those} worth {amount(best.npv, currency)} (NPV), {beside} as it stands"


def _same_or(chance: float, share: float) -> str:
    return "the same" if money.percent(chance) == money.percent(share) else money.percent(chance)


def _earliest_finding(best: Optimum, count: str) -> str:
    """From when on the target can be met, or that it can be met only after its month, or never."""
    target = best.plan.plan.target
    if best.objective is None or target is None:
        return "No month of the plan can meet the target"
    when, by = month_words(str(best.objective)), month_words(f"{target.by:%Y-%m}")
    if str(best.objective) > f"{target.by:%Y-%m}":
        return f"The target cannot be met in {by}: {when} is the first month that can, with {count}"
    return f"The target can be met from {when} on with {count if best.chosen else 'no initiative at all'}"


def earliest_line(best: Optimum) -> str:
    """What it means to meet the target from a month on; nothing for another goal."""
    target = best.plan.plan.target
    if best.goal != "earliest" or target is None:
        return ""
    less, by = f"{target.reduction * 100:g}%", month_words(f"{target.by:%Y-%m}")
    than = "without the plan" if target.reference == "baseline" else "a month of the last closed quarter"
    return f"Met from a month on: every month from it to {by} is expected to cost at least {less} less than {than}."


def breach_line(plan: Plan, broken: Sequence[Breach], currency: str) -> str:
    """Which limits the plan as it stands breaks, so that it is no best plan whatever it achieves; nothing where none.

    >>> plan = Plan(plan={"start": "2026-11", "months": 6}, initiatives=[{"id": "batch", "title": "Batch the calls"}])
    >>> breach_line(plan, [Breach("capacity", "ml_engineer", "2026-11", 4.0, 6.0)], "USD")
    'The plan as it stands breaks a limit that a best plan keeps: ML engineer in Nov 2026 (takes 6 person-weeks of 4).'
    """
    if not broken:
        return ""
    said = [_breach(plan, one, currency) for one in broken[:_NAMED]]
    more = [f"{len(broken) - _NAMED} more"] if len(broken) > _NAMED else []
    what = "a limit that a best plan keeps" if len(broken) == 1 else "limits that a best plan keeps"
    return f"The plan as it stands breaks {what}: {'; '.join([*said, *more])}."


def _breach(plan: Plan, one: Breach, currency: str) -> str:
    if one.kind == "earliest_start":
        return f"{names_by_id(plan.initiatives)[one.what]} starts before {month_words(one.when)}, its earliest month"
    where = _place(one.what, one.when)
    if one.kind == "quality":
        return f"{where} (loses {one.used:.3g} of the {one.most:.3g} that it may)"
    if one.kind == "capacity":
        return f"{where} (takes {_weeks(one.used)} of {one.most:g})"
    return f"{where} (takes {amount(one.used, currency)} of {amount(one.most, currency)})"


def _place(what: str, when: str) -> str:
    return " in ".join(part for part in (role_name(what), month_words(when)) if part)


def _added(value: float, currency: str, goal: Goal) -> str:
    """What is added to the goal.

    >>> _added(0.884, "USD", "probability"), _added(0.01, "USD", "probability"), _added(0.004, "USD", "probability")
    ('88 points', '1 point', 'under 1 point')
    >>> _added(0.0, "USD", "probability"), _added(0.884, "USD", "npv")
    ('nothing', '$0.88')
    """
    if goal != "probability":
        return amount(value, currency)
    points = round(100 * value)
    if points < 1:
        return "under 1 point" if value > 0 else "nothing"
    return money.counted(points, "point")


def _held(one: Binding, value: float, currency: str) -> str:
    """What there is of a limit, in its unit: people, a margin of quality, or money."""
    if one.kind == "quality":
        return f"{value:.3g}"
    if one.kind == "capacity":
        return _weeks(value)
    return amount(value, currency)


def _weeks(value: float) -> str:
    return f"{value:g} person-week{'' if value == 1 else 's'}"


def _article(unit: str) -> str:
    return "One person-week" if unit == "1 person-week" else unit


def _than(more: float) -> str:
    return "more" if more > 0 else "less"
