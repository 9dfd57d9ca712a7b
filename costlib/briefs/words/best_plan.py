"""The words of the best plan within its limits, of the limits that bind, and of plans side by side.

Conventions: money in the plan's currency, means over paths ("likely"); a limit is of people or of money. What an
initiative or a limit adds is money, or points of the chance where the goal is the likeliest target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from costlib import money
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.words.roadmap import amount, month_words, role_name, title_of
from costlib.roadmap.explain import Binding, Choice, Omission
from costlib.roadmap.optimise import Optimum
from costlib.roadmap.plan_model import Goal, Plan

_LIMIT: Final = ("Limit", "When", "There is", "Used", "One more")
BINDING_HEADER: Final = (*_LIMIT, "Would add to NPV")


def binding_header(best: Optimum) -> tuple[str, ...]:
    """The header of the limits of a best plan: what one unit more adds to its goal."""
    if best.goal == "probability":
        return (*_LIMIT, "Would add to the chance")
    return (*_LIMIT, "Would save that month") if best.objective is None else BINDING_HEADER


def binding_rows(found: Sequence[Binding], currency: str, goal: Goal = "npv") -> list[list[str]]:
    """The limits that hold the plan back, and what one unit more of each would buy."""
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
    ]


def binding_finding(found: Sequence[Binding], currency: str) -> str:
    """Which limit costs most, or that none holds the plan back."""
    paying = [one for one in found if one.gain]
    if not found:
        return "Neither people nor money hold this plan back"
    if not paying:
        return "Limits bind, but one unit more of any would buy nothing yet"
    best = max(paying, key=lambda one: one.gain or 0.0)
    where = " in ".join(part for part in (role_name(best.what), month_words(best.when)) if part)
    return f"{_article(best.unit)} more of {where} would add {amount(best.gain or 0.0, currency)} of NPV"


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


def optimum_finding(best: Optimum, planned: float, currency: str) -> str:
    """What the best plan found achieves beside the plan as it stands (``planned`` is its NPV)."""
    count = money.counted(len(best.chosen), "initiative")
    if best.goal == "earliest":
        when = month_words(str(best.objective)) if best.objective else ""
        return f"The target can be met in {when} with {count}" if when else "No month of the plan can meet the target"
    if best.goal == "probability":
        share = best.objective if isinstance(best.objective, float) else 0.0
        return f"The target can be met with a chance of {money.percent(share)}, with {count}"
    if not best.chosen and best.binding:
        return "No initiative that pays has room within the limits: the best is to do none of them"
    if not best.chosen:
        return "No initiative of this plan pays: the best is to do none of them"
    more = best.npv - planned
    beside = "as much as the plan" if abs(more) < 1 else f"{amount(abs(more), currency)} {_than(more)} than the plan"
    those = "The best initiative is" if len(best.chosen) == 1 else f"The best {count} are"
    return f"{those} worth {amount(best.npv, currency)} (NPV), {beside} as it stands"


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
        return f"{value:g} person-week{'' if value == 1 else 's'}"
    return amount(value, currency)


def _article(unit: str) -> str:
    return "One person-week" if unit == "1 person-week" else unit


def _than(more: float) -> str:
    return "more" if more > 0 else "less"


def compare_rows(found: Mapping[str, PlanFigures]) -> tuple[list[str], list[list[str]]]:
    """Header and rows of plans side by side; the first with its minimum and ambitious option beside it."""
    columns = [(name, held, "recommended") for name, held in found.items()]
    if len(columns) == 1:
        (held,) = found.values()
        less = _upper(_less(held))
        columns = [(less, held, "minimum"), *columns, ("No limits", held, "ambitious")]
    rows = [
        [label, *(held.ledger.figures[f"{option}.{name}"].shown if _has(held, option, name) else "–"
                  for _, held, option in columns)]
        for name, label in _COMPARED.items()
    ]  # fmt: skip
    return ["", *(name for name, _, _ in columns)], rows


def _less(held: PlanFigures) -> str:
    """What the lesser option is: a plan that needs no one-off money cannot be halved."""
    return "at most half the money" if held.case.recommended.one_off > 0 else "containment alone"


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]


_COMPARED: Final = {
    "count": "Initiatives",
    "weeks": "Person-weeks",
    "one-off": "One-off cost",
    "gross": "Saved, before costs",
    "net": "Saved, net of cost",
    "run-rate": "Saved a year at the end",
    "npv": "NPV",
    "chance": "Chance of the target",
}


def _has(held: PlanFigures, option: str, name: str) -> bool:
    return f"{option}.{name}" in held.ledger.figures


def compare_finding(found: Mapping[str, PlanFigures]) -> str:
    """Which of the plans saves more net of cost, or what less and more of the one would bring."""
    nets = {name: held.case.recommended.figures.net for name, held in found.items()}
    held = next(iter(found.values()))
    currency = held.setting.currency
    if len(nets) == 1:
        less, more = held.case.minimum.figures.net, held.case.ambitious.figures.net
        (net,) = nets.values()
        return (
            f"The plan saves {amount(net, currency)} net of cost; with {_less(held)} {amount(less, currency)}, "
            f"without limits {amount(more, currency)}"
        )
    (one, first), (other, second) = nets.items()
    if abs(first - second) < 1:
        return f"{one} and {other} save the same net of cost"
    best, apart = (one, first - second) if first >= second else (other, second - first)
    return f"{best} saves {amount(apart, currency)} more net of cost"
