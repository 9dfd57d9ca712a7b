"""What a bill is made of here: meters, who they truly belong to, and lines of dated amounts.

A *meter* is what stays the same from day to day: account, service, usage type, resource, price, tags. A *line*
is a meter with the times at which it ran; each of its entries becomes one line item of the export, and a time
without usage has none. Machines are billed by the hour, everything else by the day or the month. The *owner* is
the truth that attribution has to find and that the bill does not tell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from costlib.sample.days import Curve, FloatArray, IntArray, month_of

#: Decimals of rates and costs in a Cost and Usage Report. Amounts are kept to six, so that the last bit of a
#: floating-point curve, which differs between processors, never reaches the file.
DECIMALS, AMOUNT_DECIMALS = 10, 6

#: In a resource name: the usage day, as SageMaker jobs carry it.
DAY = "{day}"


@dataclass(frozen=True)
class Owner:
    """Who truly caused a cost; ``None`` where it is shared or nobody's. Scope is ``AI`` or ``Other``."""

    team: str | None
    model: str | None = None
    stage: str | None = None
    scope: str = "AI"


@dataclass(frozen=True)
class Meter:
    """The constants of a line item; ``price`` is the list price in USD a ``unit``, ``tags`` as CUR 2.0 writes them."""

    account: str
    service: str
    usage_type: str
    operation: str
    resource: str
    unit: str
    price: float
    description: str
    tags: Mapping[str, str]
    instance_type: str = ""
    family: str = ""
    zone: str = ""
    region: str = "us-east-1"
    term: str = "OnDemand"
    purchase: str = ""

    @property
    def machine(self) -> bool:
        """Whether it counts the hours of a machine."""
        return bool(self.instance_type)


@dataclass(frozen=True)
class Line:
    """Entries of one meter: arrays of equal length, one value per line item.

    ``days`` are positions in the calendar, ``months`` the billing months they are charged in, ``rate`` what was
    charged per unit, ``cost`` the unblended cost. ``facts`` holds further columns of the export by name, one value for
    all entries or one each. ``hours`` are hours of the day; without them an entry covers its whole day, or, in a line
    of ``whole_months``, the month of its day from the first to the last.
    """

    meter: Meter
    owner: Owner
    days: IntArray
    amount: FloatArray
    rate: FloatArray
    cost: FloatArray
    months: IntArray
    kind: str = "Usage"
    bill_type: str = "Anniversary"
    whole_months: bool = False
    facts: Mapping[str, npt.NDArray[Any] | str] = field(default_factory=dict)
    hours: IntArray | None = None


def usage(
    meter: Meter,
    owner: Owner,
    amount: Curve,
    rate: Curve | None = None,
    kind: str = "Usage",
    start: Curve | None = None,
) -> Line:
    """A line of ``amount``, one value per calendar day, where it is not zero; at list price unless at ``rate``.

    A machine's hours become one entry for each hour that it ran, from the hour ``start`` of the day on.
    """
    rounded = np.asarray(amount, dtype=np.float64).round(AMOUNT_DECIMALS)
    hours: IntArray | None = None
    if meter.machine:
        days, hours, used = by_hour(rounded, start)
    else:
        days = np.flatnonzero(rounded).astype(np.int64)
        used = rounded[days]
    charged = np.full(days.size, meter.price) if rate is None else np.asarray(rate[days], dtype=np.float64)
    cost = np.round(charged * used, DECIMALS)
    return Line(meter, owner, days, used, charged, cost, month_of()[days], kind, hours=hours)


def first_hour(amount: Curve) -> FloatArray:
    """The hour of each day at which a machine starts to run its hours: most of them around the afternoon."""
    return np.asarray(np.floor((24 - amount / machines(amount)) * 0.6), dtype=np.float64)


def machines(amount: Curve) -> FloatArray:
    """How many machines it takes to run the hours within a day."""
    return np.asarray(np.maximum(np.ceil(amount / 24), 1), dtype=np.float64)


def by_hour(amount: FloatArray, start: Curve | None = None) -> tuple[IntArray, IntArray, FloatArray]:
    """Day, hour and machine hours of each hour in which machines ran the hours of a day side by side.

    >>> day, hour, ran = by_hour(np.array([1.5, 36.0]))
    >>> list(zip(day.tolist(), hour.tolist(), ran.tolist()))[:4]
    [(0, 13, 1.0), (0, 14, 0.5), (1, 3, 2.0), (1, 4, 2.0)]
    >>> float(ran[day == 1].sum())
    36.0
    """
    count = machines(amount)
    begin = (first_hour(amount) if start is None else np.asarray(start, dtype=np.float64))[:, np.newaxis]
    hour = np.arange(24)
    end = begin + (amount / count)[:, np.newaxis]
    ran = np.clip(np.minimum(end, hour + 1) - np.maximum(begin, hour), 0, 1) * count[:, np.newaxis]
    ran = ran.round(AMOUNT_DECIMALS)
    day, at = np.nonzero(ran)
    return day.astype(np.int64), at.astype(np.int64), ran[day, at]


def token_hex(name: str, length: int) -> str:
    """Letters and digits that stand for an opaque identifier, always the same for the same name.

    >>> token_hex("cluster node 1", 8) == token_hex("cluster node 1", 8) != token_hex("cluster node 2", 8)
    True
    """
    return hashlib.sha256(name.encode()).hexdigest()[:length]
