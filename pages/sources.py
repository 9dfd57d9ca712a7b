"""Which bills are loaded, do they tie out, and what was set aside?"""

from __future__ import annotations

import streamlit as st

from costlib import money
from costlib.store.quarantine import quarantined_rows
from ui.guard import guard
from ui.markdown import literal
from ui.sources.loading import loading_panel
from ui.sources.page import (
    CONNECTION_HEADER,
    apart_words,
    connections,
    finding,
    freshness,
    quarantine_csv,
    tie_out_columns,
    tie_out_rows,
    twice_words,
)
from ui.sources.unloading import unloading_panel
from ui.status import line_of
from ui.tables import figures_table

page = guard(needs_usage=False, when_empty=loading_panel)
state = page.snapshot.state
st.title(literal(finding(state)), anchor=False)
st.caption(line_of(page, freshness(state)))

for said in twice_words(state, page.workspace.store.root):
    st.warning(literal(said))

with st.container(border=True):
    st.header("Connections", anchor=False)
    figures_table("One row a connection", CONNECTION_HEADER, connections(state))
    st.caption("Load a connection again, from the same place, to bring it up to date.")
    unloading_panel(page.workspace, state, page.settings.access)

loading_panel(page.workspace, page.settings.access)

st.header("Tie-out by account and month", anchor=False)
st.caption("Exact sums: what the bill adds up to, what the store holds, and what is neither loaded nor set aside.")
st.dataframe(
    tie_out_rows(state),
    column_config=tie_out_columns(),
    hide_index=True,
    placeholder=money.UNKNOWN,
    key="tie-outs",
    alt="Tie-out by account, month and currency",
)

if apart := apart_words(state):
    st.write(literal(apart))

st.header("Rows set aside", anchor=False)
if aside := list(quarantined_rows(state, page.workspace.store.root)):
    st.write("These rows hold a value that cannot be read. Correct the bill and load it again; they are in no figure.")
    st.dataframe(
        aside, hide_index=True, placeholder="–", key="quarantine", alt="Rows set aside, with file, line and reason"
    )
    st.download_button(
        "Download as CSV",
        data=lambda: quarantine_csv(aside),
        file_name="rows-set-aside.csv",
        mime="text/csv",
        on_click="ignore",
    )
else:
    st.write("None: every row of every bill is in the figures.")
