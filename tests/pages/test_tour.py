"""The first visit: three hints on the Overview, one at a time, that go away and stay away."""

from __future__ import annotations

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from tests.pages import screen
from tests.pages.conftest import PAGES, Open
from ui.tour import COOKIE, STEPS


def shown(app: AppTest) -> int | None:
    """The hint on the page, counted from 1; None where there is none."""
    words = screen.everything(app)
    lines = words.splitlines()
    steps = enumerate(STEPS, start=1)
    found = [number for number, step in steps if step.title in lines and f"First visit, {number} of 3" in lines]
    assert len(found) <= 1
    return found[0] if found else None


def buttons(app: AppTest) -> list[str]:
    return [button.label for button in app.button if (button.key or "").startswith("tour-")]


def links(app: AppTest) -> list[str]:
    """Labels of the links to other pages."""
    return [element.proto.label for element in app.get("page_link")]


def cookies(monkeypatch: pytest.MonkeyPatch, **held: str) -> None:
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda self: held))


class TestWhoSeesIt:
    def test_who_opens_the_overview_for_the_first_time(self, open_page: Open) -> None:
        app = open_page("overview")
        assert not app.exception and shown(app) == 1
        assert buttons(app) == ["Next", "Skip"]

    def test_nobody_whose_browser_knows_it(self, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
        cookies(monkeypatch, **{COOKIE: "done"})
        assert shown(open_page("overview")) is None
        cookies(monkeypatch, other="done")
        assert shown(open_page("overview")) == 1

    def test_nobody_who_follows_a_link_to_something(self, open_page: Open) -> None:
        assert shown(open_page("overview", scope="All spend")) is None

    @pytest.mark.parametrize("page", [page for page in PAGES if page in ("trends", "roadmap", "reports", "sources")])
    def test_no_reader_of_another_page(self, page: str, open_page: Open) -> None:
        assert shown(open_page(page)) is None

    def test_nobody_before_a_bill_is_loaded(self, open_page: Open) -> None:
        assert shown(open_page("overview", "empty")) is None


class TestItsThreeSteps:
    def test_one_after_the_other_and_back(self, open_page: Open) -> None:
        app = screen.press(open_page("overview"), "Next")
        assert (shown(app), buttons(app)) == (2, ["Back", "Next", "Skip"])
        assert "Open the Roadmap" in links(app)
        app = screen.press(app, "Next")
        assert (shown(app), buttons(app)) == (3, ["Back", "Done"])
        assert "Open Reports" in links(app)
        assert shown(screen.press(app, "Back")) == 2

    @pytest.mark.parametrize("steps", [["Skip"], ["Next", "Skip"], ["Next", "Next", "Done"]])
    def test_closed_it_is_over_and_the_browser_is_told_once(self, steps: list[str], open_page: Open) -> None:
        app = open_page("overview")
        assert not told(app)
        for step in steps:
            app = screen.press(app, step)
        assert shown(app) is None and buttons(app) == []
        assert len(told(app)) == 1
        again = app.run()
        assert shown(again) is None and not told(again)

    def test_the_page_behind_it_is_the_same(self, open_page: Open) -> None:
        app = open_page("overview")
        closed = screen.press(app, "Skip")
        fresh = open_page("overview", scope="AI spend")
        assert screen.headers(closed) == screen.headers(fresh)
        assert screen.title(closed) == screen.title(fresh)

    def test_a_choice_made_meanwhile_does_not_end_it(self, open_page: Open) -> None:
        app = screen.choose(open_page("overview"), scope="All spend")
        assert shown(app) == 1


def told(app: AppTest) -> list[str]:
    """Scripts that have the browser keep a cookie."""
    return [element.proto.body for element in app.get("html") if f"{COOKIE}=done" in element.proto.body]
