"""The forecasts on record, locked or replayed, with what was spent; and which months are closed.

Conventions: effective cost by team, AI spend where the rules found any, else all spend; one currency.
"""

from __future__ import annotations

import threading

from costlib.analysis.outlook import DailySpend
from costlib.analysis.record import Version, record
from costlib.analysis.replay import actuals_of, closed_months, replayed
from costlib.briefs.bill import TEAM, Record
from costlib.focus import EFFECTIVE
from costlib.outlook import ai_filter, days_of
from costlib.periods import Window, add_months
from costlib.state.forecasts import locked_forecasts
from costlib.store.query import Reader
from costlib.workspace import Workspace

_Versions = tuple[tuple[Version, ...], DailySpend]
_kept: dict[tuple[str, int, str], _Versions] = {}
_kept_lock = threading.Lock()


def versions_of(workspace: Workspace, currency: str) -> _Versions:
    """The forecasts on record with what was spent, kept for as long as neither bills nor state change."""
    key = (workspace.moment, workspace.state().sequence, currency)
    with _kept_lock:
        if key not in _kept:
            _kept.clear()
            _kept[key] = _on_record(workspace, currency)
        return _kept[key]


def _on_record(workspace: Workspace, currency: str) -> _Versions:
    """The forecasts that were locked, oldest first, else what would have been said at the ends of months."""
    reader = workspace.snapshot().reader
    daily = days_of(reader, (TEAM,), currency=currency, filters=ai_filter(reader))
    locked = locked_forecasts(workspace.state(), scope_of(reader), EFFECTIVE, currency)
    kept = tuple(one.version for one in locked)
    return (kept if kept else replayed(daily, EFFECTIVE, currency, reader.generation)), daily


def scope_of(reader: Reader) -> str:
    """What the spend of a document is called in the state: the name of its budgets and locked forecasts."""
    return "AI spend" if ai_filter(reader) else "All spend"


def record_of(workspace: Workspace, currency: str) -> Record:
    """How good past forecasts were."""
    versions, daily = versions_of(workspace, currency)
    kind = "replayed" if all(one.replayed for one in versions) else "locked"
    return Record(record(versions, actuals_of(daily)), kind, daily.bridged_days)


def last_closed(reader: Reader, months: int) -> Window | None:
    window = reader.window()
    closed = closed_months(window) if window else ()
    return Window(closed[-months:][0], add_months(closed[-1], 1)) if closed else None
