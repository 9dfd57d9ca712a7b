"""What deliveries hold, worked by hand from a few rows: two deliveries, two currencies, a row that says no account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib.focus import COST_MEASURES
from costlib.store.engine import connect
from costlib.store.parts_read import holdings

MEASURES = ", ".join(f"{name} DECIMAL(38,18)" for name in COST_MEASURES)
TEXTS = "BillingAccountId VARCHAR, BillingPeriodStart DATE, BillingCurrency VARCHAR, x_Delivery INTEGER"
SEPTEMBER = ("1", "2026-09")


@pytest.fixture
def connection():
    with connect() as connection:
        connection.execute(f"CREATE TABLE control ({TEXTS}, x_Rows BIGINT, {MEASURES})")
        connection.execute(
            f"CREATE TABLE base ({TEXTS}, ChargePeriodStart DATE, ChargeCategory VARCHAR, x_Defect VARCHAR, "
            f"x_LineItems BIGINT, {MEASURES})"
        )
        yield connection


def control(connection, account, month, currency, delivery, rows, cost):
    connection.execute(
        "INSERT INTO control VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, NULL)",
        [account, month, currency, delivery, rows, cost],
    )


def base(connection, account, month, currency, delivery, day, lines, cost, category="Usage", defect=None):
    connection.execute(
        "INSERT INTO base VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)",
        [account, month, currency, delivery, day, category, defect, lines, cost],
    )


@pytest.fixture
def two(connection):
    """September in two currencies, a row without an account set aside; October in another delivery."""
    month = date(2026, 9, 1)
    control(connection, "1", month, "USD", 0, 5, "6")
    control(connection, "1", month, "EUR", 0, 1, "2")
    control(connection, None, month, "USD", 0, 1, "9")
    control(connection, "1", date(2026, 10, 1), "USD", 1, 1, "7")
    base(connection, "1", month, "USD", 0, date(2026, 9, 3), 2, "1")
    base(connection, "1", month, "USD", 0, date(2026, 9, 5), 1, "2")
    base(connection, "1", month, "USD", 0, date(2026, 9, 30), 1, "3", "Tax")
    base(connection, "1", month, "USD", 0, date(2026, 9, 30), 1, None, defect="BilledCost is missing")
    base(connection, "1", month, "EUR", 0, date(2026, 9, 4), 1, "2")
    base(connection, None, month, "USD", 0, date(2026, 9, 4), 1, "9", defect="BillingAccountId is missing")
    base(connection, "1", date(2026, 10, 1), "USD", 1, date(2026, 10, 2), 1, "7")
    return holdings(connection, 2)


def test_every_part_once_what_is_unknown_first(two):
    assert [list(one.control) for one in two] == [[(None, "2026-09"), SEPTEMBER], [("1", "2026-10")]]


def test_tie_outs_by_currency(two):
    euro, dollar = two[0].tie_outs(SEPTEMBER)
    assert (euro.currency, euro.rows_in, euro.rows_loaded, euro.rows_quarantined) == ("EUR", 1, 1, 0)
    assert (dollar.currency, dollar.rows_in, dollar.rows_loaded, dollar.rows_quarantined) == ("USD", 5, 4, 1)
    assert dollar.sums_in["BilledCost"] == dollar.sums_store["BilledCost"] == Decimal(6)
    assert dollar.sums_quarantined["BilledCost"] is dollar.sums_store["ListCost"] is None
    assert euro.tied_out and dollar.tied_out


def test_a_part_of_rows_set_aside_alone(two):
    key = (None, "2026-09")
    (entry,) = two[0].tie_outs(key)
    assert (entry.rows_in, entry.rows_loaded, entry.rows_quarantined) == (1, 0, 1)
    assert entry.sums_quarantined["BilledCost"] == Decimal(9) and entry.sums_store["BilledCost"] is None
    assert two[0].has(sound=False, key=key) and not two[0].has(sound=True, key=key)
    assert two[0].last_day(key) is None


def test_the_last_day_is_one_of_usage_and_sound(two):
    assert two[0].last_day(SEPTEMBER) == date(2026, 9, 5)
    assert two[1].last_day(("1", "2026-10")) == date(2026, 10, 2)


def test_line_items_in_all_and_sound_ones_by_currency(two):
    assert [one.rows for one in two] == [7, 1]
    assert two[0].currencies() == {"EUR": 1, "USD": 4}


def test_a_delivery_without_rows_holds_nothing(connection):
    (nothing,) = holdings(connection, 1)
    assert not nothing.rows and not nothing.control and not nothing.has(sound=True)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([(10, 1)], True),
        ([(10, 1), (9, 1)], True),
        ([(10, 1), (10, 2)], False),
        ([(10, 1), (11, 15)], True),  # in advance
        ([(11, 1)], False),
        ([], False),
    ],
)
def test_whether_all_usage_begins_on_first_days(connection, days, said):
    october = date(2026, 10, 1)
    control(connection, "1", october, "USD", 0, 9, "9")
    base(connection, "1", october, "USD", 0, date(2026, 10, 5), 1, "9", "Tax")
    base(connection, "1", october, "USD", 0, date(2026, 10, 5), 1, "9", defect="BilledCost is missing")
    for number, (month, day) in enumerate(days):
        currency = ("USD", "EUR")[number]
        base(connection, "1", october, currency, 0, date(2026, month, day), 1, "1")
    (found,) = holdings(connection, 1)
    assert found.is_on_firsts(("1", "2026-10")) is said
