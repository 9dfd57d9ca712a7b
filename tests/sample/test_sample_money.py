"""Money of the AWS export: rates times amounts, the Savings Plan's arithmetic, and what is not usage."""

from __future__ import annotations

from decimal import Decimal

import pytest

LINE_TYPES = {
    "Usage",
    "SavingsPlanCoveredUsage",
    "SavingsPlanNegation",
    "SavingsPlanRecurringFee",
    "Tax",
    "Credit",
    "Refund",
    "Fee",
}


def test_every_line_type_is_there_and_no_other(bills):
    found = {kind for (kind,) in bills.rows("SELECT DISTINCT line_item_line_item_type FROM bill")}
    assert found == LINE_TYPES


def test_cost_is_rate_times_amount_at_ten_decimals(bills):
    rows = bills.rows(
        "SELECT line_item_unblended_rate, line_item_usage_amount, line_item_unblended_cost FROM bill "
        "WHERE line_item_line_item_type IN ('Usage', 'SavingsPlanCoveredUsage', 'SavingsPlanRecurringFee') "
        "AND right(identity_line_item_id, 1) IN ('a', 'b')"
    )
    assert len(rows) > 5000
    for rate, amount, cost in rows:
        exact = Decimal(rate) * Decimal(repr(amount))
        assert abs(Decimal(repr(cost)) - exact) <= Decimal("0.0000000001"), (rate, amount, cost)


def test_costs_have_no_more_than_ten_decimals(bills):
    (wrong,) = bills.row(
        "SELECT count(*) FROM bill WHERE line_item_unblended_cost <> round(line_item_unblended_cost, 10)"
    )
    assert wrong == 0


def test_blended_is_unblended_where_nothing_is_averaged(bills):
    (wrong,) = bills.row("SELECT count(*) FROM bill WHERE line_item_blended_cost <> line_item_unblended_cost")
    assert wrong == 0


def test_list_cost_is_known_for_usage_and_equals_cost_on_demand(bills):
    (wrong,) = bills.row(
        "SELECT count(*) FROM bill WHERE line_item_line_item_type IN ('Usage', 'SavingsPlanCoveredUsage') "
        "AND pricing_term = 'OnDemand' "
        "AND abs(pricing_public_on_demand_cost - line_item_unblended_cost) > 1e-9"
    )
    assert wrong == 0


def test_fees_taxes_and_corrections_have_no_list_cost(bills):
    (total, rates) = bills.row(
        "SELECT sum(pricing_public_on_demand_cost), string_agg(DISTINCT pricing_public_on_demand_rate, '|') FROM bill "
        "WHERE line_item_line_item_type NOT IN ('Usage', 'SavingsPlanCoveredUsage')"
    )
    assert (total, rates) == (0.0, "")


def test_usage_is_never_free_or_negative(bills):
    assert bills.row(
        "SELECT count(*) FROM bill WHERE line_item_line_item_type = 'Usage' "
        "AND (line_item_usage_amount <= 0 OR line_item_unblended_cost < 0)"
    ) == (0,)


@pytest.mark.parametrize(
    ("usage_type", "rate"),
    [
        ("BoxUsage:p4d.24xlarge", "21.957642|32.7726"),  # AWS price list 2026-07-20; until 31 May 2025
        ("BoxUsage:g5.12xlarge", "5.672"),
        ("BoxUsage:m5.12xlarge", "2.304"),
        ("USE1-Host:ml.g5.12xlarge", "7.09"),  # 5.672 x 1.25
        ("USE1-NovaPremier-output-tokens", "0.0000125"),  # 12.50 USD a million
        ("USE1-NovaPro-input-tokens", "0.0000008"),
        ("USE1-NovaPro-cache-read-input-token-count", "0.0000002"),
        ("TimedStorage-ByteHrs", "0.023|0.1"),  # S3 and ECR share the name
    ],
)
def test_list_prices_are_those_of_the_price_list(bills, usage_type, rate):
    (found,) = bills.row(
        "SELECT string_agg(DISTINCT pricing_public_on_demand_rate, '|' ORDER BY pricing_public_on_demand_rate) "
        "FROM bill "
        f"WHERE line_item_usage_type = '{usage_type}' AND line_item_line_item_type = 'Usage'"
    )
    assert found == rate


def test_nobody_runs_a_machine_for_more_than_a_day_a_day(bills):
    hour, day = bills.row(
        "SELECT max(hours), max(hours_a_day) FROM (SELECT max(line_item_usage_amount) AS hours, "
        "sum(line_item_usage_amount) AS hours_a_day FROM known WHERE line_item_line_item_type = 'Usage' "
        "AND line_item_usage_type LIKE '%BoxUsage:%' AND line_item_product_code = 'AmazonEC2' "
        "GROUP BY line_item_resource_id, day)"
    )
    assert (hour, day) == (1.0, 24.0)


