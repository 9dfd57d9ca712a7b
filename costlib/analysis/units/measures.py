"""What a metric counts, in which unit, and which cost of a model stands over it.

Conventions: a metric is known by its name in small letters. Values are counted in base units: tokens, not thousands of
tokens; whole currency, not cents; a share from 0 to 1, not per cent. A metric in a currency is a *value* (revenue,
saving), never a denominator. A metric that the table below does not know is a business outcome: the whole cost of the
model stands over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final

from costlib import money
from costlib.analysis.trend import Amount

REAL_TIME, BATCH, TRAINING = "real-time inference", "batch inference", "training"
INPUT, CACHED, OUTPUT = "input tokens", "cached input tokens", "output tokens"
TOKENS: Final = (INPUT, CACHED, OUTPUT)
#: Tokens written to a cache, whose price goes by how long they are kept; the first does not say for how long.
WRITTEN: Final = ("cache write tokens", "cache write tokens, 5 minutes", "cache write tokens, 1 hour")
#: Every kind of tokens, in the order of pages and tables.
TOKEN_KINDS: Final = (*TOKENS, *WRITTEN)
GPU_HOURS: Final = "gpu hours used"
#: Pages, tables and commands list units in this order; outcomes come between inferences and tokens.
_THOUSAND, _MILLION, _ONE = Decimal(1000), Decimal(1_000_000), Decimal(1)
_WIDE: Final = Context(prec=60)


@dataclass(frozen=True)
class Volume:
    """How much of a metric a team's model did on a day, in ``unit`` (None: the metric's own); None is unknown."""

    day: date
    metric: str
    team: str | None
    model: str | None
    value: Amount
    unit: str | None = None


@dataclass(frozen=True)
class Unit:
    """What a cost is divided by.

    ``per`` base units of ``metric`` are one unit, called ``name``. ``stages`` are those whose cost counts (None in it
    is cost whose stage the bills do not tell: it is never left out); without them all cost of the model does. Over
    tokens stand the meters of that kind of token, whatever their stage; over GPU hours the shared pools.
    """

    metric: str
    name: str
    per: Decimal
    base: str
    stages: tuple[str | None, ...] = ()

    @property
    def has_own_cost(self) -> bool:
        """Whether it counts one kind of tokens, or GPU hours: only the cost of that stands over it."""
        return self.metric in (*TOKEN_KINDS, GPU_HOURS)


def _without_comma(name: str) -> str:
    """A kind of tokens as a sentence can hold it: what stands after its comma comes into brackets."""
    kind, _, kept = name.partition(", ")
    return f"{kind} ({kept})" if kept else kind


_INFERENCES = ("requests", "inferences", "predictions", "invocations")
_UNITS: Final = {
    **{name: Unit(name, "1,000 inferences", _THOUSAND, "count", (REAL_TIME, None)) for name in _INFERENCES},
    "documents": Unit("documents", "1,000 documents", _THOUSAND, "count", (BATCH, None)),
    **{name: Unit(name, f"million {_without_comma(name)}", _MILLION, "tokens") for name in TOKEN_KINDS},
    "training runs": Unit("training runs", "training run", _ONE, "count", (TRAINING,)),
    GPU_HOURS: Unit(GPU_HOURS, "used GPU hour", _ONE, "hours"),
}

#: Units as people write them, without numbers: the base unit, and how many of it one is.
_WORDS: Final = {
    "": ("count", _ONE),
    "count": ("count", _ONE),
    "hours": ("hours", _ONE),
    "hour": ("hours", _ONE),
    "h": ("hours", _ONE),
    "hrs": ("hours", _ONE),
    "minutes": ("hours", _ONE / 60),
    "tokens": ("tokens", _ONE),
    "token": ("tokens", _ONE),
    "share": ("share", _ONE),
    "ratio": ("share", _ONE),
    "%": ("share", Decimal("0.01")),
    "percent": ("share", Decimal("0.01")),
    "per cent": ("share", Decimal("0.01")),
    "cents": ("USD", Decimal("0.01")),
}
_NUMBERS: Final = {"k": _THOUSAND, "thousand": _THOUSAND, "m": _MILLION, "million": _MILLION, "bn": Decimal(10) ** 9}


@lru_cache(maxsize=1024)
def unit_of(metric: str) -> Unit:
    """The unit that a metric is the denominator of.

    >>> unit_of("requests").name, unit_of("cached input tokens").name, unit_of("orders").name
    ('1,000 inferences', 'million cached input tokens', '1,000 orders')
    """
    return _UNITS.get(metric) or Unit(metric, f"1,000 {metric}", _THOUSAND, "count")


@lru_cache(maxsize=1024)
def base_of(unit: str | None, metric: str) -> tuple[str, Decimal] | None:
    """The base unit and how many of it ``unit`` is; the metric's own where none is said; None where it is not known.

    >>> base_of("1K tokens", "input tokens"), base_of("1000000 Tokens", "input tokens")
    (('tokens', Decimal('1000')), ('tokens', Decimal('1000000')))
    >>> base_of("EUR cents", "revenue"), base_of("%", "utilisation"), base_of(None, "requests")
    (('EUR', Decimal('0.01')), ('share', Decimal('0.01')), ('count', Decimal('1')))
    >>> base_of("furlongs", "requests") is None, base_of("requests", "requests")
    (True, ('count', Decimal('1')))
    """
    own = unit_of(metric).base
    if unit is None:
        return own, _ONE
    found = re.fullmatch(r"\s*([\d,.]*)\s*(.*?)\s*", unit.lower())
    number, word = (found.group(1).replace(",", ""), found.group(2)) if found else ("", unit.lower())
    if number and not re.fullmatch(r"\d+(\.\d+)?", number):
        return None
    times = Decimal(number) if number else _ONE
    first, _, rest = word.partition(" ")
    if first in _NUMBERS and (number or rest):
        times, word = times * _NUMBERS[first], rest or own
    if word in (metric, metric.removesuffix("s")):
        return own, times
    known = _currency(word) or _WORDS.get(word)
    return (known[0], times * known[1]) if known else None


def is_value(unit: str | None, metric: str) -> bool:
    """Whether the metric is worth money: its unit is a currency.

    >>> is_value("USD", "revenue"), is_value("cents", "revenue"), is_value(None, "requests")
    (True, True, False)
    """
    found = base_of(unit, metric)
    return found is not None and found[0] in money.currency_codes()


def is_denominator(one: Volume) -> bool:
    """Whether cost can be divided by it: it is neither worth money nor a utilisation.

    >>> day = date(2026, 9, 1)
    >>> [is_denominator(Volume(day, name, None, None, Decimal(1))) for name in ("orders", "gpu utilisation")]
    [True, False]
    """
    base = base_of(one.unit, one.metric)
    return not is_value(one.unit, one.metric) and "utili" not in one.metric and (base is None or base[0] != "share")


def in_base_units(volumes: Iterable[Volume]) -> list[Volume]:
    """The volumes in base units, which their ``unit`` then names; unknown (None) where a unit cannot be the metric's.

    >>> one = Volume(date(2026, 9, 1), "input tokens", None, "bot", Decimal(5), "1K tokens")
    >>> [(money.exact(found.value), found.unit) for found in in_base_units([one, replace(one, unit="EUR")])]
    [('5000', 'tokens'), (None, 'tokens')]
    """
    return [_in_base(one) for one in volumes]


def _in_base(one: Volume) -> Volume:
    own, found = unit_of(one.metric).base, base_of(one.unit, one.metric)
    if found is None or not fits(found[0], one.metric):
        return replace(one, value=None, unit=own)
    base, times = found
    value = one.value if one.value is None or times == _ONE else one.value * times
    return Volume(one.day, one.metric, one.team, one.model, value, base)


def fits(base: str, metric: str) -> bool:
    """Whether a metric can be counted in the base unit: one of the table only in its own, an outcome in any."""
    return base == unit_of(metric).base or metric not in _UNITS


#: Words that Azure shortens in the names of its meters, in the spellings that its price list has (read 2026-11).
_IN, _OUT, _CACHED = {"inp", "inpt"}, {"out", "outp", "outpt", "opt"}, {"cd", "cchd", "ccchd"}
#: What Google charges for text by the token without a word of tokens; up to Gemini 1.5 it was by the character.
_GEMINI: Final = re.compile(r"\bgemini (?!1\b)\d.*\btext (input|output)\b")


def token_kind(meter: str | None) -> str | None:
    """Which tokens a meter of a bill counts, None where it does not say one kind.

    >>> [token_kind(name) for name in ("USE1-NovaPro-cache-read-input-token-count", "Input tokens", "Hst:g5.xlarge")]
    ['cached input tokens', 'input tokens', None]
    >>> token_kind("gpt 4.1 Outp glbl Tokens"), token_kind("Gemini 2.5 Flash GA Text Output - Predictions")
    ('output tokens', 'output tokens')
    >>> token_kind("Cache write tokens, 5 minutes")
    'cache write tokens, 5 minutes'
    """
    name = (meter or "").lower()
    words = set(re.findall(r"[a-z]+", name))
    if not ("token" in name or _GEMINI.search(name)) or "storage" in words:
        return None
    if "cach" in name or words & _CACHED:
        return _written(name) if "write" in name or "wr" in words else CACHED
    into, out = "input" in name or bool(words & _IN), "output" in name or bool(words & _OUT)
    return None if into == out else INPUT if into else OUTPUT


def _written(name: str) -> str:
    """The kind of tokens written to a cache, by how long the meter says that they are kept."""
    some_time, minutes, hour = WRITTEN
    if re.search(r"\b5 ?m(in(utes)?)?\b", name):
        return minutes
    return hour if re.search(r"\b1 ?h(our)?\b", name) else some_time


def single_tokens(quantity: Amount, unit: str | None) -> Amount:
    """How many tokens a meter of tokens counts; None where its unit does not tell.

    Azure's ``1K`` is a thousand of them, Google's ``count`` one.

    >>> [str(single_tokens(Decimal(3), unit)) for unit in ("1K", "1M", "Tokens", "count", "Hours", None)]
    ['3000', '3000000', '3', '3', 'None', 'None']
    """
    if quantity is None or not unit:
        return None
    if unit.lower() == "count":
        return quantity
    base = base_of(unit, INPUT)
    return _WIDE.multiply(quantity, base[1]) if base is not None and base[0] == "tokens" else None


def share(value: Decimal, unit: str | None) -> Decimal | None:
    """A utilisation from 0 to 1, whichever way it was said; None where its unit does not fit the number.

    Without a unit a number above 1 can only be per cent, and one up to 1 is a share.

    >>> [share(Decimal(text), unit) for text, unit in (("0.64", None), ("64", None), ("64", "%"), ("64", "share"))]
    [Decimal('0.64'), Decimal('0.64'), Decimal('0.64'), None]
    >>> share(Decimal("0.9"), "%"), share(Decimal(140), None)
    (Decimal('0.009'), None)
    """
    found = base_of(unit, "utilisation") if unit else ("share", Decimal("0.01") if value > 1 else _ONE)
    if found is None or found[0] != "share":
        return None
    result = value * found[1]
    return result if 0 <= result <= 1 else None


def _currency(word: str) -> tuple[str, Decimal] | None:
    code, _, rest = word.upper().partition(" ")
    if code not in money.currency_codes() or rest not in ("", "CENTS"):
        return None
    return code, Decimal("0.01") if rest else _ONE
