"""The ML Platform team, everybody's experiments, and what nobody tagged.

Overhead that serves all models (MLflow, registries, logs, scratch storage), Studio apps of data scientists, and
GPU boxes that people started by hand: those carry no tag, and their names say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from costlib.sample import days
from costlib.sample.company import (
    DATA_PLATFORM,
    EXPERIMENTATION,
    FRAUD,
    ML_DEV,
    ML_PLATFORM,
    ML_PROD,
    OVERHEAD,
    RECS,
    SEARCH,
    STORAGE,
    tags,
)
from costlib.sample.lines import Line, Meter, Owner, usage
from costlib.sample.meters import NO_TAGS, arn, ec2, metered, s3, sagemaker, volume

_OVERHEAD = Owner(ML_PLATFORM, None, OVERHEAD)
_TAGS = tags("ml-platform", environment="prod", stage="mlops", cost_center="CC-4600")

#: Registry, the tags of the repository, its owner, and its first day.
_REPOSITORIES: tuple[tuple[str, Mapping[str, str], Owner, str], ...] = (
    ("fraud-scorer", tags("fraud", model="fraud-scorer"), Owner(FRAUD, "fraud-scorer", OVERHEAD), "2024-11-01"),
    ("search-ranker", tags("search", model="search-ranker"), Owner(SEARCH, "search-ranker", OVERHEAD), "2024-11-01"),
    ("recs-two-tower", tags("recs"), Owner(RECS, "recs-two-tower", OVERHEAD), "2025-03-10"),
    (
        "demand-forecast",
        tags("data-platform", model="demand-forecast"),
        Owner(DATA_PLATFORM, "demand-forecast", OVERHEAD),
        "2024-11-01",
    ),
    ("ml-base-images", tags("MLPlatform"), _OVERHEAD, "2024-11-01"),
)

#: Studio user, the team as typed, the team in truth, hours of a working day, the machine, and the first day.
_STUDIO = (
    ("a-moreau", "fraud", FRAUD, 8.0, "g5.12xlarge", "2024-11-01"),
    ("b-okafor", "Fraud", FRAUD, 5.0, "g5.2xlarge", "2025-05-05"),
    ("c-lindqvist", "search", SEARCH, 9.0, "g5.12xlarge", "2024-11-01"),
    ("d-rossi", "Search ", SEARCH, 6.0, "g5.2xlarge", "2025-02-10"),
    ("e-tanaka", "recs", RECS, 9.0, "g5.12xlarge", "2024-11-01"),
    ("f-novak", "Recommendations", RECS, 7.0, "g5.12xlarge", "2025-09-01"),
    ("g-silva", "recs", RECS, 5.0, "g5.2xlarge", "2025-04-07"),
    ("h-weber", "ml-platform", ML_PLATFORM, 5.0, "g5.12xlarge", "2024-11-01"),
    ("i-haddad", "ml platform ", ML_PLATFORM, 4.0, "m5.2xlarge", "2025-10-01"),
    ("j-petrov", "data-platform", DATA_PLATFORM, 6.0, "m5.4xlarge", "2025-01-13"),
)

#: Box started by hand, the team it truly works for, and its first day.
_BOXES = (("gpu box 1", RECS, "2025-07-07"), ("gpu box 2", SEARCH, "2025-08-11"), ("gpu box 3", FRAUD, "2025-10-06"))


def lines() -> list[Line]:
    """Overhead of the platform, experiments, and untagged things."""
    return [*_tracking(), *_registries(), *_scratch(), *_observability(), *_studio(), *_boxes()]


def _tracking() -> list[Line]:
    found = []
    for number in (1, 2):
        written = {**_TAGS, "user_name": f"mlflow-{number}"}
        found.append(usage(ec2(ML_PROD, f"mlflow {number}", "m5.4xlarge", written), _OVERHEAD, days.flat(24.0)))
        found.append(volume(ML_PROD, f"mlflow disk {number}", 500, days.flat(24.0), written, _OVERHEAD))
    database = arn("rds", ML_PROD, "db:mlflow")
    server = metered(
        ML_PROD, "AmazonRDS", "InstanceUsage:db.m5.xlarge", "CreateDBInstance:0014", database, "rds-m5.xlarge", _TAGS
    )
    disk = metered(ML_PROD, "AmazonRDS", "RDS:GP3-Storage", "CreateDBInstance:0014", database, "rds-storage-gb", _TAGS)
    return [
        *found,
        usage(server, _OVERHEAD, days.flat(24.0)),
        usage(disk, _OVERHEAD, (days.ramp(400, 900) / days.month_days()).round(6)),
        *s3(
            ML_PROD,
            "nl-mlflow-artifacts",
            days.ramp(26, 64),
            days.ramp(60_000, 95_000),
            _TAGS,
            Owner(ML_PLATFORM, None, STORAGE),
        ),
    ]


def _registries() -> list[Line]:
    found = []
    for name, written, owner, first in _REPOSITORIES:
        repository = arn("ecr", ML_PROD, f"repository/{name}")
        meter = metered(ML_PROD, "AmazonECR", "TimedStorage-ByteHrs", "", repository, "ecr-gb", written)
        found.append(usage(meter, owner, (days.ramp(2200, 4300) / days.month_days() * days.since(first)).round(6)))
    return found


def _scratch() -> list[Line]:
    system = arn("fsx", ML_PROD, "file-system/fs-0a1b2c3d4e5f60718")
    lustre = metered(
        ML_PROD, "AmazonFSx", "USE1-Storage-Lustre-PERSISTENT_125", "CreateFileSystem:Lustre", system, "fsx-gb", _TAGS
    )
    home = arn("elasticfilesystem", ML_DEV, "file-system/fs-0918273645aabbccd")
    studio = metered(ML_DEV, "AmazonEFS", "USE1-TimedStorage-ByteHrs", "", home, "efs-gb", _TAGS)
    terabytes = days.steps(21.6, ("2025-04-07", 28.8), ("2025-09-15", 43.2), ("2026-04-13", 57.6))
    kept = Owner(ML_PLATFORM, None, STORAGE)
    return [
        usage(lustre, kept, (terabytes * 1000 / days.month_days()).round(6)),
        usage(studio, _OVERHEAD, (days.ramp(2600, 5200) / days.month_days()).round(6)),
    ]


def _observability() -> list[Line]:
    found = []
    for account, group, start, end in (
        (ML_PROD, "/aws/sagemaker/Endpoints", 120, 190),
        (ML_PROD, "/aws/containerinsights/ml-shared-gpu", 80, 120),
        (ML_DEV, "/aws/sagemaker/studio", 18, 26),
    ):
        name = arn("logs", account, f"log-group:{group}")
        meter = metered(
            account, "AmazonCloudWatch", "USE1-DataProcessing-Bytes", "PutLogEvents", name, "cloudwatch-gb", NO_TAGS
        )
        curve = days.ramp(start, end) * days.weekly(0.9) * days.noise(days.stream(group), 0.07)
        found.append(usage(meter, _OVERHEAD, curve.round(6)))
    metrics = metered(
        ML_PROD, "AmazonCloudWatch", "USE1-CW:MetricMonitorUsage", "MetricStorage", "", "cloudwatch-metric", NO_TAGS
    )
    found.append(usage(metrics, _OVERHEAD, (days.ramp(4200, 6100) / days.month_days()).round(6)))
    for number in (1, 2):
        found += _gateway(number)
    return found


def _gateway(number: int) -> list[Line]:
    gateway = arn("ec2", ML_PROD, f"natgateway/nat-0c0ffee{number:010d}")

    def meter(kind: str, price: str) -> Meter:
        return metered(ML_PROD, "AmazonEC2", kind, "NatGateway", gateway, price, NO_TAGS, "NAT Gateway")

    traffic = days.ramp(700, 1150) * days.noise(days.stream(f"nat {number}"), 0.1)
    return [
        usage(meter("NatGateway-Hours", "nat-hour"), _OVERHEAD, days.flat(24.0)),
        usage(meter("NatGateway-Bytes", "nat-gb"), _OVERHEAD, traffic.round(4)),
    ]


def _studio() -> list[Line]:
    found = []
    for user, team, truth, hours, kind, first in _STUDIO:
        written = tags(team, environment="dev", stage="dev", owner=user)
        app = sagemaker(ML_DEV, "Studio:JupyterLab", kind, f"app/northlight/{user}/JupyterLab/default", written)
        curve = days.ramp(hours, hours * 1.35) * days.weekly(0.1) * days.noise(days.stream(f"studio {user}"), 0.35)
        found.append(usage(app, Owner(truth, None, EXPERIMENTATION), days.hours(curve) * days.since(first)))
    forgotten = sagemaker(ML_DEV, "Notebk", "g5.2xlarge", "notebook-instance/tmp-clq-test", NO_TAGS)
    running = 24.0 * days.since("2026-01-22")
    return [*found, usage(forgotten, Owner(SEARCH, "search-ranker", EXPERIMENTATION), running)]


def _boxes() -> list[Line]:
    found = []
    for box, team, first in _BOXES:
        started = days.since(first)
        hours = started * days.hours(days.ramp(15, 20) * days.weekly(0.6) * days.noise(days.stream(box), 0.25))
        owner = Owner(team, None, EXPERIMENTATION)
        found.append(usage(ec2(ML_DEV, box, "g5.12xlarge", NO_TAGS), owner, hours))
        found.append(volume(ML_DEV, f"{box} disk", 1000, days.flat(24.0) * started, NO_TAGS, owner))
    return found
