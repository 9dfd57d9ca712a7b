"""What today's spend is worked out from: the closed months of the bills, as many of the last as there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from costlib.roadmap.case import TODAY_MONTHS


def booked_words(months: Sequence[date]) -> str:
    """What a spend of today is the mean of, from the last booked months; of a single month, that it is the only one.

    >>> august, september, october = (date(2026, month, 1) for month in (8, 9, 10))
    >>> booked_words([august, september, october]), booked_words([september, october])
    ('mean of the last three booked months', 'mean of the only two booked months')
    >>> booked_words([october])
    'Oct 2026, the only booked month'
    """
    if len(months) == TODAY_MONTHS:
        return "mean of the last three booked months"
    return f"{months[0]:%b %Y}, the only booked month" if len(months) == 1 else "mean of the only two booked months"
