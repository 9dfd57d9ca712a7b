"""Budget, record and plan in words: what is over and under, how likely, how good past forecasts were."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from costlib.analysis.budget import Variance
from costlib.analysis.month_end import OURS, RUN_RATE, TO_DATE, Skill
from costlib.analysis.record import Figures
from costlib.briefs.ahead import Ahead, Part, Span
from costlib.briefs.words.budget import chance_words, landing_finding, landing_rows, review_finding, review_rows
from costlib.briefs.words.plan import scenario_rows, where_words
from costlib.briefs.words.record import MONTH_END_HEADER, RECORD_HEADER, month_end_rows, record_finding, record_rows

QUARTER = (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1))


def span(likely: int) -> Span:
    return Span(D(likely), D(likely - 100), D(likely + 100))


class TestLanding:
    @pytest.mark.parametrize(
        ("likely", "said"),
        [
            (5700, "is likely to end FY26 $200 over its budget of $5.50K; the chance of an overrun is 96%"),
            (5000, "is likely to end FY26 $500 under its budget of $5.50K; the chance of an overrun is 96%"),
            (5500, "is likely to end FY26 on its budget of $5.50K; the chance of an overrun is 96%"),
        ],
    )
    def test_over_under_and_on(self, likely: int, said: str) -> None:
        assert landing_finding("AI spend", "USD", "FY26", span(likely), D(5500), 0.96) == f"AI spend {said}"

    def test_nothing_is_certain_and_unknown_is_unknown(self) -> None:
        assert [chance_words(chance) for chance in (0.999, 0.004, 0.494, None)] == [
            "over 99%",
            "under 1%",
            "49%",
            "unknown",
        ]

    def test_a_team_without_a_budget_is_shown_and_the_whole_comes_last(self) -> None:
        parts = [Part("Fraud", span(3000), ()), Part(None, span(2000), ())]
        rows = landing_rows(parts, span(5000), {"Fraud": D(2500)}, {"Fraud": 0.9}, (D(4000), 0.8), "USD")
        assert rows == [
            ["Fraud", "$2.50K", "$3.00K", "+$500", "90%"],
            ["No team", "none", "$2.00K", "–", "–"],
            ["All", "$4.00K", "$5.00K", "+$1.00K", "80%"],
        ]


def variance(team: str | None, budget: int | None, actual: int | None, every: bool = False) -> Variance:
    return Variance(team, every, QUARTER, None if budget is None else D(budget), None if actual is None else D(actual))


class TestReview:
    def test_who_made_most_of_an_overrun(self) -> None:
        rows = [variance("Fraud", 100, 160), variance("Search", 100, 80), variance(None, 200, 240, True)]
        assert review_finding(rows, "USD", "AI spend", "in Q3 FY26") == (
            "AI spend was $40.00 over budget in Q3 FY26 (20%), led by Fraud (+$60.00)"
        )

    def test_who_made_most_of_an_underrun(self) -> None:
        rows = [variance("Fraud", 100, 110), variance("Search", 100, 50), variance(None, 200, 160, True)]
        assert review_finding(rows, "USD", "AI spend", "in Q3 FY26").endswith("led by Search (−$50.00)")

    def test_on_budget_nobody_leads(self) -> None:
        rows = [variance("Fraud", 100, 103), variance(None, 100, 103, True)]
        assert review_finding(rows, "USD", "AI spend", "in Q3 FY26") == ("AI spend was on budget in Q3 FY26 (+$3.00)")

    def test_an_unknown_actual_is_unknown(self) -> None:
        rows = [variance("Fraud", 100, None), variance(None, 100, None, True)]
        assert "unknown" in review_finding(rows, "USD", "AI spend", "in Q3 FY26")
        assert review_rows(rows, "USD")[0] == ["Fraud", "$100", "unknown", "unknown", "unknown", "not known"]

    def test_spend_without_a_budget(self) -> None:
        assert review_rows([variance("New", None, 40)], "USD") == [["New", "none", "$40.00", "–", "–", "not budgeted"]]


def figures(ahead: int, variance: float | None, level: str | None, versions: int = 3) -> Figures:
    return Figures(ahead, versions, 30, variance, 0.01, level, 0.9, {0.05: 0.5, 0.12: 0.8, 0.2: 0.9}, 0.7)


class TestRecord:
    def test_the_next_month_is_said_first(self) -> None:
        assert record_finding([figures(1, 0.041, "best"), figures(3, 0.3, None)]) == (
            "Forecasts one month ahead were off by 4.1% on average: FinOps level best"
        )

    def test_a_poor_record_says_so(self) -> None:
        assert record_finding([figures(1, 0.34, None)]).endswith("off by 34.0% on average: too far off to plan on")

    def test_no_closed_month_is_no_record(self) -> None:
        assert record_finding([figures(1, None, None, 0)]).startswith("No month has closed yet")
        assert record_rows([figures(1, None, None, 0)], "locked") == []

    def test_rows_name_their_kind(self) -> None:
        (row,) = record_rows([figures(3, 0.18, "crawl")], "replayed")
        assert row == ["3", "replayed", "3", "18.0%", "+1.0%", "crawl", "90%", "80%"]
        assert len(row) == len(RECORD_HEADER)

    def test_the_month_end_beside_the_usual_rules(self) -> None:
        (row,) = month_end_rows([Skill(5, 6, {OURS: 0.02, RUN_RATE: 0.034, TO_DATE: 0.06}, {}, 0.8)])
        assert row == ["5", "6", "2.0%", "3.4%", "6.0%"] and len(row) == len(MONTH_END_HEADER)


class TestPlan:
    def test_scenarios_beside_history(self) -> None:
        found = {name: Ahead(span(total), (), (), ()) for name, total in (("Base", 1500), ("History alone", 1000))}
        assert scenario_rows(found, "History alone", "USD") == [
            ["Base", "$1.50K", "$1.40K\xa0to\xa0$1.60K", "+$500"],
            ["History alone", "$1.00K", "$900\xa0to\xa0$1.10K", "–"],
        ]

    def test_where_a_change_acts(self) -> None:
        assert where_words({"x_Team": None, "x_Model": "scorer"}) == "no team, scorer"
        assert where_words({}) == "everything"
