"""Take a bill out: which, what would go with it, then in one step; to load its files again brings it back.

Only for a dashboard that answers on its own machine, as loading is.
"""

from __future__ import annotations

import streamlit as st

from costlib.errors import CostError
from costlib.store.manifest import Manifest, Part
from costlib.store.unload import chosen, unload
from costlib.store.unload_words import gone_words, would_go_words
from costlib.workspace import Workspace
from ui.markdown import literal
from ui.panels import refusal

_ALL = "All accounts"
_DONE = "unload-done"


def unloading_panel(workspace: Workspace, state: Manifest, access: str) -> None:
    """Draw the choice behind a button; nothing where others may look in or only one bill is loaded."""
    if done := st.session_state.pop(_DONE, ""):
        st.success(literal(done))
    bills = [part for part in state.parts if part.period]
    if access != "local" or len(bills) < 2:
        return
    with st.popover("Take a bill out", type="tertiary", key="unload"):
        source, account, months = _choose(bills)
        try:
            gone = chosen(state, source, account, months)
        except CostError as error:
            st.write(literal(f"{error.problem}. {error.fix}"))
            return
        st.write(literal(would_go_words(source, gone)))
        if st.button("Take it out", key="unload-go"):
            _unload(workspace, source, account, months)


def _choose(bills: list[Part]) -> tuple[str, str | None, list[str]]:
    """Connection, account (None for all) and months (empty for all), of what is loaded."""
    source = st.selectbox("Connection", sorted({part.source for part in bills}), key="unload-source")
    mine = [part for part in bills if part.source == source]
    accounts = sorted({part.account for part in mine if part.account})
    account = st.selectbox("Account", [_ALL, *accounts], key=f"unload-account {source}") if len(accounts) > 1 else _ALL
    held = [part for part in mine if account in (_ALL, part.account)]
    months = sorted({part.period for part in held if part.period}, reverse=True)
    asked = st.multiselect("Months", months, key=f"unload-months {source} {account}", placeholder="All months")
    return source, None if account == _ALL else account, asked


def _unload(workspace: Workspace, source: str, account: str | None, months: list[str]) -> None:
    try:
        with st.spinner("Building the daily cube without it and tying it out"):
            gone = unload(workspace.store, workspace.rules(), source, account, months)
    except CostError as error:
        refusal(error)
        return
    st.session_state[_DONE] = gone_words(source, gone)
    st.rerun()
