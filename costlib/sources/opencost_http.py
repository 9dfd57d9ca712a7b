"""Allocations fetched from OpenCost or Kubecost over HTTP, a day at a time, by the hour.

Where: ``opencost:http://host:9003``, with the API's path where it is not ``/allocation`` (Kubecost:
``/model/allocation``) and, if wanted, ``?from=2026-09-01&to=2026-10-01`` (the last day not included). A request that
meets 429 or a server's error is tried again (see ``web``). Nothing is sent but the question.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from costlib.periods import Window
from costlib.sources.opencost import TYPE, read_response
from costlib.sources.web import Service
from costlib.sources.web_address import asked, days_of

_PREFIX = f"{TYPE}:"
_API = "/allocation"
_FIX = "Check that the address is reached from here and serves the allocation API; nothing was changed."


@dataclass(frozen=True)
class Address:
    """Where the allocation API is, and the days asked for where the address says so."""

    url: str
    host: str
    window: Window | None


def is_address(where: str) -> bool:
    """Whether a place to load from is an address of this kind.

    >>> is_address("opencost:http://localhost:9003"), is_address("exports/opencost.json")
    (True, False)
    """
    return where.startswith(_PREFIX)


def address(where: str) -> Address:
    """The address that the text means; a path's way of writing it, with one slash after ``http:``, too.

    Raises ``InputError``.

    >>> address("opencost:http:/localhost:9003").url
    'http://localhost:9003/allocation'
    """
    found = asked(where, TYPE)
    url = found.url if found.path else f"{found.url}{_API}"
    return Address(url, found.host, days_of(where, found.options))


def fetch(where: str, folder: Path, tell: Callable[[str], None], days: Callable[[], Window]) -> list[Path]:
    """The files of the days asked for, one a day; ``days`` are those where the address does not say which.

    Days of the same months that were fetched before come along: a load replaces whole months.
    """
    place = address(where)
    home, months = folder / TYPE / place.host.replace(":", "_"), set()
    for day, content in pages(place.url, place.window or days()):
        read_response(content.decode("utf-8", "replace"), f"{place.url} on {day}")
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{day}.json").write_bytes(content)
        months.add(f"{day:%Y-%m}")
        tell(f"{place.host}: {day}")
    return [path for path in sorted(home.glob("*.json")) if path.name[:7] in months]


def announced(where: str) -> list[str]:
    """What ``fetch`` would ask for, in a line to read."""
    return [f"{address(where).host} would be asked for allocations, day by day"]


def pages(url: str, window: Window, pause: Callable[[float], None] = time.sleep) -> Iterator[tuple[date, bytes]]:
    """The answer for every day of the window, sets of hours, as the server sent it.

    Raises ``UnreadableFile`` with the day and what the server said.
    """
    service = Service("allocations", _FIX, pause=pause)
    for offset in range(window.days):
        day = window.start + timedelta(days=offset)
        yield day, service.answer(question(url, day))[0]


def question(url: str, day: date) -> str:
    """The address of one day's answer: sets of an hour by namespace, idle capacity as its own line."""
    wanted = {
        "window": f"{day}T00:00:00Z,{day + timedelta(days=1)}T00:00:00Z",
        "step": "1h",
        "aggregate": "namespace",
        "accumulate": "false",
        "includeIdle": "true",
        "idle": "true",
        "shareIdle": "false",
    }
    return f"{url}?{urlencode(wanted)}"
