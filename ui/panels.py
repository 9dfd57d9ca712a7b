"""What a page shows when it cannot show its figures: nothing loaded yet, a refusal, an unexpected fault."""

from __future__ import annotations

import logging
import shlex
from pathlib import Path

import streamlit as st

from costlib.errors import CostError
from costlib.state.errors import Conflict
from ui.markdown import literal

_log = logging.getLogger("glidepath")


def nothing_loaded(store: Path, waiting: str = "") -> None:
    """The first thing a new user sees where no bill is loaded: the commands that fill this store.

    ``waiting`` says what else is loaded already.
    """
    st.header("No bill is loaded yet")
    if waiting:
        st.write(literal(waiting))
    st.write("Load the sample company to look around, or a bill of your own. Both take one command:")
    into = f"--store {shlex.quote(str(store))}"
    st.code(f"python -m costlib demo {into}\npython -m costlib load path/to/your/export {into}", language="bash")
    st.write("Exports of AWS, Google Cloud and Azure, and FOCUS files of anybody, are recognised by their content.")
    if st.button("Look again", type="primary"):
        st.rerun()


def no_usage() -> None:
    """What a reader sees where the bills loaded hold purchases, taxes or credits only."""
    st.header("The bills loaded hold no usage")
    st.write("Purchases, taxes and credits are in the store, but pages show spend by the day it was used.")
    st.code("python -m costlib status", language="bash")


def refusal(error: CostError, name: str = "") -> None:
    """A refusal in plain words: what, what was expected, one thing to do.

    ``name`` is what readers call the record that somebody else may have changed meanwhile.
    """
    st.error(literal(error.of(name) if name and isinstance(error, Conflict) else error.problem))
    if error.expected:
        st.write(f"Expected: {literal(error.expected)}.")
    if error.fix:
        st.write(literal(error.fix))


def failure(error: Exception) -> bool:
    """What ends a page's run: a refusal says what to do; a fault of ours is told without a trace and logged with it."""
    if isinstance(error, CostError):
        refusal(error)
        return True
    _log.error("A page failed", exc_info=error)
    st.error("This page could not be drawn. Nothing is lost: the figures in the store are untouched.")
    st.write("Load the page again. If it happens again, send the last lines of the server's log to whoever runs it.")
    return True
