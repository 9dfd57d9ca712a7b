"""The pages of a report as they are exported, and its files.

Conventions: what is shown is the PDF that is downloaded, page by page as pictures; the words of a page stand behind its
picture for who cannot see it. A presentation is made when it is asked for.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from pathlib import Path

import streamlit as st

from costlib import reports
from costlib.charts.package import trace_json
from costlib.documents.layout import PageTooFull, sheet
from costlib.documents.model import Document, Exhibit, flat, read, texts_of
from costlib.documents.model import Page as Sheet
from costlib.errors import CostError
from ui.panels import literal, refusal
from ui.reports import Report

_PIXELS_PER_INCH = 144
_MIMES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def downloads(report: Report) -> None:
    """The buttons that take the document away; where it does not fit its paper, what to do instead."""
    with st.container(horizontal=True, vertical_alignment="center", key="downloads"):
        for ending, label, type_ in (("pdf", "Download PDF", "primary"), ("pptx", "Download PowerPoint", "secondary")):
            st.download_button(
                label,
                data=lambda ending=ending: written(report, ending),
                file_name=f"{report.name}.{ending}",
                mime=_MIMES[ending],
                on_click="ignore",
                type=type_,
                disabled=problem(report, ending) is not None,
                key=f"report-{ending}",
            )
        st.caption(literal(f"{report.name}, with what made its figures inside"), width="content")


def preview(report: Report) -> None:
    """The pages as they are exported; where the words do not fit the paper, what to do."""
    refused = problem(report, "pdf")
    if refused:
        refusal(refused)
        if problem(report, "pptx") is None:
            st.write("As PowerPoint it fits: its type shrinks where a page is full.")
        return
    pages = report.document.pages
    for number, (picture, page) in enumerate(zip(pictures(written(report, "pdf")), pages, strict=True), start=1):
        with st.container(border=True, key=f"page-{number}"):
            st.image(picture, width="stretch", alt=f"Page {number} of {len(pages)}. {words_of(page)}")


def words_of(page: Sheet) -> str:
    """The words of a page in reading order, notes for who presents left out."""
    noted = len(page.notes)
    texts = [read(text) for text in texts_of(page)]
    shown = texts[: len(texts) - noted] if noted else texts
    charts = [one.chart.caption.title for one in flat(page.blocks) if isinstance(one, Exhibit)]
    return " ".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in [*shown, *charts] if text)


def problem(report: Report, ending: str) -> CostError | None:
    """Why the document cannot be written as such a file; None where it can."""
    try:
        if ending == "pdf":
            written(report, "pdf")
        else:
            _laid_out(fingerprint(report), report.document)
    except PageTooFull as refused:
        return refused
    return None


def written(report: Report, ending: str) -> bytes:
    """The document as a file, made once; raises PageTooFull."""
    return _written(fingerprint(report), ending, report.order.palette, report.document)


def fingerprint(report: Report) -> str:
    """What tells the document from any other: its trace holds everything that it depends on."""
    return hashlib.sha256(trace_json(report.document.trace).encode()).hexdigest()


@st.cache_data(max_entries=24, show_spinner=False)
def _written(fingerprint: str, ending: str, palette: str, _made: Document) -> bytes:
    return reports.written(_made, ending, palette)


@st.cache_data(max_entries=24, show_spinner=False)
def _laid_out(fingerprint: str, _made: Document) -> None:
    for page in _made.pages:
        sheet(page, _made.shape)


@st.cache_data(max_entries=24, show_spinner=False)
def pictures(pdf: bytes) -> list[bytes]:
    """Every page of a PDF as a PNG, drawn from the PDF itself."""
    import typst  # only who looks at a report pays for loading the library
    from pypdf import PdfReader

    sizes = [page.mediabox for page in PdfReader(io.BytesIO(pdf)).pages]
    pages = [
        f"#page(width: {float(size.width)}pt, height: {float(size.height)}pt)"
        f'[#image("made.pdf", page: {number}, width: 100%, alt: "page")]'
        for number, size in enumerate(sizes, start=1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "made.pdf").write_bytes(pdf)
        compiler = typst.Compiler(root=folder, ignore_system_fonts=True)
        source = "\n".join(["#set page(margin: 0pt)", *pages])
        drawn = compiler.compile(source.encode(), format="png", ppi=_PIXELS_PER_INCH)
    return drawn if isinstance(drawn, list) else [drawn or b""]
