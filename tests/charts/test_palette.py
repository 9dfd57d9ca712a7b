"""Colours that can be told apart, on screen, in the dark and in grey."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from itertools import pairwise

import pytest

from costlib.charts import DARK, LIGHT, PRINT, Caption, Chart, Line, Palette, Periods, Role, Trend
from costlib.charts.palette import colours, contrast, luminance
from costlib.charts.spec import MOST_NAMED
from costlib.periods import Grain

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])


@PALETTES
def test_data_stands_out_from_the_background(palette: Palette) -> None:
    for colour in (*palette.categories, palette.other, palette.previous, palette.accent, palette.good, palette.bad):
        assert contrast(colour, palette.background) >= 3, colour


@PALETTES
def test_text_is_readable(palette: Palette) -> None:
    for colour in (palette.ink, palette.muted, palette.accent, palette.good, palette.bad):
        assert contrast(colour, palette.background) >= 4.5, colour


@PALETTES
def test_neighbours_in_a_stack_differ_in_grey(palette: Palette) -> None:
    stack = (*palette.categories, palette.other)
    for below, above in pairwise(stack):
        assert contrast(below, above) >= 1.5, (below, above)


@PALETTES
def test_all_other_stands_out_wherever_the_stack_ends(palette: Palette) -> None:
    assert all(contrast(colour, palette.other) >= 1.1 for colour in palette.categories)


@PALETTES
def test_there_is_a_colour_for_every_named_part_and_none_twice(palette: Palette) -> None:
    assert len({*palette.categories, palette.other}) == MOST_NAMED + 1


@PALETTES
def test_grid_is_fainter_than_the_baseline_and_both_than_data(palette: Palette) -> None:
    faint = [contrast(colour, palette.background) for colour in (palette.grid, palette.baseline, palette.other)]
    assert faint == sorted(faint)
    assert faint[0] < 2


def test_contrast_of_known_pairs() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert luminance("#808080") == pytest.approx(0.2159, abs=0.0001)


def test_colours_of_a_stack(charts: dict[str, Chart]) -> None:
    assert colours(charts["stack"], LIGHT) == (*LIGHT.categories[:2], LIGHT.other)
    assert colours(charts["credits"], DARK) == DARK.categories[:4]


def test_colours_of_lines_follow_their_roles(charts: dict[str, Chart]) -> None:
    assert colours(charts["trend"], LIGHT) == (LIGHT.ink, LIGHT.previous)
    assert colours(charts["close_lines"], LIGHT) == LIGHT.categories


@pytest.fixture
def line() -> Callable[[str, Role], Line]:
    return lambda name, role: Line(name, (D(1),), role)


def test_a_forecast_takes_the_accent(line: Callable[[str, Role], Line]) -> None:
    lines = (line("Actual", Role.ACTUAL), line("Forecast", Role.FORECAST))
    chart = Trend(Caption("t", "", ""), Periods((date(2026, 1, 1),), Grain.MONTH), "USD", lines)
    assert colours(chart, LIGHT) == (LIGHT.ink, LIGHT.accent)
