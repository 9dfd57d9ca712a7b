"""Pivots, changes and shares: figures worked by hand, then what must hold for any figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib import money
from costlib.analysis.trend import (
    Change,
    Figure,
    Series,
    added,
    changes,
    leading,
    named_share,
    named_share_by_period,
    pivot,
    run_rate,
)

AUG, SEP, OCT, NOV = (date(2026, month, 1) for month in (8, 9, 10, 11))
AUTUMN = (AUG, SEP, OCT)

#: Search 270, Fraud 150, unallocated 30; the bill of the three months is 450.
BILL: list[Figure] = [
    ("Fraud", AUG, D(100)),
    ("Search", AUG, D(80)),
    ("Search", SEP, D(90)),
    (None, SEP, D(30)),
    ("Fraud", OCT, D(50)),
    ("Search", OCT, D(100)),
]

names = st.one_of(st.none(), st.sampled_from(["Fraud", "Search", "Recs", "Payments", "Web", "Data", "a", "Ω"]))
amounts = st.decimals(min_value=-(10**6), max_value=10**6, places=18)
unsure = st.one_of(st.none(), amounts)
months = st.sampled_from([*AUTUMN, NOV])
bills = st.lists(st.tuples(names, months, unsure), max_size=40)
sure_bills = st.lists(st.tuples(names, months, amounts), max_size=40)
rows_of_three = st.tuples(names, st.tuples(unsure, unsure, unsure))
several_series = st.lists(rows_of_three, max_size=12, unique_by=lambda one: one[0])


def as_series(rows: list[tuple[str | None, tuple[D | None, ...]]]) -> list[Series]:
    return [Series(name, values) for name, values in rows]


class TestPivot:
    def test_one_series_a_segment_largest_first_and_nothing_spent_is_zero(self) -> None:
        assert pivot(BILL, AUTUMN) == [
            Series("Search", (D(80), D(90), D(100))),
            Series("Fraud", (D(100), D(0), D(50))),
            Series(None, (D(0), D(30), D(0))),
        ]

    def test_figures_outside_the_periods_are_left_out(self) -> None:
        assert pivot([*BILL, ("Fraud", NOV, D(999)), ("Fraud", None, D(999))], AUTUMN) == pivot(BILL, AUTUMN)
        assert [(one.name, one.values) for one in pivot(BILL, (SEP,))] == [("Search", (D(90),)), (None, (D(30),))]

    def test_an_unknown_amount_stays_unknown_and_is_not_the_same_as_nothing(self) -> None:
        (search,) = pivot([("Search", AUG, None), ("Search", OCT, D(7))], AUTUMN)
        assert search.values == (None, D(0), D(7))
        assert search.total == D(7)

    def test_a_period_without_a_bill_is_unknown_to_every_segment_and_in_no_total(self) -> None:
        """September is missing: what a late charge says of it is not what it cost."""
        found = {one.name: one for one in pivot(BILL, AUTUMN, {SEP})}
        assert {name: one.values[1] for name, one in found.items()} == dict.fromkeys(("Search", "Fraud"))
        assert (found["Search"].total, found["Fraud"].total) == (D(180), D(150))

    def test_figures_of_one_cell_add_up_and_unknown_ones_do_not_hide_known_ones(self) -> None:
        (search,) = pivot([("Search", AUG, D("0.1")), ("Search", AUG, None), ("Search", AUG, D("0.2"))], (AUG,))
        assert search.values == (D("0.3"),)

    def test_equal_totals_go_by_name_with_unallocated_last(self) -> None:
        found = pivot([(None, AUG, D(5)), ("b", AUG, D(5)), ("a", AUG, D(5)), ("c", AUG, D(6))], (AUG,))
        assert [one.name for one in found] == ["c", "a", "b", None]

    def test_what_is_all_unknown_stands_between_spend_and_credits(self) -> None:
        bill = [("credit", OCT, D("-0.5")), ("lost", OCT, None), ("small", OCT, D("0.5"))]
        assert [one.name for one in pivot(bill, [OCT])] == ["small", "lost", "credit"]

    def test_a_credit_comes_last_and_stays_negative(self) -> None:
        found = pivot([("Credits", AUG, D(-40)), ("Fraud", AUG, D(1)), ("Idle", AUG, D(0))], (AUG,))
        assert [(one.name, one.total) for one in found] == [("Fraud", D(1)), ("Idle", D(0)), ("Credits", D(-40))]

    def test_nothing_in_nothing_out(self) -> None:
        assert pivot([], AUTUMN) == []
        assert pivot(BILL, ()) == []

    @given(bills)
    def test_conserves_the_money_of_every_period(self, bill: list[Figure]) -> None:
        series = pivot(bill, AUTUMN)
        for position, period in enumerate(AUTUMN):
            expected = money.total(amount for _, day, amount in bill if day == period)
            assert (money.total(one.values[position] for one in series) or 0) == (expected or 0)
        everything = money.total(amount for _, day, amount in bill if day in AUTUMN)
        assert (money.total(one.total for one in series) or 0) == (everything or 0)

    @given(bills, st.randoms())
    def test_the_order_of_the_figures_does_not_matter(self, bill: list[Figure], random: object) -> None:
        shuffled = list(bill)
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        assert pivot(shuffled, AUTUMN) == pivot(bill, AUTUMN)

    @given(bills)
    def test_a_cell_is_unknown_only_where_every_figure_of_it_is(self, bill: list[Figure]) -> None:
        for one in pivot(bill, AUTUMN):
            for period, value in zip(AUTUMN, one.values, strict=True):
                cell = [amount for name, day, amount in bill if (name, day) == (one.name, period)]
                assert (value is None) == (bool(cell) and all(amount is None for amount in cell))


class TestLeading:
    FIVE = as_series([("a", (D(50),)), ("b", (D(40),)), ("c", (D(30),)), (None, (D(20),)), ("d", (D(10),))])

    def test_few_enough_are_all_shown(self) -> None:
        assert leading(self.FIVE, 5) == (self.FIVE, None)

    def test_the_rest_is_added_up_and_unallocated_is_never_in_it(self) -> None:
        shown, rest = leading(self.FIVE, 3)
        assert [one.name for one in shown] == ["a", "b", None]
        assert rest == Series(None, (D(40),))  # c 30 and d 10

    def test_unallocated_is_shown_however_small_it_is(self) -> None:
        shown, rest = leading([*self.FIVE[:3], self.FIVE[4], Series(None, (D("0.01"),))], 2)
        assert [one.name for one in shown] == ["a", None]
        assert rest == Series(None, (D(80),))

    def test_without_unallocated_as_many_names_as_asked_for_are_shown(self) -> None:
        named = [one for one in self.FIVE if one.name]
        shown, rest = leading(named, 3)
        assert [one.name for one in shown] == ["a", "b", "c"]
        assert rest == Series(None, (D(10),))

    @given(several_series, st.integers(1, 8))
    def test_shown_and_rest_are_the_whole(self, rows: list[tuple[str | None, tuple[D, ...]]], most: int) -> None:
        series = as_series(rows)
        shown, rest = leading(series, most)
        assert len(shown) <= most
        assert added([*shown, rest] if rest else shown).values == added(series).values
        assert (rest is None) == (len(series) <= most)
        assert {one.name for one in shown} <= {one.name for one in series}
        if any(one.name is None for one in series):
            assert [one.name for one in shown].count(None) == 1


class TestAdded:
    def test_period_by_period(self) -> None:
        assert added(as_series([("a", (D("0.1"), D(2))), ("b", (D("0.2"), D(-2)))])) == Series(None, (D("0.3"), D(0)))

    def test_unknown_only_where_all_of_it_is(self) -> None:
        assert added(as_series([("a", (None, None)), ("b", (D(1), None))])).values == (D(1), None)

    def test_series_of_different_lengths_are_refused(self) -> None:
        with pytest.raises(ValueError, match="shorter"):
            added(as_series([("a", (D(1), D(2))), ("b", (D(1),))]))

    def test_every_digit_is_kept(self) -> None:
        large, small = D("99999999999999999999"), D("0.000000000000000001")
        assert added(as_series([("a", (large,)), ("b", (small,))])).values == (
            D("99999999999999999999.000000000000000001"),
        )


class TestChanges:
    BEFORE: tuple[Figure, ...] = (("Fraud", None, D(100)), ("Search", None, D(50)), ("Ended", None, D(30)))
    AFTER: tuple[Figure, ...] = (("Fraud", None, D(90)), ("Search", None, D(75)), ("New", None, D(5)))

    def test_largest_change_first_with_what_began_and_what_ended(self) -> None:
        found = changes(self.BEFORE, self.AFTER)
        assert [(one.name, one.amount) for one in found] == [
            ("Ended", D(-30)),
            ("Search", D(25)),
            ("Fraud", D(-10)),
            ("New", D(5)),
        ]
        assert [one.ratio for one in found] == [D(-1), D("0.5"), D("-0.1"), None]

    def test_unknown_in_either_window_makes_the_change_unknown_not_zero(self) -> None:
        found = changes([("a", None, None), ("b", None, D(4))], [("a", None, D(3)), ("b", None, None)])
        assert {one.name: (one.before, one.after, one.amount, one.ratio) for one in found} == {
            "a": (None, D(3), None, None),
            "b": (D(4), None, None, None),
        }

    def test_unknown_changes_come_after_known_ones(self) -> None:
        found = changes([("a", None, None)], [("a", None, D(10**6)), ("b", None, D(1))])
        assert [one.name for one in found] == ["b", "a"]

    def test_equal_changes_go_by_name(self) -> None:
        found = changes([("b", None, D(5)), ("a", None, D(1))], [("b", None, D(3)), ("a", None, D(3))])
        assert [one.name for one in found] == ["a", "b"]

    def test_unallocated_is_first_among_equals(self) -> None:
        found = changes([], [("a", None, D(1)), (None, None, D(-1)), ("b", None, D(1))])
        assert [one.name for one in found] == [None, "a", "b"]

    def test_several_figures_of_a_name_are_one_segment(self) -> None:
        (only,) = changes([("a", AUG, D(1)), ("a", SEP, D(2))], [("a", OCT, D(4))])
        assert (only.before, only.after) == (D(3), D(4))

    def test_a_change_from_a_credit_has_no_ratio(self) -> None:
        assert Change("Credits", D(-10), D(-5)).amount == D(5)
        assert Change("Credits", D(-10), D(-5)).ratio is None
        assert Change("Idle", D(0), D(0)).ratio is None

    @given(sure_bills, sure_bills)
    def test_sum_to_the_change_of_the_total(self, before: list[Figure], after: list[Figure]) -> None:
        whole = (money.total(row[2] for row in after) or D(0)) - (money.total(row[2] for row in before) or D(0))
        found = changes(before, after)
        assert (money.total(one.amount for one in found) or D(0)) == whole
        assert {one.name for one in found} == {row[0] for row in (*before, *after)}

    @given(sure_bills, sure_bills)
    def test_the_other_way_round_is_the_same_with_the_other_sign(
        self, before: list[Figure], after: list[Figure]
    ) -> None:
        there = {one.name: one.amount for one in changes(before, after)}
        back = {one.name: one.amount for one in changes(after, before)}
        assert all(amount is not None and back[name] == -amount for name, amount in there.items())


class TestNamedShare:
    def test_by_hand(self) -> None:
        assert named_share([("Fraud", None, D(30)), ("Search", None, D(45)), (None, None, D(25))]) == D("0.75")

    @pytest.mark.parametrize(
        ("figures", "share"),
        [
            pytest.param([("Fraud", None, D(8))], D(1), id="all of it"),
            pytest.param([(None, None, D(8))], D(0), id="none of it"),
            pytest.param([], None, id="nothing"),
            pytest.param([("Fraud", None, D(0)), (None, None, D(0))], None, id="nothing spent"),
            pytest.param([("Fraud", None, None)], None, id="unknown"),
            pytest.param([("Fraud", None, D(-8)), (None, None, D(-2))], None, id="credits only"),
            pytest.param([("Fraud", None, D(3)), (None, None, D(1)), (None, None, None)], D("0.75"), id="part unknown"),
            pytest.param([("Fraud", None, D(30)), (None, None, D(-10))], D(1), id="an unallocated refund"),
            pytest.param([("Fraud", None, D(-10)), (None, None, D(30))], D(0), id="a refund to a team"),
        ],
    )
    def test_edges(self, figures: list[Figure], share: D | None) -> None:
        assert named_share(figures) == share

    @given(bills)
    def test_is_a_share(self, bill: list[Figure]) -> None:
        share = named_share(bill)
        assert share is None or 0 <= share <= 1

    def test_by_period_in_order(self) -> None:
        figures = [("Fraud", OCT, D(1)), (None, AUG, D(3)), ("Fraud", AUG, D(1)), (None, SEP, D(0))]
        assert named_share_by_period(figures) == [D("0.25"), None, D(1)]

    def test_figures_without_a_period_belong_to_none(self) -> None:
        assert named_share_by_period([("Fraud", None, D(1))]) == []


class TestRunRate:
    @pytest.mark.parametrize(
        ("spend", "days", "year"),
        [
            (D(2800), 28, D("36500.00")),
            (D(100), 30, D("1216.67")),  # 1216.666...
            (D("0.28"), 28, D("3.65")),
            (D(-28), 28, D("-365.00")),
            (D(0), 28, D("0.00")),
            (D("12345678901234567890.12"), 365, D("12345678901234567890.12")),
        ],
    )
    def test_by_hand(self, spend: D, days: int, year: D) -> None:
        assert run_rate(spend, days) == year

    def test_unknown_stays_unknown(self) -> None:
        assert run_rate(None, 28) is None

    @given(st.decimals(min_value=0, max_value=10**9, places=2), st.integers(1, 400))
    def test_twice_the_spend_or_half_the_days_is_twice_the_rate(self, spend: D, days: int) -> None:
        once, twice, shorter = run_rate(spend, 2 * days), run_rate(2 * spend, 2 * days), run_rate(spend, days)
        assert once is not None and twice is not None and shorter is not None
        assert abs(twice - 2 * once) <= D("0.01")
        assert shorter == twice


class TestSeries:
    def test_total_is_of_what_is_known(self) -> None:
        assert Series("a", (D(1), None, D(2))).total == D(3)

    def test_total_of_nothing_known_is_unknown(self) -> None:
        assert Series("a", (None, None)).total is None
