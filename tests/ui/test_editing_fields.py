"""The form of an initiative: what it shows, what a change does to the plan file, and that no change does nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from costlib.errors import CostError
from costlib.roadmap.plan_file import held, read_plan
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.sample.plans import PAST_PLAN, PLANS
from ui.editing.fields import Body, as_typed, changed, initiative_of, shown, with_named
from ui.editing.groups import FIELDS, Kind

ALL = [(path.stem, one) for path in (*PLANS.values(), PAST_PLAN) for one in read_plan(path).initiatives]
BY_PATH = {field.path: field for field in FIELDS}


def form(one: Initiative) -> dict[str, object]:
    """What the form shows of an initiative."""
    return {field.path: shown(held(one), one, field) for field in FIELDS}


def entered(one: Initiative, **values: object) -> Body:
    """The body after the reader put other values into the form; a double underscore stands for a dot."""
    before = form(one)
    after = {**before, **{name.replace("__", "."): value for name, value in values.items()}}
    return changed(held(one), before, after)


@pytest.mark.parametrize(("plan", "one"), ALL, ids=[f"{plan}-{one.id}" for plan, one in ALL])
def test_a_form_that_nobody_touched_changes_nothing(plan: str, one: Initiative) -> None:
    assert entered(one) == held(one)


def test_every_field_is_one_of_the_plan_file() -> None:
    """A field that the plan file does not know would be refused on save."""
    for field in FIELDS:
        value: object = Initiative
        for step in field.path.split("."):
            value = getattr(value, "model_fields", {})[step].annotation if hasattr(value, "model_fields") else value
        assert value is not Initiative


def test_shares_are_shown_as_per_cent_and_kept_as_shares() -> None:
    one = Initiative(id="a", probability=0.35, saving={"low": 0.1, "likely": 0.2, "high": 0.3})
    assert (form(one)["probability"], form(one)["saving.likely"]) == (35.0, 20.0)
    assert entered(one, probability=36.0)["probability"] == 0.36


def test_a_cost_of_nothing_is_stated_and_an_empty_one_is_not() -> None:
    one = Initiative(id="a")
    assert form(one)["one_off_cost"] is None
    assert entered(one, one_off_cost=0.0) == {"id": "a", "one_off_cost": 0.0}
    assert entered(Initiative(id="a", one_off_cost=5), one_off_cost=None) == {"id": "a"}


@pytest.mark.parametrize("part", ["saving", "benefit"])
def test_what_nobody_has_estimated_is_empty_and_not_nothing(part: str) -> None:
    one = Initiative(id="a")
    assert [form(one)[f"{part}.{end}"] for end in ("low", "likely", "high")] == [None] * 3
    stated = entered(one, **{f"{part}__{end}": 0.0 for end in ("low", "likely", "high")})
    assert stated == {"id": "a", part: {"low": 0, "likely": 0, "high": 0}}
    known = Initiative.model_validate(stated)
    assert known.is_estimated and form(known)[f"{part}.likely"] == 0
    assert entered(known, **{f"{part}__{end}": None for end in ("low", "likely", "high")}) == {"id": "a"}


def test_the_likely_figure_alone_is_a_certain_one() -> None:
    body = entered(Initiative(id="a"), saving__likely=20.0)
    found = Initiative.model_validate(body).saving
    assert (found.low, found.likely, found.high) == (0.2, 0.2, 0.2)


def test_one_figure_of_an_estimate_states_all_three() -> None:
    """By hand: 0, 0 and 2 months of delay."""
    assert entered(Initiative(id="a"), delay_months__high=2)["delay_months"] == {"low": 0, "likely": 0, "high": 2}


def test_a_part_goes_with_its_metric() -> None:
    one = Initiative(id="a", guardrail={"metric": "precision", "floor": 0.9, "detect_months": 1})
    gone = entered(one, guardrail__metric=None, guardrail__floor=None, guardrail__detect_months=None)
    assert gone == {"id": "a"}


def test_a_guardrail_without_a_metric_is_refused_and_not_dropped() -> None:
    plan = Plan(plan={"start": "2026-11", "months": 6}, initiatives=[{"id": "a"}])
    body = entered(plan.initiatives[0], guardrail__floor=0.9)
    with pytest.raises(CostError, match="metric is missing"):
        initiative_of(plan, "A plan", body)


def test_a_field_the_form_does_not_show_stays() -> None:
    one = Initiative(id="a", releases="instance", quality_effect={"metric": "precision", "likely": -0.002})
    after = entered(one, owner="Ada")
    assert after == {**held(one), "owner": "Ada"}


def test_scope_and_effort_are_left_alone_unless_changed() -> None:
    body = {"id": "a", "scope": {"x_Team": ["Ads"], "x_Project": ["p"]}}
    assert with_named(body, "scope", body["scope"], {**body["scope"], "x_Model": []}) == body
    assert with_named(body, "scope", body["scope"], {"x_Team": [], "x_Model": ["m"]})["scope"] == {"x_Model": ["m"]}


def test_a_new_initiative_goes_to_the_end() -> None:
    plan = read_plan(PLANS["fraud"])
    assert initiative_of(plan, "Fraud", {"id": "new", "title": "New"}) == Initiative(id="new", title="New")


def test_a_dependency_on_itself_is_refused() -> None:
    plan = Plan(plan={"start": "2026-11", "months": 6}, initiatives=[{"id": "a"}, {"id": "b", "depends_on": ["a"]}])
    with pytest.raises(CostError):
        initiative_of(plan, "A plan", {"id": "a", "depends_on": ["b"]})


@given(st.floats(0, 100), st.sampled_from([path for path, field in BY_PATH.items() if field.kind is Kind.PERCENT]))
def test_per_cent_come_back_as_they_were_entered(value: float, path: str) -> None:
    """To the sixth decimal of a per cent, which is finer than anybody enters."""
    part, _, name = path.partition(".")
    needed = {"guardrail": {"metric": "precision"}, "reinvest": {"to": "project", "share": 0.1}}.get(part)
    one = Initiative.model_validate({"id": "a", **({part: needed} if needed else {})})
    assume(value != form(one)[path])
    body = entered(one, **{path.replace(".", "__"): value})
    stored = body.get(part) if not name else (body.get(part) or {}).get(name)
    assert stored == pytest.approx(value / 100, abs=1e-8)


@given(st.decimals(0, 100, places=4), st.sampled_from([path for path in BY_PATH if BY_PATH[path].kind is Kind.PERCENT]))
def test_a_share_is_told_as_the_per_cent_that_were_entered(value: Decimal, path: str) -> None:
    stored = round(float(value) / 100, 8)
    assert as_typed(f"initiative.{path}", stored) == f"{value.normalize():f}%"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("initiative.effort.lead", 0.38, "0.38"),
        ("initiative.one_off_cost", 12_345_678.9, "12,345,678.9"),
        ("initiative.quality_effect.likely", -0.02, "−0.02"),
        ("plan.target.by", "2027-01", "Jan 2027"),
        ("initiative.start", "in 2027-01", "in 2027-01"),
        ("initiative.depends_on", ["batch", "spot"], "batch, spot"),
        ("initiative.guardrail", {}, "–"),
        ("initiative.saving.low", 0, "0%"),
        ("initiative.done", True, "True"),
    ],
)
def test_what_is_no_share_is_told_in_its_own_unit(field: str, value: object, said: str) -> None:
    assert as_typed(field, value) == said
