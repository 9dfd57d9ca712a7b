"""Which control buys how much: the same outlook with and without quotas, automatic shutdown, storage tiers.

Conventions: as in layers.py. A saving is money that is not spent, positive, over the months of the outlook (or some of
them). ``credited`` savings add up to what all controls save together, path by path and so on average; ``alone`` is what
one would save without the others, and is never added up: two controls on the same spend overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from costlib.analysis.layers import Control, Layer, planned
from costlib.analysis.outlook import Outlook
from costlib.analysis.ranges import Array, Line, amount, line_of

#: All months of an outlook.
ALL = slice(None)


@dataclass(frozen=True)
class ControlValue:
    """What one control buys; lines have one entry, the months together, and averages are over all paths.

    ``acts_on`` is the spend in its scope before any control, ``monthly`` the credited saving, one entry a month.
    """

    control: Control
    credited: Line
    alone: Line
    monthly: Line
    average: Decimal
    average_alone: Decimal
    acts_on: Decimal


@dataclass(frozen=True)
class ControlValues:
    """Controls by what they are credited with, largest first, and the saving of all (``average`` over all paths)."""

    rows: tuple[ControlValue, ...]
    saving: Line
    average: Decimal


def control_values(
    ahead: Outlook, controls: Sequence[Control], layers: Sequence[Layer] = (), months: slice = ALL
) -> ControlValues:
    """What each control buys over those months of the outlook, all by default, on top of the other layers."""
    without, controlled = planned(ahead, layers), planned(ahead, [*layers, *controls])
    found = []
    for one in controls:
        credited = -controlled.contribution(one.name)[months]
        alone = (without.spend() - planned(ahead, [*layers, one]).spend())[months]
        averages = _average(credited), _average(alone), _average(without.spend(one.scope)[months])
        found.append(ControlValue(one, _whole(credited), _whole(alone), line_of(credited), *averages))
    saving = (without.spend() - controlled.spend())[months]
    rows = tuple(sorted(found, key=lambda row: -row.average))
    return ControlValues(rows, _whole(saving), _average(saving))


def _average(paths: Array) -> Decimal:
    """The mean of all paths, the months together; those of parts add up."""
    return amount(float(paths.sum(axis=0).mean())) or Decimal(0)


def _whole(paths: Array) -> Line:
    return line_of(paths.sum(axis=0, keepdims=True))
