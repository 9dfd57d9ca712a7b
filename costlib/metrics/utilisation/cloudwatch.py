"""Utilisation of SageMaker endpoints from Amazon CloudWatch: daily means of GPU and CPU, daily sums of invocations.

Where: ``cloudwatch:`` for the region of the AWS environment or ``cloudwatch:eu-west-1``, with
``?from=2026-09-01&to=2026-10-01`` (whole months, the end not included; default: the month of the bills' last day).

CloudWatch's ``GPUUtilization`` of an endpoint goes from 0 to 100 times the GPUs of an instance, ``CPUUtilization`` to
100 times its CPUs: both are divided by what EC2 says that the instance type has. Variants of one endpoint are weighed
by their samples. Endpoints that are gone are not asked: nothing tells what they ran on. Serverless ones have no
machine.

Needed: ``sagemaker:ListEndpoints``, ``DescribeEndpoint``, ``DescribeEndpointConfig``, ``ec2:DescribeInstanceTypes``,
``cloudwatch:GetMetricData``. Source: SageMaker Developer Guide, "Amazon SageMaker AI metrics in Amazon CloudWatch";
CloudWatch API Reference, GetMetricData (November 2026). CloudWatch keeps daily figures for 455 days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from costlib.analysis.units.readings import REQUESTS, Basis, Reading
from costlib.errors import InputError
from costlib.metrics.utilisation.known import share_of
from costlib.periods import Window
from costlib.sources.aws_session import client, said_plainly

if TYPE_CHECKING:
    from botocore.client import BaseClient

PREFIX: Final = "cloudwatch:"
PAGE: Final = 100
#: Metrics that one question may ask for, by the API's reference.
QUESTION: Final = 500
_INSTANCES, _INVOKED = "/aws/sagemaker/Endpoints", "AWS/SageMaker"
_DAY_SECONDS: Final = 86_400
Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """One daily figure of a variant: what is measured, CloudWatch's name for it, and the statistic."""

    measure: str
    namespace: str
    metric: str
    stat: str


@dataclass(frozen=True)
class Variant:
    """A variant of an endpoint and the instance type that it runs on, as EC2 calls it."""

    arn: str
    endpoint: str
    name: str
    instance: str


@dataclass(frozen=True)
class Size:
    """GPUs and CPUs of an instance type."""

    gpus: int
    cpus: int


_SHARES: Final = {Basis.BUSY: "GPUUtilization", Basis.CPU: "CPUUtilization"}
_ASKED: Final = (
    *(Asked(basis, _INSTANCES, name, stat) for basis, name in _SHARES.items() for stat in ("Average", "SampleCount")),
    Asked(REQUESTS, _INVOKED, "Invocations", "Sum"),
)
#: Daily figures of each variant.
Figures = dict[tuple[Variant, Asked], dict[date, Decimal]]


def fetch_readings(
    region: str | None, window: Window, progress: Callable[[str], None] = lambda message: None, page: int = PAGE
) -> list[Reading]:
    """The readings of every endpoint of the region by day; a resource is an endpoint's ARN, as on the bill.

    Raises ``InputError`` with what AWS said, and for a figure that the instance type cannot have.
    """
    where = f"{PREFIX}{region or ''}"
    with said_plainly(where):
        variants = list(_variants(client("sagemaker", region), page))
        sizes = _sizes(client("ec2", region), sorted({one.instance for one in variants}))
        progress(f"CloudWatch is asked for {len(variants) * len(_ASKED):,} metrics of {len(variants):,} variants")
        figures = metric_data(client("cloudwatch", region), variants, window, where)
    return [one for variant in variants for one in _readings(variant, sizes.get(variant.instance), figures, where)]


def source(readings: Sequence[Reading], region: str | None) -> str:
    """What the source is called: region and account, as the endpoints' ARNs have them.

    >>> arn = "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/a"
    >>> source([Reading(date(2026, 9, 1), arn, None, REQUESTS, Decimal(1))], None)
    'cloudwatch:eu-west-1:111122223333'
    """
    arns = [one.resource for one in readings if one.resource is not None]
    return PREFIX + (":".join(arns[0].split(":")[3:5]) if arns else region or "")


