"""Is a document still true: every figure it shows, computed again from the store's bills and plans.

Conventions: the document's own trace says what it was made from; it is made again in the same way and held against what
the file shows, so that a figure that went stale and one that somebody typed over are both found. Words are held against
words once all figures agree. Data are the bytes of a PPTX or PDF.
"""

from __future__ import annotations

import difflib
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from costlib.charts.fit import JOINER
from costlib.charts.trace import PRODUCT
from costlib.documents.model import Document, Shape
from costlib.errors import InputError
from costlib.reports import Order, document, rows_of, written
from costlib.workspace import Workspace

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"


@dataclass(frozen=True)
class Difference:
    """Something that a document shows and that is not so now: what it is, how it is shown, what it would be."""

    what: str
    shown: str
    now: str


def ending_of(data: bytes) -> str:
    """The kind of file; raises InputError for one that is neither a presentation nor a PDF."""
    for start, ending in ((b"PK", "pptx"), (b"%PDF", "pdf")):
        if data.startswith(start):
            return ending
    raise InputError("The file is neither a presentation nor a PDF", expected=f"a document that {PRODUCT} wrote")


def recomputed(workspace: Workspace, data: bytes) -> list[Difference]:
    """What the document shows and what is not so by the store; empty where all of it holds.

    Raises InputError for a file that is damaged or carries no trace, and whatever composing the document raises.
    """
    ending = ending_of(data)
    trace = trace_of(data, ending)
    wanted = _order(trace)
    now = document(workspace, wanted)
    stale = [*_figures(trace, now), *_charts(trace, now)]
    if stale:
        return stale
    return list(_lines(shown_lines(data, ending), shown_lines(written(now, ending, wanted.palette), ending)))


def trace_of(data: bytes, ending: str) -> dict[str, Any]:
    """The trace inside a document; raises InputError where there is none."""
    if ending == "pptx":
        from costlib.charts.package import read_trace as of_pptx

        return of_pptx(data)
    from costlib.documents.traced import read_trace as of_pdf

    return of_pdf(data)


def _order(trace: Mapping[str, Any]) -> Order:
    if not isinstance(trace.get("order"), dict):
        raise InputError(
            "The file holds a single chart, not a document", expected="a one-pager, brief, deck or statement"
        )
    try:
        return Order(**{**trace["order"], "shape": Shape(trace["order"]["shape"])})
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"The trace of the file cannot be read ({error})", fix="Export the document again.") from error


def _figures(trace: Mapping[str, Any], now: Document) -> Iterator[Difference]:
    current = now.figures
    for id, was in trace["figures"].items():
        one = current.get(id)
        if one is None:
            yield Difference(was["meaning"], was["shown"], "no longer part of the document")
        elif (one.shown, one.exact) != (was["shown"], was["exact"]):
            exact = f"{was['exact']} to {one.exact}" if one.shown == was["shown"] else one.shown
            yield Difference(was["meaning"], was["shown"], exact)


def _charts(trace: Mapping[str, Any], now: Document) -> Iterator[Difference]:
    current = {id: rows_of(chart) for id, chart in now.exhibits.items()}
    for id, was in trace["charts"].items():
        rows = current.get(id, [])
        changed = [(one, other) for one, other in zip(was, rows, strict=False) if one != other]
        if len(was) != len(rows) and not changed:
            yield Difference(f"chart {id}", f"{len(was) - 1} rows", f"{len(rows) - 1} rows")
        for one, other in changed[:1]:
            more = f" and {len(changed) - 1} more rows" if len(changed) > 1 else ""
            yield Difference(f"chart {id}{more}", ", ".join(map(str, one)), ", ".join(map(str, other)))


def _lines(shown: Sequence[str], now: Sequence[str]) -> Iterator[Difference]:
    """Lines that stand in the file and would not be written now: somebody changed them by hand."""
    missing = list((Counter(now) - Counter(shown)).elements())
    for line in (Counter(shown) - Counter(now)).elements():
        nearest = difflib.get_close_matches(line, missing, n=1, cutoff=0.3)
        yield Difference("words of the document", line, nearest[0] if nearest else "nothing of the kind")


def shown_lines(data: bytes, ending: str) -> list[str]:
    """Everything that a document shows, line by line: words, cells of tables, amounts of native charts.

    What only keeps a sign at its number is no part of the words.
    """
    lines = _pptx_lines(data) if ending == "pptx" else _pdf_lines(data)
    return [line.replace(JOINER, "") for line in lines]


def _pdf_lines(data: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    for page in PdfReader(io.BytesIO(data)).pages:
        yield from page.extract_text().splitlines()


def _pptx_lines(data: bytes) -> Iterator[str]:
    from pptx import Presentation

    for slide in Presentation(io.BytesIO(data)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)
            if shape.has_table:
                yield from (cell.text for row in shape.table.rows for cell in row.cells)
            if shape.has_chart:
                for series in shape.chart._chartSpace.iter(f"{{{_CHART}}}ser"):
                    yield " ".join(value.text or "" for value in series.iter(f"{{{_CHART}}}v"))
        yield from slide.notes_slide.notes_text_frame.text.splitlines() if slide.has_notes_slide else ()
