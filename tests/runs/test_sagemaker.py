"""SageMaker's jobs over moto's server: pages, tags, machines, managed spot, pipelines, and what AWS refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import pytest
from moto.sagemaker.models import sagemaker_backends

from costlib.errors import InputError
from costlib.runs import sagemaker
from costlib.runs.book import all_runs, keep_runs
from costlib.runs.costs import How, run_costs
from costlib.runs.model import Run, Status
from costlib.runs.places import fetch
from costlib.runs.prices import PriceList
from tests.sources.conftest import Cloud

ACCOUNT, REGION = "123456789012", "us-east-1"
ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
START = datetime(2026, 9, 1, 4)
ROLE = f"arn:aws:iam::{ACCOUNT}:role/x"


class Jobs:
    """Jobs in moto's SageMaker, with times and ends that moto itself does not play."""

    def __init__(self) -> None:
        self.client: Any = boto3.client("sagemaker")
        self.backend = sagemaker_backends[ACCOUNT][REGION]

    def train(self, name: str, tags: dict[str, str] | None = None, **changed: Any) -> None:
        self.client.create_training_job(
            TrainingJobName=name,
            AlgorithmSpecification={"TrainingImage": "x", "TrainingInputMode": "File"},
            RoleArn=ROLE,
            OutputDataConfig={"S3OutputPath": "s3://models/out"},
            ResourceConfig={"InstanceType": "ml.g5.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 5},
            StoppingCondition={"MaxRuntimeInSeconds": 86400},
            EnableManagedSpotTraining=True,
            Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        )
        self.change(self.backend.training_jobs[name], "training", changed)

    def process(self, name: str, **changed: Any) -> None:
        output = {"S3Uri": "s3://features/out", "LocalPath": "/opt", "S3UploadMode": "EndOfJob"}
        self.client.create_processing_job(
            ProcessingJobName=name,
            AppSpecification={"ImageUri": "x"},
            RoleArn=ROLE,
            ProcessingResources={
                "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 5}
            },
            ProcessingOutputConfig={"Outputs": [{"OutputName": "o", "S3Output": output}]},
        )
        job = self.backend.processing_jobs[name]
        cluster = {"ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1}}
        self.change(job, "processing", {"processing_resources": cluster, **changed})

    def transform(self, name: str, **changed: Any) -> None:
        source = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://in"}}}
        self.client.create_transform_job(
            TransformJobName=name,
            ModelName="m",
            TransformInput=source,
            TransformOutput={"S3OutputPath": "s3://scores/out"},
            TransformResources={"InstanceType": "ml.m5.4xlarge", "InstanceCount": 3},
            Tags=[{"Key": "model", "Value": "scorer"}],
        )
        self.change(self.backend.transform_jobs[name], "transform", changed)

    def change(self, job: Any, kind: str, changed: dict[str, Any]) -> None:
        times = {"creation_time": START, f"{kind}_start_time": START, f"{kind}_end_time": START + timedelta(hours=3)}
        for name, value in {**times, **changed}.items():
            setattr(job, name, value)


@pytest.fixture
def jobs(cloud: Cloud) -> Jobs:
    return Jobs()


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Answers to ListPipelineExecutionSteps, which moto does not have: one page each, the last one again."""
    pages: list[dict[str, Any]] = [{"PipelineExecutionSteps": []}]
    original = sagemaker.client

    def scripted(service: str, region: str | None = None) -> Any:
        made = original(service, region)

        def reply(**_: Any) -> tuple[Any, dict[str, Any]]:
            return type("Http", (), {"status_code": 200})(), pages.pop(0) if len(pages) > 1 else pages[0]

        made.meta.events.register("before-call.sagemaker.ListPipelineExecutionSteps", reply)
        return made

    monkeypatch.setattr(sagemaker, "client", scripted)
    return pages


def found(where: str = "sagemaker:", **facts: Any) -> dict[str, Run]:
    runs = sagemaker.fetch_runs(sagemaker.address(where), **facts)
    assert len({run.run_id for run in runs}) == len(runs)
    return {run.name: run for run in runs}


def test_a_training_job_as_sagemaker_describes_it(jobs: Jobs) -> None:
    tags = {"Team": "Search", "model": "ranker", "data_volume_gb": "12.5", "quality_metric": "train:progress"}
    jobs.train("ranker-1", tags, experiment_config={"ExperimentName": "ranking"})
    run = found()["training-job/ranker-1"]
    assert run.run_id == run.resource == f"{ARN}:training-job/ranker-1"
    assert (run.owner, run.model, run.experiment, run.stage) == ("Search", "ranker", "ranking", "training")
    assert (run.start, run.hours, run.status) == (datetime(2026, 9, 1, 4), Decimal(3), Status.DONE)
    assert (run.instance_type, run.instances, run.data_volume_gb) == ("ml.g5.xlarge", 2, Decimal("12.5"))
    assert (run.quality_metric, run.quality) == ("train:progress", 100)
    assert run.artifacts == "s3://models/out/ranker-1/output/model.tar.gz"


def test_processing_and_transform_jobs(jobs: Jobs) -> None:
    jobs.process("features")
    jobs.transform("scores")
    runs = found()
    made, scored = runs["processing-job/features"], runs["transform-job/scores"]
    assert (made.stage, made.instance_type, made.instances, made.hours) == ("data pipeline", "ml.m5.xlarge", 1, 3)
    assert made.artifacts == "s3://features/out"
    assert (scored.stage, scored.instance_type, scored.instances) == ("batch inference", "ml.m5.4xlarge", 3)
    assert (scored.model, scored.artifacts, scored.owner) == ("scorer", "s3://scores/out", None)


def test_pages_of_every_list(jobs: Jobs) -> None:
    for number in range(5):
        jobs.train(f"t{number}")
        jobs.process(f"p{number}")
        jobs.transform(f"b{number}")
    assert len(found(page=2)) == 15


def test_failed_and_stopped_jobs_stand_apart_and_one_that_never_started_costs_nothing(jobs: Jobs) -> None:
    jobs.train("bad", training_job_status="Failed")
    jobs.train("halted", training_job_status="Stopped")
    jobs.train("refused", training_job_status="Failed", training_start_time=None)
    jobs.train("busy", training_job_status="InProgress", training_end_time=None)
    runs = found()
    statuses = {name.removeprefix("training-job/"): run.status for name, run in runs.items()}
    assert statuses == {
        "bad": Status.FAILED,
        "halted": Status.CANCELLED,
        "refused": Status.FAILED,
        "busy": Status.RUNNING,
    }
    priced, _ = run_costs(list(runs.values()), {}, prices(), "USD")
    costs = {one.run.name.removeprefix("training-job/"): one.cost for one in priced}
    assert costs == {"bad": 12, "halted": 12, "refused": 0, "busy": None}


def test_managed_spot_is_charged_for_its_billable_time(jobs: Jobs) -> None:
    """Three hours of two machines at 2 would be 12; 3,600 seconds are billable, 4: two thirds are saved."""
    jobs.train("spot", billable_time_in_seconds=3600)
    jobs.train("on-demand", billable_time_in_seconds=3 * 3600)
    runs = found()
    priced, _ = run_costs([runs["training-job/spot"], runs["training-job/on-demand"]], {}, prices(), "USD")
    assert [(one.cost, one.how) for one in priced] == [(Decimal(4), How.LIST), (Decimal(12), How.LIST)]
    assert [one.spot_saving for one in priced] == [Decimal(8), 0]


def test_a_cluster_of_several_machines_has_no_machine_but_a_count(jobs: Jobs) -> None:
    groups = [
        {"InstanceType": "ml.g5.xlarge", "InstanceCount": 2, "InstanceGroupName": "a"},
        {"InstanceType": "ml.c5.xlarge", "InstanceCount": 1, "InstanceGroupName": "b"},
    ]
    jobs.train("mixed", resource_config={"InstanceGroups": groups, "VolumeSizeInGB": 5})
    run = found()["training-job/mixed"]
    assert (run.instance_type, run.instances) == (None, 3)


def test_a_pipeline_names_the_jobs_that_it_started(jobs: Jobs, steps: list[dict[str, Any]]) -> None:
    jobs.train("in-a-pipeline")
    jobs.train("alone")
    jobs.transform("scores")
    jobs.client.create_pipeline(
        PipelineName="daily", PipelineDefinition="{}", RoleArn=ROLE, ClientRequestToken="t" * 32
    )
    jobs.client.start_pipeline_execution(PipelineName="daily")
    trained = {"StepName": "Train", "Metadata": {"TrainingJob": {"Arn": f"{ARN}:training-job/in-a-pipeline"}}}
    scored = {"StepName": "Score", "Metadata": {"TransformJob": {"Arn": f"{ARN}:transform-job/scores"}}}
    decided = {"StepName": "Decide", "Metadata": {"Condition": {"Outcome": "True"}}}
    steps[:] = [
        {"PipelineExecutionSteps": [trained, decided], "NextToken": "more"},
        {"PipelineExecutionSteps": [scored]},
    ]
    runs = found()
    assert {name: (run.pipeline, run.experiment) for name, run in runs.items()} == {
        "training-job/in-a-pipeline": ("daily", "daily"),
        "training-job/alone": (None, None),
        "transform-job/scores": ("daily", "daily"),
    }


def test_from_a_month_on_with_those_that_waited(jobs: Jobs) -> None:
    """A job of 31 August that started in September belongs to September; one that ran in August is left alone."""
    jobs.train("waited", creation_time=START - timedelta(days=1))
    jobs.train("august", creation_time=START - timedelta(days=2), training_start_time=START - timedelta(days=2))
    jobs.train("long-ago", creation_time=START - timedelta(days=90))
    assert set(found("sagemaker:us-east-1?from=2026-09")) == {"training-job/waited"}
    assert len(found()) == 3


def test_two_regions_and_accounts_are_two_sources(jobs: Jobs, tmp_path: Any) -> None:
    jobs.train("ranker-1")
    here = fetch("sagemaker:")
    assert here is not None
    assert here.source == f"sagemaker:{REGION}:{ACCOUNT}"
    keep_runs(tmp_path, here.source, here.runs)
    assert all_runs(tmp_path) == here.runs
    elsewhere = fetch("sagemaker:eu-west-1")
    assert elsewhere is not None
    assert elsewhere.runs == []


@pytest.mark.parametrize("bad", ["sagemaker:?from=2026-09-01", "sagemaker:us-east-1?from=", "sagemaker:?since=2026-09"])
def test_a_month_that_is_none(bad: str) -> None:
    with pytest.raises(InputError, match="asks from"):
        sagemaker.address(bad)


@pytest.fixture
def refusing(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Makes every call end in an error of AWS."""
    original = sagemaker.client
    codes = ["AccessDeniedException"]

    def scripted(service: str, region: str | None = None) -> Any:
        made = original(service, region)

        def reply(**_: Any) -> tuple[Any, dict[str, Any]]:
            return type("Http", (), {"status_code": 400})(), {"Error": {"Code": codes[0], "Message": "no"}}

        made.meta.events.register("before-call.sagemaker", reply)
        return made

    monkeypatch.setattr(sagemaker, "client", scripted)
    yield lambda code: codes.__setitem__(0, code)


def test_what_aws_refuses_is_said_with_what_is_needed(refusing: Callable[[str], None]) -> None:
    with pytest.raises(InputError) as refused:
        found()
    assert "access is denied (ListPipelines)" in refused.value.problem
    assert "sagemaker:List*" in refused.value.expected
    refusing("ExpiredTokenException")
    with pytest.raises(InputError, match="the session has expired"):
        found()


def test_a_job_of_another_shape_is_named(jobs: Jobs) -> None:
    jobs.train("odd", training_job_status="Dreaming")
    with pytest.raises(InputError, match=r"training-job/odd has another shape: the status 'Dreaming'"):
        found()
    with pytest.raises(InputError, match="there is no TrainingJobArn but TrainingJobName"):
        sagemaker.run_of(sagemaker.KINDS[0], {"TrainingJobName": "x"}, {})


def test_a_tag_that_is_no_number_is_named(jobs: Jobs) -> None:
    jobs.train("odd", {"utilisation": "43"})
    with pytest.raises(InputError, match=r"write 0.43 for 43 %"):
        found()


def prices() -> PriceList:
    day = datetime(2026, 1, 1).date()
    return PriceList("USD", day, {"g5.xlarge": ((day, Decimal(2)),)})