def test_no_machine_runs_for_more_than_an_hour_an_hour(bills):
    (most,) = bills.row(
        "SELECT max(hours) FROM (SELECT sum(line_item_usage_amount) AS hours FROM bill "
        "WHERE line_item_product_code = 'AmazonEC2' AND product_instance_type <> '' "
        "AND line_item_line_item_type IN ('Usage', 'SavingsPlanCoveredUsage') "
        "GROUP BY line_item_resource_id, line_item_usage_start_date)"
    )
    assert most == pytest.approx(1.0)


def test_a_node_is_paid_for_by_plan_and_on_demand_together_at_most_24_hours(bills):
    (most,) = bills.row(
        "SELECT max(hours) FROM (SELECT sum(line_item_usage_amount) AS hours FROM known "
        "WHERE line_item_usage_type = 'BoxUsage:p4d.24xlarge' GROUP BY line_item_resource_id, day)"
    )
    assert most == pytest.approx(24.0)


def test_negations_cancel_covered_usage_exactly_in_the_same_hour_and_resource(bills):
    rows = bills.rows(
        "SELECT line_item_resource_id, line_item_usage_start_date, "
        "sum(line_item_unblended_cost) FILTER (line_item_line_item_type = 'SavingsPlanCoveredUsage') AS covered, "
        "sum(line_item_unblended_cost) FILTER (line_item_line_item_type = 'SavingsPlanNegation') AS negated "
        "FROM bill WHERE line_item_line_item_type IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation') GROUP BY ALL"
    )
    assert len(rows) > 500
    assert all(covered > 0 and covered == -negated for *_, covered, negated in rows)


def test_the_plan_is_paid_every_day_of_2026_at_its_hourly_commitment(bills):
    rows = bills.rows(
        "SELECT line_item_usage_start_date::DATE::VARCHAR, line_item_usage_amount, line_item_unblended_cost FROM bill "
        "WHERE line_item_line_item_type = 'SavingsPlanRecurringFee' ORDER BY 1"
    )
    assert len(rows) == 293
    assert (rows[0][0], rows[-1][0]) == ("2026-01-01", "2026-10-20")
    assert {(amount, cost) for _, amount, cost in rows} == {(24.0, 24 * 48.0)}


def test_used_commitment_is_the_effective_cost_of_covered_usage_and_never_above_the_commitment(bills):
    rows = bills.rows(
        "SELECT any_value(savings_plan_total_commitment_to_date) FILTER (fee), "
        "any_value(savings_plan_used_commitment) FILTER (fee), sum(savings_plan_savings_plan_effective_cost) "
        "FROM (SELECT *, line_item_line_item_type = 'SavingsPlanRecurringFee' AS fee FROM bill "
        "WHERE savings_plan_savings_plan_a_r_n <> '') GROUP BY line_item_usage_start_date::DATE"
    )
    assert len(rows) == 293
    for total, used, effective in rows:
        unused = Decimal(total) - Decimal(used)
        assert Decimal(total) == Decimal(1152)
        assert unused >= 0
        assert float(used) == pytest.approx(effective, abs=1e-8)


def test_the_plan_is_nearly_used_on_weekdays_less_on_weekends_and_least_in_maintenance(bills):
    rows = bills.rows(
        "SELECT isodow(line_item_usage_start_date) AS weekday, line_item_usage_start_date::DATE::VARCHAR AS day, "
        "1 - savings_plan_used_commitment::DOUBLE / savings_plan_total_commitment_to_date::DOUBLE AS unused "
        "FROM bill WHERE line_item_line_item_type = 'SavingsPlanRecurringFee'"
    )
    maintenance = {"2026-03-08", "2026-07-05"}
    weekdays = [unused for weekday, _, unused in rows if weekday <= 5]
    weekends = [unused for weekday, day, unused in rows if weekday > 5 and day not in maintenance]
    assert max(weekdays) < 0.01
    assert min(weekends) > 0.01
    assert max(weekends) < 0.06
    assert [day for _, day, unused in rows if unused > 0.15] == sorted(maintenance)


def test_covered_usage_costs_three_quarters_of_list(bills):
    rows = bills.rows(
        "SELECT savings_plan_savings_plan_rate, line_item_usage_amount, savings_plan_savings_plan_effective_cost, "
        "pricing_public_on_demand_cost FROM bill WHERE line_item_line_item_type = 'SavingsPlanCoveredUsage'"
    )
    for rate, amount, effective, listed in rows:
        assert float(rate) * amount == pytest.approx(effective, abs=1e-8)
        assert effective == pytest.approx(0.75 * listed, rel=1e-6)


def test_only_lines_of_the_plan_carry_its_columns(bills):
    assert bills.row(
        "SELECT count(*) FROM bill WHERE (savings_plan_savings_plan_a_r_n <> '') <> "
        "starts_with(line_item_line_item_type, 'SavingsPlan')"
    ) == (0,)
    assert bills.row(
        "SELECT count(*) FROM bill WHERE savings_plan_savings_plan_effective_cost <> 0 "
        "AND line_item_line_item_type <> 'SavingsPlanCoveredUsage'"
    ) == (0,)


