"""A chart's figures as CSV that no spreadsheet takes for formulas.

Conventions: the table is that of ``costlib.charts.words``: exact amounts, ISO dates, unknown empty; UTF-8.
"""

from __future__ import annotations

import csv
import io
import re

from costlib.charts.spec import Chart
from costlib.charts.words import table


def csv_text(chart: Chart) -> str:
    """The figures as CSV text, a header and one row per row of the chart's table."""
    header, rows = table(chart)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    return text.getvalue()


def harmless(cell: str | None) -> str:
    """Text that begins like a formula gets an apostrophe; numbers, negative ones too, stay numbers.

    >>> harmless("=1+1"), harmless("-12.5"), harmless(None)
    ("'=1+1", '-12.5', '')
    """
    if cell is None:
        return ""
    is_number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell)
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not is_number else cell
