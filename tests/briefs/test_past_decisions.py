"""The record of past decisions: kinds are told apart, every figure is traced, and an empty record says so."""

from __future__ import annotations

from datetime import date

import pytest

from costlib.briefs.figure_book import FigureBook
from costlib.briefs.past_decisions import (
    MOST_ROWS,
    NOTHING,
    Decided,
    below_record,
    beyond,
    decided_table,
    has_past,
    record,
    record_bullets,
    record_claim,
    record_table,
    signed_otherwise,
)
from costlib.documents.model import Basis, Figure, read
from costlib.roadmap.savings.track import TrackRecord
from tests.briefs.cases import past, past_line, scorer_case, scorer_figures

CASE = scorer_case()


def figures(*lines, currency="USD"):
    return scorer_figures(CASE, past=past(*lines), currency=currency)


class TestWords:
    def test_promised_by_now_and_signed_off(self):
        found = figures()
        assert record(found).text == "Past decisions promised $1.00K by now; finance has signed off $400."
        assert record_claim(found).text == "Past decisions promised $1.00K by now; $400 is signed off"
        assert set(record(found).names) == {"promised", "booked"}

    def test_nothing_signed_is_said_with_a_figure(self):
        assert record(figures(past_line(booked=0.0))).text.endswith("finance has signed off $0.")

    @pytest.mark.parametrize("none", [None, TrackRecord(), past(past_line(promised=0.0, realised=None, booked=0.0))])
    def test_without_a_record_it_is_said(self, none):
        found = scorer_figures(CASE, past=none)
        assert not has_past(found)
        assert record(found).text == f"{NOTHING}."
        assert record_claim(found).text == NOTHING
        assert (record_bullets(found), record_table(found), beyond(found)) == (None, None, None)

    def test_signed_months_alone_are_a_record(self):
        found = figures(past_line(promised=0.0, realised=None, booked=70.0, provisional=0.0))
        assert record(found).text == "Past decisions promised $0 by now; finance has signed off $70.00."

    def test_an_editor_may_reword_it(self):
        found = figures()
        edited = FigureBook("USD", {"record": "{booked} of {promised} is in the books."}, found.book.figures)
        assert edited.say("record", "x").text == "$400 of $1.00K is in the books."


class TestBeyond:
    def test_what_is_not_signed_is_never_added_to_what_is(self):
        text = beyond(figures(past_line(provisional=500.0, in_flight=30.0, avoided=7.0))).text
        assert text == (
            "$500 more is measured and not signed yet; $30.00 is measured of what is still under way; "
            "$7.00 of cost was avoided and counts nowhere."
        )

    @pytest.mark.parametrize(
        ("kind", "said"),
        [("provisional", "not signed yet"), ("in_flight", "still under way"), ("avoided", "counts nowhere")],
    )
    def test_only_what_there_is(self, kind, said):
        alone = {"provisional": 0.0, "in_flight": 0.0, "avoided": 0.0} | {kind: 5.0}
        text = beyond(figures(past_line(**alone))).text
        assert said in text and ";" not in text

    def test_the_record_has_it_as_a_point_of_its_own(self):
        found = figures(past_line(provisional=500.0))
        assert record_bullets(found).points == (record(found), beyond(found))

    def test_half_a_dollar_is_something(self):
        text = beyond(figures(past_line(provisional=0.5))).text
        assert text == "$0.50 more is measured and not signed yet."

    def test_all_signed_leaves_nothing_to_say(self):
        found = figures(past_line(provisional=0.0))
        assert beyond(found) is None
        assert len(record_bullets(found).points) == 1


class TestSignedOtherwise:
    @pytest.mark.parametrize(
        ("line", "said"),
        [
            # 900 measured, of which 500 are not signed: the other 400 were signed with 370, and with 420.
            ({"booked": 370.0}, "$30.00 less"),
            ({"booked": 420.0}, "$20.00 more"),
            ({"booked": 350.0, "in_flight": 20.0}, "$30.00 less"),
        ],
    )
    def test_what_the_columns_lack_of_saved_is_told(self, line, said):
        found = figures(past_line(**line))
        text = f"Finance signed {said} than was measured in the months that it signed."
        assert signed_otherwise(found).text == text
        assert [one.text for one in below_record(found)] == [beyond(found).text, text]

    @pytest.mark.parametrize(
        "lines",
        [
            (past_line(),),
            (past_line(booked=400.004),),
            (past_line(), past_line("Old", realised=None, booked=70.0, provisional=0.0)),
        ],
        ids=["as measured", "to the cent", "signed and not measured"],
    )
    def test_else_nothing_is_said(self, lines):
        assert signed_otherwise(figures(*lines)) is None


