"""The board deck: every page has a claim that its figures bear out, and figures agree with the other documents."""

from dataclasses import replace
from decimal import Decimal

import pytest

from costlib.briefs.annex import annex
from costlib.briefs.deck import board_deck, headline_figures, outlook_title
from costlib.briefs.one_pager import one_pager
from costlib.briefs.portfolio_pages import (
    cases_title,
    portfolio_chart,
    portfolio_title,
    portfolio_words,
    put_portfolio,
    put_shift,
    shift_chart,
    shift_title,
)
from costlib.briefs.words.portfolio import return_words
from costlib.documents.model import Exhibit, Sentence, read, texts_of
from costlib.roadmap.portfolio.cases import business_cases
from tests.briefs.bill_cases import RECORD, bill
from tests.briefs.cases import past, portfolio, scorer_case, scorer_figures, spend


@pytest.fixture(scope="module")
def made():
    return board_deck(portfolio(), bill())


class TestPages:
    def test_ten_to_fifteen_before_the_appendix(self, made):
        main = [page for page in made.pages if "appendix" not in page.eyebrow]
        assert 10 <= len(main) <= 15
        wanted = ["answer", "money", "change", "outlook", "portfolio", "shift", "cases", "funding", "risks", "options"]
        assert [page.id for page in main if page.id in wanted] == wanted

    def test_the_pages_say_how_many_days_of_unknown_cost_they_rest_on(self):
        """The plan on one, the record of forecasts of the whole bill on four."""
        figures = scorer_figures(replace(scorer_case(), bridged_days=1))
        found = board_deck(figures, bill(replace(RECORD, bridged_days=4)))
        said = {
            page.id: page.source.partition("Forecasts and plans count ")[2].partition(" not")[0] for page in found.pages
        }
        assert said.pop("record") == "4 days"
        assert set(said.values()) == {"1 day"}

    def test_past_decisions_have_a_page_where_any_is_on_record(self, made):
        assert not any(page.id == "past" for page in made.pages)
        found = scorer_figures(past=past())
        ids = [page.id for page in board_deck(found, bill()).pages]
        (page,) = [one for one in board_deck(found, bill()).pages if one.id == "past"]
        assert ids.index("risks") < ids.index("past") < ids.index("options")
        assert read(page.title) == "Past decisions promised $1.00K by now; $400 is signed off"
        assert "$500 more is measured and not signed yet" in " ".join(map(read, texts_of(page)))

    def test_the_appendix_says_what_it_rests_on(self, made):
        ids = [page.id for page in made.pages if "appendix" in page.eyebrow]
        assert ids[:4] == ["technical", "financial", "method", "record"]
        assert ids[4].startswith("sources")

    def test_titles_are_claims_of_their_own(self, made):
        titles = [read(page.title) for page in made.pages]
        assert len(set(titles)) == len(titles)
        assert all(isinstance(page.title, Sentence) for page in made.pages)

    def test_no_chart_repeats_the_title_of_its_page(self, made):
        for page in made.pages:
            if len(page.blocks) == 1 and isinstance(page.blocks[0], Exhibit):
                assert not page.blocks[0].titled

    def test_the_figures_of_the_claims_are_listed_with_what_they_mean(self, made):
        listed = {one.id for one in headline_figures(made.pages[:13])}
        assert {"with", "recommended.net", "bill.year", "funding.released"} <= listed
        sources = [text for page in made.pages if page.id.startswith("sources") for text in texts_of(page)]
        assert {text.id for text in sources if not isinstance(text, (str, Sentence))} == listed

    @pytest.mark.parametrize("word", ["P50", "WAPE", "hash", "percentile", "stochastic"])
    def test_words_are_an_executives(self, made, word):
        said = [read(text) for page in made.pages for text in texts_of(page)]
        assert not [text for text in said if word.lower() in text.lower()]


class TestPortfolio:
    def test_cases_that_lose_are_counted(self):
        assert cases_title(portfolio()).text.endswith("; 1 of 3 cost more than they bring")
        assert ";" not in cases_title(scorer_with_portfolio()).text

    def test_the_map_has_every_initiative_by_effort_and_worth(self):
        chart = portfolio_chart(portfolio())
        assert {one.name for one in chart.investments} == {"Switch it off", "Serve a smaller one", "In the app"}
        assert [one.bucket.value for one in chart.investments if one.name == "In the app"] == ["grow"]

    def test_only_purposes_for_which_something_is_planned_are_named(self):
        assert portfolio_title(portfolio()).text == "Run is worth $1.32K, Grow −$346"
        alone = scorer_with_portfolio()
        assert portfolio_title(alone).text == f"Run is worth {alone.figure('bucket.run.npv')}, all of the plan is Run"
        put_shift(alone)
        assert shift_title(alone).text == "All of the money is for Run: nothing is planned to grow or transform"

    def test_no_loss_in_any_outcome_is_said_by_their_number(self):
        (said,) = portfolio_words(portfolio()).text
        assert said.text.endswith("none of the 20 outcomes that were played through loses money.")
        (lost,) = portfolio_words(portfolio(one_off_cost=9000.0)).text
        assert lost.text.endswith("the chance that it loses money is 100%.")

    def test_a_return_below_nothing_has_a_minus_sign(self):
        assert portfolio().figure("app.roi").shown == "−100%"

    def test_returns_read_as_on_the_page(self):
        """Run's smaller model saves 200 a month for six months for nothing; the app takes 300 and 10 a month."""
        found = portfolio(benefit=71.0)
        assert found.figure("small.roi").shown == "none needed"
        # From February on: 5 x (71 - 10) - 300 is 5, over 350.
        assert found.figure("app.roi").shown == "1%"
        (case,) = (one for one in business_cases(found.case.recommended.result) if one.id == "app")
        assert found.figure("app.roi").shown == return_words(case.roi)

    def test_the_shift_is_in_the_chart(self):
        found = portfolio()
        put_shift(found)
        chart = shift_chart(found)
        # First quarter: the bill 3 x 775, Grow 300 and two months of 10.
        assert [segment.values[0] for segment in chart.segments] == [Decimal(2325), Decimal(320), Decimal(0)]
        assert shift_title(found).text == "Run takes 88% of the money in Q1 FY27 and 99% in Q2 FY27"


def scorer_with_portfolio():
    found = scorer_figures()
    put_portfolio(found)
    return found


@pytest.mark.parametrize(
    ("factor", "start"),
    [
        (1.0, "Without the plan spend is likely to be"),
        (1.3, "Without the plan spend rises 30%, to"),
        (0.7, "Without the plan spend falls 30%, to"),
    ],
)
def test_the_outlook_is_called_what_it_is(factor, start):
    ahead = spend(monthly=tuple(factor * amount for amount in (800.0, 150.0, 50.0, 5000.0)))
    assert outlook_title(scorer_figures(scorer_case(baseline=ahead))).text.startswith(start)


def test_one_pager_annex_and_deck_of_one_plan_agree_figure_by_figure(made):
    documents = [one_pager(portfolio()), annex(portfolio(), (), RECORD), made]
    seen = {}
    for document in documents:
        for id, figure in document.figures.items():
            assert seen.setdefault(id, figure) == figure, id
    assert sum(len(document.figures) for document in documents) > len(seen) + 20
