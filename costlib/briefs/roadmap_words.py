"""The words of the Roadmap page: what stages and measures mean, rows of initiatives, limits, swings and proposals.

Conventions: money in the plan's currency, means over paths ("likely"); ranges hold eight outcomes in ten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from costlib import money
from costlib.briefs.plan_figures import PHASES, PlanFigures
from costlib.charts.spec import Caption, Level, Swing, Tornado
from costlib.charts.spec.tornado import MOST_SWINGS
from costlib.periods import add_months
from costlib.roadmap.explain import Binding, Choice, Omission
from costlib.roadmap.optimise import Optimum
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.prioritise import Priority, priorities
from costlib.roadmap.tornado import Swing as PlanSwing

STAGE_HELP: Final = (
    "How far an initiative is. L0 idea · L1 identified: it has an owner and a value · L2 validated: its business case "
    "holds · L3 approved and in flight · L4 actions done, its saving provisional · L5 its saving signed off by finance."
)
NPV_HELP: Final = (
    "Net present value: everything the plan saves and brings, less everything it costs, in today's money. A saving "
    "next year counts for less than one this month."
)
RICE_HELP: Final = (
    "Reach x impact x confidence / effort: spend it acts on, share it saves, how sure it is, divided by person-weeks. "
    "It ranks by what a week of work brings; NPV ranks by money."
)
CHANCE_HELP: Final = "Share of the simulated futures in which spend in the target month is at or below the target."
RANGE_HELP: Final = "Eight simulated futures in ten lie in the range; likely is their average."
NET_HELP: Final = "Cash saved over the plan's months less what the initiatives cost once and every month."

_INPUTS: Final = {
    "saving": "how much it saves",
    "delay_months": "how late it starts",
    "benefit": "what it brings besides",
    "probability": "whether it works",
    "one_off_cost": "what it costs once",
    "running_cost": "what it costs a month",
    "spend without the plan": "spend without the plan",
}
_SHORT: Final = {
    "saving": "Saving",
    "delay_months": "Delay",
    "benefit": "Benefit",
    "probability": "Success",
    "one_off_cost": "One-off cost",
    "running_cost": "Running cost",
    "spend without the plan": "Spend without the plan",
}
_ENDS: Final = {
    "spend without the plan": ("−10%", "+10%"),
    "probability": ("fails", "works"),
    "one_off_cost": ("−20%", "+20%"),
    "running_cost": ("−20%", "+20%"),
}


def title_of(one: Initiative) -> str:
    """What an initiative is called.

    >>> title_of(Initiative(id="batch")), title_of(Initiative(id="batch", title="Batch the calls"))
    ('batch', 'Batch the calls')
    """
    return one.title or one.id


def role_name(role: str) -> str:
    """A role of the plan file as people say it.

    >>> role_name("ml_engineer"), role_name("data_scientist")
    ('ML engineer', 'Data scientist')
    """
    words = role.replace("_", " ")
    return words.upper()[:2] + words[2:] if words.startswith("ml ") else words.capitalize()


def initiative_rows(plan: Plan, found: PlanFigures | None) -> list[dict[str, Any]]:
    """One row an initiative in the plan's order; what is not simulated is unknown and None.

    Amounts are whole units of the plan's currency; a year is the saving of the last month times 12.
    """
    ranked = {one.id: one for one in priorities(found.case.recommended.result)} if found else {}
    saved = [_row(plan, one, ranked.get(one.id), _figure(found, one, "yearly")) for one in plan.initiatives]
    for row, one in zip(saved, plan.initiatives, strict=True):
        row["Net"] = _figure(found, one, "net")
    order = ("Initiative", "Stage", "Phase", "Owner", "Starts", "Saves a year", "Net", "NPV", "RICE", "By NPV, by RICE")
    return [{name: row[name] for name in order} for row in saved]


def _row(plan: Plan, one: Initiative, ranked: Priority | None, yearly: float | None) -> dict[str, Any]:
    start = add_months(plan.plan.start, plan.start_of(one))
    return {
        "Initiative": title_of(one),
        "Stage": one.stage,
        "Phase": PHASES.get(one.phase, one.phase),
        "Owner": one.owner or "not named",
        "Starts": f"{start:%b %Y}",
        "Saves a year": yearly,
        "NPV": None if ranked is None else round(ranked.npv),
        "RICE": None if ranked is None or ranked.rice is None else round(ranked.rice),
        "By NPV, by RICE": "" if ranked is None else f"{ranked.npv_rank} / {ranked.rice_rank}",
    }


def _figure(found: PlanFigures | None, one: Initiative, name: str) -> float | None:
    figure = found.ledger.figures.get(f"{one.id}.{name}") if found else None
    return None if figure is None or figure.exact is None else round(float(figure.exact))


PRIORITY_HEADER: Final = ("Initiative", "By NPV", "By RICE", "NPV", "RICE", "Why they disagree")


def priority_rows(plan: Plan, found: Sequence[Priority], currency: str) -> list[list[str]]:
    """NPV and RICE side by side, the highest NPV first, with the reason where the two disagree."""
    names = {one.id: title_of(one) for one in plan.initiatives}
    return [
        [
            names[one.id],
            str(one.npv_rank),
            str(one.rice_rank),
            amount(one.npv, currency),
            money.UNKNOWN if one.rice is None else f"{one.rice:,.0f}",
            one.reason or "they agree",
        ]
        for one in found
    ]


def priority_finding(plan: Plan, found: Sequence[Priority]) -> str:
    """What comes first, and where money and work disagree most."""
    if not found:
        return "There is no initiative to rank yet"
    names = {one.id: title_of(one) for one in plan.initiatives}
    apart = [one for one in found if one.reason]
    first = f"{names[found[0].id]} is worth most"
    if not apart:
        return f"{first}; NPV and RICE agree on the order"
    widest = max(apart, key=lambda one: abs(one.npv_rank - one.rice_rank))
    same = widest.id == found[0].id
    return f"{first}; NPV and RICE disagree most on {'it' if same else names[widest.id]}"


def tornado_chart(found: PlanFigures) -> Tornado | None:
    """How far one input at a time moves the plan's NPV, the widest swing first; None where nothing is uncertain."""
    swings = found.case.swings[:MOST_SWINGS]
    if not swings:
        return None
    plan, currency = found.case.plan, found.setting.currency
    names = {one.id: title_of(one) for one in plan.initiatives}
    drawn = tuple(_swing(one, names) for one in swings)
    base = Decimal(repr(swings[0].planned))
    low, high = sorted((swings[0].low, swings[0].high))
    what, where = _INPUTS.get(swings[0].input, swings[0].input), swings[0].initiative
    widest = what if where is None else f"{what} ({names[where]})"
    title = f"{_upper(widest)} moves NPV most: from {amount(low, currency)} to {amount(high, currency)}"
    caption = Caption(
        title,
        f"net present value at {plan.plan.discount_rate:.0%} a year, one input at a time at its low and its high, "
        f"{currency}",
        f"{found.setting.company}, {found.setting.standing}",
    )
    return Tornado(caption, currency, Level("As planned", money.cents(base)), drawn)


