"""Shared cost for documents: the largest measured pool, and the statement of a team.

Conventions: effective cost in one currency; only closed months unless one is named.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

from costlib.analysis.windows import last_billed_month
from costlib.attribution.read import billed_elsewhere, check_month, lacking_bills, read_dispute, read_statement
from costlib.briefs.bill import TEAM
from costlib.briefs.cluster import Agreed, Cluster, Share
from costlib.briefs.statement_document import Shown
from costlib.errors import InputError
from costlib.evidence.bill import setting_of
from costlib.evidence.record import last_closed
from costlib.focus import COST_KIND, CURRENCY, EFFECTIVE, IDLE, POOL, SHARED
from costlib.periods import Window, add_months
from costlib.store.missing import missing_months
from costlib.store.pool_days import BY_USE, POOL_DAYS, UNUSED
from costlib.workspace import Workspace


def cluster_of(workspace: Workspace, currency: str) -> Cluster | None:
    """The largest pool of shared cost over the last three closed months; None where no pool is measured."""
    reader, rules = workspace.snapshot().reader, workspace.rules()
    window = last_closed(reader, 3)
    pools = {pool.name: pool for pool in rules.shared if pool.usage is not None}
    if window is None or not pools:
        return None
    rows = reader.rows(
        f"SELECT {POOL}, {COST_KIND}, x_Team, SUM({EFFECTIVE}), SUM({BY_USE}), SUM({UNUSED}) FROM {POOL_DAYS} "
        f"WHERE {CURRENCY} = ? AND ChargePeriodStart >= ? AND ChargePeriodStart < ? GROUP BY ALL ORDER BY 4 DESC",
        [currency, window.start, window.end],
    )
    known = [row for row in rows if row[0] in pools and row[3] is not None]
    if not known:
        return None
    name = max(pools, key=lambda pool: sum(row[3] for row in known if row[0] == pool))
    own = [row for row in known if row[0] == name]
    found = read_dispute(reader, pools[name], window, rules.team_spellings, currency)
    spikes = None if found.causes is None else Counter(filter(None, found.causes))
    shares = [
        Share(row[2], row[3], row[4], row[5], None if spikes is None else spikes[row[2]], found.swing(row[2]))
        for row in own
        if row[1] == SHARED and row[2]
    ]
    idle = sum((row[3] for row in own if row[1] == IDLE and row[2] is None), start=Decimal(0))
    whole = sum((row[3] for row in own), start=Decimal(0))
    days = None if spikes is None else sum(spikes.values())
    return Cluster(name, window, tuple(shares), idle, whole, days, _agreed(workspace, name))


def _agreed(workspace: Workspace, pool: str) -> Agreed | None:
    """The newest agreement on the pool, in the words of a document."""
    from costlib.state.agreements import agreement_on  # only who exports pays for loading the database's library

    saved = agreement_on(workspace.state(), pool)
    if saved is None:
        return None
    one = saved.agreement
    return Agreed(one.driver, one.idle, one.kpi, one.start, tuple(one.leads.items()))


def shown_to(workspace: Workspace, team: str | None, month: date | None) -> Shown:
    """The statement of a team for a month (default: the last closed one that has a bill) and of the month before; the
    latter not for a month that goes on, and where a bill of the team may be missing from either.

    Raises InputError where no team is named, and QueryError for one, or a month, that there is not.
    """
    reader, pools = workspace.snapshot().reader, workspace.rules().shared
    if not team:
        teams = ", ".join(one for one in reader.values(TEAM) if one)
        raise InputError("A statement is for one team", expected=teams or "a team", fix="Name it with --team.")
    window = reader.window()
    closed = last_billed_month(window, missing_months(reader)) if window else None
    chosen = month or (closed.start if closed else None)
    if chosen is None:
        raise InputError("No month of the bill is closed yet", fix="Name the month with --month.")
    check_month(reader, chosen)
    setting = setting_of(workspace, team)
    apart = billed_elsewhere(reader, team, chosen, setting.currency)
    own, both = (Window(add_months(chosen, -back), add_months(chosen, 1)) for back in (0, 1))
    lacking = lacking_bills(reader, team, both)
    absences = tuple(one.told for one in lacking)
    setting = replace(setting, other_currencies=apart, billed=own, absences=absences, left_out=0)
    now, before = (read_statement(reader, team, one, pools) for one in (chosen, both.start))
    is_open = window is not None and window.end < own.end
    shown = None if is_open or lacking or not before.lines else before
    return Shown(setting, now, shown, is_open, any(one.meets(own) for one in lacking))
