"""The Azure exports: the Data Platform team's lake in Europe, in EUR, as actual and as amortised cost.

Both exports have the columns of an Enterprise Agreement and the same rows, but for a reservation of two servers (one
year from January 2026, paid monthly): the actual one holds what was paid and its use at no cost, the amortised one
spreads the month's payment over the hours, used or not. The lake began on 1 July 2025. One CSV a view.
Prices are assumptions of the right order; costs are exact products at ten decimals. Account and names are invented.
"""

from __future__ import annotations

import calendar
import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np

from costlib.periods import add_months, month_start
from costlib.sample import days
from costlib.sample.azure_meters import DAILY, SERVER, Meter
from costlib.sample.company import NAME, tags
from costlib.sample.lines import token_hex

FOLDER = "northlight-sample-azure"
ACCOUNT, SUBSCRIPTION = "90211537", "11111111-2222-4333-8444-555555555555"
START, RESERVED = date(2025, 7, 1), date(2026, 1, 1)
VIEWS = ("actual", "amortized")

#: EUR for one reserved server and month, and how many are reserved.
RESERVATION_PRICE, RESERVATION_COUNT = Decimal("306.60"), 2

COLUMNS = (
    "BillingAccountId",
    "BillingAccountName",
    "BillingPeriodStartDate",
    "BillingPeriodEndDate",
    "SubscriptionId",
    "SubscriptionName",
    "Date",
    "MeterId",
    "ServiceFamily",
    "MeterCategory",
    "MeterName",
    "Quantity",
    "EffectivePrice",
    "CostInBillingCurrency",
    "UnitPrice",
    "BillingCurrency",
    "ResourceLocation",
    "ConsumedService",
    "ResourceId",
    "ResourceName",
    "AdditionalInfo",
    "Tags",
    "UnitOfMeasure",
    "ChargeType",
    "Frequency",
    "PublisherType",
    "PricingModel",
    "ReservationId",
)

_GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/eu-lake/providers"
_ORDER = "/providers/Microsoft.Capacity/reservationOrders/6a9f0f2e-0d3b-4b62-9f6c-0a3d5c1e7b90"
_NOTHING = Decimal(0)


def write(folder: Path, progress: Callable[[str], None]) -> Path:
    """Write both exports under ``folder``; returns their folder, which holds one of each view."""
    rows = list(_rows())
    for view in VIEWS:
        path = folder / FOLDER / view / f"northlight-sample-{view}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(row for row in (_shown(row, view) for row in rows) if row)
    progress(f"Azure bill of the sample: {len(rows):,} charges in EUR, actual and amortised")
    return folder / FOLDER


def _shown(row: Mapping[str, str], view: str) -> dict[str, str] | None:
    """The row as a view shows it; None where that view does not have it."""
    if row["ChargeType"] == {"actual": "UnusedReservation", "amortized": "Purchase"}[view]:
        return None
    if row["PricingModel"] == "Reservation" and row["ChargeType"] == "Usage" and view == "actual":
        return {**row, "CostInBillingCurrency": "0", "EffectivePrice": "0"}
    return dict(row)


def _rows() -> Iterator[dict[str, str]]:
    """Every row, with its amortised cost, month by month."""
    daily = [(meter, _units(meter, start, end)) for meter, start, end in DAILY]
    servers = _server_hours()
    for number, day in list(enumerate(days.dates()))[days.index(START) :]:
        if day == month_start(day) and day >= RESERVED:
            yield _purchase(day)
        for meter, units in daily:
            yield _usage(meter, day, Decimal(f"{units[number]:.4f}"))
        yield from _servers(day, [Decimal(f"{hours[number]:.2f}") for hours in servers])


def _units(meter: Meter, start: float, end: float) -> days.FloatArray:
    curve = days.ramp(start, end) * days.noise(days.stream(f"azure {meter.name}"), 0.06)
    return curve / days.month_days() if meter.category == "Storage" else curve * days.weekly(0.7)


