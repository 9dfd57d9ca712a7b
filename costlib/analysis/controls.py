"""Which control buys how much: the same outlook with and without quotas, automatic shutdown, storage tiers.

Conventions: as in layers.py. A saving is money that is not spent, positive, over the months of the outlook (or the
first of them). ``credited`` savings add up to what all controls save together; ``alone`` is what one would save without
the others, and is never added up: two controls on the same spend overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from costlib.analysis.layers import Control, Layer, Planned, planned
from costlib.analysis.outlook import Outlook
from costlib.analysis.ranges import LEVEL, Array, Line, line_of


@dataclass(frozen=True)
class ControlValue:
    """What one control buys; lines have one entry, the months together."""

    control: Control
    credited: Line
    alone: Line
    monthly: Line
    """The credited saving, one entry a month."""


@dataclass(frozen=True)
class ControlValues:
    """Controls by what they are credited with, largest first; ``saving`` of all, and the spend with and without
    them."""

    rows: tuple[ControlValue, ...]
    saving: Line
    without: Planned
    with_controls: Planned


def control_values(
    ahead: Outlook,
    controls: Sequence[Control],
    layers: Sequence[Layer] = (),
    months: int | None = None,
    seed: int = 1,
    level: float = LEVEL,
) -> ControlValues:
    """What each control buys over the first ``months`` months, all by default, on top of the other layers."""
    without, controlled = planned(ahead, layers, seed), planned(ahead, [*layers, *controls], seed)
    found = []
    for one in controls:
        credited = -controlled.contribution(one.name)
        alone = without.spend() - planned(ahead, [*layers, one], seed).spend()
        wholes = _whole(credited[:months], level), _whole(alone[:months], level)
        row = ControlValue(one, *wholes, monthly=line_of(credited, level))
        found.append((float(credited[:months].sum()), row))
    saving = without.spend() - controlled.spend()
    rows = tuple(row for _, row in sorted(found, key=lambda pair: -pair[0]))
    return ControlValues(rows, _whole(saving[:months], level), without, controlled)


def _whole(paths: Array, level: float) -> Line:
    return line_of(paths.sum(axis=0, keepdims=True), level)
