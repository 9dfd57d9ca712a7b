"""Tables of figures: figures at the right and whole, words at the left."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from costlib import money
from ui.tables import is_words


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["$1.20K", "−$4", "unknown"], False),
        (["over 99%", "3%"], False),
        (["$10.0K to $30.0K", "–"], False),
        (["month 6", "not in these months"], False),
        (["Head of Search", "CFO"], True),
        (["24 dollars of every 100 have an owner by 2028", "–"], True),
        (["–", "–"], False),
        (["–", "CFO"], True),
        ([], True),
    ],
)
def test_a_column_of_words_is_told_from_one_of_figures(cells: list[str], words: bool) -> None:
    assert is_words(cells) is words


@given(st.lists(st.decimals(-(10**14), 10**14, places=2), min_size=1, max_size=8))
def test_amounts_are_figures_however_large(amounts) -> None:
    assert not is_words([money.short(amount, "USD") for amount in amounts])
    assert not is_words([money.signed(amount, "EUR") for amount in amounts])


def page() -> None:
    from ui.tables import figures_table

    figures_table("Teams", ["Team", "Owner", "Cost"], [["<Ads>", "A & B", "$5"], ["Web", "Nobody in particular", "$7"]])


def test_header_and_cells_of_words_are_marked_alike_and_text_is_literal() -> None:
    (table,) = [element.proto.body for element in AppTest.from_function(page).run().get("html")]
    said = ["Owner", "A &amp; B", "Nobody in particular"]
    assert re.findall(r'class="words long">([^<]*)<', table) == said
    assert '<th scope="row">&lt;Ads&gt;</th>' in table and "<td>$5</td>" in table
    assert '<th scope="col">Cost</th>' in table


def test_the_first_column_names_the_row_and_is_never_marked() -> None:
    (table,) = [element.proto.body for element in AppTest.from_function(page).run().get("html")]
    assert table.count('scope="row"') == 2 and '<th scope="col">Team</th>' in table


def page_of_short_words() -> None:
    from ui.tables import figures_table

    figures_table("Lines", ["What", "Kind", "Cost"], [["Web", "Direct", "$5"]])


def test_short_words_take_no_more_room_than_they_need() -> None:
    (table,) = [element.proto.body for element in AppTest.from_function(page_of_short_words).run().get("html")]
    assert re.findall(r'class="words">([^<]*)<', table) == ["Kind", "Direct"]


def page_of_long_names() -> None:
    from ui.tables import figures_table

    figures_table("Eighteen letters", ["What", "Cost"], [["Support assistants", "$5"]])
    figures_table("Nineteen letters", ["What", "Cost"], [["Web", "$7"], ["Support assistants.", "$5"]])


def test_long_names_of_rows_are_given_room() -> None:
    short, long = [element.proto.body for element in AppTest.from_function(page_of_long_names).run().get("html")]
    assert '<table class="figures">' in short and '<table class="figures named">' in long
