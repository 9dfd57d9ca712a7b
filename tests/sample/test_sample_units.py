"""Unit costs as the product finds them against the sample's truth: within two per cent, on both bases.

The product knows the bills, its rules and the metrics; the truth knows who caused each line item and who reserved and
used the shared cluster. Costs by stage are those of the truth's stages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from costlib import sample
from costlib.analysis.units import TOKENS, UnitCost, in_base_units, is_denominator, jump_alarms, sku_alarms, unit_alarms
from costlib.analysis.units.estimate import past_error
from costlib.metrics.business import volumes
from costlib.metrics.costs import UnitQuestions
from costlib.metrics.since_bill import since_the_bill
from costlib.periods import Grain, Window, add_months
from costlib.sample import days, metrics
from costlib.sample.vendor import charge_rows
from costlib.store.question import Filter
from costlib.workspace import Workspace
from tests.pages import stores

MONTHS = [date(2025, 10, 1), date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)]
CURRENCY = (Filter("BillingCurrency", ("USD",)),)

Found = dict[tuple[str, str | None, str | None, date], UnitCost]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> UnitQuestions:
    reader = Workspace(stores.demo(tmp_path_factory)).snapshot().reader
    return UnitQuestions(reader, CURRENCY, Grain.MONTH)


@pytest.fixture(scope="module")
def found(asked: UnitQuestions, tmp_path_factory: pytest.TempPathFactory) -> Found:
    counted = in_base_units(volumes(stores.demo(tmp_path_factory)))
    window = asked.reader.window()
    assert window
    rows = asked.unit_costs([one for one in counted if is_denominator(one)], window)
    return {(one.unit.metric, one.team, one.model, one.period): one for one in rows}


@pytest.fixture(scope="module")
def cluster() -> Callable[[str, str, date], float]:
    """A column of the cluster's truth, summed over a month of a team."""
    table = sample.cluster_answers().to_pylist()
    sums: defaultdict[tuple[str, str, date], float] = defaultdict(float)
    for row in table:
        for name in ("reserved_cost", "used_cost", "used_gpu_hours"):
            sums[row["team"], name, row["day"].replace(day=1)] += row[name] or 0.0
    return lambda team, name, month: sums[team, name, month]


@pytest.fixture(scope="module")
def counts() -> Callable[[str, str, date], float]:
    """What a model truly did in a month."""
    truth = {(metric, model): values for (metric, model, _), values in metrics.volumes().items()}

    def count(metric: str, model: str, month: date) -> float:
        first, after = days.index(month), min(days.index(add_months(month, 1)), days.COUNT)
        return float(truth[metric, model][first:after].sum())

    return count


def billed(bills, where: str, month: date) -> float:
    """Effective cost by the truth of the AWS bill, USD."""
    after = add_months(month, 1)
    (amount,) = bills.row(
        f"SELECT COALESCE(SUM(effective), 0) FROM known WHERE day >= '{month}' AND day < '{after}' AND {where}"
    )
    return float(amount)


def close(amount: Decimal | None, truth: float) -> None:
    assert amount is not None
    assert float(amount) == pytest.approx(truth, rel=0.02)


@pytest.mark.parametrize("month", MONTHS, ids=str)
@pytest.mark.parametrize(
    ("model", "team"), [("fraud-scorer", "Fraud"), ("search-ranker", "Search"), ("recs-two-tower", "Recommendations")]
)
def test_a_thousand_inferences_on_both_bases(found, bills, cluster, counts, month, model, team) -> None:
    one = found["requests", team, model, month]
    own = billed(bills, f"model = '{model}' AND stage = 'real-time inference'", month)
    shared = model != "fraud-scorer"
    reserved, used = (cluster(team, name, month) if shared else 0.0 for name in ("reserved_cost", "used_cost"))
    done = counts("requests", model, month)
    close(one.amount, (own + reserved) / done * 1000)
    close(one.amount_by_use, (own + used) / done * 1000)


@pytest.mark.parametrize("month", MONTHS, ids=str)
@pytest.mark.parametrize(
    ("model", "team"),
    [
        ("fraud-scorer", "Fraud"),
        ("search-ranker", "Search"),
        ("recs-two-tower", "Recommendations"),
        ("demand-forecast", "Data Platform"),
    ],
)
def test_a_training_run(found, bills, counts, month, model, team) -> None:
    truth = billed(bills, f"model = '{model}' AND stage = 'training'", month)
    close(found["training runs", team, model, month].amount, truth / counts("training runs", model, month))


