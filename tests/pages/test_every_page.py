"""Every page on every kind of store: it draws, says first what it found, and says what its figures are."""

from __future__ import annotations

import pytest

from tests.pages import screen, stores
from tests.pages.conftest import FIGURE_PAGES, PAGES, Open

OPEN = "is open: no invoice yet"
#: Stores with usage: measure, currency and data date of the line under the title.
WITH_USAGE = {
    "demo": f"Effective cost, USD · usage to 20 Oct 2026 (UTC) · ties out to the bills · Oct 2026 {OPEN}",
    "no_ai": "Effective cost, USD · usage to 30 Sep 2026 (UTC) · ties out to the bills",
    "two_currencies": "Effective cost, USD · usage to 30 Sep 2026 (UTC) · ties out to the bills",
    "one_day": f"Effective cost, USD · usage to 16 Sep 2026 (UTC) · ties out to the bills · Sep 2026 {OPEN}",
    "names": "Effective cost, USD · usage to 30 Sep 2026 (UTC) · ties out to the bills",
    "taken_names": "Effective cost, USD · usage to 30 Sep 2026 (UTC) · ties out to the bills",
    "unknown_list_price": "Effective cost, USD · usage to 30 Sep 2026 (UTC) · ties out to the bills",
    "two_years": f"Effective cost, USD · usage to 15 Sep 2026 (UTC) · ties out to the bills · Sep 2026 {OPEN}",
    "more_credits_than_spend": "Effective cost, USD · usage to 30 Sep 2026 (UTC) · ties out to the bills",
    "no_march": (
        "Effective cost, USD · usage to 31 Jul 2026 (UTC) · ties out to the bills · "
        "NO BILL of Mar 2026 is loaded: its cost is unknown"
    ),
    "no_last_month": (
        f"Effective cost, USD · usage to 4 Aug 2026 (UTC) · ties out to the bills · Aug 2026 {OPEN} · "
        "NO BILL of Jul 2026 is loaded: its cost is unknown"
    ),
    "grown_and_spiked": f"Effective cost, USD · usage to 10 Oct 2026 (UTC) · ties out to the bills · Oct 2026 {OPEN}",
}

pages = pytest.mark.parametrize("page", PAGES)
figure_pages = pytest.mark.parametrize("page", FIGURE_PAGES)


def test_every_kind_of_store_is_tried() -> None:
    assert {*WITH_USAGE, "purchases"} == {*stores.SMALL, "demo"}


@pages
@pytest.mark.parametrize("store", WITH_USAGE)
def test_draws_with_a_finding_on_top_and_calls_the_sample_alone_one(page: str, store: str, open_page: Open) -> None:
    app = open_page(page, store)
    assert not app.exception and not app.error
    assert len(screen.title(app)) > 20
    assert WITH_USAGE[store].split(" · ")[1].lower() in screen.data_line(app).lower()
    assert ("Northlight Commerce (sample)" in screen.data_line(app)) == (store == "demo")


@figure_pages
@pytest.mark.parametrize("store", WITH_USAGE)
def test_figures_with_their_finding_and_what_they_are(page: str, store: str, open_page: Open) -> None:
    app = open_page(page, store)
    assert {*WITH_USAGE[store].split(" · ")} <= {*screen.data_line(app).split(" · ")}
    assert screen.data_line(app).startswith("Northlight Commerce (sample) · ") == (store == "demo")
    for chart in screen.charts(app):
        assert len(chart.alt) > 30
    assert len(screen.charts(app)) >= 1


@figure_pages
@pytest.mark.parametrize("store", WITH_USAGE)
def test_every_measure_and_scope_draws(page: str, store: str, open_page: Open) -> None:
    for measure in ("Billed cost", "List cost", "Contracted cost"):
        app = open_page(page, store, scope="All spend", measure=measure)
        assert not app.exception and not app.error
        assert f"{measure}, USD" in screen.data_line(app)
        subtitles = [caption.value for caption in app.caption if "All spend by" in caption.value]
        assert subtitles and all(f", {measure.lower()}, USD, " in text for text in subtitles)


