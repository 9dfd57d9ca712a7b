"""A new initiative from its components: hand-worked months, ranges, and what moves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from costlib.analysis.components import Component, Initiative, Input, tornado
from costlib.analysis.ranges import LEVEL, Line, ThreePoint, certain, line_of
from costlib.errors import InputError
from tests.analysis.outlooks import JANUARY, months

YEAR = months(JANUARY, 12)


def given(low: float, likely: float | None = None, high: float | None = None, unit: str = "") -> Input:
    estimate = certain(low) if likely is None or high is None else ThreePoint(low, likely, high)
    return Input(unit, estimate, f"assumed {estimate.likely}", "Ada")


def chat(volume: Input | None = None, **changes: object) -> Initiative:
    """100,000 chats a month x 2,000 tokens x 3 USD a million."""
    chats = volume or given(100_000, unit="chats")
    tokens, price = given(2_000, unit="tokens a chat"), given(3e-6, unit="USD a token")
    return Initiative("chat", (Component("answers", chats, tokens, price, **changes),))  # type: ignore[arg-type]


def whole(initiative: Initiative, count: int = 2000, level: float = LEVEL) -> Line:
    """The year's spend of all components."""
    return line_of(initiative.paths(YEAR, JANUARY, count=count).sum(axis=(0, 1))[None], level)


def test_volume_times_consumption_times_price() -> None:
    np.testing.assert_allclose(chat().paths(YEAR, JANUARY, count=3), np.full((1, 12, 3), 600.0))
    found = whole(chat())
    assert found.p50 == found.lower == found.upper == (Decimal("7200.00"),)
    assert tornado(chat(), YEAR, JANUARY) == ()


def test_it_begins_with_its_month_and_ramps_up() -> None:
    paths = chat(ramp_months=2).paths(YEAR[:5], date(2026, 2, 1), count=1)
    np.testing.assert_allclose(paths[0, :, 0], [0.0, 200.0, 400.0, 600.0, 600.0])


def test_volume_grows_from_its_start() -> None:
    paths = chat(growth=given(0.1)).paths(YEAR[:4], date(2026, 2, 1), count=1)
    np.testing.assert_allclose(paths[0, :, 0], [0.0, 600.0, 660.0, 726.0])


def test_over_the_end_of_a_year_it_goes_on() -> None:
    """A ramp of two steps from November, and growth of a tenth a month: December is the second month, not the minus
    tenth, and January the third."""
    winter = months(date(2025, 10, 1), 5)
    ramped, grown = chat(ramp_months=2), chat(growth=given(0.1))
    np.testing.assert_allclose(ramped.paths(winter, date(2025, 11, 1), count=1)[0, :, 0], [0, 200, 400, 600, 600])
    np.testing.assert_allclose(grown.paths(winter, date(2025, 11, 1), count=1)[0, :, 0], [0, 600, 660, 726, 798.6])


def test_nothing_is_an_estimate_and_a_volume_may_fall_to_nothing() -> None:
    assert whole(chat(given(0))).p50 == (Decimal("0.00"),)
    ended = chat(growth=given(-1)).paths(YEAR[:3], JANUARY, count=1)
    np.testing.assert_allclose(ended[0, :, 0], [600.0, 0.0, 0.0])


def test_components_add_up_on_every_path() -> None:
    both = Initiative(
        "chat",
        (
            Component("answers", given(50, 100, 300), given(2.0), given(1, 2, 3)),
            Component("index", given(10.0), given(1, 2, 9), given(1.0)),
        ),
    )
    paths = both.paths(YEAR, JANUARY, seed=5, count=50)
    assert paths.shape == (2, 12, 50)
    for at, one in enumerate(both.components):
        alone = Initiative("chat", (one,)).paths(YEAR, JANUARY, seed=5, count=50)
        np.testing.assert_array_equal(paths[at], alone[0])


def test_the_range_is_that_of_the_draws() -> None:
    mean = (50_000 + 400_000 + 300_000) / 6 * 2_000 * 3e-6
    paths = chat(given(50_000, 100_000, 300_000)).paths(YEAR, JANUARY, count=20_000)
    assert paths[0, 0].mean() == pytest.approx(mean, rel=0.01)
    np.testing.assert_array_equal(paths[0, 0], paths[0, 11])


