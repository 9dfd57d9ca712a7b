"""How unusual changes are shown: one box each, with its driver, its line items, and what readers said of it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from costlib.analysis.anomalies import Anomaly
from costlib.briefs.words.anomaly import anomalies_finding
from costlib.focus import label
from costlib.periods import day_name
from costlib.state import feedback as words
from ui.anomalies.found import Anomalies, event_key
from ui.markdown import literal
from ui.navigation import page_of
from ui.trends.drill import line_items_panel
from ui.who import reader_name

FEW, MOST = 3, 5
HELP = (
    "A day, or a lasting change, that cost other than the segment's own past let expect: its level, weekly rhythm, "
    "noise and monthly charges. The last 13 months are watched, by team and service, by model, or by project. Ranked "
    "by money; changes under 1% of a typical day are left out. What a lasting change costs a day is the mean of the "
    "last week of the days that are counted; what it cost before is what was expected of them."
)
TOO_SHORT = "Three weeks of bills are needed before anything can be called unusual."


@st.fragment(parallel=True)
def few(found: Anomalies, period: str) -> None:
    """The few that matter most, each with its probable driver and the way to its line items."""
    shown = found.found.anomalies
    with st.container(border=True, key="anomalies"):
        st.header(literal(_title(found, period)), anchor=False, help=HELP)
        if found.found.too_short:
            st.write(TOO_SHORT)
        for anomaly in shown[:FEW]:
            st.markdown(literal(found.sentence(anomaly)))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(literal(found.driver(anomaly)), width="content")
                _link(found, "Line items", key=event_key(anomaly))
        if len(shown) > FEW:
            _link(found, f"All {len(shown)} on Trends")


@st.fragment(parallel=True)
def panel(found: Anomalies, period: str) -> None:
    """All of them, with their line items and what readers said."""
    with st.container(border=True, key="anomalies"):
        st.header(literal(_title(found, period)), anchor=False, help=HELP)
        if found.found.too_short:
            st.write(TOO_SHORT)
        for anomaly in _chosen(found.found.anomalies):
            _box(found, anomaly)
        if found.found.expected:
            with st.expander(f"Marked as expected ({len(found.found.expected)})", key="expected"):
                for anomaly in found.found.expected:
                    st.write(literal(found.sentence(anomaly)))
                    with st.container(horizontal=True, vertical_alignment="center"):
                        _feedback(found, anomaly)


def _chosen(found: Sequence[Anomaly]) -> Sequence[Anomaly]:
    """The largest; all of them where the reader asks for them, or the address for one that is not among the largest."""
    asked, hidden = st.query_params.get("event"), found[MOST:]
    if not hidden:
        return found
    is_asked = any(event_key(one) == asked for one in hidden)
    smaller = "1 smaller one" if len(hidden) == 1 else f"{len(hidden)} smaller ones"
    every = st.toggle(f"Show {smaller} too", value=is_asked, key="every-anomaly", bind="query-params")
    return found if every else found[:MOST]


def _box(found: Anomalies, anomaly: Anomaly) -> None:
    key = event_key(anomaly)
    with st.container(gap="small", key=f"anomaly {key}"):
        st.markdown(literal(found.sentence(anomaly)))
        st.caption(literal(found.driver(anomaly)))
        with st.container(horizontal=True, vertical_alignment="center"):
            is_asked = key == st.query_params.get("event")
            shows_items = st.toggle("Line items", value=is_asked, key=f"items {key}")
            _feedback(found, anomaly)
    if shows_items:
        line_items_panel(found.name(anomaly), found.narrowed(anomaly), anomaly.window, key=f"line-items {key}")


def _feedback(found: Anomalies, anomaly: Anomaly) -> None:
    """What a reader said, with its undo; else the question."""
    state, key, word = found.selection.page.workspace.state(), event_key(anomaly), found.word_on(anomaly)
    if word:
        verdict = "expected" if word.feedback.expected else "not expected"
        st.caption(literal(f"Marked {verdict} by {word.who} on {day_name(word.at.date())}"), width="content")
        if st.button("Undo", key=f"undo {key}", type="tertiary"):
            words.unsay(state, word.feedback, who=reader_name())
            st.rerun()
        return
    for expected, text in ((True, "This was expected"), (False, "This was not expected")):
        if st.button(text, key=f"{'yes' if expected else 'no'} {key}", type="tertiary"):
            words.say(state, anomaly, expected, who=reader_name())
            st.rerun()


def _title(found: Anomalies, period: str) -> str:
    if found.is_unknown:
        return "What was unusual is unknown: so are the costs"
    if found.found.too_short:
        return "Too early to tell what is unusual"
    return anomalies_finding(found.found.anomalies, found.selection.currency, period)


def _link(found: Anomalies, text: str, key: str | None = None) -> None:
    selection = found.selection
    event = {"event": key} if key else {}
    address = {"by": label(found.cut[0]), "over": "All data", **selection.address, **event}
    st.page_link(page_of("trends"), label=text, query_params=address)
