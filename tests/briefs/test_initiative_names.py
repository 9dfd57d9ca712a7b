"""Plans as people write them: any id, titles twice, braces. No document shows a placeholder, no chart fails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.briefs.deck import board_deck
from costlib.briefs.one_pager import one_pager
from costlib.briefs.plan_exhibits import roadmap_chart, saving_bars
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.plan_swings import swing_chart
from costlib.briefs.portfolio_pages import cases_title, portfolio_chart
from costlib.briefs.programme import programme_brief
from costlib.briefs.words.portfolio import bubble_chart
from costlib.documents.model import Document, Page, Sentence, read, texts_of
from costlib.roadmap.plan_model import Initiative
from costlib.roadmap.plan_names import names_by_id
from costlib.roadmap.portfolio.cases import business_cases
from tests.briefs.bill_cases import bill, cluster
from tests.briefs.cases import initiative, scorer_case, scorer_figures, scorer_plan

GUARD = {"metric": "precision", "floor": 0.91, "failure_probability": 0.1, "detect_months": 2}


def figures(first: str = "off", title: str = "Right-size", other: str = "Train on spot") -> PlanFigures:
    """Two initiatives; the first is guarded, and neither is certain to work."""
    plan = scorer_plan(
        initiative(first, "idle", 0.5, title=title, guardrail=GUARD, probability=0.9),
        initiative("spot", "training", 0.4, title=other, probability=0.8),
    )
    return scorer_figures(scorer_case(plan))


def said(page: Page) -> list[str]:
    return [read(text) for text in texts_of(page)]


def documents(found: PlanFigures) -> tuple[Document, ...]:
    return one_pager(found), programme_brief(found, bill(), cluster()), board_deck(found, bill())


class TestNames:
    def test_a_title_of_its_own_stands_alone(self) -> None:
        names = names_by_id([Initiative(id="a", title="Batch"), Initiative(id="b", title="Cache")])
        assert names == {"a": "Batch", "b": "Cache"}

    def test_a_title_that_is_anothers_id_is_told_apart(self) -> None:
        assert names_by_id([Initiative(id="a"), Initiative(id="b", title="a")]) == {"a": "a (a)", "b": "a (b)"}

    def test_blanks_do_not_make_two_names_of_one(self) -> None:
        names = names_by_id([Initiative(id="a", title="Batch "), Initiative(id="b", title=" Batch")])
        assert names == {"a": "Batch (a)", "b": "Batch (b)"}

    @pytest.mark.parametrize("blank", ["", " ", "\n", "\u3000"])
    def test_a_blank_title_is_none(self, blank: str) -> None:
        assert names_by_id([Initiative(id="a", title=blank)]) == {"a": "a"}

    @given(
        st.lists(
            st.tuples(
                st.text("abé中ש{} ", min_size=1, max_size=3).filter(str.strip),
                st.sampled_from(["", "X", "{X}", "Ÿ 中"]),
            ),
            max_size=6,
            unique_by=lambda pair: " ".join(pair[0].replace("{", "(").replace("}", ")").split()),
        )
    )
    def test_names_are_apart_and_without_braces(self, pairs: list[tuple[str, str]]) -> None:
        names = names_by_id([Initiative(id=id, title=title) for id, title in pairs])
        assert list(names) == [id for id, _ in pairs]
        assert len({name.strip() for name in names.values()}) == len(pairs)
        assert not any(set(name) & set("{}") or not name.strip() for name in names.values())


class TestAnyId:
    @pytest.mark.parametrize(
        "id", ["small_scorer", "Small", "der kleine Scorer", "スコアラー", "מודל", "a.b", "1/2 & <b>"]
    )
    def test_no_document_shows_a_placeholder(self, id: str) -> None:
        for document in documents(figures(id)):
            assert [text for page in document.pages for text in said(page) if "{" in text or "}" in text] == []

    def test_the_risk_holds_its_figures(self) -> None:
        words = " ".join(said(one_pager(figures("small_scorer")).pages[0]))
        assert "precision must stay at 91% or above, else it is taken back within 2 months (10% chance)" in words


class TestTwoOfOneTitle:
    FOUND = figures(title="Right-size", other="Right-size")
    BOTH = frozenset({"Right-size (off)", "Right-size (spot)"})

    def test_the_ranking_has_a_bar_for_each(self) -> None:
        assert {bar.name for bar in saving_bars(self.FOUND).bars} == self.BOTH

    def test_the_time_line_has_a_row_for_each(self) -> None:
        assert {one.name for one in roadmap_chart(self.FOUND).initiatives} == self.BOTH

    def test_the_portfolio_has_a_bubble_for_each(self) -> None:
        found = figures(title="Right-size", other="Right-size")
        assert {one.name for one in portfolio_chart(found).investments} == self.BOTH
        bubble = bubble_chart(found, business_cases(found.case.recommended.result))
        assert bubble is not None
        assert {one.name for one in bubble.investments} == self.BOTH

    def test_what_could_hurt_names_each(self) -> None:
        chart = swing_chart(self.FOUND)
        assert chart is not None
        works = {one.name for one in chart.swings if one.name.startswith("Whether it works: ")}
        assert works == {f"Whether it works: {name}" for name in self.BOTH}

    def test_every_document_is_written(self) -> None:
        for document in documents(figures(title="Right-size", other="Right-size")):
            assert document.pages


class TestBracesInATitle:
    def test_they_become_round_and_name_no_figure(self) -> None:
        found = figures(title="Cut {prompt} tokens", other="Keep {Output} short")
        sentences = [text for one in documents(found) for page in one.pages for text in texts_of(page)]
        assert [one.text for one in sentences if isinstance(one, Sentence) and "{" in one.text] == []

    def test_the_best_case_is_named(self) -> None:
        from costlib.briefs.portfolio_pages import put_portfolio

        found = figures(title="A", other="Cut {prompt} tokens")
        put_portfolio(found)
        assert cases_title(found).text.startswith("Cut (prompt) tokens is worth most: $")
