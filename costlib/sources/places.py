"""Places to load from that are not on disk: what lies there is fetched below a folder and then read like any files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from costlib.periods import Window
from costlib.sources import cost_explorer_address, cost_explorer_api, s3

Tell = Callable[[str], None]
Days = Callable[[], Window]


def is_remote(where: str) -> bool:
    """Whether the place is one of these.

    >>> is_remote("s3://billing/exports"), is_remote("exports/costs")
    (True, False)
    """
    return s3.is_address(where) or cost_explorer_address.is_address(where)


def fetched(where: str, folder: Path, tell: Tell, days: Days) -> list[Path]:
    """What lies at the place, fetched below ``folder``; ``days`` are asked for where the place does not say which.

    Raises ``InputError`` and its children; nothing is loaded then.
    """
    if s3.is_address(where):
        return [s3.fetch(where, folder, tell)]
    return cost_explorer_api.fetch(where, folder, tell, days)


def announced(where: str, folder: Path, days: Days) -> list[str]:
    """What ``fetched`` would fetch and what that costs, in lines to read."""
    if s3.is_address(where):
        return s3.announced(where, folder)
    return cost_explorer_api.announced(where, folder, days)
