"""The forecasts on record, locked or replayed, with what was spent; and which months are closed.

Conventions: effective cost by team, model and stage as on the Forecast page, so that a document and the page say the
same; AI spend where the rules found any, else all spend; one currency.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from costlib.analysis.daily import DailySpend
from costlib.analysis.record import Figures, Version, record
from costlib.analysis.replay import actuals_of, replayed
from costlib.briefs.bill import Record
from costlib.focus import EFFECTIVE
from costlib.outlook import ai_filter, days_of
from costlib.periods import Window, add_months, whole_months
from costlib.state.forecasts import locked_forecasts
from costlib.store.reader import Reader
from costlib.workspace import Workspace


@dataclass(frozen=True)
class OnRecord:
    """The forecasts of a bill that were locked, oldest first, and what was spent."""

    locked: tuple[Version, ...]
    daily: DailySpend
    currency: str
    generation: str

    @cached_property
    def replayed(self) -> tuple[Version, ...]:
        """What would have been said at the ends of months, oldest first."""
        return replayed(self.daily, EFFECTIVE, self.currency, self.generation)

    def figures(self, versions: Iterable[Version]) -> tuple[Figures, ...]:
        """How good these forecasts were."""
        return record(versions, actuals_of(self.daily))


_kept: dict[tuple[str, int, str], OnRecord] = {}
_kept_lock = threading.Lock()


def on_record(workspace: Workspace, currency: str) -> OnRecord:
    """The forecasts on record with what was spent, kept for as long as neither bills nor state change."""
    key = (workspace.moment, workspace.state().sequence, currency)
    with _kept_lock:
        if key not in _kept:
            _kept.clear()
            _kept[key] = _on_record(workspace, currency)
        return _kept[key]


def _on_record(workspace: Workspace, currency: str) -> OnRecord:
    reader = workspace.snapshot().reader
    daily = days_of(reader, currency=currency, filters=ai_filter(reader))
    kept = locked_forecasts(workspace.state(), scope_of(reader), EFFECTIVE, currency)
    return OnRecord(tuple(one.version for one in kept), daily, currency, reader.generation)


def scope_of(reader: Reader) -> str:
    """What the spend of a document is called in the state: the name of its budgets and locked forecasts."""
    return "AI spend" if ai_filter(reader) else "All spend"


def record_of(workspace: Workspace, currency: str) -> Record:
    """How good past forecasts were: those that were locked, or replayed ones while no locked one met a closed month."""
    held = on_record(workspace, currency)
    own = held.figures(held.locked)
    if any(one.versions for one in own):
        return Record(own, "locked", held.daily.bridged_days)
    return Record(held.figures(held.replayed), "replayed", held.daily.bridged_days)


def last_closed(reader: Reader, months: int) -> Window | None:
    """The last closed months of the bills, so many or as many as there are; None where no month has closed."""
    window = reader.window()
    closed = whole_months(window) if window else ()
    return Window(closed[-months:][0], add_months(closed[-1], 1)) if closed else None
