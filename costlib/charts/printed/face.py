"""Widths of text in the face of print, Source Sans Pro, read from its TrueType files.

Conventions: lengths are points; a width is the sum of the advances of the characters, without kerning, which
only ever draws letters together. A character that the face lacks counts as a full square, as wide as a
replacement can be. Cut and broken text is measured, never estimated.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import font_source_sans_pro  # type: ignore[import-untyped]

FAMILY = "Source Sans Pro"
REGULAR, BOLD = "SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf"
BOLD_WEIGHT = 600
ASCENT, DESCENT = 0.72, 0.22  # of the size: what letters and figures reach above and below the base line

_REPLACEMENT = "?"


def font_file(name: str) -> Path:
    """Where a file of the face lies."""
    return Path(font_source_sans_pro.font_directory) / name


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of one line in points.

    >>> round(width("Mill", 10), 1), width("", 10)
    (14.8, 0)
    """
    advances = _advances(BOLD if bold else REGULAR)
    return sum(advances.get(ord(char), 1.0) for char in text) * size


def covered(text: str) -> str:
    """The text with what the face cannot show replaced by a question mark.

    >>> covered("Größe − 漢字 ■")
    'Größe − ?? ■'
    """
    known = _advances(REGULAR).keys() & _advances(BOLD).keys()
    return "".join(char if ord(char) in known else _REPLACEMENT for char in text)


def shortened(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it is wider than ``room`` points.

    >>> shortened("Recommendations", 40, 10)
    'Recom…'
    """
    if width(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width(kept + "…", size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrapped(text: str, room: float, size: float, most: int, *, bold: bool = False) -> list[str]:
    """The text in at most ``most`` lines of ``room`` points, broken between words; the last one is cut.

    >>> wrapped("spend is up a lot this year", 40, 10, 2)
    ['spend is', 'up a lo…']
    """
    lines: list[str] = []
    words = text.split()
    for index, word in enumerate(words):
        if lines and width(f"{lines[-1]} {word}", size, bold=bold) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = shortened(" ".join([lines[-1], *words[index:]]), room, size, bold=bold)
            break
    return [shortened(line, room, size, bold=bold) for line in lines] or [""]


def fitted(text: str, room: float, most: int, sizes: Sequence[float], *, bold: bool = False) -> tuple[list[str], float]:
    """The lines of the text at the largest of ``sizes`` at which nothing of it is cut, and that size.

    >>> fitted("spend is up a lot", 60, 1, (20, 8))
    (['spend is up a lot'], 8)
    """
    whole = " ".join(text.split())
    for size in sizes:
        lines = wrapped(text, room, size, most, bold=bold)
        if " ".join(lines) == whole:
            return lines, size
    return wrapped(text, room, sizes[-1], most, bold=bold), sizes[-1]


@cache
def _advances(name: str) -> dict[int, float]:
    """Advance of every character of a face, in ems (OpenType tables cmap, hhea, hmtx and head)."""
    data = font_file(name).read_bytes()
    tables = _tables(data)
    (units,) = struct.unpack_from(">H", data, tables["head"] + 18)
    (count,) = struct.unpack_from(">H", data, tables["hhea"] + 34)
    metrics = struct.unpack_from(f">{2 * count}H", data, tables["hmtx"])
    glyphs = _glyphs(data, tables["cmap"])
    return {code: metrics[2 * min(glyph, count - 1)] / units for code, glyph in glyphs.items()}


def _tables(data: bytes) -> dict[str, int]:
    (count,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * index) for index in range(count))
    return {tag.decode("ascii"): offset for tag, _, offset, _ in records}


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """Glyph of every character of the Basic Multilingual Plane (cmap format 4)."""
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    offsets = [struct.unpack_from(">HHI", data, cmap + 4 + 8 * index)[2] for index in range(count)]
    start = next(cmap + offset for offset in offsets if struct.unpack_from(">H", data, cmap + offset) == (4,))
    (double,) = struct.unpack_from(">H", data, start + 6)
    segments = double // 2
    ends, starts, deltas, ranges = (
        struct.unpack_from(f">{segments}H", data, start + 14 + part * double + (2 if part else 0)) for part in range(4)
    )
    glyphs = {}
    for index, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                place = start + 16 + 3 * double + 2 * index + offset + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", data, place)
            if glyph:
                glyphs[code] = (glyph + delta) % 0x10000
    return {code: glyph for code, glyph in glyphs.items() if glyph}
