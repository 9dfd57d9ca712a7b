"""Readers' words on anomalies, remembered: whether days of a segment were as expected, said by whom and when.

Conventions: one record an anomaly, named by its segment and days; saying it again replaces what was said before, and
the history keeps both.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from costlib.analysis.anomalies import Anomaly, Feedback
from costlib.state.records import Record, State

KIND: Final = "anomaly feedback"


@dataclass(frozen=True)
class Said:
    """What a reader said of an anomaly."""

    feedback: Feedback
    who: str
    at: datetime


def said(state: State) -> list[Said]:
    """Everything that readers said, oldest first: of several words on the same days the last one counts."""
    records = sorted(state.all(KIND), key=lambda record: record.changed_at)
    return [Said(_feedback(record), record.changed_by, record.changed_at) for record in records]


def say(state: State, anomaly: Anomaly, expected: bool, *, who: str) -> None:
    """Remember whether the anomaly was expected; raises ``Conflict`` where somebody else just said something."""
    key = _key(anomaly)
    found = state.get(KIND, key)
    body = {
        "segment": [list(pair) for pair in anomaly.segment],
        "first": anomaly.first.isoformat(),
        "last": anomaly.last.isoformat(),
        "expected": expected,
    }
    state.put(KIND, key, body, who=who, expected=found.version if found else None)


def unsay(state: State, feedback: Feedback, *, who: str) -> None:
    """Take back the last word on the feedback's days: what was said before it counts again, if there was anything."""
    entries = state.history(KIND, _key(feedback))
    if entries:
        state.undo(entries[0].seq, who=who)


def _feedback(record: Record) -> Feedback:
    body = record.body
    segment = tuple((str(name), None if value is None else str(value)) for name, value in body["segment"])
    first, last = (date.fromisoformat(body[name]) for name in ("first", "last"))
    return Feedback(segment, first, last, bool(body["expected"]))


def _key(about: Anomaly | Feedback) -> str:
    return json.dumps([about.first.isoformat(), about.last.isoformat(), *map(list, about.segment)], ensure_ascii=False)
