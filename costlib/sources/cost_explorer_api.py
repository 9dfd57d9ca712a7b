"""Answers of AWS Cost Explorer, asked for month by month, counted, kept, and written as one table a month.

Every request costs 0.01 USD, and each page of an answer is a request. Answers are kept by account, keys and month, and
asked for again only while AWS calls one of their days an estimate.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costlib.errors import InputError, UnreadableFile
from costlib.periods import Window
from costlib.sources import cost_explorer as ce
from costlib.sources.aws_session import client, said_plainly
from costlib.sources.cost_explorer_address import Asked, asked
from costlib.sources.web_address import whole_months

if TYPE_CHECKING:
    from botocore.client import BaseClient

Tell = Callable[[str], None]
Page = Mapping[str, Any]

PRICE = Decimal("0.01")
#: Requests of one load: a guard against a question that is too fine (5 USD).
MOST_REQUESTS = 500


def fetch(where: str, folder: Path, tell: Tell, window: Callable[[], Window]) -> list[Path]:
    """Ask for what is not kept yet and write one table a month below ``folder``; returns the tables.

    ``window`` gives the days where the address does not. The cost is told before the first request. Raises
    ``InputError`` where AWS refuses or the question is too fine, and ``UnreadableFile`` for an answer in pieces.
    """
    with said_plainly("Cost Explorer"):
        question = _Question(asked(where), folder, window)
        tell(question.announcement)
        requests = 0
        tables = []
        for month in question.months:
            pages = question.kept(month)
            if pages is None:
                pages = _pages(question.client, request(question.keys, month), MOST_REQUESTS - requests)
                requests += len(pages)
                question.keep(month, pages)
            tables.append(_write_table(question.table(month), question, pages))
    tell(f"Cost Explorer: {requests} requests, {requests * PRICE} USD")
    return tables


def announced(where: str, folder: Path, window: Callable[[], Window]) -> list[str]:
    """What ``fetch`` would ask for and at least cost; nothing that costs money is asked."""
    with said_plainly("Cost Explorer"):
        return [_Question(asked(where), folder, window).announcement]


class _Question:
    """One question to one account, and where its answers are kept."""

    def __init__(self, wanted: Asked, folder: Path, window: Callable[[], Window]) -> None:
        self.keys = wanted.keys
        self.months = whole_months("Cost Explorer", wanted.window or window())
        self.account = str(client("sts", wanted.region, wanted.profile).get_caller_identity()["Account"])
        self.client = client("ce", wanted.region, wanted.profile)
        self._folder = folder / ce.TYPE / self.account / "+".join(map(_plain, wanted.keys))

    @property
    def announcement(self) -> str:
        """What is asked for and what it costs at least."""
        new = sum(self.kept(month) is None for month in self.months)
        kept = len(self.months) - new
        return (
            f"Cost Explorer of account {self.account}, {self.months[0].start} to {self.months[-1].last} by "
            f"{' and '.join(self.keys)}: at least {new} requests, {new * PRICE} USD; each further page {PRICE} USD"
            + (f"; {kept} months are kept from before" if kept else "")
        )

    def table(self, month: Window) -> Path:
        """Where the month's table lies."""
        return self._folder / f"{self.account}-{month.start:%Y-%m}.csv"

    def kept(self, month: Window) -> list[Page] | None:
        """The month's answer from before; None where there is none, or AWS still called it an estimate."""
        try:
            document = json.loads(self._answer(month).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError, RecursionError):
            return None
        if not isinstance(document, dict) or document.get("request") != request(self.keys, month):
            return None
        pages: list[Page] = document["pages"]
        return None if any(day.get("Estimated", True) for page in pages for day in page["ResultsByTime"]) else pages

    def keep(self, month: Window, pages: Sequence[Page]) -> None:
        """Keep a whole answer."""
        _replace(self._answer(month), json.dumps({"request": request(self.keys, month), "pages": pages}, indent=1))

    def _answer(self, month: Window) -> Path:
        return self._folder / f"{month.start:%Y-%m}.json"


