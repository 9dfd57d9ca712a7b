"""The organisation's rule file behind the pages: its text, its versions, and how a new one is saved and published."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from costlib.errors import CostError, InputError, cause_words
from costlib.state.file_versions import RULES, FileVersion, file_versions, keep_version
from costlib.workspace import Workspace
from ui.rules.text import START

RULE_FILE = "rules.yaml"
#: The name in the address of Settings under which a page hands over a rule to try.
ASKED = "rule"
#: Where a text waits for the editor, where the editor keeps its own, and what to tell after a save.
DRAFT, EDITOR, TOLD = "rules-draft", "rule-text", "rules-told"


def saved_text(workspace: Workspace) -> str:
    """The organisation's rules as text; without a file of its own, one that takes over the shipped rules.

    Raises InputError for a file that cannot be read.
    """
    path = rule_path(workspace)
    if not path.exists():
        return START
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path.name} cannot be read ({cause_words(error)})", fix="Restore it, or save a version again."
        ) from error


def rule_path(workspace: Workspace) -> Path:
    """Where the organisation's rule file lies."""
    return workspace.store.root / RULE_FILE


def save(workspace: Workspace, text: str, *, who: str, why: str) -> int:
    """Make the text the rules, publish the bills with them, and return the number of the change.

    Raises what refuses it; rules, figures and versions then stay as they were.
    """
    found = saved_text(workspace) if rule_path(workspace).exists() else None
    state = workspace.state()
    change = keep_version(state, RULES, text, found=found, who=who, why=why)
    try:
        workspace.save_rules(text)
    except CostError:
        state.undo(change, who=who)
        raise
    return change


def versions(workspace: Workspace) -> list[FileVersion]:
    """The versions of the rule file, newest first."""
    return file_versions(workspace.state(), RULES)


def put_back(workspace: Workspace, version: FileVersion, *, who: str) -> int:
    """Make an earlier version the rules again."""
    return save(workspace, version.text, who=who, why=f"put back the version of {version.at:%Y-%m-%d %H:%M} UTC")


def open_in_editor(text: str) -> None:
    """Leave a text for the editor, which shows it in the next run."""
    st.session_state[DRAFT] = text
