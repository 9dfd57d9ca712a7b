"""What the sample comes to, as it was last looked at: documents, pictures and pages show these amounts.

``tests/golden/sample-sums.csv`` has a row for each kind of amount, with its sums of three months and of all. GOLDEN=1
writes it again; a change in it is to be read like a change in code.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal as D
from pathlib import Path

import numpy as np

from costlib.sample import azure, days, gcp, metrics, runs, startup, utilisation, vendor
from costlib.sample.demand import demand
from costlib.sample.items import company_lines

GOLDEN = Path(__file__).parents[1] / "golden" / "sample-sums.csv"
MONTHS = ("2024-11", "2025-11", "2026-09")
#: File of the sample, what is summed, its month, and the amount.
Amount = tuple[str, str, str, D]


def aws() -> Iterator[Amount]:
    """Unblended cost and line items by service, owner and stage; amounts of what is metered, by unit."""
    names = [f"{month:%Y-%m}" for month in days.MONTHS]
    for line in company_lines():
        owner, meter = line.owner, line.meter
        whose = f"{meter.service} {line.kind}: {owner.team or 'nobody'}, {owner.stage or 'no stage'}"
        for at, name in enumerate(names):
            own = line.months == at
            if own.any():
                yield "aws cost", whose, name, D(str(round(float(line.cost[own].sum()), 6)))
                yield "aws line items", line.kind, name, D(int(own.sum()))
                amount = D(str(round(float(line.amount[own].sum()), 4)))
                yield "aws amounts", f"{meter.service} {meter.unit}".strip(), name, amount
                written = " ".join(f"{key.removeprefix('user_')}={value}" for key, value in sorted(meter.tags.items()))
                yield "aws cost by tags", written or "none", name, D(str(round(float(line.cost[own].sum()), 6)))


def focus(path: Path, kind: str) -> Iterator[Amount]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            what, month = f"{row['ServiceName']} {row['ChargeCategory']}", row["BillingPeriodStart"][:7]
            for name in ("BilledCost", "ListCost", "ConsumedQuantity"):
                yield f"{kind} {name}", what, month, D(row[name] or 0)
            yield f"{kind} rows", what, month, D(1)


def azure_costs(folder: Path) -> Iterator[Amount]:
    """Both views of the bill: what was used at which price, and what of it was reserved."""
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                day = row["Date"]
                month = f"{day[6:]}-{day[:2]}" if "/" in day else day[:7]
                what = f"{row['MeterCategory']} {row['MeterName']}"
                yield f"azure {path.parent.name}", what, month, D(row["CostInBillingCurrency"])
                yield f"azure {path.parent.name} quantity", what, month, D(row["Quantity"])


def gcp_costs(folder: Path) -> Iterator[Amount]:
    for path in sorted(folder.rglob("*.json")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            month = f"{row['invoice']['month'][:4]}-{row['invoice']['month'][4:]}"
            what = f"{row['service']['description']} {row['cost_type']}"
            yield "gcp cost", what, month, D(str(row["cost"]))
            for credit in row.get("credits") or ():
                yield "gcp credits", credit["name"], month, D(str(credit["amount"]))


def cluster_hours() -> Iterator[Amount]:
    """GPU hours of the shared cluster: what its nodes held, and what each workload reserved and used."""
    found = demand()
    kinds = {"capacity": found.capacity, "idle": found.idle}
    kinds |= {f"{one.name} reserved": hours for one, hours in found.reserved.items()}
    kinds |= {f"{one.name} used": hours for one, hours in found.used.items()}
    kinds["USD by OpenCost's list"] = found.list_cost()
    for name, hours in kinds.items():
        sums = np.bincount(days.month_of(), hours.sum(axis=1))
        yield from (("gpu hours", name, f"{month:%Y-%m}", D(str(round(float(total), 1))))
                    for month, total in zip(days.MONTHS, sums, strict=True))  # fmt: skip


def table(path: Path, kind: str, *names: str) -> Iterator[Amount]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield kind, " ".join(row[name] for name in names if row[name]), row["day"][:7], D(row["value"])


def runs_of(path: Path) -> Iterator[Amount]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            what = f"{row['experiment']} {row['stage']} {row['status']}"
            yield "runs", what, row["start"][:7], D(1)
            yield "runs data_volume_gb", what, row["start"][:7], D(row["data_volume_gb"] or 0)


def summed(amounts: Iterable[Amount]) -> str:
    """A row for each kind of amount: three months and all, whole, so that no processor's last digit is in it."""
    sums: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for kind, what, month, amount in amounts:
        for key in (month, "all"):
            sums[kind, what][key] += amount  # type: ignore[assignment]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("amount", "of", *MONTHS, "all months"))
    writer.writerows((*key, *(f"{round(sums[key][month])}" for month in (*MONTHS, "all"))) for key in sorted(sums))
    return text.getvalue()


def everything(folder: Path) -> Iterator[Amount]:
    yield from aws()
    yield from focus(vendor.write(folder, print), "vendor")
    yield from focus(startup.write(folder), "startup")
    yield from azure_costs(azure.write(folder, print))
    yield from gcp_costs(gcp.write(folder, print))
    yield from cluster_hours()
    yield from table(metrics.write(folder, print), "volumes", "metric", "model", "team", "unit")
    yield from table(utilisation.write(folder, print), "endpoints", "metric", "resource")
    yield from runs_of(runs.write(folder, print))


def test_golden_sums(tmp_path: Path) -> None:
    found = summed(everything(tmp_path))
    if os.environ.get("GOLDEN"):
        GOLDEN.write_text(found, encoding="utf-8")
    kept = GOLDEN.read_text(encoding="utf-8")
    changed = sorted({*found.splitlines()} ^ {*kept.splitlines()})
    assert not changed, "read the difference; if it is meant: make golden"


def test_what_is_kept_agrees_with_itself() -> None:
    """The golden file is read by people: its parts make its sums, and what cannot be more than another is not."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = {(row["amount"], row["of"]): row for row in csv.DictReader(file)}
    for month in (*MONTHS, "all months"):
        hours = {what: D(row[month]) for (kind, what), row in rows.items() if kind == "gpu hours"}
        reserved = sum(value for name, value in hours.items() if name.endswith(" reserved"))
        used = sum(value for name, value in hours.items() if name.endswith(" used"))
        assert used < reserved and abs(hours["capacity"] - hours["idle"] - reserved) < 10
        costs = {what: D(row[month]) for (kind, what), row in rows.items() if kind == "aws cost"}
        covered, negated = (
            sum(value for what, value in costs.items() if f" SavingsPlan{kind}:" in what)
            for kind in ("CoveredUsage", "Negation")
        )
        assert abs(covered + negated) <= 2
