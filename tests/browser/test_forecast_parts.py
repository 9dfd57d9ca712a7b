"""The parts of Forecast by keyboard: the open one is in the address, and a link opens it for somebody else."""

from __future__ import annotations

import pytest

from tests.browser.tab import Tab

pytestmark = pytest.mark.browser

PLANNED = "1 planned change on top of history"


def headings(tab: Tab) -> list[str]:
    return tab.page.locator("h2").all_inner_texts()


def test_a_part_is_opened_with_the_keyboard_and_by_its_link(tab: Tab, another_tab: Tab) -> None:
    tab.open("/forecast")
    tab.draw()
    title = tab.title
    assert PLANNED not in headings(tab)
    tab.page.get_by_role("tab", name="Outlook").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        tab.page.keyboard.press(key)
    tab.page.get_by_role("heading", name=PLANNED).wait_for()
    assert tab.choices == {"show": ["Drivers and scenarios"]} and tab.title == title
    another_tab.open(tab.page.url)
    assert headings(another_tab) == [PLANNED]
    assert tab.trouble == another_tab.trouble == []
