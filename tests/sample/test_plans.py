"""The sample's four plans: each tells its story, acts on spend that is there, and passes the review of its stage."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest

from costlib.focus import EFFECTIVE
from costlib.periods import Grain
from costlib.roadmap.plan_file import parse_plan, plan_text, read_plan
from costlib.roadmap.simulate import simulate
from costlib.roadmap.spend import Actuals, Baseline, in_scope
from costlib.sample.plans import PLANS
from costlib.state.plans import PlanStore
from costlib.state.records import State
from costlib.state.review import missing_for
from costlib.store.question import Filter, Question
from costlib.workspace import Workspace
from tests.pages import stores

COLUMNS = ("x_Team", "x_Model", "x_Stage", "x_Project")
NAMES = list(PLANS)
ROLE = re.compile(r"(Head of|VP of|.* Lead$)")


@pytest.fixture(scope="module")
def spent(tmp_path_factory):
    """AI spend of September 2026 by segment, as the sample's own rules attribute it."""
    reader = Workspace(stores.demo(tmp_path_factory)).snapshot().reader
    rows = reader.ask(Question(COLUMNS, EFFECTIVE, Grain.MONTH, None, (Filter("x_Scope", ("AI",)),)))
    return {
        row.values: float(row.amount) for row in rows if f"{row.period:%Y-%m}" == "2026-09" and row.currency == "USD"
    }


@pytest.fixture(scope="module")
def segments(spent):
    return [dict(zip(COLUMNS, values, strict=True)) for values in spent]


def made_up(plan, spent, segments):
    """A flat baseline of September's spend, a tenth either way on 200 paths, and the quarter before October as flat."""
    level = np.array(list(spent.values()))[:, None, None]
    noise = np.random.default_rng(3).uniform(0.9, 1.1, (len(segments), plan.plan.months, 200))
    before = np.repeat(level[:, :, 0], 3, axis=1)
    start = plan.plan.start.replace(month=7)
    return Baseline(segments, level * noise), Actuals(segments, start, before)


def acts_on(plan, segments):
    return segments if plan.baseline is None else [given.segment for given in plan.baseline]


@pytest.mark.parametrize("name", NAMES)
def test_every_initiative_that_saves_has_spend_to_save_on(name, spent, segments):
    plan = read_plan(PLANS[name])
    for one in plan.initiatives:
        assert in_scope(one.scope, acts_on(plan, segments)).any(), one.id
    if plan.plan.target:
        assert in_scope(plan.plan.target.scope, acts_on(plan, segments)).any()


@pytest.mark.parametrize("name", NAMES)
def test_every_initiative_passes_the_review_of_its_stage_and_is_measured_against_a_bill(name, segments):
    plan = read_plan(PLANS[name])
    for one in plan.initiatives:
        assert missing_for(one.stage, plan, one, acts_on(plan, segments)) == [], one.id
        assert one.stage <= "L2", "nobody has approved a sample"
        assert one.case.basis and one.case.evidence and one.fallback
        assert ROLE.match(one.owner), f"{one.owner} is no role"


@pytest.mark.parametrize("name", NAMES)
def test_every_plan_can_be_simulated_and_every_lever_counts(name, spent, segments):
    plan = read_plan(PLANS[name])
    result = simulate(plan) if plan.baseline else simulate(plan, *made_up(plan, spent, segments))
    saved = dict(zip([one.id for one in plan.initiatives], result.credit.sum(axis=1), strict=True))
    for one in plan.initiatives:
        assert saved[one.id] > 0 if one.saving.high > 0 else saved[one.id] == 0, one.id
    assert 0 < result.p_target <= 1
    assert (result.spend <= result.baseline + 1e-6).all()


@pytest.mark.parametrize("name", NAMES)
def test_every_plan_is_saved_and_exported_as_it_is(name, tmp_path):
    plan = read_plan(PLANS[name])
    state = State(f"sqlite:///{tmp_path}/state.db")
    saved = PlanStore(state).import_plan(name, plan, who="sample")
    assert saved.stages_kept == ()
    assert saved.plan.plan == plan
    assert plan_text(saved.plan.plan) == plan_text(plan)
    assert parse_plan(plan_text(plan)) == plan
    state.close()


def test_fraud_takes_six_months_in_three_phases():
    plan = read_plan(PLANS["fraud"])
    assert (plan.plan.months, plan.plan.target.reduction, plan.plan.target.by) == (12, 0.3, date(2027, 4, 1))
    first = {"containment": (0, 1), "optimisation": (2, 3), "governance": (4, 5)}
    for one in plan.initiatives:
        assert plan.start_of(one) in first[one.phase], one.id
    assert any(one.guardrail and one.guardrail.metric == "precision" for one in plan.initiatives)


def test_search_and_recommendations_work_on_three_tracks():
    tracks = [one.track for one in read_plan(PLANS["search-recommendations"]).initiatives]
    assert set(tracks) == {"technical", "process", "culture"}


def test_the_company_runs_grows_and_transforms_over_three_years():
    plan = read_plan(PLANS["company"])
    assert plan.plan.months == 36
    by_bucket = {one.bucket for one in plan.initiatives}
    assert by_bucket == {"run", "grow", "transform"}
    for one in plan.initiatives:
        assert (one.benefit.high > 0) == (one.bucket != "run"), one.id
        assert one.objective
    receivers = {one.reinvest.to for one in plan.initiatives if one.reinvest}
    assert receivers <= {one.id for one in plan.initiatives if one.bucket != "run"}
    assert receivers


def test_the_start_up_brings_its_own_50_000_a_month():
    plan = read_plan(PLANS["startup"])
    months = np.array([given.monthly for given in plan.baseline]).sum(axis=0)
    assert (plan.plan.months, months[0]) == (18, 50_000)
    assert (np.diff(months) > 0).all()
    assert len({given.segment["x_Model"] for given in plan.baseline if "x_Model" in given.segment}) == 5
    assert {"quotas", "auto-stop", "storage tiering"} <= {one.lever for one in plan.initiatives}
