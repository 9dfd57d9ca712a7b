"""Figures of an outlook: months and parts add up to the whole, ranges hold the likely amount, what is spent counts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from costlib import money
from costlib.analysis.outlook import Outlook
from costlib.briefs.ahead import Ahead, Part, Span, ahead, labels
from costlib.briefs.exhibits import Basis
from costlib.briefs.outlook_exhibit import outlook_chart
from costlib.briefs.words.outlook import between, cautions, outlook_finding, parts_finding, parts_rows
from costlib.charts.spec import BandTrend
from costlib.periods import add_months

OCT = date(2026, 10, 1)
KEYS = (("Fraud", "scorer", "training"), ("Fraud", "scorer", "idle"), ("Search", None, None), (None, None, None))


def outlook(paths: np.ndarray, notes: tuple[tuple[str, ...], ...] = ((), (), (), ())) -> Outlook:
    """An outlook from October 2026 on; paths are [segment, month, path]."""
    months = tuple(add_months(OCT, step) for step in range(paths.shape[1]))
    keys = KEYS[: len(paths)]
    return Outlook(
        ("x_Team", "x_Model", "x_Stage"), keys, months, paths, (), np.empty((len(keys), 0)), np.zeros(len(keys)), notes
    )


def seen(paths: np.ndarray, dimension: str = "x_Team", booked: dict[str | None, D | None] | None = None) -> Ahead:
    found = ahead(outlook(paths), OCT, add_months(OCT, paths.shape[1]), dimension, booked or {})
    assert found
    return found


#: 4 segments, 3 months, 9 futures: in future n everything costs n times a base.
STEPS = np.arange(1.0, 10.0)
EVEN = np.array([[[base * step for step in STEPS]] * 3 for base in (10.0, 20.0, 30.0, 40.0)])


class TestByHand:
    def test_likely_is_the_middle_third_of_the_futures(self) -> None:
        """The whole comes to 300 to 2,700; its middle third is 1,200, 1,500 and 1,800."""
        found = seen(EVEN)
        assert found.total.likely == D(1500)
        assert [(part.name, part.span.likely) for part in found.parts] == [
            (None, D(600)),
            ("Fraud", D(450)),
            ("Search", D(450)),
        ]
        assert [span.likely for span in found.by_month] == [D(500)] * 3

    def test_the_range_is_four_in_five_futures(self) -> None:
        """The tenth and ninetieth per cent of nine even steps lie at 1.8 and 8.2 of them."""
        assert seen(EVEN).total == Span(D(1500), D(540), D(2460))

    def test_what_is_spent_already_is_in_every_future(self) -> None:
        found = seen(EVEN, booked={"Fraud": D("99.99"), "Old": D(1)})
        assert found.total == Span(D("1600.99"), D("640.99"), D("2560.99"))
        assert {part.name: part.span.likely for part in found.parts}["Fraud"] == D("549.99")
        assert {part.name: part.span for part in found.parts}["Old"] == Span(D(1), D(1), D(1))

    def test_the_horizon_cuts_the_months(self) -> None:
        found = ahead(outlook(EVEN), add_months(OCT, 1), add_months(OCT, 2), "x_Team", {})
        assert found and found.total.likely == D(500)
        assert found.months == (OCT, add_months(OCT, 1))  # drawn from the running month on

    def test_split_by_another_dimension(self) -> None:
        assert {part.name: part.span.likely for part in seen(EVEN, "x_Stage").parts} == {
            "training": D(150),
            "idle": D(300),
            None: D(1050),
        }

    def test_a_segment_without_any_history_is_left_out(self) -> None:
        paths = EVEN.copy()
        paths[3] = np.nan
        assert seen(paths).total.likely == D(900)

    def test_nothing_known_is_no_figure(self) -> None:
        assert ahead(outlook(np.full((2, 3, 4), np.nan)), OCT, add_months(OCT, 3), "x_Team", {}) is None
        assert ahead(outlook(EVEN), date(2030, 1, 1), date(2031, 1, 1), "x_Team", {}) is None

    def test_a_certain_outlook_has_no_width(self) -> None:
        found = seen(np.full((2, 2, 5), 7.0))
        assert found.total.low == found.total.high == found.total.likely == D(28)


amounts = arrays(np.float64, (4, 3, 21), elements=st.floats(-1e6, 1e6, allow_nan=False, width=32))


class TestProperties:
    @given(amounts, st.sampled_from(["x_Team", "x_Model", "x_Stage"]))
    def test_parts_and_months_add_up_to_the_whole(self, paths: np.ndarray, dimension: str) -> None:
        found = seen(paths, dimension)
        for spans in ([part.span for part in found.parts], found.by_month):
            added = money.exact_sum(span.likely for span in spans)
            assert abs(added - found.total.likely) <= D("0.01") * len(spans)

    @given(amounts)
    def test_the_range_holds_what_is_likely(self, paths: np.ndarray) -> None:
        found = seen(paths)
        for span in (found.total, *found.by_month, *(part.span for part in found.parts)):
            assert span.low <= span.likely <= span.high

    @given(amounts, st.decimals(min_value=0, max_value=10**6, places=2))
    def test_what_is_booked_moves_everything_by_itself(self, paths: np.ndarray, booked: D) -> None:
        alone, moved = seen(paths), seen(paths, booked={"Fraud": booked})
        for end in ("likely", "low", "high"):
            assert abs(getattr(moved.total, end) - getattr(alone.total, end) - booked) <= D("0.01")

    @given(amounts)
    def test_the_chart_holds_the_figures(self, paths: np.ndarray) -> None:
        found = seen(paths)
        basis = Basis("EffectiveCost", "USD", date(2026, 10, 20), "ab12")
        sep = add_months(OCT, -1)
        drawn = outlook_chart("Title", "AI spend by month", basis, (sep, *found.months), {sep: D(5), OCT: D(3)}, found)
        assert isinstance(drawn, BandTrend)
        assert drawn.actual.values == (D(5), D(3), None, None)
        assert drawn.forecast.values == (None, *(span.likely for span in found.by_month))
        assert drawn.band.low == (None, *(span.low for span in found.by_month))
        assert drawn.plan is None


def test_the_budget_is_drawn_where_there_is_one() -> None:
    found = seen(EVEN)
    basis = Basis("EffectiveCost", "USD", date(2026, 10, 20), "ab12")
    drawn = outlook_chart("T", "AI spend by month", basis, found.months, {OCT: D(3)}, found, {OCT: D(400)})
    assert drawn.plan and drawn.plan.values == (D(400), None, None)
    assert drawn.caption.subtitle == "AI spend by month, effective cost, USD, Oct 2026 to Dec 2026"


class TestWords:
    def test_the_finding_says_amount_and_range(self) -> None:
        span = Span(D(6_100_000), D(5_800_000), D(6_500_000))
        assert outlook_finding("AI spend", "USD", "come to {} over the next 12 months", span) == (
            "AI spend is likely to come to $6.10M over the next 12 months, between $5.80M and $6.50M"
        )

    @pytest.mark.parametrize("high", ["312000", "312400"])
    def test_a_range_that_is_shown_without_width_is_not_said(self, high: str) -> None:
        """Both ends are €312K."""
        span = Span(D("312100"), D("312000"), D(high))
        assert outlook_finding("Fraud", "EUR", "end FY26 at {}", span) == "Fraud is likely to end FY26 at €312K"

    def test_the_range_of_a_credit(self) -> None:
        assert between(Span(D(-500), D(-900), D(-300)), "USD") == "between −$900 and −$300"

    NARROW, WIDE = Span(D(5), D(4), D(6)), Span(D(5), D(2), D(6))

    @pytest.mark.parametrize(
        ("days", "months", "span", "said"),
        [
            (1, 3, NARROW, "The bills cover 1 day."),
            (59, 3, NARROW, "The bills cover 59 days."),
            (365, 18, NARROW, "further ahead than the 365 days of bills reach back"),
            (365, 3, NARROW, "no yearly pattern"),
            (800, 12, WIDE, "too wide to plan on"),
        ],
    )
    def test_what_a_reader_must_know(self, days: int, months: int, span: Span, said: str) -> None:
        (caution,) = cautions(days, months, span, "USD")
        assert said in caution

    def test_a_long_history_and_a_narrow_range_need_no_word(self) -> None:
        assert cautions(800, 12, self.NARROW, "USD") == []
        assert cautions(365, 1, self.NARROW, "USD") == []

    def test_the_largest_named_part(self) -> None:
        found = seen(EVEN)
        assert parts_finding(found.parts, found.total, "USD", "x_Team") == (
            "Fraud is likely to be the largest part that has a team: $450, 30% of the whole"
        )
        assert parts_finding((), found.total, "USD", "x_Team") == "No part is likely to cost anything"

    @pytest.mark.parametrize(
        ("amounts", "said"),
        [
            ({"Fraud": 9}, "Fraud is all of it"),
            ({"Fraud": 9, "Old": 0}, "Fraud is all of it"),
            ({None: 9}, "All of it has no team"),
            ({"Fraud": 9, "Credits": -1}, "Fraud is likely to be the largest part: $9.00, 113% of the whole"),
            ({"Credits": -9}, "No part is likely to cost anything"),
            ({"Old": 0}, "No part is likely to cost anything"),
        ],
    )
    def test_a_single_part_is_the_largest_of_nothing(self, amounts: dict[str | None, int], said: str) -> None:
        spans = {name: Span(D(amount), D(amount), D(amount)) for name, amount in amounts.items()}
        parts = [Part(name, span, ()) for name, span in spans.items()]
        total = D(sum(amounts.values()))
        assert parts_finding(parts, Span(total, total, total), "USD", "x_Team") == said

    def test_the_table_ends_with_the_whole(self) -> None:
        found = seen(EVEN)
        header, rows = parts_rows(found.parts, found.total, "USD", "x_Team")
        assert [row[0] for row in rows] == ["No team", "Fraud", "Search", "All"]
        assert rows[-1] == ["All", "$1.50K", "$540\xa0to\xa0$2.46K", "100%", "–"]
        assert all(len(row) == len(header) + 1 for row in rows)

    def test_notes_become_labels(self) -> None:
        notes = ["Ended: nothing", "New: 3 periods", "New: 2 periods", "Short: 40 periods", "Something else"]
        assert labels(notes, 4) == ("2 new", "1 ended")

    def test_one_segment_alone_is_not_counted(self) -> None:
        assert labels(["New: 3 periods of history", "Its run rate is closer"], 1) == ("new", "run rate")
