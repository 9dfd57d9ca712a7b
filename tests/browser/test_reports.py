"""A report from end to end: a link to a cold server, a sentence changed, files taken away, brought back and checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from costlib.recompute import recomputed, shown_lines, trace_of
from costlib.state.wording import reword
from costlib.workspace import Workspace
from tests.browser.conftest import Readers
from tests.browser.server import Server, serving
from tests.browser.tab import Tab
from tests.small_company import company

pytestmark = pytest.mark.browser

LINK = "/reports?plan=Ads&colours=Grey%2C+for+print"


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the small company that nobody has asked for anything yet."""
    folder = tmp_path_factory.mktemp("cold")
    company(folder)
    with serving(folder / "store", folder / "log") as server:
        yield server


def page_words(tab: Tab) -> str:
    """The words behind the picture of the page."""
    return tab.widget("page-1").locator("img").get_attribute("alt") or ""


def test_a_report_from_link_to_check(readers: Readers, cold: Server, saved: Path) -> None:
    with Tab(readers(1440, "light"), cold.address) as tab:
        tab.open(LINK)
        assert tab.title == "CFO one-pager: Ads"
        assert tab.choices["colours"] == ["Grey, for print"]
        assert "Approve $500 one-off" in page_words(tab)

        tab.unfold("sentences")
        tab.page.get_by_label("Ask", exact=True).fill("Say yes to {recommended.one-off} by Friday.")
        tab.widget("save-words").get_by_role("button").click()
        expect(tab.widget("words").get_by_text("Saved: 1 sentence.")).to_be_visible()
        tab.settle()
        assert "Say yes to $500 by Friday." in page_words(tab)

        files = {ending: tab.download(f"report-{ending}", saved) for ending in ("pdf", "pptx")}
        for ending, path in files.items():
            data = path.read_bytes()
            assert path.name == f"ads-one-pager-2026-05-10.{ending}"
            assert "Say yes to $500 by Friday." in shown_lines(data, ending)
            assert trace_of(data, ending)["order"]["palette"] == "print"
            assert recomputed(Workspace(cold.store), data) == []

        for path in files.values():
            tab.page.locator("input[type=file]").set_input_files(path)
            expect(tab.widget("check").get_by_text(f"Every figure of {path.name} holds")).to_be_visible()
            tab.widget("check").get_by_role("button", name="Remove").first.click()
            tab.settle()
        assert not tab.trouble


def test_a_sentence_of_somebody_else_is_there_on_a_phone(readers: Readers, cold: Server) -> None:
    words = {"headline": "We save {recommended.net}"}
    reword(Workspace(cold.store).state(), "one-pager", "ads", words, seen={}, who="Ada")
    with Tab(readers(390, "dark"), cold.address) as tab:
        tab.open(LINK)
        assert tab.title == "CFO one-pager: Ads"
        assert "We save $" in page_words(tab) and "Headline" in tab.widget("words").inner_text()
        assert tab.overflow() <= 0
        tab.unfold("sentences")
        found = Axe().run(tab.page, context={"exclude": [["[data-testid=stSidebarNavItems]"]]}).response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
        assert not tab.trouble
