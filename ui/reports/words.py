"""Editing the sentences of a report: the words are the reader's, the figures in them stay the bill's and the plan's.

Conventions: a sentence is edited as a template, its figures by name in braces. What is saved stands in the document for
everybody, with who and when, until it is taken back. Nothing is saved that the document cannot hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from costlib import money
from costlib.documents.model import Page as Sheet
from costlib.documents.model import Sentence, texts_of
from costlib.errors import CostError
from costlib.periods import day_name
from costlib.reports import written
from costlib.state.roles import EDIT_DOCUMENT
from costlib.state.wording import last_change, reword
from ui.markdown import literal
from ui.panels import refusal
from ui.reports.page import Report, problem_of
from ui.tables import figures_table
from ui.who import barred_here, reader_for

_HELP: Final = (
    "A name in braces stands for a figure and shows its value of today: move it, leave it out or use another. "
    "The words around it are yours, and stand in the document for everybody who opens it."
)
_SAID: Final = "words-said"


@dataclass(frozen=True)
class Field:
    """A sentence on the form: where its words are typed, what stands there now, and the version that was seen."""

    sentence: Sentence
    key: str
    now: str
    ours: str


def words_panel(report: Report, shown: int | None) -> None:
    """Draw what became of the last change, whose words stand in the document, the form of the page, the way back."""
    with st.container(border=True, key="words"):
        st.header("Edit any sentence", anchor=False, help=_HELP)
        for id in report.stale:
            st.warning(literal(f"{name_of(id)} names a figure that is gone; our words stand there until you mend it."))
        st.write(literal(standing(report)))
        if shown is None:
            st.caption("Choose a page to change its words.")
        else:
            sentences = sentences_of(report.document.pages[shown])
            with st.expander(f"Change the words: {money.counted(len(sentences), 'sentence')}", key="sentences"):
                _figures(report, sentences)
                _form(report, sentences)
        _outcome()
        _way_back(report)


def standing(report: Report) -> str:
    """Whose words the document is in."""
    edited = [id for id in report.words if id not in report.stale]
    if not edited:
        return "Every sentence is written from the figures. Yours can take its place; the figures in it stay linked."
    names = ", ".join(name_of(id) for id in edited)
    return f"In a reader's words: {names}. The figures in them follow the bill and the plan."


def _form(report: Report, sentences: list[Sentence]) -> None:
    fields = [_field(report, sentence) for sentence in sentences]
    with st.form("words-form", border=False):
        for field in fields:
            _draw(report, field)
        st.form_submit_button(
            "Save the words",
            type="primary",
            key="save-words",
            on_click=_save,
            args=(report, fields),
            **barred_here(EDIT_DOCUMENT),
        )


def sentences_of(page: Sheet) -> list[Sentence]:
    """The sentences of a page in reading order, each once."""
    return list({text.id: text for text in texts_of(page) if isinstance(text, Sentence)}.values())


def name_of(id: str) -> str:
    """A sentence's place in words.

    >>> name_of("risk.small-model"), name_of("headline"), name_of("kpi-range")
    ('Risk: small model', 'Headline', 'Beside a number: range')
    """
    place, _, of = id.partition(".")
    if place.startswith("kpi-"):
        place, of = "beside a number", place.removeprefix("kpi-")
    words = place.replace("-", " ").capitalize()
    return f"{words}: {of.replace('-', ' ')}" if of else words


def own_numbers(template: str, ours: Sentence) -> list[str]:
    """Numbers that a reader typed: nothing renews them. Those that stand in our own words are names and stay out."""
    known = ours.loose_numbers
    return [one for one in ours.reworded(template).loose_numbers if one not in known]


def _field(report: Report, sentence: Sentence) -> Field:
    held = report.words.get(sentence.id)
    version = held.version if held else 0
    key = f"words {report.order.kind} {report.order.subject} {sentence.id} {version}"
    return Field(sentence, key, held.template if held else sentence.template, report.ours[sentence.id].template)


def _draw(report: Report, field: Field) -> None:
    id, ours = field.sentence.id, report.ours[field.sentence.id]
    st.text_area(name_of(id), field.now, key=field.key, height="content")
    named = ", ".join(f"{{{figure.id}}} is {figure.shown}" for figure in field.sentence.used)
    if named:
        st.caption(literal(named))
    held = report.words.get(id)
    if held is None:
        return
    if id not in report.stale and (typed := own_numbers(held.template, ours)):
        st.warning(literal(f"{' and '.join(typed)}: typed by hand, will not follow the bill."))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(literal(f"Edited by {held.who}, {day_name(held.at.date())}"), width="content")
        st.form_submit_button(
            "Back to our words",
            type="tertiary",
            key=f"back {field.key}",
            on_click=_back,
            args=(report, [id]),
            **barred_here(EDIT_DOCUMENT),
        )


def _save(report: Report, fields: list[Field]) -> None:
    """Save what was changed, all or none."""
    typed = [(field, " ".join(st.session_state[field.key].split())) for field in fields]
    changed = {field.sentence.id: text for field, text in typed if text != field.now}
    if not changed:
        st.session_state[_SAID] = "No sentence was changed."
        return
    try:
        for id, text in changed.items():
            if found := problem_of(report.ours[id], text):
                raise found
        written(report.with_words(changed), "pdf", report.order.palette)
    except CostError as error:
        st.session_state[_SAID] = error
        return
    ours = {field.sentence.id: field.ours for field in fields}
    _keep(report, {id: None if text == ours[id] else text for id, text in changed.items()})


def _back(report: Report, ids: list[str]) -> None:
    _keep(report, dict.fromkeys(ids))


def _keep(report: Report, words: dict[str, str | None]) -> None:
    order, state = report.order, report.page.workspace.state()
    seen = {id: one.version for id, one in report.words.items()}
    try:
        reword(state, order.kind, order.subject, words, seen=seen, who=reader_for(EDIT_DOCUMENT))
    except CostError as error:
        st.session_state[_SAID] = error
    else:
        count = "1 sentence" if len(words) == 1 else f"{len(words)} sentences"
        st.session_state[_SAID] = f"Saved: {count}. The pages show it."


def _undo(report: Report, change: int) -> None:
    """Take back the change that the reader saw beside the button, with everything that was saved with it."""
    try:
        report.page.workspace.state().undo(change, who=reader_for(EDIT_DOCUMENT), together=True)
    except CostError as error:
        st.session_state[_SAID] = error
    else:
        st.session_state[_SAID] = "Undone. The pages show the words of before."


def _outcome() -> None:
    """What became of the last change, told once, beside the button that was pressed and in the corner."""
    said = st.session_state.pop(_SAID, None)
    if isinstance(said, CostError):
        st.toast("Nothing was saved: see under the sentences.")
        refusal(said)
    elif said:
        st.toast(literal(said))
        st.success(literal(said))


def _way_back(report: Report) -> None:
    last = last_change(report.page.workspace.state(), report.order.kind, report.order.subject)
    if last is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        bar = barred_here(EDIT_DOCUMENT)
        st.caption(literal(f"Last change by {last.who}, {day_name(last.at.date())}"), width="content")
        st.button("Undo", type="tertiary", key="undo-words", on_click=_undo, args=(report, last.seq), **bar)
        if report.words:
            ids = list(report.words)
            st.button(
                "All back to our words", type="tertiary", key="back-all", on_click=_back, args=(report, ids), **bar
            )


def _figures(report: Report, sentences: list[Sentence]) -> None:
    """Every figure that a sentence of the page may name."""
    figures = {figure.id: figure for one in sentences for figure in report.ours[one.id].figures.values()}
    with st.popover("Figures you can use", type="tertiary", key="usable"):
        rows = [(f"{{{one.id}}}", one.shown) for one in figures.values()]
        figures_table("Write the name in braces where its value is to stand", ("Name", "Shows"), rows)
