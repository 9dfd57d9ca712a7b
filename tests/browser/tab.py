"""A tab of a browser: opens pages, waits until they are drawn, and notes everything that went wrong on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from ui.tour import COOKIE

#: What Streamlit's own page asks for, relative to a deep link, before it asks again at the root.
_PROBES = ("/_stcore/health", "/_stcore/host-config")
_WAIT = 90_000
#: Longer than it takes a click to start a run of the script, in milliseconds.
_MOMENT = 200
#: Tabs that are not in use, by their reader. The next test of that reader goes on in one, as people do: its browser has
#: read Streamlit's and Plotly's scripts already, which takes twice as long as a page.
_IDLE: WeakKeyDictionary[BrowserContext, list[Page]] = WeakKeyDictionary()


def reader(browser: Browser, width: int = 1440, theme: str = "light", *, first_visit: bool = False) -> BrowserContext:
    """A reader of their own, who shares nothing with others: at a desk or on a phone, in light or dark.

    Who is not here for the first time has seen the tour.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 1000 if width > 1000 else 844},
        color_scheme="dark" if theme == "dark" else "light",
        accept_downloads=True,
    )
    if not first_visit:
        context.add_cookies([{"name": COOKIE, "value": "done", "domain": "localhost", "path": "/"}])
    return context


class Tab:
    """One tab of a reader, left empty at the end of the ``with`` block."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.trouble: list[str] = []
        self._idle = _IDLE.setdefault(context, [])
        self.page: Page = self._idle.pop() if self._idle else context.new_page()
        self.page.set_default_timeout(_WAIT)
        self._heard: dict[Any, Callable[..., None]] = {
            "pageerror": lambda error: self.trouble.append(f"error: {error}"),
            "console": self._note_console,
            "request": self._note_request,
            "response": self._note_response,
        }
        for event, note in self._heard.items():
            self.page.on(event, note)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for event, note in self._heard.items():
            self.page.remove_listener(event, note)
        self.page.goto("about:blank")
        self._idle.append(self.page)

    def open(self, path: str) -> None:
        """Go to an address and wait until its page is drawn."""
        self.page.bring_to_front()  # of several tabs only the front one has the keyboard
        self.page.goto(path if path.startswith("http") else self.address + path)
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run, nothing on the page is old, and it has stayed so for a moment."""
        self.page.locator("h1, h2, [data-testid=stAlert]").first.wait_for()
        for _ in range(2):
            self.page.wait_for_function(
                "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
                " && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')"
            )
            self.page.wait_for_timeout(_MOMENT)

    def draw(self) -> None:
        """Wait until every chart of the page is drawn."""
        charts = self.page.locator(".js-plotly-plot")
        expect(charts.first).to_be_visible(timeout=_WAIT)
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('.js-plotly-plot')]"
            ".every(plot => plot.querySelector('.main-svg .xtick, .main-svg .ytick'))"
        )

    @property
    def title(self) -> str:
        """The finding on top of the page."""
        return self.page.inner_text("h1")

    @property
    def choices(self) -> dict[str, list[str]]:
        """What the address says was chosen."""
        return parse_qs(urlsplit(self.page.url).query)

    def widget(self, key: str) -> Locator:
        """The widget of that key."""
        return self.page.locator(f".st-key-{key}")

    def pick(self, key: str, option: str) -> None:
        """Choose from a list by its key."""
        self.widget(key).locator("input").fill(option)
        self.page.get_by_role("option", name=option, exact=True).click()
        self.page.keyboard.press("Escape")
        self.settle()

    def press(self, key: str, option: str) -> None:
        """Press one of a row of buttons by its key."""
        self.widget(key).get_by_text(option, exact=True).click()
        self.settle()

    def unfold(self, key: str) -> None:
        """Open what is folded away, and wait until it lies still."""
        self.widget(key).locator("summary").click()
        self.page.wait_for_timeout(_MOMENT)
        self.page.wait_for_function("() => document.getAnimations().every(one => one.playState === 'finished')")
        self.settle()

    def cell(self, row: int, column: int) -> str:
        """The text of a cell of the table of segments, as a screen reader is told it."""
        found = self.page.locator(f"[data-testid=glide-cell-{column}-{row}]")
        found.wait_for(state="attached")
        return found.inner_text()

    def choose_cell(self, row: int, column: int) -> None:
        """Choose a cell of the table of segments with the keyboard, from the first cell on."""
        self.cell(row, column)
        grid = self.widget("segments").locator("canvas").first
        grid.scroll_into_view_if_needed()
        box = grid.bounding_box()
        assert box
        self.page.mouse.click(box["x"] + 30, box["y"] + 52)
        for key, times in (("ArrowDown", row), ("ArrowRight", column)):
            for _ in range(times):
                self.page.wait_for_timeout(200)  # a page that draws again at the last key may miss the next one
                self.page.keyboard.press(key)

    def download(self, key: str, folder: Path, menu: str | None = None) -> Path:
        """Save what the button of that key offers, opening its menu first."""
        if menu:
            self.widget(menu).get_by_role("button").first.click()
        with self.page.expect_download() as waiting:
            self.widget(key).get_by_role("button").click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        widest: int = self.page.evaluate(
            "Math.max(document.documentElement.scrollWidth,"
            "...[...document.querySelectorAll('[data-testid=stMain]')].map(main => main.scrollWidth)) - innerWidth"
        )
        return widest

    def _note_console(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            self.trouble.append(f"console: {said.text}")

    def _note_request(self, sent: Request) -> None:
        if not sent.url.startswith((self.address, "data:", "blob:")):
            self.trouble.append(f"left this machine: {sent.url}")

    def _note_response(self, answer: Response) -> None:
        if answer.status >= 400 and not urlsplit(answer.url).path.endswith(_PROBES):
            self.trouble.append(f"{answer.status}: {answer.url}")
