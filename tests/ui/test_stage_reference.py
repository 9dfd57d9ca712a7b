"""What an approval is measured against: mean monthly spend in scope over the last fiscal quarter that has closed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from types import SimpleNamespace
from typing import Any

import pytest

from costlib.periods import Window
from costlib.roadmap.plan_model import Initiative
from costlib.store.question import Filter
from ui.editing.stage import reference_of, segments_of


class Selected:
    """A selection that answers with these sums and remembers what it was asked."""

    def __init__(self, *amounts: str | None, values: tuple[tuple[str | None, ...], ...] = (), unknown: int = 0) -> None:
        self.amounts, self.values, self.unknown = amounts, values, unknown
        self.filters: tuple[Filter, ...] = ()
        self.asked: list[tuple[Any, ...]] = []

    def narrowed(self, *filters: Filter) -> Selected:
        self.filters = filters
        return self

    def ask(self, by: tuple[str, ...], *question: Any) -> list[Any]:
        self.asked.append((by, *question))
        if self.values:
            return [SimpleNamespace(values=one) for one in self.values]
        return [SimpleNamespace(amount=None if one is None else D(one), unknown=self.unknown) for one in self.amounts]


def chosen(selection: Selected, window: Window, fiscal: int = 1, baseline: object = None) -> Any:
    return SimpleNamespace(
        selection=selection,
        page=SimpleNamespace(window=window, settings=SimpleNamespace(fiscal_year_start=fiscal)),
        saved=SimpleNamespace(plan=SimpleNamespace(baseline=baseline)),
    )


ONE = Initiative(id="a", scope={"x_Team": ["Search", "Recs"], "x_Model": ["ranker"]})
YEAR = Window(date(2025, 11, 1), date(2026, 10, 21))


class TestReference:
    @pytest.mark.parametrize(
        ("fiscal", "end", "quarter"),
        [
            (1, date(2026, 10, 21), Window(date(2026, 7, 1), date(2026, 10, 1))),
            (1, date(2026, 10, 1), Window(date(2026, 7, 1), date(2026, 10, 1))),
            (1, date(2026, 9, 30), Window(date(2026, 4, 1), date(2026, 7, 1))),
            (2, date(2026, 10, 21), Window(date(2026, 5, 1), date(2026, 8, 1))),
            (3, date(2026, 10, 21), Window(date(2026, 6, 1), date(2026, 9, 1))),
        ],
    )
    def test_the_quarter_is_the_last_closed_one_of_the_fiscal_year(
        self, fiscal: int, end: date, quarter: Window
    ) -> None:
        selection = Selected("300")
        reference_of(chosen(selection, Window(YEAR.start, end), fiscal), ONE)
        ((by, window),) = selection.asked
        assert (by, window) == ((), quarter)

    def test_it_is_a_third_of_the_quarter_to_the_cent(self) -> None:
        assert reference_of(chosen(Selected("100", "0.01"), YEAR), ONE) == D("33.34")

    def test_only_spend_in_scope_counts(self) -> None:
        selection = Selected("300")
        reference_of(chosen(selection, YEAR), ONE)
        assert selection.filters == (Filter("x_Team", ("Search", "Recs")), Filter("x_Model", ("ranker",)))

    @pytest.mark.parametrize("amounts", [(), (None,)])
    def test_where_nothing_is_known_there_is_none(self, amounts: tuple[str | None, ...]) -> None:
        assert reference_of(chosen(Selected(*amounts), YEAR), ONE) is None

    def test_a_quarter_of_which_some_is_unknown_is_not_frozen_as_if_it_were_known(self) -> None:
        assert reference_of(chosen(Selected("300", unknown=1), YEAR), ONE) is None

    @pytest.mark.parametrize(("start", "known"), [(date(2026, 7, 1), True), (date(2026, 7, 2), False)])
    def test_bills_that_begin_within_the_quarter_say_nothing_of_it(self, start: date, known: bool) -> None:
        found = reference_of(chosen(Selected("300"), Window(start, YEAR.end)), ONE)
        assert found == (D(100) if known else None)

    def test_a_plan_with_its_own_spend_is_not_measured_against_the_bills(self) -> None:
        assert reference_of(chosen(Selected("300"), YEAR, baseline=object()), ONE) is None


class TestSegments:
    def test_segments_are_those_of_the_columns_in_scope(self) -> None:
        selection = Selected(values=(("Search", "ranker"), (None, "ranker")))
        assert segments_of(chosen(selection, YEAR), ONE) == [
            {"x_Team": "Search", "x_Model": "ranker"},
            {"x_Team": None, "x_Model": "ranker"},
        ]
        assert selection.asked == [(("x_Team", "x_Model"),)]

    def test_without_a_scope_they_are_teams(self) -> None:
        selection = Selected(values=(("Search",),))
        assert segments_of(chosen(selection, YEAR), Initiative(id="b")) == [{"x_Team": "Search"}]

    def test_a_plan_with_its_own_spend_has_none(self) -> None:
        assert segments_of(chosen(Selected(), YEAR, baseline=object()), ONE) is None
