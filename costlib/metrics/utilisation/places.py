"""Where readings of utilisation come from: scrape files, tables of daily figures, monitoring services.

A place that is none of these is a file of business metrics (``business``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from costlib.metrics.shelf import Kept
from costlib.metrics.utilisation.readings import keep_readings
from costlib.metrics.utilisation.scrapes import is_scrape, read_scrapes
from costlib.metrics.utilisation.table import is_table, read_table

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Whose:
    """Whose readings scrapes are, as the bill calls the machine or its model; None where their labels say it."""

    resource: str | None = None
    model: str | None = None


def load_utilisation(
    root: Path,
    where: str,
    source: str | None = None,
    whose: Whose | None = None,
    progress: Tell = lambda message: None,
) -> Kept | None:
    """Load the readings of a place, all or none, in place of the months of the same source that they fall in.

    None where the place holds no readings. A source is called by the machine, the model or the file, unless ``source``
    says otherwise. Raises ``InputError`` and its kin for what cannot be used, ``StoreError`` for a store that cannot.
    """
    path, whose = Path(where), whose or Whose()
    if is_scrape(path):
        readings = read_scrapes(path, whose.resource, whose.model)
    elif is_table(path):
        readings = read_table(path)
    else:
        return None
    return keep_readings(root, source or whose.resource or whose.model or path.stem, readings, progress)
