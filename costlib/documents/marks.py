"""What stands on a page besides its words: the watermark behind them and the reader's logo over them.

Conventions: lengths are points, angles degrees, clockwise. A logo is a PNG of at most ``MOST_PIXELS`` in height, so
that a document stays small whatever picture was given.
"""

from __future__ import annotations

import io
import math

from PIL import Image, UnidentifiedImageError

from costlib.charts.fit import text_width
from costlib.charts.palette import Palette, mixed
from costlib.documents.model import Logo
from costlib.errors import InputError

#: Where a logo stands in the upper edge of a page.
LOGO_TOP, LOGO_HEIGHT = 12.0, 20.0
MOST_PIXELS = 160
_LOGO_FORMATS = ("PNG", "JPEG")
_MOST_BYTES, _WIDEST = 2_000_000, 8.0
_SHARE, _MOST_SIZE, _TINT = 0.8, 90.0, 0.13


def watermark_size(words: str, width: float, height: float) -> float:
    """The size of type at which the words fill most of the page's diagonal.

    >>> watermark_size("DRAFT", 600, 800) > watermark_size("DRAFT, $12K of the bill is missing", 600, 800)
    True
    """
    return min(_SHARE * math.hypot(width, height) / text_width(words, bold=True), _MOST_SIZE)


def watermark_angle(width: float, height: float) -> float:
    """From the lower left corner to the upper right one.

    >>> watermark_angle(500, 500)
    -45.0
    """
    return -math.degrees(math.atan2(height, width))


def watermark_colour(palette: Palette) -> str:
    """A tint of the palette's warning on which words are still read."""
    return mixed(palette.bad, palette.background, _TINT)


def logo_of(data: bytes, name: str = "the logo") -> Logo:
    """The picture as a logo, no larger than needed; raises InputError for a file that cannot be one."""
    expected = "a PNG or JPEG picture of at most 2 MB"
    if len(data) > _MOST_BYTES:
        raise InputError(f"{name} has {len(data):,} bytes", expected=expected, fix="Save it smaller.")
    try:
        with Image.open(io.BytesIO(data), formats=_LOGO_FORMATS) as opened:
            picture = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError, ValueError):
        raise InputError(f"{name} is no picture that can be read", expected=expected) from None
    width, height = picture.size
    if not 1 / _WIDEST <= width / height <= _WIDEST:
        raise InputError(
            f"{name} is {width} by {height} pixels",
            expected=f"a picture at most {_WIDEST:g} times as wide as high",
            fix="Crop it to the mark itself.",
        )
    picture.thumbnail((int(MOST_PIXELS * _WIDEST), MOST_PIXELS))
    kept = io.BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return Logo(kept.getvalue(), width / height)
