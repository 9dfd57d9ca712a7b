"""What today's spend is the mean of: as many of the last months as are booked, and no more than that."""

from __future__ import annotations

from datetime import date

import pytest

from costlib.briefs.words.booked import booked_words

MONTHS = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (MONTHS, "mean of the last three booked months"),
        (MONTHS[1:], "mean of the only two booked months"),
        (MONTHS[2:], "Jan 2027, the only booked month"),
    ],
)
def test_it_says_how_many_there_are(months, said):
    assert booked_words(months) == said
