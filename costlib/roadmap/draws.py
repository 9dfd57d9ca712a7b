"""What chance decides for one initiative on every path: success, saving, delay, guardrail, benefit.

Conventions: every array has one entry a path. Each initiative and each quantity has a stream of its own, made from the
plan's seed and the initiative's id: adding, removing or moving an initiative leaves the draws of the others as they
are, a higher probability succeeds on every path on which a lower one did, and the order of the file plays no part.
PERT is the Beta distribution on [low, high] with a = 1 + 4 (likely - low) / (high - low), b = 1 + 4 (high - likely) /
(high - low). A delay is drawn from it and rounded to the nearest whole month, halves up. Whether the guardrail fails is
drawn independently of success.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from costlib.roadmap.plan_fields import Estimate
from costlib.roadmap.plan_model import Initiative

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: A saving is capped just below all of the spend, so that its logarithm exists.
MOST_SAVED = 1.0 - 1e-12


@dataclass(frozen=True)
class Draws:
    """One initiative's fate, one entry a path."""

    success: Bools
    saving: Floats
    delay: Ints
    guardrail_fails: Bools
    benefit: Floats


def draw(initiative: Initiative, seed: int, paths: int) -> Draws:
    """Draw an initiative's fate on so many paths; the same seed and id give the same draws."""
    streams = _streams(initiative.id, seed)
    failure = initiative.guardrail.failure_probability if initiative.guardrail else 0.0
    delay = np.floor(pert(initiative.delay_months, streams[2], paths) + 0.5).astype(np.int64)
    return Draws(
        success=streams[0].random(paths) < initiative.probability,
        saving=np.minimum(pert(initiative.saving, streams[1], paths), MOST_SAVED),
        delay=delay,
        guardrail_fails=streams[3].random(paths) < failure,
        benefit=pert(initiative.benefit, streams[4], paths),
    )


def pert(estimate: Estimate, stream: np.random.Generator, size: int) -> Floats:
    """So many PERT draws; a constant where the estimate is certain."""
    if estimate.certain:
        return np.full(size, estimate.likely)
    a, b = pert_shape(estimate)
    drawn: Floats = estimate.low + (estimate.high - estimate.low) * stream.beta(a, b, size)
    return drawn


def pert_shape(estimate: Estimate) -> tuple[float, float]:
    """The two shape parameters of the PERT distribution of an uncertain estimate.

    >>> pert_shape(Estimate(low=0, likely=0.5, high=2))
    (2.0, 4.0)
    """
    width = estimate.high - estimate.low
    return 1 + 4 * (estimate.likely - estimate.low) / width, 1 + 4 * (estimate.high - estimate.likely) / width


def delay_probabilities(delay: Estimate) -> list[tuple[int, float]]:
    """Each whole month of delay with its probability, as ``draw`` draws it.

    >>> [(months, round(p, 4)) for months, p in delay_probabilities(Estimate(low=0, likely=0, high=2))]
    [(0, 0.7627), (1, 0.2363), (2, 0.001)]
    """
    if delay.certain:
        return [(int(delay.likely), 1.0)]
    a, b = pert_shape(delay)
    months = np.arange(int(delay.low), int(delay.high) + 1)
    edges = np.clip((np.append(months, months[-1] + 1) - 0.5 - delay.low) / (delay.high - delay.low), 0, 1)
    chances = np.diff(betainc(a, b, edges))
    return [(int(month), float(chance)) for month, chance in zip(months, chances, strict=True) if chance > 0]


def _streams(name: str, seed: int) -> list[np.random.Generator]:
    words = np.frombuffer(hashlib.sha256(name.encode()).digest(), dtype=np.uint32)
    children = np.random.SeedSequence([seed, *map(int, words)]).spawn(5)
    return [np.random.Generator(np.random.PCG64(child)) for child in children]
