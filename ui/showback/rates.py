"""Agreed internal rates: a small file of prices per unit, kept in versions like the rules."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from costlib.attribution.rates import idle_rates, read_rates
from costlib.attribution.read import UNITS
from costlib.attribution.showback import Rate
from costlib.errors import CostError, InputError
from costlib.focus import POOL
from costlib.money import counted, exact
from costlib.periods import day_name
from costlib.state.errors import Conflict
from costlib.state.file_versions import RATES, OpenedFile, keep_version, opened_file, overtaken
from costlib.state.roles import EDIT_RATES
from costlib.store.manifest import replace
from costlib.workspace import Workspace
from ui.guard import Page
from ui.markdown import literal
from ui.panels import refusal
from ui.rules.conflict import TAKE, text_conflict
from ui.tables import figures_table
from ui.who import barred_here, reader_for

RATES_FILE = "internal-rates.yaml"
#: Where the form keeps its text, what that began from, and what to tell after a save.
TEXT, OPENED, TOLD = "rates-text", "rates-opened", "rates-told"
EXAMPLE = "version: 1\nrates:\n  - {name: ml-shared-gpu, unit: GPU hour, rate: 2.50, currency: USD, from: 2026-01-01}\n"
RATES_HELP = (
    "A rate is an agreed price of a unit of a pool, such as 2.50 USD a GPU hour, valid from a month on. A statement at "
    "agreed rates charges hours times rate and shows what cost and charges differ by."
)


def rates_path(workspace: Workspace) -> Path:
    """Where the organisation's rates lie."""
    return workspace.store.root / RATES_FILE


def rates_of(workspace: Workspace) -> list[Rate]:
    """The agreed rates; none where there is no file. Raises RuleError for one that cannot be read."""
    path = rates_path(workspace)
    return read_rates(path) if path.exists() else []


def opened_rates(workspace: Workspace) -> OpenedFile:
    """The file of rates as it is now, for who edits it."""
    return opened_file(workspace.state(), RATES, _found(workspace))


def _found(workspace: Workspace) -> str | None:
    path = rates_path(workspace)
    return path.read_text(encoding="utf-8") if path.exists() else None


def save_rates(workspace: Workspace, text: str, *, opened: OpenedFile, who: str, why: str) -> list[Rate]:
    """Make the text the agreed rates.

    Raises what refuses it, Conflict where the rates are no longer those that were opened; they then stay as they were.
    """
    with TemporaryDirectory() as folder:
        aside = Path(folder) / "The rates"
        aside.write_text(text, encoding="utf-8")
        try:
            rates = read_rates(aside)
        except CostError as error:
            problem = error.problem.replace(str(aside), "The rates")
            raise InputError(problem, expected=error.expected, fix=error.fix) from error
    keep_version(workspace.state(), RATES, text, opened=opened, found=_found(workspace), who=who, why=why)
    replace(rates_path(workspace), text)
    return rates


def rates_panel(page: Page) -> None:
    """Draw the rates in force, and the way to change them."""
    with st.container(border=True, key="rates"):
        st.header("Agreed internal rates", anchor=False, help=RATES_HELP)
        if told := st.session_state.pop(TOLD, None):
            st.success(literal(told))
        try:
            rates = rates_of(page.workspace)
        except CostError as error:
            refusal(error)
            rates = []
        if rates:
            figures_table("Rates in force, the newest of a name and unit counts", HEADER, [_row(one) for one in rates])
        else:
            st.write("No rate is agreed yet, so statements are at cost.")
        for words in idle_rates(rates, _units(page), page.snapshot.reader.currencies()):
            st.warning(literal(words))
        with st.expander("Change the rates", key="change-rates"):
            _form(page)


HEADER = ("Name", "Unit", "Rate", "Currency", "From")


def _row(one: Rate) -> list[str]:
    start = "the beginning" if one.start.year == 1 else day_name(one.start)
    return [one.name, one.unit, exact(one.rate) or "", one.currency, start]


def _units(page: Page) -> dict[str, str]:
    """The unit of each pool that a bill has and whose hours are known, by its name."""
    billed = set(page.snapshot.reader.values(POOL))
    pools = [(pool.name, UNITS.get(pool.usage.of)) for pool in page.workspace.rules().shared if pool.usage]
    return {name: unit for name, unit in pools if unit and name in billed}


def _text_of(opened: OpenedFile) -> str:
    return EXAMPLE if opened.text is None else opened.text


def _form(page: Page) -> None:
    now = opened_rates(page.workspace)
    opened: OpenedFile = st.session_state.setdefault(OPENED, now)
    st.session_state.setdefault(TEXT, _text_of(opened))
    is_overtaken = _overtaken(page, opened, now)
    with st.form("rates-form", border=False):
        text = st.text_area("Rates, YAML", height=150, key=TEXT)
        why = st.text_input("Why", key="rates-why", placeholder="Such as: agreed with finance for 2026")
        if st.form_submit_button("Save the rates", **barred_here(EDIT_RATES)) and not is_overtaken:
            _save(page, text, opened, why)
    if is_overtaken:
        st.caption("Say above what becomes of your changes, then save them.")
    st.caption(literal("name is that of a shared pool whose hours are known; unit is GPU hour, CPU hour or GiB hour."))


def _overtaken(page: Page, opened: OpenedFile, now: OpenedFile) -> bool:
    """Whether somebody saved the rates since the form was opened; said with the ways on."""
    text, saved = str(st.session_state[TEXT]), _text_of(now)
    conflict = overtaken(page.workspace.state(), RATES, text, opened=opened, found=now.text)
    if conflict is None:
        return False
    if text in (_text_of(opened), saved):
        _tell(conflict, saved)
    else:
        text_conflict(conflict, "The file of rates", (_text_of(opened), saved, text), "rates", _open_anew)
    return True


def _tell(conflict: Conflict, saved: str) -> None:
    """Say that somebody saved the rates, before the reader has handed in any change of them."""
    st.info(literal(f"The file of rates {conflict.event} since you opened it."))
    st.button(TAKE, key="rates-take", on_click=_open_anew, args=(saved,))


def _open_anew(text: str) -> None:
    """Go on with the text, on top of what is saved now."""
    st.session_state.pop(OPENED, None)
    st.session_state[TEXT] = text


def _save(page: Page, text: str, opened: OpenedFile, why: str) -> None:
    try:
        rates = save_rates(page.workspace, text, opened=opened, who=reader_for(EDIT_RATES), why=why)
    except CostError as error:
        refusal(error)
        return
    st.session_state.pop(OPENED, None)
    charged = (
        f"statements can be charged at {counted(len(rates), 'agreed rate')}" if rates else "statements are at cost"
    )
    st.session_state[TOLD] = f"Saved: {charged} now."
    st.rerun()