def _server_hours() -> list[days.FloatArray]:
    """Hours of each server a day: the first two rest for some hours on Sundays, the others follow the load."""
    wanted = days.ramp(3.1, 5.2) * days.weekly(0.6) * days.noise(days.stream("azure servers"), 0.08)
    steady = np.where(days.on_weekdays(6), 17.0, 24.0)
    return [steady if number < RESERVATION_COUNT else days.hours((wanted - number) * 24) for number in range(7)]


def _servers(day: date, hours: list[Decimal]) -> Iterator[dict[str, str]]:
    """Use of servers; from ``RESERVED`` on the first two are covered, and what they rest is unused."""
    for number, ran in enumerate(hours):
        covered = number < RESERVATION_COUNT and day >= RESERVED
        if ran:
            yield _usage(SERVER, day, ran, str(number), _hour_of_reservation(day) if covered else None)
    unused = sum((24 - ran for ran in hours[:RESERVATION_COUNT]), _NOTHING)
    if day >= RESERVED and unused:
        yield _reserved(_row(SERVER, day, unused, _hour_of_reservation(day)), "UnusedReservation")


def _hour_of_reservation(day: date) -> Decimal:
    """EUR an hour that a month's payment comes to."""
    return RESERVATION_PRICE / (24 * calendar.monthrange(day.year, day.month)[1])


def _usage(meter: Meter, day: date, units: Decimal, name: str = "", reserved: Decimal | None = None) -> dict[str, str]:
    row = _row(meter, day, units, meter.price if reserved is None else reserved)
    row |= {"ResourceId": f"{_GROUP}/{meter.resource}{name}", "ResourceName": f"{meter.resource}{name}".split("/")[-1]}
    return row if reserved is None else _reserved(row, "Usage")


def _purchase(day: date) -> dict[str, str]:
    row = _row(SERVER, day, Decimal(RESERVATION_COUNT), RESERVATION_PRICE)
    return _reserved(row, "Purchase") | {"UnitOfMeasure": "1 Month", "Frequency": "Recurring"}


def _reserved(row: dict[str, str], kind: str) -> dict[str, str]:
    return row | {"ChargeType": kind, "PricingModel": "Reservation", "ReservationId": f"{_ORDER}/reservations/eu-lake"}


def _row(meter: Meter, day: date, units: Decimal, price: Decimal) -> dict[str, str]:
    month = month_start(day)
    last = add_months(month, 1).toordinal() - 1
    written = {key.removeprefix("user_"): value for key, value in tags("data-platform", stage=meter.stage).items()}
    return {
        "BillingAccountId": ACCOUNT,
        "BillingAccountName": NAME,
        "BillingPeriodStartDate": f"{month:%m/%d/%Y}",
        "BillingPeriodEndDate": f"{date.fromordinal(last):%m/%d/%Y}",
        "SubscriptionId": SUBSCRIPTION,
        "SubscriptionName": "northlight-data-eu (sample)",
        "Date": f"{day:%m/%d/%Y}",
        "MeterId": token_hex(f"azure {meter.category} {meter.name}", 32),
        "ServiceFamily": meter.family,
        "MeterCategory": meter.category,
        "MeterName": meter.name,
        "Quantity": _plain(units),
        "EffectivePrice": _plain(price),
        "CostInBillingCurrency": _plain(units * price),
        "UnitPrice": _plain(meter.price),
        "BillingCurrency": "EUR",
        "ResourceLocation": "westeurope",
        "ConsumedService": meter.service,
        "AdditionalInfo": json.dumps({"ServiceType": meter.instance}) if meter.instance else "",
        "Tags": json.dumps({**written, "environment": "prod"}),
        "UnitOfMeasure": meter.unit,
        "ChargeType": "Usage",
        "Frequency": "UsageBased",
        "PublisherType": "Azure",
        "PricingModel": "OnDemand",
        "ReservationId": "",
    }


def _plain(amount: Decimal) -> str:
    text = format(amount.quantize(Decimal("1e-10")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