def request(keys: Sequence[str], month: Window) -> dict[str, Any]:
    """The request for a month's cost by day and keys, without the token of a page."""
    groups = [("TAG", key.removeprefix(ce.TAG)) if key.startswith(ce.TAG) else ("DIMENSION", key) for key in keys]
    return {
        "TimePeriod": {"Start": month.start.isoformat(), "End": month.end.isoformat()},
        "Granularity": "DAILY",
        "Metrics": list(ce.METRICS),
        "GroupBy": [{"Type": kind, "Key": key} for kind, key in groups],
    }


def _pages(api: BaseClient, asking: Mapping[str, Any], most: int) -> list[Page]:
    """All pages of an answer; there is no paginator for this call, so the token is followed here."""
    pages: list[Page] = []
    tokens: list[str] = []
    while True:
        if len(pages) >= most:
            raise InputError(
                f"Cost Explorer has more than {MOST_REQUESTS} pages for this question",
                expected=f"at most {MOST_REQUESTS} requests a load ({MOST_REQUESTS * PRICE} USD)",
                fix="Ask for fewer months, or by coarser keys; nothing was changed.",
            )
        answer = api.get_cost_and_usage(**asking, **({"NextPageToken": tokens[-1]} if tokens else {}))
        pages.append({name: answer.get(name, []) for name in ("ResultsByTime", "DimensionValueAttributes")})
        token = answer.get("NextPageToken")
        if not token:
            return pages
        if token in tokens:
            raise _not_whole("repeats a page")
        tokens.append(token)


def _write_table(path: Path, question: _Question, pages: Sequence[Page]) -> Path:
    header = [ce.DAY, ce.ACCOUNT, ce.CURRENCY, ce.ESTIMATED, *ce.METRICS, *question.keys, ce.ACCOUNT_NAME]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(_rows(question.account, question.keys, pages))
    temporary.replace(path)
    return path


def _rows(account: str, keys: Sequence[str], pages: Sequence[Page]) -> Iterator[list[str]]:
    """One row a day and combination of keys; '' is unknown."""
    names = {
        found["Value"]: found.get("Attributes", {}).get("description", "")
        for page in pages
        for found in page["DimensionValueAttributes"]
    }
    for day in (day for page in pages for day in page["ResultsByTime"]):
        for group in day.get("Groups", ()):
            values = _values(keys, group)
            linked = dict(zip(keys, values, strict=True)).get("LINKED_ACCOUNT", "")
            estimated = "yes" if day.get("Estimated") else "no"
            start = day.get("TimePeriod", {}).get("Start", "")
            yield [start, account, *_money(group, estimated), *values, names.get(linked, "")]


def _money(group: Mapping[str, Any], estimated: str) -> list[str]:
    metrics: Mapping[str, Mapping[str, str]] = group.get("Metrics", {})
    units = {metrics[name].get("Unit", "") for name in ce.METRICS if name in metrics}
    if len(units) != 1:
        raise _not_whole(f"gives amounts in {' and '.join(sorted(units)) or 'nothing'} in one row")
    return [*units, estimated, *(metrics.get(name, {}).get("Amount", "") for name in ce.METRICS)]


def _values(keys: Sequence[str], group: Mapping[str, Any]) -> list[str]:
    """The values of the keys; a tag comes as ``team$Search``, without a value as ``team$``."""
    values = list(group.get("Keys", ()))
    if len(values) != len(keys):
        raise _not_whole(f"has {len(values)} keys in a row where {len(keys)} were asked for")
    return [
        value.removeprefix(f"{key.removeprefix(ce.TAG)}$") if key.startswith(ce.TAG) else value
        for key, value in zip(keys, values, strict=True)
    ]


def _not_whole(what: str) -> UnreadableFile:
    return UnreadableFile(
        f"An answer of Cost Explorer {what}", expected="one amount a day and key", fix="Load again later."
    )


def _plain(key: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in key)


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
