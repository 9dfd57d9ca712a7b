"""A bill that goes, in words, for the command line and the pages."""

from __future__ import annotations

from collections.abc import Sequence

from costlib import money
from costlib.store.manifest import Part
from costlib.store.unload import files_of


def would_go_words(source: str, gone: Sequence[Part]) -> str:
    """What of a connection would go, before anything does."""
    return f"{source}: {_line_items(gone)} would go; nothing was changed"


def gone_words(source: str, gone: Sequence[Part]) -> str:
    """What of a connection went, and the files that bring it back."""
    files = files_of(gone)
    more = f" and {money.counted(len(files) - 1, 'more file')}" if len(files) > 1 else ""
    return f"{source}: {_line_items(gone)} taken out; load {files[0]}{more} to have them back"


def _line_items(gone: Sequence[Part]) -> str:
    return money.counted(sum(entry.rows_loaded for part in gone for entry in part.tie_outs), "line item")
