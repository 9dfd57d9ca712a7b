"""The rule file in an editor: what is wrong with it, what it would change, and the way to save it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from costlib.attribution.rule_file import rules_of_text
from costlib.attribution.rules import RuleSet
from costlib.errors import CostError
from costlib.state.file_versions import FileVersion, OpenedFile
from costlib.state.records import Entry
from costlib.state.roles import EDIT_RULES
from costlib.store.preview import Preview
from ui.guard import Page
from ui.markdown import literal
from ui.panels import refusal
from ui.rules.conflict import text_conflict
from ui.rules.errors import Mistake, mistake
from ui.rules.preview import preview_panel
from ui.rules.saving import (
    ASKED,
    DRAFT,
    EDITOR,
    OPENED,
    TOLD,
    open_anew,
    open_in_editor,
    opened_rules,
    put_back,
    rule_history,
    rules_overtaken,
    save,
    take_back,
    text_of,
    versions,
)
from ui.rules.text import with_entry
from ui.undo import line, undo_label, undo_told, when
from ui.who import barred_here, reader_for, reader_name

_PREVIEW = "rules-preview"
_AROUND = 2
_TYPEWRITER = f"<style>.st-key-{EDITOR} textarea {{font-family: monospace; font-size: .85rem;}}</style>"
_MOST_VERSIONS = 12
EDITOR_HELP = (
    "Rules are tried from the top; for each dimension the first one that matches decides. A star stands for anything. "
    "Everything here is data: quotes, SQL or patterns in a value are only ever compared with the bill."
)


def editor_panel(page: Page) -> None:
    """Draw the editor with everything that belongs to it."""
    with st.container(border=True, key="rule-file"):
        st.header("The rule file", anchor=False, help=EDITOR_HELP)
        now = opened_rules(page.workspace)
        saved, opened = text_of(now), _opened(now)
        overtaken = _overtaken(page, opened, saved)
        text = _edited(saved)
        candidate = _checked(text)
        waits = candidate is None or overtaken or text == saved
        with st.container(horizontal=True):
            preview = st.button("Preview the change", type="primary", disabled=waits)
            st.button("Back to what is saved", on_click=open_anew, args=(saved,), disabled=text == saved)
            st.download_button(
                "Download",
                data=text,
                file_name="rules.yaml",
                mime="application/yaml",
                on_click="ignore",
                type="tertiary",
            )
            _history(page, opened)
        if overtaken:
            st.caption("Say above what becomes of your changes, then look at what they change.")
        elif text == saved:
            st.caption("This is what is in force. Change it and see what moves before you save.")
        elif candidate is not None:
            if preview:
                _make_preview(page, text, candidate)
            _previewed(page, text, candidate, opened)


def _opened(now: OpenedFile) -> OpenedFile:
    """What the reader's text began from: what is saved now, until the reader has changed it."""
    kept: OpenedFile | None = st.session_state.get(OPENED)
    text = st.session_state.get(DRAFT, st.session_state.get(EDITOR))
    if kept is None or text == text_of(kept):
        if text is not None and kept is not None:
            st.session_state[DRAFT] = text_of(now)
        st.session_state[OPENED] = kept = now
    return kept


def _overtaken(page: Page, opened: OpenedFile, saved: str) -> bool:
    """Whether somebody saved the rules while the reader changed them; said with both ways on."""
    text = str(st.session_state.get(DRAFT, st.session_state.get(EDITOR, saved)))
    conflict = rules_overtaken(page.workspace, text, opened)
    if conflict is None or text == saved:
        return False
    text_conflict(conflict, "The rule file", (text_of(opened), saved, text), "rules", open_anew)
    return True


def _edited(saved: str) -> str:
    """The text in the editor: what another page left for it, what the reader typed, else what is saved."""
    if told := st.session_state.pop(TOLD, None):
        st.success(literal(told))
    if asked := st.query_params.get(ASKED):
        del st.query_params[ASKED]
        _ask(str(st.session_state.get(EDITOR, saved)), asked)
    if (draft := st.session_state.pop(DRAFT, None)) is not None:
        st.session_state[EDITOR] = draft
    elif EDITOR not in st.session_state:
        st.session_state[EDITOR] = saved
    st.html(_TYPEWRITER)
    return st.text_area("Rules, YAML", height=460, key=EDITOR, label_visibility="collapsed", persist_state="session")


