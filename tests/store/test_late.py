"""Accounts whose bill of the running month is late: which days are missed, and what is taken to be unknown of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from costlib.analysis.outlook import outlook
from costlib.outlook import days_of
from costlib.periods import Window
from costlib.store.absences import absences, incomplete_months
from costlib.store.late import first_missed, late_accounts
from tests.builders import Row, load_into, opened, write_csv
from tests.small_company import RULES, charge

FIRST, LAST = date(2026, 1, 1), date(2026, 10, 20)
EVERY_DAY = [FIRST + timedelta(days=day) for day in range((LAST - FIRST).days + 1)]
FIRSTS = [day for day in EVERY_DAY if day.day == 1]
SEPTEMBER = {day for day in EVERY_DAY if day.month == 9}
VENDOR = ("Vendor", "org")


def until(day: date, days: Iterable[date] = EVERY_DAY) -> set[date]:
    """The days up to this one."""
    return {one for one in days if one <= day}


class TestFirstMissed:
    @pytest.mark.parametrize(
        ("used", "missed"),
        [
            pytest.param(until(LAST), None, id="used to the last day"),
            pytest.param(until(date(2026, 10, 3)), date(2026, 10, 4), id="every day"),
            pytest.param(until(date(2026, 9, 1), FIRSTS), date(2026, 10, 1), id="once a month"),
            pytest.param(until(date(2026, 10, 1), FIRSTS), None, id="once a month, and this month too"),
            pytest.param(until(date(2026, 8, 31), FIRSTS), date(2026, 9, 1), id="once a month, not in the last"),
            pytest.param({date(2026, 9, 7), date(2026, 9, 21)}, None, id="now and then"),
            pytest.param(
                {date(2026, 9, 30) - timedelta(days=back) for back in range(28)}, date(2026, 10, 1), id="young"
            ),
            pytest.param({date(2026, 9, 30) - timedelta(days=back) for back in range(27)}, None, id="too young"),
        ],
    )
    def test_by_hand(self, used: set[date], missed: date | None) -> None:
        assert first_missed(used, LAST) == missed

    def test_working_days_are_missed_on_the_first_whose_likes_were_worked(self) -> None:
        worked = {day for day in until(date(2026, 10, 1)) if day.weekday() < 5}
        missed = first_missed(worked, LAST)
        assert missed is not None
        assert all(date(2026, month, missed.day) in worked for month in (7, 8, 9))
        earlier = range(2, missed.day)
        assert not any(all(date(2026, month, day) in worked for month in (7, 8, 9)) for day in earlier)


def bill(vendor: Iterable[date], cost: float = 40) -> list[Row]:
    """60 dollars a day of AWS for Search to the last day, and the vendor's charges for Fraud."""
    rows = [charge(day, 60, team="Search") | {"BillingAccountId": "aws"} for day in EVERY_DAY]
    of = {"ServiceProviderName": "Vendor", "ProviderName": "Vendor", "BillingAccountId": "org"}
    return rows + [charge(day, cost, team="Fraud") | of for day in vendor]


def loaded(folder: Path, rows: list[Row]) -> Path:
    load_into(folder / "store", write_csv(folder / "bill.csv", rows), rules=RULES)
    return folder / "store"


class TestStore:
    @pytest.mark.parametrize(
        ("last", "late"),
        [
            pytest.param(date(2026, 10, 13), None, id="a week: not yet news"),
            pytest.param(date(2026, 10, 12), date(2026, 10, 13), id="eight days"),
            pytest.param(date(2026, 9, 30), date(2026, 10, 1), id="a bill a month"),
            pytest.param(date(2026, 9, 23), date(2026, 10, 1), id="a week before the month"),
            pytest.param(date(2026, 9, 22), None, id="it had stopped before"),
        ],
    )
    def test_it_is_late_from_a_week_on(self, last: date, late: date | None, tmp_path: Path) -> None:
        with opened(loaded(tmp_path, bill(until(last)))) as reader:
            window = reader.window()
            assert window is not None and window.last == LAST
            assert late_accounts(reader, window) == ({VENDOR: (last, late)} if late else {})

    def test_a_window_of_whole_months_has_no_running_one(self, tmp_path: Path) -> None:
        with opened(loaded(tmp_path, bill(until(date(2026, 8, 31))))) as reader:
            assert late_accounts(reader, Window(FIRST, date(2026, 10, 1))) == {}

    def test_it_is_told_by_its_last_day_and_its_month_is_compared_with_nothing(self, tmp_path: Path) -> None:
        with opened(loaded(tmp_path, bill(until(date(2026, 9, 30))))) as reader:
            (found,) = absences(reader)
            assert found.told == ("Vendor (org)", Window(date(2026, 9, 30), date(2026, 10, 1)), ())
            assert (found.is_unknown, found.is_over, float(found.share)) == (True, False, 0.4)
            assert incomplete_months(reader) == (date(2026, 10, 1),)

    def test_a_small_one_is_not_told(self, tmp_path: Path) -> None:
        """30 cents a day beside 60 dollars are 0.497 %."""
        with opened(loaded(tmp_path, bill(until(date(2026, 9, 30)), 0.3))) as reader:
            assert absences(reader) == ()

    @pytest.mark.parametrize(
        ("vendor", "cost", "month"),
        [
            pytest.param(until(date(2026, 9, 30)), 40, 100 * 31, id="every day"),
            pytest.param(until(date(2026, 9, 1), FIRSTS), 1200, 60 * 31 + 1200, id="once a month"),
            pytest.param(until(date(2026, 8, 31)), 40, 100 * 31, id="the last closed month lacks it too"),
        ],
    )
    def test_a_forecast_goes_on_with_it(self, vendor: set[date], cost: float, month: float, tmp_path: Path) -> None:
        """October and each month after it; without the rule Fraud would have ended."""
        with opened(loaded(tmp_path, bill(vendor, cost))) as reader:
            daily = days_of(reader, ["x_Team"])
        unknown = np.isnan(daily.spend[daily.keys.index(("Fraud",))])
        assert unknown[-20:].all()
        likely = np.median(outlook(daily, 3).spend(), axis=1)
        expected = [month, month - 100 if cost == 40 else month - 60, month]
        assert likely == pytest.approx(expected, rel=0.005)
