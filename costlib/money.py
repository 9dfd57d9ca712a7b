"""Money: its type in the store, exact text for machines, readable text for people.

Conventions: money is ``Decimal`` in Python and ``DECIMAL(38,18)`` in the store (20 digits before the
point, 18 after; a source that is finer is rounded half away from zero at the 18th, row by row). One
amount has one currency, an ISO 4217 code. Costs are positive, credits negative. Every figure on a
page, slide or document is formatted here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

from babel.numbers import format_currency, get_currency_precision, get_currency_symbol, list_currencies

SCALE = 18
SQL_TYPE = f"DECIMAL(38,{SCALE})"
CENT = Decimal("0.01")
LOCALE = "en_US"
UNKNOWN = "unknown"

_LETTERS = ("", "K", "M", "B", "T")

#: Wide enough for any sum of the store's money type; Python's default of 28 digits is not.
_EXACT = Context(prec=100)


@cache
def currency_codes() -> frozenset[str]:
    """ISO 4217 codes that a bill may carry (``XXX`` means no currency and is not one).

    >>> "USD" in currency_codes(), "ZZZ" in currency_codes()
    (True, False)
    """
    return frozenset(list_currencies()) - {"XXX"}


def exact(amount: Decimal | None) -> str | None:
    """The amount as decimal text, nothing rounded, no exponent and no trailing zeros; None stays None.

    >>> exact(Decimal("20.520226728990000000")), exact(Decimal("1E-7")), exact(Decimal("-0.00"))
    ('20.52022672899', '0.0000001', '0')
    """
    if amount is None:
        return None
    text = format(amount, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def exact_sum(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of the known amounts, every digit kept; 0 where there is none.

    >>> exact_sum([Decimal("1e19"), Decimal("1e-18"), None])
    Decimal('10000000000000000000.000000000000000001')
    """
    result = Decimal(0)
    for amount in amounts:
        result = _EXACT.add(result, amount or Decimal(0))
    return result


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum of the known amounts; None, unknown, where none of them is known.

    >>> total([Decimal(2), None]), total([None]), total([])
    (Decimal('2'), None, None)
    """
    known = [amount for amount in amounts if amount is not None]
    return exact_sum(known) if known else None


def difference(amount: Decimal | None, other: Decimal | None) -> Decimal | None:
    """``amount`` less ``other``, every digit kept; None where either is unknown.

    >>> difference(Decimal("2.5"), Decimal("0.5")), difference(None, Decimal(1))
    (Decimal('2.0'), None)
    """
    return None if amount is None or other is None else _EXACT.subtract(amount, other)


def product(amount: Decimal | None, factor: Decimal) -> Decimal | None:
    """``amount`` times ``factor``, every digit kept; None where the amount is unknown.

    >>> product(Decimal("0.000000000000000001"), Decimal("1.0952")), product(None, Decimal(2))
    (Decimal('1.0952E-18'), None)
    """
    return None if amount is None else _EXACT.multiply(amount, factor)


def ratio(amount: Decimal | None, base: Decimal | None) -> Decimal | None:
    """``amount`` over ``base``; None where either is unknown or the base is not positive.

    >>> ratio(Decimal(3), Decimal(4)), ratio(Decimal(3), Decimal(0))
    (Decimal('0.75'), None)
    """
    return None if amount is None or base is None or base <= 0 else amount / base


def cents(amount: Decimal) -> Decimal:
    """The amount rounded half up to the cent.

    >>> cents(Decimal("2.345"))
    Decimal('2.35')
    """
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def full(amount: Decimal | None, currency: str) -> str:
    """The amount to the cent with thousands separators, as an invoice prints it, rounded as ``cents`` does.

    >>> full(Decimal("1234567.891"), "USD"), full(Decimal("-12.3"), "EUR"), full(None, "USD")
    ('$1,234,567.89', '−€12.30', 'unknown')
    """
    if amount is None:
        return UNKNOWN
    rounded = Decimal(amount).quantize(_least(currency), rounding=ROUND_HALF_UP, context=_EXACT)
    text = format_currency(rounded.copy_abs() if rounded == 0 else rounded, currency, locale=LOCALE)
    return _minus(text.replace(symbol(currency), prefix(currency), 1))


def short(amount: Decimal | None, currency: str) -> str:
    """The amount for a headline: three significant figures with K, M or B; whole units below 1,000.

    Below ten of the currency's smallest unit it has two significant figures, for the prices of small units.

    >>> [short(Decimal(x), "USD") for x in ("1234567", "999999", "12345", "842.6", "3.5", "-34567")]
    ['$1.23M', '$1.00M', '$12.3K', '$843', '$3.50', '−$34.6K']
    >>> [short(Decimal(x), "USD") for x in ("0.147", "0.0652", "0.05", "0.0042")]
    ['$0.15', '$0.065', '$0.05', '$0.0042']
    """
    if amount is None:
        return UNKNOWN
    size = abs(Decimal(amount))
    if is_small(amount, currency):
        figures = format(_significant(size, 2).normalize(), "f")
    elif 0 < size < 100:
        return full(amount, currency)
    else:
        figures = _compact(_significant(size, 3)) if size else "0"
    return ("−" if amount < 0 else "") + prefix(currency) + figures


def is_small(amount: Decimal, currency: str) -> bool:
    """Whether ``short`` writes the amount finer than ``full``: two figures of it are below ten smallest units.

    >>> is_small(Decimal("0.0652"), "USD"), is_small(Decimal("0.0996"), "USD"), is_small(Decimal("6.5"), "JPY")
    (True, False, True)
    """
    size = abs(Decimal(amount))
    return size != 0 and _significant(size, 2) < 10 * _least(currency)


def signed(amount: Decimal | None, currency: str) -> str:
    """A change for a headline, always with its sign.

    >>> signed(Decimal("12345"), "USD"), signed(Decimal("-12345"), "USD")
    ('+$12.3K', '−$12.3K')
    """
    text = short(amount, currency)
    return f"+{text}" if amount is not None and amount > 0 else text


def percent(share: Decimal | float | None, *, sign: bool = False, digits: int = 0) -> str:
    """A ratio as per cent; None is unknown.

    >>> percent(Decimal("0.183")), percent(-0.0421, sign=True, digits=1), percent(None)
    ('18%', '−4.2%', 'unknown')
    """
    if share is None:
        return UNKNOWN
    value = Decimal(str(share)) * 100
    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)
    return _minus(f"{rounded:+}%" if sign and rounded else f"{rounded}%")


def count(number: int) -> str:
    """A whole number with thousands separators.

    >>> count(1234567)
    '1,234,567'
    """
    return f"{number:,}"


def counted(number: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"


def symbol(currency: str) -> str:
    """The currency's symbol, or its code where it has none.

    >>> symbol("USD"), symbol("CHF")
    ('$', 'CHF')
    """
    return str(get_currency_symbol(currency, locale=LOCALE))


def prefix(currency: str) -> str:
    """The currency before a number: a sign stands close to it, letters keep a space.

    >>> prefix("USD"), prefix("CHF")
    ('$', 'CHF\\xa0')
    """
    sign = symbol(currency)
    return f"{sign}\xa0" if sign[-1].isalpha() else sign


def _least(currency: str) -> Decimal:
    """The currency's smallest unit: a cent, a yen."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def _compact(size: Decimal) -> str:
    """An amount of three significant figures with its thousands as a letter."""
    thousands = min(size.adjusted() // 3, len(_LETTERS) - 1)
    digits = max(2 - (size.adjusted() - 3 * thousands), 0) if thousands else 0
    return f"{size.scaleb(-3 * thousands):,.{digits}f}{_LETTERS[thousands]}"


def _significant(value: Decimal, figures: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(value.adjusted() - figures + 1), rounding=ROUND_HALF_UP)


def _minus(text: str) -> str:
    return text.replace("-", "−")