def test_a_wider_level_is_a_wider_range() -> None:
    uncertain = chat(given(50_000, 100_000, 300_000))
    narrow, wide = (whole(uncertain, level=level) for level in (50, 90))
    assert wide.lower[0] < narrow.lower[0] < narrow.upper[0] < wide.upper[0]  # type: ignore[operator]


def test_the_tornado_turns_one_input_at_a_time_and_sorts_by_swing() -> None:
    initiative = Initiative("x", (Component("c", given(90, 100, 120), given(1, 2, 2), given(5.0)),))
    rows = tornado(initiative, YEAR[:1], JANUARY)
    assert [(row.input, row.low, row.likely, row.high) for row in rows] == [
        ("consumption", Decimal("500.00"), Decimal("1000.00"), Decimal("1000.00")),
        ("volume", Decimal("900.00"), Decimal("1000.00"), Decimal("1200.00")),
    ]


def test_a_seed_repeats_and_another_component_changes_no_draw() -> None:
    one = Component("a", given(1, 2, 3), given(1.0), given(1.0))
    two = Component("b", given(1, 2, 3), given(1.0), given(1.0))
    alone = Initiative("x", (one,)).paths(YEAR, JANUARY, seed=7, count=9)
    beside = Initiative("x", (two, one)).paths(YEAR, JANUARY, seed=7, count=9)
    np.testing.assert_array_equal(alone[0], beside[1])
    assert not np.array_equal(beside[0], beside[1])
    assert not np.array_equal(alone, Initiative("x", (one,)).paths(YEAR, JANUARY, seed=8, count=9))


def calls(name: str, *estimate: float, unit: str = "calls") -> Component:
    return Component(name, given(*estimate, unit=unit), given(1.0), given(1.0))


def test_a_volume_stated_alike_in_one_unit_is_drawn_once() -> None:
    both = Initiative("x", (calls("a", 50, 100, 300), calls("b", 50, 100, 300)))
    paths = both.paths(YEAR[:1], JANUARY, count=500)
    np.testing.assert_array_equal(paths[0], paths[1])
    together, alone = whole(both), whole(replace(both, components=both.components[:1]))
    assert together.upper[0] == pytest.approx(2 * alone.upper[0], abs=Decimal("0.02"))  # type: ignore[operator]


@pytest.mark.parametrize(
    "other", [calls("b", 50, 100, 300, unit=""), calls("b", 50, 100, 301), calls("b", 50, 100, 300, unit="hours")]
)
def test_other_units_and_other_estimates_are_figures_of_their_own(other: Component) -> None:
    first = calls("a", 50, 100, 300, unit=other.volume.unit and "calls")
    paths = Initiative("x", (first, other)).paths(YEAR[:1], JANUARY, count=500)
    assert abs(np.corrcoef(paths[0, 0], paths[1, 0])[0, 1]) < 0.2


def test_a_shared_volume_is_turned_once_and_names_all() -> None:
    (row,) = tornado(Initiative("x", (calls("a", 50, 100, 300), calls("b", 50, 100, 300))), YEAR[:1], JANUARY)
    assert (row.component, row.low, row.likely, row.high) == ("a, b", Decimal(100), Decimal(200), Decimal(600))


def test_scaling_a_price_scales_the_answer() -> None:
    cheap = Initiative("x", (Component("a", given(1, 2, 3), given(1.0), given(10.0)),))
    dear = Initiative("x", (Component("a", given(1, 2, 3), given(1.0), given(30.0)),))
    np.testing.assert_allclose(dear.paths(YEAR, JANUARY), 3 * cheap.paths(YEAR, JANUARY))


def test_every_assumption_is_listed_with_its_owner() -> None:
    rows = chat(growth=given(0.1)).assumptions
    assert [row.input for row in rows] == ["volume", "consumption", "price", "growth"]
    assert rows[0].unit == "chats" and rows[0].owner == "Ada" and rows[0].assumption == "assumed 100000"


@pytest.mark.parametrize(
    "components",
    [
        (),
        (Component("a", given(1.0), given(1.0), given(1.0)),) * 2,
        (Component("a", given(-1.0), given(1.0), given(1.0)),),
        (Component("a", given(1.0), given(1.0), given(1.0), growth=given(-1.5)),),
    ],
)
def test_what_cannot_be_is_refused(components: tuple[Component, ...]) -> None:
    with pytest.raises(InputError):
        Initiative("x", components)
