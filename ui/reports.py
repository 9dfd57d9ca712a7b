"""A report: the document that comes of the reader's choices, composed from the store, in the readers' words.

Conventions: words that a reader put in the place of ours are kept with the editable state and stand in the document
wherever it is opened. Words whose figures are gone are left out and named, never shown with an old number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from costlib import reports
from costlib.documents.model import Document, Sentence
from costlib.errors import CostError, InputError
from costlib.reports import Order
from costlib.state.wording import Reworded, reworded
from ui.exhibit import file_name
from ui.guard import Page


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
        """The name of its files, without an ending: what it tells of, its kind and the data date."""
        return file_name(f"{self.order.subject} {self.order.kind} {self.document.data_date}")

    def with_words(self, words: Mapping[str, str]) -> Document:
        """The same document with other words in some sentences; raises InputError for an unknown figure."""
        return reports.document(self.page.workspace, replace(self.order, edits={**self.order.edits, **words}))


def composed(page: Page, order: Order) -> Report:
    """The document in the readers' words; raises InputError, PlanError, QueryError and EmptyStore."""
    plain = reports.document(page.workspace, order)
    words = reworded(page.workspace.state(), order.kind, order.subject)
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
