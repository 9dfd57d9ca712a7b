"""The moment of a page: all that its figures rest on, named, so that work is kept for as long as none of it changed.

Conventions: bills and plans, words and decisions count by their numbers, files by their identity: each is replaced
whole by its writer, so that another content is another file. What is kept under a moment is never out of date; a
newer moment is other work.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from costlib.metrics.shelf import MANIFEST

if TYPE_CHECKING:
    from ui.guard import Page

#: What the files are called that hold what pages read beside the bills: lists of what is published, rules, rates.
_ENDINGS = (".json", ".yaml")


def moment(page: Page) -> str:
    """What tells this moment of the store and its settings from any other."""
    held = page.workspace.store.root, page.snapshot.state.sequence, page.workspace.state().sequence
    return repr((*held, page.settings, files(page.workspace.store.root)))


def files(root: Path) -> list[str]:
    """The identities of the store's own files, and of the lists of metrics, runs and utilisation in its folders."""
    with os.scandir(root) as entries:
        paths = [entry.path if entry.name.endswith(_ENDINGS) else f"{entry.path}/{MANIFEST}" for entry in entries]
    return sorted(one for path in paths if (one := identity(path)))


def identity(path: str | Path) -> str:
    """What tells a file from the one that takes its place; nothing where there is none.

    >>> identity("no such file")
    ''
    """
    try:
        found = Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    return f"{path} {found.st_ino} {found.st_mtime_ns} {found.st_size}"
