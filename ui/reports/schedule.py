"""Documents that are made again by themselves: put this one among them, take one out, fetch what was made last."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from costlib import reports
from costlib.errors import CostError
from costlib.periods import day_name
from costlib.scheduled import FOLDER
from costlib.state.roles import EDIT_DOCUMENT
from costlib.state.schedule import EVERY, Entry, Scheduled, entries, schedule, unschedule
from ui.markdown import literal
from ui.panels import refusal
from ui.reports.choices import kind_of
from ui.reports.page import Report
from ui.who import barred_here, reader_for

_SAID = "schedule-said"
_HELP = (
    "The command `schedule run`, called after every load, makes each document again where it would say something "
    "else. The newest closed month or quarter is taken. Files lie in the folder documents of the store."
)


def schedule_panel(report: Report) -> None:
    """Draw what is made again, and the way to put this document among it."""
    state = report.page.workspace.state()
    with st.container(border=True, key="schedule"):
        try:
            found = entries(state)
        except CostError as error:
            refusal(error)
            return
        count = len(found)
        st.header(
            "Made again by itself" if not count else f"{count} document{'s are' if count > 1 else ' is'} made again",
            anchor=False,
            help=_HELP,
        )
        if said := st.session_state.pop(_SAID, None):
            refusal(said) if isinstance(said, CostError) else st.success(literal(said))
        for number, entry in enumerate(found):
            _row(report, entry, number)
        with st.form("schedule-form", border=False):
            every = st.selectbox("This document is made", list(EVERY), format_func=EVERY.__getitem__, key="every")
            endings = st.multiselect("As", reports.ENDINGS, ["pdf"], key="schedule-as", format_func=str.upper)
            wanted = scheduled(report, every or "change", tuple(endings or ["pdf"]))
            if st.form_submit_button("Keep it up to date", key="schedule-add", **barred_here(EDIT_DOCUMENT)):
                _add(report, wanted)


def scheduled(report: Report, every: str, endings: tuple[str, ...]) -> Scheduled:
    """The document on the page as an entry of the schedule."""
    order = report.order
    return Scheduled.model_validate(
        {
            "document": order.kind,
            "story": order.story,
            "team": order.team or "",
            "paper": order.shape.value,
            "palette": order.palette,
            "logo": order.logo,
            "currency": order.currency or "",
            "endings": endings,
            "every": every,
        }
    )


def standing(entry: Entry) -> str:
    """What an entry makes, when, and what was made last."""
    wanted = entry.wanted
    told = ", ".join(part for part in (kind_of(wanted.document).name, wanted.story, wanted.team) if part)
    last = f"last from figures to {day_name(entry.made.data_date)}" if entry.made else "not made yet"
    return f"{told}: {EVERY[wanted.every]}; {last}"


def _row(report: Report, entry: Entry, number: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(literal(standing(entry)))
        folder = report.page.workspace.store.root / FOLDER
        for file in entry.made.files if entry.made else ():
            if (folder / file).is_file():
                _fetch(folder / file, number)
        st.button(
            "Stop",
            key=f"unschedule-{number}",
            on_click=_remove,
            args=(report, entry),
            **barred_here(EDIT_DOCUMENT, "Files stay"),
        )


def _fetch(file: Path, number: int) -> None:
    ending = file.suffix.lstrip(".")
    st.download_button(
        ending.upper(),
        data=file.read_bytes,
        file_name=file.name,
        on_click="ignore",
        key=f"scheduled-{number}-{ending}",
        help=literal(file.name),
    )


def _add(report: Report, wanted: Scheduled) -> None:
    try:
        schedule(report.page.workspace.state(), wanted, who=reader_for(EDIT_DOCUMENT))
    except CostError as error:
        refusal(error)
        return
    st.session_state[_SAID] = f"{kind_of(wanted.document).name}: made {EVERY[wanted.every]} from now on"
    st.rerun()


def _remove(report: Report, entry: Entry) -> None:
    try:
        unschedule(report.page.workspace.state(), entry, who=reader_for(EDIT_DOCUMENT))
    except CostError as error:
        st.session_state[_SAID] = error
        return
    st.session_state[_SAID] = f"{kind_of(entry.wanted.document).name}: made no more; its files stay"
