"""Agreed internal rates: a small file of prices per unit, kept in versions like the rules."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from costlib.attribution.rates import read_rates
from costlib.attribution.showback import Rate
from costlib.errors import CostError, InputError
from costlib.money import exact
from costlib.periods import day_name
from costlib.state.file_versions import RATES, keep_version
from costlib.store.manifest import replace
from costlib.workspace import Workspace
from ui.guard import Page
from ui.markdown import literal
from ui.panels import refusal
from ui.tables import figures_table
from ui.who import reader_name

RATES_FILE = "internal-rates.yaml"
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


def save_rates(workspace: Workspace, text: str, *, who: str, why: str) -> list[Rate]:
    """Make the text the agreed rates. Raises what refuses it; the rates then stay as they were."""
    with TemporaryDirectory() as folder:
        aside = Path(folder) / "The rates"
        aside.write_text(text, encoding="utf-8")
        try:
            rates = read_rates(aside)
        except CostError as error:
            problem = error.problem.replace(str(aside), "The rates")
            raise InputError(problem, expected=error.expected, fix=error.fix) from error
    path = rates_path(workspace)
    found = path.read_text(encoding="utf-8") if path.exists() else None
    keep_version(workspace.state(), RATES, text, found=found, who=who, why=why)
    replace(path, text)
    return rates


def rates_panel(page: Page) -> None:
    """Draw the rates in force, and the way to change them."""
    with st.container(border=True, key="rates"):
        st.header("Agreed internal rates", anchor=False, help=RATES_HELP)
        try:
            rates = rates_of(page.workspace)
        except CostError as error:
            refusal(error)
            rates = []
        if rates:
            figures_table("Rates in force, the newest of a name and unit counts", HEADER, [_row(one) for one in rates])
        else:
            st.write("No rate is agreed yet, so statements are at cost.")
        with st.expander("Change the rates", key="change-rates"):
            _form(page)


HEADER = ("Name", "Unit", "Rate", "Currency", "From")


def _row(one: Rate) -> list[str]:
    start = "the beginning" if one.start.year == 1 else day_name(one.start)
    return [one.name, one.unit, exact(one.rate) or "", one.currency, start]


def _form(page: Page) -> None:
    path = rates_path(page.workspace)
    with st.form("rates-form", border=False):
        text = st.text_area(
            "Rates, YAML",
            value=path.read_text(encoding="utf-8") if path.exists() else EXAMPLE,
            height=150,
            key="rates-text",
        )
        why = st.text_input("Why", key="rates-why", placeholder="Such as: agreed with finance for 2026")
        if st.form_submit_button("Save the rates"):
            try:
                save_rates(page.workspace, text, who=reader_name(), why=why)
            except CostError as error:
                refusal(error)
            else:
                st.rerun()
    st.caption(
        literal(
            "name is that of a pool, or of direct cost as a statement names it; unit is GPU hour, CPU hour or GiB hour."
        )
    )
