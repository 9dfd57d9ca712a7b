"""The best plan, its limits and what moves its value: units that are right, grammar that is, names told apart."""

from __future__ import annotations

import pytest

from costlib.briefs.words import best_plan as words
from costlib.briefs.words.swing import tornado_chart
from costlib.roadmap.explain import Binding, Breach, Choice, Omission
from costlib.roadmap.optimise import Optimum
from costlib.roadmap.plan_model import Goal, Plan
from tests.briefs.cases import initiative, scorer_case, scorer_figures, scorer_plan

PLAN = Plan(
    plan={"start": "2026-11", "months": 6},
    initiatives=[{"id": "batch", "title": "Batch the calls"}, {"id": "spot"}],
)


def binding(kind: str, what: str, when: str, gain: float | None, unit: str = "10,000 USD") -> Binding:
    return Binding(kind, what, when, 0.0204, 0.01, unit, gain)


def best(chosen: int, npv: float) -> str:
    held = [Choice("batch", "2026-11", 5.0, ())] * chosen
    return words.optimum_finding(Optimum("npv", PLAN, npv, npv, held, [], []), 1000.0, "USD")


class TestLimits:
    def test_quality_is_not_money(self) -> None:
        (row,) = words.binding_rows([binding("quality", "precision of scorer", "", None, "quality")], "USD")
        assert row == ["Precision of scorer", "", "0.0204", "0.01", "quality", "it cannot be bought"]

    def test_a_limit_of_the_whole_plan_has_no_month(self) -> None:
        said = words.binding_finding([binding("one_off", "one-off budget", "", 4_000.0)], "USD")
        assert said == "10,000 USD more of One-off budget would add $4.00K of NPV"

    def test_a_limit_of_a_quarter_has_its_quarter(self) -> None:
        said = words.binding_finding([binding("one_off_per_quarter", "one-off budget", "Q1 FY27", 4_000.0)], "EUR")
        assert said == "10,000 USD more of One-off budget in Q1 FY27 would add €4.00K of NPV"

    @pytest.mark.parametrize(
        ("goal", "objective", "header", "said"),
        [
            ("npv", 1500.0, "Would add to NPV", "$0.25"),
            ("earliest", "2026-12", "Would add to NPV", "$0.25"),
            ("earliest", None, "Would save that month", "$0.25"),
            ("probability", 0.5, "Would add to the chance", "25 points"),
        ],
    )
    def test_one_more_is_told_in_what_the_goal_is_told_in(self, goal, objective, header, said) -> None:
        optimum = Optimum(goal, PLAN, objective, 1500.0, [], [], [binding("one_off", "one-off budget", "", 0.25)])
        assert words.binding_header(optimum) == (*words.BINDING_HEADER[:-1], header)
        (row,) = words.binding_rows(optimum.binding, "USD", goal)
        assert row[-1] == said

    def test_the_limit_that_would_bring_most_is_named(self) -> None:
        held = [binding("one_off", name, "", gain) for name, gain in (("a", 1.0), ("b", 9.0), ("c", None))]
        assert words.binding_finding(held, "USD") == "10,000 USD more of B would add $9.00 of NPV"

    @pytest.mark.parametrize(("goal", "gain"), [("npv", 0.0), ("npv", 0.004), ("earliest", 0.0), ("probability", 0.0)])
    def test_a_limit_of_which_more_buys_nothing_has_no_row(self, goal, gain) -> None:
        assert words.binding_rows([binding("one_off", "one-off budget", "", gain)], "USD", goal) == []

    @pytest.mark.parametrize(("goal", "gain"), [("npv", 0.01), ("probability", 0.001)])
    def test_a_limit_of_which_more_buys_a_little_has_one(self, goal, gain) -> None:
        assert len(words.binding_rows([binding("one_off", "one-off budget", "", gain)], "USD", goal)) == 1

    def test_what_would_be_bought_for_nothing_that_shows_is_said_to_be_nothing(self) -> None:
        assert words.binding_finding([binding("one_off", "one-off budget", "", 0.001)], "USD") == words.NOTHING_MORE


