"""What moves a plan's value: the widest swings as a chart with its finding.

Conventions: money in the plan's currency, one input at a time at its low and its high, means over paths ("likely").
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from costlib import money
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.words.roadmap import amount
from costlib.charts.spec import Caption, Level, Swing, Tornado
from costlib.charts.spec.tornado import MOST_SWINGS
from costlib.roadmap.plan_names import names_by_id
from costlib.roadmap.tornado import Swing as PlanSwing
from costlib.wording import capital

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


def tornado_chart(found: PlanFigures) -> Tornado | None:
    """How far one input at a time moves the plan's NPV, the widest swing first; None where nothing is uncertain."""
    swings = found.case.swings[:MOST_SWINGS]
    if not swings:
        return None
    plan, currency = found.case.plan, found.setting.currency
    names = names_by_id(plan.initiatives)
    drawn = tuple(_swing(one, names) for one in swings)
    base = Decimal(repr(swings[0].planned))
    low, high = sorted((swings[0].low, swings[0].high))
    what, where = _INPUTS.get(swings[0].input, swings[0].input), swings[0].initiative
    widest = what if where is None else f"{what} ({names[where]})"
    title = f"{capital(widest)} moves NPV most: from {amount(low, currency)} to {amount(high, currency)}"
    caption = Caption(
        title,
        f"net present value at {plan.plan.discount_rate:.0%} a year, one input at a time at its low and its high, "
        f"{currency}",
        found.source,
    )
    return Tornado(caption, currency, Level("As planned", money.cents(base)), drawn)


def _swing(one: PlanSwing, names: dict[str, str]) -> Swing:
    name = _SHORT.get(one.input, one.input)
    if one.initiative is not None:
        name = f"{name}: {names[one.initiative]}"
    low_at, high_at = _ENDS.get(one.input, ("", ""))
    low, high = (money.cents(Decimal(repr(value))) for value in (one.low, one.high))
    return Swing(name, low, high, low_at, high_at)
