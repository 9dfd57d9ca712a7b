"""The record of past decisions: what was promised by now, what came, and what finance signed, by initiative and lever.

Conventions: money in one currency, up to the last day of the bills. Signed off, provisional, in flight and avoided are
kept apart and never added together; ``realised`` is None where nothing was measured, which is not 0, and sums leave it
out and count it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from costlib.roadmap.savings.booked import Booking, Entry, Standing, standings
from costlib.roadmap.savings.promised import Live, Measurement

NO_LEVER = "no lever"


@dataclass(frozen=True)
class Line:
    """One initiative, one lever, or all of them; ``unmeasured`` counts the initiatives of which nothing is measured."""

    name: str
    lever: str
    promised: float
    realised: float | None
    booked: float
    provisional: float
    in_flight: float
    avoided: float
    unmeasured: int = 0


@dataclass(frozen=True)
class TrackRecord:
    """One line an initiative that is approved or further."""

    lines: tuple[Line, ...] = ()

    @property
    def whole(self) -> Line:
        """All of them."""
        return _added("All", "", self.lines)

    @property
    def by_lever(self) -> tuple[Line, ...]:
        """One line a lever, the largest promise first: what kind of promise is kept and what kind is not."""
        return _grouped(self.lines, lambda one: one.lever)


def track_record(
    live: Sequence[Live],
    measured: Sequence[Measurement],
    bookings: Sequence[Booking],
    avoided: Sequence[Entry] = (),
) -> TrackRecord:
    """The record of these initiatives, the largest promise first; raises UnsignedBooking.

    Entries and bookings name initiatives by their key; those of others are left out.
    """
    came = [entry for one in measured for entry in one.realised()]
    asked = [entry for one in measured for entry in one.promised()]
    known = {entry.initiative for entry in came}
    rows = standings({one.key: one.stage for one in live}, came, bookings, avoided)
    lines = [_line(one, row, asked, came, known) for one, row in zip(live, rows, strict=True)]
    return TrackRecord(tuple(sorted(lines, key=lambda one: (-one.promised, one.name))))


def _line(one: Live, row: Standing, asked: Sequence[Entry], came: Sequence[Entry], known: set[str]) -> Line:
    return Line(
        name=one.name,
        lever=one.lever or NO_LEVER,
        promised=_of(one.key, asked),
        realised=_of(one.key, came) if one.key in known else None,
        booked=row.booked,
        provisional=row.provisional,
        in_flight=row.in_flight,
        avoided=row.avoided,
        unmeasured=int(one.key not in known),
    )


def _grouped(lines: Sequence[Line], by: Callable[[Line], str]) -> tuple[Line, ...]:
    groups: dict[str, list[Line]] = {}
    for one in lines:
        groups.setdefault(by(one), []).append(one)
    added = [_added(name, name, own) for name, own in groups.items()]
    return tuple(sorted(added, key=lambda one: (-one.promised, one.name)))


def _added(name: str, lever: str, lines: Sequence[Line]) -> Line:
    came = [one.realised for one in lines if one.realised is not None]
    return Line(
        name=name,
        lever=lever,
        promised=sum(one.promised for one in lines),
        realised=sum(came) if came else None,
        booked=sum(one.booked for one in lines),
        provisional=sum(one.provisional for one in lines),
        in_flight=sum(one.in_flight for one in lines),
        avoided=sum(one.avoided for one in lines),
        unmeasured=sum(one.unmeasured for one in lines),
    )


def _of(key: str, entries: Sequence[Entry]) -> float:
    return sum(entry.amount for entry in entries if entry.initiative == key)
