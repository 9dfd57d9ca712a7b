"""Sentences and rows of the pages about plans: written from the figures, and honest where there are none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import numpy as np
import pytest

from costlib.briefs.exhibits import Basis
from costlib.briefs.words import best_plan as best_plan_words
from costlib.briefs.words import ledger as ledger_words
from costlib.briefs.words import portfolio as portfolio_words
from costlib.briefs.words import proposal as proposal_words
from costlib.briefs.words import roadmap as roadmap_words
from costlib.briefs.words import savings as savings_words
from costlib.roadmap.explain import Binding, Omission
from costlib.roadmap.levers.catalogue import read_catalogue
from costlib.roadmap.levers.propose import propose
from costlib.roadmap.levers.rows import SpendRow
from costlib.roadmap.optimise import Optimum
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.portfolio.reinvest import Sides, by_year, fund
from costlib.roadmap.prioritise import Priority
from costlib.roadmap.ranges import Range
from costlib.roadmap.savings.booked import Entry, Review
from costlib.roadmap.savings.measured import Basis as Driver
from costlib.roadmap.savings.measured import Measured
from costlib.roadmap.savings.realised import realised
from costlib.roadmap.savings.slipback import Check, Held

PLAN = Plan(
    plan={"start": "2026-11", "months": 6},
    initiatives=[
        {"id": "batch", "title": "Batch the calls", "saving": 0.1},
        {"id": "spot", "title": "Train on spot", "saving": 0.1},
    ],
)


SEGMENT = {
    "x_Team": "Search",
    "x_Model": "ranker",
    "x_Stage": "training",
    "x_CostType": "compute GPU",
    "x_Scope": "AI",
    "PricingCategory": "Standard",
}


def ranked(*rows: tuple[str, int, int, str | None]) -> list[Priority]:
    return [Priority(name, 10.0, 1.0, 100.0 / at, rice, at, why) for name, at, rice, why in rows]


class TestRoadmap:
    def test_where_money_and_work_agree(self):
        found = ranked(("batch", 1, 1, None), ("spot", 2, 2, None))
        assert roadmap_words.priority_finding(PLAN, found) == (
            "Batch the calls is worth most; NPV and RICE agree on the order"
        )

    def test_where_they_disagree_the_widest_is_named(self):
        found = ranked(("batch", 1, 2, None), ("spot", 4, 1, "it takes little work"))
        assert roadmap_words.priority_finding(PLAN, found).endswith("NPV and RICE disagree most on Train on spot")
        assert [row[-1] for row in roadmap_words.priority_rows(PLAN, found, "USD")] == [
            "they nearly agree",
            "it takes little work",
        ]

    def test_ranks_that_differ_a_little_nearly_agree(self):
        found = ranked(("spot", 2, 1, None), ("batch", 1, 2, None))
        assert roadmap_words.priority_finding(PLAN, found) == (
            "Train on spot is worth most; NPV and RICE nearly agree on the order"
        )

    def test_no_effort_is_unknown_and_not_zero(self):
        (row,) = roadmap_words.priority_rows(PLAN, [Priority("batch", None, None, 5.0, 1, 1, None)], "USD")
        assert row[4:6] == ["unknown", "unknown"]

    def test_limits(self):
        none = best_plan_words.binding_finding([], "USD")
        assert none == "Neither people nor money hold this plan back"
        week = Binding("capacity", "ml_engineer", "2026-11", 6.0, 5.0, "1 person-week", 2557.6)
        money = Binding("one_off_per_quarter", "one-off budget", "Q1 FY27", 250_000.0, 0.0, "10,000 USD", None)
        said = best_plan_words.binding_finding([week, money], "USD")
        assert said == "One person-week more of ML engineer in Nov 2026 would add $2.56K of NPV"
        rows = best_plan_words.binding_rows([week, money], "USD")
        assert rows[0] == ["ML engineer", "Nov 2026", "6 person-weeks", "5 person-weeks", "1 person-week", "$2.56K"]
        assert rows[1][2:] == ["$250K", "$0", "10,000 USD", "it cannot be bought"]

    def test_limits_that_one_unit_does_not_lift(self):
        one = Binding("capacity", "lead", "2026-11", 1.0, 1.0, "1 person-week", 0.0)
        assert "would buy nothing yet" in best_plan_words.binding_finding([one], "USD")

    @pytest.mark.parametrize(
        ("goal", "objective", "said"),
        [
            ("earliest", None, "No month of the plan can meet the target"),
            ("probability", 0.734, "The target can be met with a chance of 73%, with 0 initiatives"),
            ("npv", 0.0, "No initiative of this plan pays: the best is to do none of them"),
        ],
    )
    def test_an_optimum(self, goal, objective, said):
        best = Optimum(goal, PLAN, objective, 1500.0, [], [], [])
        assert best_plan_words.optimum_finding(best, 1000.0, "USD") == said

    def test_what_is_left_out_says_why(self):
        assert best_plan_words.omission_lines(PLAN, [Omission("spot", "no room: people")]) == [
            "Train on spot: no room: people"
        ]

    def test_without_a_simulation_figures_are_unknown_and_not_zero(self):
        row = roadmap_words.initiative_rows(PLAN, None)[0]
        assert (row["Saves a year"], row["Net"], row["NPV"], row["RICE"]) == (None, None, None, None)
        assert (row["Starts"], row["Owner"]) == ("Nov 2026", "not named")


class TestProposals:
    def found(self):
        return propose([SpendRow(SEGMENT, D(10_000))], read_catalogue(), date(2026, 11, 1))

    def test_savings_of_several_are_never_added(self):
        found = self.found()
        most = max(one.saving.likely for one in found)
        said = proposal_words.proposal_finding(found, "USD")
        assert said.startswith(f"{len(found)} proposals; the largest, ")
        assert roadmap_words.amount(most, "USD") in said

    def test_an_assumed_share_and_its_evidence_are_said(self):
        spot = next(one for one in self.found() if one.lever.id == "spot-training")
        lines = proposal_words.proposal_lines(spot, "USD")
        assert any("assumed" in line for line in lines)
        assert any(line.startswith(f"Evidence, {spot.evidence.strength}: ") for line in lines)
        (row,) = proposal_words.proposal_rows([spot])
        assert row["Addresses a month"] == 8000 and row["Evidence"].endswith("share assumed")

    def test_overlaps_name_alternatives(self):
        found = self.found()
        rows = [row for one in found for row in proposal_words.overlap_rows(one, found, "USD")]
        assert {row[2] for row in rows} <= {"one or the other", "they compound"} and rows

    def test_nothing_applies(self):
        assert proposal_words.proposal_finding([], "USD") == "No lever of the catalogue applies to this spend"


class TestSavings:
    def measured(self, after: float) -> Measured:
        """100 a day with a wobble for 120 days, then ``after`` a day for 31."""
        cost = 100 + 0.5 * np.sin(np.arange(151))
        cost[120:] = after
        return Measured(date(2026, 1, 1), cost)

    def test_a_clear_saving(self):
        found = realised(self.measured(60), date(2026, 5, 1))
        said = savings_words.proof_finding("Batching", found, "USD")
        assert said.startswith("Batching: $1.2") and said.endswith("40% of what it would have cost")

    def test_what_may_be_chance_is_not_called_a_saving(self):
        found = realised(self.measured(99.9), date(2026, 5, 1))
        assert savings_words.proof_finding("Batching", found, "USD").startswith("Batching: no proven saving; ")

    def test_the_chart_adds_what_was_saved_to_what_was_spent(self):
        found = realised(self.measured(60), date(2026, 5, 1))
        actual = {date(2026, 4, 1): D(3000), date(2026, 5, 1): D(1860)}
        basis = Basis("EffectiveCost", "USD", date(2026, 5, 31), "g", ("AWS",), False)
        chart = savings_words.proof_chart("Batching", found, actual, date(2026, 5, 1), date(2026, 5, 31), basis)
        lines = {line.name: line.values for line in chart.lines}
        assert lines["Without it, likely"][0] == lines["Actual"][0] == D(3000)
        saved = D(repr(found.months[0].saving.likely)).quantize(D("0.01"))
        assert lines["Without it, likely"][1] == D(1860) + saved
        assert lines["Without it, low"][1] < lines["Without it, likely"][1] < lines["Without it, high"][1]
        assert "live since 1 May 2026" in chart.caption.subtitle

    def test_alarm_only_where_it_slips(self):
        day, now = date(2026, 9, 1), Range(0.1, 0.15, 0.2)
        held = Check(30, day, Held.HELD, 0.4, now, 0.0)
        slipped = Check(90, day, Held.SLIPPED, 0.4, now, 2500.0)
        assert savings_words.alarm("Batching", [held], "USD") is None
        assert savings_words.alarm("Batching", [held, slipped], "USD") == (
            "Batching is slipping away, $2.50K a month: checked 90 days after it was in full effect"
        )

    def test_the_newest_quarter_leads(self):
        old = Review("a", date(2026, 4, 1), 100.0, 50.0, 0.0, -50.0, 0.5)
        new = Review("a", date(2026, 7, 1), 100.0, 130.0, 90.0, 30.0, 1.3)
        rows = savings_words.review_rows([old, new], {"a": "Batching"}, "USD", 1)
        assert [row[1] for row in rows] == ["Q3 FY26", "Q2 FY26"]
        assert rows[1][2:] == ["$100", "$50.00", "–", "−$50.00", "50%"]
        assert savings_words.review_finding([old, new], "USD", 1) == (
            "Q3 FY26: $30.00 more saved than promised, so far"
        )

    def test_kinds_of_saving_are_never_added_together(self):
        from costlib.roadmap.savings.booked import Standing

        one = Standing("a", 0.0, 40.0, 100.0, 7.0)
        month = date(2026, 7, 1)
        rows = savings_words.standing_rows(
            [one], {"a": "Batching"}, {"a": "L5"}, [Entry("a", month, 90.0)], [Entry("a", month, 130.0)], "USD"
        )
        assert rows[-1] == ["All", "", "$90.00", "$130", "$100", "$40.00", "–", "$7.00"]

    def test_every_driver_has_its_words(self):
        assert set(savings_words._DRIVERS) == set(Driver) and set(savings_words._VERDICTS) == set(Held)


class TestPortfolio:
    PLAN = Plan(plan={"start": "2026-01", "months": 2})

    def years(self, released, grow, margin, transform):
        sides = Sides(*(np.array(one, dtype=float) for one in (released, [0, 0], grow, margin, transform)))
        return by_year(fund(sides, date(2026, 1, 1)), self.PLAN)

    def test_a_gap_is_an_ask(self):
        """Run frees 100 in January; Grow wants 150 then and 0 later: 50 are missing."""
        years = self.years([100, 100], [150, 0], [0, 0], [0, 0])
        said = portfolio_words.portfolio_finding(years, "Feb 2026", "USD")
        assert said == "Run frees $200 by Feb 2026; Grow and Transform want $150, and $50.00 has to be asked for"
        (row, whole) = portfolio_words.flow_rows(years, 1, "USD")
        assert row == ["FY26", "$200", "$150", "$100", "$0", "$0", "$0", "$50.00"]
        assert whole[1:] == row[1:]

    def test_what_pays_for_itself_asks_for_nothing(self):
        years = self.years([100, 100], [50, 50], [0, 0], [0, 0])
        assert portfolio_words.portfolio_finding(years, "Feb 2026", "USD").endswith("nothing has to be asked for")
        assert portfolio_words.flow_finding(years, 1, "USD") == "The portfolio pays for itself in every year"

    def test_nothing_to_grow(self):
        years = self.years([100, 100], [0, 0], [0, 0], [0, 0])
        assert "nothing is planned yet to grow or transform" in portfolio_words.portfolio_finding(years, "x", "USD")

    def test_an_open_ask_past_its_day_is_overdue(self):
        today = date(2026, 10, 20)
        assert ledger_words.status_words(None, None, today, today) == "open until 20 Oct 2026"
        assert ledger_words.status_words(None, None, None, today) == "open"
        assert ledger_words.status_words("Approved", today, None, today) == "Approved, 20 Oct 2026"
