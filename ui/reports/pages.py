"""The pages of a report as they are exported, and its files.

Conventions: what is shown is the PDF that is downloaded, page by page as pictures; the words of a page stand behind its
picture for who cannot see it. A presentation is made when it is asked for.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from costlib import reports
from costlib.documents.layout import sheet
from costlib.documents.model import Document, Exhibit, flat, read, texts_of
from costlib.documents.model import Page as Sheet
from costlib.documents.preview import picture as preview_of
from costlib.errors import CostError
from ui.markdown import literal
from ui.panels import refusal
from ui.reports.page import Report

ALL_PAGES = "All pages"
_LABELS = {"pdf": "Download PDF", "pptx": "Download PowerPoint"}
_MIMES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def downloads(report: Report) -> None:
    """The buttons that take the document away; where it does not fit its paper, what to do instead."""
    refused = {ending: problem(report, ending) for ending in reports.ENDINGS}
    with st.container(horizontal=True, vertical_alignment="center", key="downloads"):
        for ending in reports.ENDINGS:
            st.download_button(
                _LABELS[ending],
                data=partial(written, report, ending),
                file_name=f"{report.name}.{ending}",
                mime=_MIMES[ending],
                on_click="ignore",
                type="primary" if ending == "pdf" else "secondary",
                disabled=refused[ending] is not None,
                key=f"report-{ending}",
            )
        st.caption(literal(f"{report.name}, with what made its figures inside"), width="content")
    if refused["pptx"]:
        st.caption(literal(f"No PowerPoint: {refused['pptx']}"))


def choose_page(report: Report) -> int | None:
    """The page that is looked at and edited, counted from 0; None for all of them."""
    pages = report.document.pages
    if len(pages) == 1:
        return 0
    names = [f"{number}. {read(page.title)}" for number, page in enumerate(pages, start=1)]
    chosen = st.selectbox("Page", [*names, ALL_PAGES], key=f"page {report.order.kind}")
    return names.index(chosen) if chosen in names else None


def preview(report: Report, shown: int | None) -> None:
    """The page as it is exported, or all; where the words do not fit the paper, what to do."""
    refused = problem(report, "pdf")
    if refused:
        refusal(refused)
        if problem(report, "pptx") is None:
            st.write("The PowerPoint can be downloaded: there type shrinks where a page is full.")
        return
    pages = report.document.pages
    for at in range(len(pages)) if shown is None else (shown,):
        with st.container(border=True, key=f"page-{at + 1}"):
            drawn = picture(written(report, "pdf"), at + 1)
            st.image(drawn, width="stretch", alt=f"Page {at + 1} of {len(pages)}. {words_of(pages[at])}")


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
            _laid_out(report.fingerprint, report.document)
    except CostError as refused:
        return refused
    return None


def written(report: Report, ending: str) -> bytes:
    """The document as a file, made once; raises CostError where it cannot."""
    return _written(report.fingerprint, ending, report.order.palette, report.document)


@st.cache_data(max_entries=24, show_spinner=False)
def _written(fingerprint: str, ending: str, palette: str, _made: Document) -> bytes:
    return reports.written(_made, ending, palette)


@st.cache_data(max_entries=24, show_spinner=False)
def _laid_out(fingerprint: str, _made: Document) -> None:
    for page in _made.pages:
        sheet(page, _made.shape)


@st.cache_data(max_entries=64, show_spinner=False)
def picture(pdf: bytes, number: int) -> bytes:
    """A page of a PDF, counted from 1, as a PNG drawn from the PDF itself; kept."""
    return preview_of(pdf, number)
