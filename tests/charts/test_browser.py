"""Charts in a real browser, as wide as a desk and as narrow as a phone: nothing overlaps, is cut, or leaks."""

from __future__ import annotations

import json
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import plotly
import pytest
from playwright.sync_api import Browser, Page

from costlib.charts.palette import DARK, LIGHT
from costlib.charts.screen import CONFIG, figure
from costlib.charts.spec import BandTrend, Bridge, Chart, RankedBars

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
TEXTS = (".annotation-text", ".xtick text", ".ytick text")
WIDTHS = pytest.mark.parametrize("width", [390, 1440])

pytestmark = pytest.mark.browser


#: One page for all charts, by browser: Plotly is read once.
_PAGES: WeakKeyDictionary[Browser, Page] = WeakKeyDictionary()


def page_of(browser: Browser) -> Page:
    """The page of the charts, blank, the pointer in its corner."""
    if browser not in _PAGES:
        _PAGES[browser] = browser.new_page()
    page = _PAGES[browser]
    page.goto("about:blank")
    page.mouse.move(0, 0)
    return page


class Shown:
    """Charts one below the other on a page, with everything that went wrong while they were drawn."""

    def __init__(self, browser: Browser, folder: Path, charts: dict[str, Chart], width: int) -> None:
        palette = LIGHT if width > 1000 else DARK
        drawn = ",".join(f"{json.dumps(name)}: {figure(chart, palette).to_json()}" for name, chart in charts.items())
        places = "".join(f"<div id={name}></div>" for name in charts)
        (folder / "charts.html").write_text(
            f"<meta charset=utf-8><body style='margin:0;background:{palette.background}'>{places}"
            f"<script src='{PLOTLY.as_uri()}'></script><script>for (const [name, chart] of Object.entries({{{drawn}}}))"
            f"Plotly.newPlot(name, chart.data, chart.layout, {json.dumps(CONFIG)})</script>",
            encoding="utf-8",
        )
        self.page = page_of(browser)
        self.page.set_viewport_size({"width": width, "height": 400})
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("console", lambda said: self.trouble.append(said.text) if said.type == "error" else None)
        self.page.on("request", lambda sent: None if sent.url.startswith("file:") else self.trouble.append(sent.url))
        self.page.goto((folder / "charts.html").as_uri())
        self.page.wait_for_selector(f"#{list(charts)[-1]} :is(.ytick text, .annotation-text)")

    def boxes(self, selector: str) -> list[dict[str, Any]]:
        """Text and place of every element that the selector finds."""
        found: list[dict[str, Any]] = self.page.eval_on_selector_all(
            selector,
            "all => all.map(e => { const r = e.getBoundingClientRect();"
            "return {text: e.textContent, left: r.left, right: r.right, top: r.top, bottom: r.bottom} })",
        )
        return found


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return across > 0.5 and down > 3.5


def least_texts(chart: Chart) -> int:
    """Labels and ticks that must be there."""
    match chart:
        case RankedBars():
            return 2 * len(chart.bars)
        case Bridge():
            return 2 * len(chart.columns) + len(chart.scale.ticks)
        case BandTrend():
            return len(chart.lines) + 1 + len(chart.scale.ticks)
    return len(chart.series) + len(chart.scale.ticks)


@WIDTHS
def test_no_text_overlaps_or_is_cut(charts: dict[str, Chart], width: int, browser: Browser, tmp_path: Path) -> None:
    shown = Shown(browser, tmp_path, charts, width)
    for name, chart in charts.items():
        (plot,) = shown.boxes(f"#{name} .main-svg:first-child")
        texts = [box for kind in TEXTS for box in shown.boxes(f"#{name} {kind}")]
        assert len(texts) >= least_texts(chart)
        for one, other in combinations(texts, 2):
            assert not overlap(one, other), (name, one, other)
        for text in texts:
            assert text["left"] >= -0.5 and text["right"] <= width + 0.5, (name, text)
            assert text["top"] >= plot["top"] - 0.5 and text["bottom"] <= plot["bottom"] + 0.5, (name, text)
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.trouble == []


@WIDTHS
def test_names_show_literally(charts: dict[str, Chart], width: int, browser: Browser, tmp_path: Path) -> None:
    shown = Shown(browser, tmp_path, {"hostile": charts["hostile"]}, width)
    texts = " | ".join(box["text"] for box in shown.boxes(".annotation-text"))
    for name in ("<b>x</b>", "$x$ & $y$", "%{y}", "@sum", "+1��"):
        assert name in texts
    assert shown.page.locator(".annotation-text b").count() == 0


def test_pointer_shows_full_figures_top_of_the_stack_first(
    charts: dict[str, Chart], browser: Browser, tmp_path: Path
) -> None:
    shown = Shown(browser, tmp_path, {"stack": charts["stack"]}, 1440)
    shown.page.mouse.move(260, 200)
    shown.page.wait_for_selector(".hoverlayer .legend .legendtext")
    rows = [box["text"] for box in sorted(shown.boxes(".hoverlayer .legendtext"), key=lambda box: box["top"])]
    assert rows == ["Total  $410,000.10", "All other  $10,000.00", "Fraud  $100,000.00", "Search  $300,000.10"]
    assert shown.boxes(".hoverlayer .legendtitletext")[0]["text"] == "Jul 2026"
    assert shown.trouble == []


