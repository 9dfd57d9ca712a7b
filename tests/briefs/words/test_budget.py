"""Budget, record and plan in words: what is over and under, how likely, how good past forecasts were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.budget import Variance
from costlib.analysis.month_end import OURS, RUN_RATE, TO_DATE, Skill
from costlib.analysis.record import Figures
from costlib.briefs.ahead import Ahead, Part, Span
from costlib.briefs.words.budget import chance_words, landing_finding, landing_rows, review_finding, review_rows
from costlib.briefs.words.plan import scenario_rows, where_words
from costlib.briefs.words.record import (
    MONTH_END_HEADER,
    RECORD_HEADER,
    month_end_finding,
    month_end_rows,
    record_finding,
    record_rows,
)

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
            ["No team", "none", "$2.00K", "+$2.00K", "–"],
            ["All", "$4.00K", "$5.00K", "+$1.00K", "80%"],
        ]

    def test_a_team_that_is_budgeted_and_not_forecast_keeps_its_row(self) -> None:
        """2,500 and 1,500 are the 4,000 of all, and +500 and -1,500 its -1,000."""
        parts, budgets = [Part("Fraud", span(3000), ())], {"Fraud": D(2500), "New": D(1500), "Later": None}
        rows = landing_rows(parts, span(3000), budgets, {"Fraud": 0.9, "New": 0.0}, (D(4000), 0.2), "USD")
        assert rows == [
            ["Fraud", "$2.50K", "$3.00K", "+$500", "90%"],
            ["New", "$1.50K", "$0", "−$1.50K", "under 1%"],
            ["All", "$4.00K", "$3.00K", "−$1.00K", "20%"],
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
        assert review_rows([variance("New", None, 40)], "USD") == [
            ["New", "none", "$40.00", "+$40.00", "–", "not budgeted"]
        ]

    def test_a_credit_without_a_budget_is_under_by_all_of_it(self) -> None:
        assert review_rows([variance("Old", None, -40)], "USD")[0][3:5] == ["−$40.00", "–"]

    def test_who_spent_without_a_budget_can_lead(self) -> None:
        rows = [variance("New", None, 60), variance("Fraud", 100, 110), variance(None, 100, 170, True)]
        assert review_finding(rows, "USD", "AI spend", "in Q3 FY26").endswith("(70%), led by New (+$60.00)")


class TestNextToTheLimit:
    """Within 5% is on budget: what is shown never contradicts the verdict."""

    @pytest.mark.parametrize(
        ("actual", "share", "verdict"),
        [
            (105000, "+5%", "on budget"),
            (105001, "+5.001%", "over budget"),
            (105130, "+5.1%", "over budget"),
            (105490, "+5.5%", "over budget"),
            (105500, "+6%", "over budget"),
            (104870, "+5%", "on budget"),
            (95000, "−5%", "on budget"),
            (94960, "−5.04%", "under budget"),
            (94700, "−5.3%", "under budget"),
            (92000, "−8%", "under budget"),
            (100000, "0%", "on budget"),
        ],
    )
    def test_the_share_stands_on_the_side_of_its_verdict(self, actual: int, share: str, verdict: str) -> None:
        assert review_rows([variance("Ranking", 100000, actual)], "USD")[0][-2:] == [share, verdict]

    def test_the_sentence_says_what_the_table_says(self) -> None:
        rows = [variance("Ranking", 100000, 105130), variance(None, 100000, 105130, True)]
        assert "over budget in Q3 FY26 (5.1%)" in review_finding(rows, "USD", "AI spend", "in Q3 FY26")
        rows = [variance(None, 100000, 94870, True)]
        assert review_finding(rows, "USD", "AI spend", "in Q3 FY26").endswith("under budget in Q3 FY26 (5.1%)")

    @given(st.integers(80_000, 120_000), st.integers(1, 10**6))
    def test_whatever_the_amounts(self, part: int, budget: int) -> None:
        *_, share, verdict = review_rows([variance("Ranking", 100_000 * budget, part * budget)], "USD")[0]
        assert (abs(D(share.strip("+−%"))) > 5) is (verdict != "on budget")


def figures(ahead: int, variance: float | None, level: str | None, versions: int = 3) -> Figures:
    return Figures(ahead, versions, 30, variance, 0.01, level, 0.9, {0.05: 0.5, 0.12: 0.8, 0.2: 0.9}, 0.7)


class TestRecord:
    def test_the_next_month_is_said_first(self) -> None:
        assert record_finding([figures(1, 0.041, "best"), figures(3, 0.3, None)]) == (
            "Forecasts one month ahead were off by 4.1% on average: FinOps level best"
        )

    def test_a_poor_record_says_so(self) -> None:
        assert record_finding([figures(1, 0.34, None)]).endswith("off by 34.0% on average: too far off to plan on")

    @pytest.mark.parametrize(("held", "versions", "told"), [(0.49, 6, True), (0.5, 6, False), (0.1, 5, False)])
    def test_ranges_that_held_too_seldom_are_told_where_it_is_no_chance(self, held, versions, told) -> None:
        row = replace(figures(1, 0.03, "best", versions), hit_rate=held)
        assert record_finding([row]).endswith("held only 49% of the time: think of it as wider") is told

    def test_a_range_that_is_not_known_is_not_judged(self) -> None:
        assert record_finding([replace(figures(1, 0.03, "best", 9), hit_rate=None)]).endswith("level best")

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


class TestReviewSides:
    def test_under_is_under_with_its_share_and_who_led(self) -> None:
        rows = [variance("Fraud", 100, 110), variance("Search", 100, 50), variance(None, 200, 160, True)]
        assert review_finding(rows, "USD", "AI spend", "in Q3 FY26") == (
            "AI spend was $40.00 under budget in Q3 FY26 (20%), led by Search (−$50.00)"
        )

    @pytest.mark.parametrize("order", [1, -1])
    def test_of_several_that_went_the_same_way_the_largest_leads(self, order: int) -> None:
        parts = [variance("Fraud", 100, 130), variance("Search", 100, 180), variance("Web", 100, 40)][::order]
        said = review_finding([*parts, variance(None, 300, 350, True)], "USD", "AI spend", "in Q3 FY26")
        assert said.endswith("(17%), led by Search (+$80.00)")

    @pytest.mark.parametrize("order", [1, -1])
    def test_the_largest_fall_leads_a_fall(self, order: int) -> None:
        parts = [variance("Fraud", 100, 90), variance("Search", 100, 20), variance("Web", 100, None)][::order]
        said = review_finding([*parts, variance(None, 300, 210, True)], "USD", "AI spend", "in Q3 FY26")
        assert said.endswith("(30%), led by Search (−$80.00)")

    def test_who_went_the_other_way_leads_nothing(self) -> None:
        rows = [variance("Fraud", 100, 90), variance(None, 100, 140, True)]
        assert (
            review_finding(rows, "USD", "AI spend", "in Q3 FY26") == "AI spend was $40.00 over budget in Q3 FY26 (40%)"
        )

    def test_a_budget_of_nothing_has_no_share(self) -> None:
        rows = [variance(None, 0, 40, True)]
        assert review_finding(rows, "USD", "AI spend", "in Q3 FY26") == "AI spend was $40.00 over budget in Q3 FY26"

    def test_the_row_of_all_and_of_no_team_are_told_apart(self) -> None:
        rows = review_rows([variance(None, 100, 150), variance(None, 200, 180, True)], "USD")
        assert rows == [
            ["No team", "$100", "$150", "+$50.00", "+50%", rows[0][-1]],
            ["All", "$200", "$180", "−$20.00", "−10%", rows[1][-1]],
        ]

    def test_half_a_dollar_over_is_over(self) -> None:
        likely = Span(D("100.50"), D(90), D(110))
        assert "$0.50 over its budget of $100" in landing_finding("AI spend", "USD", "FY26", likely, D(100), 0.5)

    @pytest.mark.parametrize(
        ("chance", "said"), [(0.99, "99%"), (0.991, "over 99%"), (0.01, "1%"), (0.009, "under 1%")]
    )
    def test_chances_at_the_edges(self, chance: float, said: str) -> None:
        assert chance_words(chance) == said


class TestRecordOrder:
    def test_the_record_is_of_one_month_ahead_wherever_it_stands(self) -> None:
        assert record_finding([figures(3, 0.3, None), figures(1, 0.041, "best")]) == (
            "Forecasts one month ahead were off by 4.1% on average: FinOps level best"
        )

    def test_without_one_month_ahead_there_is_no_record(self) -> None:
        assert record_finding([figures(3, 0.041, "best")]).startswith("No month has closed yet")

    def test_a_month_that_is_not_known_is_passed_over(self) -> None:
        found = [figures(1, None, None, 0), figures(1, 0.12, "run")]
        assert record_finding(found).endswith("off by 12.0% on average: FinOps level run")

    @pytest.mark.parametrize(("off", "said"), [(0.20, "FinOps level crawl"), (0.201, "too far off to plan on")])
    def test_a_fifth_is_the_most_to_plan_on(self, off: float, said: str) -> None:
        assert record_finding([figures(1, off, "crawl")]).endswith(said)

    def test_a_row_without_a_level_has_none(self) -> None:
        assert record_rows([figures(1, 0.5, None)], "locked")[0][5] == "none"

    @pytest.mark.parametrize("order", [1, -1])
    def test_month_ends_are_told_of_the_earliest_day(self, order: int) -> None:
        skills = [
            Skill(day, 6, {OURS: off, RUN_RATE: 0.05, TO_DATE: 0.06}, {}, 0.8) for day, off in ((5, 0.02), (20, 0.01))
        ]
        assert month_end_finding(skills[::order]) == (
            "Month ends told on day 5 were off by 2.0% on average; by the run rate, 5.0%"
        )
