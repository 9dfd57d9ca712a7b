"""The headline beside today's spend: it never says that spend grows or falls where the figure next to it says else.

The scorer cost ``quarter`` a month from October to December and ``now`` from November to January; the plan begins in
February and takes a fifth of what April costs without it, so that it costs ``planned`` with it.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from costlib.briefs.deck import board_deck
from costlib.briefs.one_pager import headline, one_pager, situation
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.portfolio_pages import put_portfolio
from costlib.documents.model import read
from costlib.roadmap.case import case
from costlib.roadmap.spend import Actuals
from tests.briefs.bill_cases import bill
from tests.briefs.cases import MONTHLY, SEGMENTS, initiative, scorer_figures, scorer_plan, spend

QUARTER = 1000.0
SCOPE = {"x_Model": ["scorer"]}


def of(now: float, planned: float, share: float = 0.25, **target: object) -> PlanFigures:
    """The figures; ``share`` is what is saved of inference, four fifths of the scorer's spend."""
    january = 3 * now - 2 * QUARTER
    scorer = np.array(MONTHLY)[:, None] * np.array([QUARTER] * 3 + [january]) / QUARTER
    ahead = tuple(cost * planned / (1 - 0.8 * share) / QUARTER for cost in MONTHLY)
    wanted = {"reduction": 0.3, "by": "2027-04", "scope": SCOPE} | target
    plan = scorer_plan(initiative("small", "real-time inference", share), start="2027-02", target=wanted)
    found = case(plan, spend(monthly=ahead), Actuals(SEGMENTS, date(2026, 10, 1), scorer))
    return scorer_figures(found, data_date=date(2027, 1, 31))


def shown(found: PlanFigures) -> tuple[str, ...]:
    return tuple(found.figure(id).shown for id in ("reference", "now", "with"))


def test_the_case_is_what_it_says():
    assert shown(of(1150, 1100)) == ("$1.00K", "$1.15K", "$1.10K")
    assert float(of(1150, 1100).figure("below-forecast").exact) == pytest.approx(0.2)


class TestNoLess:
    """The plan does not bring spend below last quarter."""

    @pytest.mark.parametrize(
        ("now", "planned", "course"),
        [
            (1000, 1100, "grows to $1.10K"),
            (1070, 1100, "grows to $1.10K"),  # 3 % more than now
            (1000, 1021, "grows to $1.02K"),
            (1150, 1100, "comes to $1.10K"),  # less than now
            (1090, 1100, "comes to $1.10K"),  # about what it costs now
            (900, 1010, "comes to $1.01K"),  # about last quarter, and more than now
            (1000, 1010, "still costs about $1.01K"),
            (1000, 1000, "still costs about $1.00K"),
            (1005, 990, "still costs about $990"),
        ],
    )
    def test_it_grows_or_stays_only_where_both_say_so(self, now, planned, course):
        said = f"Even with the plan the scorer {course} a month by Apr 2027, 20% less than without it"
        assert headline(of(now, planned)).text == said

    def test_the_next_line_says_no_other_course(self):
        """It grew to $1.10K above a line by which it is $1.15K already."""
        found = of(1150, 1100)
        assert situation(found).text.startswith("Spend is $1.15K a month and without action rises 20% to $1.38K")
        (page,) = one_pager(found).pages
        assert "grows" not in read(page.title)

    def test_a_deck_leads_with_the_same_words(self):
        found = of(1150, 1100)
        put_portfolio(found)
        title = read(board_deck(found, bill()).pages[0].title)
        assert title == headline(found).text and "comes to" in title

    def test_a_plan_that_saves_nothing_is_no_less(self):
        said = "Even with the plan the scorer grows to $1.10K a month by Apr 2027, no less than without it"
        assert headline(of(1000, 1100, share=0.0)).text == said

    def test_against_the_forecast_only_today_tells_the_course(self):
        """Saved is less than 2 % of what it would be, which is a fifth more than now, or a tenth less."""
        texts = [headline(of(1000, cost, share=0.01, reference="baseline")).text for cost in (1200, 900)]
        assert texts == [
            "Even with the plan the scorer grows to $1.20K a month by Apr 2027, 1% less than without it",
            "Even with the plan the scorer comes to $900 a month by Apr 2027, 1% less than without it",
        ]


class TestLess:
    """The plan brings spend below last quarter: that may be what it costs already."""

    SHORT = ", short of the 30% asked for: $"

    @pytest.mark.parametrize(
        ("now", "beside"),
        [
            (1000, ""),
            (920, ""),  # 900 is 2.2 % less
            (905, ", which is about what it costs now"),
            (890, ", which is about what it costs now"),
            (750, ", which is 20% more than now"),
        ],
    )
    def test_it_says_where_that_is_no_less_than_now(self, now, beside):
        text = headline(of(now, 900)).text
        assert text.startswith(f"The scorer can cost 10% less than last quarter by Apr 2027{beside}{self.SHORT}")

    def test_a_target_that_is_met_says_it_too(self):
        text = headline(of(750, 900, reduction=0.05)).text
        assert text.startswith(
            "The scorer can cost 10% less than last quarter by Apr 2027, which is 20% more than now: "
        )

    def test_a_small_target_that_is_met_is_not_about_the_same(self):
        text = headline(of(1000, 990, reduction=0.01)).text
        assert text.startswith(
            "The scorer can cost 1% less than last quarter by Apr 2027, which is about what it costs now: "
        )

    def test_less_than_without_the_plan_is_not_held_against_now(self):
        text = headline(of(750, 900, reference="baseline")).text
        assert text.startswith(f"The scorer can cost 20% less than without the plan by Apr 2027{self.SHORT}")
