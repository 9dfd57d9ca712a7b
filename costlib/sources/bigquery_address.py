"""What is asked of BigQuery, as an address says it.

``bigquery://project.dataset.table?from=2026-01&to=2026-10``: the table of a billing export and the invoice months, the
last not included; all that the table holds where they are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import parse_qs

from costlib.errors import InputError, did_you_mean
from costlib.sources.web_address import written

_SCHEME = "bigquery:"
_OPTIONS: Final = ("from", "to", "labels", "max_gib", "run_in")
#: Names as BigQuery allows them; a project of old may have a domain before it. None can end a quoted name.
_TABLE = re.compile(r"(?P<project>(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,62})\.(?P<dataset>\w{1,1024})\.(?P<table>[\w$-]+)")
_MONTH = re.compile(r"20\d{2}-(0[1-9]|1[0-2])(-01)?")
#: What one load may read where the address does not say it: 0.61 USD at the price of ``bigquery_api``.
MOST_GIB: Final = 100
#: Rows of an invoice month may be exported, and their use may lie, so many days before it begins and after it ends.
EARLY_DAYS: Final = 31
LATE_DAYS: Final = 62
#: Before any billing export.
_FIRST = date(2010, 1, 1)


@dataclass(frozen=True)
class Span:
    """Invoice months from ``start`` to before ``end``, as ``202609``, and the partitions to look into for them."""

    start: str | None
    end: str | None
    first: date
    after: date | None


@dataclass(frozen=True)
class Asked:
    """What is asked for: the table, the months, and under which limit.

    ``labels`` are the labels to group by, None for all; ``run_in`` is the project that the queries run in.
    """

    project: str
    dataset: str
    table: str
    start: date | None
    end: date | None
    labels: tuple[str, ...] | None
    most_bytes: int
    run_in: str

    @property
    def name(self) -> str:
        """The table's full name."""
        return f"{self.project}.{self.dataset}.{self.table}"

    @property
    def span(self) -> Span:
        """The months asked for; their partitions with a margin for early and late rows."""
        first = self.start - timedelta(days=EARLY_DAYS) if self.start else _FIRST
        after = self.end + timedelta(days=LATE_DAYS) if self.end else None
        return Span(_month(self.start), _month(self.end), first, after)


def is_address(where: str) -> bool:
    """Whether a place to load from is a table in BigQuery.

    >>> is_address("bigquery://acme-billing.export.gcp_billing_export_v1_01AB"), is_address("bigquery.json")
    (True, False)
    """
    return where.startswith(f"{_SCHEME}/") or where == _SCHEME


def asked(where: str) -> Asked:
    """What the address asks for; a path's way of writing it, with one slash, too.

    Raises ``InputError``.

    >>> found = asked("bigquery:/acme-billing.export.gcp?from=2026-08&to=2026-10&labels=team,tag/env")
    >>> found.name, found.labels, found.span.start, str(found.span.first), str(found.span.after)
    ('acme-billing.export.gcp', ('team', 'tag/env'), '202608', '2026-07-01', '2026-12-02')
    """
    place, _, query = where.removeprefix(_SCHEME).strip("/").partition("?")
    named = _TABLE.fullmatch(place)
    if not named:
        raise _not_understood(where, "bigquery://project.dataset.table", "Copy the table's id from the BigQuery page.")
    options = parse_qs(query, keep_blank_values=True)
    for name in options:
        if name not in _OPTIONS:
            raise _not_understood(where, f"the options {', '.join(_OPTIONS)}", did_you_mean(name, _OPTIONS))
    given = {name: values[-1] for name, values in options.items()}
    start, end = (_day(where, given.get(name)) for name in ("from", "to"))
    if start and end and start >= end:
        raise _not_understood(
            where, "the month after the last one in to", "Write for example ?from=2026-09&to=2026-10."
        )
    labels = tuple(dict.fromkeys(filter(None, given["labels"].split(",")))) if "labels" in given else None
    most = given.get("max_gib", str(MOST_GIB))
    if not most.isdecimal() or not 1 <= int(most) <= 1 << 20:
        raise _not_understood(where, "whole GiB in max_gib, at least 1", f"Leave it out for {MOST_GIB}.")
    run_in = given.get("run_in") or named["project"]
    return Asked(named["project"], named["dataset"], named["table"], start, end, labels, int(most) << 30, run_in)


def _day(where: str, text: str | None) -> date | None:
    if text is None:
        return None
    if not _MONTH.fullmatch(text):
        raise _not_understood(where, "months such as from=2026-09&to=2026-10", "Correct the months.")
    return date(int(text[:4]), int(text[5:7]), 1)


def _month(day: date | None) -> str | None:
    return f"{day:%Y%m}" if day else None


def _not_understood(where: str, expected: str, fix: str) -> InputError:
    return InputError(f"{written(where)} cannot be understood", expected=expected, fix=fix)