class TestBrokenLimits:
    def test_a_plan_that_breaks_none_needs_no_words(self) -> None:
        assert words.breach_line(PLAN, [], "USD") == ""

    def test_money_quality_and_a_start_before_its_time_are_told_in_their_units(self) -> None:
        broken = [
            Breach("earliest_start", "batch", "2027-01", 2.0, 0.0),
            Breach("one_off_per_quarter", "one-off budget", "Q1 FY27", 250_000.0, 300_000.0),
            Breach("quality", "precision of scorer", "", 0.02, 0.0512),
        ]
        assert words.breach_line(PLAN, broken, "USD") == (
            "The plan as it stands breaks limits that a best plan keeps: "
            "Batch the calls starts before Jan 2027, its earliest month; "
            "One-off budget in Q1 FY27 (takes $300K of $250K); "
            "Precision of scorer (loses 0.0512 of the 0.02 that it may)."
        )

    def test_of_many_three_are_named_and_the_others_counted(self) -> None:
        said = words.breach_line(PLAN, [Breach("capacity", "lead", "2026-11", 1.0, 2.5)] * 5, "USD")
        assert said.count("Lead in Nov 2026 (takes 2.5 person-weeks of 1)") == 3 and said.endswith("; 2 more.")


class TestGoals:
    def best(self, goal: Goal, objective: float | str | None, chosen: int = 2, **target: str) -> Optimum:
        aim = {"reduction": 0.3, "by": "2027-01", "reference": "baseline", **target}
        plan = Plan(plan={"start": "2026-11", "months": 6, "target": aim})
        return Optimum(goal, plan, objective, 0.0, [Choice("batch", "2026-11", 5.0, ())] * chosen, [], [])

    @pytest.mark.parametrize(
        ("month", "chosen", "said"),
        [
            ("2026-11", 2, "The target can be met from Nov 2026 on with 2 initiatives"),
            ("2027-01", 1, "The target can be met from Jan 2027 on with 1 initiative"),
            ("2026-12", 0, "The target can be met from Dec 2026 on with no initiative at all"),
            (
                "2027-02",
                1,
                "The target cannot be met in Jan 2027: Feb 2027 is the first month that can, with 1 initiative",
            ),
            (None, 2, "No month of the plan can meet the target"),
        ],
    )
    def test_from_when_on_the_target_is_met(self, month, chosen, said) -> None:
        assert words.optimum_finding(self.best("earliest", month, chosen), 0.0, "USD") == said

    @pytest.mark.parametrize(
        ("reference", "than"),
        [("baseline", "without the plan"), ("last_quarter", "a month of the last closed quarter")],
    )
    def test_what_it_is_to_meet_the_target_from_a_month_on(self, reference, than) -> None:
        assert words.earliest_line(self.best("earliest", "2026-12", reference=reference)) == (
            f"Met from a month on: every month from it to Jan 2027 is expected to cost at least 30% less than {than}."
        )

    def test_another_goal_needs_no_such_words(self) -> None:
        assert words.earliest_line(self.best("probability", 0.5)) == ""

    @pytest.mark.parametrize(("chance", "said"), [(0.711, "71%"), (0.624, "the same")])
    def test_the_surest_plan_is_held_against_the_plan_as_it_stands(self, chance, said) -> None:
        assert words.optimum_finding(self.best("probability", 0.62), 0.0, "USD", chance) == (
            f"The target can be met with a chance of 62%, with 2 initiatives; the plan as it stands has {said}"
        )


