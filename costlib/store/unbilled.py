"""Days that the bills of a segment do not hold, though those of others do: last days, and months of an account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from costlib.periods import Grain, Window, add_months, month_start
from costlib.store.absences import absences
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader
from costlib.store.unfinished import unfinished

Values = tuple[str | None, ...]


@dataclass(frozen=True)
class Unbilled:
    """Days that the bill of an account, as a reader names it, does not hold in full, and the segments on that bill."""

    account: str
    days: Window
    segments: frozenset[Values]


def unbilled_segments(reader: Reader, question: Question, currency: str) -> list[tuple[Window, frozenset[Values]]]:
    """The days of ``unbilled_accounts``, each with the segments that it concerns."""
    return [(one.days, one.segments) for one in unbilled_accounts(reader, question, currency)]


def unbilled_accounts(reader: Reader, question: Question, currency: str) -> list[Unbilled]:
    """The days of the question's window that are not billed in full, each with the segments that it concerns: those
    with a cost on such a bill in the month before, or after it.
    """
    found = []
    for account, days, filters in _unbilled(reader, question, currency):
        near = Window(add_months(month_start(days.start), -1), add_months(days.end, 1))
        asked = replace(question, grain=Grain.TOTAL, window=near, filters=(*question.filters, *filters))
        found.append(Unbilled(account, days, frozenset(row.values for row in reader.ask(asked))))
    return found


def _unbilled(reader: Reader, question: Question, currency: str) -> Iterator[tuple[str, Window, tuple[Filter, ...]]]:
    """Accounts and their days inside the question's window, and the conditions for what stands on such a bill."""
    window = question.window
    assert window
    for bill in unfinished(reader, window, question.measure, currency):
        yield bill.name, Window(bill.first, window.end), bill.filters
    for absence in absences(reader):
        days = absence.within(window)
        if absence.is_unknown and window.start <= days.start and days.start < days.end <= window.end:
            yield absence.name, days, absence.filters
