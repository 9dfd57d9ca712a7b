"""The line under every page's title: measure, currency, data date, and whether the figures tie out to the bills."""

from __future__ import annotations

from costlib import money, sample
from costlib.focus import BILLED, MEASURE_NAMES
from costlib.periods import day_name
from ui.guard import Page
from ui.panels import literal
from ui.selection import Selection


def data_line(page: Page, selection: Selection) -> str:
    """One line of Markdown with everything a reader must know of the figures below."""
    who = [sample.NAME] if page.is_sample else []
    measure = f"{MEASURE_NAMES[selection.measure].capitalize()}, {selection.currency}"
    return literal(
        " · ".join([*who, measure, f"usage to {day_name(page.today)} (UTC)", tie_out_words(page, selection)])
    )


def tie_out_words(page: Page, selection: Selection) -> str:
    """Whether every row and cent of the bills is in the figures, and what is not."""
    currencies = (selection.currency, None)
    entries = [entry for part in page.snapshot.state.parts for entry in part.tie_outs if entry.currency in currencies]
    aside = sum(entry.rows_quarantined for entry in entries)
    untied = [entry for entry in entries if not entry.tied_out]
    if untied:
        apart = money.total(entry.untied[BILLED] for entry in untied)
        return f"DOES NOT TIE OUT: {money.full(apart, selection.currency)} of billed cost is not accounted for"
    if aside:
        return f"ties out to the bills, {money.count(aside)} rows set aside"
    return "ties out to the bills"
