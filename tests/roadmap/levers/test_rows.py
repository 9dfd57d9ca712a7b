"""Rows of spend from the store's daily sums: the month, the days, and what nobody knows of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from costlib.periods import Window
from costlib.roadmap.levers.catalogue import read_catalogue
from costlib.roadmap.levers.rows import DIMENSIONS, SpendRow, spend_rows
from costlib.store.question import Row

#: 1 January to 31 March 2026: the month is 2 to 31 March, its first day the 61st.
WINDOW = Window(date(2026, 1, 1), date(2026, 4, 1))

FEBRUARY = date(2026, 2, 1)


def charged(day: int, cost: float | None, team: str = "Fraud", model: str | None = None, unknown: int = 0) -> Row:
    """What a team's model cost on a day of the window, counted from 0."""
    amount = None if cost is None else Decimal(str(cost))
    return Row((team, model), WINDOW.start + timedelta(days=day), "USD", amount, 1 + unknown, unknown)


def rows_of(*sums: Row) -> list[SpendRow]:
    return spend_rows(["x_Team", "x_Model"], sums, WINDOW)


def test_the_month_is_the_newest_thirty_days():
    (row,) = rows_of(*(charged(day, 10) for day in range(90)))
    assert (row.cost, row.segment) == (Decimal(300), {"x_Team": "Fraud", "x_Model": None})
    assert row.daily and row.daily.start == WINDOW.start and row.daily.cost.tolist() == [10] * 90


@pytest.mark.parametrize(("day", "cost"), [(59, None), (60, Decimal(4)), (89, Decimal(4))])
def test_what_ended_before_it_is_left_out(day, cost):
    assert [row.cost for row in rows_of(charged(day, 4))] == ([] if cost is None else [cost])


def test_days_before_the_month_are_days_and_not_cost():
    (row,) = rows_of(charged(3, 7), charged(59, 8), charged(60, 4))
    assert row.cost == Decimal(4)
    assert row.daily and {at: row.daily.cost[at] for at in np.flatnonzero(row.daily.cost)} == {3: 7, 59: 8, 60: 4}


def test_sums_of_one_day_add_up_and_credits_count():
    (row,) = rows_of(charged(80, 7), charged(80, 5), charged(80, -2))
    assert row.cost == Decimal(10)
    assert row.daily and row.daily.cost[80] == 10


def test_an_unknown_day_is_not_known_and_in_no_sum():
    (row,) = rows_of(charged(80, None, unknown=2), charged(81, 7, unknown=1), charged(5, None, unknown=9))
    assert (row.cost, row.unknown) == (Decimal(7), 3)
    assert row.daily and np.flatnonzero(np.isnan(row.daily.cost)).tolist() == [5, 80]
    assert (row.daily.cost[81], row.daily.cost[0]) == (7, 0)


def test_a_row_of_which_nothing_is_known_costs_nobody_knows_what():
    (row,) = rows_of(charged(80, None, unknown=4))
    assert (row.cost, row.unknown) == (None, 4)


def test_combinations_are_kept_apart_also_where_a_value_is_unknown():
    found = rows_of(charged(80, 1), charged(80, 2, model="a"), charged(81, 4, team="Search", model="a"))
    assert [(row.segment["x_Team"], row.segment["x_Model"], row.cost) for row in found] == [
        ("Fraud", None, 1), ("Fraud", "a", 2), ("Search", "a", 4),
    ]  # fmt: skip


def test_columns_and_values_belong_together():
    with pytest.raises(ValueError, match="zip"):
        spend_rows(["x_Team"], [charged(80, 1)], WINDOW)


def test_the_dimensions_to_ask_for_are_those_that_levers_and_owners_look_at():
    """No more either: each dimension more divides the rows, and with them the days that show a pattern."""
    asked = {column for lever in read_catalogue() for column in (*lever.applies_to, *lever.unless)}
    assert set(DIMENSIONS) == asked | {"x_Team", "x_Model", "ResourceName"}


def test_days_of_a_month_without_a_bill_are_not_known_and_no_day_on_which_nothing_ran():
    sums = [charged(day, 100) for day in range(90) if not 31 <= day < 59]
    (whole,), (holed,) = (spend_rows(["x_Team", "x_Model"], sums, WINDOW, missing) for missing in ((), [FEBRUARY]))
    assert holed.daily and np.flatnonzero(np.isnan(holed.daily.cost)).tolist() == list(range(31, 59))
    assert whole.daily and (whole.daily.cost[31:59] == 0).all()
    assert holed.cost == whole.cost == 3000


def days_in(*days: int) -> Window:
    """From the first to the day before the second, counted from 0."""
    return Window(*(WINDOW.start + timedelta(days=day) for day in days))


@pytest.mark.parametrize(
    ("held", "lacking", "cost"),
    [
        pytest.param(70, (70, 90), 300, id="the bill of the running month is late"),
        pytest.param(30, (30, 90), 300, id="for two months: its month lies before"),
        pytest.param(90, (31, 59), 300, id="a gap before the month changes nothing"),
        pytest.param(20, (20, 90), 200, id="only 20 days are known"),
    ],
)
def test_the_month_of_a_combination_is_the_newest_thirty_days_that_its_bill_holds(held, lacking, cost):
    sums = [charged(day, 10) for day in range(held) if not (lacking[1] < 90 and lacking[0] <= day < lacking[1])]
    others = [charged(day, 1, team="Search") for day in range(90)]
    unbilled = [(days_in(*lacking), {("Fraud", None)})]
    late, whole = spend_rows(["x_Team", "x_Model"], [*sums, *others], WINDOW, (), unbilled)
    assert (late.cost, whole.cost) == (cost, 30)
    assert late.daily and np.flatnonzero(np.isnan(late.daily.cost)).tolist() == list(range(*lacking))
    assert whole.daily and np.isfinite(whole.daily.cost).all()


def test_a_month_without_a_bill_among_the_last_days_is_made_up_by_days_before_it():
    """March has no bill and the newest days are of April: 10 dollars a day, as 20 days in April and 10 in February."""
    window = Window(date(2026, 1, 1), date(2026, 4, 21))
    sums = [replace(charged(day, 10), unknown=day in (50, 95)) for day in (*range(59), *range(90, 110))]
    (row,) = spend_rows(["x_Team", "x_Model"], sums, window, [date(2026, 3, 1)])
    assert (row.cost, row.unknown) == (300, 2)


def test_an_account_that_its_bill_lacks_altogether_is_left_out():
    sums = [charged(80, 10)]
    assert spend_rows(["x_Team", "x_Model"], sums, WINDOW, (), [(WINDOW, {("Fraud", None)})]) == []
