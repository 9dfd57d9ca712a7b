"""What the data says about the company: size, teams, tags, and who is behind what nobody tagged."""

from __future__ import annotations

from itertools import pairwise

import pytest

AI_TEAMS = {"Fraud", "Search", "Recommendations", "Support Assistant", "Data Platform", "ML Platform"}
STAGES = {
    "experimentation",
    "training",
    "batch inference",
    "real-time inference",
    "data pipeline",
    "storage",
    "MLOps overhead",
    "idle",
}

#: What people typed for each team: the spellings that attribution has to bring together.
SPELLINGS = {
    "Fraud": {"fraud", "Fraud", "Fraud ", "FRAUD-ML"},
    "Search": {"search", "Search", "Search ", "serach"},
    "Recommendations": {"recs", "Recommendations", "recomendations"},
    "Support Assistant": {"support-assistant", "Support Assistant", "support_ai"},
    "Data Platform": {"data-platform", "Data Platform", "dataplatform", "dataplatform "},
    "ML Platform": {"ml-platform", "MLPlatform", "ml platform "},
    "Storefront": {"storefront"},
    "Payments": {"payments"},
}


def monthly(bills, condition: str) -> list[float]:
    """Effective cost by billing month."""
    rows = bills.rows(
        f"SELECT sum(effective) FROM known WHERE {condition} "
        "GROUP BY bill_billing_period_start_date ORDER BY bill_billing_period_start_date"
    )
    return [cost for (cost,) in rows]


def vendor_monthly(bills) -> list[float]:
    rows = bills.rows(
        "SELECT sum(BilledCost::DOUBLE) FROM vendor GROUP BY BillingPeriodStart ORDER BY BillingPeriodStart"
    )
    return [cost for (cost,) in rows]


def ai_monthly(bills) -> list[float]:
    vendor = vendor_monthly(bills)
    pairs = zip(monthly(bills, "scope = 'AI'"), [0.0] * (24 - len(vendor)) + vendor, strict=True)
    return [aws + vendor for aws, vendor in pairs]


def test_the_ai_bill_grows_from_about_330_to_about_520_thousand(bills):
    ai = ai_monthly(bills)
    assert ai[12] == pytest.approx(330_000, rel=0.04)
    assert ai[22] == pytest.approx(520_000, rel=0.04)


def test_it_was_under_two_hundred_thousand_a_year_before(bills):
    assert ai_monthly(bills)[0] == pytest.approx(195_000, rel=0.04)


def test_the_ai_bill_never_falls_by_much_but_where_gpus_became_cheaper(bills):
    ai = ai_monthly(bills)[:23]
    changes = [after / before for before, after in pairwise(ai)]
    assert min(changes[12:]) > 0.96
    assert min(changes) == changes[6] == pytest.approx(0.92, abs=0.03)  # June 2025 after May
    assert max(changes[:12]) > 1.15
    quarters = [sum(ai[start : start + 3]) for start in range(12, 21, 3)]
    assert quarters == sorted(quarters)


def test_the_open_month_holds_twenty_days_at_the_pace_of_september(bills):
    ai = ai_monthly(bills)
    assert ai[23] / 20 == pytest.approx(ai[22] / 30, rel=0.07)


def test_the_whole_bill_is_about_a_third_above_ai(bills):
    other = monthly(bills, "scope = 'Other'")
    for rest, ai in zip(other, ai_monthly(bills), strict=True):
        assert rest / ai == pytest.approx(0.35, abs=0.06)


def test_every_team_has_spend_in_every_month_but_the_one_that_began_in_june(bills):
    rows = bills.rows("SELECT team, count(DISTINCT bill_billing_period_start_date) FROM known GROUP BY team")
    months = dict(rows)
    assert set(months) == AI_TEAMS | {"Storefront", "Payments", None}
    assert months.pop("Support Assistant") == 17
    assert set(months.values()) == {24}


