"""What the start-up runs: notebooks, endpoints, training, stored data, and the rest, each with its units by day.

Names of owners and teams are those that tags carry. Two notebooks, the checkpoints and the network carry none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from costlib.sample import days, prices

ACCOUNT = "555555555555"
_FUNDED = "2026-01-12"
_MAY, _SEPTEMBER = "2025-05-16", "2026-09-16"
_SAGEMAKER, _S3, _EC2 = "Amazon SageMaker", "Amazon Simple Storage Service", "Amazon Elastic Compute Cloud"

#: Data scientist, first day, machine, and share of nights on which the notebook is left running.
SCIENTISTS = (
    ("adaeze", "2025-05-01", "g5.2xlarge", 0.25),
    ("bruno", "2025-05-01", "g5.2xlarge", 0.55),
    ("chiara", "2025-05-01", "g5.2xlarge", 0.30),
    ("deniz", "2025-06-16", "g5.xlarge", 0.10),
    ("emil", "2025-09-01", "g5.12xlarge", 0.60),
    ("farah", "2025-11-03", "g5.2xlarge", 0.35),
    ("goran", "2026-01-12", "g5.12xlarge", 0.50),
    ("hana", "2026-01-12", "g5.2xlarge", 0.40),
    ("ines", "2026-02-02", "g5.2xlarge", 0.65),
    ("jonas", "2026-03-02", "g5.12xlarge", 0.45),
)

#: Model, machine, and instances from a day on.
MODELS: tuple[tuple[str, str, tuple[tuple[str, int], ...]], ...] = (
    ("churn", "m5.4xlarge", (("2025-05-01", 1), ("2025-12-01", 2), ("2026-06-08", 3))),
    ("lead-scoring", "m5.2xlarge", (("2025-05-19", 2), ("2026-03-09", 4), ("2026-07-06", 5))),
    ("image-search", "g5.xlarge", (("2025-07-07", 1), ("2026-02-09", 2), ("2026-07-13", 3))),
    ("document-reader", "g5.2xlarge", (("2025-10-06", 1), ("2026-04-13", 2), ("2026-08-10", 3))),
    ("chat", "g5.2xlarge", (("2026-04-20", 1),)),
)
TEAM, PRODUCT, DATA = "data-science", "product", "data"


@dataclass(frozen=True)
class Meter:
    """The constants of a charge, USD a unit, and its units by day of the calendar."""

    service: str
    category: str
    meter: str
    resource: str
    unit: str
    price: float
    units: days.FloatArray = field(repr=False)
    tags: Mapping[str, str] = field(default_factory=dict)
    instance: str = ""


def meters() -> list[Meter]:
    """Everything on the bill."""
    return [*_notebooks(), *_endpoints(), *_training(), *_storage(), *_application(), *_overhead(), *_tokens()]


def night_hours() -> pa.Table:
    """Hours in which a notebook ran and nobody worked, for tests: what an automatic shutdown would save.

    One row per day and notebook that ran: day, owner, hours, idle_hours, idle_cost in USD.
    """
    rows = []
    for owner, first, kind, share in SCIENTISTS:
        worked, left = _notebook(owner, first, share)
        for number in np.flatnonzero(worked + left).tolist():
            idle = float(left[number])
            hours = float(worked[number]) + idle
            cost = idle * prices.sagemaker(kind)
            row = {"day": days.dates()[number], "owner": owner, "hours": hours, "idle_hours": idle, "idle_cost": cost}
            rows.append(row)
    return pa.Table.from_pylist(rows)


def _growth(start: float, end: float) -> days.FloatArray:
    """Growth from ``start``, the level of May 2025, to ``end``, that of September 2026; faster after the funding."""
    knots = [days.index(day) for day in ("2025-05-01", _MAY, _FUNDED, "2026-04-01", _SEPTEMBER, "2026-10-20")]
    progress = np.interp(np.arange(days.COUNT), knots, [-0.02, 0.0, 0.38, 0.62, 1.0, 1.07])
    return np.asarray(start * np.power(end / start, progress), dtype=np.float64)


def _notebook(owner: str, first: str, share: float) -> tuple[days.FloatArray, days.FloatArray]:
    """Hours a day in which the owner worked, and in which the notebook was left running."""
    workday = days.on_weekdays(0, 1, 2, 3, 4) & days.since(first)
    worked = (7.5 * days.noise(days.stream(f"startup {owner}"), 0.2) * workday).round(2)
    forgotten = (days.draws(days.stream(f"startup nights {owner}")) < share) & days.since(first)
    left = np.where(workday, 24 - worked, 24.0) * forgotten
    return worked, np.asarray(left, dtype=np.float64).round(2)


def _notebooks() -> list[Meter]:
    found = []
    for owner, first, kind, share in SCIENTISTS:
        hours = np.add(*_notebook(owner, first, share))
        written = {"team": TEAM, "owner": owner, "stage": "notebook"} if owner not in ("bruno", "ines") else {}
        found.append(_machine("Notebk", kind, f"notebook-instance/{owner}", hours, written))
    return found


def _endpoints() -> list[Meter]:
    """Endpoints of the five models, and two of demonstrations that nobody calls."""
    found = []
    for model, kind, counts in MODELS:
        written = {"team": PRODUCT, "model": model, "stage": "inference"}
        found.append(_machine("Host", kind, f"endpoint/{model}", 24.0 * days.steps(0, *counts), written))
    for name, first in (("demo-fair-2025", "2025-10-20"), ("demo-investors", "2026-01-05")):
        running = days.flat(24.0) * days.since(first)
        found.append(_machine("Host", "g5.2xlarge", f"endpoint/{name}", running, {"team": TEAM}))
    return found


def _training() -> list[Meter]:
    """Weekly retraining of each model, and sweeps that start in the evening and end when they end."""
    found = []
    for number, (model, _, counts) in enumerate(MODELS):
        hours = _growth(2.0, 8.0) * days.on_weekdays(number) * days.since(counts[0][0])
        written = {"team": TEAM, "model": model, "stage": "training"}
        found.append(_machine("Train", "g5.12xlarge", f"training-job/{model}", hours.round(2), written))
    for name, most in (("ranking", 46.0), ("documents", 34.0), ("prompts", 22.0)):
        rng = days.stream(f"startup sweep {name}")
        started = days.draws(rng) < 0.45
        hours = _growth(0.2, 1.0) * most * started * days.noise(rng, 0.7)
        written = {"team": TEAM, "stage": "training"}
        found.append(_machine("Train", "g5.12xlarge", f"training-job/sweep-{name}", hours.round(2), written))
    return found


def _storage() -> list[Meter]:
    """Raw data that only grows and is read for a month, training sets made from it, and checkpoints."""
    found = []
    for bucket, start, end, written in (
        ("tidewater-raw", 9.0, 150.0, {"team": DATA, "stage": "storage"}),
        ("tidewater-training-sets", 4.0, 42.0, {"team": DATA, "stage": "storage"}),
        ("tidewater-checkpoints", 1.0, 22.0, {}),
    ):
        stored = (_growth(start, end) * 1024 / days.month_days()).round(6)
        price, unit = prices.UNIT["s3-gb"]
        name = f"arn:aws:s3:::{bucket}"
        found.append(Meter(_S3, "Storage", "TimedStorage-ByteHrs", name, unit, price, stored, written))
        price, unit = prices.UNIT["s3-tier1"]
        puts = (_growth(start, end) * 9000).round()
        found.append(Meter(_S3, "Storage", "Requests-Tier1", name, unit, price, puts, written))
    return found


def _application() -> list[Meter]:
    """The servers of the shop and its database."""
    app = {"team": PRODUCT, "environment": "prod"}
    servers = _growth(1.2, 4.0) * days.noise(days.stream("startup servers"), 0.05)
    price, unit = prices.UNIT["rds-m5.2xlarge"]
    service, meter = "Amazon Relational Database Service", "InstanceUsage:db.m5.2xlarge"
    hours = days.steps(24, ("2026-02-16", 48))
    return [
        Meter(_EC2, "Compute", "BoxUsage:m5.4xlarge", "asg/shop", "Hrs", 0.768, (servers * 24).round(2), app),
        Meter(service, "Databases", meter, "db:shop", unit, price, hours, app),
    ]


def _overhead() -> list[Meter]:
    """Network, the nightly pipeline, and logs."""
    owned, run = {"team": DATA, "stage": "mlops"}, {"team": DATA, "stage": "pipeline"}
    jobs = (_growth(30, 240) * days.noise(days.stream("startup pipelines"), 0.08)).round(4)
    sent, logged = _growth(120, 700).round(3), _growth(6, 40).round(3)
    (nat, nat_unit), (dpu, dpu_unit) = prices.UNIT["nat-gb"], prices.UNIT["glue-dpu"]
    log, log_unit = prices.UNIT["cloudwatch-gb"]
    network, meter = "natgateway/nat-0tidewater", "USE1-DataProcessing-Bytes"
    watch = "AmazonCloudWatch", "Management and Governance"
    return [
        Meter(_EC2, "Networking", "NatGateway-Bytes", network, nat_unit, nat, sent, owned),
        Meter("AWS Glue", "Analytics", "USE1-ETL-DPU-Hour", "job/nightly", dpu_unit, dpu, jobs, run),
        Meter(*watch, meter, "log-group:shop", log_unit, log, logged, owned),
    ]


def _tokens() -> list[Meter]:
    """Tokens of a vendor's model on Bedrock since May 2026."""
    used = (_growth(10e6, 95e6) * days.weekly(0.3) * days.since("2026-05-04")).round()
    price, profile = prices.token("NovaPro", "input"), "application-inference-profile/chat"
    written = {"team": PRODUCT, "model": "chat", "stage": "inference"}
    meter = "USE1-NovaPro-input-tokens"
    return [Meter("Amazon Bedrock", "AI and Machine Learning", meter, profile, "Tokens", price, used, written)]


def _machine(use: str, kind: str, name: str, hours: days.FloatArray, written: Mapping[str, str]) -> Meter:
    meter, price = f"USE1-{use}:ml.{kind}", prices.sagemaker(kind)
    resource = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:{name}"
    return Meter(_SAGEMAKER, "AI and Machine Learning", meter, resource, "Hrs", price, hours, written, f"ml.{kind}")
