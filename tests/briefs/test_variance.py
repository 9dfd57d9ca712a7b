"""The variance review: over, on and under in the right words, and never a forecast called a budget."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from costlib.briefs.figure_book import FigureBook
from costlib.briefs.variance import Against, variance_chart, variance_review
from costlib.documents.model import Ask, Basis, Table, flat, read, texts_of
from costlib.roadmap.savings.booked import Review
from costlib.roadmap.savings.slipback import Check, Held
from tests.briefs.bill_cases import quarter


def made(**given):
    return variance_review(quarter(**given), FigureBook("USD"))


def title(document, page=0):
    return read(document.pages[page].title)


def ask(document):
    return next(block for block in flat(document.pages[0].blocks) if isinstance(block, Ask))


class TestAnswer:
    @pytest.mark.parametrize(
        ("fraud", "web", "said"),
        [
            (600, 400, "Q4 FY26 came to $3.00K, on the budget FY26 of $3.00K"),
            (700, 400, "Q4 FY26 came to $3.30K, $300 over the budget FY26 of $3.00K"),
            (400, 400, "Q4 FY26 came to $2.40K, $600 under the budget FY26 of $3.00K"),
            (540, 500, "Q4 FY26 came to $3.12K, on the budget FY26 of $3.00K"),  # 4 % is on budget
        ],
    )
    def test_over_on_and_under(self, fraud, web, said):
        assert title(made(fraud=fraud, web=web)) == said

    def test_a_forecast_is_never_called_a_budget(self):
        for against in (Against.FORECAST, Against.REPLAYED):
            said = [read(text) for page in made(against=against).pages for text in texts_of(page)]
            assert any(text.startswith("No budget is locked for this quarter") for text in said)
            assert not [text for text in said if "over budget" in text or "on budget" in text]
        assert "made again later" in read(made(against=Against.REPLAYED).pages[0].subtitle)
        assert "made again later" not in read(made(against=Against.FORECAST).pages[0].subtitle)

    def test_a_forecast_on_days_of_unknown_cost_says_so_at_the_foot(self):
        """Two days before the quarter; three in all, which is what the record rests on."""
        asked = quarter(against=Against.REPLAYED)
        bill = replace(asked.bill, record=replace(asked.bill.record, bridged_days=3))
        pages = variance_review(replace(asked, bill=bill, bridged_days=2), FigureBook("USD")).pages
        said = {page.id: page.source.partition("in ten.")[2].strip() for page in pages}
        assert said == {
            "answer": "Forecasts and plans count 2 days not billed in full like the days around them.",
            "teams": "Forecasts and plans count 2 days not billed in full like the days around them.",
            "record": "Forecasts and plans count 3 days not billed in full like the days around them.",
        }

    def test_where_every_day_is_known_the_foot_says_no_more(self):
        assert {page.source.partition("in ten.")[2] for page in made(against=Against.REPLAYED).pages} == {""}

    def test_a_locked_budget_is_named(self):
        assert read(made().pages[0].subtitle) == "Held against the locked budget FY26."


class TestUnknown:
    """A bill of the quarter is missing: nobody is over or under, and nobody is told to be."""

    def unknown(self):
        found = quarter()
        spent = {key: None if key[1] == found.months[1] else cost for key, cost in found.actual.items()}
        return variance_review(replace(found, actual=spent), FigureBook("USD"))

    def test_the_quarter_is_not_held_against_its_budget(self):
        said = [title(self.unknown(), page) for page in (0, 1)]
        assert said[0] == "What Q4 FY26 cost is not known in full, so it is not held against the budget FY26"
        assert said[1] == "What the teams spent is not known in full"

    def test_the_missing_bills_are_asked_for(self):
        assert read(ask(self.unknown()).sentence).startswith("Load the bills of the quarter that are missing")
        assert "explain an overspend" in read(ask(made()).sentence) or "explain the overspend" in read(
            ask(made()).sentence
        )


class TestTeams:
    def test_the_worst_is_the_claim(self):
        assert title(made(), 1) == "Fraud is furthest over: $300 more than the budget FY26"

    def test_nobody_over_is_said(self):
        assert title(made(fraud=500, web=500), 1) == "No team is over the budget FY26 by more than a twentieth"

    def test_rows_add_up(self):
        table = next(block for block in flat(made().pages[1].blocks) if isinstance(block, Table))
        rows = [[read(cell) for cell in row] for row in table.rows]
        assert rows == [
            ["Fraud", "over budget", "$1.50K", "$1.80K", "+$300", "+20%"],
            ["Web", "under budget", "$1.50K", "$1.20K", "−$300", "−20%"],
            ["All teams", "on budget", "$3.00K", "$3.00K", "$0", "0%"],
        ]

    def test_who_has_no_budget_has_none_and_is_over_by_all(self):
        """As the page says it: an amount that nobody set is none, not unknown."""
        found = quarter()
        spent = found.actual | {("Lab", month): Decimal(40) for month in found.months}
        document = variance_review(replace(found, actual=spent), FigureBook("USD"))
        table = next(block for block in flat(document.pages[1].blocks) if isinstance(block, Table))
        (row,) = [[read(cell) for cell in row] for row in table.rows if read(row[0]) == "Lab"]
        assert row == ["Lab", "not budgeted", "none", "$120", "+$120", "–"]

    def test_bars_stand_beside_what_was_to_be(self):
        chart = variance_chart(quarter())
        assert chart.previous_name == "Budget"
        assert variance_chart(quarter(against=Against.FORECAST)).previous_name == "Forecast"


class TestNext:
    def test_who_has_to_explain(self):
        assert ask(made()).sentence.text == "Fraud: explain the overspend and say by when it ends."

    def test_nobody_has_to(self):
        assert ask(made(fraud=500, web=500)).sentence.text == "No team needs to explain an overspend."

    def test_one_who_spent_without_a_budget_is_not_nobody(self):
        """600 a month that no line of the budget is for: the quarter is 1,800 over, and somebody has to see to it."""
        assert self.unplanned("Chat") == "Chat: agree on a budget for what was spent without one."
        assert self.unplanned("A", "B", "C", "D").endswith(
            "1 more team: agree on a budget for what was spent without one."
        )

    def test_an_overspend_comes_first(self):
        assert self.unplanned("Chat", fraud=900).startswith("Fraud: explain the overspend")

    def test_a_forecast_asks_for_no_budget_of_a_team(self):
        assert "without one" not in self.unplanned("Chat", against=Against.FORECAST)

    def test_one_who_spent_nothing_needs_no_budget(self):
        assert self.unplanned("Chat", spent=0) == "No team needs to explain an overspend."

    def unplanned(self, *teams, spent=600, fraud=500, **given):
        found = quarter(fraud=fraud, web=500, **given)
        more = {(team, month): Decimal(spent) for team in teams for month in found.months}
        return read(ask(variance_review(replace(found, actual=found.actual | more), FigureBook("USD"))).sentence)

    def test_a_missing_budget_is_asked_for(self):
        assert ask(made(against=Against.FORECAST)).support == (
            "Lock a budget for Q1 FY27, so that the next review has one.",
        )
        assert ask(made()).support == ()


class TestSavings:
    OCT = date(2026, 10, 1)
    SPOT = ("Spot", Review("past/spot", OCT, 100.0, 80.0, 50.0, -20.0, 0.8))
    CACHE = ("Cache", Review("past/cache", OCT, 300.0, None, 0.0, None, None))
    HELD = Check(30, OCT, Held.HELD, 0.4, None, 0.0)

    def page(self, *rows, checks=()):
        made = variance_review(replace(quarter(), savings=rows, checks=checks), FigureBook("USD"))
        return made, next(page for page in made.pages if page.id == "savings")

    def table(self, page):
        return [[read(cell) for cell in row] for row in next(b for b in page.blocks if isinstance(b, Table)).rows]

    def test_without_a_past_there_is_no_page(self):
        assert [page.id for page in made().pages] == ["answer", "teams", "record"]

    def test_promised_saved_and_signed_of_the_quarter(self):
        _, page = self.page(self.SPOT)
        assert read(page.title) == "$100 was promised for Q4 FY26; $80.00 is saved, $50.00 signed"
        assert self.table(page) == [
            ["Spot", "$100", "$80.00", "$50.00", "−$20.00"],
            ["All", "$100", "$80.00", "$50.00", "−$20.00"],
        ]

    def test_what_is_not_measured_is_unknown_and_the_largest_promise_leads(self):
        _, page = self.page(self.SPOT, self.CACHE)
        assert self.table(page) == [
            ["Cache", "$300", "unknown", "$0", "unknown"],
            ["Spot", "$100", "$80.00", "$50.00", "−$20.00"],
            ["All", "$400", "$80.00", "$50.00", "−$20.00"],
        ]

    def test_whether_savings_last_is_said(self):
        slipped = replace(self.HELD, verdict=Held.SLIPPED)
        for checks, said in (
            (((self.HELD,), (slipped,)), "1 of 2 savings that were checked is less than at the start"),
            (((self.HELD,),), "The saving that was checked is still there"),
            ((), "No saving is old enough to be checked yet"),
        ):
            _, page = self.page(self.SPOT, checks=checks)
            assert said in [read(text) for text in texts_of(page)]

    def test_every_figure_is_of_the_record_and_to_the_cent(self):
        document, page = self.page(("Spot", Review("a", self.OCT, 100 / 3, 200 / 3, 0.0, 100 / 3, 2.0)))
        figures = {id: one for id, one in document.figures.items() if id.startswith("saved.")}
        assert {one.basis for one in figures.values()} == {Basis.RECORD}
        assert (figures["saved.1.promised"].exact, figures["saved.all.realised"].exact) == ("33.33", "66.67")
        assert figures["saved.1.variance"].shown == "+$33.33"
        assert read(page.title).startswith("$33.33 was promised")
