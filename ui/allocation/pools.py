"""Shared clusters on both bases: what teams reserved, what they used of it, and what nobody reserved."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from costlib import money
from costlib.analysis.trend import Amount
from costlib.attribution.read import read_tool_days
from costlib.briefs.words.allocation import BASIS_HELP, KIND_NAMES, bases_finding, tool_words
from costlib.briefs.words.dispute import hours
from costlib.briefs.words.rounding import rounding_words
from costlib.focus import BILLED, COST_KIND, COST_KINDS, CURRENCY, DAY, EFFECTIVE, POOL, SHARED
from costlib.periods import Window
from costlib.store.pool_days import BY_USE, POOL_DAYS, UNUSED
from costlib.store.splits import RESERVED, USED
from ui.markdown import literal
from ui.navigation import page_of
from ui.selection import Selection
from ui.tables import figures_table

HEADER = ("Team", "Allocation basis", "Usage basis", "Unused reservation", "Hours reserved", "Hours used")


@dataclass(frozen=True)
class PoolTeam:
    """One team's part of a pool over the window, or what of it is idle or unallocated; None is unknown."""

    pool: str
    kind: str
    team: str | None
    allocation: Amount
    usage: Amount
    unused: Amount
    reserved: Amount
    used: Amount


def pool_teams(selection: Selection, window: Window) -> list[PoolTeam]:
    """Parts of every pool in the window: its teams, the dearest first, then what is idle and unallocated."""
    sums = ", ".join(_whole(name) for name in (EFFECTIVE, BY_USE, UNUSED, RESERVED, USED))
    rows = selection.page.snapshot.reader.rows(
        f"SELECT {POOL}, {COST_KIND}, x_Team, {sums} FROM {POOL_DAYS} "
        f"WHERE {CURRENCY} = ? AND {DAY} >= ? AND {DAY} < ? GROUP BY ALL ORDER BY {POOL}, 4 DESC NULLS LAST, 2, 3",
        [selection.currency, window.start, window.end],
    )
    return sorted((PoolTeam(*row) for row in rows), key=lambda one: (one.pool, COST_KINDS.index(one.kind)))


def _whole(name: str) -> str:
    """The sum of a column, null where any of it is."""
    return f"CASE WHEN COUNT({name}) = COUNT(*) THEN SUM({name}) END"


def pools_panel(selection: Selection, window: Window) -> None:
    """Draw every pool with cost in the window; amounts are effective cost of the whole pool, whatever the filters."""
    parts = pool_teams(selection, window)
    if not parts:
        st.write("No shared pool has cost in these days.")
    for pool in dict.fromkeys(one.pool for one in parts):
        with st.container(border=True, key=f"pool {pool}"):
            found = [one for one in parts if one.pool == pool]
            st.header(literal(finding(pool, found, selection.currency)), anchor=False, help=BASIS_HELP)
            basis = selection.basis.subtitle(f"{pool}, whole pool", window)
            note = "" if selection.measure != BILLED else "; both bases are effective cost"
            figures_table(
                basis.replace("billed cost", "effective cost") + note, HEADER, rows(found, selection.currency)
            )
            if told := rounding(found):
                st.caption(literal(told))
            if said := tool_line(selection, pool, window):
                st.caption(literal(said))
            st.page_link(page_of("dispute"), label="Day by day, and what other ways to split would charge")


def tool_line(selection: Selection, name: str, window: Window) -> str:
    """What the cluster's own tool says on the days that it knows; nothing for a pool without usage records."""
    page = selection.page
    pool = next((one for one in page.workspace.rules().shared if one.name == name and one.usage), None)
    if pool is None:
        return ""
    days = read_tool_days(page.snapshot.reader, pool, window, selection.currency)
    known = [day for day in days if day.tool is not None]
    return tool_words(
        money.total(day.bill for day in known), money.total(day.tool for day in known), selection.currency
    )


def finding(pool: str, parts: list[PoolTeam], currency: str) -> str:
    """What the pool's teams reserved and used."""
    shared = [one for one in parts if one.kind == SHARED]
    idle = money.total(one.allocation for one in parts if one.kind == "idle")
    reserved = money.total(one.allocation for one in shared)
    used = [one.usage for one in shared]
    return bases_finding(pool, currency, reserved, None if None in used else money.total(used), idle)


def rows(parts: list[PoolTeam], currency: str) -> list[list[str]]:
    """A row a team, what is idle and unallocated, and the sum, which is the pool's bill."""
    found = []
    for one in parts:
        name = one.team or KIND_NAMES[one.kind]
        measured = one.kind == SHARED
        amounts = [money.full(amount, currency) if measured else "" for amount in (one.usage, one.unused)]
        spent = [hours(amount) if measured else "" for amount in (one.reserved, one.used)]
        found.append([name, money.full(one.allocation, currency), *amounts, *spent])
    whole = money.total(one.allocation for one in parts)
    by_use, unused = (_sum(parts, name) for name in ("usage", "unused"))
    return [
        *found,
        ["The pool's bill", money.full(whole, currency), *(_shown(one, currency) for one in (by_use, unused)), "", ""],
    ]


def rounding(parts: list[PoolTeam]) -> str:
    """That amounts, rounded one by one, are not exactly their sums; nothing where they are."""
    columns = [[getattr(one, name) for one in parts] for name in ("allocation", "usage", "unused")]
    return rounding_words([*columns, *([one.usage, one.unused] for one in parts if one.kind == SHARED)])


def _sum(parts: list[PoolTeam], name: str) -> Decimal | None:
    return money.total(getattr(one, name) for one in parts if one.kind == SHARED)


def _shown(amount: Amount, currency: str) -> str:
    return "" if amount is None else money.full(amount, currency)
