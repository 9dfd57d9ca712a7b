"""Options that several commands share, and the workspace they name."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from costlib.settings import read_settings
from costlib.workspace import Workspace

StoreOption = Annotated[
    Path | None, typer.Option("--store", help="Folder that holds everything [default: data/store].")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]


class Format(StrEnum):
    """How a table is printed."""

    CSV = "csv"
    JSON = "json"
    TABLE = "table"


def workspace(context: typer.Context, store: Path | None) -> Workspace:
    """The workspace of ``--store``, given after or before the command, else of the settings."""
    return Workspace(store or context.obj or read_settings().store)
