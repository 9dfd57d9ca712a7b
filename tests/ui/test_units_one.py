"""One unit of Unit costs: models compared with the period before, their rows, trend and items, worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from types import SimpleNamespace
from typing import Any

import pytest

from costlib.analysis.units import Gap, UnitCost
from costlib.analysis.units.measures import unit_of
from costlib.briefs.exhibits import Basis
from costlib.periods import Grain, Window
from ui.units.one import OneUnit, _items_of

REQUESTS, TOKENS = unit_of("requests"), unit_of("input tokens")
AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)
UNTIL = date(2026, 9, 30)


def cost(model: str | None, dollars: str | None, thousands: int | None = 1, **more: Any) -> UnitCost:
    """So many thousand requests of a model of Search in September, half of the cost used."""
    amount = None if dollars is None else D(dollars)
    held: dict[str, Any] = {"unit": REQUESTS, "period": SEPTEMBER, "team": "Search"}
    held |= {"by_use": None if amount is None else amount / 2}
    volume = None if thousands is None else D(thousands) * 1000
    return UnitCost(model=model, cost=amount, volume=volume, **(held | more))


def one_unit(*found: UnitCost, at: int = 1) -> OneUnit:
    page: Any = SimpleNamespace(
        costs=found, starts=(AUGUST, SEPTEMBER), at=at, fiscal_start=1, once=lambda work, name, *further: work(),
        name=lambda period: f"{period:%b %Y}", said=lambda period: f"in {period:%b %Y}",
        selection=SimpleNamespace(currency="USD"), basis=Basis("EffectiveCost", "USD", UNTIL, "g"),
        choices=SimpleNamespace(grain=Grain.MONTH, window=Window(AUGUST, OCTOBER)),
    )  # fmt: skip
    return OneUnit(page, REQUESTS)


class TestCompared:
    def test_the_dearest_unit_first_equals_by_name_and_what_has_no_count_last(self) -> None:
        found = one_unit(
            cost("b", "2"), cost("dear", "9"), cost("a", "2"), cost("blank", "99", None), cost("z", "8", 4)
        )
        assert [one.name for one in found.compared] == ["dear", "a", "b", "z", "blank"]

    def test_other_units_and_other_periods_are_not_of_it(self) -> None:
        found = one_unit(cost("a", "2"), cost("t", "5", unit=TOKENS), cost("old", "4", period=AUGUST))
        assert [one.name for one in found.compared] == ["a"]
        assert len(found.rows) == 2

    def test_a_model_stands_beside_itself_in_the_period_before(self) -> None:
        """3 dollars a thousand after 2: half more. Of another team's model of the same name nothing is taken."""
        other = cost("a", "100", period=AUGUST, team="Ads")
        found = one_unit(cost("a", "3"), cost("a", "2", period=AUGUST), other, cost("new", "1"))
        shown = {one.name: one.ratio for one in found.compared}
        assert shown == {"a (Search)": D("0.5"), "new": None}

    @pytest.mark.parametrize(
        ("dollars", "thousands", "named"),
        [("5", None, True), ("5", 0, True), (None, None, True), ("0", None, False), ("5", 1, False)],
    )
    def test_a_model_that_cost_something_and_was_not_counted_is_named(self, dollars, thousands, named) -> None:
        """What is not known to be nothing is something."""
        found = one_unit(cost("a", dollars, thousands))
        assert [name for gap in Gap for name in found.lacking(gap)] == (["a"] if named else [])

    @pytest.mark.parametrize(
        ("lacks", "gap"),
        [
            ({"is_billed": False}, Gap.UNBILLED),
            ({"is_named": False}, Gap.UNNAMED),
            ({}, Gap.UNPRICED),
        ],
    )
    def test_and_why_its_cost_is_unknown(self, lacks, gap) -> None:
        found = one_unit(cost("a", None, **lacks), cost("b", "2"))
        assert {one: found.lacking(one) for one in Gap if found.lacking(one)} == {gap: ["a"]}