class TestChoices:
    @pytest.mark.parametrize(
        ("chosen", "npv", "said"),
        [
            (1, 1500.0, "The best initiative is worth $1.50K (NPV), $500 more than the plan as it stands"),
            (2, 400.0, "The best 2 initiatives are worth $400 (NPV), $600 less than the plan as it stands"),
            (2, 1000.4, "The best 2 initiatives are worth $1.00K (NPV), as much as the plan as it stands"),
        ],
    )
    def test_what_is_best(self, chosen: int, npv: float, said: str) -> None:
        assert best(chosen, npv) == said

    def test_what_would_be_done_instead(self) -> None:
        chosen = [Choice("batch", "2027-01", 1200.0, ("spot",)), Choice("spot", "2026-11", -3.0, ())]
        assert words.choice_rows(PLAN, chosen, "USD") == [
            ["Batch the calls", "Jan 2027", "$1.20K", "spot"],
            ["spot", "Nov 2026", "−$3.00", "nothing"],
        ]

    @pytest.mark.parametrize(
        ("goal", "worth", "said"),
        [
            ("earliest", None, "the target is met later, or not, without it"),
            ("earliest", 924.0, "$924"),
            ("probability", 0.8825, "88 points"),
            ("probability", 0.006, "1 point"),
            ("probability", 0.004, "under 1 point"),
            ("probability", 0.0, "nothing"),
        ],
    )
    def test_what_it_adds_is_told_in_what_the_goal_is_told_in(self, goal, worth, said) -> None:
        (row,) = words.choice_rows(PLAN, [Choice("batch", "2027-01", worth, ())], "USD", goal)
        assert row[2] == said

    def test_nothing_chosen_is_no_best_of_nothing(self) -> None:
        assert best(0, 0.0) == "No initiative of this plan pays: the best is to do none of them"

    def test_nothing_chosen_for_want_of_room_is_not_called_worthless(self) -> None:
        short = Binding("capacity", "engineer", "2026-11", 1.0, 1.0, "person-week", 3450.0)
        found = Optimum("npv", PLAN, 0.0, 0.0, [], [], [short])
        said = words.optimum_finding(found, 0.0, "USD")
        assert said == "No initiative that pays has room within the limits: the best is to do none of them"

    @pytest.mark.parametrize(
        ("goal", "objective", "worth"),
        [
            ("npv", 1500.0, "is what each adds beside the best plan without it"),
            ("earliest", "2027-02", "is what each adds beside the best plan without it"),
            ("earliest", None, "is what each saves in the month of the target"),
            ("probability", 0.7, "is what each adds to the chance of the target, in points of 100"),
        ],
    )
    def test_the_table_says_what_worth_is(self, goal, objective, worth) -> None:
        assert words.choice_caption(Optimum(goal, PLAN, objective, 0.0, [], [], []), "USD").endswith(f"worth {worth}")

    def test_nothing_left_out_says_nothing(self) -> None:
        assert words.omission_lines(PLAN, []) == []
        assert words.omission_lines(PLAN, [Omission("spot", "it does not serve the goal")]) == [
            "spot: it does not serve the goal"
        ]


class TestSwings:
    def test_one_input_by_hand(self) -> None:
        """60 a month for six months without discount is 360; the one-off cost of 100 goes from 80 to 120."""
        plan = scorer_plan(initiative("a", "training", 0.4, one_off_cost=100.0), discount_rate=0.0)
        chart = tornado_chart(scorer_figures(scorer_case(plan)))
        assert chart is not None
        ends = {one.name: (one.low, one.high, one.low_at, one.high_at) for one in chart.swings}
        assert ends["One-off cost: a"] == (280, 240, "−20%", "+20%")
        assert ends["Spend without the plan"] == (224, 296, "−10%", "+10%")
        assert chart.base.amount == 260
        assert chart.caption.title == "Spend without the plan moves NPV most: from $224 to $296"

    def test_two_of_one_title_have_a_swing_each(self) -> None:
        plan = scorer_plan(
            initiative("a", "training", 0.4, title="Right-size", probability=0.5),
            initiative("b", "idle", 0.4, title="Right-size", probability=0.5),
        )
        chart = tornado_chart(scorer_figures(scorer_case(plan)))
        assert chart is not None
        assert {"Success: Right-size (a)", "Success: Right-size (b)"} <= {one.name for one in chart.swings}

    def test_where_nothing_is_saved_nothing_is_uncertain(self) -> None:
        assert tornado_chart(scorer_figures(scorer_case(scorer_plan(initiative("a", "training", 0.0))))) is None
