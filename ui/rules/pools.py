"""Pools of shared cost as choices: by what each is split, and what becomes of its idle capacity."""

from __future__ import annotations

import streamlit as st

from costlib import money
from costlib.attribution.pools import MEASURED_DRIVERS, Pool
from costlib.attribution.rule_file import rules_of_text
from costlib.briefs.words.dispute import DRIVERS, IDLE_HELP, IDLE_NAMES, SPLIT_HELP, SPLIT_NAMES, split_key
from costlib.errors import CostError, InputError
from ui.guard import Page
from ui.markdown import literal
from ui.panels import refusal
from ui.rules.saving import open_in_editor, text_in_editor
from ui.rules.table import RuleFigures
from ui.rules.text import place_of, with_value


def pools_panel(page: Page, figures: RuleFigures) -> None:
    """Draw every pool with its choices; a choice goes into the editor, where it is previewed and saved."""
    with st.container(border=True, key="pools"):
        st.header("Shared pools", anchor=False, help=SPLIT_HELP)
        if not figures.rules.shared:
            st.write("No cost is shared yet. A pool is an entry of the section shared: in the rule file.")
            return
        for pool in figures.rules.shared:
            _pool(page, pool, figures)


def _pool(page: Page, pool: Pool, figures: RuleFigures) -> None:
    taken = figures.pools.get(pool.name)
    cost = money.short(taken.amount if taken else None, figures.currency)
    who = ", ".join(" / ".join(one.set.values()) for one in pool.receivers) or "every team with hours"
    st.write(literal(f"{pool.name}: {cost} in the loaded bills, between {who}"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        way, idle = choose_split(pool, ways_of(pool), f"driver-{pool.name}", f"idle-{pool.name}")
        changed = (way, idle) != (_split_of(pool), pool.idle)
        if st.button("Put into the rule file", key=f"pool-{pool.name}", disabled=not changed):
            _edit(page, pool, way, idle)


def choose_split(pool: Pool, ways: list[str], way_key: str, idle_key: str) -> tuple[str, str]:
    """How the reader splits the pool's cost and what becomes of idle capacity; what holds now is chosen first."""
    now = _split_of(pool)
    way = st.selectbox(
        "Split by",
        ways,
        index=ways.index(now),
        format_func=SPLIT_NAMES.__getitem__,
        key=way_key,
        help=SPLIT_HELP,
        width=290,
    )
    idle = st.selectbox(
        "Idle capacity",
        list(IDLE_NAMES),
        index=list(IDLE_NAMES).index(pool.idle),
        format_func=IDLE_NAMES.__getitem__,
        key=idle_key,
        help=IDLE_HELP,
        width=330,
    )
    return way or now, idle or pool.idle


def _split_of(pool: Pool) -> str:
    return split_key(pool.driver, pool.usage.basis if pool.usage else None)


def _edit(page: Page, pool: Pool, way: str, idle: str) -> None:
    """Put the choice into what stands in the editor, with all that was typed there and is not saved yet."""
    try:
        text = text_in_editor(page.workspace)
        standing = [one for one in rules_of_text(text, "The rules in the editor").shared if one.name == pool.name]
        open_in_editor(with_terms(text, standing[0] if standing else pool, way, idle))
    except CostError as error:
        refusal(error)
        return
    st.rerun()


def ways_of(pool: Pool) -> list[str]:
    """The ways in which the pool can be split: by hours where usage records drive it, by shares where it has some."""
    measured = [way for way, (driver, _) in DRIVERS.items() if driver in MEASURED_DRIVERS] if pool.usage else []
    given = ["fixed"] if any(one.share for one in pool.receivers) or pool.driver == "fixed" else []
    even = ["even"] if pool.receivers else []
    return [way for way in SPLIT_NAMES if way in (*measured, *given, *even, "direct")]


def place_of_pool(text: str, pool: Pool) -> int:
    """Where among the pools of the rule file it stands; raises InputError where it is not in the file itself."""
    place = place_of(text, "shared", pool.name)
    if place is None:
        raise InputError(f"The rule file has no pool called {pool.name}", fix="Look at the file as text.")
    return place


def with_terms(text: str, pool: Pool, way: str, idle: str) -> str:
    """The rule file with the pool's driver and idle policy changed in their place.

    Raises InputError where the pool is not in the file itself.
    """
    driver, basis = DRIVERS[way]
    place: list[str | int] = ["shared", place_of_pool(text, pool)]
    text = with_value(text, [*place, "driver"], driver)
    if basis and (basis != "reserved" or (pool.usage and pool.usage.basis != basis)):
        text = with_value(text, [*place, "usage", "basis"], basis)
    return text if idle == pool.idle else with_value(text, [*place, "idle"], idle)
