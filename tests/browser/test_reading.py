"""Pages as people read them: at a desk and on a phone, in light and dark, with a keyboard, with a screen reader."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.browser.conftest import Readers
from tests.browser.pictures import FOLDER, apart, picture
from tests.browser.server import Server
from tests.browser.tab import Tab
from tests.browser.test_pictures import MOST

pytestmark = pytest.mark.browser

#: Pages and what is first on them.
PAGES = {
    "/": "AI spend was",
    "/trends": "is the largest part",
    "/forecast": "is likely to end FY26 at",
    "/sources": "tie out to the bills",
    "/budgets": "1 budget locked; the newest is FY26",
    "/allocation": "has an owner",
    "/dispute": "spikes of ml-shared-gpu",
    "/showback": "The statement of",
    "/unit_costs": "1,000 inferences of",
    "/runs": "Runs cost",
    "/roadmap": "of added spend",
    "/launch_review": "waits for a decision",
    "/savings": "of what was promised",
    "/portfolio": "Run frees",
    "/settings": "say who pays",
    "/reports": "CFO one-pager: Fraud",
}
#: Pages without a chart of their own.
WORDS_ONLY = ("/sources", "/budgets", "/reports", "/showback", "/settings", "/launch_review")
#: Markup that Streamlit makes and no page can change: marks of sparklines, and the list of pages on a phone.
STREAMLITS_OWN = [["[data-testid=stMetricChart]"], ["[data-testid=stSidebarNavItems]"]]


def findings(tab: Tab) -> list[str]:
    """What the accessibility engine calls serious or critical, with the first place of each."""
    answer: dict[str, Any] = Axe().run(tab.page, context={"exclude": STREAMLITS_OWN}).response
    return [
        f"{found['impact']} {found['id']}: {found['nodes'][0]['html'][:150]}"
        for found in answer["violations"]
        if found["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
@pytest.mark.parametrize("path", PAGES)
def test_golden_page_fits_can_be_read_and_stays_on_this_machine(
    path: str, width: int, theme: str, readers: Readers, demo: Server, tmp_path: Path
) -> None:
    with Tab(readers(width, theme), demo.address) as tab:
        tab.open(path)
        if path not in WORDS_ONLY:
            tab.draw()
        assert PAGES[path] in tab.title
        assert tab.overflow() <= 0
        assert findings(tab) == []
        looks_as_before(tab, f"{path.strip('/') or 'overview'}-{width}.png", tmp_path)
        assert tab.trouble == []


def looks_as_before(tab: Tab, name: str, folder: Path) -> None:
    """The page from far away is the picture that is kept; GOLDEN=1 keeps it anew."""
    seen, path = picture(tab), FOLDER / name
    if os.environ.get("GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        seen.save(path, optimize=True)
        return
    with Image.open(path) as kept:
        share = apart(seen, kept)
    if share > MOST:
        seen.save(folder / name)
    assert share <= MOST, f"{share:.0%} of the page looks otherwise: {folder / name}; if that is meant: make golden"


def test_a_page_that_cannot_be_read_would_be_found(tab: Tab) -> None:
    tab.open("/")
    tab.page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('afterend',"
        " '<p style=\"color: #aaa; background: #fff\">faint</p><button></button>')"
    )
    assert {finding.split()[1] for finding in findings(tab)} == {"color-contrast:", "button-name:"}


def test_the_keyboard_reaches_every_choice_in_order(tab: Tab) -> None:
    tab.open("/trends")
    tab.draw()
    reached: list[str] = []
    for _ in range(40):
        tab.page.keyboard.press("Tab")
        key = tab.page.evaluate(
            "document.activeElement.closest('[class*=st-key-]')?.className.match(/st-key-(\\S+)/)[1]"
        )
        if key and key not in reached:
            reached.append(key)
    wanted = ["scope", "measure", "by", "grain", "over", "versus", "draw", "filters", "download-trend", "segments"]
    assert [key for key in reached if key in wanted] == wanted


def test_a_choice_can_be_made_with_the_keyboard(tab: Tab) -> None:
    tab.open("/trends")
    tab.widget("versus").locator("input").focus()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        tab.page.keyboard.press(key)
    tab.settle()
    assert set(tab.choices) == {"versus"}


def test_charts_have_words_for_who_cannot_see_them(tab: Tab) -> None:
    tab.open("/")
    tab.draw()
    said = tab.page.locator("[data-testid=stPlotlyChart]").evaluate_all(
        'charts => charts.map(chart => chart.outerHTML.match(/aria-label="([^"]*)"/)?.[1] || \'\')'
    )
    assert len(said) == 3
    assert said[0].startswith("Stacked columns of 7 parts by month, Nov 2025 to Oct 2026. Total $326K in Nov 2025")
    assert said[1].startswith("Actual and forecast by month")
    assert said[2].startswith("One line by day")
