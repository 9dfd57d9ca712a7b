"""What a bill is made of here: meters, who they truly belong to, and lines of dated amounts.

A *meter* is what stays the same from day to day: account, service, usage type, resource, price, tags. A *line*
is a meter with the days on which it ran; each of its entries becomes one line item of the export, and a day
without usage has none. The *owner* is the truth that attribution has to find and that the bill does not tell.
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


@dataclass(frozen=True)
class Line:
    """Entries of one meter: arrays of equal length, one value per line item.

    ``days`` are positions in the calendar, ``months`` the billing months they are charged in, ``rate`` what was
    charged per unit, ``cost`` the unblended cost. ``facts`` holds further columns of the export by name.
    A line of ``whole_months`` covers the month of its day from the first to the last.
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
    facts: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)


def usage(meter: Meter, owner: Owner, amount: Curve, rate: Curve | None = None, kind: str = "Usage") -> Line:
    """A line of the days on which ``amount``, one value per calendar day, is not zero; list price unless ``rate``."""
    rounded = np.asarray(amount, dtype=np.float64).round(AMOUNT_DECIMALS)
    days = np.flatnonzero(rounded).astype(np.int64)
    charged = np.full(days.size, meter.price) if rate is None else np.asarray(rate[days], dtype=np.float64)
    used = rounded[days]
    return Line(meter, owner, days, used, charged, np.round(charged * used, DECIMALS), month_of()[days], kind)


def token_hex(name: str, length: int) -> str:
    """Letters and digits that stand for an opaque identifier, always the same for the same name.

    >>> token_hex("cluster node 1", 8) == token_hex("cluster node 1", 8) != token_hex("cluster node 2", 8)
    True
    """
    return hashlib.sha256(name.encode()).hexdigest()[:length]
