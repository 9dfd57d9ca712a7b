"""Names that may mean the same, in words: spellings apart by a sign, and one that ended as another began."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from costlib import money
from costlib.analysis.renames import Rename
from costlib.focus import fold
from costlib.periods import Grain, Window, add_months, period_name, window_name
from costlib.wording import listed


def spellings_words(names: Sequence[str], hidden: Decimal, currency: str, window: Window) -> str:
    """That several names may be one, the one with most cost first; ``hidden`` is the cost under the others.

    >>> from datetime import date
    >>> october = Window(date(2026, 10, 1), date(2026, 11, 1))
    >>> spellings_words(["Search", "search"], Decimal(1120), "USD", october)
    'Search and search differ by case only: $1.12K is under search (Oct 2026). A rule can join them.'
    >>> spellings_words(["Fraud Ops", "fraud-ops", "Fruad"], Decimal(50), "USD", october).partition(":")[2]
    ' $50.00 is under the others (Oct 2026). A rule can join them.'
    """
    others = names[1] if len(names) == 2 else "the others"
    said = f"{listed(names)} differ by {_difference(names)}"
    return f"{said}: {money.short(hidden, currency)} is under {others} ({window_name(window)}). A rule can join them."


def _difference(names: Sequence[str]) -> str:
    """
    >>> [_difference(["Ads Team", other]) for other in ("ADS team", "ads_team", "Ads Taem")]
    ['case only', 'case, blanks or punctuation only', 'a letter or two']
    """
    if len({name.casefold() for name in names}) == 1:
        return "case only"
    return "case, blanks or punctuation only" if len({fold(name) for name in names}) == 1 else "a letter or two"


def rename_words(found: Rename, currency: str) -> str:
    """That a name ended as another began at nearly the same cost.

    >>> from datetime import date
    >>> rename_words(Rename("Fraud", "Risk", date(2026, 8, 1), Decimal(77), Decimal(80)), "USD")
    'Fraud ended with Jul 2026 and Risk began in Aug 2026 at nearly the same cost ($77.00 and $80.00 a day). If one \
was renamed, a rule can join them.'
    """
    last, first = (period_name(add_months(found.first_month, back), Grain.MONTH) for back in (-1, 0))
    costs = " and ".join(money.short(cost, currency) for cost in (found.before, found.after))
    return (
        f"{found.old} ended with {last} and {found.new} began in {first} at nearly the same cost ({costs} a day). If "
        "one was renamed, a rule can join them."
    )
