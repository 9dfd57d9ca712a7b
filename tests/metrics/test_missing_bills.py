"""Unit costs where a bill is not loaded, or that of one account: requests of its days never cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.analysis.units.costs import Gap, UnitCost
from costlib.analysis.units.measures import Volume
from costlib.focus import CURRENCY
from costlib.metrics.costs import UnitQuestions
from costlib.periods import Grain, Window
from costlib.store.question import Filter
from tests.builders import load_into, opened, ruleset, write_csv
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


#: The bill of AWS ends on 20 April.
BILLED = Window(YEAR.start, date(2026, 4, 21))
AZURE = {"ServiceProviderName": "Microsoft", "ProviderName": "Microsoft", "BillingAccountId": "az"}


class TestOneAccount:
    """AWS bills 6 dollars a day for the ranker and 10 for the scorer, Azure 4 for the ranker and 10 for gpt."""

    def found(
        self, folder: Path, lacks: Callable[[date], bool], grain: Grain = Grain.MONTH
    ) -> dict[tuple[str | None, date], UnitCost]:
        """A thousand requests of each a day; Azure's bill lacks some days."""
        with self.questions(folder, lacks, grain) as asked:
            counts = [
                Volume(day, "requests", "Ads", name, Decimal(1000))
                for day in DAYS
                for name in ("ranker", "scorer", "gpt")
            ]
            found = asked.unit_costs(counts, BILLED)
            return {(one.model, one.period): one for one in found if one.unit.metric == "requests"}

    @contextmanager
    def questions(
        self, folder: Path, lacks: Callable[[date], bool], grain: Grain = Grain.MONTH
    ) -> Iterator[UnitQuestions]:
        rows = [
            charge(day, cost, team="Ads", model=name) for day in DAYS for name, cost in (("ranker", 6), ("scorer", 10))
        ]
        late = (("ranker", 4), ("gpt", 10))
        rows += [
            charge(day, cost, team="Ads", model=name) | AZURE for day in DAYS if not lacks(day) for name, cost in late
        ]
        rows = [row for row in rows if (row["ChargePeriodStart"] or "") < f"{BILLED.end}"]
        load_into(folder / "store", write_csv(folder / "bill.csv", rows), rules=RULES)
        with opened(folder / "store") as reader:
            yield UnitQuestions(reader, (Filter(CURRENCY, ("USD",)),), grain)

    def test_whole_bills_leave_nothing_out(self, tmp_path: Path) -> None:
        found = self.found(tmp_path, lambda day: False)
        assert {one.amount for one in found.values()} == {10} and len(found) == 12

    @pytest.mark.parametrize(
        ("lacks", "month"),
        [
            pytest.param(lambda day: day.month == 3, 3, id="a closed month"),
            pytest.param(lambda day: day.month == 4, 4, id="the running month"),
        ],
    )
    def test_its_models_have_no_cost_of_a_month_that_it_lacks(
        self, lacks: Callable[[date], bool], month: int, tmp_path: Path
    ) -> None:
        """The ranker, of which AWS bills 6 dollars of 10, cost 40 per cent less, and gpt nothing."""
        found = self.found(tmp_path, lacks)
        gaps = {key for key, one in found.items() if one.amount is None}
        assert gaps == {(name, date(2026, month, 1)) for name in ("ranker", "gpt")}
        assert all(found[key].gap is Gap.UNBILLED for key in gaps)
        assert {one.amount for key, one in found.items() if key not in gaps} == {10}

    def test_weeks_that_it_holds_in_part_are_of_the_days_it_holds(self, tmp_path: Path) -> None:
        found = self.found(tmp_path, lambda day: day.month == 3, Grain.WEEK)
        assert {one.amount for one in found.values()} == {10, None}
        first = found["ranker", date(2026, 2, 23)]
        assert (first.cost, first.volume) == (60, 6000)
        assert found["scorer", date(2026, 2, 23)].volume == 7000

    def test_last_days_that_lag_are_left_out(self, tmp_path: Path) -> None:
        """Azure ends four days sooner: 16 days of 20 in April."""
        found = self.found(tmp_path, lambda day: day > date(2026, 4, 16))
        april = {model: one for (model, period), one in found.items() if period == date(2026, 4, 1)}
        assert {name: (one.volume, one.amount) for name, one in april.items()} == {
            "ranker": (16_000, 10), "gpt": (16_000, 10), "scorer": (20_000, 10)
        }  # fmt: skip

    def test_the_account_and_its_days_are_named(self, tmp_path: Path) -> None:
        with self.questions(tmp_path, lambda day: day.month == 3) as asked:
            (one,) = asked.unbilled()
            assert (one.account, one.days) == ("Microsoft (az)", Window(date(2026, 3, 1), date(2026, 4, 1)))
            assert {cost.model for cost in one.costs} == {"ranker", "gpt"}
            assert {(cost.amount, cost.only) for cost in one.costs} == {(None, None)}

    def test_a_filter_that_leaves_nothing_of_it_leaves_nothing_out(self, tmp_path: Path) -> None:
        with self.questions(tmp_path, lambda day: day.month == 3) as asked:
            scorer = replace(asked, filters=(*asked.filters, Filter("x_Model", ("scorer",))))
            assert scorer.unbilled() == ()


class TestTokensOfABillThatIsLate:
    """Two accounts bill tokens of one model, at 10 and at 2 dollars a thousand; the dearer lacks March."""

    def test_what_is_billed_is_not_the_price_of_all(self, tmp_path: Path) -> None:
        rules = ruleset(
            {"name": "model tag", "set": {"x_Model": {"tag": ["model"]}}},
            {"name": "tokens", "when": {"tag:model": "*"}, "set": {"x_CostType": "tokens"}},
        )
        meter = {"SkuMeter": "Input tokens", "ConsumedUnit": "Tokens", "ConsumedQuantity": "1000"}
        rows = [charge(day, 2, model="bot") | meter for day in DAYS]
        rows += [charge(day, 10, model="bot") | meter | AZURE for day in DAYS if day.month != 3]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows), rules=rules)
        with opened(tmp_path / "store") as reader:
            asked = UnitQuestions(reader, (Filter(CURRENCY, ("USD",)),), Grain.MONTH)
            found = {one.period.month: one.amount for one in asked.unit_costs([], YEAR)}
        assert found == {1: 6000, 2: 6000, 3: None, 4: 6000}