def test_models_begin_and_end_with_their_products(bills):
    rows = bills.rows(
        "SELECT model, min(day)::VARCHAR, max(day)::VARCHAR FROM known WHERE model IS NOT NULL GROUP BY model"
    )
    assert {model: days for model, *days in rows} == {
        "fraud-scorer": ["2024-11-01", "2026-10-20"],
        "search-ranker": ["2024-11-01", "2026-10-20"],
        "demand-forecast": ["2024-11-01", "2026-10-20"],
        "recs-als": ["2024-11-01", "2025-04-20"],
        "visual-search": ["2025-01-20", "2025-07-18"],
        "recs-two-tower": ["2025-03-10", "2026-10-20"],
        "doc-extract": ["2025-06-02", "2026-10-20"],
        "support-assistant": ["2026-01-05", "2026-10-20"],
    }


def test_teams_belong_to_one_scope_each(bills):
    rows = bills.rows(
        "SELECT scope, list(DISTINCT team ORDER BY team) FROM known WHERE team IS NOT NULL GROUP BY scope"
    )
    assert {scope: set(teams) for scope, teams in rows} == {"AI": AI_TEAMS, "Other": {"Storefront", "Payments"}}


def test_every_stage_of_ai_occurs_and_no_other(bills):
    rows = bills.rows("SELECT DISTINCT stage FROM known WHERE scope = 'AI'")
    assert {stage for (stage,) in rows} == STAGES


def test_models_have_one_team_each(bills):
    rows = bills.rows("SELECT model, list(DISTINCT team) FROM known WHERE model IS NOT NULL GROUP BY model")
    assert dict(rows) == {
        "fraud-scorer": ["Fraud"],
        "search-ranker": ["Search"],
        "recs-two-tower": ["Recommendations"],
        "recs-als": ["Recommendations"],
        "visual-search": ["Search"],
        "support-assistant": ["Support Assistant"],
        "doc-extract": ["Support Assistant"],
        "demand-forecast": ["Data Platform"],
    }


def test_only_the_shared_cluster_and_its_plan_are_ai_without_a_team(bills):
    rows = bills.rows(
        "SELECT DISTINCT coalesce(resource_tags['aws_eks_cluster_name'], line_item_product_code) FROM known "
        "WHERE scope = 'AI' AND team IS NULL"
    )
    assert {name for (name,) in rows} == {"ml-shared-gpu", "ComputeSavingsPlans"}


@pytest.mark.parametrize("team", sorted(SPELLINGS))
def test_the_tag_of_a_team_is_typed_in_exactly_these_ways(bills, team):
    rows = bills.rows(
        f"SELECT DISTINCT resource_tags['user_team'] AS typed FROM known WHERE team = '{team}' AND typed IS NOT NULL"
    )
    assert {typed for (typed,) in rows} == SPELLINGS[team]


def test_no_spelling_means_two_teams():
    owners: dict[str, set[str]] = {}
    for team, spellings in SPELLINGS.items():
        for typed in spellings:
            owners.setdefault(typed.strip().lower(), set()).add(team)
    assert all(len(teams) == 1 for teams in owners.values())


def test_a_tagged_team_is_always_the_true_one(bills):
    rows = bills.rows(
        "SELECT DISTINCT resource_tags['user_team'], team FROM known WHERE resource_tags['user_team'] IS NOT NULL"
    )
    assert all(typed in SPELLINGS[team] for typed, team in rows)


@pytest.mark.parametrize("typo", ["serach", "recomendations"])
def test_typos_are_few(bills, typo):
    (count,) = bills.row(f"SELECT count(DISTINCT day) FROM known WHERE resource_tags['user_team'] = '{typo}'")
    assert 1 <= count <= 10


def test_what_carries_no_tag_grew_from_two_to_five_per_cent_of_ai_money(bills):
    untagged = monthly(bills, "scope = 'AI' AND NOT tagged AND line_item_line_item_type = 'Usage'")
    shares = [bare / ai for bare, ai in zip(untagged, ai_monthly(bills), strict=True)]
    assert all(0.015 < share < 0.03 for share in shares[:6])
    assert all(0.04 < share < 0.06 for share in shares[12:])


