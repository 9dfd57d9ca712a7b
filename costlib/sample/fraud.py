"""The Fraud team: one model, good and costly, on GPUs of its own.

The endpoint was scaled up for Black Friday 2024 and back after it; for Black Friday 2025 it was scaled up and never
back, then grew three times more. A shadow endpoint scores the same traffic for the next version. A canary in the
development account has served nothing since March.
"""

from __future__ import annotations

from collections.abc import Mapping

from costlib.sample import days
from costlib.sample.company import (
    BATCH,
    EXPERIMENTATION,
    FRAUD,
    IDLE,
    ML_DEV,
    ML_PROD,
    PIPELINE,
    REAL_TIME,
    STORAGE,
    TRAINING,
    tags,
)
from costlib.sample.lines import DAY, Line, Meter, Owner, usage
from costlib.sample.meters import arn, job, metered, s3, sagemaker

MODEL = "fraud-scorer"

#: Instances of the endpoint from a day on.
_INSTANCES = (
    ("2024-11-21", 8),
    ("2024-12-30", 6),
    ("2025-02-03", 8),
    ("2025-05-19", 9),
    ("2025-08-25", 12),
    ("2025-11-20", 14),
    ("2026-02-16", 15),
    ("2026-05-11", 17),
    ("2026-08-17", 18),
)


def lines() -> list[Line]:
    """Every line item whose cause is the Fraud team."""
    return [*_serving(), *_training(), *_features(), *_notebooks()]


def _serving() -> list[Line]:
    live = Owner(FRAUD, MODEL, REAL_TIME)
    gpus = days.steps(6, *_INSTANCES)
    scoring = (
        days.ramp(1.0, 1.55) * days.weekly(1.1) * days.campaign(0.7) * days.noise(days.stream("fraud traffic"), 0.04)
    )
    prod = {"user_environment": "prod", "user_cost_center": "CC-4100"}
    shadow = tags("fraud", model="Fraud_Scorer", stage="realtime", environment="prod", cost_center="CC-4100")
    idle = tags(None, environment="dev", owner="a.moreau")
    canary = sagemaker(ML_DEV, "Host", "g5.12xlarge", "endpoint/fraud-scorer-dev-canary", idle)
    return [
        usage(sagemaker(ML_PROD, "Host", "g5.12xlarge", "endpoint/fraud-scorer-prod", prod), live, gpus * 24),
        *_payload("fraud-scorer-prod", prod, live, scoring * 900),
        usage(
            sagemaker(ML_PROD, "Host", "g5.12xlarge", "endpoint/fraud-scorer-shadow", shadow),
            live,
            24.0 * days.since("2026-01-12"),
        ),
        *_payload("fraud-scorer-shadow", shadow, live, scoring * 400 * days.since("2026-01-12")),
        usage(canary, Owner(FRAUD, MODEL, IDLE), 24.0 * days.since("2026-03-09")),
    ]


def _payload(endpoint: str, written: Mapping[str, str], owner: Owner, gigabytes: days.FloatArray) -> list[Line]:
    def meter(direction: str) -> Meter:
        resource = arn("sagemaker", ML_PROD, f"endpoint/{endpoint}")
        kind = f"USE1-Hst:Data-Bytes-{direction}"
        return metered(ML_PROD, "AmazonSageMaker", kind, "InvokeEndpoint", resource, "hosting-gb", written)

    return [usage(meter("In"), owner, gigabytes.round(4)), usage(meter("Out"), owner, (gigabytes * 0.08).round(4))]


def _training() -> list[Line]:
    retrained = tags("FRAUD-ML", model="fraud-scorer", stage="training", environment="prod", business_unit="Risk")
    hours = days.ramp(28, 36) * days.noise(days.stream("fraud training"), 0.08) * days.on_weekdays(6)
    backtest = tags("Fraud ", model="fraud-scorer", stage="batch", environment="prod")
    scored = sagemaker(ML_PROD, "Tsform", "g5.2xlarge", f"transform-job/fraud-backtest-{DAY}", backtest)
    return [
        *job(
            "Train",
            "p4d.24xlarge",
            f"training-job/fraud-scorer-retrain-{DAY}",
            retrained,
            Owner(FRAUD, MODEL, TRAINING),
            hours.round(4),
        ),
        usage(scored, Owner(FRAUD, MODEL, BATCH), days.ramp(60, 75) * days.on_weekdays(0)),
    ]


def _features() -> list[Line]:
    written = tags("Fraud", model="fraud-scorer", stage="pipeline", environment="Prod", business_unit="Risk")
    built = sagemaker(ML_PROD, "Processing", "m5.12xlarge", f"processing-job/fraud-features-{DAY}", written)
    volume = (
        days.ramp(1.0, 1.6) * days.weekly(1.0) * days.campaign(0.6) * days.noise(days.stream("fraud features"), 0.03)
    )
    owner, kept = Owner(FRAUD, MODEL, PIPELINE), Owner(FRAUD, MODEL, STORAGE)
    group = arn("sagemaker", ML_PROD, "feature-group/fraud-transactions")
    online = tags("fraud", model="fraud-scorer", environment="prod", business_unit="Risk")

    def meter(kind: str, operation: str, price: str) -> Meter:
        usage_type = f"USE1-FeatureStore:{kind}"
        return metered(ML_PROD, "AmazonSageMaker", usage_type, operation, group, price, online)

    stored = days.ramp(1800, 2900) / days.month_days()
    datasets = tags("Fraud ", model="fraud-scorer", stage="storage", environment="prod")
    return [
        usage(built, owner, (volume * 34).round(4)),
        usage(meter("WriteRequestUnits", "PutRecord", "feature-write"), owner, (volume * 36e6).round()),
        usage(meter("ReadRequestUnits", "GetRecord", "feature-read"), owner, (volume * 150e6).round()),
        usage(meter("StandardStorage-ByteHrs", "Storage", "feature-store-gb"), kept, stored.round(6)),
        *s3(ML_PROD, "nl-fraud-datasets", days.ramp(38, 80), volume * 400_000, datasets, kept),
    ]


def _notebooks() -> list[Line]:
    owner = Owner(FRAUD, MODEL, EXPERIMENTATION)
    found = []
    for number, team in enumerate(("fraud", "Fraud ", "FRAUD-ML"), start=1):
        written = tags(team, stage="notebook", environment="dev", project="fraud-research")
        meter = sagemaker(ML_DEV, "Notebk", "g5.12xlarge", f"notebook-instance/fraud-research-{number}", written)
        rng = days.stream(f"fraud notebook {number}")
        hours = days.hours(days.ramp(6, 9) * days.weekly(0.15) * days.noise(rng, 0.3))
        found.append(usage(meter, owner, hours))
    return found
