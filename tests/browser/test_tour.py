"""The first visit in a real browser: three steps by keyboard, and never again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.server import Server
from tests.browser.tab import Tab, reader
from ui.tour import COOKIE, STEPS

pytestmark = pytest.mark.browser


def test_three_steps_and_never_again(browser: Browser, demo: Server) -> None:
    context = reader(browser, first_visit=True)
    with Tab(context, demo.address) as tab:
        tab.open("/")
        for number, step in enumerate(STEPS):
            expect(tab.page.get_by_text(step.title, exact=True)).to_be_visible()
            button = tab.page.get_by_role("button", name="Done" if number + 1 == len(STEPS) else "Next", exact=True)
            button.focus()
            tab.page.keyboard.press("Enter")
            expect(tab.page.get_by_text(step.title, exact=True)).to_have_count(0)
        tab.page.wait_for_function("name => document.cookie.includes(name)", arg=f"{COOKIE}=done")
        assert not tab.trouble
    with Tab(context, demo.address) as tab:
        tab.open("/")
        expect(tab.page.get_by_text(STEPS[0].title, exact=True)).to_have_count(0)
    context.close()
