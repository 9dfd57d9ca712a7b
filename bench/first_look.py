"""The first look at Forecast, beside an empty page and Trends: ``python -m bench.first_look``, part of ``make bench``.

Each page is the first that a server of its own is asked for, on a bill of 200 segments (team, model and stage) over 730
days, so that everything a page imports, reads and works out is in its figure: processor seconds of the whole server
process, from the request until a moment after its last message. *start* is what the server took before, until it was
ready for readers: it loads there what most pages need (``app.py``).
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.pages import EMPTY, ROOT
from bench.server import Server, reading, serving
from costlib.workspace import Workspace

TEAMS, MODELS, STAGES, DAYS = 10, 10, ("training", "real-time inference"), 730
END = date(2026, 10, 31)
_TITLE = "First look at a page, processor seconds of a fresh server"
_BILL = {
    "BillingAccountId": "111122223333",
    "BillingCurrency": "USD",
    "ChargeCategory": "Usage",
    "InvoiceIssuerName": "Vendor",
    "ServiceProviderName": "Vendor",
    "ServiceName": "Machines",
}


@dataclass(frozen=True)
class Look:
    """Processor seconds of a server until it was ready, and of the first page that it was asked for."""

    start: float
    page: float


def report() -> None:
    """Measure and print."""
    table = Table("page", "start", "first look", title=_TITLE)
    with tempfile.TemporaryDirectory() as root:
        found = measured(Path(root))
    for name, look in found.items():
        table.add_row(name, f"{look.start:.2f}", f"{look.page:.2f}")
    Console().print(table)


def measured(folder: Path, pages: tuple[str, ...] = ("trends", "forecast"), days: int = DAYS) -> dict[str, Look]:
    """The first look at an empty page and at each of these, by name."""
    script, store, log = folder / "empty.py", folder / "store", folder / "server.log"
    script.write_text(EMPTY, encoding="utf-8")
    print("Loading a bill of 200 segments", file=sys.stderr)
    Workspace(store).load([write_bill(folder / "bill.csv", days)])
    places = {"empty": (script, ""), **{name: (ROOT / "app.py", name) for name in pages}}
    found = {}
    for name, (app, page) in places.items():
        with serving(app, ROOT, log, GLIDEPATH_STORE=str(store)) as server:
            start = server.processor_seconds()
            found[name] = Look(start, server.taken(partial(_look, server, page))[0])
    return found


def write_bill(path: Path, days: int = DAYS) -> Path:
    """Write a FOCUS export: every segment's cost of each day, with its level, weekly rhythm, growth and noise."""
    random = np.random.default_rng(1)
    columns = ["BilledCost", "EffectiveCost", "BillingPeriodStart", "BillingPeriodEnd"]
    columns += ["ChargePeriodStart", "ChargePeriodEnd", *_BILL, "Tags"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for tags in _segments():
            for day, cost in zip(_days(days), _costs(random, days), strict=True):
                writer.writerow({**_BILL, **_times(day), "BilledCost": cost, "EffectiveCost": cost, "Tags": tags})
    return path


def _segments() -> Iterator[str]:
    """Tags of every segment as JSON."""
    for team in range(TEAMS):
        for model in range(MODELS):
            for stage in STAGES:
                yield json.dumps({"team": f"team {team}", "model": f"model {model}", "stage": stage})


def _days(days: int) -> list[date]:
    return [END - timedelta(days - 1 - at) for at in range(days)]


def _costs(random: np.random.Generator, days: int) -> list[str]:
    at = np.arange(days)
    level = np.exp(random.normal(5, 1)) * np.exp(random.normal(0, 0.5) * at / 730)
    rhythm = 1 - random.random() * 0.4 * (at % 7 >= 5)
    noise = np.exp(random.normal(0, 0.15, days) + np.cumsum(random.normal(0, 0.01, days)))
    return [f"{cost:.6f}" for cost in level * rhythm * noise]


def _times(day: date) -> dict[str, str]:
    month = day.replace(day=1)
    after = (month + timedelta(32)).replace(day=1)
    names = "BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"
    return dict(zip(names, map(str, (month, after, day, day + timedelta(1))), strict=True))


def _look(server: Server, page: str) -> None:
    """Open the page and see that it is drawn."""
    with reading(server, page) as reader:
        if not reader.last.title:
            raise SystemExit(f"The page {page or 'at home'} was drawn without a title")


if __name__ == "__main__":
    report()
