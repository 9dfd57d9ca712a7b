"""Text from bills as Markdown that shows it letter for letter, and what a refusal says."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.pages.stores import HOSTILE
from ui.markdown import literal

MARKDOWN = MarkdownIt("commonmark").enable(["strikethrough", "table"])
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_categories=["C", "Z"]), max_size=12)
LINES = st.lists(WORDS, max_size=6).map(" ".join).map(str.strip)


def shown(text: str) -> str:
    """The HTML that a heading of this text becomes."""
    return MARKDOWN.renderInline(literal(text))


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "$5 and $6",
        "**bold** _it_ ~~gone~~ `code`",
        "[link](http://x) ![image](y)",
        "<script>alert(1)</script>",
        ":red[alarm] :material/home:",
        "a\\b \\* \\\\",
        "&lt;b&gt; &amp; &#36;",
        "http://example.com <https://example.com>",
        "R&D",
    ],
)
def test_shows_letter_for_letter(text: str) -> None:
    assert shown(text) == escape(text, quote=False).replace('"', "&quot;")


@given(LINES)
def test_shows_any_line_letter_for_letter(text: str) -> None:
    assert shown(text) == escape(text, quote=False).replace('"', "&quot;")


@given(LINES)
def test_a_block_of_it_is_one_paragraph(text: str) -> None:
    """A title that begins like a list, a number, a quotation or a rule is none of them."""
    if text:
        assert MARKDOWN.render(literal(text)).startswith("<p>")


@pytest.mark.parametrize("text", ["- x", "1. x", "+ x", "* x", "# x", "> x", "---", "===", "1) x"])
def test_no_line_is_a_list_a_heading_or_a_rule(text: str) -> None:
    assert MARKDOWN.render(literal(text)) == f"<p>{escape(text)}</p>\n"


def test_no_dollar_stays_for_tex() -> None:
    assert "$" not in literal("$1 or $2").replace("\\$", "")


def test_no_line_ends_between_a_minus_and_its_currency_sign() -> None:
    """The break falls before the minus, where a space is; other minuses and dollars stay as they are."""
    assert literal("rates −$83.5K") == "rates −\u2060\\$83\\.5K"
    assert "\u2060" not in literal("−5 and $6 - $7")
