"""Months in which an account has no line item while others have: nothing was used, or a bill is missing.

Two kinds are told. An account that has none *between* months with some (a gap), and one that has had none *since* one
of the last six months, or since a day of the running one (silent). A gap of a month or two is taken for a bill that is
missing, and so are the running month and the first two closed ones of silence: forecasts take these days of the
account's segments as unknown. Sums are as they are, with words beside them: nobody but the provider knows what the
month cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from costlib import money
from costlib.focus import ACCOUNT
from costlib.periods import Grain, Window, add_months, month_start, period_starts
from costlib.store.late import late_accounts
from costlib.store.missing import missing_months
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader
from costlib.store.unfinished import Account, account_name

#: Months for which silence is told; months that may be a bill that is missing; months before and after a gap, for each
#: of its own, that are looked at.
_TOLD, _MISSING, _AROUND = 6, 2, 6
#: The part of the months around a gap in which an account that does not come and go has usage.
_REGULAR = 0.75
#: The share of a currency's month under which an account is not told, and under which its gap hinders no comparison.
_SHARE, _LARGE = Decimal("0.005"), Decimal("0.05")
_PROVIDER, _CATEGORY = "ServiceProviderName", "ChargeCategory"


@dataclass(frozen=True)
class Absence:
    """Days without a line item of an account: whole months, or those of the running month from its ``first`` on.

    ``before`` is the last month, or of the running month the last day, with some; ``is_over`` says that it has some
    after them. ``share`` is what the account came to of its currency's cost in the month before them.
    """

    provider: str | None
    account: str | None
    before: Window
    first: date
    months: tuple[date, ...]
    is_over: bool
    share: Decimal

    @property
    def name(self) -> str:
        """The account as a reader names it."""
        return account_name(self.provider, self.account)

    @property
    def told(self) -> tuple[str, Window, tuple[date, ...]]:
        """The account's name, what it had a line item in last, and the months since where they are over."""
        return self.name, self.before, self.months if self.is_over else ()

    def within(self, window: Window) -> Window:
        """Its days in the window, to the window's end where it is not over."""
        return Window(self.first, add_months(self.months[-1], 1) if self.is_over else window.end)

    def meets(self, window: Window | None) -> bool:
        """Whether a day of it lies in the window; in any, where there is none."""
        return window is None or self.within(window).overlaps(window)

    @property
    def is_unknown(self) -> bool:
        """Whether a bill of them is taken to be missing."""
        return len(self.months) <= _MISSING

    @property
    def filters(self) -> tuple[Filter, ...]:
        """The conditions for what stands on the account's bills."""
        return Filter(_PROVIDER, (self.provider,)), Filter(ACCOUNT, (self.account,))


def absences(reader: Reader) -> tuple[Absence, ...]:
    """Gaps and silence of the accounts, by their first month and name; one account by itself has none."""
    window = reader.window()
    if window is None:
        return ()
    missing = missing_months(reader)
    billed = [month for month in period_starts(window, Grain.MONTH) if month not in missing]
    lived = _lived(reader)
    found = [one for account, months in lived.items() for one in _of_account(account, months, billed, window)]
    for account, (last, first) in late_accounts(reader, window).items():
        day = Window(last, last + timedelta(days=1))
        share = lived[account].used.get(add_months(month_start(first), -1), Decimal(0))
        found.append(Absence(*account, day, first, (month_start(first),), False, share))
    return tuple(sorted((one for one in found if one.share >= _SHARE), key=lambda one: (one.months, one.name)))


def incomplete_months(reader: Reader) -> tuple[date, ...]:
    """The months that are compared with nothing, in order: no bill of them is loaded, or one of a large account may be
    missing.
    """
    lacking = {month for one in absences(reader) if one.is_unknown and one.share >= _LARGE for month in one.months}
    return tuple(sorted({*missing_months(reader), *lacking}))


@dataclass(frozen=True)
class _Lived:
    """Months with any charge of an account, months with usage, and the shares of cost that the latter are."""

    any: frozenset[date]
    used: Mapping[date, Decimal]


def _of_account(account: Account, lived: _Lived, billed: Sequence[date], window: Window) -> list[Absence]:
    used, closed = sorted(lived.used), [month for month in billed if month < month_start(window.end)]
    found = []
    for before, after in pairwise(used):
        months = tuple(month for month in closed if before < month < after)
        share = min(lived.used[before], lived.used[after])
        if 0 < len(months) <= _MISSING and not lived.any & {*months} and _is_regular(used, months, billed):
            found.append(Absence(*account, _month_before(months), months[0], months, True, share))
    since = tuple(month for month in closed if used and month > used[-1])
    if 0 < len(since) <= _TOLD and _is_news(used, since, billed):
        found.append(Absence(*account, _month_before(since), since[0], since, False, lived.used[used[-1]]))
    return found


def _is_news(used: Sequence[date], since: Sequence[date], billed: Sequence[date]) -> bool:
    """Whether silence says anything: one that bills by the quarter is silent for two months after each.

    >>> year = [date(2026, month, 1) for month in range(1, 13)]
    >>> quarterly = year[1:8:3]
    >>> [_is_news(*one, year) for one in ((year[:8], year[8:9]), (quarterly, year[8:10]), (quarterly, year[8:11]))]
    [True, False, True]
    """
    lived = [month for month in billed if used[0] <= month <= used[-1]]
    gaps = [sum(before < month < after for month in lived) for before, after in pairwise(used)]
    return _is_regular(used, since, lived) or len(since) > max(gaps, default=0)


def _month_before(months: Sequence[date]) -> Window:
    return Window(add_months(months[0], -1), months[0])


def _is_regular(used: Sequence[date], gap: Sequence[date], billed: Sequence[date]) -> bool:
    """Whether an account has usage in most months around a gap: one that comes and goes has no bill missing.

    >>> year = [date(2026, month, 1) for month in range(1, 13)]
    >>> [_is_regular(used, [date(2026, 6, 1)], year) for used in (year[:5] + year[6:], year[::2])]
    [True, False]
    """
    reach = _AROUND * len(gap)
    around = {add_months(gap[0], -back) for back in range(1, reach + 1)}
    around |= {add_months(gap[-1], ahead) for ahead in range(1, reach + 1)}
    return len(around & {*used}) > _REGULAR * len(around & {*billed})


def _lived(reader: Reader) -> dict[Account, _Lived]:
    """The months of every account, its shares those of the currency in which it is most of a month."""
    charged: defaultdict[Account, set[date]] = defaultdict(set)
    costs: defaultdict[tuple[Account, str], dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    whole: defaultdict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for row in reader.ask(Question((_PROVIDER, ACCOUNT, _CATEGORY), grain=Grain.MONTH)):
        provider, number, category = row.values
        if row.period is None:
            continue
        charged[provider, number].add(row.period)
        if category == "Usage":
            costs[(provider, number), row.currency][row.period] += row.amount or Decimal(0)
            whole[row.currency, row.period] += row.amount or Decimal(0)
    shares: defaultdict[Account, dict[date, Decimal]] = defaultdict(dict)
    for (account, currency), months in costs.items():
        for month, cost in months.items():
            share = money.ratio(cost, whole[currency, month]) or Decimal(0)
            shares[account][month] = max(share, shares[account].get(month, share))
    return {account: _Lived(frozenset(charged[account]), shares[account]) for account in charged}
