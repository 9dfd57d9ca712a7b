"""Load now: a path typed by whoever runs the dashboard; first what it would load, then the load with its progress.

Only for a dashboard that answers on its own machine (``GLIDEPATH_ACCESS=local``): a path is a path of that machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st
from streamlit.elements.lib.mutable_status_container import StatusContainer

from costlib import money
from costlib.errors import CostError
from costlib.sources.discovery import discover, split_usage
from costlib.store.dry_run import Change, Planned, planned
from costlib.store.load import Loaded
from costlib.workspace import Workspace
from ui.panels import literal, refusal
from ui.tables import figures_table

PLAN_HEADER = (
    "Connection",
    "Month",
    "Account",
    "What changes",
    "Rows",
    "Set aside",
    "Billed",
    "Rows now",
    "Billed now",
)
_PLANNED, _DONE = "load-planned", "load-done"
_WORDS = {
    Change.NEW: "new",
    Change.REPLACED: "replaces what is loaded",
    Change.UNCHANGED: "already loaded",
    Change.REMOVED: "no longer in the bill",
}


def loading_panel(workspace: Workspace, access: str) -> None:
    """Draw the panel; where others may look in, the command that does the same."""
    st.header("Load now", anchor=False)
    if access != "local":
        st.write("Loading is for whoever runs the dashboard, on its machine:")
        st.code("python -m costlib load path/to/your/export", language="bash")
        return
    if done := st.session_state.pop(_DONE, ""):
        st.success(literal(done))
    path = st.text_input("File or folder on this machine", key="load-path", placeholder="path/to/your/export").strip()
    if st.button("Show what it would load", key="load-look", disabled=not path):
        st.session_state[_PLANNED] = path if _look(workspace, path) else ""
    if path and st.session_state.get(_PLANNED) == path and st.button("Load it", key="load-go", type="primary"):
        _load(workspace, path)


def _look(workspace: Workspace, path: str) -> bool:
    """Read the bills and say what would change; whether a load would be accepted."""
    with st.status("Reading", expanded=False) as status:
        try:
            bills, usage = split_usage([Path(path)])
            rows = planned(workspace.store, discover(bills) if bills else (), progress=_told(status))
        except CostError as error:
            status.update(label="This cannot be loaded; nothing was changed", state="error", expanded=True)
            refusal(error)
            return False
        status.update(label="Nothing is loaded yet; this is what would be", state="complete")
    st.write(literal(plan_words(rows, len(usage))))
    if rows:
        figures_table("What a load would change, by connection, month and account", PLAN_HEADER, plan_rows(rows))
    return True


def _load(workspace: Workspace, path: str) -> None:
    with st.status("Loading", expanded=False) as status:
        try:
            done = workspace.load([Path(path)], progress=_told(status))
        except CostError as error:
            status.update(label="Nothing was loaded and nothing was changed", state="error", expanded=True)
            refusal(error)
            return
        status.update(label="Loaded", state="complete")
    st.session_state[_PLANNED], st.session_state[_DONE] = "", loaded_words(done)
    st.rerun()


def _told(status: StatusContainer) -> Callable[[str], None]:
    """Progress messages as the label of a status and, line by line, in it."""

    def tell(message: str) -> None:
        status.update(label=literal(message))
        status.write(literal(message))

    return tell


def plan_words(rows: Sequence[Planned], usage: int) -> str:
    """What a load would change, in one sentence."""
    changed = [row for row in rows if row.change is not Change.UNCHANGED]
    also = f" Usage records of {_counted(usage, 'file')} go beside the bills." if usage else ""
    if not changed:
        return ("Nothing would change: all of it is loaded already." if rows else "No bill is there.") + also
    months = sorted({row.period for row in changed if row.period})
    span = f"{months[0]} to {months[-1]}" if len(months) > 1 else "".join(months) or "no known month"
    replaced = sum(row.change in (Change.REPLACED, Change.REMOVED) for row in changed)
    instead = f", in the place of {_counted(replaced, 'part')} now in the store" if replaced else ""
    return f"{_counted(sum(row.rows for row in changed), 'line item')} of {span} would be loaded{instead}.{also}"


def plan_rows(rows: Sequence[Planned]) -> list[list[str]]:
    """Cells of the table, newest month first, exact to the cent; unknown stays unknown."""
    ordered = sorted(rows, key=lambda row: (row.period or "", row.connection, row.account or ""), reverse=True)
    return [
        [
            row.connection,
            row.period or money.UNKNOWN,
            row.account or money.UNKNOWN,
            _WORDS[row.change],
            money.count(row.rows),
            money.count(row.rows_aside),
            _amount(row, now=False),
            money.count(row.rows_now),
            _amount(row, now=True),
        ]
        for row in ordered
    ]


def _amount(row: Planned, *, now: bool) -> str:
    if row.change is (Change.NEW if now else Change.REMOVED):
        return "–"
    amount = row.billed_now if now else row.billed
    return money.full(amount, row.currency) if row.currency else money.UNKNOWN


def _counted(number: int, noun: str) -> str:
    return f"{money.count(number)} {noun}{'' if number == 1 else 's'}"


def loaded_words(done: Sequence[Loaded]) -> str:
    """What was loaded, in one sentence."""
    changed = [item for item in done if item.changed]
    if not changed:
        return "All of it was loaded already; nothing changed."
    entries = [entry for item in changed for part in item.parts for entry in part.tie_outs]
    aside = sum(entry.rows_quarantined for entry in entries)
    ties = "they tie out to the bill" if all(entry.tied_out for entry in entries) else "THEY DO NOT TIE OUT"
    more = f"; {_counted(aside, 'row')} set aside" if aside else ""
    return f"{_counted(sum(entry.rows_loaded for entry in entries), 'line item')} loaded: {ties}{more}."