def _swing(one: PlanSwing, names: dict[str, str]) -> Swing:
    name = _SHORT.get(one.input, one.input)
    if one.initiative is not None:
        name = f"{name}: {names[one.initiative]}"
    low_at, high_at = _ENDS.get(one.input, ("", ""))
    low, high = (money.cents(Decimal(repr(value))) for value in (one.low, one.high))
    return Swing(name, low, high, low_at, high_at)


BINDING_HEADER: Final = ("Limit", "When", "There is", "Used", "One more", "Would add to NPV")


def binding_rows(found: Sequence[Binding], currency: str) -> list[list[str]]:
    """The limits that hold the plan back, and what one unit more of each would buy."""
    return [
        [
            role_name(one.what),
            month_words(one.when),
            _held(one, one.most, currency),
            _held(one, one.used, currency),
            one.unit,
            "it cannot be bought" if one.gain is None else amount(one.gain, currency),
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
    where = " ".join(part for part in (role_name(best.what), "in", month_words(best.when)) if part)
    return f"{_article(best.unit)} more of {where} would add {amount(best.gain or 0.0, currency)} of NPV"


CHOICE_HEADER: Final = ("Do", "From", "Worth", "Done instead, were it left out")


def choice_rows(plan: Plan, chosen: Sequence[Choice], currency: str) -> list[list[str]]:
    """What is done from when, and what each adds beside the best choice without it."""
    names = {one.id: title_of(one) for one in plan.initiatives}
    return [
        [
            names[one.id],
            month_words(one.start),
            amount(one.worth, currency),
            ", ".join(names[other] for other in one.instead) or "nothing",
        ]
        for one in chosen
    ]


def omission_lines(plan: Plan, omitted: Sequence[Omission]) -> list[str]:
    """Why each of the others is left out."""
    names = {one.id: title_of(one) for one in plan.initiatives}
    return [f"{names[one.id]}: {one.reason}" for one in omitted]


def amount(value: float, currency: str) -> str:
    """A simulated amount as a headline says it.

    >>> amount(12345.678, "USD")
    '$12.3K'
    """
    return money.short(Decimal(f"{value:.12g}"), currency)


def _held(one: Binding, value: float, currency: str) -> str:
    return f"{value:g} person-weeks" if one.kind == "capacity" else amount(value, currency)


def month_words(text: str) -> str:
    """A plan's month as people write it; anything else as it is.

    >>> month_words("2026-11"), month_words("Q3 FY27")
    ('Nov 2026', 'Q3 FY27')
    """
    year, _, month = text.partition("-")
    if not (year.isdigit() and month.isdigit()):
        return text
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{names[int(month) - 1]} {year}"


def _article(unit: str) -> str:
    return "One person-week" if unit == "1 person-week" else unit


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]


def optimum_finding(best: Optimum, planned: float, currency: str) -> str:
    """What the best plan found achieves beside the plan as it stands (``planned`` is its NPV)."""
    count = f"{len(best.chosen)} initiative{'' if len(best.chosen) == 1 else 's'}"
    if best.goal == "earliest":
        when = month_words(str(best.objective)) if best.objective else ""
        return f"The target can be met in {when} with {count}" if when else "No month of the plan can meet the target"
    if best.goal == "probability":
        share = best.objective if isinstance(best.objective, float) else 0.0
        return f"The target can be met with a chance of {money.percent(share)}, with {count}"
    more = best.npv - planned
    beside = "as much as the plan" if abs(more) < 1 else f"{amount(abs(more), currency)} {_than(more)} than the plan"
    return f"The best {count} are worth {amount(best.npv, currency)} (NPV), {beside} as it stands"


def _than(more: float) -> str:
    return "more" if more > 0 else "less"


def compare_rows(found: Mapping[str, PlanFigures]) -> tuple[list[str], list[list[str]]]:
    """Header and rows of plans side by side; the first with its minimum and ambitious option beside it."""
    columns = [(name, held, "recommended") for name, held in found.items()]
    if len(columns) == 1:
        (held,) = found.values()
        columns = [("Half the money", held, "minimum"), *columns, ("No limits", held, "ambitious")]
    rows = [
        [label, *(held.ledger.figures[f"{option}.{name}"].shown if _has(held, option, name) else "–"
                  for _, held, option in columns)]
        for name, label in _COMPARED.items()
    ]  # fmt: skip
    return ["", *(name for name, _, _ in columns)], rows


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
            f"The plan saves {amount(net, currency)} net of cost; with half the money {amount(less, currency)}, "
            f"without limits {amount(more, currency)}"
        )
    (one, first), (other, second) = nets.items()
    best, apart = (one, first - second) if first >= second else (other, second - first)
    return f"{best} saves {amount(apart, currency)} more net of cost"
