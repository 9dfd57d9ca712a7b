"""Runs that the bill itself tells of: line items that carry the label of a job are one run.

Where: ``bill:`` for Vertex AI Pipelines, which labels all that a pipeline run uses with
``vertex-ai-pipelines-run-billing-id`` (a key that Google reserves and sets itself; reference of the Vertex AI API,
PipelineJob.labels, November 2026), or ``bill:KEY`` for the tag that a platform's own jobs carry. Azure Machine Learning
sets no tag of its own on the bill: jobs on serverless compute or clusters are told apart by a tag that you give them.

The bill says what a run cost, on which days, and whose it is; its start is the first of these days. When it ended, how
it ended and what it ran on for how long the bill does not say: these stay unknown.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

from costlib.focus import DAY, TAGS
from costlib.runs.bill import IS
from costlib.runs.model import Run, Status
from costlib.store.cube import RESOURCE_PARTS
from costlib.store.reader import Reader

PREFIX: Final = "bill:"
VERTEX_PIPELINES: Final = "vertex-ai-pipelines-run-billing-id"
#: What a run takes from its line items, and the expression that gives it: unknown where they differ.
_FACTS: Final = {
    "owner": "x_Team",
    "model": "x_Model",
    "stage": "x_Stage",
    "instance_type": "x_InstanceType",
    "experiment": f"{TAGS}['experiment']",
    "pipeline": f"{TAGS}['pipeline']",
}


def label_of(where: str) -> str | None:
    """The label that a place asks for; None where it is another place.

    >>> label_of("bill:"), label_of("bill:job"), label_of("runs.csv")
    ('vertex-ai-pipelines-run-billing-id', 'job', None)
    """
    if not where.startswith(PREFIX):
        return None
    return where.removeprefix(PREFIX).strip() or VERTEX_PIPELINES


def label_runs(reader: Reader, key: str = VERTEX_PIPELINES) -> list[Run]:
    """One run for each value of the label on the bill, by first day."""
    facts = ", ".join(f"CASE WHEN COUNT(DISTINCT {value}) = 1 THEN MAX({value}) END" for value in _FACTS.values())
    rows = reader.rows(
        f"SELECT NULLIF(TRIM({TAGS}[?]), '') AS label, MIN({DAY}) AS first, {facts} FROM {RESOURCE_PARTS} "
        "WHERE label IS NOT NULL GROUP BY label ORDER BY first, label",
        [key],
    )
    return [
        Run(
            label,
            datetime.combine(first, time.min),
            status=Status.UNKNOWN,
            resource=f"{key}{IS}{label}",
            **dict(zip(_FACTS, values, strict=True)),
        )
        for label, first, *values in rows
    ]
