"""Unit costs as a table to calculate with, and the names of models that several teams have."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from types import SimpleNamespace
from typing import Any

import pytest

from costlib.analysis.units import UnitCost
from costlib.analysis.units.measures import unit_of
from ui.units.one import OneUnit, every_unit

REQUESTS, TOKENS = unit_of("requests"), unit_of("input tokens")
AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)


def cost(team: str | None, model: str | None, dollars: str | None = "6", **more: Any) -> UnitCost:
    amount = None if dollars is None else D(dollars)
    held = {"unit": REQUESTS, "period": SEPTEMBER, "by_use": None, "volume": D(3000)} | more
    return UnitCost(team=team, model=model, cost=amount, **held)


def page(*found: UnitCost) -> Any:
    def name(period: date) -> str:
        return f"{period:%b}"

    return SimpleNamespace(costs=found, offered=(REQUESTS, TOKENS), starts=(AUGUST, SEPTEMBER), at=1, name=name)


def names(*who: tuple[str | None, str | None]) -> dict[tuple[str | None, str | None], str]:
    return OneUnit(page(*(cost(team, model) for team, model in who)), REQUESTS).names


@pytest.mark.parametrize(
    ("who", "called"),
    [
        ([("Search", "ranker")], ["ranker"]),
        ([("Search", "ranker"), ("Ads", "ranker")], ["ranker (Search)", "ranker (Ads)"]),
        ([("Search", "ranker"), (None, "ranker")], ["ranker (Search)", "ranker (no team)"]),
        ([("Search", None), (None, None)], ["Search, no model", "No team"]),
        ([("חיפוש", "推薦"), (None, "ranker")], ["推薦", "ranker"]),
    ],
)
def test_each_team_and_model_has_a_name_of_its_own(who: list[tuple[str | None, str | None]], called: list[str]) -> None:
    assert [names(*who)[one] for one in who] == called


def test_a_unit_stands_after_the_cost_of() -> None:
    assert OneUnit(page(), REQUESTS).one == "1,000 inferences"
    assert not OneUnit(page(), TOKENS).one.startswith("one 1")


def test_the_table_has_both_bases_and_keeps_unknown_unknown() -> None:
    found = [cost("Search", "ranker", by_use=D(3)), cost(None, None, None, volume=None)]
    blank, known = every_unit(page(*found)).to_pylist()
    assert (known["Allocation basis"], known["Usage basis"], known["Cost"], known["Count"]) == (2.0, 1.0, 6.0, 3000.0)
    assert (blank["Team"], blank["Model"]) == ("–", "–")
    assert {blank[name] for name in ("Allocation basis", "Usage basis", "Cost", "Count")} == {None}


def test_no_count_is_no_unit_cost() -> None:
    (row,) = every_unit(page(cost("Search", "ranker", volume=D(0)))).to_pylist()
    assert (row["Allocation basis"], row["Cost"]) == (None, 6.0)


def test_the_units_in_the_order_offered_each_with_its_latest_period_first() -> None:
    found = [
        cost("A", "b", unit=TOKENS),
        cost("A", "b", period=AUGUST),
        cost("B", "a"),
        cost("A", "b"),
        cost("A", "a"),
    ]
    rows = every_unit(page(*found)).to_pylist()
    assert [(row["Unit"], row["Period"], row["Model"], row["Team"]) for row in rows] == [
        (REQUESTS.name, "Sep", "a", "A"),
        (REQUESTS.name, "Sep", "a", "B"),
        (REQUESTS.name, "Sep", "b", "A"),
        (REQUESTS.name, "Aug", "b", "A"),
        (TOKENS.name, "Sep", "b", "A"),
    ]


def test_without_counts_the_table_has_its_columns() -> None:
    table = every_unit(page())
    assert table.num_rows == 0 and table.column_names[:4] == ["Unit", "Model", "Team", "Period"]
