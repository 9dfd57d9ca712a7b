"""Words of a launch's month taken apart: what volume, consumption and price did to it, and why it is not taken apart.

Conventions: money a month in the launch's currency; a minus sign is cheaper than estimated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from costlib.briefs.words.roadmap import amount
from costlib.roadmap.portfolio.launch_review import Outcome
from costlib.roadmap.portfolio.launched import LaunchMonth
from costlib.wording import listed

CAUSE_HELP: Final = (
    "More or fewer units than expected, more or less consumed by each, a higher or lower price: the three add up to "
    "the difference. A minus sign is cheaper."
)
CAUSE_HEADER: Final = ("Component", "Expected", "Came to", "By volume", "By consumption", "By price", "In all")


def cause_rows(found: Outcome, currency: str) -> list[list[str]]:
    """One row a component by cause, and one for each meter that nobody foresaw."""
    rows = [
        [
            one.name,
            amount(one.expected, currency),
            amount(one.actual, currency),
            *(_signed(value, currency) for value in (one.volume, one.consumption, one.price, one.total)),
        ]
        for one in found.deviations
    ]
    unforeseen = sorted(found.unforeseen.items(), key=lambda item: -item[1])
    rows += [
        [f"{name} (not foreseen)", amount(0, currency), amount(cost, currency), "–", "–", "–", _signed(cost, currency)]
        for name, cost in unforeseen
    ]
    return rows


def cause_finding(found: Outcome, expected: float, currency: str) -> str:
    """How far a month was from the likely estimate, and what each cause did to it, the largest first."""
    causes = {
        "by volume": sum(one.volume for one in found.deviations),
        "by consumption": sum(one.consumption for one in found.deviations),
        "by price": sum(one.price for one in found.deviations),
        "that nobody foresaw": sum(found.unforeseen.values()),
    }
    ranked = sorted(causes, key=lambda name: -abs(causes[name]))
    said = [f"{_more(causes[name], currency)} {name}" for name in ranked if abs(causes[name]) >= 1]
    apart = found.actual - expected
    whole = f"{_more(apart, currency)} than expected" if whole_cents(apart) else "As much as expected"
    return f"{whole}: {', '.join(said)}" if said else whole


def _more(value: float, currency: str) -> str:
    return f"{amount(abs(whole_cents(value)), currency)} {'more' if value > 0 else 'less'}"


def not_apart_words(month: LaunchMonth) -> str:
    """Why a month is not taken apart by cause: quantities in several units, each as billed, or an unknown one."""
    if not month.mixed:
        why = "a month is taken apart by cause where each volume was counted on each of its days."
        return f"{month.month:%b %Y} is not taken apart: {why}"
    said = [f"{name} in {_each(sums)}" for name, sums in month.mixed.items()]
    return (
        f"{month.month:%b %Y} is not taken apart: quantities in different units do not add up. "
        f"Billed was {'; '.join(said)}. Give each unit a component of its own."
    )


def _each(sums: Mapping[str, float]) -> str:
    """Quantities with their units.

    >>> _each({"Hours": 720, "": 1.5, "Requests": 12000})
    '720 Hours, 1.5 without a unit and 12,000 Requests'
    """
    return listed([f"{quantity:,.10g} {unit or 'without a unit'}" for unit, quantity in sums.items()])


def whole_cents(value: float) -> float:
    """The amount to the cent: what is left of adding up floats is nothing."""
    return round(value, 2) + 0.0


def _signed(value: float, currency: str) -> str:
    shown = amount(whole_cents(value), currency)
    return f"+{shown}" if whole_cents(value) > 0 else shown
