"""How a saving is proven, in words: causes that add up, demand kept apart, what is unknown counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.briefs.exhibits import Basis as Traced
from costlib.briefs.words import savings as words
from costlib.briefs.words.roadmap import amount
from costlib.roadmap.ranges import Range
from costlib.roadmap.savings.booked import Entry, Standing
from costlib.roadmap.savings.counterfactual import Placebo
from costlib.roadmap.savings.measured import Basis
from costlib.roadmap.savings.realised import MonthSaving, Realised, Split
from costlib.roadmap.savings.slipback import Check, Held

PROVEN = Realised(
    saving=Range(800.0, 1000.0, 1200.0),
    counterfactual=Range(3800.0, 4000.0, 4200.0),
    actual=3000.0,
    share=Range(0.21, 0.25, 0.29),
    split=None,
    demand=None,
    months=(),
    basis=Basis.VOLUME,
    placebos=(),
    unknown=0,
    days=1,
)
MONTH = date(2026, 7, 1)


class TestProof:
    def test_what_is_known_and_no_more(self) -> None:
        assert words.proof_lines(PROVEN, "USD") == [
            "Between $800 and $1.20K: eight outcomes in ten lie there, driven by the volume that was measured",
            "It would have cost $4.00K; it cost $3.00K",
        ]

    def test_causes_have_their_signs(self) -> None:
        (*_, line) = words.proof_lines(replace(PROVEN, split=Split(1500.0, -700.0, 200.0)), "EUR")
        assert line == "Of the saving, rate +€1.50K, volume −€700, efficiency +€200"

    @pytest.mark.parametrize(
        ("demand", "line"),
        [
            (2500.0, "More demand since go-live moved the cost by $2.50K and is no part of the saving"),
            (-40.0, "Less demand since go-live moved the cost by $40.00 and is no part of the saving"),
        ],
    )
    def test_demand_is_told_apart(self, demand: float, line: str) -> None:
        assert words.proof_lines(replace(PROVEN, demand=demand), "USD")[-1] == line

    @pytest.mark.parametrize("demand", [0.0, 0.001, -0.001])
    def test_demand_that_did_not_move_is_not_told(self, demand: float) -> None:
        assert words.proof_lines(replace(PROVEN, demand=demand), "USD") == words.proof_lines(PROVEN, "USD")

    def test_half_a_dollar_of_demand_has_its_direction(self) -> None:
        for demand, said in ((0.5, "More demand"), (-0.5, "Less demand")):
            line = words.proof_lines(replace(PROVEN, demand=demand), "USD")[-1]
            assert line == f"{said} since go-live moved the cost by $0.50 and is no part of the saving"

    def test_the_method_tells_how_far_off_it_was(self) -> None:
        placebos = tuple(Placebo(MONTH, off, 0.01) for off in (0.034, -0.012, 0.0))
        assert words.proof_lines(replace(PROVEN, placebos=placebos), "USD")[-1] == (
            "The same method asked for times when nothing had been done was off by +3%, −1%, 0%"
        )

    def test_what_is_left_out_is_counted(self) -> None:
        said = {
            (unknown, days): words.proof_lines(replace(PROVEN, unknown=unknown, days=days), "USD")[-1]
            for unknown, days in ((3, 1), (1, 1), (1, 7), (2, 7))
        }
        rest = "unknown and left out on both sides"
        assert said == {
            (3, 1): f"3 days are {rest}",
            (1, 1): f"1 day is {rest}",
            (1, 7): f"1 week is {rest}",
            (2, 7): f"2 weeks are {rest}",
        }

    @pytest.mark.parametrize("basis", Basis)
    def test_every_way_of_measuring_is_said(self, basis: Basis) -> None:
        others = {words.proof_lines(replace(PROVEN, basis=one), "USD")[0] for one in Basis if one is not basis}
        assert words.proof_lines(replace(PROVEN, basis=basis), "USD")[0] not in others

    @given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
    def test_only_a_range_above_nothing_is_called_saved(self, low: float, width: float) -> None:
        found = replace(PROVEN, saving=Range(low, low + width / 2, low + width))
        said = words.proof_finding("Spot", found, "USD")
        assert ("no proven saving" in said) == (low <= 0)
        assert amount(low + width / 2, "USD") in said


class TestChart:
    def test_what_it_would_have_cost_begins_where_the_spend_ends(self) -> None:
        """May and June are before go-live, July and August saved 100 and 300 of what would have been 1,000 and 900."""
        months = [date(2026, month, 1) for month in (8, 5, 7, 6)]
        spent = {month: D(cost) for month, cost in zip(months, (600, 1100, 900, 1050), strict=True)}
        saved = tuple(
            MonthSaving(date(2026, month, 1), 30, 0.0, 0.0, Range(likely - 10, likely, likely + 10))
            for month, likely in ((7, 100.0), (8, 300.0))
        )
        basis = Traced("EffectiveCost", "USD", date(2026, 8, 31), "g")
        chart = words.proof_chart("Spot", replace(PROVEN, months=saved), spent, months[2], date(2026, 9, 1), basis)
        assert {line.name: line.values for line in chart.lines} == {
            "Actual": (D(1100), D(1050), D(900), D(600)),
            "Without it, high": (None, D(1050), D(1010), D(910)),
            "Without it, likely": (None, D(1050), D(1000), D(900)),
            "Without it, low": (None, D(1050), D(990), D(890)),
        }


class TestStanding:
    def rows(self, *found: Standing) -> list[list[str]]:
        names = {one.initiative: one.initiative.upper() for one in found}
        return words.standing_rows(
            found,
            names,
            dict.fromkeys(names, "L4"),
            [Entry("a", MONTH, 100.0), Entry("b", MONTH, 30.0)],
            [Entry("a", MONTH, 80.0), Entry("a", date(2026, 8, 1), 15.0)],
            "USD",
        )

    def test_each_kind_in_its_own_column(self) -> None:
        rows = self.rows(Standing("a", 1.0, 2.0, 3.0, 4.0), Standing("b", 0.0, 0.0, 0.0, 0.0))
        header = words.STANDING_HEADER
        first, second, whole = (dict(zip(header, row, strict=True)) for row in rows)
        assert (first["Promised"], first["Saved, likely"]) == ("$100", "$95.00")
        assert (second["Promised"], second["Saved, likely"], second["Signed off"]) == ("$30.00", "–", "–")
        assert (whole["Promised"], whole["Saved, likely"]) == ("$130", "$95.00")
        kinds = ("Signed off", "Provisional", "In flight", "Avoided, apart")
        assert {name: first[name] for name in kinds} == {name: whole[name] for name in kinds}
        one = Standing("a", 1.0, 2.0, 3.0, 4.0)
        shown = (one.booked, one.provisional, one.in_flight, one.avoided)
        assert [first[name] for name in kinds] == [amount(value, "USD") for value in shown]

    def test_nobody_has_only_a_sum(self) -> None:
        assert [row[0] for row in self.rows()] == ["All"]


class TestChecks:
    def test_a_check_by_hand_and_one_that_cannot_be_told(self) -> None:
        held = Check(30, date(2026, 5, 1), Held.WATCH, 0.4, Range(0.2, 0.3, 0.4), 1250.0)
        dark = Check(90, date(2026, 6, 30), Held.UNKNOWN, 0.4, None, None)
        rows = words.check_rows([held, dark], "USD")
        assert rows == [
            ["30 days", "1 May 2026", "40%", "30%", "$1.25K", "less than at the start, but that may be chance"],
            ["90 days", "30 Jun 2026", "40%", "unknown", "unknown", "cannot be told"],
        ]
        assert {len(row) for row in rows} == {len(words.CHECK_HEADER)}
