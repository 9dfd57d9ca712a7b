"""Proposals from rows of a bill: the right levers, the right money, initiatives a plan accepts; worked by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.periods import Window
from costlib.roadmap.levers.catalogue import read_catalogue
from costlib.roadmap.levers.find import find, unmeasured
from costlib.roadmap.levers.propose import Proposal, propose, together
from costlib.roadmap.levers.rows import DAYS_A_MONTH, DIMENSIONS, Daily, SpendRow, spend_rows
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.simulate import simulate

LEVERS = read_catalogue()
BY_ID = {lever.id: lever for lever in LEVERS}
START = date(2026, 11, 1)
MONDAY = date(2026, 6, 1)
GPU = {"x_Team": "Fraud", "x_Model": "scorer", "x_CostType": "compute GPU", "x_Environment": "production"}
SERVING = {**GPU, "x_Stage": "real-time inference"}
TRAINING = {**GPU, "x_Stage": "training", "PricingCategory": "Standard"}
TOKENS = {"x_Team": "Support", "x_Model": "assistant", "x_Stage": "real-time inference", "x_CostType": "tokens"}


def row(segment: dict, cost: float | None, daily=None, requests=None, **metrics: float) -> SpendRow:
    days = None if daily is None else Daily(MONDAY, np.asarray(daily, dtype=float), requests)
    return SpendRow(segment, None if cost is None else Decimal(str(cost)), metrics, days)


def proposed(*rows: SpendRow, **options) -> dict[str, Proposal]:
    return {one.lever.id: one for one in propose(rows, LEVERS, START, **options)}


def test_an_endpoint_without_a_request_is_idle():
    found = proposed(row(SERVING, 1000, requests=None), row({**SERVING, "ResourceName": "b"}, 400))
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


def test_the_steady_floor_is_what_ran_on_nine_days_in_ten():
    daily = np.where(np.arange(90) % 10 == 0, 0.0, np.where(np.arange(90) % 2, 100.0, 40.0))
    daily[np.arange(90) % 10 == 0] = 40.0
    found = find(BY_ID["cover-steady-use"], row({**SERVING, "PricingCategory": "Standard"}, 70 * DAYS_A_MONTH, daily))
    assert found and found.amount == pytest.approx(40 * DAYS_A_MONTH)
    assert find(BY_ID["cover-steady-use"], row({**SERVING, "PricingCategory": "Committed"}, 2000, daily)) is None


DEV = {**GPU, "x_Stage": "experimentation", "x_Environment": "development"}


def test_a_development_machine_that_never_stops_idles_at_night_and_on_weekends():
    """700 a week: half of 5 x 100 at night and 2 x 100 on the weekend is 450 of 700."""
    found = find(BY_ID["dev-off-hours"], row(DEV, 7000, np.full(70, 100.0)))
    assert found and found.amount == pytest.approx(7000 * 450 / 700)
    assert "night and weekend" in found.reason


def test_a_development_machine_at_half_speed_on_weekends_is_charged_for_weekends_only():
    """5 x 100 + 2 x 50 = 600 a week, of which 100 fall on the weekend."""
    found = find(BY_ID["dev-off-hours"], row(DEV, 600, np.resize([100.0] * 5 + [50.0] * 2, 70)))
    assert found and found.amount == pytest.approx(100)


def test_a_development_machine_that_goes_home_is_left_alone():
    lever = BY_ID["dev-off-hours"]
    assert find(lever, row(DEV, 500, np.resize([100.0] * 5 + [0.0] * 2, 70))) is None
    assert find(lever, row({**DEV, "x_Environment": "production"}, 700, np.full(70, 100.0))) is None
    assert find(lever, row(DEV, 700)) is None and unmeasured(lever, row(DEV, 700))


def stepped(before: float, after: float, until: int | None = None) -> np.ndarray:
    days = np.r_[np.full(60, before), np.full(90, after)]
    if until is not None:
        days[until:] = before
    return days


def test_a_step_that_never_came_down_is_found_with_its_day():
    found = find(BY_ID["undo-step"], row(SERVING, 3000, stepped(50, 100)))
    assert found and found.amount == pytest.approx(1500)
    assert "up 100% since 31 Jul 2026" in found.reason


def test_a_step_that_came_down_or_that_requests_explain_is_none():
    lever = BY_ID["undo-step"]
    assert find(lever, row(SERVING, 3000, stepped(50, 100, until=120))) is None
    assert find(lever, row(SERVING, 3000, stepped(50, 100), requests=stepped(1e6, 2e6))) is None
    assert find(lever, row(SERVING, 3000, stepped(50, 100), requests=np.full(150, 1e6))) is not None
    assert find(lever, row(SERVING, 3000, np.full(150, 100.0))) is None
    assert find(lever, row(SERVING, 3000, 100 * np.exp(0.004 * np.arange(150)))) is None


def test_stored_data_that_is_read_stays_where_it_is():
    storage = {"x_Team": "Data", "x_Stage": "storage", "x_CostType": "storage"}
    cold = SpendRow({**storage, "ResourceName": "old"}, Decimal(1000), {"reads_a_month": 0.05})
    warm = SpendRow({**storage, "ResourceName": "new"}, Decimal(1000), {"reads_a_month": 2.0})
    assert proposed(cold, warm)["tier-storage"].addressable == 1000


def test_a_pipeline_without_a_reader_is_retired():
    pipeline = {"x_Team": "Data", "x_Stage": "data pipeline", "ServiceName": "AWS Glue"}
    assert proposed(SpendRow(pipeline, Decimal(800), {"readers": 0}))["retire-pipelines"].saving.likely == 720
    assert "retire-pipelines" not in proposed(SpendRow(pipeline, Decimal(800), {"readers": 3}))


def chosen(rows: list[SpendRow], *levers: str) -> list[Proposal]:
    return [one for one in propose(rows, LEVERS, START) if one.lever.id in levers]


def test_two_levers_on_the_same_money_say_so_and_compound():
    """1,000, of which quantise (45 %) and pack (20 %) both address all: 1,000 x (1 - 0.55 x 0.8) = 560, not 650."""
    rows = [row({**SERVING, "ServiceName": "Amazon EKS"}, 1000)]
    found = chosen(rows, "quantise", "pack-the-cluster")
    quantise = next(one for one in found if one.lever.id == "quantise")
    (shared,) = [one for one in quantise.overlaps if one.other == "pack-the-cluster-fraud-scorer"]
    assert (shared.amount, shared.alternative) == (1000, False)
    both = together(found, rows)
    assert both.addressable == 1000
    assert both.saving.likely == pytest.approx(560)


def test_of_alternatives_the_one_that_saves_most_counts():
    """Quantise 45 % or compile 50 %: 500, not 725; at the high end 75 %."""
    rows = [row(SERVING, 1000)]
    found = chosen(rows, "quantise", "compile")
    assert all(one.overlaps[0].alternative for one in found)
    both = together(found, rows)
    assert (both.saving.low, both.saving.likely, both.saving.high) == pytest.approx((300, 500, 750))


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
    st.lists(st.tuples(st.sampled_from([SERVING, TRAINING, TOKENS, DEV]), st.floats(1, 1e6)), min_size=1, max_size=8)
)
def test_no_proposal_addresses_more_than_there_is_and_all_together_save_less_than_everything(spend):
    rows = [
        row({**segment, "SkuMeter": "input", "ResourceName": str(at)}, cost) for at, (segment, cost) in enumerate(spend)
    ]
    found = propose(rows, LEVERS, START)
    for one in found:
        for at, amount in one.addressed.items():
            assert 0 < amount <= float(rows[at].cost) * (1 + 1e-9)
        assert 0 <= one.initiative.saving.low <= one.initiative.saving.high < 1
    whole = sum(float(one.cost) for one in rows)
    both = together(found, rows)
    assert both.addressable <= whole * (1 + 1e-9)
    assert both.saving.low <= both.saving.likely <= both.saving.high < whole
    for one in found:
        assert both.saving.likely >= one.saving.likely * (1 - 1e-9)


def test_the_dimensions_to_ask_for_are_columns_that_levers_look_at():
    asked = {column for lever in LEVERS for column in (*lever.applies_to, *lever.unless)}
    assert asked <= set(DIMENSIONS)


def test_rows_from_daily_sums():
    """90 days of 10; the month is the newest 30; an unknown day leaves its cost out and is not known."""
    window = Window(date(2026, 1, 1), date(2026, 4, 1))
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(90)]
    sums = [(["Fraud", None], day, Decimal(10)) for day in days]
    sums += [
        (["Old", None], days[0], Decimal(99)),
        (["Odd", "a"], days[80], None),
        (["Odd", "a"], days[81], Decimal(7)),
    ]
    fraud, odd = spend_rows(["x_Team", "x_Model"], sums, window)
    assert (fraud.cost, fraud.segment) == (Decimal(300), {"x_Team": "Fraud", "x_Model": None})
    assert odd.cost == Decimal(7)
    assert fraud.daily and odd.daily and len(fraud.daily.cost) == 90
    assert np.isnan(odd.daily.cost[80]) and odd.daily.cost[0] == 0
