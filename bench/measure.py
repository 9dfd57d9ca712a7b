"""Processor seconds, wall seconds and peak memory of one piece of work, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Cost:
    """What a piece of work took. ``memory`` is the peak of its process in MiB, interpreter and libraries included."""

    processor: float
    wall: float
    memory: float


def measured(work: Callable[..., Any], *arguments: object) -> Cost:
    """Run ``work(*arguments)`` in a fresh process and say what it took; the time to start the process is left out."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, work, arguments))
    process.start()
    process.join()
    if process.exitcode or not receiver.poll():
        raise SystemExit(f"{work.__name__} failed")
    cost: Cost = receiver.recv()
    return cost


def _peak_memory() -> float:
    """Peak resident memory of this process in MiB (VmHWM: unlike ru_maxrss it starts anew with the program)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _run(sender: Connection, work: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    wall, processor = time.perf_counter(), time.process_time()
    work(*arguments)
    taken = time.process_time() - processor, time.perf_counter() - wall
    sender.send(Cost(*taken, _peak_memory()))
