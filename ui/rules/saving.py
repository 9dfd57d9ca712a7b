"""The organisation's rule file behind the pages: its text, its versions, and how a new one is saved and published."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from costlib.errors import CostError, InputError, cause_words
from costlib.state.errors import Conflict
from costlib.state.file_versions import (
    KIND,
    RULES,
    FileVersion,
    OpenedFile,
    file_versions,
    keep_version,
    opened_file,
    overtaken,
)
from costlib.state.records import Entry
from costlib.workspace import Workspace
from ui.rules.text import START
from ui.undo import undo_reason

RULE_FILE = "rules.yaml"
#: The name in the address of Settings under which a page hands over a rule to try.
ASKED = "rule"
#: Where a text waits for the editor, where the editor keeps its own and what that began from, and what to tell after a
#: save.
DRAFT, EDITOR, OPENED, TOLD = "rules-draft", "rule-text", "rules-opened", "rules-told"


def saved_text(workspace: Workspace) -> str:
    """The organisation's rules as text; without a file of its own, one that takes over the shipped rules.

    Raises InputError for a file that cannot be read.
    """
    return _shown(_found(workspace))


def text_of(opened: OpenedFile) -> str:
    """What the editor shows of the file that was opened."""
    return _shown(opened.text)


def _shown(found: str | None) -> str:
    return START if found is None else found


def opened_rules(workspace: Workspace) -> OpenedFile:
    """The rule file as it is now, for who edits it; raises InputError for one that cannot be read."""
    return opened_file(workspace.state(), RULES, _found(workspace))


def _found(workspace: Workspace) -> str | None:
    """The text of the rule file, None where there is none; raises InputError for one that cannot be read."""
    path = rule_path(workspace)
    if not path.exists():
        return None
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path.name} cannot be read ({cause_words(error)})", fix="Restore it, or save a version again."
        ) from error


def rule_path(workspace: Workspace) -> Path:
    """Where the organisation's rule file lies."""
    return workspace.store.root / RULE_FILE


def rules_overtaken(workspace: Workspace, text: str, opened: OpenedFile) -> Conflict | None:
    """What the editor of the text is told where somebody changed the rules since they were opened."""
    return overtaken(workspace.state(), RULES, text, opened=opened, found=_found(workspace))


def save(workspace: Workspace, text: str, *, opened: OpenedFile, who: str, why: str) -> int:
    """Make the text the rules, publish the bills with them, and return the number of the change.

    Raises what refuses it, Conflict where the rules are no longer those that were opened; rules, figures and versions
    then stay as they were.
    """
    state = workspace.state()
    change = keep_version(state, RULES, text, opened=opened, found=_found(workspace), who=who, why=why)
    try:
        workspace.save_rules(text)
    except CostError:
        state.undo(change, who=who)
        raise
    return change


def versions(workspace: Workspace) -> list[FileVersion]:
    """The versions of the rule file, newest first."""
    return file_versions(workspace.state(), RULES)


def rule_history(workspace: Workspace) -> list[Entry]:
    """What was changed in the rule file, newest first."""
    return workspace.state().history(KIND, RULES)


def take_back(workspace: Workspace, *, opened: OpenedFile, who: str) -> int:
    """Undo the last change of the rules, or bring back what it undid; raises as ``save`` does.

    Raises InputError where there is nothing to go back to.
    """
    found = versions(workspace)
    if len(found) < 2:
        raise InputError("No rules were saved before these", expected="an earlier version", fix="Change them instead.")
    return save(workspace, found[1].text, opened=opened, who=who, why=undo_reason(found[0].change))


def put_back(workspace: Workspace, version: FileVersion, *, opened: OpenedFile, who: str) -> int:
    """Make an earlier version the rules again; raises as ``save`` does."""
    why = f"put back the version of {version.at:%Y-%m-%d %H:%M} UTC"
    return save(workspace, version.text, opened=opened, who=who, why=why)


def open_in_editor(text: str) -> None:
    """Leave a text for the editor, which shows it in the next run."""
    st.session_state[DRAFT] = text


def text_in_editor(workspace: Workspace) -> str:
    """What stands in the reader's editor, saved or not; before it is drawn for the first time, what is saved."""
    return str(st.session_state.get(EDITOR, saved_text(workspace)))


def open_anew(text: str) -> None:
    """Leave the text that is saved for the editor, which begins again from what is saved then."""
    st.session_state.pop(OPENED, None)
    open_in_editor(text)
