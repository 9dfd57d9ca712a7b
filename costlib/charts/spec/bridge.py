"""A bridge: from one amount to another in signed steps.

Conventions: a step is a change of cost, a rise positive, a fall negative; every amount is known, and start
plus steps is the end to the last digit. The arithmetic of running floors lives here; renderers only draw it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from costlib import money
from costlib.charts.spec.parts import OTHER, Caption, check_amount, check_currency, check_names
from costlib.charts.ticks import Scale, money_scale
from costlib.errors import InputError

MOST_STEPS = 8


@dataclass(frozen=True)
class Level:
    """Where a bridge begins or ends."""

    name: str
    amount: Decimal


@dataclass(frozen=True)
class Step:
    """One signed change on the way; ``other`` gathers the changes that have no step of their own."""

    name: str
    amount: Decimal
    other: bool = False


@dataclass(frozen=True)
class Column:
    """One column as it is drawn: the whole of a level, or a step hanging between two running totals."""

    name: str
    amount: Decimal
    before: Decimal
    after: Decimal
    is_level: bool

    @property
    def low(self) -> Decimal:
        """The lower end."""
        return min(self.before, self.after)

    @property
    def high(self) -> Decimal:
        """The upper end."""
        return max(self.before, self.after)

    @property
    def floor(self) -> Decimal:
        """From zero to the column's nearer end: 0 for one that stands on zero or crosses it.

        >>> [Column("", Decimal(0), Decimal(a), Decimal(b), False).floor for a, b in ((5, 8), (5, -3), (-2, -9))]
        [Decimal('5'), Decimal('0'), Decimal('-2')]
        """
        return money.exact_sum((max(self.low, Decimal(0)), min(self.high, Decimal(0))))

    @property
    def above(self) -> Decimal:
        """The part above zero, as its height."""
        return money.difference(max(self.high, Decimal(0)), max(self.low, Decimal(0))) or Decimal(0)

    @property
    def below(self) -> Decimal:
        """The part below zero, as a negative amount."""
        return money.difference(min(self.low, Decimal(0)), min(self.high, Decimal(0))) or Decimal(0)


@dataclass(frozen=True)
class Bridge:
    """A start, at most eight steps and one that gathers the rest, and the end they add up to."""

    caption: Caption
    currency: str
    start: Level
    steps: tuple[Step, ...]
    end: Level

    def __post_init__(self) -> None:
        check_currency(self.currency)
        check_names((step.name for step in self.steps), "step")
        check_names((self.start.name,), "start")
        check_names((self.end.name,), "end")
        for name, amount in self._amounts:
            check_amount(amount, "part", name)
        if any(step.other for step in self.steps[:-1]) or sum(not step.other for step in self.steps) > MOST_STEPS:
            raise InputError(
                f"A bridge has {len(self.steps)} steps",
                expected=f"at most {MOST_STEPS}, then one that gathers the rest",
                fix="Pass them through gathered().",
            )
        total = money.exact_sum((self.start.amount, *(step.amount for step in self.steps)))
        if total != self.end.amount:
            raise InputError(
                f"A bridge ends at {money.exact(self.end.amount)}, start and steps come to {money.exact(total)}",
                expected="start + steps = end, to the last digit",
                fix="Add the step that is missing.",
            )

    @property
    def _amounts(self) -> tuple[tuple[str, Decimal], ...]:
        steps = ((step.name, step.amount) for step in self.steps)
        return ((self.start.name, self.start.amount), *steps, (self.end.name, self.end.amount))

    @property
    def columns(self) -> tuple[Column, ...]:
        """Everything that is drawn, from the start to the end."""
        columns = [Column(self.start.name, self.start.amount, Decimal(0), self.start.amount, True)]
        for step in self.steps:
            before = columns[-1].after
            columns.append(Column(step.name, step.amount, before, money.exact_sum((before, step.amount)), False))
        return (*columns, Column(self.end.name, self.end.amount, Decimal(0), self.end.amount, True))

    @property
    def carried(self) -> tuple[Decimal, ...]:
        """The running total between each column and the next."""
        return tuple(column.after for column in self.columns[:-1])

    @property
    def change(self) -> Decimal:
        """From the start to the end."""
        return money.exact_sum(step.amount for step in self.steps)

    @property
    def scale(self) -> Scale:
        """The value axis."""
        return money_scale((end for column in self.columns for end in (column.low, column.high)), self.currency)

    @property
    def labels(self) -> tuple[str, ...]:
        """One short label a column, with its currency and unit as in a headline; steps with their sign."""
        return tuple(
            money.short(column.amount, self.currency) if column.is_level else money.signed(column.amount, self.currency)
            for column in self.columns
        )


def gathered(steps: Sequence[Step], most: int = MOST_STEPS) -> tuple[Step, ...]:
    """The ``most`` largest changes in the order given, then the sum of the rest as one step.

    >>> changes = {"Price": -9, "Idle": 1, "Users": 7, "Tax": 2}
    >>> steps = [Step(name, Decimal(amount)) for name, amount in changes.items()]
    >>> [(step.name, int(step.amount)) for step in gathered(steps, most=2)]
    [('Price', -9), ('Users', 7), ('All other', 3)]
    """
    if len(steps) <= most:
        return tuple(steps)
    by_size = sorted(
        range(len(steps)), key=lambda index: (steps[index].other, steps[index].amount.copy_abs().copy_negate(), index)
    )
    kept = set(by_size[:most])
    rest = [step for index, step in enumerate(steps) if index not in kept]
    name = rest[0].name if len(rest) == 1 else OTHER
    last = Step(name, money.exact_sum(step.amount for step in rest), other=True)
    return (*(step for index, step in enumerate(steps) if index in kept), last)
