"""Accounts of which no bill came any more while others went on: their cost may have ended, or a bill may be missing.

Nothing is taken for unknown because of it: a provider that was left has no bill either. It is told for half a year.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.focus import ACCOUNT
from costlib.periods import Grain, add_months, month_start
from costlib.store.query import Filter, Question, Reader

#: Months for which it is told, and the share of a currency's month under which it is not.
_MONTHS, _SHARE = 6, Decimal("0.005")


#: An account as a reader names it, and the first day of its last month with usage.
Silent = tuple[str, date]


def silent_accounts(reader: Reader) -> tuple[Silent, ...]:
    """The accounts with usage before the last closed month and none since, by their last month."""
    window = reader.window()
    if window is None:
        return ()
    closed = add_months(month_start(window.end), -1)
    usage = Filter("ChargeCategory", ("Usage",))
    costs: defaultdict[tuple[str | None, str | None, str], dict[date, Decimal]] = defaultdict(dict)
    whole: defaultdict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for row in reader.ask(Question(("ServiceProviderName", ACCOUNT), grain=Grain.MONTH, filters=(usage,))):
        if row.period:
            costs[row.values[0], row.values[1], row.currency][row.period] = row.amount or Decimal(0)
            whole[row.currency, row.period] += row.amount or Decimal(0)
    found = []
    for (provider, account, currency), months in costs.items():
        last = max(months)
        share = money.ratio(months[last], whole[currency, last])
        if add_months(closed, -_MONTHS) <= last < closed and share is not None and share >= _SHARE:
            found.append((f"{provider or 'no provider'} ({account or 'no account'})", last))
    return tuple(sorted(found, key=lambda one: (one[1], one[0])))
