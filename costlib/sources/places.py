"""Places to load from that are not on disk: what lies there is fetched below a folder and then read like any files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from costlib.periods import Window
from costlib.sources import (
    anthropic,
    bigquery,
    bigquery_address,
    cost_explorer_address,
    cost_explorer_api,
    llm_fetch,
    openai,
    opencost_http,
    s3,
)

Tell = Callable[[str], None]
Days = Callable[[], Window]
_VENDORS = (openai.BILLING, anthropic.BILLING)
#: How places are written, for help and messages.
WRITTEN = (
    "s3://bucket/prefix",
    "bigquery://project.dataset.table",
    "aws-cost-explorer:?from=...",
    "opencost:http://host:port",
    *(f"{vendor.kind}:" for vendor in _VENDORS),
)
_KINDS = (s3, bigquery_address, cost_explorer_address, opencost_http, *_VENDORS)


def is_remote(where: str) -> bool:
    """Whether the place is one of these.

    >>> is_remote("s3://billing/exports"), is_remote("exports/costs")
    (True, False)
    """
    return any(kind.is_address(where) for kind in _KINDS)


def fetched(where: str, folder: Path, tell: Tell, days: Days) -> list[Path]:
    """What lies at the place, fetched below ``folder``; ``days`` are asked for where the place does not say which.

    Raises ``InputError`` and its children; nothing is loaded then.
    """
    if s3.is_address(where):
        return [s3.fetch(where, folder, tell)]
    if bigquery_address.is_address(where):
        return bigquery.fetch(where, folder, tell)
    if opencost_http.is_address(where):
        return opencost_http.fetch(where, folder, tell, days)
    if vendor := _vendor(where):
        return llm_fetch.fetch(vendor, where, folder, tell, days)
    return cost_explorer_api.fetch(where, folder, tell, days)


def announced(where: str, folder: Path, days: Days) -> list[str]:
    """What ``fetched`` would fetch and what that costs, in lines to read."""
    if s3.is_address(where):
        return s3.announced(where, folder)
    if bigquery_address.is_address(where):
        return bigquery.announced(where, folder)
    if opencost_http.is_address(where):
        return opencost_http.announced(where)
    if vendor := _vendor(where):
        return llm_fetch.announced(vendor, where, days)
    return cost_explorer_api.announced(where, folder, days)


def _vendor(where: str) -> llm_fetch.Billing | None:
    return next((vendor for vendor in _VENDORS if vendor.is_address(where)), None)
