"""The Data Platform team: the pipelines and the lake that feed every model.

Glue jobs, an EMR cluster, streams and the lake's buckets. Old data is never moved to colder storage; copies for
a second region are sent every night.
"""

from __future__ import annotations

from costlib.sample import days
from costlib.sample.company import DATA, DATA_PLATFORM, PIPELINE, STORAGE, tags
from costlib.sample.lines import Line, Meter, Owner, usage
from costlib.sample.meters import arn, ec2, metered, s3, volume

#: Glue job, the team as typed, DPU hours a day in November 2025 and September 2026, and its first day.
_JOBS = (
    ("orders-to-lake", "data-platform", 190, 250, "2024-11-01"),
    ("clickstream-sessions", "Data Platform", 300, 430, "2024-11-01"),
    ("product-catalog", "dataplatform", 85, 105, "2024-11-01"),
    ("customer-360", "data-platform", 150, 205, "2025-02-17"),
    ("payments-events", "data-platform", 100, 135, "2024-11-01"),
    ("feature-backfill", "Data Platform", 75, 125, "2025-05-05"),
    ("training-set-builder", "data-platform", 105, 180, "2025-01-13"),
    ("data-quality", "dataplatform ", 55, 75, "2024-11-01"),
)
_BUCKETS = (
    ("nl-lake-raw", "data-platform", 150, 215),
    ("nl-lake-curated", "Data Platform", 95, 140),
    ("nl-training-sets", "data-platform", 90, 175),
)
_EMR_TAGS = tags("data-platform", environment="prod", cost_center="CC-4500", project="lake")
_OWNER = Owner(DATA_PLATFORM, None, PIPELINE)


def lines() -> list[Line]:
    """Every line item of the data account that feeds models."""
    return [*_glue(), *_emr(), *_streams(), *_lake()]


def _glue() -> list[Line]:
    found = []
    for job, team, start, end, first in _JOBS:
        written = tags(team, environment="prod", stage="pipeline", cost_center="CC-4500")
        resource = arn("glue", DATA, f"job/{job}")
        meter = metered(DATA, "AWSGlue", "USE1-ETL-Flex-DPU-Hour", "FlexJobrun", resource, "glue-dpu", written)
        curve = days.ramp(start, end) * days.weekly(0.8) * days.campaign(0.3) * days.noise(days.stream(job), 0.08)
        found.append(usage(meter, _OWNER, (curve * days.since(first)).round(4)))
    return found


def _emr() -> list[Line]:
    """Core nodes as EC2 bills them, and EMR's own fee for the hours of the whole cluster."""
    found = []
    wanted = days.ramp(11.5, 14.5) * days.weekly(0.75) * days.noise(days.stream("emr"), 0.05)
    total = days.flat(0.0)
    for number in range(20):
        running = days.hours((wanted - number) * 24)
        total += running
        found.append(usage(ec2(DATA, f"emr core {number}", "m5.8xlarge", _EMR_TAGS), _OWNER, running))
        if number < 8:
            found.append(volume(DATA, f"emr disk {number}", 2000, running, _EMR_TAGS, _OWNER))
    cluster = arn("elasticmapreduce", DATA, "cluster/j-2NORTHLIGHT01")
    kind, operation = "USE1-BoxUsage:m5.8xlarge", "RunInstances:EMR"
    fee = metered(DATA, "ElasticMapReduce", kind, operation, cluster, "emr-m5.8xlarge", _EMR_TAGS)
    return [*found, usage(fee, _OWNER, total)]


def _streams() -> list[Line]:
    return [line for name in ("clicks", "orders") for line in _stream(name)]


def _stream(name: str) -> list[Line]:
    written = tags("data-platform", environment="prod")
    stream = arn("kinesis", DATA, f"stream/{name}")

    def meter(kind: str, price: str) -> Meter:
        usage_type = f"USE1-OnDemand-{kind}"
        return metered(DATA, "AmazonKinesis", usage_type, "PutRecords", stream, price, written)

    rhythm = days.weekly(1.1) * days.campaign(0.7) * days.noise(days.stream(f"kinesis {name}"), 0.04)
    return [
        usage(meter("StreamHour", "kinesis-stream-hour"), _OWNER, days.flat(24.0)),
        usage(meter("BilledIncomingBytes", "kinesis-gb"), _OWNER, (days.ramp(420, 620) * rhythm).round(4)),
    ]


def _lake() -> list[Line]:
    found = []
    kept = Owner(DATA_PLATFORM, None, STORAGE)
    for bucket, team, start, end in _BUCKETS:
        written = tags(team, environment="prod", stage="storage")
        requests = days.ramp(500_000, 800_000) * days.noise(days.stream(bucket), 0.08)
        found += s3(DATA, bucket, days.ramp(start, end), requests, written, kept)
    return [*found, *_around_the_lake()]


def _around_the_lake() -> list[Line]:
    """Queries on the lake, its copies to a second region, and the state machine of the night."""

    def meter(service: str, usage_type: str, operation: str, resource: str, price: str) -> Meter:
        return metered(DATA, service, usage_type, operation, resource, price, written)

    written = tags("data-platform", environment="prod")
    group, machine = arn("athena", DATA, "workgroup/analytics"), arn("states", DATA, "stateMachine:nightly")
    queries = meter("AmazonAthena", "USE1-DataScannedInTB", "", group, "athena-tb")
    copies = meter("AmazonS3", "USE1-USW2-AWS-Out-Bytes", "PutObjectForRepl", "nl-lake-curated", "region-gb")
    steps = meter("AmazonStates", "USE1-StateTransition", "", machine, "step-transition")
    scanned = days.ramp(11, 17) * days.weekly(0.3) * days.noise(days.stream("athena"), 0.15)
    sent = days.ramp(2600, 4200) * days.noise(days.stream("replication"), 0.1)
    transitions = days.ramp(150_000, 210_000) * days.noise(days.stream("steps"), 0.05)
    return [
        usage(queries, _OWNER, scanned),
        usage(copies, _OWNER, sent.round(4)),
        usage(steps, _OWNER, transitions.round()),
    ]
