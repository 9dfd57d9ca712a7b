"""What is loaded where no bill is: usage records, metrics, readings and runs, which have no cost without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from costlib import money
from costlib.store.manifest import UsagePart
from costlib.store.store import Store
from costlib.wording import listed

if TYPE_CHECKING:
    from costlib.metrics.shelf import ShelfPart


def waiting_words(store: Store) -> str:
    """What of the store waits for a bill, in words; empty where nothing does.

    Raises ``StoreError`` where a list of what is loaded is damaged.
    """
    from costlib.metrics import business  # only where no bill is loaded
    from costlib.metrics.utilisation import readings
    from costlib.runs import book

    state, root = store.manifest(), store.root
    held: dict[str, tuple[UsagePart | ShelfPart, ...]] = {
        "usage record": state.usage if state else (),
        "metric row": business.shelf(root).parts(),
        "utilisation reading": readings.shelf(root).parts(),
        "run": book.shelf(root).parts(),
    }
    rows = {noun: sum(part.rows for part in parts) for noun, parts in held.items()}
    found = listed([money.counted(number, noun) for noun, number in rows.items() if number])
    return f"{found} in this store will have a cost as soon as a bill is loaded." if found else ""
