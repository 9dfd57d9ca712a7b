"""Anomalies found in the sample company's bill, against what was put into it: precision, recall, and money of both.

The truth is what the sample's modules do on a day, with its money a day, and the segment that the shipped and sample
rules attribute it to. An anomaly is true where its segment has such a change, in its direction, no more than three days
away; one change makes one anomaly true, and any other about it counts as false. Money of a lasting change is counted
over 28 days. Days before the fourth week of the bill are not judged: a change among them counts from then.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table

from costlib.analysis.anomalies import SETTLING, Anomaly, Daily, anomalies, daily
from costlib.periods import Grain, Window
from costlib.store.query import Question, Reader
from costlib.workspace import Workspace

CUTS = (("x_Team", "ServiceName"), ("x_Model",), ("x_Project",))
FIRST_JUDGED = date(2025, 11, 22)
NEAR = timedelta(days=3)
#: Money below which a change is no anomaly to find: one per cent of a day's bill.
SMALL = 190.0

EC2, SAGEMAKER = "Amazon Elastic Compute Cloud", "Amazon SageMaker"
BEDROCK, SEARCH = "Amazon Bedrock", "Amazon OpenSearch Service"
RDS, LUMEN, PLAN = "Amazon Relational Database Service", "Lumen API", "Savings Plans for AWS Compute usage"


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

#: USD a day from the sample's list prices: ml.g5.12xlarge 7.09 an hour, p4d.24xlarge 21.96, ml.p4d.24xlarge 27.45.
CHANGES = (
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
    _lasting("scratch storage", "2026-04-13", 67.0, "ML Platform", "Amazon FSx"),
)

#: Segments that the retail peaks lift, with the USD a day that the week of Black Friday adds to a day.
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
    ("Data Platform", "AWS Glue", None, None, 140.0),
    ("Data Platform", "Amazon Kinesis", None, None, 48.0),
    ("Fraud", SAGEMAKER, "fraud-scorer", None, 110.0),
    ("Search", SAGEMAKER, "search-ranker", None, 38.0),
    ("Support Assistant", SAGEMAKER, "doc-extract", None, 70.0),
    (None, EC2, None, "ml-shared-gpu", 680.0),
)


def _campaign() -> tuple[Change, ...]:
    """The peak begins, falls to under half of itself, and ends: three changes a segment."""
    found = []
    for team, service, model, project, a_day in _PEAKS:
        where = (team, service, model, project)
        found += [
            _passing("Black Friday", "2025-11-24", "2025-12-01", a_day, *where),
            _passing("Black Friday over", "2025-12-02", "2025-12-20", -0.55 * a_day, *where),
            _lasting("Christmas over", "2025-12-21", -0.45 * a_day, *where),
        ]
    return tuple(found)


@dataclass(frozen=True)
class Score:
    """How well a cut was watched: ``true`` anomalies each found one of the ``changes``; money in USD."""

    by: tuple[str, ...]
    series: int
    found: int
    true: int
    changes: int
    money_found: float
    money_true: float
    money_changes: float
    money_seen: float
    false: tuple[Anomaly, ...]
    missed: tuple[Change, ...]

    @property
    def precision(self) -> float:
        """Share of anomalies that are true."""
        return self.true / self.found

    @property
    def recall(self) -> float:
        """Share of changes that were found."""
        return self.true / self.changes

    @property
    def money_precision(self) -> float:
        """Share of the anomalies' money that is true."""
        return self.money_true / self.money_found

    @property
    def money_recall(self) -> float:
        """Share of the changes' money that was found."""
        return self.money_seen / self.money_changes


def series(reader: Reader, by: tuple[str, ...]) -> list[Daily]:
    """Daily effective cost of every segment of a cut, over the days of the bill."""
    rows = reader.ask(Question(by=by, grain=Grain.DAY))
    days = [row.period for row in rows if row.period]
    window = Window(min(days), max(days) + timedelta(days=1))
    figures = [
        (tuple(zip(by, row.values, strict=True)), row.period, row.amount) for row in rows if row.period is not None
    ]
    return daily(figures, window)


def truth(by: tuple[str, ...]) -> list[Change]:
    """Changes as a cut shows them: those of one segment and day added, small ones left out."""
    held: dict[tuple[tuple[str | None, ...], date, bool], Change] = {}
    for change in (*CHANGES, *_campaign()):
        key = change.segment(by), max(change.first, FIRST_JUDGED), change.last is None
        before = held.get(key)
        a_day = change.a_day + (before.a_day if before else 0.0)
        last = change.last
        held[key] = Change(change.story, key[1], last, a_day, change.team, change.service, change.model, change.project)
    return [change for change in held.values() if abs(change.money) >= SMALL]


def score(reader: Reader, by: tuple[str, ...]) -> Score:
    """Anomalies of a cut against the truth."""
    given = series(reader, by)
    found = anomalies(given).anomalies
    left = truth(by)
    count, money_changes = len(left), sum(abs(change.money) for change in left)
    false, seen = [], []
    for anomaly in found:
        match = _match(anomaly, left, by)
        if match is None:
            false.append(anomaly)
        else:
            left.remove(match)
            seen.append(match)
    money_found = float(sum((abs(one.excess) for one in found), Decimal(0)))
    money_false = float(sum((abs(one.excess) for one in false), Decimal(0)))
    money_seen = sum(abs(change.money) for change in seen)
    return Score(
        by,
        len(given),
        len(found),
        len(seen),
        count,
        money_found,
        money_found - money_false,
        money_changes,
        money_seen,
        tuple(false),
        tuple(left),
    )


def _match(anomaly: Anomaly, left: Sequence[Change], by: tuple[str, ...]) -> Change | None:
    segment = tuple(value for _, value in anomaly.segment)
    close = [
        change
        for change in left
        if change.segment(by) == segment
        and abs(change.first - anomaly.first) <= NEAR
        and change.a_day * float(anomaly.excess) > 0
    ]
    return max(close, key=lambda change: abs(change.money), default=None)


def main() -> None:
    """Load the sample company, search each cut and print how well it was watched."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "store")
        workspace.demo(lambda message: print(message, file=sys.stderr))
        scores = [score(workspace.snapshot().reader, by) for by in CUTS]
    table = Table("cut", "series", "found", "precision", "by money", "changes", "recall", "by money", title="Anomalies")
    for one in scores:
        shares = [f"{share:.0%}" for share in (one.precision, one.money_precision, one.recall, one.money_recall)]
        name = " x ".join(one.by)
        table.add_row(name, str(one.series), str(one.found), *shares[:2], str(one.changes), *shares[2:])
    Console().print(table)
    for one in scores:
        for anomaly in one.false:
            print(f"false: {anomaly.segment} {anomaly.kind} {anomaly.first} {anomaly.excess:.0f}")
        for change in one.missed:
            print(f"missed: {change.segment(one.by)} {change.story} {change.first} {change.money:.0f}")


if __name__ == "__main__":
    main()
