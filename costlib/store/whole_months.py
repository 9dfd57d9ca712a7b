"""Up to which day bills by the month are: each of their charges stands on the first of the month that it is for.

Such a bill says by the end of its charges that a month is in it as a whole (``Part.through``). The store takes its word
where nothing else was used: in the newest month every account bills by the month, and had no use after the first of
the month before either. Beside a bill by the day, that one says how far the figures go.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from costlib.periods import add_months, month_start

if TYPE_CHECKING:
    from costlib.store.manifest import Part


def billed_to(part: Part) -> date | None:
    """The last day that a part is billed for: its last one with usage, or the last of its whole months."""
    return part.through or part.last_day


def whole_to(parts: Iterable[Part]) -> date | None:
    """The last day of the newest month with usage, where the bills are by the month there; None where they are not."""
    used = [(part, part.last_day) for part in parts if part.last_day]
    newest = max((month_start(last) for _, last in used), default=None)
    if newest is None:
        return None
    end, before = add_months(newest, 1) - timedelta(days=1), add_months(newest, -1)
    is_whole = all(part.through == end for part, last in used if last >= newest)
    return end if is_whole and all(last == before for _, last in used if before <= last < newest) else None
