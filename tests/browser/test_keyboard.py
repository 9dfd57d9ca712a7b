"""The keyboard alone: what a popover holds is reached from its button, and left again; every stop has a name."""

from __future__ import annotations

import re
from collections.abc import Callable

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


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/roadmap", "Initiatives of the plan with stage"),
        ("/settings", "Rules in order, what they match"),
        ("/sources", "Tie-out by account, month and currency"),
    ],
)
def test_a_table_of_numbers_is_a_stop_with_a_name(browser: Browser, demo: Server, path: str, name: str) -> None:
    with reader(browser) as context, Tab(context, demo.address) as tab:
        tab.open(path)
        table = tab.page.locator("canvas[tabindex='0']").first
        expect(table).to_have_attribute("aria-label", re.compile(f"^{name}"))
        table.focus()
        expect(table).to_be_focused()
        unnamed = tab.page.locator("canvas[tabindex='0']:not([aria-label])")
        expect(unnamed).to_have_count(0)
        assert not tab.trouble


def test_a_box_of_code_is_a_stop_with_the_name_that_stands_above_it(
    browser: Browser, start: Callable[[str], Server]
) -> None:
    with reader(browser) as context, Tab(context, start("empty").address) as tab:
        tab.open("/")
        box = tab.page.get_by_role("group", name="Load the sample company to look around")
        expect(box).to_contain_text("python -m costlib demo")
        box.focus()
        expect(box).to_be_focused()
        assert not tab.trouble


def test_a_box_of_code_with_nothing_above_it_says_what_it_is_for(browser: Browser, demo: Server) -> None:
    with reader(browser) as context, Tab(context, demo.address) as tab:
        tab.open("/sources")
        tab.page.get_by_text("How other places are written").click()
        expect(tab.page.get_by_role("group", name="Text to copy")).to_contain_text("s3://bucket/prefix")
        assert not tab.trouble


@pytest.mark.parametrize("width", [768, 1024])
@pytest.mark.parametrize("path", ["/", "/launch_review", "/portfolio", "/sources"])
def test_nothing_is_cut_on_a_tablet(browser: Browser, demo: Server, path: str, width: int) -> None:
    with reader(browser, width) as context, Tab(context, demo.address) as tab:
        tab.open(path)
        assert tab.page.locator("table.figures, [data-testid=stMetric]").count()
        assert (
            tab.page.evaluate(
                "[...document.querySelectorAll('[data-testid=stMetric] .stMarkdownEllipsis, div.figures')]"
                ".filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText.slice(0, 80))"
            )
            == []
        )
        assert tab.overflow() <= 0


def test_one_press_of_the_tab_key_leaves_a_table_of_numbers(browser: Browser, demo: Server) -> None:
    with reader(browser) as context, Tab(context, demo.address) as tab:
        tab.open("/trends")
        table = tab.page.locator("canvas[tabindex='0']").first
        table.focus()
        tab.page.keyboard.press("Tab")
        expect(table).not_to_be_focused()
        assert tab.page.evaluate("document.activeElement.closest('canvas')") is None


@pytest.mark.parametrize("width", [700, 768, 1024, 1120, 1180])
@pytest.mark.parametrize("path", ["/forecast", "/allocation"])
def test_no_card_stands_alone_in_its_row(browser: Browser, demo: Server, path: str, width: int) -> None:
    with reader(browser, width) as context, Tab(context, demo.address) as tab:
        tab.open(path)
        cards = tab.page.get_by_test_id("stMetric")
        tops = cards.evaluate_all("cards => cards.map(card => Math.round(card.getBoundingClientRect().top))")
        rows = [tops.count(top) for top in dict.fromkeys(tops)]
        assert sum(rows) >= 4 and min(rows) >= 2