class TestRows:
    def test_both_bases_beside_the_period_before(self) -> None:
        found = one_unit(cost("a", "3"), cost("a", "2", period=AUGUST), cost("new", None, None, team=None))
        header, rows = found.table()
        assert header == ["Model", "Allocation basis", "Against Aug 2026", "Usage basis", "Cost", "Work done", "Team"]
        assert rows == [
            ["a", "$3.00", "+50.0%", "$1.50", "$3.00", "1,000", "Search"],
            ["new", "unknown", "unknown", "unknown", "unknown", "unknown", "–"],
        ]

    def test_in_the_first_period_there_is_nothing_before(self) -> None:
        found = one_unit(cost("a", "2", period=AUGUST), at=0)
        header, rows = found.table()
        assert found.earlier is None and not any(name.startswith("Against") for name in header)
        assert rows == [["a", "$2.00", "$1.00", "$2.00", "1,000", "Search"]]

    def test_a_team_is_the_sum_of_its_models_that_were_counted(self) -> None:
        """3 + 5 dollars over 1,000 + 3,000 requests are 2 a thousand; the model without a count is counted itself."""
        found = one_unit(cost("a", "3"), cost("b", "5", 3), cost("c", "7", None), cost("d", "4", team=None))
        header, rows = found.teams()
        by_team = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
        assert by_team["Search"]["Allocation basis"] == "$2.00"
        assert (by_team["Search"]["Usage basis"], by_team["Search"]["Work done"]) == ("$1.00", "4,000")
        assert by_team["Search"]["Models left out"] == "1"
        assert (by_team["No team"]["Allocation basis"], by_team["No team"]["Models left out"]) == ("$4.00", "0")


class TestTrend:
    def test_a_line_a_model_the_most_costly_first_with_gaps_where_nothing_is_known(self) -> None:
        found = one_unit(cost("small", "1"), cost("big", "8", 2), cost("big", "4", period=AUGUST))
        drawn = found.trend()
        assert drawn is not None
        assert [(line.name, line.values) for line in drawn.lines] == [("big", (D(4), D(4))), ("small", (None, D(1)))]
        assert drawn.caption.title == found.finding()
        assert drawn.caption.subtitle.startswith("Cost of 1,000 inferences by month, allocation basis")

    def test_models_that_cost_as_much_keep_the_order_of_their_rows(self) -> None:
        names = [f"m{number}" for number in (3, 1, 2)]
        drawn = one_unit(*(cost(name, "2") for name in names)).trend()
        assert drawn is not None and [line.name for line in drawn.lines] == names

    def test_where_nothing_was_counted_there_is_no_line(self) -> None:
        assert one_unit(cost("a", "5", None)).trend() is None
        assert one_unit().trend() is None


class TestItems:
    """Items of the bill by team and model: a unit with a cost of its own has just its own, others what matches."""

    SIDE = {("Search", "a"): [1], ("Search", None): [2], (None, "a"): [3], ("Ads", "a"): [4], (None, None): [5]}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("who", "items"),
        [(("Search", "a"), [1]), (("Search", None), [1, 2]), ((None, "a"), [1, 3, 4]), ((None, None), [1, 2, 3, 4, 5]),
         (("Ops", None), [])],
    )  # fmt: skip
    def test_what_is_not_said_matches_all(self, who, items) -> None:
        shared = SimpleNamespace(has_own_cost=False)
        assert _items_of(self.SIDE, who, shared) == items  # type: ignore[arg-type]

    def test_a_cost_of_its_own_is_of_that_team_and_model_alone(self) -> None:
        own = SimpleNamespace(has_own_cost=True)
        assert _items_of(self.SIDE, ("Search", None), own) == [2]  # type: ignore[arg-type]
        assert _items_of(self.SIDE, ("Ops", None), own) == []  # type: ignore[arg-type]
