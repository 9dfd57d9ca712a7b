"""The workloads of a new initiative: no figure without an owner and an assumption; what is typed is what is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from costlib.analysis.components import CONSUMPTION, PRICE, VOLUME
from costlib.analysis.ranges import ThreePoint
from costlib.errors import InputError
from ui.forecast.workloads import Entered, Workload, component

FIGURE = Entered("calls", (1.0, 2.0, 3.0), "Ada", "pilot of May")


def workload(name: str = "Answers", **changed: Entered) -> Workload:
    return name, {VOLUME: FIGURE, CONSUMPTION: FIGURE, PRICE: FIGURE} | changed


def test_each_input_keeps_its_own_figures() -> None:
    found = component(workload(**{PRICE: Entered("USD a call", (0.0, 0.1, 0.5), "Grace", "offer of June")}))
    assert (found.price.unit, found.price.estimate, found.price.owner) == (
        "USD a call",
        ThreePoint(0.0, 0.1, 0.5),
        "Grace",
    )
    assert (found.volume.unit, found.consumption.assumption) == ("calls", "pilot of May")


def test_a_workload_without_a_name_is_refused() -> None:
    with pytest.raises(InputError, match="A workload has no name"):
        component(workload(""))


@pytest.mark.parametrize("which", [VOLUME, CONSUMPTION, PRICE])
@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"owner": ""}, "no owner"),
        ({"assumption": ""}, "no assumption"),
        ({"owner": "", "assumption": ""}, "no owner and no assumption"),
    ],
)
def test_a_figure_that_nobody_answers_for_is_refused_by_name(which: str, change: dict[str, str], missing: str) -> None:
    with pytest.raises(InputError, match=f"The {which} of Réponses has {missing}. Expected: who answers"):
        component(workload("Réponses", **{which: replace(FIGURE, **change)}))  # type: ignore[arg-type]
