"""Who edits is said once: the browser keeps it over a reload and on other pages, and for nobody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.server import Server
from tests.browser.tab import Tab, reader

pytestmark = pytest.mark.browser
NAME = "Zoë O'Brien; <b>"


def test_a_name_stays_in_the_browser_it_was_said_in(demo: Server, browser: Browser) -> None:
    known = f"{NAME}, lead"
    with reader(browser) as context, Tab(context, demo.address) as tab:
        tab.open("/roadmap")
        tab.page.get_by_role("button", name="Who is editing?").click()
        said = tab.page.get_by_label("Your name")
        said.fill(NAME)
        said.press("Enter")
        tab.settle()
        for page in ("/roadmap", "/portfolio"):
            tab.open(page)
            expect(tab.page.get_by_role("button", name=known)).to_be_visible()
        assert not tab.trouble
    with reader(browser) as another, Tab(another, demo.address) as theirs:
        theirs.open("/roadmap")
        expect(theirs.page.get_by_role("button", name="Who is editing?")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "button", "field", "wanted"),
    [
        ("/roadmap", "Plans", ".st-key-new-months-0 input", "12"),
        ("/portfolio?show=Decisions", "Record a decision", "[aria-label='day, By when']", "20"),
    ],
)
def test_a_form_that_is_opened_late_begins_with_what_it_should(
    demo: Server, browser: Browser, path: str, button: str, field: str, wanted: str
) -> None:
    """The page is drawn anew before the popover is opened first: its fields are not on it until then."""
    with reader(browser) as context, Tab(context, demo.address) as tab:
        tab.open(path)
        tab.page.get_by_role("button", name="Who is editing?").click()
        said = tab.page.get_by_label("Your name")
        said.fill("Ada")
        said.press("Enter")
        tab.settle()
        tab.page.keyboard.press("Escape")
        tab.page.get_by_role("button", name=button, exact=True).click()
        expect(tab.page.locator(field)).to_be_visible()
        assert tab.page.locator(field).evaluate("one => one.value || one.getAttribute('aria-valuenow')") == wanted
        assert not tab.trouble
