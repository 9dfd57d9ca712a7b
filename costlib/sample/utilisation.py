"""How busy the Fraud team's endpoints were, by day: what a DCGM exporter on them would have shown, and their requests.

The endpoint answers payment by payment, 40,000 requests an hour of one GPU that computes; the shadow scores the same
traffic in large batches, 130,000 an hour; the canary has served nothing. Requests are those of the bill's payload
(``metrics``). ``GPU_UTIL`` of the endpoint reads more than twice as high as its engine was active: a kernel that runs
on a part of the GPU counts as all of it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np

from costlib.sample import days, fraud
from costlib.sample.demand import GPUS
from costlib.sample.metrics import REQUESTS_A_GB

FILE = "metrics/endpoints.csv"
COLUMNS = ("day", "resource", "metric", "value")
#: Requests that one GPU of an endpoint answers in an hour of computing.
REQUESTS_A_GPU_HOUR = {"fraud-scorer-prod": 40_000, "fraud-scorer-shadow": 130_000, "fraud-scorer-dev-canary": 40_000}
ENGINE, GPU_UTIL, REQUESTS = "DCGM_FI_PROF_GR_ENGINE_ACTIVE", "DCGM_FI_DEV_GPU_UTIL", "requests"
#: How much higher than the engine's activity GPU_UTIL reads, and the endpoint whose exporter has both.
_READS, _HAS_BOTH = 2.4, "fraud-scorer-prod"


def write(folder: Path, progress: Callable[[str], None]) -> Path:
    """Write the endpoints' utilisation under ``folder``, one row per day, endpoint and metric; returns the file."""
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    served, used = requests(), use()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, day in enumerate(days.dates()):
            for name, shares in used.items():
                share = shares[number]
                if np.isnan(share):
                    continue
                writer.writerow((day, name, ENGINE, f"{share:.4f}"))
                if name == _HAS_BOTH:
                    writer.writerow((day, name, GPU_UTIL, round(100 * min(_READS * share, 0.99))))
                writer.writerow((day, name, REQUESTS, int(served[name][number])))
    progress(f"Utilisation of {len(used)} endpoints of the sample by day")
    return path


def use() -> dict[str, days.FloatArray]:
    """The true share of each endpoint's GPU hours that computed, by day; not a number on days without the endpoint."""
    hours, served = _billed("Host:ml.g5.12xlarge"), requests()
    found = {}
    for name, rate in REQUESTS_A_GPU_HOUR.items():
        gpu_hours = np.where(hours[name] > 0, hours[name] * GPUS["g5.12xlarge"], np.nan)
        found[name] = np.asarray(served[name] / (gpu_hours * rate), dtype=np.float64)
    return found


def requests() -> dict[str, days.FloatArray]:
    """Requests of each endpoint by day."""
    return {name: np.floor(amount * REQUESTS_A_GB) for name, amount in _billed("Hst:Data-Bytes-In").items()}


def _billed(ending: str) -> dict[str, days.FloatArray]:
    """Amounts by day of each endpoint's meter."""
    found = {name: np.zeros(days.COUNT) for name in REQUESTS_A_GPU_HOUR}
    for line in fraud.lines():
        name = line.meter.resource.rpartition("endpoint/")[2]
        if name in found and line.meter.usage_type.endswith(ending):
            found[name] += np.bincount(line.days, line.amount, days.COUNT)
    return found