def test_billed_and_effective_agree_in_every_month_where_nothing_is_prepaid(bills):
    rows = bills.rows(
        "SELECT sum(line_item_unblended_cost), sum(effective) FROM known GROUP BY bill_billing_period_start_date"
    )
    assert len(rows) == 24
    assert all(billed == pytest.approx(effective, abs=0.01) for billed, effective in rows)


def test_no_reservations_so_their_money_is_zero(bills):
    assert bills.row(
        "SELECT sum(reservation_effective_cost), sum(reservation_unused_recurring_fee), "
        "max(reservation_reservation_a_r_n) FROM bill"
    ) == (0.0, 0.0, "")


def test_spot_is_charged_below_list_at_a_rate_that_moves(bills):
    count, rates, least, most, terms, options = bills.row(
        "SELECT count(*), count(DISTINCT line_item_unblended_rate), "
        "min(line_item_unblended_cost / pricing_public_on_demand_cost), "
        "max(line_item_unblended_cost / pricing_public_on_demand_cost), string_agg(DISTINCT pricing_term), "
        "string_agg(DISTINCT pricing_purchase_option) FROM bill WHERE line_item_usage_type LIKE 'SpotUsage:%'"
    )
    assert count > 300
    assert rates > 100
    assert 0.33 < least < most < 0.49
    assert (terms, options) == ("Spot", "Spot")


def test_tax_once_a_month_for_every_account_on_its_own_charges(bills):
    rows = bills.rows(
        "SELECT line_item_usage_account_id, bill_billing_period_start_date, "
        "sum(line_item_unblended_cost) FILTER (line_item_line_item_type = 'Tax') AS tax, "
        "count(*) FILTER (line_item_line_item_type = 'Tax') AS taxes, "
        "sum(line_item_unblended_cost) FILTER (line_item_line_item_type NOT IN ('Tax', 'Fee', 'Credit', 'Refund')) "
        "FROM bill WHERE line_item_usage_account_id <> '111122223333' GROUP BY ALL"
    )
    assert len(rows) == 96
    for *_, tax, taxes, charged in rows:
        assert taxes == 1
        assert tax == pytest.approx(0.012 * charged, abs=0.006)


def test_support_is_three_per_cent_of_the_month_and_charged_to_the_payer(bills):
    rows = bills.rows(
        "SELECT sum(line_item_unblended_cost) FILTER (line_item_line_item_type = 'Fee') AS fee, "
        "sum(line_item_unblended_cost) FILTER (line_item_line_item_type NOT IN ('Tax', 'Fee', 'Credit', 'Refund')) "
        "FROM bill GROUP BY bill_billing_period_start_date"
    )
    assert len(rows) == 24
    assert all(fee == pytest.approx(0.03 * charged, abs=0.006) for fee, charged in rows)
    assert bills.rows(
        "SELECT DISTINCT line_item_usage_account_id, line_item_product_code FROM bill "
        "WHERE line_item_line_item_type = 'Fee'"
    ) == [("111122223333", "AWSSupportBusiness")]


def test_the_credit_is_negative_and_ends_with_april(bills):
    rows = bills.rows(
        "SELECT strftime(bill_billing_period_start_date, '%Y-%m'), line_item_unblended_cost FROM bill "
        "WHERE line_item_line_item_type = 'Credit' ORDER BY 1"
    )
    assert [month for month, _ in rows] == ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]
    assert {cost for _, cost in rows} == {-5000.0}


def test_the_refund_is_negative_billed_in_may_for_days_in_march(bills):
    rows = bills.rows(
        "SELECT strftime(bill_billing_period_start_date, '%Y-%m'), line_item_usage_start_date::DATE::VARCHAR, "
        "bill_bill_type, line_item_unblended_cost < 0, line_item_resource_id FROM bill "
        "WHERE line_item_line_item_type = 'Refund' ORDER BY 2"
    )
    endpoint = "arn:aws:sagemaker:us-east-1:444455556666:endpoint/fraud-scorer-prod"
    assert rows == [
        ("2026-05", "2026-03-17", "Refund", True, endpoint),
        ("2026-05", "2026-03-18", "Refund", True, endpoint),
    ]


def test_only_refunds_come_on_a_refund_bill(bills):
    assert bills.row(
        "SELECT count(*) FROM bill WHERE (bill_bill_type = 'Refund') <> (line_item_line_item_type = 'Refund')"
    ) == (0,)


def test_tokens_are_whole_and_named_tokens(bills):
    count, broken, units = bills.row(
        "SELECT count(*), count(*) FILTER (line_item_usage_amount <> trunc(line_item_usage_amount)), "
        "string_agg(DISTINCT pricing_unit) FROM bill WHERE line_item_product_code = 'AmazonBedrock'"
    )
    assert count > 3000
    assert broken == 0
    assert units == "Tokens"
