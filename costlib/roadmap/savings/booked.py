"""Savings by stage: measured, provisional (L4), booked by finance (L5); promised against realised against booked.

Conventions: one amount a month and initiative, money in the plan's currency, savings positive. Only what finance signed
off is booked. An initiative counts as provisional from stage L4 on, in the months that finance has not signed. Cost
avoidance, which never was on a bill, is a column of its own and is never added to a saving. Variance = realised -
promised: negative is a shortfall. Totals add likely values; ranges are never added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from costlib.errors import InputError
from costlib.periods import Grain, period_start

STAGES = ("L0", "L1", "L2", "L3", "L4", "L5")


class UnsignedBooking(InputError):
    """A booking that nobody in finance signed, or that stands twice."""


@dataclass(frozen=True)
class Entry:
    """Money of one initiative in one month: a promise, a realised likely value or cost avoided."""

    initiative: str
    month: date
    amount: float


@dataclass(frozen=True)
class Booking(Entry):
    """What finance signed off of one initiative and month: who signed it and when."""

    signed_by: str
    signed_on: date


@dataclass(frozen=True)
class Standing:
    """Savings of one initiative by what they are worth in a conversation; the four are never added together."""

    initiative: str
    in_flight: float
    provisional: float
    booked: float
    avoided: float


@dataclass(frozen=True)
class Review:
    """One initiative and quarter (named by its first day): what was promised, what came, what was signed.

    ``variance`` is None where nothing was measured; ``attainment`` where nothing was promised.
    """

    initiative: str
    quarter: date
    promised: float
    realised: float | None
    booked: float
    variance: float | None
    attainment: float | None


def standings(
    stages: Mapping[str, str], realised: Sequence[Entry], bookings: Sequence[Booking], avoided: Sequence[Entry] = ()
) -> list[Standing]:
    """One row an initiative of ``stages``; raises UnsignedBooking.

    >>> day = date(2026, 1, 1)
    >>> standings({"a": "L4"}, [Entry("a", day, 90.0), Entry("a", date(2026, 2, 1), 100.0)],
    ...           [Booking("a", day, 80.0, "Controller", date(2026, 2, 10))])
    [Standing(initiative='a', in_flight=0.0, provisional=100.0, booked=80.0, avoided=0.0)]
    """
    _checked(bookings)
    signed = {(one.initiative, one.month) for one in bookings}
    open_ones = [one for one in realised if (one.initiative, one.month) not in signed]
    rows = []
    for name, stage in stages.items():
        measured = _of(name, open_ones)
        done = STAGES.index(stage) >= STAGES.index("L4")
        rows.append(
            Standing(
                initiative=name,
                in_flight=0.0 if done else measured,
                provisional=measured if done else 0.0,
                booked=_of(name, bookings),
                avoided=_of(name, avoided),
            )
        )
    return rows


def quarterly_review(
    promised: Sequence[Entry], realised: Sequence[Entry], bookings: Sequence[Booking], fiscal_start: int = 1
) -> list[Review]:
    """One row an initiative and fiscal quarter in which anything was promised, measured or signed, oldest first."""
    _checked(bookings)
    sides = [_by_quarter(side, fiscal_start) for side in (promised, realised, bookings)]
    rows = []
    for quarter, name in sorted({key for side in sides for key in side}):
        aim, came, signed = (side.get((quarter, name)) for side in sides)
        rows.append(
            Review(
                initiative=name,
                quarter=quarter,
                promised=aim or 0.0,
                realised=came,
                booked=signed or 0.0,
                variance=None if came is None else came - (aim or 0.0),
                attainment=came / aim if aim and came is not None else None,
            )
        )
    return rows


def whole_quarter(found: Sequence[Review]) -> Review:
    """The reviews of one quarter added up; variance and attainment over those of which anything was measured."""
    known = [one for one in found if one.realised is not None]
    came, asked = sum(one.realised or 0.0 for one in known), sum(one.promised for one in known)
    return Review(
        initiative="all",
        quarter=found[0].quarter,
        promised=sum(one.promised for one in found),
        realised=came if known else None,
        booked=sum(one.booked for one in found),
        variance=came - asked if known else None,
        attainment=came / asked if known and asked else None,
    )


def _by_quarter(entries: Iterable[Entry], fiscal_start: int) -> dict[tuple[date, str], float]:
    added: dict[tuple[date, str], float] = {}
    for one in entries:
        key = (period_start(one.month, Grain.QUARTER, fiscal_start), one.initiative)
        added[key] = added.get(key, 0.0) + one.amount
    return added


def _of(initiative: str, entries: Iterable[Entry]) -> float:
    return sum((one.amount for one in entries if one.initiative == initiative), 0.0)


def _checked(bookings: Sequence[Booking]) -> None:
    seen = set()
    for one in bookings:
        key = (one.initiative, one.month)
        if not one.signed_by.strip() or key in seen:
            said = "stands twice" if key in seen else "is signed by nobody"
            raise UnsignedBooking(
                f"the booking of {one.initiative} for {one.month:%Y-%m} {said}",
                expected="one booking a month, with the name of the person in finance who signed it",
                fix="Correct the record.",
            )
        seen.add(key)
