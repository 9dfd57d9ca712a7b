"""Addresses of services to load from: ``kind:https://host/path?from=2026-09-01&to=2026-10-01``.

Days begin with ``from`` and end before ``to``. A path's way of writing an address, with one slash after ``https:``, is
understood too: the command line hands addresses on as paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit

from costlib.errors import InputError, did_you_mean
from costlib.periods import Window, add_months, month_start

FROM, TO = "from", "to"
#: How an address begins: a word of two letters at least and a colon; one letter is a disk.
_KIND = re.compile(r"[A-Za-z][\w+.-]+:")


@dataclass(frozen=True)
class Asked:
    """What an address says: the service's place without a slash at its end, its host, the options by name."""

    url: str
    host: str
    options: Mapping[str, str]

    @property
    def path(self) -> str:
        """The path below the host, '' where there is none."""
        return urlsplit(self.url).path


def written(where: Path | str) -> str:
    """The place as it was typed: a path has but one slash after the colon of an address.

    >>> written("s3:/bucket/prefix"), written("mlflow:http:/host"), written("/data/bills")
    ('s3://bucket/prefix', 'mlflow:http://host', '/data/bills')
    """
    return re.sub(r"(?<=\w\w:)/(?=[^/]|$)", "//", str(where))


def refuse_unknown(where: Path | str, kinds: Iterable[str]) -> None:
    """Raise ``InputError`` for what is neither there nor a path by its looks, but an address of none of ``kinds``.

    >>> refuse_unknown("gs:/bucket", ["s3://bucket/prefix", "openai:"])
    Traceback (most recent call last):
    ...
    costlib.errors.InputError: gs://bucket is no place that is known. Expected: s3://bucket/prefix, openai: or a path...
    """
    found, known = _KIND.match(str(where)), list(kinds)
    if found and not Path(where).exists():
        begins = {f"{name.partition(':')[0]}:": name for name in known}
        close = did_you_mean(found[0], begins)
        hint = next((f"Write {name}." for kind, name in begins.items() if kind in close), "")
        raise InputError(
            f"{written(where)} is no place that is known",
            expected=f"{', '.join(known)} or a path",
            fix=hint or "Check how it begins.",
        )


def asked(where: str, kind: str, default: str = "", known: Iterable[str] = (FROM, TO)) -> Asked:
    """What the address asks for; ``default`` is the place meant where it names none.

    Raises ``InputError`` for what is no address, and for an option that is not ``known``.

    >>> asked("opencost:http:/localhost:9003/", "opencost")
    Asked(url='http://localhost:9003', host='localhost:9003', options={})
    >>> asked("openai:?from=2026-09-01", "openai", "https://api.openai.com").options
    {'from': '2026-09-01'}
    """
    text = where.removeprefix(f"{kind}:")
    if default and (not text or text.startswith("?")):
        text = default + text
    scheme, _, rest = text.partition(":")
    parts = _parts(f"{scheme}://{rest.lstrip('/')}")
    if parts is None:
        raise InputError(
            f"{written(where)} is no address",
            expected=f"{kind}:http://host:port",
            fix=f"Write for example {kind}:{default or 'http://localhost:8080'}.",
        )
    if "@" in parts.netloc:
        raise InputError(
            f"The address of {kind} holds a login, which would be shown and kept",
            expected=f"{kind}:{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
            fix="Leave it out of the address; nothing was sent.",
        )
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    for name in options:
        if name not in known:
            raise InputError(
                f"{written(where)}: there is no option {name}", expected=", ".join(known), fix=did_you_mean(name, known)
            )
    url = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
    return Asked(url, parts.netloc, options)


def _parts(url: str) -> SplitResult | None:
    """The parts of an address over HTTP; None where it is none."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname is not None and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        return None
    return parts if whole else None


def days_of(where: str, options: Mapping[str, str]) -> Window | None:
    """The days that the options ask for; None where they say none.

    Raises ``InputError``.
    """
    days = [options.get(name, "") for name in (FROM, TO)]
    if not any(days):
        return None
    if not all(days):
        raise InputError(
            f"{written(where)} says only one end of the days",
            expected="?from=2026-09-01&to=2026-10-01",
            fix=f"Add {TO if days[0] else FROM}, the day {'after the last' if days[0] else 'they begin with'}.",
        )
    try:
        return Window(date.fromisoformat(days[0]), date.fromisoformat(days[1]))
    except ValueError as error:
        raise InputError(
            f"{written(where)} asks for {' to '.join(days)}",
            expected="?from=2026-09-01&to=2026-10-01",
            fix="Correct the days.",
        ) from error


def whole_months(where: str, window: Window) -> list[Window]:
    """The window cut into calendar months, the last one as far as it goes.

    Raises ``InputError`` where it does not begin with a month: a load replaces whole months.

    >>> [month.days for month in whole_months("openai:", Window(date(2026, 9, 1), date(2026, 10, 6)))]
    [30, 5]
    """
    first = month_start(window.start)
    if window.start != first or window.days < 1:
        raise InputError(
            f"{written(where)} asks for {window.start} to {window.end}",
            expected="whole months from their first day on, the end not included",
            fix=f"Write for example ?from={first}&to={add_months(first, 1)}; nothing was changed.",
        )
    starts = [window.start]
    while (following := add_months(starts[-1], 1)) < window.end:
        starts.append(following)
    return [Window(start, min(add_months(start, 1), window.end)) for start in starts]
