"""Which days the Overview's figures are of: the last ones are left out where they are not billed in full yet."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

from costlib.analysis import windows
from costlib.analysis.windows import Compared
from costlib.briefs.words.left_out import unfinished_words
from costlib.periods import Grain, Window, month_start
from costlib.store.unfinished import unfinished
from ui.selection import Selection


class Days:
    """The days of the bills under one selection."""

    def __init__(self, selection: Selection) -> None:
        self.selection, self.data, self.incomplete = selection, selection.page.window, selection.page.incomplete

    @cached_property
    def billed(self) -> Window:
        """The days up to the first that a bill does not hold in full yet; all of them where none is left so."""
        selection = self.selection
        found = unfinished(selection.page.snapshot.reader, self.data, selection.measure, selection.currency)
        end = min((one.first for one in found), default=self.data.end)
        return Window(self.data.start, end) if end > self.data.start else self.data

    @cached_property
    def is_month(self) -> bool:
        """Whether a month of days is compared, because a charge that comes monthly is not in every four weeks."""
        looked = Window(max(self.billed.start, self.billed.end - timedelta(windows.MONTHLY_DAYS)), self.billed.end)
        costs = {row.period: row.amount for row in self.selection.ask((), looked, Grain.DAY) if row.period}
        return windows.comes_monthly(costs, looked)

    @cached_property
    def last(self) -> Compared | None:
        """The last four weeks, or month, that are billed in full, against those before; None where there are fewer."""
        window = windows.last_month_of_days if self.is_month else windows.last_days
        return window(self.billed, missing=self.incomplete)

    @property
    def month_to_date(self) -> Compared:
        """The running month as far as it is billed in full, or as it is where no day of it is."""
        return windows.month_to_date(self.billed if self._has_begun else self.data, self.incomplete)

    @property
    def limits(self) -> str:
        """That the last days are not billed in full yet, and which figures leave them out; nothing where all are."""
        return unfinished_words(Window(self.billed.end, self.data.end), in_month=not self._has_begun)

    @property
    def _has_begun(self) -> bool:
        return self.billed.end > month_start(self.data.last)
