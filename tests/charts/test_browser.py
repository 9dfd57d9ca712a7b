"""Charts in a real browser, as wide as a desk and as narrow as a phone: nothing overlaps, is cut, or leaks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import plotly
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from costlib.charts import DARK, LIGHT, Chart
from costlib.charts.screen import CONFIG, figure

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
TEXTS = (".annotation-text", ".xtick text", ".ytick text")
WIDTHS = pytest.mark.parametrize("width", [390, 1440])

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: charts were not seen in a browser"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield (running := playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]))
        running.close()


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
        self.page: Page = browser.new_page(viewport={"width": width, "height": 400})
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("console", lambda said: self.trouble.append(said.text) if said.type == "error" else None)
        self.page.on("request", lambda sent: None if sent.url.startswith("file:") else self.trouble.append(sent.url))
        self.page.goto((folder / "charts.html").as_uri())
        self.page.wait_for_selector(f"#{list(charts)[-1]} .ytick text")

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


@WIDTHS
def test_no_text_overlaps_or_is_cut(charts: dict[str, Chart], width: int, browser: Browser, tmp_path: Path) -> None:
    shown = Shown(browser, tmp_path, charts, width)
    for name, chart in charts.items():
        (plot,) = shown.boxes(f"#{name} .main-svg:first-child")
        texts = [box for kind in TEXTS for box in shown.boxes(f"#{name} {kind}")]
        assert len(texts) >= len(chart.series) + len(chart.scale.ticks)
        for one, other in combinations(texts, 2):
            assert not overlap(one, other), (name, one, other)
        for text in texts:
            assert text["left"] >= -0.5 and text["right"] <= width + 0.5, (name, text)
            assert text["top"] >= plot["top"] - 0.5 and text["bottom"] <= plot["bottom"] + 0.5, (name, text)
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.trouble == []
    shown.page.close()


@WIDTHS
def test_names_show_literally(charts: dict[str, Chart], width: int, browser: Browser, tmp_path: Path) -> None:
    shown = Shown(browser, tmp_path, {"hostile": charts["hostile"]}, width)
    texts = " | ".join(box["text"] for box in shown.boxes(".annotation-text"))
    for name in ("<b>x</b>", "$x$ & $y$", "%{y}", "@sum", "+1��"):
        assert name in texts
    assert shown.page.locator(".annotation-text b").count() == 0
    shown.page.close()


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
    shown.page.close()


def test_pointer_names_fiscal_quarters(charts: dict[str, Chart], browser: Browser, tmp_path: Path) -> None:
    shown = Shown(browser, tmp_path, {"credits": charts["credits"]}, 1440)
    shown.page.mouse.move(300, 150)
    shown.page.wait_for_selector(".hoverlayer .legendtitletext")
    assert shown.boxes(".hoverlayer .legendtitletext")[0]["text"] == "Q1 FY26"
    assert any(box["text"] == "Credits  −€30.00" for box in shown.boxes(".hoverlayer .legendtext"))
    shown.page.close()


def test_hostile_hover_stays_text(charts: dict[str, Chart], browser: Browser, tmp_path: Path) -> None:
    shown = Shown(browser, tmp_path, {"hostile": charts["hostile"]}, 1440)
    shown.page.mouse.move(300, 200)
    shown.page.wait_for_selector(".hoverlayer .legendtext")
    rows = " | ".join(box["text"] for box in shown.boxes(".hoverlayer .legendtext"))
    for name in ("<b>x</b>  $2.00", "$x$ & $y$  $3.00", "%{y}  $4.00", "=cmd()|' /C calc'!A0  $1.00"):
        assert name in rows
    shown.page.close()
