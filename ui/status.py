"""The line under every page's title: measure, currency, data date, and whether the figures tie out to the bills."""

from __future__ import annotations

from datetime import date

from costlib import money
from costlib.briefs.words.left_out import (
    absence_words,
    advance_words,
    left_out_words,
    missing_words,
    other_currency_words,
)
from costlib.focus import BILLED
from costlib.periods import Grain, Window, day_name, days_in_month, month_start, period_name
from costlib.store.absences import absences
from costlib.store.manifest import TieOut
from costlib.store.question import Filter
from ui.guard import Page
from ui.markdown import literal
from ui.selection import Selection, measure_name


def data_line(selection: Selection, *limits: str, window: Window | None = None) -> str:
    """One line of Markdown with everything a reader must know of the figures below, their ``limits`` last.

    Of other currencies it says what they hold in the window; without one, in all days of the bills.
    """
    apart = apart_words(selection, window or selection.page.window)
    return selection_line(selection, apart, *limits)


def selection_line(selection: Selection, *limits: str) -> str:
    """The same with these limits, and nothing of other currencies."""
    page = selection.page
    measure = f"{measure_name(selection.measure)}, {selection.currency}"
    usage = f"usage to {day_name(page.today)} (UTC)"
    opened = [words] if (words := open_month_words(page.snapshot.state.data_date and page.today)) else []
    known = filter(None, [unknown_words(selection), _ahead_words(selection), *limits])
    return line_of(page, measure, usage, tie_out_words(selection), *opened, *known)


def unknown_words(selection: Selection) -> str:
    """How many line items of the selection have no known cost by its measure; nothing where all have."""
    return left_out_words(sum(row.unknown for row in selection.ask()), selection.measure)


def _ahead_words(selection: Selection) -> str:
    """What the bills hold of use after the last day of the figures; nothing where they hold none."""
    page, usage = selection.page, selection.narrowed(Filter("ChargeCategory", ("Usage",)))
    ahead = usage.ask((), Window(page.window.end, date.max))
    return advance_words(money.total(row.amount for row in ahead), selection.currency, page.today)


def apart_words(selection: Selection, window: Window) -> str:
    """What bills in other currencies hold of the selection in the window; nothing where there are none."""
    return other_currency_words(selection.other_currencies(window), window, selection.page.today)


def line_of(page: Page, *said: str) -> str:
    """A line of Markdown under a title: whose figures they are where they are a sample company's, what they are, and
    the bills that are missing.
    """
    missing = missing_words(page.missing), absence_words([one.told for one in absences(page.snapshot.reader)])
    return literal(" · ".join(filter(None, [page.sample_name, *said, *missing])))


def open_month_words(last_day: date | None) -> str:
    """That the month of the last day of usage has no invoice yet; nothing where that day ends its month.

    >>> open_month_words(date(2026, 10, 20)), open_month_words(date(2026, 9, 30))
    ('Oct 2026 is open: no invoice yet', '')
    """
    if last_day is None or last_day.day == days_in_month(last_day):
        return ""
    return f"{period_name(month_start(last_day), Grain.MONTH)} is open: no invoice yet"


def bill_words(page: Page, currency: str) -> str:
    """What the figures add up to: the bill, or what is loaded of it where rows are set aside or not accounted for; of
    several currencies the one that it is in.
    """
    whole = all(one.tied_out and not one.rows_quarantined for one in _entries(page, currency))
    bill = "the bill" if len(page.snapshot.reader.currencies()) < 2 else f"the bill in {currency}"
    return bill if whole else f"what is loaded of {bill}"


def _entries(page: Page, currency: str) -> list[TieOut]:
    """The tie-outs of a currency, and of rows that do not say theirs."""
    parts = page.snapshot.state.parts
    return [entry for part in parts for entry in part.tie_outs if entry.currency in (currency, None)]


def tie_out_words(selection: Selection) -> str:
    """Whether every row and cent of the bills is in the figures, and what is not."""
    entries = _entries(selection.page, selection.currency)
    aside = sum(entry.rows_quarantined for entry in entries)
    untied = [entry for entry in entries if not entry.tied_out]
    if untied:
        lost = money.exact_sum(abs(entry.untied[BILLED]) for entry in untied)
        said = f": {money.full(lost, selection.currency)} of billed cost is not accounted for" if lost else ""
        return f"DOES NOT TIE OUT{said} (see Sources)"
    if aside:
        apart = money.total(entry.sums_quarantined[BILLED] for entry in entries)
        known = f" ({money.full(apart, selection.currency)} billed can be read in them)" if apart else ""
        return f"ties out to the bills, {money.counted(aside, 'row')} set aside{known}"
    return "ties out to the bills"
