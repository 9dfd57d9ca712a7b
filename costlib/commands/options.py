"""Options that several commands share, and the workspace they name."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from costlib.errors import StoreError
from costlib.periods import Window
from costlib.settings import read_settings
from costlib.workspace import Workspace


def named(text: str) -> str:
    """The text; wrong usage where it is empty, as an unset variable of a script is: no path means "here" by that."""
    if not text.strip():
        raise typer.BadParameter("it is empty")
    return text


def named_path(text: str) -> Path:
    """The path that the text names; wrong usage where it is empty."""
    return Path(named(text))


def day(text: str) -> date:
    """The day that the text names; wrong usage where it is none.

    >>> day("2026-09-01")
    datetime.date(2026, 9, 1)
    """
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise typer.BadParameter(f"{text} is no day such as 2026-09-01")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"there is no day {text}") from None


def month(text: str) -> date:
    """The first day of the month that the text names; wrong usage where it is none.

    >>> month("2026-09")
    datetime.date(2026, 9, 1)
    """
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) or text < "0001":
        raise typer.BadParameter(f"{text} is no month such as 2026-09")
    return date.fromisoformat(f"{text}-01")


StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        help="Folder that holds everything.",
        show_default="GLIDEPATH_STORE, else data/store",
        parser=named_path,
    ),
]
FromOption = Annotated[date | None, typer.Option("--from", parser=day, metavar="YYYY-MM-DD", help="First usage day.")]
ToOption = Annotated[
    date | None, typer.Option("--to", parser=day, metavar="YYYY-MM-DD", help="Day after the last usage day.")
]
TodayOption = Annotated[
    date | None,
    typer.Option(
        "--today",
        parser=day,
        metavar="YYYY-MM-DD",
        help="Last day of the bills that counts: later ones are as if not yet known.",
        show_default="the last day of the bills",
    ),
]
CurrencyOption = Annotated[
    str | None,
    typer.Option("--currency", parser=named, metavar="CODE", help="Billing currency.", show_default="the main one"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]


class Format(StrEnum):
    """How a table is printed."""

    CSV = "csv"
    JSON = "json"
    TABLE = "table"


FormatOption = Annotated[
    Format | None, typer.Option("--format", help="Form of the answer; --json is json.", show_default="table")
]


class Colours(StrEnum):
    """What a document is drawn for: screens and colour printers, or a printer without colour."""

    LIGHT = "light"
    PRINT = "print"


def asked_form(form: Format | None, as_json: bool) -> Format:
    """The form of ``--format`` or ``--json``, else a table; wrong usage where both are given and differ."""
    if as_json and form not in (None, Format.JSON):
        raise typer.BadParameter(f"{form} and --json are two forms of one answer", param_hint="'--format'")
    return Format.JSON if as_json else form or Format.TABLE


def asked_window(start: date | None, end: date | None) -> Window | None:
    """Usage days from ``--from`` up to ``--to``; None where neither is given; wrong usage where no day is between."""
    if start is None and end is None:
        return None
    if start and end and end <= start:
        raise typer.BadParameter(f"{end} is no day after {start}", param_hint="'--to'")
    return Window(start or date.min, end or date.max)


def existing(context: typer.Context, store: Path | None) -> Workspace:
    """The workspace for a command that only reads: raises EmptyStore where there is no store, and makes none."""
    return workspace(context, store).existing()


def workspace(context: typer.Context, store: Path | None) -> Workspace:
    """The workspace of ``--store``, given after or before the command, else of the settings.

    Raises ``StoreError`` where a file lies there.
    """
    root = store or context.obj or read_settings().store
    if root.exists() and not root.is_dir():
        raise StoreError(
            f"{root} is a file", expected="the folder of a store", fix="Check --store and GLIDEPATH_STORE."
        )
    return Workspace(root)
