"""What OpenCost says of the shared cluster: saved answers of its allocation API, by the day and, lately, by the hour.

An answer is ``{"code": 200, "data": [set, ...]}``, one set of allocations a window, aggregated by namespace and
controller, ``__idle__`` for what nobody reserved (shape: https://opencost.io/docs/integrations/api-examples, read
2026-11). OpenCost costs what was reserved, at the list price of the nodes, and knows no disk, Savings Plan or credit:
its sum is not the bill's and has to be scaled to it. ``gpuUsageAverage`` is in GPUs, from ``SM_ACTIVE``.

Of a node's list price 70 % stand for its GPUs, 20 % for cores, 10 % for memory. A pod reserves nine cores and 40 GiB
beside each GPU, of which half a core's time and most of the memory are used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np

from costlib.periods import add_months
from costlib.sample import days
from costlib.sample.cluster import CLUSTER
from costlib.sample.demand import HOURS, WORKLOADS, Demand, Workload, demand

FOLDER, HOURLY_FOLDER = "opencost", "hourly"

#: Months with an answer by the hour.
HOURLY_SINCE = date(2026, 8, 1)

_CORES_A_GPU, _GIB_A_GPU, _CORE_USE, _MEMORY_USE = 9.0, 40.0, 0.5, 0.8
_NODE_CORES_A_GPU, _NODE_GIB_A_GPU = 12.0, 96.0
_PARTS = {"gpu": 0.7, "cpu": 0.2, "ram": 0.1}
_GIB = 2**30
_DECIMALS = 5


@dataclass(frozen=True)
class Window:
    """One set: its start, how many hours it spans, and where it stands in the arrays of days and hours."""

    start: datetime
    hours: int
    at: tuple[int, slice]

    def sum(self, values: days.FloatArray) -> float:
        """The values of the window's hours, added."""
        return float(values[self.at].sum())


def write(folder: Path, progress: Callable[[str], None]) -> Path:
    """Write the answers under ``folder``, one file a month and grain; returns their folder."""
    found = demand()
    root = folder / FOLDER / CLUSTER
    for month in days.MONTHS:
        _write(root / f"{month:%Y-%m}.json", found, _windows(month, HOURS))
        if month >= HOURLY_SINCE:
            _write(root / HOURLY_FOLDER / f"{month:%Y-%m}.json", found, _windows(month, 1))
    progress(f"OpenCost's answers about {CLUSTER} (sample): {len(days.MONTHS)} months by day, the last by hour too")
    return root


