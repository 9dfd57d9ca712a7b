"""Plans on few bills: today's spend names the months it rests on, and documents say how little a forecast is worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from costlib.briefs.annex import annex
from costlib.briefs.bill import Record
from costlib.briefs.deck import board_deck
from costlib.briefs.one_pager import now, one_pager, today
from costlib.briefs.plan_exhibits import outlook_chart, path_chart
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.portfolio_pages import put_portfolio
from costlib.briefs.programme import programme_brief
from costlib.briefs.proposal import platform_proposal
from costlib.briefs.record_document import UNTESTED
from costlib.documents.model import Document, Exhibit, flat, read, texts_of
from costlib.periods import Window
from costlib.roadmap.case import Case, case
from tests.briefs.bill_cases import NEVER, RECORD, bill
from tests.briefs.cases import booked, scorer_case, scorer_figures, scorer_plan, spend

SAID = "The bills cover 54 days. Under 60 days a forecast is little more than the pace of the last weeks carried on."
FIRST = date(2026, 11, 8)


def covering(days: int, **setting: object) -> PlanFigures:
    """The scorer's figures on so many days of bills."""
    found = scorer_figures(billed=Window(FIRST, FIRST + timedelta(days=days)), **setting)
    put_portfolio(found)
    return found


def documents(found: PlanFigures) -> dict[str, Document]:
    return {
        "one-pager": one_pager(found),
        "annex": annex(found, (), RECORD),
        "deck": board_deck(found, bill()),
        "proposal": platform_proposal(found, ()),
        "brief": programme_brief(found, None, None),
    }


def pages_saying(made: Document, said: str) -> list[str]:
    return [page.id for page in made.pages if said in [read(text) for text in texts_of(page)]]


class TestCaution:
    @pytest.mark.parametrize(
        ("kind", "pages"),
        [
            ("one-pager", ["one-pager"]),
            ("annex", ["record"]),
            ("deck", ["outlook", "path"]),
            ("proposal", ["cost"]),
            ("brief", ["path"]),
        ],
    )
    def test_it_stands_where_a_forecast_is_shown(self, kind, pages):
        assert pages_saying(documents(covering(54))[kind], SAID) == pages

    @pytest.mark.parametrize("found", [covering(60), covering(54, is_given=True), scorer_figures()])
    def test_it_stands_nowhere_where_it_does_not_apply(self, found):
        """Sixty days of bills, spend that the plan gives itself, a window that nobody knows."""
        put_portfolio(found)
        assert found.setting.short_history == ""
        said = [read(text) for made in documents(found).values() for page in made.pages for text in texts_of(page)]
        assert not [text for text in said if "little more than the pace" in text]
        assert path_chart(found).note == outlook_chart(found).note == ""

    @pytest.mark.parametrize("chart", [path_chart, outlook_chart])
    def test_charts_take_it_along_after_days_of_unknown_cost(self, chart):
        assert chart(covering(54)).note == SAID.removesuffix(".")
        both = scorer_figures(replace(scorer_case(), bridged_days=1), billed=Window(FIRST, FIRST + timedelta(days=54)))
        assert chart(both).note == (
            f"Forecasts and plans count 1 day not billed in full like the days around it. {SAID.removesuffix('.')}"
        )


class TestRecord:
    NONE = Record((NEVER,), "replayed")

    def said(self, made: Document) -> str:
        return " ".join(read(text) for page in made.pages for text in texts_of(page))

    def test_the_annex_explains_no_forecast_that_was_never_made(self):
        text = self.said(annex(covering(54), (), self.NONE))
        assert "No month has closed yet that a forecast could be held against" in text
        assert "made again later" not in text and "eight times in ten" not in text
        assert "made again later" in self.said(annex(covering(54), (), RECORD))

    def test_the_deck_says_instead_how_short_the_bills_are(self):
        made = board_deck(covering(54), bill(self.NONE))
        assert pages_saying(made, SAID) == ["outlook", "path", "record"]
        (page,) = [page for page in made.pages if page.id == "record"]
        assert read(page.subtitle) == "" and not [block for block in flat(page.blocks) if isinstance(block, Exhibit)]

    @pytest.mark.parametrize("days", [54, 120])
    def test_the_page_of_the_deck_is_never_a_title_alone(self, days):
        """Of 120 days it was one: long enough for a forecast, and none that a closed month could be held against."""
        made = board_deck(covering(days), bill(self.NONE))
        (page,) = [page for page in made.pages if page.id == "record"]
        assert UNTESTED in [read(text) for text in texts_of(page)]
        assert UNTESTED not in self.said(board_deck(covering(days), bill(RECORD)))


class TestToday:
    """The scorer costs 1,000 a month in every month that is booked."""

    @staticmethod
    def of(months: int) -> Case:
        return case(scorer_plan(target=None), spend(), booked(months))

    @pytest.mark.parametrize(
        ("months", "said"),
        [
            (1, "Sep 2026, the only booked month"),
            (2, "mean of the only two booked months"),
            (3, "mean of the last three booked months"),
            (4, "mean of the last three booked months"),
        ],
    )
    def test_every_place_says_as_many_months_as_there_are(self, months, said):
        found = scorer_figures(self.of(months))
        assert read(now(found).context) == said
        assert f": {said}, effective cost" in found.figure("now").meaning
        assert f", {said}, effective cost" in found.figure("today.inference").meaning

    def test_a_plan_that_gives_its_spend_has_no_booked_month(self):
        found = scorer_figures(replace(case(scorer_plan(target=None), spend()), today={"inference": 800.0}))
        assert found.now_words == "2027-01, as planned"
        assert (now(found).label, now(found).context) == ("Spend in Jan 2027", "first month, as the plan gives it")


class TestParts:
    @staticmethod
    def line(**parts: float) -> str:
        named = {part.replace("_", " "): amount for part, amount in parts.items()}
        return today(scorer_figures(replace(scorer_case(), today=named))).text

    def test_no_stage_comes_last_and_is_not_called_other(self):
        said = self.line(no_stage=700.0, other=200.0, training=20.0, inference=80.0)
        assert said == "Where it goes today: inference 8%, training 2%, other 20%, no stage 70%."

    def test_experiments_are_called_so(self):
        said = self.line(inference=890.0, experimentation=110.0)
        assert said == "Where it goes today: inference 89%, experimentation 11%."

    def test_shares_that_do_not_add_up_as_shown_say_that_they_are_rounded(self):
        """8.6, 4.7 and 86.7 per cent are 9, 5 and 87: 101."""
        said = self.line(inference=86.0, training=47.0, no_stage=867.0)
        assert said == "Where it goes today: inference 9%, training 5%, no stage 87%, each rounded."

    def test_less_than_one_per_cent_claims_no_sum(self):
        assert self.line(inference=998.0, idle=2.0).endswith("inference more than 99%, idle less than 1%.")
