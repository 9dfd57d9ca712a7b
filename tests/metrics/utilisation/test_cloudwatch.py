"""CloudWatch over moto's server: endpoints page by page, GPUs and CPUs of the instance, days, what AWS refuses.

moto answers GetMetricData in one page and never part of it: pages and refusals of it are scripted with botocore's own
stubber, which holds them against the service's model.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from costlib.analysis.units.readings import REQUESTS, Basis
from costlib.errors import EmptyExport, InputError
from costlib.metrics.utilisation.cloudwatch import Variant, fetch_readings, metric_data
from costlib.metrics.utilisation.places import load_utilisation
from costlib.metrics.utilisation.readings import all_readings
from costlib.periods import Window
from tests.sources.conftest import Cloud

DAY, NEXT = datetime(2026, 9, 4, tzinfo=UTC), datetime(2026, 9, 5, tzinfo=UTC)
WINDOW = Window(date(2026, 9, 1), date(2026, 10, 1))
ARN = "arn:aws:sagemaker:us-east-1:123456789012:endpoint"


class Endpoints:
    """Endpoints in moto and what CloudWatch has of them."""

    def __init__(self) -> None:
        self.sagemaker: Any = boto3.client("sagemaker")
        self.cloudwatch: Any = boto3.client("cloudwatch")

    def create(self, name: str, *variants: tuple[str, str | None]) -> None:
        made = [self.variant(*one) for one in variants]
        self.sagemaker.create_model(ModelName=f"{name}-m", ExecutionRoleArn="arn:aws:iam::123456789012:role/x")
        config = f"{name}-config"
        self.sagemaker.create_endpoint_config(
            EndpointConfigName=config, ProductionVariants=[{**one, "ModelName": f"{name}-m"} for one in made]
        )
        self.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)

    def variant(self, name: str, kind: str | None) -> dict[str, Any]:
        if kind is None:
            return {"VariantName": name, "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
        return {"VariantName": name, "InstanceType": kind, "InitialInstanceCount": 1}

    def put(self, endpoint: str, metric: str, day: datetime, *values: float, variant: str = "main") -> None:
        namespace = "AWS/SageMaker" if metric == "Invocations" else "/aws/sagemaker/Endpoints"
        dimensions = [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}]
        data = [
            {
                "MetricName": metric,
                "Dimensions": dimensions,
                "Timestamp": day + timedelta(hours=hour),
                "Value": value,
                "Unit": "None" if metric == "Invocations" else "Percent",
            }
            for hour, value in enumerate(values, start=1)
        ]
        self.cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)


@pytest.fixture
def endpoints(cloud: Cloud) -> Endpoints:
    return Endpoints()


def values(found) -> dict[tuple[str, date, str], Decimal]:
    return {(one.resource.rpartition("/")[2], one.day, one.measure): one.value for one in found}


def test_days_of_an_endpoint_with_several_gpus(endpoints: Endpoints) -> None:
    endpoints.create("scorer", ("main", "ml.g4dn.12xlarge"))
    endpoints.put("scorer", "GPUUtilization", DAY, 100, 300)
    endpoints.put("scorer", "GPUUtilization", NEXT, 40)
    endpoints.put("scorer", "CPUUtilization", DAY, 480)
    endpoints.put("scorer", "Invocations", DAY, 1000, 500)
    found = fetch_readings(None, WINDOW)
    assert values(found) == {
        ("scorer", DAY.date(), Basis.BUSY): Decimal("0.5"),
        ("scorer", NEXT.date(), Basis.BUSY): Decimal("0.1"),
        ("scorer", DAY.date(), Basis.CPU): Decimal("0.1"),
        ("scorer", DAY.date(), REQUESTS): Decimal(1500),
    }
    assert {one.resource for one in found} == {f"{ARN}/scorer"}
    assert {one.day: one.weight for one in found if one.measure == Basis.BUSY} == {DAY.date(): 2, NEXT.date(): 1}


def test_every_page_of_endpoints_and_both_variants(endpoints: Endpoints) -> None:
    for name in ("a", "b", "c"):
        endpoints.create(name, ("main", "ml.g4dn.xlarge"), ("canary", "ml.g4dn.xlarge"))
        endpoints.put(name, "GPUUtilization", DAY, 10)
        endpoints.put(name, "GPUUtilization", DAY, 30, variant="canary")
    found = fetch_readings(None, WINDOW, page=1)
    assert [(one.resource, one.value) for one in sorted(found, key=lambda one: (one.resource or "", one.value))] == [
        (f"{ARN}/{name}", share) for name in ("a", "b", "c") for share in (Decimal("0.1"), Decimal("0.3"))
    ]


def test_a_machine_without_gpus_and_one_without_a_machine(endpoints: Endpoints) -> None:
    endpoints.create("small", ("main", "ml.c5.xlarge"))
    endpoints.create("serverless", ("main", None))
    endpoints.put("small", "CPUUtilization", DAY, 100)
    endpoints.put("serverless", "Invocations", DAY, 9)
    assert values(fetch_readings(None, WINDOW)) == {("small", DAY.date(), Basis.CPU): Decimal("0.25")}


def test_a_figure_that_the_machine_cannot_have_is_refused(endpoints: Endpoints) -> None:
    endpoints.create("scorer", ("main", "ml.g4dn.xlarge"))
    endpoints.put("scorer", "GPUUtilization", DAY, 390)
    with pytest.raises(InputError, match=r"scorer on .*GPUUtilization is 390.*from 0 to 100 on g4dn\.xlarge"):
        fetch_readings(None, WINDOW)


def test_a_load_twice_changes_nothing_and_no_figure_is_told(endpoints: Endpoints, tmp_path) -> None:
    where = "cloudwatch:us-east-1?from=2026-09-01&to=2026-10-01"
    endpoints.create("scorer", ("main", "ml.g4dn.xlarge"))
    with pytest.raises(EmptyExport, match="no utilisation in these days"):
        load_utilisation(tmp_path, where)
    endpoints.put("scorer", "GPUUtilization", DAY, 40)
    first, again = load_utilisation(tmp_path, where), load_utilisation(tmp_path, where)
    assert first and again
    assert (first.source, first.rows, again.changed) == ("cloudwatch:us-east-1:123456789012", 1, ())
    assert len(all_readings(tmp_path)) == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?from=2026-09-05&to=2026-10-01", "whole months"),
        ("?since=2026-09", "no option since"),
        ("?from=x&to=y", "asks for x to y"),
        ("?from=2026-09-01", "one end of the days"),
    ],
)
def test_days_that_cannot_be_asked_for(cloud: Cloud, tmp_path, query: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        load_utilisation(tmp_path, f"cloudwatch:{query}")


def test_a_region_that_is_none_is_told(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(InputError, match="region"):
        fetch_readings(None, WINDOW)


VARIANT = Variant(f"{ARN}/scorer", "scorer", "main", "g4dn.xlarge")


@pytest.fixture
def scripted_cloudwatch(cloud: Cloud) -> Iterator[tuple[Any, Stubber]]:
    found = boto3.client("cloudwatch")
    with Stubber(found) as stubber:
        yield found, stubber
        stubber.assert_no_pending_responses()


def result(value: float | None, status: str = "Complete", number: int = 0) -> dict[str, Any]:
    moments = [] if value is None else [DAY if number == 0 else NEXT]
    return {"Id": "q0", "Label": "x", "Timestamps": moments, "Values": [value] * len(moments), "StatusCode": status}


def test_part_of_the_figures_and_the_rest_on_the_next_page(scripted_cloudwatch) -> None:
    found, stubber = scripted_cloudwatch
    stubber.add_response("get_metric_data", {"MetricDataResults": [result(40, "PartialData")], "NextToken": "two"})
    stubber.add_response("get_metric_data", {"MetricDataResults": [result(60, number=1)]})
    ((days),) = metric_data(found, [VARIANT], WINDOW, "cloudwatch:").values()
    assert days == {DAY.date(): Decimal(40), NEXT.date(): Decimal(60)}


def test_a_metric_that_cannot_be_answered_is_named(scripted_cloudwatch) -> None:
    found, stubber = scripted_cloudwatch
    stubber.add_response("get_metric_data", {"MetricDataResults": [result(None, "InternalError")]})
    with pytest.raises(InputError, match="GPUUtilization of scorer is InternalError"):
        metric_data(found, [VARIANT], WINDOW, "cloudwatch:")
