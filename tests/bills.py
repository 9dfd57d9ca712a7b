"""Generated bills: what providers really send, and a little worse.

Amounts carry up to 18 decimals, the scale of the store; words carry quotes, SQL, patterns, line breaks and other
scripts; days may lie outside the billing month; list, contracted and effective cost may be unknown.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st

from tests.builders import Row, focus_row

ACCOUNTS = ("111122223333", "O'Brien & Sons", "../up/Ünï-東京")
MONTHS = ("2026-08", "2026-09", "2025-12")
CURRENCIES = ("USD", "EUR", "JPY")
WORDS = (
    "Servers",
    "x'; DROP TABLE cube; --",
    'so "called"',
    "Ünïcode 東京 🚀",
    "a,b;c\td",
    "two\nlines",
    "100%_*?[a-z]",
    "back\\slash",
    "NaN",
)
#: Values that cannot be loaded, by column.
DEFECTS = {
    "BilledCost": ("abc", "1,5", "NaN", ""),
    "EffectiveCost": ("--1", "1.234,56"),
    "BillingAccountId": ("",),
    "BillingCurrency": ("",),
    "ChargePeriodStart": ("yesterday", "2026-02-30"),
    "BillingPeriodStart": ("", "2026-13-01"),
}


def few(examples: int) -> settings:
    """Settings for a property that loads bills; EXAMPLES multiplies."""
    return settings(max_examples=examples * int(os.environ.get("EXAMPLES", "1")))


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """A folder of its own for one example of a property."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


def amounts() -> st.SearchStrategy[str]:
    """Decimal text from credits of billions to the 18th decimal."""
    scaled = st.builds(_decimal, st.integers(-(10**18), 10**18), st.integers(0, 18))
    wide = st.builds(_decimal, st.integers(-(10**36), 10**36), st.just(18))
    return st.one_of(st.sampled_from(["0", "0.000000000000000001", "-12.5", "3.7e-12", "19.99"]), scaled, wide)


def _decimal(number: int, places: int) -> str:
    whole, rest = divmod(abs(number), 10**places)
    return f"{'-' if number < 0 else ''}{whole}{f'.{rest:0{places}d}' if places else ''}"


def maybe_amounts() -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), amounts())


def tag_texts() -> st.SearchStrategy[str | None]:
    words = st.sampled_from(("team", "Team", "cost centre", "it's", 'q"', *WORDS))
    objects = st.dictionaries(words, st.one_of(words, st.none(), st.integers()), max_size=3).map(json.dumps)
    return st.one_of(st.none(), objects, st.sampled_from(["{}", "{broken", '"team": "no braces"', "[1, 2]", "text"]))


def days(month: str) -> st.SearchStrategy[str]:
    """A moment of the billing month, or late or early by months."""
    inside = st.integers(1, 28).map(lambda day: f"{month}-{day:02d}T23:59:59Z")
    outside = st.sampled_from(["2025-01-31T00:00:00Z", "2026-12-31 00:00:00", "2026-09-01T01:30:00+02:00"])
    return st.one_of(inside, inside, inside, outside)


@st.composite
def sound_rows(draw: st.DrawFn, accounts: tuple[str, ...] = ACCOUNTS, months: tuple[str, ...] = MONTHS) -> Row:
    """One line item that can be loaded."""
    month = draw(st.sampled_from(months))
    return focus_row(
        BillingAccountId=draw(st.sampled_from(accounts)),
        BillingCurrency=draw(st.sampled_from(CURRENCIES)),
        BillingPeriodStart=f"{month}-01",
        ChargePeriodStart=draw(days(month)),
        ChargeCategory=draw(st.sampled_from(["Usage", "Usage", "Credit", "Tax"])),
        ServiceName=draw(st.sampled_from(WORDS)),
        RegionId=draw(st.sampled_from(["eu-central-1", None])),
        ResourceId=draw(st.sampled_from(["i-1", "i'2", None])),
        BilledCost=draw(amounts()),
        EffectiveCost=draw(maybe_amounts()),
        ListCost=draw(maybe_amounts()),
        ContractedCost=draw(maybe_amounts()),
        ConsumedQuantity=draw(maybe_amounts()),
        Tags=draw(tag_texts()),
    )


@st.composite
def defective_rows(draw: st.DrawFn) -> Row:
    """One line item with a value that cannot be read, or none where one is needed."""
    column = draw(st.sampled_from(sorted(DEFECTS)))
    return draw(sound_rows()) | {column: draw(st.sampled_from(DEFECTS[column]))}


@st.composite
def bills(draw: st.DrawFn, *, defects: bool = False, max_size: int = 14) -> list[Row]:
    """A bill of at least one sound row, rows of any kind in any order."""
    sound = draw(st.lists(sound_rows(), min_size=1, max_size=max_size))
    broken = draw(st.lists(defective_rows(), max_size=4)) if defects else []
    return draw(st.permutations([*sound, *broken]))
