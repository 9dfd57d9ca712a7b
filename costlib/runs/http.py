"""Questions to the HTTP servers of run trackers: JSON in, JSON out, one server named by one ``Service``.

Asked as every service is (``sources.web``): a server that is busy or restarts is waited for. A field that an API
promises and an answer lacks is named in the refusal. Where ``~/.netrc`` has a line for the host, its login and password
are sent, as the trackers' own tools do, also over a plain connection: trackers live inside a network.
"""

from __future__ import annotations

import base64
import json
import netrc
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from costlib.errors import InputError
from costlib.sources import web
from costlib.sources.web import Pause
from costlib.sources.web_address import asked


@dataclass(frozen=True)
class Service:
    """A tracker as messages call it, the interface it must speak, how to wait, and what a failure leaves behind."""

    name: str
    interface: str
    pause: Pause = time.sleep
    changes: str = "nothing was changed"

    def answer(self, url: str, about: str, asked: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The object that the server answers: to a GET, or to a POST of ``asked``.

        Raises ``UnreadableFile`` with what the server said, and ``InputError`` for an answer that is no JSON object.
        """
        content = self._fetched(url, None if asked is None else json.dumps(asked).encode())
        try:
            answer = json.loads(content)
        except ValueError as error:
            raise self.changed(about, "the answer is no JSON") from error
        if not isinstance(answer, dict):
            raise self.changed(about, "the answer is no object")
        return answer

    def rows(self, answer: Mapping[str, Any], name: str, about: str, beside: tuple[str, ...] = ()) -> list[Any]:
        """The objects of a list that is left out where it is empty; ``beside`` are fields that may stand alone."""
        found = answer.get(name) or []
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise self.changed(about, f"{name} is no list")
        if name not in answer and set(answer) - set(beside):
            raise self.changed(about, f"there is no {name} but {', '.join(sorted(answer))}")
        return found

    def field(self, row: Any, name: str, about: str) -> Any:
        """A field that the interface promises."""
        if not isinstance(row, Mapping) or name not in row:
            held = ", ".join(sorted(row)) if isinstance(row, Mapping) else type(row).__name__
            raise self.changed(about, f"there is no {name} but {held}")
        return row[name]

    def changed(self, about: str, what: str) -> InputError:
        """The refusal of an answer of another shape."""
        return InputError(
            f"The answer of {self.name} to {about} has another shape: {what}",
            expected=self.interface,
            fix=f"Check the server's version; {self.changes}.",
        )

    def next_token(self, answer: Mapping[str, Any], name: str, seen: set[str], about: str) -> str:
        """The token of the next page, empty where there is none; refuses a page that comes again."""
        token = str(answer.get(name) or "")
        if token and token in seen:
            raise self.changed(about, "the same page came twice")
        seen.add(token)
        return token

    def _fetched(self, url: str, body: bytes | None) -> bytes:
        fix = f"Check that the address is reached from here and serves {self.name}; {self.changes}."
        return web.Service("runs", fix, _login(url), self.pause, plain=True).answer(url, body)[0]


def server(where: str, prefix: str) -> str:
    """The address of a server behind the prefix of a place, without the last slash.

    Raises ``InputError``.

    >>> server("mlflow:http:/localhost:5000/", "mlflow:")
    'http://localhost:5000'
    """
    return asked(where, prefix.removesuffix(":"), known=()).url


def _login(url: str) -> dict[str, str]:
    """The header that says who asks, where ``~/.netrc`` has a line for the host."""
    try:
        found = netrc.netrc().authenticators(urlsplit(url).hostname or "")
    except FileNotFoundError:
        return {}
    except (netrc.NetrcParseError, OSError) as error:
        raise InputError(
            f"~/.netrc cannot be read ({error})", expected="lines of machine, login and password", fix="Correct it."
        ) from error
    if found is None:
        return {}
    login, _, password = found
    return {"Authorization": f"Basic {base64.b64encode(f'{login}:{password}'.encode()).decode()}"}
