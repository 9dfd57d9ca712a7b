"""What is planned on top of what history says: named layers on the monthly paths, each with its owner and assumption.

Conventions: paths are ``[segment, month, path]`` in one currency, months by their first day; a layer's uncertain figure
is a low / likely / high estimate, drawn once a path. The baseline is never changed: a result is the baseline plus what
each layer contributes.

    spend = (baseline * growth + launches) * prices * controls + one-offs

Growth drivers act on the baseline (a launch states its own volume); price changes and controls act on the baseline and
on launches in their scope; a one-off is money as it will be billed. The order in which layers are given plays no part.
A factor's contribution is its logarithm's share of the change that all factors make together (additive log-mean
weights, Ang 2005), so contributions add up to the difference on every path, and factors that undo each other do so too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.components import Initiative, ramp
from costlib.analysis.outlook import Outlook
from costlib.analysis.ranges import Key, Line, Scope, ThreePoint, in_scope, line_of, stream, together
from costlib.errors import InputError
from costlib.periods import month_start

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Launch:
    """New spend from ``start``: so much a month at today's prices, reached in ``ramp_months`` equal steps.

    ``key`` is the segment it falls on, an existing one or a new one.
    """

    name: str
    owner: str
    assumption: str
    key: Key
    start: date
    monthly: ThreePoint
    ramp_months: int = 0


@dataclass(frozen=True)
class Workload:
    """New spend from ``start`` as its components say (components.py)."""

    name: str
    owner: str
    assumption: str
    key: Key
    start: date
    initiative: Initiative


@dataclass(frozen=True)
class PriceChange:
    """Another price from ``start`` on for what is in scope; ``change`` is a share, -0.2 for a fifth less."""

    name: str
    owner: str
    assumption: str
    scope: Scope
    start: date
    change: ThreePoint


@dataclass(frozen=True)
class GrowthDriver:
    """Spend in scope follows a business figure: ``volume`` of ``unit`` a month, from the first month of the outlook.

    ``today`` is the volume that the history's spend goes with; spend over it is the unit cost. Where the volume is
    twice that, spend is 2 ** elasticity times the baseline. Only what the baseline does not hold yet belongs here: give
    as ``volume`` what comes on top of the growth that history shows. Months after the last given keep its volume.
    """

    name: str
    owner: str
    assumption: str
    scope: Scope
    unit: str
    today: float
    volume: tuple[ThreePoint, ...]
    elasticity: float = 1.0


@dataclass(frozen=True)
class OneOff:
    """One amount in one month, as it will be billed; negative for a credit."""

    name: str
    owner: str
    assumption: str
    key: Key
    month: date
    amount: ThreePoint


@dataclass(frozen=True)
class Control:
    """A control (quota, automatic shutdown, storage tier): a share of the spend in scope less, ramped from
    ``start``."""

    name: str
    owner: str
    assumption: str
    scope: Scope
    start: date
    saving: ThreePoint
    ramp_months: int = 0


Layer = Launch | Workload | PriceChange | GrowthDriver | OneOff | Control


@dataclass(frozen=True)
class Planned:
    """An outlook with layers. ``contributions`` are ``[segment, month, path]`` by layer name, in the order given.

    ``keys`` begin with those of the baseline; segments that only a layer has come after them, with a baseline of 0.
    """

    by: tuple[str, ...]
    keys: tuple[Key, ...]
    months: tuple[date, ...]
    baseline: Array
    contributions: Mapping[str, Array]
    paths: Array = field(repr=False)

    def spend(self, scope: Scope | None = None) -> Array:
        """Paths of the segments in scope together, ``[month, path]``."""
        return together(self.paths[in_scope(scope or {}, self.by, self.keys)])

    def line(self, scope: Scope | None = None) -> Line:
        """Each month of the segments in scope together, as money with its range."""
        return line_of(self.spend(scope))

    def contribution(self, name: str) -> Array:
        """What one layer adds (or, negative, takes away) on each path, ``[month, path]``."""
        return together(self.contributions[name])


def planned(ahead: Outlook, layers: Sequence[Layer], seed: int = 1) -> Planned:
    """The outlook with layers on top; the same seed draws the same estimates, whatever other layers there are.

    Raises ``InputError`` for two layers of one name and for figures that cannot be.
    """
    _refuse(ahead, layers)
    base, keys = _with_new_segments(ahead, layers)
    count = base.shape[2]
    held = {one.name: in_scope(one.scope, ahead.by, keys) for one in layers if not isinstance(one, _Adding)}
    logs = {
        one.name: _log_factor(one, ahead.months, stream(seed, one.name), count)
        for one in layers
        if not isinstance(one, _Adding)
    }
    growth = [one.name for one in layers if isinstance(one, GrowthDriver)]
    factors = [one.name for one in layers if isinstance(one, PriceChange | Control)]
    found = {one.name: np.zeros_like(base) for one in layers}
    for name, part in _credit(base, [*growth, *factors], held, logs):
        found[name] += part
    for one in layers:
        if not isinstance(one, _Adding):
            continue
        row = keys.index(one.key)
        amount = _added(one, ahead.months, seed, count)
        found[one.name][row] += amount
        if factors and not isinstance(one, OneOff):
            added = np.zeros_like(base)
            added[row] = amount
            for name, part in _credit(added, factors, held, logs):
                found[name] += part
    total = base + reduce(np.add, found.values()) if found else base
    return Planned(ahead.by, tuple(keys), ahead.months, base, found, total)


_Adding = Launch | Workload | OneOff


def _with_new_segments(ahead: Outlook, layers: Sequence[Layer]) -> tuple[Array, list[Key]]:
    """The baseline with a row of zeros for every segment that only a layer has."""
    adding = [one.key for one in layers if isinstance(one, _Adding)]
    keys = list(dict.fromkeys((*ahead.keys, *adding)))
    new = np.zeros((len(keys) - len(ahead.keys), *ahead.paths.shape[1:]))
    return np.concatenate([ahead.paths, new]), keys


def _added(one: Launch | Workload | OneOff, months: Sequence[date], seed: int, count: int) -> Array:
    """What a layer adds to its segment, ``[month, path]``."""
    if isinstance(one, Workload):
        workload: Array = one.initiative.paths(months, one.start, seed, count).sum(axis=0)
        return workload
    random = stream(seed, one.name)
    if isinstance(one, OneOff):
        here = np.array([month == month_start(one.month) for month in months], dtype=np.float64)
        return here[:, None] * one.amount.drawn(random, count)
    return ramp(months, one.start, one.ramp_months)[:, None] * one.monthly.drawn(random, count)


def _log_factor(
    one: PriceChange | GrowthDriver | Control, months: Sequence[date], random: np.random.Generator, count: int
) -> Array:
    """The logarithm of a layer's factor, ``[month, path]``."""
    if isinstance(one, GrowthDriver):
        return _volume_factor(one, len(months), random, count)
    share = ramp(months, one.start, one.ramp_months if isinstance(one, Control) else 0)[:, None]
    change = -one.saving.drawn(random, count) if isinstance(one, Control) else one.change.drawn(random, count)
    factor: Array = np.log1p(share * change)
    return factor


