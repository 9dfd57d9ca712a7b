"""Kill criteria, stake, quality effect and release in the form: shown, entered, left out, and refused by place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.plan_errors import PlanError
from costlib.roadmap.plan_file import held, read_plan
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.sample.plans import PLANS
from tests.ui.test_editing_fields import BY_PATH, entered, form
from ui.editing.criteria import lines_of, with_criteria
from ui.editing.fields import initiative_of
from ui.editing.groups import BET, GROUPS, place_of
from ui.editing.summary import glance

TODAY = date(2026, 10, 20)
USERS = {
    "metric": "users",
    "bound": "at least",
    "value": 10.0,
    "by": date(2027, 1, 31),
    "owner": "Ada",
    "measured": None,
}
SAMPLE = [one for path in PLANS.values() for one in read_plan(path).initiatives]


@pytest.mark.parametrize("one", SAMPLE, ids=lambda one: one.id)
def test_lines_that_nobody_touched_change_nothing(one):
    body = held(one)
    lines = lines_of(body)
    assert len(lines) == len(one.kill_criteria) + 1
    assert with_criteria(body, lines, [dict(line) for line in lines]) == body


def test_a_filled_empty_line_is_a_new_criterion():
    (empty,) = lines_of({"id": "a"})
    body = with_criteria({"id": "a"}, [empty], [USERS])
    (one,) = Initiative.model_validate(body).kill_criteria
    assert (one.metric, one.at_least, one.at_most, one.by, one.owner) == ("users", 10, None, date(2027, 1, 31), "Ada")
    assert lines_of(body)[0] == USERS


def test_an_emptied_line_takes_its_criterion_out():
    body = with_criteria({"id": "a"}, [], [USERS, {**USERS, "metric": "cost", "bound": "at most"}])
    lines = lines_of(body)
    nothing = {**USERS, "metric": None, "value": None, "by": None, "owner": None}
    left = with_criteria(body, lines, [nothing, *lines[1:]])
    assert [one["metric"] for one in left["kill_criteria"]] == ["cost"]
    assert with_criteria(body, lines, [nothing, nothing, lines[2]]) == {"id": "a"}


@given(measured=st.floats(-1e6, 1e6))
def test_a_measurement_is_kept_as_it_was_entered(measured):
    body = with_criteria({"id": "a"}, [], [{**USERS, "measured": measured}])
    assert Initiative.model_validate(body).kill_criteria[0].measured == measured


def refused(body) -> PlanError:
    plan = Plan(plan={"start": "2026-11", "months": 6}, initiatives=[{"id": "a"}])
    with pytest.raises(PlanError) as caught:
        initiative_of(plan, "A plan", body)
    return caught.value


@pytest.mark.parametrize(
    ("values", "label", "group"),
    [
        ({"quality_effect__likely": -0.002}, "Metric it changes", "Effect on quality"),
        ({"quality_effect__metric": "precision"}, "Change once in full effect", "Effect on quality"),
        ({"releases__month": "2027-01"}, "What is given back", "What it saves"),
        ({"guardrail__floor": 0.9}, "Guardrail metric", "Quality: guardrail, test, fallback"),
        ({"start": "2031-01"}, "Starts", "What, who and when"),
        ({"saving__low": 50.0, "saving__likely": 20.0, "saving__high": 30.0}, "Saving, low, %", "What it saves"),
    ],
)
def test_a_refusal_names_the_field_of_the_form_and_its_group(values, label, group):
    error = refused(entered(Initiative(id="a"), **values))
    where, field = place_of(error.place[2:])
    assert (field.label, where.title) == (label, group)


def test_a_refusal_of_a_criterion_says_which():
    error = refused(with_criteria({"id": "a"}, [], [{**USERS, "value": None}]))
    assert error.place[2] == "kill_criteria" and "users has no bound" in error.problem


def test_what_is_given_back_and_when_can_be_stated_and_taken_out():
    one = Initiative(id="a", releases="node")
    assert form(one)["releases.what"] == "node"
    assert entered(one, releases__month="never")["releases"] == {"what": "node", "month": "never"}
    assert "releases" not in entered(one, releases__what=None)


def test_a_quality_effect_can_be_stated_and_taken_out():
    stated = {"quality_effect__metric": "precision", "quality_effect__likely": -0.002}
    body = entered(Initiative(id="a"), **stated, quality_effect__value_per_point=40_000.0)
    effect = Initiative.model_validate(body).quality_effect
    assert (effect.metric, effect.likely, effect.value_per_point) == ("precision", -0.002, 40_000)
    gone = dict.fromkeys((*stated, "quality_effect__value_per_point"))
    assert entered(Initiative.model_validate(body), **gone) == {"id": "a"}


def test_a_stake_of_nothing_is_stated_and_an_empty_one_is_not():
    assert form(Initiative(id="a"))["stake.committed"] is None
    assert entered(Initiative(id="a"), stake__committed=0.0) == {"id": "a", "stake": {"committed": 0.0}}
    assert entered(Initiative(id="a", stake={"asked": 5}), stake__asked=None) == {"id": "a"}


def test_every_new_field_says_what_it_means():
    for path, field in BY_PATH.items():
        if path.startswith(("quality_effect.", "releases.", "stake.")):
            assert field.help.endswith(".")
    assert BET in {group.title for group in GROUPS}


class TestGlance:
    def test_what_is_stated_is_said(self):
        one = next(one for one in SAMPLE if one.id == "assistant-in-app")
        found = glance(one, TODAY)
        said = dict(found)
        assert said["FinOps phase"] == "Optimize"
        assert said["Guardrail"] == "solved without a person, not below 0.6, 0.63 today"
        assert said["A/B test"] == "solved without a person, 28 days, notices a change of 0.02"
        assert said["Serves"].startswith("Support answers in a minute, in every market: two in three questions")
        assert said["Reinvests"] == "50% in own-models"
        assert next(text for name, text in found if name == "Ends unless").endswith("Head of Support Assistant (met)")

    @pytest.mark.parametrize(("to", "said"), [("own", "50% in Models of our own"), ("elsewhere", "50% in elsewhere")])
    def test_what_it_saves_goes_to_an_initiative_by_its_title(self, to, said):
        one = Initiative(id="a", reinvest={"to": to, "share": 0.5})
        plan = [one, Initiative(id="own", title="Models of our own"), Initiative(id="bare")]
        assert dict(glance(one, TODAY, plan))["Reinvests"] == said
        bare = Initiative(id="a", reinvest={"to": "bare", "share": 0.25})
        assert dict(glance(bare, TODAY, plan))["Reinvests"] == "25% in bare"

    def test_what_is_not_stated_is_said_too(self):
        said = dict(glance(Initiative(id="a", case={"no_guardrail": "it serves nobody"}), TODAY))
        assert said["Guardrail"] == "none: it serves nobody"
        assert said["A/B test"] == said["If it fails"] == said["Serves"] == "not stated"
