"""What kind of series each one is, and what its reader has to be told.

Conventions: ``y`` is ``[series, period]``, newest last, NaN before a series begins and in gaps. A note is a sentence
without its full stop, for the reader of one series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.rhythm import Rhythm

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: A series with at least this share of zeros comes and goes.
_INTERMITTENT = 0.5
#: A series that had at most this share of zeros before its last run of them did not come and go.
_LIVELY = 0.1
#: Under so many periods a series is new: its level is all that is known.
NEW = 8
#: What fitting costs, in periods of history: a level beside a season, and where there is too little for a season.
_LEVEL, _LEVEL_ALONE = 4.0, 6.0


@dataclass(frozen=True)
class Kinds:
    """Flags a series."""

    length: NDArray[np.intp]
    empty: Flags
    ended: Flags
    intermittent: Flags
    constant: Flags
    credit: Flags
    mixed: Flags
    gaps: NDArray[np.intp]


def kinds_of(y: Array, rhythm: Rhythm) -> Kinds:
    """The kind of each series.

    >>> from costlib.analysis.forecast.rhythm import MONTHLY
    >>> kinds_of(np.array([[5.0] * 12 + [0.0] * 4]), MONTHLY).ended.tolist()
    [True]
    """
    known = ~np.isnan(y)
    begun = np.maximum.accumulate(known, axis=1)
    count = known.sum(axis=1)
    zero = known & (y == 0)
    length = begun.sum(axis=1)
    filled = np.where(known, y, 0.0)
    lowest, highest = filled.min(axis=1), filled.max(axis=1)
    ended = _ended(known, zero, rhythm)
    share = zero.sum(axis=1) / np.maximum(count, 1)
    spread = np.where(known, y, np.inf).min(axis=1) == np.where(known, y, -np.inf).max(axis=1)
    return Kinds(
        length=length,
        empty=count == 0,
        ended=ended,
        intermittent=(share >= _INTERMITTENT) & (share < 1) & ~ended & (length >= NEW),
        constant=spread & (count >= NEW),
        credit=(highest <= 0) & (lowest < 0),
        mixed=(highest > 0) & (lowest < 0),
        gaps=(begun & ~known).sum(axis=1),
    )


def fitted_part(kinds: Kinds, rhythm: Rhythm) -> Array:
    """What was fitted to each series, as a part of its history, half at most; seasons, if any, cost most."""
    seasonal = kinds.length >= 2 * rhythm.season + 2
    fitted = np.where(seasonal, _LEVEL + rhythm.season / 2, _LEVEL_ALONE)
    part: Array = np.minimum(fitted / np.maximum(kinds.length, 1), 0.5)
    return part


def begun(y: Array) -> Array:
    """The series with zeros before their first amount taken out, where hardly any zero follows: it had not begun.

    >>> begun(np.array([[0.0, 0.0, 3.0, 4.0], [0.0, 0.0, 3.0, 0.0]])).tolist()
    [[nan, nan, 3.0, 4.0], [0.0, 0.0, 3.0, 0.0]]
    """
    amount = ~np.isnan(y) & (y != 0)
    alive = np.logical_or.accumulate(amount, axis=1)
    later = (alive & ~np.isnan(y)).sum(axis=1)
    zeros = (alive & (y == 0)).sum(axis=1)
    launched = (later > 0) & (zeros <= _LIVELY * later)
    return np.where(launched[:, None] & ~alive, np.nan, y)


def _ended(known: Flags, zero: Flags, rhythm: Rhythm) -> Flags:
    """Nothing but zeros for a while, after a life with hardly any."""
    run = np.logical_and.accumulate((zero | ~known)[:, ::-1], axis=1).sum(axis=1)
    before = known.sum(axis=1) - run
    earlier = zero.sum(axis=1) - np.minimum(run, zero.sum(axis=1))
    return np.asarray((run >= rhythm.ended) & (before > run) & (earlier <= _LIVELY * before))


def notes_of(kinds: Kinds, rhythm: Rhythm, methods: tuple[str, ...], horizon: int) -> tuple[tuple[str, ...], ...]:
    """What to say of each series; nothing for one that is long, alive and regular."""
    return tuple(_notes(kinds, row, rhythm, method, horizon) for row, method in enumerate(methods))


def _notes(kinds: Kinds, row: int, rhythm: Rhythm, method: str, horizon: int) -> tuple[str, ...]:
    length = int(kinds.length[row])
    if kinds.empty[row]:
        return ("No history: no forecast",)
    said = []
    if kinds.ended[row]:
        said.append(f"Ended: nothing but zeros for at least {rhythm.ended} periods, so 0 is forecast")
    if length < NEW:
        history = f"{length} {'period' if length == 1 else 'periods'} of history"
        said.append(f"New: {history}, so its level is carried on with a range borrowed from the others")
    elif length < rhythm.short:
        said.append(f"Short: {length} periods of history; no yearly pattern can be known")
    if length >= NEW and horizon > length:
        said.append(
            f"The horizon of {horizon} is longer than the history of {length}: beyond it the range is extrapolated"
        )
    if kinds.intermittent[row]:
        said.append("Comes and goes: half of its periods or more are 0, so its average rate and pattern are forecast")
    if kinds.constant[row]:
        said.append("Has never changed, so the range has no width")
    if kinds.credit[row]:
        said.append("Credits: no value is above 0")
    if kinds.mixed[row]:
        said.append("Costs and credits mixed: forecast in money, not in growth rates")
    if kinds.gaps[row]:
        gaps = int(kinds.gaps[row])
        dates = "1 missing date inside it was" if gaps == 1 else f"{gaps} missing dates inside it were"
        said.append(f"{dates} bridged by a straight line, not taken as 0")
    if method == "seasonal naive":
        said.append("Repeating its last season did clearly better on its own past, so that is used")
    if method == "own trend":
        said.append("Its own trend, carried on in full, did clearly better on its own past, so that is used")
    if method == "run rate":
        said.append("Its run rate did clearly better on its own past, so that is used")
    return tuple(said)
