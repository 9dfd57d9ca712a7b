"""Series in portions that a processor's cache holds: many small passes over a portion beat a few over all of them."""

from __future__ import annotations

from collections.abc import Iterator

#: So many figures are worked on at a time.
_CACHED = 100_000


def portions(series: int, each: int) -> Iterator[slice]:
    """The series in portions of so many that ``each`` figures a series stay in the cache; at least one.

    >>> list(portions(5, 50_000))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    most = max(_CACHED // max(each, 1), 1)
    return (slice(at, min(at + most, series)) for at in range(0, series, most))