def _volume_factor(one: GrowthDriver, months: int, random: np.random.Generator, count: int) -> Array:
    """A path keeps its rank among the volumes of each month: one that grows fast does so throughout."""
    rank = random.permutation(count)
    given = [*one.volume, *[one.volume[-1]] * months][:months]
    drawn = np.array([np.sort(estimate.drawn(random, count))[rank] for estimate in given])
    factor: Array = one.elasticity * np.log(drawn / one.today)
    return factor


def _credit(
    base: Array, names: Sequence[str], held: Mapping[str, NDArray[np.bool_]], logs: Mapping[str, Array]
) -> Iterator[tuple[str, Array]]:
    """Each factor's part of the change that all of them make to ``base``."""
    if not names:
        return
    whole = np.zeros_like(base)
    for name in names:
        whole[held[name]] += logs[name]
    change = base * np.expm1(whole)
    weight = np.divide(change, whole, out=base.copy(), where=whole != 0)
    for name in names:
        yield name, np.where(held[name][:, None, None], weight * logs[name], 0.0)


def _refuse(ahead: Outlook, layers: Sequence[Layer]) -> None:
    names = [one.name for one in layers]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"Two layers are called {twice!r}", expected="a name of its own for each", fix="Rename one.")
    for one in layers:
        problem = _problem(one, len(ahead.by))
        if problem:
            raise InputError(f"Layer {one.name!r}: {problem[0]}", expected=problem[1])


def _problem(one: Layer, dimensions: int) -> tuple[str, str] | None:
    if isinstance(one, _Adding) and len(one.key) != dimensions:
        return f"its segment has {len(one.key)} values", f"one for each of the {dimensions} dimensions"
    if isinstance(one, PriceChange) and one.change.low <= -1:
        return "its price falls by all of it or more", "a change above -1 (-0.2 is a fifth less)"
    if isinstance(one, Control) and (one.saving.low < 0 or one.saving.high >= 1):
        return "its saving is not a share", "from 0 to below 1"
    if isinstance(one, GrowthDriver):
        if not one.volume:
            return "it has no volume", "at least one month"
        if one.today <= 0 or any(estimate.low <= 0 for estimate in one.volume):
            return "a volume is not positive", "volumes above 0, today and in every month"
    return None
