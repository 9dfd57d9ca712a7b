"""Two names for one count: told where two sources count one model nearly alike, and only there."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.metrics.read import SCHEMA
from costlib.metrics.same_work import NEAR, SameWork, same_work
from costlib.metrics.shelf import SOURCE

FIRST = date(2026, 9, 1)


def counts(source: str, metric: str, *values: int | None, **other: str | int | None) -> pa.Table:
    """A source's values day by day; ``team``, ``model``, ``unit`` and the day it starts ``later`` can be said."""
    start = FIRST + timedelta(days=int(other.pop("later", 0) or 0))
    facts = {"metric": metric, "team": None, "model": "gpt", "unit": None, **other}
    rows = [{"day": start + timedelta(days=number), "value": value, **facts} for number, value in enumerate(values)]
    return pa.Table.from_pylist(rows, SCHEMA).append_column(SOURCE, pa.array([source] * len(rows), pa.string()))


def found(*tables: pa.Table) -> list[SameWork]:
    return same_work(pa.concat_tables(tables))


def test_two_names_of_two_sources_for_nearly_the_same() -> None:
    """100 and 200 against 99 and 204: 5 of 303 apart."""
    own, vendor = counts("own", "predictions", 100, 200), counts("vendor", "requests", 99, 204)
    expected = SameWork("gpt", ("predictions", "requests"), ("own", "vendor"), D(5) / D(303))
    for order in ((own, vendor), (vendor, own)):
        (one,) = found(*order)
        assert (one.model, one.metrics, one.sources) == (expected.model, expected.metrics, expected.sources)
        assert abs(one.apart - expected.apart) < D("1e-20")


@pytest.mark.parametrize(("value", "told"), [(90, True), (89, False), (111, True), (112, False)])
def test_near_is_a_tenth_of_the_larger(value: int, told: bool) -> None:
    """100 and 90 are 10 of 100 apart, 100 and 112 are 12 of 112."""
    assert bool(found(counts("own", "predictions", 100), counts("vendor", "requests", value))) == told


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(counts("vendor", "requests", 200, 100), id="the same sum on other days"),
        pytest.param(counts("vendor", "requests", 100, 200, later=2), id="no day in common"),
        pytest.param(counts("own", "requests", 100, 200), id="one source, which knows what it counts"),
        pytest.param(counts("vendor", "predictions", 100, 200), id="one name: counted twice tells that"),
        pytest.param(counts("vendor", "requests", 100, 200, model="claude"), id="another model"),
        pytest.param(counts("vendor", "requests", 100, 200, model=None), id="no model"),
        pytest.param(counts("vendor", "requests", 100, 200, team="Ads"), id="another team"),
        pytest.param(counts("vendor", "documents", 100, 200), id="another unit"),
        pytest.param(counts("vendor", "orders", 100, 200), id="a business outcome"),
        pytest.param(counts("vendor", "requests", None, None), id="unknown"),
        pytest.param(counts("vendor", "requests", 0, 0), id="nothing"),
    ],
)
def test_what_is_no_second_name_is_not_told(other: pa.Table) -> None:
    assert found(counts("own", "predictions", 100, 200, team="Search"), other) == []


def test_two_that_counted_nothing_are_not_compared() -> None:
    assert found(counts("own", "predictions", 0), counts("vendor", "requests", 0)) == []


def test_teams_of_one_side_are_added_and_units_are_made_one() -> None:
    """Two teams of 3,000 and 2,000 against 5 thousand of the vendor, which names none."""
    own = [counts("own", "predictions", value, team=team) for team, value in (("A", 3000), ("B", 2000))]
    (one,) = found(*own, counts("vendor", "requests", 5, unit="1K"))
    assert one.apart == 0


def test_only_the_days_that_both_have_count() -> None:
    (one,) = found(counts("own", "predictions", 1, 1, 100), counts("vendor", "requests", 100, 900, later=2))
    assert one.apart == 0


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8))
def test_it_is_told_of_either_side_and_never_beyond_the_limit(values: list[tuple[int, int]]) -> None:
    sides = list(zip(*values, strict=True))
    one, other = (found(counts("a", "requests", *a), counts("b", "predictions", *b)) for a, b in (sides, sides[::-1]))
    assert [each.apart for each in one] == [each.apart for each in other]
    assert all(0 <= each.apart <= NEAR for each in one)
    assert bool(one) == (10 * sum(abs(a - b) for a, b in values) <= max(map(sum, sides)) > 0)
