"""Counts that stop for days: told where a model is else counted on most days, and nowhere else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from costlib.analysis.units.counted import Counted, seldom_counted
from costlib.analysis.units.measures import Volume
from costlib.periods import Window

AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)
PERIOD = Window(SEPTEMBER, OCTOBER)
DAYS = [AUGUST + timedelta(days=at) for at in range(61)]


def counted(days: list[date], model: str = "gpt") -> list[Volume]:
    return [Volume(day, "requests", "Ads", model, Decimal(5)) for day in days]


def seldom(*volumes: Volume) -> dict[str | None, tuple[int, int]]:
    return {one.who[1]: (one.days, one.of) for one in seldom_counted(volumes, PERIOD)}


@pytest.mark.parametrize(("gap", "told"), [(0, False), (2, False), (3, True), (29, True), (30, False)])
def test_three_days_in_a_row_are_told_and_a_whole_period_is_no_gap_of_it(gap: int, told: bool) -> None:
    """A model without a count in the whole period has no unit cost, which is said elsewhere."""
    held = [day for day in DAYS if not SEPTEMBER <= day < SEPTEMBER + timedelta(days=gap)]
    assert seldom(*counted(held), *counted(DAYS, "other")) == ({"gpt": (30 - gap, 30)} if told else {})


def test_weekends_without_work_are_not_told() -> None:
    assert seldom(*counted([day for day in DAYS if day.weekday() < 5])) == {}


def test_what_is_seldom_counted_is_not_told() -> None:
    """Training runs, every other week."""
    assert seldom(*counted(DAYS[::14]), *counted(DAYS, "other")) == {}


def test_counts_that_begin_or_end_in_the_period_are_held_against_the_days_of_the_metric() -> None:
    """All models end on the 20th; the one that ends on the 10th is told with 10 of 20 days."""
    until = [day for day in DAYS if day <= date(2026, 9, 20)]
    assert seldom(*counted(until), *counted([day for day in until if day <= date(2026, 9, 10)], "early")) == {
        "early": (10, 20)
    }


def test_two_sources_of_a_day_are_one_day() -> None:
    held = [day for day in DAYS if day.day > 4]
    (one,) = seldom_counted([*counted(held), *counted(held), *counted(DAYS, "other")], PERIOD)
    assert one == Counted(("Ads", "gpt"), 26, 30)


def test_nothing_counted_is_nothing_told() -> None:
    assert seldom_counted([], PERIOD) == []
