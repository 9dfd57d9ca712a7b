"""Money over time: net present value, internal rate of return, payback, return on investment, RICE.

Conventions: a flow is one amount a month, received positive, paid negative, in one currency; month 0 is the plan's
first and is not discounted; rates are effective and annual. NPV, IRR and payback of a plan are taken from one and the
same flow, so that the NPV at the IRR is nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

Floats = NDArray[np.float64]
_CENT = 0.01

#: Monthly rates between which the internal rate of return is looked for, as growth factors of one period.
_FACTORS = np.concatenate([np.geomspace(1e-6, 0.5, 400), np.linspace(0.5, 2, 3001)[1:], np.geomspace(2, 1e6, 600)[1:]])
#: Share saved from which on the classic scale of impact gives so much, the largest first.
_CLASSIC_IMPACT = ((0.40, 3.0), (0.20, 2.0), (0.10, 1.0), (0.05, 0.5), (0.0, 0.25))


def discount_factors(rate: float, months: int) -> Floats:
    """What one unit of money in each month is worth at the start: (1 + rate) ** (-t / 12).

    >>> discount_factors(0.21, 13)[[0, 12]].round(6).tolist()
    [1.0, 0.826446]
    """
    factors: Floats = (1.0 + rate) ** (-np.arange(months) / 12.0)
    return factors


def npv(rate: float, flow: ArrayLike) -> float:
    """Net present value of a monthly flow at an effective annual rate.

    >>> round(npv(0.21, [-100] + [0] * 11 + [121]), 6)
    0.0
    """
    amounts = np.asarray(flow, dtype=float)
    return float(discount_factors(rate, len(amounts)) @ amounts)


def irr_per_period(flow: ArrayLike) -> float | None:
    """Rate per period at which the flow's value is nothing: of several, the one nearest to 0; None without one.

    >>> round(irr_per_period([-100, 39, 59, 55, 20]), 5)
    0.28095
    """
    amounts = np.asarray(flow, dtype=float)
    if not (amounts.min(initial=0) < 0 < amounts.max(initial=0)):
        return None
    amounts = np.trim_zeros(amounts) / np.abs(amounts).max()

    def worth(factor: float) -> float:
        return float(_scaled_values(np.array([factor]), amounts)[0])

    values = _scaled_values(_FACTORS, amounts)
    exact = _FACTORS[values == 0]
    changes = np.flatnonzero(values[:-1] * values[1:] < 0)
    roots = [*exact, *(brentq(worth, _FACTORS[at], _FACTORS[at + 1], xtol=1e-14) for at in changes)]
    return float(min(roots, key=lambda factor: abs(factor - 1)) - 1) if roots else None


def irr(flow: ArrayLike) -> float | None:
    """Internal rate of return of a monthly flow, effective annual; None without a change of sign.

    >>> round(irr([-100] + [0] * 11 + [121]), 6), irr([10, 20])
    (0.21, None)
    """
    monthly = irr_per_period(flow)
    if monthly is None:
        return None
    yearly = float(np.expm1(12 * np.log1p(monthly)))
    return yearly if np.isfinite(yearly) else None


def payback_month(flow: Sequence[float] | Floats, outlay: Sequence[float] | Floats) -> int | None:
    """The first month, counted from 1, at or after the first outlay from which the cumulative flow stays >= 0.

    ``outlay`` is the money paid out a month (>= 0). 0 where nothing is ever paid out, None where it is not paid back.

    >>> payback_month([-100, 60, 60], [100, 0, 0]), payback_month([-100, 60], [100, 0]), payback_month([5], [0])
    (3, None, 0)
    """
    paid = np.flatnonzero(np.asarray(outlay) > 0)
    if not len(paid):
        return 0
    balance = np.cumsum(np.asarray(flow, dtype=float))
    noise = 1e-9 * float(np.abs(np.asarray(flow, dtype=float)).sum())
    short = np.flatnonzero(balance < -noise)
    first = max(int(paid[0]), int(short[-1]) + 1 if len(short) else 0)
    return first + 1 if first < len(balance) else None


def roi(flow: ArrayLike, outlay: ArrayLike) -> float | None:
    """Return on investment: the sum of a flow over the money paid out; None where less than a cent ever is.

    >>> roi([-100, 150], [100, 0]), roi([5.0], [1e-300])
    (0.5, None)
    """
    paid = float(np.sum(outlay))
    return float(np.sum(flow)) / paid if paid >= _CENT else None


def rice(reach: float, impact: float, confidence: float, effort: float) -> float | None:
    """Reach x impact x confidence / effort: money a month saved for a person-week, at the scale of a month's spend.

    ``reach`` mean monthly spend in scope, ``impact`` likely share saved, ``confidence`` probability, ``effort``
    person-weeks; None where nobody has to work.

    >>> rice(100_000, 0.3, 0.8, 6)
    4000.0
    """
    return reach * impact * confidence / effort if effort > 0 else None


def classic_impact(saving: float) -> float:
    """The classic scale of impact for a share saved: 3 from 40 %, 2 from 20 %, 1 from 10 %, 0.5 from 5 %, else 0.25.

    >>> [classic_impact(share) for share in (0.02, 0.05, 0.3, 0.6)]
    [0.25, 0.5, 2.0, 3.0]
    """
    return next(score for least, score in _CLASSIC_IMPACT if saving >= least)


def _scaled_values(factors: Floats, amounts: Floats) -> Floats:
    """The flow's value at each growth factor, up to a positive scale that keeps it finite."""
    periods = np.arange(len(amounts))
    powers = np.where(factors[:, None] >= 1, periods, periods - (len(amounts) - 1))
    values: Floats = np.exp(-powers * np.log(factors)[:, None]) @ amounts
    return values
