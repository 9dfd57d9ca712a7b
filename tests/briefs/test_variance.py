"""The variance review: over, on and under in the right words, and never a forecast called a budget."""

import pytest

from costlib.briefs.ledger import Ledger
from costlib.briefs.variance import Against, variance_chart, variance_review
from costlib.documents.model import Ask, Table, flat, read, texts_of
from tests.briefs.bill_cases import quarter


def made(**given):
    return variance_review(quarter(**given), Ledger("USD"))


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

    def test_a_locked_budget_is_named(self):
        assert read(made().pages[0].subtitle) == "Held against the locked budget FY26."


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
            ["all teams", "on budget", "$3.00K", "$3.00K", "$0", "0%"],
        ]

    def test_bars_stand_beside_what_was_to_be(self):
        chart = variance_chart(quarter())
        assert chart.previous_name == "Budget"
        assert variance_chart(quarter(against=Against.FORECAST)).previous_name == "Forecast"


class TestNext:
    def test_who_has_to_explain(self):
        assert ask(made()).sentence.text == "Fraud: explain the overspend and say by when it ends."

    def test_nobody_has_to(self):
        assert ask(made(fraud=500, web=500)).sentence.text == "No team needs to explain an overspend."

    def test_a_missing_budget_is_asked_for(self):
        assert ask(made(against=Against.FORECAST)).support == (
            "Lock a budget for Q1 FY27, so that the next review has one.",
        )
        assert ask(made()).support == ()
