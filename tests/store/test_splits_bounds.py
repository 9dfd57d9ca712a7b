"""Shares in a stable order with the bounds of their parts, and what a cut makes of an amount: worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from fractions import Fraction
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.focus import ATTRIBUTES
from costlib.periods import Grain
from costlib.store.engine import connect
from costlib.store.splits import (
    POOL_SHARES,
    Share,
    Split,
    bounded,
    create_shares,
    cut,
    parts_select,
    period_of,
    split_select,
    write_shares,
)

FIVE, SIX = date(2026, 9, 5), date(2026, 9, 6)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        yield connection


def share(team: str | None, weight: int | Fraction, kind: str = "shared", **more: Any) -> Share:
    given: dict[str, Any] = {"pool": "gpu", "period": FIVE, "currency": "USD", **more}
    return Share(kind=kind, values={"x_Team": team} if team else {}, weight=Fraction(weight), **given)


def bounds(*shares: Share) -> list[tuple[Any, float, float]]:
    return [(row["x_Team"], row["x_Before"], row["x_After"]) for row in bounded(shares)]


class TestBounds:
    def test_each_begins_where_the_one_before_it_ends(self) -> None:
        assert bounds(share("A", 1), share("B", 2), share("C", 1)) == [
            ("A", 0.0, 0.25), ("B", 0.25, 0.75), ("C", 0.75, 1.0),
        ]  # fmt: skip

    def test_weights_are_relative(self) -> None:
        assert bounds(share("A", 50), share("B", 150)) == bounds(share("A", 1), share("B", 3))

    def test_the_last_ends_at_one_to_the_last_digit(self) -> None:
        thirds = bounds(*(share(name, Fraction(1, 3)) for name in "ABC"))
        assert [after for _, _, after in thirds] == [1 / 3, 2 / 3, 1.0]

    @pytest.mark.parametrize("weight", [0, -1, Fraction(-1, 10**9)])
    def test_who_takes_nothing_has_no_part(self, weight: Fraction) -> None:
        assert bounds(share("A", 1), share("B", weight)) == [("A", 0.0, 1.0)]
        assert bounds(share("B", weight)) == []

    def test_a_share_too_small_for_a_cent_still_has_its_place(self) -> None:
        (_, _, small), (_, begin, _) = bounds(share("A", Fraction(1, 10**12)), share("B", 1))
        assert 0 < small == begin < 1e-11

    def test_pools_periods_and_currencies_are_cut_apart(self) -> None:
        others = [{"pool": "cpu"}, {"period": SIX}, {"currency": "EUR"}]
        found = bounds(share("A", 1), *(share("A", 3, **other) for other in others), share("B", 1))
        assert sorted(found) == [("A", 0.0, 0.5)] + [("A", 0.0, 1.0)] * 3 + [("B", 0.5, 1.0)]

    def test_direct_receivers_come_before_idle_capacity_and_what_cannot_be_placed(self) -> None:
        """Which part is cut off first is the same every time, so that a cent never wanders from team to team."""
        given = [share(None, 1, "unallocated"), share("B", 1), share(None, 1, "idle"), share("A", 1)]
        kinds = [(row["x_CostKind"], row["x_Team"]) for row in bounded(given)]
        assert kinds == [("shared", "A"), ("shared", "B"), ("idle", None), ("unallocated", None)]

    @given(st.permutations(range(6)))
    def test_the_order_in_which_they_are_given_does_not_matter(self, order: list[int]) -> None:
        given = [
            share("A", 1), share("B", 2), share(None, 3, "idle"), share("A", 4, period=SIX),
            Share("gpu", FIVE, "USD", "shared", {"x_Team": "A", "x_Model": "m"}, Fraction(5)),
            Share("gpu", FIVE, "USD", "shared", {"x_Model": "a", "x_Team": "A"}, Fraction(6)),
        ]  # fmt: skip
        assert list(bounded(given[at] for at in order)) == list(bounded(given))

    def test_the_order_of_a_receivers_dimensions_does_not_matter_either(self) -> None:
        one, other = (
            [share("B", 1), Share("gpu", FIVE, "USD", "shared", values, Fraction(1))]
            for values in ({"x_Team": "A", "x_Model": "z"}, {"x_Model": "z", "x_Team": "A"})
        )
        assert list(bounded(one)) == list(bounded(other))

    def test_a_row_says_whose_it_is_and_on_which_hours_it_rests(self) -> None:
        (row,) = bounded([share("A", 1, reserved=D(8), used=D(4))])
        assert (row["x_Pool"], row["x_Period"], row["BillingCurrency"], row["x_CostKind"]) == (
            "gpu",
            FIVE,
            "USD",
            "shared",
        )
        assert {name: row[name] for name in ATTRIBUTES} == dict.fromkeys(ATTRIBUTES) | {"x_Team": "A"}
        assert (row["x_Reserved"], row["x_Used"]) == (8, 4)
        (bare,) = bounded([share("A", 1)])
        assert (bare["x_Reserved"], bare["x_Used"]) == (None, None)

    def test_they_are_written_as_they_are(self, engine) -> None:
        with connect() as own:
            create_shares(own)
            write_shares(own, [share("B", 3, reserved=D("1.5")), share("A", 1), share("C", 0)])
            found = own.execute(
                f"SELECT x_Team, x_Before, x_After, x_Reserved FROM {POOL_SHARES} ORDER BY 1"
            ).fetchall()
            write_shares(own, [])
            assert own.execute(f"SELECT COUNT(*) FROM {POOL_SHARES}").fetchone() == (2,)
        assert found == [("A", 0.0, 0.25, None), ("B", 0.25, 1.0, D("1.5"))]


class TestCut:
    @pytest.mark.parametrize(
        ("amount", "at", "part"),
        [
            ("10", "0.25", "2.5"), ("10", "0", "0"), ("10", "1", "10"), ("-10", "0.25", "-2.5"), ("10", "1.5", "10"),
            ("10", "-0.5", "0"), ("12345678901234567.891234567890123456", "1", "12345678901234567.891234567890123456"),
            ("0", "0.5", "0"),
        ],
    )  # fmt: skip
    def test_below_a_share_of_an_amount(self, engine, amount: str, at: str, part: str) -> None:
        sql = cut("a", f"CAST({at} AS DOUBLE)")
        (found,) = engine.execute(f"SELECT {sql} FROM (SELECT CAST('{amount}' AS DECIMAL(38,18)) AS a)").fetchone()
        assert found == D(part)

    def test_of_an_unknown_amount_it_is_unknown_unless_nothing_is_asked_of_it(self, engine) -> None:
        row = "(SELECT CAST(NULL AS DECIMAL(38,18)) AS a)"
        assert [engine.execute(f"SELECT {cut('a', at)} FROM {row}").fetchone()[0] for at in ("0.5", "1", "0")] == [
            None, None, 0,
        ]  # fmt: skip


def attributed(**columns: Any) -> dict[str, Any]:
    """A row of a pool at 10 USD and 7 line items, as SQL values."""
    return {
        "x_Pool": "'gpu'", "BillingCurrency": "'USD'", "ChargePeriodStart": "DATE '2026-09-05'",
        **dict.fromkeys(ATTRIBUTES, "NULL::VARCHAR"), "cost": "10::DECIMAL(38,18)", "x_LineItems": "7::BIGINT",
        **columns,
    }  # fmt: skip


class TestParts:
    NUMBERS = ("cost", "x_LineItems")

    def cut_rows(
        self, rows: list[dict[str, Any]], shares: list[Share], *splits: Split, whole: bool = False
    ) -> list[tuple]:
        with connect() as own:
            selects = (", ".join(f"{value} AS {name}" for name, value in row.items()) for row in rows)
            own.execute(f"CREATE TABLE given AS {' UNION ALL '.join(f'SELECT {one}' for one in selects)}")
            create_shares(own)
            write_shares(own, shares)
            made = (split_select if whole else parts_select)("given", splits, self.NUMBERS)
            wanted = "x_Pool, x_CostKind, x_Team, x_Model, cost, x_LineItems"
            return own.execute(f"SELECT {wanted} FROM ({made}) ORDER BY ALL").fetchall()

    GPU = Split("gpu", Grain.DAY, ("x_Team",))

    def test_costs_are_cut_to_the_share_and_line_items_to_whole_ones(self) -> None:
        """A third of 7 line items is 2, of two thirds 4: cumulative and rounded down, 2 + 2 + 3."""
        found = self.cut_rows([attributed()], [share(name, 1) for name in "ABC"], self.GPU)
        assert [(team, items) for _, _, team, _, _, items in found] == [("A", 2), ("B", 2), ("C", 3)]
        assert sum(row[4] for row in found) == 10
        assert [round(row[4], 9) for row in found] == [D("3.333333333"), D("3.333333333"), D("3.333333333")]

    def test_a_row_whose_day_has_no_share_stays_whole_and_unallocated(self) -> None:
        later = attributed(ChargePeriodStart="DATE '2026-09-06'")
        assert self.cut_rows([later], [share("A", 1)], self.GPU) == [("gpu", "unallocated", None, None, 10, 7)]

    @pytest.mark.parametrize("change", [{"BillingCurrency": "'EUR'"}, {"x_Pool": "'cpu'"}])
    def test_shares_of_another_currency_or_pool_are_none_of_its_own(self, change: dict[str, str]) -> None:
        ((_, kind, team, *_, cost, items),) = self.cut_rows([attributed(**change)], [share("A", 1)], self.GPU)
        assert (kind, team, cost, items) == ("unallocated", None, 10, 7)

    def test_only_what_its_receivers_decide_is_theirs_the_rest_is_the_rows_own(self) -> None:
        row = attributed(x_Team="'Old'", x_Model="'chat'")
        (found,) = self.cut_rows([row], [share("A", 1)], self.GPU)
        assert found[2:4] == ("A", "chat")
        (both,) = self.cut_rows([row], [share("A", 1)], Split("gpu", Grain.DAY, ("x_Team", "x_Model")))
        assert both[2:4] == ("A", None)

    def test_each_pool_decides_its_own(self) -> None:
        rows = [
            attributed(x_Team="'Old'", x_Model="'chat'"),
            attributed(x_Pool="'cpu'", x_Team="'Old'", x_Model="'chat'"),
        ]
        splits = (self.GPU, Split("cpu", Grain.DAY, ("x_Model",)))
        shares = [share("A", 1), Share("cpu", FIVE, "USD", "shared", {"x_Model": "m"}, Fraction(1))]
        assert [row[:4] for row in self.cut_rows(rows, shares, *splits)] == [
            ("cpu", "shared", "Old", "m"), ("gpu", "shared", "A", "chat"),
        ]  # fmt: skip

    def test_a_pool_by_the_month_takes_the_shares_of_the_month_and_one_by_the_day_those_of_the_day(self) -> None:
        monthly = Split("cpu", Grain.MONTH, ("x_Team",))
        rows = [attributed(), attributed(x_Pool="'cpu'")]
        shares = [
            share("A", 1),
            share("B", 1, pool="cpu", period=date(2026, 9, 1)),
            share("C", 1, period=date(2026, 9, 1)),
        ]
        assert [row[:3] for row in self.cut_rows(rows, shares, self.GPU, monthly)] == [
            ("cpu", "shared", "B"), ("gpu", "shared", "A"),
        ]  # fmt: skip

    def test_rows_that_no_pool_took_stay_with_their_kind(self) -> None:
        rows = [attributed(), attributed(x_Pool="NULL::VARCHAR", x_Team="'A'"), attributed(x_Pool="NULL::VARCHAR")]
        found = self.cut_rows(rows, [share("B", 1)], self.GPU, whole=True)
        assert [row[:3] for row in found] == [
            ("gpu", "shared", "B"), (None, "direct", "A"), (None, "unallocated", None),
        ]  # fmt: skip
        assert {row[4:] for row in found} == {(10, 7)}

    def test_without_pools_every_row_is_direct_or_unallocated(self) -> None:
        rows = [attributed(x_Pool="NULL::VARCHAR", x_Team="'A'"), attributed(x_Pool="NULL::VARCHAR")]
        assert [row[1] for row in self.cut_rows(rows, [], whole=True)] == ["direct", "unallocated"]

    @settings(max_examples=15)
    @given(st.lists(st.integers(1, 10**6), min_size=1, max_size=7), st.integers(-(10**20), 10**20), st.integers(0))
    def test_the_parts_make_the_row_whatever_the_shares(self, weights: list[int], units: int, seed: int) -> None:
        shares = [share(f"team {at}", Fraction(weight, 7)) for at, weight in enumerate(weights)]
        Random(seed).shuffle(shares)
        amount = D(units).scaleb(-18)
        found = self.cut_rows([attributed(cost=f"'{amount:f}'::DECIMAL(38,18)")], shares, self.GPU)
        assert (sum(row[4] for row in found), sum(row[5] for row in found)) == (amount, 7)
        assert len(found) == len(weights)


def test_the_first_day_of_a_period(engine) -> None:
    sql = ", ".join(period_of(grain, "DATE '2026-09-05'") for grain in (Grain.DAY, Grain.MONTH))
    assert engine.execute(f"SELECT {sql}").fetchone() == (FIVE, date(2026, 9, 1))
