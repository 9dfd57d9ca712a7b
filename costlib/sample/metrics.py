"""What the company's models did: requests, tokens, documents and training runs by day, as a file of business metrics.

Volumes agree with the bills. Tokens are those on the bill; a request of an endpoint sends 60 kB, as billed for its
payload; a document takes four seconds of the batch; a conversation has 2,600 tokens of prompt. What the shared cluster
served is in proportion to the GPU hours that truly computed. A model trains once a day at most.

Counts run on for five days after the bills' last, as they do where they come in by the day and bills later: those days
are the week before once more, give or take a few per cent. Outcomes and what they are worth are invented at rates of
their own, of the models that have any: nobody says what a forecast of demand is worth.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from costlib.sample import days
from costlib.sample.company import ASSISTANT, FRAUD, RECS, SEARCH
from costlib.sample.demand import RECOMMENDER, SERVING, Workload, demand
from costlib.sample.items import company_lines
from costlib.sample.lines import DAY, Line
from costlib.sample.products import TOWER_LAUNCH

FILE = "metrics/requests.csv"
COLUMNS = ("day", "metric", "model", "team", "unit", "value")

REQUESTS_A_GB, DOCUMENTS_AN_HOUR, PROMPT_OF_A_CONVERSATION = 16_000, 900, 2_600
#: Requests that one GPU answers in an hour of computing.
REQUESTS_A_GPU_HOUR: dict[Workload, float] = {SERVING: 95_000.0, RECOMMENDER: 160_000.0}

RUNS = "training runs"
#: Days counted after the last that is billed.
AHEAD = 5


@dataclass(frozen=True)
class Outcome:
    """What a model's work is good for: ``rate`` outcomes called ``counted`` for one unit of ``of``.

    One is worth ``value`` USD; ``worth`` is the metric of that.
    """

    model: str
    team: str
    of: str
    counted: str
    rate: float
    worth: str
    value: float


OUTCOMES = (
    Outcome("fraud-scorer", FRAUD, "requests", "frauds stopped", 1e-4, "prevented fraud loss", 6.1),
    Outcome("search-ranker", SEARCH, "requests", "search orders", 2.5e-4, "margin of search orders", 0.62),
    Outcome("recs-two-tower", RECS, "requests", "recommended orders", 2e-4, "margin of recommended orders", 0.85),
    Outcome("support-assistant", ASSISTANT, "conversations", "tickets saved", 4e-3, "handling cost saved", 4.2),
    Outcome("doc-extract", ASSISTANT, "documents", "invoices booked", 4e-3, "typing saved", 1.5),
)
_TOKENS = {
    "cache-read-input-token-count": "cached input tokens",
    "input-tokens": "input tokens",
    "output-tokens": "output tokens",
}
#: Units of metrics that are worth money; all else is counted.
_UNITS = {one.worth: "USD" for one in OUTCOMES}
#: What tells a metric: metric, model and team.
Key = tuple[str, str, str]


def write(folder: Path, progress: Callable[[str], None]) -> Path:
    """Write the metrics under ``folder``, one row per day, metric, model and team; returns the file."""
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    found = sorted((key, _run_on(key, values)) for key, values in volumes().items())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number in range(days.COUNT + AHEAD):
            day = (days.FIRST + timedelta(days=number)).isoformat()
            writer.writerows(
                (day, *key, _UNITS.get(key[0], ""), int(values[number])) for key, values in found if values[number]
            )
    progress(f"Volumes of the sample: {len(found)} metrics by day")
    return path


def volumes() -> dict[Key, days.FloatArray]:
    """Whole units by day of each metric, model and team."""
    found: defaultdict[Key, days.FloatArray] = defaultdict(lambda: np.zeros(days.COUNT))
    for key, values in (*_of_lines(company_lines()), *_of_cluster()):
        found[key] = np.maximum(found[key], values) if key[0] == RUNS else found[key] + values
    prompts = [
        values for (metric, model, _), values in found.items() if model == "support-assistant" and "in" in metric
    ]
    talks = np.sum(prompts, axis=0) / PROMPT_OF_A_CONVERSATION
    found["conversations", "support-assistant", "Support Assistant"] = talks
    return {key: np.floor(values) for key, values in (*found.items(), *_of_outcomes(found))}


def _of_outcomes(found: Mapping[Key, days.FloatArray]) -> Iterator[tuple[Key, days.FloatArray]]:
    for one in OUTCOMES:
        varied = days.noise(days.stream(f"outcome {one.model}"), 0.05)
        done = np.floor(found[one.of, one.model, one.team] * one.rate * varied)
        yield (one.counted, one.model, one.team), done
        yield (one.worth, one.model, one.team), done * one.value


def _run_on(key: Key, values: days.FloatArray) -> days.FloatArray:
    """The values with those of the days after the bill: the week before, at most a few per cent off."""
    off = days.noise(days.stream("ahead " + " ".join(key)), 0.0 if key[0] == RUNS else 0.03)[:AHEAD]
    return np.concatenate([values, np.floor(values[-7:][:AHEAD] * off)])


def _of_lines(lines: Iterable[Line]) -> Iterator[tuple[Key, days.FloatArray]]:
    for line in lines:
        team, model = line.owner.team, line.owner.model
        if not team or not model or line.kind != "Usage":
            continue
        amount: days.FloatArray = np.bincount(line.days, line.amount, days.COUNT).astype(np.float64)
        meter = line.meter
        for suffix, metric in _TOKENS.items():
            if line.owner.stage == "real-time inference" and meter.usage_type.endswith(f"-{suffix}"):
                yield (metric, model, team), amount * ("Titan" not in meter.usage_type)
        if meter.usage_type.endswith("Hst:Data-Bytes-In") and "shadow" not in meter.resource:
            yield ("requests", model, team), amount * REQUESTS_A_GB
        if "transform-job/doc-extract" in meter.resource:
            yield ("documents", model, team), amount * DOCUMENTS_AN_HOUR
        if line.owner.stage == "training" and (DAY in meter.resource or meter.purchase == "Spot"):
            yield (RUNS, model, team), (amount > 0).astype(np.float64)


def _of_cluster() -> Iterator[tuple[Key, days.FloatArray]]:
    used = demand().used
    for one, rate in REQUESTS_A_GPU_HOUR.items():
        served = days.since(TOWER_LAUNCH) if one is RECOMMENDER else 1.0
        yield ("requests", str(one.model), one.team), used[one].sum(axis=1) * rate * served
