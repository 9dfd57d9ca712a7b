"""The value axis: round ticks, one unit for all of them, and their text for every renderer.

Conventions: amounts are Decimal in one currency, plain numbers or shares (0.18 is 18%). An axis on which lengths
are compared holds zero; one on which only places are compared may leave it out. All ticks of an axis share one
unit (none, K, M, B, T or %) and one number of decimals, so that a screen, a slide and a print show the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from costlib import money

_UNITS = ((12, "T"), (9, "B"), (6, "M"), (3, "K"))
_MULTIPLES = (1, 2, 5, 10)
_PARTS = 5
_PERCENT, _WHOLE = -2, Decimal(1)
_NEAR = Decimal("0.6")  # zero is left out where the amounts span less than this part of the largest
_EDGE = Decimal("0.2")  # an end tick is at least this part of a step away from the nearest amount


@dataclass(frozen=True)
class Scale:
    """Ticks from lowest to highest, the power of ten and letter of their unit, and their decimals.

    ``currency`` is empty where the axis shows numbers or shares.
    """

    ticks: tuple[Decimal, ...]
    power: int
    unit: str
    decimals: int
    currency: str

    @property
    def low(self) -> Decimal:
        """The lowest tick."""
        return self.ticks[0]

    @property
    def high(self) -> Decimal:
        """The highest tick."""
        return self.ticks[-1]

    @property
    def step(self) -> Decimal:
        """From one tick to the next."""
        return self.ticks[1] - self.ticks[0]

    def text(self, tick: Decimal) -> str:
        """A tick as the axis shows it.

        >>> [money_scale([Decimal(1_700_000)], "USD").text(Decimal(x)) for x in (0, 500_000, -1_000_000)]
        ['$0', '$0.5M', '−$1.0M']
        """
        if tick == 0:
            return self._prefix + "0" + ("%" if self.power == _PERCENT else "")
        sign = "−" if tick < 0 else ""
        return f"{sign}{self._prefix}{abs(tick).scaleb(-self.power):,.{self.decimals}f}{self.unit}"

    @property
    def _prefix(self) -> str:
        return money.prefix(self.currency) if self.currency else ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Every tick as the axis shows it, lowest first."""
        return tuple(self.text(tick) for tick in self.ticks)

    def fraction(self, amount: Decimal) -> float:
        """Where an amount lies on the axis: 0 at the lowest tick, 1 at the highest."""
        return float((amount - self.low) / (self.high - self.low))

    def number_format(self, *, extra: int = 0) -> str:
        """The same text as a spreadsheet number format, with ``extra`` more decimals.

        >>> print(money_scale([Decimal(1_700_000)], "USD").number_format())
        "$"#,##0.0,,"M";"−$"#,##0.0,,"M";"$"0
        """
        decimals = self.decimals + extra
        digits = "#,##0" + ("." + "0" * decimals if decimals else "") + "," * (self.power // 3)
        if self.power == _PERCENT:
            return f"{digits}%;−{digits}%;0%"
        unit = f'"{self.unit}"' if self.unit else ""
        sign = self._prefix
        return f'"{sign}"{digits}{unit};"−{sign}"{digits}{unit};"{sign}"0'


def money_scale(amounts: Iterable[Decimal | None], currency: str) -> Scale:
    """The axis that holds zero and every amount, in about five round steps.

    >>> money_scale([Decimal("1.57"), None, Decimal("-0.2")], "USD").texts
    ('−$0.50', '$0', '$0.50', '$1.00', '$1.50', '$2.00')
    """
    known = [amount for amount in amounts if amount is not None]
    low, high = min([Decimal(0), *known]), max([Decimal(0), *known])
    return _scale(_ticks(low, high), currency)


def place_scale(values: Iterable[Decimal | None], currency: str = "", *, percent: bool = False) -> Scale:
    """The axis of points, whose places are compared and not their lengths: zero is left out where it lies far off.

    An axis of shares of which none is above 100% ends there at the latest.

    >>> place_scale([Decimal("0.91"), Decimal("0.968")], percent=True).texts
    ('90%', '92%', '94%', '96%', '98%')
    >>> place_scale([Decimal("0.91"), Decimal("0.998")], percent=True).texts
    ('90%', '92%', '94%', '96%', '98%', '100%')
    """
    known = [value for value in values if value is not None] or [Decimal(0)]
    low, high = min(known), max(known)
    largest = max(abs(low), abs(high))
    if low == high or high - low >= _NEAR * largest or low < 0 < high:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
        return _scale(_ticks(low, high), currency, percent)
    ticks = _ticks(low, high, edge=_EDGE)
    if percent and high <= _WHOLE:
        ticks = tuple(tick for tick in ticks if tick <= _WHOLE)
    return _scale(ticks, currency, percent)


def _ticks(low: Decimal, high: Decimal, edge: Decimal = Decimal(0)) -> tuple[Decimal, ...]:
    """Round ticks from below ``low`` to above ``high``, each end at least ``edge`` of a step away."""
    step = _nice_step(high - low) if high > low else Decimal(1)
    first = (low / step - edge).to_integral_value(ROUND_FLOOR)
    last = (high / step + edge).to_integral_value(ROUND_CEILING)
    first -= step * first > low  # a quotient is rounded, a comparison is not
    last += step * last < high
    last = max(last, first + 1)
    return tuple(step * (first + index) for index in range(int(last - first) + 1))


def _scale(ticks: tuple[Decimal, ...], currency: str, percent: bool = False) -> Scale:
    step = ticks[1] - ticks[0]
    if percent:
        return Scale(ticks, _PERCENT, "%", _decimals(step, _PERCENT, currency), currency)
    largest = max(abs(ticks[0]), abs(ticks[-1]))
    power, unit = next(((p, u) for p, u in _UNITS if largest >= Decimal(10) ** p), (0, ""))
    return Scale(ticks, power, unit, _decimals(step, power, currency), currency)


def _nice_step(span: Decimal) -> Decimal:
    raw = span / _PARTS
    base = Decimal(1).scaleb(raw.adjusted())
    return next(base * multiple for multiple in _MULTIPLES if base * multiple >= raw)


def _decimals(step: Decimal, power: int, currency: str) -> int:
    exponent = step.scaleb(-power).normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return 2 if decimals == 1 and power == 0 and currency else decimals
