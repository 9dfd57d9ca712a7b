"""Draft or final: finance marks the figures and words of a document, with a reason where money does not tie out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from costlib.errors import CostError
from costlib.periods import day_name
from costlib.reports import FINAL, shows
from costlib.state.finals import Mark, SavedMark, history, mark_final, mark_of, take_back
from costlib.state.records import Entry
from costlib.state.roles import MARK_FINAL
from costlib.wording import capital
from ui.editing.editor import Editor, barred, choose_editor, refuses
from ui.editing.entry import press, pressed
from ui.markdown import literal
from ui.panels import refusal
from ui.reports.page import Report

_SAID, _FORM = "final-said", "final"
_MOST_TOLD = 5
_HELP = (
    "A document is a draft until finance marks it final. The mark is on the figures and words of this moment: once a "
    "bill, the plan or a sentence changes, the document is a draft again."
)


@dataclass(frozen=True)
class Seen:
    """What a press is about: the figures and words that were shown, by their digest, and the mark's version."""

    digest: str
    version: int | None


def final_panel(report: Report) -> None:
    """Draw what the document is, and the way finance marks it final or a draft again."""
    state = report.page.workspace.state()
    with st.container(border=True, key="final"):
        found = mark_of(state, report.order.kind, report.order.subject)
        st.header(literal(_standing(report, found)), anchor=False, help=_HELP)
        if untied := report.untied:
            st.warning(literal(f"{capital(untied)}: above 0.5 % of it. Every page of a draft says so."))
        if said := st.session_state.pop(_SAID, None):
            st.success(literal(said))
        editor = choose_editor()
        past = history(state, report.order.kind, report.order.subject)
        seen: Seen | None = pressed(_FORM)
        now = Seen(shows(report.document), found.version if found else None)
        is_late = seen not in (None, now)
        if seen and is_late:
            st.info(literal(_late_words(seen, now, past[:1], editor)))
        if is_final(report):
            _draft_again(report, now, editor, is_late=is_late)
        else:
            _mark(report, now, untied, editor, is_late=is_late)
        if past:
            told = (f"{day_name(one.at.date())}, {one.who}: {_what(one.after)}" for one in past[:_MOST_TOLD])
            st.caption(literal("; ".join(told)))


def _late_words(seen: Seen, now: Seen, last: list[Entry], editor: Editor) -> str:
    """Why a press did nothing: somebody pressed before, or the document shows something else since."""
    if last and seen.version != now.version:
        did = "marked it final" if last[0].after else "made it a draft again"
        if last[0].who == editor.name:
            return f"You {did} a moment ago."
        return f"{last[0].who} {did} a moment before you. Nothing of yours was saved: look at it again."
    return "Its figures or words changed after they were shown to you, so nothing was marked: look at it again."


def is_final(report: Report) -> bool:
    """Whether finance's mark holds for what the document shows now."""
    return report.document.status.startswith(FINAL)


def _standing(report: Report, found: SavedMark | None) -> str:
    if found is None:
        return "This is a draft"
    if is_final(report):
        return f"Final: marked by {found.who} on {day_name(found.at.date())}"
    return f"A draft again: what {found.who} marked on {day_name(found.at.date())} showed other figures or words"


def _what(after: dict[str, object] | None) -> str:
    if after is None:
        return "a draft again"
    return f"marked final: {after['reason']}" if after.get("reason") else "marked final"


def _mark(report: Report, now: Seen, untied: str, editor: Editor, *, is_late: bool) -> None:
    with st.form("final-form", border=False):
        asked = "Why it may leave the house all the same" if untied else "A remark, if there is one"
        reason = st.text_input(
            asked, key="final-reason", max_chars=160, placeholder="It stands at the foot of every page"
        )
        bar = barred(editor, MARK_FINAL)
        clicked = st.form_submit_button("Mark final", on_click=press, args=(_FORM, now), **bar)
        if not clicked or is_late or refuses(editor, MARK_FINAL):
            return
    mark = Mark(digest=now.digest, reason=reason.strip(), untied=untied)
    change = partial(mark_final, mark=mark, expected=now.version)
    _change(report, editor, change, "Every page says from now on that it is final")


def _draft_again(report: Report, now: Seen, editor: Editor, *, is_late: bool) -> None:
    bar = barred(editor, MARK_FINAL)
    clicked = st.button("Make it a draft again", key="final-back", on_click=press, args=(_FORM, now), **bar)
    if not clicked or now.version is None or is_late or refuses(editor, MARK_FINAL):
        return
    _change(report, editor, partial(take_back, expected=now.version), "It is a draft again")


def _change(report: Report, editor: Editor, change: Callable[..., None], said: str) -> None:
    """Make the change to the document's mark, or say why not."""
    order = report.order
    try:
        change(report.page.workspace.state(), order.kind, order.subject, who=editor.name, role=editor.role)
    except CostError as error:
        refusal(error, "The mark of this document")
        return
    st.session_state[_SAID] = said
    st.rerun()