def metric_data(cloudwatch: BaseClient, variants: Sequence[Variant], window: Window, where: str) -> Figures:
    """The daily figures of the variants, page by page.

    Raises ``InputError`` for a metric that CloudWatch could not answer.
    """
    found: Figures = defaultdict(dict)
    wanted = [(variant, asked) for variant in variants for asked in _ASKED]
    start, end = (datetime.combine(day, time(), UTC) for day in (window.start, window.end))
    for first in range(0, len(wanted), QUESTION):
        some = wanted[first : first + QUESTION]
        queries = [_query(f"q{number}", *one) for number, one in enumerate(some)]
        token: dict[str, str] = {}
        while True:
            answer = cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=start, EndTime=end, **token)
            for result in answer["MetricDataResults"]:
                one = some[int(result["Id"][1:])]
                if result["StatusCode"] not in ("Complete", "PartialData"):
                    raise _refused(where, f"{one[1].metric} of {one[0].endpoint} is {result['StatusCode']}")
                for moment, value in zip(result["Timestamps"], result["Values"], strict=True):
                    found[one][moment.astimezone(UTC).date()] = Decimal(str(value))
            if not answer.get("NextToken"):
                break
            token = {"NextToken": answer["NextToken"]}
    return found


def _variants(sagemaker: BaseClient, page: int) -> Iterator[Variant]:
    for endpoint in _pages(sagemaker.list_endpoints, "Endpoints", MaxResults=page):
        name = endpoint["EndpointName"]
        config = sagemaker.describe_endpoint(EndpointName=name).get("EndpointConfigName")
        if config is None:
            continue
        held = sagemaker.describe_endpoint_config(EndpointConfigName=config)
        for variant in (*held.get("ProductionVariants", ()), *held.get("ShadowProductionVariants", ())):
            if "InstanceType" in variant:
                kind = variant["InstanceType"].removeprefix("ml.")
                yield Variant(endpoint["EndpointArn"], name, variant["VariantName"], kind)


def _sizes(ec2: BaseClient, kinds: Sequence[str]) -> dict[str, Size]:
    """GPUs and CPUs of the instance types that EC2 knows."""
    found: dict[str, Size] = {}
    for first in range(0, len(kinds), PAGE):
        wanted = [{"Name": "instance-type", "Values": list(kinds[first : first + PAGE])}]
        for one in _pages(ec2.describe_instance_types, "InstanceTypes", Filters=wanted):
            gpus = sum(gpu["Count"] for gpu in one.get("GpuInfo", {}).get("Gpus", ()))
            found[one["InstanceType"]] = Size(gpus, one["VCpuInfo"]["DefaultVCpus"])
    return found


def _pages(operation: Callable[..., Answer], name: str, **asked: Any) -> Iterator[Answer]:
    token: dict[str, str] = {}
    while True:
        answer = operation(**asked, **token)
        yield from answer[name]
        if not answer.get("NextToken"):
            return
        token = {"NextToken": answer["NextToken"]}


def _query(number: str, variant: Variant, asked: Asked) -> dict[str, Any]:
    dimensions = [
        {"Name": "EndpointName", "Value": variant.endpoint},
        {"Name": "VariantName", "Value": variant.name},
    ]
    metric = {"Namespace": asked.namespace, "MetricName": asked.metric, "Dimensions": dimensions}
    return {"Id": number, "MetricStat": {"Metric": metric, "Period": _DAY_SECONDS, "Stat": asked.stat}}


def _readings(variant: Variant, size: Size | None, figures: Figures, where: str) -> Iterator[Reading]:
    for asked in _ASKED:
        days = figures.get((variant, asked), {})
        if asked.measure == REQUESTS:
            yield from (Reading(day, variant.arn, None, REQUESTS, value) for day, value in days.items())
        elif asked.stat == "Average" and size is not None:
            weights = figures.get((variant, Asked(asked.measure, _INSTANCES, asked.metric, "SampleCount")), {})
            count = size.gpus if asked.measure == Basis.BUSY else size.cpus
            for day, value in days.items() if count else ():
                share = _share(variant, asked.metric, value, count, where, day)
                yield Reading(day, variant.arn, None, asked.measure, share, weights.get(day, Decimal(1)))


def _share(variant: Variant, metric: str, value: Decimal, count: int, where: str, day: date) -> Decimal:
    try:
        return share_of(metric, value, Decimal(100 * count))
    except ValueError as error:
        what = f"{variant.endpoint} on {day}: {error} on {variant.instance} ({count} of them)"
        raise _refused(where, what) from error


def _refused(where: str, what: str) -> InputError:
    return InputError(
        f"{where}: {what}",
        expected="daily figures of endpoints as CloudWatch describes them",
        fix="Load again later, or leave these months out; nothing was changed.",
    )