@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_a_thousand_documents(found, bills, counts, month) -> None:
    truth = billed(bills, "model = 'doc-extract' AND stage = 'batch inference'", month)
    done = counts("documents", "doc-extract", month)
    close(found["documents", "Support Assistant", "doc-extract", month].amount, truth / done * 1000)


@pytest.mark.parametrize("month", MONTHS, ids=str)
@pytest.mark.parametrize(
    ("metric", "ending"), list(zip(TOKENS, ("-input-tokens", "cache-read%", "-output-tokens"), strict=True))
)
def test_a_million_tokens_of_each_kind(found, bills, month, metric, ending) -> None:
    """Both bills together: AWS's tokens of the assistant's profiles, and the LLM vendor's of its keys."""
    where = f"model = 'support-assistant' AND stage = 'real-time inference' AND line_item_usage_type LIKE '%{ending}'"
    after = add_months(month, 1)
    cost, tokens = bills.row(
        "SELECT COALESCE(SUM(effective), 0), COALESCE(SUM(line_item_usage_amount), 0) FROM known "
        f"WHERE day >= '{month}' AND day < '{after}' AND {where}"
    )
    for row in charge_rows():
        own = row.get("ResourceId", "").startswith("key_support") and row["SkuMeter"].lower() == metric
        if own and row["ChargePeriodStart"][:7] == f"{month:%Y-%m}":
            cost, tokens = cost + float(row["EffectiveCost"]), tokens + float(row["ConsumedQuantity"])
    close(found[metric, "Support Assistant", "support-assistant", month].amount, cost / tokens * 1e6)


@pytest.mark.parametrize("month", MONTHS, ids=str)
@pytest.mark.parametrize("team", ["Search", "Recommendations"])
def test_a_used_gpu_hour(found, cluster, month, team) -> None:
    model = {"Search": "search-ranker", "Recommendations": "recs-two-tower"}[team]
    one, hours = found["gpu hours used", team, model, month], cluster(team, "used_gpu_hours", month)
    close(one.amount, cluster(team, "reserved_cost", month) / hours)
    close(one.amount_by_use, cluster(team, "used_cost", month) / hours)


def test_both_bases_differ_by_half_where_half_is_unused_and_not_at_all_elsewhere(found) -> None:
    september = date(2026, 9, 1)
    scorer = found["requests", "Fraud", "fraud-scorer", september]
    ranker = found["requests", "Search", "search-ranker", september]
    assert scorer.amount == scorer.amount_by_use
    assert ranker.amount_by_use is not None
    assert ranker.amount is not None
    assert 0.4 < ranker.amount_by_use / ranker.amount < 0.7


def test_pools_by_model_add_up_to_what_the_pool_says(asked: UnitQuestions) -> None:
    """Cost by use of all teams is that of ``pool_days``, to a millionth."""
    window = Window(date(2026, 9, 1), date(2026, 10, 1))
    by_use = sum((one.by_use or Decimal(0) for one in asked.pool_costs(window)), Decimal(0))
    ((told,),) = asked.reader.rows(
        "SELECT SUM(x_CostByUse) FROM pool_days WHERE ChargePeriodStart >= ? AND ChargePeriodStart < ?",
        [window.start, window.end],
    )
    assert by_use == pytest.approx(told, abs=Decimal("1e-6"))


def test_past_estimates_of_the_sample_were_within_five_per_cent_as_a_rule(asked, tmp_path_factory) -> None:
    """What the panel promises: the whole as a rule within 5 per cent and never off by more than 15."""
    counted = [one for one in in_base_units(volumes(stores.demo(tmp_path_factory))) if is_denominator(one)]
    filters = (*CURRENCY, Filter("x_Scope", ("AI",)))
    found = since_the_bill(asked.reader, filters, counted, lambda unit, model, day: None)
    assert found is not None
    assert (found.billed_to, {one.days.last for one in found.found if one.unit.metric == "requests"}) == (
        days.LAST,
        {date(2026, 10, 25)},
    )
    told = past_error(found.replays)
    assert told is not None
    assert told.times >= 12
    assert told.typical < Decimal("0.05")
    assert abs(told.largest) < Decimal("0.15")
    assert found.covered is not None
    assert 0.5 < found.covered < 1


def test_the_sample_raises_no_alarm(found: Found, asked: UnitQuestions, tmp_path_factory) -> None:
    window = asked.reader.window()
    assert window
    loaded = volumes(stores.demo(tmp_path_factory))
    assert [*unit_alarms(loaded), *jump_alarms(list(found.values())), *sku_alarms(asked.meters(window))] == []
