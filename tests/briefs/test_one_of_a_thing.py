"""One of a thing is told as one: titles, remarks and cells where a plural would stand out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from costlib import money
from costlib.briefs.plan_exhibits import roadmap_chart
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.portfolio_pages import cases_table, put_portfolio
from costlib.briefs.programme import put_tracks, risks_title, roadmap_title
from costlib.briefs.words.proposal import overlap_rows, proposal_finding, proposal_lines, proposal_sentence
from costlib.briefs.words.venture import objective_finding
from costlib.charts.spec import Measure
from costlib.documents.model import read
from costlib.roadmap.levers.catalogue import read_catalogue
from costlib.roadmap.levers.propose import Proposal, propose
from costlib.roadmap.levers.rows import SpendRow
from costlib.roadmap.portfolio.cases import business_cases
from tests.briefs.cases import initiative, scorer_case, scorer_figures, scorer_plan

GUARD = {"metric": "precision", "floor": 0.9, "failure_probability": 0.1}
SEGMENT = {
    "x_Team": "Search",
    "x_Model": "ranker",
    "x_Stage": "training",
    "x_CostType": "compute GPU",
    "x_Scope": "AI",
    "PricingCategory": "Standard",
}


def figures(*initiatives: dict[str, object]) -> PlanFigures:
    """One initiative of 60 a month unless others are given."""
    return scorer_figures(scorer_case(scorer_plan(*(initiatives or (initiative("a", "training", 0.4),)))))


class TestOneInitiative:
    def test_the_time_line(self) -> None:
        assert roadmap_chart(figures()).caption.title == "One initiative saves $720 a year once all of it runs"
        two = figures(initiative("a", "training", 0.4), initiative("b", "idle", 0.2))
        assert roadmap_chart(two).caption.title == "2 initiatives save $840 a year once all of them run"

    def test_the_time_line_of_a_long_plan_says_that_it_shows_a_part(self) -> None:
        chart = roadmap_chart(figures(*(initiative(f"i{number}", "training", 0.01) for number in range(16))))
        assert len(chart.initiatives) == 14
        shown = money.short(money.total(one.saving for one in chart.initiatives), "USD")
        assert chart.caption.title == f"The 14 largest of 16 initiatives save {shown} a year once all of them run"

    def test_the_page_of_the_time_line(self) -> None:
        found = figures()
        put_tracks(found)
        assert roadmap_title(found).text == "One initiative saves $720 a year once all of it runs"

    @pytest.mark.parametrize(("guarded", "are"), [(1, "is"), (2, "are")])
    def test_what_is_taken_back(self, guarded: int, are: str) -> None:
        held = [initiative(f"i{at}", "idle", 0.1, guardrail=GUARD if at < guarded else None) for at in range(3)]
        assert risks_title(figures(*held)).text == f"{guarded} of 3 initiatives {are} taken back if quality falls short"

    def test_what_it_serves(self) -> None:
        found = figures(initiative("a", "training", 0.4, objective="Cheaper", key_result="−40%"))
        said = objective_finding(business_cases(found.case.recommended.result), found.case.plan.initiatives)
        assert said == "1 initiative serves 1 objective"

    def test_the_month_in_which_it_pays_back(self) -> None:
        """60 a month for 30 once: paid back, and of value, in its first month."""
        found = figures(initiative("a", "training", 0.4, one_off_cost=30.0))
        put_portfolio(found)
        (row,) = cases_table(found).rows
        assert [read(cell) for cell in row][-2:] == ["1 month", "1 month"]


class TestMeasures:
    @pytest.mark.parametrize(
        ("unit", "number", "text"),
        [
            ("months", "1", "1 month"),
            ("months", "-1", "−1 month"),
            ("months", "1.04", "1 month"),
            ("months", "1.1", "1.1 months"),
            ("months", "0", "0 months"),
            ("person-weeks", "1", "1 person-week"),
            ("ms", "1", "1 ms"),
            ("GPUs", "1", "1 GPUs"),
            ("tokens/s", "1", "1 tokens/s"),
            ("loss", "1", "1 loss"),
        ],
    )
    def test_a_word_is_turned_into_one_only_where_it_is_sure(self, unit: str, number: str, text: str) -> None:
        assert Measure("Wait", unit=unit).text(D(number)) == text


class TestProposals:
    def found(self, *teams: str) -> list[Proposal]:
        rows = [SpendRow(SEGMENT | {"x_Team": team, "x_Model": None}, D(10_000)) for team in teams]
        return list(propose(rows, read_catalogue(), date(2026, 11, 1)))

    def test_a_week_of_work_is_one_week(self) -> None:
        one = self.found("Search")[0]
        short = replace(one, initiative=one.initiative.model_copy(update={"effort": {"ml_engineer": 1.0}}))
        (line,) = [line for line in proposal_lines(short, "USD") if line.startswith("Takes ")]
        assert line.startswith("Takes 1 person-week; ")

    def test_one_proposal(self) -> None:
        one = self.found("Search")[0]
        assert proposal_finding([one], "USD").startswith("1 proposal; the largest, ")

    def test_a_range_in_a_sentence_is_in_order(self) -> None:
        one = self.found("Search")[0]
        low, likely, high = one.saving.low, one.saving.likely, one.saving.high
        assert 0 <= low <= likely <= high <= one.addressable
        said = proposal_sentence(replace(one, saving=replace(one.saving, low=5.0, likely=7.0, high=9.0)), "EUR")
        assert "is likely to save €7.00 of it, between €5.00 and €9.00" in said

    @pytest.mark.parametrize(
        "teams", [("検索", "推薦"), ("Búsqueda", "Recherche"), ("חיפוש", "המלצות"), ("A/B", "a c")]
    )
    def test_teams_of_any_script_have_proposals_of_their_own(self, teams: tuple[str, str]) -> None:
        found = self.found(*teams)
        ids = [one.initiative.id for one in found]
        assert len(set(ids)) == len(ids)
        assert {one.initiative.owner for one in found} == set(teams)
        assert not any(id.endswith("-") or "--" in id for id in ids)

    def test_what_acts_on_the_same_money_is_named_and_at_most_six(self) -> None:
        found = self.found("Search")
        titles = {one.initiative.title for one in found}
        for one in found:
            rows = overlap_rows(one, found, "USD")
            assert len(rows) == min(len(one.overlaps), 6)
            assert {row[0] for row in rows} <= titles - {one.initiative.title}
