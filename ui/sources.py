"""What Sources shows: which bills are loaded, how each ties out, and the rows set aside."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from costlib import money
from costlib.focus import BILLED
from costlib.periods import day_name
from costlib.sources import source_of_type
from costlib.store.manifest import Manifest, Part, TieOut
from costlib.store.quarantine import COLUMNS
from ui.exhibit import harmless
from ui.status import open_month_words


def finding(state: Manifest) -> str:
    """Whether what is loaded is what was billed, in one sentence."""
    entries = [entry for part in state.parts for entry in part.tie_outs]
    loaded, aside = sum(entry.rows_loaded for entry in entries), sum(entry.rows_quarantined for entry in entries)
    if not all(entry.tied_out for entry in entries):
        return "Some bills do not tie out: see the differences below"
    rows = f"All {money.count(loaded)} line items" if not aside else f"{money.count(loaded)} line items"
    more = f", {money.count(aside)} {'row is' if aside == 1 else 'rows are'} set aside" if aside else ""
    return f"{rows} tie out to the bills{more}"


def freshness(state: Manifest) -> str:
    """How old the figures are: the last day of usage, when they were published, and open months."""
    usage = f"Usage to {day_name(state.data_date)} (UTC)" if state.data_date else "No usage is loaded"
    published = f"published {state.published_at} · snapshot {state.generation}"
    return " · ".join(part for part in (usage, published, open_month_words(state.data_date)) if part)


def apart_words(state: Manifest) -> str:
    """How many rows of the bills show what other rows hold already; nothing where there are none."""
    apart = sum(entry.rows_apart for part in state.parts for entry in part.tie_outs)
    if not apart:
        return ""
    return (
        f"{money.count(apart)} rows of the bills show cost that other rows hold already (a second view of the same "
        "bill, or how an instance was shared); they are counted apart and never added."
    )


def connections(state: Manifest) -> list[list[str]]:
    """One row a connection: its name, kind, months, line items, last day of usage, and whether it ties out."""
    names = dict.fromkeys(part.source for part in state.parts)
    return [_connection(name, [part for part in state.parts if part.source == name]) for name in names]


CONNECTION_HEADER = ("Connection", "Kind of bill", "Months", "Line items", "Set aside", "Usage to", "Ties out")


def _connection(name: str, parts: Sequence[Part]) -> list[str]:
    entries = [entry for part in parts for entry in part.tie_outs]
    months = sorted({part.period for part in parts if part.period})
    last = max((part.last_day for part in parts if part.last_day), default=None)
    return [
        name,
        source_of_type(parts[0].source_type).title,
        f"{months[0]} to {months[-1]}" if len(months) > 1 else "".join(months),
        money.count(sum(entry.rows_loaded for entry in entries)),
        money.count(sum(entry.rows_quarantined for entry in entries)),
        day_name(last) if last else money.UNKNOWN,
        "yes" if all(entry.tied_out for entry in entries) else "NO",
    ]


def tie_out_rows(state: Manifest) -> list[dict[str, Any]]:
    """One row an account, month and currency, newest month first: billed cost from the file to the store."""
    rows = [_tie_out_row(part, entry) for part in state.parts for entry in part.tie_outs]
    return sorted(rows, key=lambda row: str(row["Month"]), reverse=True)


def _tie_out_row(part: Part, entry: TieOut) -> dict[str, Any]:
    return {
        "Month": part.period,
        "Connection": part.source,
        "Account": part.account,
        "Currency": entry.currency,
        "Rows in the bill": entry.rows_in,
        "Rows loaded": entry.rows_loaded,
        "Rows set aside": entry.rows_quarantined,
        "Rows apart": entry.rows_apart,
        "Billed in the bill": money.exact(entry.sums_in[BILLED]),
        "Billed in the store": money.exact(entry.sums_store[BILLED]),
        "Difference": money.exact(entry.untied[BILLED]),
        "Ties out": "yes" if entry.tied_out else "NO",
    }


def quarantine_csv(rows: Sequence[dict[str, Any]]) -> str:
    """The rows set aside as CSV that no spreadsheet takes for formulas."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(None if row[name] is None else str(row[name])) for name in COLUMNS] for row in rows)
    return text.getvalue()
