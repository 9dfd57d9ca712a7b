"""Pictures of whole pages, small and grey, and how far two of them differ.

Conventions: a picture is as a reader sees a page from far away: what is where, and how dark. Letters are gone, so that
another day's wording, another version of the browser or another smoothing of type is no difference; a chart that is
missing, a table that is cut, a column that moved or a colour that turned is one.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from tests.browser.tab import Tab

FOLDER = Path(__file__).parent / "golden"
#: Pixels across of a picture, by the width of the window.
ACROSS = {1440: 320, 390: 130}
_BLOCK = 8
#: A block differs where its mean is this far off, of 255.
_FAR = 14
_HIGHEST = 9_000
_MOMENT = 400


def picture(tab: Tab) -> Image.Image:
    """The whole page of the tab; its window is as high as before afterwards."""
    size = tab.page.viewport_size
    assert size
    height = int(tab.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight"))
    try:
        tab.page.set_viewport_size({"width": size["width"], "height": min(height, _HIGHEST)})
        tab.settle()
        tab.page.wait_for_timeout(_MOMENT)
        taken = tab.page.screenshot(animations="disabled", caret="hide")
    finally:
        tab.page.set_viewport_size(size)
    with Image.open(io.BytesIO(taken)) as opened:
        return small(opened, ACROSS[size["width"]])


def small(image: Image.Image, across: int) -> Image.Image:
    """The image in grey, so many pixels across, each the mean of what it covers."""
    height = max(round(image.height * across / image.width), 1)
    return image.convert("L").resize((across, height), Image.Resampling.BOX)


def apart(one: Image.Image, other: Image.Image) -> float:
    """The share of blocks that differ, those that only the higher picture has counted as different."""
    first, second = (_blocks(image) for image in (one, other))
    rows = min(len(first), len(second))
    far = int((np.abs(first[:rows] - second[:rows]) > _FAR).sum())
    return (far + abs(len(first) - len(second)) * first.shape[1]) / max(first.size, second.size)


def _blocks(image: Image.Image) -> np.ndarray:
    """The mean of each block, the last rows and columns that fill none left out."""
    grey = np.asarray(image, dtype=float)
    rows, columns = (max(side // _BLOCK, 1) for side in grey.shape)
    cut = grey[: rows * _BLOCK, : columns * _BLOCK]
    means: np.ndarray = cut.reshape(rows, _BLOCK, columns, _BLOCK).mean(axis=(1, 3))
    return means
