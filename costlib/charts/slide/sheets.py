"""The figures of a native chart and the workbook behind it: categories with series, or points.

Conventions: amounts stand in the chart as exact decimal text, in its workbook as numbers; both hold the same series in
the same order. The workbook of points holds one block a series: x, y, and where there is one the size, then the name.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from pptx.chart.data import BubbleChartData, CategoryChartData, XyChartData
from xlsxwriter import Workbook

from costlib import money
from costlib.charts.fit import visible
from costlib.charts.slide.workbook import SHEET, workbook
from costlib.charts.spec.measure import Measure
from costlib.charts.spec.parts import Amount


@dataclass(frozen=True)
class Sheet:
    """The figures of a chart: a heading, categories (days or names), and named series of amounts."""

    corner: str
    categories: Sequence[date] | Sequence[str]
    series: Sequence[tuple[str, tuple[Amount, ...]]]
    currency: str
    date_format: str | None = None


class _Data(CategoryChartData):
    """Chart data whose workbook is ours: names are text, dates are fixed."""

    book: bytes = b""

    @property
    def xlsx_blob(self) -> bytes:
        return self.book


def chart_data(sheet: Sheet, made_on: date) -> Any:
    """The sheet as python-pptx takes it."""
    number_format = full_format(sheet.currency)
    new_data: Any = _Data
    data = new_data(number_format)
    data.categories = sheet.categories
    if sheet.date_format is not None:
        data.categories.number_format = sheet.date_format
    for name, values in sheet.series:
        data.add_series(name, [money.exact(value) for value in values])
    data.book = workbook(
        sheet.corner,
        [name for name, _ in sheet.series],
        sheet.categories,
        [values for _, values in sheet.series],
        date_format="yyyy-mm-dd",
        number_format=number_format,
        made_on=made_on,
    )
    return data


def full_format(currency: str) -> str:
    """The spreadsheet format of a full amount.

    >>> print(full_format("USD"))
    "$"#,##0.00;"−$"#,##0.00
    """
    sign = money.prefix(currency)
    return f'"{sign}"#,##0.00;"−{sign}"#,##0.00'


@dataclass(frozen=True)
class Dot:
    """One point of a series."""

    name: str
    x: Decimal
    y: Decimal
    size: Decimal | None = None


@dataclass(frozen=True)
class PointSheet:
    """The figures of a chart of points: what they measure, and named series; every point has a size, or none has."""

    x: Measure
    y: Measure
    series: Sequence[tuple[str, Sequence[Dot]]]
    size: Measure | None = None


class _Points(XyChartData):
    """Points whose workbook is ours."""

    book: bytes = b""

    @property
    def xlsx_blob(self) -> bytes:
        return self.book


class _Bubbles(BubbleChartData):
    """Bubbles whose workbook is ours."""

    book: bytes = b""

    @property
    def xlsx_blob(self) -> bytes:
        return self.book


def points_data(sheet: PointSheet, made_on: date) -> Any:
    """The sheet as python-pptx takes it."""
    new_data: Any = _Points if sheet.size is None else _Bubbles
    data = new_data()
    for name, dots in sheet.series:
        series = data.add_series(name)
        for dot in dots:
            size = () if sheet.size is None else (money.exact(dot.size),)
            series.add_data_point(money.exact(dot.x), money.exact(dot.y), *size)
    data.book = _workbook(sheet, made_on)
    return data


def _workbook(sheet: PointSheet, made_on: date) -> bytes:
    """An XLSX file with one block of rows per series, where python-pptx looks for it."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"author": "Glidepath", "created": datetime.combine(made_on, time())})
    page = book.add_worksheet(SHEET)
    page.set_column(0, 3, 18)
    measures = [sheet.x, sheet.y] if sheet.size is None else [sheet.x, sheet.y, sheet.size]
    formats = [book.add_format({"num_format": number_format(measure)}) for measure in measures]
    row = 0
    for name, dots in sheet.series:
        heads = [measure.heading for measure in measures]
        for column, text in enumerate([heads[0], name, *heads[2:], "Name"]):
            page.write_string(row, column, visible(text))
        for below, dot in enumerate(dots, start=row + 1):
            for column, (number, number_style) in enumerate(zip((dot.x, dot.y, dot.size), formats, strict=False)):
                page.write_number(below, column, number, number_style)
            page.write_string(below, len(measures), visible(dot.name))
        row += len(dots) + 2
    book.close()
    return buffer.getvalue()


def number_format(measure: Measure) -> str:
    """The spreadsheet format of a measure.

    >>> number_format(Measure("Pass rate", unit="%")), number_format(Measure("Months"))
    ('0.0%', '#,##0.0')
    """
    return full_format(measure.currency) if measure.currency else "0.0%" if measure.is_share else "#,##0.0"
