"""Titles of a bill whose largest part has no team or no stage: they say so before they name a largest one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from costlib.analysis.trend import Series
from costlib.briefs.bill import MODEL, STAGE, TEAM, Bill, put_bill
from costlib.briefs.bill_exhibits import spend_title, stacked_chart
from costlib.briefs.figure_book import FigureBook
from costlib.documents.model import read
from tests.briefs.bill_cases import bill, flat


def of(*parts: tuple[str | None, int]) -> Bill:
    """A bill whose teams, stages and models cost so much a month."""
    series: tuple[Series, ...] = tuple(flat(name, cost, cost) for name, cost in parts)
    return replace(bill(), by=dict.fromkeys((TEAM, STAGE, MODEL), series))


def titles(found: Bill, dimension: str) -> tuple[str, str]:
    """The title of the page, and that of its chart by itself."""
    book = FigureBook("USD")
    put_bill(book, found)
    return read(spend_title(book, found, dimension)), stacked_chart(found, dimension).caption.title


class TestPlace:
    def test_it_is_the_last_however_large(self):
        assert of((None, 700), ("a", 200), ("b", 100)).nameless(TEAM) == 3
        assert of((None, 700)).nameless(TEAM) == 1

    @pytest.mark.parametrize("parts", [[("a", 200)], [("a", 200), (None, 0)], [], [("No team", 5)]])
    def test_there_is_none_where_nothing_lacks_a_name(self, parts):
        """A team that is really called "No team" is a name."""
        assert of(*parts).nameless(TEAM) is None


class TestMost:
    """700 of 1,000 a month has no name: 8,400 of 12,000 a year."""

    PARTS = ((None, 700), ("a", 200), ("b", 100))

    def test_a_stage_is_the_largest_of_the_rest(self):
        page, chart = titles(of(*self.PARTS), STAGE)
        assert page == "70% of $12.0K a year has no stage; of the rest the largest part is a: $2.40K"
        assert chart == "a is the largest part of AI spend that has a stage"

    def test_a_single_stage_is_the_rest(self):
        page, _ = titles(of((None, 700), ("a", 300)), STAGE)
        assert page == "70% of $12.0K a year has no stage; the rest is a: $3.60K"

    @pytest.mark.parametrize(("dimension", "called"), [(TEAM, "team"), (MODEL, "model")])
    def test_a_name_is_the_largest_of_those_that_have_one(self, dimension, called):
        page, chart = titles(of(*self.PARTS), dimension)
        assert page == f"a is the largest part that has a {called}: $2.40K, 20% of $12.0K a year; 70% has no {called}"
        assert chart == f"a is the largest part of AI spend that has a {called}"

    @pytest.mark.parametrize(("dimension", "called"), [(TEAM, "team"), (STAGE, "stage"), (MODEL, "model")])
    def test_where_nothing_has_a_name_that_is_all_that_is_said(self, dimension, called):
        assert titles(of((None, 700)), dimension) == (
            f"All of $8.40K a year has no {called}",
            f"All of AI spend has no {called}",
        )

    def test_less_than_a_year_is_not_called_one(self):
        found = of(*self.PARTS)
        short = {name: tuple(Series(one.name, one.values[-6:]) for one in held) for name, held in found.by.items()}
        page, _ = titles(replace(found, months=found.months[-6:], by=short), STAGE)
        assert page.startswith("70% of $6.00K has no stage; ")


class TestLess:
    @pytest.mark.parametrize("nameless", [100, 400])
    def test_up_to_the_largest_name_it_is_not_told(self, nameless):
        found = of((None, nameless), ("a", 400), ("b", 200))
        assert titles(found, STAGE)[0].startswith("The largest part of ")
        assert titles(found, TEAM)[0].startswith("a is the largest part of ")
        assert titles(found, TEAM)[1] == "a is the largest part of AI spend"

    def test_above_it_is(self):
        assert "has no stage" in titles(of((None, 401), ("a", 400), ("b", 200)), STAGE)[0]
