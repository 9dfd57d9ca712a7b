"""A chart's figures as CSV that no spreadsheet takes for formulas.

Conventions: the table is that of ``costlib.charts.words``: exact amounts, ISO dates, unknown empty; UTF-8. Every row
ends with what its figures measure and where they come from, since a file is read long after its name is lost.
"""

from __future__ import annotations

import csv
import io
import re

from costlib.charts.spec import Chart
from costlib.charts.words import table

#: Columns behind those of the chart's table: measure, currency and days in words; whose bills, until when.
MADE_OF = ("Measure", "Source")


def csv_text(chart: Chart) -> str:
    """The figures as CSV text, a header and one row per row of the chart's table."""
    header, rows = table(chart)
    made_of = (chart.caption.subtitle, chart.caption.source)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(cell) for cell in (*header, *MADE_OF)])
    writer.writerows([[harmless(cell) for cell in (*row, *made_of)] for row in rows])
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
