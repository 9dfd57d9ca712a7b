"""The best plan, its limits and what moves its value: units that are right, grammar that is, names told apart."""

from __future__ import annotations

import pytest

from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.words import best_plan as words
from costlib.briefs.words.swing import tornado_chart
from costlib.roadmap.explain import Binding, Choice, Omission
from costlib.roadmap.optimise import Optimum
from costlib.roadmap.plan_model import Plan
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


def figures(saving: float = 0.4, cost: float = 0.0, title: str = "") -> PlanFigures:
    return scorer_figures(scorer_case(scorer_plan(initiative("a", "training", saving, one_off_cost=cost, title=title))))


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


class TestSideBySide:
    def test_one_plan_stands_between_half_and_all_the_money(self) -> None:
        """60 of 150 for six months at 100 once: 260 net. With 50, which buys none of it, nothing is saved."""
        found = {"This plan": figures(cost=100.0)}
        header, rows = words.compare_rows(found)
        assert header == ["", "At most half the money", "This plan", "No limits"]
        assert next(row[1:] for row in rows if row[0] == "Saved, net of cost") == ["$0", "$260", "$260"]
        assert words.compare_finding(found) == (
            "The plan saves $260 net of cost; with at most half the money $0, without limits $260"
        )

    def test_a_plan_without_one_off_money_has_no_half(self) -> None:
        """Of 60 and 10 a month only the 10 of the containment phase stay."""
        free = (initiative("a", "training", 0.4), initiative("b", "idle", 0.2, phase="containment"))
        found = {"This plan": scorer_figures(scorer_case(scorer_plan(*free)))}
        assert words.compare_rows(found)[0] == ["", "Containment alone", "This plan", "No limits"]
        assert words.compare_finding(found) == (
            "The plan saves $420 net of cost; with containment alone $60.00, without limits $420"
        )

    def test_the_better_of_two_is_named_whichever_stands_first(self) -> None:
        """60 a month against 30: 360 and 180."""
        one, other = figures(0.4), figures(0.2)
        for found in ({"One": one, "Other": other}, {"Other": other, "One": one}):
            assert words.compare_finding(found) == "One saves $180 more net of cost"

    def test_two_that_save_the_same_are_not_ranked(self) -> None:
        found = {"One": figures(), "Copy": figures()}
        assert words.compare_finding(found) == "One and Copy save the same net of cost"

    def test_two_plans_have_a_column_each(self) -> None:
        header, rows = words.compare_rows({"One": figures(cost=100.0), "Other": figures()})
        assert header == ["", "One", "Other"]
        assert {len(row) for row in rows} == {3}
        assert next(row[1:] for row in rows if row[0] == "One-off cost") == ["$100", "$0"]


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
        assert tornado_chart(figures(0.0)) is None
