"""Planned changes on the Forecast page: the form that adds them, what each brings, and the scenarios they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from costlib.analysis.layers import Planned
from costlib.analysis.outlook import Outlook
from costlib.analysis.scenarios import base_best_worst, scenarios
from costlib.state.layers import SavedChange, changes, layer_of
from ui.ahead import SPLITS, Question, question_of
from ui.selection import Selection

HISTORY: Final = "History alone"
BASE: Final = "Base"
#: Base, best, worst, and the forecast without any planned change.
SCENARIOS: Final = (BASE, "Best", "Worst", HISTORY)


@dataclass(frozen=True)
class Plan:
    """The outlook under each scenario, and the planned changes in them."""

    outlooks: dict[str, Outlook]
    planned: Planned | None
    changes: tuple[SavedChange, ...]

    @property
    def names(self) -> Sequence[str]:
        """The scenarios; only one where nothing is planned."""
        return SCENARIOS if self.planned else (HISTORY,)


def plan_of(selection: Selection, outlook: Outlook | None) -> Plan:
    """The planned changes of the selection on top of its outlook; nothing without one."""
    if outlook is None:
        return Plan({}, None, ())
    held = [one for one in changes(selection.page.workspace.state(), selection.currency) if _is_seen(selection, one)]
    if not held:
        return Plan({HISTORY: outlook}, None, ())
    return _plan(question_of(selection), len(outlook.months), repr(held), outlook, tuple(held))


@st.cache_resource(max_entries=4, show_spinner=False)
def _plan(question: Question, months: int, words: str, _outlook: Outlook, _held: tuple[SavedChange, ...]) -> Plan:
    """The scenarios of the outlook that the question and the number of months name; shared, so only read."""
    del question, months, words  # what the key of the cache is made of
    layers = [layer_of(one.change, _outlook.by, _outlook.months[0]) for one in _held]
    found = scenarios(_outlook, layers, base_best_worst(layers))
    outlooks = {name: _with(_outlook, planned) for name, planned in found.items()}
    return Plan({**outlooks, HISTORY: _outlook}, found[BASE], _held)


def hidden_changes(selection: Selection) -> int:
    """How many planned changes the filters leave out because nobody can say which part of them they hold."""
    held = changes(selection.page.workspace.state(), selection.currency)
    return sum(not _is_seen(selection, one) and not _is_elsewhere(selection, one) for one in held)


def _is_seen(selection: Selection, saved: SavedChange) -> bool:
    """Whether the change acts on the selection: a factor always does, money only where its segment is selected."""
    if not saved.change.adds_segment:
        return True
    return all(_holds(item.dimension, item.values, item.exclude, saved) for item in selection.filters)


def _is_elsewhere(selection: Selection, saved: SavedChange) -> bool:
    """Whether a filter that the change can be judged by leaves it out."""
    return any(
        item.dimension in SPLITS and not _holds(item.dimension, item.values, item.exclude, saved)
        for item in selection.filters
    )


def _holds(dimension: str, values: Sequence[str | None], exclude: bool, saved: SavedChange) -> bool:
    return dimension in SPLITS and (saved.change.where.get(dimension) in values) is not exclude


def _with(base: Outlook, planned: Planned) -> Outlook:
    """The outlook with what is planned in its paths; segments that only a plan has come after the others."""
    new = len(planned.keys) - len(base.keys)
    return replace(base, keys=planned.keys, paths=planned.paths, notes=(*base.notes, *[("Planned",)] * new))


def base_of(plan: Plan) -> Outlook | None:
    """The outlook that a page shows where nobody chooses: with what is planned, else history alone."""
    return plan.outlooks.get(BASE) or plan.outlooks.get(HISTORY)


def choose_scenario(plan: Plan) -> str:
    """The scenario that the page shows; no choice where nothing is planned."""
    if plan.planned is None:
        return HISTORY
    chosen = st.segmented_control(
        "Scenario",
        SCENARIOS,
        default=BASE,
        required=True,
        key="scenario",
        bind="query-params",
        help=(
            "Base lets every planned change vary within its estimate; best and worst put each at the end that costs "
            "least or most; history alone leaves them all out. No scenario has a probability."
        ),
    )
    return chosen or BASE
