"""What a bill says of its year: whole, with a month whose bill is missing, and with a single part."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from costlib.briefs.bill import MODEL, STAGE, TEAM, put_bill
from costlib.briefs.bill_exhibits import spend_title
from costlib.briefs.figure_book import FigureBook
from costlib.documents.model import read
from tests.briefs.bill_cases import bill, flat

MARCH = date(2026, 3, 1)


def said(found, dimension=TEAM):
    """The title of a dimension, and the span that the figures name."""
    book = FigureBook("USD")
    put_bill(book, found)
    return read(spend_title(book, found, dimension)), book.figures["bill.span"].shown


def lacking(*months: date):
    """The bill without these months."""
    found = bill()
    return replace(found, setting=replace(found.setting, missing=months))


@pytest.mark.parametrize("months", [(), (date(2025, 12, 1),)])
def test_twelve_months_are_a_year(months):
    """A month before them does not matter."""
    assert said(lacking(*months)) == (
        "Fraud is the largest part of $13.2K a year: $7.20K, 55%",
        "Jan 2026 to Dec 2026",
    )


def test_eleven_are_none_and_the_span_names_what_it_lacks():
    title, span = said(lacking(MARCH))
    assert title == "Fraud is the largest part of $13.2K: $7.20K, 55%"
    assert span == "Jan 2026 to Dec 2026 without Mar 2026"


@pytest.mark.parametrize("dimension", [TEAM, STAGE, MODEL])
def test_a_single_part_is_all_of_it(dimension):
    found = replace(bill(), by={name: (flat("Ranking", 100, 200),) for name in (TEAM, STAGE, MODEL)})
    assert said(found, dimension)[0] == "All of $2.40K a year is Ranking"
