"""The annex: the record first, then every question with figures that agree with the one-pager."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from costlib.briefs.annex import annex, half, more, nothing, questions_title, rollbacks
from costlib.briefs.one_pager import one_pager
from costlib.briefs.past_decisions import Decided
from costlib.briefs.plan_figures import Setting, plan_figures
from costlib.briefs.plan_swings import put_swings, swing_chart, swing_title
from costlib.documents.model import Shape, Table, flat, read, texts_of
from costlib.roadmap.case import case
from tests.briefs.bill_cases import RECORD
from tests.briefs.cases import initiative, past, scorer_case, scorer_figures, scorer_plan, spend


def words(document):
    return [read(text) for page in document.pages for text in texts_of(page)]


@pytest.fixture(scope="module")
def found():
    return scorer_figures()


@pytest.fixture(scope="module")
def made(found):
    return annex(found, (), RECORD)


def tables(page):
    return {block.label: block for block in flat(page.blocks) if isinstance(block, Table)}


class TestSource:
    @pytest.mark.parametrize(("plan", "record", "said"), [(2, 3, "3 days"), (2, 0, "2 days"), (0, 1, "1 day")])
    def test_it_says_the_most_days_of_unknown_cost_that_a_figure_rests_on(self, plan, record, said):
        figures = scorer_figures(replace(scorer_case(), bridged_days=plan))
        found = annex(figures, (), replace(RECORD, bridged_days=record))
        assert {page.source.partition("in ten.")[2].partition(" not")[0] for page in found.pages} == {
            f" Forecasts and plans count {said}"
        }

    def test_where_every_day_is_known_it_says_nothing(self, made):
        assert {page.source.partition("in ten.")[2] for page in made.pages} == {""}


class TestRecord:
    def test_it_opens_with_it(self, made):
        assert read(made.pages[0].title) == "No past decision is measured or signed off yet"
        assert "Promised against signed off" not in tables(made.pages[0])

    def test_promises_are_held_against_what_finance_signed(self):
        later = annex(scorer_figures(past=past()), (), RECORD)
        assert read(later.pages[0].title) == "Past decisions promised $1.00K by now; $400 is signed off"
        first = next(block for block in flat(later.pages[0].blocks))
        assert [[read(cell) for cell in row] for row in first.rows] == [
            ["Spot", "spot training", "$1.00K", "$900", "$400", "$500", "–"],
            ["All", "", "$1.00K", "$900", "$400", "$500", "–"],
        ]
        assert later.figures["booked"].basis == "record"

    def test_decisions_are_listed_with_what_was_expected(self):
        decided = (Decided("Switch off the copy", "Off", date(2026, 3, 2), "25 USD a month less"),)
        table = tables(annex(scorer_figures(), decided, RECORD).pages[0])["Decisions on record"]
        assert [read(cell) for cell in table.rows[0]] == [
            "Switch off the copy",
            "Off",
            "2 Mar 2026",
            "25 USD a month less",
        ]

    def test_a_slide_has_no_room_for_record_and_questions_together(self, made):
        slides = annex(scorer_figures(past=past()), (), RECORD, Shape.SLIDE)
        assert [page.id for page in slides.pages] == ["record", "questions", "breaks"]
        assert [page.id for page in made.pages] == ["record", "breaks"]
        assert set(tables(slides.pages[1])) == {"Every option on the same forecast"}
        paper = annex(scorer_figures(past=past()), (), RECORD)
        assert set(words(paper)) - set(words(slides)) == set()

    def test_where_the_forecast_comes_from_is_said(self, made):
        assert any("The days of the bill" in text for text in words(made))


class TestQuestions:
    def test_doing_nothing_is_what_is_forgone(self, found, made):
        assert questions_title(found).text == "Doing nothing forgoes $580 over 6 months."
        assert nothing(found).text == ("The scorer stays near where it is, at $1.00K in Apr 2027.")
        assert read(made.pages[0].subtitle) == "Over 6 months $6.00K without the plan, $4.77K with it, both likely."

    def test_a_plan_that_costs_more_than_it_saves_is_not_called_a_loss_to_forgo(self):
        dear = initiative("a", "idle", 0.1, one_off_cost=9000.0)
        poor = scorer_figures(scorer_case(scorer_plan(dear)))
        assert questions_title(poor).text == "Over 6 months the plan costs more than it saves: −$8.97K net."

    def test_rising_spend_is_called_rising(self):
        ahead = spend(monthly=(1200.0, 150.0, 50.0, 5000.0))
        rising = scorer_figures(scorer_case(baseline=ahead))
        assert nothing(rising).text.startswith("The scorer rises 40%, to $1.40K in Apr 2027")

    def test_half_the_money(self, found):
        # Without the smaller scorer: idle 25 for six months and spot 60 from April to June.
        assert half(found).text == (
            "What is left of the plan within it needs no one-off money and saves $330 net of cost instead of $580."
        )

    def test_half_the_money_that_saves_more_warns_who_presents(self):
        late = initiative("a", "real-time inference", 0.2, start="2027-06", one_off_cost=500.0)
        early = initiative("b", "training", 0.4, one_off_cost=100.0)
        assert "expect that question" in half(scorer_figures(scorer_case(scorer_plan(late, early)))).text

    def test_no_one_off_money_has_no_half(self):
        free = scorer_figures(scorer_case(scorer_plan(initiative("a", "idle", 0.5, phase="containment"))))
        assert half(free).text == "The plan needs no one-off money; its first phase alone saves $150 net of cost."

    def test_why_not_more_says_what_no_limit_would_bring(self, found):
        assert read(more(found)[0]).startswith(("In its best order", "More money or people would not save more"))

    def test_every_option_is_in_one_table(self, made):
        table = next(block for block in flat(made.pages[0].blocks) if isinstance(block, Table) and len(block.rows) == 5)
        assert [row[0] for row in table.rows] == ["Nothing", "Minimum", "Recommended", "Ambitious", "More volume"]
        # 20 % more of everything: 1,200 less 28.5 % of it.
        assert read(table.rows[4][4]) == "$858"


class TestWhatBreaks:
    def unsure(self, probability=0.5, **more):
        levers = (initiative("a", "idle", 0.5, probability=probability, **more), initiative("b", "training", 0.4))
        return scorer_figures(scorer_case(scorer_plan(*levers)))

    def test_the_worst_end_is_named(self):
        found = self.unsure()
        put_swings(found)
        assert swing_title(found).text.startswith(
            "No single input turns it into a loss; the worst takes its value from "
        )

    def test_a_loss_is_called_one(self):
        found = scorer_figures(
            scorer_case(scorer_plan(initiative("a", "idle", 0.5, probability=0.5, one_off_cost=120.0)))
        )
        put_swings(found)
        assert swing_title(found).text.startswith(
            "One input alone can turn the plan into a loss: Whether it works: a, −$"
        )

    def test_the_chart_holds_the_figures_of_the_title(self):
        found = self.unsure()
        put_swings(found)
        chart = swing_chart(found)
        assert chart.ranked[0].name == found.figure("swing.1.name").shown
        assert float(chart.base.amount) == pytest.approx(float(found.figure("swing.planned").exact), abs=0.01)

    def test_the_way_back_is_named(self, found):
        assert [read(text) for text in rollbacks(found)] == [
            "Serve a smaller scorer: 0% chance of being taken back, which forgoes $250 net. Way back: none is named."
        ]


def test_it_agrees_with_the_one_pager_figure_by_figure():
    noisy = spend(paths=200)
    noisy.paths[:] *= np.random.default_rng(3).lognormal(0, 0.3, (1, 6, 200))
    case = scorer_case(scorer_plan(paths=200), noisy)
    one, other = one_pager(scorer_figures(case)).figures, annex(scorer_figures(case), (), RECORD).figures
    shared = one.keys() & other.keys()
    assert len(shared) > 8
    assert all(one[id] == other[id] for id in shared)


@pytest.mark.parametrize("word", ["P50", "WAPE", "hash", "percentile", "baseline", "NPV"])
def test_words_are_an_executives(made, word):
    assert not [text for text in words(made) if word in text]


def test_it_can_be_of_any_paper(found):
    assert annex(scorer_figures(), (), RECORD, Shape.LETTER).shape is Shape.LETTER


def test_a_plan_that_gives_its_own_spend_is_not_held_against_the_record_of_the_bills():
    target = {"reduction": 0.2, "by": "2027-04", "reference": "baseline"}
    found = case(scorer_plan(target=target), spend())
    own = plan_figures(found, Setting("AI", "USD", date(2026, 12, 31), "Tiny", True))
    said = words(annex(own, (), RECORD))
    assert "Forecasts of the next month were off by 4% on average" not in said
    assert "AI is likely to cost $6.00K in Apr 2027." in said
    assert any(text.startswith("Spend without the plan is given by the plan itself") for text in said)
