"""A plan's target, set, changed and taken away on the Roadmap: saved as a plan file holds it, and never unseen."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from costlib.errors import CostError
from costlib.roadmap.plan_model import Plan
from costlib.state.plans import PlanStore
from tests.pages import plans, screen
from tests.pages.conftest import Open
from tests.pages.plans import STARTUP
from ui.roadmap.target import target_words, with_target

HEAD = {"name": "Ads", "start": "2026-01", "months": 6}
AIM = {"reduction": 0.3, "by": "2026-06", "scope": {"x_Team": ["Ads"]}, "reference_value": 900.0}


class TestWithTarget:
    @pytest.mark.parametrize("per_cent", [0.0, 0.5, 29.0, 99.99])
    def test_per_cent_becomes_the_share_of_the_plan(self, per_cent: float) -> None:
        target = with_target(
            Plan(plan=HEAD), per_cent, "2026-05", "baseline", {"x_Team": ["Ads"], "x_Model": []}
        ).plan.target
        assert target is not None
        assert (target.reduction, target.reference) == (pytest.approx(per_cent / 100), "baseline")
        assert (dict(target.scope), target.reference_value) == ({"x_Team": ("Ads",)}, None)

    def test_nothing_else_of_the_plan_is_touched(self) -> None:
        plan = Plan(plan={**HEAD, "target": AIM}, initiatives=[{"id": "a"}], capacity={"lead": 3})
        without = with_target(plan, None, "2026-06", "last_quarter", {})
        assert without.plan.target is None
        assert without == plan.model_copy(update={"plan": plan.plan.model_copy(update={"target": None})})
        assert with_target(plan, 30.0, "2026-06", "last_quarter", {"x_Team": ["Ads"]}) == plan

    @pytest.mark.parametrize(
        ("reference", "scope"), [("baseline", {"x_Team": ["Ads"]}), ("last_quarter", {"x_Team": ["Web"]})]
    )
    def test_what_was_frozen_for_another_target_does_not_stay(
        self, reference: str, scope: dict[str, list[str]]
    ) -> None:
        target = with_target(Plan(plan={**HEAD, "target": AIM}), 30.0, "2026-06", reference, scope).plan.target
        assert target is not None and target.reference_value is None

    @pytest.mark.parametrize("per_cent", [-1.0, 100.0, 1e300])
    def test_what_cannot_be_is_refused_in_per_cent(self, per_cent: float) -> None:
        with pytest.raises(CostError, match="0 to below 100"):
            with_target(Plan(plan=HEAD), per_cent, "2026-05", "baseline", {})

    def test_a_target_needs_its_month(self) -> None:
        with pytest.raises(CostError, match="needs its month"):
            with_target(Plan(plan=HEAD), 10.0, None, "baseline", {})

    def test_many_values_are_not_named(self) -> None:
        aim = {**AIM, "scope": {"x_Team": ["A", "B", "C"]}}
        assert target_words(Plan(plan={**HEAD, "target": aim})) == "Target: 30% less in Jun 2026"


def entered(app: AppTest, name: str) -> str:
    """The key of a field of the target's form."""
    kinds = ("text_input", "number_input", "selectbox", "multiselect")
    keys = [str(one.key) for kind in kinds for one in app.get(kind) if str(one.key).startswith("target-")]
    (found,) = [key for key in keys if key.endswith(f"-{name}")]
    return found


@pytest.fixture
def aiming(saved: PlanStore, open_page: Open) -> AppTest:
    """The start-up's plan, edited by Ada."""
    return plans.introduce(open_page("roadmap", plan=STARTUP))


def test_a_target_is_saved_shown_and_taken_away(saved: PlanStore, aiming: AppTest) -> None:
    aiming.number_input(key=entered(aiming, "share")).set_value(12.5)
    aiming.selectbox(key=entered(aiming, "reference")).set_value("baseline")
    aiming.multiselect(key=entered(aiming, "scope.x_Stage")).set_value(["training"])
    app = screen.press(aiming, "Save the target")
    target = saved.read("startup").plan.plan.target
    assert target is not None
    assert (target.reduction, target.reference, dict(target.scope)) == (0.125, "baseline", {"x_Stage": ("training",)})
    assert saved.history("startup")[0].who == "Ada"
    assert any("12.5% less in" in screen.plain(one.value) for one in app.success)
    app = screen.press(app, "Take it away")
    assert saved.read("startup").plan.plan.target is None
    assert any("has no target now" in one.value for one in app.success)


def test_an_empty_form_says_what_is_missing(saved: PlanStore, aiming: AppTest) -> None:
    app = screen.press(screen.press(aiming, "Take it away"), "Save the target")
    assert any("how much less" in one.value for one in app.error)
    assert "Take it away" not in [one.label for one in app.button]


def test_what_is_wrong_is_refused_and_nothing_saved(saved: PlanStore, aiming: AppTest) -> None:
    before = saved.read("startup").version
    aiming.number_input(key=entered(aiming, "share")).set_value(120.0)
    app = screen.press(aiming, "Save the target")
    assert any("120% less cannot be met" in one.value for one in app.error)
    assert saved.read("startup").version == before


def test_a_save_of_somebody_else_is_not_written_over_unseen(saved: PlanStore, aiming: AppTest) -> None:
    held = saved.read("startup")
    theirs = with_target(held.plan, 5.0, held.plan.months[-1], "baseline", {})
    saved.save_head("startup", theirs, who="Bo", expected=held.version)
    aiming.number_input(key=entered(aiming, "share")).set_value(50.0)
    app = screen.press(aiming, "Save the target")
    assert saved.read("startup").plan == theirs
    assert any("Bo" in one.value for one in [*app.error, *app.info])
    app = screen.press(app, "Show what is saved")
    assert app.number_input(key=entered(app, "share")).value == 5.0
