"""What a planned change brings: the months of the window alone, on average of all futures."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from costlib.analysis.layers import Planned
from costlib.briefs.words.plan import aside_words, brought, where_words
from costlib.periods import Window

#: January to April: 10, 20, 30 and 40 a month in one future, 30, 40, 50 and 60 in the other; means 20, 30, 40 and 50.
LAUNCH = np.array([[[10.0, 30.0], [20.0, 40.0], [30.0, 50.0], [40.0, 60.0]]])
PLANNED = Planned(
    by=("x_Team",),
    keys=(("Fraud",),),
    months=tuple(date(2027, month, 1) for month in (1, 2, 3, 4)),
    baseline=np.zeros_like(LAUNCH),
    contributions={"Launch": LAUNCH, "Shutdown": -LAUNCH},
    paths=LAUNCH,
)


@pytest.mark.parametrize(
    ("first", "end", "added", "taken"),
    [
        (date(2027, 1, 1), date(2027, 5, 1), "+$140", "−$140"),
        (date(2027, 2, 1), date(2027, 4, 1), "+$70.00", "−$70.00"),
        (date(2027, 1, 1), date(2027, 2, 1), "+$20.00", "−$20.00"),
        (date(2027, 4, 1), date(2027, 6, 1), "+$50.00", "−$50.00"),
        (date(2027, 5, 1), date(2027, 6, 1), "$0", "$0"),
    ],
)
def test_only_months_of_the_window_count(first: date, end: date, added: str, taken: str) -> None:
    window = Window(first, end)
    assert brought(PLANNED, "Launch", window, "USD") == added
    assert brought(PLANNED, "Shutdown", window, "USD") == taken


def test_where_a_change_acts() -> None:
    assert where_words({"x_Model": "scorer"}) == "scorer"
    assert where_words({}) == "everything"


@pytest.mark.parametrize(
    ("seen", "elsewhere", "unknown", "said"),
    [
        (0, 0, 0, ""),
        (3, 0, 0, ""),
        (1, 2, 0, ""),
        (
            0,
            2,
            0,
            "The 2 planned changes are of other spend, so there are no scenarios here. Remove the filters to see",
        ),
        (0, 0, 1, "1 planned change left out, because nobody can tell its part in these filters, so there are no"),
        (0, 4, 2, "2 planned changes left out, because nobody can tell their parts in these filters, so there are no"),
        (1, 4, 2, "2 planned changes left out, because nobody can tell their parts in these filters. Filter by team,"),
    ],
)
def test_what_filters_leave_aside(seen: int, elsewhere: int, unknown: int, said: str) -> None:
    found = aside_words(seen, elsewhere, unknown)
    assert found.startswith(said) and bool(found) is bool(said)
