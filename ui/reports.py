"""Reports: which documents there are and for whom, what the reader chose, and the document that comes of it.

Conventions: choices are bound to the address. A document is composed from the store each time; words that a reader put
in the place of ours are kept with the editable state and stand in it wherever it is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from costlib import reports
from costlib.documents.model import Document, Sentence, Shape
from costlib.errors import CostError
from costlib.reports import Order
from costlib.state.wording import Reworded, reworded
from ui.exhibit import COLOURS, file_name
from ui.guard import Page
from ui.panels import literal
from ui.plan import choose_plan, plans_of


@dataclass(frozen=True)
class Kind:
    """A kind of document: its name, who reads it, what it is for, and the papers that it is set on, the usual first."""

    name: str
    reader: str
    purpose: str
    papers: tuple[Shape, ...]


_SHEETS: Final = (Shape.A4, Shape.LETTER)
PAPERS: Final = {Shape.A4: "A4", Shape.LETTER: "US letter", Shape.SLIDE: "Slides"}
KINDS: Final = {
    "one-pager": Kind(
        "CFO one-pager", "the CFO", "One page to decide on a plan: the answer, its money, the ask", _SHEETS
    ),
    "annex": Kind("Questions and answers", "who presents", "Rehearses the questions that a decision brings", _SHEETS),
    "brief": Kind("Programme brief", "a VP", "A plan in its tracks, to steer it by", _SHEETS),
    "deck": Kind("Board deck", "the board", "The portfolio, its three years and the ask, as slides", (Shape.SLIDE,)),
    "statement": Kind("Team statement", "a team and its controller", "What a team used in a month, and why", _SHEETS),
    "variance": Kind("Variance review", "finance", "What a quarter cost against its budget, and why", _SHEETS),
    "proposal": Kind("Platform proposal", "platform and finance", "How capacity is bought and kept in check", _SHEETS),
}


@dataclass(frozen=True)
class Report:
    """A document under the reader's choices, and in whose words its sentences are.

    ``ours`` are the sentences as they would be without readers; ``stale`` are the ids of sentences whose new words name
    a figure that the document no longer has: they stand in our words until they are mended.
    """

    page: Page
    order: Order
    document: Document
    ours: Mapping[str, Sentence]
    words: Mapping[str, Reworded]
    stale: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of its files, without an ending: story, kind and data date."""
        return file_name(f"{self.order.story} {self.order.kind} {self.document.data_date}")

    def with_edits(self, edits: Mapping[str, str]) -> Document:
        """The same document with other words in some sentences; raises InputError for an unknown figure."""
        merged = {**self.order.edits, **edits}
        return reports.document(self.page.workspace, replace(self.order, edits=merged))


def kind_of(name: str) -> Kind:
    """The kind of document by its name; one that nobody described yet speaks for itself."""
    return KINDS.get(name) or Kind(name.replace("-", " ").capitalize(), "readers of the figures", "", tuple(Shape))


def choose_order(page: Page) -> Order | None:
    """What the reader asks for; None where no plan is saved that a document could tell of."""
    plans = plans_of(page)
    titles = {plans.read(name).plan.plan.name: name for name in plans.names()}
    if not titles:
        return None
    _unknown("document", [kind_of(name).name for name in reports.COMPOSED])
    _unknown("plan", list(titles))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            "Document",
            list(reports.COMPOSED),
            format_func=lambda name: kind_of(name).name,
            key="document",
            bind="query-params",
            width=220,
        )
        chosen = choose_plan(page, list(titles.values()), reports.STORIES.get(kind))
        papers = kind_of(kind).papers
        paper = st.segmented_control(
            "Paper",
            papers,
            default=papers[0],
            format_func=PAPERS.__getitem__,
            required=True,
            key="paper",
            bind="query-params",
        )
        colours = st.segmented_control(
            "Colours", list(COLOURS), default=next(iter(COLOURS)), required=True, key="colours", bind="query-params"
        )
    assert chosen
    palette = COLOURS[colours or next(iter(COLOURS))]
    return reports.order(kind, chosen.saved.id, shape=paper or papers[0], palette=palette)


def _unknown(key: str, known: list[str]) -> None:
    """Say so where the address asks for something that there is not."""
    asked = st.query_params.get(key)
    if asked and asked not in known:
        st.warning(literal(f'The link asks for the {key} "{asked}", which there is not; another one is shown.'))


def composed(page: Page, order: Order) -> Report:
    """The document in the readers' words; raises InputError, PlanError, QueryError and EmptyStore."""
    plain = reports.document(page.workspace, order)
    words = reworded(page.workspace.state(), order.kind, order.story)
    held = {id: one for id, one in words.items() if id in plain.sentences}
    stale = tuple(id for id, one in held.items() if problem_of(plain.sentences[id], one.template))
    edits = {id: one.template for id, one in held.items() if id not in stale}
    order = replace(order, edits=edits)
    made = reports.document(page.workspace, order) if edits else plain
    by = {id: f"{held[id].who}, {held[id].at:%Y-%m-%d}" for id in edits}
    made = replace(made, trace={**made.trace, "edited_by": by}) if by else made
    return Report(page, order, made, plain.sentences, held, stale)


def problem_of(sentence: Sentence, template: str) -> CostError | None:
    """Why the words cannot stand in the place of the sentence; None where they can."""
    try:
        new = sentence.reworded(template)
    except CostError as error:
        return error
    left = new.text
    if "{" in left or "}" in left:
        return CostError(
            f"The words {template!r} hold a brace that names no figure",
            expected="the name of a figure in braces, such as "
            + " or ".join(f"{{{one}}}" for one in [*sentence.figures][:3]),
            fix="Take the name from the list of figures, or take the brace out.",
        )
    if not template.strip():
        return CostError("A sentence cannot be empty", fix="Write some words, or go back to ours.")
    return None


def purpose_of(kind: str) -> str:
    """What a document is for and for whom, in a sentence."""
    found = kind_of(kind)
    return f"{found.purpose}. For {found.reader}." if found.purpose else f"For {found.reader}."
