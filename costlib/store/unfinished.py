"""Days that a bill does not hold in full yet: providers go on adding to the last two.

Such a day is told from a fall by what came before: an account's total lies under the lowest of the same weekday in the
four weeks before by a fifth at least, on its last day or its last two, while the day before does not. A third such day
is a fall.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from costlib.focus import ACCOUNT, CURRENCY
from costlib.periods import Grain, Window, month_start
from costlib.store.query import Filter, Question, Reader

#: The last days that may be unfinished, and the share of what was usual under which they are.
MOST_DAYS, SHARE = 2, Decimal("0.8")
_WEEKS, _WEEK = 4, 7
_PROVIDER = "ServiceProviderName"


@dataclass(frozen=True)
class Unfinished:
    """An account whose bill does not hold the last days in full, from ``first`` on."""

    provider: str | None
    account: str | None
    first: date

    @property
    def filters(self) -> tuple[Filter, ...]:
        """The conditions for what stands on its bill."""
        return Filter(_PROVIDER, (self.provider,)), Filter(ACCOUNT, (self.account,))


def unfinished(reader: Reader, window: Window, measure: str, currency: str) -> tuple[Unfinished, ...]:
    """The accounts whose last days in the window are not billed in full.

    None where the window ends with a month: what is closed is taken as it is.
    """
    if window.end == month_start(window.end):
        return ()
    looked = Window(window.end - timedelta(days=_WEEKS * _WEEK + MOST_DAYS + 1), window.end)
    question = Question((_PROVIDER, ACCOUNT), measure, Grain.DAY, looked, (Filter(CURRENCY, (currency,)),))
    costs: defaultdict[tuple[str | None, ...], dict[date, Decimal]] = defaultdict(dict)
    for row in reader.ask(question):
        if row.period and row.amount is not None:
            costs[row.values][row.period] = row.amount
    found = ((key, first_unfinished(days, window.last)) for key, days in costs.items())
    return tuple(Unfinished(key[0], key[1], first) for key, first in found if first)


def first_unfinished(costs: Mapping[date, Decimal], last: date) -> date | None:
    """The first of the last days that are not billed in full; None where they are, or nothing tells.

    >>> days = {date(2026, 3, 1) + timedelta(days=at): Decimal(10) for at in range(31)}
    >>> last = date(2026, 3, 31)
    >>> first_unfinished(days, last), first_unfinished(days | {last: Decimal(7)}, last)
    (None, datetime.date(2026, 3, 31))
    """
    low = [_is_low(costs, last - timedelta(days=back)) for back in range(MOST_DAYS + 1)]
    count = low.index(False) if False in low else len(low)
    return last - timedelta(days=count - 1) if 1 <= count <= MOST_DAYS else None


def _is_low(costs: Mapping[date, Decimal], day: date) -> bool:
    usual = [costs.get(day - timedelta(days=_WEEK * back), Decimal(0)) for back in range(1, _WEEKS + 1)]
    return min(usual) > 0 and costs.get(day, Decimal(0)) < SHARE * min(usual)
