"""Bills that look like one bill, in words, for the command line and the pages."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date

from costlib import money
from costlib.periods import Grain, period_name
from costlib.store.alike import Alike, Bill

#: Pairs of bills that are named; more are counted.
_TOLD = 5


def alike_lines(found: Sequence[Alike]) -> list[str]:
    """A sentence or two for each pair: what looks alike, what counts twice, and what to do; many are counted."""
    lines = [_line(one) for one in found]
    rest = len(lines) - _TOLD
    more = f"{rest} more pairs of bills look like one bill each"
    return lines if rest <= 1 else [*lines[:_TOLD], more]


def _line(found: Alike) -> str:
    month = period_name(date.fromisoformat(f"{found.period}-01"), Grain.MONTH)
    return (
        f"{month} may be loaded twice: {_who(found)}. {_same(found)}; if it is one bill, {_money(found)}. {_fix(found)}"
    )


def _who(found: Alike) -> str:
    one, other = found.one, found.other
    if found.is_one_account:
        return f"{_account(one)} has one bill in {one.currency} and one in {other.currency}"
    return f"{_account(one)} and {_account(other)} have one bill each"


def _account(bill: Bill) -> str:
    return f"account {bill.account} ({bill.connection})"


def _same(found: Alike) -> str:
    are = "is" if found.shared == 1 else "are"
    of = f"{money.count(found.shared)} of {money.counted(found.charges, 'charge')}"
    return f"By day, service and resource {of} {are} the same"


def _money(found: Alike) -> str:
    one, other = found.one, found.other
    if one.currency == other.currency:
        return f"{money.full(found.twice, one.currency)} of billed cost counts twice"
    billed = " and ".join(money.full(bill.billed, bill.currency) for bill in (one, other))
    return f"{billed} of billed cost stand side by side, and a sum in one currency counts both"


def _fix(found: Alike) -> str:
    if found.is_one_account:
        return "Then leave one of them out and load the rest of the bill again: that replaces the month."
    other = found.other
    named = ["unload", other.connection, *(["--account", other.account] if other.account else [])]
    command = shlex.join([*named, "--month", found.period])
    return f"Then take one of them out, for example `{command}`; to load it again brings it back."
