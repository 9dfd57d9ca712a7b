"""Figures asked of the store directly, to compare with what a page shows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from costlib import money
from costlib.focus import EFFECTIVE, MEASURE_NAMES
from costlib.periods import Grain, Window
from costlib.store.question import Filter, Question, Row
from costlib.workspace import Workspace

Named = dict[str | None, Decimal | None]


def days(first: str, end: str) -> Window:
    """The days from the first up to, not including, the end."""
    return Window(date.fromisoformat(first), date.fromisoformat(end))


class Asked:
    """Sums of a store under one scope, measure and currency."""

    def __init__(self, store: Path, scope: str = "AI spend", measure: str = EFFECTIVE, currency: str = "USD") -> None:
        self._reader = Workspace(store).snapshot().reader
        self._measure, self.currency = measure, currency
        scopes = (Filter("x_Scope", ("AI",)),) if scope == "AI spend" else ()
        self._filters = (Filter("BillingCurrency", (currency,)), *scopes)

    def rows(self, by: str | None, window: Window | None, grain: Grain = Grain.TOTAL, *more: Filter) -> list[Row]:
        """Rows of the cube, by one dimension or none."""
        filters = (*self._filters, *more)
        question = Question((by,) if by else (), self._measure, grain, window, filters)
        return self._reader.ask(question)

    def total(self, window: Window | None, *more: Filter) -> Decimal | None:
        """The sum over the window."""
        return money.total(row.amount for row in self.rows(None, window, Grain.TOTAL, *more))

    def by(self, dimension: str, window: Window | None, *more: Filter) -> Named:
        """The sum of each value over the window."""
        return {row.values[0]: row.amount for row in self.rows(dimension, window, Grain.TOTAL, *more)}

    def over(self, grain: Grain, window: Window | None, *more: Filter) -> dict[date | None, Decimal | None]:
        """The sum of each period."""
        return {row.period: row.amount for row in self.rows(None, window, grain, *more)}

    def short(self, amount: Decimal | None) -> str:
        """The amount as a headline says it."""
        return money.short(amount, self.currency)


def measure_named(name: str) -> str:
    """The column of a cost measure as the page calls it."""
    return {words.capitalize(): column for column, words in MEASURE_NAMES.items()}[name]


def change(after: Decimal | None, before: Decimal | None) -> str:
    """A change in per cent as a card says it."""
    return money.percent(money.ratio(money.difference(after, before), before), sign=True)
