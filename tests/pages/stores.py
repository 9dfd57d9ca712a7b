"""Stores that pages are tried on, each built once a session and shared by all workers.

``demo`` is the sample company. Every other store holds one FOCUS file that can be read at a glance: amounts are whole
dollars, so that a figure on a page can be checked by hand.
"""

from __future__ import annotations

import csv
import fcntl
import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from costlib.demo import load_company
from costlib.workspace import Workspace

Rows = Iterable[Mapping[str, str]]

#: A team that HTML, TeX, Markdown and spreadsheets would each read in their own way, and one of 60 letters.
HOSTILE = "<b>Fraud</b> $5 and $6 *not* [a](b) `c` ~~d~~ :red[e] # =1+1 &amp; x"
LONG = "Recommendations and Personalisations Platform, EMEA and APAC"
FORMULA = "=HYPERLINK(1)"


def charge(day: date, cost: str, **columns: str) -> dict[str, str]:
    """One usage charge of an AI service in USD; any column can be said otherwise."""
    return {
        "BilledCost": cost,
        "EffectiveCost": cost,
        "ListCost": cost,
        "ContractedCost": cost,
        "BillingAccountId": "acme",
        "BillingCurrency": "USD",
        "BillingPeriodStart": f"{day:%Y-%m}-01T00:00:00Z",
        "ChargePeriodStart": f"{day.isoformat()}T00:00:00Z",
        "ChargeCategory": "Usage",
        "ServiceName": "Amazon SageMaker",
        "ServiceCategory": "AI and Machine Learning",
        "ServiceProviderName": "AWS",
        "Tags": "{}",
        **columns,
    }


def team(name: str) -> str:
    """The tags of a charge that belongs to the team."""
    return json.dumps({"team": name})


def daily(first: date, days: int, cost: str, **columns: str) -> list[dict[str, str]]:
    """The same charge on every day."""
    return [charge(first + timedelta(days=day), cost, **columns) for day in range(days)]


def purchases() -> Rows:
    """Two Savings Plan fees and a tax: money, but no usage."""
    fees = daily(date(2026, 8, 1), 2, "100", ChargeCategory="Purchase")
    return [*fees, charge(date(2026, 8, 31), "9", ChargeCategory="Tax")]


def no_ai() -> Rows:
    """A shop: 1 dollar of database a day, in July, August and September."""
    return daily(date(2026, 7, 1), 92, "1", ServiceName="Amazon RDS", ServiceCategory="Databases", Tags=team("Shop"))


def two_currencies() -> Rows:
    """July to September: 10 dollars and 4 euros a day for Fraud; more line items in dollars."""
    dollars = daily(date(2026, 7, 1), 92, "5", Tags=team("Fraud"))
    euros = daily(date(2026, 7, 1), 92, "4", Tags=team("Fraud"), BillingCurrency="EUR", BillingAccountId="acme-eu")
    return [*dollars, *dollars, *euros]


def one_day() -> Rows:
    """A single day, in the middle of a month: 30 dollars for Fraud, 10 for nobody."""
    day = date(2026, 9, 16)
    return [charge(day, "30", Tags=team("Fraud")), charge(day, "10")]


def names() -> Rows:
    """Teams and services whose names must show letter for letter: 4, 3 and 2 dollars a day."""
    first = date(2026, 7, 1)
    return [
        *daily(first, 92, "4", Tags=team(HOSTILE), ServiceName="SageMaker <i>$x$</i> *y*"),
        *daily(first, 92, "3", Tags=team(LONG)),
        *daily(first, 92, "2", Tags=team(FORMULA)),
    ]


def taken_names() -> Rows:
    """Teams that are called what the page itself calls things, beside spend that has no team."""
    called = ("No team", "All other", "All", "Total", "Team")
    months = (date(2026, 8, 1), 61)
    named = [row for number, name in enumerate(called) for row in daily(*months, str(9 - number), Tags=team(name))]
    small = [row for number in range(5) for row in daily(*months, "1", Tags=team(f"Small {number}"))]
    return [*named, *small, *daily(*months, "10")]


def unknown_list_price() -> Rows:
    """A file without list or contracted cost: those measures are unknown everywhere."""
    left_out = ("ListCost", "ContractedCost")
    rows = [*daily(date(2026, 8, 1), 61, "3", Tags=team("Fraud")), *daily(date(2026, 8, 1), 61, "1")]
    return [{name: value for name, value in row.items() if name not in left_out} for row in rows]


