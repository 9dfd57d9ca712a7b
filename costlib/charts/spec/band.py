"""A trend with an outlook: what was spent, what is expected with its range, what was budgeted, what measures change.

Conventions: the periods run on past ``data_until``. The actual line ends where the data end, the forecast
begins in the period after the last complete amount and runs to the end; an open period may hold both, its cost
so far and what the whole of it is expected to cost. Forecast, range and the path with the plan are drawn from the
last complete amount on; a target is a level over the same periods, due in one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from costlib.charts.spec.parts import (
    Amount,
    Caption,
    Line,
    Role,
    check_amount,
    check_currency,
    check_names,
    check_series,
    known,
)
from costlib.charts.ticks import Scale, money_scale
from costlib.charts.timeline import Periods
from costlib.errors import InputError


@dataclass(frozen=True)
class Band:
    """A prediction interval: an amount above and one below, or None, for every period; the name says its level."""

    name: str
    low: tuple[Amount, ...]
    high: tuple[Amount, ...]


@dataclass(frozen=True)
class Target:
    """An amount a period that is to be reached, and the position of the period in which it is due."""

    name: str
    amount: Decimal
    due: int


@dataclass(frozen=True)
class BandTrend:
    """Actual, forecast with its range, and optionally budget, spend with the plan carried out, and target, over time.

    ``plan`` is the budget (role PLAN); ``with_plan`` the forecast if the measures are carried out (role WITH_PLAN).
    ``note`` is what a reader of the forecast must know; it goes along in files and descriptions.
    """

    caption: Caption
    periods: Periods
    currency: str
    actual: Line
    forecast: Line
    band: Band
    plan: Line | None = None
    with_plan: Line | None = None
    target: Target | None = None
    note: str = ""

    def __post_init__(self) -> None:
        check_currency(self.currency)
        check_series(self.series, len(self.periods), "line")
        named = (self.band.name,) if self.target is None else (self.band.name, self.target.name)
        check_names((*(line.name for line in self.lines), *named), "line")
        wanted = (Role.ACTUAL, Role.FORECAST, Role.PLAN, Role.WITH_PLAN)
        for line, role in zip((self.actual, self.forecast, self.plan, self.with_plan), wanted, strict=True):
            if line is not None and line.role is not role:
                raise InputError(f"The line {line.name!r} is {line.role}", expected=f"a line of the role {role}")
        if not known(self.forecast.values):
            raise InputError("A forecast has no amount", fix="Draw the actual line as a trend.")
        self._check_order()
        self._check_range()
        self._check_plan()

    def _check_order(self) -> None:
        """The actual ends with the data; the forecast begins right after it, or with the last period that has data.

        Periods between them, or before it where no actual is complete, are closed and of unknown cost.
        """
        last_data, begin = self.periods.data_index, 0 if self.last_actual is None else self.last_actual + 1
        if last_data is not None:
            begin = max(begin, min(last_data, known(self.forecast.values)[0][0]))
        for index, name in enumerate(self.periods.names):
            if last_data is not None and index > last_data and self.actual.values[index] is not None:
                raise InputError(f"{self.actual.name!r} has an amount for {name}, after the data end", expected="None")
            if (self.forecast.values[index] is not None) != (index >= begin):
                raise InputError(
                    f"{self.forecast.name!r} has {'an' if index < begin else 'no'} amount for {name}",
                    expected="one for every period after the last complete actual amount, and for no other",
                    fix="End the periods where the forecast ends.",
                )

    def _check_range(self) -> None:
        """Low and high wherever the forecast is, or nowhere, and the forecast between them."""
        has_range = bool(known(self.band.low) or known(self.band.high))
        for index, name in enumerate(self.periods.names):
            low, likely, high = self.band.low[index], self.forecast.values[index], self.band.high[index]
            if low is None or high is None or likely is None:
                if (low, high) != (None, None) or (has_range and likely is not None):
                    raise InputError(
                        f"{self.band.name!r} does not go with the forecast in {name}",
                        expected="low and high wherever there is a forecast, or nowhere",
                    )
            elif not low <= likely <= high:
                raise InputError(
                    f"{self.band.name!r} in {name} is {low} to {high}, the forecast {likely}",
                    expected="low <= forecast <= high",
                )

    def _check_plan(self) -> None:
        """The path with the plan where the forecast is; the target an amount, due where the forecast is."""
        ahead = [index for index, _ in known(self.forecast.values)]
        if self.with_plan is not None and [index for index, _ in known(self.with_plan.values)] != ahead:
            raise InputError(
                f"{self.with_plan.name!r} does not go with the forecast",
                expected="an amount for each period of the forecast, and for no other",
                fix="Before the first measure, repeat the forecast.",
            )
        if self.target is None:
            return
        check_amount(self.target.amount, "target", self.target.name)
        if self.target.due not in ahead:
            raise InputError(f"{self.target.name!r} is due outside the forecast", expected=f"one of {ahead}")

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines, in the order of the table: actual, forecast, budget, with the plan."""
        lines = (self.actual, self.forecast, self.plan, self.with_plan)
        return tuple(line for line in lines if line is not None)

    @property
    def series(self) -> tuple[Line, ...]:
        """Everything with an amount a period, in the order of the table; the range as its two ends."""
        low = Line(f"{self.band.name}, low", self.band.low, Role.FORECAST)
        high = Line(f"{self.band.name}, high", self.band.high, Role.FORECAST)
        return (self.actual, self.forecast, low, high, *self.lines[2:], *self._target_column)

    @property
    def _target_column(self) -> tuple[Line, ...]:
        """The target as a column of the table: an amount where it is due."""
        if self.target is None:
            return ()
        values = tuple(self.target.amount if at == self.target.due else None for at in range(len(self.periods)))
        return (Line(self.target.name, values, Role.PLAN),)

    @property
    def last_actual(self) -> int | None:
        """Position of the last complete actual amount."""
        closed = [index for index, _ in known(self.actual.values) if index != self.periods.open_index]
        return closed[-1] if closed else None

    @property
    def path(self) -> tuple[Amount, ...]:
        """The forecast as it is drawn: from the last actual amount on."""
        return self._opened(self.forecast.values)

    @property
    def with_plan_path(self) -> tuple[Amount, ...]:
        """The path with the plan as it is drawn: from the last actual amount on; nothing without a plan."""
        return () if self.with_plan is None else self._opened(self.with_plan.values)

    @property
    def target_level(self) -> tuple[Amount, ...]:
        """The target as it is drawn: a level over all periods of the outlook; nothing without a target."""
        if self.target is None:
            return ()
        return tuple(None if likely is None else self.target.amount for likely in self.path)

    @property
    def low(self) -> tuple[Amount, ...]:
        """The lower edge of the range as it is drawn: from the last actual amount on."""
        return self._opened(self.band.low)

    @property
    def high(self) -> tuple[Amount, ...]:
        """The upper edge of the range as it is drawn: from the last actual amount on."""
        return self._opened(self.band.high)

    def _opened(self, values: tuple[Amount, ...]) -> tuple[Amount, ...]:
        last = self.last_actual
        if last is None or not known(values):
            return values
        return (*values[:last], self.actual.values[last], *values[last + 1 :])

    @property
    def scale(self) -> Scale:
        """The value axis."""
        return money_scale((value for line in self.series for value in line.values), self.currency)
