"""Unit costs where the bill of a month is not loaded: requests of its days never cost nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.analysis.units.costs import UnitCost
from costlib.analysis.units.measures import Volume
from costlib.focus import CURRENCY
from costlib.metrics.costs import UnitQuestions
from costlib.periods import Grain, Window
from costlib.store.query import Filter
from tests.builders import load_into, opened, write_csv
from tests.small_company import RULES, charge

#: January to April 2026: the ranker costs 10 a day and answers 1,000 requests.
YEAR = Window(date(2026, 1, 1), date(2026, 5, 1))
DAYS = [YEAR.start + timedelta(days=number) for number in range(YEAR.days)]


def found(folder: Path, grain: Grain, *, without: int | None) -> dict[date, UnitCost]:
    """The cost of requests by period; the bill of one month left out."""
    rows = [charge(day, 10, team="Ads", model="ranker") for day in DAYS if day.month != without]
    load_into(folder / "store", write_csv(folder / "bill.csv", rows), rules=RULES)
    requests = [Volume(day, "requests", "Ads", "ranker", Decimal(1000)) for day in DAYS]
    with opened(folder / "store") as reader:
        asked = UnitQuestions(reader, (Filter(CURRENCY, ("USD",)),), grain)
        return {one.period: one for one in asked.unit_costs(requests, YEAR) if one.unit.metric == "requests"}


def test_a_month_without_a_bill_has_no_unit_cost(tmp_path: Path) -> None:
    whole = found(tmp_path / "whole", Grain.MONTH, without=None)
    holed = found(tmp_path / "holed", Grain.MONTH, without=3)
    march = date(2026, 3, 1)
    assert march in whole and march not in holed
    assert {period: (one.cost, one.volume) for period, one in whole.items() if period != march} == {
        period: (one.cost, one.volume) for period, one in holed.items()
    }


@pytest.mark.parametrize("grain", [Grain.WEEK, Grain.QUARTER])
def test_longer_periods_hold_cost_and_requests_of_billed_days_alone(grain: Grain, tmp_path: Path) -> None:
    """A dollar a hundred requests, whatever part of a period is billed."""
    for one in found(tmp_path, grain, without=3).values():
        assert one.cost is not None and one.volume is not None
        assert one.cost / one.volume == Decimal("0.01")
