"""The training runs of the sample company, as a plain file of runs: the SageMaker training jobs of its bill, and more.

Every training job on the bill is a run of the same name, over the hours that were billed for it; a model's job of a day
is one run of its experiment. Endings, data volumes, qualities, the time at work and the size of results are invented:
about one run in thirty fails and leaves nothing, the runaway sweep was cancelled on its last day, and quality creeps up
with the months. Results lie in two buckets of the bill. Trials of the assistant's prompts stand on no bill by name:
they have a machine and hours only.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from costlib.sample import days
from costlib.sample.items import company_lines
from costlib.sample.lines import DAY, Line, first_hour, machines, token_hex

FILE = "runs/runs.csv"
COLUMNS = (
    "run_id",
    "experiment",
    "pipeline",
    "model",
    "stage",
    "owner",
    "instance_type",
    "instances",
    "start",
    "end",
    "status",
    "data_volume_gb",
    "quality_metric",
    "quality",
    "resource",
    "utilisation",
    "artifacts",
    "artifact_gb",
)
_JOB = "training-job/"
#: Quality metric of a model, its value in November 2024, and what two years add.
_QUALITY = {
    "fraud-scorer": ("precision", 0.914, 0.021),
    "search-ranker": ("ranking score", 0.462, 0.036),
    "recs-two-tower": ("recall at 20", 0.231, 0.028),
    "recs-als": ("recall at 20", 0.188, 0.006),
    "demand-forecast": ("forecast error", 0.187, -0.021),
    "visual-search": ("recall at 20", 0.305, 0.012),
}
#: Mean share of its time at work, the bucket of its results, and gigabytes that a run leaves there.
_RESULTS = {
    "fraud-scorer": (0.71, "nl-mlflow-artifacts", 18),
    "search-ranker": (0.58, "nl-mlflow-artifacts", 22),
    "recs-two-tower": (0.44, "nl-recs-checkpoints", 140),
    "recs-als": (0.37, "nl-mlflow-artifacts", 9),
    "demand-forecast": (0.52, "nl-mlflow-artifacts", 6),
    "visual-search": (0.63, "nl-mlflow-artifacts", 31),
}
#: Gigabytes that a machine hour of training reads.
_GB_AN_HOUR = 42.0
#: One run in so many fails.
_FAILS = 30
#: Trials of the assistant's prompts on a machine nobody tagged: hours of g5.2xlarge, on Tuesdays from launch on.
_TRIALS, _TRIALS_SINCE = 3.5, date(2026, 2, 10)

Row = dict[str, str]


def write(folder: Path, progress: Callable[[str], None]) -> Path:
    """Write the runs under ``folder``, one row a run by start; returns the file."""
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    found = sorted((*_jobs(company_lines()), *_trials()), key=lambda row: (row["start"], row["run_id"]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
    progress(f"Runs of the sample: {len(found)}")
    return path


def _jobs(lines: Iterable[Line]) -> Iterator[Row]:
    """One run a job; a job without a day in its name is one run over all its days."""
    for line in lines:
        if _JOB not in line.meter.resource or line.kind != "Usage":
            continue
        hours = np.bincount(line.days, line.amount, days.COUNT).astype(np.float64)
        ran = np.flatnonzero(hours)
        spans = [(int(day), int(day)) for day in ran] if DAY in line.meter.resource else [(int(ran[0]), int(ran[-1]))]
        for first, last in spans:
            day = days.FIRST + timedelta(days=first)
            name = line.meter.resource.rpartition("/")[2].replace(DAY, day.isoformat())
            begin, end = _moments(hours[first : last + 1], first, last)
            yield _row(line, name, begin, end, float(hours[first : last + 1].sum()), machines(hours[first : first + 1]))


def _moments(hours: days.FloatArray, first: int, last: int) -> tuple[datetime, datetime]:
    """When the machines of a job ran, as its hours on the bill say."""
    starts = first_hour(hours)
    begin = _midnight(first) + timedelta(hours=float(starts[0]))
    side_by_side = machines(hours)
    end = _midnight(last) + timedelta(hours=float(starts[-1]) + float(hours[-1] / side_by_side[-1]))
    return begin, end


def _row(line: Line, name: str, begin: datetime, end: datetime, machine_hours: float, count: days.FloatArray) -> Row:
    owner, model = line.owner, line.owner.model or ""
    experiment = model
    for part in ("sweep", "backfill"):
        experiment = f"{model} {part}" if part in name else experiment
    status = _status(name)
    row = {
        "run_id": name,
        "experiment": experiment,
        "pipeline": f"{model}-train",
        "model": model,
        "stage": owner.stage or "training",
        "owner": owner.team or "",
        "instance_type": line.meter.instance_type,
        "instances": str(int(count[0])),
        "start": f"{begin:%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "status": status,
        "data_volume_gb": f"{machine_hours * _GB_AN_HOUR:.0f}",
        "resource": f"{_JOB}{name}",
    }
    if status == "Completed" and experiment in _QUALITY:
        row |= _quality(model, name, begin.date())
    return row | _results(model, name, status)


def _trials() -> Iterator[Row]:
    """Trials that no bill shows by name: machine, hours and owner only."""
    for number, day in enumerate(days.dates()):
        if day < _TRIALS_SINCE or day.weekday() != 1:
            continue
        name = f"assistant-prompts-{day.isoformat()}"
        begin = _midnight(number) + timedelta(hours=9)
        yield {
            "run_id": name,
            "experiment": "assistant prompts",
            "pipeline": "prompt-trials",
            "model": "support-assistant",
            "stage": "experimentation",
            "owner": "Support Assistant",
            "instance_type": "g5.2xlarge",
            "instances": "1",
            "start": f"{begin:%Y-%m-%dT%H:%M:%SZ}",
            "end": f"{begin + timedelta(hours=_TRIALS):%Y-%m-%dT%H:%M:%SZ}",
            "status": _status(name),
        }


def _status(name: str) -> str:
    if "sweep" in name:
        return "Stopped"
    return "Failed" if int(token_hex(name, 6), 16) % _FAILS == 0 else "Completed"


def _quality(model: str, name: str, day: date) -> Row:
    """The quality of a run: its model's course over two years, and what chance adds to one run."""
    metric, begin, gain = _QUALITY[model]
    age = (day - days.FIRST).days / days.COUNT
    chance = int(token_hex(f"quality {name}", 6), 16) / 0xFFFFFF - 0.5
    return {"quality_metric": metric, "quality": f"{begin + gain * (age + 0.6 * chance):.4f}"}


def _results(model: str, name: str, status: str) -> Row:
    """How much of its time a run was at work, and where what it made lies."""
    share, bucket, size = _RESULTS[model]
    told = {"utilisation": f"{share + 0.16 * (int(token_hex(f'work {name}', 6), 16) / 0xFFFFFF - 0.5):.3f}"}
    if status == "Completed":
        told |= {"artifacts": f"s3://{bucket}/{name}", "artifact_gb": str(size)}
    return told


def _midnight(number: int) -> datetime:
    return datetime.combine(days.FIRST + timedelta(days=number), datetime.min.time())
