"""The reader's words in documents: sentences put in the place of ours, each with who and when.

Conventions: a document is named by its kind and the story it tells; one record a sentence, so that two people who
reword different sentences never meet. Words are templates: figures stand in them by name in braces, never as numbers.
Sentences that are saved together are undone together, by the number of the change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from costlib.state.records import Entry, Put, State

KIND: Final = "wording"


@dataclass(frozen=True)
class Reworded:
    """A sentence in a reader's words; ``version`` is what the next editor says was seen."""

    sentence: str
    template: str
    who: str
    at: datetime
    version: int


def reworded(state: State, document: str, story: str) -> dict[str, Reworded]:
    """The sentences of a document that are in a reader's words, by the id of the sentence."""
    found = {}
    for record in state.all(KIND):
        *of, sentence = json.loads(record.key)
        if of == [document, story]:
            template = str(record.body["template"])
            found[sentence] = Reworded(sentence, template, record.changed_by, record.changed_at, record.version)
    return found


def reword(
    state: State,
    document: str,
    story: str,
    words: Mapping[str, str | None],
    *,
    seen: Mapping[str, int],
    who: str,
) -> None:
    """Save sentences in a reader's words, all or none; None goes back to ours.

    ``seen`` holds the version of each reworded sentence that the reader looked at. Raises ``Conflict`` where somebody
    else changed one since; nothing is saved then.
    """
    puts = [
        Put(KIND, _key(document, story, sentence), {"template": said} if said is not None else None, seen.get(sentence))
        for sentence, said in words.items()
        if said is not None or sentence in seen
    ]
    if puts:
        state.put_all(puts, who=who, why=f"words of the {document} on {story}")


def last_change(state: State, document: str, story: str) -> Entry | None:
    """The newest change of the document's words; None where nobody ever changed any."""
    return next((one for one in state.history(KIND) if json.loads(one.key)[:2] == [document, story]), None)


def _key(document: str, story: str, sentence: str) -> str:
    return json.dumps([document, story, sentence], ensure_ascii=False)
