"""Every figure and every sentence of a document is found, wherever on a page it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.documents.model import (
    Ask,
    Basis,
    Beside,
    Block,
    Bullets,
    Document,
    Exhibit,
    Figure,
    Kpi,
    Kpis,
    Page,
    Paragraph,
    Sentence,
    Shape,
    Table,
    flat,
    read,
    texts_of,
)
from costlib.errors import InputError
from tests.charts.conftest import ranked_plain, stack


def figure(name: str, shown: str = "$1") -> Figure:
    return Figure(name, shown, "1", "a month, USD", Basis.BILL)


def sentence(name: str) -> Sentence:
    return Sentence(f"s-{name}", f"It costs {{{name}}}", {name: figure(name)})


def document(*blocks: Block, **more: Any) -> Document:
    page = Page("one", "eyebrow", Sentence("title", "A title", {}), "", blocks, **more)
    return Document("deck", "T", Shape.A4, (page,), date(2026, 10, 20), "sample data, USD")


#: Each block, and the figures in it in reading order.
PLACES: dict[str, tuple[Block, list[str]]] = {
    "sentences of a paragraph": (Paragraph((sentence("a"), "and", figure("b"))), ["a", "b"]),
    "points of a list": (Bullets("L", (figure("a"), sentence("b"))), ["a", "b"]),
    "a figure with its change and context": (
        Kpis((Kpi("L", figure("a"), sentence("b"), "good", figure("c")),)),
        ["a", "b", "c"],
    ),
    "cells of a table": (Table("T", ("H", "I"), ((figure("a"), "x"), ("y", sentence("b")))), ["a", "b"]),
    "an ask and what it rests on": (Ask("L", sentence("a"), (figure("b"), "text")), ["a", "b"]),
    "blocks beside each other": (
        Beside((Paragraph((figure("a"),)),), (Beside((Bullets("L", (figure("b"),)),), (Paragraph((figure("c"),)),)),)),
        ["a", "b", "c"],
    ),
    "a chart": (Exhibit("e", stack()), []),
}


class TestWhereTheyStand:
    """One page with one block: what a trace must list, and what a reader may reword."""

    @pytest.mark.parametrize("where", PLACES)
    def test_figures_are_found_in_reading_order(self, where: str) -> None:
        block, wanted = PLACES[where]
        assert list(document(block).figures) == wanted

    @pytest.mark.parametrize("where", PLACES)
    def test_the_same_figure_shown_otherwise_is_refused_there_too(self, where: str) -> None:
        block, wanted = PLACES[where]
        for name in wanted:
            with pytest.raises(InputError) as caught:
                document(block, notes=(figure(name, "$2"),))
            assert str(caught.value) == (
                f"The figure {name!r} is $1 and $2 in one document. Expected: one figure for one id."
            )

    def test_title_line_below_and_notes_are_read_too(self) -> None:
        page = Page("one", "e", sentence("a"), sentence("b"), (), "", (sentence("c"), figure("d")))
        made = replace(document(), pages=(page,))
        assert list(made.figures) == ["a", "b", "c", "d"]
        assert list(made.sentences) == ["s-a", "s-b", "s-c"]

    def test_sentences_are_found_by_their_places(self) -> None:
        blocks = [block for block, _ in PLACES.values()]
        found = {name for block in blocks for name in document(block).sentences}
        assert found == {"title", "s-a", "s-b"}

    def test_charts_are_found_by_id_also_beside_words(self) -> None:
        made = document(Exhibit("one", stack()), Beside((Exhibit("two", ranked_plain()),), (Paragraph(("x",)),)))
        assert made.exhibits == {"one": stack(), "two": ranked_plain()}

    def test_pages_are_read_one_after_the_other(self) -> None:
        first, second = document(Paragraph((figure("b"),))).pages[0], document(Paragraph((figure("a"),))).pages[0]
        assert list(replace(document(), pages=(first, second)).figures) == ["b", "a"]


class TestWords:
    """A sentence holds no number of its own."""

    NAMES = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6)

    @settings(max_examples=20)
    @given(NAMES)
    def test_every_name_is_replaced_and_each_figure_is_used_once(self, names: list[str]) -> None:
        figures = {name: figure(name, name.upper()) for name in "abcdef"}
        words = Sentence("s", " and ".join(f"{{{name}}}" for name in names), figures)
        assert words.text == " and ".join(name.upper() for name in names)
        assert words.names == tuple(names)
        assert [one.id for one in words.used] == list(dict.fromkeys(names))

    def test_a_name_that_is_none_of_its_figures_is_refused_with_the_one_meant(self) -> None:
        with pytest.raises(InputError) as caught:
            Sentence("s", "It costs {spent}", {"spend": figure("spend")})
        told = str(caught.value)
        assert told.startswith("The sentence 's' names {spent}, which is no figure of it. Expected: one of {spend}.")
        assert "spend" in told.rpartition("Expected")[2]
        with pytest.raises(InputError, match=r"Expected: one of no figure\. Take the braces out\."):
            Sentence("s", "It costs {spent}", {})

    @pytest.mark.parametrize(
        ("words", "loose"),
        [
            ("Approve 20,000 by Q1 FY27", ("20,000",)),
            ("($5) a day, −12 % less", ("$5", "−12")),
            ("No number at all", ()),
            ("{a} of {a}", ()),
            ("In 2027; 3 teams.", ("2027", "3")),
        ],
    )
    def test_numbers_that_nothing_renews_are_named(self, words: str, loose: tuple[str, ...]) -> None:
        assert Sentence("s", words, {"a": figure("a")}).loose_numbers == loose

    def test_a_text_of_any_kind_is_read(self) -> None:
        assert [read(text) for text in (sentence("a"), figure("b", "$2"), "plain")] == ["It costs $1", "$2", "plain"]

    def test_blocks_lie_flat_in_reading_order(self) -> None:
        one, two, three = (Paragraph((name,)) for name in "abc")
        nested = Beside((one, Beside((two,), ())), (three,))
        assert list(flat((nested, one))) == [one, two, three, one]
        assert [read(text) for text in texts_of(document(nested).pages[0])] == ["A title", "", "a", "b", "c"]
