"""Regression whose noise is correlated over time: what comes next, and how far off it may be, together for all periods.

Conventions: one value a period, a period being a step of 1 in ``places``. The noise is part lasting and part fresh: the
correlation of two periods d apart is share x memory**d. How lasting it is is not known, so every setting of a grid is
tried and all are averaged, each by how well it explains the past (its restricted likelihood). For one setting this is
generalised least squares and the best linear prediction (Goldberger 1962, universal kriging); coefficients have normal
priors, which count as further observations. Money never enters here: values are logarithms.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int_]

#: (memory of one period, share of the noise that has it); the first has no memory at all.
SETTINGS = ((0.0, 0.0), *((memory, share) for memory in (0.5, 0.8, 0.92, 0.97) for share in (0.3, 0.6, 0.95)))

#: Least variance of the noise: no cost follows a model closer than a hundredth of a per cent.
_LEAST = 1e-8
#: Periods that correlated ones are worth, at the least, where the tail of the interval is looked up.
_LEAST_FREEDOM = 4.0


@dataclass(frozen=True)
class Prior:
    """Normal prior of every coefficient; an infinite ``sd`` says nothing of it."""

    mean: Floats
    sd: Floats


@dataclass(frozen=True)
class Outlook:
    """Expected values of the periods ahead, how far off they may be together, and what was learned on the way.

    ``chance`` is the covariance that noise brings, ``doubt`` that of coefficients and settings not known for sure.
    ``coefficients`` are means over settings, ``variance`` that of a single period's noise, ``freedom`` the number of
    independent periods that the correlated ones are worth.
    """

    mean: Floats
    chance: Floats
    doubt: Floats
    coefficients: Floats
    variance: float
    freedom: float


@dataclass(frozen=True)
class _Kernels:
    """What depends on the places alone, one entry a setting."""

    whiten: Floats
    worth: Floats
    log_determinant: Floats
    carry: Floats
    left: Floats


def outlook(design: Floats, values: Floats, places: Whole, ahead: Floats, further: Whole, prior: Prior) -> Outlook:
    """Fit ``values`` at ``places`` on ``design`` and predict the periods ``further`` whose design is ``ahead``."""
    first = int(places[0])
    kernels = _kernels(tuple((places - first).tolist()), tuple((further - first).tolist()))
    noise = _first_variance(design, values)
    told = np.isfinite(prior.sd)
    rows = np.diag(np.sqrt(noise) / np.where(told, prior.sd, 1.0))[told]
    aims = (np.sqrt(noise) * prior.mean / np.where(told, prior.sd, 1.0))[told]
    settings = len(SETTINGS)
    whitened = np.concatenate([kernels.whiten @ design, np.broadcast_to(rows, (settings, *rows.shape))], axis=1)
    targets = np.concatenate([kernels.whiten @ values, np.broadcast_to(aims, (settings, len(aims)))], axis=1)
    normal = whitened.transpose(0, 2, 1) @ whitened
    inverse = np.linalg.inv(normal)
    coefficients = np.einsum("spq,snq,sn->sp", inverse, whitened, targets)
    off = targets - np.einsum("snp,sp->sn", whitened, coefficients)
    freedom = len(values) + len(aims) - design.shape[1]
    variance = np.maximum((off**2).sum(axis=1) / freedom, _LEAST)
    likelihood = -0.5 * (kernels.log_determinant + np.linalg.slogdet(normal)[1] + freedom * np.log(variance))
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    residual = values - coefficients @ design.T
    mean = coefficients @ ahead.T + np.einsum("snf,sn->sf", kernels.carry, residual)
    lever = ahead - np.einsum("snf,np->sfp", kernels.carry, design)
    unsure = lever @ inverse @ lever.transpose(0, 2, 1)
    middle = weight @ mean
    apart = mean - middle
    return Outlook(
        mean=middle,
        chance=np.einsum("s,sfg->fg", weight * variance, kernels.left),
        doubt=np.einsum("s,sfg->fg", weight * variance, unsure) + np.einsum("s,sf,sg->fg", weight, apart, apart),
        coefficients=weight @ coefficients,
        variance=float(weight @ variance),
        freedom=max(float(weight @ kernels.worth), _LEAST_FREEDOM),
    )


def _first_variance(design: Floats, values: Floats) -> float:
    """Variance of the noise by plain least squares: the scale on which priors are weighed."""
    fitted = design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return max(float(((values - fitted) ** 2).sum() / max(len(values) - design.shape[1], 1)), _LEAST)


def _correlation(one: Floats, other: Floats) -> Floats:
    """Correlation of the noise between places, one matrix a setting; a place with itself left to the caller."""
    apart = np.abs(one[:, None] - other[None, :])
    return np.array([share * memory**apart if share else np.zeros_like(apart) for memory, share in SETTINGS])


@lru_cache(maxsize=8)
def _kernels(places: tuple[int, ...], further: tuple[int, ...]) -> _Kernels:
    here, there = np.array(places, dtype=float), np.array(further, dtype=float)
    among = _correlation(here, here)
    among[:, range(len(here)), range(len(here))] = 1.0
    ahead = _correlation(there, there)
    ahead[:, range(len(there)), range(len(there))] = 1.0
    root = np.linalg.cholesky(among)
    whiten = np.linalg.inv(root)
    cross = whiten @ _correlation(here, there)
    return _Kernels(
        whiten=whiten,
        worth=(whiten.sum(axis=2) ** 2).sum(axis=1),
        log_determinant=2 * np.log(root[:, range(len(here)), range(len(here))]).sum(axis=1),
        carry=whiten.transpose(0, 2, 1) @ cross,
        left=ahead - cross.transpose(0, 2, 1) @ cross,
    )
