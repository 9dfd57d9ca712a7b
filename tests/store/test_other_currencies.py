"""What bills in other currencies hold of the same spend, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.focus import BILLED, CURRENCY, EFFECTIVE
from costlib.periods import Window
from costlib.store.other_currencies import InCurrency, other_currencies
from costlib.store.question import Filter, Question
from tests.builders import focus_row, load_into, opened, write_csv

SEARCH = Filter("x_Team", ("Search",))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """On 5 September 3 dollars, twice 4 euros, 2 pounds of unknown effective cost, and francs that come to nothing.

    On 6 September 1 euro for Ads.
    """
    folder = tmp_path_factory.mktemp("currencies")
    rows = [
        focus_row(EffectiveCost="3"),
        *(focus_row(BillingCurrency="EUR", EffectiveCost="4") for _ in range(2)),
        focus_row(BillingCurrency="GBP", BilledCost="2", EffectiveCost=None),
        *(focus_row(BillingCurrency="CHF", BilledCost=cost, EffectiveCost=cost) for cost in ("7", "-7")),
        focus_row(
            BillingCurrency="EUR", EffectiveCost="1", ChargePeriodStart="2026-09-06T00:00:00Z", Tags='{"team": "Ads"}'
        ),
    ]
    load_into(folder / "store", write_csv(folder / "bill.csv", rows))
    return folder / "store"


def apart(store: Path, currency: str, *filters: Filter, measure: str = EFFECTIVE, days: int = 9) -> list[InCurrency]:
    window = Window(date(2026, 9, 1), date(2026, 9, 1 + days))
    with opened(store) as reader:
        return list(other_currencies(reader, Question(measure=measure, window=window, filters=filters), currency))


def test_each_other_currency_by_its_own_sum_and_none_that_comes_to_nothing(store: Path) -> None:
    assert apart(store, "USD") == [("EUR", Decimal(9)), ("GBP", None)]
    assert apart(store, "EUR") == [("GBP", None), ("USD", Decimal(3))]


def test_the_question_holds_but_for_its_currency(store: Path) -> None:
    dollars = Filter(CURRENCY, ("USD",))
    assert apart(store, "USD", dollars, SEARCH) == [("EUR", Decimal(8)), ("GBP", None)]
    assert apart(store, "USD", dollars, days=5)[0] == ("EUR", Decimal(8))
    assert apart(store, "USD", dollars, days=4) == []
    assert apart(store, "USD", Filter("x_Team", ("Ads",))) == [("EUR", Decimal(1))]


def test_by_the_measure_that_is_asked(store: Path) -> None:
    assert apart(store, "EUR", measure=BILLED) == [("GBP", Decimal(2)), ("USD", Decimal("1.50"))]


def test_a_bill_in_one_currency_asks_nothing_further(tmp_path: Path) -> None:
    load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", [focus_row()]))
    assert apart(tmp_path / "store", "USD") == []