def _ask(text: str, rule: str) -> None:
    """Put a rule that a link asks for among the last ones of the editor's text."""
    try:
        open_in_editor(with_entry(text, "fallback", rule))
    except CostError as error:
        refusal(error)


def _checked(text: str) -> RuleSet | None:
    """The rules of the text; None, and said why, where it does not say what it means."""
    try:
        return rules_of_text(text, "The new rules")
    except CostError as error:
        _mistake(text, mistake(text, error))
        return None


def _mistake(text: str, found: Mistake) -> None:
    st.error(literal(found.words))
    if found.expected:
        st.write(literal(f"Expected: {found.expected}."))
    if found.fix:
        st.write(literal(found.fix))
    if found.line:
        lines = text.splitlines()
        first = max(found.line - 1 - _AROUND, 0)
        shown = lines[first : found.line + _AROUND]
        st.code("\n".join(f"{number:>4}  {line}" for number, line in enumerate(shown, first + 1)), language=None)


def _make_preview(page: Page, text: str, candidate: RuleSet) -> None:
    with st.spinner("Applying the rules aside; nothing is changed yet"):
        try:
            st.session_state[_PREVIEW] = (text, page.snapshot.state.generation, page.workspace.preview_rules(candidate))
        except CostError as error:
            refusal(error)


def _previewed(page: Page, text: str, candidate: RuleSet, opened: OpenedFile) -> None:
    """What the text would change, once somebody asked, and the way to save it."""
    found = st.session_state.get(_PREVIEW)
    if found is None or found[:2] != (text, page.snapshot.state.generation):
        st.caption("Look at what this changes before you save it.")
        return
    preview: Preview = found[2]
    preview_panel(preview, candidate, page.snapshot.reader.currencies()[0])
    with st.form("save-rules", border=False):
        left, right = st.columns(2)
        who = left.text_input("Who", value=reader_name(), key="rules-who")
        why = right.text_input("Why", key="rules-why", placeholder="Such as: test instances belong to Search")
        if st.form_submit_button("Save and publish", type="primary", **barred_here(EDIT_RULES)):
            _save(page, text, opened, who, why)


def _save(page: Page, text: str, opened: OpenedFile, who: str, why: str) -> None:
    with st.spinner("Publishing the bills with these rules"):
        try:
            reader_for(EDIT_RULES)
            save(page.workspace, text, opened=opened, who=who, why=why)
        except CostError as error:
            refusal(error)
            return
    open_anew(text)
    st.session_state[TOLD] = "Saved: every figure is now made with these rules."
    st.rerun()


def _history(page: Page, opened: OpenedFile) -> None:
    """The versions that were saved, and the way back to one; a press is of the list that its reader saw."""
    found = versions(page.workspace)
    if not found:
        return
    newest = found[0].change
    history = rule_history(page.workspace)
    made = {one.seq: one for one in history}
    with st.popover("Versions", type="tertiary", key="rule-versions"):
        bar = barred_here(EDIT_RULES)
        if len(found) > 1 and st.button(undo_label(made[newest], history, _why), key=f"undo-rules-{newest}", **bar):
            _take_back(page, found[1], opened, undo_told(made[newest], history, _why))
        for index, one in enumerate(found[:_MOST_VERSIONS]):
            now = " (in force)" if index == 0 else ""
            st.write(literal(f"{when(one.at)}, {one.who}: {line(made[one.change], history, _why)}{now}"))
            if index and st.button(literal(f"Put back {when(one.at)}"), key=f"put-back-{one.change}-{newest}", **bar):
                _put_back(page, one, opened)


def _why(one: Entry) -> str:
    return one.why


def _take_back(page: Page, before: FileVersion, opened: OpenedFile, told: str) -> None:
    _publish(before, told, lambda: take_back(page.workspace, opened=opened, who=reader_for(EDIT_RULES)))


def _put_back(page: Page, version: FileVersion, opened: OpenedFile) -> None:
    told = "The earlier rules are in force again."
    _publish(version, told, lambda: put_back(page.workspace, version, opened=opened, who=reader_for(EDIT_RULES)))


def _publish(version: FileVersion, told: str, act: Callable[[], int]) -> None:
    with st.spinner("Publishing the bills with these rules"):
        try:
            act()
        except CostError as error:
            refusal(error)
            return
    open_anew(version.text)
    st.session_state[TOLD] = told
    st.rerun()
