"""What Sources shows: which bills are loaded, how each ties out, and the rows set aside."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import streamlit as st

from costlib import money
from costlib.charts.csv_file import harmless
from costlib.focus import BILLED
from costlib.periods import Grain, add_months, day_name, month_start, period_name
from costlib.sources import source_of_type
from costlib.store.alike import alike
from costlib.store.alike_words import alike_lines
from costlib.store.manifest import Manifest, Part, TieOut
from costlib.store.quarantine import COLUMNS
from costlib.store.whole_months import billed_to
from ui.remembered import once
from ui.status import open_month_words

#: Missing months that are named.
_NAMED = 3


def finding(state: Manifest) -> str:
    """Whether what is loaded is what was billed, in one sentence."""
    entries = [entry for part in state.parts for entry in part.tie_outs]
    loaded, aside = sum(entry.rows_loaded for entry in entries), sum(entry.rows_quarantined for entry in entries)
    if untied := sum(not entry.tied_out for entry in entries):
        verb = "does" if untied == 1 else "do"
        return f"{money.count(untied)} of {money.counted(len(entries), 'bill')} {verb} not tie out, the first below"
    rows = f"All {money.count(loaded)} line items" if not aside and loaded != 1 else money.counted(loaded, "line item")
    more = f", {money.count(aside)} {'row is' if aside == 1 else 'rows are'} set aside" if aside else ""
    return f"{rows} {'ties' if loaded == 1 else 'tie'} out to the bills{more}"


def freshness(state: Manifest) -> str:
    """How old the figures are: the last day of usage, when they were published, and open months."""
    usage = f"Usage to {day_name(state.data_date)} (UTC)" if state.data_date else "No usage is loaded"
    published = f"published {moment_words(state.published_at)} · snapshot {state.generation}"
    return " · ".join(part for part in (usage, published, open_month_words(state.data_date)) if part)


def moment_words(text: str) -> str:
    """A moment of the store as a reader says it; what is no moment stays as it is.

    >>> moment_words("2026-11-22T11:21:17+00:00"), moment_words("")
    ('22 Nov 2026, 11:21 (UTC)', '')
    """
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return text
    return f"{day_name(moment.date())}, {moment:%H:%M} (UTC)"


def apart_words(state: Manifest) -> str:
    """How many rows of the bills show what other rows hold already; nothing where there are none."""
    apart = sum(entry.rows_apart for part in state.parts for entry in part.tie_outs)
    if not apart:
        return ""
    if apart == 1:
        rows, counted = "1 row of the bills shows", "it is"
    else:
        rows, counted = f"{money.count(apart)} rows of the bills show", "they are"
    return (
        f"{rows} cost that other rows hold already (a second view of the same bill, or how an instance was shared); "
        f"{counted} counted apart and never added."
    )


def twice_words(state: Manifest, root: Path) -> list[str]:
    """Which bills look like one bill and may count twice, a few sentences each; nothing where none do."""
    return once(lambda: alike_lines(alike(state, root)), "bills alike", root, state.generation)


def connections(state: Manifest) -> list[list[str]]:
    """One row a connection: its name, kind, months, line items, how fresh it is, and whether it ties out."""
    names = dict.fromkeys(part.source for part in state.parts)
    return [_connection(name, [part for part in state.parts if part.source == name], state.data_date) for name in names]


CONNECTION_HEADER = (
    "Connection",
    "How fresh",
    "Usage to",
    "Ties out",
    "Months",
    "Line items",
    "Set aside",
    "Kind of bill",
)


def _connection(name: str, parts: Sequence[Part], newest: date | None) -> list[str]:
    entries = [entry for part in parts for entry in part.tie_outs]
    months = sorted({part.period for part in parts if part.period})
    last = max((day for part in parts if (day := billed_to(part))), default=None)
    return [
        name,
        freshness_words(last, newest, months),
        day_name(last) if last else money.UNKNOWN,
        "yes" if all(entry.tied_out for entry in entries) else "NO",
        f"{months[0]} to {months[-1]}" if len(months) > 1 else "".join(months),
        money.count(sum(entry.rows_loaded for entry in entries)),
        money.count(sum(entry.rows_quarantined for entry in entries)),
        source_of_type(parts[0].source_type).title,
    ]


def freshness_words(last: date | None, newest: date | None, months: Sequence[str]) -> str:
    """How a connection stands beside the newest bill, which month of it has no invoice yet, and which months it lacks.

    ``last`` and ``newest`` are last days of usage, ``months`` the connection's billing months in order.

    >>> freshness_words(date(2026, 10, 18), date(2026, 10, 20), ["2026-09", "2026-10"])
    '2 days behind the newest bill; Oct 2026 is open'
    >>> freshness_words(date(2026, 9, 30), date(2026, 9, 30), ["2026-07", "2026-09"])
    'as new as any bill; Aug 2026 is missing'
    """
    if last is None or newest is None:
        return "no usage"
    behind = (newest - last).days
    said = ["as new as any bill" if behind <= 0 else f"{money.counted(behind, 'day')} behind the newest bill"]
    if open_month_words(last) and f"{last:%Y-%m}" == f"{newest:%Y-%m}":
        said.append(f"{period_name(month_start(last), Grain.MONTH)} is open")
    elif open_month_words(last):
        said.append(f"{period_name(month_start(last), Grain.MONTH)} is not whole")
    if lacking := _lacking(months):
        named = ", ".join(period_name(month, Grain.MONTH) for month in lacking[:_NAMED])
        more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
        said.append(f"{named}{more} {'is' if len(lacking) == 1 else 'are'} missing")
    return "; ".join(said)


def _lacking(months: Sequence[str]) -> list[date]:
    """Months between the first and the last that are not there."""
    held = [date.fromisoformat(f"{month}-01") for month in months]
    if not held:
        return []
    found, month = [], held[0]
    while (month := add_months(month, 1)) < held[-1]:
        if month not in held:
            found.append(month)
    return found


def tie_out_rows(state: Manifest) -> list[dict[str, Any]]:
    """One row an account, month and currency: billed cost from the file to the store.

    What does not tie out stands first, then the newest month.
    """
    rows = [_tie_out_row(part, entry) for part in state.parts for entry in part.tie_outs]
    return sorted(rows, key=lambda row: (row["Ties out"] == "NO", str(row["Month"])), reverse=True)


def _tie_out_row(part: Part, entry: TieOut) -> dict[str, Any]:
    return {
        "Month": part.period,
        "Account": part.account,
        "Currency": entry.currency,
        "Ties out": "yes" if entry.tied_out else "NO",
        "Billed in the bill": _exact(entry.sums_in[BILLED]),
        "Billed in the store": _exact(entry.sums_store[BILLED]),
        "Difference": _exact(entry.untied[BILLED]),
        "Rows in the bill": entry.rows_in,
        "Rows loaded": entry.rows_loaded,
        "Rows set aside": entry.rows_quarantined,
        "Rows apart": entry.rows_apart,
        "Connection": part.source,
    }


def tie_out_columns() -> dict[str, Any]:
    """How the table writes its figures: exact, thousands separated, at the right."""
    amounts = ("Billed in the bill", "Billed in the store", "Difference")
    counts = ("Rows in the bill", "Rows loaded", "Rows set aside", "Rows apart")
    return {name: st.column_config.TextColumn(alignment="right") for name in amounts} | {
        name: st.column_config.NumberColumn(format="localized") for name in counts
    }


def _exact(amount: Decimal | None) -> str | None:
    """An amount with every digit, thousands separated; None stays None.

    >>> _exact(Decimal("456199.337707")), _exact(Decimal("0E-18")), _exact(None)
    ('456,199.337707', '0', None)
    """
    text = money.exact(amount)
    return None if text is None else f"{Decimal(text):,f}"


def quarantine_csv(rows: Sequence[dict[str, Any]]) -> str:
    """The rows set aside as CSV that no spreadsheet takes for formulas."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(None if row[name] is None else str(row[name])) for name in COLUMNS] for row in rows)
    return text.getvalue()
