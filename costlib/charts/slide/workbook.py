"""The workbook inside a native chart: the figures that an editor of the slide sees.

Conventions: one sheet, first row names, first column periods, amounts to 16 significant digits (a
spreadsheet holds no more), an unknown amount is an empty cell. Names are stored as text, whatever they begin with.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time

from xlsxwriter import Workbook

from costlib.charts.spec.parts import Amount

SHEET = "Sheet1"


def workbook(
    corner: str,
    names: Sequence[str],
    categories: Sequence[date] | Sequence[str],
    columns: Sequence[Sequence[Amount]],
    *,
    date_format: str,
    number_format: str,
    made_on: date,
) -> bytes:
    """An XLSX file with one row per category and one column per name; the same input gives the same bytes."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"author": "Glidepath", "created": datetime.combine(made_on, time())})
    dates, numbers = book.add_format({"num_format": date_format}), book.add_format({"num_format": number_format})
    sheet = book.add_worksheet(SHEET)
    sheet.set_column(0, len(names), 16)
    for column, name in enumerate((corner, *names)):
        sheet.write_string(0, column, name)
    for row, category in enumerate(categories, start=1):
        if isinstance(category, date):
            sheet.write_datetime(row, 0, datetime.combine(category, time()), dates)
        else:
            sheet.write_string(row, 0, category)
    for column, amounts in enumerate(columns, start=1):
        for row, amount in enumerate(amounts, start=1):
            if amount is not None:
                sheet.write_number(row, column, amount, numbers)  # as Decimal: a float loses the last digits
    book.close()
    return buffer.getvalue()
