"""Where readings of utilisation come from: scrape files, tables of daily figures, monitoring services.

A place that is none of these is a file of business metrics (``business``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from costlib.analysis.units.readings import Reading
from costlib.errors import EmptyExport, InputError
from costlib.metrics.read import DATABASE
from costlib.metrics.shelf import Kept
from costlib.metrics.utilisation import cloudwatch, gcp_monitoring
from costlib.metrics.utilisation.readings import keep_readings
from costlib.metrics.utilisation.scrapes import is_scrape, read_scrapes
from costlib.metrics.utilisation.table import is_table, read_table
from costlib.periods import Window
from costlib.sources.web_address import FROM, TO, days_of, refuse_unknown, whole_months

Tell = Callable[[str], None]
Days = Callable[[], Window]


def no_days() -> Window:
    """Refuses to say which days: for places that say it themselves."""
    raise InputError(
        "Which days to ask for is not said", expected=f"?{FROM}=2026-09-01&{TO}=2026-10-01", fix="Add them."
    )


@dataclass(frozen=True)
class Whose:
    """Whose readings scrapes are, as the bill calls the machine or its model; None where their labels say it."""

    resource: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class Fetched:
    """What a place gave: readings, and what their source is called unless said otherwise."""

    source: str
    readings: Sequence[Reading]


def is_service(where: str) -> bool:
    """Whether the place is a monitoring service.

    >>> is_service("cloudwatch:eu-west-1"), is_service("scrapes/")
    (True, False)
    """
    return where.startswith((cloudwatch.PREFIX, gcp_monitoring.PREFIX))


def load_utilisation(
    root: Path,
    where: str,
    source: str | None = None,
    whose: Whose | None = None,
    progress: Tell = lambda message: None,
    days: Days = no_days,
) -> Kept | None:
    """Load the readings of a place, all or none, in place of the months of the same source that they fall in.

    None where the place holds no readings. A source is called by the machine, the model or the file, unless ``source``
    says otherwise. ``days`` are asked of a service where the place does not say which. Raises ``InputError`` and its
    kin for what cannot be used, ``StoreError`` for a store that cannot.
    """
    found = _service(where, progress, days) if is_service(where) else _file(where, whose or Whose())
    if found is None:
        return None
    if not found.readings:
        raise EmptyExport(
            f"{where} has no utilisation in these days",
            expected="endpoints or machines that ran, with a metric that is known",
            fix="Ask for other days; nothing was changed.",
        )
    return keep_readings(root, source or found.source, found.readings, progress)


def _file(where: str, whose: Whose) -> Fetched | None:
    refuse_unknown(where, (cloudwatch.PREFIX, f"{gcp_monitoring.PREFIX}PROJECT", f"{DATABASE}URL"))
    path = Path(where)
    name = whose.resource or whose.model or path.stem
    if is_scrape(path):
        return Fetched(name, read_scrapes(path, whose.resource, whose.model))
    return Fetched(name, read_table(path)) if is_table(path) else None


def _service(where: str, progress: Tell, days: Days) -> Fetched:
    """The readings of a service; a source is a region or project, so that two never replace each other's months."""
    place, _, query = where.partition("?")
    if place.startswith(cloudwatch.PREFIX):
        region = place.removeprefix(cloudwatch.PREFIX).strip("/") or None
        found = cloudwatch.fetch_readings(region, _window(where, query, days), progress)
        return Fetched(cloudwatch.source(found, region), found)
    url = gcp_monitoring.project_url(place)
    return Fetched(
        f"{gcp_monitoring.PREFIX}{url.rpartition('/')[2]}",
        gcp_monitoring.fetch_readings(url, _window(where, query, days)),
    )


def _window(where: str, query: str, days: Days) -> Window:
    """The days asked for: whole months, as a load replaces them whole."""
    options = {name: values[-1] for name, values in parse_qs(query).items()}
    for name in options:
        if name not in (FROM, TO):
            raise InputError(f"{where}: there is no option {name}", expected=f"{FROM}, {TO}", fix="Leave it out.")
    window = days_of(where, options) or days()
    whole_months(where, window)
    return window
