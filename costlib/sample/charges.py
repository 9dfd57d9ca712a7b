"""What a bill holds besides usage: support, tax, a credit that ends, and a refund for an earlier month.

Support is 3 % of the month's usage and recurring fees, tax 1.2 % of an account's; both are assumptions. The credit
runs from November 2025 to April 2026. The refund of May 2026 corrects two days of March on which the fraud endpoint
was disturbed: its billing month is May, its usage days are in March.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from costlib.sample import days
from costlib.sample.company import FRAUD, ML_PROD, NOBODY, PAYER, REAL_TIME
from costlib.sample.lines import Line, Meter, Owner
from costlib.sample.meters import NO_TAGS, arn

SUPPORT_SHARE = 0.03
TAX_SHARE = 0.012
CREDIT = -5000.0
_CREDIT_MONTHS = ("2025-11-01", "2026-04-30")
_REFUND_MONTH = date(2026, 5, 1)
_REFUND = {"2026-03-17": -2382.24, "2026-03-18": -1021.0}


def lines(billed: Iterable[Line]) -> list[Line]:
    """Charges on top of the lines billed so far, one line item a month each, a tax line for every account."""
    used = list(billed)
    by_account = {account: _by_month(used, account) for account in sorted({line.meter.account for line in used})}
    support = _monthly("Fee", _support(), SUPPORT_SHARE * np.sum(list(by_account.values()), axis=0))
    taxes = [_monthly("Tax", _tax(account), TAX_SHARE * total) for account, total in by_account.items()]
    credit = _monthly("Credit", _credit(), _credited())
    return [support, *taxes, credit, _refund()]


def _by_month(used: list[Line], account: str) -> days.FloatArray:
    totals = np.zeros(len(days.MONTHS))
    for line in used:
        if line.meter.account == account:
            np.add.at(totals, line.months, line.cost)
    return totals


def _monthly(kind: str, meter: Meter, cost: days.Curve) -> Line:
    months = np.flatnonzero(cost).astype(np.int64)
    first_days = np.array([days.index(days.MONTHS[month]) for month in months], dtype=np.int64)
    charged = np.asarray(cost[months], dtype=np.float64).round(2)
    amount, no_rate = np.ones(months.size), np.zeros(months.size)
    return Line(meter, NOBODY, first_days, amount, no_rate, charged, months, kind, whole_months=True)


def _charge(account: str, service: str, usage_type: str, description: str) -> Meter:
    return Meter(account, service, usage_type, "", "", "", 0.0, description, NO_TAGS, region="", term="")


def _support() -> Meter:
    return _charge(PAYER, "AWSSupportBusiness", "Dollar", "Monthly AWS Business Support")


def _tax(account: str) -> Meter:
    return _charge(account, "AmazonEC2", "", "Tax for product code AmazonEC2")


def _credit() -> Meter:
    return _charge(PAYER, "AmazonEC2", "", "Migration credit, November 2025 to April 2026")


def _credited() -> days.FloatArray:
    """The credit of each month."""
    first, last = (date.fromisoformat(day) for day in _CREDIT_MONTHS)
    return np.array([CREDIT if first <= month <= last else 0.0 for month in days.MONTHS])


def _refund() -> Line:
    kind = "USE1-Host:ml.g5.12xlarge"
    endpoint = arn("sagemaker", ML_PROD, "endpoint/fraud-scorer-prod")
    meter = Meter(
        ML_PROD,
        "AmazonSageMaker",
        kind,
        "RunInstance",
        endpoint,
        "Hrs",
        0.0,
        "Refund for endpoint errors, 17 and 18 March 2026",
        NO_TAGS,
    )
    count = len(_REFUND)
    cost = np.array(list(_REFUND.values()))
    used = np.array([days.index(day) for day in _REFUND], dtype=np.int64)
    billed = np.full(count, days.MONTHS.index(_REFUND_MONTH), dtype=np.int64)
    return Line(
        meter,
        Owner(FRAUD, "fraud-scorer", REAL_TIME),
        used,
        np.zeros(count),
        np.zeros(count),
        cost,
        billed,
        "Refund",
        "Refund",
    )
