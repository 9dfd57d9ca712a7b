"""Anomalies found in the sample company's bill, against what was put into it: precision, recall, and money of both.

The truth is ``costlib.sample.truth``: what the sample does on a day, with its money a day, and the segment that the
shipped and sample rules attribute it to. An anomaly is true where its segment has such a change, in its direction, no
more than three days away; one change makes one anomaly true, and any other about it counts as false. Money of a lasting
change is counted over 28 days. Days before the fourth week of the bill are not judged: a change among them counts from
then.
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

from costlib.analysis.anomalies import Anomaly, Daily, anomalies, daily
from costlib.demo import load_company
from costlib.periods import Grain, Window
from costlib.sample.days import FIRST
from costlib.sample.truth import EC2, SAGEMAKER, Change, changes
from costlib.store.question import Question
from costlib.store.reader import Reader
from costlib.workspace import Workspace

__all__ = ["CUTS", "EC2", "SAGEMAKER", "Score", "score", "series"]

CUTS = (("x_Team", "ServiceName"), ("x_Model",), ("x_Project",))
FIRST_JUDGED = FIRST + timedelta(days=21)
NEAR = timedelta(days=3)
#: Money below which a change is no anomaly to find: one per cent of a day's bill.
SMALL = 190.0


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
    for change in changes():
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
        load_company(workspace, lambda message: print(message, file=sys.stderr))
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
