"""What may have been renamed, by hand: months of 100 dollars a day, to the cent of a tenth more or less."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.renames import APART, Rename, renames
from costlib.analysis.trend import Series
from costlib.periods import Window, add_months

MONTHS = tuple(date(2026, month, 1) for month in (1, 2, 3, 4))
DATA = Window(date(2026, 1, 1), date(2026, 5, 1))
DAYS = (31, 28, 31, 30)


def daily(name: str | None, *costs: str | None) -> Series:
    """A segment by its cost a day in each month; None is unknown."""
    pairs = zip(costs, DAYS, strict=True)
    return Series(name, tuple(None if cost is None else D(cost) * days for cost, days in pairs))


FRAUD = daily("Fraud", "100", "100", "0", "0")


def found(*series: Series, data: Window = DATA) -> list[tuple[str, str]]:
    return [(one.old, one.new) for one in renames(series, MONTHS, data)]


def test_one_that_ended_and_one_that_began_in_the_month_after() -> None:
    """February has 28 days and March 31: by the month they are a tenth apart, by the day they are the same."""
    risk = daily("Risk", "0", "0", "100", "100")
    assert renames([FRAUD, risk], MONTHS, DATA) == [Rename("Fraud", "Risk", MONTHS[2], D(100), D(100))]


@pytest.mark.parametrize(("cost", "is_one"), [("110", True), ("90", True), ("110.01", False), ("89.99", False)])
def test_within_a_tenth(cost: str, is_one: bool) -> None:
    assert bool(found(FRAUD, daily("Risk", "0", "0", cost, "0"))) is is_one


@pytest.mark.parametrize(
    "other",
    [
        daily("Risk", "0", "0", "0", "100"),  # a month later
        daily("Risk", "0", "100", "100", "100"),  # before the other ended
        daily("Risk", "50", "0", "100", "100"),  # was there before
        daily("Risk", None, "0", "100", "100"),  # may have been
        daily(None, "0", "0", "100", "100"),  # has no name
        daily("Risk", "0", "0", None, "100"),  # began at an unknown cost
        daily("Risk", "0", "0", "-100", "0"),
        daily("Risk", "0", "0", "0", "0"),
    ],
)
def test_what_is_no_rename(other: Series) -> None:
    assert found(FRAUD, other) == []


def test_what_may_go_on_has_not_ended() -> None:
    risk = daily("Risk", "0", "0", "100", "100")
    for ends in ((None, "0"), ("0", None), ("0", "1")):
        assert found(daily("Fraud", "100", "100", *ends), risk) == []
    assert found(daily("Fraud", "0", "-100", "0", "0"), risk) == [], "a credit that ended"


def test_a_running_month_counts_by_its_days() -> None:
    """April is billed to the 3rd: 300 dollars are 100 a day."""
    risk = Series("Risk", (D(0), D(0), D(0), D(300)))
    ended = daily("Fraud", "100", "100", "100", "0")
    assert found(ended, risk, data=Window(DATA.start, date(2026, 4, 4))) == [("Fraud", "Risk")]
    assert found(ended, risk) == []


def test_each_is_in_one_pair_with_its_nearest_and_the_most_costly_first() -> None:
    series = [
        FRAUD,
        daily("Web", "104", "104", "0", "0"),
        daily("Risk", "0", "0", "101", "0"),
        daily("Shop", "0", "0", "105", "0"),
        daily("Late", "0", "0", "100.5", "0"),
    ]
    assert found(*series) == [("Web", "Shop"), ("Fraud", "Late")]


@given(st.lists(st.tuples(*(st.sampled_from([D(0), D(100), D(105), None]) for _ in MONTHS)), max_size=6))
def test_pairs_are_of_neighbours_and_no_name_is_in_two(rows: list[tuple[D | None, ...]]) -> None:
    series = [Series(f"t{at}", row) for at, row in enumerate(rows)]
    pairs = renames(series, MONTHS, DATA)
    names = [name for one in pairs for name in (one.old, one.new)]
    assert len(names) == len({*names})
    by_name = {one.name: one.values for one in series}
    for one in pairs:
        at = MONTHS.index(one.first_month)
        assert add_months(one.first_month, -1) == MONTHS[at - 1]
        assert not any(by_name[one.old][at:]) and not any(by_name[one.new][:at])
        assert abs(one.after - one.before) <= APART * one.before
