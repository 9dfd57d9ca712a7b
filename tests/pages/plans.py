"""Plans that a page is tried on: a copy of the sample's editable state, and what the page says of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from costlib.state.plans import PlanStore
from costlib.state.records import State

#: Titles of the sample's plans as the page lists them.
FRAUD, STARTUP = "Fraud minus 30 % in six months", "Start-up, 18 months under control"


def copied_state(store: Path, folder: Path) -> str:
    """The address of a copy of the store's state that a test may write to."""
    copy = folder / "state.db"
    with closing(sqlite3.connect(store / "state.db")) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return f"sqlite:///{copy}"


def plan_store(url: str) -> PlanStore:
    """The plans of a state."""
    return PlanStore(State(url))


def introduce(app: AppTest, name: str = "Ada", role: str = "lead") -> AppTest:
    """Say who edits."""
    app.text_input(key="editor-name").set_value(name)
    app.selectbox(key="editor-role").set_value(role)
    return app.run()


def button(app: AppTest, label: str) -> Button:
    """The first button of that name."""
    return next(one for one in app.button if one.label == label)


def field(app: AppTest, path: str) -> str:
    """The key of a field of the open form."""
    kinds = ("text_input", "number_input", "selectbox", "multiselect", "text_area")
    keys = [widget.key for kind in kinds for widget in app.get(kind) if widget.key and widget.key.endswith(f"-{path}")]
    (found,) = [key for key in keys if key.startswith("edit-")]
    return str(found)


def names_before(saved: PlanStore, plan: str) -> list[str]:
    """Ids of the initiatives that the plan was created with."""
    first = min(one.batch for one in saved.history(plan))
    return [one.key.partition("/")[2] for one in saved.history(plan) if one.batch == first and "/" in one.key]
