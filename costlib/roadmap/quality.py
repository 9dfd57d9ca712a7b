"""What a plan does to quality: effects added up by model and metric, held against the floor.

Conventions: an effect is a change of the metric in the metric's own unit; the likely one, as if it succeeded. The model
is the ``x_Model`` of the initiative's scope, one entry for each it names, and None for an initiative that names none.
The floor of a model and metric is the highest that any guardrail on it sets; it holds where the level of today plus the
joint effect stays at or above it, and is unknown (None) where no guardrail says today's level. Phases come in the
order containment, optimisation, governance, each with the effects of the ones before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from costlib.roadmap.plan_model import Initiative

PHASES = ("containment", "optimisation", "governance")
_MODEL = "x_Model"
_NOISE = 1e-12


@dataclass(frozen=True)
class JointEffect:
    """What the initiatives up to and including a phase do together to one metric of one model."""

    model: str | None
    metric: str
    phase: str
    effect: float
    floor: float | None
    level: float | None

    @property
    def holds(self) -> bool | None:
        """Whether the metric stays at its floor or above; None where level or floor is unknown."""
        if self.floor is None or self.level is None:
            return None
        return self.level + self.effect >= self.floor - _NOISE


def joint_effects(initiatives: Sequence[Initiative]) -> list[JointEffect]:
    """One entry a model, metric and phase in which something acts on it, in order of model, metric and phase."""
    keys = {(model, one.quality_effect.metric) for one in initiatives if one.quality_effect for model in models(one)}
    found = []
    for model, metric in sorted(keys, key=lambda key: (key[0] or "", key[1])):
        floor, level = limits(initiatives, model, metric)
        for number, phase in enumerate(PHASES):
            so_far = [one for one in initiatives if PHASES.index(one.phase) <= number]
            if any(one.phase == phase and effect_on(one, model, metric) for one in so_far):
                total = sum(effect_on(one, model, metric) for one in so_far)
                found.append(JointEffect(model, metric, phase, total, floor, level))
    return found


def models(initiative: Initiative) -> tuple[str | None, ...]:
    """Models that the initiative's scope names; (None,) where it names none."""
    return initiative.scope.get(_MODEL, (None,))


def effect_on(initiative: Initiative, model: str | None, metric: str) -> float:
    """The initiative's likely effect on a metric of a model, 0 where it has none."""
    effect = initiative.quality_effect
    return effect.likely if effect and effect.metric == metric and model in models(initiative) else 0.0


def limits(initiatives: Sequence[Initiative], model: str | None, metric: str) -> tuple[float | None, float | None]:
    """The highest floor and the lowest level of today that guardrails on this metric and model state."""
    rails = [one.guardrail for one in initiatives if one.guardrail and model in models(one)]
    floors = [rail.floor for rail in rails if rail.metric == metric and rail.floor is not None]
    levels = [rail.level for rail in rails if rail.metric == metric and rail.level is not None]
    return max(floors, default=None), min(levels, default=None)
