"""Real browsers on a real server, started cold: the first page that anybody asks it for is a deep link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.server import Server, serving
from tests.browser.tab import Tab, reader
from tests.pages import stores

Start = Callable[[str], Server]
Readers = Callable[[int, str], BrowserContext]


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts the server of a store by the store's name, at most once each."""
    running: dict[str, Server] = {}
    logs = tmp_path_factory.mktemp("servers")
    others = {"demo": stores.demo, "empty": stores.empty, "damaged": stores.damaged}

    with ExitStack() as stack:

        def started(name: str) -> Server:
            if name not in running:
                store = others[name](tmp_path_factory) if name in others else stores.small(tmp_path_factory, name)
                running[name] = stack.enter_context(serving(store, logs / f"{name}.log"))
            return running[name]

        yield started


@pytest.fixture(scope="session")
def readers(browser: Browser) -> Iterator[Readers]:
    """Readers by the width of their screen and their theme; each keeps what the browser has fetched once."""
    known: dict[tuple[int, str], BrowserContext] = {}

    def find(width: int, theme: str) -> BrowserContext:
        if (width, theme) not in known:
            known[width, theme] = reader(browser, width, theme)
        return known[width, theme]

    yield find
    for context in known.values():
        context.close()


@pytest.fixture(scope="session")
def first_seen(readers: Readers, start: Start) -> Callable[[str], str]:
    """What the first reader of a fresh server sees, who comes by a deep link to Trends: all text of the page."""
    seen: dict[str, str] = {}

    def look(name: str) -> str:
        if name not in seen:
            with Tab(readers(1440, "light"), start(name).address) as tab:
                tab.open("/trends?by=Model&over=3+months")
                seen[name] = tab.page.inner_text("body")
        return seen[name]

    return look


@pytest.fixture
def demo(first_seen: Callable[[str], str], start: Start) -> Server:
    """The sample company's server, after its first reader."""
    first_seen("demo")
    return start("demo")


@pytest.fixture
def tab(readers: Readers, demo: Server) -> Iterator[Tab]:
    """A tab of the reader at a desk."""
    with Tab(readers(1440, "light"), demo.address) as opened:
        yield opened


@pytest.fixture
def another_tab(readers: Readers, demo: Server) -> Iterator[Tab]:
    """The tab of somebody else, who was sent a link."""
    with Tab(readers(1440, "dark"), demo.address) as opened:
        yield opened


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Where downloads go."""
    return tmp_path
