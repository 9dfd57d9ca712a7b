"""Answers over HTTP, asked for again where a server is busy: 429 and a server's error, with growing pauses.

A server that says how long to wait (``Retry-After``, in seconds) is waited for, a minute at most. Everything else is
refused with what the server said. Headers may hold a key: they go to the host that was asked and nowhere else (no
redirect is followed then), never into a message, and never over a plain connection to another machine unless the
service is one that may live inside a network (``plain``). A body that is sent is JSON.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException, IncompleteRead
from typing import Any, Final
from urllib.parse import urlsplit

from costlib.errors import InputError, UnreadableFile

TRIES: Final = 5
TIMEOUT_SECONDS: Final = 60.0
MOST_BYTES: Final = 256 * 2**20
_PAUSE_SECONDS, _LONGEST_SECONDS = 1.0, 60.0
_AGAIN: Final = (HTTPStatus.TOO_MANY_REQUESTS, 500, 502, 503, 504, 529)
_JSON: Final = {"Content-Type": "application/json"}
_HERE: Final = ("localhost", "127.0.0.1", "::1")
Pause = Callable[[float], None]


@dataclass(frozen=True)
class Service:
    """A service that answers: what it gives, in a word, and the headers that every question carries."""

    gives: str
    fix: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    pause: Pause = time.sleep
    plain: bool = False

    def answer(self, url: str, body: bytes | None = None) -> tuple[bytes, Mapping[str, str]]:
        """The answer to a GET, or to a POST of ``body``: ``MOST_BYTES`` at most, and headers by name in small letters.

        Raises ``UnreadableFile`` with the address and what the server said, ``InputError`` for a key on a plain
        connection.
        """
        self._refuse_plain(url)
        opener = urllib.request.build_opener(*([_Stay] if self.headers else []))
        request = urllib.request.Request(url, body, {**({} if body is None else _JSON), **self.headers})
        for attempt in range(1, TRIES + 1):
            try:
                with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                    content: bytes = answer.read(MOST_BYTES + 1)
                    if answer.length and len(content) <= MOST_BYTES:
                        raise IncompleteRead(content, answer.length)
                    headers = {name.lower(): value for name, value in answer.headers.items()}
            except urllib.error.HTTPError as error:
                with error:
                    said = error.read(200).decode("utf-8", "replace").strip()
                if error.code not in _AGAIN or attempt == TRIES:
                    raise self._refused(url, f"{error.code} {said}".strip(), attempt) from error
                self.pause(_wait(error.headers.get("Retry-After"), attempt))
            except (OSError, HTTPException) as error:
                if attempt == TRIES:
                    raise self._refused(url, str(error) or type(error).__name__, attempt) from error
                self.pause(_wait(None, attempt))
            else:
                if len(content) > MOST_BYTES:
                    raise self._refused(url, f"more than {MOST_BYTES:,} bytes", attempt)
                return content, headers
        raise AssertionError("the last try returns or raises")

    def _refuse_plain(self, url: str) -> None:
        parts = urlsplit(url)
        if self.headers and not self.plain and parts.scheme != "https" and parts.hostname not in _HERE:
            raise InputError(
                f"{parts.scheme}://{parts.netloc} would be sent a key that anybody on the way can read",
                expected="an address that begins with https://",
                fix="Write https://; nothing was sent.",
            )

    def _refused(self, url: str, why: str, attempts: int) -> UnreadableFile:
        for value in self.headers.values():
            for secret in (value, value.rpartition(" ")[2]):
                why = why.replace(secret, "(key)") if len(secret) > 6 else why
        return UnreadableFile(
            f"{url} answered {why} ({attempts} {'try' if attempts == 1 else 'tries'})",
            expected=self.gives,
            fix=self.fix,
        )


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: a key must not reach a host that nobody named."""

    def redirect_request(self, *_: Any) -> None:
        """None: the redirect is then an error like any other."""


def _wait(asked: str | None, attempt: int) -> float:
    """Seconds to the next try: what the server asks for up to a minute, else twice as long each time."""
    if asked and asked.isdigit():
        return min(float(asked), _LONGEST_SECONDS)
    return _PAUSE_SECONDS * float(2 ** (attempt - 1))