def two_years() -> Rows:
    """2 dollars a day in 2025 and 3 in 2026 up to 15 September, for Search; Ended costs 1 a day until August 2026."""
    search = daily(date(2025, 1, 1), 365, "2", Tags=team("Search")) + daily(
        date(2026, 1, 1), 258, "3", Tags=team("Search")
    )
    return [*search, *daily(date(2025, 1, 1), 577, "1", Tags=team("Ended"))]


def more_credits_than_spend() -> Rows:
    """August costs 310 dollars; in September a credit of 1,000 meets a usage of 300."""
    usage = daily(date(2026, 8, 1), 61, "10", Tags=team("Fraud"))
    return [*usage, charge(date(2026, 9, 10), "-1000", ChargeCategory="Credit")]


def grown_and_spiked() -> Rows:
    """200 days for Search, 100 dollars a day, 160 from 1 September 2026 on, and 900 more on 2 October; the cost of
    Fraud is 50 a day. Usage ends on 10 October 2026."""
    first, hours = date(2026, 3, 25), {"ConsumedUnit": "Hours", "SkuMeter": "GPU"}
    rows = []
    for number in range(200):
        day = first + timedelta(days=number)
        cost = 100 if day < date(2026, 9, 1) else 160
        used = {**hours, "ConsumedQuantity": str(cost), "ResourceId": "gpu-1"}
        rows.append(charge(day, str(cost), Tags=team("Search"), **used))
        rows.append(charge(day, "50", Tags=team("Fraud"), **{**hours, "ConsumedQuantity": "25"}))
    spike = {**hours, "ConsumedQuantity": "450", "ResourceId": "sweep-7"}
    return [*rows, charge(date(2026, 10, 2), "900", Tags=team("Search"), **spike)]


def no_march() -> Rows:
    """8 dollars a day for Search and 2 for Fraud from November 2025 to July 2026; the bill of March is not loaded."""
    rows = [row for cost, name in (("8", "Search"), ("2", "Fraud")) for row in since_november(cost, name)]
    return [row for row in rows if not row["ChargePeriodStart"].startswith("2026-03")]


def no_last_month() -> Rows:
    """The same to 4 August 2026; the bill of July, the last closed month, is not loaded."""
    rows = [row for cost, name in (("8", "Search"), ("2", "Fraud")) for row in since_november(cost, name)]
    early = [charge(date(2026, 8, day), "10", Tags=team("Search")) for day in range(1, 5)]
    return [*(row for row in rows if not row["ChargePeriodStart"].startswith("2026-07")), *early]


def since_november(cost: str, name: str) -> list[dict[str, str]]:
    """273 days of a team's charge."""
    return daily(date(2025, 11, 1), 273, cost, Tags=team(name))


SMALL: dict[str, Callable[[], Rows]] = {
    build.__name__: build
    for build in (
        purchases,
        no_ai,
        two_currencies,
        one_day,
        names,
        taken_names,
        unknown_list_price,
        two_years,
        more_credits_than_spend,
        grown_and_spiked,
        no_march,
        no_last_month,
    )
}


def write_focus(path: Path, rows: Rows) -> Path:
    """Write the rows as a FOCUS file in CSV."""
    found = list(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    return path


def built_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """The folder that ``build`` fills, built by whichever worker of this session comes first."""
    base = factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = root / f"store-{name}", root / f"store-{name}.done"
    with (root / f"store-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            build(folder)
            done.touch()
    return folder


def demo(factory: pytest.TempPathFactory) -> Path:
    """The sample company's store, read only: who changes it makes a copy."""
    return built_once(factory, "demo", lambda folder: load_company(Workspace(folder)))


def small(factory: pytest.TempPathFactory, name: str) -> Path:
    """The store of one of ``SMALL``."""
    return built_once(
        factory,
        name,
        lambda folder: Workspace(folder).load(
            [write_focus(folder.parent / f"bill-{name}" / "focus.csv", SMALL[name]())]
        ),
    )


def damaged(factory: pytest.TempPathFactory) -> Path:
    """A store whose manifest breaks off in the middle."""

    def build(folder: Path) -> None:
        folder.mkdir()
        (folder / "manifest.json").write_text('{"format": 1, "parts": [', encoding="utf-8")

    return built_once(factory, "damaged", build)


def empty(factory: pytest.TempPathFactory) -> Path:
    """A folder that no bill was ever loaded into; it does not exist yet."""
    return factory.mktemp("nothing") / "store"
