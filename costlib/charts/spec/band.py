"""A trend with an outlook: what was spent, what is expected with its range, and what was planned.

Conventions: the periods run on past ``data_until``. The actual line ends where the data end, the forecast
begins in the period after the last complete amount and runs to the end; an open period may hold both, its cost
so far and what the whole of it is expected to cost. Forecast and range are drawn from the last complete amount on.
"""

from __future__ import annotations

from dataclasses import dataclass

from costlib.charts.spec.parts import Amount, Caption, Line, Role, check_currency, check_names, check_series, known
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
class BandTrend:
    """Actual, forecast with its range, and optionally the plan, over time."""

    caption: Caption
    periods: Periods
    currency: str
    actual: Line
    forecast: Line
    band: Band
    plan: Line | None = None

    def __post_init__(self) -> None:
        check_currency(self.currency)
        check_series(self.series, len(self.periods), "line")
        check_names((*(line.name for line in self.lines), self.band.name), "line")
        for line, role in zip(self.lines, (Role.ACTUAL, Role.FORECAST, Role.PLAN), strict=False):
            if line.role is not role:
                raise InputError(f"The line {line.name!r} is {line.role}", expected=f"a line of the role {role}")
        if not known(self.forecast.values):
            raise InputError("A forecast has no amount", fix="Draw the actual line as a trend.")
        self._check_order()
        self._check_range()

    def _check_order(self) -> None:
        """The actual ends with the data; the forecast begins right after it and runs to the end."""
        last_data, begin = self.periods.data_index, 0 if self.last_actual is None else self.last_actual + 1
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

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines, in the order of the table: actual, forecast, plan."""
        return (self.actual, self.forecast) if self.plan is None else (self.actual, self.forecast, self.plan)

    @property
    def series(self) -> tuple[Line, ...]:
        """Everything with an amount a period, in the order of the table; the range as its two ends."""
        low = Line(f"{self.band.name}, low", self.band.low, Role.FORECAST)
        high = Line(f"{self.band.name}, high", self.band.high, Role.FORECAST)
        return (self.actual, self.forecast, low, high, *self.lines[2:])

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
