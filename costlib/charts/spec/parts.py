"""What charts are made of: words around them, lines, parts of a stack, and what is refused in all of them.

Conventions: amounts are Decimal in one currency; None is unknown. A check raises InputError and says what to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from costlib import money
from costlib.errors import InputError

MOST_NAMED = 7
OTHER = "All other"

Amount = Decimal | None


class Role(StrEnum):
    """What a line stands for, and with it how it is drawn: solid, light grey, dotted grey, dashed.

    ``PLAN`` is what was budgeted; ``WITH_PLAN`` is the forecast if the planned measures are carried out.
    """

    ACTUAL = "actual"
    PREVIOUS = "previous"
    PLAN = "plan"
    FORECAST = "forecast"
    WITH_PLAN = "with plan"


@dataclass(frozen=True)
class Caption:
    """The words around a chart."""

    title: str
    subtitle: str
    source: str

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise InputError("A chart has no title", expected="its finding in one sentence", fix="Write the title.")


@dataclass(frozen=True)
class Line:
    """One line of a trend: an amount, or None, for every period."""

    name: str
    values: tuple[Amount, ...]
    role: Role = Role.ACTUAL


@dataclass(frozen=True)
class Segment:
    """One part of a stack: an amount, or None, for every period; ``other`` gathers what has no part of its own."""

    name: str
    values: tuple[Amount, ...]
    other: bool = False


def known(values: Sequence[Amount]) -> list[tuple[int, Decimal]]:
    """Position and amount of every known value."""
    return [(index, value) for index, value in enumerate(values) if value is not None]


def isolated(values: Sequence[Amount]) -> list[int]:
    """Positions of known values with no known neighbour: a line alone would not show them.

    >>> isolated((Decimal(1), None, Decimal(2), Decimal(3)))
    [0]
    """
    padded = [None, *values, None]
    return [index for index, value in known(values) if padded[index] is None and padded[index + 2] is None]


def holes(values: Sequence[Amount]) -> list[int]:
    """Positions of unknown values between known ones.

    >>> holes((None, Decimal(1), None, Decimal(2), None))
    [2]
    """
    places = [index for index, _ in known(values)]
    return [index for index in range(places[0], places[-1]) if values[index] is None] if places else []


def check_currency(currency: str) -> None:
    """Refuse what is not an ISO 4217 code."""
    if currency not in money.currency_codes():
        raise InputError(f"{currency} is not a currency", expected="an ISO 4217 code such as USD")


def check_names(names: Iterable[str], what: str) -> None:
    """Refuse a chart without parts, a part without a name, and two parts of one name."""
    counted = Counter(name.strip() for name in names)
    if not counted:
        raise InputError(f"A chart has no {what}", fix="Choose a filter that leaves some data.")
    for name, times in counted.items():
        if not name or times > 1:
            raise InputError(
                f"{times} {what}s are called {name!r}" if name else f"A {what} has no name",
                expected="one name each",
                fix="Rename one or add the two up.",
            )


def check_series(series: Sequence[Line | Segment], periods: int, what: str) -> None:
    """Refuse parts without names of their own or without one amount, or None, for every period."""
    check_names((part.name for part in series), what)
    for part in series:
        if len(part.values) != periods:
            raise InputError(
                f"The {what} {part.name!r} has {len(part.values)} values for {periods} periods",
                expected="one value a period, None where it is unknown",
            )
        for value in part.values:
            if value is not None:
                check_amount(value, what, part.name, expected="a finite Decimal, or None")


def check_amount(value: object, what: str, name: str, *, expected: str = "a finite Decimal") -> None:
    """Refuse what is not a finite Decimal."""
    if not (isinstance(value, Decimal) and value.is_finite()):
        raise InputError(f"The {what} {name!r} holds {value!r}", expected=expected)
