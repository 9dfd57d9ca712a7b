"""Which days the Overview's figures are of: the last ones are left out where they are not billed in full yet."""

from __future__ import annotations

from functools import cached_property

from costlib.analysis import windows
from costlib.analysis.windows import Compared
from costlib.briefs.words.left_out import unfinished_words
from costlib.periods import Window, month_start
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

    @property
    def last(self) -> Compared | None:
        """The last four weeks that are billed in full, against those before; None where there are not so many."""
        return windows.last_days(self.billed, missing=self.incomplete)

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
