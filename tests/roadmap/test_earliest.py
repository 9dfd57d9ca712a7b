"""The first month from which a target is met, worked by hand: spend that grows, shrinks, is dear in one month."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from costlib.roadmap.earliest import allowed_spend
from costlib.roadmap.optimise import Optimum, optimise
from costlib.roadmap.plan_model import Plan, Target
from costlib.roadmap.spend import Baseline
from tests.roadmap import exhaustive

SHARE_LESS = {"reduction": 0.3, "by": "2026-06", "reference": "baseline"}
FIFTH_LESS = {"reduction": 0.2, "by": "2026-04", "reference_value": 1000}
#: 1,000 and a tenth more every month.
GROWING = [1000 * 1.1**month for month in range(6)]


def plan(target: dict[str, Any], spend: list[float], *initiatives: dict[str, Any]) -> Plan:
    """Six months at most from January, all spend in one segment, nothing discounted."""
    return Plan.model_validate(
        {
            "plan": {"start": "2026-01", "months": len(spend), "paths": 10, "discount_rate": 0, "target": target},
            "initiatives": list(initiatives),
            "baseline": [{"segment": {"x_Team": "A"}, "monthly": spend}],
        }
    )


def starts_of(found: Optimum) -> dict[str, str]:
    return {one.id: one.start for one in found.chosen}


class TestAgainstTheMonthWithoutThePlan:
    def test_growing_spend_is_not_on_target_before_anything_is_done(self) -> None:
        """1,000 in January is less than 70 % of June's 1,611, and no less than January would cost anyway."""
        late = {"id": "late", "saving": 0.3, "earliest_start": "2026-04"}
        found = optimise(plan(SHARE_LESS, GROWING, late), goal="earliest")
        assert (found.objective, starts_of(found)) == ("2026-04", {"late": "2026-04"})

    def test_shrinking_spend_is_on_target_as_soon_as_the_share_is_saved(self) -> None:
        """Spend of 1,000 less 30 % is 700, far above 70 % of June's 500, and 30 % less all the same."""
        found = optimise(plan(SHARE_LESS, [1000, 900, 800, 700, 600, 500], {"id": "a", "saving": 0.3}), goal="earliest")
        assert found.objective == "2026-01"

    def test_a_ramp_is_on_target_once_it_saves_the_share(self) -> None:
        """A ramp of two months reaches 13 %, 27 % and 40 %, whatever spend does meanwhile."""
        found = optimise(plan(SHARE_LESS, GROWING, {"id": "a", "saving": 0.4, "ramp_months": 2}), goal="earliest")
        assert found.objective == "2026-03"

    @pytest.mark.parametrize("seed", [0, 3, 7, 11, 19, 23])
    def test_growth_that_everything_shares_moves_no_month(self, seed: int) -> None:
        held = exhaustive.random_plan(seed)
        months = held["plan"]["months"]
        held["plan"]["target"] = {"reduction": 0.25, "by": f"2026-{1 + months:02d}", "reference": "baseline"}
        flat = optimise(Plan.model_validate(held), goal="earliest").objective
        growth = np.random.default_rng(seed).uniform(0.4, 2.5, months)
        for one in held["baseline"]:
            one["monthly"] = (np.array(one["monthly"]) * growth).tolist()
        assert optimise(Plan.model_validate(held), goal="earliest").objective == flat


