"""Allocations fetched from OpenCost or Kubecost over HTTP, a day at a time, by the hour.

Where: ``opencost:http://host:9003``, with the API's path where it is not ``/allocation`` (Kubecost:
``/model/allocation``) and, if wanted, ``?from=2026-09-01&to=2026-10-01`` (the last day not included). A request that
meets 429 or a server's error is tried again with growing pauses; everything else is refused with what the server said.
Nothing is sent but the question, and no answer is larger than ``MOST_BYTES``.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from costlib.errors import InputError, UnreadableFile
from costlib.periods import Window
from costlib.sources.opencost import TYPE

TRIES = 5
TIMEOUT_SECONDS = 60.0
MOST_BYTES = 256 * 2**20
_PREFIX = f"{TYPE}:"
_PAUSE_SECONDS = 1.0
_AGAIN = (HTTPStatus.TOO_MANY_REQUESTS, 500, 502, 503, 504)
_API = "/allocation"


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
    scheme, _, rest = where.removeprefix(_PREFIX).partition(":")
    parts = urlsplit(f"{scheme}://{rest.lstrip('/')}")
    if scheme not in ("http", "https") or not parts.netloc:
        raise InputError(
            f"{where} is no address",
            expected=f"{_PREFIX}http://host:port",
            fix="Write for example opencost:http://localhost:9003.",
        )
    query = parse_qs(parts.query)
    days = [query.get(name, [""])[0] for name in ("from", "to")]
    try:
        window = Window(date.fromisoformat(days[0]), date.fromisoformat(days[1])) if any(days) else None
    except ValueError as error:
        raise InputError(
            f"{where} asks for {' to '.join(days)}", expected="?from=2026-09-01&to=2026-10-01", fix="Correct the days."
        ) from error
    url = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/") or _API, "", ""))
    return Address(url, parts.netloc, window)


def pages(url: str, window: Window, pause: Callable[[float], None] = time.sleep) -> Iterator[tuple[date, bytes]]:
    """The answer for every day of the window, sets of hours, as the server sent it.

    Raises ``UnreadableFile`` with the day and what the server said.
    """
    for offset in range(window.days):
        day = window.start + timedelta(days=offset)
        yield day, _fetched(question(url, day), pause)


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


def _fetched(url: str, pause: Callable[[float], None]) -> bytes:
    for attempt in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
                content: bytes = answer.read(MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            with error:
                said = error.read(200).decode("utf-8", "replace").strip()
            if error.code not in _AGAIN or attempt == TRIES:
                raise _refused(url, f"{error.code} {said}".strip(), attempt) from error
            pause(_wait(error.headers.get("Retry-After"), attempt))
        except OSError as error:
            if attempt == TRIES:
                raise _refused(url, str(error), attempt) from error
            pause(_wait(None, attempt))
        else:
            if len(content) > MOST_BYTES:
                raise _refused(url, f"more than {MOST_BYTES:,} bytes", attempt)
            return content
    raise AssertionError("the last try returns or raises")


def _wait(asked: str | None, attempt: int) -> float:
    """Seconds to the next try: what the server asks for up to a minute, else twice as long each time."""
    if asked and asked.isdigit():
        return min(float(asked), 60.0)
    return _PAUSE_SECONDS * float(2 ** (attempt - 1))


def _refused(url: str, why: str, attempts: int) -> UnreadableFile:
    return UnreadableFile(
        f"{url} answered {why} ({attempts} {'try' if attempts == 1 else 'tries'})",
        expected="allocations",
        fix="Check that the address is reached from here and serves the allocation API; nothing was changed.",
    )
