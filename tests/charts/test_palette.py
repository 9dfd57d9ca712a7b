"""Colours that can be told apart, on screen, in the dark and in grey."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from decimal import Decimal as D
from itertools import pairwise
from pathlib import Path

import pytest

from costlib.charts.palette import (
    BAND_SHARE,
    DARK,
    LIGHT,
    PRINT,
    Palette,
    bar_colour,
    contrast,
    line_colours,
    luminance,
    mixed,
    segment_colours,
    step_colour,
)
from costlib.charts.spec import MOST_NAMED, Bar, Chart, Line, Role, StackedColumns, Trend
from costlib.charts.spec.bridge import Column

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
    stack, credits = charts["stack"], charts["credits"]
    assert isinstance(stack, StackedColumns) and isinstance(credits, StackedColumns)
    assert segment_colours(stack.segments, LIGHT) == (*LIGHT.categories[:2], LIGHT.other)
    assert segment_colours(credits.segments, DARK) == DARK.categories[:4]


def test_colours_of_lines_follow_their_roles(charts: dict[str, Chart]) -> None:
    trend, close_lines = charts["trend"], charts["close_lines"]
    assert isinstance(trend, Trend) and isinstance(close_lines, Trend)
    assert line_colours(trend.lines, LIGHT) == (LIGHT.ink, LIGHT.previous)
    assert line_colours(close_lines.lines, LIGHT) == LIGHT.categories


@pytest.fixture
def line() -> Callable[[str, Role], Line]:
    return lambda name, role: Line(name, (D(1),), role)


def test_a_forecast_takes_the_accent(line: Callable[[str, Role], Line]) -> None:
    lines = (line("Actual", Role.ACTUAL), line("Forecast", Role.FORECAST), line("Budget", Role.PLAN))
    assert line_colours(lines, LIGHT) == (LIGHT.ink, LIGHT.accent, LIGHT.muted)


def test_cost_that_rises_is_bad_and_cost_that_falls_good() -> None:
    start, rise, fall, still, end = (
        Column("", D(amount), D(0), D(amount), level)
        for amount, level in ((1, True), (2, False), (-2, False), (0, False), (1, True))
    )
    assert [step_colour(column, DARK) for column in (start, rise, fall, still, end)] == [
        DARK.ink,
        DARK.bad,
        DARK.good,
        DARK.muted,
        DARK.ink,
    ]


@PALETTES
def test_the_rest_of_a_ranking_differs_from_its_bars_and_from_the_earlier_period(palette: Palette) -> None:
    bar, rest = bar_colour(Bar("A", D(1)), palette), bar_colour(Bar("B", D(1), other=True), palette)
    assert bar == palette.ink and contrast(bar, rest) >= 1.5 and contrast(rest, palette.previous) >= 1.1


@PALETTES
def test_now_and_before_differ_in_grey(palette: Palette) -> None:
    assert contrast(palette.ink, palette.previous) >= 2.5


@PALETTES
def test_a_range_is_seen_and_its_forecast_on_it(palette: Palette) -> None:
    area = mixed(palette.accent, palette.background, BAND_SHARE)
    assert contrast(area, palette.background) >= 1.25
    assert contrast(palette.accent, area) >= 3 and contrast(palette.ink, area) >= 4.5


@pytest.mark.parametrize(("share", "result"), [(0.0, "#0E1624"), (1.0, "#6EA0FF"), (0.5, "#3E5B92")])
def test_mixed_lies_between_its_colours(share: float, result: str) -> None:
    assert mixed(DARK.accent, DARK.background, share) == result


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)], ids=["light", "dark"])
def test_charts_have_the_colours_of_the_page_around_them(theme: str, palette: Palette) -> None:
    config = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    page = config["theme"][theme]
    assert (palette.background, palette.ink, palette.grid) == (
        page["backgroundColor"],
        page["textColor"],
        page["borderColor"],
    )


def test_the_accent_of_the_dark_page_is_that_of_its_charts() -> None:
    config = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert DARK.accent == config["theme"]["dark"]["primaryColor"]
