"""Months of which no bill is loaded: which they are, and what counts as a bill of a month."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.periods import add_months
from costlib.store.missing import missing_months
from tests.builders import Row, load_into, opened, write_csv
from tests.small_company import charge


def month(number: int) -> date:
    """So many months after January 2026."""
    return add_months(date(2026, 1, 1), number)


def missing(folder: Path, *rows: Row) -> tuple[date, ...]:
    """The missing months of a store of these rows."""
    load_into(folder / "store", write_csv(folder / "bill.csv", list(rows)))
    with opened(folder / "store") as reader:
        return missing_months(reader)


def test_months_between_two_bills_are_missing(tmp_path: Path) -> None:
    rows = [charge(date(2026, 1, 31), 5), charge(date(2026, 4, 1), 5)]
    assert missing(tmp_path, *rows) == (month(1), month(2))


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 31)])
def test_one_charge_makes_a_month(day: date, tmp_path: Path) -> None:
    rows = [charge(date(2026, 2, 28), 5), charge(day, 5), charge(date(2026, 4, 1), 5)]
    assert missing(tmp_path, *rows) == ()


def test_a_bill_whose_usage_was_on_other_days_is_a_bill(tmp_path: Path) -> None:
    """A charge of the last day of February stands on the bill of March: that bill is there."""
    late = charge(date(2026, 2, 28), 5) | {
        "BillingPeriodStart": "2026-03-01T00:00:00Z",
        "BillingPeriodEnd": "2026-04-01T00:00:00Z",
    }
    assert missing(tmp_path, late, charge(date(2026, 4, 1), 5)) == ()


def test_a_purchase_before_the_first_usage_begins_nothing(tmp_path: Path) -> None:
    """Pages begin with the first usage; what lies between a fee and it is not asked for."""
    fee = charge(date(2026, 1, 1), 5) | {"ChargeCategory": "Purchase"}
    assert missing(tmp_path, fee, charge(date(2026, 4, 1), 5), charge(date(2026, 5, 1), 5)) == ()


def test_another_account_or_currency_fills_a_month(tmp_path: Path) -> None:
    """That one of several bills is missing cannot be told from that it had no charge."""
    other = charge(date(2026, 2, 14), 5, "EUR") | {"BillingAccountId": "9"}
    assert missing(tmp_path, charge(date(2026, 1, 1), 5), other, charge(date(2026, 3, 1), 5)) == ()


def test_without_usage_none_is_missing(tmp_path: Path) -> None:
    assert missing(tmp_path, charge(date(2026, 1, 1), 5) | {"ChargeCategory": "Tax"}) == ()


@settings(max_examples=12)
@given(st.sets(st.integers(0, 15), min_size=1, max_size=6))
def test_billed_and_missing_months_make_up_the_whole(billed: set[int]) -> None:
    with TemporaryDirectory() as folder:
        found = missing(Path(folder), *(charge(month(number), 5) for number in sorted(billed)))
    assert {*found} | {month(number) for number in billed} == {month(at) for at in range(min(billed), max(billed) + 1)}
    assert not {*found} & {month(number) for number in billed}
