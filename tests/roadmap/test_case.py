"""The case for a plan: its options, its reach, today's spend, worked by hand on certain levers."""

from datetime import date

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from costlib.roadmap.case import MORE_VOLUME, NO_STAGE, OTHER, PARTS, case, reach, split
from costlib.roadmap.spend import Actuals, Baseline
from costlib.roadmap.tornado import tornado
from tests.briefs.cases import SEGMENTS, booked, initiative, scorer_case, scorer_plan, spend


class TestReach:
    def test_what_no_scope_holds_is_left_out(self):
        assert reach(scorer_plan(), SEGMENTS).tolist() == [True, True, True, False]

    def test_an_initiative_outside_the_targets_scope_is_in_reach(self):
        other = {"id": "web", "scope": {"x_Team": ["Web"]}, "saving": {"low": 0.1, "likely": 0.1, "high": 0.1}}
        assert reach(scorer_plan(other), SEGMENTS).tolist() == [True] * 4

    def test_a_plan_about_nothing_in_the_bill_is_about_all_of_it(self):
        lost = scorer_plan(initiative("lost", "nowhere", 0.1) | {"scope": {"x_Team": ["Nobody"]}}, target=None)
        assert reach(lost, SEGMENTS).all()

    def test_savings_do_not_depend_on_spend_outside(self):
        richer = spend(monthly=(800.0, 150.0, 50.0, 9e6))
        one, other = scorer_case(), scorer_case(baseline=richer)
        assert one.recommended.figures == other.recommended.figures
        np.testing.assert_allclose(one.recommended.result.baseline, 1000.0)


class TestOptions:
    def test_the_recommended_plan_is_the_plan_as_it_stands(self):
        found = scorer_case().recommended
        # Idle 25 a month for six, the scorer 100 in February then 200, spot 60 from April.
        assert found.figures.gross == pytest.approx(25 * 6 + 100 + 200 * 4 + 60 * 3)
        assert found.one_off == pytest.approx(600)
        assert found.running == pytest.approx(10 * 5)
        assert found.figures.net == pytest.approx(1230 - 650)
        assert found.person_weeks == 6

    def test_certain_spend_has_no_range(self):
        low, high = scorer_case().recommended.net_range
        assert low == pytest.approx(580) == pytest.approx(high)

    def test_the_minimum_has_half_the_money(self):
        found = scorer_case().minimum
        assert [one.id for one in found.plan.initiatives] == ["off", "spot"]
        assert found.one_off == 0

    def test_the_minimum_of_a_plan_without_one_off_money_is_its_containment(self):
        free = scorer_plan(initiative("a", "idle", 0.5, phase="containment"), initiative("b", "training", 0.1))
        assert [one.id for one in scorer_case(free).minimum.plan.initiatives] == ["a"]

    def test_the_ambitious_plan_starts_as_early_as_it_can_whatever_the_limits(self):
        limited = scorer_plan().model_copy(update={"capacity": {"ml_engineer": 0.5}})
        found = scorer_case(limited).ambitious
        assert {one.id for one in found.plan.initiatives} == {"off", "small", "spot"}
        assert all(found.plan.start_of(one) == 0 for one in found.plan.initiatives)

    def test_more_volume_raises_everything_and_keeps_the_reference(self):
        found = scorer_case()
        assert found.more_volume.figures.gross == pytest.approx(found.recommended.figures.gross * (1 + MORE_VOLUME))
        assert found.more_volume.result.reference == found.recommended.result.reference == 1000

    @settings(max_examples=20, deadline=None)
    @given(share=st.floats(0.01, 0.9), cost=st.floats(0, 2000))
    @example(share=0.5, cost=5e-324)
    def test_no_option_is_worth_less_than_the_minimum_allows(self, share, cost):
        plan = scorer_plan(initiative("one", "training", share, one_off_cost=cost), initiative("two", "idle", 0.2))
        found = scorer_case(plan)
        assert found.ambitious.figures.npv >= found.minimum.figures.npv - 1e-6
        assert found.ambitious.figures.npv >= found.recommended.figures.npv - 1e-6


