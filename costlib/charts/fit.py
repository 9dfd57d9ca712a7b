"""Fitting text into a chart: how wide it is, how to shorten it, how to keep labels apart.

Conventions: widths are in ems (multiples of the font size) for a sans face with the proportions of Arial,
which is wider than Source Sans, so what fits here fits on screen too. Positions are in the caller's unit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

#: A sign without width that keeps what stands around it on one line.
JOINER = "\u2060"

_TORN = re.compile(r"([+−][^\w\s.,]\S*)")
_NARROW, _SLIM, _WIDE = frozenset("ijl.,:;'|!`"), frozenset(' frtI()[]{}-/\\"'), frozenset("mwMW@%")
_BOLD = 1.08


def visible(text: str) -> str:
    """The text on one line, with characters that XML cannot carry replaced by the replacement mark.

    >>> visible("Search\\n team\\x00")
    'Search team\\ufffd'
    """
    kept = "".join(char if _printable(char) else "\ufffd" for char in text if char not in "\r")
    return " ".join(kept.split())


def amounts_apart(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, and whether each is an amount whose sign could be torn off at the end of a line.

    Line breaking (Unicode Annex 14) keeps a sign with a digit, and allows a break between a sign and a currency.

    >>> amounts_apart("Grow −$176K, up 5%"), amounts_apart("+5%")
    ([('Grow ', False), ('−$176K,', True), (' up 5%', False)], [('+5%', False)])
    """
    pieces = ((piece, bool(_TORN.fullmatch(piece))) for piece in _TORN.split(text))
    return [(piece, torn) for piece, torn in pieces if piece]


def unbroken(text: str) -> str:
    """The text with ``JOINER`` between a sign and the currency after it, so that no line ends between them.

    >>> unbroken("up +$5") == "up +\u2060$5"
    True
    """
    return "".join(piece[0] + JOINER + piece[1:] if torn else piece for piece, torn in amounts_apart(text))


def _printable(char: str) -> bool:
    code = ord(char)
    return char.isspace() or 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code > 0xFFFF


def text_width(text: str, *, bold: bool = False) -> float:
    """Width of one line in ems.

    >>> text_width("Mill") < text_width("Mall") < text_width("Mall", bold=True)
    True
    """
    return sum(_char_width(char) for char in text) * (_BOLD if bold else 1.0)


def _char_width(char: str) -> float:
    if char in _NARROW:
        return 0.26
    if char in _SLIM:
        return 0.34
    if char in _WIDE:
        return 0.92
    if ord(char) >= 0x1100:
        return 1.05
    return 0.72 if char.isupper() else 0.57


def shortened(text: str, width: float, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it is wider than ``width`` ems.

    >>> shortened("Recommendations and personalisation", 9.0)
    'Recommendatio…'
    """
    if text_width(text, bold=bold) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…", bold=bold) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrapped(text: str, width: float, *, bold: bool = False) -> list[str]:
    """The text in lines of at most ``width`` ems, broken between words, inside one only if it must, after a dash first.

    >>> wrapped("spend is up a lot", 5.0), wrapped("fraud-scorer-canary", 8.0)
    (['spend is', 'up a lot'], ['fraud-scorer-', 'canary'])
    """
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", bold=bold) <= width:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        lines.extend(_pieces(word, width, bold))
    return lines or [""]


def _pieces(word: str, width: float, bold: bool) -> list[str]:
    pieces = [""]
    for char in word:
        if pieces[-1] and text_width(pieces[-1] + char, bold=bold) > width:
            before, dash, after = pieces[-1].rpartition("-")
            pieces[-1:] = [before + dash, after] if before else [pieces[-1], ""]
        pieces[-1] += char
    return pieces


def broken(text: str, width: float, most: int, *, bold: bool = False) -> list[str]:
    """The text in at most ``most`` lines of ``width`` ems, the last one cut with an ellipsis if it must be.

    >>> broken("Recommendations and personalisation platform", 9.0, 2)
    ['Recommendations', 'and personalisat…']
    """
    lines = wrapped(text, width, bold=bold)
    return (
        lines if len(lines) <= most else [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), width, bold=bold)]
    )


def fitted(text: str, width: float, lines: int, sizes: Sequence[float], *, bold: bool = False) -> tuple[str, float]:
    """The text and the largest of ``sizes`` (points) at which it fits ``lines`` lines of ``width`` points.

    Where even the smallest size is too large the text is cut with an ellipsis.

    >>> fitted("Spend rose by a third since the autumn", 200, 2, (24, 12))
    ('Spend rose by a third since the autumn', 12)
    """
    for size in sizes:
        if len(wrapped(text, width / size, bold=bold)) <= lines:
            return text, size
    most = width / sizes[-1]
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        cut = text[:middle].rstrip() + "…"
        fits, too_long = (middle, too_long) if len(wrapped(cut, most, bold=bold)) <= lines else (fits, middle)
    return text[:fits].rstrip() + "…", sizes[-1]


def spread(wanted: Sequence[float], gap: float | Sequence[float], low: float, high: float) -> list[float]:
    """Positions as near as possible to ``wanted``, at least ``gap`` apart and within ``low`` to ``high``.

    ``gap`` is one distance for all, or the height of each label: two neighbours then keep half of either apart. The
    order is kept; where there is no room, the room is shared in proportion. The method is least squares under an
    order constraint (pool adjacent violators).

    >>> spread([5.0, 5.0, 20.0], 4.0, 0.0, 30.0), spread([5.0, 5.0, 20.0], [2.0, 6.0, 2.0], 0.0, 30.0)
    ([3.0, 7.0, 20.0], [3.0, 7.0, 20.0])
    """
    if not wanted:
        return []
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    heights = [gap] * len(wanted) if isinstance(gap, float | int) else [gap[index] for index in order]
    steps = [(one + other) / 2 for one, other in pairwise(heights)]
    room = high - low
    share = min(1.0, room / sum(steps)) if sum(steps) > 0 else 1.0
    offsets = list(accumulate((step * share for step in steps), initial=0.0))
    slack = [wanted[index] - offset for index, offset in zip(order, offsets, strict=True)]
    placed = [0.0] * len(wanted)
    for index, value, offset in zip(order, _rising(slack), offsets, strict=True):
        placed[index] = min(max(value, low), high - offsets[-1]) + offset
    return placed


def _rising(values: Sequence[float]) -> list[float]:
    pools: list[tuple[float, int]] = []
    for value in values:
        total, count = value, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            before, many = pools.pop()
            total, count = total + before, count + many
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]
