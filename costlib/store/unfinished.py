"""Days that a bill does not hold in full yet: providers go on adding to the last two.

Such a day is told from a fall by what came before: an account's total lies under the lowest of the same weekday in the
four weeks before by a fifth at least, on its last day or its last two, while the day before does not. A third such day
is a fall. Days after an account's last one, where those of another go on, are not there yet either, for a week; then
the account has ended, or its bill is late (``late``). A segment of such an account is taken for unfinished as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from costlib.focus import ACCOUNT, CURRENCY
from costlib.periods import Grain, Window, month_start
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader

#: The last days that may be unfinished, the share of what was usual under which they are, and days that may lag.
MOST_DAYS, SHARE, MOST_LAG = 2, Decimal("0.8"), 7
_WEEKS, _WEEK = 4, 7
_PROVIDER = "ServiceProviderName"
ACCOUNT_NAMES = (_PROVIDER, ACCOUNT)
Account = tuple[str | None, str | None]


def account_name(provider: str | None, account: str | None) -> str:
    """An account as a reader names it.

    >>> account_name("Microsoft", "9021"), account_name(None, None)
    ('Microsoft (9021)', 'no provider (no account)')
    """
    return f"{provider or 'no provider'} ({account or 'no account'})"


@dataclass(frozen=True)
class Unfinished:
    """An account whose bill does not hold the last days in full, from ``first`` on."""

    provider: str | None
    account: str | None
    first: date

    @property
    def name(self) -> str:
        """The account as a reader names it."""
        return account_name(self.provider, self.account)

    @property
    def filters(self) -> tuple[Filter, ...]:
        """The conditions for what stands on its bill."""
        return Filter(_PROVIDER, (self.provider,)), Filter(ACCOUNT, (self.account,))


def unfinished(reader: Reader, window: Window, measure: str, currency: str) -> tuple[Unfinished, ...]:
    """The accounts whose last days in the window are not billed in full; closed months are taken as they are."""
    looked = Window(window.end - timedelta(days=_WEEKS * _WEEK + MOST_DAYS + MOST_LAG + 1), window.end)
    question = Question(ACCOUNT_NAMES, measure, Grain.DAY, looked, (Filter(CURRENCY, (currency,)),))
    costs: defaultdict[Account, dict[date, Decimal]] = defaultdict(dict)
    for row in reader.ask(question):
        if row.period and row.amount is not None:
            costs[row.values[0], row.values[1]][row.period] = row.amount
    found = ((key, first_unfinished(days, window.last)) for key, days in costs.items())
    running = month_start(window.end)
    return tuple(Unfinished(*key, max(first, running)) for key, first in found if first and running < window.end)


def first_unfinished(costs: Mapping[date, Decimal], last: date) -> date | None:
    """The first of the last days that are not billed in full; None where they are, or nothing tells.

    >>> days = {date(2026, 3, 1) + timedelta(days=at): Decimal(10) for at in range(31)}
    >>> last = date(2026, 3, 31)
    >>> first_unfinished(days, last), first_unfinished(days | {last: Decimal(7)}, last)
    (None, datetime.date(2026, 3, 31))
    """
    own = max((day for day in costs if day <= last), default=last)
    if (last - own).days > MOST_LAG:
        return None
    low = [_is_low(costs, own - timedelta(days=back)) for back in range(MOST_DAYS + 1)]
    count = low.index(False) if False in low else len(low)
    if 1 <= count <= MOST_DAYS:
        return own - timedelta(days=count - 1)
    after = own + timedelta(days=1)
    return after if own < last and _is_low(costs, after) else None


def _is_low(costs: Mapping[date, Decimal], day: date) -> bool:
    usual = [costs.get(day - timedelta(days=_WEEK * back), Decimal(0)) for back in range(1, _WEEKS + 1)]
    return min(usual) > 0 and costs.get(day, Decimal(0)) < SHARE * min(usual)
