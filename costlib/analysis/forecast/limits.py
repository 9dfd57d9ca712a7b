"""How far off a forecast can be at most, by what the series itself has done.

Conventions: working scale; results are ``[side, series, step]``, below the forecast and above it, both positive.

Method: the shape of the ranges is the panel's, and its tails may be those of very different series: a bill that is
constant but for one step is off by fifty times its usual error on that day, and so much in logs is a factor of
thousands for one that comes in gaps. So no error goes further than

- the largest of a series' own past errors so far ahead, and the more beyond it the fewer independent ones it has lived:
  1 + 3 / sqrt(n) times the largest of n normal errors is more than they exceed once in a hundred times, for every n;
- the lowest and highest that the series ever was, and beyond them the part of what lies between that a random walk of
  so many steps covers, all of it at most;
- where hardly any error is known: the lowest and highest, and beyond them twice the usual error of the others as far as
  that was tested; or the largest own one, if that is more.

No limit is nearer than a factor of two: a bill that never moved may take its first step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.sizes import GROWTH

Array = NDArray[np.float64]

#: What is allowed beyond the largest of n errors, over the root of n.
_BEYOND = 3.0
#: No limit is nearer: any bill may double or halve once, whatever it did before.
_HARMLESS = float(np.log(2.0))
#: A side that saw smaller errors than the other is allowed this part of the other's.
_OTHER_SIDE = 0.5
#: Independent errors from which a series' own say how far off it can be.
ENOUGH = 2.0
#: Usual errors of the others that a series without own ones may go beyond its past; and a step where there are none.
_OTHERS, _UNKNOWN = 2.0, 0.1


@dataclass(frozen=True)
class Room:
    """Where a series has been: ``edge`` ``[side, series, step]`` from the forecast to its lowest and its highest.

    ``apart`` ``[series, step]`` is how far these are apart, the part of it that a random walk of so many steps covers.
    """

    edge: Array
    apart: Array


def room_of(working: Array, now: Array) -> Room:
    """The room around the forecast ``now``, ``[series, step]``, of series that were ``working``, ``[series, period]``.

    >>> room = room_of(np.array([[1.0, 5.0, 2.0, 3.0]]), np.array([[4.0, 6.0]]))
    >>> room.edge.tolist()
    [[[3.0, 5.0]], [[1.0, 0.0]]]
    """
    known = ~np.isnan(working)
    lowest = np.where(known, working, np.inf).min(axis=1, keepdims=True)
    highest = np.where(known, working, -np.inf).max(axis=1, keepdims=True)
    lived = np.minimum(np.arange(1, now.shape[1] + 1) / np.maximum(known.sum(axis=1, keepdims=True), 1), 1.0)
    return Room(np.maximum(np.array([now - lowest, highest - now]), 0.0), (highest - lowest) * lived**GROWTH)


def limits_of(errors: Array, independent: Array, size: Array, growth: Array, room: Room) -> Array:
    """The furthest errors, ``[side, series, step]``.

    ``errors`` are ``[series, origin, step]``; ``independent`` says how many of them are (``sizes.stretches``), ``size``
    how large they usually are, ``growth`` how much more beyond the last tested step, ``[series, step]`` each.
    """
    steps = size.shape[1]
    tested = np.array([-np.fmin.reduce(errors, axis=1, initial=0.0), np.fmax.reduce(errors, axis=1, initial=0.0)])
    so_far = np.maximum.accumulate(np.pad(tested, ((0, 0), (0, 0), (0, steps - tested.shape[2])), mode="edge"), axis=2)
    largest = so_far * growth
    largest = np.maximum(largest, _OTHER_SIDE * largest.max(axis=0))
    live = np.isfinite(errors).any(axis=(1, 2))
    others = (
        _OTHERS * np.median((size / growth)[live], axis=0)
        if live.any()
        else _UNKNOWN * np.sqrt(np.arange(1.0, steps + 1))
    )
    seen = np.minimum(
        largest * (1.0 + _BEYOND / np.sqrt(np.maximum(independent, 1.0))), np.maximum(room.edge + room.apart, so_far)
    )
    limits = np.where(independent >= ENOUGH, seen, np.maximum(room.edge + others, largest))
    harmless: Array = np.maximum(limits, _HARMLESS)
    return harmless
