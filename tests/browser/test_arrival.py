"""From page to page: choices go along, links bring their own, and back shows what was shown."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.tab import Tab

pytestmark = pytest.mark.browser

CHOSEN = {"scope": ["All spend"], "measure": ["Billed cost"]}
UNDER = "/?scope=All+spend&measure=Billed+cost"
SAID = "Billed cost, USD"


def walk(tab: Tab, section: str, name: str) -> None:
    """Go to a page by the navigation."""
    tab.page.get_by_role("button", name=section).click()
    arrives(tab, name, lambda: tab.page.locator(f"a[href$='/{name}']").first.click())


def arrives(tab: Tab, name: str, go: object) -> None:
    """Do something that leads to the page of that name, and wait until it is drawn."""
    assert callable(go)
    go()
    tab.page.wait_for_function("name => location.pathname === '/' + name", arg=name)
    tab.page.wait_for_timeout(500)
    tab.settle()


def data_line(tab: Tab) -> str:
    """The line under the title."""
    return tab.page.locator("[data-testid=stCaptionContainer]").first.inner_text()


def test_choices_of_a_link_go_along_to_other_pages(tab: Tab) -> None:
    tab.open(UNDER)
    for section, name in (("Explore", "trends"), ("Plan", "forecast"), ("Explore", "allocation")):
        walk(tab, section, name)
        assert (tab.choices, SAID in data_line(tab)) == (CHOSEN, True)
    walk(tab, "Explore", "showback")
    assert (tab.choices, SAID in data_line(tab)) == ({"measure": ["Billed cost"]}, True)
    assert not tab.trouble


def test_a_filter_goes_along_and_is_told(tab: Tab) -> None:
    tab.open("/trends?team=Search&by=Service&over=24+months")
    assert tab.widget("filters").locator("summary").inner_text().endswith("Filters (1 active)")
    walk(tab, "Explore", "showback")
    assert tab.choices == {} and "Search" not in tab.title  # a statement's team is another choice
    walk(tab, "Plan", "forecast")
    assert tab.choices == {"team": ["Search"]}
    assert tab.title.startswith("AI spend (team Search) is likely to end")
    walk(tab, "Explore", "allocation")
    assert tab.choices == {"team": ["Search"]}  # rows and days are this page's own
    assert not tab.trouble


def test_a_figure_of_the_overview_leads_to_line_items_under_the_same_choices(tab: Tab) -> None:
    tab.open(UNDER)
    link = tab.widget("anomalies").get_by_role("link", name="Line items").first
    asked = parse_qs(urlsplit(str(link.get_attribute("href"))).query)
    assert {name: asked[name] for name in CHOSEN} == CHOSEN
    arrives(tab, "trends", link.click)
    assert {name: tab.choices[name] for name in CHOSEN} == CHOSEN
    assert SAID in data_line(tab)
    assert tab.page.get_by_text("line items, which add up to").count() == 1
    assert not tab.trouble


def test_back_and_forward_show_what_was_shown(tab: Tab) -> None:
    tab.open("/trends?by=Stage")
    tab.press("grain", "Quarter")
    tab.press("scope", "All spend")
    before = tab.title
    walk(tab, "Plan", "forecast")
    tab.press("until", "12 months")
    after = tab.title
    arrives(tab, "trends", tab.page.go_back)
    assert tab.choices == {"by": ["Stage"], "grain": ["Quarter"], "scope": ["All spend"]}
    assert tab.title == before
    arrives(tab, "forecast", tab.page.go_forward)
    assert tab.title == after and tab.choices["until"] == ["12 months"]
    assert not tab.trouble