@pages
def test_an_empty_store_says_how_to_fill_it(page: str, open_page: Open) -> None:
    app = open_page(page, "empty")
    assert not app.exception and not app.error
    loads = page == "sources"
    assert screen.headers(app) == ["No bill is loaded yet", *(["Load now"] if loads else [])]
    assert "python -m costlib demo" in app.code[0].value
    assert [button.label for button in app.button] == ["Look again", *(["Show what it would load"] if loads else [])]


@pages
def test_a_damaged_store_is_refused_with_what_to_do(page: str, open_page: Open) -> None:
    app = open_page(page, "damaged")
    assert not app.exception
    (problem,) = app.error
    assert "manifest.json is damaged" in screen.plain(problem.value)
    assert "Copy the newest file of snapshots/ over it." in screen.everything(app)
    assert not app.title and not app.metric


@pytest.mark.parametrize("page", [page for page in PAGES if page != "sources"])
def test_purchases_alone_are_told_from_usage(page: str, open_page: Open) -> None:
    app = open_page(page, "purchases")
    assert not app.exception and not app.error
    assert screen.headers(app) == ["The bills loaded hold no usage"]


@figure_pages
def test_a_bill_without_ai_is_shown_as_all_spend(page: str, open_page: Open) -> None:
    app = open_page(page, "no_ai")
    (scope,) = (group for group in app.get("button_group") if group.key == "scope")
    assert (scope.value, list(scope.options)) == ("All spend", ["All spend"])
    assert "AI spend" not in screen.everything(app)


@figure_pages
def test_a_link_to_ai_spend_shows_all_spend_where_there_is_no_ai(page: str, open_page: Open) -> None:
    app = open_page(page, "no_ai", scope="AI spend")
    assert not app.exception and not app.error
    assert "All spend" in screen.everything(app)


@figure_pages
def test_the_currency_is_a_choice_only_where_there_are_several(page: str, open_page: Open) -> None:
    assert "currency" not in {widget.key for widget in open_page(page, "one_day").selectbox}
    app = open_page(page, "two_currencies")
    assert app.selectbox(key="currency").options == ["USD", "EUR"]


@figure_pages
def test_names_show_letter_for_letter(page: str, open_page: Open) -> None:
    app = open_page(page, "names")
    words = [element.value for element in [*app.title, *app.header, *app.caption, *app.markdown]]
    assert any(stores.HOSTILE in screen.plain(text) for text in words)
    for text in words:
        assert not set("<>$*[]`~#:") & set(screen.unescaped(text))
    for element in app.get("html"):
        assert "<b>Fraud" not in element.proto.body


@figure_pages
def test_an_unknown_measure_is_called_unknown_and_never_nothing(page: str, open_page: Open) -> None:
    app = open_page(page, "unknown_list_price", measure="List cost")
    assert not app.exception and not app.error
    assert "unknown" in screen.title(app)
    shown = screen.everything(app) + " ".join(f"{card.value} {card.delta}" for card in app.metric)
    assert "$" not in shown and "Nothing changed" not in shown and "largest" not in shown
    for chart in screen.charts(app):
        assert all(value is None for values in chart.marks.values() for value in values)


@pages
def test_a_choice_that_does_not_exist_is_not_an_error(page: str, open_page: Open) -> None:
    app = open_page(page, scope="Everything", measure="Free", grain="Decade", over="-1", versus="Mars", team="Nobody")
    assert not app.exception and not app.error


@pages
def test_a_refusal_of_settings_is_told(page: str, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIDEPATH_FISCAL_YEAR_START", "13")
    app = open_page(page)
    assert not app.exception
    assert "GLIDEPATH_FISCAL_YEAR_START is 13" in screen.everything(app)


@pages
def test_a_fault_of_ours_is_told_without_its_trace(
    page: str, open_page: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("ui.guard._published", broken)
    app = open_page(page)
    assert not app.exception
    assert "This page could not be drawn" in app.error[0].value
    assert "secret detail" not in screen.everything(app)
    assert any(record.name == "glidepath" and record.exc_info for record in caplog.records)
