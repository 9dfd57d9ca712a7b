"""Settings: each a name, an environment variable, a default and one line of help, in one table.

This is the only module that reads the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from costlib.errors import InputError
from costlib.fiscal import PATTERNS, Fiscal, WeekCalendar


@dataclass(frozen=True)
class Setting:
    """One setting as the documentation and the environment know it."""

    name: str
    variable: str
    default: str
    help: str


SETTINGS = (
    Setting(
        "store",
        "GLIDEPATH_STORE",
        "data/store",
        "Folder that holds everything: base, cubes, snapshots, the sample company's exports.",
    ),
    Setting(
        "state",
        "GLIDEPATH_STATE",
        "",
        "Database of plans and decisions: empty for state.db in the store; a PostgreSQL URL for replicas.",
    ),
    Setting("access", "GLIDEPATH_ACCESS", "local", "Who may look: local (this machine only) or open (all who reach)."),
    Setting(
        "kept_generations",
        "GLIDEPATH_KEPT_GENERATIONS",
        "30",
        "Published states that are kept, the current one included; older ones go unless somebody reads them.",
    ),
    Setting("fiscal_year_start", "GLIDEPATH_FISCAL_YEAR_START", "1", "Month (1-12) in which the fiscal year begins."),
    Setting(
        "fiscal_calendar",
        "GLIDEPATH_FISCAL_CALENDAR",
        "months",
        "What fiscal periods are: months, or whole weeks by 4-4-5, 4-5-4 or 5-4-4.",
    ),
    Setting(
        "fiscal_year_end",
        "GLIDEPATH_FISCAL_YEAR_END",
        "last",
        "Saturday that ends a year of weeks: last of the month before its start, or nearest to that month's end.",
    ),
)


@dataclass(frozen=True)
class Settings:
    """The settings in force."""

    store: Path
    state: str
    access: str
    kept_generations: int
    fiscal_year_start: int
    fiscal_calendar: str
    fiscal_year_end: str

    @property
    def fiscal(self) -> Fiscal:
        """The fiscal calendar: the month that a year of months begins with, or a calendar of weeks."""
        if self.fiscal_calendar not in PATTERNS:
            return self.fiscal_year_start
        closing = (self.fiscal_year_start - 2) % 12 + 1
        return WeekCalendar(self.fiscal_calendar, closing, self.fiscal_year_end == "nearest")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment, defaults where it is silent.

    Raises ``InputError`` for a value that cannot be used.
    """
    values = os.environ if environment is None else environment
    text = {setting.name: values.get(setting.variable) or setting.default for setting in SETTINGS}
    month = text["fiscal_year_start"]
    if not month.isdigit() or not 1 <= int(month) <= 12:
        raise InputError(
            f"GLIDEPATH_FISCAL_YEAR_START is {month}",
            expected="a month from 1 to 12",
            fix="Set it to 1 for calendar years.",
        )
    if text["access"] not in ("local", "open"):
        raise InputError(
            f"GLIDEPATH_ACCESS is {text['access']}", expected="local or open", fix="Leave it out for local."
        )
    _refuse_other(text, "fiscal_calendar", ("months", *PATTERNS))
    _refuse_other(text, "fiscal_year_end", ("last", "nearest"))
    kept = text["kept_generations"]
    if not kept.isdigit() or int(kept) < 1:
        raise InputError(
            f"GLIDEPATH_KEPT_GENERATIONS is {kept}", expected="a number from 1", fix="Leave it out for 30."
        )
    return Settings(
        Path(text["store"]),
        state=text["state"],
        access=text["access"],
        kept_generations=int(kept),
        fiscal_year_start=int(month),
        fiscal_calendar=text["fiscal_calendar"],
        fiscal_year_end=text["fiscal_year_end"],
    )


def _refuse_other(text: Mapping[str, str], name: str, known: Sequence[str]) -> None:
    if text[name] not in known:
        raise InputError(
            f"GLIDEPATH_{name.upper()} is {text[name]}",
            expected=f"one of {', '.join(known)}",
            fix=f"Leave it out for {known[0]}.",
        )


def secret(variable: str, what: str, environment: Mapping[str, str] | None = None) -> str:
    """The key that an environment variable holds: handed to who asks, never kept, logged or shown.

    Raises ``InputError`` where there is none; ``what`` says what the key is.
    """
    value = (os.environ if environment is None else environment).get(variable, "").strip()
    if not value:
        raise InputError(f"{variable} is not set", expected=what, fix=f"Set {variable}; nothing was asked or changed.")
    return value
