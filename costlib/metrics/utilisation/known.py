"""Metrics of utilisation by name: what each measures, in which unit, and how a value becomes a share from 0 to 1.

Units are those of the makers' documents (November 2026): the DCGM exporter's default counters
(``GR_ENGINE_ACTIVE`` is a ratio, ``GPU_UTIL`` whole per cent), Triton's metrics guide (``[0.0 - 1.0)``, microseconds),
TorchServe's metrics (per cent, microseconds). A value that its unit cannot have is refused: it was most likely said in
another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from costlib.analysis.units.readings import QUEUED, REQUESTS, Basis

_ONE, _PERCENT, _MICROSECONDS = Decimal(1), Decimal(100), Decimal(1_000_000)
#: A sample may overshoot full use by a hundredth: clocks of samplers differ.
_OVER: Final = Decimal("1.01")
#: From here on DCGM means "no value": its blanks of 32 and 64 bits and of floating point all lie above.
_DCGM_BLANK: Final = Decimal(2_147_483_632)


@dataclass(frozen=True)
class Known:
    """What a metric measures; ``full`` is its value at full use, or how many of it make one.

    ``counter`` where it only grows until its server starts anew, ``whole`` where it counts whole per cent.
    """

    measure: str
    full: Decimal = _ONE
    counter: bool = False
    whole: bool = False


KNOWN: Final[Mapping[str, Known]] = {
    "DCGM_FI_PROF_GR_ENGINE_ACTIVE": Known(Basis.ENGINE),
    "DCGM_FI_DEV_GPU_UTIL": Known(Basis.BUSY, _PERCENT, whole=True),
    "nv_gpu_utilization": Known(Basis.BUSY),
    "nv_cpu_utilization": Known(Basis.CPU),
    "nv_inference_request_success": Known(REQUESTS, counter=True),
    "nv_inference_queue_duration_us": Known(QUEUED, _MICROSECONDS, counter=True),
    "GPUUtilization": Known(Basis.BUSY, _PERCENT),
    "CPUUtilization": Known(Basis.CPU, _PERCENT),
    "ts_inference_requests_total": Known(REQUESTS, counter=True),
    "ts_queue_latency_microseconds": Known(QUEUED, _MICROSECONDS, counter=True),
}


def amount_of(name: str, value: Decimal) -> Decimal | None:
    """A value of the metric as a share, as requests or as seconds; None where it is DCGM's "no value".

    Raises ValueError for a value that the metric's unit cannot have.

    >>> [str(amount_of("DCGM_FI_DEV_GPU_UTIL", Decimal(64))), str(amount_of("nv_gpu_utilization", Decimal("0.64")))]
    ['0.64', '0.64']
    >>> amount_of("nv_gpu_utilization", Decimal(64))
    Traceback (most recent call last):
    ValueError: nv_gpu_utilization is 64, but goes from 0 to 1: that looks like per cent
    """
    known = KNOWN[name]
    if name.startswith("DCGM_") and value >= _DCGM_BLANK:
        return None
    if value < 0:
        raise ValueError(f"{name} is {value}, below zero")
    if known.measure in (REQUESTS, QUEUED):
        return value / known.full
    return share_of(name, value, known.full, whole=known.whole)


def share_of(name: str, value: Decimal, full: Decimal, *, whole: bool = False) -> Decimal:
    """A value that goes from 0 to ``full`` as a share.

    Raises ValueError for one outside, and for a fraction of one per cent where per cent are ``whole``.
    """
    if whole and value != value.to_integral_value():
        raise ValueError(f"{name} is {value}, but counts whole per cent: that looks like a share")
    if not 0 <= value <= full * _OVER:
        looks = ": that looks like per cent" if full == 1 and value <= 100 else ""
        raise ValueError(f"{name} is {value}, but goes from 0 to {full}{looks}")
    return min(value / full, _ONE)
