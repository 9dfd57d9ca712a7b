"""The organisation's logo on its documents: whether it stands on them, and the way a new one comes in."""

from __future__ import annotations

import streamlit as st

from costlib.documents.marks import logo_of
from costlib.errors import CostError
from costlib.state.logo import SavedLogo, remove_logo, save_logo, saved_logo
from costlib.state.roles import EDIT_DOCUMENT
from ui.guard import Page
from ui.markdown import literal
from ui.panels import refusal
from ui.who import barred_here, reader_for

_FILE = "logo-file"
_SAID = "logo-said"
_HELP = "A PNG or JPEG of at most 2 MB. It stands in the upper right corner of every page, for everybody's documents."


def logo_choice(page: Page) -> bool:
    """Draw whether the logo stands on the document, and the menu that brings one in; whether it does."""
    try:
        kept = saved_logo(page.workspace.state())
    except CostError as error:
        refusal(error)
        return False
    with st.popover("Logo", key="logo", help=_HELP):
        shown = st.toggle("Logo on the document", True, key="with-logo", disabled=kept is None)
        if kept:
            st.image(kept.png, width=160, alt="The logo in force")
            st.button(
                "Take it away", key="logo-remove", on_click=_remove, args=(page, kept), **barred_here(EDIT_DOCUMENT)
            )
        file = st.file_uploader("A new logo", type=["png", "jpg", "jpeg"], max_upload_size=2, key=_FILE)
        if file is not None:
            st.button(
                "Use it",
                type="primary",
                key="logo-use",
                on_click=_use,
                args=(page, file.getvalue(), file.name, kept),
                **barred_here(EDIT_DOCUMENT),
            )
        if said := st.session_state.pop(_SAID, None):
            refusal(said) if isinstance(said, CostError) else st.success(literal(said))
    return bool(shown) and kept is not None


def _use(page: Page, data: bytes, name: str, kept: SavedLogo | None) -> None:
    try:
        logo = logo_of(data, name)
        version = kept.version if kept else None
        save_logo(page.workspace.state(), logo.png, logo.aspect, who=reader_for(EDIT_DOCUMENT), expected=version)
    except CostError as error:
        st.session_state[_SAID] = error
        return
    st.session_state[_SAID] = f"{name} stands on every document from now on"


def _remove(page: Page, kept: SavedLogo) -> None:
    try:
        remove_logo(page.workspace.state(), who=reader_for(EDIT_DOCUMENT), expected=kept.version)
    except CostError as error:
        st.session_state[_SAID] = error
        return
    st.session_state[_SAID] = "Documents carry no logo from now on"
