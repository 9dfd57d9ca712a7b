"""Budget beside actual: which months have closed, which quarters are covered, what a filter of teams leaves of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal as D
from types import SimpleNamespace
from typing import Any

import pytest

from costlib.analysis.budget import Budget, BudgetLine
from costlib.fiscal import WeekCalendar
from costlib.periods import Window, add_months
from costlib.store.question import Filter, Row
from ui.budgets.year import (
    actual_of,
    budget_by_month,
    budget_of,
    closed_quarters,
    covered_words,
    is_of,
    of_teams,
    review,
)

YEAR = [add_months(date(2026, 1, 1), at) for at in range(12)]


def budget(fiscal_start: int = 1, months: list[date] | None = None) -> Budget:
    """Search 100 and Recs 10 a month, and 1 that belongs to nobody."""
    amounts = {"Search": D(100), "Recs": D(10), None: D(1)}
    lines = tuple(BudgetLine(team, month, amount) for month in months or YEAR for team, amount in amounts.items())
    return Budget("FY26 v1", date(2025, 12, 1), "USD", lines, fiscal_start)


@dataclass(frozen=True)
class Selected:
    """A selection of bills that cover a window; remembers what was asked of it."""

    window: Window
    rows: tuple[Row, ...] = ()
    filters: tuple[Filter, ...] = ()
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    measure: str = "EffectiveCost"
    missing: tuple[date, ...] = ()

    @property
    def page(self) -> Any:
        return SimpleNamespace(window=self.window, today=date(2026, 10, 21), missing=self.missing)

    def ask(self, *question: Any) -> list[Row]:
        self.asked.append(question)
        return list(self.rows)


def covering(start: date, end: date, *rows: Row, filters: tuple[Filter, ...] = ()) -> Any:
    """``end`` is the first day without data."""
    return Selected(Window(start, end), rows, filters)


def row(team: str | None, month: date | None, amount: str | None) -> Row:
    return Row((team,), month, "USD", None if amount is None else D(amount), 1, int(amount is None))


class TestFilters:
    def by_month(self, *filters: Filter) -> D | None:
        return budget_by_month(of_teams(budget(), filters)).get(YEAR[0])

    def test_without_one_all_teams_count_and_what_is_nobodys_too(self) -> None:
        assert budget_by_month(of_teams(budget(), ())) == dict.fromkeys(YEAR, D(111))

    def test_the_budget_of_a_team_is_of_its_lines_alone(self) -> None:
        """So that its year is never held against what all teams together may spend."""
        search = of_teams(budget(), (Filter("x_Team", ("Search",)),))
        assert (search.teams, search.total(YEAR), search.version) == (("Search",), D(1200), "FY26 v1")

    def test_chosen_teams_are_added_up(self) -> None:
        assert self.by_month(Filter("x_Team", ("Search",))) == D(100)
        assert self.by_month(Filter("x_Team", ("Search", "Recs"))) == D(110)

    def test_teams_left_out_are_left_out(self) -> None:
        assert self.by_month(Filter("x_Team", ("Search",), exclude=True)) == D(11)

    def test_two_filters_both_count(self) -> None:
        both = Filter("x_Team", ("Search", "Recs")), Filter("x_Team", ("Recs",), exclude=True)
        assert self.by_month(*both) == D(100)

    def test_a_team_without_a_budget_has_no_month(self) -> None:
        assert self.by_month(Filter("x_Team", ("Fraud",))) is None

    def test_a_filter_that_no_budget_line_tells_apart_leaves_no_budget(self) -> None:
        """The state is not even opened: a budget by team says nothing of one model."""
        assert budget_of(covering(YEAR[0], YEAR[1], filters=(Filter("x_Model", ("ranker",)),))) is None


class TestActual:
    def test_only_months_that_the_bills_cover_from_end_to_end_have_closed(self) -> None:
        chosen = covering(date(2026, 2, 1), date(2026, 5, 15))
        actual_of(chosen, budget(), YEAR)
        ((by, window, *_),) = chosen.asked
        assert by == ("x_Team",) and window == Window(date(2026, 2, 1), date(2026, 5, 1))

    @pytest.mark.parametrize(
        ("end", "closed"), [(date(2026, 2, 27), None), (date(2026, 2, 28), None), (date(2026, 3, 1), date(2026, 3, 1))]
    )
    def test_a_month_closes_with_its_last_day(self, end: date, closed: date | None) -> None:
        chosen = covering(date(2026, 2, 1), end)
        assert actual_of(chosen, budget(), YEAR) == {}
        assert [window.end for _, window, *_ in chosen.asked] == ([] if closed is None else [closed])

    def test_a_month_that_the_bills_begin_in_is_not_closed(self) -> None:
        chosen = covering(date(2026, 1, 2), date(2026, 3, 1))
        actual_of(chosen, budget(), YEAR)
        assert chosen.asked[0][1].start == date(2026, 2, 1)

    def test_amounts_by_team_and_month_and_unknown_stays_unknown(self) -> None:
        rows = (
            row("Search", YEAR[0], "90"),
            row(None, YEAR[0], "2"),
            row("Recs", YEAR[1], None),
            row("Recs", None, "5"),
        )
        found = actual_of(covering(YEAR[0], YEAR[2], *rows), budget(), YEAR)
        assert found == {("Search", YEAR[0]): D(90), (None, YEAR[0]): D(2), ("Recs", YEAR[1]): None}

    def test_a_fiscal_period_with_a_day_of_a_missing_bill_is_not_known(self) -> None:
        """Of the days from 23 February to 26 April, those of March are not billed: both periods are not known."""
        weeks = WeekCalendar("4-4-5", 1)
        starts = tuple(weeks.starts(2026))
        lines = tuple(BudgetLine("Search", start, D(300)) for start in starts)
        held = Budget("FY26", date(2025, 12, 1), "USD", lines, weeks)
        rows = tuple(row("Search", start, "70") for start in starts[:5])
        chosen: Any = Selected(Window(date(2024, 11, 1), date(2025, 8, 1)), rows, missing=(date(2025, 3, 1),))
        known = [cost is not None for cost in actual_of(chosen, held, starts).values()]
        spans = [Window(start, held.after(start)) for start in starts[:5]]
        assert known == [not (span.start < date(2025, 4, 1) and date(2025, 3, 1) < span.end) for span in spans]
        assert known == [True, False, False, True, True]


class TestQuarters:
    def quarters(self, start: date, end: date, held: Budget | None = None) -> list[date]:
        return [one[0] for one in closed_quarters(covering(start, end), held or budget())]

    def test_newest_first_and_only_whole_ones(self) -> None:
        assert self.quarters(date(2026, 1, 1), date(2026, 7, 1)) == [date(2026, 4, 1), date(2026, 1, 1)]

    @pytest.mark.parametrize(
        ("start", "end"), [(date(2026, 1, 2), date(2026, 4, 1)), (date(2026, 1, 1), date(2026, 3, 31))]
    )
    def test_a_day_too_few_at_either_end_is_too_few(self, start: date, end: date) -> None:
        assert self.quarters(start, end) == []

    def test_quarters_are_those_of_the_fiscal_year(self) -> None:
        months = [add_months(date(2026, 2, 1), at) for at in range(12)]
        assert self.quarters(date(2026, 1, 1), date(2026, 9, 1), budget(2, months)) == [
            date(2026, 5, 1),
            date(2026, 2, 1),
        ]

    def test_a_quarter_without_a_budget_is_none(self) -> None:
        held = budget(months=YEAR[3:6])
        assert self.quarters(date(2026, 1, 1), date(2027, 1, 1), held) == [date(2026, 4, 1)]

    def test_every_quarter_has_its_three_months_in_order(self) -> None:
        (first,) = closed_quarters(covering(date(2026, 1, 1), date(2026, 4, 1)), budget())
        assert list(first) == YEAR[:3]


class TestYear:
    @pytest.mark.parametrize(
        ("start", "end", "same"),
        [
            (date(2026, 1, 1), date(2027, 1, 1), True),
            (date(2025, 12, 29), date(2027, 1, 4), True),
            (date(2025, 12, 25), date(2027, 1, 1), True),
            (date(2025, 12, 24), date(2027, 1, 1), False),
            (date(2026, 1, 1), date(2027, 1, 9), False),
            (date(2026, 4, 1), date(2027, 4, 1), False),
        ],
    )
    def test_a_year_of_weeks_lies_within_a_week_of_that_of_months(self, start: date, end: date, same: bool) -> None:
        assert is_of(budget(), Window(start, end), date(2026, 10, 21)) is same


class TestCovered:
    @pytest.mark.parametrize("fiscal_start", [1, 4])
    def test_a_year_is_held_against_a_budget_of_all_its_months(self, fiscal_start: int) -> None:
        months = [add_months(date(2026, fiscal_start, 1), at) for at in range(12)]
        assert covered_words(budget(fiscal_start, months), date(2026, 10, 21)) == ""
        assert "11 of the 12 months" in covered_words(budget(fiscal_start, months[1:]), date(2026, 10, 21))
        assert "11 of the 12 months" in covered_words(budget(fiscal_start, months[:-1]), date(2026, 10, 21))

    def test_months_of_another_year_do_not_count(self) -> None:
        held = budget(months=[*YEAR[9:], *(add_months(YEAR[-1], at) for at in range(1, 10))])
        assert "is for 3 of the 12 months" in covered_words(held, date(2026, 10, 21))


def test_a_review_compares_what_was_spent_with_what_was_budgeted() -> None:
    """Search spends 90, 110 and 130 of 100 a month: 30 over; what nobody was given is 3, of which nothing was spent."""

    @dataclass(frozen=True)
    class WithUnits(Selected):
        def narrowed(self, *filters: Filter) -> Any:
            return WithUnits(self.window)

    rows = tuple(row("Search", month, amount) for month, amount in zip(YEAR, ("90", "110", "130"), strict=False))
    chosen: Any = WithUnits(Window(YEAR[0], YEAR[3]), rows)
    found = {one.variance.team: one.variance for one in review(chosen, budget(), YEAR[:3]) if not one.variance.every}
    assert (found["Search"].budget, found["Search"].actual) == (D(300), D(330))
