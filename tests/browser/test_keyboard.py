"""The keyboard alone: what a popover holds is reached from its button, and left again, without the rest of the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.server import Server
from tests.browser.tab import Tab, reader

pytestmark = pytest.mark.browser


def test_a_popover_is_entered_left_and_closed(browser: Browser, demo: Server) -> None:
    with reader(browser) as context, Tab(context, demo.address) as tab:
        tab.open("/roadmap")
        button = tab.page.get_by_role("button", name="Who is editing?")
        button.focus()
        tab.page.keyboard.press("Enter")
        name = tab.page.get_by_label("Your name")
        expect(name).to_be_visible()
        tab.page.keyboard.press("Tab")
        expect(name).to_be_focused()
        tab.page.keyboard.press("Shift+Tab")
        expect(button).to_be_focused()
        for _ in range(2):
            tab.page.keyboard.press("Tab")
        expect(tab.page.get_by_label("Your role")).to_be_focused()
        tab.page.keyboard.press("Escape")
        tab.page.keyboard.press("Escape")
        expect(name).not_to_be_visible()
        expect(button).to_be_focused()
        assert not tab.trouble
