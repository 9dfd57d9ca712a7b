"""What every sum leaves out, in words: line items whose cost no bill says, bills that are not loaded, and bills in
other currencies.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.focus import MEASURE_NAMES
from costlib.periods import Grain, Window, day_name, period_name, window_name

#: Missing months, and accounts without usage, that are named one by one.
_NAMED = 3
#: An account as a reader names it, the last month or day before it had no line item, and the months until it had some
#: again.
Absent = tuple[str, Window, tuple[date, ...]]


def left_out_words(line_items: int, measure: str) -> str:
    """That sums are made without so many line items; nothing where there are none.

    >>> left_out_words(1200, "ListCost")
    '1,200 line items of unknown list cost are left out of sums'
    >>> left_out_words(1, "EffectiveCost"), left_out_words(0, "EffectiveCost")
    ('1 line item of unknown effective cost is left out of sums', '')
    """
    if not line_items:
        return ""
    what, verb = MEASURE_NAMES.get(measure, measure), "is" if line_items == 1 else "are"
    return f"{money.counted(line_items, 'line item')} of unknown {what} {verb} left out of sums"


def missing_words(months: Sequence[date]) -> str:
    """That no bill of these months is loaded; nothing where there are none.

    >>> missing_words([date(2026, 3, 1)])
    'NO BILL of Mar 2026 is loaded: its cost is unknown'
    >>> missing_words([date(2026, 3, 1), date(2026, 4, 1)]), missing_words([])
    ('NO BILL of Mar 2026, Apr 2026 is loaded: their cost is unknown', '')
    >>> missing_words([date(2026, month, 1) for month in (1, 2, 3, 5)])
    'NO BILL of 4 months from Jan 2026 to May 2026 is loaded: their cost is unknown'
    """
    if not months:
        return ""
    names = [period_name(month, Grain.MONTH) for month in months]
    said = ", ".join(names) if len(names) <= _NAMED else f"{len(names)} months from {names[0]} to {names[-1]}"
    return f"NO BILL of {said} is loaded: {'its' if len(names) == 1 else 'their'} cost is unknown"


def absence_words(accounts: Sequence[Absent]) -> str:
    """That some accounts have no line item in some months, or since a month or day; nothing where all have.

    >>> july, august = Window(date(2026, 7, 1), date(2026, 8, 1)), date(2026, 8, 1)
    >>> absence_words([("Microsoft (9021)", july, ()), ("AWS (77)", july, (august,))]), absence_words([])
    ('NO USAGE on a bill of Microsoft (9021) since Jul 2026, of AWS (77) in Aug 2026', '')
    >>> absence_words([("a", july, ()), ("b", july, ()), ("c", july, ()), ("d", july, ()), ("e", july, ())])
    'NO USAGE on a bill of a since Jul 2026, of b since Jul 2026, of c since Jul 2026, of 2 more accounts'
    """
    said = [_absence(*one) for one in accounts[:_NAMED]]
    if len(accounts) > _NAMED:
        said.append(money.counted(len(accounts) - _NAMED, "more account"))
    return f"NO USAGE on a bill of {', of '.join(said)}" if accounts else ""


def _absence(name: str, before: Window, gap: Sequence[date]) -> str:
    if not gap:
        return f"{name} since {window_name(before)}"
    names = [period_name(month, Grain.MONTH) for month in gap]
    return f"{name} in {' and '.join(names)}" if len(names) < _NAMED else f"{name} from {names[0]} to {names[-1]}"


def other_currency_words(amounts: Sequence[tuple[str, Decimal | None]], window: Window, today: date) -> str:
    """That bills in other currencies, each with what it comes to, are not in figures of the window; nothing where there
    are none. ``today`` is the last day of the bills.

    >>> october = Window(date(2026, 10, 1), date(2026, 11, 1))
    >>> other_currency_words([("EUR", Decimal(1960)), ("GBP", Decimal(300))], october, date(2026, 11, 20))
    'not in these figures: €1.96K on bills in EUR, £300 on bills in GBP (Oct 2026)'
    >>> other_currency_words([("EUR", None)], october, october.last), other_currency_words([], october, october.last)
    ('not in these figures: an unknown cost on bills in EUR since 1 Oct 2026', '')
    """
    if not amounts:
        return ""
    period = f"since {day_name(window.start)}" if window.last == today else f"({window_name(window)})"
    return f"not in these figures: {_by_currency(amounts)} {period}"


def advance_words(amount: Decimal | None, currency: str, last: date) -> str:
    """That use after the ``last`` day of the bills is charged already and in no figure; nothing where none is.

    >>> advance_words(Decimal(1200), "USD", date(2026, 10, 15)), advance_words(Decimal(0), "USD", date(2026, 10, 15))
    ('not in these figures: $1.20K charged in advance, for days after 15 Oct 2026', '')
    """
    if not amount:
        return ""
    return f"not in these figures: {money.short(amount, currency)} charged in advance, for days after {day_name(last)}"


def statement_elsewhere_words(team: str, amounts: Sequence[tuple[str, Decimal | None]], month: date) -> str:
    """That a team's cost of a month in other currencies is on statements of its own; nothing where there is none.

    >>> statement_elsewhere_words("Search", [("EUR", Decimal(290))], date(2026, 10, 1))
    'Search also has €290 on bills in EUR for Oct 2026, on a statement of its own'
    """
    if not amounts:
        return ""
    period, own = period_name(month, Grain.MONTH), "a statement of its" if len(amounts) == 1 else "statements of their"
    return f"{team} also has {_by_currency(amounts)} for {period}, on {own} own"


def unfinished_words(days: Window, *, in_month: bool = False) -> str:
    """That these last days are not billed in full yet, and what leaves them out; nothing where there are none.

    ``in_month`` says that the month to date holds them all the same, because it has no other day.

    >>> unfinished_words(Window(date(2026, 11, 20), date(2026, 11, 21)))
    '20 Nov 2026 is not billed in full yet: run rate, month to date and movers end before'
    >>> unfinished_words(Window(date(2026, 11, 1), date(2026, 11, 3)), in_month=True)
    '1 Nov 2026 to 2 Nov 2026 are not billed in full yet: run rate and movers end before'
    >>> unfinished_words(Window(date(2026, 11, 21), date(2026, 11, 21)))
    ''
    """
    if days.days < 1:
        return ""
    verb, what = "is" if days.days == 1 else "are", "run rate" if in_month else "run rate, month to date"
    return f"{window_name(days)} {verb} not billed in full yet: {what} and movers end before"


def _by_currency(amounts: Sequence[tuple[str, Decimal | None]]) -> str:
    """
    >>> _by_currency([("EUR", Decimal(290)), ("GBP", None)])
    '€290 on bills in EUR, an unknown cost on bills in GBP'
    """
    said = (("an unknown cost" if amount is None else money.short(amount, code), code) for code, amount in amounts)
    return ", ".join(f"{cost} on bills in {code}" for cost, code in said)
