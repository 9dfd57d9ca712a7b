"""List prices of the sample, in USD, us-east-1.

EC2 hours are facts: the AWS price list for us-east-1 as of 2026-07-20, as published with the Karpenter provider
(Apache-2.0). So is the cut of P4d by a third on 1 June 2025 (AWS News Blog, 5 June 2025), from 32.7726. Bedrock
tokens are facts: AWS's prices for Amazon Nova and Titan as carried by genai-prices 0.2.3 (MIT, November 2026).
Everything else is an assumption of the right order: SageMaker instances at 1.25 times the EC2 hour (which meets the
published 7.09 for ml.g5.12xlarge), a Compute Savings Plan of one year without upfront at 25 % below list for the GPU
nodes, spot between 52 and 66 % below list, and the unit prices in ``UNIT``.
"""

from __future__ import annotations

from typing import Final

from costlib.sample.days import BoolArray, since

#: AWS price list us-east-1, on demand, Linux, USD an hour, 2026-07-20.
EC2: Final = {
    "c5.2xlarge": 0.34,
    "c5.4xlarge": 0.68,
    "g5.xlarge": 1.006,
    "g5.2xlarge": 1.212,
    "g5.4xlarge": 1.624,
    "g5.12xlarge": 5.672,
    "g5.48xlarge": 16.288,
    "m5.xlarge": 0.192,
    "m5.2xlarge": 0.384,
    "m5.4xlarge": 0.768,
    "m5.8xlarge": 1.536,
    "m5.12xlarge": 2.304,
    "m5.24xlarge": 4.608,
    "p4d.24xlarge": 21.957642,
    "t3.large": 0.0832,
}

#: Instances that were dearer once: the first day of today's price, and the price before.
_CUTS: Final = {"p4d.24xlarge": ("2025-06-01", 32.7726)}

#: Amazon Nova and Titan on Bedrock, USD a million tokens (genai-prices 0.2.3; Titan v1 at 0.1).
BEDROCK_MILLION: Final = {
    ("NovaPremier", "input"): 2.5,
    ("NovaPremier", "cache-read"): 0.625,
    ("NovaPremier", "output"): 12.5,
    ("NovaPro", "input"): 0.8,
    ("NovaPro", "cache-read"): 0.2,
    ("NovaPro", "output"): 3.2,
    ("TitanEmbeddingG1-Text", "input"): 0.1,
}

#: Assumed: USD a unit, and the unit as bills write it.
UNIT: Final = {
    "alb-hour": (0.0225, "Hrs"),
    "alb-lcu": (0.008, "LCU-Hrs"),
    "athena-tb": (5.0, "Terabytes"),
    "cloudfront-gb": (0.06, "GB"),
    "cloudfront-requests": (0.000001, "Requests"),
    "cloudwatch-gb": (0.5, "GB"),
    "cloudwatch-metric": (0.3, "Metrics"),
    "dynamodb-read": (0.000000125, "ReadRequestUnits"),
    "dynamodb-write": (0.000000625, "WriteRequestUnits"),
    "ebs-gp3": (0.08, "GB-Mo"),
    "ecr-gb": (0.1, "GB-Mo"),
    "efs-gb": (0.3, "GB-Mo"),
    "egress-gb": (0.09, "GB"),
    "eks-hour": (0.1, "Hrs"),
    "elasticache-r6g.2xlarge": (0.821, "Hrs"),
    "emr-m5.8xlarge": (0.27, "Hrs"),
    "feature-read": (0.00000025, "ReadRequestUnits"),
    "feature-store-gb": (0.45, "GB-Mo"),
    "feature-write": (0.00000125, "WriteRequestUnits"),
    "fsx-gb": (0.145, "GB-Mo"),
    "glue-dpu": (0.44, "DPU-Hour"),
    "hosting-gb": (0.016, "GB"),
    "kinesis-gb": (0.08, "GB"),
    "kinesis-stream-hour": (0.04, "StreamHr"),
    "kms-requests": (0.000003, "Requests"),
    "lambda-gb-second": (0.0000166667, "Lambda-GB-Second"),
    "lambda-requests": (0.0000002, "Lambda-Requests"),
    "nat-gb": (0.045, "GB"),
    "nat-hour": (0.045, "Hrs"),
    "opensearch-ocu": (0.24, "OCU-hours"),
    "opensearch-r6g.4xlarge": (1.47, "Hrs"),
    "rds-m5.2xlarge": (0.712, "Hrs"),
    "rds-m5.xlarge": (0.356, "Hrs"),
    "rds-r5.4xlarge": (2.32, "Hrs"),
    "rds-storage-gb": (0.115, "GB-Mo"),
    "region-gb": (0.02, "GB"),
    "s3-gb": (0.023, "GB-Mo"),
    "s3-tier1": (0.000005, "Requests"),
    "s3-tier2": (0.0000004, "Requests"),
    "step-transition": (0.000025, "StateTransitions"),
    "zone-gb": (0.01, "GB"),
}

SAGEMAKER_FACTOR: Final = 1.25
SAVINGS_PLAN_FACTOR: Final = 0.75
SPOT_FACTORS: Final = (0.34, 0.48)


def eras(kind: str) -> tuple[tuple[float, BoolArray], ...]:
    """The prices that an EC2 type had, in USD an hour, each with the days of it.

    >>> [(price, int(days.sum())) for price, days in eras("p4d.24xlarge")]
    [(32.7726, 212), (21.957642, 507)]
    """
    if kind not in _CUTS:
        return ((EC2[kind], since("2024-11-01")),)
    cut, before = _CUTS[kind]
    return (before, ~since(cut)), (EC2[kind], since(cut))


def sagemaker(kind: str, ec2: float | None = None) -> float:
    """USD an hour of ``ml.`` plus the EC2 type, by the assumption above; of an earlier EC2 price where one is given.

    >>> sagemaker("g5.12xlarge")
    7.09
    """
    return round((ec2 or EC2[kind]) * SAGEMAKER_FACTOR, 7)


def token(model: str, use: str) -> float:
    """USD a token on Bedrock.

    >>> token("NovaPro", "input")
    8e-07
    """
    return round(BEDROCK_MILLION[model, use] / 1_000_000, 12)


def savings_plan(kind: str) -> float:
    """USD an hour of the EC2 type under the Savings Plan, by the assumption above."""
    return round(EC2[kind] * SAVINGS_PLAN_FACTOR, 7)
