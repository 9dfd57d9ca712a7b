"""Dates of series as numbered periods: days, weeks of any one weekday a series, or months by their first days."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.rhythm import Frequency
from costlib.errors import InputError
from costlib.series.cells import Days

_UNITS = {Frequency.DAY: "day", Frequency.WEEK: "week", Frequency.MONTH: "month"}


class IrregularDates(InputError):
    """Dates that no frequency explains."""


def frequency_of(days: Days, codes: NDArray[np.int64], path: Path) -> Frequency:
    """What the dates say: months if all are first days of months, else the commonest distance between dates.

    ``codes`` are the series of the rows. Raises ``IrregularDates`` where no frequency explains them.
    """
    order = np.lexsort((days, codes))
    gaps = np.diff(days[order])[np.diff(codes[order]) == 0]
    gaps = gaps[gaps > 0]
    if not gaps.size:
        raise IrregularDates(
            f"{path}: no series has two dates, so the frequency cannot be read from them",
            expected="D, W or MS",
            fix="Say it with --freq.",
        )
    if (_day_of_month(days) == 1).all() and gaps.min() >= 28:
        return Frequency.MONTH
    common = int(np.median(gaps))
    if common in (1, 7):
        return Frequency.DAY if (gaps % 7 != 0).any() else Frequency.WEEK
    raise IrregularDates(
        f"{path}: dates are mostly {common} days apart",
        expected="every day (D), every 7 days (W) or the first of every month (MS)",
        fix="Sum to one of these first; write a month as its first day.",
    )


def _day_of_month(days: Days) -> Days:
    dates = days.astype("datetime64[D]")
    result: Days = (dates - dates.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    return result


def numbered(days: Days, codes: NDArray[np.int64], frequency: Frequency, path: Path) -> tuple[Days, Days]:
    """Each row's period as a number, and the days by which weekly series lie off whole weeks, one a series.

    Raises ``IrregularDates`` for the first date that does not fit.
    """
    none = np.zeros(int(codes.max()) + 1, dtype=np.int64)
    if frequency is Frequency.DAY:
        return days, none
    if frequency is Frequency.MONTH:
        _refuse_irregular(_day_of_month(days) == 1, days, "the first day of a month", frequency, path)
        return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64), none
    first = np.zeros_like(none)
    first[codes[::-1]] = days[::-1] % 7
    _refuse_irregular(days % 7 == first[codes], days, "the weekday of the series' first row", frequency, path)
    return (days - first[codes]) // 7, first


def _refuse_irregular(fits: NDArray[np.bool_], days: Days, expected: str, frequency: Frequency, path: Path) -> None:
    if not fits.all():
        row = int(np.flatnonzero(~fits)[0])
        raise IrregularDates(
            f"{path}, row {row + 1}: {days[row].astype('datetime64[D]')} does not fit frequency {frequency.value}",
            expected=expected,
            fix="Correct the date, or say another frequency with --freq.",
        )


def dates_of(number: Days, anchor: Days, frequency: Frequency) -> NDArray[np.datetime64]:
    """The dates of numbered periods, the first day of each."""
    if frequency is Frequency.MONTH:
        return number.astype("datetime64[M]").astype("datetime64[D]")
    if frequency is Frequency.WEEK:
        return (number * 7 + anchor).astype("datetime64[D]")
    return number.astype("datetime64[D]")


def unit(frequency: Frequency, count: int) -> str:
    """So many periods in words.

    >>> unit(Frequency.MONTH, 1), unit(Frequency.DAY, 30)
    ('1 month', '30 days')
    """
    return f"{count} {_UNITS[frequency]}{'' if count == 1 else 's'}"
