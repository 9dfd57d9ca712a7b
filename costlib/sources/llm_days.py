"""Reports of model vendors, asked for by the day, page by page, and kept: a restart goes on where it broke off.

A report is a list of buckets, one a UTC day, each with its results. A day that was read is kept as it came, under the
folder of the account. It is *settled* when it was read ``SETTLES_DAYS`` or more after it, and then never asked for
again; younger days are read again with every load, since vendors restate them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from costlib.errors import UnreadableFile
from costlib.periods import Window
from costlib.sources.llm_answers import Fields, fields_of
from costlib.sources.web import Service

SETTLES_DAYS: Final = 14
_MOST_PAGES: Final = 10_000
Tell = Callable[[str], None]
Results = Mapping[date, Sequence[Fields]]
Query = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Report:
    """One report: its name, its path below the host, what is asked besides the days, the most days of one page."""

    name: str
    path: str
    query: tuple[tuple[str, str], ...]
    most_days: int = 31


@dataclass(frozen=True)
class Vendor:
    """How a vendor's reports are asked: days as its query writes them, and the day that a bucket is.

    ``reference`` names the published description that answers must follow.
    """

    name: str
    reference: str
    days: Callable[[Window], Query]
    day_of: Callable[[Fields], date]


@dataclass(frozen=True)
class Reader:
    """Reads the reports of one account; what is read is kept below ``folder``. ``today`` is the UTC day."""

    vendor: Vendor
    service: Service
    url: str
    folder: Path
    today: date

    def read(self, report: Report, window: Window, tell: Tell = lambda message: None) -> Results:
        """The results of every day of the window that has begun, from what is kept and, where that is not settled,
        from the vendor.

        Raises ``UnreadableFile`` where the vendor refuses or its answer has another shape; days that came whole
        before it are kept.
        """
        until = min(window.end, self.today + timedelta(days=1))
        days = [window.start + timedelta(days=offset) for offset in range((until - window.start).days)]
        found = {day: kept for day in days if (kept := self._kept(report, day)) is not None}
        wanted = [day for day in days if day not in found]
        for stretch in _stretches(wanted, report.most_days):
            for day, results in self._asked(report, stretch):
                self._keep(report, day, results)
                found[day] = results
            tell(f"{self.vendor.name} {report.name}: {stretch.start} to {stretch.last}")
        if missing := [day for day in wanted if day not in found and day < self.today]:
            raise UnreadableFile(
                f"{self.vendor.name}'s {report.name} say nothing of {missing[0]} ({len(missing)} days)",
                expected="a bucket for every day asked for",
                fix="Load again later, or ask for fewer days; nothing was changed.",
            )
        return {day: [self._fields(report, day, one) for one in found.get(day, ())] for day in days}

    def _fields(self, report: Report, day: date, values: Mapping[str, Any]) -> Fields:
        return Fields(values, f"{self.vendor.name} {report.name} of {day}", self.vendor.reference)

    def _asked(self, report: Report, stretch: Window) -> Iterator[tuple[date, list[Mapping[str, Any]]]]:
        """Whole days as they come; a day that goes on over the next page is handed on when it is whole."""
        last: date | None = None
        held: list[Mapping[str, Any]] = []
        for bucket in self._buckets(report, stretch):
            day = self._day(bucket, stretch)
            if last is not None and day < last:
                raise bucket.refused(f"{day} comes after {last}", "days in their order")
            if last is not None and day != last:
                yield last, held
                held = []
            last, held = day, [*held, *(one.values for one in bucket.rows("results"))]
        if last is not None:
            yield last, held

    def _day(self, bucket: Fields, stretch: Window) -> date:
        day = self.vendor.day_of(bucket)
        if not stretch.start <= day < stretch.end:
            raise bucket.refused(f"a bucket is of {day}", f"days from {stretch.start} to {stretch.last}")
        return day

    def _buckets(self, report: Report, stretch: Window) -> Iterator[Fields]:
        asking = [*self.vendor.days(stretch), ("bucket_width", "1d"), *report.query, ("limit", str(stretch.days))]
        where = f"{self.vendor.name} {report.name} from {stretch.start}"
        tokens: list[str] = []
        for _ in range(_MOST_PAGES):
            query = urlencode([*asking, *(("page", token) for token in tokens[-1:])])
            content, _headers = self.service.answer(f"{self.url}{report.path}?{query}")
            page = fields_of(content, where, self.vendor.reference)
            yield from page.rows("data")
            if not page.flag("has_more"):
                return
            token = page.needed("next_page")
            if token in tokens:
                raise page.refused("the same page comes twice", "another next_page on every page")
            tokens.append(token)
        raise AssertionError(f"{where}: more than {_MOST_PAGES} pages")

    def _path(self, report: Report, day: date) -> Path:
        return self.folder / report.name / f"{day}.json"

    def _kept(self, report: Report, day: date) -> list[Mapping[str, Any]] | None:
        """What was kept of a day; None where nothing was, it was not settled then, or something else was asked."""
        try:
            document = json.loads(self._path(report, day).read_text(encoding="utf-8"))
            settled = date.fromisoformat(document["asked"]) >= day + timedelta(days=SETTLES_DAYS)
            same = document["query"] == [list(pair) for pair in report.query]
            results: list[Mapping[str, Any]] = document["results"]
        except (FileNotFoundError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return results if settled and same else None

    def _keep(self, report: Report, day: date, results: Sequence[Mapping[str, Any]]) -> None:
        document = {"asked": self.today.isoformat(), "query": report.query, "results": results}
        write_text(self._path(report, day), json.dumps(document, indent=1))


def write_text(path: Path, text: str) -> None:
    """Write a file in one step: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _stretches(days: Sequence[date], most: int) -> Iterator[Window]:
    """Days in their order as windows without a gap, ``most`` days at most."""
    start = 0
    for at in range(1, len(days) + 1):
        gap = at == len(days) or days[at] != days[at - 1] + timedelta(days=1)
        if gap or at - start == most:
            yield Window(days[start], days[at - 1] + timedelta(days=1))
            start = at
