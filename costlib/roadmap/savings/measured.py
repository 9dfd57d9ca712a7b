"""What was measured of an initiative's scope: cost period by period, and what drives it.

Conventions: periods are days, or weeks named by their first day; ``cost`` is effective cost in one currency, ``volume``
work asked for (requests, tokens, runs), ``work_done`` what of it was still done, ``quantity`` what was consumed for it
(hours, tokens), ``panel`` cost of segments that nothing was done to (``[segment, period]``).
Unknown is NaN, never 0. *Before* is everything up to go-live, *after* everything from the end of the ramp on; what lies
between is no evidence either way and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costlib.errors import InputError
from costlib.periods import day_name

Floats = NDArray[np.float64]

DAY, WEEK = 1, 7
#: What is measured period by period.
SERIES = ("cost", "volume", "panel", "quantity", "work_done")
#: Known periods before go-live without which nothing honest can be said, by the length of a period.
LEAST_BEFORE = {DAY: 56, WEEK: 12}


class TooLittleHistory(InputError):
    """There is not enough before go-live, or nothing after the ramp, to measure a saving."""


class Basis(StrEnum):
    """What the counterfactual is driven by, the strongest evidence first."""

    VOLUME = "volume"
    PANEL = "panel"
    TREND = "trend"


@dataclass(frozen=True)
class Measured:
    """Cost of a scope and its drivers, one value a period from ``start`` on; ``days`` is 1 or 7."""

    start: date
    cost: Floats
    volume: Floats | None = None
    panel: Floats | None = None
    quantity: Floats | None = None
    work_done: Floats | None = None
    days: int = DAY

    def __post_init__(self) -> None:
        given = [getattr(self, name) for name in SERIES]
        shapes = {np.shape(one)[-1:] for one in given if one is not None}
        if len(shapes) > 1 or np.ndim(self.cost) != 1 or self.days not in LEAST_BEFORE:
            raise InputError(
                f"cost and its drivers have {sorted(shapes)} periods of {self.days} days",
                expected="one value a period of each, periods of 1 or 7 days",
                fix="Hand in series of the same days.",
            )

    def index(self, day: date) -> int:
        """Position of the first period that begins on ``day`` or later, between 0 and the number of periods.

        >>> Measured(date(2026, 1, 1), np.ones(30)).index(date(2026, 1, 8))
        7
        """
        return min(max(-(-(day - self.start).days // self.days), 0), len(self.cost))

    def date_of(self, at: int) -> date:
        """First day of a period."""
        return self.start + timedelta(days=at * self.days)

    @property
    def basis(self) -> Basis:
        """The strongest driver that was handed in."""
        if self.volume is not None:
            return Basis.VOLUME
        return Basis.TREND if self.panel is None or not len(self.panel) else Basis.PANEL

    def weekly(self, until: int) -> Measured:
        """The same in whole weeks counted back from period ``until`` and on from it; a week with a gap is unknown."""
        first = until % WEEK
        held: dict[str, Any] = {name: getattr(self, name) for name in SERIES}
        weeks: dict[str, Any] = {name: None if one is None else _weeks(one, first) for name, one in held.items()}
        return replace(self, start=self.date_of(first), days=WEEK, **weeks)


def usable(measured: Measured, go_live: date) -> Measured:
    """The series as they can be modelled: in weeks where days before go-live cost nothing or nothing was asked for.

    Raises TooLittleHistory where too few periods before go-live are known, or cost nothing even by the week.
    """
    found = measured
    if measured.days == DAY and _has_nothing(measured, measured.index(go_live)):
        found = measured.weekly(measured.index(go_live))
    before = found.index(go_live)
    known = int(np.isfinite(found.cost[:before]).sum())
    if known < LEAST_BEFORE[found.days] or _has_nothing(found, before):
        unit = "days" if found.days == DAY else "weeks"
        raise TooLittleHistory(
            f"{known} {unit} with a known cost lie before go-live on {day_name(go_live)}",
            expected=f"at least {LEAST_BEFORE[found.days]} {unit} that all cost something",
            fix="Load earlier bills, or measure a wider scope.",
        )
    return found


def driver(measured: Measured, before: int) -> Floats | None:
    """What drives the cost, 1 on average before go-live: the volume, or the untouched segments on equal terms.

    A segment of the panel that is unknown or nothing in any period is left out of it.
    """
    if measured.volume is not None:
        return measured.volume / float(np.nanmean(measured.volume[:before]))
    if measured.panel is None:
        return None
    whole = measured.panel[(np.isfinite(measured.panel) & (measured.panel > 0)).all(axis=1)]
    if not len(whole):
        return None
    levels: Floats = np.exp(np.log(whole / whole[:, :before].mean(axis=1, keepdims=True)).mean(axis=0))
    return levels / float(levels[:before].mean())


def _has_nothing(measured: Measured, before: int) -> bool:
    """Whether a known cost or quantity before go-live, or a known volume at any time, is not above 0."""
    cost, volume, quantity = measured.cost[:before], measured.volume, measured.quantity
    known = [cost, *([] if volume is None else [volume]), *([] if quantity is None else [quantity[:before]])]
    return any(bool((one <= 0).any()) for one in known)


def _weeks(values: Floats, first: int) -> Floats:
    whole = (values.shape[-1] - first) // WEEK
    kept = values[..., first : first + whole * WEEK]
    added: Floats = kept.reshape(*values.shape[:-1], whole, WEEK).sum(axis=-1)
    return added
