"""Answers over HTTP, asked for again where a server is busy: 429 and a server's error, with growing pauses.

A server that says how long to wait (``Retry-After``, in seconds) is waited for, a minute at most, and a connection that
breaks or times out is tried again. Everything else is refused at once with what the server said; so is an address where
nothing listens, a name that is not known, and a connection that is not secure. Headers may hold a key: they go to the
host that was asked and nowhere else (no redirect is followed then), never into a message, and never over a plain
connection to another machine unless the service is one that may live inside a network (``plain``). A body that is sent
is JSON.
"""

from __future__ import annotations

import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import BadStatusLine, HTTPException, IncompleteRead, InvalidURL
from typing import Any, Final
from urllib.parse import urlsplit

from costlib.errors import InputError, UnreadableFile, cause_words

TRIES: Final = 5
TIMEOUT_SECONDS: Final = 60.0
MOST_BYTES: Final = 256 * 2**20
_PAUSE_SECONDS, _LONGEST_SECONDS = 1.0, 60.0
_AGAIN: Final = (HTTPStatus.TOO_MANY_REQUESTS, 500, 502, 503, 504, 529)
_JSON: Final = {"Content-Type": "application/json"}
_HERE: Final = ("localhost", "127.0.0.1", "::1")
#: Why a connection is not made or breaks, in words; the first kind that fits.
_CAUSES: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...]] = (
    (ConnectionRefusedError, "nothing listens there"),
    (socket.gaierror, "this name is not known"),
    (ssl.SSLCertVerificationError, "its certificate is not trusted here"),
    (ssl.SSLEOFError, "the connection was closed"),
    (ssl.SSLError, "it does not speak https"),
    (TimeoutError, f"there was no answer within {TIMEOUT_SECONDS:.0f} s"),
    (IncompleteRead, "the answer breaks off"),
    (ConnectionError, "the connection was closed"),
    (BadStatusLine, "what answers there does not speak HTTP"),
    ((InvalidURL, UnicodeError), "it is no address"),
)
#: What another try does not mend; a server that is started anew refuses for a moment, a name service may be away.
_FINAL: Final = (socket.gaierror, ssl.SSLError, InvalidURL, UnicodeError)
_PASSING: Final = (ssl.SSLEOFError,)
_TRIES_REFUSED = 3
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
                said = _said(error)
                if error.code not in _AGAIN or attempt == TRIES:
                    raise self._refused(url, f"{error.code} {said}".strip(), attempt) from error
                self.pause(_wait(error.headers.get("Retry-After"), attempt))
            except (OSError, HTTPException, UnicodeError) as error:
                cause = error.reason if isinstance(error, urllib.error.URLError) else error
                if attempt >= _tries_at_most(cause):
                    raise self._unreached(url, cause, attempt) from error
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
                f"{_host(url)} would be sent a key that anybody on the way can read",
                expected="an address that begins with https://",
                fix="Write https://; nothing was sent.",
            )

    def _refused(self, url: str, why: str, attempts: int) -> UnreadableFile:
        for value in self.headers.values():
            for secret in (value, value.rpartition(" ")[2]):
                why = why.replace(secret, "(key)") if len(secret) > 6 else why
        return UnreadableFile(f"{url} answered {why} ({_tries(attempts)})", expected=self.gives, fix=self.fix)

    def _unreached(self, url: str, cause: BaseException | str, attempts: int) -> UnreadableFile:
        words = next((said for kind, said in _CAUSES if isinstance(cause, kind)), None)
        why = words or (cause_words(cause) if isinstance(cause, Exception) else str(cause))
        return UnreadableFile(
            f"{_host(url)} cannot be reached: {why} ({_tries(attempts)})",
            expected=f"a server there that gives {self.gives}",
            fix=self.fix,
        )


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: a key must not reach a host that nobody named."""

    def redirect_request(self, *_: Any) -> None:
        """None: the redirect is then an error like any other."""


def _said(error: urllib.error.HTTPError) -> str:
    """The beginning of what a server said with its refusal, in one line; of a page for browsers, its status only."""
    with error:
        said = " ".join(error.read(200).decode("utf-8", "replace").split())
    return str(error.reason) if said.startswith("<") else said


def _host(url: str) -> str:
    """The address of the host, without a login."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _tries(count: int) -> str:
    return f"{count} {'try' if count == 1 else 'tries'}"


def _wait(asked: str | None, attempt: int) -> float:
    """Seconds to the next try: what the server asks for up to a minute, else twice as long each time."""
    if asked and asked.isdigit():
        return min(float(asked), _LONGEST_SECONDS)
    return _PAUSE_SECONDS * float(2 ** (attempt - 1))


def _tries_at_most(cause: BaseException | str) -> int:
    """How often a connection is tried that failed for this cause."""
    if isinstance(cause, ConnectionRefusedError):
        return _TRIES_REFUSED
    is_passing = isinstance(cause, _PASSING) or getattr(cause, "errno", None) == socket.EAI_AGAIN
    return 1 if isinstance(cause, _FINAL) and not is_passing else TRIES
