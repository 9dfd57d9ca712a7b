"""The outlook of a selection, computed once for each published state and set of conditions.

Conventions: outlooks and days of spend are shared by all readers and are only read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from costlib.analysis.daily import DailySpend
from costlib.analysis.outlook import Outlook, outlook
from costlib.errors import QueryError
from costlib.periods import Window
from costlib.store.question import Filter
from costlib.store.reader import Reader
from ui.selection import Selection

#: The dimensions that a forecast can be split by: it is a sum of the finest segments of all of them.
SPLITS: Final = ("x_Team", "x_Model", "x_Stage")
#: Months that are forecast for the nearer horizons, and for the farthest.
NEAR, FAR = 19, 37


@dataclass(frozen=True)
class Question:
    """What an outlook is of: the key under which it is kept; ``generation`` names the state of the bills."""

    generation: str
    measure: str
    currency: str
    conditions: tuple[Filter, ...]
    window: Window


def question_of(selection: Selection) -> Question:
    """The question that a selection asks."""
    page = selection.page
    generation = page.snapshot.state.generation
    return Question(generation, selection.measure, selection.currency, selection.conditions, page.window)


def outlook_of(selection: Selection, months: int = NEAR) -> Outlook | None:
    """The outlook under the selection, ``NEAR`` or ``FAR`` months; None where nothing was spent.

    Overview and Forecast ask for the same, so that they say the same.
    """
    reader = selection.page.snapshot.reader
    return _outlook(reader, question_of(selection), NEAR if months <= NEAR else FAR)


def days_of(selection: Selection) -> DailySpend | None:
    """The daily spend that the outlook is made from; None where nothing was spent."""
    return _days(selection.page.snapshot.reader, question_of(selection))


def bridged_days(selection: Selection) -> int:
    """How many days of unknown cost are behind the outlook, each counted like the days around it."""
    days = days_of(selection)
    return days.bridged_days if days else 0


@st.cache_resource(max_entries=16, show_spinner=False)
def _days(_reader: Reader, question: Question) -> DailySpend | None:
    from costlib.outlook import LEAVES, days_of  # only who looks ahead pays for loading the arithmetic

    try:
        return days_of(
            _reader,
            LEAVES,
            measure=question.measure,
            currency=question.currency,
            filters=question.conditions,
            window=question.window,
        )
    except QueryError:
        return None


@st.cache_resource(max_entries=16, show_spinner="Looking ahead")
def _outlook(_reader: Reader, question: Question, months: int) -> Outlook | None:
    days = _days(_reader, question)
    return None if days is None else outlook(days, months)
