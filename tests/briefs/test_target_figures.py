"""A target that is about less than the plan acts on: each figure says which of the two it is of, worked out by hand.

The scorer costs 1,000 a month: 800 of serving, 150 of training, 50 idle. The target is about its training alone, from
which April's spot capacity takes two fifths; serving and idle are brought down too.
"""

from __future__ import annotations

import numpy as np
import pytest

from costlib.briefs.annex import annex
from costlib.briefs.bill import Record
from costlib.briefs.one_pager import headline, one_pager, situation, three_numbers
from costlib.briefs.plan_exhibits import outlook_chart, path_chart, path_notes
from costlib.briefs.portfolio_pages import shift_chart
from costlib.briefs.programme import objectives_title, path_title
from costlib.documents.model import Table, flat, read
from tests.briefs.cases import MONTHLY, SEGMENTS, initiative, scorer_case, scorer_figures, scorer_plan, spend

TRAINING = {"reduction": 0.3, "by": "2027-04", "scope": {"x_Model": ["scorer"], "x_Stage": ["training"]}}


def of(ahead=None, **header):
    return scorer_figures(scorer_case(scorer_plan(**({"target": TRAINING} | header)), ahead))


@pytest.fixture(scope="module")
def found():
    return of()


def exact(found, id):
    return float(found.figure(id).exact)


class TestFigures:
    def test_the_target_is_held_against_its_own_spend(self, found):
        assert (exact(found, "reference"), exact(found, "limit")) == (150, pytest.approx(105))
        assert exact(found, "reached") == pytest.approx(0.4)

    def test_its_own_spend_stands_beside_that_of_the_plan(self, found):
        own = [exact(found, f"target.{name}") for name in ("with", "without", "below")]
        assert own == pytest.approx([90, 150, 0.4])
        assert [exact(found, name) for name in ("now", "without", "with")] == pytest.approx([1000, 1000, 715])

    def test_meanings_say_whose_spend_it_is(self, found):
        more = "the scorer and what else the plan acts on"
        assert found.figure("now").meaning.startswith(f"{more}: mean of the last three booked months")
        assert found.figure("with").meaning == f"{more}: Apr 2027 with the plan, effective cost, likely, USD"
        alone = found.figure("target.with").meaning
        assert alone == "the scorer alone: Apr 2027 with the plan, effective cost, likely, USD"
        assert more in found.figure("today.training").meaning

    def test_where_both_are_the_same_nothing_is_put_down_twice(self):
        whole = scorer_figures()
        assert whole.case.is_whole and whole.subject == "the scorer"
        assert not [id for id in whole.book.figures if id.startswith("target.")]

    def test_what_costs_nothing_is_no_more_to_act_on(self):
        """An initiative on Web reaches no spend where Web costs nothing."""
        web = {"id": "web", "scope": {"x_Team": ["Web"]}, "saving": {"low": 0.1, "likely": 0.1, "high": 0.1}}
        plan = scorer_plan(initiative("off", "idle", 0.5), web)
        assert not scorer_case(plan).is_whole
        assert scorer_case(plan, spend(monthly=(*MONTHLY[:3], 0.0))).is_whole

    def test_without_a_target_the_plan_is_about_what_it_acts_on(self):
        free = of(target=None)
        assert free.subject == "the spend that the plan acts on"
        every = {"id": "all", "scope": {}, "saving": {"low": 0.1, "likely": 0.1, "high": 0.1}}
        assert scorer_case(scorer_plan(every, target=None)).is_whole


class TestWords:
    def test_the_headline_of_a_target_that_is_met_says_its_own_reduction(self, found):
        assert headline(found).text.startswith("The scorer can cost 40% less than last quarter by Apr 2027: ")

    def test_a_target_that_grows_is_told_by_its_own_spend(self):
        """Training doubles to 300 and two fifths are saved: 180, above last quarter's 150. All together is 805."""
        dearer = of(spend(monthly=(800.0, 300.0, 50.0, 5000.0)))
        said = "Even with the plan the scorer grows to $180 a month by Apr 2027, 40% less than without it"
        assert headline(dearer).text == said
        assert exact(dearer, "with") == pytest.approx(805)

    def test_numbers_beside_it_say_that_they_are_of_more(self, found):
        now, planned, _ = three_numbers(found).kpis
        assert (now.label, now.value.shown) == ("Spend that the plan acts on today, a month", "$1.00K")
        assert read(planned.context) == "100% chance of the 30% target for the scorer"
        assert situation(found).text.startswith("Spend that the plan acts on is $1.00K a month")

    def test_a_plan_without_bookings_says_it_too(self, found):
        bare = {id: one for id, one in found.book.figures.items() if id != "now"}
        found = type(found)(found.case, found.setting, type(found.book)("USD", {}, bare))
        said = "Without the plan the scorer and what else the plan acts on in Apr 2027 is likely to cost"
        assert situation(found).text == f"{said} $1.00K; with it $715."

    def test_claims_of_the_brief(self, found):
        assert path_title(found).text == (
            "The scorer and what else the plan acts on: $715 with the plan in Apr 2027 and $1.00K without it"
        )
        assert objectives_title(found).text == (
            "Success is $105 or less for the scorer in Apr 2027, with every guardrail held"
        )

    def test_where_the_target_is_all_of_it_no_word_is_added(self):
        whole = scorer_figures()
        assert objectives_title(whole).text == "Success is $700 or less in Apr 2027, with every guardrail held"
        assert three_numbers(whole).kpis[0].label == "Spend today, a month"
        assert situation(whole).text.startswith("Spend is $1.00K a month")


class TestCharts:
    def test_a_limit_of_other_spend_is_not_drawn(self, found):
        chart = path_chart(found)
        assert chart.target is None and scorer_path().target is not None
        assert chart.caption.subtitle == "the scorer and what else the plan acts on by month, effective cost, USD"

    def test_it_is_said_below_instead(self, found):
        said = "The target is for the scorer alone: $105 or less in Apr 2027, where $90.00 is likely"
        assert path_chart(found).note == said
        (block,) = path_notes(found)
        assert [read(text) for text in block.text] == [f"{said}."]
        assert block in one_pager(found).pages[0].blocks

    def test_other_charts_name_all_of_it(self, found):
        assert outlook_chart(found).caption.title == (
            "Without the plan the scorer and what else the plan acts on costs $1.00K in Apr 2027"
        )
        assert shift_chart(found).caption.subtitle.startswith("the scorer and what else the plan acts on with the plan")


class TestNothing:
    def chance(self, found):
        """What the row of doing nothing says under the chance of the target."""
        blocks = [block for page in annex(found, (), Record((), "replayed")).pages for block in flat(page.blocks)]
        options = next(one for one in blocks if isinstance(one, Table) and one.rows[0][0] == "Nothing")
        return read(options.rows[0][-1])

    def test_the_chance_by_itself_is_that_of_the_target_s_own_spend(self):
        """Training falls by half by itself on 5 of 20 outcomes; all that the plan acts on never falls to 105."""
        ahead = spend()
        ahead.paths[SEGMENTS.index(SEGMENTS[1]), :, :5] *= 0.5
        assert self.chance(of(ahead)) == "25%"

    def test_a_target_with_a_scope_has_one(self):
        ahead = spend()
        ahead.paths[:3, :, np.arange(2)] *= 0.7
        assert self.chance(scorer_figures(scorer_case(baseline=ahead))) == "10%"


def scorer_path():
    return path_chart(scorer_figures())