class TestTable:
    LINES = (
        past_line("Spot", "spot training"),
        past_line("Cache", "prompt caching", promised=200.0, realised=None, booked=0.0, provisional=0.0, avoided=9.0),
    )

    def cells(self, table):
        return [[read(cell) for cell in row] for row in table.rows]

    def test_one_row_an_initiative_and_one_for_all(self):
        table = record_table(figures(*self.LINES))
        assert table.header == (
            "What was done", "Lever", "Promised by now", "Saved, likely", "Signed off", "Provisional", "Avoided, apart"
        )  # fmt: skip
        assert self.cells(table) == [
            ["Spot", "spot training", "$1.00K", "$900", "$400", "$500", "–"],
            ["Cache", "prompt caching", "$200", "unknown", "–", "–", "$9.00"],
            ["All", "", "$1.20K", "$900", "$400", "$500", "$9.00"],
        ]
        assert table.emphasis == 2
        assert table.numeric == (False, False, True, True, True, True, True)

    def test_what_is_under_way_has_its_column_where_there_is_any(self):
        assert "In flight" not in record_table(figures(*self.LINES)).header
        assert "In flight" in record_table(figures(past_line(in_flight=5.0))).header

    def test_many_initiatives_are_shown_by_lever(self):
        many = [past_line(f"One {at}", ("spot", "cache")[at % 2]) for at in range(MOST_ROWS + 2)]
        table = record_table(figures(*many))
        assert table.header[0] == "Lever"
        assert self.cells(table) == [
            ["cache", "$5.00K", "$4.50K", "$2.00K", "$2.50K", "–"],
            ["spot", "$5.00K", "$4.50K", "$2.00K", "$2.50K", "–"],
            ["All", "$10.0K", "$9.00K", "$4.00K", "$5.00K", "–"],
        ]

    @pytest.mark.parametrize(("more", "first"), [(0, "What was done"), (1, "Lever")])
    def test_as_many_as_fit_are_shown_one_by_one(self, more, first):
        table = record_table(figures(*(past_line(f"One {at}") for at in range(MOST_ROWS + more))))
        assert table.header[0] == first

    def test_every_amount_is_a_figure_of_the_record_with_its_meaning(self):
        found = figures(*self.LINES)
        cells = [cell for row in record_table(found).rows for cell in row if isinstance(cell, Figure)]
        assert {cell.basis for cell in cells} == {Basis.RECORD}
        assert found.figure("past.1.promised").meaning == ("Spot: saving promised for the days that were measured, USD")
        assert found.figure("past.2.saved").exact is None
        assert found.figure("past.all.promised").exact == found.figure("promised").exact == "1200"

    def test_amounts_are_rounded_to_cents_so_that_they_can_be_recomputed(self):
        found = figures(past_line(promised=100 / 3, realised=200 / 3))
        assert (found.figure("promised").exact, found.figure("saved").exact) == ("33.33", "66.67")

    def test_the_currency_is_the_plans(self):
        assert record(figures(currency="EUR")).text.startswith("Past decisions promised €1.00K")


class TestDecided:
    def taken(self, at):
        return Decided(f"Decide {at}", "Approved", date(2026, 1, at), f"{at} USD less")

    def test_each_with_its_day_and_what_was_expected(self):
        book = FigureBook("USD")
        table = decided_table(book, [self.taken(1), self.taken(2)])
        assert [[read(cell) for cell in row] for row in table.rows] == [
            ["Decide 1", "Approved", "1 Jan 2026", "1 USD less"],
            ["Decide 2", "Approved", "2 Jan 2026", "2 USD less"],
        ]
        assert book.figures["decided.1.on"].basis is Basis.RECORD

    def test_only_the_last_are_listed(self):
        table = decided_table(FigureBook("USD"), [self.taken(at) for at in range(1, MOST_ROWS + 4)])
        assert len(table.rows) == MOST_ROWS
        assert table.rows[-1][0] == f"Decide {MOST_ROWS + 3}"

    def test_none_taken_no_table(self):
        assert decided_table(FigureBook("USD"), []) is None