def test_pointer_names_fiscal_quarters(charts: dict[str, Chart], browser: Browser, tmp_path: Path) -> None:
    shown = Shown(browser, tmp_path, {"credits": charts["credits"]}, 1440)
    shown.page.mouse.move(300, 150)
    shown.page.wait_for_selector(".hoverlayer .legendtitletext")
    assert shown.boxes(".hoverlayer .legendtitletext")[0]["text"] == "Q1 FY26"
    assert any(box["text"] == "Credits  −€30.00" for box in shown.boxes(".hoverlayer .legendtext"))


def test_hostile_hover_stays_text(charts: dict[str, Chart], browser: Browser, tmp_path: Path) -> None:
    shown = Shown(browser, tmp_path, {"hostile": charts["hostile"]}, 1440)
    shown.page.mouse.move(300, 200)
    shown.page.wait_for_selector(".hoverlayer .legendtext")
    rows = " | ".join(box["text"] for box in shown.boxes(".hoverlayer .legendtext"))
    for name in ("<b>x</b>  $2.00", "$x$ & $y$  $3.00", "%{y}  $4.00", "=cmd()|' /C calc'!A0  $1.00"):
        assert name in rows


def pointed(shown: Shown, name: str, nth: int, kind: str) -> str:
    """What the pointer shows over the nth bar, or over a place in the plot."""
    box = shown.page.locator(f"#{name} .bars .point path" if kind == "bar" else f"#{name} .nsewdrag").nth(nth)
    place = box.bounding_box()
    assert place is not None
    across = 0.5 if kind == "bar" else 0.99
    shown.page.mouse.move(place["x"] + place["width"] * across, place["y"] + place["height"] / 2)
    shown.page.wait_for_selector(f"#{name} .hoverlayer text")
    return " | ".join(found["text"] for found in shown.boxes(f"#{name} .hoverlayer text"))


@WIDTHS
def test_pointer_on_an_outlook_tells_forecast_range_and_plan(
    charts: dict[str, Chart], width: int, browser: Browser, tmp_path: Path
) -> None:
    shown = Shown(browser, tmp_path, {"outlook": charts["outlook"]}, width)
    said = pointed(shown, "outlook", 0, "plot")
    for words in ("Dec 2026", "Forecast  $150,000.00", "80% range  $135,000.00 to $168,000.00", "Budget  $120,000.00"):
        assert words in said
    assert shown.trouble == []


@WIDTHS
def test_pointer_on_a_bridge_tells_change_and_total(
    charts: dict[str, Chart], width: int, browser: Browser, tmp_path: Path
) -> None:
    shown = Shown(browser, tmp_path, {"bridge": charts["bridge"]}, width)
    said = pointed(shown, "bridge", 2, "bar")
    assert "Price  −$45,000.00" in said and "to $85,000.00" in said
    assert shown.trouble == []


@WIDTHS
def test_pointer_on_a_bar_tells_the_whole_name_and_both_amounts(
    charts: dict[str, Chart], width: int, browser: Browser, tmp_path: Path
) -> None:
    shown = Shown(browser, tmp_path, {"ranked_hostile": charts["ranked_hostile"]}, width)
    said = pointed(shown, "ranked_hostile", 7, "bar").replace(" | ", " ")
    for words in ("Recommendations", "EMEA (shared)", "<i>now</i>  $5.00", "$before$  $8.00"):
        assert words in said
    assert shown.trouble == []


def test_columns_of_a_bridge_meet_at_their_running_totals(
    charts: dict[str, Chart], browser: Browser, tmp_path: Path
) -> None:
    """Each column ends where the next begins, to the pixel, also through zero."""
    chart = charts["bridge_through_zero"]
    assert isinstance(chart, Bridge)
    shown = Shown(browser, tmp_path, {"bridge": chart}, 1440)
    boxes = shown.boxes("#bridge .bars .point path")
    assert len(boxes) == len(chart.columns)
    for (one, box), (other, following) in pairwise(zip(chart.columns[:-1], boxes, strict=False)):
        end = box["top"] if one.after == one.high else box["bottom"]
        begin = following["top"] if other.before == other.high else following["bottom"]
        assert abs(end - begin) <= 2.5


def test_bars_are_as_long_as_their_amounts(charts: dict[str, Chart], browser: Browser, tmp_path: Path) -> None:
    shown = Shown(browser, tmp_path, {"ranked": charts["ranked"]}, 1440)
    widths = [box["right"] - box["left"] for box in shown.boxes("#ranked .bars:first-child .point path")]
    amounts = [320000.3, 80000, 12000.75, 30000]
    drawn = [width for width in widths if width > 0]
    assert len(drawn) == len(amounts)
    for width, amount in zip(drawn, amounts, strict=True):
        assert abs(width / drawn[0] - amount / amounts[0]) < 0.01
