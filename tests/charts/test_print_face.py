"""Widths of text: those of the font itself, and lines that hold what they promise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from costlib.charts.printed.face import BOLD, REGULAR, covered, fitted, font_file, shortened, width, wrapped

LATIN = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F), max_size=60)
SIZES = st.sampled_from([8.0, 9.5, 11.0, 20.0])


@pytest.mark.parametrize(("name", "bold"), [(REGULAR, False), (BOLD, True)])
def test_every_character_is_as_wide_as_another_reader_of_the_font_says(name: str, bold: bool) -> None:
    font = ImageFont.truetype(str(font_file(name)), 1000, layout_engine=ImageFont.Layout.BASIC)
    for char in "".join(map(chr, range(0x20, 0x250))) + "–—…−€₹■◆≤Ωж":
        if covered(char) == char:
            assert width(char, 1000, bold=bold) == pytest.approx(font.getlength(char), abs=1), char


def test_figures_are_all_of_one_width() -> None:
    assert len({width(figure, 10) for figure in "0123456789"}) == 1


def test_bold_is_wider() -> None:
    assert width("Forecast", 10, bold=True) > width("Forecast", 10)


@pytest.mark.parametrize(("text", "shown"), [("漢字", "??"), ("naïve −3 €", "naïve −3 €"), ("🙂 ok", "? ok"), ("", "")])
def test_what_the_face_lacks_is_replaced(text: str, shown: str) -> None:
    assert covered(text) == shown


def test_what_the_face_lacks_takes_a_full_square() -> None:
    assert width("漢", 10) == 10 > width("?", 10)


@given(LATIN, st.floats(20, 400), SIZES, st.booleans())
def test_shortened_text_fits_and_is_the_beginning(text: str, room: float, size: float, bold: bool) -> None:
    short = shortened(text, room, size, bold=bold)
    assert width(short, size, bold=bold) <= room
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@given(LATIN, st.floats(30, 400), SIZES, st.integers(1, 4))
def test_lines_fit_and_lose_no_word_unless_they_say_so(text: str, room: float, size: float, most: int) -> None:
    lines = wrapped(text, room, size, most)
    assert 1 <= len(lines) <= most
    assert all(width(line, size) <= room for line in lines)
    if "…" not in text and not any(line.endswith("…") for line in lines):
        assert " ".join(lines).split() == text.split()


def test_a_line_is_as_full_as_it_can_be() -> None:
    first, second = wrapped("spend is up a lot", width("spend is up", 10), 10, 2)
    assert (first, second) == ("spend is up", "a lot")


def test_a_title_takes_the_largest_size_at_which_it_is_whole() -> None:
    title = "Spend passes the budget and moves away from it"
    assert fitted(title, 1000, 1, (20, 10)) == ([title], 20)
    assert fitted(title, width(title, 10) + 1, 1, (20, 10)) == ([title], 10)
    lines, size = fitted(title * 9, 300, 2, (20, 10))
    assert size == 10 and len(lines) == 2 and lines[-1].endswith("…")
