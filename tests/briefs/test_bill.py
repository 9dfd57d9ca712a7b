"""The bill in documents: figures worked out by hand, titles that say no more than they show."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from costlib.analysis.bridge import Measured, bridge, paired
from costlib.briefs.bill import STAGE, TEAM, Bill, Change, put_bill
from costlib.briefs.bill_exhibits import change_chart, change_title, spend_chart, spend_title, stacked_chart
from costlib.briefs.figure_book import FigureBook
from costlib.briefs.record_document import UNTESTED, record_blocks, record_title
from costlib.documents.model import Table, read
from costlib.errors import InputError
from costlib.periods import Window, add_months
from tests.briefs.bill_cases import FAR, NEVER, RECORD, SETTING, Record, bill, flat

YEARS = Window(date(2025, 1, 1), date(2026, 1, 1)), Window(date(2026, 1, 1), date(2027, 1, 1))


def put(found: Bill) -> FigureBook:
    book = FigureBook("USD")
    put_bill(book, found)
    return book


def changed(before: int, after: int, hours: tuple[int, int] = (100, 100)) -> Bill:
    sides = [
        [Measured("gpu", "Hrs", Decimal(cost), Decimal(q))] for cost, q in zip((before, after), hours, strict=True)
    ]
    return bill(change=Change(*YEARS, bridge(paired(*sides))))


class TestYear:
    """The year that a document adds up: the last twelve closed months, or as many as there are."""

    @staticmethod
    def of(*months: date, missing: tuple[date, ...] = ()) -> Bill:
        return Bill(replace(SETTING, missing=missing), months, {}, None, RECORD)

    def test_the_last_months_end_where_the_next_begins(self):
        """December ends with the year, February with its last day whatever the year."""
        assert self.of(date(2026, 11, 1), date(2026, 12, 1)).last(1) == Window(date(2026, 12, 1), date(2027, 1, 1))
        assert self.of(date(2028, 1, 1), date(2028, 2, 1)).last(2) == Window(date(2028, 1, 1), date(2028, 3, 1))

    def test_months_without_a_bill_are_named_where_the_year_holds_them(self):
        """Of fourteen months the first two are before the year: a bill that is missing there is none of it."""
        months = tuple(add_months(date(2025, 11, 1), at) for at in range(14))
        found = self.of(*months, missing=(months[0], months[1], months[2], months[13]))
        assert (found.year, found.lacking) == (12, (date(2026, 1, 1), date(2026, 12, 1)))
        assert found.span == "Jan 2026 to Dec 2026 without Jan 2026, Dec 2026"
        assert self.of(*months).span == "Jan 2026 to Dec 2026"
        assert self.of(*months[:3]).span == "Nov 2025 to Jan 2026"


class TestSpend:
    def test_the_last_year_and_its_largest_part(self):
        book = put(bill())
        # 1,100 a month over 2026, of which Fraud 600.
        assert book.figures["bill.year"].exact == "13200"
        assert spend_title(book, bill()).text == "Fraud is the largest part of $13.2K a year: $7.20K, 55%"
        assert spend_title(book, bill(), STAGE).text == "The largest part of $13.2K a year is training: $9.60K, 73%"

    def test_what_nobody_is_allocated_is_never_the_title_where_a_name_is(self):
        found = Bill(SETTING, bill().months, {**bill().by, TEAM: (flat(None, 9, 9), flat("Web", 1, 1))}, None, RECORD)
        assert spend_title(put(found), found).text.startswith("Web is")

    def test_half_a_year_is_not_called_a_year(self):
        short = {name: tuple(type(one)(one.name, one.values[-6:]) for one in held) for name, held in bill().by.items()}
        found = Bill(SETTING, bill().months[-6:], short, None, RECORD)
        assert spend_title(put(found), found).text == "Fraud is the largest part of $6.60K: $3.60K, 55%"

    def test_charts_hold_the_same_amounts(self):
        chart = stacked_chart(bill(), TEAM)
        assert chart.totals == (Decimal(1000),) * 12 + (Decimal(1100),) * 12
        assert chart.caption.title == "Fraud is the largest part of AI spend"
        assert spend_chart(bill()).caption.title == "AI spend came to $1.10K in Dec 2026"


class TestChange:
    def test_the_largest_cause_is_named_with_its_sign(self):
        text = "AI spend rose $1.20K to $13.2K in 12 months against the 12 before; the largest cause is volume, +$1.20K"
        assert change_title(put(bill()), bill()).text == text

    @pytest.mark.parametrize(
        ("before", "after", "hours", "title"),
        [
            (
                1000,
                800,
                (100, 80),
                "AI spend fell $200 to $800; the largest cause is volume, −$200",
            ),
            (
                1000,
                800,
                (100, 100),
                "AI spend fell $200 to $800; the largest cause is rates, −$200",
            ),
            # Twice the hours at 0.6 of the rate: volume +1,000, rates -800; only what points the same way is a cause.
            (
                1000,
                1200,
                (100, 200),
                "AI spend rose $200 to $1.20K; the largest cause is volume, +$1.00K",
            ),
            (1000, 1010, (100, 100), "AI spend in 2026 was about that of 2025"),
        ],
    )
    def test_the_cause_points_the_way_of_the_change(self, before, after, hours, title):
        found = changed(before, after, hours)
        said = change_title(put(found), found).text
        said = said.replace(" in 12 months against the 12 before", "")
        assert said.replace("Jan 2026 to Dec 2026", "2026").replace("Jan 2025 to Dec 2025", "2025") == title

    def test_of_single_months_the_month_is_named(self):
        before, now = (Window(date(2026, at, 1), date(2026, at + 1, 1)) for at in (8, 9))
        found = changed(1000, 800, (100, 80))
        found = replace(found, change=replace(found.change, before=before, after=now))
        assert change_title(put(found), found).text.startswith(
            "AI spend fell $200 to $800 in Sep 2026 against the month before; "
        )

    def test_the_bridge_ends_where_the_title_says(self):
        chart = change_chart(bill())
        assert (chart.start.amount, chart.end.amount) == (12000, 13200)

    def test_one_closed_month_cannot_be_compared(self):
        single = Bill(SETTING, bill().months[-1:], bill().by, None, RECORD)
        with pytest.raises(InputError, match="Only one month"):
            change_chart(single)
        with pytest.raises(InputError, match="Only one month"):
            change_title(FigureBook("USD"), single)


class TestRecord:
    def test_it_says_how_far_off_and_that_nothing_was_locked(self):
        title, kind, blocks = record_blocks(put(bill()), RECORD)
        assert title.text == "Forecasts of the next month were off by 4% on average"
        assert "No forecast was locked" in read(kind)
        (table,) = [block for block in blocks if isinstance(block, Table)]
        rows = [[read(cell) for cell in row] for row in table.rows]
        assert rows == [["1", "11", "4%", "+1%", "90%"], ["12", "2", "26%", "+26%", "100%"]]

    def test_a_poor_record_says_not_to_plan_on_it(self):
        poor = Record((type(FAR)(1, 5, 5, 0.31, 0.3, None, 0.4, {}, 0.4),), "locked")
        book = put(bill(poor))
        assert record_title(book, poor).text.endswith("off by 31% on average: too far to plan on")
        assert "never changed" in read(record_blocks(book, poor)[1])

    def test_no_record_is_said(self):
        none = Record((NEVER,), "locked")
        assert record_title(put(bill(none)), none).text.startswith("No month has closed yet")

    @pytest.mark.parametrize("kind", ["locked", "replayed"])
    def test_where_no_forecast_was_tested_none_is_explained(self, kind):
        """The annex said how forecasts were made again of which there were none, and how to read their ranges."""
        title, subtitle, blocks = record_blocks(FigureBook("USD"), Record((NEVER,), kind))
        assert title.text == "No month has closed yet that a forecast could be held against"
        assert subtitle == ""
        (block,) = blocks
        assert [read(text) for text in block.text] == [UNTESTED]
        assert "60 days of bills" in UNTESTED
