"""What moves a plan's value most: one input at a time at its low and its high end, as figures, a chart and a claim.

Conventions: value is net present value in the plan's currency, expected over all outcomes; an input that is certain is
left out. The value that swings start from is the plan's own, as every page shows it.
"""

from __future__ import annotations

from decimal import Decimal

from costlib import money
from costlib.briefs.plan_figures import PlanFigures
from costlib.charts.spec import Caption, Level, Swing, Tornado
from costlib.documents.model import Basis, Sentence
from costlib.roadmap.plan_names import names_by_id
from costlib.roadmap.tornado import SPEND
from costlib.roadmap.tornado import Swing as Input
from costlib.wording import capital

MOST = 8
_INPUTS = {
    "saving": "saving",
    "delay_months": "delay",
    "benefit": "benefit",
    "probability": "whether it works",
    "one_off_cost": "one-off cost",
    "running_cost": "running cost",
}
_ENDS = {"probability": ("fails", "works"), SPEND: ("10% less", "10% more")}


def put_swings(found: PlanFigures) -> None:
    """Put down the plan's value and the two ends of the widest swings."""
    for at, one in enumerate(_shown(found), start=1):
        name = swing_name(found, one)
        found.book.words(f"swing.{at}.name", name, "input that moves the plan's value", Basis.PLAN)
        found.book.amount(f"swing.{at}.low", one.low, f"net present value, {name} at its low end", Basis.PLAN)
        found.book.amount(f"swing.{at}.high", one.high, f"net present value, {name} at its high end", Basis.PLAN)
        found.book.amount("swing.planned", one.planned, "net present value as planned, mean of outcomes", Basis.PLAN)


def _shown(found: PlanFigures) -> tuple[Input, ...]:
    return found.case.swings[:MOST]


def swing_name(found: PlanFigures, one: Input) -> str:
    """An input as a reader calls it, what it is first: a narrow place cuts the name that follows."""
    if one.initiative is None:
        return "Spend without the plan"
    names = names_by_id(found.case.plan.initiatives)
    what = _INPUTS.get(one.input, one.input)
    return f"{capital(what)}: {names[one.initiative]}"


def swing_title(found: PlanFigures) -> Sentence:
    """What could hurt most, and whether any single input turns the plan into a loss."""
    book, shown = found.book, _shown(found)
    if not shown:
        return book.say("swing-title", "Nothing in the plan is uncertain: ask why")
    worst = min(range(len(shown)), key=lambda at: min(shown[at].low, shown[at].high))
    end = "low" if shown[worst].low <= shown[worst].high else "high"
    lost = min(shown[worst].low, shown[worst].high) <= 0
    if lost:
        text = f"One input alone can turn the plan into a loss: {{swing.{worst + 1}.name}}, {{swing.{worst + 1}.{end}}}"
        return book.say("swing-title", text)
    text = "No single input turns it into a loss; the worst takes its value from {swing.planned} to "
    return book.say("swing-title", f"{text}{{swing.{worst + 1}.{end}}}")


def swing_chart(found: PlanFigures) -> Tornado | None:
    """The swings around the plan's value; None where nothing is uncertain."""
    shown = _shown(found)
    if not shown:
        return None
    swings = []
    for one in shown:
        low_at, high_at = _ENDS.get(one.input, ("low", "high"))
        swings.append(Swing(swing_name(found, one), _cents(one.low), _cents(one.high), low_at, high_at))
    setting = found.setting
    widest = swing_name(found, shown[0])
    caption = Caption(
        f"{widest} moves the plan's value most",
        f"net present value with one input at its low and high end, {setting.currency}",
        found.source,
    )
    return Tornado(caption, setting.currency, Level("As planned", _cents(shown[0].planned)), tuple(swings))


def _cents(value: float) -> Decimal:
    return money.cents(Decimal(repr(value)))
