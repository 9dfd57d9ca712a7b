"""The guard that begins every page: who may look, and what the page looks at.

It does not rely on the frame having run: a page is safe whichever way it was reached. Until sign-in comes, only the
machine that serves the pages may look (``GLIDEPATH_ACCESS=local``); ``open`` lets everyone in who can reach the server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from ipaddress import ip_address

import streamlit as st

from costlib.errors import EmptyStore
from costlib.periods import Window
from costlib.sample.place import sample_name
from costlib.settings import Settings, read_settings
from costlib.store.absences import incomplete_months
from costlib.store.missing import missing_months
from costlib.store.remembered import RememberingReader
from costlib.store.snapshot import Snapshot
from costlib.workspace import Workspace
from ui import panels
from ui.arrival import arrive
from ui.moment import identity
from ui.navigation import page_of
from ui.remembered import once
from ui.waiting import waiting_words


@dataclass(frozen=True)
class Page:
    """What a page works on: one published state for the whole of its run, and the settings in force."""

    workspace: Workspace
    snapshot: Snapshot
    settings: Settings
    window: Window

    @property
    def today(self) -> date:
        """The store's today: the last day with usage, never the clock's."""
        return self.window.last

    @cached_property
    def missing(self) -> tuple[date, ...]:
        """The months, by their first days, of which no bill is loaded though bills of earlier and later ones are."""
        return missing_months(self.snapshot.reader)

    @cached_property
    def incomplete(self) -> tuple[date, ...]:
        """The months that are compared with nothing: the missing ones, and those without a bill of a large account."""
        return incomplete_months(self.snapshot.reader)

    @property
    def sample_name(self) -> str | None:
        """The sample company whose figures these are; None where they are anybody else's."""
        root, state = self.workspace.store.root, self.snapshot.state
        return once(partial(sample_name, state), "sample company", root, state.generation)

    @property
    def is_sample(self) -> bool:
        """Whether the figures are the sample company's."""
        return self.sample_name is not None


def guard(*, needs_usage: bool = True, when_empty: Callable[[Workspace, str], None] | None = None) -> Page:
    """The page's state, for a reader who may see it; otherwise the page says why not and stops.

    A page that does not need usage also shows bills of purchases alone; its window is then that of all charges.
    ``when_empty`` draws what the page has to offer where no bill is loaded yet.
    """
    arrive()
    settings = read_settings()
    if settings.access == "local" and not _is_local(st.context.ip_address):
        st.error("This dashboard answers only on the machine that runs it.")
        st.write("Whoever runs it can open it to others: see GLIDEPATH_ACCESS in docs/settings.md.")
        st.stop()
    workspace = Workspace(settings.store)
    try:
        snapshot = _published(identity(workspace.store.manifest_path), workspace)
    except EmptyStore:
        panels.nothing_loaded(settings.store, waiting_words(workspace.store))
        if when_empty:
            when_empty(workspace, settings.access)
        else:
            st.page_link(page_of("sources"), label="Sources, where bills are loaded")
        st.stop()
    window = snapshot.reader.window() or (None if needs_usage else snapshot.reader.window(of_any_charge=True))
    if window is None:
        panels.no_usage()
        st.page_link(page_of("sources"), label="Sources, where loaded bills are listed")
        st.stop()
    return Page(workspace, snapshot, settings, window)


@st.cache_resource(max_entries=1, show_spinner=False)
def _published(manifest: str, _workspace: Workspace) -> Snapshot:
    """The state that this manifest publishes, read once; what any reader's page has asked of it is known to all."""
    del manifest  # what the cache knows the state by
    snapshot = _workspace.snapshot()
    return Snapshot(snapshot.state, RememberingReader(snapshot.reader))


def _is_local(address: str | None) -> bool:
    """Whether the reader sits at this machine; Streamlit gives no address for a reader on localhost."""
    return address is None or ip_address(address).is_loopback
