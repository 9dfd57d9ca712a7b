"""Who may look: the first thing every page does, whichever way it was reached."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from tests.pages import screen
from tests.pages.conftest import PAGES, ROOT, Open
from ui.guard import _is_local
from ui.navigation import SECTIONS

REFUSED = "This dashboard answers only on the machine that runs it."

pages = pytest.mark.parametrize("page", PAGES)


def first_statement(source: str) -> str:
    """The first statement after the module's docstring and its imports."""
    module = ast.parse(source)
    body = module.body[1:] if ast.get_docstring(module) else module.body
    return ast.unparse(next(node for node in body if not isinstance(node, ast.Import | ast.ImportFrom)))


@pages
def test_a_page_begins_with_the_guard(page: str) -> None:
    statement = first_statement((ROOT / "pages" / f"{page}.py").read_text(encoding="utf-8"))
    own = {"sources": "page = guard(needs_usage=False, when_empty=loading_panel)"}
    assert statement in ("page = guard()", "page = guard(needs_usage=False)", own.get(page))


@pages
def test_the_guard_is_the_one_of_ui(page: str) -> None:
    module = ast.parse((ROOT / "pages" / f"{page}.py").read_text(encoding="utf-8"))
    imported = {
        (node.module, name.name) for node in module.body if isinstance(node, ast.ImportFrom) for name in node.names
    }
    assert ("ui.guard", "guard") in imported
    assert not any(name == "guard" and source != "ui.guard" for source, name in imported)


def test_a_page_that_draws_first_would_be_found() -> None:
    late = '"""A page."""\nimport streamlit as st\nst.title("x")\nfrom ui.guard import guard\npage = guard()\n'
    assert first_statement(late) == "st.title('x')"


def test_every_page_is_registered_and_nothing_else() -> None:
    assert sorted(name for names in SECTIONS.values() for name in names) == sorted(PAGES)


@pages
@pytest.mark.parametrize("address", ["192.168.1.20", "10.0.0.7", "203.0.113.9", "2001:db8::1", "::ffff:203.0.113.9"])
def test_a_reader_elsewhere_is_refused(
    page: str, address: str, open_page: Open, reader_at: Callable[[str | None], None]
) -> None:
    reader_at(address)
    app = open_page(page)
    assert [error.value for error in app.error] == [REFUSED]
    assert not app.title and not app.metric and not app.dataframe and not app.get("plotly_chart")
    assert "GLIDEPATH_ACCESS" in screen.everything(app)


@pages
@pytest.mark.parametrize("store", ["empty", "damaged", "purchases"])
def test_a_reader_elsewhere_learns_nothing_of_the_store(
    page: str, store: str, open_page: Open, reader_at: Callable[[str | None], None]
) -> None:
    reader_at("203.0.113.9")
    app = open_page(page, store)
    assert [error.value for error in app.error] == [REFUSED]
    assert not app.header and not app.code


@pages
def test_an_open_dashboard_lets_a_reader_elsewhere_in(
    page: str, open_page: Open, reader_at: Callable[[str | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLIDEPATH_ACCESS", "open")
    reader_at("203.0.113.9")
    app = open_page(page)
    assert not app.error and screen.title(app)


@pages
def test_an_access_that_is_misspelt_lets_nobody_in(page: str, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIDEPATH_ACCESS", "Local")
    app = open_page(page)
    assert "GLIDEPATH_ACCESS is Local" in screen.everything(app)
    assert not app.title and not app.metric


@pytest.mark.parametrize(
    ("address", "local"),
    [(None, True), ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("0.0.0.0", False), ("192.168.0.1", False)],
)
def test_which_addresses_are_this_machine(address: str | None, local: bool) -> None:
    assert _is_local(address) is local
