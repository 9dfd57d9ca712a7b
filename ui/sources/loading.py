"""Load now: a place typed by whoever runs the dashboard; first what it would fetch, cost and change, then the load.

Only for a dashboard that answers on its own machine (``GLIDEPATH_ACCESS=local``): a path is a path of that machine, and
what lies elsewhere is fetched, and paid for, with that machine's credentials.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st
from streamlit.elements.lib.mutable_status_container import StatusContainer

from costlib import money
from costlib.errors import CostError, InputError
from costlib.store.dry_run import foreseen, is_elsewhere
from costlib.store.dry_run_words import PLAN_HEADER, plan_rows, plan_words
from costlib.store.load import Loaded
from costlib.workspace import Workspace
from ui.markdown import literal
from ui.panels import refusal
from ui.tables import figures_table

#: Places, beside files and folders, that bills can be fetched from, as they are typed (docs/sources.md).
EXAMPLES = (
    ("AWS Data Exports in S3", "s3://bucket/prefix"),
    ("Google Cloud's export in BigQuery", "bigquery://project.dataset.table?from=2026-01"),
    ("AWS Cost Explorer", "aws-cost-explorer:?from=2026-09-01&to=2026-10-01"),
    ("OpenAI", "openai:?from=2026-09-01&to=2026-10-01"),
    ("Anthropic", "anthropic:?from=2026-09-01&to=2026-10-01"),
    ("OpenCost on a cluster", "opencost:http://localhost:9003"),
)
_PLANNED, _DONE, _STEPS = "load-planned", "load-done", "load-steps"


def loading_panel(workspace: Workspace, access: str) -> None:
    """Draw the panel; where others may look in, the command that does the same."""
    st.header("Load now", anchor=False)
    if access != "local":
        st.write("Loading is for whoever runs the dashboard, on its machine:")
        st.code("python -m costlib load path/to/your/export", language="bash")
        return
    _say_done()
    where = st.text_input(
        "Where the bills are: a file or folder on this machine, or another place",
        key="load-path",
        placeholder="path/to/your/export",
    ).strip()
    with st.expander("How other places are written"):
        st.code("\n".join(address for _, address in EXAMPLES), language=None)
        names = ", ".join(name for name, _ in EXAMPLES)
        st.caption(literal(f"{names}. Credentials are those of this machine; what a place asks for is said first."))
    if st.button("Show what it would load", key="load-look", disabled=not where):
        st.session_state[_PLANNED] = where if _look(workspace, where) else ""
    if where and st.session_state.get(_PLANNED) == where and st.button("Load it", key="load-go", type="primary"):
        _load(workspace, where)


def _say_done() -> None:
    """What the load before this run did, and its steps."""
    if done := st.session_state.pop(_DONE, ""):
        st.success(literal(done))
        with st.expander("Step by step"):
            st.text("\n".join(st.session_state.pop(_STEPS, ())))


def _look(workspace: Workspace, where: str) -> bool:
    """Say what would be fetched at which cost, or what of the bills would change; whether a load may follow."""
    place = Path(where)
    with st.status("Reading", expanded=False) as status:
        try:
            lines = workspace.announced([place]) if is_elsewhere(place) else []
            found = foreseen(workspace.store, [place], progress=_told(status, []))
        except (CostError, OSError) as error:
            status.update(label="This cannot be loaded; nothing was changed", state="error", expanded=True)
            refusal(in_words(error, where))
            return False
        status.update(label="Nothing is loaded yet; this is what would be", state="complete")
    if lines:
        st.write("Loading would fetch this first; where it costs money, the line says how much:")
        st.write("\n".join(f"- {literal(line)}" for line in lines))
        return True
    st.write(literal(plan_words(found)))
    if found.changes:
        rows = plan_rows(found.changes)
        figures_table("What a load would change, by connection, month and account", PLAN_HEADER, rows)
    return True


def _load(workspace: Workspace, where: str) -> None:
    steps: list[str] = []
    with st.status("Loading", expanded=False) as status:
        try:
            done = workspace.load([Path(where)], progress=_told(status, steps))
        except (CostError, OSError) as error:
            status.update(label="Nothing was loaded and nothing was changed", state="error", expanded=True)
            refusal(in_words(error, where))
            return
        status.update(label="Loaded", state="complete")
    st.session_state[_PLANNED], st.session_state[_DONE], st.session_state[_STEPS] = "", loaded_words(done), steps
    st.rerun()


def in_words(error: CostError | OSError, where: str) -> CostError:
    """The refusal to show: a fault of the machine is told with its own reason.

    >>> print(in_words(PermissionError(13, "Permission denied"), "/bills"))
    /bills cannot be read: Permission denied. Expected: a place that this machine may read. Nothing was changed.
    """
    if isinstance(error, CostError):
        return error
    return InputError(
        f"{where} cannot be read: {error.strerror or error}",
        expected="a place that this machine may read",
        fix="Nothing was changed.",
    )


def _told(status: StatusContainer, steps: list[str]) -> Callable[[str], None]:
    """Progress messages as the label of a status and, line by line, in it and in ``steps``."""

    def tell(message: str) -> None:
        steps.append(message)
        status.update(label=literal(message))
        status.write(literal(message))

    return tell


def loaded_words(done: Sequence[Loaded]) -> str:
    """What was loaded, in one sentence."""
    changed = [item for item in done if item.changed]
    if not changed:
        return "All of it was loaded already; nothing changed."
    entries = [entry for item in changed for part in item.parts for entry in part.tie_outs]
    aside = sum(entry.rows_quarantined for entry in entries)
    ties = "they tie out to the bill" if all(entry.tied_out for entry in entries) else "THEY DO NOT TIE OUT"
    more = f"; {money.counted(aside, 'row')} set aside" if aside else ""
    return f"{money.counted(sum(entry.rows_loaded for entry in entries), 'line item')} loaded: {ties}{more}."
