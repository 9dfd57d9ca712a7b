"""Forecasts, locked: what was said, from which bills, by whom and when; compared later with what was spent.

Conventions: a version never changes and is never overwritten. ``scope`` is the spend that it is a forecast of, as pages
call it; versions of another scope, measure or currency are another record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from costlib.analysis.record import Version, version_of
from costlib.errors import InputError
from costlib.state.errors import Conflict
from costlib.state.records import State

KIND: Final = "locked forecast"


@dataclass(frozen=True)
class LockedForecast:
    """A version and who locked it."""

    version: Version
    who: str


def lock_forecast(state: State, version: Version, scope: str, *, who: str) -> None:
    """Keep the version under its name.

    Raises ``InputError`` where the name is taken.
    """
    key = f"{scope}, {version.measure}, {version.currency}: {version.version}"
    try:
        state.put(KIND, key, {"scope": scope, "forecast": version.document()}, who=who, why="locked")
    except Conflict as conflict:
        raise InputError(
            f"A forecast called {version.version} is locked already",
            expected="a name of its own for every version",
            fix="Choose another name; what is locked stays as it is.",
        ) from conflict


def locked_forecasts(state: State, scope: str, measure: str, currency: str) -> list[LockedForecast]:
    """The versions of that spend, measure and currency, oldest first."""
    records = sorted(state.all(KIND), key=lambda record: record.changed_at)
    found = [
        LockedForecast(version_of(record.body["forecast"]), record.changed_by)
        for record in records
        if record.body["scope"] == scope
    ]
    return [one for one in found if (one.version.measure, one.version.currency) == (measure, currency)]
