"""What counts as another picture of a page, and what does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.browser.pictures import FOLDER, apart, picture, small
from tests.browser.tab import Tab

#: The share of a page that may differ: what a day's wording changes, and no chart.
MOST = 0.02


def plain(width: int = 320, height: int = 480, shade: int = 255) -> Image.Image:
    return Image.new("L", (width, height), shade)


def inked(box: tuple[int, int, int, int], shade: int = 0) -> Image.Image:
    image = plain()
    image.paste(shade, box)
    return image


def test_the_same_page_is_no_difference() -> None:
    assert apart(inked((20, 20, 90, 90)), inked((20, 20, 90, 90))) == 0


def test_what_is_missing_counts_by_its_size() -> None:
    """80 by 80 pixels of 320 by 480 are 100 blocks of 2,400."""
    assert apart(inked((0, 0, 80, 80)), plain()) == pytest.approx(100 / 2400)


def test_another_height_counts_by_the_rows_that_only_one_has() -> None:
    assert apart(plain(height=480), plain(height=400)) == pytest.approx(80 / 480)


def test_a_slightly_other_shade_is_none_and_another_theme_is_all() -> None:
    assert apart(plain(shade=250), plain(shade=240)) == 0
    assert apart(plain(shade=255), plain(shade=20)) == 1


@given(st.integers(0, 2**32 - 1))
def test_noise_of_smoothed_letters_is_none(seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 25, (480, 320))
    grey = np.clip(np.asarray(plain(shade=128), float) + noise, 0, 255)
    assert apart(Image.fromarray(grey.astype("uint8")), plain(shade=128)) < 0.01


def test_a_picture_is_as_wide_as_asked_and_keeps_its_proportions() -> None:
    assert small(Image.new("RGB", (1440, 2880), "white"), 320).size == (320, 640)


@pytest.mark.browser
def test_a_chart_that_is_missing_is_found_and_another_word_is_not(tab: Tab) -> None:
    tab.open("/")
    tab.draw()
    with Image.open(FOLDER / "overview-1440.png") as kept:
        tab.page.evaluate("document.querySelector('h1').textContent += ' and a word'")
        assert apart(picture(tab), kept) < MOST
        tab.page.evaluate("document.querySelector('.js-plotly-plot').style.visibility = 'hidden'")
        assert apart(picture(tab), kept) > MOST