def _write(path: Path, found: Demand, windows: Iterator[Window]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    price = found.list_cost() / np.maximum(found.capacity, 1e-9)
    sets = [_allocations(found, price, window) for window in windows]
    answer = {"code": 200, "status": "success", "data": sets}
    path.write_text(json.dumps(answer, separators=(",", ":")) + "\n", encoding="utf-8", newline="\n")


def _windows(month: date, hours: int) -> Iterator[Window]:
    """The windows of a month up to the last day of the sample."""
    day = month
    while day < add_months(month, 1) and day <= days.LAST:
        start = datetime.combine(day, time(), UTC)
        for first in range(0, HOURS, hours):
            yield Window(start + timedelta(hours=first), hours, (days.index(day), slice(first, first + hours)))
        day += timedelta(days=1)


def _allocations(found: Demand, price: days.FloatArray, window: Window) -> dict[str, object]:
    """The set of a window; workloads that were not there yet are not in it."""
    ran = [one for one in WORKLOADS if window.sum(found.reserved[one])]
    allocations = {one.name: _workload(found, price, window, one) for one in ran}
    return {"__idle__": _idle(found, price, window), **allocations}


def _workload(found: Demand, price: days.FloatArray, window: Window, one: Workload) -> dict[str, object]:
    reserved, used = window.sum(found.reserved[one]), window.sum(found.used[one])
    labels = {"team": one.label} | ({"model": one.model} if one.model else {})
    properties: dict[str, object] = {
        "cluster": CLUSTER,
        "namespace": one.namespace,
        "controller": one.controller,
        "controllerKind": one.kind,
        "labels": labels,
        "namespaceLabels": {"kubernetes_io_metadata_name": one.namespace},
    }
    cores, gigabytes = reserved * _CORES_A_GPU, reserved * _GIB_A_GPU
    parts = {
        "gpu": window.sum(price * found.reserved[one]) * _PARTS["gpu"],
        "cpu": window.sum(price * found.reserved[one]) * _PARTS["cpu"] * _CORES_A_GPU / _NODE_CORES_A_GPU,
        "ram": window.sum(price * found.reserved[one]) * _PARTS["ram"] * _GIB_A_GPU / _NODE_GIB_A_GPU,
    }
    allocation = _allocation(one.name, properties, window, reserved, cores, gigabytes, parts)
    average = round(used / window.hours, _DECIMALS)
    return {
        **allocation,
        "cpuCoreUsageAverage": round(cores * _CORE_USE / window.hours, _DECIMALS),
        "ramByteUsageAverage": round(gigabytes * _MEMORY_USE * _GIB / window.hours),
        "cpuEfficiency": _CORE_USE,
        "ramEfficiency": _MEMORY_USE,
        "gpuEfficiency": round(used / reserved, _DECIMALS),
        "gpuAllocation": {
            "gpuDevice": "",
            "gpuModel": "",
            "gpuUUID": "",
            "isGPUShared": False,
            "gpuUsageAverage": average,
            "gpuRequestAverage": round(reserved / window.hours, _DECIMALS),
        },
        "totalEfficiency": round(used / reserved, _DECIMALS),
    }


def _idle(found: Demand, price: days.FloatArray, window: Window) -> dict[str, object]:
    """What nobody reserved: all of the nodes but what the workloads hold."""
    capacity, taken = window.sum(found.capacity), window.sum(found.capacity - found.idle)
    whole = window.sum(price * found.capacity)
    held = window.sum(price * (found.capacity - found.idle))
    parts = {
        "gpu": (whole - held) * _PARTS["gpu"],
        "cpu": (whole - held * _CORES_A_GPU / _NODE_CORES_A_GPU) * _PARTS["cpu"],
        "ram": (whole - held * _GIB_A_GPU / _NODE_GIB_A_GPU) * _PARTS["ram"],
    }
    cores = capacity * _NODE_CORES_A_GPU - taken * _CORES_A_GPU
    gigabytes = capacity * _NODE_GIB_A_GPU - taken * _GIB_A_GPU
    allocation = _allocation("__idle__", {"cluster": CLUSTER}, window, capacity - taken, cores, gigabytes, parts)
    nothing = {"cpuCoreUsageAverage": 0, "ramByteUsageAverage": 0, "gpuAllocation": None, "totalEfficiency": 0}
    return {**allocation, **nothing}


def _allocation(
    name: str,
    properties: dict[str, object],
    window: Window,
    gpu_hours: float,
    core_hours: float,
    gigabyte_hours: float,
    parts: dict[str, float],
) -> dict[str, object]:
    """What workloads and idle capacity have in common; ``parts`` is USD at list price."""
    start, end = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (window.start, _end(window)))
    costs = {f"{part}Cost": round(cost, _DECIMALS) for part, cost in parts.items()}
    return {
        "name": name,
        "properties": properties,
        "window": {"start": start, "end": end},
        "start": start,
        "end": end,
        "minutes": window.hours * 60,
        "cpuCores": round(core_hours / window.hours, _DECIMALS),
        "cpuCoreRequestAverage": round(core_hours / window.hours, _DECIMALS),
        "cpuCoreHours": round(core_hours, _DECIMALS),
        "gpuCount": round(gpu_hours / window.hours, _DECIMALS),
        "gpuHours": round(gpu_hours, _DECIMALS),
        "ramBytes": round(gigabyte_hours * _GIB / window.hours),
        "ramByteRequestAverage": round(gigabyte_hours * _GIB / window.hours),
        "ramByteHours": round(gigabyte_hours * _GIB),
        **costs,
        "networkCost": 0,
        "loadBalancerCost": 0,
        "pvCost": 0,
        "sharedCost": 0,
        "externalCost": 0,
        "totalCost": round(sum(costs.values()), _DECIMALS),
    }


def _end(window: Window) -> datetime:
    return window.start + timedelta(hours=window.hours)
