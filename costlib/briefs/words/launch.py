"""The words of the launch review: what a model is estimated to cost a month, what was decided, what it came to.

Conventions: money a month in the launch's currency; the range of an estimate holds eight outcomes in ten, or is what
somebody stated. What is not known is called so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from costlib import money
from costlib.briefs.words.roadmap import amount
from costlib.periods import day_name
from costlib.roadmap.plan_fields import Estimate
from costlib.roadmap.portfolio.launch import Launch
from costlib.roadmap.portfolio.launch_review import LaunchEstimate, Outcome, Status, fit
from costlib.roadmap.portfolio.launched import MONTHS, LaunchMonth
from costlib.wording import capital

ESTIMATE_HELP: Final = (
    "A month's cost: volume x what each unit of it consumes x its price, added up. Components of one volume rise and "
    "fall together. Eight outcomes in ten lie in the range, or the range is what the proposer stated."
)
CAUSE_HELP: Final = (
    "More or fewer units than expected, more or less consumed by each, a higher or lower price: the three add up to "
    "the difference. A minus sign is cheaper."
)
LAUNCH_HEADER: Final = (
    "Model",
    "Owner",
    "Decision",
    "Planned",
    "Runs since",
    "Likely a month",
    "Range",
    "May be spent",
    "Came to",
    "Verdict",
)
MONTH_HEADER: Final = ("Month", "Came to", "Expected", "Range", "Verdict")
PART_HEADER: Final = ("Component", "Driven by", "Each needs", "Price", "Likely a month")
CAUSE_HEADER: Final = ("Component", "Expected", "Came to", "By volume", "By consumption", "By price", "In all")
#: Below it a price is said by the million.
_SMALL: Final = 0.001
NONE_YET: Final = "No model has been proposed for launch yet: propose one before it ships"


@dataclass(frozen=True)
class Reviewed:
    """One launch with its estimate and the closed months of its bill, oldest first."""

    launch: Launch
    estimate: LaunchEstimate
    months: tuple[LaunchMonth, ...] = ()


def launch_finding(found: Sequence[Reviewed]) -> str:
    """What shipped without approval, what waits for a decision, and what the last launch came to."""
    if not found:
        return NONE_YET
    said = [
        _named(found, Status.UNAPPROVED, "shipped without approval"),
        _named(found, Status.OPEN, "waits for a decision"),
    ]
    held = [one for one in found if one.months]
    if held:
        last = max(held, key=lambda one: one.months[-1].month)
        said.append(f"{last.launch.what} {month_finding(last)}")
    parts = [one for one in said if one]
    return "; ".join(parts) if parts else f"{_count(len(found))}, none of which is on a bill yet"


def _named(found: Sequence[Reviewed], wanted: Status, what: str) -> str:
    names = [one.launch.what for one in found if one.launch.status is wanted]
    if len(names) > 1:
        return f"{len(names)} models {what.replace('waits', 'wait')}"
    return f"{names[0]} {what}" if names else ""


def month_finding(one: Reviewed) -> str:
    """What the last closed month came to, beside the estimate."""
    month, currency = one.months[-1], one.launch.currency
    low, high = amount(month.low, currency), amount(month.high, currency)
    actual = amount(month.actual, currency)
    return f"came to {actual} in {month.month:%b %Y}, {verdict(month, currency)} of {low} to {high}"


def verdict(month: LaunchMonth, currency: str) -> str:
    """How a month stands to the estimated range."""
    beyond = _cents(month.beyond)
    if not beyond:
        return "inside the range"
    return f"{amount(abs(beyond), currency)} {'above' if beyond > 0 else 'below'} the range"


def launch_rows(found: Sequence[Reviewed]) -> list[list[str]]:
    """One row a launch."""
    return [_launch_row(one) for one in found]


def _launch_row(one: Reviewed) -> list[str]:
    launch, currency, monthly = one.launch, one.launch.currency, one.estimate.monthly
    last = one.months[-1] if one.months else None
    return [
        launch.what,
        launch.owner or "nobody named",
        decision_words(one),
        _day(launch.planned, "no day set"),
        _day(launch.shipped, "not yet"),
        amount(monthly.likely, currency),
        f"{amount(monthly.low, currency)} to {amount(monthly.high, currency)}",
        "no limit set" if launch.limit is None else amount(float(launch.limit), currency),
        "–" if last is None else f"{amount(last.actual, currency)} in {last.month:%b %Y}",
        "–" if last is None else verdict(last, currency),
    ]


def decision_words(one: Reviewed) -> str:
    """Where a launch stands, and on which day it was decided.

    A model that runs without an approval that came first says so.
    """
    made = one.launch.decision
    if one.launch.status is Status.UNAPPROVED:
        after = f", {made.verdict} {day_name(made.on)}" if made else ""
        return f"shipped without approval{after}"
    return f"{made.verdict}, {day_name(made.on)}" if made else "open"


def fit_words(one: Reviewed) -> str | None:
    """How the estimate stands to what may be spent; None without a limit."""
    limit = one.launch.limit
    if limit is None:
        return None
    said = fit(one.estimate, float(limit)).value
    return f"{capital(said)}; up to {amount(float(limit), one.launch.currency)} a month may be spent."


def part_rows(launch: Launch, estimate: LaunchEstimate) -> list[list[str]]:
    """One row a component: what drives it, what each unit needs, its price, what it costs a month."""
    return [
        [
            one.name,
            _driver(launch.volumes[one.volume], one.volume),
            f"{_between(one.consumption)} {one.unit}".strip(),
            _price(one.price),
            amount(estimate.components[one.name], launch.currency),
        ]
        for one in launch.components
    ]


def month_rows(one: Reviewed) -> list[list[str]]:
    """One row a closed month, the newest first."""
    currency, expected = one.launch.currency, one.estimate.monthly.likely
    return [
        [
            f"{month.month:%b %Y}",
            amount(month.actual, currency),
            amount(expected, currency),
            f"{amount(month.low, currency)} to {amount(month.high, currency)}",
            verdict(month, currency),
        ]
        for month in reversed(one.months)
    ]


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
    whole = f"{_more(apart, currency)} than expected" if _cents(apart) else "As much as expected"
    return f"{whole}: {', '.join(said)}" if said else whole


def _more(value: float, currency: str) -> str:
    return f"{amount(abs(_cents(value)), currency)} {'more' if value > 0 else 'less'}"


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
    *first, last = (f"{quantity:,.10g} {unit or 'without a unit'}" for unit, quantity in sums.items())
    return f"{', '.join(first)} and {last}"


def scope_words(scope: Mapping[str, Sequence[str]], label: Mapping[str, str]) -> str:
    """Where a launch's cost stands on the bill.

    >>> scope_words({"x_Model": ["a", "b"]}, {"x_Model": "Model"})
    'Model a, b'
    """
    return "; ".join(f"{label.get(column, column)} {', '.join(values)}" for column, values in scope.items())


def _between(one: Estimate) -> str:
    low, likely, high = (f"{value:,.10g}" for value in (one.low, one.likely, one.high))
    return likely if low == high else f"{likely} ({low} to {high})"


def _driver(one: Estimate, name: str) -> str:
    """What drives a component; what is there every month is not counted."""
    return "every month" if name == MONTHS else f"{_between(one)} {name}"


def _price(one: Estimate) -> str:
    """A price, by the million where it is small.

    >>> _price(Estimate(low=0.0000025, likely=0.0000025, high=0.0000025)), _price(Estimate(low=1, likely=2, high=3))
    ('2.5 a million', '2 (1 to 3)')
    """
    if 0 < one.high < _SMALL:
        million = Estimate(low=one.low * 1e6, likely=one.likely * 1e6, high=one.high * 1e6)
        return f"{_between(million)} a million"
    return _between(one)


def _cents(value: float) -> float:
    """The amount to the cent: what is left of adding up floats is nothing."""
    return round(value, 2) + 0.0


def _signed(value: float, currency: str) -> str:
    shown = amount(_cents(value), currency)
    return f"+{shown}" if _cents(value) > 0 else shown


def _day(day: date | None, otherwise: str) -> str:
    return day_name(day) if day else otherwise


def _count(number: int) -> str:
    return f"{money.counted(number, 'model')} reviewed"
