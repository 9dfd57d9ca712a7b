"""Charges of a quarter, a half-year or a year: due in their month, and in no other."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from costlib.analysis.daily import DailySpend
from costlib.analysis.forecast.engine import CHARGED
from costlib.analysis.month_end import landings
from costlib.analysis.outlook import Outlook, outlook
from costlib.analysis.seldom import seldom_charges
from costlib.periods import add_months
from tests.analysis.outlooks import daily

FIRST, DAYS = date(2024, 7, 1), 812  # to 20 September 2026


def paid(*months: date, day: int = 1, charge: float = 9000, a_day: float = 100) -> DailySpend:
    """Two teams of so much a day, the first with a charge on a day of each of the months, to 20 September 2026."""
    cost = np.full((2, DAYS), float(a_day))
    due = {month.replace(day=day) for month in months}
    cost[0] += [charge if FIRST + timedelta(days=at) in due else 0 for at in range(DAYS)]
    return daily(cost, FIRST)


def every(months: int, first: date = FIRST) -> list[date]:
    """The months of a charge up to September 2026."""
    return [add_months(first, step) for step in range(0, 27, months) if add_months(first, step) <= date(2026, 9, 1)]


def due(found: Outlook) -> dict[str, int]:
    """What the first team's months come to beyond 100 a day, to the nearest 100, where it is anything."""
    likely = np.median(found.paths[0], axis=1)
    lengths = [(add_months(month, 1) - month).days for month in found.months]
    beyond = {
        f"{m:%Y-%m}": round(p / 100 - days) * 100 for m, p, days in zip(found.months, likely, lengths, strict=True)
    }
    return {month: cost for month, cost in beyond.items() if cost}


class TestWhenItIsDue:
    @pytest.mark.parametrize(
        ("months", "ahead"),
        [
            pytest.param(every(3), ["2026-10", "2027-01", "2027-04", "2027-07"], id="a quarter"),
            pytest.param(every(6), ["2027-01", "2027-07"], id="a half-year"),
            pytest.param(every(12, date(2024, 11, 1)), ["2026-11"], id="a year, soon"),
            pytest.param(every(12, date(2024, 12, 1)), ["2026-12"], id="a year, later"),
        ],
    )
    def test_its_months_hold_it_and_no_other_month_does(self, months: list[date], ahead: list[str]) -> None:
        assert due(outlook(paid(*months), 13)) == dict.fromkeys(ahead, 9000)

    @pytest.mark.parametrize(
        "months",
        [
            pytest.param([date(2026, 1, 1)], id="once"),
            pytest.param([date(2026, 1, 1), date(2026, 4, 1)], id="twice in a quarter's time"),
            pytest.param([date(2026, 1, 1), date(2026, 3, 1), date(2026, 8, 1)], id="now and then"),
            pytest.param(every(3)[:-1], id="a quarter's that has stopped"),
            pytest.param(every(6)[:-1], id="a half-year's that has stopped"),
        ],
    )
    def test_nothing_is_due(self, months: list[date]) -> None:
        assert not seldom_charges(paid(*months), [date(2026, 9, 1)]).rows.size

    @pytest.mark.parametrize("day", [15, 25])
    def test_within_the_running_month(self, day: int) -> None:
        """Billed in September too: on the 15th it is in what was spent so far, on the 25th it is due."""
        months = every(3, date(2024, 9, 1))
        found = outlook(paid(*months, day=day), 13)
        assert due(found) == dict.fromkeys(["2026-09", "2026-12", "2027-03", "2027-06", "2027-09"], 9000)
        assert landings(paid(*months, day=day), date(2026, 9, 1)).p50[0] == pytest.approx(3000 + 9000)

    def test_a_vendor_of_nothing_else(self) -> None:
        cost = paid(*every(3)).spend
        cost[0] -= 100
        found = outlook(daily(cost, FIRST), 13)
        assert np.median(found.paths[0], axis=1).round().tolist() == [0, 9000, *[0, 0, 9000] * 3, 0, 0]

    def test_beside_monthly_charges(self) -> None:
        whole = paid(*every(3))
        fees = paid(*every(1), day=5, charge=3000).spend - 100
        likely = np.median(outlook(daily(whole.spend + fees, FIRST), 4).paths[0], axis=1)
        assert likely.round(-2).tolist() == [6000, 15100, 6000, 6100]


class TestWhatIsSaid:
    def test_its_reader_is_told(self) -> None:
        charged, level = outlook(paid(*every(3)), 13).notes
        assert CHARGED in charged and CHARGED not in level

    def test_a_bill_without_such_charges_is_left_alone(self) -> None:
        whole = paid()
        found = seldom_charges(whole, [date(2026, 9, 1)])
        assert found.usual is whole and not found.rows.size and found.notes == ((), ())

    def test_charges_that_differed_have_a_range(self) -> None:
        cost = paid(*every(3)).spend
        cost[0] += [1500 if day % 2 and value > 5000 else 0 for day, value in enumerate(cost[0])]
        october = outlook(daily(cost, FIRST), 4).paths[0, 1]
        low, high = np.quantile(october, [0.1, 0.9])
        assert high - low > 500

    def test_spikes_on_any_day_are_no_charges(self) -> None:
        """Twelve spikes of one size, no two on one day of the month: some lie a year apart by chance, but for days."""
        random = np.random.default_rng(4)
        cost = np.full((40, DAYS), 100.0)
        for row in cost:
            row[random.choice(DAYS, 12, replace=False)] += 5000
        found = seldom_charges(daily(cost, FIRST, teams=[str(at) for at in range(40)]), [date(2026, 9, 1)])
        assert found.usual.spend.sum() == cost.sum()
