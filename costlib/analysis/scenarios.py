"""Base, best and worst: named settings of the drivers, on one and the same baseline.

Conventions: as in layers.py. A scenario sets each layer to one end of its estimate, leaves it out, or (the default of
the base) lets it vary; what it does not name is at its likely value. It is no quantile: the range of each scenario is
that of the baseline with those settings, and no scenario has a probability.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from costlib.analysis.components import Component, Initiative, Input
from costlib.analysis.layers import Control, Layer, Planned, planned
from costlib.analysis.outlook import Outlook
from costlib.analysis.ranges import ThreePoint, certain
from costlib.errors import InputError, did_you_mean


class Setting(StrEnum):
    """Where a scenario puts a layer's estimate."""

    LOW = "low"
    LIKELY = "likely"
    HIGH = "high"
    VARIES = "varies"
    OFF = "off"


@dataclass(frozen=True)
class Scenario:
    """A named setting of the drivers; ``settings`` by layer name."""

    name: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    otherwise: Setting = Setting.LIKELY


def scenarios(ahead: Outlook, layers: Sequence[Layer], named: Iterable[Scenario]) -> dict[str, Planned]:
    """The outlook under each scenario, by its name; the baseline's paths are the same in all.

    Raises ``InputError`` where a scenario sets a layer that there is not.
    """
    return {one.name: planned(ahead, settled(layers, one)) for one in named}


def settled(layers: Sequence[Layer], scenario: Scenario) -> list[Layer]:
    """The layers as the scenario sets them, those left out gone."""
    names = [one.name for one in layers]
    unknown = next((name for name in scenario.settings if name not in names), None)
    if unknown is not None:
        raise InputError(
            f"Scenario {scenario.name!r} sets the layer {unknown!r}, which there is not",
            expected="the name of a layer",
            fix=did_you_mean(unknown, names) or None,
        )
    chosen = [(one, scenario.settings.get(one.name, scenario.otherwise)) for one in layers]
    return [at(one, setting) for one, setting in chosen if setting is not Setting.OFF]


def base_best_worst(layers: Sequence[Layer]) -> tuple[Scenario, Scenario, Scenario]:
    """The three that a page opens with: all within its estimate; all where it costs least; all where it costs most.

    A control costs least where it saves most.
    """
    cheap = {one.name: Setting.HIGH if isinstance(one, Control) else Setting.LOW for one in layers}
    dear = {one.name: Setting.LOW if isinstance(one, Control) else Setting.HIGH for one in layers}
    return (
        Scenario("Base", otherwise=Setting.VARIES),
        Scenario("Best", cheap),
        Scenario("Worst", dear),
    )


def at(layer: Layer, setting: Setting) -> Layer:
    """The layer with every estimate in it at one end; as it is where it varies."""
    return layer if setting is Setting.VARIES else _at(layer, setting)


def _at(part: Any, setting: Setting) -> Any:
    """A value with every estimate inside it made certain, however deep it lies."""
    if isinstance(part, ThreePoint):
        return certain(getattr(part, setting.value))
    if isinstance(part, tuple):
        return tuple(_at(one, setting) for one in part)
    if isinstance(part, Layer | Initiative | Component | Input):
        return replace(part, **{one.name: _at(getattr(part, one.name), setting) for one in fields(part)})
    return part
