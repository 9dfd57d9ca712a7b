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
from costlib.briefs.words.launch_causes import whole_cents
from costlib.briefs.words.roadmap import amount
from costlib.focus import label
from costlib.periods import day_name
from costlib.roadmap.plan_fields import Estimate
from costlib.roadmap.portfolio.launch import Launch
from costlib.roadmap.portfolio.launch_review import LaunchEstimate, Status, fit
from costlib.roadmap.portfolio.launched import MONTHS, LaunchMonth, UntoldMonth
from costlib.wording import capital

ESTIMATE_HELP: Final = (
    "A month's cost: volume x what each unit of it consumes x its price, added up. Components of one volume rise and "
    "fall together. Expected is the mean of all outcomes, and eight in ten of them lie in the range. A range that the "
    "proposer stated stands as it was stated, with its likely value."
)
LAUNCH_HEADER: Final = (
    "Model",
    "Owner",
    "Decision",
    "Planned",
    "Runs since",
    "Expected a month",
    "Range",
    "May be spent",
    "Came to",
    "Verdict",
)
MONTH_HEADER: Final = ("Month", "Came to", "Expected", "Range", "Verdict")
PART_HEADER: Final = ("Component", "Driven by", "Each needs", "Price", "Expected a month")
#: Below it a price is said by the million.
_SMALL: Final = 0.001
NONE_YET: Final = "No model has been proposed for launch yet: propose one before it ships"


@dataclass(frozen=True)
class Reviewed:
    """One launch with its estimate and the closed months of its bill, oldest first; ``untold`` are those without a cost
    that is known.
    """

    launch: Launch
    estimate: LaunchEstimate
    months: tuple[LaunchMonth, ...] = ()
    untold: tuple[UntoldMonth, ...] = ()

    @property
    def since(self) -> tuple[UntoldMonth, ...]:
        """The untold months after the last one that is known."""
        last = self.months[-1].month if self.months else None
        return tuple(one for one in self.untold if last is None or one.month > last)


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
    if not parts and any(not month.is_nothing for one in found for month in one.untold):
        return f"{_count(len(found))}; what came of it no bill tells yet"
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
    beyond = whole_cents(month.beyond)
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
        expected_words(one),
        f"{amount(monthly.low, currency)} to {amount(monthly.high, currency)}",
        "no limit set" if launch.limit is None else amount(float(launch.limit), currency),
        came_to(one),
        "–" if last is None else verdict(last, currency),
    ]


def expected_words(one: Reviewed) -> str:
    """What a month is expected to cost: the mean of its components, or the likely value of a range as it was stated."""
    said = amount(one.estimate.monthly.likely, one.launch.currency)
    return f"{said} likely, as stated" if one.launch.monthly else said


def came_to(one: Reviewed) -> str:
    """What the last month came to that is known, and the closed months since."""
    said = [f"{amount(last.actual, one.launch.currency)} in {last.month:%b %Y}" for last in one.months[-1:]]
    for is_nothing, what in ((False, "unknown"), (True, "nothing billed")):
        months = [month.month for month in one.since if month.is_nothing is is_nothing]
        if months:
            said.append(f"{what} {'in' if len(months) == 1 else 'since'} {months[0]:%b %Y}")
    return "; ".join(said) or "–"


def untold_words(one: UntoldMonth) -> str:
    """Why a month is held against nothing.

    >>> october = date(2026, 10, 1)
    >>> untold_words(UntoldMonth(october, accounts=("Microsoft (9021)",)))
    'no whole bill of Microsoft (9021)'
    >>> untold_words(UntoldMonth(october, unknown=1)), untold_words(UntoldMonth(october, is_missing=True))
    ('1 line item has no known cost', 'no bill of it is loaded')
    >>> untold_words(UntoldMonth(october))
    'nothing of it is on the bill'
    """
    if one.is_missing:
        return "no bill of it is loaded"
    if one.accounts:
        return f"no whole bill of {' or '.join(one.accounts)}"
    if one.unknown:
        return f"{money.counted(one.unknown, 'line item')} {'has' if one.unknown == 1 else 'have'} no known cost"
    return "nothing of it is on the bill"


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
    """One row a closed month, the newest first; one of unknown cost says why it is unknown."""
    currency, monthly = one.launch.currency, one.estimate.monthly
    expected = expected_words(one)
    rows = {
        month.month: [
            amount(month.actual, currency),
            expected,
            f"{amount(month.low, currency)} to {amount(month.high, currency)}",
            verdict(month, currency),
        ]
        for month in one.months
    }
    for month in one.untold:
        between = f"{amount(monthly.low, currency)} to {amount(monthly.high, currency)}"
        rows[month.month] = ["–" if month.is_nothing else money.UNKNOWN, expected, between, untold_words(month)]
    return [[f"{month:%b %Y}", *rows[month]] for month in sorted(rows, reverse=True)]


def scope_words(scope: Mapping[str, Sequence[str]]) -> str:
    """Where a launch's cost stands on the bill.

    >>> scope_words({"x_Model": ["a", "b"]})
    'Model a, b'
    """
    return "; ".join(f"{label(column)} {', '.join(values)}" for column, values in scope.items())


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


def _day(day: date | None, otherwise: str) -> str:
    return day_name(day) if day else otherwise


def _count(number: int) -> str:
    return f"{money.counted(number, 'model')} reviewed"
