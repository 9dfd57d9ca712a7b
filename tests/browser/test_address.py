"""Addresses: a deep link works on a fresh server, and a link shows whoever opens it what its sender saw."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Readers, Start
from tests.browser.tab import Tab
from tests.pages.stores import HOSTILE, LONG

pytestmark = pytest.mark.browser

FirstSeen = Callable[[str], str]


class TestFirstReader:
    """A folder ``pages/`` makes Streamlit run the page of a deep link without the frame: ours must come with it."""

    def test_sees_the_frame_and_the_page(self, first_seen: FirstSeen) -> None:
        seen = first_seen("demo")
        for word in ("Overview", "Explore", "Data", "is the largest part", "Northlight Commerce (sample)"):
            assert word in seen
        assert "AI spend by month and model" in seen  # the link's choices

    def test_of_an_empty_store_is_told_how_to_fill_it(self, first_seen: FirstSeen) -> None:
        seen = first_seen("empty")
        for word in ("Overview", "Explore", "No bill is loaded yet", "python -m costlib demo"):
            assert word in seen

    def test_of_a_damaged_store_is_told_what_to_do(self, first_seen: FirstSeen) -> None:
        seen = first_seen("damaged")
        for word in ("Overview", "Explore", "manifest.json is damaged", "Copy the newest file of snapshots/ over it."):
            assert word in seen
        assert "Traceback" not in seen and "StoreError" not in seen


def test_choices_are_in_the_address_in_words(tab: Tab) -> None:
    tab.open("/trends")
    assert tab.choices == {}
    before = tab.title
    tab.press("grain", "Quarter")
    tab.pick("measure", "Billed cost")
    tab.unfold("filters")
    tab.pick("team", "Fraud")
    assert tab.choices == {"grain": ["Quarter"], "measure": ["Billed cost"], "team": ["Fraud"]}
    assert tab.title != before
    assert not tab.trouble


def test_a_link_shows_the_same_figures_to_another_reader(tab: Tab, another_tab: Tab) -> None:
    tab.open("/trends")
    tab.unfold("filters")
    tab.pick("team", "Fraud")
    tab.press("grain", "Quarter")
    tab.press("scope", "All spend")
    tab.draw()
    another_tab.open(tab.page.url)
    another_tab.draw()
    assert another_tab.title == tab.title
    assert another_tab.choices == tab.choices == {"grain": ["Quarter"], "scope": ["All spend"], "team": ["Fraud"]}
    cells = [(row, column) for row in range(2) for column in range(6)]
    assert [another_tab.cell(*cell) for cell in cells] == [tab.cell(*cell) for cell in cells]
    assert tab.cell(0, 0) == "Fraud" and float(tab.cell(0, 1)) > 1_000_000


def test_names_show_letter_for_letter(readers: Readers, start: Start) -> None:
    with Tab(readers(390, "dark"), start("names").address) as tab:
        tab.open("/trends")
        tab.draw()
        assert tab.title.startswith(f"{HOSTILE} is the largest part")
        assert [tab.cell(row, 0) for row in range(2)] == [HOSTILE, LONG]
        assert tab.page.locator("h1 b, h1 em, h1 a, h1 code, h1 .katex").count() == 0
        assert tab.overflow() <= 0
        assert not tab.trouble
