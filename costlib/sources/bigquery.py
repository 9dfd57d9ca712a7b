"""Google Cloud's billing export fetched from BigQuery, summed there, and only for the months that have changed.

    describe the table -> look which invoice months there are -> sum each that changed -> one Parquet file a month

A month has changed where the export wrote rows for it since the last time (its last ``export_time``, its rows or its
money), so a month with late rows is fetched anew, whole. What came home is held against the count and money that were
read apart from it. The files lie under ``<folder>/bigquery/<table>/``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from costlib.errors import EmptyExport, UnreadableFile
from costlib.money import exact
from costlib.sources.bigquery_address import Asked, Span, asked
from costlib.sources.bigquery_api import PRICE, PRICE_FROM, Account, Table, said, said_plainly
from costlib.sources.bigquery_rows import Totals, write_month
from costlib.sources.bigquery_select import MONTH_COLUMNS, base_select, check, months_select

Tell = Callable[[str], None]

_MONTH = re.compile(r"\d{6}")
_INDEX = "index.json"


@dataclass(frozen=True)
class Month:
    """An invoice month as the look found it: what it holds, when rows were last exported, and its partitions."""

    name: str
    totals: Totals
    exported: str
    first: date
    last: date

    @property
    def span(self) -> Span:
        """This month only, in the partitions that hold it."""
        following = f"{int(self.name) + (89 if self.name.endswith('12') else 1)}"
        return Span(self.name, following, self.first, self.last + timedelta(days=1))

    @property
    def label(self) -> str:
        """The month as a reader writes it."""
        return f"{self.name[:4]}-{self.name[4:]}"


def fetch(where: str, folder: Path, tell: Tell) -> list[Path]:
    """Fetch the months that have changed; returns the files of all months asked for, one a month.

    What each step reads and costs is told before it runs. Raises ``InputError`` where BigQuery refuses or the limit
    would be passed, ``MissingColumn``, ``EmptyExport``, and ``UnreadableFile`` for an answer that is not whole.
    """
    wanted = asked(where)
    with said_plainly(wanted.name):
        load = _Load(wanted, folder)
        tell(load.look_announced())
        months = load.months(tell)
        asking = ((month, load.base(month.span)) for month in months)
        changed = [(month, query) for month, query in asking if not load.home.holds(month, query)]
        estimates = [load.account.estimate(query) for _, query in changed]
        load.account.check(estimates)
        for (month, query), size in zip(changed, estimates, strict=True):
            tell(f"{wanted.table} {month.label}: {month.totals.rows:,} rows to sum, {said(size)}")
            load.fetch(month, query)
        tell(f"{wanted.table}: {len(changed)} of {len(months)} months fetched, {said(load.account.billed)}")
        return [load.home.path(month) for month in months]


def announced(where: str, folder: Path) -> list[str]:
    """What ``fetch`` would read and cost, in lines to read; only what costs nothing is asked."""
    wanted = asked(where)
    with said_plainly(wanted.name):
        load = _Load(wanted, folder)
        most = load.account.estimate(load.base(wanted.span))
        kept = f"; {len(load.home.known)} months are kept from before" if load.home.known else ""
        limit = f"a load stops before {wanted.most_bytes >> 30} GiB (max_gib)"
        return [load.look_announced(), f"{wanted.table}: changed months, at most {said(most)}{kept}; {limit}"]


class _Load:
    """One load from one table."""

    def __init__(self, wanted: Asked, folder: Path) -> None:
        self.wanted, self.account, self.home = wanted, Account(wanted), _Home(folder, wanted)
        self._table: Table = self.account.table()
        check(self._table.fields, wanted.name)
        names = wanted.name, self._table.fields, self._partition
        self._look = _for_bigquery(months_select(*names, wanted.span))

    def look_announced(self) -> str:
        """What finding the months reads and costs; refused where it is more than the limit."""
        size = self.account.estimate(self._look)
        self.account.check([size])
        unparted = "" if self._table.partition else "; not partitioned by time, so each query reads all of it"
        return f"{self.wanted.name}: finding the months reads {said(size)} ({PRICE} USD a TiB {PRICE_FROM}){unparted}"

    def months(self, tell: Tell) -> list[Month]:
        """The invoice months that the table holds of those asked for."""
        rows = [dict(zip(MONTH_COLUMNS, row, strict=True)) for page in self.account.pages(self._look) for row in page]
        months = []
        for row in rows:
            if _MONTH.fullmatch(row["invoice_month"] or ""):
                months.append(_month(row))
            else:
                tell(
                    f"{row['line_items']:,} rows with the invoice month {row['invoice_month']} are left out "
                    f"(cost {row['cost']}, credits {row['credits']})"
                )
        if not months:
            raise EmptyExport(
                f"{self.wanted.name} holds no rows of the months asked for",
                expected="at least one invoice month",
                fix="Check from and to; a new export takes hours to begin. Nothing was changed.",
            )
        return sorted(months, key=lambda month: month.name)

    def base(self, span: Span) -> str:
        """The query for the base of some months."""
        names = self.wanted.name, self._table.fields, self._partition
        return _for_bigquery(base_select(*names, span, self.wanted.labels))

    def fetch(self, month: Month, query: str) -> None:
        """Fetch a month by its query, and keep it where it is whole; else what was kept before stays."""
        path = self.home.path(month)
        fresh = path.with_name(f".{os.getpid()}.{path.name}")
        found = write_month(fresh, self.account.pages(query), self.wanted.labels)
        if found.rows < month.totals.rows or (found.rows == month.totals.rows and found != month.totals):
            fresh.unlink()
            raise UnreadableFile(
                f"{self.wanted.name} {month.label}: {_said_totals(found)} came, {_said_totals(month.totals)} are there",
                expected="all rows of the month, and all of their money",
                fix="Load again; nothing was changed.",
            )
        fresh.replace(path)
        self.home.keep(month, query)

    @property
    def _partition(self) -> str:
        return self._table.partition or "export_time"


class _Home:
    """What came home of one table, by the labels asked for: a file a month, and when its rows were exported."""

    def __init__(self, folder: Path, wanted: Asked) -> None:
        by = f"-{_digest(','.join(wanted.labels))[:8]}" if wanted.labels is not None else ""
        self._folder = folder / "bigquery" / f"{wanted.name.replace(':', '_')}{by}"
        self._table = wanted.table
        self.known = _read_index(self._folder / _INDEX)

    def path(self, month: Month) -> Path:
        """Where the month's file lies."""
        return self._folder / f"{self._table}-{month.label}.parquet"

    def holds(self, month: Month, query: str) -> bool:
        """Whether the month is here as the table has it now, by the same query."""
        return self.known.get(month.name) == _state(month, query) and self.path(month).is_file()

    def keep(self, month: Month, query: str) -> None:
        """Note that the month is here."""
        self.known[month.name] = _state(month, query)
        temporary = self._folder / f".{os.getpid()}.{_INDEX}"
        temporary.write_text(json.dumps(self.known, indent=1, sort_keys=True), encoding="utf-8")
        temporary.replace(self._folder / _INDEX)


def _state(month: Month, query: str) -> dict[str, Any]:
    totals = month.totals
    found = {"exported": month.exported, "rows": totals.rows, "query": _digest(query)}
    return found | {"cost": exact(totals.cost), "credits": exact(totals.credits)}


def _month(row: Mapping[str, Any]) -> Month:
    cost, credits = (Decimal(row[name]) if row[name] is not None else None for name in ("cost", "credits"))
    first, last = (date.fromisoformat(row[name]) for name in ("first_day", "last_day"))
    return Month(row["invoice_month"], Totals(row["line_items"], cost, credits), row["exported"], first, last)


def _said_totals(totals: Totals) -> str:
    return f"{totals.rows:,} rows with {exact(totals.cost)} and credits of {exact(totals.credits)}"


def _for_bigquery(select: str) -> str:
    from costlib.sql.compile import compiled  # only who asks BigQuery pays for loading the compiler
    from costlib.sql.engines import Engine

    return compiled(select, Engine.BIGQUERY)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read_index(path: Path) -> dict[str, Any]:
    """What is known by month; nothing where there is no index, or a damaged one: all is fetched again then."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
