"""The words of the Roadmap page: what stages and measures mean, rows of initiatives, and how they rank.

Conventions: money in the plan's currency, means over paths ("likely"); ranges hold eight outcomes in ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from costlib import money
from costlib.briefs.initiative_figures import NOT_ESTIMATED
from costlib.briefs.plan_figures import PHASES, PlanFigures
from costlib.periods import add_months
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.prioritise import Priority, priorities

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
    "It ranks by what a week of work brings; NPV ranks by money. Classic RICE puts the share on a scale: 3 from "
    "40%, 2 from 20%, 1 from 10%, 0.5 from 5%, else 0.25."
)
CHANCE_HELP: Final = "Share of the simulated futures in which spend in the target month is at or below the target."
RANGE_HELP: Final = "Eight simulated futures in ten lie in the range; likely is their average."
NET_HELP: Final = "Cash saved over the plan's months less what the initiatives cost once and every month."


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
    placed = ranked if one.is_estimated else None
    return {
        "Initiative": title_of(one),
        "Stage": one.stage,
        "Phase": PHASES.get(one.phase, one.phase),
        "Owner": one.owner or "not named",
        "Starts": f"{start:%b %Y}",
        "Saves a year": yearly,
        "NPV": None if placed is None else round(placed.npv),
        "RICE": None if placed is None or placed.rice is None else round(placed.rice),
        "By NPV, by RICE": "–" if placed is None else f"{placed.npv_rank} / {_place(placed)}",
    }


def _figure(found: PlanFigures | None, one: Initiative, name: str) -> float | None:
    figure = found.book.figures.get(f"{one.id}.{name}") if found else None
    return None if figure is None or figure.exact is None else round(float(figure.exact))


PRIORITY_HEADER: Final = ("Initiative", "By NPV", "By RICE", "NPV", "RICE", "Classic RICE", "Why they disagree")


def priority_rows(plan: Plan, found: Sequence[Priority], currency: str) -> list[list[str]]:
    """NPV and RICE side by side, the highest NPV first, with the reason where the two disagree."""
    named = {one.id: one for one in plan.initiatives}
    return [_priority_row(named[one.id], one, currency) for one in found]


def _priority_row(one: Initiative, ranked: Priority, currency: str) -> list[str]:
    if not one.is_estimated:
        return [title_of(one), "–", "–", NOT_ESTIMATED, NOT_ESTIMATED, NOT_ESTIMATED, ranked.reason or ""]
    return [
        title_of(one),
        str(ranked.npv_rank),
        _place(ranked),
        amount(ranked.npv, currency),
        _score(ranked.rice),
        _score(ranked.rice_classic),
        ranked.reason or ("they agree" if ranked.npv_rank == ranked.rice_rank else "they nearly agree"),
    ]


def _score(rice: float | None) -> str:
    return money.UNKNOWN if rice is None else f"{rice:,.0f}"


def _place(ranked: Priority) -> str:
    """The place by RICE; none without a score."""
    return "–" if ranked.rice is None else str(ranked.rice_rank)


def priority_finding(plan: Plan, found: Sequence[Priority]) -> str:
    """What comes first, and where money and work disagree most."""
    if not found:
        return "There is no initiative to rank yet"
    names = {one.id: title_of(one) for one in plan.initiatives}
    known = {one.id for one in plan.initiatives if one.is_estimated}
    if not known:
        return "What the initiatives save is not estimated yet, so none comes first"
    apart = [one for one in found if one.reason and one.id in known]
    first = f"{names[found[0].id]} is worth most"
    if not apart:
        nearly = "" if all(one.npv_rank == one.rice_rank for one in found if one.id in known) else "nearly "
        return f"{first}; NPV and RICE {nearly}agree on the order"
    widest = max(apart, key=lambda one: abs(one.npv_rank - one.rice_rank))
    same = widest.id == found[0].id
    return f"{first}; NPV and RICE disagree most on {'it' if same else names[widest.id]}"


def amount(value: float, currency: str) -> str:
    """A simulated amount as a headline says it.

    >>> amount(12345.678, "USD")
    '$12.3K'
    """
    return money.short(Decimal(f"{value:.12g}"), currency)


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
