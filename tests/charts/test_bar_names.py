"""Names beside bars of a slide: no name reaches into the next where any of the ways tried can prevent it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.fit import text_width, wrapped
from costlib.charts.slide.bar_names import bar_names
from costlib.charts.slide.page import Box

LONG = [
    "Answer repeated questions of the assistant from cached prompts",
    "The fraud model on fewer, fuller machines",
    "Quotas, sharing and a commitment that fits for the shared cluster",
    "Small models of our own where a large one answers today",
    "Notebooks and development endpoints stop when nobody works",
    "A statement for every team, every month",
    "All other",
]
WORDS = st.lists(st.text("abcdefgh ", min_size=1, max_size=70).map(lambda text: f"x{text}"), min_size=1, max_size=12)


def high(names: list[str], box: Box, height: float) -> float:
    """Height of the tallest name, in parts of what one bar has."""
    found = bar_names(names, 17.0, box, height)
    lines = max(len(wrapped(name, (found.room - 12) / found.size + 1e-9)) for name in found.shown)
    return lines * found.size * 1.2 / (height / len(names))


def test_short_names_stand_in_the_usual_size_and_take_no_more_room_than_they_need() -> None:
    found = bar_names(["Search", "Fraud"], 17.0, Box(0, 0, 700, 300), 260)
    assert found.room == pytest.approx(text_width("Search") * found.size + 12)
    assert found.size == bar_names(["Search"], 17.0, Box(0, 0, 480, 300), 260).size


def test_a_narrow_box_has_smaller_type() -> None:
    wide, narrow = (bar_names(["Search"], 17.0, Box(0, 0, width, 300), 260).size for width in (480, 479))
    assert narrow == wide - 2


def test_long_names_in_a_small_chart_do_not_run_into_one_another() -> None:
    box = Box(0, 0, 255, 145)
    assert high(LONG, box, 133) <= 1
    cut = [name for name in bar_names(LONG, 17.0, box, 133).shown if name.endswith("…")]
    assert cut and all(any(name.startswith(one[:15]) for name in LONG) for one in cut)


def test_names_with_room_enough_are_not_made_smaller() -> None:
    box = Box(0, 0, 700, 600)
    found = bar_names(LONG, 17.0, box, 560)
    assert found.size == bar_names(["Search"], 17.0, box, 560).size and list(found.shown) == LONG


@given(WORDS, st.floats(150, 900), st.floats(60, 500))
def test_names_never_take_more_than_half_of_the_box(names: list[str], width: float, height: float) -> None:
    found = bar_names(names, 17.0, Box(0, 0, width, height), height)
    assert found.room <= width / 2 + 12 + 1e-6 and found.size > 0


@given(WORDS, st.floats(150, 900), st.floats(60, 500))
def test_more_height_never_makes_names_smaller(names: list[str], width: float, height: float) -> None:
    box = Box(0, 0, width, height)
    assert bar_names(names, 17.0, box, height).size <= bar_names(names, 17.0, box, 2 * height).size
