"""A report: the document that comes of the reader's choices, composed from the store, in the readers' words.

Conventions: words that a reader put in the place of ours are kept with the editable state and stand in the document
wherever it is opened. Words whose figures are gone are left out and named, never shown with an old number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

from costlib import reports
from costlib.charts.trace import trace_json
from costlib.documents.model import Document, Sentence
from costlib.errors import CostError, InputError
from costlib.evidence.bill import untied_words
from costlib.reports import Order
from costlib.roadmap.plan_model import Plan
from costlib.state.wording import Reworded, reworded
from costlib.workspace import Workspace
from ui.exhibit import file_name
from ui.guard import Page
from ui.moment import moment
from ui.remembered import once


@dataclass(frozen=True)
class Composed:
    """A document in the readers' words, and whose words its sentences are.

    ``ours`` are the sentences as they would be without readers; ``stale`` are the ids of sentences whose new words name
    a figure that the document no longer has: they stand in our words until they are mended. ``untied`` is the money
    that does not tie out, in words; ``plan`` is the plan that the document tells of, where it tells of one.
    """

    order: Order
    document: Document
    ours: Mapping[str, Sentence]
    words: Mapping[str, Reworded]
    stale: tuple[str, ...]
    untied: str
    plan: Plan | None


@dataclass(frozen=True)
class Report(Composed):
    """A document on the page, under the reader's choices."""

    page: Page

    @property
    def name(self) -> str:
        """The name of its files, without an ending: what it tells of, its kind and the data date."""
        return file_name(f"{self.order.subject} {self.order.kind} {self.document.data_date}")

    @cached_property
    def fingerprint(self) -> str:
        """What tells the document from any other: its trace holds everything that it depends on."""
        return hashlib.sha256(trace_json(self.document.trace).encode()).hexdigest()

    def with_words(self, words: Mapping[str, str]) -> Document:
        """The same document with other words in some sentences; raises InputError for an unknown figure."""
        return reports.document(self.page.workspace, replace(self.order, edits={**self.order.edits, **words}))


def composed(page: Page, order: Order) -> Report:
    """The document in the readers' words, composed once a moment; raises what ``reports.document`` does."""
    found = once(partial(_compose, page.workspace, order), "document", moment(page), order)
    return Report(**vars(found), page=page)


def _compose(workspace: Workspace, order: Order) -> Composed:
    plain = reports.document(workspace, order)
    words = reworded(workspace.state(), order.kind, order.subject)
    held = {id: one for id, one in words.items() if id in plain.sentences}
    stale = tuple(id for id, one in held.items() if problem_of(plain.sentences[id], one.template))
    edits = {id: one.template for id, one in held.items() if id not in stale}
    order = replace(order, edits=edits)
    made = reports.document(workspace, order) if edits else plain
    by = {id: f"{held[id].who}, {held[id].at:%Y-%m-%d}" for id in edits}
    made = replace(made, trace={**made.trace, "edited_by": by}) if by else made
    plan = workspace.plan(order.story)[0] if order.story else None
    return Composed(order, made, plain.sentences, held, stale, untied_words(workspace), plan)


def problem_of(sentence: Sentence, template: str) -> CostError | None:
    """Why the words cannot stand in the place of the sentence; None where they can."""
    if not template.strip():
        return InputError("A sentence cannot be empty", fix="Write some words, or go back to ours.")
    try:
        new = sentence.reworded(template)
    except InputError as error:
        return error
    if "{" in new.text or "}" in new.text:
        named = " or ".join(f"{{{one}}}" for one in [*sentence.figures][:3])
        return InputError(
            f'The words "{template}" hold a brace that names no figure',
            expected=f"a name in braces, such as {named}" if named else "no brace",
            fix="Take the name from the list of figures, or take the brace out.",
        )
    return None
