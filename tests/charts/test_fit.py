"""Text that fits: widths, shortening, wrapping, labels kept apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.fit import (
    JOINER,
    amounts_apart,
    broken,
    fitted,
    shortened,
    spread,
    text_width,
    unbroken,
    visible,
    wrapped,
)

TEXT = st.text(max_size=80)
NEAR = 1e-6


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Search", "Search"),
        ("  two\n\tlines ", "two lines"),
        ("nul\x00 bell\x07", "nul\ufffd bell\ufffd"),
        ("lone \ud800", "lone \ufffd"),
        ("not a character \uffff", "not a character \ufffd"),
        ("Équipe 検索 🙂", "Équipe 検索 🙂"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_width_follows_the_letters() -> None:
    assert text_width("") == 0
    assert text_width("illi") < text_width("aaaa") < text_width("MMMM")
    assert text_width("検索") > text_width("ab")
    assert text_width("ab", bold=True) > text_width("ab")


@given(TEXT, st.floats(1.5, 40))
def test_shortened_fits_and_keeps_what_already_fits(text: str, width: float) -> None:
    result = shortened(text, width)
    assert text_width(result) <= width
    assert result == text or (result.endswith("…") and text.startswith(result[:-1]))


@given(TEXT, st.floats(3, 40))
def test_wrapping_loses_nothing_and_stays_within_the_width(text: str, width: float) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line) <= width for line in lines)


def test_wrapping_breaks_inside_a_word_only_if_it_must() -> None:
    assert wrapped("short words stay whole", 6.5) == ["short words", "stay whole"]
    assert len(wrapped("W" * 10, 5)) == 2


def test_fitted_takes_the_largest_size() -> None:
    assert fitted("Spend is up", 500, 1, (24, 12)) == ("Spend is up", 24)
    assert fitted("Spend is up by a lot in every team", 200, 1, (24, 12)) == ("Spend is up by a lot in every team", 12)


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("lines", [1, 2, 3])
def test_what_is_too_long_at_the_smallest_size_is_cut_as_late_as_can_be(lines: int, bold: bool) -> None:
    text = "savings are planned realised and signed off " * 5
    result, size = fitted(text, 120, lines, (20, 10), bold=bold)
    kept = len(result) - 1
    assert size == 10
    assert result.endswith("…") and text.startswith(result[:-1]) and kept > 15 * lines
    assert len(wrapped(result, 12, bold=bold)) <= lines
    longer = next(text[:end].rstrip() + "…" for end in range(kept + 1, len(text)) if text[end - 1] != " ")
    assert len(wrapped(longer, 12, bold=bold)) > lines


def test_bold_letters_are_cut_sooner() -> None:
    text = "savings are planned realised and signed off"
    plain, bold = (shortened(text, 12, bold=bold) for bold in (False, True))
    assert text.startswith(plain[:-1]) and plain.startswith(bold[:-1]) and len(bold) < len(plain)
    assert len(broken(text * 2, 12, 2, bold=True)[-1]) < len(broken(text * 2, 12, 2)[-1])


def test_a_text_of_just_as_many_lines_is_not_cut() -> None:
    assert broken("one two", 3.0, 2) == ["one", "two"]
    assert broken("one two six", 3.0, 2) == ["one", "two…"]


@given(TEXT, st.integers(1, 3), st.booleans())
def test_fitted_always_fits(text: str, lines: int, bold: bool) -> None:
    result, size = fitted(visible(text), 120, lines, (20, 10), bold=bold)
    assert len(wrapped(result, 120 / size, bold=bold)) <= lines


def test_spread_leaves_labels_that_do_not_touch() -> None:
    assert spread([0.1, 0.5, 0.9], 0.2, 0, 1) == pytest.approx([0.1, 0.5, 0.9])


def test_spread_moves_touching_labels_evenly() -> None:
    assert spread([0.5, 0.5], 0.2, 0, 1) == pytest.approx([0.4, 0.6])
    assert spread([0.9, 1.0, 0.95], 0.2, 0, 1) == pytest.approx([0.6, 1.0, 0.8])
    assert spread([], 0.2, 0, 1) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.floats(0, 0.5))
def test_spread_keeps_order_gap_and_bounds(wanted: list[float], gap: float) -> None:
    placed = spread(wanted, gap, 0, 1)
    room = min(gap, 1 / max(len(wanted) - 1, 1))
    assert all(-NEAR <= place <= 1 + NEAR for place in placed)
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    in_order = [placed[index] for index in order]
    assert all(after - before >= room - NEAR for before, after in pairwise(in_order))


def test_spread_gives_each_label_its_own_height() -> None:
    assert spread([0.5, 0.5], [0.1, 0.3], 0, 1) == pytest.approx([0.4, 0.6])
    assert spread([0.2, 0.25, 0.9], [0.3, 0.1, 0.1], 0, 1) == pytest.approx([0.125, 0.325, 0.9])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 0.3)), min_size=1, max_size=9))
def test_labels_of_different_heights_do_not_touch_where_there_is_room(labels: list[tuple[float, float]]) -> None:
    wanted, heights = [place for place, _ in labels], [height for _, height in labels]
    placed = spread(wanted, heights, 0, 1)
    assert all(-NEAR <= place <= 1 + NEAR for place in placed)
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    needed = [(heights[one] + heights[other]) / 2 for one, other in pairwise(order)]
    share = min(1.0, 1 / sum(needed)) if needed else 1.0
    for (one, other), room in zip(pairwise(order), needed, strict=True):
        assert placed[other] - placed[one] >= room * share - NEAR


@given(TEXT, st.integers(1, 3))
def test_broken_keeps_to_its_lines_and_says_where_it_cuts(text: str, most: int) -> None:
    lines = broken(visible(text), 9.5, most)
    assert len(lines) <= most and all(text_width(line) <= 9.5 for line in lines)
    whole = "".join("".join(lines).split()) == "".join(visible(text).split())
    assert whole or lines[-1].endswith("…")


class TestUnbroken:
    def test_a_sign_is_joined_to_the_currency_after_it(self) -> None:
        assert unbroken("Run −$176K, Grow +€2") == f"Run −{JOINER}$176K, Grow +{JOINER}€2"

    def test_what_is_never_torn_stays_as_it_is(self) -> None:
        for text in ("−4.2%", "+5", "a + b", "$5−$6 a-$", "", "FOO+BAR", "up +."):
            assert unbroken(text).replace(JOINER, "") == text
            assert text == "$5−$6 a-$" or JOINER not in unbroken(text)

    @given(TEXT)
    def test_without_the_joiner_it_is_the_text(self, text: str) -> None:
        assert unbroken(text).replace(JOINER, "") == text.replace(JOINER, "")
        assert "".join(piece for piece, _ in amounts_apart(text)) == text
