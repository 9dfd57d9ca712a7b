"""Months that come from days and months that come from months, made one: no step between them, no path far off.

Conventions: ``[segment, month, path]``, in money.

Where both know a month, the later ones are moved half the way (in logs) to what the days say, and paths are joined by
their rank in that month. Half the way was best of none, half and all of it on public daily series of two years, three
to six months ahead. A short history cannot measure how far off a year may go; later paths of a segment are
therefore bent so that none leaves its likely course by more than a factor of 1.6 in half a year, in logs and with the
root of time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Segments that are bent at once.
_BENT_AT_ONCE = 10
#: How far a path may leave the likely course: so much in logs, after so many months.
_FURTHEST, _FURTHEST_AFTER = float(np.log(1.6)), 6.0
#: The same for the months that come from days; one wild past origin of a young segment would else make their mean.
_FURTHEST_SOON = float(np.log(2.0))


def join(near: Array, joined: Array, moved: Flags) -> None:
    """Put the near months before the later ones: anchored where both know a month, and in the order of its paths.

    ``joined`` has all months; from the last of the near ones on it holds what the monthly history says. ``moved`` are
    the segments whose days follow their own trend or stepped to another level, which months are slow to learn.
    """
    soon, known, later = near.shape[1], near[:, -1], joined[:, near.shape[1] - 1 :]
    anchor = _anchor(known, later[:, 0], moved)[:, None, None]
    order = _in_order_of(np.nansum(known, axis=0), np.nansum(later[:, 0], axis=0))
    furthest = _FURTHEST * np.sqrt(np.arange(soon, joined.shape[1]) / _FURTHEST_AFTER)
    for rows in _few_at_once(len(near)):
        beyond = _bent_rows(joined[rows, soon:] * anchor[rows], furthest[:, None])
        np.take(beyond, order, axis=2, out=joined[rows, soon:], mode="clip")
    joined[:, :soon] = near


def bent_soon(paths: Array) -> Array:
    """Paths of the near months, those of positive segments bent to at most a factor of two from their median."""
    bent = np.empty_like(paths)
    for rows in _few_at_once(len(paths)):
        bent[rows] = _bent_rows(paths[rows], np.full((paths.shape[1], 1), _FURTHEST_SOON))
    return bent


def _in_order_of(known: Array, later: Array) -> NDArray[np.intp]:
    """The places of the later amounts in the order of the known ones; as drawn where no known one is above another.

    >>> later = np.array([4.0, 9.0, 6.0])
    >>> _in_order_of(np.array([3.0, 1.0, 2.0]), later).tolist(), _in_order_of(np.array([5.0, 5.0, 5.0]), later).tolist()
    ([1, 0, 2], [0, 1, 2])
    """
    if np.ptp(known) == 0:
        return np.arange(len(known))
    rank = np.argsort(np.argsort(known, kind="stable"), kind="stable")
    return np.argsort(later, kind="stable")[rank]


def _few_at_once(segments: int) -> Iterator[slice]:
    """The segments, so few at a time that they stay in the processor's cache."""
    return (slice(at, at + _BENT_AT_ONCE) for at in range(0, segments, _BENT_AT_ONCE))


def _bent_rows(paths: Array, most: Array) -> Array:
    """Paths of a few positive segments bent to at most ``most`` from their median, in logs, one limit a month."""
    likely = np.median(paths, axis=2, keepdims=True)
    positive = (likely > 0) & (paths > 0)
    bent = np.divide(paths, likely, out=np.ones_like(paths), where=positive)
    np.log(bent, out=bent)
    bent /= most
    np.tanh(bent, out=bent)
    bent *= most
    np.exp(bent, out=bent)
    bent *= likely
    np.copyto(bent, paths, where=~positive)
    return bent


def _anchor(days: Array, months: Array, moved: Flags) -> Array:
    """Half the way, in logs, from what months say to what days say, all of it where a segment has moved.

    Of a gap of more than a factor of two, that factor counts.
    """
    said, expected = np.median(days, axis=1), np.median(months, axis=1)
    both = (said > 0) & (expected > 0)
    gap = np.divide(said, expected, out=np.ones_like(said), where=both)
    factor: Array = np.clip(gap, 0.5, 2.0) ** np.where(moved, 1.0, 0.5)
    return factor
