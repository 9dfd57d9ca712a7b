"""What was put into the bill on a day: the changes and anomalies that an analysis should find. Read by tests only.

``a_day`` is in USD (EUR where the Azure bill holds it) of effective cost from the sample's list prices, positive where
cost rises; a change without a last day is for good. Team, service, model and project are those under which the sample's
rules show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

#: Days over which the money of a lasting change is counted.
SETTLING = 28
_ONE_DAY = timedelta(days=1)

EC2, SAGEMAKER = "Amazon Elastic Compute Cloud", "Amazon SageMaker"
BEDROCK, SEARCH = "Amazon Bedrock", "Amazon OpenSearch Service"
RDS, LUMEN, PLAN = "Amazon Relational Database Service", "Lumen API", "Savings Plans for AWS Compute usage"
GLUE, FSX, S3 = "AWS Glue", "Amazon FSx", "Amazon Simple Storage Service"


@dataclass(frozen=True)
class Change:
    """One thing that the sample does: its days (``last`` None is for good), USD a day, and where the bill shows it."""

    story: str
    first: date
    last: date | None
    a_day: float
    team: str | None
    service: str
    model: str | None = None
    project: str | None = None

    def segment(self, by: Sequence[str]) -> tuple[str | None, ...]:
        """The segment of a cut that holds the change."""
        values = {"x_Team": self.team, "ServiceName": self.service, "x_Model": self.model, "x_Project": self.project}
        return tuple(values[name] for name in by)

    @property
    def money(self) -> float:
        """USD over its days, 28 at most."""
        days = SETTLING if self.last is None else min((self.last - self.first).days + 1, SETTLING)
        return self.a_day * days


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _lasting(story: str, first: str, a_day: float, *where: str | None) -> Change:
    team, service, *rest = where
    return Change(story, _day(first), None, a_day, team, service or "", *rest)


def _passing(story: str, first: str, last: str, a_day: float, *where: str | None) -> Change:
    team, service, *rest = where
    return Change(story, _day(first), _day(last), a_day, team, service or "", *rest)


_FRAUD = ("Fraud", SAGEMAKER, "fraud-scorer", None)
_RANKER = ("Search", SAGEMAKER, "search-ranker", "ranking-v4")
_CLUSTER = (None, EC2, None, "ml-shared-gpu")
_INDEX = ("Search", SEARCH, "search-ranker", None)
_ASSISTANT = ("Support Assistant", BEDROCK, "support-assistant", None)
_EVALUATION = ("Support Assistant", LUMEN, "support-assistant", None)

_TOWER = ("Recommendations", SAGEMAKER, "recs-two-tower", None)
_OLD_TOWER = ("Recommendations", SAGEMAKER, "recs-als", None)
_PILOT = ("Search", SAGEMAKER, "visual-search", "visual-search")
_CODING = "coding-tools"

#: The earlier year; p4d.24xlarge 32.77 an hour until May 2025.
_EARLIER = (
    _lasting("two endpoint instances for Black Friday", "2024-11-21", 340.0, *_FRAUD),
    _lasting("scaled back after Christmas", "2024-12-30", -340.0, *_FRAUD),
    _lasting("two endpoint instances", "2025-02-03", 340.0, *_FRAUD),
    _lasting("endpoint instance", "2025-05-19", 170.0, *_FRAUD),
    _lasting("three endpoint instances", "2025-08-25", 510.0, *_FRAUD),
    _lasting("node", "2025-04-07", 786.0, *_CLUSTER),
    _lasting("GPUs a third cheaper", "2025-06-01", -778.0, *_CLUSTER),
    _lasting("node", "2025-09-15", 527.0, *_CLUSTER),
    _lasting("index node", "2025-03-17", 35.3, *_INDEX),
    _lasting("pilot begins", "2025-01-20", 470.0, *_PILOT),
    _lasting("GPUs a third cheaper", "2025-06-01", -42.0, *_PILOT),
    _lasting("pilot ends", "2025-07-19", -426.0, *_PILOT),
    _lasting("new recommender", "2025-03-10", 560.0, *_TOWER),
    _lasting("data of the new recommender", "2025-03-10", 60.0, "Recommendations", S3, "recs-two-tower", None),
    _lasting("old recommender ends", "2025-04-21", -425.0, *_OLD_TOWER),
    _lasting("GPUs a third cheaper", "2025-06-01", -190.0, *_TOWER),
    _lasting("data scientist", "2025-09-01", 35.0, "Recommendations", SAGEMAKER),
    _lasting("documents are read", "2025-06-02", 140.0, "Support Assistant", SAGEMAKER, "doc-extract", None),
    _lasting("summaries", "2025-02-03", 34.0, *_EVALUATION),
    _lasting("evaluation", "2025-08-11", 211.0, *_EVALUATION),
    _lasting("small model cheaper", "2025-09-01", -14.0, *_EVALUATION),
    _lasting("coding tools", "2025-05-05", 36.0, "Search", LUMEN, None, _CODING),
    _lasting("coding tools", "2025-06-02", 31.0, "Recommendations", LUMEN, None, _CODING),
    _lasting("coding tools", "2025-06-02", 27.0, "Fraud", LUMEN, None, _CODING),
    _lasting("coding tools", "2025-07-07", 28.0, "Data Platform", LUMEN, None, _CODING),
    _passing("first seats", "2025-05-01", "2025-05-01", 600.0, None, "Lumen Code seats", None, _CODING),
    _lasting("box started by hand", "2025-07-07", 80.0, None, EC2),
    _lasting("box started by hand", "2025-08-11", 80.0, None, EC2),
    _lasting("box started by hand", "2025-10-06", 85.0, None, EC2),
    _lasting("customer pipeline", "2025-02-17", 48.0, "Data Platform", GLUE),
    _lasting("training sets", "2025-01-13", 26.0, "Data Platform", GLUE),
    _lasting("feature pipeline", "2025-05-05", 24.0, "Data Platform", GLUE),
    _lasting("database servers", "2025-08-04", 91.0, "Storefront", RDS),
    _lasting("database servers", "2025-08-04", 65.0, "Payments", RDS),
    _lasting("old search engine ends", "2025-03-01", -92.0, "Storefront", EC2),
    _lasting("server", "2025-06-23", 16.3, "Payments", EC2),
    _lasting("scratch storage", "2025-04-07", 35.0, "ML Platform", FSX),
    _lasting("scratch storage", "2025-09-15", 69.0, "ML Platform", FSX),
    _lasting("lake in Europe, EUR", "2025-07-01", 65.0, "Data Platform", "Azure Databricks"),
    _lasting("lake in Europe, EUR", "2025-07-01", 45.0, "Data Platform", "Virtual Machines"),
    _lasting("lake in Europe, EUR", "2025-07-01", 26.0, "Data Platform", "Storage"),
    _lasting("lake in Europe, EUR", "2025-07-01", 14.0, "Data Platform", "Bandwidth"),
    _lasting("lake in Europe, EUR", "2025-07-01", 19.0, "Data Platform", "Azure Machine Learning"),
    _passing("migration credit begins", "2025-11-01", "2025-11-01", -5000.0, None, EC2),
)

#: The latest year: ml.g5.12xlarge 7.09 an hour, p4d.24xlarge 21.96, ml.p4d.24xlarge 27.45.
_LATEST = (
    _lasting("two endpoint instances for Black Friday", "2025-11-20", 340.0, *_FRAUD),
    _lasting("shadow endpoint", "2026-01-12", 176.0, *_FRAUD),
    _lasting("endpoint instance", "2026-02-16", 170.0, *_FRAUD),
    _lasting("canary without requests", "2026-03-09", 170.0, *_FRAUD),
    _passing("refund of disturbed days", "2026-03-17", "2026-03-18", -1702.0, *_FRAUD),
    _lasting("two endpoint instances", "2026-05-11", 340.0, *_FRAUD),
    _lasting("endpoint instance", "2026-08-17", 170.0, *_FRAUD),
    _lasting("savings plan", "2026-01-01", -384.0, *_CLUSTER),
    _lasting("node", "2026-01-19", 527.0, *_CLUSTER),
    _passing("maintenance", "2026-03-08", "2026-03-08", -1240.0, *_CLUSTER),
    _lasting("node", "2026-06-01", 527.0, *_CLUSTER),
    _passing("maintenance", "2026-07-05", "2026-07-05", -1560.0, *_CLUSTER),
    _lasting("node", "2026-08-10", 527.0, *_CLUSTER),
    _lasting("savings plan fee", "2026-01-01", 13.0, None, PLAN, None, "ml-shared-gpu"),
    _lasting("index node", "2025-11-18", 35.3, *_INDEX),
    _lasting("index node", "2026-06-15", 35.3, *_INDEX),
    _lasting("training on demand ends", "2026-04-01", -310.0, *_RANKER),
    _lasting("training on spot", "2026-04-01", 204.0, "Search", EC2, "search-ranker", None),
    _passing("runaway sweep", "2026-07-09", "2026-07-13", 2030.0, *_RANKER),
    _lasting("training data doubled", "2026-09-22", 560.0, "Recommendations", SAGEMAKER, "recs-two-tower", None),
    _lasting("developers' calls", "2026-01-05", 33.0, None, BEDROCK),
    _lasting("retrieval", "2026-01-19", 69.0, "Support Assistant", SEARCH, "support-assistant", None),
    _lasting("launch", "2026-02-10", 300.0, *_ASSISTANT),
    _lasting("smaller model and cache", "2026-06-16", -1170.0, *_ASSISTANT),
    _lasting("negotiated discount", "2026-03-01", -35.0, *_EVALUATION),
    _lasting("large model cheaper", "2026-05-01", -50.0, *_EVALUATION),
    _lasting("new API key", "2026-01-12", 22.0, None, LUMEN),
    _passing("vendor's credit", "2026-01-15", "2026-01-15", -1500.0, None, LUMEN),
    _passing("migration credit did not come", "2026-05-01", "2026-05-01", 5000.0, None, EC2),
    _passing("backfill", "2026-05-12", "2026-05-14", 345.6, "Data Platform", SAGEMAKER, "demand-forecast", None),
    _lasting("forgotten notebook", "2026-01-22", 36.4, None, SAGEMAKER),
    _lasting("database servers", "2026-02-02", 173.0, "Storefront", RDS),
    _lasting("database servers", "2026-02-02", 102.0, "Payments", RDS),
    _lasting("servers", "2026-04-20", 32.6, "Payments", EC2),
    _lasting("scratch storage", "2026-04-13", 67.0, "ML Platform", FSX),
)

#: Segments that the retail peaks lift, with the USD a day that the week of Black Friday 2025 adds to a day.
_PEAKS = (
    ("Storefront", EC2, None, None, 730.0),
    ("Storefront", "Amazon CloudFront", None, None, 320.0),
    ("Storefront", "Amazon DynamoDB", None, None, 85.0),
    ("Storefront", "AWS Lambda", None, None, 65.0),
    ("Storefront", "Elastic Load Balancing", None, None, 57.0),
    ("Payments", "AWS Lambda", None, None, 20.0),
    ("Payments", "Amazon DynamoDB", None, None, 43.0),
    ("Payments", "AWS Key Management Service", None, None, 16.0),
    ("Payments", "Elastic Load Balancing", None, None, 28.0),
    ("Data Platform", GLUE, None, None, 140.0),
    ("Data Platform", "Amazon Kinesis", None, None, 48.0),
    ("Fraud", SAGEMAKER, "fraud-scorer", None, 110.0),
    ("Search", SAGEMAKER, "search-ranker", None, 38.0),
    ("Support Assistant", SAGEMAKER, "doc-extract", None, 70.0),
    (None, EC2, None, "ml-shared-gpu", 680.0),
)

#: Begin of the peak, of the weeks before Christmas and of the quiet after them, and its height to that of 2025.
_SEASONS = (
    (date(2024, 11, 25), date(2024, 12, 3), date(2024, 12, 21), 0.65),
    (date(2025, 11, 24), date(2025, 12, 2), date(2025, 12, 21), 1.0),
)


#: Who bears a change of the shared cluster, by reservation: team, model and share; what is left is idle capacity.
_BEARERS = (
    ("Search", "search-ranker", 0.38),
    ("Recommendations", "recs-two-tower", 0.25),
    (None, None, 0.33),
)


#: The Support Assistant's first GPUs on the cluster: its own, not shared.
_RERANKER = _lasting(
    "reranker on the cluster", "2026-01-19", 75.0, "Support Assistant", EC2, "support-assistant", "ml-shared-gpu"
)


def changes() -> tuple[Change, ...]:
    """Everything that was put into the bill, the retail peaks of both years included, as its teams bear it."""
    shared = (borne for change in (*_EARLIER, *_LATEST, *_campaigns()) for borne in _borne(change))
    return (*shared, _RERANKER)


def _borne(change: Change) -> tuple[Change, ...]:
    """The change in the segments of those who bear it: a change of the cluster is shared."""
    if change.project != "ml-shared-gpu":
        return (change,)
    return tuple(replace(change, team=team, model=model, a_day=share * change.a_day) for team, model, share in _BEARERS)


def _campaigns() -> tuple[Change, ...]:
    """The peak begins, falls to under half of itself, and ends: three changes a segment and year."""
    found = []
    for first, second, after, height in _SEASONS:
        for team, service, model, project, peak in _PEAKS:
            where = (team, service, model, project)
            found += [
                Change("Black Friday", first, second - _ONE_DAY, height * peak, *where),
                Change("Black Friday over", second, after - _ONE_DAY, -0.55 * height * peak, *where),
                Change("Christmas over", after, None, -0.45 * height * peak, *where),
            ]
    return tuple(found)
