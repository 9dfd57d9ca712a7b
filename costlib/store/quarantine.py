"""Rows set aside, read back for whoever repairs the bill."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from costlib.store.manifest import Manifest

#: Columns of a row set aside: what is known of it, where it stands, why, and the row as JSON.
COLUMNS = ("source", "account", "period", "currency", "file", "line", "reason", "row")


def quarantined_rows(state: Manifest, root: Path) -> Iterator[dict[str, Any]]:
    """Every row that the current state holds in quarantine, with ``COLUMNS``, in the order of its parts."""
    for part in state.parts:
        if part.quarantine:
            for row in pq.read_table(root / part.quarantine).to_pylist():
                yield {"source": part.source} | row
