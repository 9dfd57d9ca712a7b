"""Days that a bill does not hold in full yet, told from a fall by the days before them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.outlook import outlook
from costlib.outlook import days_of
from costlib.periods import Window
from costlib.store.unfinished import Unfinished, first_unfinished, unfinished
from tests.builders import Row, load_into, opened, write_csv
from tests.small_company import RULES, charge

FIRST, LAST = date(2026, 3, 1), date(2026, 5, 10)
DAYS = (LAST - FIRST).days + 1


def costs(*ends: str, usual: str = "10") -> dict[date, D]:
    """So much on every day, the last ones otherwise."""
    found = {LAST - timedelta(days=back): D(usual) for back in range(40)}
    return found | {LAST - timedelta(days=len(ends) - 1 - at): D(cost) for at, cost in enumerate(ends)}


class TestOneBill:
    @pytest.mark.parametrize(
        ("ends", "days"),
        [
            (("10", "10"), 0),
            (("10", "8"), 0),  # a fifth less is not under it
            (("10", "7.99"), 1),
            (("10", "0"), 1),
            (("7", "2"), 2),
            (("7", "7", "2"), 0),  # the third day makes it a fall
            (("2", "10"), 0),  # the last day is whole, so are those before it
            (("10", "-3"), 1),
            (("10", "30"), 0),
        ],
    )
    def test_by_hand(self, ends: tuple[str, ...], days: int) -> None:
        expected = LAST - timedelta(days=days - 1) if days else None
        assert first_unfinished(costs(*ends), LAST) == expected

    def test_a_weekday_is_held_against_its_like(self) -> None:
        """Sundays cost 3 instead of 10: one of 3 is whole, one of 2 is not. 10 May 2026 is a Sunday."""
        week = {day: D(3) if day.weekday() == 6 else cost for day, cost in costs().items()}
        assert first_unfinished(week, LAST) is None
        assert first_unfinished(week | {LAST: D(2)}, LAST) == LAST

    def test_a_bill_without_four_weeks_tells_nothing(self) -> None:
        short = {day: cost for day, cost in costs("10", "1").items() if day > LAST - timedelta(days=28)}
        assert first_unfinished(short, LAST) is None

    def test_one_like_day_without_cost_tells_nothing(self) -> None:
        assert first_unfinished(costs("10", "1") | {LAST - timedelta(days=14): D(0)}, LAST) is None

    @given(st.lists(st.integers(1, 1000), min_size=40, max_size=40), st.integers(1, 1000))
    def test_what_costs_as_much_as_ever_is_whole_in_any_currency(self, amounts: list[int], factor: int) -> None:
        days = {LAST - timedelta(days=back): D(amount) for back, amount in enumerate(amounts)}
        found = first_unfinished(days, LAST)
        assert first_unfinished({day: cost * factor for day, cost in days.items()}, LAST) == found
        whole = days | {LAST: max(days.values())}
        assert first_unfinished(whole, LAST) is None


def rows(ads: dict[int, float], web: dict[int, float]) -> list[Row]:
    """10 a day for Ads on AWS and 20 for Web on Azure to 10 May; otherwise on days so many before it."""
    found: list[Row] = []
    for number in range(DAYS):
        day, back = FIRST + timedelta(days=number), DAYS - 1 - number
        found.append(charge(day, ads.get(back, 10), team="Ads", model="a"))
        azure = charge(day, web.get(back, 20), team="Web", model="w")
        found.append(
            azure | {"BillingAccountId": "az", "ProviderName": "Microsoft", "ServiceProviderName": "Microsoft"}
        )
    return found


class TestStore:
    def found(self, folder: Path, bill: list[Row]) -> tuple[tuple[Unfinished, ...], list[list[bool]], list[float]]:
        """The unfinished bills, the unknown days of the last three by team, and May as it is likely to end."""
        load_into(folder / "store", write_csv(folder / "bill.csv", bill), rules=RULES)
        with opened(folder / "store") as reader:
            window = reader.window()
            assert window is not None
            daily = days_of(reader, ["x_Team"])
            told = unfinished(reader, window, "EffectiveCost", "USD")
        month = np.median(outlook(daily, 1).spend()[0])
        return told, np.isnan(daily.spend[:, -3:]).tolist(), [round(float(month))]

    def test_only_segments_of_that_bill_are_unknown_and_the_month_ends_as_it_would(self, tmp_path: Path) -> None:
        told, unknown, month = self.found(tmp_path, rows({}, {0: 4, 1: 12}))
        assert [(one.account, one.first) for one in told] == [("az", date(2026, 5, 9))]
        assert unknown == [[False] * 3, [False, True, True]]
        assert month == [30 * 31]

    def test_a_fall_of_three_days_is_a_fall(self, tmp_path: Path) -> None:
        told, unknown, month = self.found(tmp_path, rows({}, {0: 4, 1: 4, 2: 4}))
        assert told == () and not np.array(unknown).any()
        assert month[0] < 30 * 31 - 3 * 15

    def test_a_bill_whose_last_day_is_not_there_yet(self, tmp_path: Path) -> None:
        bill = [
            row
            for row in rows({}, {})
            if row["BillingAccountId"] != "az" or str(LAST) not in str(row["ChargePeriodStart"])
        ]
        told, unknown, month = self.found(tmp_path, bill)
        assert [one.first for one in told] == [LAST] and unknown == [[False] * 3, [False, False, True]]
        assert month == [30 * 31]

    @pytest.mark.parametrize(("lag", "unknown"), [(1, 1), (3, 3), (7, 7), (8, 8), (10, 10), (17, 10), (18, 0)])
    def test_a_bill_may_lag_behind_another(self, lag: int, unknown: int, tmp_path: Path) -> None:
        """What is not there yet in May is not a fall to nothing; who ended a week before May has ended."""
        last = LAST - timedelta(days=lag)
        bill = [
            row for row in rows({}, {}) if row["BillingAccountId"] != "az" or str(row["ChargePeriodStart"]) < f"{last}U"
        ]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", bill), rules=RULES)
        with opened(tmp_path / "store") as reader:
            web = days_of(reader, ["x_Team"]).spend[1]
        assert np.isnan(web).sum() == unknown and np.isnan(web[-unknown:]).all() == bool(unknown)

    def test_days_of_a_closed_month_are_taken_as_they_are(self, tmp_path: Path) -> None:
        """With bills to 1 May, low on 30 April and 1 May, only the first of May is open."""
        bill = [row for row in rows({10: 6, 9: 1}, {}) if str(row["ChargePeriodStart"]) < "2026-05-02"]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", bill), rules=RULES)
        with opened(tmp_path / "store") as reader:
            (told,) = unfinished(reader, Window(FIRST, date(2026, 5, 2)), "EffectiveCost", "USD")
        assert told.first == date(2026, 5, 1)

    def test_a_window_that_ends_with_a_month_is_taken_as_it_is(self, tmp_path: Path) -> None:
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows({}, {10: 1})), rules=RULES)
        with opened(tmp_path / "store") as reader:
            assert unfinished(reader, Window(FIRST, date(2026, 5, 1)), "EffectiveCost", "USD") == ()
