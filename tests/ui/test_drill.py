"""From a cell of the table to the line items of the bill: they add up to what the cell shows."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal as D

import pytest

from costlib import money
from costlib.analysis.windows import year_before
from costlib.periods import Grain, Window
from costlib.store.line_items import LineItems
from tests.ui.conftest import Select
from ui.selection import Selection
from ui.trends.drill import SHOWN, _csv_text, _words
from ui.trends.page import BEFORE, NOTHING, PREVIOUS_YEAR, Choices, Trends

AUTUMN = Window(date(2026, 8, 1), date(2026, 10, 21))


def trends(
    selection: Selection, dimension: str = "x_Team", window: Window = AUTUMN, grain: Grain = Grain.MONTH
) -> Trends:
    return Trends(selection, Choices(dimension, grain, window, None, NOTHING, "Columns"))


def behind(found: Trends, row: int, column: str) -> tuple[str, LineItems]:
    """The name of the cell, and the line items behind it."""
    name, selection, window = found.drill(row, column)
    page = selection.page
    items = page.workspace.line_items(
        page.snapshot, selection.conditions, window, selection.currency, selection.measure, SHOWN
    )
    return name, items


@pytest.mark.parametrize(
    ("dimension", "row", "column"),
    [
        ("x_Team", 0, "Sep 2026"),  # what has no team
        ("x_Team", 1, "Oct 2026"),
        ("x_Team", 1, "Total"),
        ("x_Team", -1, "Aug 2026"),  # everything
        ("x_Model", 2, "Sep 2026"),
        ("ServiceProviderName", 1, "Sep 2026"),  # the vendor's file
        ("ResourceId", 0, "Sep 2026"),
    ],
)
def test_line_items_add_up_to_the_cell(select: Select, dimension: str, row: int, column: str) -> None:
    found = trends(select(), dimension)
    rows = found.table()
    index = row % len(rows)
    name, items = behind(found, index, column)
    assert items.total is not None and items.count > 0
    assert float(money.cents(items.total)) == rows[index][column]
    assert column.removeprefix("Total") in name


@pytest.mark.parametrize("measure", ["BilledCost", "ListCost"])
def test_under_another_measure(select: Select, measure: str) -> None:
    found = trends(select(measure=measure))
    _, items = behind(found, 1, "Sep 2026")
    assert items.total is not None and items.columns[-1] == measure
    assert float(money.cents(items.total)) == found.table()[1]["Sep 2026"]


def test_by_day_and_by_week(select: Select) -> None:
    for grain, column in ((Grain.DAY, "10 Aug 2026"), (Grain.WEEK, "week of 10 Aug 2026")):
        found = trends(select(), window=Window(date(2026, 8, 10), date(2026, 8, 24)), grain=grain)
        _, items = behind(found, 1, column)
        assert items.total is not None
        assert float(money.cents(items.total)) == found.table()[1][column]


class TestCompared:
    """``two_years``: July and August 2026 against the same months of 2025; Ended costs nothing after July."""

    WINDOW = Window(date(2026, 8, 1), date(2026, 9, 1))

    @pytest.fixture
    def found(self, select: Select) -> Trends:
        choices = Choices("x_Team", Grain.MONTH, self.WINDOW, year_before(self.WINDOW), PREVIOUS_YEAR, "Columns")
        return Trends(select("two_years"), choices)

    def test_the_earlier_figure_leads_to_the_earlier_line_items(self, found: Trends) -> None:
        name, items = behind(found, 0, BEFORE)
        assert (name, items.count, items.total) == ("Search, Aug 2025", 31, D(62))
        assert found.table()[0][BEFORE] == 62

    def test_what_ended_has_a_row_and_no_line_items_now(self, found: Trends) -> None:
        assert [row["Team"] for row in found.table()] == ["Search", "Ended", "All"]
        assert behind(found, 1, "Total")[1].count == 0
        assert behind(found, 1, BEFORE)[1].total == D(31)

    def test_everything_of_the_earlier_window(self, found: Trends) -> None:
        name, items = behind(found, 2, BEFORE)
        assert (name, items.total) == ("everything, Aug 2025", D(62 + 31))


class TestWords:
    def test_all_are_shown(self, select: Select) -> None:
        items = LineItems(("a", "EffectiveCost"), [("x", D(1))] * 3, 3, D("3"))
        assert _words(items, select()) == "3 line items, which add up to $3.00."

    def test_only_the_largest_are_shown(self, select: Select) -> None:
        items = LineItems(("a", "EffectiveCost"), [("x", D(1))] * 3, 12345, D("-0.5"))
        assert _words(items, select()) == (
            "The 3 largest of 12,345 line items, which add up to −$0.50 in all; those shown come to $3.00."
        )

    def test_an_unknown_sum_is_unknown(self, select: Select) -> None:
        items = LineItems(("a", "ListCost"), [("x", None)], 1, None)
        assert _words(items, select()) == "1 line item, which comes to unknown."


def test_the_rows_as_csv_are_exact_and_harmless_and_say_their_currency() -> None:
    """A bill in euros and one in dollars made files that nothing told apart."""
    items = LineItems(
        ("ChargePeriodStart", "ResourceId", "EffectiveCost"),
        [(date(2026, 9, 1), "=1+1", D("0.000000000000000001")), (date(2026, 9, 2), None, D("-2.50"))],
        2,
        D(-2),
    )
    assert list(csv.reader(io.StringIO(_csv_text(items, "EUR")))) == [
        ["ChargePeriodStart", "ResourceId", "EffectiveCost", "BillingCurrency"],
        ["2026-09-01", "'=1+1", "0.000000000000000001", "EUR"],
        ["2026-09-02", "", "-2.5", "EUR"],
    ]