class TestToday:
    def test_parts_are_the_mean_of_three_booked_months_in_reach_and_sum_to_it(self):
        parts = split(scorer_plan(), booked())
        assert {part: cost for part, cost in parts.items() if cost} == {"training": 150, "inference": 800, "idle": 50}
        assert list(parts) == [*PARTS, OTHER, NO_STAGE]

    @staticmethod
    def staged(*stages, actuals=None):
        """The parts where the three segments of the scorer, 800, 150 and 50 a month, are of these stages."""
        actuals = actuals or booked()
        segments = [{**one, "x_Stage": stage} for one, stage in zip(SEGMENTS, [*stages, None], strict=True)]
        parts = split(scorer_plan(), type(actuals)(segments, actuals.start, actuals.spend))
        return {part: cost for part, cost in parts.items() if cost}

    def test_a_stage_of_no_part_is_other_and_none_is_no_stage(self):
        assert self.staged("storage", None, "") == {OTHER: 800, NO_STAGE: 200}
        assert NO_STAGE == "no stage"

    def test_experiments_are_no_training(self):
        """A company that only tried things read that it trained."""
        assert self.staged("experimentation", "idle", None) == {"experimentation": 800, "idle": 150, NO_STAGE: 50}
        assert self.staged("experimentation", "training", "idle")["training"] == 150

    @pytest.mark.parametrize(("months", "first", "mean"), [(1, 1, 100), (2, 1, 150), (3, 1, 200), (5, 3, 400)])
    def test_it_is_the_mean_of_three_months_at_most_and_says_which(self, months, first, mean):
        """The idle copy costs 100 in January, 200 in February and so on."""
        grown = np.zeros((len(SEGMENTS), months))
        grown[2] = 100.0 * np.arange(1, months + 1)
        actuals = Actuals(SEGMENTS, date(2026, 1, 1), grown)
        assert self.staged(None, None, "idle", actuals=actuals) == {"idle": mean}
        found = case(scorer_plan(target=None), spend(), actuals)
        assert found.today_months == tuple(date(2026, month, 1) for month in range(first, months + 1))
        assert sum(found.today.values()) == mean

    def test_where_no_month_is_booked_nothing_is_known(self):
        actuals = Actuals(SEGMENTS, date(2027, 1, 1), np.zeros((len(SEGMENTS), 0)))
        found = case(scorer_plan(target=None), spend(), actuals)
        assert (found.today, found.today_months) == ({}, ())

    def test_months_before_the_plan_are_booked_then_open(self):
        open_months = Baseline(SEGMENTS, spend(months=1).paths)
        later = scorer_plan(start="2027-02", target=None)
        found = case(later, spend(), booked(), open_months).before
        assert found.booked.tolist() == [1000.0] * 4
        assert found.ahead.shape == (1, 20)
        assert (found.ahead == 1000).all()

    def test_without_booked_months_today_is_not_known(self):
        found = case(scorer_plan(target=None), spend())
        assert (found.today, found.today_months) == ({}, ())
        assert found.before.booked.size == 0


def test_swings_start_from_the_npv_that_every_page_shows():
    """Four in ten of 20 outcomes are a coarse mean, so that what is expected and what was simulated differ."""
    found = scorer_case(scorer_plan(initiative("off", "idle", 0.5, probability=0.4, one_off_cost=10.0)))
    npv, expected = found.recommended.figures.npv, tornado(found.plan, spend())
    assert expected[0].planned != pytest.approx(npv)
    assert [swing.planned for swing in found.swings] == pytest.approx([npv] * len(expected))
    assert [swing.width for swing in found.swings] == pytest.approx([swing.width for swing in expected])


def test_phases_hold_initiatives_in_order_of_start():
    found = scorer_case().by_phase
    assert {phase: [one.id for one in held] for phase, held in found.items()} == {
        "containment": ["off"],
        "optimisation": ["small"],
        "governance": ["spot"],
    }


def test_within_a_phase_the_first_to_start_comes_first():
    late, early = initiative("late", "idle", 0.5, start="2027-05"), initiative("early", "training", 0.1)
    held = scorer_case(scorer_plan(late, early)).by_phase
    assert {phase: [one.id for one in ones] for phase, ones in held.items()} == {"optimisation": ["early", "late"]}
