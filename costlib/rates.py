"""Currency rates by billing month, from a file that finance keeps.

    version: 1
    rates:
      - {month: 2026-09, from: EUR, to: USD, rate: 1.0952, source: "treasury, 2026-10-02"}

One unit of ``from`` is ``rate`` units of ``to`` in every bill of that billing month. Rates are used as they stand:
none is turned round, chained or carried over to another month; a missing one is an error that names it. Rates of months
that are closed are locked: a second file of the same form keeps them, and the first must agree with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from costlib.errors import RateError
from costlib.money import currency_codes, exact
from costlib.yaml_text import parsed

VERSION = "1"
_FIELDS = ("month", "from", "to", "rate", "source")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,18})?")
_MOST_BYTES = 1 << 20
_FORM = '{month: 2026-09, from: EUR, to: USD, rate: 1.0952, source: "who says so, and when"}'

Pair = tuple[date, str, str]


@dataclass(frozen=True)
class Rate:
    """What one unit of ``base`` is worth in ``quote`` in a billing month, and who says so."""

    month: date
    base: str
    quote: str
    rate: Decimal
    source: str

    @property
    def pair(self) -> Pair:
        """Month and currencies."""
        return (self.month, self.base, self.quote)

    @property
    def document(self) -> dict[str, str]:
        """The rate as it stands in a file."""
        values = (f"{self.month:%Y-%m}", self.base, self.quote, str(exact(self.rate)), self.source)
        return dict(zip(_FIELDS, values, strict=True))


@dataclass(frozen=True)
class Rates:
    """The rates of one file, one a month and pair; ``where`` names the file in messages."""

    entries: tuple[Rate, ...] = field(default=())
    where: str = "rates.yaml"

    def rate(self, month: date, base: str, quote: str) -> Rate:
        """The rate from ``base`` to ``quote`` in the month; a currency is worth itself.

        Raises ``RateError`` that names month and pair.
        """
        if base == quote:
            return Rate(month, base, quote, Decimal(1), "the same currency")
        for entry in self.entries:
            if entry.pair == (month, base, quote):
                return entry
        raise RateError(
            f"There is no rate from {base} to {quote} for {month:%Y-%m} in {self.where}",
            expected=f"- {{month: {month:%Y-%m}, from: {base}, to: {quote}, rate: ..., source: ...}}",
            fix="Add the rate that your accounts use.",
        )

    def check_locked(self, locked: Rates) -> None:
        """Raise ``RateError`` for a locked rate that has another value here, or none."""
        ours = {entry.pair: entry.rate for entry in self.entries}
        for entry in locked.entries:
            if ours.get(entry.pair) != entry.rate:
                now = exact(ours[entry.pair]) if entry.pair in ours else "gone"
                raise RateError(
                    f"The rate from {entry.base} to {entry.quote} for {entry.month:%Y-%m} was locked at "
                    f"{exact(entry.rate)} and is {now} in {self.where}",
                    expected="rates of closed months as they were",
                    fix=f"Put it back; a correction belongs into the month in which it is booked ({locked.where}).",
                )

    def closed(self, locked: Rates, first_open: date) -> Rates:
        """The locked rates and those of this file whose month is before the first open one."""
        held = {entry.pair for entry in locked.entries}
        new = [entry for entry in self.entries if entry.month < first_open and entry.pair not in held]
        return Rates(tuple(sorted((*locked.entries, *new), key=lambda entry: entry.pair)), locked.where)


def read_rates(path: Path) -> Rates:
    """The rates of the file, none where it does not exist.

    Raises ``RateError``.
    """
    try:
        content = path.read_bytes()[: _MOST_BYTES + 1]
    except FileNotFoundError:
        return Rates(where=str(path))
    except OSError as error:
        raise _unusable(str(path), f"cannot be opened ({error.strerror})") from error
    try:
        return rates_of_text(content.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise _unusable(str(path), "is not UTF-8 text") from error


@lru_cache(maxsize=8)
def rates_of_text(text: str, where: str = "rates.yaml") -> Rates:
    """The rates that the text says.

    Raises ``RateError`` with the number of the entry and what is wrong with it.

    >>> rates = rates_of_text("{version: 1, rates: [{month: 2026-09, from: EUR, to: USD, rate: 1.0952, source: me}]}")
    >>> rates.rate(date(2026, 9, 1), "EUR", "USD").rate
    Decimal('1.0952')
    """
    if len(text) > _MOST_BYTES:
        raise _unusable(where, "is larger than 1 MiB")
    try:
        document = parsed(text, yaml.BaseLoader)
    except ValueError as error:
        raise _unusable(where, f"is not YAML ({str(error)[:120]})") from error
    if not isinstance(document, dict) or document.keys() - {"version", "rates"}:
        raise _unusable(where, "does not consist of version and rates")
    if document.get("version") != VERSION:
        raise _unusable(where, f"has version {str(document.get('version'))[:20]}, not {VERSION}")
    entries = document.get("rates") or []
    if not isinstance(entries, list):
        raise _unusable(where, "has no list of rates")
    rates = [_rate(entry, f"{where}, entry {number}") for number, entry in enumerate(entries, 1)]
    _refuse_repeated(rates, where)
    return Rates(tuple(rates), where)


def rates_text(rates: Rates) -> str:
    """The rates as the text of a file."""
    return yaml.safe_dump(
        {"version": 1, "rates": [entry.document for entry in rates.entries]}, sort_keys=False, allow_unicode=True
    )


def _rate(entry: Any, where: str) -> Rate:
    if not isinstance(entry, dict) or set(entry) != set(_FIELDS):
        raise _unusable(where, "does not have month, from, to, rate and source, each once")
    for name, value in entry.items():
        if not isinstance(value, str) or not value.strip():
            raise _unusable(where, f"has no {name}")
    month, base, quote, rate, source = (entry[name].strip() for name in _FIELDS)
    if not _MONTH.fullmatch(month) or month < "0001":
        raise _unusable(where, f"has the month {month[:20]}")
    for code in (base, quote):
        if code not in currency_codes():
            raise _unusable(where, f"has the currency {code[:20]}, which is no ISO 4217 code")
    if base == quote:
        raise _unusable(where, f"goes from {base} to itself")
    if not _NUMBER.fullmatch(rate) or not Decimal(rate):
        raise _unusable(where, f"has the rate {rate[:40]}, which is no positive decimal number")
    return Rate(date.fromisoformat(f"{month}-01"), base, quote, Decimal(rate), source)


def _refuse_repeated(rates: Sequence[Rate], where: str) -> None:
    seen: dict[Pair, int] = {}
    for number, entry in enumerate(rates, 1):
        if entry.pair in seen:
            raise _unusable(
                f"{where}, entry {number}",
                f"repeats {entry.base} to {entry.quote} for {entry.month:%Y-%m} of entry {seen[entry.pair]}",
            )
        seen[entry.pair] = number


def _unusable(where: str, what: str) -> RateError:
    return RateError(f"{where} {what}", expected=_FORM, fix="Correct the file; nothing was changed.")


def documents(rates: Sequence[Rate]) -> list[Mapping[str, str]]:
    """Rates for an answer in JSON: what was used, and who says so."""
    return [entry.document for entry in rates]
