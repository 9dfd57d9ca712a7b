"""Scenarios on the Forecast page: the outlook with what is planned in the selection at its base, best or worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import streamlit as st

from costlib.analysis.layers import Planned
from costlib.analysis.outlook import Outlook
from costlib.analysis.scenarios import base_best_worst
from costlib.analysis.scenarios import scenarios as under
from costlib.briefs.words.plan import aside_words
from costlib.state.layers import SavedChange, changes, layer_of
from ui.forecast.ahead import NEAR, SPLITS, Question, outlook_of, question_of
from ui.selection import Selection

HISTORY: Final = "History alone"
BASE: Final = "Base"
#: Base, best, worst, and the forecast without any planned change.
SCENARIOS: Final = (BASE, "Best", "Worst", HISTORY)


@dataclass(frozen=True)
class Scenarios:
    """The planned changes on top of an outlook, each scenario worked out when it is first asked for.

    They are shared by all readers and only read.
    """

    history: Outlook | None
    changes: tuple[SavedChange, ...] = ()
    _found: dict[str, tuple[Outlook, Planned]] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> Sequence[str]:
        """The scenarios; only one where nothing is planned."""
        return SCENARIOS if self.changes else (HISTORY,)

    def outlook(self, scenario: str = BASE) -> Outlook | None:
        """The outlook under the scenario: history alone where nothing is planned."""
        found = None if scenario == HISTORY else self._under(scenario)
        return found[0] if found else self.history

    def planned(self) -> Planned | None:
        """What each planned change brings within its estimate; None where nothing is planned."""
        found = self._under(BASE)
        return found[1] if found else None

    def _under(self, scenario: str) -> tuple[Outlook, Planned] | None:
        if self.history is None or not self.changes:
            return None
        if scenario not in self._found:
            layers = [layer_of(one.change, self.history.by, self.history.months[0]) for one in self.changes]
            settings = [one for one in base_best_worst(layers) if one.name == scenario]
            found = under(self.history, layers, settings)[scenario]
            self._found[scenario] = _with(self.history, found), found
        return self._found[scenario]


def near_and_far(selection: Selection, months: int) -> tuple[Scenarios, Scenarios]:
    """What is planned on the nearer outlook, and on one that reaches so many months: often the same."""
    near = scenarios_of(selection, outlook_of(selection))
    return near, near if months <= NEAR else scenarios_of(selection, outlook_of(selection, months))


def scenarios_of(selection: Selection, outlook: Outlook | None) -> Scenarios:
    """The planned changes of the selection on top of its outlook; nothing without one."""
    if outlook is None:
        return Scenarios(None)
    held = [one for one in changes(selection.page.workspace.state(), selection.currency) if _is_seen(selection, one)]
    return _kept(question_of(selection), len(outlook.months), repr(held), outlook, tuple(held))


@st.cache_resource(max_entries=4, show_spinner=False)
def _kept(question: Question, months: int, words: str, _outlook: Outlook, _held: tuple[SavedChange, ...]) -> Scenarios:
    """The scenarios on the outlook that the question and the number of months name."""
    del question, months, words  # what the key of the cache is made of
    return Scenarios(_outlook, _held)


def aside(selection: Selection) -> str:
    """Why what is planned is not in the figures under the filters, and what to do; empty where nothing need be said."""
    held = changes(selection.page.workspace.state(), selection.currency)
    unseen = [one for one in held if not _is_seen(selection, one)]
    elsewhere = sum(_is_elsewhere(selection, one) for one in unseen)
    return aside_words(len(held) - len(unseen), elsewhere, len(unseen) - elsewhere)


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


def choose_scenario(scenarios: Scenarios) -> str:
    """The scenario that the page shows; no choice where nothing is planned."""
    if not scenarios.changes:
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
