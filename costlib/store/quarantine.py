"""Rows set aside, written beside their part and read back for whoever repairs the bill.

Most loads set nothing aside, so pyarrow is loaded only where there are such rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from costlib.store.delivery import Quarantined
from costlib.store.manifest import Manifest, sync

#: Columns of a row set aside: what is known of it, where it stands, why, and the row as JSON.
COLUMNS = ("source", "account", "period", "currency", "file", "line", "reason", "row")


def write_quarantine(rows: Sequence[Quarantined], path: Path) -> None:
    """Write the rows, one at least, as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([vars(row) for row in rows]), path)
    sync(path)


def quarantined_rows(state: Manifest, root: Path) -> Iterator[dict[str, Any]]:
    """Every row that the current state holds in quarantine, with ``COLUMNS``, in the order of its parts."""
    import pyarrow.parquet as pq

    for part in state.parts:
        if part.quarantine:
            for row in pq.read_table(root / part.quarantine).to_pylist():
                yield {"source": part.source} | row
