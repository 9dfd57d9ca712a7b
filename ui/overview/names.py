"""Teams that may be one under two names, as the Overview hints at it beside what moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from costlib import money
from costlib.analysis.renames import renames
from costlib.attribution.hygiene import Tagged, variants
from costlib.briefs.words.names import rename_words, spellings_words
from ui.markdown import literal
from ui.navigation import page_of
from ui.overview.page import TEAM, Overview
from ui.remembered import once

#: Hints of each kind that are shown; more are counted.
SHOWN = 3


@dataclass(frozen=True)
class Hints:
    """Sentences on teams whose names mean the same, and on teams of which one ended as another began."""

    spelled: tuple[str, ...]
    renamed: tuple[str, ...]


def hints(overview: Overview) -> Hints:
    """What to ask about the teams of the months shown, what hides most money first."""
    window, timeline, series = overview.months()
    currency = overview.selection.currency
    costs = [Tagged(TEAM, one.name, None, None, None, one.total) for one in series if one.total is not None]
    alike = (([name for name, _ in one.spellings], one.hidden) for one in variants(costs, {}))
    return Hints(
        tuple(spellings_words(*one, currency, window) for one in alike),
        tuple(rename_words(one, currency) for one in renames(series, timeline.starts, overview.data)),
    )


def names_panel(overview: Overview) -> None:
    """Draw the hints, and the way to where names are joined; nothing where there are none."""
    selection = overview.selection
    of = selection.page.workspace.store.root, selection.page.snapshot.state.generation, selection.conditions
    found = once(partial(hints, overview), "hints on names", *of, selection.measure)
    if found.spelled:
        _draw(found.spelled)
        address = {**selection.address, "show": "Tags"}
        st.page_link(page_of("allocation"), label="Allocation: spellings of tags, and the fix", query_params=address)
    if found.renamed:
        _draw(found.renamed)
        st.page_link(page_of("settings"), label="Settings, where rules join names")


def _draw(said: Sequence[str]) -> None:
    for one in said[:SHOWN]:
        st.caption(literal(one))
    if more := len(said[SHOWN:]):
        st.caption(f"And {money.counted(more, 'pair')} more.")
