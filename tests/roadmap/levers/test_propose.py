"""Proposals from rows of a bill: the right levers, the right money, initiatives a plan accepts; worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.levers.catalogue import read_catalogue
from costlib.roadmap.levers.model import Lever
from costlib.roadmap.levers.propose import Overlap, Proposal, propose
from costlib.roadmap.levers.rows import SpendRow
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.simulate import simulate

LEVERS = read_catalogue()
BY_ID = {lever.id: lever for lever in LEVERS}
START = date(2026, 11, 1)
GPU = {"x_Team": "Fraud", "x_Model": "scorer", "x_CostType": "compute GPU", "x_Environment": "production"}
SERVING = {**GPU, "x_Stage": "real-time inference"}
TRAINING = {**GPU, "x_Stage": "training", "PricingCategory": "Standard"}
TOKENS = {"x_Team": "Support", "x_Model": "assistant", "x_Stage": "real-time inference", "x_CostType": "tokens"}


def row(segment: dict, cost: float | None, **metrics: float) -> SpendRow:
    return SpendRow(segment, None if cost is None else Decimal(str(cost)), metrics)


def proposed(*rows: SpendRow) -> dict[str, Proposal]:
    return {one.lever.id: one for one in propose(rows, LEVERS, START)}


def changed(name: str, **fields: object) -> Lever:
    """A lever of the catalogue with other figures."""
    return Lever.model_validate({**BY_ID[name].model_dump(), **fields})


def only(lever: Lever, *rows: SpendRow) -> Proposal:
    (one,) = propose(rows, [lever], START)
    return one


def test_an_endpoint_without_a_request_is_idle():
    found = proposed(row(SERVING, 1000), row({**SERVING, "ResourceName": "b"}, 400))
    assert "delete-idle-endpoints" not in found
    one = proposed(
        SpendRow({**SERVING, "ResourceName": "a"}, Decimal(1000), {"requests": 0}),
        SpendRow({**SERVING, "ResourceName": "b"}, Decimal(400), {"requests": 5e6}),
    )["delete-idle-endpoints"]
    assert one.addressable == 1000
    assert (one.saving.low, one.saving.likely, one.saving.high) == (500, 700, 950)
    assert one.initiative.saving.likely == pytest.approx(700 / 1400)
    assert one.initiative.scope == {"x_Team": ("Fraud",), "x_Model": ("scorer",), "x_Stage": ("real-time inference",)}
    assert one.evidence.strength == "measured" and one.reasons == ("requests 0",)


def test_money_that_cannot_be_judged_without_metrics_is_said():
    one = proposed(SpendRow({**SERVING, "ResourceName": "a"}, Decimal(1000), {"requests": 0}), row(SERVING, 300))[
        "delete-idle-endpoints"
    ]
    assert one.unmeasured == 300


def test_training_on_demand_is_spotable_and_spot_is_not():
    found = proposed(row(TRAINING, 1000), row({**TRAINING, "PricingCategory": "Dynamic"}, 500))
    one = found["spot-training"]
    assert one.addressable == pytest.approx(800) and one.assumed
    assert one.saving.likely == pytest.approx(480)
    assert one.initiative.saving.likely == pytest.approx(480 / 1500)
    known = proposed(SpendRow(TRAINING, Decimal(1000), {"interruptible_share": 0.5}))["spot-training"]
    assert known.addressable == pytest.approx(500) and not known.assumed


def test_committed_training_is_not_spotable():
    assert "spot-training" not in proposed(row({**TRAINING, "CommitmentDiscountStatus": "Used"}, 1000))


def test_cacheable_tokens_are_input_tokens_and_never_cached_or_output_ones():
    rows = [
        SpendRow({**TOKENS, "SkuMeter": "large-input-tokens"}, Decimal(2000), {"repeated_share": 0.5}),
        row({**TOKENS, "SkuMeter": "large-input-tokens-cached"}, 300),
        row({**TOKENS, "SkuMeter": "large-output-tokens"}, 900),
    ]
    one = proposed(*rows)["prompt-caching"]
    assert one.addressable == 1000 and one.saving.likely == pytest.approx(450)
    assert one.initiative.releases and one.initiative.releases.what == "tokens"


def test_small_models_are_not_routed_to_smaller_ones():
    found = proposed(
        row({**TOKENS, "SkuMeter": "large-output-tokens"}, 1000), row({**TOKENS, "SkuMeter": "x-mini"}, 700)
    )
    assert found["route-models"].addressable == pytest.approx(600)


def test_unused_commitment_with_its_break_even():
    one = proposed(
        SpendRow(
            {**GPU, "x_Stage": "training", "CommitmentDiscountStatus": "Unused"},
            Decimal(500),
            {"commitment_utilisation": 0.58, "commitment_break_even": 0.62},
        )
    )["use-up-commitments"]
    assert one.addressable == 500
    assert one.reasons == ("58% of the commitment is used, below its break-even of 62%",)


DEV = {**GPU, "x_Stage": "experimentation", "x_Environment": "development"}


def test_stored_data_that_is_read_stays_where_it_is():
    storage = {"x_Team": "Data", "x_Stage": "storage", "x_CostType": "storage"}
    cold = SpendRow({**storage, "ResourceName": "old"}, Decimal(1000), {"reads_a_month": 0.05})
    warm = SpendRow({**storage, "ResourceName": "new"}, Decimal(1000), {"reads_a_month": 2.0})
    assert proposed(cold, warm)["tier-storage"].addressable == 1000


def test_a_pipeline_without_a_reader_is_retired():
    pipeline = {"x_Team": "Data", "x_Stage": "data pipeline", "ServiceName": "AWS Glue"}
    assert proposed(SpendRow(pipeline, Decimal(800), {"readers": 0}))["retire-pipelines"].saving.likely == 720
    assert "retire-pipelines" not in proposed(SpendRow(pipeline, Decimal(800), {"readers": 3}))


def by_lever(rows: list[SpendRow], *levers: str) -> list[Proposal]:
    return [one for one in propose(rows, LEVERS, START) if one.lever.id in levers]


def test_two_levers_on_the_same_money_say_so_on_both_sides():
    """Pack the cluster acts on the rows of the cluster, quantise on all serving: 1,000 and 200 they share."""
    cluster = {**SERVING, "ServiceName": "Amazon EKS"}
    rows = [row(cluster, 1000), row({**cluster, "ResourceName": "b"}, 200), row(SERVING, 400)]
    packed, quantised = sorted(by_lever(rows, "quantise", "pack-the-cluster"), key=lambda one: one.id)
    assert (packed.addressable, quantised.addressable) == (1200, 1600)
    shared = {one.other: one for one in quantised.overlaps}
    assert shared["pack-the-cluster-fraud-scorer"] == Overlap("pack-the-cluster-fraud-scorer", 1200, False)
    assert Overlap("quantise-fraud-scorer", 1200, False) in packed.overlaps


def test_the_money_that_two_share_is_at_most_the_smaller_on_each_row():
    """Of output tokens, routing acts on 60 % and caching of answers on 30 %: 300 of 1,000 and 60 of 200."""
    tokens = {**TOKENS, "SkuMeter": "large-output-tokens"}
    rows = [row(tokens, 1000), row({**tokens, "ResourceName": "b"}, 200)]
    cached, routed = by_lever(rows, "semantic-cache", "route-models")[::-1]
    assert {one.other: one.amount for one in routed.overlaps}[cached.id] == pytest.approx(360)
    assert {one.other: one.amount for one in cached.overlaps}[routed.id] == pytest.approx(360)


def test_overlaps_come_the_largest_first_and_none_is_with_itself_or_with_another_owner():
    rows = [
        row({**TOKENS, "SkuMeter": "large-output-tokens"}, 4000),
        row({**TOKENS, "SkuMeter": "large-input-tokens"}, 1000),
        row({**TOKENS, "x_Team": "Sales", "SkuMeter": "large-output-tokens"}, 9000),
    ]
    for one in propose(rows, LEVERS, START):
        others = [shared.other for shared in one.overlaps]
        assert one.id not in others and len(set(others)) == len(others)
        assert all(name.endswith(one.initiative.owner.lower() + "-assistant") for name in others)
        amounts = [(-shared.amount, shared.other) for shared in one.overlaps]
        assert amounts and amounts == sorted(amounts) and amounts[-1][0] < 0


def test_levers_of_one_choice_are_alternatives():
    compiled, quantised = by_lever([row(SERVING, 1000)], "quantise", "compile")
    assert compiled.overlaps[0] == Overlap(quantised.id, 1000, True)
    assert quantised.overlaps[0] == Overlap(compiled.id, 1000, True)


def test_rows_of_one_owner_are_one_proposal_and_their_reasons_come_by_money():
    """Half of 1,000 and all of 300 can be interrupted, of 400 and 50 it is assumed of 80 %."""
    rows = [
        row(TRAINING, 1000, interruptible_share=0.5),
        row({**TRAINING, "ResourceName": "b"}, 300, interruptible_share=1),
        row({**TRAINING, "ResourceName": "c"}, 400),
        row({**TRAINING, "ResourceName": "d"}, 50),
    ]
    one = only(BY_ID["spot-training"], *rows)
    assert one.addressable == 500 + 300 + 320 + 40 and one.assumed
    assert one.saving.likely == pytest.approx(0.6 * 1160)
    base = BY_ID["spot-training"].base
    assert one.reasons == (f"50% measured: {base}", f"80% assumed: {base}", f"100% measured: {base}")


def test_reasons_of_equal_money_come_by_name():
    rows = [row(TRAINING, 100, interruptible_share=share) for share in (0.6, 0.2, 0.3)]
    rows = [SpendRow(one.segment, Decimal(60) / Decimal(str(share)), {"interruptible_share": share})
            for one, share in zip(rows, (0.6, 0.2, 0.3), strict=True)]  # fmt: skip
    assert [reason[:3] for reason in only(BY_ID["spot-training"], *rows).reasons] == ["20%", "30%", "60%"]


def test_money_not_measured_is_that_of_the_same_owner_which_the_lever_might_act_on():
    def endpoint(cost: float, name: str, team: str = "Fraud", **metrics: float) -> SpendRow:
        return row({**SERVING, "x_Team": team, "ResourceName": name}, cost, **metrics)

    rows = [
        endpoint(1000, "a", requests=0), endpoint(300, "b"), endpoint(20, "c"), endpoint(7000, "d", requests=9),
        endpoint(500, "e", team="Search"), row(TRAINING, 4000), endpoint(-50, "f"),
    ]  # fmt: skip
    one = only(BY_ID["delete-idle-endpoints"], *rows)
    assert (one.addressable, one.unmeasured) == (1000, 320)


@pytest.mark.parametrize(
    ("team", "model", "name", "title"),
    [
        ("Fraud & Risk_EU", "scorer", "compile-fraud-risk-eu-scorer", ": scorer"),
        ("Fraud", None, "compile-fraud", ": Fraud"),
        (None, "scorer", "compile-scorer", ": scorer"),
        (None, None, "compile", ""),
        ("(Forschung)", None, "compile-forschung", ": (Forschung)"),
        ("***", "scorer", "compile-scorer", ": scorer"),
    ],
)
def test_whose_it_is_shows_in_id_title_and_owner(team, model, name, title):
    one = only(BY_ID["compile"], row({**SERVING, "x_Team": team, "x_Model": model}, 1000))
    assert one.id == one.initiative.id == name
    assert one.initiative.title == BY_ID["compile"].title + title
    assert (one.initiative.owner, one.initiative.lever) == (team or "", "compile")


def test_a_model_of_two_teams_is_told_apart_by_team():
    owners = [("Fraud", "scorer"), ("Risk", "scorer"), ("Fraud", "other"), (None, "ranker"), ("Risk", "ranker")]
    rows = [row({**SERVING, "x_Team": team, "x_Model": model}, 900 - at) for at, (team, model) in enumerate(owners)]
    titles = [one.initiative.title.partition(": ")[2] for one in propose(rows, [BY_ID["compile"]], START)]
    assert titles == ["scorer, Fraud", "scorer, Risk", "other", "ranker, no team", "ranker, Risk"]


def test_names_that_look_alike_in_an_id_have_ids_of_their_own():
    """A team and a model of one name, and two spellings: the same ids in whatever order and size they come."""
    owners = [(None, "search"), ("search", None), ("Search!", None)]
    rows = [row({**SERVING, "x_Team": team, "x_Model": model}, 1000) for team, model in owners]
    dearer = [row(one.segment, 1000 + at) for at, one in enumerate(rows)]
    for order in (rows, rows[::-1], dearer, dearer[::-1]):
        ids = {(one.initiative.owner, one.id) for one in propose(order, [BY_ID["compile"]], START)}
        assert ids == {("", "compile-search"), ("Search!", "compile-search-2"), ("search", "compile-search-2-2")}


@pytest.mark.parametrize(("weeks", "months"), [(1, 1), (6, 1), (15.1, 3), (15.3, 4)])
def test_weeks_to_value_become_whole_months_of_ramp_and_one_at_least(weeks, months):
    """15.1 weeks are 3.48 months, 15.3 are 3.53."""
    one = only(changed("compile", weeks_to_value=weeks), row(SERVING, 1000))
    assert one.initiative.ramp_months == months


@pytest.mark.parametrize(("risk", "longest"), [("low", 1), ("medium", 1), ("high", 2)])
def test_a_risky_lever_may_come_two_months_late(risk, longest):
    delay = only(changed("compile", risk=risk), row(SERVING, 1000)).initiative.delay_months
    assert (delay.low, delay.likely, delay.high) == (0, 0, longest)


@pytest.mark.parametrize(("strength", "chance"), [("measured", 0.9), ("published", 0.8), ("judgement", 0.6)])
def test_the_weaker_the_evidence_the_less_likely_it_works(strength, chance):
    evidence = {**BY_ID["compile"].evidence.model_dump(), "strength": strength}
    assert only(changed("compile", evidence=evidence), row(SERVING, 1000)).initiative.probability == chance


def test_an_initiative_takes_over_what_the_lever_says():
    lever = BY_ID["quantise"]
    one = only(lever, row(SERVING, 1000)).initiative
    assert one.guardrail and (one.guardrail.metric, one.guardrail.detect_months) == ("model quality", 1)
    assert only(BY_ID["compile"], row(SERVING, 1000)).initiative.guardrail is None
    assert (one.start, one.stage, one.effort) == (START, "L1", dict(lever.effort))
    assert (one.track, one.phase, one.finops_phase) == (lever.track, lever.phase, lever.finops_phase)
    assert one.releases and one.releases.what == lever.releases


@pytest.mark.parametrize(("high", "proposed"), [(0.5, True), (0.4999, False)])
def test_what_may_save_a_hundred_a_month_is_proposed(high, proposed):
    lever = changed("compile", saving={"low": 0.1, "likely": 0.2, "high": high})
    assert bool(propose([row(SERVING, 200)], [lever], START)) == proposed


@pytest.mark.parametrize("credit", [-200, -1000, -4000])
def test_credits_change_no_share(credit):
    """Compiling may save half of 1,000 in a scope where 2,000 are charged, whatever is given back beside it."""
    rows = [row(SERVING, 1000), row({**SERVING, "x_CostType": "storage"}, 1000), row(SERVING, credit)]
    one = only(BY_ID["compile"], *rows)
    assert (one.addressable, one.saving.likely) == (1000, 500)
    assert one.initiative.saving.likely == pytest.approx(0.25)


def test_an_unknown_cost_is_addressed_by_nothing():
    rows = [row(SERVING, None), row(SERVING, 1000)]
    assert all(set(one.addressed) == {1} for one in propose(rows, LEVERS, START))


def test_what_saves_next_to_nothing_is_not_proposed_and_the_largest_comes_first():
    small, large = row({**SERVING, "x_Team": "A"}, 10), row({**SERVING, "x_Team": "B"}, 9000)
    found = propose([small, large], LEVERS, START)
    assert {one.initiative.owner for one in found} == {"B"}
    assert [one.saving.likely for one in found] == sorted((one.saving.likely for one in found), reverse=True)


def test_a_scope_leaves_out_what_is_unallocated_and_the_share_follows():
    """Without a model in the rows the scope is team and stage: 700 of 2,000 in it."""
    idle = SpendRow({**SERVING, "x_Model": None}, Decimal(1000), {"requests": 0})
    other = SpendRow({**SERVING, "x_Model": "other"}, Decimal(1000))
    one = proposed(idle, other)["delete-idle-endpoints"]
    assert "x_Model" not in one.initiative.scope
    assert one.initiative.saving.likely == pytest.approx(700 / 2000)


def test_initiatives_are_ready_for_a_plan_and_save_what_the_proposal_says():
    rows = [
        SpendRow({**SERVING, "ResourceName": "a"}, Decimal(40000), {"requests": 0}),
        row(TRAINING, 60000),
        row({**TOKENS, "SkuMeter": "large-input-tokens"}, 30000),
    ]
    found = propose(rows, LEVERS, START)
    segments = [{column: one.segment.get(column) for column in ("x_Team", "x_Model", "x_Stage")} for one in rows]
    baseline = [
        {"segment": segment, "monthly": [float(one.cost)] * 12} for segment, one in zip(segments, rows, strict=True)
    ]
    for one in found:
        plan = Plan.model_validate(
            {
                "plan": {"start": START, "months": 12, "paths": 2000},
                "initiatives": [{**one.initiative.model_dump(), "probability": 1}],
                "baseline": baseline,
            }
        )
        last = float(simulate(plan).credit[0, -1])
        low, likely, high = one.saving.low, one.saving.likely, one.saving.high
        assert last == pytest.approx((low + 4 * likely + high) / 6, rel=0.03), one.id


@given(
    st.lists(
        st.tuples(st.sampled_from([SERVING, TRAINING, TOKENS, DEV]), st.decimals(-(10**6), 10**6, places=12)),
        min_size=1,
        max_size=8,
    )
)
def test_no_proposal_addresses_more_than_there_is(spend):
    """Whatever credits stand beside the charges."""
    rows = [
        row({**segment, "SkuMeter": "input", "ResourceName": str(at)}, cost) for at, (segment, cost) in enumerate(spend)
    ]
    found = propose(rows, LEVERS, START)
    assert len({one.id for one in found}) == len(found)
    for one in found:
        for at, amount in one.addressed.items():
            assert 0 < amount <= float(rows[at].cost) * (1 + 1e-9)
        share, lever = one.initiative.saving, one.lever.saving
        for of_scope, of_base in ((share.low, lever.low), (share.likely, lever.likely), (share.high, lever.high)):
            assert 0 <= of_scope <= of_base * (1 + 1e-9)
