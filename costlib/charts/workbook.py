"""A chart's figures as an Excel workbook that a finance team can calculate with.

Conventions: the sheet "Figures" holds title, subtitle, table and source; the sheet "About" what the figures are
and what made them. A column that holds numbers only is stored as numbers (16 significant digits, a spreadsheet
holds no more), one of ISO dates as dates; everything else is stored as text, whatever it begins with. Unknown is
an empty cell. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook

from costlib.charts.fit import visible
from costlib.charts.spec import Chart
from costlib.charts.timeline import Periods
from costlib.charts.trace import PRODUCT, trace_json
from costlib.charts.words import alt_text, notes, table

FIGURES, ABOUT = "Figures", "About"
HEADER_ROW = 3  # of the sheet, from 0: title, subtitle and an empty row stand above it

_DATE_FORMAT = "yyyy-mm-dd"
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")  # as amounts are written; a code such as 0042 is a name
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST = 32_000  # characters that a cell holds
_TABLE = "rows"  # of a trace: the chart's table itself, which stands on the sheet of figures
_NARROWEST, _WIDEST = 10, 40


def workbook(chart: Chart, *, trace: Mapping[str, object], made_on: date) -> bytes:
    """The XLSX file; ``made_on`` is the only date in it besides those of the figures and the trace."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    title = visible(chart.caption.title)
    book.set_properties({"title": title, "author": PRODUCT, "created": datetime.combine(made_on, time())})
    _write_figures(book, chart)
    _write_about(book, _about(chart, trace, made_on))
    book.close()
    return buffer.getvalue()


def _write_figures(book: Any, chart: Chart) -> None:
    sheet = book.add_worksheet(FIGURES)
    header, rows = table(chart)
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    _text(sheet, 0, 0, chart.caption.title, book.add_format({"bold": True, "font_size": 14}))
    _text(sheet, 1, 0, chart.caption.subtitle)
    for column, name in enumerate(header):
        cells = [row[column] for row in rows]
        _text(sheet, HEADER_ROW, column, name, heading)
        _write_column(book, sheet, column, cells)
        longest = max(len(visible(cell)) for cell in [name, *cells])
        sheet.set_column(column, column, min(max(longest + 2, _NARROWEST), _WIDEST))
    for number, line in enumerate((chart.caption.source, *notes(chart))):
        _text(sheet, HEADER_ROW + len(rows) + 2 + number, 0, line)
    sheet.freeze_panes(HEADER_ROW + 1, 1)


def _write_column(book: Any, sheet: Any, column: int, cells: Sequence[str]) -> None:
    numbers, dates = column > 0 and _all_match(_NUMBER, cells), _all_match(_DATE, cells)
    style = book.add_format({"num_format": number_format(cells) if numbers else _DATE_FORMAT})
    for row, cell in enumerate(cells, start=HEADER_ROW + 1):
        if not cell:
            continue
        if numbers:
            sheet.write_number(row, column, Decimal(cell), style)
        elif dates:
            sheet.write_datetime(row, column, datetime.combine(date.fromisoformat(cell), time()), style)
        else:
            _text(sheet, row, column, cell)


def number_format(cells: Sequence[str]) -> str:
    """The format of a column of numbers: whole ones without decimals, cents, or more where all are small.

    >>> number_format(["12", "1300"]), number_format(["12.345", ""]), number_format(["0.0042"])
    ('#,##0', '#,##0.00', '#,##0.00######')
    """
    values = [Decimal(cell) for cell in cells if cell]
    if all(value == value.to_integral_value() for value in values):
        return "#,##0"
    return "#,##0.00" if max(abs(value) for value in values) >= 1 else "#,##0.00######"


def _all_match(pattern: re.Pattern[str], cells: Sequence[str]) -> bool:
    written = [cell for cell in cells if cell]
    return bool(written) and all(pattern.fullmatch(cell) for cell in written)


def _about(chart: Chart, trace: Mapping[str, object], made_on: date) -> list[tuple[str, str]]:
    """Name and text of everything a reader of the figures asks for."""
    periods, currency = getattr(chart, "periods", None), _currency(chart)
    lines = [
        ("Finding", chart.caption.title),
        ("Measure", chart.caption.subtitle),
        ("Currency", currency),
        *(_of_periods(periods) if isinstance(periods, Periods) else []),
        ("Source", chart.caption.source),
        ("In words", alt_text(chart)),
        ("Made on", made_on.isoformat()),
    ]
    made_of = json.loads(trace_json(trace))
    told = [(key, _plain(value)) for key, value in made_of.items() if key != _TABLE and value is not None]
    return [*lines, ("", ""), ("What made the figures", ""), *told]


def _currency(chart: Chart) -> str:
    """The currency of all amounts; nothing where there is none, or columns have their own."""
    measure = getattr(chart, "measure", None)
    return str(getattr(chart, "currency", "") or getattr(measure, "currency", ""))


def _of_periods(periods: Periods) -> list[tuple[str, str]]:
    names = periods.names
    span = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
    until = "" if periods.data_until is None else periods.data_until.isoformat()
    return [("Period", span), ("Data to", until)]


def _plain(value: object) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)


def _write_about(book: Any, lines: Sequence[tuple[str, str]]) -> None:
    sheet, names = book.add_worksheet(ABOUT), book.add_format({"bold": True, "valign": "top"})
    texts = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    for row, (name, text) in enumerate(line for line in lines if line[1] or line[0] in ("", "What made the figures")):
        _text(sheet, row, 0, name, names)
        _text(sheet, row, 1, text, texts)


def _text(sheet: Any, row: int, column: int, text: str, style: Any = None) -> None:
    if text:
        sheet.write_string(row, column, visible(text)[:_LONGEST], style)
