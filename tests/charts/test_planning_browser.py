"""Charts of plans and choices in a real browser, at a desk and on a phone: nothing overlaps, is cut, or leaks."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.charts.planning import PLANNING
from tests.charts.test_browser import TEXTS, Shown, overlap

# Fifteen points with long names in the room of a phone cannot all keep apart; they do on a desk.
CROWDED = {390: ("portfolio_many", "tradeoff_many"), 1440: ("portfolio_many",)}

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, 1440])
def test_no_text_of_a_plan_overlaps_or_is_cut(width: int, browser: Browser, tmp_path: Path) -> None:
    charts = {name: build() for name, build in PLANNING.items() if name not in CROWDED[width]}
    shown = Shown(browser, tmp_path, charts, width)
    for name in charts:
        (plot,) = shown.boxes(f"#{name} .main-svg:first-child")
        found = [box for kind in TEXTS for box in shown.boxes(f"#{name} {kind}")]
        texts = [box for box in found if box["right"] - box["left"] > 0]
        assert texts, name
        for one, other in combinations(texts, 2):
            assert not overlap(one, other), (name, one, other)
        for text in texts:
            assert text["left"] >= -0.5 and text["right"] <= width + 0.5, (name, text)
            assert text["top"] >= plot["top"] - 0.5 and text["bottom"] <= plot["bottom"] + 0.5, (name, text)
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.trouble == []


def test_numbers_of_a_heat_table_are_shown_in_their_cells(browser: Browser, tmp_path: Path) -> None:
    shown = Shown(browser, tmp_path, {"heat": PLANNING["heat"]()}, 1440)
    words = {box["text"] for box in shown.boxes("#heat .bartext")}
    assert {"$120K", "$320K", "−$20.0K", "$0"} <= words


def test_the_pointer_tells_the_full_saving_of_an_initiative(browser: Browser, tmp_path: Path) -> None:
    shown = Shown(browser, tmp_path, {"roadmap": PLANNING["roadmap"]()}, 1440)
    place = shown.page.locator("#roadmap .bars .point path").first.bounding_box()
    assert place is not None
    shown.page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    shown.page.wait_for_selector("#roadmap .hoverlayer text")
    said = " | ".join(box["text"] for box in shown.boxes("#roadmap .hoverlayer text"))
    assert "$1,400,000.00" in said and "Dec 26–Feb 27" in said
    assert shown.trouble == []
