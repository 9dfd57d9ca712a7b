"""Readings of how busy machines were: what was measured of a resource or a model on a UTC day.

A utilisation is a share from 0 to 1. Of several measures of a machine the best one counts, alone: *engine active* (the
share of time in which the GPU's engine had work), then *GPU_UTIL* (some kernel ran: reads high), then the CPU, which
says nothing of a GPU.

A reading belongs to the machine whose id on the bill is its resource or ends in it after a slash, if only one does;
else, where it names a model, to the machines that serve the model and have no reading of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

REQUESTS, QUEUED = "requests", "queue seconds"


class Basis(StrEnum):
    """How use was measured, the most telling one first; the last two are of shared pools."""

    ENGINE = "engine active"
    BUSY = "GPU_UTIL"
    CPU = "CPU"
    RESERVED = "reserved hours used"
    ALLOCATION = "allocation"


#: What is measured as a share, the most telling first.
SHARES: Final = (Basis.ENGINE, Basis.BUSY, Basis.CPU)


@dataclass(frozen=True)
class Reading:
    """A day's mean of a share (``measure`` is a basis), or its sum of requests or of the seconds that they waited.

    ``weight`` is how much a share counts beside others of the same day and machine: the samples behind it.
    """

    day: date
    resource: str | None
    model: str | None
    measure: str
    value: Decimal
    weight: Decimal = Decimal(1)


def matched(
    readings: Iterable[Reading], resources: Iterable[str], models: Iterable[str]
) -> tuple[list[Reading], list[str]]:
    """The readings with the ids that the bill has, and what was measured and is not on it.

    ``resources`` and ``models`` are all that the bill names, whoever bears them.

    >>> day, half = date(2026, 9, 1), Decimal("0.5")
    >>> found, lost = matched([Reading(day, name, None, "CPU", half) for name in ("a", "b")], ["arn:x/a"], [])
    >>> [one.resource for one in found], lost
    (['arn:x/a'], ['b'])
    """
    known, served = set(resources), set(models)
    tails: defaultdict[str, list[str]] = defaultdict(list)
    for resource in known:
        tails[tail(resource)].append(resource)
    found: list[Reading] = []
    lost: dict[str, None] = {}
    for one in readings:
        fits = [one.resource] if one.resource in known else tails.get(one.resource or "", [])
        if len(fits) == 1:
            found.append(replace(one, resource=fits[0]))
        elif one.model in served:
            found.append(replace(one, resource=None))
        else:
            lost[one.resource or one.model or "nothing named"] = None
    return found, sorted(lost)


def tail(resource: str) -> str:
    """The last part of an id.

    >>> tail("arn:aws:sagemaker:us-east-1:1:endpoint/scorer")
    'scorer'
    """
    return resource.rpartition("/")[2]
