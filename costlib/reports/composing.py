"""A document composed with its trace, whether finance marked it final, and its file.

Conventions: the trace holds the order and every figure shown, so that the document can be made again and each figure
recomputed. Files of the same order, bills and plans are the same to the byte.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from costlib.charts.palette import Palette
from costlib.charts.trace import trace_json
from costlib.documents.formats import palettes
from costlib.documents.model import Document, Logo, read, texts_of
from costlib.errors import InputError
from costlib.evidence.bill import untied_words
from costlib.periods import day_name
from costlib.reports.charts import rows_of
from costlib.reports.kinds import KINDS
from costlib.reports.orders import Order
from costlib.workspace import Workspace

if TYPE_CHECKING:
    from costlib.state.finals import SavedMark

ENDINGS = ("pdf", "pptx")
DRAFT, FINAL = "draft", "final"
_TRANSLATION = "bills at the rate of each billing month, plans and budgets at that of the newest (rates.yaml)"


def document(workspace: Workspace, wanted: Order) -> Document:
    """The document with its trace; raises InputError, PlanError, QueryError and EmptyStore.

    It is a draft until finance marks these very figures and words final; money that does not tie out stands behind
    every page of a draft.
    """
    untied = untied_words(workspace)
    place = workspace.translated(wanted.currency) if wanted.currency else workspace
    made = KINDS[wanted.kind].compose(place, wanted)
    if wanted.currency:
        made = _sourced(made, _translation(wanted))
    mark = _mark_of(workspace, wanted, made)
    made = replace(
        made if mark is None else _remarked(made, mark),
        status=" · ".join(part for part in (DRAFT if mark is None else FINAL, untied) if part),
        watermark=untied if mark is None else "",
        logo=_logo(workspace) if wanted.logo else None,
    )
    return replace(made, trace=_trace(workspace, wanted, made))


def _translation(wanted: Order) -> str:
    """By which rates the amounts of a document were translated; a statement alone forecasts nothing."""
    ahead = "" if "team" in KINDS[wanted.kind].takes else "; a forecast carries the trend of these rates on"
    return f"Amounts in {wanted.currency}: {_TRANSLATION}{ahead}."


def shows(made: Document) -> str:
    """A digest of everything that a document says: its figures, charts and words, not its colours or its date."""
    said = {
        "figures": {id: (one.shown, one.exact) for id, one in made.figures.items()},
        "charts": {id: rows_of(chart) for id, chart in made.exhibits.items()},
        "words": [[read(text) for text in texts_of(page)] for page in made.pages],
    }
    return hashlib.sha256(trace_json(said).encode()).hexdigest()


def _mark_of(workspace: Workspace, wanted: Order, made: Document) -> SavedMark | None:
    """Finance's mark on the document; None where there is none, or it was on other figures or words."""
    from costlib.state.finals import mark_of  # only who exports pays for loading the database's library

    found = mark_of(workspace.state(), wanted.kind, wanted.subject)
    return found if found and found.mark.digest == shows(made) else None


def _remarked(made: Document, mark: SavedMark) -> Document:
    """The document that says at the foot of every page who marked it final, and why."""
    said = f"Marked final for finance by {mark.who}, {day_name(mark.at.date())}"
    said += f": {mark.mark.reason}" if mark.mark.reason else ""
    return _sourced(made, f"{said.rstrip('.')}.")


def _sourced(made: Document, said: str) -> Document:
    """The document that says one thing more at the foot of every page."""
    return replace(made, pages=tuple(replace(page, source=f"{page.source} {said}".lstrip()) for page in made.pages))


def _logo(workspace: Workspace) -> Logo | None:
    from costlib.state.logo import saved_logo

    found = saved_logo(workspace.state())
    return Logo(found.png, found.aspect) if found else None


def written(made: Document, ending: str, palette: str = "light") -> bytes:
    """The document as a file; raises InputError for an ending that there is not, and PageTooFull."""
    colours: Palette = palettes()[palette]
    match ending:
        case "pdf":
            from costlib.documents.pdf import pdf  # only who exports pays for loading the library

            return pdf(made, colours)
        case "pptx":
            from costlib.documents.slides import pptx

            return pptx(made, colours)
    raise InputError(f"A document cannot be written as .{ending}", expected=f".{' or .'.join(ENDINGS)}")


def _trace(workspace: Workspace, wanted: Order, made: Document) -> dict[str, Any]:
    state = workspace.snapshot().state
    return {
        "order": {**asdict(wanted), "edits": dict(wanted.edits)},
        "generation": state.generation,
        "sequence": state.sequence,
        "rules": state.rules,
        "engine": state.engine,
        "state_sequence": workspace.state().sequence,
        "data_date": made.data_date.isoformat(),
        "figures": {id: {**asdict(one), "basis": str(one.basis)} for id, one in made.figures.items()},
        "charts": {id: rows_of(chart) for id, chart in made.exhibits.items()},
        "loose_numbers": [one for line in made.sentences.values() for one in line.loose_numbers],
    }
