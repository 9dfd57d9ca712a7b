"""Reports without a browser: what is offered, in whose words a document is, and the pictures of its pages."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from costlib import reports
from costlib.documents.model import Basis, Figure, Sentence, Shape
from costlib.errors import InputError
from costlib.periods import Window
from costlib.state.wording import reword
from costlib.workspace import Workspace
from tests.small_company import company
from tests.ui.conftest import page_of
from ui.guard import Page
from ui.reports.choices import KINDS, closed, kind_of, offered, purpose_of, quarters, teams, title_of, translations
from ui.reports.page import composed, problem_of
from ui.reports.pages import picture, problem, words_of, written
from ui.reports.words import name_of, own_numbers, sentences_of, standing

SPEND = Figure("now", "$142K", "142034.55", "mean month", Basis.BILL)
SAVED = Figure("net-low", "$20K", "20000", "saving", Basis.PLAN)
LINE = Sentence("ask", "Spend is {now}, 2 teams agree", {"now": SPEND, "net-low": SAVED})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company(tmp_path_factory.mktemp("reports")).store.root


@pytest.fixture(scope="module")
def page(store: Path) -> Page:
    return page_of(store)


class TestChoices:
    def test_every_kind_of_document_has_a_name_a_reader_and_a_purpose(self) -> None:
        assert set(KINDS) == set(reports.KINDS)
        assert all(purpose_of(name).count(". For ") == 1 for name in KINDS)

    def test_the_usual_paper_of_a_kind_comes_first(self) -> None:
        assert {name: kind.papers[0] for name, kind in KINDS.items()} == {
            name: kind.shape for name, kind in reports.KINDS.items()
        }

    def test_a_kind_that_nobody_described_speaks_for_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(reports.KINDS, "road-show", replace(reports.KINDS["variance"], shape=Shape.SLIDE))
        found = kind_of("road-show")
        assert (found.name, found.papers, found.asks) == ("Road show", (Shape.SLIDE,), ("team", "month", "quarter"))

    def test_the_store_decides_what_is_offered(self, page: Page) -> None:
        """January to April are closed; the first quarter is the only whole one; Lab is in the bills of April."""
        assert offered(page) == list(reports.KINDS)
        assert closed(page) == [date(2026, month, 1) for month in (4, 3, 2, 1)]
        assert quarters(page) == [date(2026, 1, 1)]
        assert set(teams(page)) == {"Ads", "Web", "Lab"}

    def test_only_currencies_with_every_rate_are_offered(self, page: Page) -> None:
        assert translations(page) == []
        rates = page.workspace.store.root / "rates.yaml"
        line = "  - {{month: 2026-0{}, from: {}, to: {}, rate: 2, source: tests}}"
        months = [*range(1, 6)]
        whole = [line.format(month, base, "CHF") for month in months for base in ("USD", "EUR")]
        partly = [line.format(month, base, "JPY") for month in months[:4] for base in ("USD", "EUR")]
        try:
            rates.write_text("version: 1\nrates:\n" + "\n".join([*whole, *partly]), encoding="utf-8")
            assert translations(page) == ["CHF"]
            rates.write_text("no rates", encoding="utf-8")
            assert translations(page) == []
        finally:
            rates.unlink()

    def test_quarters_follow_the_fiscal_year(self, page: Page) -> None:
        february = replace(page, settings=replace(page.settings, fiscal_year_start=2))
        assert quarters(february) == [date(2026, 2, 1)]

    def test_a_month_is_closed_with_its_last_day(self, page: Page) -> None:
        april = replace(page, window=Window(date(2026, 4, 1), date(2026, 5, 1)))
        assert closed(april) == [date(2026, 4, 1)]
        assert closed(replace(page, window=Window(date(2026, 4, 1), date(2026, 4, 30)))) == []

    def test_a_title_says_what_the_document_tells_of(self, page: Page) -> None:
        orders = [
            reports.order("one-pager", "ads"),
            reports.order("statement", team="Web", month="2026-03"),
            reports.order("variance", quarter="2026-01"),
        ]
        assert [title_of(page, order) for order in orders] == [
            "CFO one-pager: Ads",
            "Team statement: Web, Mar 2026",
            "Variance review: Q1 FY26",
        ]
        assert [order.subject for order in orders] == ["ads", "Web 2026-03", "2026-01"]


class TestWords:
    def test_words_may_move_drop_and_add_figures(self) -> None:
        for template in ("{now}", "{net-low} of {now}", "Nothing", "{now} {now}"):
            assert problem_of(LINE, template) is None

    @pytest.mark.parametrize(
        ("template", "said"),
        [
            ("{nwo}", "Did you mean now"),
            ("{Now}", "Did you mean now"),
            ("{}", "hold a brace that names no figure"),
            ("a { b", "hold a brace"),
            ("now}", "hold a brace"),
            (" \n", "cannot be empty"),
        ],
    )
    def test_words_that_would_not_read_as_a_sentence_are_refused(self, template: str, said: str) -> None:
        assert said in str(problem_of(LINE, template))

    @given(st.text(max_size=60))
    def test_what_is_accepted_never_shows_a_brace(self, template: str) -> None:
        if problem_of(LINE, template) is None:
            assert not re.search(r"[{}]", LINE.reworded(template).text)

    def test_numbers_of_our_own_words_are_not_flagged(self) -> None:
        assert own_numbers("Spend is {now}, 2 teams agree on 7,000", LINE) == ["7,000"]
        assert own_numbers(LINE.template, LINE) == []

    def test_a_document_in_a_readers_words_says_whose(self, tmp_path: Path) -> None:
        workspace = company(tmp_path)
        reword(workspace.state(), "one-pager", "ads", {"ask": "Say {start}"}, seen={}, who="Ada")
        found = composed(page_of(workspace.store.root), reports.order("one-pager", "ads"))
        assert found.document.sentences["ask"].text == "Say Jun 2026"
        assert found.document.trace["order"]["edits"] == {"ask": "Say {start}"}
        assert re.fullmatch(r"Ada, 20\d\d-\d\d-\d\d", found.document.trace["edited_by"]["ask"])
        assert standing(found).startswith("In a reader's words: Ask.")
        assert found.ours["ask"].template != "Say {start}"

    def test_words_of_another_plan_stay_there(self, page: Page, store: Path) -> None:
        reword(Workspace(store).state(), "one-pager", "other", {"ask": "Say {start}"}, seen={}, who="Ada")
        found = composed(page, reports.order("one-pager", "ads"))
        assert "edited_by" not in found.document.trace and found.words == {}

    def test_other_words_are_tried_without_being_saved(self, page: Page) -> None:
        found = composed(page, reports.order("one-pager", "ads"))
        assert found.with_words({"ask": "Say {start}"}).sentences["ask"].text == "Say Jun 2026"
        with pytest.raises(InputError, match="no figure of it"):
            found.with_words({"ask": "{nothing}"})
        assert found.document.sentences["ask"].text != "Say Jun 2026"

    def test_a_sentence_is_listed_once_a_page(self, page: Page) -> None:
        sheet = composed(page, reports.order("one-pager", "ads")).document.pages[0]
        ids = [one.id for one in sentences_of(sheet)]
        assert len(ids) == len(set(ids)) and ids[:2] == ["headline", "situation"]
        assert name_of("risk.spot") == "Risk: spot"


@pytest.fixture(scope="module")
def two_pages(page: Page) -> bytes:
    """A PDF of two pages that differ."""
    made = composed(page, reports.order("one-pager", "ads")).document
    (first,) = made.pages
    return reports.written(replace(made, pages=(first, replace(first, id="second", subtitle=""))), "pdf")


class TestPages:
    def test_a_picture_has_the_proportions_of_its_page(self, two_pages: bytes) -> None:
        size = PdfReader(io.BytesIO(two_pages)).pages[0].mediabox
        drawn = Image.open(io.BytesIO(picture(two_pages, 1)))
        assert drawn.width / drawn.height == pytest.approx(float(size.width) / float(size.height), rel=0.01)
        assert drawn.width >= 1000

    def test_pages_are_told_apart(self, two_pages: bytes) -> None:
        assert picture(two_pages, 1) != picture(two_pages, 2)

    def test_the_words_of_a_page_are_what_it_says(self, page: Page) -> None:
        found = composed(page, reports.order("one-pager", "ads"))
        words = words_of(found.document.pages[0])
        text = " ".join(PdfReader(io.BytesIO(written(found, "pdf"))).pages[0].extract_text().split())
        for sentence in found.document.sentences.values():
            noted = sentence in found.document.pages[0].notes
            assert (sentence.text in words) is not noted
        assert found.document.sentences["headline"].text in text

    def test_a_full_page_is_a_problem_and_no_fault(self, page: Page) -> None:
        order = reports.order("one-pager", "ads", edits={"ask": "Approve this. " * 400})
        full = replace(
            composed(page, reports.order("one-pager", "ads")), document=reports.document(page.workspace, order)
        )
        for ending in reports.ENDINGS:
            assert "holds more than fits" in str(problem(full, ending))