def test_the_truth_about_tags_is_what_the_bill_says(bills):
    assert bills.row("SELECT count(*) FROM known WHERE tagged <> (cardinality(resource_tags) > 0)") == (0,)


def test_tags_of_recommendations_never_name_the_model(bills):
    rows = bills.rows("SELECT DISTINCT resource_tags['user_model'] FROM known WHERE team = 'Recommendations'")
    assert rows == [(None,)]


def test_tags_that_name_a_model_name_the_true_one_but_for_spelling(bills):
    rows = bills.rows(
        "SELECT DISTINCT resource_tags['user_model'], model FROM known WHERE resource_tags['user_model'] IS NOT NULL"
    )
    assert ("Fraud_Scorer", "fraud-scorer") in rows
    assert all(typed.lower().replace("_", "-") == model for typed, model in rows)


def test_nodes_of_the_cluster_name_cluster_and_owner_and_no_team(bills):
    rows = bills.rows(
        "SELECT DISTINCT map_keys(resource_tags) FROM known WHERE resource_tags['aws_eks_cluster_name'] IS NOT NULL"
    )
    assert rows == [(["aws_eks_cluster_name", "user_name", "user_owner"],)]


def test_the_fraud_endpoint_is_known_by_its_name_only(bills):
    rows = bills.rows(
        "SELECT DISTINCT resource_tags['user_team'], resource_tags['user_model'], team, model FROM known "
        "WHERE line_item_resource_id LIKE '%endpoint/fraud-scorer-prod' AND line_item_line_item_type = 'Usage'"
    )
    assert rows == [(None, None, "Fraud", "fraud-scorer")]


#: Untagged resources, by what their id or usage type shows, and who is truly behind them.
BEHIND = {
    "nl-recs-embeddings": {("Recommendations", "recs-two-tower", "storage")},
    "%notebook-instance/tmp-clq-test": {("Search", "search-ranker", "experimentation")},
    "%training-job/demand-forecast-backfill": {("Data Platform", "demand-forecast", "experimentation")},
    "%natgateway/%": {("ML Platform", None, "MLOps overhead")},
    "%log-group:%": {("ML Platform", None, "MLOps overhead")},
    "%::foundation-model/amazon.nova%": {("Support Assistant", "support-assistant", "experimentation")},
}


@pytest.mark.parametrize("resource", sorted(BEHIND))
def test_who_is_behind_an_untagged_resource(bills, resource):
    rows = bills.rows(
        "SELECT DISTINCT team, model, stage FROM known "
        f"WHERE scope = 'AI' AND NOT tagged AND line_item_resource_id LIKE '{resource}'"
    )
    assert set(rows) == BEHIND[resource]


def test_gpu_boxes_started_by_hand_say_nothing_and_work_for_three_teams(bills):
    rows = bills.rows(
        "SELECT team, count(DISTINCT line_item_resource_id) FROM known WHERE NOT tagged "
        "AND line_item_usage_type = 'BoxUsage:g5.12xlarge' GROUP BY team ORDER BY team"
    )
    assert rows == [("Fraud", 1), ("Recommendations", 1), ("Search", 1)]


def test_services_of_the_ai_scope(bills):
    rows = bills.rows("SELECT DISTINCT line_item_product_code FROM known WHERE scope = 'AI'")
    assert {code for (code,) in rows} == {
        "AWSGlue",
        "AmazonAthena",
        "AmazonBedrock",
        "AmazonCloudWatch",
        "AmazonEC2",
        "AmazonECR",
        "AmazonEFS",
        "AmazonEKS",
        "AmazonES",
        "AmazonFSx",
        "AmazonKinesis",
        "AmazonRDS",
        "AmazonS3",
        "AmazonSageMaker",
        "AmazonStates",
        "ComputeSavingsPlans",
        "ElasticMapReduce",
    }


def test_fees_taxes_and_credits_are_nobodys(bills):
    rows = bills.rows(
        "SELECT DISTINCT team, scope FROM known WHERE line_item_line_item_type IN ('Fee', 'Tax', 'Credit')"
    )
    assert rows == [(None, "Other")]
