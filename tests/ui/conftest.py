"""What a page works on, made without a browser: the state of a store and a selection of its figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from costlib.focus import EFFECTIVE
from costlib.settings import read_settings
from costlib.workspace import Workspace
from tests.installed import packages_scanned_once
from tests.pages import stores
from ui.guard import Page
from ui.selection import AI_SPEND, Selection

__all__ = ["packages_scanned_once"]

Select = Callable[..., Selection]


def page_of(store: Path) -> Page:
    """The page's state, as the guard gives it."""
    workspace = Workspace(store)
    snapshot = workspace.snapshot()
    window = snapshot.reader.window()
    assert window
    return Page(workspace, snapshot, read_settings({"GLIDEPATH_STORE": str(store)}), window)


@pytest.fixture(scope="session")
def select(tmp_path_factory: pytest.TempPathFactory) -> Select:
    """A selection of a store's figures: of the sample company's AI spend where nothing else is said."""

    def selected(
        store: str = "demo", scope: str = AI_SPEND, measure: str = EFFECTIVE, currency: str = "USD"
    ) -> Selection:
        folder = stores.demo(tmp_path_factory) if store == "demo" else stores.small(tmp_path_factory, store)
        return Selection(page_of(folder), scope, measure, currency)

    return selected
