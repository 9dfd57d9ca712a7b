"""The decision ledger in words, as a chart by lever and as a file."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal as D

import pytest

from costlib.briefs.words import ledger as words
from costlib.briefs.words.ledger import Asked
from costlib.charts.words import table
from costlib.roadmap.portfolio.ledger import LedgerRow
from costlib.roadmap.savings.levers import LeverPromise

SPOT = LeverPromise("spot training", 1_200, 400, 350, 100, 250)
CACHE = LeverPromise("prompt caching", 0, 300, 500, 0, 500)
NEW = LeverPromise("batching", 900, 0, None, 0, 0)


def asked(what="Approve spot", overdue=False, came=250.0, approved=True, **other):
    """Promised 1,200, 1,000 by the plan of today, 300 of it due, 250 saved, 100 signed; decided in March.

    Open it asks for the 1,200, refused it promises nothing.
    """
    promised, open_still = 1_200.0 * (approved is True), 1_200.0 * (approved is None)
    row = LedgerRow("D1", promised, 1_000.0, 300.0, came, 100.0, overdue, open_still)
    usual = {
        "plan": "Past",
        "what": what,
        "status": "Approved, 20 Mar 2026",
        "owner": "CFO",
        "deadline": date(2026, 3, 31),
        "delay": D("820"),
        "decided": "CFO, 20 Mar 2026",
        "approved": approved,
        "row": row,
    }
    return Asked(**(usual | other))


class TestFinding:
    def test_promised_and_signed(self):
        said = words.ledger_finding([asked(), asked("Approve caching")], "USD")
        assert said == "2 decisions promised $2.40K; finance has signed off $200 so far"

    def test_one_decision_is_not_several(self):
        assert words.ledger_finding([asked()], "USD").startswith("1 decision promised $1.20K;")

    @pytest.mark.parametrize(("late", "said"), [(1, "1 is overdue"), (2, "2 are overdue")])
    def test_what_is_overdue_is_said(self, late, said):
        found = [asked(overdue=at < late, approved=None) for at in range(3)]
        assert words.ledger_finding(found, "USD").endswith(f"; {said}")

    def test_what_is_open_is_asked_for_and_not_promised(self):
        said = words.ledger_finding([asked(), asked("Approve caching", approved=None)], "USD")
        assert said == "1 decision promised $1.20K; finance has signed off $100 so far; 1 ask for $1.20K is still open"

    def test_several_open_asks_and_no_decision(self):
        said = words.ledger_finding([asked(approved=None), asked(approved=None)], "USD")
        assert said == "No decision has promised anything yet; 2 asks for $2.40K are still open"

    def test_what_was_refused_is_neither(self):
        assert words.ledger_finding([asked(approved=False)], "USD") == "No decision has promised anything yet"

    def test_nothing_on_record(self):
        assert words.ledger_finding([], "USD") == "No decision is on record yet"


class TestSaved:
    def test_approved_it_promises(self):
        assert words.recorded_words("Buy spot", True, 791_000, "USD") == "“Buy spot” is on record, promising $791K"

    def test_what_repeats_what_and_how_it_goes(self):
        counted = "“Again” repeats “Stop canary” and “x”, which “First” names already: counted once, with “First”."
        names = ["Stop canary", "x"]
        assert words.repeat_words(names, "First", "Again", open=False) == counted
        assert words.repeat_words(names, "First", "Again", open=True) == (
            f"{counted} Decide “Again” as refused to clear it."
        )

    def test_an_ask_that_is_gone(self):
        assert words.overtaken_words("Buy spot", "", None).startswith("“Buy spot” is no longer on record.")


class TestStatus:
    @pytest.mark.parametrize(
        ("chosen", "on", "deadline", "said"),
        [
            ("approved", date(2026, 3, 20), date(2026, 3, 1), "approved, 20 Mar 2026"),
            ("approved", None, date(2026, 3, 1), "approved"),
            (None, None, None, "open"),
            (None, None, date(2026, 4, 1), "open until 1 Apr 2026"),
            (None, None, date(2026, 3, 31), "open, overdue since 31 Mar 2026"),
        ],
    )
    def test_on_the_first_of_april(self, chosen, on, deadline, said):
        """What is due on the day itself is not overdue yet."""
        assert words.status_words(chosen, on, deadline, date(2026, 4, 1)) == said


class TestRows:
    def test_a_decision_by_hand(self):
        (row,) = words.ledger_rows([asked()], "USD")
        assert dict(zip(words.LEDGER_HEADER, row, strict=True)) == {
            "Decision": "Approve spot",
            "Status": "Approved, 20 Mar 2026",
            "Promised": "$1.20K",
            "Asked for, open": "$0",
            "Simulated now": "$1.00K",
            "Due by now": "$300",
            "Saved, likely": "$250",
            "Signed off": "$100",
        }

    def test_what_is_not_measured_is_unknown_and_what_saved_nothing_is_nothing(self):
        rows = words.ledger_rows([asked(came=None), asked(came=0.0)], "USD")
        assert [row[6] for row in rows] == ["unknown", "$0"]

    def test_who_decides_by_when_and_what_waiting_costs(self):
        (row,) = words.ask_rows([asked()], "USD")
        assert dict(zip(words.ASK_HEADER, row, strict=True)) == {
            "Ask": "Approve spot",
            "Owner": "CFO",
            "Decide by": "31 Mar 2026",
            "A week's delay costs": "$820",
            "Decided": "CFO, 20 Mar 2026",
        }

    def test_what_is_not_said_is_called_so(self):
        (row,) = words.ask_rows([asked(owner="", deadline=None, delay=None, decided="")], "USD")
        assert row[1:] == ["not named", "no day set", "unknown", "not yet"]

    def test_a_delay_that_gains_is_shown_with_its_sign(self):
        (row,) = words.ask_rows([asked(delay=D("-120"))], "USD")
        assert row[3] == "−$120"


class TestFile:
    def read(self, found):
        return list(csv.DictReader(io.StringIO(words.ledger_csv(found, "USD"))))

    def test_exact_amounts_and_iso_days(self):
        (row,) = self.read([asked()])
        assert row["Decide by"] == "2026-03-31"
        assert (row["Promised"], row["Saved, likely"], row["Signed off"]) == ("1200", "250", "100")
        assert (row["A week's delay costs"], row["Currency"], row["Plan"]) == ("820", "USD", "Past")

    def test_unknown_is_empty_and_not_nothing(self):
        (row,) = self.read([asked(deadline=None, delay=None, came=None)])
        assert (row["Decide by"], row["A week's delay costs"], row["Saved, likely"]) == ("", "", "")

    def test_a_name_is_no_formula(self):
        (row,) = self.read([asked("=HYPERLINK(1)", owner="+CFO")])
        assert (row["Decision"], row["Owner"]) == ("'=HYPERLINK(1)", "'+CFO")

    def test_a_row_an_ask(self):
        assert [row["Decision"] for row in self.read([asked("a"), asked("b")])] == ["a", "b"]

    def test_no_ask_is_a_header_alone(self):
        assert words.ledger_csv([], "USD").splitlines() == [
            "Plan,Decision,Status,Owner,Decide by,A week's delay costs,Decided,"
            'Promised,"Asked for, open",Simulated now,Due by now,"Saved, likely",Signed off,Currency'
        ]


class TestLevers:
    def test_rows_keep_kinds_apart(self):
        rows = words.lever_rows([SPOT, CACHE, NEW], "USD")
        assert rows == [
            ["spot training", "$1.20K", "$400", "$350", "$100", "$250", "−$50.00"],
            ["prompt caching", "–", "$300", "$500", "–", "$500", "+$200"],
            ["batching", "$900", "–", "unknown", "–", "–", "unknown"],
        ]
        assert all(len(row) == len(words.LEVER_HEADER) for row in rows)

    def test_the_lever_with_most_unsigned_is_named(self):
        """300 of the 400 of spot are not signed, and 300 of caching: the first in the list stands."""
        said = words.lever_finding([SPOT, CACHE], "USD")
        assert said == "Spot training is furthest from signed off: $100 of the $400 promised by now"

    def test_the_lever_with_most_unsigned_is_named_wherever_it_stands(self):
        """10 of spot are not signed, 290 of caching."""
        spot = LeverPromise("spot training", 0, 400, 400, 390, 0)
        cache = LeverPromise("prompt caching", 0, 300, 300, 10, 0)
        for found in ([spot, cache], [cache, spot]):
            assert words.lever_finding(found, "USD") == (
                "Prompt caching is furthest from signed off: $10.00 of the $300 promised by now"
            )

    def test_half_a_dollar_is_a_promise(self):
        said = words.lever_finding([LeverPromise("caching", 0, 0.5, 0, 0, 0)], "USD")
        assert said == "Caching is furthest from signed off: $0 of the $0.50 promised by now"

    def test_what_was_signed_without_a_promise_has_a_bar(self):
        chart = words.lever_chart([LeverPromise("caching", 0, 0, 50, 40, 0)], "Bills", "USD")
        assert [(bar.name, bar.amount, bar.previous) for bar in chart.bars] == [("caching", 40, 0)]

    def test_all_signed(self):
        full = LeverPromise("spot training", 0, 100, 120, 100, 0)
        assert words.lever_finding([full], "USD") == "Of every lever finance has signed off what was promised by now"

    def test_nothing_promised_yet(self):
        assert words.lever_finding([NEW], "USD") == "No lever has promised anything for the days measured so far"

    def test_the_chart_holds_promised_beside_signed(self):
        chart = words.lever_chart([SPOT, CACHE, NEW], "Bills", "USD")
        header, rows = table(chart)
        found = [dict(zip(header, row, strict=True)) for row in rows]
        assert [(row["Lever"], row["Signed off"], row["Promised by now"]) for row in found] == [
            ("spot training", "100", "400"),
            ("prompt caching", "0", "300"),
        ]
        assert chart.caption.source == "Bills"

    def test_more_levers_than_a_chart_has_bars_are_gathered(self):
        many = [LeverPromise(f"lever {at}", 0, 100.0 + at, 50.0, 10.0 + at, 0) for at in range(20)]
        chart = words.lever_chart(many, "Bills", "USD")
        assert sum(bar.amount for bar in chart.bars) == sum(D(10 + at) for at in range(20))
        assert sum(bar.previous for bar in chart.bars) == sum(D(100 + at) for at in range(20))
        assert any(bar.other for bar in chart.bars)

    def test_no_chart_of_nothing(self):
        assert words.lever_chart([NEW], "Bills", "USD") is None
