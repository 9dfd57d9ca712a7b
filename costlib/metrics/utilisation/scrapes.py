"""Scrapes of Triton, TorchServe and the DCGM exporter, saved as files: one file a scrape, or a folder of them.

The time of a scrape is that of its samples, where they say one, else the one in the file's name
(``2026-09-01T12-30-00Z.prom``, UTC). A day's share is the mean of its samples of all GPUs: scrape at even times. A
counter grows from one scrape to the next; where it fell, its server had started anew and it counts from 0. What it grew
belongs to the day of the later scrape; before the first one nothing is known.

``resource`` and ``model`` say whose scrapes these are, as the bill calls it; without them the labels do: ``Hostname``
of the DCGM exporter, ``hostname`` or ``Hostname`` of TorchServe, the model of Triton's and TorchServe's counters. (The
DCGM exporter's ``modelName`` is the kind of GPU.)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from costlib import money
from costlib.analysis.units.readings import Reading
from costlib.errors import EmptyExport, InputError, UnreadableFile, cause_words
from costlib.metrics.rows import refused
from costlib.metrics.utilisation.known import KNOWN, amount_of
from costlib.metrics.utilisation.prometheus_text import Sample, is_sample, samples

SUFFIXES: Final = (".prom", ".txt", ".metrics")
_TIME: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})[T_ -]?(\d{2})[-.:]?(\d{2})(?:[-.:]?(\d{2}))?(?!\d)")
_RESOURCES: Final = ("instance_id", "Hostname", "hostname")
_MODELS: Final = ("model", "model_name", "ModelName")
#: Whose reading it is and of what: resource, model, measure.
Key = tuple[str | None, str | None, str]


@dataclass
class _Collected:
    """What the scrapes so far add up to, by day."""

    shares: defaultdict[tuple[date, Key], list[Decimal]] = field(default_factory=lambda: defaultdict(list))
    grown: defaultdict[tuple[date, Key], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    last: dict[tuple[str, tuple[tuple[str, str], ...]], Decimal] = field(default_factory=dict)

    def readings(self) -> list[Reading]:
        means = [
            Reading(day, *key, money.exact_sum(values) / len(values), Decimal(len(values)))
            for (day, key), values in self.shares.items()
        ]
        return means + [Reading(day, *key, value) for (day, key), value in self.grown.items()]


def is_scrape(path: Path) -> bool:
    """Whether the place holds scrapes: a folder, or a file whose first line is of their format.

    Raises ``UnreadableFile``.
    """
    if path.is_dir():
        return True
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return is_sample(next((line for line in file if line.strip()), ""))
    except OSError as error:
        raise _unreadable(path, cause_words(error)) from error


def read_scrapes(path: Path, resource: str | None = None, model: str | None = None) -> list[Reading]:
    """The readings of a scrape or of a folder of scrapes, by day.

    Raises ``UnreadableFile``, ``EmptyExport``, and ``InputError`` that names files and lines that cannot be used.
    """
    scrapes: list[tuple[datetime, str, list[Sample]]] = []
    problems: list[str] = []
    for file in _files(path):
        try:
            scrapes += [(moment, file.name, found) for moment, found in _timed(file)]
        except ValueError as error:
            problems.append(f"{file.name}, {error}" if file != path else str(error))
    collected = _Collected()
    for moment, name, found in sorted(scrapes, key=lambda scrape: scrape[:2]):
        for sample in found:
            try:
                _collect(collected, moment.date(), sample, resource, model)
            except ValueError as error:
                problems.append(f"{name}, line {sample.line}: {error}")
    if problems:
        raise refused(path, problems, "scrapes of Triton, TorchServe or the DCGM exporter, each with its time")
    if not scrapes:
        raise EmptyExport(
            f"{path} has no metric of utilisation",
            expected=f"one of {', '.join(KNOWN)}",
            fix="Check that the exporter still writes one of them.",
        )
    return collected.readings()


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES and one.is_file())


def _timed(file: Path) -> Iterator[tuple[datetime, list[Sample]]]:
    """The samples of a file that we know, by their time.

    Raises ValueError.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(file, cause_words(error)) from error
    groups: defaultdict[datetime | None, list[Sample]] = defaultdict(list)
    for sample in samples(text, KNOWN):
        groups[sample.time].append(sample)
    for moment, found in groups.items():
        yield moment or _time_of(file), found


def _time_of(file: Path) -> datetime:
    found = _TIME.search(file.name)
    if found is None:
        raise ValueError(
            "its samples have no time and its name has none: call it for example 2026-09-01T12-30-00Z.prom"
        )
    parts = [int(part or 0) for part in found.groups()]
    return datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=UTC)


def _collect(collected: _Collected, day: date, sample: Sample, resource: str | None, model: str | None) -> None:
    value = None if sample.value is None else amount_of(sample.name, sample.value)
    if value is None:
        return
    known = KNOWN[sample.name]
    key = _whose(sample, resource, model, known.measure)
    if not known.counter:
        collected.shares[day, key].append(value)
        return
    series = sample.name, tuple(sorted(sample.labels.items()))
    before = collected.last.get(series)
    collected.last[series] = value
    if before is not None:
        collected.grown[day, key] += value - before if value >= before else value


def _whose(sample: Sample, resource: str | None, model: str | None, measure: str) -> Key:
    resource = resource or next((sample.labels[name] for name in _RESOURCES if name in sample.labels), None)
    model = model or next((sample.labels[name] for name in _MODELS if name in sample.labels), None)
    if resource is None and model is None:
        raise ValueError(f"{sample.name} names no machine and no model: say --resource or --model")
    return resource, model, measure


def _unreadable(path: Path, why: str) -> InputError:
    return UnreadableFile(f"{path} cannot be read ({why})", expected="a text file in UTF-8", fix="Check the path.")
