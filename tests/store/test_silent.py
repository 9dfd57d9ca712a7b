"""Accounts of which no bill came any more while others went on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from costlib.periods import add_months
from costlib.store.silent import Silent, silent_accounts
from tests.builders import Row, load_into, opened, write_csv
from tests.small_company import charge

AZURE = "Microsoft (az)"


def month(number: int) -> date:
    """So many months after January 2026."""
    return add_months(date(2026, 1, 1), number)


def aws(number: int, cost: float = 100) -> Row:
    """A charge of AWS in a month."""
    return charge(month(number), cost) | {
        "ServiceProviderName": "AWS",
        "ProviderName": "AWS",
        "BillingAccountId": "aws",
    }


def azure(number: int, cost: float = 100, currency: str = "USD") -> Row:
    """A charge of Azure in a month."""
    of = {"ServiceProviderName": "Microsoft", "ProviderName": "Microsoft", "BillingAccountId": "az"}
    return charge(month(number), cost, currency) | of


def silent(folder: Path, *rows: Row) -> tuple[Silent, ...]:
    """The silent accounts of a store of these rows."""
    load_into(folder / "store", write_csv(folder / "bill.csv", list(rows)))
    with opened(folder / "store") as reader:
        return silent_accounts(reader)


@pytest.mark.parametrize(("last", "told"), [(9, False), (8, False), (7, True), (6, True), (2, True), (1, False)])
def test_it_is_told_from_the_first_closed_month_without_a_bill_for_half_a_year(
    last: int, told: bool, tmp_path: Path
) -> None:
    """AWS goes on to October 2026: September is the last closed month."""
    rows = [*(aws(at) for at in range(10)), *(azure(at) for at in range(last + 1))]
    assert silent(tmp_path, *rows) == (((AZURE, month(last)),) if told else ())


@pytest.mark.parametrize(("cost", "told"), [(0.49, False), (0.5, True), (-40, False)])
def test_small_change_and_credits_are_not_told(cost: float, told: bool, tmp_path: Path) -> None:
    """Half a per cent of a month of 100 dollars is 50 cents."""
    rows = [*(aws(at, 100 - cost) for at in range(10)), azure(3, cost)]
    assert bool(silent(tmp_path, *rows)) is told


def test_a_share_is_of_the_same_currency(tmp_path: Path) -> None:
    """40 cents are nothing beside 100 dollars; in euros they are all there is."""
    rows = [*(aws(at) for at in range(10)), azure(5, 0.4, "EUR")]
    assert silent(tmp_path, *rows) == ((AZURE, month(5)),)


def test_a_tax_since_is_no_usage(tmp_path: Path) -> None:
    rows = [*(aws(at) for at in range(10)), azure(5), azure(8) | {"ChargeCategory": "Tax"}]
    assert silent(tmp_path, *rows) == ((AZURE, month(5)),)


def test_one_account_alone_is_never_silent(tmp_path: Path) -> None:
    assert silent(tmp_path, aws(0), aws(9)) == ()
