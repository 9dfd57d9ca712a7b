"""The columns of the sample's CUR 2.0 export, in order, with the types that AWS writes.

Costs and amounts are doubles, rates are text, dates are UTC timestamps, ``product``, ``resource_tags`` and
``cost_category`` are maps of text. Names are those of AWS's CUR 2.0 table dictionary; of its columns, those for
net costs, split cost allocation and capacity are left out, as an export's own SELECT may do.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

_TEXT: Final = pa.string()
_DOUBLE: Final = pa.float64()
_TIME: Final = pa.timestamp("ms")
_MAP: Final = pa.map_(pa.string(), pa.string())

SCHEMA: Final = pa.schema(
    [
        ("bill_bill_type", _TEXT),
        ("bill_billing_entity", _TEXT),
        ("bill_billing_period_end_date", _TIME),
        ("bill_billing_period_start_date", _TIME),
        ("bill_invoice_id", _TEXT),
        ("bill_invoicing_entity", _TEXT),
        ("bill_payer_account_id", _TEXT),
        ("bill_payer_account_name", _TEXT),
        ("cost_category", _MAP),
        ("identity_line_item_id", _TEXT),
        ("identity_time_interval", _TEXT),
        ("line_item_availability_zone", _TEXT),
        ("line_item_blended_cost", _DOUBLE),
        ("line_item_blended_rate", _TEXT),
        ("line_item_currency_code", _TEXT),
        ("line_item_legal_entity", _TEXT),
        ("line_item_line_item_description", _TEXT),
        ("line_item_line_item_type", _TEXT),
        ("line_item_normalization_factor", _DOUBLE),
        ("line_item_normalized_usage_amount", _DOUBLE),
        ("line_item_operation", _TEXT),
        ("line_item_product_code", _TEXT),
        ("line_item_resource_id", _TEXT),
        ("line_item_tax_type", _TEXT),
        ("line_item_unblended_cost", _DOUBLE),
        ("line_item_unblended_rate", _TEXT),
        ("line_item_usage_account_id", _TEXT),
        ("line_item_usage_account_name", _TEXT),
        ("line_item_usage_amount", _DOUBLE),
        ("line_item_usage_end_date", _TIME),
        ("line_item_usage_start_date", _TIME),
        ("line_item_usage_type", _TEXT),
        ("pricing_currency", _TEXT),
        ("pricing_lease_contract_length", _TEXT),
        ("pricing_offering_class", _TEXT),
        ("pricing_public_on_demand_cost", _DOUBLE),
        ("pricing_public_on_demand_rate", _TEXT),
        ("pricing_purchase_option", _TEXT),
        ("pricing_rate_code", _TEXT),
        ("pricing_rate_id", _TEXT),
        ("pricing_term", _TEXT),
        ("pricing_unit", _TEXT),
        ("product", _MAP),
        ("product_instance_type", _TEXT),
        ("product_location", _TEXT),
        ("product_location_type", _TEXT),
        ("product_operation", _TEXT),
        ("product_pricing_unit", _TEXT),
        ("product_product_family", _TEXT),
        ("product_region_code", _TEXT),
        ("product_servicecode", _TEXT),
        ("product_sku", _TEXT),
        ("product_usagetype", _TEXT),
        ("reservation_effective_cost", _DOUBLE),
        ("reservation_reservation_a_r_n", _TEXT),
        ("reservation_unused_amortized_upfront_fee_for_billing_period", _DOUBLE),
        ("reservation_unused_recurring_fee", _DOUBLE),
        ("resource_tags", _MAP),
        ("savings_plan_amortized_upfront_commitment_for_billing_period", _DOUBLE),
        ("savings_plan_end_time", _TEXT),
        ("savings_plan_offering_type", _TEXT),
        ("savings_plan_payment_option", _TEXT),
        ("savings_plan_purchase_term", _TEXT),
        ("savings_plan_recurring_commitment_for_billing_period", _DOUBLE),
        ("savings_plan_region", _TEXT),
        ("savings_plan_savings_plan_a_r_n", _TEXT),
        ("savings_plan_savings_plan_effective_cost", _DOUBLE),
        ("savings_plan_savings_plan_rate", _TEXT),
        ("savings_plan_start_time", _TEXT),
        ("savings_plan_total_commitment_to_date", _TEXT),
        ("savings_plan_used_commitment", _TEXT),
    ]
)

#: Product codes and the product names that bills show.
PRODUCT_NAMES: Final = {
    "AWSELB": "Elastic Load Balancing",
    "AWSGlue": "AWS Glue",
    "AWSLambda": "AWS Lambda",
    "AWSSupportBusiness": "AWS Support (Business)",
    "AmazonAthena": "Amazon Athena",
    "AmazonBedrock": "Amazon Bedrock",
    "AmazonCloudFront": "Amazon CloudFront",
    "AmazonCloudWatch": "AmazonCloudWatch",
    "AmazonDynamoDB": "Amazon DynamoDB",
    "AmazonEC2": "Amazon Elastic Compute Cloud",
    "AmazonECR": "Amazon EC2 Container Registry (ECR)",
    "AmazonEFS": "Amazon Elastic File System",
    "AmazonEKS": "Amazon Elastic Container Service for Kubernetes",
    "AmazonES": "Amazon OpenSearch Service",
    "AmazonElastiCache": "Amazon ElastiCache",
    "AmazonFSx": "Amazon FSx",
    "AmazonKinesis": "Amazon Kinesis",
    "AmazonRDS": "Amazon Relational Database Service",
    "AmazonS3": "Amazon Simple Storage Service",
    "AmazonSageMaker": "Amazon SageMaker",
    "AmazonStates": "AWS Step Functions",
    "ComputeSavingsPlans": "Savings Plans for AWS Compute usage",
    "ElasticMapReduce": "Amazon Elastic MapReduce",
    "awskms": "AWS Key Management Service",
}