class TestAgainstTheLastQuarter:
    def test_a_cheap_month_before_the_dear_ones_is_no_target_met(self) -> None:
        """January costs 700 by itself; 800 is kept up to April only from March on, where a fifth of 1,000 is saved."""
        lever = {"id": "a", "saving": 0.2, "earliest_start": "2026-03"}
        found = optimise(plan(FIFTH_LESS, [700, 1000, 1000, 1000], lever), goal="earliest")
        assert (found.objective, starts_of(found)) == ("2026-03", {"a": "2026-03"})

    def test_growth_has_to_be_saved_too(self) -> None:
        """A fifth of 1,000 is enough in January; of April's 1,331 it leaves 1,065, of which a quarter more goes."""
        levers = {"id": "a", "saving": 0.2}, {"id": "b", "saving": 0.25, "one_off_cost": 9000}
        alone, both = (optimise(plan(FIFTH_LESS, GROWING[:4], *held), goal="earliest") for held in (levers[:1], levers))
        assert alone.objective is None
        assert both.objective == "2026-01" and set(starts_of(both)) == {"a", "b"}

    def test_spend_that_falls_by_itself_needs_no_initiative(self) -> None:
        """800 is kept from March on whatever is done; what does not pay is left out."""
        dear = {"id": "dear", "saving": 0.1, "one_off_cost": 9000, "earliest_start": "2026-03"}
        found = optimise(plan(FIFTH_LESS, [1000, 900, 800, 700], dear), goal="earliest")
        assert (found.objective, starts_of(found)) == ("2026-03", {})

    def test_what_is_taken_back_before_the_month_that_counts_does_not_meet_the_target(self) -> None:
        """Half is saved in January and February and then nothing; the other way saves a fifth from March on."""
        burst = {"id": "burst", "saving": 0.5, "earliest_start": "2026-01", "alternative_group": "g"}
        burst["guardrail"] = {"metric": "recall", "failure_probability": 1, "detect_months": 1}
        lasting = {"id": "lasting", "saving": 0.2, "earliest_start": "2026-03", "alternative_group": "g"}
        found = optimise(plan(FIFTH_LESS, [1000] * 4, burst, lasting), goal="earliest")
        assert (found.objective, starts_of(found)) == ("2026-03", {"lasting": "2026-03"})

    def test_months_that_are_dear_in_turn_want_what_is_best_in_none(self) -> None:
        """200 are to be saved every month and two levers can be paid: z saves 150 of any month, x 200 of the first
        three, y 200 of April. The most that January or April can save is with z; only x and y do in both."""
        held = {
            "plan": {"start": "2026-01", "months": 4, "paths": 10, "discount_rate": 0, "target": FIFTH_LESS},
            "budget": {"one_off": 20},
            "initiatives": [
                {"id": "x", "saving": 0.5, "scope": {"x_Team": ["X"]}, "one_off_cost": 10},
                {"id": "y", "saving": 0.5, "scope": {"x_Team": ["Y"]}, "one_off_cost": 10},
                {"id": "z", "saving": 0.25, "scope": {"x_Team": ["Z"]}, "one_off_cost": 10},
            ],
            "baseline": [
                {"segment": {"x_Team": "X"}, "monthly": [400, 400, 400, 0]},
                {"segment": {"x_Team": "Y"}, "monthly": [0, 0, 0, 400]},
                {"segment": {"x_Team": "Z"}, "monthly": [600, 600, 600, 600]},
            ],
        }
        found = optimise(Plan.model_validate(held), goal="earliest")
        assert found.objective == "2026-01" and set(starts_of(found)) == {"x", "y"}

    def test_what_is_saved_outside_the_scope_does_not_count(self) -> None:
        """Of A's 1,000 a fifth is to go. B's half is worth more, and there is money for one of the two."""
        held = plan({**FIFTH_LESS, "scope": {"x_Team": ["A"]}}, [1000] * 4).model_dump(mode="json", exclude_none=True)
        held["baseline"].append({"segment": {"x_Team": "B"}, "monthly": [5000] * 4})
        held["budget"] = {"one_off": 10}
        a, b = (
            {"id": x, "saving": y, "scope": {"x_Team": [x]}, "one_off_cost": 10} for x, y in (("A", 0.2), ("B", 0.5))
        )
        for initiatives, month, done in (([a, b], "2026-01", ["A"]), ([b], None, [])):
            held["initiatives"] = initiatives
            found = optimise(Plan.model_validate(held), goal="earliest")
            assert (found.objective, list(starts_of(found))) == (month, done)

    def test_after_its_month_a_target_can_still_be_met_late(self) -> None:
        """Nothing is ready by April; in May, when a is, a fifth is saved, and June, dearer by far, is not asked."""
        lever = {"id": "a", "saving": 0.2, "earliest_start": "2026-05"}
        found = optimise(plan(FIFTH_LESS, [1000, 1000, 1000, 1000, 1000, 2000], lever), goal="earliest")
        assert (found.objective, starts_of(found)) == ("2026-05", {"a": "2026-05"})


class TestAllowedSpend:
    SPEND = Baseline([{"x_Team": "A"}, {"x_Team": "B"}], np.array([[[100.0], [200.0], [400.0]], [[7.0], [0.0], [9.0]]]))

    def left(self, against: float, **target: Any) -> list[float]:
        held = plan({"by": "2026-02", **target}, [0, 0, 0])
        aim = held.plan.target
        assert isinstance(aim, Target) and aim.by == date(2026, 2, 1)
        return allowed_spend(held, aim, against, self.SPEND).tolist()

    def test_of_the_last_quarter_every_month_is_left_the_same(self) -> None:
        assert self.left(300, reduction=0.5) == [150, 150, 150]

    def test_of_the_month_without_the_plan_each_month_is_left_its_share(self) -> None:
        held = {"reduction": 0.25, "reference": "baseline", "scope": {"x_Team": ["A"]}}
        assert self.left(200, **held) == [75, 150, 300]

    def test_all_that_is_in_scope_is_added_up(self) -> None:
        """107, 200 and 409 a month: of February's 200 half is left, and half of the others."""
        assert self.left(200, reduction=0.5, reference="baseline") == pytest.approx([53.5, 100, 204.5])

    def test_a_frozen_reference_moves_as_spend_without_the_plan_does(self) -> None:
        """Approved on 300 for February, of which half is left; March then was 600 and January 150."""
        held = {"reduction": 0.5, "reference": "baseline", "scope": {"x_Team": ["A"]}}
        assert self.left(300, **held) == [75, 150, 300]

    def test_where_nothing_is_spent_in_the_targets_month_a_frozen_reference_stands_still(self) -> None:
        held = {"reduction": 0.5, "reference": "baseline", "scope": {"x_Team": ["B"]}}
        assert self.left(50, **held) == [25, 25, 25]
